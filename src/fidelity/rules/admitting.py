"""Admitting: each column of a table as the whole numbers, codes and masks that a kernel takes, checked at the door."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeAlias

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from fidelity.errors import FidelityError, TableError
from fidelity.language.kinds import Amount, Day, Flag, Instant, Kind, Whole
from fidelity.language.quantities import EPOCH_DAY, micros
from fidelity.values.money import Money, minor_digits, money
from fidelity.values.spelling import shown

__all__ = [
    "BEYOND",
    "EMPTY",
    "Array",
    "Coded",
    "Naive",
    "Ragged",
    "admit",
    "array_of",
    "bad_rows",
    "beyond",
    "column_of",
    "flags",
    "instants",
    "outside",
    "utc",
]

Array: TypeAlias = "NDArray[Any]"
#: How many rows an error names.
_FIRST = 5
#: What is said of rows without a value, and what to do.
EMPTY = ("has rows without a value", "fill them, or leave these rows out")
#: What is said of instants that no program knows, and what to do.
BEYOND = ("lies outside its bounds, 1900 to 2199", "mend these rows")
_FROM, _BELOW = np.datetime64("1900"), np.datetime64("2200")
#: Units of a datetime64 that say days, or less, and no moment.
_DAYS = ("Y", "M", "W", "D")


def _codes(value: object) -> Array:
    found = np.asarray(value)
    if found.ndim != 1 or found.dtype.kind not in "iu":
        message = f"codes are one column of whole numbers, not {shown(value)}"
        raise TableError(message, value=value)
    return found


def _words(value: Iterable[str]) -> tuple[str, ...]:
    return tuple(value)


@frozen(eq=False)
class Coded:
    """
    A column of texts, each row the place of its text in *words*: as dictionaries and categories have them.

    Args:
        codes: One whole number a row.
        words: The texts.
    """

    codes: Array = field(converter=_codes)
    words: tuple[str, ...] = field(converter=_words)

    def __len__(self) -> int:
        return len(self.codes)


@frozen(eq=False)
class Naive:
    """A column of instants, as datetime64, that do not say in which zone they are."""

    values: Array

    def __len__(self) -> int:
        return len(self.values)


@frozen(eq=False)
class Ragged:
    """
    A column with a list of texts in each row.

    Attributes:
        row: For each text the place of its row, in order.
        texts: All of them.
        rows: How many rows there are.
    """

    row: Array
    texts: Coded
    rows: int

    def __len__(self) -> int:
        return self.rows


def bad_rows(column: str, wrong: Array, values: Any, why: str, remedy: str) -> TableError:  # noqa: ANN401 -- any column
    """The error that names *column*, the first rows where *wrong* holds, what stands there, and what to do."""
    rows = [int(each) for each in np.flatnonzero(wrong)[:_FIRST]]
    count = int(np.count_nonzero(wrong))
    told = ", ".join(f"row {row}: {shown(_plain(values[row]))}" for row in rows)
    more = f", and {count - len(rows):,} more" if count > len(rows) else ""
    message = f'column "{column}" {why} ({told}{more}); {remedy}'
    return TableError(message, column=column, rows=tuple(rows), count=count, mask=wrong)


def _plain(value: object) -> object:
    return value.item() if isinstance(value, np.generic) else value


def admit(column: str, values: object, kind: Kind, currency: str) -> Array:
    """
    The column as whole numbers in base units, or as truth. Whether they lie in their bounds, the kernel finds out.

    Args:
        column: Its name, for errors.
        values: An array or a list.
        kind: What its field is declared as.
        currency: The program's.

    Raises:
        TableError: If it holds what its field cannot.
    """
    if isinstance(values, Coded):
        values = np.array(values.words, object).take(values.codes) if len(values) else []
    if isinstance(values, Naive):
        if isinstance(kind, Instant):
            return instants(column, values)
        values = values.values
    found = column_of(column, values)
    if _nothing(found):
        return np.zeros(0, np.int8)
    match kind:
        case Whole():
            return _whole(column, found)
        case Amount():
            return _amounts(column, found, currency)
        case Flag():
            return flags(column, found)
        case Day():
            return _days(column, found)
        case Instant():
            return instants(column, found)
    message = f'column "{column}" is {type(kind).__name__.lower()}, which is no number'
    raise TableError(message, column=column)


def array_of(values: object) -> Array:
    """A column as an array; what is masked has no value."""
    if isinstance(values, np.ma.MaskedArray):
        whole = np.asarray(values.data)
        if values.mask.any():
            whole = whole.astype(object)
            whole[values.mask] = None
        return whole
    if not isinstance(values, list | tuple):
        return np.asarray(values)
    kinds = set(map(type, values))
    if len(kinds) > 1 and (str in kinds or bool in kinds):
        # numpy would write numbers among texts as texts, which are whole units, and truth among numbers as numbers.
        whole = np.empty(len(values), object)
        whole[:] = values
        return whole
    return np.asarray(values)


def column_of(column: str, values: object) -> Array:
    """
    The column called *column* as an array.

    Raises:
        TableError: If it has not one value for each row.
    """
    try:
        found = array_of(values)
    except ValueError:  # lists of different lengths
        found = np.empty((0, 0))
    if found.ndim != 1:
        message = f'column "{column}" has not one value for each row; write a list, or an array of one dimension'
        raise TableError(message, column=column)
    return found


def _refuse_floats(column: str, found: Array, remedy: str) -> None:
    if found.dtype.kind == "f":
        empty = np.isnan(found)
        if empty.any():
            raise bad_rows(column, empty, found, *EMPTY)
        raise bad_rows(column, np.ones(len(found), bool), found, "holds floats, which are not exact", remedy)
    if found.dtype.kind in "mMcSV":
        message = f'column "{column}" holds {_said(found)}, not numbers; {remedy}'
        raise TableError(message, column=column)


def _each(column: str, found: Array, read: Callable[[Any], int], remedy: str) -> Array:
    """The objects of a column, one by one."""
    numbers = np.zeros(len(found), np.int64)
    wrong = np.zeros(len(found), bool)
    why = "holds what cannot be read"
    for row, each in enumerate(found):
        try:
            numbers[row] = read(each)
        except (FidelityError, TypeError, ValueError, OverflowError) as error:
            if not wrong.any() and isinstance(error, FidelityError):
                remedy = error.message
            wrong[row] = True
    missing = np.array([each is None for each in found], bool) if wrong.any() else wrong
    if missing.any():
        raise bad_rows(column, missing, found, *EMPTY)
    if wrong.any():
        raise bad_rows(column, wrong, found, why, remedy)
    return numbers


def _said(found: Array) -> str:
    """What a column holds, as one would say it."""
    return {"U": "texts", "S": "bytes", "M": "days or instants", "c": "complex numbers"}.get(
        found.dtype.kind, str(found.dtype)
    )


def _exact_int(value: object) -> int:
    if type(value) is not int and not isinstance(value, np.integer):
        message = f"{value!r} is no whole number"
        raise TypeError(message)
    return int(value)


def _nothing(found: Array) -> bool:
    # A list of nothing has no type of its own.
    return not len(found) and found.dtype.kind in "fO"


def _whole(column: str, found: Array) -> Array:
    if found.dtype.kind in "iu":
        return found
    remedy = 'write whole numbers: table["' + column + '"].astype("int64")'
    if found.dtype.kind == "O":
        return _each(column, found, _exact_int, remedy)
    _refuse_floats(column, found, remedy)
    message = f'column "{column}" holds {_said(found)}, not whole numbers; {remedy}'
    raise TableError(message, column=column)


def _amounts(column: str, found: Array, currency: str) -> Array:
    if found.dtype.kind in "iu":
        return found
    scale = 10 ** minor_digits(currency)
    remedy = f'write whole minor units ({scale} = 1 {currency}), decimals, or texts such as "12.50"'
    _refuse_floats(column, found, remedy)
    if found.dtype.kind in "OU":

        def read(value: object) -> int:
            if isinstance(value, Money):
                amount = value
            elif isinstance(value, Decimal | str):
                text = str(value).strip()
                amount = money(text) if text[-3:].isalpha() else money(text, currency)
            else:
                return _exact_int(value)
            if amount.currency != currency:
                message = f"{amount} stands in a program in {currency}; convert it first"
                raise TableError(message, value=amount)
            return amount.minor

        return _each(column, found, read, remedy)
    message = f'column "{column}" holds {found.dtype}, not amounts; {remedy}'
    raise TableError(message, column=column)


def flags(column: str, found: Array) -> Array:
    """A column as truth."""
    if found.dtype == np.bool_:
        return found
    remedy = "write true or false"
    if found.dtype.kind == "O":
        wrong = np.array([not isinstance(each, bool | np.bool_) for each in found], bool)
        if not wrong.any():
            return found.astype(bool)
    else:
        wrong = np.ones(len(found), bool)
    raise bad_rows(column, wrong, found, "is not true or false everywhere", remedy)


def _days(column: str, found: Array) -> Array:
    if found.dtype.kind == "M":
        return _dated(column, found).astype("datetime64[D]").astype(np.int64)
    if found.dtype.kind == "O":
        remedy = 'write dates: numpy "datetime64[D]" or datetime.date'
        return _each(column, found, _day, remedy)
    message = f'column "{column}" holds {_said(found)}, not days; write dates: numpy "datetime64[D]" or datetime.date'
    raise TableError(message, column=column)


def _day(value: object) -> int:
    if not isinstance(value, date) or isinstance(value, datetime):
        message = f"{value!r} is no day"
        raise TypeError(message)
    return value.toordinal() - EPOCH_DAY


def _dated(column: str, found: Array) -> Array:
    empty = np.isnat(found)
    if empty.any():
        raise bad_rows(column, empty, found, *EMPTY)
    return found


def instants(column: str, values: object) -> NDArray[np.int64]:
    """
    A column of instants as microseconds since 1970-01-01T00:00Z. What numpy calls datetime64 is in UTC.

    Raises:
        TableError: If they are none, or have no zone.
    """
    found = _dated(column, utc(column, values))
    wrong = beyond(found)
    if wrong.any():
        raise bad_rows(column, wrong, found, *BEYOND)
    return found.astype("datetime64[us]").view(np.int64)


def beyond(found: Array) -> Array:
    """Where a column of datetime64 lies outside of what instants may be."""
    wrong: Array = (found < _FROM) | (found >= _BELOW)
    return wrong


def utc(column: str, values: object) -> Array:
    """
    A column of instants as datetime64 in UTC.

    Raises:
        TableError: If they are none, or have no zone.
    """
    if isinstance(values, Coded | Naive) and not len(values):
        return np.zeros(0, "datetime64[us]")
    if isinstance(values, Naive):
        remedy = 'say in which: .dt.tz_localize("Europe/Madrid"), in Polars .dt.replace_time_zone("Europe/Madrid")'
        raise bad_rows(column, np.ones(len(values), bool), values.values, "holds instants without a zone", remedy)
    remedy = 'write numpy "datetime64[us]" in UTC, or datetimes with a zone: .dt.tz_localize("Europe/Madrid")'
    if isinstance(values, Coded):
        message = f'column "{column}" holds texts, not instants; {remedy}'
        raise TableError(message, column=column)
    found = column_of(column, values)
    if found.dtype.kind == "M":
        if len(found) and np.datetime_data(found.dtype)[0] in _DAYS:
            raise bad_rows(column, np.ones(len(found), bool), found, "holds days, not instants", remedy)
        return found
    if found.dtype.kind == "O":
        return _each(column, found, _instant, remedy).astype(np.int64).view("datetime64[us]")
    message = f'column "{column}" holds {_said(found)}, not instants; {remedy}'
    raise TableError(message, column=column)


def _instant(value: object) -> int:
    if not isinstance(value, datetime) or value.tzinfo is None:
        message = f"{value!r} has no zone"
        raise TypeError(message)
    return micros(value)


def outside(column: str, values: Array, low: int, high: int, shows: Callable[[int], str]) -> TableError:
    """The error for numbers that lie outside the bounds of their field."""
    wrong = (values < low) | (values > high)
    why = f"lies outside its bounds, {shows(low)} to {shows(high)}"
    return bad_rows(column, wrong, values, why, "mend these rows, or declare wider bounds")
