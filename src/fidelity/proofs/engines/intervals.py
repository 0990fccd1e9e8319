"""Intervals: sharper bounds than atom by atom: what occurs twice cancels, and like is compared with like.

A pair of roundings, leasts or cases of one shape is bounded by what is inside it; a rounding is its term and less than
one; what is assumed is added as often as it helps. Always sound; as sharp as promises of programs usually need.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import partial
from math import ceil

from attrs import define, field

from fidelity.proofs.engines.cells import Cell
from fidelity.proofs.engines.forms import (
    Atom,
    Both,
    Cases,
    Condition,
    Either,
    Floor,
    Least,
    Linear,
    Reaches0,
    Var,
)
from fidelity.proofs.engines.pairing import likeness, moved, nearest, possible, same_variables, shared, still
from fidelity.proofs.engines.terms import Terms

__all__ = ["Intervals"]

#: How deep pairs are opened, and how many pairs of arms are looked at.
_DEEPEST = 12
_MOST_ARMS = 400
_STEPS = 600
_STEPS_A_PART = 20
_FEW = 4
_MOST_RELAXED = 20_000
#: Longer terms are not added to others: it costs more than it tells.
_SHORT = 8


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
    _helps: tuple[Linear, ...] = field(init=False)
    _lows: dict[int, Fraction] = field(factory=dict)
    _clashes: dict[int, bool] = field(factory=dict)
    _left: int = _STEPS
    _enough: Fraction = Fraction(0)
    _worst: dict[object, Linear] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        self._helps = tuple(each for each in self.assumed if len(each.parts) <= _SHORT)

    def low(self, term: Linear, enough: Fraction | None = None) -> Fraction:
        """A lower bound of *term*, with what is assumed; no sharper one is sought than *enough*, 0 if not told."""
        self._left = max(self._left, _STEPS_A_PART * len(term.parts))
        self._enough = Fraction(0) if enough is None else enough
        best = self._low(term, 0)
        if self._helps and best < 0:
            best = max(best, self._helped(term, best))
        return best

    def high(self, term: Linear) -> Fraction:
        """An upper bound of *term*, with what is assumed."""
        return -self.low(self.terms.times(term, -1), Fraction(1))

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
        self._left -= 1
        if depth >= _DEEPEST or self._left < 0 or len(term.parts) < 2:  # noqa: PLR2004 -- nothing to pair
            return best
        self._lows[term.id] = best
        merged = self._merged(term)
        if merged is not term:
            best = max(best, self._low(merged, depth + 1))
        else:
            for sharper in (self._paired, self._opened, self._separated, self._relaxed):
                best = max(best, sharper(term, depth))
                if not depth and best >= self._enough:
                    break
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
                # With the sign of the first, so that copies of a merged one are merged alike.
                sign = 1 if once > 0 else -1
                arms = []
                for place, (when, _) in enumerate(first.arms):
                    arms.append(
                        (when, self.terms.combine((atom.arms[place][1], sign * times) for atom, times in group))
                    )
                replaced[first.id] = self.terms.times(self.terms.cases(arms), Fraction(1, abs(once)))
                replaced.update((atom.id, self.terms.constant(0)) for atom, _ in group[1:])
        return self.terms.rebuilt(term, replaced) if replaced else term

    def _paired(self, term: Linear, depth: int) -> Fraction:
        """Like against like: what stands with plus and with minus and differs in constants and copies only."""
        left = {atom.id: times for atom, times in term.parts}
        total, found = Fraction(0), False
        # First what differs in constants and copies only; of what stays alone, roundings of the same variables.
        moving = moved([(atom, times) for atom, times in term.parts if not isinstance(atom, Var)])
        for like in (partial(self._like, moving), same_variables):
            ups: dict[object, list[tuple[int, Atom]]] = {}
            downs: dict[object, list[tuple[int, Atom]]] = {}
            for atom, _ in term.parts:
                kind = like(atom) if left[atom.id] and not isinstance(atom, Var) else None
                if kind is not None:
                    (ups if left[atom.id] > 0 else downs).setdefault(kind[0], []).append((kind[1], atom))
            for listed_kind, listed in ups.items():
                for one, other in nearest(listed, downs.get(listed_kind, [])):
                    both = min(left[one.id], -left[other.id])
                    total += both * self._pair(one, other, depth)
                    left[one.id] -= both
                    left[other.id] += both
                    found = True
        if not found:
            return Fraction(self.cell.range_of(term)[0], term.over)
        rest = self.terms.combine(
            ((self.terms.atom(atom), left[atom.id]) for atom, _ in term.parts if left[atom.id]), const=term.const
        )
        return (total + self._low(rest, depth + 1)) / term.over

    def _like(self, moving: int, atom: Atom) -> tuple[object, int]:
        kind, mark = likeness(self.terms, atom)
        return (kind, still(atom, moving)), mark

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

    def _separated(self, term: Linear, depth: int) -> Fraction:
        """Each of the cases at its worst, with the codes of one field the same for all; and the rest beside them."""
        chosen: list[list[tuple[Condition, Fraction]]] = []
        kept: list[tuple[Atom, int]] = []
        shapes: set[int] = set()
        cases: list[tuple[Cases, int]] = []
        for atom, times in term.parts:
            if isinstance(atom, Cases) and len(atom.arms) <= _MOST_ARMS:
                cases.append((atom, times))
                chosen.append(self._lows_of(atom, times, depth))
            else:
                kept.append((atom, times))
                shapes.add(atom.shape)
        direct = Fraction(self.cell.range_of(term)[0], term.over)
        if not cases:
            return direct
        rest = self.terms.combine(((self.terms.atom(atom), times) for atom, times in kept), const=term.const)
        total = max((self._by_code(chosen, place) for place in shared(cases)), default=None)
        alone = [min(low for _, low in arms) for arms in chosen]
        if total is None:
            total = sum(alone, Fraction(0))
        best = total + self._low(rest, depth + 1)
        for place, (atom, times) in enumerate(cases):
            # Cases against the rest: where something of the same shape stands on both sides.
            if shapes and any(inner.shape in shapes for _, value in atom.arms for inner, _ in value.parts):
                others = sum(alone[:place], Fraction(0)) + sum(alone[place + 1 :], Fraction(0))
                arms = [self.terms.combine(((rest, 1), (value, times))) for _, value in atom.arms]
                best = max(best, others + min(self._low(each, depth + 1) for each in arms))
        return max(direct, best / term.over)

    def _relaxed(self, term: Linear, depth: int) -> Fraction:
        """All cases at the arm that is certainly the worst, as terms, so that the rest is set off against them."""
        cases = [(atom, times) for atom, times in term.parts if isinstance(atom, Cases)]
        kept = [(atom, times) for atom, times in term.parts if not isinstance(atom, Cases)]
        direct = Fraction(self.cell.range_of(term)[0], term.over)
        if not cases or not kept:
            return direct
        rest = self.terms.combine(((self.terms.atom(atom), times) for atom, times in kept), const=term.const)
        places = shared(cases)[:1]
        codes: list[tuple[int, int] | None] = [None]
        if places:
            domain = self.cell.domains[places[0]]
            assert isinstance(domain, int)  # noqa: S101 -- codes are asked of finite variables only
            codes = [(places[0], 1 << at) for at in range(domain.bit_length()) if domain >> at & 1]
        if len(codes) * len(cases) > _MOST_RELAXED:
            return direct
        worst = []
        for code in codes:
            arms = [(self._worst_arm(atom, times, code), times) for atom, times in cases]
            worst.append(self._low(self.terms.combine([(rest, 1), *arms]), depth + 1))
        return max(direct, min(worst) / term.over)

    def _worst_arm(self, atom: Cases, times: int, code: tuple[int, int] | None) -> Linear:
        """The arm that makes *times* × *atom* least wherever it is; its least number if there is no such arm."""
        open_: dict[int, Linear] = {}
        for when, value in atom.arms:
            holds = None if code is None else possible(when, *code)
            if holds is not False:
                open_[value.id] = value
            if holds is True:
                break
        key = (atom.id, times > 0, *open_)
        found = self._worst.get(key)
        if found is None:
            found = self._worst[key] = self._least_arm(list(open_.values()), times)
        return found

    def _least_arm(self, possible: list[Linear], times: int) -> Linear:
        for one in possible:
            if all(
                one is other or self._low(self.terms.combine(((other, times), (one, -times))), _DEEPEST - 3) >= 0
                for other in possible
            ):
                return one
        ends = [self.cell.range_of(value) for value in possible]
        return self.terms.constant(min(low for low, _ in ends) if times > 0 else max(high for _, high in ends))

    def _lows_of(self, atom: Cases, times: int, depth: int) -> list[tuple[Condition, Fraction]]:
        found = []
        for when, value in atom.arms:
            low, high = self.cell.range_of(value)
            least = Fraction(times * low if times > 0 else times * high)
            if len(value.parts) > 1:
                least = max(least, self._low(self.terms.times(value, times), depth + 1))
            found.append((when, least))
        return found

    def _by_code(self, chosen: list[list[tuple[Condition, Fraction]]], place: int) -> Fraction:
        """The sum of the lows of all cases, with the worst code of the variable at *place*."""
        domain = self.cell.domains[place]
        assert isinstance(domain, int)  # noqa: S101 -- only finite variables are asked about
        worst: Fraction | None = None
        codes = [1 << at for at in range(domain.bit_length()) if domain >> at & 1]
        fixed = Fraction(0)
        depending = []
        for arms in chosen:
            if any(when.mask >> place & 1 for when, _ in arms):
                depending.append(arms)
            else:
                fixed += min(low for _, low in arms)
        for code in codes:
            total = fixed
            for arms in depending:
                lows = []
                for when, low in arms:
                    holds = possible(when, place, code)
                    if holds is not False:
                        lows.append(low)
                    if holds is True:
                        break
                total += min(lows)
            worst = total if worst is None or total < worst else worst
        return Fraction(0) if worst is None else worst

    # -- what is assumed

    def _helped_low(self, term: Linear, depth: int) -> Fraction:
        best = self._low(term, depth)
        return max(best, self._helped(term, best)) if self._helps and best < 0 else best

    def _helped(self, term: Linear, best: Fraction) -> Fraction:
        """The bound with one of the terms assumed taken out as often as one of its atoms allows."""
        for each in self._helps:
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
        short = [each for each in units if len(each.parts) <= _SHORT]
        if self._apart_units(units, [*short, *self._helps]):
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
