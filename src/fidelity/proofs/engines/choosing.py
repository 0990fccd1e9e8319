"""Choosing: where a condition is cut next: by codes, at a constant, by a condition it asks, by which is the least."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TypeAlias

from attrs import field, frozen

from fidelity.proofs.engines.cells import Cell, Domain, parts_of
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

__all__ = ["Cut", "Piece", "cuts"]

#: A piece of a cut: a variable and its domain, or a condition that holds, or atoms replaced (by id).
Piece: TypeAlias = tuple[int | None, Domain | None, Condition | None, Mapping[int, Linear | None] | None]


@frozen
class Cut:
    """The pieces that together are the whole cell, and the variables that what replaces atoms reads."""

    pieces: tuple[Piece, ...]
    mask: int = 0


@frozen
class _Seen:
    """What a condition asks, with how often."""

    codes: dict[int, Counter[int]] = field(factory=dict)
    bounds: dict[int, Counter[int]] = field(factory=dict)
    asked: Counter[int] = field(factory=Counter)
    conditions: dict[int, Reaches0] = field(factory=dict)
    leasts: list[Least] = field(factory=list)


def cuts(terms: Terms, condition: Condition, cell: Cell) -> Cut | None:
    """Where to cut next; None if no cut makes *condition* simpler."""
    seen = _seen(condition)
    best: tuple[int, int] | None = None
    for place, masks in seen.codes.items():
        best = max(best or (0, 0), (sum(masks.values()) + 1, place))
    for place, listed in seen.bounds.items():
        best = max(best or (0, 0), (sum(listed.values()), place))
    if best is not None:
        return _by_variable(seen, cell, best[1])
    if seen.asked:
        chosen = seen.conditions[max(seen.asked, key=lambda each: (seen.asked[each], -each))]
        opposite = terms.opposite(chosen)
        return Cut(((None, None, chosen, None), (None, None, opposite, None)))
    if seen.leasts:
        return _by_least(terms, min(seen.leasts, key=lambda each: each.id))
    return None


def _by_variable(seen: _Seen, cell: Cell, place: int) -> Cut:
    domain = cell.domains[place]
    if isinstance(domain, int):
        classes: dict[tuple[bool, ...], int] = {}
        masks = list(seen.codes[place])
        left, bit = domain, 1
        while left:
            if left & 1:
                kind = tuple(bool(mask & bit) for mask in masks)
                classes[kind] = classes.get(kind, 0) | bit
            left, bit = left >> 1, bit << 1
        return Cut(tuple((place, bits, None, None) for bits in classes.values()))
    low, high = domain
    counts = seen.bounds[place]
    half, total = 0, sum(counts.values())
    at = low
    for bound in sorted(counts):
        at = bound
        half += counts[bound]
        if 2 * half >= total:
            break
    # *at* is the last value of the lower piece; what lies outside was decided by the range already.
    at = min(max(at, low), high - 1)
    return Cut(((place, (low, at), None, None), (place, (at + 1, high), None, None)))


def _by_least(terms: Terms, atom: Least) -> Cut:
    first, second = atom.terms[:2]
    lower = terms.reaches0(terms.minus(second, first))
    rest = atom.terms[2:]
    pieces: tuple[Piece, ...] = (
        (None, None, lower, {atom.id: terms.least((first, *rest))}),
        (None, None, terms.opposite(lower), {atom.id: terms.least((second, *rest))}),
    )
    return Cut(pieces, atom.mask)


def _seen(condition: Condition) -> _Seen:  # noqa: C901, PLR0912 -- one case a form
    """What *condition* asks in alternatives and cases; what it demands outright is no place to cut."""
    seen = _Seen()
    visited: set[int] = set()
    waiting: list[Condition | Linear | Atom] = [
        each.term if isinstance(each, Reaches0) else each for each in parts_of(condition)
    ]
    while waiting:
        node = waiting.pop()
        if node.id in visited:
            continue
        visited.add(node.id)
        match node:
            case Linear():
                waiting.extend(atom for atom, _ in node.parts)
            case Floor():
                waiting.append(node.term)
            case Cases():
                for when, value in node.arms:
                    waiting.extend((when, value))
                    if isinstance(when, Reaches0):
                        seen.asked[when.id] += 1
                        seen.conditions[when.id] = when
                    else:
                        _ask(seen, when)
            case Least():
                seen.leasts.append(node)
                waiting.extend(node.terms)
            case Among():
                seen.codes.setdefault(node.place, Counter())[node.bits] += 1
            case Reaches0():
                _bound(seen, node)
                waiting.append(node.term)
            case Both() | Either():
                waiting.extend(node.parts)
            case _:
                pass
    for one in [one for one in seen.asked if _single(seen.conditions[one])]:
        del seen.asked[one]
    return seen


def _ask(seen: _Seen, condition: Condition) -> None:
    """The conditions below that choose between cases: each can be cut by."""
    waiting = [condition]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Both | Either):
            waiting.extend(node.parts)
        elif isinstance(node, Reaches0):
            seen.asked[node.id] += 1
            seen.conditions[node.id] = node


def _single(condition: Reaches0) -> bool:
    parts = condition.term.parts
    return len(parts) == 1 and isinstance(parts[0][0], Var)


def _bound(seen: _Seen, condition: Reaches0) -> None:
    """A comparison of one variable with a constant: the last value of the lower side."""
    if not _single(condition):
        return
    atom, times = condition.term.parts[0]
    assert isinstance(atom, Var)  # noqa: S101 -- looked at above
    const = condition.term.const
    # times is 1 or -1: x >= -const, or x <= const.
    last = -const - 1 if times > 0 else const
    seen.bounds.setdefault(atom.place, Counter())[last] += 1
