"""Coding: the names in a column as places, counted once, however a dataframe holds them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fidelity.errors import MetricError
from fidelity.metrics.arguments import Column, Whole, column, refuse_rows

__all__ = ["codes_of", "named"]

#: Whole numbers that reach no farther than this many times the rows are their own places.
_DENSE = 4


def named(argument: str, given: Column) -> tuple[tuple[str, ...], Whole]:
    """The names and the place of each row's, as `codes_of`; a blank text names nothing."""
    names, codes = codes_of(argument, given)
    blank = [place for place, name in enumerate(names) if not name.strip()]
    if blank:
        refuse_rows(argument, np.isin(codes, blank), "is blank", "name one in every row")
    return names, codes


def codes_of(argument: str, given: Column) -> tuple[tuple[str, ...], Whole]:
    """The names, sorted as texts or numbers are, and the place of each row's; names of cases may be left out."""
    seen: tuple[Sequence[Any], Whole] | None = _counted_by_pandas(argument, given)
    if seen is None:
        values = column(argument, given)
        if values.dtype.kind != "O":
            return _of_array(argument, values)
        seen = _first_seen(argument, values)
    found, codes = seen
    if argument == "case":  # whose names nobody asks for, in whatever order
        return (), codes
    texts = [str(each) for each in found]
    if len(set(texts)) < len(texts):
        twice = next(each for each in texts if texts.count(each) > 1)
        message = f"{argument}: has a number and a text that both read {twice!r}; write one of them otherwise"
        raise MetricError(message, argument=argument, rows=np.empty(0, np.int64))
    ordered = sorted(range(len(found)), key=texts.__getitem__)
    rank = np.empty(len(found), np.int64)
    rank[ordered] = np.arange(len(found))
    return tuple(texts[place] for place in ordered), rank[codes]


def _of_array(argument: str, values: NDArray[Any]) -> tuple[tuple[str, ...], Whole]:
    """The names of an array that holds no objects, and the place of each row's."""
    if values.dtype.kind in "iu":
        low, high = int(values.min()), int(values.max())
        if high - low < _DENSE * len(values) + 1000:
            # Dense numbers are places already; only those that occur keep a name.
            shifted = (values - low).astype(np.int64, copy=False)
            if argument == "case":
                return (), shifted
            used = np.flatnonzero(np.bincount(shifted))
            places = np.empty(high - low + 1, np.int64)
            places[used] = np.arange(len(used))
            return tuple(str(each + low) for each in used.tolist()), places[shifted]
    if values.dtype.kind == "f":
        refuse_rows(argument, np.isnan(values), "is missing", "name one in every row")
    names, codes = np.unique(values, return_inverse=True)
    return tuple(str(each) for each in names.tolist()), codes.astype(np.int64, copy=False)


def _counted_by_pandas(argument: str, given: Column) -> tuple[Sequence[Any], Whole] | None:
    """
    What a column of texts of pandas says of itself, several times as fast as anything that looks at every object.

    None where it is none, or where something is missing, which is looked for row by row.
    """
    if type(given).__module__.partition(".")[0] != "pandas" or getattr(given, "ndim", 0) != 1 or not len(given):
        return None
    if getattr(given.dtype, "kind", "O") != "O":
        return None
    places, names = given.factorize()
    # Names are many where they name cases, and nobody asks for those.
    return None if int(places.min()) < 0 else (names if argument == "case" else list(names), places)


def _first_seen(argument: str, values: NDArray[Any]) -> tuple[list[Any], Whole]:
    """The names in the order in which they were first seen, and the place of each row's: one look at every row."""
    listed = values.tolist()
    seen: defaultdict[Any, int] = defaultdict(count().__next__)
    codes = np.fromiter(map(seen.__getitem__, listed), np.int64, len(listed))
    if any(each is None or each != each for each in seen):  # noqa: PLR0124 -- NaN
        lost = np.fromiter((each is None or each != each for each in listed), bool, len(listed))  # noqa: PLR0124 -- NaN
        refuse_rows(argument, lost, "is missing", "name one in every row")
    return list(seen), codes
