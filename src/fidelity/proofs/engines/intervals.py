"""Intervals: sharper bounds than atom by atom: what occurs twice cancels, and like is compared with like.

A pair of roundings, leasts or cases of one shape is bounded by what is inside it; a rounding is its term and less than
one; what is assumed is added as often as it helps. Always sound; as sharp as promises of programs usually need.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import ceil

from attrs import define, field

from fidelity.proofs.engines.cells import Cell
from fidelity.proofs.engines.forms import Atom, Both, Cases, Condition, Either, Floor, Least, Linear, Reaches0, Var
from fidelity.proofs.engines.terms import Terms

__all__ = ["Intervals"]

#: How deep pairs are opened, and how many pairs of arms are looked at.
_DEEPEST = 12
_MOST_ARMS = 400
_MOST_STEPS = 20_000
_FEW = 4


@define(eq=False)
class Intervals:
    """
    Bounds of terms in a cell.

    Attributes:
        assumed: Terms that are at least zero.
    """

    terms: Terms
    cell: Cell
    assumed: tuple[Linear, ...] = ()
    _lows: dict[int, Fraction] = field(factory=dict)
    _clashes: dict[int, bool] = field(factory=dict)
    _steps: int = 0

    def low(self, term: Linear) -> Fraction:
        """A lower bound of *term*, with what is assumed."""
        best = self._low(term, 0)
        if self.assumed and best < 0:
            best = max(best, self._helped(term, best))
        return best

    def high(self, term: Linear) -> Fraction:
        """An upper bound of *term*, with what is assumed."""
        return -self.low(self.terms.times(term, -1))

    def never(self, condition: Reaches0) -> bool:
        """Whether *condition* certainly does not hold."""
        return self.high(condition.term) < 0

    def always(self, condition: Reaches0) -> bool:
        """Whether *condition* certainly holds."""
        return self.low(condition.term) >= 0

    # -- bounds

    def _low(self, term: Linear, depth: int) -> Fraction:
        known = self._lows.get(term.id)
        if known is not None:
            return known
        best = Fraction(self.cell.range_of(term)[0], term.over)
        self._steps += 1
        if depth >= _DEEPEST or self._steps > _MOST_STEPS or len(term.parts) < 2:  # noqa: PLR2004 -- nothing to pair
            return best
        self._lows[term.id] = best
        merged = self._merged(term)
        if merged is not term:
            best = max(best, self._low(merged, depth + 1))
        else:
            best = max(best, self._paired(term, depth), self._opened(term, depth), self._by_arms(term, depth))
        self._lows[term.id] = best
        return best

    def _merged(self, term: Linear) -> Linear:
        """*term* with all cases of the same conditions as one."""
        groups: dict[tuple[int, ...], list[tuple[Cases, int]]] = {}
        for atom, times in term.parts:
            if isinstance(atom, Cases):
                groups.setdefault(tuple(when.id for when, _ in atom.arms), []).append((atom, times))
        replaced: dict[int, Linear] = {}
        for group in groups.values():
            if len(group) > 1:
                first, once = group[0]
                arms = []
                for place, (when, _) in enumerate(first.arms):
                    arms.append((when, self.terms.combine((atom.arms[place][1], times) for atom, times in group)))
                replaced[first.id] = self.terms.times(self.terms.cases(arms), Fraction(1, once))
                replaced.update((atom.id, self.terms.constant(0)) for atom, _ in group[1:])
        return self.terms.rebuilt(term, replaced) if replaced else term

    def _paired(self, term: Linear, depth: int) -> Fraction:
        """Like against like: what stands with plus and with minus and has one shape."""
        plus: dict[int, list[list[object]]] = {}
        minus: dict[int, list[list[object]]] = {}
        for atom, times in term.parts:
            if not isinstance(atom, Var):
                (plus if times > 0 else minus).setdefault(atom.shape, []).append([atom, abs(times)])
        total = Fraction(0)
        left: dict[int, int] = {atom.id: times for atom, times in term.parts}
        found = False
        for shape, ups in plus.items():
            downs = minus.get(shape, [])
            # Copies stand in the order they were made, so first goes with first.
            here = there = 0
            while here < len(ups) and there < len(downs):
                (one, many), (other, some) = ups[here], downs[there]
                assert isinstance(many, int) and isinstance(some, int)  # noqa: S101, PT018 -- put there above
                both = min(many, some)
                total += both * self._pair(one, other, depth)  # type: ignore[arg-type]  # atoms
                left[one.id] -= both  # type: ignore[attr-defined]  # an atom
                left[other.id] += both  # type: ignore[attr-defined]  # an atom
                ups[here][1], downs[there][1] = many - both, some - both
                here, there = here + (many == both), there + (some == both)
                found = True
        if not found:
            return Fraction(self.cell.range_of(term)[0], term.over)
        rest = self.terms.combine(((self.terms.atom(atom), left[atom.id]) for atom, _ in term.parts), const=term.const)
        return (total + self._low(rest, depth + 1)) / term.over

    def _pair(self, one: Atom, other: Atom, depth: int) -> Fraction:
        """A lower bound of *one* minus *other*."""
        least, _ = self.cell.range_of_atom(one)
        _, most = self.cell.range_of_atom(other)
        best = Fraction(least - most)
        if isinstance(one, Floor) and isinstance(other, Floor) and one.even == other.even:
            inner = self._helped_low(self.terms.minus(one.term, other.term), depth + 1)
            if one.even:
                return max(best, Fraction(2 * (inner / 2).__floor__()), Fraction(ceil(inner - 1)))
            return max(best, Fraction(inner.__floor__()))
        if isinstance(one, Least) and isinstance(other, Least) and len(one.terms) * len(other.terms) <= _MOST_ARMS:
            sides = [
                max(self._low(self.terms.minus(mine, its), depth + 1) for its in other.terms) for mine in one.terms
            ]
            return max(best, min(sides))
        if isinstance(one, Cases) and isinstance(other, Cases) and len(one.arms) * len(other.arms) <= _MOST_ARMS:
            return max(best, self._arms_apart(one, other, depth))
        return best

    def _arms_apart(self, one: Cases, other: Cases, depth: int) -> Fraction:
        terms = self.terms
        lows: list[Fraction] = []
        for when, mine in self._apart(one):
            for also, its in self._apart(other):
                difference = terms.minus(mine, its)
                if not self._clash(terms.both((when, also))):
                    lows.append(self._low(difference, depth + 1))
        return min(lows, default=Fraction(0))

    def _apart(self, cases: Cases) -> list[tuple[Condition, Linear]]:
        """The arms, each with the whole condition under which it is taken."""
        found, before = [], [self.terms.true]
        for when, value in cases.arms:
            found.append((self.terms.both((*before, when)), value))
            before.append(self.terms.opposite(when))
        return found

    def _opened(self, term: Linear, depth: int) -> Fraction:
        """Each rounding as its term and less than one."""
        error, replaced = Fraction(0), {}
        for atom, times in term.parts:
            if isinstance(atom, Floor):
                replaced[atom.id] = atom.term
                if atom.even:
                    error += Fraction(abs(times), 2)
                elif times > 0:
                    error += times * Fraction(atom.term.over - 1, atom.term.over)
        if not replaced:
            return Fraction(self.cell.range_of(term)[0], term.over)
        return self._low(self.terms.rebuilt(term, replaced), depth + 1) - error / term.over

    def _by_arms(self, term: Linear, depth: int) -> Fraction:
        """The worst arm of the only cases among the parts."""
        cases = [(atom, times) for atom, times in term.parts if isinstance(atom, Cases)]
        worst = Fraction(self.cell.range_of(term)[0], term.over)
        if len(cases) != 1 or len(cases[0][0].arms) > _MOST_ARMS:
            return worst
        atom = cases[0][0]
        return max(
            worst, min(self._low(self.terms.rebuilt(term, {atom.id: value}), depth + 1) for _, value in atom.arms)
        )

    # -- what is assumed

    def _helped_low(self, term: Linear, depth: int) -> Fraction:
        best = self._low(term, depth)
        return max(best, self._helped(term, best)) if self.assumed and best < 0 else best

    def _helped(self, term: Linear, best: Fraction) -> Fraction:
        """The bound with one of the terms assumed taken out as often as one of its atoms allows."""
        for each in self.assumed:
            if not each.mask & term.mask or each is term:
                continue
            times_of = {atom.id: times for atom, times in each.parts}
            for atom, times in term.parts:
                there = times_of.get(atom.id, 0)
                if times * there > 0:
                    share = Fraction(times, term.over) / there
                    rest = self.terms.minus(term, self.terms.times(each, share))
                    best = max(best, self._low(rest, 2))
        return best

    def _clash(self, condition: Condition) -> bool:
        """Whether the parts of *condition* certainly exclude one another."""
        known = self._clashes.get(condition.id)
        if known is None:
            known = self._clashes[condition.id] = self._excludes(condition)
        return known

    def _excludes(self, condition: Condition) -> bool:
        if condition is self.terms.false:
            return True
        if isinstance(condition, Reaches0):
            return self.cell.range_of(condition.term)[1] < 0
        if not isinstance(condition, Both):
            return False
        units = [each.term for each in condition.parts if isinstance(each, Reaches0)]
        if self._apart_units(units, [*units, *self.assumed]):
            return True
        for each in condition.parts:
            # Longer alternatives are left to the search.
            if isinstance(each, Either) and len(each.parts) <= _FEW:
                rest = [one for one in condition.parts if one is not each]
                if all(self._clash(self.terms.both((part, *rest))) for part in each.parts):
                    return True
        return False

    def _apart_units(self, units: list[Linear], others: Iterable[Linear]) -> bool:
        """Whether two of the terms cannot both be at least zero: their sum cannot."""
        listed = list(others)
        for place, one in enumerate(units):
            if self.cell.range_of(one)[1] < 0:
                return True
            for other in listed[place + 1 :]:
                if one.mask & other.mask and self.cell.range_of(self.terms.plus(one, other))[1] < 0:
                    return True
        return False
