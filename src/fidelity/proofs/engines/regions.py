"""Regions: what no cut makes simpler, decided exactly: point by point, or one period of its roundings at a time.

In a leaf every condition says that a sum of variables and roundings of such sums is at least zero. Taking a period
more of a variable adds a constant to each sum, so the remainders of the variables and how many periods they hold are
all there is to look at; and of the latter only the ends and where some condition changes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import islice, product
from math import lcm, prod
from typing import Any, TypeAlias

import numpy as np
from attrs import define
from numpy.typing import NDArray

from fidelity.proofs.engines.cells import Cell
from fidelity.proofs.engines.forms import Both, Cases, Condition, Either, Floor, Least, Linear, Reaches0, Var
from fidelity.proofs.engines.searching import NOTHING, Answer, Found, Undecided
from fidelity.proofs.engines.terms import Terms

__all__ = ["Regions"]

Array: TypeAlias = "NDArray[Any]"
#: Numbers below this can be summed and halved in 64 bits.
_SAFE = 2**61
_CHUNK = 1 << 18
#: How many numbers are worked out for the price of one sum, for whoever counts.
_NUMBERS_A_SUM = 16_000
#: How many ends of several variables are tried together.
_MOST_ENDS = 256


@define(eq=False)
class Regions:
    """
    Decides leaves.

    Attributes:
        points: How many points, or remainders, one leaf may have.
        until: The work at which it stops, wherever it is: every number that is worked out counts.
    """

    terms: Terms
    until: int
    points: int = 1 << 22

    def __call__(self, condition: Condition, cell: Cell) -> Answer:
        """Whether values in *cell* satisfy *condition*."""
        places = [place for place in range(len(cell.domains)) if condition.mask >> place & 1]
        if any(isinstance(cell.domains[place], int) for place in places):
            return Undecided("codes are left in a leaf")
        if _largest(condition, cell, {}) >= _SAFE:
            return Undecided("the numbers are too large for regions")
        bounds = {place: _bounds(cell, place) for place in places}
        sizes = {place: high - low + 1 for place, (low, high) in bounds.items()}
        if prod(sizes.values()) <= _CHUNK:
            return self._enumerated(condition, cell, bounds)
        periods = {place: _period(condition, place) for place in places}
        spans = {place: min(periods[place], sizes[place]) for place in places}
        if prod(spans.values()) <= self.points:
            return self._by_periods(condition, cell, bounds, spans)
        if prod(sizes.values()) <= self.points:
            return self._enumerated(condition, cell, bounds)
        found = self._by_periods(condition, cell, bounds, spans)
        if isinstance(found, Found):
            return found
        return Undecided(f"{prod(spans.values())} remainders are more than {self.points}")

    def _enumerated(self, condition: Condition, cell: Cell, bounds: Mapping[int, tuple[int, int]]) -> Answer:
        sizes = [high - low + 1 for low, high in bounds.values()]
        cost = _cost(_units(condition))
        for start in range(0, prod(sizes), _CHUNK):
            flat = np.arange(start, min(start + _CHUNK, prod(sizes)), dtype=np.int64)
            if not self._may(flat.size * cost):
                return _SPENT
            values = _unravelled(flat, bounds, sizes)
            holds = np.broadcast_to(_truth(condition, values, {}), flat.shape)
            if holds.any():
                first = int(holds.argmax())
                return Found({**cell.lowest(), **{place: int(each[first]) for place, each in values.items()}})
        return NOTHING

    def _by_periods(
        self,
        condition: Condition,
        cell: Cell,
        bounds: Mapping[int, tuple[int, int]],
        spans: Mapping[int, int],
    ) -> Answer:
        units = _units(condition)
        # A variable whose whole domain is looked at has no second period.
        moving = [place for place, (low, high) in bounds.items() if high - low >= spans[place]]
        slopes = {
            each.id: {place: int(_slope(each.term, place) * spans[place]) if place in moving else 0 for place in bounds}
            for each in units
        }
        undecided, cost = False, _cost(units)
        # Where there are too many remainders, the lowest are looked at, of every variable alike.
        looked = _lowest(list(spans.values()), self.points)
        for start in range(0, prod(looked), _CHUNK):
            flat = np.arange(start, min(start + _CHUNK, prod(looked)), dtype=np.int64)
            if not self._may(flat.size * cost):
                return _SPENT
            values = _unravelled(flat, bounds, looked)
            more = {place: (bounds[place][1] - values[place]) // spans[place] for place in bounds}
            memo: dict[int, Array] = {}
            base = {each.id: np.broadcast_to(_value(each.term, values, memo), flat.shape) for each in units}
            block = _Block(condition, units, base, slopes, more, self._may)
            found, open_ = block.decide()
            if found is not None:
                row, times = found
                point = {place: int(values[place][row]) + times[place] * spans[place] for place in bounds}
                return Found({**cell.lowest(), **point})
            undecided = undecided or open_
        return Undecided("several variables are tied together over many periods") if undecided else NOTHING

    def _may(self, numbers: int) -> bool:
        """Count *numbers* more that are worked out; whether they still may be."""
        self.terms.work += 1 + numbers // _NUMBERS_A_SUM
        return self.terms.work <= self.until


_SPENT = Undecided("the work that one question may cost is done")


@define(eq=False)
class _Block:
    """
    Remainders, the values of each condition's sum there, and what one period more of each variable adds to it.

    Attributes:
        may: Counts the numbers that are worked out next; whether they still may be.
    """

    condition: Condition
    units: list[Reaches0]
    base: Mapping[int, Array]
    slopes: Mapping[int, Mapping[int, int]]
    more: Mapping[int, Array]
    may: Callable[[int], bool]

    def decide(self) -> tuple[tuple[int, dict[int, int]] | None, bool]:
        """A row and how many periods of each variable, if some are found; and whether any row stays open."""
        places = [place for place in self.more if any(self.slopes[each.id][place] for each in self.units)]
        rows = np.flatnonzero(self._possible(places))
        if not rows.size:
            return None, False
        zero = np.zeros(rows.size, np.int64)
        still = dict.fromkeys(self.more, zero)
        if not self.may(rows.size * len(places) * len(self.units)):
            return None, True
        turns = [self._turns(place, rows) for place in places]
        if len(places) <= 1:
            # All that there is to look at, and no more than one number for each condition and end.
            tried = [dict(still)] if not places else [{**still, places[0]: each} for each in turns[0]]
            return self._first(rows, tried, bounded=False), False
        ends = [{**still, **dict(zip(places, each, strict=True))} for each in islice(product(*turns), _MOST_ENDS)]
        found = self._first(rows, ends, bounded=True)
        return found, found is None

    def _possible(self, places: list[int]) -> Array:
        """The rows where no condition that must hold is out of reach, each looked at by itself."""
        reach = {}
        for each in self.units:
            most = self.base[each.id]
            for place in places:
                slope = self.slopes[each.id][place]
                if slope > 0:
                    most = most + slope * self.more[place]
            reach[each.id] = most >= 0
        return _held(self.condition, reach)

    def _turns(self, place: int, rows: Array) -> list[Array]:
        """No period, all, and the last before and the first after each condition changes."""
        most = self.more[place][rows]
        found = [np.zeros(rows.size, np.int64), most]
        for each in self.units:
            slope = self.slopes[each.id][place]
            if slope:
                base = self.base[each.id][rows]
                turn = -(base // slope) if slope > 0 else base // -slope
                found.extend((np.clip(turn, 0, most), np.clip(turn + (-1 if slope > 0 else 1), 0, most)))
        return found

    def _first(self, rows: Array, tried: list[dict[int, Array]], *, bounded: bool) -> tuple[int, dict[int, int]] | None:
        """
        The first of *tried* that holds somewhere.

        Args:
            bounded: Whether to stop where no more may be worked out; else all are looked at, and counted.
        """
        for times in tried:
            if not self.may(rows.size * len(times) * len(self.units)) and bounded:
                return None
            held = {}
            for each in self.units:
                value = self.base[each.id][rows]
                for place, count in times.items():
                    if self.slopes[each.id][place]:
                        value = value + self.slopes[each.id][place] * count
                held[each.id] = value >= 0
            holds = _held(self.condition, held)
            if holds.any():
                row = int(holds.argmax())
                return int(rows[row]), {place: int(count[row]) for place, count in times.items()}
        return None


def _cost(units: list[Reaches0]) -> int:
    """How many numbers are worked out at each point."""
    seen: set[int] = set()
    waiting = [each.term for each in units]
    while waiting:
        term = waiting.pop()
        if term.id not in seen:
            seen.add(term.id)
            waiting.extend(atom.term for atom, _ in term.parts if isinstance(atom, Floor))
    return 1 + len(seen)


def _lowest(sizes: list[int], points: int) -> list[int]:
    """*sizes*, the larger ones cut alike so that they make no more than *points* together."""
    cut = list(sizes)
    order = sorted(range(len(sizes)), key=sizes.__getitem__)
    for done, at in enumerate(order):
        cut[at] = min(sizes[at], max(1, int(points ** (1 / (len(sizes) - done)))))
        points = max(1, points // cut[at])
    return cut


def _bounds(cell: Cell, place: int) -> tuple[int, int]:
    domain = cell.domains[place]
    assert isinstance(domain, tuple)  # noqa: S101 -- looked at by the caller
    return domain


def _unravelled(flat: Array, bounds: Mapping[int, tuple[int, int]], sizes: list[int]) -> dict[int, Array]:
    """The values of each variable at flat places, the first variable slowest."""
    values = {}
    for (place, (low, _)), size in zip(reversed(list(bounds.items())), reversed(sizes), strict=True):
        flat, left = np.divmod(flat, size)
        values[place] = low + left
    return values


def _units(condition: Condition) -> list[Reaches0]:
    found: dict[int, Reaches0] = {}
    waiting = [condition]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Reaches0):
            found[node.id] = node
        elif isinstance(node, Both | Either):
            waiting.extend(node.parts)
    return list(found.values())


def _held(condition: Condition, held: Mapping[int, Array]) -> Array:
    if isinstance(condition, Reaches0):
        return held[condition.id]
    assert isinstance(condition, Both | Either)  # noqa: S101 -- there are no codes in a leaf
    parts = [_held(each, held) for each in condition.parts]
    joined: Array = np.logical_and.reduce(parts) if isinstance(condition, Both) else np.logical_or.reduce(parts)
    return joined


def _truth(condition: Condition, values: Mapping[int, Array], memo: dict[int, Array]) -> Array:
    return _held(condition, {each.id: _value(each.term, values, memo) >= 0 for each in _units(condition)})


def _value(term: Linear, values: Mapping[int, Array], memo: dict[int, Array]) -> Array:
    """The numerator of *term*."""
    found = memo.get(term.id)
    if found is None:
        found = np.array(term.const, np.int64)
        for atom, times in term.parts:
            if isinstance(atom, Var):
                part = values[atom.place]
            else:
                assert isinstance(atom, Floor)  # noqa: S101 -- there are no cases in a leaf
                part = _floored(_value(atom.term, values, memo), atom)
            found = found + times * part
        memo[term.id] = found
    return found


def _floored(numbers: Array, atom: Floor) -> Array:
    over = atom.term.over
    if not atom.even:
        return numbers // over
    whole, left = np.divmod(numbers, over)
    up: Array = whole + ((2 * left > over) | ((2 * left == over) & (whole % 2 == 1)))
    return up


def _slope(term: Linear, place: int) -> Fraction:
    """What one more of the variable adds to the numerator of *term* in the long run."""
    total = Fraction(0)
    for atom, times in term.parts:
        if isinstance(atom, Var):
            total += times * (atom.place == place)
        elif isinstance(atom, Floor) and atom.mask >> place & 1:
            total += times * _slope(atom.term, place) / atom.term.over
    return total


def _period(node: Condition | Linear, place: int) -> int:
    """After how much of the variable every rounding in *node* has moved by a whole number."""
    if not node.mask >> place & 1:
        return 1
    if isinstance(node, Both | Either):
        return lcm(*(_period(each, place) for each in node.parts))
    if isinstance(node, Reaches0):
        return _period(node.term, place)
    assert isinstance(node, Linear)  # noqa: S101 -- there are no codes in a leaf
    period = 1
    for atom, _ in node.parts:
        if isinstance(atom, Floor) and atom.mask >> place & 1:
            step = _slope(atom.term, place) / atom.term.over / (2 if atom.even else 1)
            period = lcm(period, _period(atom.term, place), step.denominator)
    return period


def _largest(node: Condition | Linear, cell: Cell, memo: dict[int, int]) -> int:
    """The largest number that working *node* out in *cell* may come to."""
    found = memo.get(node.id)
    if found is not None:
        return found
    if isinstance(node, Both | Either):
        found = max((_largest(each, cell, memo) for each in node.parts), default=0)
    elif isinstance(node, Reaches0):
        found = _largest(node.term, cell, memo)
    else:
        assert isinstance(node, Linear)  # noqa: S101 -- there are no codes in a leaf
        found = abs(node.const)
        for atom, times in node.parts:
            assert not isinstance(atom, Cases | Least)  # noqa: S101 -- they are cut away before
            ends = max(abs(each) for each in cell.range_of_atom(atom))
            inner = _largest(atom.term, cell, memo) if isinstance(atom, Floor) else 0
            found = max(found + abs(times) * ends, inner * 2, atom.term.over * 2 if isinstance(atom, Floor) else 0)
    memo[node.id] = found
    return found
