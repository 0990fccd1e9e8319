"""The index for many rules: constant points for one value of a field, from or below a threshold of one number.

Hundreds of ``case(field == value and number >= threshold: points, else: 0)`` in one sum become one ladder: for each
value of the field the thresholds in order, and what is given between them. An event looks up its value and climbs once,
whatever the number of rules. Whoever reads trees says from how many rules on that is cheaper than asking one by one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import TypeAlias

from attrs import field, frozen

from fidelity.language.tree import AllOf, Case, Compare, Field, IsIn, Literal, Node

__all__ = ["Ladder", "Rungs", "indexed"]

Key: TypeAlias = int | str
_ZERO = Literal(0)
_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


@frozen
class Rungs:
    """
    What one value of the field gives.

    Attributes:
        thresholds: In order, each once.
        given: What is given below the first threshold, from the first on, and so on: one more than thresholds.
    """

    thresholds: tuple[int, ...]
    given: tuple[int, ...]


@frozen
class Ladder:
    """
    Many rules on one field.

    Attributes:
        key: The field.
        number: What is compared with thresholds; None if nothing is.
        rungs: By value of the field what it gives; other values give nothing.
        terms: The rules that it was made of.
    """

    key: Field
    number: Field | None
    rungs: Mapping[Key, Rungs] = field(hash=False)
    terms: tuple[Node, ...] = field(eq=False, repr=False)

    def steps(self, over: int) -> dict[Key, tuple[tuple[int, ...], tuple[int, ...]]]:
        """By value of the field the thresholds and what is given between them, times *over*."""
        return {key: (each.thresholds, tuple(one * over for one in each.given)) for key, each in self.rungs.items()}


@frozen
class _Rule:
    """Constant points for some values of a field, from *low* on and below *high*; None for no such bound."""

    key: Field
    number: Field | None
    values: tuple[Key, ...]
    low: int | None
    high: int | None
    points: int


def indexed(terms: Sequence[Node], at_least: int) -> tuple[list[Ladder], list[Node]]:
    """
    Ladders for what many of *terms* have in common, and the terms that are left.

    Args:
        terms: What is added up.
        at_least: How many rules make a ladder.
    """
    if len(terms) < at_least:
        return [], list(terms)
    groups: dict[tuple[Field, Field | None], list[tuple[Node, _Rule]]] = {}
    for each in terms:
        rule = _rule(each)
        if rule is not None:
            groups.setdefault((rule.key, rule.number), []).append((each, rule))
    ladders: list[Ladder] = []
    taken: set[int] = set()
    for (key, number), group in groups.items():
        if len(group) >= at_least:
            rungs = _rungs([rule for _, rule in group])
            # Where no stretch has anything in it, nothing is ever given.
            ladders += [Ladder(key, number, rungs, tuple(each for each, _ in group))] if rungs else []
            taken.update(id(each) for each, _ in group)
    return ladders, [each for each in terms if id(each) not in taken]


def _rungs(rules: Sequence[_Rule]) -> dict[Key, Rungs]:
    changes: dict[Key, dict[int, int]] = {}
    starts: dict[Key, int] = {}
    for each in rules:
        if each.low is not None and each.high is not None and each.low >= each.high:
            continue
        for value in each.values:
            steps = changes.setdefault(value, {})
            if each.low is None:
                starts[value] = starts.get(value, 0) + each.points
            else:
                steps[each.low] = steps.get(each.low, 0) + each.points
            if each.high is not None:
                steps[each.high] = steps.get(each.high, 0) - each.points
    found: dict[Key, Rungs] = {}
    for value, steps in changes.items():
        thresholds = sorted(steps)
        given = accumulate((steps[each] for each in thresholds), initial=starts.get(value, 0))
        found[value] = Rungs(tuple(thresholds), tuple(given))
    return found


def _rule(term: Node) -> _Rule | None:
    """*term* as constant points for values of one field and a stretch of one number; None if it is more than that."""
    match term:
        case Case(((when, Literal(value)),), otherwise) if otherwise == _ZERO and type(value) is int:
            points = value
        case _:
            return None
    conditions = when.conditions if isinstance(when, AllOf) else (when,)
    key: tuple[Field, tuple[Key, ...]] | None = None
    number: Field | None = None
    low: int | None = None
    high: int | None = None
    for each in conditions:
        asked = _values(each)
        if asked is not None and key is None:
            key = asked
            continue
        stretch = _stretch(each)
        if stretch is None or number not in (None, stretch[0]):
            return None
        number, from_, below = stretch
        low = from_ if low is None or (from_ is not None and from_ > low) else low
        high = below if high is None or (below is not None and below < high) else high
    return None if key is None else _Rule(key[0], number, key[1], low, high, points)


def _values(condition: Node) -> tuple[Field, tuple[Key, ...]] | None:
    """The field that must have one of some values, and these."""
    match condition:
        case IsIn(Field() as of, choices):
            return of, tuple(dict.fromkeys(str(each.value) for each in choices))
        case Compare("==", Field() as of, Literal(value)) | Compare("==", Literal(value), Field() as of):
            return (of, (value,)) if type(value) is int else None
    return None


def _stretch(condition: Node) -> tuple[Field, int | None, int | None] | None:
    """The field that is compared, from where on and below what."""
    match condition:
        case Compare(op, Field() as of, Literal(value)) if op in _FLIPPED and type(value) is int:
            pass
        case Compare(op, Literal(value), Field() as of) if op in _FLIPPED and type(value) is int:
            op = _FLIPPED[op]
        case _:
            return None
    match op:
        case ">=":
            return of, value, None
        case ">":
            return of, value + 1, None
        case "<":
            return of, None, value
    return of, None, value + 1
