"""Lives: from when and until when points may be used, for many lots at once.

Instants are microseconds since 1970-01-01T00:00Z. How long points live depends only on the local day from which they
may be used, and on a month of the member's: each day is asked once, and of the one place that knows, `Expiry`.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from threading import get_ident
from typing import TYPE_CHECKING

import numpy as np

from fidelity.language.clock import MICROS_A_QUARTER, local_parts, years_around
from fidelity.language.quantities import EPOCH_DAY
from fidelity.ledger.columns.calendar import NEVER, calendar_of
from fidelity.values.waiting import UNCONFIRMED, UntilConfirmed
from fidelity.values.zones import end_of_day

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from numpy.typing import NDArray

    from fidelity.values.expiry import Expiry
    from fidelity.values.periods import Duration

__all__ = ["Ends", "Lives", "Months", "micros", "months_of"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
_MONTHS = range(1, 13)
#: How many days are asked at once: the next instants lie near.
_AT_ONCE = 128


def micros(at: datetime) -> int:
    """The instant *at* as microseconds since 1970."""
    return (at - _EPOCH) // _TICK


class Ends:
    """
    When points end by their age.

    Args:
        terms: How long they live.
        zone: Whose clock says when a day ends.
    """

    def __init__(self, terms: Expiry, zone: ZoneInfo) -> None:
        self.terms = terms
        self.zone = zone
        # By month of the member's (0 where none is asked for): the first day, and the end of what begins on each.
        self._known: dict[int, tuple[int, NDArray[np.int64]]] = {}

    def of(self, starts: NDArray[np.int64], months: NDArray[np.int8] | None = None) -> NDArray[np.int64]:
        """
        The first instant at which what can be used from *starts* is gone; `NEVER` if it stays.

        Args:
            starts: Instants.
            months: Where a month of the member's ends the life, which one, 1 to 12; 0 where it is not known: then
                points live as long as they would with the latest.
        """
        if not self.terms.ages or not starts.size:
            return np.full(len(starts), NEVER)
        days = local_parts(starts, self.zone, ("date",))["date"]
        low, high = int(days.min()), int(days.max())
        if not self.terms.anchor:
            return self._taken(0, low, high, days)
        if months is None:
            months = np.zeros(len(starts), np.int8)
        found = np.empty(len(starts), np.int64)
        for month in np.unique(months).tolist():
            those = months == month
            found[those] = self._taken(month, low, high, days[those])
        return found

    def _taken(self, month: int, low: int, high: int, days: NDArray[np.int32]) -> NDArray[np.int64]:
        first, ends = self._reaching(month, low, high)
        found: NDArray[np.int64] = ends.take(days - first, mode="clip")
        return found

    def _reaching(self, month: int, low: int, high: int) -> tuple[int, NDArray[np.int64]]:
        """The table of *month*, with all days from *low* to *high*."""
        known = self._known.get(month)
        if known is None:
            low -= low % _AT_ONCE
            known = low, np.array([self._end(day, month) for day in range(low, high + _AT_ONCE)], np.int64)
        first, ends = known
        if low < first:
            low -= low % _AT_ONCE
            known = low, np.concatenate([[self._end(day, month) for day in range(low, first)], ends])
        first, ends = known
        if high >= first + len(ends):
            more = [self._end(day, month) for day in range(first + len(ends), high + _AT_ONCE)]
            known = first, np.concatenate([ends, more])
        self._known[month] = known
        return known

    def _end(self, day: int, month: int) -> int:
        earned, anchor = date.fromordinal(day + EPOCH_DAY), self.terms.anchor
        asked = (month,) if month or not anchor else _MONTHS
        told = [{anchor: date(2000, each, 1)} if anchor else {} for each in asked]
        last = [self.terms.last_day(earned, anchors=each) for each in told]
        return max((micros(end_of_day(each, self.zone)) for each in last if each is not None), default=NEVER)


class Lives:
    """
    From when and until when points of a wallet may be used.

    Args:
        terms: How long they live, from when they can be used.
        zone: Whose clock counts.
        wait: How long they wait before they can be used; None: not at all.
    """

    def __init__(self, terms: Expiry, zone: ZoneInfo, wait: Duration | UntilConfirmed | None = None) -> None:
        self.zone = zone
        self.wait = wait
        self.terms = terms
        self._ends = Ends(terms, zone)
        idle = terms.inactive
        self._idle = None if idle is None else Ends(idle, zone)

    @property
    def anchor(self) -> str:
        """Which month of the member's `ends` asks for: ``birth``, ``joining`` or empty."""
        return self.terms.anchor

    @property
    def idle(self) -> bool:
        """Whether what is left goes when nothing happens for long."""
        return self._idle is not None

    def starts(self, at: NDArray[np.int64]) -> NDArray[np.int64]:
        """From when points that take effect *at* may be used, if nothing confirms them."""
        wait = self.wait.at_most if isinstance(self.wait, UntilConfirmed) else self.wait
        if wait is not None:
            return calendar_of(self.zone).after(at, wait)
        return at if self.wait is None else np.full(len(at), micros(UNCONFIRMED))

    def ends(self, starts: NDArray[np.int64], months: NDArray[np.int8] | None = None) -> NDArray[np.int64]:
        """Until when points may be used that can be from *starts*; see `Ends.of`."""
        if isinstance(self.wait, UntilConfirmed) and self.wait.at_most is None:
            return np.full(len(starts), NEVER)
        return self._ends.of(starts, months)

    def quiet(self, active: NDArray[np.int64]) -> NDArray[np.int64]:
        """When all that is left goes if nothing happens after *active*; `NEVER` if it does not."""
        return np.full(len(active), NEVER) if self._idle is None else self._idle.of(active)


def months_of(zone: ZoneInfo) -> Months:
    """The months of *zone*, the same ones every time within a thread: what was looked up grows while it is read."""
    return _months_of(zone, get_ident())


@lru_cache(maxsize=64)
def _months_of(zone: ZoneInfo, _thread: int) -> Months:
    return Months(zone)


class Months:
    """
    The calendar months of a place, numbered from January 1970 as 0.

    Args:
        zone: Whose calendar it is.
    """

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone
        self._around = (0, 0)
        # Small, so that much of it stays near the processor; it lasts for 2,700 years.
        self._months = np.empty(0, np.int16)

    def of(self, at: NDArray[np.int64]) -> NDArray[np.int16]:
        """The month that the wall shows at each instant."""
        if not at.size:
            return np.empty(0, np.int16)
        quarters = at // MICROS_A_QUARTER
        low, high = int(quarters.min()), int(quarters.max())
        if low < self._around[0] or high >= self._around[1]:
            first, last = (low, high) if self._around == (0, 0) else self._around
            around = years_around(self.zone, min(low, first), max(high, last))
            if around is None:
                return _months(at, self.zone)
            self._around = around
            self._months = _months(np.arange(*around, dtype=np.int64) * MICROS_A_QUARTER, self.zone)
        quarters -= self._around[0]
        return self._months.take(quarters, mode="clip")


def _months(at: NDArray[np.int64], zone: ZoneInfo) -> NDArray[np.int16]:
    days = local_parts(at, zone, ("date",))["date"]
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int16)
