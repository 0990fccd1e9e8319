"""Cohorts: who began together, and how many of them came back as time went on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from fidelity.errors import MetricError
from fidelity.metrics.arguments import (
    Array,
    Column,
    Whole,
    coded,
    column,
    days,
    fraction,
    numbers,
    one_of,
    same_length,
)
from fidelity.metrics.periods import PERIODS, period_numbers, start_days
from fidelity.metrics.proportions import interval_of_share
from fidelity.metrics.results import Interval, Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Cohorts", "cohorts", "dense_codes"]

_CELLS = 1 << 28
_FEW_PERIODS, _TABLE = 400, 20_000_000
_DENSE = 4


@frozen(eq=False, repr=False)
class Cohorts(Result):
    """
    One row for each period in which somebody began, one column for each period since.

    Attributes:
        starts: The first day of each cohort's period; shape (k,).
        sizes: How many began then; shape (k,).
        active: How many of them bought so many periods later; shape (k, m); NaN where that is still to come.
        values: What they spent then; None where no values were given.
        period: How long a period is.
        level: How sure the intervals are.
    """

    starts: NDArray[np.datetime64]
    sizes: Whole
    active: Array
    values: Array | None
    period: str
    level: float

    @property
    def retention(self) -> Array:
        """The share of each cohort that was active; shape (k, m)."""
        return np.asarray(self.active / self.sizes[:, None])

    @property
    def overall(self) -> Array:
        """The share active so many periods later, of all cohorts that have come so far; shape (m,)."""
        seen = ~np.isnan(self.active)
        return np.asarray(np.nansum(self.active, axis=0) / (seen * self.sizes[:, None]).sum(axis=0))

    def interval(self, cohort: int, age: int) -> Interval:
        """
        Where the share of the cohort at place *cohort* lies, *age* periods later, by Wilson.

        Raises:
            MetricError: If that is still to come.
        """
        share = float(self.retention[cohort, age])
        if np.isnan(share):
            message = f"age: {age} {self.period}s after {self.starts[cohort]} are still to come; ask for fewer"
            raise MetricError(message, argument="age", rows=np.empty(0, np.int64))
        return interval_of_share(share, float(self.sizes[cohort]), self.level)

    def _heads(self) -> Sequence[str]:
        return self.period, "began", *(f"+{age}" for age in range(self.active.shape[1]))

    def _rows(self) -> Iterable[Sequence[object]]:
        for start, size, row in zip(self.starts, self.sizes.tolist(), self.retention.tolist(), strict=True):
            yield str(start), size, *("" if share != share else f"{100 * share:.0f} %" for share in row)  # noqa: PLR0124

    def _title(self) -> str:
        return f"Cohorts by {self.period}, share active"

    def _draw(self, ax: Axes) -> None:
        shares = 100 * self.retention
        later = shares[:, 1:]
        most = float(np.nanmax(later)) if later.size and not np.isnan(later).all() else 100.0
        ax.imshow(shares, aspect="auto", cmap="Blues", vmin=0, vmax=most)
        ax.set_xlabel(f"{self.period}s since they began")
        ax.set_yticks(range(len(self.starts)), [str(each) for each in self.starts])
        if shares.size <= 400:  # noqa: PLR2004 -- more cannot be read
            for (row, place), share in np.ndenumerate(shares):
                if not np.isnan(share):
                    dark = share > most / 2
                    ax.text(place, row, f"{share:.0f}", ha="center", va="center", color="white" if dark else "black")
        ax.set_title(f"{self._title()}, %")


def dense_codes(argument: str, values: Column) -> tuple[Whole, int, NDArray[np.generic]]:
    """
    The place of each row's customer, how many places there are, and who they are.

    Whole numbers that are dense already keep their own places, which costs nothing; all others are sorted.
    """
    found = column(argument, values)
    if found.dtype.kind in "iu":
        low, high = int(found.min()), int(found.max())
        if high - low < max(_DENSE * len(found), 1 << 16):
            codes = found.astype(np.int64, copy=False) if not low else found.astype(np.int64) - low
            return codes, high - low + 1, np.arange(low, high + 1)
    names, codes = coded(argument, found)
    return codes, len(names), names


def cohorts(
    customers: Column, at: Column, values: Column = None, *, period: str = "month", level: float = 0.95
) -> Cohorts:
    """
    Who bought for the first time in the same period, and how many of them bought again in each period since.

    Args:
        customers: Who bought; one row a purchase, in any order.
        at: When; instants are read in UTC, so give local days where midnight matters.
        values: What it came to; the result then has what each cohort spent.
        period: ``"day"``, ``"week"`` (from Monday), ``"month"``, ``"quarter"`` or ``"year"``.
        level: How sure the intervals are to cover the truth.

    Returns:
        `Cohorts`; the period 0 is the one in which they began, of which all were active.

    Raises:
        MetricError: If columns differ in length, a value or a time is missing, or the period is unknown, or so short
            beside the time that the table would have more than 20 million cells.

    Note:
        It misleads in its last column and in the last cohort where the last period is not over yet, and where the data
        begin in the middle of a customer's history: the first cohort is then made of old customers.

    Source:
        Counting; intervals by Wilson, as `proportion`. The reading by age: P. S. Fader, B. G. S. Hardie, What's wrong
        with this CLV formula? (2012).

    >>> found = cohorts(
    ...     ["ann", "bob", "ann", "cy", "bob"],
    ...     ["2026-01-03", "2026-01-09", "2026-02-01", "2026-02-05", "2026-03-02"],
    ... )
    >>> found.sizes.tolist(), found.active.tolist()
    ([2, 1], [[2.0, 1.0, 1.0], [1.0, 0.0, nan]])
    """
    one_of("period", period, PERIODS)
    level = fraction("level", level)
    codes, people, _ = dense_codes("customers", customers)
    number = period_numbers(days("at", at), period)
    spent = None if values is None else numbers("values", values, low=0)
    same_length(customers=codes, at=number, values=spent)
    first = int(number.min())
    number = number - first
    most = int(number.max()) + 1
    if people * most > _CELLS:
        used, codes = np.unique(codes, return_inverse=True)
        people = len(used)
    few = most <= _FEW_PERIODS and people * most <= _CELLS
    began = _by_cells(codes, number, people, most) if few else _by_sorting(codes, number, people, most)
    sizes = np.bincount(began.of[began.of < most], minlength=most)
    rows = np.flatnonzero(sizes)
    ages = np.arange(most)
    table = np.where(ages < most - rows[:, None], began.active(rows), np.nan)
    amounts: Array | None = None
    if spent is not None:
        start = began.of[codes]
        cell = np.searchsorted(rows, start) * most + (number - start)
        sums = np.bincount(cell, spent, minlength=len(rows) * most).reshape(len(rows), most)
        amounts = np.where(np.isnan(table), np.nan, sums).astype(np.float64)
    return Cohorts(start_days(rows + first, period), sizes[rows], table, amounts, period, level)


@frozen(eq=False)
class _Began:
    """In which period each customer began (the number of periods: never), and what counts who was active."""

    of: Whole
    count: Callable[[Whole], Array]

    def active(self, rows: Whole) -> Array:
        """How many of the cohorts that began at *rows* were active at each age."""
        return self.count(rows)


def _by_cells(codes: Whole, number: Whole, people: int, most: int) -> _Began:
    """From one mark for each customer and period."""
    marks = np.zeros((most, people), np.uint8)
    marks.reshape(-1)[number * people + codes] = 1
    began = _earliest(marks)

    def count(rows: Whole) -> Array:
        # Whoever began together stands together, so that a row of marks is counted by sums of its stretches.
        order = np.argsort(began, kind="stable")
        starts = np.searchsorted(began[order], rows)
        order = order[: int(np.searchsorted(began[order], most))]
        active = np.zeros((len(rows), most))
        for place in range(most):
            cohorts_so_far = int(np.searchsorted(rows, place, "right"))
            if not cohorts_so_far:
                continue
            counts = np.add.reduceat(marks[place][order], starts[:cohorts_so_far], dtype=np.int64)
            if cohorts_so_far < len(rows):
                # The last stretch ends where the next cohort begins.
                last = slice(int(starts[cohorts_so_far - 1]), int(starts[cohorts_so_far]))
                counts[-1] = int(marks[place][order[last]].sum())
            active[np.arange(cohorts_so_far), place - rows[:cohorts_so_far]] = counts
        return active

    return _Began(began.astype(np.int64), count)


def _earliest(marks: NDArray[np.uint8]) -> NDArray[np.integer[Any]]:
    """The first row with a mark, column by column; the number of rows where there is none."""
    most, people = marks.shape
    if most > np.iinfo(np.uint8).max:
        began = np.full(people, most)
        for place in reversed(range(most)):
            np.copyto(began, place, where=marks[place].view(bool))
        return began
    # Bytes alone: a mark becomes its row, and no mark 255, which is never the least.
    first, row = np.full(people, most, np.uint8), np.empty(people, np.uint8)
    for place in range(most):
        np.subtract(marks[place], 1, out=row)
        np.bitwise_or(row, place, out=row)
        np.minimum(first, row, out=first)
    return first


def _by_sorting(codes: Whole, number: Whole, people: int, most: int) -> _Began:
    """
    The same where there are too many customers and periods for a mark each.

    Raises:
        MetricError: If the table itself would be too large.
    """
    began = np.full(people, most)
    np.minimum.at(began, codes, number)

    def count(rows: Whole) -> Array:
        if len(rows) * most > _TABLE:
            message = (
                f"period: gives a table of {len(rows):,} × {most:,}; choose a longer one, or leave out stray dates"
            )
            raise MetricError(message, argument="period", rows=np.empty(0, np.int64))
        pairs = np.unique(codes * most + number)
        who, when = pairs // most, pairs % most
        cell = np.searchsorted(rows, began[who]) * most + (when - began[who])
        return np.bincount(cell, minlength=len(rows) * most).reshape(len(rows), most).astype(np.float64)

    return _Began(began, count)
