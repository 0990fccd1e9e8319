"""Windows: how much of something counts at an instant, for many members at once, while time goes on.

What counts at t is what came in at t or before and has not left its window: what `Tally` says for one member. Time
never goes back for a member, so what has left is forgotten; nothing is kept of it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

import numpy as np

from fidelity.errors import NotColumnar
from fidelity.ledger.columns.calendar import FAR, NEVER, calendar_of
from fidelity.ledger.columns.departures import Departures
from fidelity.ledger.columns.queues import Who

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from numpy.typing import NDArray

    from fidelity.values.periods import Window

__all__ = ["Who", "Windows", "counting"]


def counting(members: int, window: Window, zone: ZoneInfo, anchor: NDArray[np.int64] | None = None) -> Windows:
    """A counter of *members*, of the kind that *window* asks for; the arguments are those of `Windows`."""
    kinds: dict[str, type[Windows]] = {"ever": _Ever, "rolling": _Rolling, "streak": _Streak}
    return kinds.get(window.kind, _Periods)(members, window, zone, anchor)


class Windows(ABC):
    """
    A counter of many members.

    Args:
        members: How many there are.
        window: Which time counts.
        zone: Whose calendar it is.
        anchor: For membership years the days of joining, since 1970-01-01, one for each member.

    >>> from zoneinfo import ZoneInfo
    >>> from fidelity.values.periods import window
    >>> may, june = np.array([1_777_600_000_000_000]), np.array([1_780_300_000_000_000])
    >>> counted = counting(1, window("calendar month"), ZoneInfo("UTC"))
    >>> counted.add(slice(0, 1), may, np.array([30]))
    >>> counted.value(slice(0, 1), may).tolist(), counted.value(slice(0, 1), june).tolist()
    ([30], [0])
    """

    def __init__(self, members: int, window: Window, zone: ZoneInfo, anchor: NDArray[np.int64] | None = None) -> None:
        self.window = window
        self.calendar = calendar_of(zone)
        self.anchor = anchor
        self._sum = np.zeros(members, np.int64)

    @abstractmethod
    def add(
        self, who: Who, at: NDArray[np.int64], amount: NDArray[np.int64], counted_from: NDArray[np.int64] | None = None
    ) -> None:
        """
        Count *amount* from *at* on, until what happened at *counted_from* leaves.

        Args:
            who: The members.
            at: When, one instant for each; never before an instant that was told or asked of the member.
            amount: How much; negative for what goes back.
            counted_from: Since when it counted: for what goes back with a return the instant of its purchase, not
                after *at*. The same as *at* unless told.
        """

    @abstractmethod
    def value(self, who: Who, at: NDArray[np.int64]) -> NDArray[np.int64]:
        """How much counts at *at*, one instant for each member; never before an instant that was told or asked."""

    @abstractmethod
    def leaving(self, who: Who) -> NDArray[np.int64]:
        """The next instant at which something of what counted when it was last asked or added leaves; else `NEVER`."""

    def _anchored(self, who: Who) -> NDArray[np.int64] | None:
        return None if self.anchor is None else self.anchor[who]


class _Ever(Windows):
    """What counts for ever."""

    def add(
        self,
        who: Who,
        at: NDArray[np.int64],  # noqa: ARG002 -- as everywhere
        amount: NDArray[np.int64],
        counted_from: NDArray[np.int64] | None = None,  # noqa: ARG002
    ) -> None:
        self._sum[who] += amount

    def value(self, who: Who, at: NDArray[np.int64]) -> NDArray[np.int64]:  # noqa: ARG002
        return self._sum[who].copy()

    def leaving(self, who: Who) -> NDArray[np.int64]:
        return np.full(len(self._sum[who]), NEVER)


class _Periods(Windows):
    """What counts in the period that has the instant in it: of the calendar, or a membership year."""

    def __init__(self, members: int, window: Window, zone: ZoneInfo, anchor: NDArray[np.int64] | None = None) -> None:
        super().__init__(members, window, zone, anchor)
        self._period = np.full(members, FAR)

    def _here(self, who: Who, at: NDArray[np.int64]) -> NDArray[np.int64]:
        return self.calendar.period(at, self.window, self._anchored(who))

    def add(
        self, who: Who, at: NDArray[np.int64], amount: NDArray[np.int64], counted_from: NDArray[np.int64] | None = None
    ) -> None:
        period = self._here(who, at)
        if counted_from is not None:
            # What left before it came never counts.
            amount = np.where(self._here(who, counted_from) >= period, amount, 0)
        self._sum[who] = np.where(self._period[who] == period, self._sum[who], 0) + amount
        self._period[who] = period

    def value(self, who: Who, at: NDArray[np.int64]) -> NDArray[np.int64]:
        found: NDArray[np.int64] = np.where(self._period[who] == self._here(who, at), self._sum[who], 0)
        return found

    def leaving(self, who: Who) -> NDArray[np.int64]:
        found = np.full(len(self._sum[who]), NEVER)
        some = np.flatnonzero(self._sum[who])
        if some.size:
            anchor = self._anchored(who)
            within = None if anchor is None else anchor[some]
            found[some] = self.calendar.began(self._period[who][some] + 1, self.window, within)
        return found


class _Streak(Windows):
    """How many periods in a row, up to the one before, something counted."""

    def __init__(self, members: int, window: Window, zone: ZoneInfo, anchor: NDArray[np.int64] | None = None) -> None:
        super().__init__(members, window, zone, anchor)
        self._period = np.full(members, FAR)
        self._row = np.zeros(members, np.int64)

    def _before(self, who: Who, period: NDArray[np.int64]) -> NDArray[np.int64]:
        last = self._period[who]
        past = np.where((self._sum[who] > 0) & (period == last + 1), self._row[who] + 1, 0)
        found: NDArray[np.int64] = np.where(period == last, self._row[who], past)
        return found

    def add(
        self, who: Who, at: NDArray[np.int64], amount: NDArray[np.int64], counted_from: NDArray[np.int64] | None = None
    ) -> None:
        period = self.calendar.period(at, self.window)
        row = self._before(who, period)
        if counted_from is not None and (counted_from != at).any():
            message = "what goes back may end a row that began long ago, which a streak does not remember"
            raise NotColumnar(message, clause="streak")
        self._sum[who] = np.where(self._period[who] == period, self._sum[who], 0) + amount
        self._period[who], self._row[who] = period, row

    def value(self, who: Who, at: NDArray[np.int64]) -> NDArray[np.int64]:
        return self._before(who, self.calendar.period(at, self.window))

    def leaving(self, who: Who) -> NDArray[np.int64]:
        found = np.full(len(self._sum[who]), NEVER)
        some = np.flatnonzero((self._row[who] > 0) | (self._sum[who] > 0))
        if some.size:
            found[some] = self.calendar.began(self._period[who][some] + 1, self.window)
        return found


class _Rolling(Windows):
    """What counts for so long from when it came."""

    def __init__(self, members: int, window: Window, zone: ZoneInfo, anchor: NDArray[np.int64] | None = None) -> None:
        super().__init__(members, window, zone, anchor)
        self._here = Departures(members)

    def add(
        self, who: Who, at: NDArray[np.int64], amount: NDArray[np.int64], counted_from: NDArray[np.int64] | None = None
    ) -> None:
        self._here.forget(who, at)
        leaves = self.calendar.leaves(at if counted_from is None else counted_from, self.window)
        counts = (amount != 0) & (leaves > at)
        if not counts.all():
            some = np.flatnonzero(counts)
            who = some + (who.start or 0) if isinstance(who, slice) else who[some]
            leaves, amount = leaves[some], amount[some]
        self._here.put(who, leaves, amount)

    def value(self, who: Who, at: NDArray[np.int64]) -> NDArray[np.int64]:
        self._here.forget(who, at)
        return self._here.sum[who].copy()

    def leaving(self, who: Who) -> NDArray[np.int64]:
        return self._here.first[who].copy()
