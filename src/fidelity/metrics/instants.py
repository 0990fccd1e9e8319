"""Instants: dates, datetimes and ISO texts as numpy's own, those that tell a zone in UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fidelity.metrics.columns import REAL, Column, absent, column, of_types, refusal, refuse_rows

__all__ = ["TICKS_A_DAY", "End", "days", "end_of", "tells_zone", "whole_days"]

#: How many of numpy's units of time a day has.
TICKS_A_DAY = {
    "D": 1, "h": 24, "m": 1_440, "s": 86_400, "ms": 86_400_000, "us": 86_400_000_000, "ns": 86_400_000_000_000,
}  # fmt: skip
_DATES = "give dates, datetimes or ISO texts"
_TICK = np.timedelta64(1, "us")
_A_DAY = np.timedelta64(1, "D")
_DATE_SIGNS = 10
_CALENDAR = {"Y", "M", "W", "D"}


class End(NamedTuple):
    """
    Until when data reach.

    Attributes:
        last: The last instant that is included, to the microsecond: of a day its last.
        stop: Where the time ends, for lengths of time: of a day the beginning of the next.
        day: Whether a day, month or year was given, not an instant.
    """

    last: np.datetime64
    stop: np.datetime64
    day: bool

    def __str__(self) -> str:
        return str(self.last.astype("datetime64[D]") if self.day else self.last)


def end_of(argument: str, value: Column) -> End:
    """
    Until when data reach, included: a day (a date, or an ISO text without a time), a month or a year to its end.

    Raises:
        MetricError: If it is no single date.
    """
    given = np.empty(1, object)
    given[0] = value
    instant = days(argument, given)[0].astype("datetime64[us]")
    if isinstance(value, str) and len(value) <= _DATE_SIGNS:
        value = np.datetime64(value)
    if isinstance(value, np.datetime64) and np.datetime_data(value.dtype)[0] in _CALENDAR:
        stop = (value + 1).astype("datetime64[us]")
    elif isinstance(value, str | datetime | np.datetime64):
        return End(instant, instant, day=False)
    else:
        stop = instant + _A_DAY
    return End(stop - _TICK, stop, day=True)


def whole_days(instants: NDArray[np.datetime64]) -> bool:
    """Whether all of them lie at midnight, so that they are days rather than instants."""
    return bool((instants == instants.astype("datetime64[D]")).all())


def tells_zone(argument: str, values: Column) -> bool:
    """Whether times are told with their zone: then they are instants, also where all of them lie at midnight UTC."""
    found = column(argument, values)
    if found.dtype.kind == "U":
        return any(sign in each[10:] for each in found.tolist() for sign in "Zz+-")
    if found.dtype.kind != "O":
        return False
    return any(
        getattr(each, "tzinfo", None) is not None or (isinstance(each, str) and any(map(each[10:].count, "Zz+-")))
        for each in found.tolist()
    )


def days(argument: str, values: Column) -> NDArray[np.datetime64]:
    """
    Instants or days as numpy's own, to the microsecond: from datetimes, dates, numpy instants or ISO texts.

    Times that tell their zone, datetimes as well as texts, become those of UTC.

    Raises:
        MetricError: If one is missing or no date, or some times tell their zone and others do not.
    """
    found = column(argument, values)
    if found.dtype.kind == "O":
        found = _of_objects(argument, found)
    elif found.dtype.kind == "U":
        found = _of_texts(argument, found)
    elif found.dtype.kind in "biufc":
        raise refusal(argument, "holds numbers", _DATES)
    elif found.dtype.kind != "M":
        raise refusal(argument, "is not a date", _DATES)
    refuse_rows(argument, np.isnat(found), "is missing", "give a date in every row")
    unit, count = np.datetime_data(found.dtype)
    return found if unit in TICKS_A_DAY and count == 1 else found.astype("datetime64[us]")


def _of_objects(argument: str, found: NDArray[Any]) -> NDArray[np.datetime64]:
    """Dates, datetimes and texts as instants; NaT where there is none."""
    if {*map(type, found.tolist())} == {str}:
        return _of_texts(argument, found.astype(str))
    told = found.copy()
    told[absent(found)] = None
    texts = of_types(told, (str,))
    told[texts] = [_instant(each) for each in told[texts].tolist()]
    if of_types(told, REAL, but=(np.timedelta64,)).any():
        raise refusal(argument, "holds numbers", _DATES)
    lost = np.array([each is None for each in told.tolist()], bool)
    refuse_rows(argument, ~lost & ~of_types(told, (date, np.datetime64)), "is not a date", _DATES)
    zoned = np.array([getattr(each, "tzinfo", None) is not None for each in told.tolist()], bool)
    if zoned.any():
        _refuse_mixed(argument, ~lost & ~zoned)
        told[zoned] = [each.astimezone(UTC).replace(tzinfo=None) for each in told[zoned].tolist()]
    made: NDArray[np.datetime64] = told.astype("datetime64[us]")
    return made


def _of_texts(argument: str, found: NDArray[np.str_]) -> NDArray[np.datetime64]:
    """ISO texts as instants; NaT where there is none. Not what numpy reads besides: "today", by the clock."""
    empty = (found == "") | (found == "NaT")
    signs = np.ascontiguousarray(found).view(np.uint32).reshape(len(found), -1)
    year = np.zeros((len(found), 5), np.uint32)
    year[:, : signs.shape[1]] = signs[:, :5]
    known = ((year[:, :4] >= ord("0")) & (year[:, :4] <= ord("9"))).all(axis=1) & np.isin(year[:, 4], (0, ord("-")))
    refuse_rows(argument, ~known & ~empty, "is not a date", _DATES)
    zoned = np.isin(signs[:, 10:], [ord(each) for each in "Zz+-"]).any(axis=1)
    if not zoned.any():
        try:
            return found.astype("datetime64[us]")
        except ValueError:
            refuse_rows(argument, _unread(found.tolist()), "is not a date", _DATES)
            raise refusal(argument, "holds what is not a date", _DATES) from None
    _refuse_mixed(argument, ~zoned & ~empty)
    told = [_instant(each) for each in found.tolist()]
    refuse_rows(argument, np.array([isinstance(each, str) for each in told]), "is not a date", _DATES)
    plain = [each.astimezone(UTC).replace(tzinfo=None) if isinstance(each, datetime) else None for each in told]
    return np.array(plain, "datetime64[us]")


def _instant(text: str) -> datetime | str | None:
    """The instant of an ISO text; None of an empty one, and the text itself where it is none."""
    try:
        return datetime.fromisoformat(text) if text not in {"", "NaT"} else None
    except ValueError:
        return text


def _unread(texts: list[str]) -> NDArray[np.bool_]:
    wrong = np.zeros(len(texts), bool)
    for row, each in enumerate(texts):
        try:
            np.datetime64(each, "us")
        except ValueError:
            wrong[row] = True
    return wrong


def _refuse_mixed(argument: str, naive: NDArray[np.bool_]) -> None:
    refuse_rows(argument, naive, "tells no zone, while others do,", "give all of them with a zone, or none")
