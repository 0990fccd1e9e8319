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

from fidelity.ledger.tier_state import Standing, TierState
from fidelity.values.zones import anniversary, local_date, start_of_day, whole_years

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from fidelity.ledger.rulebook import TierTerms
    from fidelity.ledger.tally import Tally

__all__ = ["Ladder", "Standing", "TierState"]

_TICK = timedelta(microseconds=1)
_NO_REST = timedelta(0)


class Ladder:
    """The tiers of one program: how a state steps forward. Counters are passed in; None of them is kept."""

    __slots__ = ("_by_period", "_highs", "_lows", "_one", "_parts", "_quiet", "_tenure", "_thresholds", "terms", "zone")

    def __init__(self, terms: TierTerms, zone: ZoneInfo) -> None:
        self.terms = terms
        self.zone = zone
        self._thresholds = terms.thresholds
        # Within these the tier stays; nobody falls from the first nor rises from the last.
        self._lows = (-inf, *terms.thresholds[1:])
        self._highs = (*terms.thresholds[1:], inf)
        self._tenure = terms.tenure
        self._by_period = terms.over.kind in {"calendar", "membership"}
        self._parts = terms.score
        self._quiet = not self._by_period and not self._tenure
        self._one = terms.falls == "one level at a time"

    # What counts

    def score(self, tallies: Mapping[str, Tally], since: date, at: datetime) -> int:
        """The score at *at* of a member whose first business was on *since*."""
        found = 0
        for counter, weight in self._parts:
            found += weight * tallies[counter].value(at)
        if self._tenure:
            found += self._tenure * max(0, whole_years(since, local_date(at, self.zone)))
        return found

    def parts(self, tallies: Mapping[str, Tally], since: date, at: datetime) -> dict[str, int]:
        """What each part adds to the score at *at*."""
        found = {counter: weight * tallies[counter].value(at) for counter, weight in self.terms.score}
        if self._tenure:
            found["tenure"] = self._tenure * max(0, whole_years(since, local_date(at, self.zone)))
        return found

    def earned(self, score: int) -> int:
        """The highest tier whose threshold *score* reaches; the first one is everybody's."""
        found = 0
        for tier, threshold in enumerate(self._thresholds):
            if score >= threshold:
                found = tier
        return found

    def _entitled(self, tallies: Mapping[str, Tally], since: date, at: datetime) -> int:
        """With periods: the best of what is earned in this one and in the ones whose status is still kept."""
        best = self.earned(self.score(tallies, since, at))
        when = at
        for _ in range(self.terms.kept):
            when = self.terms.over.period(when, self.zone, since)[0] - _TICK
            best = max(best, self.earned(self.score(tallies, since, when)))
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
            return state.stayed(now, score, state.grace_ends)
        if self._lows[state.tier] <= score < self._highs[state.tier]:
            return state.stayed(now, score)
        return self._weighed(state, since, score, now)

    def _weighed(self, state: TierState, since: date, score: int, at: datetime) -> TierState:
        """With a moving window: rise at once, fall after a grace, and later by every pause that the score has seen."""
        tier, earned = state.tier, self.earned(score)
        if earned > tier:
            return state.moved(earned, at, score)
        if earned == tier or self.terms.falls == "never":
            return state.stayed(at, score)
        grace, ends = self.terms.grace, state.grace_ends
        if state.resting:
            return state.stayed(at, score, ends)
        rest = self._rest(state, since, at) if state.rests else _NO_REST
        if (grace is None or not grace.count) and not rest and ends is None:
            return state.moved(earned, at, score)
        if ends is None:
            return state.stayed(at, score, self._later(at) + rest)
        if at < ends:
            return state.stayed(at, score, ends)
        # After a pause one level at a time: the score may have sunk twice while the first fall waited.
        lower = tier - 1 if self._one or rest or grace is None else earned
        return state.moved(lower, at, score, self._later(at) + rest if lower > earned else None)

    def _later(self, at: datetime) -> datetime:
        """A grace after *at*."""
        grace = self.terms.grace
        return at if grace is None else grace.after(at, self.zone)

    def _review(self, state: TierState, tallies: Mapping[str, Tally], since: date, at: datetime) -> TierState:
        """The state after the turning point *at*."""
        score = self.score(tallies, since, at)
        if not self._by_period:
            return self._weighed(state, since, score, at)
        entitled = self._entitled(tallies, since, at)
        if entitled > state.tier:
            return state.moved(entitled, at, score)
        if entitled == state.tier or self.terms.falls == "never":
            return state.stayed(at, score)
        ends = state.grace_ends
        if self._due(state.clock, since) == at and not state.resting:
            rest = self._rest(state, since, at) if state.rests else _NO_REST
            if not rest and ends is None:
                return state.moved(state.tier - 1 if self._one else entitled, at, score)
            ends = at + rest if ends is None else ends
        if ends is not None and ends <= at and not state.resting:
            return state.moved(state.tier - 1, at, score)
        return state.stayed(at, score, ends)

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
        if not self._by_period:
            return self._weighed(state, since, state.score, now)
        if ends is None and self.terms.falls != "never" and self._entitled(tallies, since, now) < state.tier:
            missed = self._missed(state, tallies, since, begun)
            return state if missed is None else state._replace(grace_ends=missed + (now - begun))
        return state

    def _missed(self, state: TierState, tallies: Mapping[str, Tally], since: date, begun: datetime) -> datetime | None:
        """With periods: the first review since *begun* at which the member would have fallen."""
        due = self._due(begun, since)
        while due <= state.clock:
            if self._entitled(tallies, since, due) < state.tier:
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
        graced = None if state.resting else state.grace_ends
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
        for counter, _ in self._parts:
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
            if until is not None and self.score(tallies, since, until) >= self._thresholds[state.tier]:
                return None
        found = [tallies[counter].leaving(state.clock, until) for counter, _ in self._parts]
        leaving = found[0] if len(found) == 1 else sorted(when for each in found for when in each)
        if rises:
            return leaving[0] if leaving else None
        threshold = self._thresholds[state.tier]
        first = bisect_left(leaving, 1, key=lambda when: self.score(tallies, since, when) < threshold)
        return leaving[first] if first < len(leaving) else None

    # Saying it

    def standing(self, state: TierState, tallies: Mapping[str, Tally], since: date, at: datetime) -> Standing:
        """How the member stands at *at*, which must not lie behind the clock."""
        state = self.step(state, tallies, since, at)
        until, projected = self._ahead(state, tallies, since)
        names, parts = self.terms.names, self.parts(tallies, since, at)
        score, above = sum(parts.values()), state.tier + 1
        return Standing(
            tier=names[state.tier],
            since=state.since,
            next_tier=names[above] if above < len(names) else "",
            to_next=max(0, self._thresholds[above] - score) if above < len(names) else None,
            to_keep=max(0, self._thresholds[state.tier] - score) if state.tier else 0,
            until=until,
            projected=names[projected],
            score=score,
            parts=parts,
        )

    def _ahead(self, state: TierState, tallies: Mapping[str, Tally], since: date) -> tuple[datetime | None, int]:
        """When the member falls if nothing more happens, and the tier after the next review."""
        if not state.tier or self.terms.falls == "never" or state.resting:
            return None, state.tier
        here, projected = state, None
        lasts = [tallies[counter].last_leaving for counter, _ in self.terms.score]
        end = max((last for last in lasts if last is not None), default=state.clock)
        # After everything has left, what was earned lasts for a known number of reviews, or for ever.
        spare = self.terms.kept + 2
        while here.tier >= state.tier and spare:
            turn = self._turn(here, tallies, since, None)
            if turn is None or (turn > end and here.grace_ends is None and not self._by_period):
                break
            review = self._by_period and turn == self._due(here.clock, since)
            spare -= review and turn > end
            here = self._review(here, tallies, since, turn)
            if review and projected is None:
                projected = here.tier
        if here.tier < state.tier:
            return here.since, here.tier if projected is None else projected
        return None, state.tier if projected is None else projected
