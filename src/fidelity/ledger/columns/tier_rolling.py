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

#: The last instant at which anything may be.
_LATEST = NEVER - 1


class Rolling(Standings):
    """The tiers of many members whose score is that of the last so long, or of ever."""

    def __init__(
        self, terms: TierTerms, zone: ZoneInfo, members: int, since: NDArray[np.int64], *, remembers: bool,
        room: int = 0,
    ) -> None:  # fmt: skip
        super().__init__(terms, zone, members, since, remembers=remembers)
        self._zone = zone
        rolls = terms.over.duration is not None
        self._counted = [Departures(members, room if rolls else 0) for _ in self.levels.names]
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
        up, off = level >= self.levels.highs.take(tier), level < self.levels.lows.take(tier)
        graced = np.flatnonzero((self.ends[who] != NEVER) & ~off)
        if graced.size:
            self.ends[self.places(who, graced)] = NEVER
        rows = np.flatnonzero(up)
        if rows.size:
            self._rise(self.places(who, rows), level.take(rows), now.take(rows))
        rows = np.flatnonzero(off)
        if rows.size:
            some = Some(self, self.places(who, rows))
            self._look(some)
            self._weigh(some, np.arange(len(rows)), level[rows], now[rows])
            self.put_back(some)

    def _rise(self, places: NDArray[np.int64], level: NDArray[np.int64], at: NDArray[np.int64]) -> None:
        """Let rise at once those who reach more than they have; the rest about them stays."""
        tier = self.levels.earned(level)
        self.tier[places], self.since[places] = tier, at
        self.log.add(places, at, tier)
        ends = np.full(len(places), NEVER)
        for counted in self._counted:
            np.minimum(ends, counted.first.take(places), out=ends)
        self.next[places] = ends if self._yearly is None else np.minimum(ends, self._yearly.take(places))

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
        some = amount != 0
        # Where most count, all are put: beside each other they cost less than they take room.
        if 2 * np.count_nonzero(some) < len(some) or not counts.all():
            counts &= some
            rows = np.flatnonzero(counts)
            who, leaves, amount = self.places(who, rows), leaves.take(rows), amount.take(rows)
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
        while rows.size:
            if below is not None:
                rows = rows[some.tier[rows] >= below[rows]]
            ends = np.minimum(until.take(rows), _LATEST)
            falls = some.ends.take(rows)
            turn = self._turn(some, rows, falls)
            reached, on = self._pass(some, rows, np.minimum(turn, ends), falls)
            # Where nothing turned nothing is left to do.
            on |= turn <= ends
            if below is not None:
                on &= (reached <= self._last(some.places[rows])) | (falls != NEVER)
            turned = np.flatnonzero(on)
            rows, reached = rows.take(turned), reached.take(turned)
            if rows.size:
                self._weigh(some, rows, self._level_at(some, rows), reached)

    def _turn(self, some: Some, rows: NDArray[np.int64], falls: NDArray[np.int64]) -> NDArray[np.int64]:
        """
        When next something comes that may change a tier, those in *rows* fall first; `NEVER` if nothing does.

        What leaves is left out where it only lets a score sink: `_pass` sees when that is too low.
        """
        found, several = falls, len(self._counted) > 1 and self.terms.falls != "never"
        if several or some.mended is not None:
            each = some.rising(rows)
            if several:
                each |= (some.tier[rows] > 0) & (falls == NEVER)
            for cursor in _cursors(some):
                found = np.minimum(found, np.where(each, cursor.first[rows], NEVER))
        return found if self._bonus is None else np.minimum(found, _years(some)[1][rows])

    def _pass(
        self, some: Some, rows: NDArray[np.int64], until: NDArray[np.int64], falls: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Let go what leaves until then, or until the score sinks too low; until when that was, and whose sank."""
        least = None
        if len(self._counted) == 1 and self.terms.falls != "never":
            least = self.levels.lows.take(some.tier.take(rows))
            if self._bonus is not None:
                least = np.where(least == FAR, FAR, least - _years(some)[0].take(rows))
            # Who falls anyway, in time, or may rise by itself is looked at when it is time.
            least[falls != NEVER] = FAR
            if some.mended is not None:
                least[some.rising(rows)] = FAR
        sank = np.zeros(len(rows), bool)
        for counted, cursor in zip(self._counted, _cursors(some), strict=True):
            until, sank = counted.pop(cursor, rows, until, least)
        some.clock[rows] = until
        if self._bonus is not None:
            grown = rows[_years(some)[1][rows] <= until]
            if grown.size:
                self._grow(some, grown, some.clock[grown])
        return until, sank

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
        if up.any():
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
