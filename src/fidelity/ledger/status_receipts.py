"""Receipts about a member's tier that comes of no purchase."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from attrs import frozen

from fidelity.ledger.receipt import Receipt

__all__ = ["StatusReceipt", "TierCreditReceipt"]


@frozen(kw_only=True)
class TierCreditReceipt(Receipt):
    """
    So much was credited to the score of the member's tier.

    Attributes:
        count: Which of several things it counts as; empty if one is counted.
        tier: The tier that the member has now, and `rose`, whether that is a higher one than before.
        score: The score now, of what it was credited to.
    """

    kind: ClassVar[str] = "tier credit"

    points: int
    reason: str
    tier: str
    rose: bool
    score: int
    count: str = ""
    by: str = ""


@frozen(kw_only=True)
class StatusReceipt(Receipt):
    """The member has at least `tier` until `until`; `now_tier` is the one that they have now."""

    kind: ClassVar[str] = "status"

    tier: str
    until: datetime
    reason: str
    now_tier: str
    by: str = ""
