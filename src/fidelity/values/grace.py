"""Graces: how long something waits before it ends, to the end of a calendar unit or to a day of the year if so said."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias

from attrs import frozen

from fidelity.errors import TimeError
from fidelity.values.periods import Duration, calendar_span, duration, plain_text
from fidelity.values.spelling import shown
from fidelity.values.zones import end_of_day, local_date, start_of_day

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

__all__ = ["Grace", "RoundedGrace", "UntilDay", "grace", "until_day"]

_UNITS = ("week", "month", "quarter", "half-year", "year")
_TO_THE_END = re.compile(r"(.+?),? to the end of the (?:calendar )?(week|month|quarter|half[- ]year|year)")
_DAY_OF_YEAR = re.compile(r"([0-9]{2})-([0-9]{2})")
_TICK = timedelta(microseconds=1)
#: A year that has every day.
_LEAP = 2024


@frozen
class RoundedGrace:
    """
    A duration, and then to the end of the calendar unit that it ends in.

    >>> str(grace("1 month to the end of the month"))
    '1 month, to the end of the month'
    """

    duration: Duration
    to_end_of: str

    def __attrs_post_init__(self) -> None:
        if self.to_end_of not in _UNITS:
            message = f"a grace cannot end with {shown(self.to_end_of)}; use {', '.join(_UNITS)}"
            raise TimeError(message, value=self.to_end_of)

    def __str__(self) -> str:
        return f"{self.duration}, to the end of the {self.to_end_of}"

    @property
    def count(self) -> int:
        """More than 0: there is something to wait for."""
        return 1

    def after(self, at: datetime, zone: ZoneInfo) -> datetime:
        """The instant at which a grace that begins at *at* is over."""
        last = local_date(self.duration.after(at, zone) - _TICK, zone)
        return start_of_day(calendar_span(last, self.to_end_of)[1], zone)

    def before(self, at: datetime, zone: ZoneInfo) -> datetime:
        """An instant so early that a grace which began before it was over by *at*."""
        first = calendar_span(local_date(at, zone), self.to_end_of)[0]
        return self.duration.before(start_of_day(first, zone), zone) - _TICK


@frozen
class UntilDay:
    """
    To the end of a day of the year: the next one that comes.

    >>> str(until_day("02-28"))
    '02-28'
    """

    month: int
    day: int

    def __str__(self) -> str:
        return f"{self.month:02}-{self.day:02}"

    @property
    def count(self) -> int:
        """More than 0: there is something to wait for."""
        return 1

    def in_year(self, year: int) -> date:
        """The day in *year*; 29 February is 28 February where there is none."""
        if (self.month, self.day) == (2, 29) and (year % 4 or (year % 100 == 0 and year % 400)):
            return date(year, 2, 28)
        return date(year, self.month, self.day)

    def after(self, at: datetime, zone: ZoneInfo) -> datetime:
        """The end of the day, the first one that is not over at *at*."""
        year = local_date(at, zone).year
        ends = end_of_day(self.in_year(year), zone)
        return ends if ends > at else end_of_day(self.in_year(year + 1), zone)

    def before(self, at: datetime, zone: ZoneInfo) -> datetime:
        """An instant so early that a wait which began before it was over by *at*."""
        return Duration(13, "months").before(at, zone)


#: How long something waits before it ends.
Grace: TypeAlias = Duration | RoundedGrace | UntilDay


def grace(value: str | Grace) -> Grace:
    """
    *value* as a grace.

    Args:
        value: ``"3 months"``, or ``"1 month, to the end of the month"`` (week, quarter, half-year, year).

    Raises:
        TimeError: If it cannot be read; says what to write.
    """
    if isinstance(value, Duration | RoundedGrace | UntilDay):
        return value
    text = plain_text(value, "a grace", "3 months")
    found = _TO_THE_END.fullmatch(text)
    if found is None:
        return duration(text)
    return RoundedGrace(duration(found[1]), found[2].replace(" ", "-"))


def until_day(value: str | UntilDay) -> UntilDay:
    """
    *value* as a day of the year: ``"02-28"`` is 28 February.

    Raises:
        TimeError: If it is none; says what to write.
    """
    if isinstance(value, UntilDay):
        return value
    found = _DAY_OF_YEAR.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is not None:
        month, day = int(found[1]), int(found[2])
        try:
            date(_LEAP, month, day)
        except ValueError:
            pass
        else:
            return UntilDay(month, day)
    message = f'{shown(value)} is not a day of the year; write month and day, such as "02-28"'
    raise TimeError(message, value=value)
