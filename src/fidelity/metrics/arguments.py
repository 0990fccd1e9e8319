"""Arguments: columns as arrays, checked at the door. One error names the argument, the first rows and the remedy."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import Any, TypeAlias

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from fidelity.metrics.columns import REAL, Column, absent, cited, column, of_types, refusal, refuse_rows
from fidelity.metrics.distinct import distinct
from fidelity.metrics.instants import TICKS_A_DAY, End, days, end_of, tells_zone, whole_days

__all__ = [
    "TICKS_A_DAY",
    "Array", "Column", "End", "Groups", "Whole", "coded", "column", "days", "end_of", "flags", "fraction", "groups_of",
    "numbers", "one_each", "one_of", "real", "refuse_rows", "same_length", "tells_zone", "weights_of", "whole",
    "whole_days",
]  # fmt: skip

Array: TypeAlias = NDArray[np.float64]
Whole: TypeAlias = NDArray[np.int64]
#: Farther from zero nothing is measured, and squares of variances leave the range of floats.
_FARTHEST = 1e50
#: The most that numpy counts to.
_MOST = np.iinfo(np.int64).max


def numbers(
    argument: str,
    values: Column,
    *,
    low: float | None = None,
    high: float | None = None,
    above: float | None = None,
    whole: bool = False,
    missing: str = "refuse",
) -> Array:
    """
    *values* as floats, each within its bounds.

    Args:
        argument: The name that an error tells.
        values: A list, an array, or a column of a dataframe.
        low, high: The least and the most, both included.
        above: More than this.
        whole: Whether only whole numbers are taken.
        missing: ``"refuse"``, or ``"keep"`` to leave NaN where a value is missing.

    Raises:
        MetricError: If one is not a number, is missing or out of bounds.
    """
    found = column(argument, values)
    array = np.asarray(found, np.float64) if found.dtype.kind in "biuf" else _floats(argument, found)
    # The ends tell whether anything is wrong at all: where something is missing, they are NaN and within nothing.
    least, most = float(array.min()), float(array.max())
    if not (
        least >= -_FARTHEST
        and most <= _FARTHEST
        and (low is None or least >= low)
        and (above is None or least > above)
        and (high is None or most <= high)
    ):
        lost = np.isnan(array)
        if missing == "refuse":
            refuse_rows(argument, lost, "is missing", "leave those rows out, or say how they are treated")
        refuse_rows(argument, np.isinf(array), "is infinite", "give finite numbers")
        if low is not None:
            refuse_rows(argument, array < low, f"is less than {low:g}", f"give numbers from {low:g}")
        if above is not None:
            refuse_rows(argument, array <= above, f"is not more than {above:g}", f"give more than {above:g}")
        if high is not None:
            refuse_rows(argument, array > high, f"is more than {high:g}", f"give numbers up to {high:g}")
        beyond = f"is farther from 0 than {_FARTHEST:g}"
        refuse_rows(argument, np.abs(array) > _FARTHEST, beyond, "tell it in a larger unit, or mend those rows")
    if whole:
        refuse_rows(argument, ~np.isnan(array) & (array != np.floor(array)), "is not whole", "give whole numbers")
    return array


def _floats(argument: str, found: NDArray[Any]) -> Array:
    """Objects as floats, NaN where there is none; texts, dates and lengths of time are no numbers."""
    lost = absent(found)
    if found.dtype.kind == "O":
        wrong = ~lost & ~of_types(found, REAL, but=(np.timedelta64, np.complexfloating))
    else:
        wrong = np.ones(len(found), bool)
    refuse_rows(argument, wrong, "is not a number", "give numbers")
    try:
        return np.array([np.nan if gone else float(each) for gone, each in zip(lost, found.tolist(), strict=True)])
    except (OverflowError, ValueError):
        raise refusal(argument, "holds a number beyond 1.8e308, or none", "give finite numbers") from None


def one_each(
    argument: str, values: Column, rows: int, *, low: float | None = 0.0, above: float | None = None
) -> Array:  # fmt: skip
    """
    One number for each row: a column of them, or a single number for all.

    Raises:
        MetricError: If one is missing or out of bounds, or there are more or fewer than *rows*.
    """
    if isinstance(values, int | float | np.number) and not isinstance(values, bool):
        return np.full(rows, float(numbers(argument, [values], low=low, above=above)[0]))
    found = numbers(argument, values, low=low, above=above)
    if len(found) != rows:
        raise refusal(argument, f"has {len(found):,} rows, not {rows:,}", "give one number, or one for each row")
    return found


def whole(argument: str, value: Any, *, low: int = 0, high: int | None = None) -> int:  # noqa: ANN401 -- checked here
    """
    A single whole number from *low* to *high*.

    Raises:
        MetricError: If it is none.
    """
    known = isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool | np.timedelta64)
    if not known or (not isinstance(value, int) and not isfinite(value)) or value != int(value):
        raise refusal(argument, f"is {cited(value)}", "give a whole number")
    if not low <= value <= (_MOST if high is None else high):
        bound = f"from {low:,}" if high is None and value < low else f"from {low:,} to {high or _MOST:,}"
        raise refusal(argument, f"is {cited(value)}", f"give a whole number {bound}")
    return int(value)


def real(
    argument: str,
    value: Any,  # noqa: ANN401 -- checked here
    *,
    low: float | None = None,
    high: float | None = None,
    above: float | None = None,
) -> float:
    """
    A single finite number, within its bounds: *low* and *high* included, more than *above*.

    Raises:
        MetricError: If it is none.
    """
    number = _number(value)
    bounds = [f"more than {above:g}"] if above is not None else [f"from {low:g}"] if low is not None else []
    bounds += [f"to {high:g}" if above is None and low is not None else f"up to {high:g}"] if high is not None else []
    if (
        not isfinite(number)
        or (low is not None and number < low)
        or (above is not None and number <= above)
        or (high is not None and number > high)
    ):
        raise refusal(argument, f"is {cited(value)}", f"give a finite number {' '.join(bounds)}".strip())
    if abs(number) > _FARTHEST:
        raise refusal(argument, f"is farther from 0 than {_FARTHEST:g}", "tell it in a larger unit")
    return number


def _number(value: object) -> float:
    """A single number as a float; NaN where it is none, infinite where it is too large for one."""
    if not isinstance(value, REAL) or isinstance(value, bool | np.bool_ | np.timedelta64 | np.complexfloating):
        return np.nan
    try:
        return float(value)
    except OverflowError:
        return np.inf
    except ValueError:
        return np.nan


def fraction(argument: str, value: Any, *, low: float = 0.0, high: float = 1.0) -> float:  # noqa: ANN401 -- checked here
    """
    A single number between *low* and *high*, both left out: a level of confidence, a share.

    Raises:
        MetricError: If it is none.
    """
    number = _number(value)
    if not low < number < high:
        raise refusal(argument, f"is {cited(value)}", f"give a number between {low:g} and {high:g}")
    return number


def one_of(argument: str, value: str, choices: Sequence[str]) -> str:
    """
    *value*, if it is one of *choices*.

    Raises:
        MetricError: If it is not.
    """
    if not isinstance(value, str) or value not in choices:
        raise refusal(argument, f"is {cited(value)}", f"choose {', '.join(repr(each) for each in choices)}")
    return value


def same_length(**columns: NDArray[Any] | None) -> int:
    """
    How many rows the columns have, all of them.

    Raises:
        MetricError: If they differ.
    """
    given = {name: len(each) for name, each in columns.items() if each is not None}
    (first, rows), *others = given.items()
    for name, length in others:
        if length != rows:
            raise refusal(name, f"has {length:,} rows and {first} has {rows:,}", "give one value for each row of both")
    return rows


def weights_of(argument: str, values: Column, rows: int) -> Array:
    """
    Weights, one a row; ones if None were given.

    Raises:
        MetricError: If one is negative or missing, or all are zero.
    """
    if values is None:
        return np.ones(rows)
    found = numbers(argument, values, low=0)
    if len(found) != rows:
        raise refusal(argument, f"has {len(found):,} rows, not {rows:,}", "give one weight for each row")
    if not found.sum() > 0:
        raise refusal(argument, "is zero in every row", "give at least one weight above zero")
    if found.min() < 1 / _FARTHEST:
        nearly = (found > 0) & (found < 1 / _FARTHEST)
        refuse_rows(argument, nearly, f"is above 0 by less than {1 / _FARTHEST:g}", "give 0, or weights around 1")
    return found


def flags(argument: str, values: Column, rows: int) -> NDArray[np.bool_]:
    """
    Yes or no for each row.

    Raises:
        MetricError: If it has another length, or holds anything but true, false, 0 and 1.
    """
    found = column(argument, values)
    if len(found) != rows:
        raise refusal(argument, f"has {len(found):,} rows, not {rows:,}", "say yes or no for each row")
    if found.dtype.kind == "b":
        return found
    said = numbers(argument, found)
    refuse_rows(argument, (said != 0) & (said != 1), "is neither true nor false", "give true or false, or 1 or 0")
    return said.astype(bool)


@frozen(eq=False)
class Groups:
    """
    Which group each row belongs to.

    Attributes:
        names: The groups, sorted as their values sort.
        codes: The place of its group, row by row.
    """

    names: tuple[str, ...]
    codes: Whole

    def rows(self, place: int) -> Whole:
        """The rows of the group at *place*."""
        return np.flatnonzero(self.codes == place)


def groups_of(argument: str, values: Column, rows: int) -> Groups:
    """
    The groups that a column names.

    Raises:
        MetricError: If it has another length, or no group in some row.
    """
    found = column(argument, values)
    if len(found) != rows:
        raise refusal(argument, f"has {len(found):,} rows, not {rows:,}", "name a group for each row")
    names, codes = coded(argument, found)
    return Groups(tuple(str(each) for each in names.tolist()), codes)


def coded(argument: str, values: NDArray[Any]) -> tuple[NDArray[Any], Whole]:
    """
    The different values of a column, sorted, and the place of each row's among them.

    Raises:
        MetricError: If a value is missing.
    """
    refuse_rows(argument, absent(values), "is missing", "name one in every row")
    if values.dtype.kind == "O" and {*map(type, values.tolist())} not in ({str}, {int}):
        values = values.astype(str)
    return distinct(values)
