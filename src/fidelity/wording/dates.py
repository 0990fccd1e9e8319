"""Days, moments, durations and windows as a place says them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from fidelity.values.periods import Duration, Window
from fidelity.values.zones import end_of_day, local_date, start_of_day
from fidelity.wording.numbers import counted, times
from fidelity.wording.phrasebook import phrase, place

__all__ = [
    "before", "clock", "day", "duration", "how_often", "instant", "month", "per", "until", "weekday", "zone_name",
]  # fmt: skip

_TICK = timedelta(microseconds=1)


def day(language: str, value: date) -> str:
    """
    A day of the calendar.

    >>> august = date(2026, 8, 31)
    >>> day("en", august), day("en-US", august), day("es", august)
    ('31 August 2026', 'August 31, 2026', '31 de agosto de 2026')
    """
    return phrase(language, "day", day=value.day, month=month(language, value.month), year=value.year)


def month(language: str, value: int) -> str:
    """
    The name of a month, 1–12.

    >>> month("en", 8), month("es", 8)
    ('August', 'agosto')
    """
    names: tuple[str, ...] = place(language).data.MONTHS
    return names[value - 1]


def weekday(language: str, value: str) -> str:
    """
    The name of a day of the week, from its English code.

    >>> weekday("en", "saturday"), weekday("es", "saturday")
    ('Saturday', 'sábado')
    """
    names: Mapping[str, str] = place(language).data.WEEKDAYS
    return names[value]


def clock(language: str, hour: int, minute: int = 0, rest: str = "") -> str:
    """
    A time of the day.

    >>> clock("en", 16), clock("en-US", 16, 30), clock("es", 9, 5), clock("en-US", 0)
    ('16:00', '4:30 p.m.', '9:05', '12:00 a.m.')
    """
    shown, half = hour, ""
    if place(language).tag == "en-US":
        shown, half = hour % 12 or 12, " a.m." if hour < 12 else " p.m."  # noqa: PLR2004 -- noon
    return f"{shown}:{minute:02d}{rest}{half}"


def zone_name(language: str, zone: tzinfo) -> str:
    """
    A time zone as people call it: by its city.

    >>> from zoneinfo import ZoneInfo
    >>> zone_name("en", ZoneInfo("Europe/Madrid")), zone_name("es", ZoneInfo("America/Mexico_City"))
    ('Madrid time', 'hora de la Ciudad de México')
    >>> zone_name("es", UTC)
    'UTC'
    """
    name = str(zone)
    if "/" not in name:
        return name
    city = name.rpartition("/")[2].replace("_", " ")
    cities: Mapping[str, str] = place(language).data.CITIES
    return phrase(language, "zone", city=cities.get(city, city))


def _twice(moment: datetime) -> bool:
    """Whether the clocks of the zone show this time twice, because they go back."""
    return moment.replace(fold=0).utcoffset() != moment.replace(fold=1).utcoffset()


def instant(language: str, value: datetime, zone: tzinfo | None = None) -> str:
    """
    A moment on the clocks of *zone*, which is said too: UTC without one.

    >>> from zoneinfo import ZoneInfo
    >>> noon = datetime(2026, 8, 31, 10, tzinfo=UTC)
    >>> instant("en", noon), instant("es", noon, ZoneInfo("Europe/Madrid"))
    ('31 August 2026, 10:00 (UTC)', '31 de agosto de 2026, 12:00 (hora de Madrid)')
    """
    local = value.astimezone(zone or UTC)
    rest = f":{local.second:02d}" if local.second or local.microsecond else ""
    if local.microsecond:
        rest += f".{local.microsecond:06d}".rstrip("0")
    where = zone_name(language, zone or UTC)
    offset = local.utcoffset() or timedelta(0)
    if _twice(local):
        where = f"{where}, UTC{local:%z}"[:-2] if not offset.seconds % 3600 else f"{where}, UTC{local:%z}"
    return f"{day(language, local)}, {clock(language, local.hour, local.minute, rest)} ({where})"


def until(language: str, end: datetime, zone: ZoneInfo) -> str:
    """
    Until when something lasts that is gone at *end*: its last day, or the moment within a day.

    >>> madrid = ZoneInfo("Europe/Madrid")
    >>> until("en", datetime(2027, 7, 1, tzinfo=madrid), madrid)
    'until 30 June 2027, that day included'
    >>> until("es", datetime(2027, 7, 1, 12, tzinfo=madrid), madrid)
    'hasta el 1 de julio de 2027, 12:00 (hora de Madrid)'
    """
    last = local_date(end - _TICK, zone)
    if end_of_day(last, zone) == end:
        return phrase(language, "until.day", day=day(language, last))
    return phrase(language, "until.instant", instant=instant(language, end, zone))


def before(language: str, end: datetime, zone: ZoneInfo) -> str:
    """
    Before when something happened: before a day, or before a moment within one.

    >>> madrid = ZoneInfo("Europe/Madrid")
    >>> before("en", datetime(2027, 7, 1, tzinfo=madrid), madrid)
    'before 1 July 2027'
    """
    first = local_date(end, zone)
    if start_of_day(first, zone) == end:
        return phrase(language, "before.day", day=day(language, first))
    return phrase(language, "before.instant", instant=instant(language, end, zone))


def duration(language: str, value: Duration) -> str:
    """
    A length of time.

    >>> (
    ...     duration("en", Duration(12, "months")),
    ...     duration("es", Duration(1, "years")),
    ...     duration("es", Duration(3, "months")),
    ... )
    ('12 months', '1 año', '3 meses')
    """
    one, many = place(language).data.UNITS[value.unit]
    return counted(language, value.count, one, many)


def per(language: str, window: Window) -> str:
    """
    The time over which something is counted, after a quantity.

    >>> from fidelity.values.periods import window
    >>> (
    ...     per("en", window("calendar month")),
    ...     per("es", window("calendar month")),
    ...     per("es-MX", window("calendar month")),
    ... )
    ('per calendar month', 'por mes natural', 'por mes calendario')
    >>> per("en", window("in any 30 days")), per("es", window("in any 30 days")), per("es", window("day"))
    ('in any 30 days', 'en cualquier periodo de 30 días', 'al día')
    """
    if window.duration is not None:
        return phrase(language, "per.rolling", duration=duration(language, window.duration))
    return phrase(language, f"per.{window.unit or window.kind}")


def how_often(language: str, count: int, window: Window) -> str:
    """
    A limit: how many times in a window.

    >>> from fidelity.values.periods import window
    >>> (
    ...     how_often("en", 1, window("day")),
    ...     how_often("es", 1, window("day")),
    ...     how_often("es", 2, window("in any 30 days")),
    ... )
    ('once a day', 'una vez al día', 'dos veces en cualquier periodo de 30 días')
    >>> (
    ...     how_often("en", 1, window("ever")),
    ...     how_often("es", 1, window("ever")),
    ...     how_often("en", 3, window("ever")),
    ... )
    ('only once', 'una sola vez', '3 times in all')
    """
    if window.kind == "ever" and count == 1:
        return phrase(language, "once only")
    if window.unit == "day":
        return phrase(language, "times a day", times=times(language, count))
    return f"{times(language, count)} {per(language, window)}"
