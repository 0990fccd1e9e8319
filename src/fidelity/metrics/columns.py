"""Columns: lists, arrays and columns of any dataframe as numpy's own, with what numpy would bend kept as it came."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from fidelity.errors import MetricError

__all__ = ["REAL", "Column", "absent", "cited", "column", "of_types", "refusal", "refuse_rows"]

#: A list, an array, a column of any dataframe.
Column: TypeAlias = Any
#: What counts as a number, but for numpy's lengths of time and complex numbers, which are numbers to numpy alone.
REAL = (int, float, np.number, np.bool_, Decimal, Fraction)
_FIRST = 5
_QUOTED = 60
_LARGEST = np.iinfo(np.int64).max


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


def refusal(argument: str, why: str, remedy: str) -> MetricError:
    """The error that refuses *argument* as a whole."""
    return MetricError(f"{argument}: {why}; {remedy}", argument=argument, rows=np.empty(0, np.int64))


def cited(value: object) -> str:
    """A value as an error quotes it, no longer than fits into a sentence."""
    try:
        text = repr(value)
    except ValueError:  # whole numbers of thousands of digits
        text = "a number of very many digits"
    return text if len(text) <= _QUOTED else f"{text[:_QUOTED]}…"


def column(argument: str, values: Column) -> NDArray[Any]:
    """
    *values* as a numpy array of one dimension, without a copy where there need not be one.

    Raises:
        MetricError: If it is a single value, a text, a set, a table, or empty.
    """
    if isinstance(values, set | frozenset):
        raise refusal(argument, "is a set, whose rows have no order", "give a list, an array or a column")
    if isinstance(values, str | bytes | Mapping) or not (isinstance(values, Iterable) or hasattr(values, "__array__")):
        raise refusal(argument, f"is {type(values).__name__}", "give a list, an array or a column of a dataframe")
    if isinstance(values, np.ma.MaskedArray):
        # What is masked is missing; numpy would hand out what lies beneath.
        bare = np.ma.getdata(values).astype(object)
        bare[np.ma.getmaskarray(values)] = None
        values = bare
    if hasattr(values, "to_numpy"):
        # An array of PyArrow refuses what it cannot give without a copy: texts, flags, whatever lacks a value.
        arrow = type(values).__module__.partition(".")[0] == "pyarrow"
        values = values.to_numpy(zero_copy_only=False) if arrow else values.to_numpy()
    elif not isinstance(values, np.ndarray | Sequence) and not hasattr(values, "__array__"):
        values = list(values)
    try:
        found = np.asarray(values)
    except ValueError as error:
        raise refusal(argument, "has rows of unequal length", "give one value a row") from error
    if found.ndim != 1:
        raise refusal(argument, f"has {found.ndim} dimensions", "give one column")
    if not len(found):
        raise refusal(argument, "is empty", "give at least one row")
    return _kept(values, found)


def _kept(values: Column, found: NDArray[Any]) -> NDArray[Any]:
    """*found* with what numpy would have bent as it came: whole numbers beyond 64 bits, texts among numbers, NA."""
    kind = found.dtype.kind
    if kind == "u" and found.dtype.itemsize == 8 and found.max() > _LARGEST:  # noqa: PLR2004 -- bytes of 64 bits
        return found.astype(object)
    if isinstance(values, Sequence) and (kind in "US" or (kind == "f" and np.abs(found).max() >= 2.0**63)):
        types = {*map(type, values)}
        if (kind in "US" and len(types) > 1) or types == {int}:
            return np.array(values, object)
    if kind == "O":
        missing = [each for each in {*map(type, found.tolist())} if each.__name__ == "NAType"]
        if missing:
            return np.array([None if type(each) in missing else each for each in found.tolist()], object)
    return found


def absent(found: NDArray[Any]) -> NDArray[np.bool_]:
    """Which rows have no value: None, NaN, NaT."""
    kind = found.dtype.kind
    if kind in "mMf":
        made: NDArray[np.bool_] = np.isnan(found) if kind == "f" else np.isnat(found)
        return made
    if kind != "O" or {*map(type, found.tolist())} == {str}:
        return np.zeros(len(found), bool)
    return np.array([each is None or _unlike_itself(each) for each in found.tolist()], bool)


def _unlike_itself(each: object) -> bool:
    try:
        unlike = each != each  # noqa: PLR0124 -- NaN and NaT are; of a list in a row there would be many answers
    except ArithmeticError:  # a signalling NaN of decimals
        return True
    return isinstance(unlike, bool | np.bool_) and bool(unlike)


def of_types(found: NDArray[Any], types: tuple[type, ...], *, but: tuple[type, ...] = ()) -> NDArray[np.bool_]:
    """Which rows of objects are of *types*, and of none of those *but*."""
    listed = found.tolist()
    said = {kind: issubclass(kind, types) and not issubclass(kind, but) for kind in {*map(type, listed)}}
    return np.array([said[type(each)] for each in listed], bool)
