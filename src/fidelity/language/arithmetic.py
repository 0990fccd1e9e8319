"""Arithmetic on cells: each step in the narrowest type that its bounds allow, so that nothing overflows.

A condition is a mask; what it guards is multiplied by it, which costs a tenth of a masked assignment. Numbers meet in
the type of what they make: numpy takes two to three times as long where types differ, and copies in between.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from fidelity.language.kernel import Array, Cell, Steps, width

__all__ = ["LONGEST", "MANY", "TRUTH", "Arithmetic", "fill"]

#: From how many codes or numbers on one look into a table is cheaper than comparing with each.
MANY = 12
#: How long a table may be that numbers are looked up in.
LONGEST = 1 << 16
TRUTH = np.dtype(np.bool_)

#: How many bytes the widest whole number has.
_LARGEST = 8

Do: TypeAlias = Callable[..., object]


class Arithmetic:
    """Writes the steps of sums, products, comparisons and choices."""

    def __init__(self, steps: Steps) -> None:
        self.steps = steps
        #: What was cut to lie between two constants: of what, and between which.
        self._cut: dict[Cell, tuple[Cell, int, int]] = {}
        self._between: dict[tuple[Cell, int, int], Cell] = {}
        #: What was compared already, and of narrow cells what was asked.
        self._compared: dict[object, Cell] = {}
        self._asked: dict[Cell, tuple[str, Cell, Cell]] = {}
        #: What was widened or cut off already, and from what a narrow cell was made.
        self._fitted: dict[tuple[Cell, int], Cell] = {}
        self._made_of: dict[Cell, Cell] = {}

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
        alone = self.steps.step(np.bitwise_and, [of, mask], np.uint8, 0, 1 << place)
        return self.compared("!=", alone, self.steps.constant(0))

    def denied(self, of: Cell) -> Cell:
        """Where *of* does not hold."""
        if of.constant is not None:
            return self.steps.constant(1 - of.constant)
        if of in self._asked:
            op, left, right = self._asked[of]
            return self.compared(_OPPOSITE[op], left, right)
        return self.steps.step(np.logical_not, [of], TRUTH, 0, 1)

    def looked_up(self, of: Cell, values: Sequence[int]) -> Cell:
        """Where *of* is one of many *values*."""
        table = np.zeros(of.high - of.low + 1, TRUTH)
        table[[value - of.low for value in values if of.low <= value <= of.high]] = True
        return self.from_table(table, self.minus(of, of.low))

    def from_table(self, table: Array, place: Cell) -> Cell:
        """What stands in *table* at *place*."""
        given = self.steps.table(table)
        return self.steps.step(look_up, [given, place], table.dtype, given.low, given.high)

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
        key = (op, left, right if right.constant is None else right.constant)
        found = self._compared.get(key)
        if found is None:
            found = self._compared[key] = self._compare(op, left, right)
            if right.constant is not None and _wide(left) == 1:
                # Asking for the opposite costs no more than denying the answer; of wider numbers it does.
                self._asked[found] = (op, left, right)
        return found

    def _compare(self, op: str, left: Cell, right: Cell) -> Cell:
        if right.constant is not None:
            return self.steps.step(_COMPARE[op], [left, self.steps.typed(right, left.dtype)], TRUTH, 0, 1)
        dtype = width(min(left.low, right.low), max(left.high, right.high))
        fitted = [self.fitted(each, dtype) for each in (left, right)]
        return self.steps.step(_COMPARE[op], fitted, TRUTH, 0, 1, kind=dtype)

    def within(self, of: Cell, first: int, last: int) -> Cell:
        """Where the code *of* is one of those from *first* to *last*."""
        if first == last:
            return self.compared("==", of, self.steps.constant(first))
        if first <= of.low or last >= of.high:
            upper = self.compared("<=", of, self.steps.constant(last))
            return upper if first <= of.low else self.compared(">=", of, self.steps.constant(first))
        assert of.dtype is not None  # noqa: S101 -- no constant
        # What lies before the first is large without its sign: one look instead of two.
        unsigned = np.dtype(f"u{of.dtype.itemsize}")
        start = self.steps.typed(self.steps.constant(first), unsigned)
        most = np.iinfo(unsigned).max
        since = self.steps.step(np.subtract, [of, start], unsigned, 0, int(most), kind=unsigned)
        return self.compared("<=", since, self.steps.constant(last - first))

    def fitted(self, of: Cell, dtype: np.dtype[Any]) -> Cell:
        """
        *of* as wide as *dtype*, to be read as if it were of that type.

        What does not fit is cut off at the upper end. Sums, differences and products of what is left are right all the
        same, if they fit themselves; of wider ones nobody ever sees more.
        """
        if of.constant is not None:
            size = 1 << (8 * dtype.itemsize)
            least = int(np.iinfo(dtype).min)
            return self.steps.typed(self.steps.constant((of.constant - least) % size + least), dtype)
        if _wide(of) == dtype.itemsize:
            return of
        made_of = self._made_of.get(of)
        if made_of is not None and _wide(made_of) == dtype.itemsize:
            return made_of
        found = self._fitted.get((of, dtype.itemsize))
        if found is None:
            found = self.steps.step(_copied, [of], dtype, of.low, of.high)
            self._fitted[of, dtype.itemsize] = found
        return found

    def apply(self, do: np.ufunc, left: Cell, right: Cell, low: int, high: int) -> Cell:
        """The sum, difference or product of two numbers, in the narrowest type that holds it."""
        dtype = width(low, high)
        fitted = [self.fitted(each, dtype) for each in (left, right)]
        return self.steps.step(do, fitted, dtype, low, high, kind=dtype)

    def narrow(self, of: Cell) -> Cell:
        """*of* in the narrowest type that holds it."""
        dtype = width(of.low, of.high)
        if of.constant is not None or _wide(of) == dtype.itemsize:
            return of
        found = self.fitted(of, dtype)
        # Whoever needs it wide again finds what it was.
        self._made_of[found] = of
        return found

    def total(self, parts: Sequence[Cell]) -> Cell:
        """The sum of *parts*: narrow ones together, as long as their sum stays narrow."""
        rest = sorted(parts, key=lambda each: max(abs(each.low), abs(each.high)))
        for size in (1, 2, 4, 8):
            sums: list[Cell] = []
            for each in rest:
                if sums and max(_wide(sums[-1]), _wide(each)) <= size:
                    low, high = sums[-1].low + each.low, sums[-1].high + each.high
                    if size == _LARGEST or width(low, high).itemsize <= size:
                        sums[-1] = self.plus(sums[-1], each)
                        continue
                sums.append(each)
            rest = sums
        return rest[0]

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
        low, high = sorted((of.low // by, of.high // by))
        if low == high:
            return self.steps.constant(low)
        if of.low >= 0 and by > 0:
            # Numpy divides whole numbers without a sign more than twice as fast.
            dtype = np.dtype(f"u{_wide(of)}")
        else:
            dtype = width(min(of.low, by, low, -1), max(of.high, by, high))
        fitted = [self.fitted(of, dtype), self.steps.typed(self.steps.constant(by), dtype)]
        return self.narrow(self.steps.step(np.floor_divide, fitted, dtype, low, high, kind=dtype))

    def modulo(self, of: Cell, by: int) -> Cell:
        """What is left of *of* after taking out whole *by*."""
        if of.constant is not None:
            return self.steps.constant(of.constant % by)
        low, high = (0, by - 1) if by > 0 else (by + 1, 0)
        # Dividing and multiplying is quicker than the remainder of numpy. Of the product no more is needed than of the
        # remainder: what is cut off of both at the upper end is the same.
        whole = self.apply(np.multiply, self.floored(of, by), self.steps.constant(by), low, high)
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
                found = self.between(found, low, high)
            else:
                found = self._extreme(do, found, each, low, high)
        return found

    def _extreme(self, do: Do, one: Cell, other: Cell, low: int, high: int) -> Cell:
        dtype = width(min(one.low, other.low), max(one.high, other.high))
        fitted = [self.fitted(each, dtype) for each in (one, other)]
        return self.narrow(self.steps.step(do, fitted, dtype, low, high, over=True, kind=dtype))

    def between(self, of: Cell, low: int, high: int) -> Cell:
        """*of*, cut to lie between two constants within its bounds: what was cut before is cut once."""
        of, *_ = self._cut.get(of, (of,))
        if (of, low, high) in self._between:
            return self._between[of, low, high]
        bounds = [self.steps.typed(self.steps.constant(each), of.dtype) for each in (low, high)]
        found = self.narrow(self.steps.step(_clipped, [of, *bounds], of.dtype, low, high, over=True))
        self._cut[found] = (of, low, high)
        self._between[of, low, high] = found
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
        if value.constant == 1:
            return when
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


def _least(one: Any, other: Any, out: Any) -> None:  # noqa: ANN401 -- numpy arrays of any type
    # Of these two alone numpy wants to be told which array is the output.
    np.minimum(one, other, out=out)


def _greatest(one: Any, other: Any, out: Any) -> None:  # noqa: ANN401 -- numpy arrays of any type
    np.maximum(one, other, out=out)


def _wide(of: Cell) -> int:
    """How many bytes a row of *of* has; a constant has none."""
    return 0 if of.dtype is None else of.dtype.itemsize


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
_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_TURNED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def look_up(table: Any, places: Any, out: Any) -> None:  # noqa: ANN401 -- numpy arrays of any type
    """What stands in *table* at each of *places*."""
    table.take(places, out=out, mode="clip")


def _copied(of: Any, out: Any) -> None:  # noqa: ANN401 -- numpy arrays of any type
    np.copyto(out, of, casting="unsafe")


def fill(value: Any, out: Any) -> None:  # noqa: ANN401 -- a constant into an array of any type
    """The same *value* in every row."""
    out.fill(value)
