"""Arguments: columns as arrays, checked at the door. One error names the argument, the first rows and the remedy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC
from typing import Any, TypeAlias

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from fidelity.errors import MetricError

__all__ = [
    "TICKS_A_DAY",
    "Array", "Column", "Groups", "Whole", "coded", "column", "days", "flags", "fraction", "groups_of", "numbers",
    "one_each", "one_of", "refuse_rows", "same_length", "weights_of", "whole",
]  # fmt: skip

#: A list, an array, a column of any dataframe.
Column: TypeAlias = Any
Array: TypeAlias = NDArray[np.float64]
Whole: TypeAlias = NDArray[np.int64]
_FIRST = 5
#: How many of numpy's units of time a day has.
TICKS_A_DAY = {
    "D": 1, "h": 24, "m": 1_440, "s": 86_400, "ms": 86_400_000, "us": 86_400_000_000, "ns": 86_400_000_000_000,
}  # fmt: skip


def refuse_rows(argument: str, wrong: NDArray[np.bool_], why: str, remedy: str) -> None:
    """
    Refuse *argument* where any row is *wrong*.

    Raises:
        MetricError: Naming it, the first of those rows and the *remedy*.
    """
    rows = np.flatnonzero(wrong)
    if len(rows):
        first = ", ".join(str(row) for row in rows[:_FIRST]) + (", …" if len(rows) > _FIRST else "")
        places = "row" if len(rows) == 1 else f"{len(rows):,} rows, the first"
        message = f"{argument}: {why} in {places} {first}; {remedy}"
        raise MetricError(message, argument=argument, rows=rows)


def _refuse(argument: str, why: str, remedy: str) -> MetricError:
    return MetricError(f"{argument}: {why}; {remedy}", argument=argument, rows=np.empty(0, np.int64))


def column(argument: str, values: Column) -> NDArray[Any]:
    """
    *values* as a numpy array of one dimension, without a copy where there need not be one.

    Raises:
        MetricError: If it is a single value, a text, a table, or empty.
    """
    if isinstance(values, str | bytes | Mapping) or not (isinstance(values, Iterable) or hasattr(values, "__array__")):
        raise _refuse(argument, f"is {type(values).__name__}", "give a list, an array or a column of a dataframe")
    if hasattr(values, "to_numpy"):
        values = values.to_numpy()
    elif not isinstance(values, np.ndarray | Sequence) and not hasattr(values, "__array__"):
        values = list(values)
    try:
        found = np.asarray(values)
    except ValueError as error:
        raise _refuse(argument, "has rows of unequal length", "give one value a row") from error
    if found.ndim != 1:
        raise _refuse(argument, f"has {found.ndim} dimensions", "give one column")
    if not len(found):
        raise _refuse(argument, "is empty", "give at least one row")
    return found


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
    if found.dtype.kind not in "biuf":
        try:
            found = np.array([np.nan if each is None else each for each in found], dtype=np.float64)
        except (TypeError, ValueError):
            wrong = np.array([not isinstance(each, int | float | np.number | None) for each in found], bool)
            refuse_rows(argument, wrong, "is not a number", "give numbers")
            raise _refuse(argument, "holds what is not a number", "give numbers") from None
    array = np.asarray(found, np.float64)
    lost = np.isnan(array)
    if missing == "refuse":
        refuse_rows(argument, lost, "is missing", "leave those rows out, or say how they are treated")
    present = ~lost
    refuse_rows(argument, np.isinf(array), "is infinite", "give finite numbers")
    if low is not None:
        refuse_rows(argument, present & (array < low), f"is less than {low:g}", f"give numbers from {low:g}")
    if above is not None:
        refuse_rows(argument, present & (array <= above), f"is not more than {above:g}", f"give more than {above:g}")
    if high is not None:
        refuse_rows(argument, present & (array > high), f"is more than {high:g}", f"give numbers up to {high:g}")
    if whole:
        refuse_rows(argument, present & (array != np.floor(array)), "is not whole", "give whole numbers")
    return array


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
        raise _refuse(argument, f"has {len(found):,} rows, not {rows:,}", "give one number, or one for each row")
    return found


def whole(argument: str, value: Any, *, low: int = 0, high: int | None = None) -> int:  # noqa: ANN401 -- checked here
    """
    A single whole number from *low* to *high*.

    Raises:
        MetricError: If it is none.
    """
    if isinstance(value, bool) or not isinstance(value, int | np.integer | float) or value != int(value):
        raise _refuse(argument, f"is {value!r}", "give a whole number")
    if value < low or (high is not None and value > high):
        bound = f"from {low:,}" if high is None else f"from {low:,} to {high:,}"
        raise _refuse(argument, f"is {value:,}", f"give a whole number {bound}")
    return int(value)


def fraction(argument: str, value: Any, *, low: float = 0.0, high: float = 1.0) -> float:  # noqa: ANN401 -- checked here
    """
    A single number between *low* and *high*, both left out: a level of confidence, a share.

    Raises:
        MetricError: If it is none.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | np.number) or not low < float(value) < high:
        raise _refuse(argument, f"is {value!r}", f"give a number between {low:g} and {high:g}")
    return float(value)


def one_of(argument: str, value: str, choices: Sequence[str]) -> str:
    """
    *value*, if it is one of *choices*.

    Raises:
        MetricError: If it is not.
    """
    if value not in choices:
        raise _refuse(argument, f"is {value!r}", f"choose {', '.join(repr(each) for each in choices)}")
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
            raise _refuse(name, f"has {length:,} rows and {first} has {rows:,}", "give one value for each row of both")
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
        raise _refuse(argument, f"has {len(found):,} rows, not {rows:,}", "give one weight for each row")
    if not found.sum() > 0:
        raise _refuse(argument, "is zero in every row", "give at least one weight above zero")
    return found


def flags(argument: str, values: Column, rows: int) -> NDArray[np.bool_]:
    """
    Yes or no for each row.

    Raises:
        MetricError: If it has another length, or holds anything but true, false, 0 and 1.
    """
    found = column(argument, values)
    if len(found) != rows:
        raise _refuse(argument, f"has {len(found):,} rows, not {rows:,}", "say yes or no for each row")
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
        raise _refuse(argument, f"has {len(found):,} rows, not {rows:,}", "name a group for each row")
    names, codes = coded(argument, found)
    return Groups(tuple(str(each) for each in names.tolist()), codes)


def coded(argument: str, values: NDArray[Any]) -> tuple[NDArray[Any], Whole]:
    """
    The different values of a column, sorted, and the place of each row's among them.

    Raises:
        MetricError: If a value is missing.
    """
    if values.dtype.kind == "O":
        lost = np.array([each is None or each != each for each in values.tolist()], bool)  # noqa: PLR0124 -- NaN
        refuse_rows(argument, lost, "is missing", "name one in every row")
        values = values.astype(str) if any(not isinstance(each, str) for each in values.tolist()) else values
    elif values.dtype.kind == "f":
        refuse_rows(argument, np.isnan(values), "is missing", "name one in every row")
    elif values.dtype.kind in "mM":
        refuse_rows(argument, np.isnat(values), "is missing", "name one in every row")
    names, codes = np.unique(values, return_inverse=True)
    return names, codes.astype(np.int64, copy=False)


def days(argument: str, values: Column) -> NDArray[np.datetime64]:
    """
    Instants or days as numpy's own, to the microsecond: from datetimes, dates, numpy instants or ISO texts.

    Raises:
        MetricError: If one is missing or no date.
    """
    found = column(argument, values)
    if found.dtype.kind != "M":
        if found.dtype.kind == "O" and any(getattr(each, "tzinfo", None) is not None for each in found.tolist()):
            found = np.array([each.astimezone(UTC).replace(tzinfo=None) for each in found.tolist()])
        try:
            found = found.astype("datetime64[us]")
        except (TypeError, ValueError) as error:
            raise _refuse(argument, "holds what is not a date", "give dates, datetimes or ISO texts") from error
    refuse_rows(argument, np.isnat(found), "is missing", "give a date in every row")
    unit, count = np.datetime_data(found.dtype)
    return found if unit in TICKS_A_DAY and count == 1 else found.astype("datetime64[us]")
