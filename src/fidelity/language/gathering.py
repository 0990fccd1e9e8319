"""Gathering: the same number with less work. What terms of a sum share is multiplied once, by all their weights.

``b + case(x: 2*b, else: 0)`` is ``b * (1 + case(x: 2, else: 0))``, and the weights are small numbers, which are cheap.
Core trees in, core trees out, equal in every row. Knows nothing of columns.
"""

from __future__ import annotations

from fractions import Fraction

from fidelity.language.quantities import denominator
from fidelity.language.tree import (
    Case,
    IsIn,
    Literal,
    Negate,
    Node,
    OverLines,
    Product,
    Rounded,
    Sum,
    add,
    multiply,
    negate,
    rebuild,
)

__all__ = ["excluding", "gathered"]

_ZERO, _ONE = Literal(0), Literal(1)


def gathered(node: Node, known: dict[Node, Node] | None = None) -> Node:
    """
    A core tree that gives what *node* gives, with less work.

    Args:
        known: What was gathered before, which is shared.
    """
    known = {} if known is None else known

    def change(each: Node) -> Node:
        found = known.get(each)
        if found is None:
            # Lines are worked out line by line, by trees of their own.
            found = each if isinstance(each, OverLines) else _gathered(rebuild(each, change))
            known[each] = found
        return found

    return change(node)


def _gathered(node: Node) -> Node:
    match node:
        case Sum(terms):
            found = _sum(terms)
        case Case(arms, otherwise) if len(arms) > 1:
            found = _case(arms, otherwise)
        case _:
            return node
    # Thirds of three times a number are whole before and thirds after: then the terms stay apart.
    return node if denominator(node) % denominator(found) else found


def _sum(terms: tuple[Node, ...]) -> Node:
    groups: dict[Node | None, list[tuple[Node, Node]]] = {}
    for each in terms:
        core, weight = _split(each)
        groups.setdefault(core, []).append((each, weight))
    found: list[Node] = []
    for core, group in groups.items():
        if core is None or len(group) == 1:
            found += [each for each, _ in group]
        else:
            found.append(multiply(core, add(*(weight for _, weight in group))))
    return add(*found)


def _case(arms: tuple[tuple[Node, Node], ...], otherwise: Node) -> Node:
    """Rounding that all values share comes after the choice, and so does a number that all of them multiply."""
    hows = {value.how for _, value in arms if isinstance(value, Rounded)}
    if len(hows) == 1 and _is_whole(otherwise) and all(isinstance(value, Rounded) for _, value in arms):
        inner = _case(tuple((when, value.term) for when, value in arms if isinstance(value, Rounded)), otherwise)
        return Rounded(hows.pop(), inner) if isinstance(inner, Product) else Case(arms, otherwise)
    core, weight = _split(Case(arms, otherwise))
    return Case(arms, otherwise) if core is None or weight == _ONE else multiply(core, weight)


def _is_whole(node: Node) -> bool:
    return isinstance(node, Literal) and type(node.value) is int


def _split(node: Node) -> tuple[Node | None, Node]:
    """*node* as a number of the row times a weight that is made of constants and conditions; None for no number."""
    match node:
        case Literal():
            return None, node
        case Negate(term):
            core, weight = _split(term)
            return core, (negate(weight) if isinstance(weight, Literal) else Negate(weight))
        case Product(factors):
            constants = [each.value for each in factors if isinstance(each, Literal)]
            numbers = [each for each in factors if not isinstance(each, Literal)]
            if not constants or not numbers:
                return node, _ONE
            scale = Fraction(1)
            for each in constants:
                scale *= each  # type: ignore[operator]  # a number: resolving saw to it
            return multiply(*numbers), Literal(scale.numerator if scale.denominator == 1 else scale)
        case Case(arms, otherwise) if otherwise == _ZERO:
            parts = [_split(value) for _, value in arms]
            cores = {core for core, weight in parts if weight != _ZERO}
            if len(cores) == 1:
                weights = tuple((when, weight) for (when, _), (_, weight) in zip(arms, parts, strict=True))
                return cores.pop(), Case(weights, _ZERO)
    return node, _ONE


def excluding(conditions: tuple[Node, ...]) -> bool:
    """Whether at most one of *conditions* can hold, because each asks for other codes of one field."""
    seen: set[object] = set()
    terms: set[Node] = set()
    for each in conditions:
        if not isinstance(each, IsIn):
            return False
        codes = {choice.value for choice in each.choices}
        if seen & codes:
            return False
        seen |= codes
        terms.add(each.term)
    return len(terms) == 1
