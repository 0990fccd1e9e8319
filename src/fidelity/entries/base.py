"""What every entry has: when it took effect and when it was learned."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from attrs import frozen

__all__ = ["Entry"]


@frozen(kw_only=True)
class Entry:
    """
    One immutable line of a stream.

    Attributes:
        at: When it took effect, UTC: rules, windows and expiry read it.
        now: When it was learned, UTC: order and as-of reads use it. Never decreases within a stream.
    """

    kind: ClassVar[str] = "entry"

    at: datetime
    now: datetime
