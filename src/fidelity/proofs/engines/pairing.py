"""Pairing: which atoms of a sum are copies of one another, so that their difference says more than each alone."""

from __future__ import annotations

from collections.abc import Iterator

from fidelity.proofs.engines.forms import Atom, Both, Cases, Condition, Either, Floor, Reaches0
from fidelity.proofs.engines.terms import Terms

__all__ = ["likeness", "nearest"]


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
