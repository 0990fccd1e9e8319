"""Tiers whose score rolls: what counts leaves one by one, members rise at once and fall after a grace."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from threading import get_ident
from typing import TYPE_CHECKING, cast

import numpy as np
from attrs import evolve

from fidelity.ledger.columns.by_day import ByDay, micros
from fidelity.ledger.columns.calendar import FAR, NEVER
from fidelity.ledger.columns.departures import Cursor, Departures
from fidelity.ledger.columns.standings import Some, Standings

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from numpy.typing import NDArray

    from fidelity.ledger.columns.windows import Who
    from fidelity.ledger.rulebook import TierTerms
    from fidelity.values.grace import Grace

__all__ = ["Rolling"]


class Rolling(Standings):
    """The tiers of many members whose score is that of the last so long, or of ever."""

    def __init__(
        self, terms: TierTerms, zone: ZoneInfo, members: int, since: NDArray[np.int64], *, remembers: bool
    ) -> None:
        super().__init__(terms, zone, members, since, remembers=remembers)
        self._zone = zone
        self._counted = [Departures(members) for _ in self.levels.names]
        self._leaving = None if terms.over.duration is None else _after(terms.over.duration, zone)
        self._later = None if terms.grace is None else _after(terms.grace, zone)
        self._terms: list[ByDay] = []
        self._waits = bool(terms.grace is not None and terms.grace.count) or terms.lasts is not None
        self._one = terms.falls == "one level at a time" or terms.grace is None
        #: What the years as a customer add at the clock of each member, and when they add more.
        self._bonus = np.zeros(members, np.int64) if terms.tenure else None
        self._yearly = np.full(members, NEVER) if terms.tenure else None

    def leaves(self, places: NDArray[np.int64], at: NDArray[np.int64]) -> NDArray[np.int64]:  # noqa: ARG002 -- as its parent
        """When what happened at *at* stops counting."""
        return np.full(len(at), NEVER) if self._leaving is None else self._leaving(at)

    # Counting

    def taken(
        self,
        who: Who,
        at: NDArray[np.int64],
        amounts: Sequence[NDArray[np.int64]],
        late: NDArray[np.bool_] | None,
        bought: NDArray[np.int64] | None,
    ) -> None:
        """Take in what is counted."""
        now = at if late is None else np.maximum(at, self.clock[who])
        if self._leaving is None:
            for counted, amount in zip(self._counted, amounts, strict=True):
                counted.sum[who] += amount
        else:
            leaves = self._leaving(at if bought is None else bought)
            for counted, amount in zip(self._counted, amounts, strict=True):
                self._put(counted, who, now, leaves, amount)
        self.clock[who] = now
        level = self.levels.level([counted.sum[who] for counted in self._counted])
        if self._bonus is not None:
            level = level + self._bonus[who]
        tier = self.tier[who]
        off = level >= self.levels.highs.take(tier)
        off |= level < self.levels.lows.take(tier)
        graced = np.flatnonzero((self.ends[who] != NEVER) & ~off)
        if graced.size:
            self.ends[self.places(who, graced)] = NEVER
        rows = np.flatnonzero(off)
        if rows.size:
            some = Some(self, self.places(who, rows))
            self._look(some)
            self._weigh(some, np.arange(len(rows)), level[rows], now[rows])
            self.put_back(some)

    def _put(
        self,
        counted: Departures,
        who: Who,
        now: NDArray[np.int64],
        leaves: NDArray[np.int64],
        amount: NDArray[np.int64],
    ) -> None:
        """Let *amount* count if it does."""
        counts = leaves > now
        counts &= amount != 0
        if not counts.all():
            who, leaves, amount = self.places(who, np.flatnonzero(counts)), leaves[counts], amount[counts]
        sooner = np.flatnonzero(leaves < counted.first[who])
        counted.put(who, leaves, amount)
        if sooner.size:
            places = self.places(who, sooner)
            self.next[places] = np.minimum(self.next[places], leaves[sooner])

    # Time

    def _look(self, some: Some) -> None:
        """Have the other columns of *some*."""
        if not some.extra:
            some.extra = [counted.cursor(some.places) for counted in self._counted]
            if self._bonus is not None and self._yearly is not None:
                some.extra += [self._bonus[some.places], self._yearly[some.places]]

    def begun(self, some: Some) -> None:
        """Put in what else those have who begin."""
        self._look(some)
        if self._bonus is not None:
            rows = np.flatnonzero(self.clock[some.places] == FAR)
            self._grow(some, rows, some.clock[rows])

    def _grow(self, some: Some, rows: NDArray[np.int64], at: NDArray[np.int64]) -> None:
        """Count the years until *at*."""
        bonus, yearly = _years(some)
        bonus[rows] = self.bonus(some.anchor[rows], at)
        yearly[rows] = self.yearly(some.anchor[rows], at)

    def kept(self, some: Some) -> None:
        """Put back what else *some* has."""
        for counted, cursor in zip(self._counted, _cursors(some), strict=True):
            counted.commit(some.places, cursor)
        if self._bonus is not None and self._yearly is not None:
            self._bonus[some.places], self._yearly[some.places] = _years(some)

    def turns(self, some: Some) -> NDArray[np.int64]:
        """When something about *some* may next change by itself."""
        self._look(some)
        found = some.ends.copy()
        for cursor in _cursors(some):
            np.minimum(found, cursor.first, out=found)
        return found if self._bonus is None else np.minimum(found, _years(some)[1])

    def stepped(self, some: Some, until: NDArray[np.int64], below: NDArray[np.int64] | None = None) -> None:
        """Let time go by for *some*."""
        self._look(some)
        rows = np.flatnonzero(until > some.clock)
        if below is None:
            rows = self._quietly(some, rows, until)
        while rows.size:
            turn = self._turn(some, rows)
            on = (turn <= until[rows]) & (turn != NEVER)
            if below is None:
                self._pass(some, rows[~on], until[rows[~on]])
            else:
                on &= some.tier[rows] >= below[rows]
                on &= (turn <= self._last(some.places[rows])) | (some.ends[rows] != NEVER)
            rows, turn = rows[on], turn[on]
            self._pass(some, rows, turn)
            self._weigh(some, rows, self._level_at(some, rows), turn)

    def _quietly(self, some: Some, rows: NDArray[np.int64], until: NDArray[np.int64]) -> NDArray[np.int64]:
        """Pass the time of those of whom something leaves that they can spare, and nothing else; who is left."""
        quiet = (some.ends[rows] == NEVER) & ~some.rising(rows)
        if self._bonus is not None:
            quiet &= _years(some)[1][rows] > until[rows]
        others, rows = rows[~quiet], rows[quiet]
        for counted, cursor in zip(self._counted, _cursors(some), strict=True):
            counted.pop(cursor, rows, until[rows])
        enough = self._level_at(some, rows) >= self.levels.lows[some.tier[rows]]
        sank, rows = rows[~enough], rows[enough]
        some.clock[rows] = until[rows]
        if sank.size and self.terms.falls != "never":
            for counted, cursor in zip(self._counted, _cursors(some), strict=True):
                # Once more from the beginning, and now one by one.
                cursor.take(sank, counted.cursor(some.places[sank]))
        else:
            some.clock[sank] = until[sank]
            sank = sank[:0]
        return np.concatenate([others, sank])

    def _turn(self, some: Some, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """When next something comes that may change a tier; `NEVER` if nothing does."""
        ends = some.ends[rows]
        matters = some.rising(rows)
        if self.terms.falls != "never":
            matters |= (some.tier[rows] > 0) & (ends == NEVER)
        for cursor in _cursors(some):
            ends = np.minimum(ends, np.where(matters, cursor.first[rows], NEVER))
        return ends if self._bonus is None else np.minimum(ends, _years(some)[1][rows])

    def _pass(self, some: Some, rows: NDArray[np.int64], until: NDArray[np.int64]) -> None:
        """Let go what leaves until then."""
        for counted, cursor in zip(self._counted, _cursors(some), strict=True):
            counted.pop(cursor, rows, until)
        some.clock[rows] = until
        if self._bonus is not None:
            grown = rows[_years(some)[1][rows] <= until]
            if grown.size:
                self._grow(some, grown, some.clock[grown])

    def _last(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
        """When everything that now counts has left."""
        found: NDArray[np.int64] = np.maximum.reduce([counted.last(places) for counted in self._counted])
        return found

    def _level_at(self, some: Some, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        level = self.levels.level([cursor.sum[rows] for cursor in _cursors(some)])
        return level if self._bonus is None else level + _years(some)[0][rows]

    def level_of(self, some: Some) -> NDArray[np.int64]:
        """The score of *some* at their clocks."""
        self._look(some)
        return self._level_at(some, np.arange(len(some.places)))

    def sums_of(self, some: Some) -> list[NDArray[np.int64]]:
        """What *some* have at their clocks of each of several counts; of one thing the score."""
        if not self.terms.either:
            return [self.level_of(some)]
        self._look(some)
        return [cursor.sum.copy() for cursor in _cursors(some)]

    # Falling

    def _weigh(self, some: Some, rows: NDArray[np.int64], level: NDArray[np.int64], at: NDArray[np.int64]) -> None:
        """Let rise at once who may, and fall after their grace those who must."""
        tier = some.tier[rows]
        held = self.levels.held(level, tier)
        up = held > tier
        some.move(rows[up], held[up], at[up])
        below = held < tier if self.terms.falls != "never" else np.zeros(len(rows), bool)
        some.ends[rows[~below]] = NEVER
        rows, held, at = rows[below], held[below], at[below]
        if not rows.size:
            return
        ends = some.ends[rows]
        fresh, over = ends == NEVER, at >= ends
        if fresh.any():
            self._begin_to_fall(some, rows[fresh], held[fresh], at[fresh])
        if over.any():
            self._fall(some, rows[over], held[over], at[over])

    def _begin_to_fall(
        self, some: Some, rows: NDArray[np.int64], held: NDArray[np.int64], at: NDArray[np.int64]
    ) -> None:
        if not self._waits:
            some.move(rows, held, at)
            return
        ends = at if self._later is None else self._later(at)
        if self.terms.lasts is not None:
            ends = np.maximum(ends, self._term(some.since[rows], at))
        some.ends[rows] = ends

    def _fall(self, some: Some, rows: NDArray[np.int64], held: NDArray[np.int64], at: NDArray[np.int64]) -> None:
        lower = some.tier[rows] - 1 if self._one else held
        some.move(rows, lower, at)
        more = lower > held
        rows, at = rows[more], at[more]
        if rows.size:
            ends = at if self._later is None else self._later(at)
            some.ends[rows] = ends if self.terms.lasts is None else np.maximum(ends, self._term(at, at))

    def _term(self, since: NDArray[np.int64], at: NDArray[np.int64]) -> NDArray[np.int64]:
        """When the term is over in which *at* lies, or the first one if it begins there; they begin at *since*."""
        lasts = self.terms.lasts
        assert lasts is not None  # noqa: S101  (who asks has looked)
        found, number, rows = np.empty_like(at), 0, np.arange(len(at))
        while rows.size:
            number += 1
            if len(self._terms) < number:
                self._terms.append(_after(evolve(lasts, count=number * lasts.count), self._zone))
            found[rows] = self._terms[number - 1](since[rows])
            rows = rows[found[rows] < at[rows]]
        return found


def _after(duration: Grace, zone: ZoneInfo) -> ByDay:
    return _looked_up(duration, zone, get_ident())


@lru_cache(maxsize=64)
def _looked_up(duration: Grace, zone: ZoneInfo, _thread: int) -> ByDay:
    """What was looked up serves all members of a program; each thread has its own, for it grows while it is read."""
    return ByDay(lambda at: micros(duration.after(at, zone)), zone)


def _cursors(some: Some) -> list[Cursor]:
    return [each for each in some.extra if isinstance(each, Cursor)]


def _years(some: Some) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """What the years add, and when they add more."""
    return cast("tuple[NDArray[np.int64], NDArray[np.int64]]", tuple(some.extra[-2:]))
