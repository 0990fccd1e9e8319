"""Moments: what the clock of a place shows for a column of instants, chunk by chunk, and what holds of it.

A condition that only the clock decides is decided once for each quarter of an hour, not for each row: eight of them are
the bits of one small number, which a row looks up. See `clock` for why quarters are enough.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

import numpy as np
from attrs import define, field
from numpy.typing import NDArray

from fidelity.language.clock import MICROS_A_QUARTER, PARTS, local_parts, years_around
from fidelity.language.kernel import Array
from fidelity.language.tree import AllOf, AnyOf, Compare, Field, IsIn, Literal, Node, Not, children

__all__ = ["FEW", "Moments", "is_shown"]

#: Below how many rows a table of quarters costs more than it saves.
FEW = 4_096
#: How many instants are worked on at once: they are wide, and what is made of them must stay near the processor.
_PIECE = 8_192
#: How many units of a datetime64 make a second.
_A_SECOND = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}
_SECONDS = 15 * 60
_NOT_A_TIME = np.iinfo(np.int64).min

#: What holds at instants, given their local parts and themselves in microseconds: up to eight conditions, as bits.
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
        missing: Raises what is to be said of a row without an instant.
    """

    at: Array
    zone: ZoneInfo
    missing: Callable[[], NoReturn]
    _low: int = 0
    _high: int = 0
    _tables: dict[object, Array] = field(factory=dict)
    _quarters: dict[str, Array] = field(factory=dict)
    _direct: bool = False
    _last: tuple[slice, Array] | None = None
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
        return _Shown(self, name, lambda parts, _: parts[name])

    def bits(self, conditions: tuple[Node, ...], work: Bits) -> _Shown:
        """Which of *conditions* hold, the first as the lowest bit; *work* finds out."""
        return _Shown(self, conditions, work)

    def shown(self, rows: slice, key: object, make: Bits) -> Array:
        """What *make* says of *rows*; kept under *key*."""
        place = None if self._direct else self._place(rows)
        if place is None:
            micros = self._micros(rows)
            return make(local_parts(micros, self.zone, PARTS), micros)
        table = self._tables.get(key)
        if table is None:
            micros = np.arange(self._low, self._high, dtype=np.int64) * MICROS_A_QUARTER
            self._quarters = self._quarters or dict(local_parts(micros, self.zone, PARTS))
            table = self._tables[key] = make(self._quarters, micros)
        return table.take(place, mode="clip")

    def _micros(self, rows: slice) -> NDArray[np.int64]:
        found = self.at[rows]
        if np.isnat(found).any():
            self.missing()
        return found.astype("datetime64[us]").astype(np.int64)

    def _place(self, rows: slice) -> Array | None:
        """For each of *rows* the quarter of an hour, counted from the first of the tables; None if it has none."""
        if self._last is not None and self._last[0] == rows:
            return self._last[1]
        values = self._values[rows]
        place = np.empty(len(values), np.intp)
        first, within = self._low * self._step, (self._high - self._low) * self._step
        narrow = within <= np.iinfo(np.uint32).max
        for start in range(0, len(values), _PIECE):
            since = (values[start : start + _PIECE] - first).view(np.uint64)
            # What lies before the tables is large without its sign, and so is what is no instant: one look tells both.
            if int(since.max()) >= within:
                return self._place(rows) if self._reaches(values) else None
            here = place[start : start + _PIECE]
            if narrow:
                # Half as wide is five times as fast to divide.
                here[:] = since.astype(np.uint32) // np.uint32(self._step)
            else:
                np.floor_divide(since, np.uint64(self._step), out=here.view(np.uint64))
        self._last = (rows, place)
        return place

    def _reaches(self, values: NDArray[np.int64]) -> bool:
        """Make the tables long enough for *values*; whether quarters can tell them."""
        first, last = int(values.min()), int(values.max())
        if first == _NOT_A_TIME:
            self.missing()
        low, high = first // self._step, last // self._step
        known = self._high > self._low
        around = years_around(
            self.zone, min(low, self._low) if known else low, max(high, self._high - 1) if known else high
        )
        if around is None:
            self._direct = True
            return False
        self._low, self._high = around
        self._tables.clear()
        self._quarters.clear()
        return True


@define(eq=False)
class _Shown:
    """A column that is looked up when a slice of it is asked for."""

    moments: Moments
    key: object
    make: Bits

    def __getitem__(self, rows: slice, /) -> Any:  # noqa: ANN401 -- an array of any type
        return self.moments.shown(rows, self.key, self.make)
