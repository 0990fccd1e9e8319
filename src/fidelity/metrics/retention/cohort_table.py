"""Cohorts: who began together, and how many of them came back as time went on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

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
    whole,
)
from fidelity.metrics.distinct import distinct
from fidelity.metrics.periods import PERIODS, period_numbers, start_days
from fidelity.metrics.proportions import interval_of_share
from fidelity.metrics.results import Interval, Result
from fidelity.metrics.retention.beginnings import by_marks, by_sorting, by_stretches, few_cells, stretches_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Cohorts", "cohorts", "dense_codes"]

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
        Where the share of the cohort at place *cohort*, from 0, lies *age* periods later, by Wilson.

        Raises:
            MetricError: If there is no such place, or that is still to come.
        """
        cohort = whole("cohort", cohort, high=len(self.sizes) - 1)
        age = whole("age", age, high=self.active.shape[1] - 1)
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

    Whole numbers that are dense already keep their own places, which costs nothing; all others are looked up.
    """
    found = column(argument, values)
    if found.dtype.kind in "iu":
        low, high = int(found.min()), int(found.max())
        if high - low < max(_DENSE * len(found), 1 << 16):
            codes = found.astype(np.int64, copy=False) if not low else found.astype(np.int64) - low
            return codes, high - low + 1, np.arange(low, high + 1)
        names, codes = distinct(found)
    else:
        names, codes = coded(argument, found)
    return codes, len(names), names


def cohorts(
    customers: Column, at: Column, values: Column = None, *, period: str = "month", level: float = 0.95
) -> Cohorts:
    """
    Who bought for the first time in the same period, and how many of them bought again in each period since.

    Args:
        customers: Who bought; one row a purchase.
        at: When, in any order, though rising costs less. Instants are read in UTC: give local days where midnight
            matters.
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
    instants = days("at", at)
    spent = None if values is None else numbers("values", values, low=0)
    same_length(customers=codes, at=instants, values=spent)
    stretches = stretches_of(instants, period)
    sums: Array | None = None
    if stretches is not None:
        first, most = stretches.first, stretches.most
        began = by_stretches(codes, stretches, people)
        if spent is not None:
            sums = stretches.sums(codes, spent, began)
    else:
        number = period_numbers(instants, period)
        first = int(number.min())
        number -= first
        most = int(number.max()) + 1
        began = (by_marks if few_cells(people, most) else by_sorting)(codes, number, people, most)
        if spent is not None:
            cell = (np.searchsorted(began.rows, began.of) * most - began.of)[codes]
            cell += number
            counted = np.bincount(cell, spent, minlength=began.active.size)
            sums = counted.reshape(began.active.shape).astype(np.float64)
    later = np.arange(most) >= most - began.rows[:, None]
    amounts = None if sums is None else np.where(later, np.nan, sums)
    table = np.where(later, np.nan, began.active)
    return Cohorts(start_days(began.rows + first, period), began.sizes, table, amounts, period, level)
