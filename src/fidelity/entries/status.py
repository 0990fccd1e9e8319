"""Entries about the tier of a member that come of no purchase: what was credited to the score, and a status matched.

They give no points to spend. Reasons are codes, and there is no price: status is never sold (principle R1).
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from attrs import frozen

from fidelity.entries.base import Entry

__all__ = ["StatusMatched", "TierCredited"]


@frozen(kw_only=True)
class TierCredited(Entry):
    """
    So much counts for the tier as if it had been earned when the entry was learned.

    Attributes:
        points: How much of the score; in minor units where money is counted.
        count: Which of several things that are counted it counts as; empty if there is one.
        reason: Why, as a code.
        by: Who decided it, as an opaque id; empty when not told.
    """

    kind: ClassVar[str] = "tier credited"

    points: int
    reason: str
    count: str = ""
    by: str = ""
    key: str = ""


@frozen(kw_only=True)
class StatusMatched(Entry):
    """
    The member has at least this tier until then, whatever the score.

    Attributes:
        until: The first instant at which the score alone decides again.
    """

    kind: ClassVar[str] = "status matched"

    tier: str
    until: datetime
    reason: str
    by: str = ""
    key: str = ""
