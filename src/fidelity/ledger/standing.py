"""Standing: the tier of a member, as a state that steps from one turning point to the next.

Turning points are: what leaves the window, an anniversary (when tenure is scored), the end of a grace,
the end of a period. Between them nothing changes. Pure: state in, state out.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from math import inf
from typing import TYPE_CHECKING

from attrs import evolve

from fidelity.ledger.tally import Tally, turns
from fidelity.ledger.tier_state import Standing, TierState
from fidelity.values.zones import anniversary, local_date, start_of_day, whole_years

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from fidelity.ledger.rulebook import TierTerms

__all__ = ["CREDITED", "Ladder", "Standing", "TierState"]

#: The counter of what was credited to the score by an entry of its own.
CREDITED = "tiers.credited"
_TICK = timedelta(microseconds=1)
_NO_REST = timedelta(0)


class Ladder:
    """The tiers of one program: how a state steps forward. Counters are passed in; None of them is kept."""

    __slots__ = (
        "_by_period", "_credits", "_highs", "_keeps", "_lows", "_names", "_one", "_parts", "_quiet", "_softer",
        "_tenure", "_thresholds", "terms", "zone",
    )  # fmt: skip

    def __init__(self, terms: TierTerms, zone: ZoneInfo) -> None:
        self.terms = terms
        self.zone = zone
        self._thresholds = terms.thresholds
        self._keeps = terms.keep or terms.thresholds
        self._softer = self._keeps != terms.thresholds
        # Within these the tier stays; nobody falls from the first nor rises from the last.
        self._lows = (-inf, *self._keeps[1:])
        self._highs = (*terms.thresholds[1:], inf)
        self._tenure = terms.tenure
        self._by_period = terms.over.kind in {"calendar", "membership"}
        self._parts = terms.score
        self._names = tuple(name for name, _ in terms.score)
        self._credits = tuple(f"{CREDITED}.{each.name}" for each in terms.either) if terms.either else (CREDITED,)
        self._quiet = not self._by_period and not self._tenure
        self._one = terms.falls == "one level at a time"

    # What counts

    def score(self, tallies: Mapping[str, Tally], since: date, at: datetime) -> int:
        """The score at *at* of a member whose first business was on *since*."""
        found = 0
        for counter, weight in self._parts:
            found += weight * tallies[counter].value(at)
        if CREDITED in tallies:
            found += tallies[CREDITED].value(at)
        if self._tenure:
            found += self._tenure * max(0, whole_years(since, local_date(at, self.zone)))
        return found

    def _counters(self, tallies: Mapping[str, Tally]) -> tuple[str, ...]:
        """The counters that make the score, what was credited among them."""
        for name in self._credits:
            if name in tallies:
                return (*self._names, *(each for each in self._credits if each in tallies))
        return self._names

    def earned(self, score: int) -> int:
        """The highest tier whose threshold *score* reaches; the first one is everybody's."""
        found = 0
        for tier, threshold in enumerate(self._thresholds):
            if score >= threshold:
                found = tier
        return found

    def held(self, score: int, tier: int) -> int:
        """The highest tier that *score* reaches, or keeps for who has *tier*."""
        found = self.earned(score)
        while self._softer and tier > found:
            if score >= self._keeps[tier]:
                return tier
            tier -= 1
        return found

    def _entitled(self, tallies: Mapping[str, Tally], since: date, at: datetime, tier: int = 0) -> int:
        """With periods: the best of what is earned, or kept of *tier*, in this one and those whose status lasts."""
        best = self.held(self.score(tallies, since, at), tier)
        when = at
        for _ in range(self.terms.kept):
            when = self.terms.over.period(when, self.zone, since)[0] - _TICK
            best = max(best, self.held(self.score(tallies, since, when), tier))
        return best

    # Stepping

    def start(self, tallies: Mapping[str, Tally], since: date, at: datetime) -> TierState:
        """The state of a member who joins at *at*."""
        score = self.score(tallies, since, at)
        tier = self.earned(score)
        return TierState(tier, at, at, score, None, ((at, tier),))

    def step(self, state: TierState, tallies: Mapping[str, Tally], since: date, until: datetime) -> TierState:
        """The state at *until* if nothing happens but time; the same state if its clock is there already."""
        if until <= state.clock:
            return state
        if self._quiet and state.grace_ends is None and not self._rises_alone(state, tallies):
            # The usual case, in which the score can only sink: if it is enough at the end, it was all the way.
            score = self.score(tallies, since, until)
            if score >= self._lows[state.tier]:
                return state.stayed(until, score)
        while (turn := self._turn(state, tallies, since, until)) is not None:
            state = self._review(state, tallies, since, turn)
        return state.stayed(until, self.score(tallies, since, until), state.grace_ends)

    def counted(
        self, state: TierState, tallies: Mapping[str, Tally], since: date, at: datetime, gain: int
    ) -> TierState:
        """
        The state after *tallies* changed at *at*. What counts from a date behind the clock is looked at now.

        Args:
            state: Stepped to *at* before.
            tallies: The counters after the change.
            since: The day of the first business.
            at: When it happened.
            gain: By how much it changed the score at the state's clock.
        """
        now, score = state.clock, state.score + gain
        if self._by_period:
            # Behind the clock it may complete an earlier period whose status is still kept.
            earned = self._entitled(tallies, since, now) if at < now else self.earned(score)
            if earned > state.tier:
                return state.moved(earned, now, score)
            # Who earns it anew while a fall waits has it until the next review, as who fell before and rises.
            return state.stayed(now, score, None if earned == state.tier else state.grace_ends)
        if self._lows[state.tier] <= score < self._highs[state.tier]:
            return state.stayed(now, score)
        return self._weighed(state, since, score, now)

    def _weighed(
        self, state: TierState, since: date, score: int, at: datetime, sank: datetime | None = None
    ) -> TierState:
        """With a moving window: rise at once, fall after a grace (from when it *sank* in a pause), later by pauses."""
        tier, earned = state.tier, self.held(score, state.tier)
        if state.floors:
            earned = max(earned, state.floor(at) if state.floor(at) > tier else 0)
        if earned > tier:
            return state.moved(earned, at, score)
        if earned == tier or self.terms.falls == "never":
            return state.stayed(at, score)
        grace, ends = self.terms.grace, state.grace_ends
        if state.resting:
            return state.stayed(at, score, ends)
        rest = self._rest(state, since, sank or at if ends is None else at) if state.rests else _NO_REST
        waits = bool(grace is not None and grace.count) or bool(rest) or self.terms.lasts is not None
        if ends is None:
            ends = self._later(sank or at) + rest if waits else at
            if self.terms.lasts is not None:
                ends = max(ends, self._term(state, at))
            state = state.stayed(at, score, ends)
            if waits or (state.floors and state.floor(at) >= tier):
                return state
            return state.moved(max(earned, state.floor(at)), at, score)
        if at < ends or (state.floors and state.floor(at) >= tier):
            return state.stayed(at, score, ends)
        # After a pause one level at a time: the score may have sunk twice while the first fall waited.
        lower = tier - 1 if self._one or rest or grace is None else earned
        lower = max(lower, state.floor(at)) if state.floors else lower
        if lower <= earned:
            return state.moved(lower, at, score)
        ends = self._later(sank or at) + rest
        return state.moved(lower, at, score, ends if self.terms.lasts is None else max(ends, self._term(None, at)))

    def _term(self, state: TierState | None, at: datetime) -> datetime:
        """When the term is over in which *at* lies: terms begin when the tier was reached; None: at *at*."""
        lasts = self.terms.lasts
        assert lasts is not None  # noqa: S101  (who asks has looked)
        if state is None:
            return lasts.after(at, self.zone)
        stood = sum((ended - begun for begun, ended in state.rests if ended and begun >= state.since), _NO_REST)
        number, ends = 1, lasts.after(state.since, self.zone)
        while ends + stood < at:
            number += 1
            ends = evolve(lasts, count=number * lasts.count).after(state.since, self.zone)
        return ends + stood

    def _later(self, at: datetime) -> datetime:
        """A grace after *at*."""
        grace = self.terms.grace
        return at if grace is None else grace.after(at, self.zone)

    def _review(self, state: TierState, tallies: Mapping[str, Tally], since: date, at: datetime) -> TierState:
        """The state after the turning point *at*."""
        score = self.score(tallies, since, at)
        if not self._by_period:
            return self._weighed(state, since, score, at, self._sank_next(state, tallies, since, at))
        entitled = self._entitled(tallies, since, at, state.tier)
        if entitled > state.tier:
            return state.moved(entitled, at, score)
        if entitled == state.tier or self.terms.falls == "never":
            return state.stayed(at, score)
        ends = state.grace_ends
        if self._due(state.clock, since) == at and not state.resting:
            rest = self._rest(state, since, at) if state.rests else _NO_REST
            if not rest and ends is None and not state.floors:
                return state.moved(state.tier - 1 if self._one else entitled, at, score)
            ends = at + rest if ends is None else ends
        if state.floors:
            return self._floored(state, entitled, score, at, ends)
        if ends is not None and ends <= at and not state.resting:
            return state.moved(state.tier - 1, at, score)
        return state.stayed(at, score, ends)

    def _floored(self, state: TierState, entitled: int, score: int, at: datetime, ends: datetime | None) -> TierState:
        """With periods: the state of who is below, at a review or when a floor ends."""
        due = state.stayed(at, score, ends).falls
        if due is None or due > at:
            return state.stayed(at, score, ends)
        return state.moved(max(state.tier - 1 if self._one or state.rests else entitled, state.floor(at)), at, score)

    # Pauses

    def rested(self, state: TierState, tallies: Mapping[str, Tally], since: date, at: datetime) -> TierState:
        """The state of a member whose clocks stand from *at* on."""
        state = self.step(state, tallies, since, at)
        return state._replace(rests=(*state.rests, (state.clock, None)))

    def resumed(self, state: TierState, tallies: Mapping[str, Tally], since: date, at: datetime) -> TierState:
        """The state of a member whose clocks go on at *at*: what would have been due in the pause is due after it."""
        state = self.step(state, tallies, since, at)
        begun, now = state.rests[-1][0], state.clock
        ends = state.grace_ends
        state = state._replace(
            rests=(*state.rests[:-1], (begun, now)), grace_ends=None if ends is None else ends + (now - begun)
        )
        if state.floors:
            later = [
                (tier, until + (now - begun) if until and until > begun else until) for tier, until in state.floors
            ]
            state = state._replace(floors=tuple(later))
        if not self._by_period:
            return self._weighed(state, since, state.score, now, self._sank(state, tallies, since, begun))
        if (
            ends is None
            and self.terms.falls != "never"
            and self._entitled(tallies, since, now, state.tier) < state.tier
        ):
            missed = self._missed(state, tallies, since, begun)
            return state if missed is None else state._replace(grace_ends=missed + (now - begun))
        return state

    def _sank(self, state: TierState, tallies: Mapping[str, Tally], since: date, begun: datetime) -> datetime | None:
        """When since *begun* the score sank below what keeps the tier, if it did and is below it still."""
        sank = None
        for when in reversed(turns([tallies[name] for name in self._counters(tallies)], begun, state.clock)):
            if self.score(tallies, since, when) >= self._keeps[state.tier]:
                break
            sank = when
        return sank

    def _sank_next(self, state: TierState, tallies: Mapping[str, Tally], since: date, at: datetime) -> datetime | None:
        """Of whom a pause let fall later, at *at*: from when the grace of the tier below had begun without it."""
        if not state.rests or state.grace_ends is None or not (rest := self._rest(state, since, at)):
            return None
        below, due = state._replace(tier=max(0, state.tier - 1), clock=at), at - rest
        if self.score(tallies, since, due) < self._keeps[below.tier]:
            return due
        return self._sank(below, tallies, since, due) or due

    def _missed(self, state: TierState, tallies: Mapping[str, Tally], since: date, begun: datetime) -> datetime | None:
        """With periods: the first review since *begun* at which the member would have fallen."""
        due = self._due(begun, since)
        while due <= state.clock:
            if self._entitled(tallies, since, due, state.tier) < state.tier:
                return due
            due = self._due(due, since)
        return None

    def joined(
        self, state: TierState, tallies: Mapping[str, Tally], since: date, at: datetime, floor: int
    ) -> TierState:
        """The state of a member who takes over what another one counted, and the tier *floor* if it is the better."""
        state = self.step(state, tallies, since, at)
        now, score = state.clock, self.score(tallies, since, state.clock)
        earned = self._entitled(tallies, since, now) if self._by_period else self.earned(score)
        best = max(state.tier, floor, earned)
        if best > state.tier:
            state = state.moved(best, now, score)
        if self._by_period:
            return state.stayed(now, score, state.grace_ends)
        # Without a grace the better tier lasts until the score is looked at again.
        graced = self.terms.grace is not None and self.terms.grace.count
        return self._weighed(state, since, score, now) if graced else state.stayed(now, score, state.grace_ends)

    def _rest(self, state: TierState, since: date, at: datetime) -> timedelta:
        """How long the clocks stood for what was counted before, of which the score at *at* may have lost something."""
        found = _NO_REST
        for begun, ended in state.rests:
            if ended is not None:
                until = self._seen_until(ended, ended - begun, since)
                if until is None or at <= until:
                    found += ended - begun
        return found

    def _seen_until(self, ended: datetime, lasted: timedelta, since: date) -> datetime | None:
        """Until when a fall may come of what had been counted before the pause *ended*; None means for ever."""
        over = self.terms.over
        if self._by_period:
            for _ in range(1 + self.terms.kept):
                ended = over.period(ended, self.zone, since)[1]
            last = self._later(ended)
            for _ in self._thresholds[2:] if self._one else ():
                # One level after the other: the next one is looked at when the fall before, as late, has happened.
                last = self._due(last + lasted, since)
            return last
        until = over.leaves(ended, self.zone, since)
        for _ in self._thresholds:
            # One level after the other, each of them as late.
            until = None if until is None else self._later(until) + lasted
        return until

    # Turning points

    def _turn(
        self, state: TierState, tallies: Mapping[str, Tally], since: date, until: datetime | None
    ) -> datetime | None:
        """The next turning point after the clock that can change something, until *until* (None: ever)."""
        yearly = self._anniversary(state, since)
        graced = state.falls
        turns = [when for when in (yearly, graced) if when is not None]
        if self._by_period and (state.tier or self._rises_alone(state, tallies)):
            turns.append(self._due(state.clock, since))
        turn = min(turns, default=None)
        if turn is not None and until is not None and turn > until:
            turn = None
        if self._by_period:
            return turn
        limit = until if turn is None else turn
        # Up to the anniversary, not on it: what it adds must not hide what left before.
        leaving = self._departure(state, tallies, since, limit - _TICK if limit and limit == yearly else limit)
        return turn if leaving is None else leaving

    def _anniversary(self, state: TierState, since: date) -> datetime | None:
        if not self._tenure:
            return None
        years = max(whole_years(since, local_date(state.clock, self.zone)), 0) + 1
        return start_of_day(anniversary(since, years), self.zone)

    def _due(self, clock: datetime, since: date) -> datetime:
        """With periods: the first review after *clock*, which is a grace after the end of a period."""
        grace = self.terms.grace
        if grace is None or not grace.count:
            return self.terms.over.period(clock, self.zone, since)[1]
        end = self.terms.over.period(grace.before(clock, self.zone), self.zone, since)[0]
        while (due := grace.after(end, self.zone)) <= clock:
            end = self.terms.over.period(end, self.zone, since)[1]
        return due

    def _rises_alone(self, state: TierState, tallies: Mapping[str, Tally]) -> bool:
        for counter in self._counters(tallies):
            mended = tallies[counter].mended
            if mended is not None and mended > state.clock:
                return True
        return False

    def _departure(
        self, state: TierState, tallies: Mapping[str, Tally], since: date, until: datetime | None
    ) -> datetime | None:
        """The next instant after the clock, until *until*, at which something leaves and that matters."""
        rises = self._rises_alone(state, tallies)
        if not rises:
            # The score can only sink until then: of who is in grace or cannot fall nothing changes.
            if not state.tier or state.grace_ends is not None or self.terms.falls == "never" or state.resting:
                return None
            if until is not None and self.score(tallies, since, until) >= self._keeps[state.tier]:
                return None
        found = [tallies[counter].leaving(state.clock, until) for counter in self._counters(tallies)]
        leaving = found[0] if len(found) == 1 else sorted(when for each in found for when in each)
        if rises:
            return leaving[0] if leaving else None
        threshold = self._keeps[state.tier]
        first = bisect_left(leaving, 1, key=lambda when: self.score(tallies, since, when) < threshold)
        return leaving[first] if first < len(leaving) else None
