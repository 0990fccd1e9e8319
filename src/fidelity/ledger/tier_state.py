"""The state of a member on the ladder of tiers, and what is said of it. How it changes is the ladder's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from attrs import frozen

__all__ = ["Standing", "TierState"]


class TierState(NamedTuple):
    """
    Where a member stands on the ladder. A named tuple, because each event makes two.

    Attributes:
        tier: The index of the tier, 0 for the first.
        since: From when.
        clock: Up to when everything was looked at: the latest effective date seen.
        score: The score then.
        grace_ends: When the member falls who is below the threshold; None for who is not.
        changes: Every rise and fall so far: ``(instant, tier)``, the first of them the beginning.
        rests: Every pause so far, in which nobody falls: ``(since, until)``; None while it lasts.
    """

    tier: int
    since: datetime
    clock: datetime
    score: int
    grace_ends: datetime | None = None
    changes: tuple[tuple[datetime, int], ...] = ()
    rests: tuple[tuple[datetime, datetime | None], ...] = ()

    @property
    def resting(self) -> bool:
        """Whether a pause lasts."""
        return bool(self.rests) and self.rests[-1][1] is None

    def moved(self, tier: int, at: datetime, score: int, grace_ends: datetime | None = None) -> TierState:
        """The state after a rise or a fall to *tier* at *at*."""
        return TierState(tier, at, at, score, grace_ends, (*self.changes, (at, tier)), self.rests)

    def stayed(self, at: datetime, score: int, grace_ends: datetime | None = None) -> TierState:
        """The state at *at* when the tier has not changed."""
        return TierState(self.tier, self.since, at, score, grace_ends, self.changes, self.rests)

    def tier_at(self, at: datetime) -> int:
        """The index of the tier at an instant that lies behind the clock."""
        for since, tier in reversed(self.changes):
            if since <= at:
                return tier
        return self.changes[0][1] if self.changes else self.tier


@frozen(kw_only=True)
class Standing:
    """
    How a member stands, and what it takes.

    `score`, `parts`, `to_next` and `to_keep` are in minor units when money is counted: 50000 are 500.00 EUR.

    Attributes:
        tier: The tier's name.
        since: From when the member has it.
        next_tier: The one above; empty at the top.
        to_next: How much of the score is missing for it; None at the top.
        to_keep: How much of the score is missing at this instant for the present tier.
        until: When the member falls if nothing more happens; None if never.
        projected: The tier after the next review if nothing more happens.
        score: The score now.
        parts: What each counter adds to it, weight included; tenure stands under ``"tenure"``.
    """

    tier: str
    since: datetime
    next_tier: str
    to_next: int | None
    to_keep: int
    until: datetime | None
    projected: str
    score: int
    parts: Mapping[str, int]
