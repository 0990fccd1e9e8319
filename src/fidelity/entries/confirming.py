"""The entry of a member's points stream that makes points usable which had waited for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from attrs import frozen

from fidelity.entries.base import Entry

__all__ = ["ConfirmationRecorded"]


@frozen(kw_only=True)
class ConfirmationRecorded(Entry):
    """
    A purchase was confirmed: the points of it that waited for that can be used.

    Attributes:
        event_id: The id of the confirmation.
        origin: ``"purchase/id"`` of the purchase.
        event: The confirmation as plain data.
        lots: What had waited: ``(lot, wallet, points, usable from, first instant at which it is gone)``; instants are
            text, an empty one means never. Empty when nothing waited any more.
    """

    kind: ClassVar[str] = "confirmed"

    event_id: str
    origin: str
    event: Mapping[str, Any]
    lots: tuple[tuple[str, str, int, str, str], ...] = ()
