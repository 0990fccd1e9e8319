"""Climbing: what many rules on one field give to whole columns, looked up in one table whatever their number.

The table has a row for each value of the field and a column for each stretch of the number that is compared. Where the
thresholds are so many that a stretch has to hold several of them, its cell stays open for the values of the field whose
rules change within it; the few events that meet an open cell are searched for, one by one.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from fidelity.language.arithmetic import Arithmetic
from fidelity.language.kernel import Array, Cell, width

__all__ = ["climbed", "narrowed"]

#: How many cells a table may have to stay near the processor, with a column for each number and for each stretch.
_DIRECT, _CELLS = 1 << 18, 1 << 20
#: How many stretches a table has at least, however many values the field has.
_STRETCHES = 64
#: How many places the table has in which a number finds its stretch.
_SLOTS = 1 << 16
#: Into how many parts, as a power of two, what ladders look at is cut where their ends are made alike.
_ALIKE = 4
#: How many thresholds a rung may have so that a number is compared with all of them.
_FEW = 32
#: What an event costs in nanoseconds: to look up its stretch, to see whether its cell is open, to search if it is.
_LOOKING, _FILLING, _SEARCHING = 0.75, 0.25, 50.0
#: Which share of the cells may hold what is too large for a byte.
_BEYOND = 0.002

#: For a value of the field the thresholds, and what is given below, between and above them.
Rung = tuple[Sequence[int], Sequence[int]]


@frozen(eq=False)
class _Searched:
    """All thresholds of all values of the field in one order; *span* numbers belong to each."""

    marks: NDArray[np.int64]
    given: Array
    span: int
    few: NDArray[np.int64] | None
    before: NDArray[np.int64]

    @classmethod
    def of(cls, cut: Sequence[Rung], first: int, span: int) -> _Searched:
        """
        The thresholds of *cut*, counted from *first*.

        Where no rung has many of them they also stand side by side, *few* of each, so that a number is compared with
        all those of its rung: for few events that is quicker than to search among all.
        """
        marks: list[int] = []
        given: list[int] = [0]
        before: list[int] = []
        for row, (thresholds, values) in enumerate(cut):
            before.append(len(marks) + 1)
            marks += [row * span, *(row * span + each - first for each in thresholds)]
            given += values
        widest = max(len(thresholds) for thresholds, _ in cut)
        few = None
        if widest <= _FEW and widest * len(cut) <= _DIRECT:
            few = np.full((len(cut), widest), span, np.int64)
            for row, (thresholds, _) in enumerate(cut):
                few[row, : len(thresholds)] = [each - first for each in thresholds]
        return cls(np.array(marks, np.int64), narrowed(given), span, few, np.array(before, np.int64))

    def places(self, row: Array, since: Array) -> NDArray[np.intp]:
        """Where what is given stands for rows of the table and numbers, these counted from the first."""
        return np.searchsorted(self.marks, np.multiply(row, self.span, dtype=np.int64) + since, side="right")

    def found(self, row: Array, since: Array) -> Array:
        """What is given for rows of the table and numbers: as many of the one as of the other."""
        if self.few is None:
            return self.given.take(self.places(row, since))
        reached = np.count_nonzero(self.few.take(row, axis=0) <= since[:, None], axis=1)
        found: Array = self.given.take(self.before.take(row) + reached)
        return found


@frozen(eq=False)
class _Filled:
    """What is given where cells are *open*."""

    searched: _Searched
    open: int

    def __call__(self, found: Array, row: Array, since: Array, out: Array) -> None:
        """Write what was *found*, and what is searched for."""
        rows = np.flatnonzero(found == self.open)
        filled = self.searched.found(row.take(rows), since.take(rows))
        if out is not found:
            np.copyto(out, found)
        out[rows] = filled


def climbed(do: Arithmetic, rungs: Sequence[Rung], row: Cell, number: Cell) -> Cell | None:
    """
    The step after which it is known what the rungs give.

    Args:
        do: Writes the steps.
        rungs: For each value of the field.
        row: Which rung it is, counted from 0.
        number: What is compared.

    Returns:
        None if the numbers lie too far apart to be put in one order.
    """
    # Thresholds below the bounds are always reached, those above never.
    cut = [_cut(*each, number.low, number.high) for each in rungs]
    marks = np.array(sorted({each for thresholds, _ in cut for each in thresholds}), np.int64)
    if not len(marks):
        return do.from_table(narrowed([given[0] for _, given in cut]), row)
    first, last = _around(marks, number, len(cut))
    span = last - first + 1
    if len(cut) * span > np.iinfo(np.int64).max:
        return None
    searched = _Searched.of(cut, first, span)
    since = do.minus(do.between(number, first, last), first)
    if len(cut) * span <= _DIRECT:
        table = searched.given.take(_places(searched, len(cut), np.arange(span)))
        return do.from_table(table.reshape(-1), do.plus(do.times(row, span), since))
    across = max(_STRETCHES, _CELLS // len(cut))
    best = min(_tables(searched, len(cut), marks - first, across), key=lambda each: each.cost)
    stretch = do.floored(since, best.by)
    if best.stretch_of is not None:
        stretch = do.from_table(best.stretch_of, stretch)
    found = do.from_table(best.cells.reshape(-1), do.plus(do.times(row, best.cells.shape[1]), stretch))
    if best.mark is None:
        return found
    given, cells = searched.given, best.cells.dtype
    # A mark that the values leave no room for makes cells wider than what is given.
    dtype = cells if cells.itemsize >= given.itemsize else given.dtype
    low, high = int(given.min()), int(given.max())
    filled = _Filled(searched, best.mark)
    return do.steps.step(filled, [found, row, since], dtype, low, high, over=dtype == cells)


@frozen(eq=False)
class _Table:
    """
    What is given, by row and by stretch of the number.

    Attributes:
        cells: What is given, or *mark*: it has to be searched for.
        by: How many numbers a slot holds.
        stretch_of: For each slot its stretch; None if each slot is one.
        cost: What an event costs with it, roughly, in nanoseconds.
    """

    cells: Array
    by: int
    stretch_of: Array | None
    mark: int | None
    cost: float

    @classmethod
    def of(cls, searched: _Searched, rows: int, by: int, starts: NDArray[np.int64], *, even: bool) -> _Table:
        """The table of stretches that begin with the slots *starts*, which hold *by* numbers; all of them if *even*."""
        first = _places(searched, rows, starts * by)
        last = _places(searched, rows, np.append(starts[1:] * by, searched.span) - 1)
        cells, open_ = searched.given.take(first), first != last
        found, mark = _marked(cells, open_, searched.given)
        share = float((found == mark).mean()) if mark is not None else 0.0
        stretch_of = None
        if not even:
            slots = np.arange(searched.span // by + 1)
            stretch_of = (np.searchsorted(starts, slots, side="right") - 1).astype(width(0, found.size))
        cost = (0 if even else _LOOKING) + (0 if mark is None else _FILLING + _SEARCHING * share)
        return cls(found, by, stretch_of, mark, cost)


def _tables(searched: _Searched, rows: int, marks: NDArray[np.int64], across: int) -> list[_Table]:
    """
    Tables of at most so many stretches *across*.

    Stretches of one length are divided into; others, of as many thresholds each, are looked up by slots.
    """
    span, length = searched.span, 1
    while span // length + 1 > across:
        length *= 2
    even = _Table.of(searched, rows, length, np.arange(span // length + 1), even=True)
    # A slot holds as many numbers as it must so that there are not too many slots, a stretch as many slots.
    by = -(-span // _SLOTS)
    slots = np.unique(marks // by)
    most = min(len(slots) + 1, across)
    starts = np.unique(np.append(slots[:: -(-len(slots) // (most - 1))], 0))
    return [even, _Table.of(searched, rows, by, starts, even=False)]


def _marked(cells: Array, open_: NDArray[np.bool_], given: Array) -> tuple[Array, int | None]:
    """
    *cells* with a mark in those that are open, and the mark; None if none is.

    A byte a cell stays nearer to the processor than two. The few values that no byte holds are left open with the rest.
    """
    # Of all that is given: what is searched for is written where the cells are read.
    low, high = int(given.min()), int(given.max())
    byte = np.dtype(np.uint8 if low >= 0 else np.int8)
    mark, least, most = (255, 0, 254) if low >= 0 else (-128, -127, 127)
    beyond = (cells < least) | (cells > most)
    if cells.itemsize == 1 and not open_.any():
        return cells, None
    if float((beyond & ~open_).mean()) > _BEYOND:
        if not open_.any():
            return cells, None
        mark = low - 1 if width(low - 1, high).itemsize == cells.itemsize else high + 1
        byte, beyond = width(min(low, mark), max(high, mark)), np.zeros_like(open_)
    left = open_ | beyond
    found = cells.astype(byte)
    found[left] = mark
    return found, mark if left.any() else None


def _around(marks: NDArray[np.int64], number: Cell, rows: int) -> tuple[int, int]:
    """From below the first threshold to the last; somewhat further, so that several ladders begin and end alike."""
    first, last = int(marks[0]) - 1, int(marks[-1])
    grid = 1 << max(0, (last - first).bit_length() - _ALIKE)
    low, high = max(number.low, first // grid * grid), min(number.high, -(-last // grid) * grid)
    small = rows * (last - first + 1) <= _DIRECT
    return (low, high) if small == (rows * (high - low + 1) <= _DIRECT) else (first, last)


def _cut(thresholds: Sequence[int], given: Sequence[int], low: int, high: int) -> tuple[list[int], list[int]]:
    below = sum(each <= low for each in thresholds)
    above = sum(each > high for each in thresholds)
    return list(thresholds[below : len(thresholds) - above]), list(given[below : len(given) - above])


def _places(searched: _Searched, rows: int, since: Array) -> Array:
    return searched.places(np.arange(rows)[:, None], since[None, :])


def narrowed(values: Sequence[int]) -> Array:
    """*values* in the narrowest type that holds them."""
    return np.array(values, width(min(values), max(values)))
