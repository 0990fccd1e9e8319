"""Members set aside: the few whose clocks stood, who were promised a tier, or whom a return may cost theirs.

They are asked of the ladder of one member. What it needs to know of what was before is remembered here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from attrs import define, evolve

from fidelity.ledger.columns.by_day import instant, micros
from fidelity.ledger.columns.calendar import NEVER
from fidelity.ledger.tally import Tally
from fidelity.ledger.tier_kinds import ladder_of
from fidelity.ledger.tier_returns import LATE, shadow
from fidelity.ledger.tier_state import TierState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from numpy.typing import NDArray

    from fidelity.ledger.columns.standings import Standings
    from fidelity.ledger.rulebook import TierTerms
    from fidelity.ledger.tier_outlook import Outlook

__all__ = ["Aside", "History", "Known"]

_Kind = TypeVar("_Kind", np.int64, np.int16)
_NONE = -1
_FIRST = 1024
_EPOCH = date(1970, 1, 1)


class History:
    """
    All that was counted of many members, for who has to look back.

    Args:
        members: How many there are.
    """

    def __init__(self, members: int) -> None:
        self._last = np.full(members, _NONE)
        self._top = 0
        self._rows = {name: np.empty(_FIRST, np.int64) for name in ("at", "leaves", "amount", "before")}
        self._kind: NDArray[np.int16] = np.empty(_FIRST, np.int16)

    def add(
        self,
        places: NDArray[np.int64],
        at: NDArray[np.int64],
        leaves: NDArray[np.int64],
        amounts: Sequence[NDArray[np.int64]],
        kind: int = 0,
    ) -> None:
        """Remember what counts from *at* until it *leaves*: the columns *kind* and on."""
        for place, each in enumerate(amounts):
            some = (each != 0) & (at < leaves)
            self._put(places[some], at[some], leaves[some], each[some], kind + place)

    def undo(
        self,
        places: NDArray[np.int64],
        at: NDArray[np.int64],
        bought: NDArray[np.int64],
        amounts: Sequence[NDArray[np.int64]],
    ) -> None:
        """Remember that of what was *bought* then so much came back *at*: in the columns after those of the sums."""
        self.add(places, bought, at, amounts, len(amounts))

    def _put(
        self,
        places: NDArray[np.int64],
        at: NDArray[np.int64],
        leaves: NDArray[np.int64],
        amount: NDArray[np.int64],
        kind: int,
    ) -> None:
        count, top = len(places), self._top
        if top + count > len(self._kind):
            size = max(2 * len(self._kind), top + count)
            for name, old in self._rows.items():
                self._rows[name] = _grown(old, size, top)
            self._kind = _grown(self._kind, size, top)
        here = slice(top, top + count)
        told = {"at": at, "leaves": leaves, "amount": amount, "before": self._last[places]}
        for name, values in told.items():
            self._rows[name][here] = values
        self._kind[here] = kind
        self._last[places] = np.arange(top, top + count)
        self._top = top + count

    def tallies(self, place: int, names: Sequence[str], named: Sequence[str]) -> dict[str, Tally]:
        """
        What the member at *place* has counted.

        Args:
            names: The counters that everybody has.
            named: What each column is called.
        """
        found = {name: Tally() for name in names}
        row, rows = int(self._last[place]), []
        while row != _NONE:
            rows.append(row)
            row = int(self._rows["before"][row])
        for row in reversed(rows):
            leaves = int(self._rows["leaves"][row])
            tally = found.setdefault(named[self._kind[row]], Tally())
            tally.add(
                instant(self._rows["at"][row]),
                int(self._rows["amount"][row]),
                None if leaves == NEVER else instant(leaves),
            )
        return found


def _grown(old: NDArray[_Kind], size: int, top: int) -> NDArray[_Kind]:
    found: NDArray[_Kind] = np.empty(size, old.dtype)
    found[:top] = old[:top]
    return found


@define
class Known:
    """
    One member as the ladder of one member knows them.

    Attributes:
        state: Where they stand.
        tallies: What was counted.
        since: The day of their first business.
        logged: How many of the changes are in the log.
    """

    state: TierState
    tallies: dict[str, Tally]
    since: date
    logged: int

    def add(self, name: str, at: datetime, amount: int, leaves: datetime | None) -> None:
        """Count *amount* from *at* until it *leaves*."""
        self.tallies.setdefault(name, Tally()).add(at, amount, leaves)

    @classmethod
    def of(cls, here: Standings, place: int, history: History) -> Known:
        """The member at *place*."""
        names = here.levels.names
        tallies = history.tallies(place, names, (*names, *(shadow(each) for each in names), LATE))
        since = _EPOCH + timedelta(days=int(here.anchor[place]))
        ends, clock = int(here.ends[place]), instant(here.clock[place])
        changes = tuple((instant(when), tier) for when, tier in here.log.of(place))
        state = TierState(
            int(here.tier[place]),
            instant(here.since[place]),
            clock,
            here.aside.ladder.score(tallies, since, clock),
            None if ends == NEVER else instant(ends),
            changes,
        )
        return cls(state, tallies, since, len(changes))


class Aside:
    """
    The members that are set aside.

    Args:
        terms: The tiers.
        zone: Whose calendar it is.
        names: What each column of sums is called.
    """

    def __init__(self, terms: TierTerms, zone: ZoneInfo, names: tuple[str, ...]) -> None:
        self._names = names
        if not terms.either:
            # The score comes as one column, weighed already.
            terms = evolve(terms, score=((names[0], 1),))
        self.ladder: Outlook = ladder_of(terms, zone)
        self._zone = zone
        self.members: dict[int, Known] = {}
        self._mask: NDArray[np.bool_] | None = None

    def __bool__(self) -> bool:
        return bool(self.members)

    def among(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
        """Which of *places* are set aside."""
        if self._mask is None:
            return np.empty(0, np.int64)
        return np.flatnonzero(self._mask[places])

    def put(self, place: int, known: Known, members: int) -> None:
        """Set the member at *place* aside."""
        if self._mask is None:
            self._mask = np.zeros(members, bool)
        self._mask[place] = True
        self.members[place] = known

    def tiers_at(self, places: NDArray[np.int64], at: NDArray[np.int64]) -> list[int]:
        """The tiers at *at*."""
        return [self._tier_at(self.members[place], when) for place, when in _pairs(places, at)]

    def _tier_at(self, known: Known, at: int) -> int:
        when = instant(at)
        if when < known.state.clock:
            return known.state.tier_at(when)
        return self.ladder.step(known.state, known.tallies, known.since, when).tier

    def counted(
        self,
        places: NDArray[np.int64],
        at: NDArray[np.int64],
        amounts: Sequence[NDArray[np.int64]],
        bought: NDArray[np.int64] | None,
    ) -> None:
        """Count *amounts* from *at* on; with *bought* they are what comes back of then."""
        for row, (place, when) in enumerate(_pairs(places, at)):
            since = when if bought is None else int(bought[row])
            told = [int(each[row]) for each in amounts]
            self._counted(self.members[place], instant(when), instant(since), told, back=bought is not None)

    def _counted(self, known: Known, at: datetime, since: datetime, told: list[int], *, back: bool) -> None:
        ladder, day, gain = self.ladder, known.since, 0
        state = ladder.step(known.state, known.tallies, day, at)
        leaves = ladder.terms.over.leaves(since, self._zone, day)
        for name, amount in zip(self._names, told, strict=True):
            known.add(name, at, amount, leaves)
            gain += amount if leaves is None or leaves > state.clock else 0
        state = ladder.counted(state, known.tallies, day, at, gain)
        if back and not state.resting:
            state = self._came_back(known, state, at, since, told, undone=leaves is None or at < leaves)
        known.state = state

    def _came_back(
        self, known: Known, state: TierState, at: datetime, bought: datetime, told: list[int], *, undone: bool
    ) -> TierState:
        """The state after what was *bought* then came back, which was counted already."""
        for name, amount in zip(self._names, told, strict=True):
            if undone:
                known.add(shadow(name), bought, amount, at)
            elif self.ladder.terms.carried:
                known.add(LATE, bought, amount, None)
        if undone:
            return self.ladder.unearned(state, known.tallies, known.since, at)
        return self.ladder.counted(state, known.tallies, known.since, at, 0) if self.ladder.terms.carried else state

    def matched(self, place: int, at: int, tier: int, until: int) -> None:
        """The member at *place* has at least *tier* until then."""
        known = self.members[place]
        floor = (tier, instant(until))
        known.state = self.ladder.floored(known.state, known.tallies, known.since, instant(at), floor)

    def rested(self, place: int, at: int) -> None:
        """The clocks of the member at *place* stand."""
        known = self.members[place]
        known.state = self.ladder.rested(known.state, known.tallies, known.since, instant(at))

    def resumed(self, place: int, at: int) -> None:
        """The clocks of the member at *place* go on."""
        known = self.members[place]
        known.state = self.ladder.resumed(known.state, known.tallies, known.since, instant(at))

    def promised(self, place: int, at: int) -> int:
        """Until when the member at *place* has the tier that they have at *at*; `NEVER` if for ever."""
        known = self.members[place]
        state = self.ladder.step(known.state, known.tallies, known.since, instant(at))
        found = self.ladder.promised(state, known.tallies, known.since)
        return NEVER if found is None else micros(found)

    def sums_at(self, place: int, at: int) -> list[int]:
        """What the member at *place* has at *at* of each column of sums."""
        return self.sums_of(self.members[place], at)

    def sums_of(self, known: Known, at: int) -> list[int]:
        """What the member *known* has at *at* of each column of sums."""
        when = instant(at)
        if not self.ladder.terms.either:
            return [self.ladder.score(known.tallies, known.since, when)]
        return [known.tallies[name].value(when) for name in self._names]

    def changes(self, place: int, until: int | None) -> list[tuple[int, int]]:
        """What has changed for the member at *place* since they were set aside; with *until* also what time brings."""
        known = self.members[place]
        state = known.state
        if until is not None:
            state = self.ladder.step(state, known.tallies, known.since, instant(until))
        return [(micros(when), tier) for when, tier in state.changes[known.logged :]]


def _pairs(places: NDArray[np.int64], at: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    return zip(places.tolist(), at.tolist(), strict=True)
