"""Standings: on which tier many members are, as columns. How time changes it is said by those who know the clock."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from fidelity.ledger.columns.by_day import instant, micros
from fidelity.ledger.columns.calendar import FAR, NEVER, add_months, calendar_of, whole_years
from fidelity.ledger.columns.tier_aside import Aside, History, Known
from fidelity.ledger.columns.tier_levels import Levels
from fidelity.ledger.columns.tier_log import TierLog

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from numpy.typing import NDArray

    from fidelity.ledger.columns.windows import Who
    from fidelity.ledger.rulebook import TierTerms
    from fidelity.ledger.tier_state import TierState

__all__ = ["Some", "Standings"]


#: How many members are looked at at a time: so that what is worked on stays near.
_CHUNK = 1 << 16


class Some:
    """Some members while time is let go by for them: copies of their columns, which may be put back or not."""

    __slots__ = ("anchor", "clock", "ends", "extra", "mended", "moves", "places", "since", "tier")

    def __init__(self, here: Standings, places: NDArray[np.int64]) -> None:
        self.places = places
        self.tier = here.tier[places].astype(np.int64)
        self.since = here.since[places]
        self.clock = here.clock[places]
        self.ends = here.ends[places]
        self.anchor = here.anchor[places]
        self.mended = here.mended[places] if here.mended is not None else None
        self.moves: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]] = []
        #: What else the clock keeps.
        self.extra: list[object] = []

    def move(self, rows: NDArray[np.int64], tier: NDArray[np.int64], at: NDArray[np.int64]) -> None:
        """From *at* on the members in *rows* have *tier*."""
        if rows.size:
            self.tier[rows], self.since[rows], self.ends[rows] = tier, at, NEVER
            self.moves.append((self.places[rows], at, tier))

    def rising(self, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whose score may rise by itself, because something leaves that was taken back."""
        if self.mended is None:
            return np.zeros(len(rows), bool)
        found: NDArray[np.bool_] = self.mended[rows] > self.clock[rows]
        return found


class Standings:
    """
    The tiers of many members.

    Time is let go by for a member when something is counted, never when something is asked: news may come late.

    Args:
        terms: The tiers.
        zone: Whose calendar it is.
        members: How many there are.
        since: The days of their first business; `FAR` for those who begin it with their first event.
        remembers: Whether all that counts is kept, for what comes back and for those whose clocks stand.
    """

    def __init__(
        self, terms: TierTerms, zone: ZoneInfo, members: int, since: NDArray[np.int64], *, remembers: bool
    ) -> None:
        self.terms = terms
        self.calendar = calendar_of(zone)
        self.levels = Levels(terms)
        self.anchor = since
        self.tier = np.zeros(members, np.int8)
        #: From when they have it.
        self.since = np.full(members, FAR)
        #: The latest instant that was looked at; `FAR` before they begin.
        self.clock = np.full(members, FAR)
        #: When who is below falls; `NEVER` for who is not.
        self.ends = np.full(members, NEVER)
        #: The first instant at which something may have changed by itself.
        self.next = np.full(members, FAR)
        #: When the last of what was taken back leaves; None where nothing was.
        self.mended: NDArray[np.int64] | None = None
        self.log = TierLog(members)
        self.history = History(members) if remembers else None
        self.aside = Aside(terms, zone, self.levels.names)
        #: Who was asked for, and how they are then: who asks for a tier mostly counts something next.
        self._asked: Who | None = None
        self._ahead: dict[int, Some] = {}

    # What those who know the clock say

    @abstractmethod
    def stepped(self, some: Some, until: NDArray[np.int64], below: NDArray[np.int64] | None = None) -> None:
        """Let time go by for *some*; with *below* only until they have a lower tier than that, or never will."""

    @abstractmethod
    def kept(self, some: Some) -> None:
        """Put back what else *some* has."""

    @abstractmethod
    def turns(self, some: Some) -> NDArray[np.int64]:
        """When something about *some* may next change by itself."""

    @abstractmethod
    def taken(
        self,
        who: Who,
        at: NDArray[np.int64],
        amounts: Sequence[NDArray[np.int64]],
        late: NDArray[np.bool_] | None,
        bought: NDArray[np.int64] | None,
    ) -> None:
        """Take in what is counted, for members whose clocks are at *at*, or beyond where it is *late*."""

    @abstractmethod
    def leaves(self, places: NDArray[np.int64], at: NDArray[np.int64]) -> NDArray[np.int64]:
        """When what happened at *at* stops counting."""

    @abstractmethod
    def level_of(self, some: Some) -> NDArray[np.int64]:
        """The score of *some* at their clocks."""

    @abstractmethod
    def sums_of(self, some: Some) -> list[NDArray[np.int64]]:
        """What *some* have at their clocks of each of several counts; of one thing the score."""

    @abstractmethod
    def begun(self, some: Some) -> None:
        """Put in what else those have who begin."""

    def came_late(
        self,
        places: NDArray[np.int64],
        bought: NDArray[np.int64],
        amounts: Sequence[NDArray[np.int64]],
        at: NDArray[np.int64],
    ) -> None:
        """Take note of what comes back when its period is over; only what a period carries on changes by it."""

    # Asking

    def tiers_at(self, who: Who, at: NDArray[np.int64]) -> NDArray[np.int8]:
        """The tiers at *at*."""
        self._ahead.clear()
        self._asked = who
        found = self.tier[who].copy()
        for start in range(0, len(at), _CHUNK):
            part, when = _part(who, start), at[start : start + _CHUNK]
            rows = np.flatnonzero((when >= self.next[part]) | (when < self.clock[part]))
            if rows.size:
                found[rows + start] = self._tiers_off(self.places(part, rows), when[rows], start)
        return found

    def _tiers_off(self, places: NDArray[np.int64], at: NDArray[np.int64], start: int) -> NDArray[np.int8]:
        found = np.zeros(len(places), np.int8)
        clock = self.clock[places]
        late = at < clock
        others = np.ones(len(places), bool)
        if self.aside:
            rows = self.aside.among(places)
            found[rows] = self.aside.tiers_at(places[rows], at[rows])
            others[rows] = False
        rows = np.flatnonzero(late & others)
        if rows.size:
            found[rows] = self.log.tier_at(places[rows], at[rows])
        rows = np.flatnonzero(~late & others)
        if rows.size:
            some = self._ahead[start] = self.ahead(places[rows], at[rows])
            found[rows] = some.tier
        return found

    def ahead(self, places: NDArray[np.int64], at: NDArray[np.int64]) -> Some:
        """The members at *places* as they are at *at*, not before their clocks, if nothing happens but time."""
        some = Some(self, places)
        self._begin(some, at)
        self.stepped(some, at)
        return some

    def _known_ahead(self, places: NDArray[np.int64], at: NDArray[np.int64], start: int) -> Some:
        """The same; as it was told when it was asked for, if it was."""
        before = self._ahead.pop(start, None)
        if before is not None and np.array_equal(before.places, places) and np.array_equal(before.clock, at):
            return before
        return self.ahead(places, at)

    def promised(self, places: NDArray[np.int64], at: NDArray[np.int64]) -> NDArray[np.int64]:
        """Until when the members at *places* have the tier that they have at *at*; `NEVER` if for ever."""
        found = np.full(len(places), NEVER)
        if self.terms.falls == "never":
            return found
        # Who is on the first tier has it for ever.
        rows = np.flatnonzero((self.tier[places] > 0) | (at >= self.next[places]))
        some = self.ahead(places[rows], at[rows])
        before = some.tier.copy()
        self.stepped(some, np.where(before > 0, NEVER, some.clock), before)
        fell = some.tier < before
        found[rows[fell]] = some.since[fell]
        return found

    def _begin(self, some: Some, at: NDArray[np.int64]) -> None:
        """Let those begin who have not yet."""
        rows = np.flatnonzero(some.clock == FAR)
        if not rows.size:
            return
        unknown = rows[some.anchor[rows] == FAR]
        some.anchor[unknown] = self.calendar.date(at[unknown])
        some.clock[rows] = at[rows]
        self.begun(some)
        tier = self.levels.earned(self.level_of(some))
        some.move(rows, tier[rows], at[rows])

    # Counting

    def counted(
        self,
        who: Who,
        at: NDArray[np.int64],
        amounts: Sequence[NDArray[np.int64]],
        bought: NDArray[np.int64] | None = None,
    ) -> None:
        """Count *amounts* from *at* on; with *bought* they are what comes back, and leave when that does."""
        if not _same(who, self._asked):
            self._ahead.clear()
        for start in range(0, len(at), _CHUNK):
            here = slice(start, start + _CHUNK)
            self._count(
                _part(who, start), at[here], [each[here] for each in amounts], None if bought is None else bought[here],
                start,
            )  # fmt: skip
        self._ahead.clear()

    def _count(
        self,
        who: Who,
        at: NDArray[np.int64],
        amounts: Sequence[NDArray[np.int64]],
        bought: NDArray[np.int64] | None,
        start: int,
    ) -> None:
        late = at < self.clock[who]
        off = np.flatnonzero(late | (at >= self.next[who]))
        some_late = bool(late.any())
        if off.size:
            places = self.places(who, off)
            if self.aside and (rows := self.aside.among(places)).size:
                left = self._count_aside(self.places(who, None), at, amounts, bought, off[rows])
                if left.size:
                    # Without them it is as if they were nowhere.
                    others = [each[left] for each in amounts]
                    self._count(
                        self.places(who, left), at[left], others, None if bought is None else bought[left], start
                    )
                return
            on = off[~late[off]] if some_late else off
            if on.size:
                self.put_back(self._known_ahead(self.places(who, on), at[on], start))
        if bought is not None:
            self._mend(who, bought, amounts, np.maximum(at, self.clock[who]))
        if self.history is not None:
            places = self.places(who, None)
            leaves = self.leaves(places, at if bought is None else bought)
            self.history.add(places, at, leaves, amounts)
        self.taken(who, at, amounts, late if some_late else None, bought)
        if bought is not None:
            self._unearned(self.places(who, None), at, amounts, bought)

    def _count_aside(
        self,
        places: NDArray[np.int64],
        at: NDArray[np.int64],
        amounts: Sequence[NDArray[np.int64]],
        bought: NDArray[np.int64] | None,
        rows: NDArray[np.int64],
    ) -> NDArray[np.int64]:
        """Count for those who are set aside, in *rows*; the other rows."""
        back = None if bought is None else bought[rows]
        self.aside.counted(places[rows], at[rows], [each[rows] for each in amounts], back)
        return np.delete(np.arange(len(at)), rows)

    def pass_to(self, places: NDArray[np.int64], at: NDArray[np.int64]) -> None:
        """Let time go by for good, until *at*."""
        if places.size:
            self._ahead.clear()
            self.put_back(self.ahead(places, at))

    def put_back(self, some: Some) -> None:
        """*some* are the members now."""
        places = some.places
        self.tier[places], self.since[places] = some.tier, some.since
        self.clock[places], self.ends[places], self.anchor[places] = some.clock, some.ends, some.anchor
        for move in some.moves:
            self.log.add(*move)
        some.moves = []
        self.kept(some)
        self.next[places] = self.turns(some)

    def again(self, places: NDArray[np.int64]) -> None:
        """Work out anew when the members at *places* are to be looked at."""
        if places.size:
            self.next[places] = self.turns(Some(self, places))

    def places(self, who: Who, rows: NDArray[np.int64] | None) -> NDArray[np.int64]:
        """The places of *who*, those in *rows* of it."""
        if isinstance(who, slice):
            first = who.start or 0
            return np.arange(len(self.tier))[who] if rows is None else rows + first
        return who if rows is None else who[rows]

    # What comes back

    def _mend(
        self, who: Who, bought: NDArray[np.int64], amounts: Sequence[NDArray[np.int64]], now: NDArray[np.int64]
    ) -> None:
        """Note until when the score may rise by itself."""
        places = self.places(who, None)
        leaves = self.leaves(places, bought)
        less = np.zeros(len(places), bool)
        for each in amounts:
            less |= each < 0
        less &= (leaves > now) & (leaves != NEVER)
        if less.any():
            if self.mended is None:
                self.mended = np.full(len(self.tier), FAR)
            self.mended[places[less]] = np.maximum(self.mended[places[less]], leaves[less])

    def _unearned(
        self,
        places: NDArray[np.int64],
        at: NDArray[np.int64],
        amounts: Sequence[NDArray[np.int64]],
        bought: NDArray[np.int64],
    ) -> None:
        """Take back at once what nothing but what came back had reached: asked one by one, for it is rare."""
        assert self.history is not None  # noqa: S101  (who takes things back remembers)
        leaves = self.leaves(places, bought)
        undone = leaves > at
        self.history.undo(places[undone], at[undone], bought[undone], [each[undone] for each in amounts])
        if self.terms.carried and not undone.all():
            self.came_late(places[~undone], bought[~undone], [each[~undone] for each in amounts], at[~undone])
        rows = np.flatnonzero(undone & (self.tier[places] > 0))
        if not rows.size:
            return
        some = Some(self, places[rows])
        rows = rows[self.level_of(some) < self.levels.keeps[some.tier]]
        for row in rows:
            place = int(places[row])
            known = Known.of(self, place, self.history)
            after = self.aside.ladder.unearned(known.state, known.tallies, known.since, instant(int(at[row])))
            if after is not known.state:
                self._stands(place, len(known.state.changes), after)

    def _stands(self, place: int, known: int, after: TierState) -> None:
        """The member at *place* is in the state *after*, of whose changes so many are in the log."""
        here = np.array([place])
        self.tier[place], self.since[place] = after.tier, micros(after.since)
        self.ends[place] = NEVER if after.grace_ends is None else micros(after.grace_ends)
        for when, tier in after.changes[known:]:
            self.log.add(here, np.array([micros(when)]), np.array([tier]))
        self.again(here)

    # Time

    def bonus(self, anchor: NDArray[np.int64], at: NDArray[np.int64]) -> NDArray[np.int64]:
        """What the years since the day *anchor* add to the score at *at*."""
        years = whole_years(anchor, self.calendar.date(at))
        found: NDArray[np.int64] = self.terms.tenure * np.maximum(years, 0)
        return found

    def yearly(self, anchor: NDArray[np.int64], at: NDArray[np.int64]) -> NDArray[np.int64]:
        """When the next year since the day *anchor* is full, after *at*; `NEVER` where years do not count."""
        if not self.terms.tenure:
            return np.full(len(at), NEVER)
        years = np.maximum(whole_years(anchor, self.calendar.date(at)), 0) + 1
        return self.calendar.start(add_months(anchor, 12 * years))


def _part(who: Who, start: int) -> Who:
    """A part of *who*, from the row *start* on."""
    if isinstance(who, slice):
        first = (who.start or 0) + start
        return slice(first, min(who.stop, first + _CHUNK))
    return who[start : start + _CHUNK]


def _same(who: Who, other: Who | None) -> bool:
    """Whether these are the same members."""
    return who is other or (isinstance(who, slice) and isinstance(other, slice) and who == other)
