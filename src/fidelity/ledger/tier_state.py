"""The state of a member on the ladder of tiers, and what is said of it. How it changes is the ladder's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from typing import NamedTuple

from attrs import frozen

__all__ = ["FallAhead", "Progress", "Standing", "TierState"]


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
        floors: Below which tier the member does not fall until when, whatever the score: ``(tier, until)``; None is
            for ever. What an earlier version of the program had promised, and what was matched.
    """

    tier: int
    since: datetime
    clock: datetime
    score: int
    grace_ends: datetime | None = None
    changes: tuple[tuple[datetime, int], ...] = ()
    rests: tuple[tuple[datetime, datetime | None], ...] = ()
    floors: tuple[tuple[int, datetime | None], ...] = ()

    @property
    def resting(self) -> bool:
        """Whether a pause lasts."""
        return bool(self.rests) and self.rests[-1][1] is None

    def moved(self, tier: int, at: datetime, score: int, grace_ends: datetime | None = None) -> TierState:
        """The state after a rise or a fall to *tier* at *at*."""
        return TierState(tier, at, at, score, grace_ends, (*self.changes, (at, tier)), self.rests, self.floors)

    def stayed(self, at: datetime, score: int, grace_ends: datetime | None = None) -> TierState:
        """The state at *at* when the tier has not changed."""
        return TierState(self.tier, self.since, at, score, grace_ends, self.changes, self.rests, self.floors)

    def floor(self, at: datetime) -> int:
        """The lowest tier that the member may have at *at*, whatever the score."""
        found = 0
        for tier, until in self.floors:
            if tier > found and (until is None or at < until or self.resting):
                found = tier
        return found

    @property
    def falls(self) -> datetime | None:
        """When the fall comes that is due: after the grace, and not while a floor holds; None if none is."""
        ends = self.grace_ends
        if ends is None or self.resting:
            return None
        for tier, until in self.floors:
            if tier >= self.tier:
                if until is None:
                    return None
                ends = max(ends, until)
        return ends

    def tier_at(self, at: datetime) -> int:
        """The index of the tier at an instant that lies behind the clock."""
        for since, tier in reversed(self.changes):
            if since <= at:
                return tier
        return self.changes[0][1] if self.changes else self.tier


@frozen(kw_only=True)
class FallAhead:
    """
    A fall that comes soon if nothing more happens.

    Attributes:
        until: The first instant without the tier.
        falls_to: The tier then.
        to_stay: How much more is needed until then to keep the tier; in minor units where money is counted.
        count: Of which of several counts that is, the one that is nearest; empty if there is one.
    """

    until: datetime
    falls_to: str
    to_stay: int
    count: str = ""


@frozen(kw_only=True)
class Progress:
    """
    How far one of several counts is, of which one is enough for a tier.

    Attributes:
        name: What is counted, as the program calls it.
        score: How much there is now; in minor units if it is `money`.
        next_at: From when on the next tier begins that it can reach; None if it reaches no further one.
        to_next: How much is missing to it.
        to_keep: How much is missing now for the present tier; None if this count cannot keep it.
    """

    name: str
    score: int
    next_at: int | None
    to_next: int | None
    to_keep: int | None
    money: bool = False

    @property
    def missing(self) -> Fraction:
        """Which share of what the next tier takes is missing: what is nearest has the least."""
        if not self.next_at or self.to_next is None:
            return Fraction(0)
        return Fraction(self.to_next, self.next_at)


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
        parts: What each counter adds to it, weight included; tenure stands under ``"tenure"``, what came over from the
            period before under ``"carried"``, what was credited under ``"tiers.credited"``.
        progress: If one of several counts is enough: how far each of them is.
        nearest: The count of which the least is missing; `score`, `to_next` and `to_keep` are its. Empty if there is
            one count only.
        warning: The fall that comes, from as long before it as the program warns; None before that, and while a
            member is protected.
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
    progress: tuple[Progress, ...] = ()
    nearest: str = ""
    warning: FallAhead | None = None
