"""The columnar reading: core trees become a kernel that decides whole columns with numpy.

The same numbers as the scalar reading, to the point: whole numerators over a denominator known beforehand, each in the
narrowest type that its bounds allow, so that nothing overflows and nothing is wider than it must be. A condition is a
mask; what it guards is multiplied by it, which costs a tenth of a masked assignment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import lcm
from types import MappingProxyType
from typing import Any

import numpy as np

from fidelity.errors import LanguageError
from fidelity.language.arithmetic import LONGEST, MANY, TRUTH, Arithmetic, fill
from fidelity.language.asked import codes_of
from fidelity.language.bounds import bounds
from fidelity.language.climbing import climbed, narrowed
from fidelity.language.gathering import excluding, gathered
from fidelity.language.index import Ladder, indexed
from fidelity.language.kernel import Cell, Kernel, Steps, width
from fidelity.language.kinds import Amount, Day, Flag, Instant, Kind, Whole
from fidelity.language.moments import is_shown
from fidelity.language.quantities import EPOCH_DAY, FIRST_INSTANT, LAST_INSTANT, denominator
from fidelity.language.tree import (
    AllOf,
    AnyOf,
    Case,
    Compare,
    Count,
    Extreme,
    Field,
    Has,
    IsIn,
    Literal,
    Magnitude,
    Modulo,
    Negate,
    Node,
    Not,
    OverLines,
    Product,
    Rounded,
    Sum,
    Table,
    all_of,
)

__all__ = ["Columns", "interval"]

_CODE = np.dtype(np.uint8)
_BITS = 8
#: From how many rules of one kind on a ladder is cheaper than asking each.
_RULES = 16


def interval(kind: Kind | None) -> tuple[int, int]:
    """The bounds of a field in base units, both included."""
    match kind:
        case Whole(low, high) | Amount(low, high):
            return low, high
        case Day(low, high):
            return low.toordinal() - EPOCH_DAY, high.toordinal() - EPOCH_DAY
        case Instant():
            return FIRST_INSTANT, LAST_INSTANT
        case Flag():
            return 0, 1
    message = f"{kind!r} is not a number"
    raise LanguageError(message, kind=kind)


class Columns:
    """
    Core trees as a kernel, with what they share worked out once.

    Args:
        nodes: Each tree and the denominator to give its number over; 0 for a condition.
        kinds: The kind of each field that may be read.
        codes: By field, the codes of which its column will hold the places; told for columns that are coded already,
            which hold no other.
        clock: The paths of what the clock shows of the event; conditions on nothing else become bits to look up.

    Attributes:
        codes: By field, the codes of which its column holds the places; any other code has the place after the last.
        masks: The columns of truth that tags need: ``(field, tag)`` by the name of the column.
        counts: The columns that count tags: the field by the name of the column.
        sums: The columns that hold sums over lines: the tree by the name of the column.
        moments: The columns of bits that the clock decides: up to eight conditions by the name of the column.
        kernel: What works them out.
    """

    def __init__(
        self,
        nodes: Sequence[tuple[Node, int]],
        kinds: Mapping[str, Kind],
        codes: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
        clock: frozenset[str] = frozenset(),
    ) -> None:
        self._clock = clock
        self._owner = next(iter(clock), "").partition(".")[0]
        self._told = codes
        self.moments: dict[str, tuple[Node, ...]] = {}
        self.codes = {path: codes.get(path, own) for path, own in codes_of([each for each, _ in nodes], kinds).items()}
        self.masks: dict[str, tuple[str, str]] = {}
        self.counts: dict[str, str] = {}
        self.sums: dict[str, OverLines] = {}
        self._kinds = kinds
        self._steps = Steps()
        self._do = Arithmetic(self._steps)
        self._numbers: dict[tuple[Node, int], Cell] = {}
        self._truths: dict[Node, Cell] = {}
        shared: dict[Node, Node] = {}
        outputs = [self._given(gathered(node, shared), over) for node, over in nodes]
        self.types: Mapping[str, np.dtype[Any]] = {
            name: each.dtype for name, each in self._steps.columns.items() if each.dtype is not None
        }
        self.kernel: Kernel = self._steps.kernel(outputs)

    def _given(self, node: Node, over: int) -> Cell:
        found = self.truth(node) if over == 0 else self.number(node, over)
        if found.constant is None:
            return found
        # A column of one constant: nothing in the row decides it.
        dtype = TRUTH if over == 0 else width(found.low, found.high)
        return self._steps.step(fill, [found], dtype, found.low, found.high)

    # -- truth

    def truth(self, node: Node) -> Cell:
        """Whether *node* holds."""
        found = self._truths.get(node)
        if found is None:
            shown = bool(self._clock) and is_shown(node, self._owner, self._clock)
            found = self._truths[node] = self._moment(node) if shown else self._truth(node)
        return found

    def _moment(self, node: Node) -> Cell:
        """One more bit that the clock decides."""
        name = next((each for each, listed in self.moments.items() if len(listed) < _BITS), None)
        name = name or f"clock:{len(self.moments)}"
        listed = self.moments[name] = (*self.moments.get(name, ()), node)
        return self._do.bit(self._steps.column(name, _CODE, 0, 255), len(listed) - 1)

    def _together(self, conditions: tuple[Node, ...]) -> list[Node]:
        """*conditions*, those that the clock decides as one."""
        shown = [each for each in conditions if self._clock and is_shown(each, self._owner, self._clock)]
        return [*([all_of(*shown)] if shown else []), *(each for each in conditions if each not in shown)]

    def _truth(self, node: Node) -> Cell:  # noqa: PLR0911 -- one line a form reads best together
        match node:
            case Literal(value):
                return self._steps.constant(int(bool(value)))
            case Field(path):
                return self._steps.column(path, TRUTH, 0, 1)
            case AllOf(conditions):
                return self._do.joined(np.logical_and, [self.truth(each) for each in self._together(conditions)], 0)
            case AnyOf(conditions):
                return self._do.joined(np.logical_or, self._alternatives(conditions), 1)
            case Not(condition):
                return self._do.denied(self.truth(condition))
            case Compare(op, left, right):
                over = lcm(denominator(left), denominator(right))
                return self._do.compared(op, self.number(left, over), self.number(right, over))
            case IsIn(Field(path), choices):
                return self._among(path, [str(each.value) for each in choices])
            case Has(tags, tag):
                name = f"{tags.path}={tag}"
                self.masks[name] = (tags.path, tag)
                return self._steps.column(name, TRUTH, 0, 1)
            case Case(arms, otherwise):
                chosen = [(self.truth(when), self.truth(value)) for when, value in arms]
                return self._chosen(chosen, self.truth(otherwise))
        message = f"{type(node).__name__} cannot be decided in columns; decide events one by one"
        raise LanguageError(message, node=node)

    def _alternatives(self, conditions: tuple[Node, ...]) -> list[Cell]:
        """The parts of an "or"; one number compared with many constants becomes one look into a table."""
        numbers: dict[Node, list[int]] = {}
        others: list[Node] = []
        for each in conditions:
            match each:
                case Compare("==", term, Literal(int() as value)) if denominator(term) == 1:
                    numbers.setdefault(term, []).append(value)
                case _:
                    others.append(each)
        found = [self.truth(each) for each in others]
        for term, values in numbers.items():
            of = self.number(term, 1)
            if len(values) >= MANY and of.constant is None and of.high - of.low < LONGEST:
                found.append(self._do.looked_up(of, values))
            else:
                found += [self._do.compared("==", of, self._steps.constant(value)) for value in values]
        return found

    def _place(self, path: str, code: str) -> int:
        codes = self.codes[path]
        return codes.index(code) if code in codes else -1

    def _code(self, path: str) -> Cell:
        # A column that is coded already holds nothing but its codes; another has one place more, for any other.
        most = len(self.codes[path]) - (path in self._told)
        return self._steps.column(path, _CODE if most <= np.iinfo(_CODE).max else np.dtype(np.int32), 0, most)

    def _among(self, path: str, wanted: Sequence[str]) -> Cell:
        of = self._code(path)
        places = [place for each in wanted if (place := self._place(path, each)) >= 0]
        if len(places) > 4 * MANY:
            return self._do.looked_up(of, places)
        parts = [self._do.within(of, first, last) for first, last in _runs(places)]
        return self._do.joined(np.logical_or, parts, 1) if parts else self._steps.constant(0)

    # -- numbers: each is worked out as a numerator over *over*

    def number(self, node: Node, over: int) -> Cell:
        """*node* times *over*, which its denominator divides."""
        found = self._numbers.get((node, over))
        if found is None:
            found = self._numbers[node, over] = self._number(node, over)
        return found

    def _number(self, node: Node, over: int) -> Cell:  # noqa: C901, PLR0911, PLR0912 -- one line a form reads best together
        own = denominator(node)
        if over != own:
            return self._do.times(self.number(node, own), over // own)
        match node:
            case Literal(value):
                return self._steps.constant(int(value * over))  # type: ignore[operator,arg-type]  # a number
            case Field(path):
                low, high = interval(self._kinds.get(path))
                return self._steps.column(path, width(low, high), low, high)
            case Sum(terms):
                return self._sum(terms, over)
            case Product(factors):
                return self._product(factors, over)
            case Negate(term):
                return self._do.negative(self.number(term, over))
            case Modulo(term, by):
                return self._do.modulo(self.number(term, 1), int(by.value))  # type: ignore[arg-type]  # a whole number
            case Extreme(which, terms):
                return self._do.extreme(which, [self.number(each, over) for each in terms])
            case Rounded(how, term):
                return self._rounded(how, term)
            case Magnitude(term):
                return self._do.magnitude(self.number(term, over))
            case Count(tags):
                name = f"{tags.path}=*"
                self.counts[name] = tags.path
                return self._steps.column(name, width(0, 1_000_000), 0, 1_000_000)
            case Case(arms, otherwise):
                chosen = [(self.truth(when), self.number(value, over)) for when, value in arms]
                choose = self._disjoint if excluding(tuple(when for when, _ in arms)) else self._chosen
                return choose(chosen, self.number(otherwise, over))
            case Table(Field(path), rows, otherwise):
                rest = self._steps.constant(0) if otherwise is None else self.number(otherwise, over)
                return self._table(path, {code: self.number(value, over) for code, value in rows}, rest)
            case OverLines():
                return self._over_lines(node, over)
        message = f"{type(node).__name__} cannot be worked out in columns; decide events one by one"
        raise LanguageError(message, node=node)

    def _sum(self, terms: tuple[Node, ...], over: int) -> Cell:
        ladders, rest = indexed(terms, _RULES)
        parts = [each for ladder in ladders for each in self._climbed(ladder, over)]
        parts += [self.number(each, over) for each in rest]
        return self._do.total(parts)

    def _climbed(self, ladder: Ladder, over: int) -> list[Cell]:
        """What the many rules of *ladder* give, looked up at once."""
        key = self._code(ladder.key.path) if isinstance(next(iter(ladder.rungs)), str) else self.number(ladder.key, 1)
        number = None if ladder.number is None else self.number(ladder.number, 1)
        if key.high - key.low >= LONGEST or (number is not None and number.constant is not None):
            return [self.number(each, over) for each in ladder.terms]
        nothing: tuple[tuple[int, ...], tuple[int, ...]] = ((), (0,))
        rows = [nothing] * (key.high - key.low + 1)
        for value, each in ladder.rungs.items():
            at = self._place(ladder.key.path, value) if isinstance(value, str) else value
            if key.low <= at <= key.high:
                rows[at - key.low] = (each.thresholds, tuple(one * over for one in each.given))
        place = self._do.minus(key, key.low)
        if number is None:
            return [self._do.from_table(narrowed([given[0] for _, given in rows]), place)]
        found = climbed(self._do, rows, place, number)
        return [self.number(each, over) for each in ladder.terms] if found is None else [found]

    def _product(self, factors: tuple[Node, ...], over: int) -> Cell:
        scale = Fraction(over)
        parts: list[Cell] = []
        for each in factors:
            if isinstance(each, Literal):
                scale *= each.value  # type: ignore[operator]  # a number: resolving saw to it
                continue
            own = denominator(each)
            parts.append(self.number(each, own))
            scale /= own
        if not scale or not parts:
            return self._steps.constant(int(scale))
        found = parts[0]
        for part in parts[1:]:
            found = self._do.multiplied(found, part)
        return self._do.times(found, int(scale))

    def _rounded(self, how: str, term: Node) -> Cell:
        over = denominator(term)
        of = self.number(term, over)
        if over == 1 or how == "floor":
            return self._do.floored(of, over)
        if how == "ceil":
            return self._do.negative(self._do.floored(self._do.negative(of), over))
        half = self._do.plus(self._do.times(of, 2), self._steps.constant(over))
        up = self._do.floored(half, 2 * over)
        if how == "half up":
            return up
        # Half even: floor(x + 1/2), less one where x + 1/2 is an odd whole number.
        odd = self._do.compared("==", self._do.modulo(half, 4 * over), self._steps.constant(2 * over))
        return self._do.plus(up, self._do.negative(self._do.guarded(odd, self._steps.constant(1))))

    # -- choices

    def _chosen(self, arms: Sequence[tuple[Cell, Cell]], otherwise: Cell) -> Cell:
        """The value beside the first mask that holds, otherwise the last one: the sum of what each one guards."""
        found: Cell | None = None
        before: list[Cell] = []
        bounds = [value for _, value in arms] + [otherwise]
        for when, value in arms:
            # A mask counts where none before it holds.
            free = [self._do.denied(each) for each in before]
            mask = self._do.joined(np.logical_and, [*free, when], 0)
            before.append(when)
            found = self._do.either(found, self._do.guarded(mask, value), bounds)
        rest = self._do.guarded(
            self._do.joined(np.logical_and, [self._do.denied(each) for each in before], 0), otherwise
        )
        return self._do.either(found, rest, bounds)

    def _table(self, path: str, rows: Mapping[str, Cell], rest: Cell) -> Cell:
        code, places = self._code(path), {self._place(path, each): value for each, value in rows.items()}
        if rest.constant is not None and all(each.constant is not None for each in rows.values()) and len(rows) > MANY:
            values = [rest.constant] * (len(self.codes[path]) + 1)
            for place, value in places.items():
                if place >= 0 and value.constant is not None:
                    values[place] = value.constant
            return self._do.from_table(narrowed(values), code)
        groups: dict[Cell, list[int]] = {}
        for place, value in places.items():
            if place >= 0:
                groups.setdefault(value, []).append(place)
        arms = []
        for value, listed in groups.items():
            masks = [self._do.within(code, first, last) for first, last in _runs(listed)]
            arms.append((self._do.joined(np.logical_or, masks, 1), value))
        return self._disjoint(arms, rest)

    def _disjoint(self, arms: Sequence[tuple[Cell, Cell]], rest: Cell) -> Cell:
        """As `_chosen`, for masks that exclude each other."""
        found: Cell | None = None
        bounds = [value for _, value in arms] + [rest]
        for when, value in arms:
            found = self._do.either(found, self._do.guarded(when, value), bounds)
        if rest.constant == 0 and found is not None:
            return found
        none = self._do.denied(self._do.joined(np.logical_or, [when for when, _ in arms], 1))
        return self._do.either(found, self._do.guarded(none, rest), bounds)

    # -- lines

    def _over_lines(self, node: OverLines, over: int) -> Cell:
        """A column that the door sums up from the lines beforehand."""
        name = f"lines:{len(self.sums)}:{over}"
        self.sums[name] = node
        found = bounds(node, self._kinds)
        low, high = int(found.low * over), int(found.high * over)
        return self._steps.column(name, width(low, high), low, high)


def _runs(places: Sequence[int]) -> list[tuple[int, int]]:
    """*places* as stretches without a gap, first and last: what stands together is asked for together."""
    found: list[tuple[int, int]] = []
    for each in sorted(set(places)):
        if found and found[-1][1] == each - 1:
            found[-1] = (found[-1][0], each)
        else:
            found.append((each, each))
    return found
