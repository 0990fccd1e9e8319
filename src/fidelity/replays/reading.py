"""Reading: one column of a log as numbers and words, checked at the door, whatever library it comes from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fidelity.errors import TableError
from fidelity.rules.admitting import EMPTY, Coded, Naive, Ragged, array_of, bad_rows
from fidelity.rules.frames import FrameTable
from fidelity.values.naming import name_trouble
from fidelity.values.spelling import suggest

__all__ = ["coded", "column_of", "exact", "names_of", "present", "renumbered"]

_EMPTY_TEXT = "fill them; an empty text says nothing"
#: Up to so many words each is looked for in the whole column, which is quicker than looking up each row.
_FEW = 12
#: Numbers of which one in so many is there are counted, not sorted.
_SPREAD = 8
_MOST = np.iinfo(np.int64).max


def column_of(table: Mapping[str, Any], name: str, what: str) -> Any:  # noqa: ANN401 -- a column of any kind
    """
    The column *name* of *table*; *what* says what it tells.

    Raises:
        TableError: If there is none.
    """
    if name not in table:
        hint = suggest(name, table) or f"it has {', '.join(map(str, table)) or 'none'}"
        message = f'a log needs a column "{name}": {what}; {hint}'
        raise TableError(message, column=name)
    return table[name]


def present(table: Mapping[str, Any], name: str, rows: int) -> NDArray[np.bool_]:
    """In which rows the column *name* of *table* has a value."""
    if name not in table:
        return np.zeros(rows, bool)
    if isinstance(table, FrameTable) and name not in table.more:
        series = table.frame.get_column(table.names[name])
        if not series.null_count():
            return np.ones(rows, bool)
        return ~np.asarray(series.is_null().to_numpy(), bool)
    return _told(table[name], rows)


def _told(values: object, rows: int) -> NDArray[np.bool_]:
    """In which *rows* there is a value."""
    if isinstance(values, Coded):
        return np.asarray(values.codes >= 0)
    if isinstance(values, list | tuple):
        return np.fromiter((each is not None and each == each for each in values), bool, len(values))  # noqa: PLR0124 -- NaN
    found = np.zeros(0) if isinstance(values, Mapping | Ragged | Naive) else array_of(values)
    match found.dtype.kind:
        case "M" if len(found):
            return ~np.isnat(found)
        case "f" if len(found):
            return ~np.isnan(found)
        case "O":
            return np.fromiter((each is not None and each == each for each in found), bool, len(found))  # noqa: PLR0124 -- NaN
    return np.ones(rows, bool)


def coded(column: str, values: object) -> Coded:
    """
    A column of texts as places among its words.

    Raises:
        TableError: If a row has no text.
    """
    if isinstance(values, Coded):
        wrong = (values.codes < 0) | (values.codes >= len(values.words))
        if wrong.any():
            raise bad_rows(column, wrong, values.codes, "has rows without a text", _EMPTY_TEXT)
        return values
    found = array_of(values)
    if found.dtype.kind not in "UO" and len(found):
        message = f'column "{column}" holds {found.dtype}, not texts; write texts, or Coded(codes, words)'
        raise TableError(message, column=column)
    if found.dtype.kind == "O":
        # Texts of numpy's own are texts of Python's as well.
        if not set(map(type, found.tolist())) <= {str, np.str_}:
            wrong = np.fromiter((not isinstance(each, str) for each in found), bool, len(found))
            if wrong.any():
                raise bad_rows(column, wrong, found, "has rows without a text", _EMPTY_TEXT)
    elif (few := _few(found)) is not None:
        return few
    listed = found.tolist()
    places = {each: place for place, each in enumerate(dict.fromkeys(listed))}
    codes = np.fromiter(map(places.__getitem__, listed), np.int64, len(listed))
    return Coded(codes, tuple(places))


def _few(texts: NDArray[np.str_]) -> Coded | None:
    """*texts* as places among their words, if there are few; None: there are many."""
    codes, words = np.full(len(texts), _FEW, np.uint8), list[str]()
    while len(texts) and codes[first := int(np.argmax(codes))] == _FEW:
        if len(words) == _FEW:
            return None
        codes[texts == texts[first]] = len(words)
        words.append(str(texts[first]))
    return Coded(codes, tuple(words))


def names_of(column: str, values: object, rows: int) -> Coded:
    """
    A column of names, texts or whole numbers, as places among them.

    Raises:
        TableError: If a row has no name, or one that names nothing.
    """
    if not isinstance(values, Coded):
        found = array_of(values)
        if found.dtype.kind in "iu":
            return _Names(*_whole(found))
        if found.dtype.kind not in "UO" and len(found):
            if not (there := _told(found, len(found))).all():
                raise bad_rows(column, ~there, np.full(len(found), None), *EMPTY)
            message = f'column "{column}" holds {found.dtype}, not names; write texts or whole numbers'
            raise TableError(f'{message}: table["{column}"].astype("int64")', column=column)
    told = coded(column, values)
    trouble = {place: why for place, each in enumerate(told.words) if (why := name_trouble(each, column))}
    if trouble:
        wrong = np.isin(told.codes, list(trouble))
        if wrong.any():
            texts = np.array(told.words, object).take(told.codes)
            raise bad_rows(column, wrong, texts, "holds what cannot be a name", next(iter(trouble.values())))
    if len(told) != rows:
        message = f'column "{column}" has {len(told):,} rows and the table {rows:,}'
        raise TableError(message, column=column)
    return told


def _whole(numbers: NDArray[np.integer[Any]]) -> tuple[NDArray[np.int64], tuple[Any, ...]]:
    """*numbers* as places among those that there are, in their order."""
    low, high = (int(numbers.min()), int(numbers.max())) if len(numbers) else (0, -1)
    if high - low > _SPREAD * len(numbers) or high > _MOST:
        words, codes = np.unique(numbers, return_inverse=True)
        return codes, tuple(words.tolist())
    # Numbers that lie close together, as most do, are counted instead of sorted.
    there = np.zeros(high - low + 1, bool)
    places = numbers.astype(np.int64) - low
    there[places] = True
    words = np.flatnonzero(there)
    order = np.cumsum(there) - 1
    return order.take(places), tuple((words + low).tolist())


class _Names(Coded):
    """Names that are whole numbers: they come back as they came."""


def exact(values: Any, *, gaps: bool) -> Any:  # noqa: ANN401 -- a column of any kind
    """
    The column *values*; floats that only *gaps* in the column have made of whole numbers are whole numbers again.

    pandas has no gaps in a column of whole numbers, unless it is of its own type.
    """
    if gaps and isinstance(values, np.ndarray) and values.dtype.kind == "f":
        whole = np.isfinite(values) & (np.abs(values) < 2.0**53) & (np.floor(values) == values)
        if whole.all():
            return values.astype(np.int64)
    return values


def renumbered(error: TableError, places: NDArray[np.int64], rows: int) -> TableError:
    """*error*, which counts some rows of a table, told of the rows at *places* of a table of so many *rows*."""
    mask = np.zeros(rows, bool)
    mask[places[np.asarray(error.facts["mask"], bool)]] = True
    numbers = iter(error.facts.get("rows", ()))  # type: ignore[call-overload]
    named: list[int] = []

    def other(found: re.Match[str]) -> str:
        row = next(numbers, None)
        if row is None or int(found.group(1)) != row:
            return found.group()
        named.append(int(places[row]))
        return f"row {named[-1]}:"

    message = re.sub(r"row (\d+):", other, error.message)
    facts = error.facts | {"mask": mask, "rows": tuple(named)}
    return TableError(message, **facts)
