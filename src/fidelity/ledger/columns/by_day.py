"""Questions of the calendar for whole columns of instants: looked up by day, each day asked once.

Instants are microseconds since 1970-01-01T00:00Z. Knows neither tiers nor lots.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from fidelity.errors import TimeError

if TYPE_CHECKING:
    from collections.abc import Callable
    from zoneinfo import ZoneInfo

    from numpy.typing import NDArray

__all__ = ["ByDay", "instant", "micros"]

_DAY = 86_400_000_000
#: A quarter of an hour: clocks change and days begin at whole ones, nearly everywhere.
_CELL = _DAY // 96
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
#: What stands in a table where there is no one answer: nobody has looked yet, or its parts differ.
_UNSEEN = -(2**63)
_PARTED = _UNSEEN + 1
_NO_ANSWER = -(2**62) - 2**61
_SPARE = 366


def micros(at: datetime) -> int:
    """*at* as whole microseconds since 1970."""
    return (at - _EPOCH) // _TICK


def instant(at: int) -> datetime:
    """The instant that is *at* microseconds after 1970."""
    return _EPOCH + timedelta(microseconds=int(at))


class _Table:
    """A column of answers for consecutive whole numbers. It keeps its length; what it learns, it learns for good."""

    __slots__ = ("add", "factor", "first", "moves", "stays")

    def __init__(self, first: int = 0, last: int = -1) -> None:
        self.first = first
        #: Whether some answer moves with the instant, and whether some stays.
        self.moves = self.stays = False
        self.add = np.full(last - first + 1, _UNSEEN, np.int64)
        self.factor = np.zeros(last - first + 1, np.int64)

    def reaching(self, low: int, high: int) -> _Table:
        """A table that has room for all from *low* to *high*: this one, or a longer one."""
        size = len(self.add)
        if low >= self.first and high < self.first + size:
            return self
        first = min(low - _SPARE, self.first) if size else low - _SPARE
        last = max(high + _SPARE, self.first + size) if size else high + _SPARE
        found = _Table(first, last)
        if size:
            here = slice(self.first - first, self.first - first + size)
            # The answer that says that there is one is copied first, so that what it needs is there by then.
            add = self.add.copy()
            found.factor[here] = self.factor
            found.moves, found.stays = self.moves, self.stays
            found.add[here] = add
        return found


class ByDay:
    """
    A question about one instant, answered for many.

    On nearly each day the answer is the same all day (when a period ends), or as much later as the instant is (twelve
    months after it): such days are looked up. Where a clock changes or a period begins within the day, quarters of an
    hour are; and where these differ within themselves, each instant is asked for itself. Several threads may ask.

    Args:
        ask: The question: an instant in, whole microseconds (or another whole number) out.
        zone: Whose clocks it looks at.
    """

    __slots__ = ("_ask", "_days", "_parts", "_zone")

    def __init__(self, ask: Callable[[datetime], int], zone: ZoneInfo) -> None:
        self._ask = ask
        self._zone = zone
        self._days = _Table()
        self._parts = _Table()

    def __call__(self, at: NDArray[np.int64]) -> NDArray[np.int64]:
        """The answers for *at*."""
        if not len(at):
            return np.empty(0, np.int64)
        place = at // _DAY
        # One table for the whole answer: another thread may put a longer one in its place meanwhile.
        table = self._days = self._days.reaching(int(place.min()), int(place.max()))
        return self._answers(at, place, table, _DAY)

    def _answers(self, at: NDArray[np.int64], place: NDArray[np.int64], table: _Table, width: int) -> NDArray[np.int64]:
        place -= table.first
        found = table.add.take(place)
        rows = np.flatnonzero(found < _NO_ANSWER) if int(found.min()) < _NO_ANSWER else None
        # Nearly always all answers are of one kind. What was taken was there after its kind was told.
        if table.moves and table.stays:
            factor = table.factor.take(place)
            factor *= at
            found += factor
        elif table.moves:
            found += at
        if rows is not None:
            found[rows] = self._looked_up(at[rows], place[rows], table, width)
        return found

    def _looked_up(
        self, at: NDArray[np.int64], place: NDArray[np.int64], table: _Table, width: int
    ) -> NDArray[np.int64]:
        unseen = table.add[place] == _UNSEEN
        for each in np.unique(place[unseen]):
            self._learn(int(each), table, width)
        found = table.add[place]
        answers = found + table.factor[place] * at
        parted = np.flatnonzero(found == _PARTED)
        if len(parted):
            here = at[parted]
            if width == _DAY:
                cell = here // _CELL
                table = self._parts = self._parts.reaching(int(cell.min()), int(cell.max()))
                answers[parted] = self._answers(here, cell, table, _CELL)
            else:
                answers[parted] = [self._ask(instant(each)) for each in here.tolist()]
        return answers

    def _learn(self, place: int, table: _Table, width: int) -> None:
        start = (place + table.first) * width
        try:
            first, last = instant(start), instant(start + width - 1)
            early, late = self._ask(first), self._ask(last)
            steady = first.astimezone(self._zone).utcoffset() == last.astimezone(self._zone).utcoffset()
        except (TimeError, OverflowError, ValueError):
            # At the end of the calendar each instant is asked for itself, and says what is wrong.
            steady, early, late = False, 0, 0
        # In this order: whoever sees an answer finds all of it.
        if steady and early == late:
            table.stays = True
            table.add[place] = early
        elif steady and late - early == width - 1:
            table.moves = True
            table.factor[place] = 1
            table.add[place] = early - start
        else:
            table.add[place] = _PARTED
