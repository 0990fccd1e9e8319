"""Kinds of ladders: one on which any of several counts is enough, and one that carries a surplus on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from attrs import evolve

from fidelity.ledger.standing import CREDITED
from fidelity.ledger.tier_outlook import Outlook
from fidelity.ledger.tier_returns import LATE
from fidelity.ledger.tier_state import Progress, Standing, TierState
from fidelity.values.zones import start_of_day

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from fidelity.ledger.rulebook import Count, TierTerms
    from fidelity.ledger.tally import Tally

__all__ = ["CARRIED", "Carrying", "Either", "credited", "ladder_of"]

#: Under which name a standing tells what came over from the period before.
CARRIED = "carried"
_TICK = timedelta(microseconds=1)


def credited(name: str = "") -> str:
    """The counter of what was credited; of several counts, to the one called *name*."""
    return f"{CREDITED}.{name}" if name else CREDITED


def ladder_of(terms: TierTerms, zone: ZoneInfo) -> Outlook:
    """The ladder of *terms*."""
    if terms.either:
        return Either(terms, zone)
    return Carrying(terms, zone) if terms.carried else Outlook(terms, zone)


class _Recounting(Outlook):
    """A ladder whose score is more than the sum of what happens, so that it is looked at anew each time."""

    __slots__ = ()

    def counted(
        self,
        state: TierState,
        tallies: Mapping[str, Tally],
        since: date,
        at: datetime,
        gain: int,  # noqa: ARG002 -- as its parent
    ) -> TierState:
        """The state after *tallies* changed at *at*, whatever the *gain* of one counter."""
        return super().counted(state, tallies, since, at, self.score(tallies, since, state.clock) - state.score)


class Either(_Recounting):
    """
    A ladder on which one of several counts is enough.

    Its score is a rank: twice the number of the highest tier that any of them reaches, and one less for the highest
    that any of them keeps.
    """

    __slots__ = ()

    def score(self, tallies: Mapping[str, Tally], since: date, at: datetime) -> int:  # noqa: ARG002 -- as its parent
        """The rank at *at*."""
        return max(self._rank(each, _value(each, tallies, at)) for each in self.terms.either)

    def _rank(self, count: Count, value: int) -> int:
        found = 0
        for tier in range(len(self.terms.names) - 1, 0, -1):
            at, keep = count.thresholds[tier], count.keep[tier]
            if at is not None and value >= at:
                return max(found, 2 * tier)
            if not found and keep is not None and value >= keep:
                found = 2 * tier - 1
        return found

    def parts(self, tallies: Mapping[str, Tally], since: date, at: datetime) -> dict[str, int]:  # noqa: ARG002 -- as its parent
        """What each of them comes to at *at*."""
        return {each.counter: _value(each, tallies, at) for each in self.terms.either}

    def scores(self, tallies: Mapping[str, Tally], since: date, at: datetime) -> Mapping[str, int]:  # noqa: ARG002 -- as its parent
        """What rules may read: each count by its name."""
        return {f"tiers.score.{each.name}": _value(each, tallies, at) for each in self.terms.either}

    def standing(self, state: TierState, tallies: Mapping[str, Tally], since: date, at: datetime) -> Standing:
        """How the member stands at *at*: `score`, `to_next` and `to_keep` are of the count that is nearest."""
        told = super().standing(state, tallies, since, at)
        tier = self.terms.names.index(told.tier)
        progress = tuple(self._progress(each, _value(each, tallies, at), tier) for each in self.terms.either)
        ahead = [each for each in progress if each.to_next is not None]
        nearest = min(ahead or progress, key=lambda each: each.missing)
        keeping = [each.to_keep for each in progress if each.to_keep is not None]
        return evolve(
            told, progress=progress, nearest=nearest.name, score=nearest.score, to_next=nearest.to_next,
            to_keep=min(keeping, default=0),
        )  # fmt: skip

    def _to_stay(
        self,
        state: TierState,
        tallies: Mapping[str, Tally],
        since: date,  # noqa: ARG002 -- as its parent
        at: datetime,
    ) -> tuple[str, int]:
        """What is missing to keep the tier of the count that is nearest."""
        keeps = [
            (each.name, keep, _value(each, tallies, at))
            for each in self.terms.either
            if (keep := each.keep[state.tier])
        ]
        name, keep, value = min(keeps, key=lambda each: Fraction(max(0, each[1] - each[2]), each[1]))
        return name, max(0, keep - value)

    def _progress(self, count: Count, value: int, tier: int) -> Progress:
        above, keep = next((each for each in count.thresholds[tier + 1 :]), None), count.keep[tier]
        return Progress(
            name=count.name, score=value, next_at=above, to_next=None if above is None else max(0, above - value),
            to_keep=0 if not tier else None if keep is None else max(0, keep - value), money=count.money,
        )  # fmt: skip


def _value(count: Count, tallies: Mapping[str, Tally], at: datetime) -> int:
    more = tallies.get(credited(count.name))
    return tallies[count.counter].value(at) + (0 if more is None else more.value(at))


class Carrying(_Recounting):
    """A ladder on which a period begins with what the one before had above the threshold of its tier."""

    __slots__ = ()

    def score(self, tallies: Mapping[str, Tally], since: date, at: datetime) -> int:
        """The score at *at*, with what came over."""
        return super().score(tallies, since, at) + self.carried(tallies, since, at)

    def parts(self, tallies: Mapping[str, Tally], since: date, at: datetime) -> dict[str, int]:
        """What each part adds at *at*, and what came over."""
        return {**super().parts(tallies, since, at), CARRIED: self.carried(tallies, since, at)}

    def carried(self, tallies: Mapping[str, Tally], since: date, at: datetime) -> int:
        """What the period that *at* lies in began with."""
        over, zone = self.terms.over, self.zone
        here = over.period(at, zone, since)[0]
        marks = [tallies[name].first for name in self._counters(tallies)]
        began = min((mark for mark in marks if mark is not None), default=here)
        if began >= here:
            return 0
        began, carried = over.period(max(began, start_of_day(since, zone)), zone, since)[0], 0
        while began < here:
            ends = over.period(began, zone, since)[1]
            score = super().score(tallies, since, ends - _TICK) + carried
            if LATE in tallies:
                score += tallies[LATE].between(began, ends)
            tier = self.earned(score)
            carried = min(self.terms.carried, score - self._thresholds[tier]) if tier else 0
            began = ends
        return carried
