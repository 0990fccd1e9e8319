"""Triangles: what cohorts have come to, age by age, as far as they have been watched."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from fidelity.errors import MetricError
from fidelity.metrics.arguments import (
    Array,
    Column,
    Whole,
    column,
    days,
    end_of,
    numbers,
    one_of,
    refuse_rows,
    same_length,
)
from fidelity.metrics.periods import PERIODS, first_days, period_numbers
from fidelity.metrics.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: So many cohorts and ages still make a table.
_MOST = 4_000

__all__ = ["Triangle", "redemption_triangle", "triangle_of"]


@frozen(eq=False, repr=False)
class Triangle(Result):
    """
    Cumulative amounts, one row a cohort, one column an age.

    Attributes:
        names: The cohorts, oldest first; k of them.
        values: What each had come to at each age; shape (k, m), NaN where that is still to come.
    """

    names: tuple[str, ...]
    values: Array

    @property
    def last(self) -> Whole:
        """The last age that was seen of each cohort, from 0; shape (k,)."""
        return np.asarray((~np.isnan(self.values)).sum(axis=1) - 1, np.int64)

    @property
    def latest(self) -> Array:
        """What was seen last of each cohort; shape (k,)."""
        return self.values[np.arange(len(self.values)), self.last]

    def _heads(self) -> Sequence[str]:
        return "cohort", *(str(age + 1) for age in range(self.values.shape[1]))

    def _rows(self) -> Iterable[Sequence[object]]:
        for name, row in zip(self.names, self.values.tolist(), strict=True):
            yield name, *row

    def _title(self) -> str:
        return "Cumulative amounts by age"

    def _draw(self, ax: Axes) -> None:
        ages = np.arange(1, self.values.shape[1] + 1)
        for place, (name, row) in enumerate(zip(self.names, self.values, strict=True)):
            share = place / max(len(self.names) - 1, 1)
            ax.plot(ages, row, "o-", ms=3, color=(0.12 + 0.6 * share, 0.23 + 0.55 * share, 0.43 + 0.45 * share),
                    label=name if place in {0, len(self.names) - 1} else None)  # fmt: skip
        ax.set_xticks(ages)
        ax.set_xlabel("age")
        ax.legend()
        ax.set_title(self._title())


def triangle_of(values: Column | Triangle, names: Column = None) -> Triangle:
    """
    A triangle from rows, a table or an array.

    Raises:
        MetricError: If it is none: no numbers, gaps, negative amounts, a cohort that was never seen, or names of
            another length.
    """
    table = values.values if isinstance(values, Triangle) else _table(values)
    seen: NDArray[np.bool_] = ~np.isnan(table)
    gaps: NDArray[np.bool_] = np.any(seen[:, 1:] & ~seen[:, :-1], axis=1)
    negative: NDArray[np.bool_] = np.any(np.where(seen, table, 0.0) < 0, axis=1)
    refuse_rows("triangle", ~seen[:, 0], "has no first amount", "leave out cohorts that were not seen, oldest first")
    refuse_rows("triangle", gaps, "has a gap", "give each amount up to the last")
    refuse_rows("triangle", negative, "is negative", "give cumulative amounts of 0 or more")
    rows = len(table)
    if names is not None:
        called = tuple(str(each) for each in column("names", names).tolist())
        if len(called) != rows:
            message = f"names: has {len(called):,} rows, not {rows:,}; name each cohort"
            raise MetricError(message, argument="names", rows=np.empty(0, np.int64))
    elif isinstance(values, Triangle):
        called = values.names
    else:
        called = tuple(str(place + 1) for place in range(rows))
    return Triangle(called, table)


def _table(values: Column) -> Array:
    """Rows of numbers as one array, the shorter ones filled with NaN."""
    if hasattr(values, "to_numpy"):
        values = values.to_numpy()
    rows: list[Any] = list(values) if isinstance(values, Sequence | np.ndarray) and not isinstance(values, str) else []
    if not rows or any(isinstance(row, str) or not isinstance(row, Sequence | np.ndarray) for row in rows):
        message = "triangle: is no table; give one row of cumulative amounts for each cohort"
        raise MetricError(message, argument="triangle", rows=np.empty(0, np.int64))
    filled = np.full((len(rows), max(1, *(len(row) for row in rows))), np.nan)
    wrong = np.zeros(len(rows), bool)
    for place, row in enumerate(rows):
        try:
            if len(row):
                filled[place, : len(row)] = numbers("triangle", row, missing="keep")
        except MetricError:
            wrong[place] = True
    refuse_rows("triangle", wrong, "is no row of finite numbers", "give amounts, None for what is still to come")
    # Columns that no cohort has reached yet say nothing.
    reached = int((~np.isnan(filled)).any(axis=0).sum())
    return filled[:, : max(reached, 1)]


def redemption_triangle(
    earned: Column,
    redeemed: Column,
    points: Column,
    *,
    period: str = "month",
    until: str | np.datetime64 | None = None,
) -> Triangle:
    """
    How many points of each period's earning had been redeemed so many periods later.

    Args:
        earned: When the points of each redemption were earned; one row a lot of points that a redemption took from.
        redeemed: When they were redeemed; not before.
        points: How many; 0 or more.
        period: ``"day"``, ``"week"``, ``"month"``, ``"quarter"`` or ``"year"``.
        until: Up to when the data reach, included: a day to its end, or an instant; the last redemption unless told.
            The period it lies in counts as whole.

    Returns:
        A `Triangle`: a row for every period from the first earning to *until*, the first age being the period itself.

    Raises:
        MetricError: If points were redeemed before they were earned or after *until*, columns differ in length, or the
            period is so short that there would be more than 4,000 of them.

    Note:
        A last period that has not ended yet looks like one in which little was redeemed: give an *until* at the end of
        a period, and leave out what came later.

    Source:
        The form: T. Mack, ASTIN Bulletin 23 (1993) 213–225, section 1.

    >>> found = redemption_triangle(
    ...     ["2026-01-05", "2026-01-20", "2026-02-03"],
    ...     ["2026-01-30", "2026-03-02", "2026-03-09"],
    ...     [40, 25, 10],
    ... )
    >>> found.names, found.values.tolist()
    (('2026-01', '2026-02', '2026-03'), [[40.0, 40.0, 65.0], [0.0, 10.0, nan], [0.0, nan, nan]])
    """
    one_of("period", period, PERIODS)
    amounts = numbers("points", points, low=0)
    start, end = days("earned", earned), days("redeemed", redeemed)
    same_length(earned=start, redeemed=end, points=amounts)
    refuse_rows("redeemed", end < start, "lies before it was earned", "mend the dates of those rows")
    last = end.max() if until is None else end_of("until", until).last
    refuse_rows("redeemed", end > last, "lies after until", "leave those rows out, or give a later until")
    origin, when = period_numbers(start, period), period_numbers(end, period)
    first, cohorts = int(origin.min()), int(period_numbers(np.array([last]), period)[0]) - int(origin.min()) + 1
    if cohorts > _MOST:
        message = f"period: gives a table of {cohorts:,} × {cohorts:,}; choose a longer one, or leave out stray dates"
        raise MetricError(message, argument="period", rows=np.empty(0, np.int64))
    flat = np.bincount((origin - first) * cohorts + when - origin, amounts, minlength=cohorts * cohorts)
    values = flat.reshape(cohorts, cohorts).cumsum(axis=1)
    ages = np.arange(cohorts)
    values[ages[:, None] + ages >= cohorts] = np.nan
    return Triangle(tuple(first_days(ages + first, period)), values)
