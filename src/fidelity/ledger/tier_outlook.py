"""The outlook of a member on the ladder of tiers: where they stand, until when, what comes if nothing happens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from fidelity.ledger.standing import CREDITED
from fidelity.ledger.tier_returns import Returning
from fidelity.ledger.tier_state import FallAhead, Standing, TierState
from fidelity.values.zones import local_date, whole_years

if TYPE_CHECKING:
    from fidelity.ledger.tally import Tally

__all__ = ["Outlook", "changes_of"]


class Outlook(Returning):
    """A ladder that tells how a member stands."""

    __slots__ = ()

    # Floors

    def floored(
        self,
        state: TierState,
        tallies: Mapping[str, Tally],
        since: date,
        at: datetime,
        floor: tuple[int, datetime | None],
    ) -> TierState:
        """The state of a member who from *at* on does not fall below a tier until an instant, whatever the score."""
        state = self.step(state, tallies, since, at)
        now = state.clock
        state = state._replace(floors=(*(each for each in state.floors if each[1] is None or each[1] > now), floor))
        return self.looked_at(state, tallies, since)

    def looked_at(self, state: TierState, tallies: Mapping[str, Tally], since: date) -> TierState:
        """The state at its clock with new floors, or under other terms: it rises to them, and waits while they hold."""
        now = state.clock
        score, floor = self.score(tallies, since, now), state.floor(now)
        if floor > state.tier:
            state = state.moved(floor, now, score)
        if not self._by_period:
            return self._weighed(state, since, score, now)
        entitled = self._entitled(tallies, since, now, state.tier)
        if entitled > state.tier:
            return state.moved(entitled, now, score)
        below = entitled < state.tier and self.terms.falls != "never"
        return state.stayed(now, score, state.grace_ends or now if below and floor >= state.tier else state.grace_ends)

    # Saying it

    def parts(self, tallies: Mapping[str, Tally], since: date, at: datetime) -> dict[str, int]:
        """What each part adds to the score at *at*."""
        found = {counter: weight * tallies[counter].value(at) for counter, weight in self.terms.score}
        if CREDITED in tallies:
            found[CREDITED] = tallies[CREDITED].value(at)
        if self._tenure:
            found["tenure"] = self._tenure * max(0, whole_years(since, local_date(at, self.zone)))
        return found

    def scores(self, tallies: Mapping[str, Tally], since: date, at: datetime) -> Mapping[str, int]:
        """What rules may read of the score at *at*."""
        return {"tiers.score": self.score(tallies, since, at)}

    def name_at(self, state: TierState, tallies: Mapping[str, Tally], since: date, at: datetime) -> str:
        """What the tier at *at* is called."""
        tier = state.tier_at(at) if at < state.clock else self.step(state, tallies, since, at).tier
        return self.terms.names[tier]

    def moves(
        self, state: TierState, tallies: Mapping[str, Tally], since: date, at: datetime
    ) -> Iterator[tuple[datetime, bool, str]]:
        """The rises and falls until *at*: when, whether it is a rise, and to which tier."""
        return changes_of(self.step(state, tallies, since, at), self.terms.names)

    def floors(
        self, state: TierState, tallies: Mapping[str, Tally], since: date, at: datetime
    ) -> tuple[tuple[str, datetime | None], ...]:
        """Below which tiers the member does not fall, from *at* on: their names, and until when."""
        found = self.step(state, tallies, since, at).floors
        return tuple((self.terms.names[tier], until) for tier, until in found if until is None or until > at)

    def promised(self, state: TierState, tallies: Mapping[str, Tally], since: date) -> datetime | None:
        """Until when the member has the tier if nothing more happens; None if for ever."""
        return self._ahead(state, tallies, since)[0]

    def standing(self, state: TierState, tallies: Mapping[str, Tally], since: date, at: datetime) -> Standing:
        """How the member stands at *at*, which must not lie behind the clock."""
        state = self.step(state, tallies, since, at)
        until, projected, lower = self._ahead(state, tallies, since)
        names, parts = self.terms.names, self.parts(tallies, since, at)
        score, above = sum(parts.values()), state.tier + 1
        return Standing(
            tier=names[state.tier],
            since=state.since,
            next_tier=names[above] if above < len(names) else "",
            to_next=max(0, self._thresholds[above] - score) if above < len(names) else None,
            to_keep=max(0, self._keeps[state.tier] - score) if state.tier else 0,
            until=until,
            projected=names[projected],
            score=score,
            parts=parts,
            warning=None if until is None else self._warning(state, tallies, since, until, names[lower]),
        )

    def _warning(
        self, state: TierState, tallies: Mapping[str, Tally], since: date, until: datetime, lower: str
    ) -> FallAhead | None:
        warns = self.terms.warns
        if warns is None or state.clock < warns.before(until, self.zone):
            return None
        count, missing = self._to_stay(state, tallies, since, state.clock if self._by_period else until)
        return FallAhead(until=until, falls_to=lower, to_stay=missing, count=count)

    def _to_stay(self, state: TierState, tallies: Mapping[str, Tally], since: date, at: datetime) -> tuple[str, int]:
        """What is missing to keep the tier of what counts at *at*, and of which count it is."""
        return "", max(0, self._keeps[state.tier] - self.score(tallies, since, at))

    def _ahead(self, state: TierState, tallies: Mapping[str, Tally], since: date) -> tuple[datetime | None, int, int]:
        """When the member falls if nothing more happens, the tier after the next review, and that after the fall."""
        if not state.tier or self.terms.falls == "never" or state.resting:
            return None, state.tier, state.tier
        here, projected = state, None
        lasts = [tallies[counter].last_leaving for counter in self._counters(tallies)]
        lasts += [until for _, until in state.floors]
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
            return here.since, here.tier if projected is None else projected, here.tier
        return None, state.tier if projected is None else projected, state.tier


def changes_of(state: TierState, names: Sequence[str]) -> Iterator[tuple[datetime, bool, str]]:
    """The rises and falls of *state*: when, whether it is a rise, and to which tier."""
    for (_, before), (at, tier) in pairwise(state.changes):
        if tier != before:
            yield at, tier > before, names[tier]
