"""Moments: what the clock of a place shows for a column of instants, chunk by chunk, and what holds of it.

A condition that only the clock decides is decided once for each quarter of an hour, not for each row: eight of them are
the bits of one small number, which a row looks up. See `clock` for why quarters are enough.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

import numpy as np
from attrs import define, field
from numpy.typing import NDArray

from fidelity.language.clock import MICROS_A_QUARTER, PARTS, local_parts, years_around
from fidelity.language.kernel import Array
from fidelity.language.quantities import FIRST_INSTANT, LAST_INSTANT
from fidelity.language.tree import AllOf, AnyOf, Compare, Field, IsIn, Literal, Node, Not, children

__all__ = ["FEW", "Moments", "is_shown"]

#: Below how many rows a table of quarters costs more than it saves.
FEW = 4_096
#: How many units of a datetime64 make a second.
_A_SECOND = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}
_SECONDS = 15 * 60
#: The quarters from which on, and below which, instants may be.
_FIRST, _LAST = FIRST_INSTANT // MICROS_A_QUARTER, LAST_INSTANT // MICROS_A_QUARTER

#: What holds at instants, given their local parts and themselves in microseconds: up to eight conditions, as bits.
#: Tables are kept by it: whoever makes it anew makes them anew.
Bits = Callable[[Mapping[str, Array], NDArray[np.int64]], Array]


def is_shown(node: Node, kind: str, clock: frozenset[str]) -> bool:
    """
    Whether the clock alone decides the condition *node*, the same for a whole quarter of an hour.

    Args:
        kind: The kind of event, whose instant may be compared with whole quarters.
        clock: The paths of the parts that the clock shows.
    """
    match node:
        case AllOf(conditions) | AnyOf(conditions):
            return all(is_shown(each, kind, clock) for each in conditions)
        case Not(condition):
            return is_shown(condition, kind, clock)
        case IsIn(Field(path), _):
            return path in clock
        case Compare(op, Field(path), Literal(int() as value)) if path == f"{kind}.at":
            first = value + 1 if op in ("<=", ">") else value
            return op not in ("==", "!=") and first % MICROS_A_QUARTER == 0
        case Compare(_, left, right):
            read = [each for side in (left, right) for each in _leaves(side)]
            paths = [each.path for each in read if isinstance(each, Field)]
            return bool(paths) and len(paths) + sum(isinstance(each, Literal) for each in read) == len(read) and (
                clock.issuperset(paths)
            )  # fmt: skip
    return False


def _leaves(node: Node) -> list[Node]:
    found: list[Node] = []
    waiting = [node]
    while waiting:
        each = waiting.pop()
        below = list(children(each))
        found += [] if below else [each]
        waiting += below
    return found


@define(eq=False)
class Moments:
    """
    A column of instants.

    Args:
        at: datetime64 in UTC.
        zone: Where the clock hangs.
        wrong: Raises what is to be said of rows without an instant, or with one before 1900 or after 2199.
    """

    at: Array
    zone: ZoneInfo
    wrong: Callable[[], NoReturn]
    _low: int = 0
    _high: int = 0
    _direct: bool = False
    _last: slice | None = None
    _place: Array = field(factory=lambda: np.empty(0, np.intp))
    _since: NDArray[np.int64] = field(factory=lambda: np.empty(0, np.int64))
    _narrow: Array = field(factory=lambda: np.empty(0, np.uint32))
    _step: int = field(init=False)
    _values: NDArray[np.int64] = field(init=False)

    def __attrs_post_init__(self) -> None:
        unit, count = np.datetime_data(self.at.dtype)
        if unit not in _A_SECOND or count != 1:
            self.at, unit = self.at.astype("datetime64[us]"), "us"
        self._step = _A_SECOND[unit] * _SECONDS
        self._values = self.at.view(np.int64)
        self._direct = len(self.at) < FEW

    def part(self, name: str) -> _Shown:
        """The part *name* of the local time: one of `PARTS`."""
        return _Shown(self, _part(name))

    def bits(self, work: Bits) -> _Shown:
        """Which of some conditions hold, the first as the lowest bit; *work* finds out."""
        return _Shown(self, work)

    def shown(self, rows: slice, make: Bits) -> Array:
        """What *make* says of *rows*."""
        place = None if self._direct else self._places(rows)
        if place is None:
            micros = self._micros(rows)
            return make(local_parts(micros, self.zone, PARTS), micros)
        return _table(make, self.zone, self._low, self._high).take(place, mode="clip")

    def _micros(self, rows: slice) -> NDArray[np.int64]:
        found = self.at[rows]
        values = self._values[rows]
        if len(values) and not self._known(int(values.min()), int(values.max())):
            self.wrong()
        return found.astype("datetime64[us]").astype(np.int64)

    def _places(self, rows: slice) -> Array | None:
        """For each of *rows* the quarter of an hour, counted from the first of the tables; None if it has none."""
        values = self._values[rows]
        size = len(values)
        if self._last == rows:
            return self._place[:size]
        if size > len(self._place):
            # Made once and written again for each slice: new memory costs more than what is written into it.
            self._place, self._since = np.empty(size, np.intp), np.empty(size, np.int64)
            self._narrow = np.empty(size, np.uint32)
        place, since, narrow = self._place[:size], self._since[:size], self._narrow[:size]
        within = (self._high - self._low) * self._step
        np.subtract(values, self._low * self._step, since)
        # What lies before the tables is large without its sign, and so is what is no instant: one look tells both.
        if size and int(since.view(np.uint64).max()) >= within:
            return self._places(rows) if self._reaches(values) else None
        if within <= np.iinfo(np.uint32).max:
            # Half as wide is three times as fast to divide.
            np.copyto(narrow, since, casting="unsafe")
            np.floor_divide(narrow, np.uint32(self._step), narrow)
            np.copyto(place, narrow, casting="unsafe")
        else:
            np.floor_divide(since.view(np.uint64), np.uint64(self._step), place.view(np.uint64))
        self._last = rows
        return place

    def _known(self, first: int, last: int) -> bool:
        # What is no instant is the least number there is.
        return first // self._step >= _FIRST and last // self._step < _LAST

    def _reaches(self, values: NDArray[np.int64]) -> bool:
        """Make the tables long enough for *values*; whether quarters can tell them."""
        first, last = int(values.min()), int(values.max())
        if not self._known(first, last):
            self.wrong()
        low, high = first // self._step, last // self._step
        known = self._high > self._low
        around = years_around(
            self.zone, min(low, self._low) if known else low, max(high, self._high - 1) if known else high
        )
        if around is None:
            self._direct = True
            return False
        self._low, self._high, self._last = *around, None
        return True


@cache
def _part(name: str) -> Bits:
    """What reads the part *name*; always the same, since tables are kept by it."""
    return lambda parts, _: parts[name]


@lru_cache(maxsize=32)
def _table(make: Bits, zone: ZoneInfo, low: int, high: int) -> Array:
    """What *make* says of each quarter from *low* and below *high*."""
    micros = np.arange(low, high, dtype=np.int64) * MICROS_A_QUARTER
    return make(local_parts(micros, zone, PARTS), micros)


@define(eq=False)
class _Shown:
    """A column that is looked up when a slice of it is asked for."""

    moments: Moments
    make: Bits

    def __getitem__(self, rows: slice, /) -> Any:  # noqa: ANN401 -- an array of any type
        return self.moments.shown(rows, self.make)
