"""Searching: a condition is decided cell by cell, cut where what it asks changes, as long as the steps last.

Each cell is simplified, bounded sharply, taken apart into what shares no variables, and cut again; what no cut makes
simpler is handed to whoever decides such leaves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from attrs import define, frozen

from fidelity.proofs.engines.cells import EVERYWHERE, Cell, Narrowing, parts_of, simplified, value_at
from fidelity.proofs.engines.choosing import Cut, cuts
from fidelity.proofs.engines.forms import Both, Condition, Either, Reaches0
from fidelity.proofs.engines.intervals import Intervals
from fidelity.proofs.engines.terms import Terms

__all__ = ["NOTHING", "Answer", "Found", "Leaf", "Nothing", "Search", "Undecided"]


@frozen
class Found:
    """Values that satisfy the condition, by variable."""

    point: Mapping[int, int]


@frozen
class Nothing:
    """No values do."""


@frozen
class Undecided:
    """It is not known, and why."""

    why: str


Answer: TypeAlias = Found | Nothing | Undecided
NOTHING = Nothing()
#: Decides a condition that no cut makes simpler, in a cell.
Leaf: TypeAlias = Callable[[Condition, Cell], Answer]
_DEEPEST = 120
_MOST_HALVED = 40


@define(eq=False)
class Search:
    """
    A search for values that satisfy a condition.

    Attributes:
        steps: How many cells may be looked at.
        work: How many sums may be worked out.
        leaf: What decides the leaves; none are decided without one.
        halved: How many leaves were cut in halves because nothing else decided them.
    """

    terms: Terms
    steps: int
    work: int
    leaf: Leaf | None = None
    halved: int = 0
    looked: int = 0
    _began: int = 0

    @property
    def spent(self) -> bool:
        """Whether it has looked at and worked out as much as it may."""
        return self.looked > self.steps or self.terms.work - self._began > self.work

    def decide(self, condition: Condition, cell: Cell) -> Answer:
        """Whether values in *cell* satisfy *condition*."""
        self._began = self.terms.work
        return self._decide(condition, cell, EVERYWHERE, 0)

    def _decide(self, condition: Condition, cell: Cell, changed: int, depth: int) -> Answer:
        self.looked += 1
        if self.spent or depth > _DEEPEST:
            return Undecided(f"not decided after {self.looked - 1} cells")
        condition, cell = self._simplest(condition, cell, changed)
        if condition is self.terms.false:
            return NOTHING
        lowest = cell.lowest()
        if condition is self.terms.true or value_at(condition, lowest, {}):
            return Found(lowest)
        parts = components(condition)
        if len(parts) > 1:
            return self._each([self.terms.both(part) for part in parts], cell, depth)
        cut = cuts(self.terms, condition, cell)
        if cut is None:
            return self._at_leaf(condition, cell, depth)
        return self._cut(condition, cell, cut, depth)

    def _simplest(self, condition: Condition, cell: Cell, changed: int) -> tuple[Condition, Cell]:
        """What is left, with sharp bounds as well."""
        while True:
            condition, cell = simplified(self.terms, condition, cell, changed=changed)
            sharper = self._sharper(condition, cell)
            if sharper is condition or sharper is self.terms.false:
                return sharper, cell
            condition, changed = sharper, 0

    def _sharper(self, condition: Condition, cell: Cell) -> Condition:
        """*condition* without what sharp bounds decide."""
        if not condition.mask:
            return condition
        parts = parts_of(condition)
        units = tuple(each.term for each in parts if isinstance(each, Reaches0))
        intervals = Intervals(self.terms, cell, units)
        kept: list[Condition] = []
        for each in parts:
            if isinstance(each, Reaches0):
                if intervals.never(each):
                    return self.terms.false
                kept.append(each)
            elif isinstance(each, Either):
                kept.append(self._either(each, intervals))
            else:
                kept.append(each)
        return self.terms.both(kept)

    def _either(self, either: Either, intervals: Intervals) -> Condition:
        left: list[Condition] = []
        for part in either.parts:
            units = [each for each in parts_of(part) if isinstance(each, Reaches0)]
            if any(intervals.never(each) for each in units):
                continue
            if isinstance(part, Reaches0) and intervals.always(part):
                return self.terms.true
            left.append(part)
        return either if len(left) == len(either.parts) else self.terms.either(left)

    def _each(self, parts: list[Condition], cell: Cell, depth: int) -> Answer:
        """Parts that share no variables: each by itself."""
        point = dict(cell.lowest())
        undecided: Undecided | None = None
        for part in sorted(parts, key=lambda each: each.mask.bit_count()):
            answer = self._decide(part, cell, 0, depth + 1)
            if isinstance(answer, Nothing):
                return answer
            if isinstance(answer, Undecided):
                undecided = undecided or answer
            else:
                point.update({place: at for place, at in answer.point.items() if part.mask >> place & 1})
        return undecided or Found(point)

    def _cut(self, condition: Condition, cell: Cell, cut: Cut, depth: int) -> Answer:
        undecided: Undecided | None = None
        for place, domain, assumed, atoms in cut.pieces:
            here, changed = cell, 0
            if place is not None and domain is not None:
                here, changed = cell.cut(place, domain), 1 << place
            left = condition
            if assumed is not None:
                known = {assumed.id: self.terms.true, self.terms.opposite(assumed).id: self.terms.false}
                left = Narrowing(self.terms, cell, assumed.mask, known).condition(left)
                left = self.terms.both((assumed, left))
                changed = assumed.mask
            if atoms is not None:
                left = Narrowing(self.terms, cell, cut.mask, {}, dict(atoms)).condition(left)
                changed = cut.mask
            answer = self._decide(left, here, changed, depth + 1)
            if isinstance(answer, Found):
                return answer
            if isinstance(answer, Undecided):
                undecided = undecided or answer
                if self.spent:
                    return undecided
        return undecided or NOTHING

    def _at_leaf(self, condition: Condition, cell: Cell, depth: int) -> Answer:
        highest = cell.highest()
        if value_at(condition, highest, {}):
            return Found(highest)
        if self.leaf is None:
            return Undecided("bounds do not tell")
        answer = self.leaf(condition, cell)
        if isinstance(answer, Undecided) and self.halved < _MOST_HALVED:
            # What is tied together over many periods often comes apart in a smaller cell.
            self.halved += 1
            halves = _halves(condition, cell)
            return answer if halves is None else self._cut(condition, cell, halves, depth)
        return answer


def _halves(condition: Condition, cell: Cell) -> Cut | None:
    """The cell cut at the middle of its widest variable."""
    widest: tuple[int, int, tuple[int, int]] | None = None
    for place, domain in enumerate(cell.domains):
        if condition.mask >> place & 1 and isinstance(domain, tuple) and domain[0] < domain[1]:
            widest = max(widest or (0, 0, domain), (domain[1] - domain[0], place, domain))
    if widest is None:
        return None
    _, place, (low, high) = widest
    middle = (low + high) // 2
    return Cut(((place, (low, middle), None, None), (place, (middle + 1, high), None, None)))


def components(condition: Condition) -> list[list[Condition]]:
    """The parts that must all hold, in groups that share no variables."""
    if not isinstance(condition, Both):
        return [[condition]]
    groups: list[tuple[int, list[Condition]]] = []
    for each in condition.parts:
        mask, joined = each.mask, [each]
        apart = []
        for other, parts in groups:
            if other & mask:
                mask |= other
                joined = parts + joined
            else:
                apart.append((other, parts))
        groups = [*apart, (mask, joined)]
    return [parts for _, parts in groups]
