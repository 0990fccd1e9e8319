"""The tiers of a program that was changed: each version's ladder while it held, and what one promised to the next.

Members may rise when thresholds change, and nobody falls before the day that the version before had told them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from attrs import evolve

from fidelity.ledger.tier_kinds import ladder_of
from fidelity.ledger.tier_state import Standing, TierState

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from fidelity.ledger.rulebook import TierTerms
    from fidelity.ledger.tally import Tally
    from fidelity.ledger.tier_outlook import Outlook

__all__ = ["Ladders"]

_NEVER = datetime.max.replace(tzinfo=UTC)


class Ladders:
    """The ladders of all versions, used as the one of the present. Between two of them a state is passed on."""

    __slots__ = ("_ladders", "_starts", "terms", "zone")

    def __init__(self, terms: TierTerms, zone: ZoneInfo) -> None:
        self.terms = terms
        self.zone = zone
        self._ladders: tuple[Outlook, ...] = (
            *(ladder_of(each.tiers, zone) for each in terms.earlier), ladder_of(terms, zone),
        )  # fmt: skip
        #: From when each of them holds, the first one apart.
        held = (*(each.tiers for each in terms.earlier), terms)
        self._starts = tuple(each.since or _NEVER for each in held[1:])

    def _place(self, at: datetime) -> int:
        """Which ladder holds at *at*."""
        return sum(start <= at for start in self._starts)

    # As one ladder

    def score(self, tallies: Mapping[str, Tally], since: date, at: datetime) -> int:
        """The score at *at*, as it is counted now."""
        return self._ladders[-1].score(tallies, since, at)

    def scores(self, tallies: Mapping[str, Tally], since: date, at: datetime) -> Mapping[str, int]:
        """What rules may read of the score at *at*."""
        return self._ladders[-1].scores(tallies, since, at)

    def start(self, tallies: Mapping[str, Tally], since: date, at: datetime) -> TierState:
        """The state of a member who joins at *at*."""
        return self._ladders[self._place(at)].start(tallies, since, at)

    def step(self, state: TierState, tallies: Mapping[str, Tally], since: date, until: datetime) -> TierState:
        """The state at *until* if nothing happens but time, under the version that holds then."""
        place, last = self._place(state.clock), self._place(until)
        while place < last:
            state = self._passed(state, place, tallies, since, self._starts[place])
            place += 1
        return self._ladders[place].step(state, tallies, since, until)

    def counted(
        self,
        state: TierState,
        tallies: Mapping[str, Tally],
        since: date,
        at: datetime,
        gain: int,  # noqa: ARG002 -- as one ladder
    ) -> TierState:
        """The state after *tallies* changed at *at*."""
        ladder = self._ladders[self._place(state.clock)]
        return ladder.counted(state, tallies, since, at, ladder.score(tallies, since, state.clock) - state.score)

    def unearned(self, state: TierState, tallies: Mapping[str, Tally], since: date, at: datetime) -> TierState:
        """The state after goods came back at *at*."""
        return self._ladders[self._place(state.clock)].unearned(state, tallies, since, at)

    def rested(self, state: TierState, tallies: Mapping[str, Tally], since: date, at: datetime) -> TierState:
        """The state of a member whose clocks stand from *at* on."""
        state = self.step(state, tallies, since, at)
        return self._ladders[self._place(state.clock)].rested(state, tallies, since, at)

    def resumed(self, state: TierState, tallies: Mapping[str, Tally], since: date, at: datetime) -> TierState:
        """The state of a member whose clocks go on at *at*."""
        state = self.step(state, tallies, since, at)
        return self._ladders[self._place(state.clock)].resumed(state, tallies, since, at)

    def joined(
        self, state: TierState, tallies: Mapping[str, Tally], since: date, at: datetime, floor: int
    ) -> TierState:
        """The state of a member who takes over what another one counted, and the tier *floor* of the present."""
        state = self.step(state, tallies, since, at)
        place = self._place(state.clock)
        names = self._ladders[place].terms.names
        name = self.terms.names[floor]
        return self._ladders[place].joined(state, tallies, since, at, names.index(name) if name in names else 0)

    def floored(
        self,
        state: TierState,
        tallies: Mapping[str, Tally],
        since: date,
        at: datetime,
        floor: tuple[int, datetime | None],
    ) -> TierState:
        """The state of a member who does not fall below a tier of the present until an instant."""
        state = self.step(state, tallies, since, at)
        place = self._place(state.clock)
        names, name = self._ladders[place].terms.names, self.terms.names[floor[0]]
        tier = names.index(name) if name in names else min(floor[0], len(names) - 1)
        return self._ladders[place].floored(state, tallies, since, at, (tier, floor[1]))

    # Saying it

    def name_at(self, state: TierState, tallies: Mapping[str, Tally], since: date, at: datetime) -> str:
        """What the tier at *at* is called now; nothing once there are none."""
        if self.terms.ended:
            return ""
        if at < state.clock:
            place, tier = self._place(state.clock), state.tier_at(at)
        else:
            place, state = self._seen(state, tallies, since, at)
            tier = state.tier
        for each in range(place, len(self._ladders) - 1):
            tier = self._to_next(each)[tier]
        return self.terms.names[tier]

    def floors(
        self, state: TierState, tallies: Mapping[str, Tally], since: date, at: datetime
    ) -> tuple[tuple[str, datetime | None], ...]:
        """Below which tiers the member does not fall, from *at* on: their names, and until when."""
        place, state = self._seen(state, tallies, since, at)
        return self._ladders[place].floors(state, tallies, since, at)

    def moves(
        self, state: TierState, tallies: Mapping[str, Tally], since: date, at: datetime
    ) -> Iterator[tuple[datetime, bool, str]]:
        """The rises and falls until *at*: when, whether it is a rise, and to which tier."""
        state = self.step(state, tallies, since, at)
        yield from self._ladders[self._place(state.clock)].moves(state, tallies, since, at)

    def standing(self, state: TierState, tallies: Mapping[str, Tally], since: date, at: datetime) -> Standing | None:
        """How the member stands at *at*, which must not lie behind the clock; None without tiers or a promise."""
        place, state = self._seen(state, tallies, since, at)
        ladder = self._ladders[place]
        told = ladder.standing(state, tallies, since, at)
        if not ladder.terms.ended:
            return told
        # Nothing is counted any more, so nothing is missing: what had been promised is had until then.
        tier = ladder.terms.names.index(told.tier)
        return evolve(told, next_tier="", to_next=None, to_keep=0, score=0, parts={}) if tier else None

    def _seen(self, state: TierState, tallies: Mapping[str, Tally], since: date, at: datetime) -> tuple[int, TierState]:
        """The state at *at* and whose it is: a version that was not used yet holds from when somebody asks."""
        state = self.step(state, tallies, since, at)
        place, last = self._place(state.clock), len(self._ladders) - 1
        if self.terms.since is None:
            while place < last:
                state = self._passed(state, place, tallies, since, state.clock)
                place += 1
        return place, state

    # From one to the next

    def _passed(
        self, state: TierState, place: int, tallies: Mapping[str, Tally], since: date, at: datetime
    ) -> TierState:
        """*state* under the next ladder from *at* on: not below what this one had promised, until it had."""
        before, after = self._ladders[place], self._ladders[place + 1]
        state = before.step(state, tallies, since, at)
        to = self._to_next(place)
        tier = to[state.tier]
        floors = [(to[each], until) for each, until in state.floors if until is None or until > at or state.resting]
        if state.tier:
            running = state._replace(rests=state.rests[:-1]) if state.resting else state
            floors.append((tier, before.promised(running, tallies, since)))
        changes = tuple((when, to[each]) for when, each in state.changes)
        began = state.since
        if after.terms.names[tier] != before.terms.names[state.tier]:
            changes, began = (*changes, (at, tier)), at
        passed = TierState(tier, began, at, state.score, None, changes, state.rests, tuple(floors))
        return after.looked_at(passed, tallies, since)

    def _to_next(self, place: int) -> Sequence[int]:
        """For each tier of a ladder the one of the next: of the same name; of one that is gone, what stands for it."""
        before, after = self._ladders[place].terms, self._ladders[place + 1].terms
        alike = _comparable(before, after)
        found: list[int] = []
        for tier, name in reversed(tuple(enumerate(before.names))):
            if name in after.names:
                found.append(after.names.index(name))
            else:
                above = found[-1] if found else None
                stands = _stands_for(before, after, tier, above, alike=alike)
                found.append(stands if above is None else min(stands, above))
        found.reverse()
        # Everybody begins with the first one, whatever it is called.
        found[0] = after.names.index(before.names[0]) if before.names[0] in after.names else 0
        return found


def _comparable(before: TierTerms, after: TierTerms) -> bool:
    """Whether thresholds of the two are numbers of the same thing."""
    counted = [[(name.partition("@")[0], weight) for name, weight in each.score] for each in (before, after)]
    return not before.either and not after.either and counted[0] == counted[1] and before.tenure == after.tenure


def _stands_for(before: TierTerms, after: TierTerms, tier: int, above: int | None, *, alike: bool) -> int:
    """
    Which tier of *after* stands for one of *before* that is gone.

    The one that asks as much; if there are as many as before, the one in its place; else the lowest that asks more.

    Args:
        above: What the next higher one became; None if there was none.
        alike: Whether what they ask can be compared.
    """
    asked, last = before.thresholds[tier], len(after.names) - 1
    if alike and asked in after.thresholds[1:]:
        return after.thresholds.index(asked, 1)
    if len(before.names) == len(after.names):
        return tier
    if alike:
        return next((each for each in range(1, last + 1) if after.thresholds[each] > asked), last)
    return min(tier, last) if above is None else above
