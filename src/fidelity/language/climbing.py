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

#: For a value of the field the thresholds, and what is given below, between and above them.
Rung = tuple[Sequence[int], Sequence[int]]


@frozen(eq=False)
class _Searched:
    """All thresholds of all values of the field in one order; *span* numbers belong to each."""

    marks: NDArray[np.int64]
    given: Array
    span: int

    def places(self, row: Array, since: Array) -> NDArray[np.intp]:
        """Where what is given stands for rows of the table and numbers, these counted from the first."""
        return np.searchsorted(self.marks, np.multiply(row, self.span, dtype=np.int64) + since, side="right")


@frozen(eq=False)
class _Filled:
    """What is given where cells are *open*."""

    searched: _Searched
    open: int

    def __call__(self, found: Array, row: Array, since: Array, out: Array) -> None:
        """Write what was *found*, and what is searched for."""
        rows = np.flatnonzero(found == self.open)
        filled = self.searched.given.take(self.searched.places(row.take(rows), since.take(rows)))
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
    first, last = int(marks[0]) - 1, int(marks[-1])
    span = last - first + 1
    if len(cut) * span > np.iinfo(np.int64).max:
        return None
    searched = _searched(cut, first, span)
    since = do.minus(do.between(number, first, last), first)
    if len(cut) * span <= _DIRECT:
        table = searched.given.take(_places(searched, len(cut), np.arange(span)))
        return do.from_table(table.reshape(-1), do.plus(do.times(row, span), since))
    # A slot holds as many numbers as it must so that there are not too many slots, a stretch as many slots.
    by = -(-span // _SLOTS)
    slots = np.unique((marks - first) // by)
    across = min(len(slots) + 1, max(_STRETCHES, _CELLS // len(cut)))
    starts = np.unique(np.append(slots[:: -(-len(slots) // (across - 1))], 0))
    first_places = _places(searched, len(cut), starts * by)
    last_places = _places(searched, len(cut), np.append(starts[1:] * by, span) - 1)
    low, high = int(searched.given.min()), int(searched.given.max())
    mark = low - 1 if width(low - 1, high).itemsize == searched.given.itemsize else high + 1
    table = searched.given.take(first_places).astype(width(min(low, mark), max(high, mark)))
    open_ = first_places != last_places
    table[open_] = mark

    index = width(0, table.size)
    stretch_of = np.searchsorted(starts, np.arange(span // by + 1), side="right") - 1
    stretch = do.from_table(stretch_of.astype(index), do.floored(since, by))
    found = do.from_table(table.reshape(-1), do.plus(do.times(row, len(starts)), stretch))
    if not open_.any():
        return found
    fill = _Filled(searched, mark)
    return do.steps.step(fill, [found, row, since], found.dtype, low, high, over=True)


def _cut(thresholds: Sequence[int], given: Sequence[int], low: int, high: int) -> tuple[list[int], list[int]]:
    below = sum(each <= low for each in thresholds)
    above = sum(each > high for each in thresholds)
    return list(thresholds[below : len(thresholds) - above]), list(given[below : len(given) - above])


def _searched(cut: Sequence[Rung], first: int, span: int) -> _Searched:
    marks: list[int] = []
    given: list[int] = [0]
    for row, (thresholds, values) in enumerate(cut):
        marks += [row * span, *(row * span + each - first for each in thresholds)]
        given += values
    return _Searched(np.array(marks, np.int64), narrowed(given), span)


def _places(searched: _Searched, rows: int, since: Array) -> Array:
    return searched.places(np.arange(rows)[:, None], since[None, :])


def narrowed(values: Sequence[int]) -> Array:
    """*values* in the narrowest type that holds them."""
    return np.array(values, width(min(values), max(values)))
