"""The clock on the wall of a place, for whole columns of instants: looked up by the quarter of an hour.

Every zone of today changes its clock at a quarter of an hour, and so does nobody's date or hour in between; where a
zone once did otherwise, each instant is asked by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from fidelity.language.quantities import EPOCH_DAY
from fidelity.language.schema import WEEKDAYS

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from numpy.typing import NDArray

__all__ = ["MICROS_A_QUARTER", "PARTS", "local_parts", "tenure", "years_around"]

#: The parts of the local date and time that can be looked up.
PARTS = ("weekday", "date", "month", "day", "hour")
_QUARTER = 15 * 60
MICROS_A_QUARTER = _QUARTER * 1_000_000
_DAY = 24 * 3600
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: How many quarters a table may have: about a hundred years.
_LONGEST = 100 * 366 * 24 * 4


def local_parts(at: NDArray[np.int64], zone: ZoneInfo, parts: tuple[str, ...]) -> Mapping[str, NDArray[Any]]:
    """
    What the clock of *zone* shows at each instant.

    Args:
        at: Microseconds since 1970-01-01T00:00Z.
        parts: Which of `PARTS`; the weekday is its place in `WEEKDAYS`, the date days since 1970-01-01.

    >>> from zoneinfo import ZoneInfo
    >>> saturday = np.array([1_767_999_600_000_000])
    >>> {
    ...     name: int(each[0])
    ...     for name, each in local_parts(saturday, ZoneInfo("Europe/Madrid"), PARTS).items()
    ... }
    {'weekday': 5, 'date': 20463, 'month': 1, 'day': 10, 'hour': 0}
    """
    if not at.size:
        return {name: np.empty(0, np.int32) for name in parts}
    around = years_around(zone, int(at.min()) // MICROS_A_QUARTER, int(at.max()) // MICROS_A_QUARTER)
    if around is None:
        return _one_by_one(at, zone, parts)
    low, high = around
    place = (at // MICROS_A_QUARTER - low).astype(np.int32)
    return {name: _table(zone, low, high, name).take(place, mode="clip") for name in parts}


def years_around(zone: ZoneInfo, first: int, last: int) -> tuple[int, int] | None:
    """
    The quarters, from and below, of the whole years of UTC around two of them: tables of years serve many columns.

    Returns:
        None where quarters do not tell what the clock of *zone* shows, or there would be too many.
    """
    low = int((_year(first) - _EPOCH).total_seconds()) // _QUARTER
    high = int((_year(last, 1) - _EPOCH).total_seconds()) // _QUARTER
    return (low, high) if high - low <= _LONGEST and _offsets(zone, low, high) is not None else None


def _year(quarter: int, more: int = 0) -> datetime:
    when = _EPOCH + timedelta(seconds=quarter * _QUARTER)
    return datetime(when.year + more, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=32)
def _offsets(zone: ZoneInfo, low: int, high: int) -> NDArray[np.int64] | None:
    """The seconds that *zone* is ahead of UTC in each quarter; None if it changes within one."""
    found = np.empty(high - low, np.int64)
    start, ahead = low, _ahead(zone, low * _QUARTER)
    while start < high:
        # Zones change their clocks a few times a year: a day is looked through only where its ends differ.
        stop = min(start + _DAY // _QUARTER, high)
        after = _ahead(zone, stop * _QUARTER)
        found[start - low : stop - low] = ahead
        if after != ahead:
            second = _change(zone, start * _QUARTER, stop * _QUARTER, ahead)
            if second % _QUARTER or _ahead(zone, second) != after or after % _QUARTER or ahead % _QUARTER:
                return None
            found[second // _QUARTER - low : stop - low] = after
        elif ahead % _QUARTER:
            return None
        start, ahead = stop, after
    return found


def _ahead(zone: ZoneInfo, second: int) -> int:
    offset = (_EPOCH + timedelta(seconds=second)).astimezone(zone).utcoffset()
    return 0 if offset is None else int(offset.total_seconds())


def _change(zone: ZoneInfo, low: int, high: int, ahead: int) -> int:
    """The first second after *low* at which the clock of *zone* is not *ahead* any more."""
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _ahead(zone, middle) == ahead else (low, middle)
    return high


@lru_cache(maxsize=128)
def _table(zone: ZoneInfo, low: int, high: int, name: str) -> NDArray[Any]:
    offsets = _offsets(zone, low, high)
    assert offsets is not None  # noqa: S101  (the caller looked)
    return _shown(np.arange(low, high, dtype=np.int64) * _QUARTER + offsets, name)


def _shown(local: NDArray[np.int64], name: str) -> NDArray[Any]:
    """The part *name* of local seconds since 1970-01-01."""
    days = local // _DAY
    if name == "hour":
        return (local // 3600 % 24).astype(np.int8)
    if name == "weekday":
        # 1970-01-01 was a Thursday.
        return ((days + 3) % len(WEEKDAYS)).astype(np.int8)
    if name == "date":
        return days.astype(np.int32)
    dates = days.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    if name == "month":
        return (months.astype(np.int64) % 12 + 1).astype(np.int8)
    first: NDArray[Any] = ((dates - months).astype(np.int64) + 1).astype(np.int8)
    return first


def _one_by_one(at: NDArray[np.int64], zone: ZoneInfo, parts: tuple[str, ...]) -> Mapping[str, NDArray[Any]]:
    instants, places = np.unique(at, return_inverse=True)
    shown = [(_EPOCH + timedelta(microseconds=int(each))).astimezone(zone) for each in instants]
    read = {
        "weekday": lambda when: when.weekday(),
        "date": lambda when: when.toordinal() - EPOCH_DAY,
        "month": lambda when: when.month,
        "day": lambda when: when.day,
        "hour": lambda when: when.hour,
    }
    return {name: np.array([read[name](each) for each in shown], np.int32)[places] for name in parts}


def tenure(since: NDArray[np.int64], today: NDArray[Any], what: str) -> NDArray[np.int64]:
    """
    Whole days, months or years from the days *since* to the days *today*, both since 1970-01-01; none is negative.

    Args:
        what: ``tenure_days``, ``tenure_months`` or ``tenure_years``.

    >>> leap, last = np.array([np.datetime64("2020-02-29")]), np.array([np.datetime64("2025-02-28")])
    >>> [
    ...     int(tenure(leap.astype(int), last.astype(int), f"tenure_{each}")[0])
    ...     for each in ("days", "months", "years")
    ... ]
    [1826, 60, 5]
    """
    if what == "tenure_days":
        days: NDArray[np.int64] = np.maximum(today.astype(np.int64) - since, 0)
        return days
    first, last = (each.astype(np.int64).astype("datetime64[D]") for each in (since, today))
    begun, now = (each.astype("datetime64[M]") for each in (first, last))
    day, born = (last - now).astype(np.int64), (first - begun).astype(np.int64)
    months = now.astype(np.int64) - begun.astype(np.int64)
    if what == "tenure_months":
        # In a shorter month the last day stands for those that it does not have.
        ends = ((now + 1).astype("datetime64[D]") - now.astype("datetime64[D]")).astype(np.int64) - 1
        whole: NDArray[np.int64] = np.maximum(months - (day < np.minimum(born, ends)), 0)
        return whole
    same = begun.astype("datetime64[Y]").astype(np.int64) * 12
    month = begun.astype(np.int64) - same
    there = (now.astype("datetime64[Y]").astype(np.int64) * 12 + month).astype("datetime64[M]")
    ends = ((there + 1).astype("datetime64[D]") - there.astype("datetime64[D]")).astype(np.int64) - 1
    reached = last >= there.astype("datetime64[D]") + np.minimum(born, ends)
    past = now.astype("datetime64[Y]").astype(np.int64) - begun.astype("datetime64[Y]").astype(np.int64)
    years: NDArray[np.int64] = np.maximum(past - ~reached, 0)
    return years
