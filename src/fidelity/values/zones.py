"""Zones: instants in UTC, days on the member's wall.

A local day begins the first time the clock on the wall shows it, and ends the last time it does.
Two nights a year these differ from "at midnight": where midnight is skipped, the day begins at the first
instant there is; where it comes twice, what ends with the day ends at the second one (SEMANTICS D4).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, available_timezones

from dateutil.relativedelta import relativedelta

from fidelity.errors import TimeError
from fidelity.values.spelling import shown, suggest

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

__all__ = [
    "UTC",
    "add_months",
    "anniversary",
    "end_of_day",
    "first_instant",
    "last_instant",
    "local_date",
    "start_of_day",
    "utc",
    "whole_years",
    "zone",
]

_MIDNIGHT = time()
_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


def utc(value: datetime, *, what: str = "at") -> datetime:
    """
    The instant *value* in UTC.

    Args:
        value: An aware datetime of any zone.
        what: How the error calls it.

    Raises:
        TimeError: For a naive datetime, a date or anything else.
    """
    # First, and by identity: nearly each datetime that comes here is in UTC already.
    if type(value) is datetime and value.tzinfo is UTC:
        return value
    if not isinstance(value, datetime):
        raise _not_an_instant(value, what)
    if value.utcoffset() is None:
        spelled = f'value.replace(tzinfo=ZoneInfo("Europe/Madrid"))'
        message = f"{what} is {value.isoformat(sep=' ')} without a zone; say whose clock it is: {spelled}"
        raise TimeError(message, what=what, value=value)
    try:
        there = value.astimezone(UTC)
    except (OverflowError, ValueError):
        message = f"{what} is {value.isoformat(sep=' ')}, beyond the calendar in UTC; use years 2 to 9998"
        raise TimeError(message, what=what, value=value) from None
    if type(there) is datetime:
        return there
    # A subclass, such as pandas.Timestamp: keep the instant, leave the class behind.
    return datetime(
        there.year, there.month, there.day, there.hour, there.minute, there.second, there.microsecond, tzinfo=UTC
    )


def _not_an_instant(value: object, what: str) -> TimeError:
    if isinstance(value, date):
        day = f"{value.year}, {value.month}, {value.day}"
        message = f'{what} is the day {value}; say the time too: datetime({day}, 12, tzinfo=ZoneInfo("Europe/Madrid"))'
    elif isinstance(value, str):
        message = f"{what} is the text {shown(value)}; make it an aware datetime: datetime.fromisoformat(…)"
    else:
        message = f"{what} must be an aware datetime, not {shown(value)}"
    return TimeError(message, what=what, value=value)


@lru_cache(maxsize=1)
def _known_zones() -> AbstractSet[str]:
    return available_timezones() - {"localtime", "posixrules", "Factory"}


@lru_cache(maxsize=256)
def _zone_named(name: str) -> ZoneInfo:
    try:
        # "localtime" would read the machine's setting: the same program must mean the same everywhere.
        if name in {"localtime", "posixrules", "Factory"}:
            raise ValueError(name)
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        known = _known_zones()
    if not known:
        message = f'the zone "{name}" needs the time zone database, and there is none here: pip install tzdata'
    else:
        nearest = suggest(name, known) or 'write a name such as "Europe/Madrid"'
        message = f"no time zone is called {shown(name)}; {nearest}"
    raise TimeError(message, value=name)


def zone(name: str | ZoneInfo) -> ZoneInfo:
    """
    The time zone called *name*, such as ``"Europe/Madrid"``.

    Raises:
        TimeError: If nobody knows it; names the nearest one.
    """
    if isinstance(name, ZoneInfo):
        return name
    if not isinstance(name, str):
        message = f'a time zone is a name such as "Europe/Madrid", not {shown(name)}'
        raise TimeError(message, value=name)
    return _zone_named(name)


def local_date(at: datetime, zone: ZoneInfo) -> date:
    """The day that the calendar on the wall shows at the instant *at*."""
    return at.astimezone(zone).date()


def first_instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first instant, in UTC, at which the clock shows *wall* (naive) or, if that is skipped, more."""
    return _instant(wall, zone, fold=0)


def last_instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """The last instant, in UTC, at which the clock shows *wall* (naive); if it is skipped, the first after it."""
    return _instant(wall, zone, fold=1)


def _instant(wall: datetime, zone: ZoneInfo, *, fold: int) -> datetime:
    try:
        early = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
        late = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    except OverflowError:
        message = f"{wall.isoformat(sep=' ')} in {zone} is beyond the calendar; use years 2 to 9998"
        raise TimeError(message, value=wall) from None
    if late >= early:
        return late if fold else early
    # Skipped: `late` lies before the clock jumped and `early` at or after it. The jump is the first valid instant.
    before = late.astimezone(zone).utcoffset()
    while early - late > _SECOND:
        middle = late + (early - late) // 2
        middle = middle.replace(microsecond=0)
        if middle <= late:
            break
        if middle.astimezone(zone).utcoffset() == before:
            late = middle
        else:
            early = middle
    return early.replace(microsecond=0)


@lru_cache(maxsize=16384)
def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """
    The first instant of *day*, in UTC.

    Where midnight is skipped it is the instant after the jump; where it comes twice, the first.

    >>> start_of_day(date(2026, 6, 1), ZoneInfo("Europe/Madrid")).isoformat()
    '2026-05-31T22:00:00+00:00'
    """
    return first_instant(datetime.combine(day, _MIDNIGHT), zone)


@lru_cache(maxsize=16384)
def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """
    The first instant after *day*, in UTC: what is usable all day is usable before it.

    Where the next midnight is skipped it is the instant after the jump; where it comes twice, the second.

    Source:
        SEMANTICS D3, D4.
    """
    try:
        return last_instant(datetime.combine(day + _DAY, _MIDNIGHT), zone)
    except OverflowError:
        message = f"{day} is the end of the calendar"
        raise TimeError(message, value=day) from None


@lru_cache(maxsize=16384)
def add_months(day: date, months: int) -> date:
    """
    The same day *months* later (or earlier), or the last of that month if it is shorter.

    >>> add_months(date(2026, 1, 31), 1)
    datetime.date(2026, 2, 28)
    """
    try:
        moved = day + relativedelta(months=months)
    except (OverflowError, ValueError):
        message = f"{months} months from {day} lies beyond the calendar"
        raise TimeError(message, value=day) from None
    return date(moved.year, moved.month, moved.day)


def anniversary(since: date, years: int) -> date:
    """The day on which *years* are completed; 29 February has 28 February in common years (SEMANTICS D25)."""
    return add_months(since, 12 * years)


def whole_years(since: date, until: date) -> int:
    """
    How many years are completed from *since* to *until*; negative before *since*.

    >>> whole_years(date(2024, 2, 29), date(2025, 2, 28))
    1
    """
    years = until.year - since.year
    return years if anniversary(since, years) <= until else years - 1
