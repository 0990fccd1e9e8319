"""Tallies: how much of something counts at an instant, for any instant, past ones too.

Knows instants and whole amounts. Does not know which window makes them leave, nor what is counted.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import datetime
from operator import itemgetter
from typing import TypeAlias

__all__ = ["Tally", "Trail"]

#: When, and the total up to and including then.
Mark: TypeAlias = tuple[datetime, int]

_BLOCK = 256
_instant = itemgetter(0)


def _first(block: list[Mark]) -> datetime:
    return block[0][0]


class Trail:
    """
    Amounts in order of time with their running totals, as a value.

    Kept in blocks. Adding at the end shares everything with the trail before; adding in the middle copies
    what lies after. A block is a list that several trails share, each knowing how much of it is its own.
    """

    __slots__ = ("_blocks", "_size", "_tail")

    def __init__(self, blocks: tuple[list[Mark], ...] = (), tail: list[Mark] | None = None, size: int = 0) -> None:
        self._blocks = blocks
        self._tail: list[Mark] = [] if tail is None else tail
        self._size = size

    def adding(self, at: datetime, amount: int) -> Trail:
        """The trail with *amount* more from *at* on."""
        tail, size = self._tail, self._size
        if size:
            last, total = tail[size - 1]
            if at < last:
                return self._inserting(at, amount)
            mark = (at, total + amount)
            if size == _BLOCK:
                return Trail((*self._blocks, tail if len(tail) == size else tail[:size]), [mark], 1)
            if len(tail) == size:
                tail.append(mark)
                # Looked at again, because another thread may have appended between the two lines.
                if tail[size] is mark:
                    return Trail(self._blocks, tail, size + 1)
            tail = tail[:size]
            tail.append(mark)
            return Trail(self._blocks, tail, size + 1)
        return Trail((), [(at, amount)], 1)

    def _inserting(self, at: datetime, amount: int) -> Trail:
        whole = [*self._blocks, self._tail[: self._size]]
        place = max(bisect_right(whole, at, key=_first) - 1, 0)
        marks = [mark for block in whole[place:] for mark in block]
        where = bisect_right(marks, at, key=_instant)
        before = marks[where - 1][1] if where else 0
        marks[where:] = [(at, before + amount), *((when, total + amount) for when, total in marks[where:])]
        blocks = [marks[start : start + _BLOCK] for start in range(0, len(marks), _BLOCK)]
        return Trail((*self._blocks[:place], *blocks[:-1]), blocks[-1], len(blocks[-1]))

    def total(self, at: datetime) -> int:
        """The sum of what was added at *at* or before."""
        tail, size = self._tail, self._size
        if not size:
            return 0
        last, total = tail[size - 1]
        if at >= last:
            return total
        if at < tail[0][0]:
            place = bisect_right(self._blocks, at, key=_first)
            if not place:
                return 0
            tail = self._blocks[place - 1]
            size = len(tail)
        return tail[bisect_right(tail, at, 0, size, key=_instant) - 1][1]

    def between(self, after: datetime, until: datetime | None) -> list[datetime]:
        """When something was added later than *after*, until *until* (None: ever)."""
        tail = self._tail[: self._size]
        if not tail or after >= tail[-1][0]:
            return []
        blocks = [*self._blocks[max(bisect_right(self._blocks, after, key=_first) - 1, 0) :], tail]
        return [when for block in blocks for when, _ in block if when > after and (until is None or when <= until)]

    @property
    def last(self) -> datetime | None:
        """The latest instant at which something was added."""
        return self._tail[self._size - 1][0] if self._size else None

    def marks(self) -> list[Mark]:
        """Every instant with the total then."""
        return [mark for block in (*self._blocks, self._tail[: self._size]) for mark in block]

    def __eq__(self, other: object) -> bool:
        return self.marks() == other.marks() if isinstance(other, Trail) else NotImplemented

    def __hash__(self) -> int:
        return hash((self._size, len(self._blocks), self.last))


class Tally:
    """
    A counter with a window, as a value.

    What counts at t is what came in at t or before, less what left at t or before. What comes in has its amount
    and the instant at which it leaves; None means never.

    >>> from datetime import UTC, datetime
    >>> may, june, july = (datetime(2026, month, 1, tzinfo=UTC) for month in (5, 6, 7))
    >>> Tally().adding(may, 30, leaves=july).value(june)
    30
    """

    __slots__ = ("arrivals", "departures", "mended")

    def __init__(
        self, arrivals: Trail | None = None, departures: Trail | None = None, mended: datetime | None = None
    ) -> None:
        self.arrivals = Trail() if arrivals is None else arrivals
        self.departures = Trail() if departures is None else departures
        #: When the last negative amount leaves: until then the value may rise by itself. None if there is none.
        self.mended = mended

    def adding(self, at: datetime, amount: int, *, leaves: datetime | None) -> Tally:
        """
        The tally with *amount* that counts from *at* until *leaves*.

        What leaves before it comes (goods returned after their purchase stopped counting) never counts.
        """
        if leaves is None:
            return Tally(self.arrivals.adding(at, amount), self.departures, self.mended)
        if leaves <= at or not amount:
            return self
        mended = self.mended
        if amount < 0 and (mended is None or mended < leaves):
            mended = leaves
        return Tally(self.arrivals.adding(at, amount), self.departures.adding(leaves, amount), mended)

    def value(self, at: datetime) -> int:
        """How much counts at *at*."""
        return self.arrivals.total(at) - self.departures.total(at)

    def most(self, start: datetime, stop: datetime | None) -> int:
        """
        The most that counts at any instant from *start* until before *stop*.

        For what happened at *start* but is learned late: a limit holds in every window that contains it.
        """
        last = self.arrivals.last
        if last is None or last <= start:
            return self.value(start)
        later = self.arrivals.between(start, stop)
        if stop is not None:
            del later[bisect_left(later, stop) :]
        return max(self.value(when) for when in (start, *later))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Tally):
            return NotImplemented
        return self.arrivals == other.arrivals and self.departures == other.departures

    def __hash__(self) -> int:
        return hash((self.arrivals, self.departures))

    def __repr__(self) -> str:
        return f"<Tally of {len(self.arrivals.marks())}>"
