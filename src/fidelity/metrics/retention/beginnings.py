"""Beginnings: in which period each customer began, and how many of those who began together came back in each since."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from fidelity.errors import MetricError
from fidelity.metrics.arguments import Array, Whole
from fidelity.metrics.periods import period_numbers, start_days

__all__ = ["Began", "Stretches", "by_marks", "by_sorting", "by_stretches", "few_cells", "stretches_of"]

_CELLS = 1 << 28
_FEW_PERIODS, _TABLE = 400, 20_000_000
#: Of fewer than one row for so many customers the different ones are sorted out; else there is a mark for each.
_SPARSE = 16


@frozen(eq=False)
class Began:
    """
    Who began when, and how many of them were active later.

    Attributes:
        of: In which period each customer began; the number of periods: never.
        rows: The periods in which somebody began, rising.
        sizes: How many began then.
        active: How many of them were active so many periods later; shape (rows, periods).
    """

    of: Whole
    rows: Whole
    sizes: Whole
    active: Whole


@frozen(eq=False)
class Stretches:
    """
    Rows in the order of time, which need no period each.

    Attributes:
        first: The number of the first period.
        bounds: Where the rows of each period begin, and where those of the last one end.
    """

    first: int
    bounds: Whole

    @property
    def most(self) -> int:
        """How many periods there are."""
        return len(self.bounds) - 1

    def sums(self, codes: Whole, spent: Array, began: Began) -> Array:
        """What the cohorts spent so many periods later."""
        found = np.zeros(began.active.shape)
        for place, (start, end) in enumerate(pairwise(self.bounds.tolist())):
            sums = np.bincount(began.of[codes[start:end]], spent[start:end], minlength=self.most)
            some = int(np.searchsorted(began.rows, place, "right"))
            found[np.arange(some), place - began.rows[:some]] = sums[began.rows[:some]]
        return found


def few_cells(people: int, most: int) -> bool:
    """Whether there is room for a mark for each customer and period."""
    return most <= _FEW_PERIODS and people * most <= _CELLS


def stretches_of(instants: NDArray[np.datetime64], period: str) -> Stretches | None:
    """The stretches of rows of one period each; None where they are not in the order of time, or are too many."""
    ticks = instants.view(np.int64)
    if not (ticks[1:] >= ticks[:-1]).all():
        return None
    first, last = period_numbers(instants[[0, -1]], period).tolist()
    if last - first >= _FEW_PERIODS:
        return None
    edges = start_days(np.arange(first + 1, last + 1), period).astype(instants.dtype)
    return Stretches(first, np.concatenate([[0], np.searchsorted(ticks, edges.view(np.int64)), [len(ticks)]]))


def by_stretches(codes: Whole, stretches: Stretches, people: int) -> Began:
    """From rows in the order of time."""

    def active() -> Iterator[Whole]:
        here = np.empty(people, bool)
        for start, end in pairwise(stretches.bounds.tolist()):
            if (end - start) * _SPARSE < people:
                yield np.unique(codes[start:end])
                continue
            here[:] = False
            here[codes[start:end]] = True
            yield np.flatnonzero(here)

    return _counted(active(), people, stretches.most)


def by_marks(codes: Whole, number: Whole, people: int, most: int) -> Began:
    """From one mark for each customer and period."""
    marks = np.zeros((most, people), bool)
    cells = number * people
    cells += codes
    marks.reshape(-1)[cells] = True
    return _counted(map(np.flatnonzero, marks), people, most)


def _counted(active: Iterable[Whole], people: int, most: int) -> Began:
    """From who was active in each period, one after another."""
    # As few bytes as possible, so that what is looked up stays in the processor's cache.
    began = np.full(people, most, np.min_scalar_type(most))
    table = np.zeros((most, most), np.int64)
    ages = np.arange(most)
    for place, who in enumerate(active):
        since = began.take(who)
        counts = np.bincount(since, minlength=most + 1)
        began[who[since == most]] = place
        counts[place] = counts[most]
        table[ages[: place + 1], ages[place::-1]] = counts[: place + 1]
    rows = np.flatnonzero(table[:, 0])
    return Began(began.astype(np.int64), rows, table[rows, 0], table[rows])


def by_sorting(codes: Whole, number: Whole, people: int, most: int) -> Began:
    """
    The same where there are too many customers and periods for a mark each.

    Raises:
        MetricError: If the table itself would be too large.
    """
    began = np.full(people, most)
    np.minimum.at(began, codes, number)
    sizes = np.bincount(began[began < most], minlength=most)
    rows = np.flatnonzero(sizes)
    if len(rows) * most > _TABLE:
        message = f"period: gives a table of {len(rows):,} × {most:,}; choose a longer one, or leave out stray dates"
        raise MetricError(message, argument="period", rows=np.empty(0, np.int64))
    pairs = np.unique(codes * most + number)
    who, when = pairs // most, pairs % most
    cell = np.searchsorted(rows, began[who]) * most + (when - began[who])
    return Began(began, rows, sizes[rows], np.bincount(cell, minlength=len(rows) * most).reshape(len(rows), most))
