"""Bounds: the least and the most that a core tree can give, out of the bounds of the fields it reads.

Knows no units: a core tree is in whole base units already, where money and points may stand in one sum.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from attrs import frozen

from fidelity.language.kinds import LARGEST, Amount, Day, Kind, Whole
from fidelity.language.limits import MAX_LINES
from fidelity.language.quantities import EPOCH_DAY, ROUND
from fidelity.language.tree import (
    Case,
    Count,
    Extreme,
    Field,
    Literal,
    Magnitude,
    Modulo,
    Negate,
    Node,
    OverLines,
    Product,
    Rounded,
    Sum,
    Table,
)

__all__ = ["Bounds", "bounds"]


@frozen
class Bounds:
    """The least and the most, both included."""

    low: Fraction
    high: Fraction

    def times(self, other: Bounds) -> Bounds:
        """The bounds of the product."""
        corners = [one * two for one in (self.low, self.high) for two in (other.low, other.high)]
        return Bounds(min(corners), max(corners))


_ONE = Bounds(Fraction(1), Fraction(1))


def bounds(node: Node, kinds: Mapping[str, Kind]) -> Bounds:  # noqa: C901, PLR0911, PLR0912 -- one line a form
    """The bounds of the number that the core tree *node* gives."""

    def of(inner: Node) -> Bounds:
        return bounds(inner, kinds)

    match node:
        case Literal(int() | Fraction() as value):
            return Bounds(Fraction(value), Fraction(value))
        case Field(path):
            return _of_kind(kinds.get(path))
        case Sum(terms):
            parts = [of(each) for each in terms]
            return Bounds(sum((e.low for e in parts), Fraction(0)), sum((e.high for e in parts), Fraction(0)))
        case Product(factors):
            found = _ONE
            for each in factors:
                found = found.times(of(each))
            return found
        case Negate(term):
            inner = of(term)
            return Bounds(-inner.high, -inner.low)
        case Modulo(_, by):
            step = of(by).low
            return Bounds(min(Fraction(0), step + 1), max(Fraction(0), step - 1))
        case Extreme(which, terms):
            parts, pick = [of(each) for each in terms], (min if which == "min" else max)
            return Bounds(pick(each.low for each in parts), pick(each.high for each in parts))
        case Rounded(how, term):
            inner = of(term)
            return Bounds(Fraction(ROUND[how](inner.low)), Fraction(ROUND[how](inner.high)))
        case Magnitude(term):
            inner = of(term)
            low = Fraction(0) if inner.low <= 0 <= inner.high else min(abs(inner.low), abs(inner.high))
            return Bounds(low, max(abs(inner.low), abs(inner.high)))
        case Count():
            return Bounds(Fraction(0), Fraction(MAX_LINES))
        case Case(arms, otherwise):
            return _any([*(of(value) for _, value in arms), of(otherwise)])
        case Table(_, rows, otherwise_or_none):
            rest = [] if otherwise_or_none is None else [of(otherwise_or_none)]
            return _any([*(of(value) for _, value in rows), *rest])
        case OverLines(value, _):
            inner = of(value)
            return Bounds(min(inner.low, Fraction(0)) * MAX_LINES, max(inner.high, Fraction(0)) * MAX_LINES)
    return Bounds(Fraction(-LARGEST), Fraction(LARGEST))


def _any(parts: list[Bounds]) -> Bounds:
    return Bounds(min(each.low for each in parts), max(each.high for each in parts))


def _of_kind(kind: Kind | None) -> Bounds:
    match kind:
        case Whole(low, high) | Amount(low, high):
            return Bounds(Fraction(low), Fraction(high))
        case Day(low, high):
            return Bounds(Fraction(low.toordinal() - EPOCH_DAY), Fraction(high.toordinal() - EPOCH_DAY))
    return Bounds(Fraction(-LARGEST), Fraction(LARGEST))
