"""Zones: instants in UTC, days on the member's wall.

A local day begins the first time the clock on the wall shows it, and ends the last time it does.
Two nights a year these differ from "at midnight": where midnight is skipped, the day begins at the first
instant there is; where it comes twice, what ends with the day ends at the second one (SEMANTICS D4).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from dateutil.relativedelta import relativedelta

from fidelity.errors import TimeError
from fidelity.values.spelling import nearest, shown

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
    "wall_clock",
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
        raise _naive(value, what)
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


def _naive(value: datetime, what: str) -> TimeError:
    remedy = 'say whose clock it is: value.replace(tzinfo=ZoneInfo("Europe/Madrid"))'
    return TimeError(f"{what} is {value.isoformat(sep=' ')} without a zone; {remedy}", what=what, value=value)


def _not_an_instant(value: object, what: str) -> TimeError:
    if isinstance(value, date):
        day = f"{value.year}, {value.month}, {value.day}"
        message = f'{what} is the day {value}; say the time too: datetime({day}, 12, tzinfo=ZoneInfo("Europe/Madrid"))'
    elif isinstance(value, str):
        message = f"{what} is the text {shown(value)}; make it an aware datetime: datetime.fromisoformat(…)"
    else:
        message = f"{what} must be an aware datetime, not {shown(value)}"
    return TimeError(message, what=what, value=value)


#: Names that read this machine's setting, or mean nothing: the same program must mean the same everywhere.
_AMBIENT = frozenset({"localtime", "posixrules", "Factory"})


@lru_cache(maxsize=256)
def _zone_named(name: str) -> ZoneInfo:
    try:
        if name not in _AMBIENT:
            return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        # A path, a folder, an odd letter: unknown, all of them.
        pass
    known = sorted(available_timezones() - _AMBIENT)
    if not known:
        message = f"the zone {shown(name)} needs the time zone database, and there is none here: pip install tzdata"
    else:
        message = f"no time zone is called {shown(name)}; {_zone_remedy(name, known)}"
    raise TimeError(message, value=name)


def _zone_remedy(name: str, known: list[str]) -> str:
    by_city = {each.rpartition("/")[2]: each for each in reversed(known)}
    meant = nearest(name, known, cutoff=0.8)
    city = nearest(name.rpartition("/")[2], by_city, cutoff=0.8)
    if any(each.startswith(f"{name}/") for each in known):
        return f'write the city too, such as "{next(each for each in known if each.startswith(name))}"'
    found = meant or (by_city[city] if city else None)
    return f'did you mean "{found}"?' if found else 'write a name such as "Europe/Madrid"'


def _not_a_zone(value: object) -> TimeError:
    return TimeError(f'a time zone is a name such as "Europe/Madrid", not {shown(value)}', value=value)


def zone(name: str | ZoneInfo) -> ZoneInfo:
    """
    The time zone called *name*, such as ``"Europe/Madrid"``.

    Raises:
        TimeError: If nobody knows it; names the nearest one.
    """
    if isinstance(name, ZoneInfo):
        return name
    if not isinstance(name, str):
        raise _not_a_zone(name)
    return _zone_named(name)


def wall_clock(at: datetime, zone: ZoneInfo) -> datetime:
    """What the calendar and the clock on the wall show at the instant *at*."""
    if at.tzinfo is None:
        # astimezone() would read this machine's zone.
        raise _naive(at, "at")
    try:
        return at.astimezone(zone)
    except OverflowError:
        message = f"{at.isoformat(sep=' ')} in {zone} is beyond the calendar; use years 2 to 9998"
        raise TimeError(message, value=at) from None


def local_date(at: datetime, zone: ZoneInfo) -> date:
    """The day that the calendar on the wall shows at the instant *at*."""
    return wall_clock(at, zone).date()


def first_instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """The first instant, in UTC, at which the wall shows *day* and *clock*; if that is skipped, the first after it."""
    offset = _steady_offset(day, zone)
    if offset is None:
        return _instant(datetime.combine(day, clock), zone, fold=0)
    return datetime.combine(day, clock, UTC) - offset


def last_instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """The last instant, in UTC, at which the wall shows *day* and *clock*; if that is skipped, the first after it."""
    offset = _steady_offset(day, zone)
    if offset is None:
        return _instant(datetime.combine(day, clock), zone, fold=1)
    return datetime.combine(day, clock, UTC) - offset


@lru_cache(maxsize=16384)
def _steady_offset(day: date, zone: ZoneInfo) -> timedelta | None:
    """The offset from UTC all through *day*; None if it changes, or at the ends of the calendar."""
    if day.year in (1, 9999):
        return None
    start = datetime.combine(day, _MIDNIGHT, zone)
    # Both folds: an edge that is skipped or comes twice has two offsets.
    offsets = {edge.replace(fold=fold).utcoffset() for edge in (start, start + _DAY) for fold in (0, 1)}
    return offsets.pop() if len(offsets) == 1 else None


def _instant(wall: datetime, zone: ZoneInfo, *, fold: int) -> datetime:
    try:
        early = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
        late = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    except OverflowError:
        message = f"{wall.isoformat(sep=' ')} in {zone} is beyond the calendar; use years 2 to 9998"
        raise TimeError(message, value=wall) from None
    if late >= early:
        return late if fold else early
    # Skipped: `late` lies before the clock jumped and `early` at or after it. The jump is the first valid instant;
    # clocks jump on whole seconds.
    low, high = late.replace(microsecond=0), early.replace(microsecond=0)
    before = low.astimezone(zone).utcoffset()
    while high - low > _SECOND:
        middle = (low + (high - low) // 2).replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high


@lru_cache(maxsize=16384)
def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """
    The first instant of *day*, in UTC.

    Where midnight is skipped it is the instant after the jump; where it comes twice, the first.

    >>> from zoneinfo import ZoneInfo
    >>> start_of_day(date(2026, 6, 1), ZoneInfo("Europe/Madrid")).isoformat()
    '2026-05-31T22:00:00+00:00'
    """
    return first_instant(day, _MIDNIGHT, zone)


@lru_cache(maxsize=16384)
def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """
    The first instant after *day*, in UTC: what is usable all day is usable before it.

    Where the next midnight is skipped it is the instant after the jump; where it comes twice, the second.

    Source:
        SEMANTICS D3, D4.
    """
    try:
        return last_instant(day + _DAY, _MIDNIGHT, zone)
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
        moved: date = day + relativedelta(months=months)
    except (OverflowError, ValueError):
        message = f"{months} months from {day} lies beyond the calendar"
        raise TimeError(message, value=day) from None
    return moved


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
