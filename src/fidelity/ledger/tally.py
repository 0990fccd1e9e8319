"""Tallies: how much of something counts at an instant, for any instant, past ones too.

Knows instants and whole amounts. Does not know which window makes them leave, nor what is counted.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime, timedelta
from operator import itemgetter
from typing import TypeAlias

__all__ = ["Tally", "turns"]

#: When, and the total up to and including then.
Mark: TypeAlias = tuple[datetime, int]
#: Amounts in order of time: full blocks of marks, the last block, and how many marks of that one are ours.
#: Trails share their blocks: adding at the end of the last one leaves every other trail as it was.
#: A plain tuple, because the books make several for each event.
Trail: TypeAlias = tuple[tuple[list[Mark], ...], list[Mark], int]

_BLOCK = 256
_TICK = timedelta(microseconds=1)
_EMPTY: Trail = ((), [], 0)
_instant = itemgetter(0)


def _first(block: list[Mark]) -> datetime:
    return block[0][0]


def _adding(trail: Trail, at: datetime, amount: int) -> Trail:
    """*trail* with *amount* where *at* belongs; what lies after it is copied."""
    blocks, tail, size = trail
    if not size:
        return (), [(at, amount)], 1
    last, total = tail[size - 1]
    if at < last:
        return _inserting(trail, at, amount)
    mark = (at, total + amount)
    if size == len(tail) < _BLOCK:
        tail.append(mark)
        # Looked at again, because another thread may have appended between the two lines.
        if tail[size] is mark:
            return blocks, tail, size + 1
    if size == _BLOCK:
        return (*blocks, tail if len(tail) == size else tail[:size]), [mark], 1
    return blocks, [*tail[:size], mark], size + 1


def _inserting(trail: Trail, at: datetime, amount: int) -> Trail:
    blocks, tail, size = trail
    whole = [*blocks, tail[:size]]
    place = max(bisect_right(whole, at, key=_first) - 1, 0)
    marks = [mark for block in whole[place:] for mark in block]
    where = bisect_right(marks, at, key=_instant)
    # Where nothing lies before it in its block, nothing lies before it at all.
    before = marks[where - 1][1] if where else 0
    marks[where:] = [(at, before + amount), *((when, total + amount) for when, total in marks[where:])]
    fresh = [marks[start : start + _BLOCK] for start in range(0, len(marks), _BLOCK)]
    return (*blocks[:place], *fresh[:-1]), fresh[-1], len(fresh[-1])


def _total(trail: Trail, at: datetime) -> int:
    """The sum of what was added at *at* or before."""
    blocks, tail, size = trail
    if not size:
        return 0
    last, total = tail[size - 1]
    if at >= last:
        return total
    if at < tail[0][0]:
        place = bisect_right(blocks, at, key=_first)
        if not place:
            return 0
        tail = blocks[place - 1]
        size = len(tail)
    return tail[bisect_right(tail, at, 0, size, key=_instant) - 1][1]


def _between(trail: Trail, after: datetime, until: datetime | None) -> list[datetime]:
    """When something was added later than *after*, until *until* (None: ever)."""
    blocks, tail, size = trail
    if not size or after >= tail[size - 1][0]:
        return []
    found = [*blocks[max(bisect_right(blocks, after, key=_first) - 1, 0) :], tail[:size]]
    return [when for block in found for when, _ in block if when > after and (until is None or when <= until)]


def _changes(trail: Trail, after: datetime) -> list[Mark]:
    """What was added later than *after*, by instant."""
    found: dict[datetime, int] = {}
    before = _total(trail, after)
    for when, total in _marks(trail):
        if when > after:
            found[when] = found.get(when, 0) + total - before
            before = total
    return [mark for mark in found.items() if mark[1]]


def _merged(trail: Trail, more: Iterable[Mark]) -> Trail:
    """*trail* with *more* in between."""
    amounts, before = [], 0
    for when, total in _marks(trail):
        amounts.append((when, total - before))
        before = total
    marks: list[Mark] = []
    total = 0
    for when, amount in sorted([*amounts, *more], key=_instant):
        total += amount
        marks.append((when, total))
    if not marks:
        return _EMPTY
    blocks = [marks[start : start + _BLOCK] for start in range(0, len(marks), _BLOCK)]
    return tuple(blocks[:-1]), blocks[-1], len(blocks[-1])


def _marks(trail: Trail) -> list[Mark]:
    blocks, tail, size = trail
    return [mark for block in (*blocks, tail[:size]) for mark in block]


def _later(marks: list[Mark], horizon: datetime) -> list[Mark]:
    """The last mark before *horizon*, whose total stands for all before it, and those after."""
    return marks[max(bisect_right(marks, horizon, key=_instant) - 1, 0) :]


def _trail(marks: list[Mark]) -> Trail:
    blocks = [marks[start : start + _BLOCK] for start in range(0, len(marks), _BLOCK)]
    return (tuple(blocks[:-1]), blocks[-1], len(blocks[-1])) if blocks else _EMPTY


class Tally:
    """
    A counter with a window.

    What counts at t is what came in at t or before, less what left at t or before. What comes in has its amount
    and the instant at which it leaves; None means never. Accounts hold tallies as values: who adds, copies first.

    >>> from datetime import UTC, datetime
    >>> may, june, july = (datetime(2026, month, 1, tzinfo=UTC) for month in (5, 6, 7))
    >>> tally = Tally()
    >>> tally.add(may, 30, july)
    >>> tally.value(june), tally.value(july)
    (30, 0)
    """

    __slots__ = ("_arrivals", "_departures", "mended")

    def __init__(self, arrivals: Trail = _EMPTY, departures: Trail = _EMPTY, mended: datetime | None = None) -> None:
        self._arrivals = arrivals
        self._departures = departures
        #: When the last negative amount leaves: until then the value may rise by itself. None if there is none.
        self.mended = mended

    def copy(self) -> Tally:
        """Another tally that counts the same, to add to; costs the same however much is counted."""
        return Tally(self._arrivals, self._departures, self.mended)

    def add(self, at: datetime, amount: int, leaves: datetime | None) -> None:
        """
        Count *amount* from *at* until *leaves*.

        What leaves before it comes (goods returned after their purchase stopped counting) never counts.
        """
        if leaves is None:
            self._arrivals = _adding(self._arrivals, at, amount)
        elif at < leaves and amount:
            self._arrivals = _adding(self._arrivals, at, amount)
            self._departures = _adding(self._departures, leaves, amount)
            if amount < 0 and (self.mended is None or self.mended < leaves):
                self.mended = leaves

    def joined(self, more: Iterable[Mark], less: Iterable[Mark]) -> Tally:
        """
        A tally that counts this one's and what another one counts.

        Args:
            more: When something comes in, and how much: ``(instant, amount)``, in order.
            less: When something stops counting, and how much.
        """
        mended = self.mended
        for leaves, amount in less:
            if amount < 0 and (mended is None or mended < leaves):
                mended = leaves
        return Tally(_merged(self._arrivals, more), _merged(self._departures, less), mended)

    def told(self, since: datetime) -> tuple[list[Mark], list[Mark]]:
        """
        What `joined` needs for another tally to count as this one from *since* on.

        What came in before is told as one mark, at *since*.
        """
        more = [(since, self.value(since)), *_changes(self._arrivals, since)]
        return [mark for mark in more if mark[1]], _changes(self._departures, since)

    def value(self, at: datetime) -> int:
        """How much counts at *at*."""
        arrivals, departures = self._arrivals, self._departures
        if not arrivals[2] and not departures[2]:
            return 0
        return _total(arrivals, at) - _total(departures, at)

    def between(self, start: datetime, stop: datetime) -> int:
        """How much came in from *start* until before *stop*, less what was taken back of it."""
        arrivals = self._arrivals
        return _total(arrivals, stop - _TICK) - _total(arrivals, start - _TICK) if arrivals[2] else 0

    def told_until(self, at: datetime) -> bool:
        """Whether nothing came in later than *at*: then what counts at *at* is the `most` from then on, too."""
        _, tail, size = self._arrivals
        return not size or tail[size - 1][0] <= at

    def leaving(self, after: datetime, until: datetime | None) -> list[datetime]:
        """The instants later than *after*, until *until* (None: ever), at which something stops counting."""
        return _between(self._departures, after, until)

    def coming(self, after: datetime, until: datetime | None) -> list[datetime]:
        """The instants later than *after*, until *until* (None: ever), at which something comes in."""
        return _between(self._arrivals, after, until)

    @property
    def first(self) -> datetime | None:
        """When the first thing came in that is still known; None if nothing did."""
        blocks, tail, size = self._arrivals
        block = blocks[0] if blocks else tail
        return block[0][0] if blocks or size else None

    @property
    def last_leaving(self) -> datetime | None:
        """When everything that ever stops counting has stopped."""
        _, tail, size = self._departures
        return tail[size - 1][0] if size else None

    def most(self, start: datetime, stop: datetime | None) -> int:
        """
        The most that counts at any instant from *start* until before *stop*.

        For what happened at *start* but is learned late: a limit holds in every window that contains it.
        """
        later = [when for when in _between(self._arrivals, start, stop) if when != stop]
        return max(self.value(when) for when in (start, *later)) if later else self.value(start)

    def since(self, horizon: datetime) -> tuple[list[Mark], list[Mark]]:
        """What came and what left, as marks with their totals: all that `of` needs for answers from *horizon* on."""
        return _later(_marks(self._arrivals), horizon), _later(_marks(self._departures), horizon)

    @classmethod
    def of(cls, arrivals: list[Mark], departures: list[Mark], mended: datetime | None) -> Tally:
        """The tally that `since` told of."""
        return cls(_trail(arrivals), _trail(departures), mended)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Tally):
            return NotImplemented
        mine, theirs = (self._arrivals, self._departures), (other._arrivals, other._departures)
        return [_marks(trail) for trail in mine] == [_marks(trail) for trail in theirs]

    __hash__ = None  # type: ignore[assignment]  # it can be added to

    def __repr__(self) -> str:
        return f"<Tally of {len(_marks(self._arrivals))}>"


def turns(tallies: Iterable[Tally], after: datetime, until: datetime) -> list[datetime]:
    """When something comes into any of *tallies* or stops counting, later than *after*, until *until*, in order."""
    return sorted({when for each in tallies for when in (*each.coming(after, until), *each.leaving(after, until))})
