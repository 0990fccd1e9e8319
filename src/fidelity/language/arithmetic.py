"""Arithmetic on cells: each step in the narrowest type that its bounds allow, so that nothing overflows.

A condition is a mask; what it guards is multiplied by it, which costs a tenth of a masked assignment.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeAlias

import numpy as np

from fidelity.language.kernel import Cell, Steps, width

__all__ = ["LONGEST", "MANY", "TRUTH", "Arithmetic", "fill", "look_up"]

#: From how many codes or numbers on one look into a table is cheaper than comparing with each.
MANY = 12
#: How long a table may be that numbers are looked up in.
LONGEST = 1 << 16
TRUTH = np.dtype(np.bool_)
_SMALL = np.dtype(np.int8)

Do: TypeAlias = Callable[..., object]


class Arithmetic:
    """Writes the steps of sums, products, comparisons and choices."""

    def __init__(self, steps: Steps) -> None:
        self.steps = steps
        #: What was cut to lie between two constants: of what, and between which.
        self._cut: dict[Cell, tuple[Cell, int, int]] = {}

    def joined(self, do: Do, parts: Sequence[Cell], stops: int) -> Cell:
        """All or any of *parts*; a constant *stops* decides it alone."""
        if any(each.constant == stops for each in parts):
            return self.steps.constant(stops)
        open_ = [each for each in parts if each.constant is None]
        if not open_:
            return self.steps.constant(1 - stops)
        found = open_[0]
        for each in open_[1:]:
            found = self.steps.step(do, [found, each], TRUTH, 0, 1)
        return found

    def bit(self, of: Cell, place: int) -> Cell:
        """Where the bit at *place* of *of* is set."""
        mask = self.steps.typed(self.steps.constant(1 << place), np.uint8)
        return self.steps.step(_has_bit, [of, mask], TRUTH, 0, 1)

    def denied(self, of: Cell) -> Cell:
        """Where *of* does not hold."""
        if of.constant is not None:
            return self.steps.constant(1 - of.constant)
        return self.steps.step(np.logical_not, [of], TRUTH, 0, 1)

    def looked_up(self, of: Cell, values: Sequence[int]) -> Cell:
        """Where *of* is one of many *values*."""
        table = np.zeros(of.high - of.low + 1, TRUTH)
        table[[value - of.low for value in values if of.low <= value <= of.high]] = True
        place = self.minus(of, of.low)
        return self.steps.step(look_up, [self.steps.table(table), place], TRUTH, 0, 1)

    def minus(self, of: Cell, low: int) -> Cell:
        """*of* less its lowest value, so that it counts from 0."""
        return of if not low else self.apply(np.subtract, of, self.steps.constant(low), 0, of.high - low)

    def compared(self, op: str, left: Cell, right: Cell) -> Cell:
        """Where *left* stands to *right* as *op* says."""
        settled = _settled(op, left, right)
        if settled is not None:
            return self.steps.constant(int(settled))
        if left.constant is not None:
            left, right, op = right, left, _TURNED[op]
        return self.steps.step(_COMPARE[op], [left, self.steps.typed(right, left.dtype)], TRUTH, 0, 1)

    def apply(self, do: Do, left: Cell, right: Cell, low: int, high: int) -> Cell:
        """What *do* gives for two numbers, in the narrowest type that holds it."""
        dtype = width(low, high)
        widest = np.result_type(*(each.dtype for each in (left, right) if each.dtype is not None))
        fits = all(each.constant is None or _fits(each.constant, dtype) for each in (left, right))
        if np.result_type(widest, dtype) == dtype and fits:
            typed = [self.steps.typed(each, dtype) for each in (left, right)]
            return self.steps.step(do if widest == dtype else partial(do, dtype=dtype), typed, dtype, low, high)
        # What comes in is wider than what comes out: worked out wide, then kept narrow.
        wide = np.result_type(widest, *(width(each.low, each.high) for each in (left, right)))
        typed = [self.steps.typed(each, wide) for each in (left, right)]
        found = self.steps.step(do if wide == widest else partial(do, dtype=wide), typed, wide, low, high)
        return self.narrow(found)

    def narrow(self, of: Cell) -> Cell:
        """*of* in the narrowest type that holds it."""
        dtype = width(of.low, of.high)
        if of.constant is not None or of.dtype in (dtype, TRUTH):
            return of
        return self.steps.step(_narrow, [of], dtype, of.low, of.high)

    def plus(self, left: Cell, right: Cell) -> Cell:
        """The sum of two numbers."""
        low, high = left.low + right.low, left.high + right.high
        if left.constant is not None and right.constant is not None:
            return self.steps.constant(low)
        if 0 in (left.constant, right.constant):
            return right if left.constant == 0 else left
        return self.apply(np.add, left, right, low, high)

    def times(self, of: Cell, by: int) -> Cell:
        """*of*, so many times."""
        if of.constant is not None:
            return self.steps.constant(of.constant * by)
        return of if by == 1 else self.multiplied(of, self.steps.constant(by))

    def multiplied(self, left: Cell, right: Cell) -> Cell:
        """The product of two numbers."""
        corners = [one * two for one in (left.low, left.high) for two in (right.low, right.high)]
        if left.constant is not None and right.constant is not None:
            return self.steps.constant(corners[0])
        return self.apply(np.multiply, left, right, min(corners), max(corners))

    def negative(self, of: Cell) -> Cell:
        """*of* with the other sign."""
        if of.constant is not None:
            return self.steps.constant(-of.constant)
        return self.apply(np.subtract, self.steps.constant(0), of, -of.high, -of.low)

    def floored(self, of: Cell, by: int) -> Cell:
        """How many whole times *by* goes into *of*."""
        if of.constant is not None:
            return self.steps.constant(of.constant // by)
        if by == 1:
            return of
        low, high = of.low // by, of.high // by
        if of.low < 0 or by < 0 or of.dtype is None or of.dtype.kind != "i" or not _fits(by, of.dtype):
            return self.apply(np.floor_divide, of, self.steps.constant(by), low, high)
        # Numpy divides whole numbers without a sign more than twice as fast.
        unsigned = np.dtype(f"u{of.dtype.itemsize}")
        divisor = self.steps.typed(self.steps.constant(by), unsigned)
        do = partial(_divided, unsigned=unsigned)
        return self.narrow(self.steps.step(do, [of, divisor], of.dtype, low, high, over=True))

    def modulo(self, of: Cell, by: int) -> Cell:
        """What is left of *of* after taking out whole *by*."""
        if of.constant is not None:
            return self.steps.constant(of.constant % by)
        # Dividing twice is quicker than the remainder of numpy.
        whole = self.times(self.floored(of, by), by)
        low, high = (0, by - 1) if by > 0 else (by + 1, 0)
        return self.apply(np.subtract, of, whole, low, high)

    def extreme(self, which: str, terms: list[Cell]) -> Cell:
        """The least or the greatest of *terms*."""
        pick, do = (min, _least) if which == "min" else (max, _greatest)
        # Constants last, where they need no array.
        terms.sort(key=lambda each: each.constant is not None)
        found = terms[0]
        for each in terms[1:]:
            low, high = pick(found.low, each.low), pick(found.high, each.high)
            if low == high:
                found = self.steps.constant(low)
            elif _wins(which, found, each):
                continue
            elif _wins(which, each, found):
                found = each
            elif each.constant is not None:
                found = self._between(found, low, high)
            else:
                found = self.apply(do, found, each, low, high)
        return found

    def _between(self, of: Cell, low: int, high: int) -> Cell:
        """*of*, cut to lie between two constants: what was cut before is cut once."""
        of, *_ = self._cut.get(of, (of,))
        bounds = [self.steps.typed(self.steps.constant(each), of.dtype) for each in (low, high)]
        found = self.narrow(self.steps.step(_clipped, [of, *bounds], of.dtype, low, high, over=True))
        self._cut[found] = (of, low, high)
        return found

    def magnitude(self, of: Cell) -> Cell:
        """*of* without its sign."""
        if of.low >= 0:
            return of
        return self.extreme("max", [of, self.negative(of)])

    def guarded(self, when: Cell, value: Cell) -> Cell:
        """*value* where *when* holds, else 0."""
        if when.constant is not None:
            return value if when.constant else self.steps.constant(0)
        if value.constant == 0:
            return value
        if value.constant is not None and _fits(value.constant, _SMALL) and when.dtype == TRUTH:
            weight = self.steps.typed(value, _SMALL)
            return self.steps.step(_weighed, [when, weight], _SMALL, min(value.low, 0), max(value.high, 0))
        return self.apply(np.multiply, when, value, min(value.low, 0), max(value.high, 0))

    def either(self, one: Cell | None, other: Cell, among: Sequence[Cell]) -> Cell:
        """The sum of two of which at most one is not 0, so that it has the bounds of both."""
        if one is None or one.constant == 0:
            return other
        if other.constant == 0:
            return one
        low, high = min(one.low, other.low), max(one.high, other.high)
        if one.dtype == other.dtype == TRUTH and all(each.dtype in (None, TRUTH) for each in among):
            return self.steps.step(np.logical_or, [one, other], TRUTH, 0, 1)
        return self.apply(np.add, one, other, low, high)


def _clipped(of: Any, low: Any, high: Any, out: Any) -> None:  # noqa: ANN401 -- numpy arrays of any type
    # Numpy compares with a constant on one side at a third of the speed of one on both.
    of.clip(low, high, out)


def _least(one: Any, other: Any, out: Any, **more: Any) -> None:  # noqa: ANN401 -- numpy arrays of any type
    # Of these two alone numpy wants to be told which array is the output.
    np.minimum(one, other, out=out, **more)


def _greatest(one: Any, other: Any, out: Any, **more: Any) -> None:  # noqa: ANN401 -- numpy arrays of any type
    np.maximum(one, other, out=out, **more)


def _divided(of: Any, by: Any, out: Any, *, unsigned: Any) -> None:  # noqa: ANN401 -- numpy arrays of any type
    np.floor_divide(of.view(unsigned), by, out.view(unsigned))


def _weighed(when: Any, weight: Any, out: Any) -> None:  # noqa: ANN401 -- numpy arrays of any type
    np.multiply(when.view(_SMALL), weight, out)


def _fits(value: int, dtype: np.dtype[Any]) -> bool:
    about = np.iinfo(dtype)
    return about.min <= value <= about.max


def _settled(op: str, left: Cell, right: Cell) -> bool | None:
    """What a comparison says for all rows, if the bounds tell."""
    low, high = left.low - right.high, left.high - right.low
    match op:
        case "<" | ">=":
            found = True if high < 0 else False if low >= 0 else None
            return found if found is None or op == "<" else not found
        case "<=" | ">":
            found = True if high <= 0 else False if low > 0 else None
            return found if found is None or op == "<=" else not found
    if low > 0 or high < 0:
        return op == "!="
    return (op == "==") if low == high == 0 else None


def _wins(which: str, one: Cell, other: Cell) -> bool:
    """Whether *one* is the extreme of both in every row, by their bounds."""
    return one.low >= other.high if which == "max" else one.high <= other.low


_COMPARE: Mapping[str, Do] = {
    "==": np.equal, "!=": np.not_equal, "<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal,
}  # fmt: skip
_TURNED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def _has_bit(of: Any, mask: Any, out: Any) -> None:  # noqa: ANN401 -- numpy arrays of bytes
    np.not_equal(np.bitwise_and(of, mask, out.view(np.uint8)), 0, out)


def look_up(table: Any, places: Any, out: Any) -> None:  # noqa: ANN401 -- numpy arrays of any type
    """What stands in *table* at each of *places*."""
    table.take(places, out=out, mode="clip")


def _narrow(of: Any, out: Any) -> None:  # noqa: ANN401 -- numpy arrays of any type
    np.copyto(out, of, casting="unsafe")


def fill(value: Any, out: Any) -> None:  # noqa: ANN401 -- a constant into an array of any type
    """The same *value* in every row."""
    out.fill(value)
