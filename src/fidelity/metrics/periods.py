"""Periods: the day, week, month, quarter or year that an instant lies in, by number and by name."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fidelity.metrics.arguments import TICKS_A_DAY, Whole

__all__ = ["PERIODS", "first_days", "period_numbers", "start_days"]

PERIODS = ("day", "week", "month", "quarter", "year")
#: The first of January 1970 was a Thursday.
_THURSDAY, _WEEK = 4, 7
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


def period_numbers(at: NDArray[np.datetime64], period: str) -> Whole:
    """The number of the period of each instant, counted from that of 1 January 1970; weeks begin on Monday."""
    day = _days_of(at)
    if period == "day":
        return day
    if period == "week":
        return np.asarray((day - _THURSDAY) // _WEEK)
    # The calendar is asked once a day, not once a row.
    first = int(day.min()) if len(day) else 0
    span = np.arange(first, int(day.max()) + 1 if len(day) else first)
    if len(span) > len(day):
        first, span, day = 0, day, np.arange(len(day))
    month = span.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return np.asarray((month // _MONTHS[period])[day - first])


def start_days(number: Whole, period: str) -> NDArray[np.datetime64]:
    """The first day of each period."""
    if period in _MONTHS:
        return (number * _MONTHS[period]).astype("datetime64[M]").astype("datetime64[D]")
    return (number if period == "day" else number * _WEEK + _THURSDAY).astype("datetime64[D]")


def _days_of(at: NDArray[np.datetime64]) -> Whole:
    """The number of the day of each instant, from 1970."""
    unit, count = np.datetime_data(at.dtype)
    if unit in TICKS_A_DAY and count == 1:
        return np.asarray(at.view(np.int64) // TICKS_A_DAY[unit])
    return at.astype("datetime64[D]").astype(np.int64)


def first_days(number: Whole, period: str) -> list[str]:
    """What each period is called: its first day, or the month, quarter or year itself."""
    if period in _MONTHS:
        months = (number * _MONTHS[period]).astype("datetime64[M]").astype(str).tolist()
        if period == "quarter":
            return [f"{each[:4]}-Q{(int(each[5:]) + 2) // 3}" for each in months]
        return [each[:4] for each in months] if period == "year" else months
    return [str(each) for each in start_days(number, period)]
