"""Periods: durations ("12 months") and windows ("calendar month", "in any 30 days").

Knows calendars and clocks on the wall. Does not know what is counted in them.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from attrs import field, frozen

from fidelity.errors import FactsError, TimeError
from fidelity.values.spelling import shown, suggest
from fidelity.values.whole import whole_number
from fidelity.values.zones import add_months, anniversary, last_instant, start_of_day, utc, wall_clock, whole_years

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from attrs import Attribute

__all__ = ["CALENDAR_UNITS", "UNITS", "Duration", "Window", "duration", "window"]

#: The units of a duration, and the longest that each may last: about a thousand years.
UNITS = {"minutes": 525_960_000, "hours": 8_766_000, "days": 365_250, "weeks": 52_178, "months": 12_000, "years": 1_000}
#: The units of the calendar. Weeks start on Monday.
CALENDAR_UNITS = ("day", "week", "month", "quarter", "half-year", "year")

_MONTHS = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}
_LONGEST = 120
_DURATION = re.compile(r"(?:([0-9]{1,9})|an?|one) ([a-z]+)")


def plain_text(text: object, what: str, sample: str) -> str:
    """*text* in small letters with single blanks; the error for what is no text says *what* it is, with a *sample*."""
    if not isinstance(text, str) or len(text) > _LONGEST:
        message = f'{what} is a text such as "{sample}", not {shown(text)}'
        raise TimeError(message, value=text)
    return " ".join(text.lower().split())


def _unit(_: object, __: Attribute[str], value: str) -> None:
    if value not in UNITS:
        message = f"no duration is counted in {shown(value)}; {_unit_remedy(value)}"
        raise TimeError(message, value=value)


def _unit_remedy(word: str) -> str:
    return suggest(word, UNITS) or f"use {', '.join(UNITS)}"


@frozen
class Duration:
    """
    A length of time.

    Args:
        count: How many; 0 is no time at all.
        unit: ``minutes``, ``hours``, ``days``, ``weeks``, ``months`` or ``years``.
    """

    count: int
    unit: str = field(validator=_unit)

    def __attrs_post_init__(self) -> None:
        whole_number(self.count, what=self.unit, low=0, high=UNITS[self.unit])

    def __str__(self) -> str:
        return f"{self.count} {self.unit[:-1] if self.count == 1 else self.unit}"

    def after(self, at: datetime, zone: ZoneInfo) -> datetime:
        """
        The instant this long after *at* (UTC).

        Days and longer units keep the time on the wall; a day that the month does not have becomes its last,
        a skipped time the first instant after it, a time that comes twice the later. Minutes and hours are real time.

        Source:
            SEMANTICS D4.
        """
        return self._moved(at, zone, 1)

    def before(self, at: datetime, zone: ZoneInfo) -> datetime:
        """The instant this long before *at* (UTC), by the same rules as `after`."""
        return self._moved(at, zone, -1)

    def later(self, day: date) -> date:
        """The day this long after *day*; only for days and longer units."""
        return self._shifted(day, 1)

    def _shifted(self, day: date, sign: int) -> date:
        if self.unit == "months":
            return add_months(day, sign * self.count)
        if self.unit == "years":
            return add_months(day, sign * 12 * self.count)
        if self.unit not in {"days", "weeks"}:
            message = f"{self} is shorter than a day, and days are wanted; write it in days"
            raise TimeError(message, value=self)
        try:
            return day + timedelta(days=sign * self.count * (7 if self.unit == "weeks" else 1))
        except OverflowError:
            message = f"{self} from {day} lies beyond the calendar"
            raise TimeError(message, value=day) from None

    def _moved(self, at: datetime, zone: ZoneInfo, sign: int) -> datetime:
        if self.unit in {"minutes", "hours"}:
            try:
                return utc(at) + timedelta(minutes=sign * self.count * (60 if self.unit == "hours" else 1))
            except OverflowError:
                message = f"{self} from {at} lies beyond the calendar"
                raise TimeError(message, value=at) from None
        wall = wall_clock(at, zone)
        return last_instant(self._shifted(wall.date(), sign), wall.time(), zone) if self.count else utc(at)


def duration(value: str | Duration) -> Duration:
    """
    *value* as a duration.

    Args:
        value: ``"12 months"``, ``"1 day"``, ``"a year"``.

    Raises:
        TimeError: If it cannot be read; says what to write.

    >>> str(duration("12 months"))
    '12 months'
    """
    if isinstance(value, Duration):
        return value
    text = plain_text(value, "a duration", "12 months")
    found = _DURATION.fullmatch(text)
    if found is None:
        message = f'{shown(value)} is not a duration; write a whole number and a unit, such as "12 months"'
        raise TimeError(message, value=value)
    unit = found[2] if found[2].endswith("s") else f"{found[2]}s"
    if unit not in UNITS:
        message = f"no duration is counted in {shown(found[2])}; {_unit_remedy(found[2])}"
        raise TimeError(message, value=value)
    count = int(found[1] or 1)
    if count > UNITS[unit]:
        message = f"{count} {unit} is longer than we can count; use at most {UNITS[unit]} {unit}"
        raise TimeError(message, value=value)
    return Duration(count, unit)


@lru_cache(maxsize=16384)
def calendar_span(day: date, unit: str) -> tuple[date, date]:
    """The first day of the calendar *unit* that has *day* in it, and the first day after it."""
    if months := _MONTHS.get(unit):
        first = date(day.year, (day.month - 1) // months * months + 1, 1)
        return first, add_months(first, months)
    try:
        if unit == "day":
            return day, day + timedelta(days=1)
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=7)
    except OverflowError:
        message = f"the {unit} of {day} is at the end of the calendar"
        raise TimeError(message, value=day) from None


@lru_cache(maxsize=16384)
def _calendar_period(day: date, unit: str, zone: ZoneInfo) -> tuple[datetime, datetime]:
    first, after = calendar_span(day, unit)
    return start_of_day(first, zone), start_of_day(after, zone)


@frozen
class Window:
    """
    The time in which something that happened still counts.

    Args:
        kind: ``calendar``, ``membership``, ``rolling`` or ``ever``; ``streak`` if what counts is how many periods in a
            row something happened.
        unit: The calendar unit, if the kind is ``calendar`` or ``streak``.
        duration: How long, if the kind is ``rolling``.
    """

    kind: str
    unit: str = ""
    duration: Duration | None = None

    def __attrs_post_init__(self) -> None:
        if self.kind not in {"calendar", "membership", "rolling", "ever", "streak"}:
            message = f'no window is of kind {shown(self.kind)}; write window("calendar month")'
            raise TimeError(message, value=self.kind)
        if (self.kind in {"calendar", "streak"}) != bool(self.unit) or (self.kind == "rolling") != (
            self.duration is not None
        ):
            message = 'a calendar window has a unit, a rolling one a duration; write window("calendar month")'
            raise TimeError(message, value=self)
        if self.unit and self.unit not in CALENDAR_UNITS:
            message = f"the calendar has no {shown(self.unit)}; use {', '.join(CALENDAR_UNITS)}"
            raise TimeError(message, value=self.unit)
        if self.duration is not None and not self.duration.count:
            message = f"nothing counts in a window of {self.duration}; write at least 1"
            raise TimeError(message, value=self.duration)

    def __str__(self) -> str:
        if self.unit:
            return f"calendar {self.unit}" if self.kind == "calendar" else f"each calendar {self.unit} in a row"
        if self.kind == "membership":
            return "membership year"
        return f"in any {self.duration}" if self.duration else "ever"

    def leaves(self, at: datetime, zone: ZoneInfo, anchor: date | None = None) -> datetime | None:
        """
        The first instant at which something that happened at *at* no longer counts; None means never.

        It counts at t if and only if ``at <= t < leaves(at)``.

        Args:
            at: When it happened, UTC.
            zone: The program's zone.
            anchor: The day from which membership years count.
        """
        if self.duration is not None:
            return self.duration.after(at, zone)
        if self.kind in {"ever", "streak"}:
            return None
        return self.period(at, zone, anchor)[1]

    def period(self, at: datetime, zone: ZoneInfo, anchor: date | None = None) -> tuple[datetime, datetime]:
        """
        The first instant of the period that has *at* in it, and the first instant after it.

        Raises:
            TimeError: If the window has no fixed periods: a rolling one, or ever.
            FactsError: If membership years are counted and *anchor* is missing.
        """
        day = wall_clock(at, zone).date()
        found = self._period(day, zone, anchor)
        if at >= found[1]:
            # A clock that goes back over midnight shows the old day once more: the new one had begun.
            found = self._period(day + timedelta(days=1), zone, anchor)
        return found

    def _period(self, day: date, zone: ZoneInfo, anchor: date | None) -> tuple[datetime, datetime]:
        if self.unit:
            return _calendar_period(day, self.unit, zone)
        if self.kind == "membership":
            if anchor is None:
                message = "membership years count from the day of joining, which is missing; give anchor="
                raise FactsError(message, window=self)
            years = whole_years(anchor, day)
            first, after = anniversary(anchor, years), anniversary(anchor, years + 1)
            return start_of_day(first, zone), start_of_day(after, zone)
        message = f'"{self}" has no fixed periods; ask leaves(at) instead'
        raise TimeError(message, window=self)


_EVER = Window("ever")
_MEMBERSHIP = Window("membership")


def window(value: str | Window) -> Window:
    """
    *value* as a window.

    Args:
        value: ``"calendar month"`` (or day, week, quarter, half-year, year), ``"day"``, ``"membership year"``,
            ``"in any 30 days"``, ``"12 months"`` (the same as ``"in any 12 months"``), ``"ever"``.

    Raises:
        TimeError: If it cannot be read, or says "month" without telling which.

    >>> str(window("12 months"))
    'in any 12 months'
    """
    if isinstance(value, Window):
        return value
    text = plain_text(value, "a window", "calendar month")
    if text == "ever":
        return _EVER
    if text == "membership year":
        return _MEMBERSHIP
    unit = text.removeprefix("calendar ").replace("half year", "half-year")
    if unit == "day" or (unit in CALENDAR_UNITS and unit != text.replace("half year", "half-year")):
        return Window("calendar", unit)
    if unit in CALENDAR_UNITS:
        days = {"week": "7 days", "month": "30 days", "quarter": "3 months", "half-year": "6 months"}
        message = f'"{value}" can mean two things; write "calendar {unit}" or "in any {days.get(unit, "12 months")}"'
        raise TimeError(message, value=value)
    if text.startswith("calendar "):
        remedy = suggest(text, [f"calendar {each}" for each in CALENDAR_UNITS]) or f"use {', '.join(CALENDAR_UNITS)}"
        message = f"the calendar has no {shown(unit)}; {remedy}"
        raise TimeError(message, value=value)
    rolling = text.removeprefix("in any ")
    if _DURATION.fullmatch(rolling):
        return Window("rolling", duration=duration(rolling))
    known = [*(f"calendar {each}" for each in CALENDAR_UNITS), "membership year", "ever"]
    remedy = suggest(text, known) or 'write "calendar month", "in any 30 days", "membership year" or "ever"'
    message = f"{shown(value)} is not a window; {remedy}"
    raise TimeError(message, value=value)
