"""Pairing: which atoms of a sum are copies of one another or chosen by one field, so that together they say more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from fidelity.proofs.engines.cells import EVERYWHERE
from fidelity.proofs.engines.forms import Among, Atom, Both, Cases, Condition, Either, Floor, Reaches0
from fidelity.proofs.engines.terms import Terms

__all__ = ["likeness", "moved", "nearest", "possible", "same_variables", "shared", "still"]


def likeness(terms: Terms, atom: Atom) -> tuple[object, int]:
    """What atoms that may be paired have in common, and a mark by which the nearest of them are told."""
    found = terms.likenesses.get(atom.id)
    if found is None:
        if isinstance(atom, Cases):
            kind: object = (atom.shape, tuple(value.const for _, value in atom.arms))
            found = kind, sum(_mark(when) for when, _ in atom.arms)
        else:
            found = atom.shape, atom.term.const if isinstance(atom, Floor) else 0
        terms.likenesses[atom.id] = found
    return found


def moved(atoms: list[tuple[Atom, int]]) -> int:
    """The variables that all atoms with plus, or all with minus, read: what two copies of a term may differ in."""
    ups = downs = EVERYWHERE
    for atom, times in atoms:
        if times > 0:
            ups &= atom.mask
        else:
            downs &= atom.mask
    return (ups if ups != EVERYWHERE else 0) | (downs if downs != EVERYWHERE else 0)


def still(atom: Atom, moving: int) -> frozenset[int]:
    """The comparisons of a case that read none of the variables *moving*: both copies have the same ones."""
    found: set[int] = set()
    waiting: list[Condition] = [when for when, _ in atom.arms] if isinstance(atom, Cases) else []
    while waiting:
        each = waiting.pop()
        if isinstance(each, Both | Either):
            waiting.extend(each.parts)
        elif not each.mask & moving:
            found.add(each.id)
    return frozenset(found)


def same_variables(atom: Atom) -> tuple[object, int] | None:
    """What roundings of the same variables have in common; the steepest go with the steepest."""
    if not isinstance(atom, Floor):
        return None
    steps = sum(abs(times) for _, times in atom.term.parts)
    return ("same variables", atom.mask, atom.even), steps * 1_000_000 // atom.term.over


def _mark(condition: Condition) -> int:
    """The constants of the comparisons in *condition*, in one number."""
    if isinstance(condition, Reaches0):
        return condition.term.const
    return sum(_mark(each) for each in condition.parts) if isinstance(condition, Both | Either) else 0


def nearest(ups: list[tuple[int, Atom]], downs: list[tuple[int, Atom]]) -> Iterator[tuple[Atom, Atom]]:
    """Pairs of what is nearest by its mark; the rest stays alone."""
    ups, downs = sorted(ups, key=_by_mark), sorted(downs, key=_by_mark)
    here = there = 0
    while here < len(ups) and there < len(downs):
        gap = abs(ups[here][0] - downs[there][0])
        if here + 1 < len(ups) and abs(ups[here + 1][0] - downs[there][0]) < gap:
            here += 1
        elif there + 1 < len(downs) and abs(ups[here][0] - downs[there + 1][0]) < gap:
            there += 1
        else:
            yield ups[here][1], downs[there][1]
            here, there = here + 1, there + 1


def _by_mark(marked: tuple[int, Atom]) -> tuple[int, int]:
    return marked[0], marked[1].id


def shared(cases: list[tuple[Cases, int]]) -> list[int]:
    """The finite variables by which two of the cases or more are chosen; the most asked first, and few."""
    counts: Counter[int] = Counter()
    for atom, _ in cases:
        places: set[int] = set()
        waiting: list[Condition] = [when for when, _ in atom.arms]
        while waiting:
            each = waiting.pop()
            if isinstance(each, Among):
                places.add(each.place)
            elif isinstance(each, Both | Either):
                waiting.extend(each.parts)
        counts.update(places)
    return [place for place, count in counts.most_common(2) if count > 1]


def possible(condition: Condition, place: int, code: int) -> bool | None:
    """Whether *condition* holds for a code of the variable at *place*; None if that depends on others."""
    if not condition.mask >> place & 1:
        return True if isinstance(condition, Both) and not condition.parts else None
    if isinstance(condition, Among):
        return bool(condition.bits & code)
    if isinstance(condition, Reaches0):
        return None
    found = [possible(each, place, code) for each in condition.parts]
    ends = isinstance(condition, Either)
    if any(each is ends for each in found):
        return ends
    return None if any(each is None for each in found) else not ends
