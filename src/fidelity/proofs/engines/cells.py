"""Cells: boxes of values, the direct range of every term in one, and what is left of a condition there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from attrs import define, field

from fidelity.proofs.engines.forms import (
    Among,
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
from fidelity.proofs.engines.terms import Terms

__all__ = ["EVERYWHERE", "Cell", "Domain", "Narrowing", "narrowed", "simplified", "value_at"]

#: The bounds of a whole number, or the bits of the codes that a finite variable may still have.
Domain: TypeAlias = tuple[int, int] | int
#: A mask that names every variable.
EVERYWHERE = -1
#: Two variables that hold each other down may creep through their domains one by one: other means end that sooner.
_ROUNDS = 8


@define(eq=False)
class Cell:
    """
    A box: a domain for each variable, and the ranges of terms found in it.

    Attributes:
        parent: The larger box it was cut from; what reads no changed variable has the same range there.
        changed: The variables whose domain is smaller than in the parent, as bits.
    """

    domains: tuple[Domain, ...]
    parent: Cell | None = None
    changed: int = EVERYWHERE
    _ranges: dict[int, tuple[int, int]] = field(factory=dict)

    def cut(self, place: int, domain: Domain) -> Cell:
        """The part of it where the variable at *place* is in *domain*."""
        domains = (*self.domains[:place], domain, *self.domains[place + 1 :])
        return Cell(domains, self, 1 << place)

    def range_of(self, term: Linear) -> tuple[int, int]:
        """The least and the most that the numerator of *term* can be, atom by atom."""
        found = self._ranges.get(term.id)
        if found is None:
            low = high = term.const
            for atom, times in term.parts:
                least, most = self.range_of_atom(atom)
                if times > 0:
                    low, high = low + times * least, high + times * most
                else:
                    low, high = low + times * most, high + times * least
            found = self._ranges[term.id] = (low, high)
        return found

    def range_of_atom(self, atom: Atom) -> tuple[int, int]:
        """The least and the most that *atom* can be."""
        if isinstance(atom, Var):
            domain = self.domains[atom.place]
            return domain if isinstance(domain, tuple) else (0, domain.bit_length())
        found = self._ranges.get(atom.id)
        if found is not None:
            return found
        if self.parent is not None and not atom.mask & self.changed:
            found = self.parent.range_of_atom(atom)
        elif isinstance(atom, Floor):
            low, high = self.range_of(atom.term)
            found = rounded(low, atom.term.over, even=atom.even), rounded(high, atom.term.over, even=atom.even)
        elif isinstance(atom, Cases):
            ends = [self.range_of(value) for _, value in atom.arms]
            found = min(low for low, _ in ends), max(high for _, high in ends)
        else:
            ends = [self.range_of(each) for each in atom.terms]
            found = min(low for low, _ in ends), min(high for _, high in ends)
        self._ranges[atom.id] = found
        return found

    def lowest(self) -> dict[int, int]:
        """The point where every variable is lowest."""
        return {
            place: domain[0] if isinstance(domain, tuple) else (domain & -domain).bit_length() - 1
            for place, domain in enumerate(self.domains)
        }

    def highest(self) -> dict[int, int]:
        """The point where every variable is highest."""
        return {
            place: domain[1] if isinstance(domain, tuple) else domain.bit_length() - 1
            for place, domain in enumerate(self.domains)
        }


def rounded(number: int, over: int, *, even: bool) -> int:
    """*number* / *over* rounded down, or to the nearest whole number with halves to the even one."""
    if not even:
        return number // over
    whole, left = divmod(number, over)
    return whole + (2 * left > over or (2 * left == over and whole % 2 == 1))


@define(eq=False)
class Narrowing:
    """
    What is left of terms in a cell, each worked out once.

    Attributes:
        changed: The variables that matter: what reads none of them stays as it is.
        known: What is known of conditions, by id: true or false.
    """

    terms: Terms
    cell: Cell
    changed: int = EVERYWHERE
    known: dict[int, Condition] = field(factory=dict)
    atoms: dict[int, Linear | None] = field(factory=dict)
    _linear: dict[int, Linear] = field(factory=dict)

    def condition(self, condition: Condition) -> Condition:
        """What is left of *condition*."""
        found = self.known.get(condition.id)
        if found is not None:
            return found
        if not condition.mask & self.changed:
            return condition
        terms = self.terms
        if isinstance(condition, Among):
            domain = self.cell.domains[condition.place]
            assert isinstance(domain, int)  # noqa: S101 -- only finite variables have codes
            bits = condition.bits & domain
            found = terms.true if bits == domain else terms.false if not bits else condition
        elif isinstance(condition, Reaches0):
            found = self._reaches0(condition)
        elif isinstance(condition, Both):
            parts = []
            for each in condition.parts:
                part = self.condition(each)
                if part is terms.false:
                    parts = [part]
                    break
                parts.append(part)
            found = terms.both(parts)
        else:
            parts = []
            for each in condition.parts:
                part = self.condition(each)
                if part is terms.true:
                    parts = [part]
                    break
                parts.append(part)
            found = terms.either(parts)
        self.known[condition.id] = found
        return found

    def assuming(self, parts: tuple[Condition, ...]) -> list[Condition]:
        """What is left of *parts*, of which those that are known stand for themselves."""
        return [
            self._reaches0(each)
            if isinstance(each, Reaches0)
            else each
            if isinstance(each, Among)
            else self.condition(each)
            for each in parts
        ]

    def _reaches0(self, condition: Reaches0) -> Condition:
        low, high = self.cell.range_of(condition.term)
        if low >= 0:
            return self.terms.true
        if high < 0:
            return self.terms.false
        term = self.linear(condition.term)
        if term is condition.term:
            return condition
        made = self.terms.reaches0(term)
        if isinstance(made, Reaches0):
            low, high = self.cell.range_of(made.term)
            return self.terms.true if low >= 0 else self.terms.false if high < 0 else made
        return self.condition(made)

    def linear(self, term: Linear) -> Linear:
        """What is left of *term*."""
        if not term.mask & self.changed:
            return term
        found = self._linear.get(term.id)
        if found is None:
            replaced: dict[int, Linear] = {}
            for atom, _ in term.parts:
                if atom.mask & self.changed:
                    new = self._atom(atom)
                    if new is not None:
                        replaced[atom.id] = new
            found = self._linear[term.id] = self.terms.rebuilt(term, replaced) if replaced else term
        return found

    def _atom(self, atom: Atom) -> Linear | None:
        """What is left of *atom*; None if it stays as it is."""
        if atom.id in self.atoms:
            return self.atoms[atom.id]
        low, high = self.cell.range_of_atom(atom)
        found: Linear | None = None
        if low == high:
            found = self.terms.constant(low)
        elif isinstance(atom, Floor):
            inner = self.linear(atom.term)
            if inner is not atom.term:
                found = self.terms.floor(inner, even=atom.even)
        elif isinstance(atom, Cases):
            found = self._cases(atom)
        elif isinstance(atom, Least):
            found = self._least(atom)
        self.atoms[atom.id] = found
        return found

    def _cases(self, atom: Cases) -> Linear | None:
        arms, changed = [], False
        for when, value in atom.arms:
            holds = self.condition(when)
            if holds is self.terms.false:
                changed = True
                continue
            left = self.linear(value)
            changed = changed or holds is not when or left is not value
            arms.append((holds, left))
            if holds is self.terms.true:
                changed = changed or when is not holds
                break
        return self.terms.cases(arms) if changed else None

    def _least(self, atom: Least) -> Linear | None:
        terms = [self.linear(each) for each in atom.terms]
        ends = [self.cell.range_of(each) for each in terms]
        over = [each.over for each in terms]
        kept = []
        for place, each in enumerate(terms):
            low = ends[place][0]
            beaten = any(
                other != place
                and ends[other][1] * over[place] <= low * over[other]
                and (ends[other][1] * over[place] < low * over[other] or other < place)
                for other in range(len(terms))
            )
            if not beaten:
                kept.append(each)
        kept = self._undominated(kept) if len(kept) > 1 else kept
        if len(kept) == len(atom.terms) and all(one is two for one, two in zip(kept, atom.terms, strict=True)):
            return None
        return self.terms.least(kept)

    def _undominated(self, terms: list[Linear]) -> list[Linear]:
        """Without those that are certainly never below another one."""
        kept = list(terms)
        for each in terms:
            for other in kept:
                if other is not each and self.cell.range_of(self.terms.minus(each, other))[0] >= 0:
                    kept.remove(each)
                    break
        return kept


def simplified(terms: Terms, condition: Condition, cell: Cell, *, changed: int = EVERYWHERE) -> tuple[Condition, Cell]:
    """
    What is left of *condition* in *cell*, and the smaller cell outside of which it certainly does not hold.

    Args:
        changed: The variables whose domain changed since *condition* was simplified last.
    """
    for _ in range(_ROUNDS):
        condition = Narrowing(terms, cell, changed).condition(condition)
        parts = parts_of(condition)
        units = [each for each in parts if isinstance(each, Reaches0 | Among)]
        domains, changed = narrowed(units, cell.domains)
        if domains is None:
            return terms.false, cell
        after = condition
        if units and len(parts) > 1:
            known: dict[int, Condition] = {}
            assumed = 0
            for each in units:
                known[each.id] = terms.true
                known[terms.opposite(each).id] = terms.false
                assumed |= each.mask
            after = terms.both(Narrowing(terms, cell, assumed, known).assuming(parts))
        if not changed and after is condition:
            return condition, cell
        if changed:
            cell = Cell(domains, cell, changed)
        condition = after
    return Narrowing(terms, cell, changed).condition(condition), cell


def parts_of(condition: Condition) -> tuple[Condition, ...]:
    """The conditions that must all hold."""
    return condition.parts if isinstance(condition, Both) else (condition,)


def narrowed(units: list[Reaches0 | Among], domains: tuple[Domain, ...]) -> tuple[tuple[Domain, ...] | None, int]:
    """
    The domains without values for which some of *units* certainly fails.

    Returns:
        The domains, or None if one is empty; and which of them are smaller, as bits.
    """
    now = list(domains)
    changed = 0
    for _ in range(4):
        before = changed
        for each in units:
            if isinstance(each, Among):
                domain = now[each.place]
                assert isinstance(domain, int)  # noqa: S101 -- only finite variables have codes
                if domain & ~each.bits:
                    now[each.place] = domain & each.bits
                    changed |= each.mask
                    if not domain & each.bits:
                        return None, changed
            else:
                smaller = _bounded(each.term, now)
                if smaller is None:
                    return None, changed
                changed |= smaller
        if changed == before:
            break
    return tuple(now), changed


def _bounded(term: Linear, domains: list[Domain]) -> int | None:
    """Narrows *domains* to where *term*, of variables alone, can reach zero; which ones, or None if nowhere."""
    most = term.const
    listed = []
    for atom, times in term.parts:
        domain = domains[atom.place] if isinstance(atom, Var) else None
        if not isinstance(atom, Var) or not isinstance(domain, tuple):
            return 0
        end = times * (domain[1] if times > 0 else domain[0])
        most += end
        listed.append((atom.place, times, end, domain))
    if most < 0:
        return None
    changed = 0
    for place, times, end, (low, high) in listed:
        # The rest at its most leaves this one at least so much to do.
        rest = most - end
        if times > 0:
            least = -(rest // times)
            if least > low:
                domains[place], changed = (least, high), changed | 1 << place
        else:
            greatest = rest // -times
            if greatest < high:
                domains[place], changed = (low, greatest), changed | 1 << place
    return changed


def value_at(node: Condition | Linear | Atom, point: Mapping[int, int], memo: dict[int, int]) -> int:  # noqa: C901 -- one case a form
    """What a term is at a point: a numerator, or 0 or 1 for a condition."""
    found = memo.get(node.id)
    if found is not None:
        return found
    match node:
        case Linear():
            found = node.const + sum(times * value_at(atom, point, memo) for atom, times in node.parts)
        case Var():
            found = point[node.place]
        case Floor():
            found = rounded(value_at(node.term, point, memo), node.term.over, even=node.even)
        case Cases():
            found = next(value_at(value, point, memo) for when, value in node.arms if value_at(when, point, memo))
        case Least():
            found = min(value_at(each, point, memo) for each in node.terms)
        case Reaches0():
            found = int(value_at(node.term, point, memo) >= 0)
        case Among():
            found = node.bits >> point[node.place] & 1
        case Both():
            found = int(all(value_at(each, point, memo) for each in node.parts))
        case Either():
            found = int(any(value_at(each, point, memo) for each in node.parts))
    memo[node.id] = found
    return found
