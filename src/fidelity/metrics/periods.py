"""Periods: the day, week, month, quarter or year that an instant lies in, by number and by name."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fidelity.metrics.arguments import Whole

__all__ = ["PERIODS", "first_days", "period_numbers"]

PERIODS = ("day", "week", "month", "quarter", "year")
#: The first of January 1970 was a Thursday.
_THURSDAY, _WEEK = 4, 7
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


def period_numbers(at: NDArray[np.datetime64], period: str) -> Whole:
    """The number of the period of each instant, counted from that of 1 January 1970; weeks begin on Monday."""
    if period in _MONTHS:
        return np.asarray(at.astype("datetime64[M]").astype(np.int64) // _MONTHS[period])
    day = at.astype("datetime64[D]").astype(np.int64)
    return day if period == "day" else np.asarray((day - _THURSDAY) // _WEEK)


def first_days(number: Whole, period: str) -> list[str]:
    """What each period is called: its first day, or the month, quarter or year itself."""
    if period in _MONTHS:
        months = (number * _MONTHS[period]).astype("datetime64[M]").astype(str).tolist()
        if period == "quarter":
            return [f"{each[:4]}-Q{(int(each[5:]) + 2) // 3}" for each in months]
        return [each[:4] for each in months] if period == "year" else months
    day = number if period == "day" else number * _WEEK + _THURSDAY
    return [str(each) for each in day.astype("datetime64[D]")]
