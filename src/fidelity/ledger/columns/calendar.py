"""The calendar on the wall of one place, for whole columns of instants: days, periods, and what comes so much later.

Instants are microseconds since 1970-01-01T00:00Z, days are days since 1970-01-01. Every answer is the one that
`values.zones` and `values.periods` give for one instant, also on the nights on which the clock changes.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from threading import get_ident
from typing import TYPE_CHECKING

import numpy as np

from fidelity.errors import TimeError
from fidelity.ledger.columns.by_day import ByDay, micros

if TYPE_CHECKING:
    from collections.abc import Callable
    from zoneinfo import ZoneInfo

    from numpy.typing import NDArray

    from fidelity.values.periods import Duration, Window

__all__ = ["DAY", "FAR", "NEVER", "Calendar", "calendar_of"]

#: Microseconds of a day.
DAY = 86_400_000_000
#: An instant that never comes, and one before all others.
NEVER = np.iinfo(np.int64).max
FAR = np.iinfo(np.int64).min
_MICROS = 1_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MONTHS = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}
_LENGTHS = {"minutes": 60 * _MICROS, "hours": 3_600 * _MICROS}
#: Years whose clocks are known beforehand; more are looked up when an instant lies outside.
_FIRST, _LAST = 1970, 2100
#: Months, since 1970-01, whose days are looked up: of 1900 to 2199.
_NEAR_MONTHS = (-70 * 12, 230 * 12)
#: How many days a table of periods may have.
_MOST = 200_000


def calendar_of(zone: ZoneInfo) -> Calendar:
    """The calendar of *zone*, the same one every time within a thread: what it looked up grows while it is read."""
    return _calendar(zone, get_ident())


@lru_cache(maxsize=64)
def _calendar(zone: ZoneInfo, _thread: int) -> Calendar:
    return Calendar(zone)


class Calendar:
    """
    The calendar of a zone.

    Args:
        zone: Whose clock it is.
    """

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone
        self._years = (_FIRST, _LAST)
        self._read()

    def _read(self) -> None:
        """Read when the clock changes in the known years."""
        changes = [each for year in range(*self._years) for each in _changes(self.zone, year)]
        first = _ahead(self.zone, _second(self._years[0]))
        self._changes = np.array([when for when, _ in changes], np.int64) * _MICROS
        self._offsets = np.array([first, *(ahead for _, ahead in changes)], np.int64) * _MICROS
        # What the wall shows when the clock changes, before and after it.
        self._until = self._changes + self._offsets[:-1]
        self._from = self._changes + self._offsets[1:]
        self._next = np.append(self._changes, NEVER)
        self._last = np.insert(self._changes, 0, FAR)
        days = np.stack([self._until, self._from]) // DAY
        #: Whether some midnight is shown twice: then a new day has begun although the wall shows the old one again.
        self._again = bool((days[0] > days[1]).any())
        self._low, self._high = _second(self._years[0]) * _MICROS, _second(self._years[1]) * _MICROS
        self._periods: dict[str, tuple[int, NDArray[np.int64]]] = {}
        self._wall = self._by_day(self._wall_of)
        self._firsts = self._by_day(self._first_of)
        self._lasts = self._by_day(self._last_of)
        self._after: dict[Duration, ByDay] = {}

    def _by_day(self, ask: Callable[[NDArray[np.int64]], NDArray[np.int64]]) -> ByDay:
        """The answers of *ask*, each day asked once."""
        return ByDay(lambda at: int(ask(np.array([micros(at)]))[0]), self.zone)

    def _reaching(self, at: NDArray[np.int64]) -> None:
        """Know the clocks of all years of *at*; a year on either side lets every wall be read."""
        if not at.size:
            return
        low, high = int(at.min()), int(at.max())
        if self._low + 2 * 366 * DAY <= low and high < self._high - 2 * 366 * DAY:
            return
        try:
            first, last = (_EPOCH + timedelta(microseconds=each) for each in (low, high))
        except OverflowError:
            message = f"instants from {low} to {high} microseconds since 1970 lie beyond the calendar"
            raise TimeError(message, value=(low, high)) from None
        years = (min(self._years[0], max(first.year - 3, 2)), max(self._years[1], min(last.year + 4, 9998)))
        if years != self._years:
            self._years = years
            self._read()

    # Days

    def wall(self, at: NDArray[np.int64]) -> NDArray[np.int64]:
        """What the wall shows, as microseconds since 1970-01-01 by that clock."""
        self._reaching(at)
        return self._wall(at)

    def _wall_of(self, at: NDArray[np.int64]) -> NDArray[np.int64]:
        place = np.searchsorted(self._changes, at, "right") if len(self._changes) else 0
        shown: NDArray[np.int64] = at + self._offsets[place]
        return shown

    def date(self, at: NDArray[np.int64]) -> NDArray[np.int64]:
        """The day that the wall shows."""
        found: NDArray[np.int64] = self.wall(at) // DAY
        return found

    def day(self, at: NDArray[np.int64]) -> NDArray[np.int64]:
        """The last day that has begun: the day on the wall, unless the clock went back over midnight."""
        found = self.date(at)
        if self._again:
            found += at >= self.start(found + 1)
        return found

    def first(self, wall: NDArray[np.int64]) -> NDArray[np.int64]:
        """The first instant at which the clock shows *wall*; if that is skipped, the first one after it."""
        self._reaching(wall)
        return self._firsts(wall)

    def _first_of(self, wall: NDArray[np.int64]) -> NDArray[np.int64]:
        if not len(self._changes):
            only: NDArray[np.int64] = wall - self._offsets[0]
            return only
        place = np.searchsorted(self._until, wall, "right")
        found: NDArray[np.int64] = np.maximum(wall - self._offsets[place], self._last[place])
        return found

    def last(self, wall: NDArray[np.int64]) -> NDArray[np.int64]:
        """The last instant at which the clock shows *wall*; if that is skipped, the first one after it."""
        self._reaching(wall)
        return self._lasts(wall)

    def _last_of(self, wall: NDArray[np.int64]) -> NDArray[np.int64]:
        if not len(self._changes):
            only: NDArray[np.int64] = wall - self._offsets[0]
            return only
        place = np.searchsorted(self._from, wall, "right")
        found: NDArray[np.int64] = np.minimum(wall - self._offsets[place], self._next[place])
        return found

    def start(self, day: NDArray[np.int64]) -> NDArray[np.int64]:
        """The first instant of *day*."""
        begins: NDArray[np.int64] = day * DAY
        return self.first(begins)

    def end(self, day: NDArray[np.int64]) -> NDArray[np.int64]:
        """The first instant after *day*: where midnight comes twice, the second."""
        ends: NDArray[np.int64] = (day + 1) * DAY
        return self.last(ends)

    # What comes later

    def after(self, at: NDArray[np.int64], duration: Duration) -> NDArray[np.int64]:
        """The instant *duration* after each of *at*, as `Duration.after`."""
        if duration.unit in _LENGTHS or not duration.count:
            return self._moved(at, duration, 1)
        self._reaching(at)
        known = self._after.get(duration)
        if known is None:
            known = self._after[duration] = self._by_day(lambda one: self._moved(one, duration, 1))
        return known(at)

    def before(self, at: NDArray[np.int64], duration: Duration) -> NDArray[np.int64]:
        """The instant *duration* before each of *at*, as `Duration.before`."""
        return self._moved(at, duration, -1)

    def _moved(self, at: NDArray[np.int64], duration: Duration, sign: int) -> NDArray[np.int64]:
        if duration.unit in _LENGTHS or not duration.count:
            return at + sign * duration.count * _LENGTHS.get(duration.unit, 0)
        wall = self.wall(at)
        day = wall // DAY
        return self.last(wall + (shifted(day, duration, sign) - day) * DAY)

    # Periods

    def period(
        self, at: NDArray[np.int64], window: Window, anchor: NDArray[np.int64] | None = None
    ) -> NDArray[np.int64]:
        """
        The number of the period of *window* that has *at* in it: one more than that of the period before.

        Args:
            at: Instants.
            window: A calendar unit, or membership years.
            anchor: The days from which membership years count.
        """
        return self.period_of_day(self.day(at), window, anchor)

    def period_of_day(
        self, day: NDArray[np.int64], window: Window, anchor: NDArray[np.int64] | None = None
    ) -> NDArray[np.int64]:
        """The number of the period that has *day* in it."""
        if window.unit == "day":
            return day
        if window.unit == "week":
            # 1970-01-01 was a Thursday, and weeks start on Monday.
            return (day + 3) // 7
        if window.unit:
            return self._looked_up(day, window.unit)
        if anchor is None:
            message = "membership years count from the day of joining, which is missing; give anchor="
            raise TimeError(message, window=window)
        return whole_years(anchor, day)

    def _looked_up(self, day: NDArray[np.int64], unit: str) -> NDArray[np.int64]:
        if not day.size:
            return day
        low, high = int(day.min()), int(day.max())
        known = self._periods.get(unit)
        if known is None or low < known[0] or high >= known[0] + len(known[1]):
            if high - low > _MOST:
                return _month(day) // _MONTHS[unit]
            # Some years on either side: the next rounds lie near.
            low, high = low - 800, high + 800
            known = self._periods[unit] = low, _month(np.arange(low, high + 1)) // _MONTHS[unit]
        found: NDArray[np.int64] = known[1][day - known[0]]
        return found

    def first_day(
        self, period: NDArray[np.int64], window: Window, anchor: NDArray[np.int64] | None = None
    ) -> NDArray[np.int64]:
        """The first day of the period of that number."""
        if window.unit == "day":
            return period
        if window.unit == "week":
            return period * 7 - 3
        if window.unit:
            return _first_of_month(period * _MONTHS[window.unit])
        if anchor is None:
            message = "membership years count from the day of joining, which is missing; give anchor="
            raise TimeError(message, window=window)
        return add_months(anchor, 12 * period)

    def began(
        self, period: NDArray[np.int64], window: Window, anchor: NDArray[np.int64] | None = None
    ) -> NDArray[np.int64]:
        """The first instant of the period of that number."""
        return self.start(self.first_day(period, window, anchor))

    def leaves(
        self, at: NDArray[np.int64], window: Window, anchor: NDArray[np.int64] | None = None
    ) -> NDArray[np.int64]:
        """The first instant at which what happened at *at* counts no longer, as `Window.leaves`; `NEVER` if it does."""
        if window.duration is not None:
            return self.after(at, window.duration)
        if window.kind in {"ever", "streak"}:
            return np.full(len(at), NEVER)
        return self.began(self.period(at, window, anchor) + 1, window, anchor)


def shifted(day: NDArray[np.int64], duration: Duration, sign: int = 1) -> NDArray[np.int64]:
    """The day *duration* after *day* (before it, with the sign -1); only for days and longer units."""
    count = sign * duration.count
    match duration.unit:
        case "days":
            return day + count
        case "weeks":
            return day + 7 * count
        case "months":
            return add_months(day, count)
        case "years":
            return add_months(day, 12 * count)
    message = f"{duration} is shorter than a day, and days are wanted; write it in days"
    raise TimeError(message, value=duration)


def add_months(day: NDArray[np.int64], months: NDArray[np.int64] | int) -> NDArray[np.int64]:
    """The same day *months* later, or the last of that month if it is shorter."""
    month = _month(day)
    there = month + months
    first = _first_of_month(there)
    found: NDArray[np.int64] = np.minimum(first + day - _first_of_month(month), _first_of_month(there + 1) - 1)
    return found


def whole_years(since: NDArray[np.int64], day: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many years are completed from *since* to *day*; negative before *since*."""
    years = _month(day) // 12 - _month(since) // 12
    found: NDArray[np.int64] = years - (add_months(since, 12 * years) > day)
    return found


@lru_cache(maxsize=1)
def _months() -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The month of each day of the near years, and the first day of each month, since 1970."""
    firsts = np.arange(*_NEAR_MONTHS, dtype="datetime64[M]").astype("datetime64[D]").astype(np.int64)
    days = np.arange(firsts[0], firsts[-1]).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return days, firsts


def _month(day: NDArray[np.int64]) -> NDArray[np.int64]:
    """The month of *day*, since 1970-01."""
    days, firsts = _months()
    place = day - firsts[0]
    if not place.size or (place.min() >= 0 and place.max() < len(days)):
        near: NDArray[np.int64] = days.take(place)
        return near
    found: NDArray[np.int64] = day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return found


def _first_of_month(month: NDArray[np.int64]) -> NDArray[np.int64]:
    """The first day of *month*."""
    _, firsts = _months()
    place = month - _NEAR_MONTHS[0]
    if not place.size or (place.min() >= 0 and place.max() < len(firsts)):
        near: NDArray[np.int64] = firsts.take(place)
        return near
    found: NDArray[np.int64] = month.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return found


def _second(year: int) -> int:
    return (datetime(year, 1, 1, tzinfo=UTC) - _EPOCH) // timedelta(seconds=1)


def _ahead(zone: ZoneInfo, second: int) -> int:
    offset = (_EPOCH + timedelta(seconds=second)).astimezone(zone).utcoffset()
    return 0 if offset is None else int(offset.total_seconds())


@lru_cache(maxsize=4096)
def _changes(zone: ZoneInfo, year: int) -> tuple[tuple[int, int], ...]:
    """When the clock of *zone* changes in a year of UTC, and how many seconds it is ahead from then on."""
    found: list[tuple[int, int]] = []
    start, stop = _second(year), _second(year + 1)
    # Zones change a few times a year, and not twice in a week.
    step, ahead = 7 * 86_400, _ahead(zone, start)
    while start < stop:
        end = min(start + step, stop)
        if _ahead(zone, end) != ahead:
            low, high = start, end
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if _ahead(zone, middle) == ahead else (low, middle)
            ahead = _ahead(zone, high)
            found.append((high, ahead))
            start = high
        else:
            start = end
    return tuple(found)
