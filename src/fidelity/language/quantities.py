"""Quantities: what resolving knows of a number: its unit, its exact bounds and its constant denominator."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from fractions import Fraction
from math import lcm

from attrs import evolve, frozen

from fidelity.language.tree import (
    Case,
    Divide,
    Extreme,
    Literal,
    Magnitude,
    Negate,
    Node,
    OverLines,
    Product,
    Rounded,
    Sum,
    Table,
)

__all__ = [
    "BARE",
    "DAY",
    "EPOCH_DAY",
    "FARTHEST",
    "FIRST_INSTANT",
    "INSTANT",
    "LAST_INSTANT",
    "MONEY",
    "NUMBER",
    "ROUND",
    "Quantity",
    "denominator",
    "exactly",
    "is_finite",
    "micros",
    "tight",
    "union",
]

#: The ordinal of 1970-01-01: days are counted from it.
EPOCH_DAY = date(1970, 1, 1).toordinal()
#: Beyond this no engine may go: every numerator fits a signed 64-bit whole number with room for one sum.
FARTHEST = 2**62
NUMBER, MONEY, DAY, INSTANT, BARE = "number", "money", "day", "instant", "bare"


@frozen
class Quantity:
    """
    What is known of a number: its core tree, its unit, its bounds and its constant denominator.

    Attributes:
        unit: ``number``, ``money`` (minor units), ``day`` (since 1970-01-01), ``instant`` (microseconds since then),
            or ``bare``: made of constants alone, so that it may still become money.
        over: The denominator all its values share; 1 means that it is whole.
    """

    node: Node
    unit: str
    low: Fraction
    high: Fraction
    over: int = 1

    @property
    def whole(self) -> bool:
        """Whether every value is a whole number."""
        return self.over == 1


def micros(moment: datetime) -> int:
    """Microseconds since 1970-01-01T00:00Z, exactly."""
    whole = moment - _EPOCH
    return (whole.days * 86_400 + whole.seconds) * 1_000_000 + whole.microseconds


_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def is_finite(node: Node) -> bool:
    """Whether *node* takes finitely many values that stand in the program: constants chosen by cases and tables."""
    match node:
        case Literal():
            return True
        case Case(arms, otherwise):
            return all(is_finite(value) for _, value in arms) and is_finite(otherwise)
        case Table(_, rows, otherwise):
            return all(is_finite(value) for _, value in rows) and (otherwise is None or is_finite(otherwise))
        case Sum(parts) | Product(parts) | Extreme(_, parts):
            return all(is_finite(each) for each in parts)
        case Negate(term) | Rounded(_, term) | Magnitude(term) | Divide(term, _):
            return is_finite(term)
    return False


def exactly(value: Fraction, unit: str) -> Quantity:
    """The constant *value*."""
    whole = value.numerator if value.denominator == 1 else value
    return Quantity(Literal(whole), unit, value, value, value.denominator)


def union(node: Node, values: Iterable[Quantity]) -> Quantity:
    """What is known of *node*, which is one of *values*."""
    listed = tuple(values)
    low, high = min(each.low for each in listed), max(each.high for each in listed)
    return Quantity(node, listed[0].unit, low, high, lcm(*(each.over for each in listed)))


def tight(found: Quantity) -> Quantity:
    """The denominator that the core tree really has: a constant factor may cancel part of it."""
    return evolve(found, over=denominator(found.node))


def denominator(node: Node) -> int:
    """The constant denominator that all values of a core tree share."""
    match node:
        case Literal(Fraction() as value):
            return value.denominator
        case Sum(parts) | Extreme(_, parts):
            return lcm(*(denominator(each) for each in parts))
        case Product(factors):
            over = 1
            scale = Fraction(1)
            for each in factors:
                if isinstance(each, Literal) and isinstance(each.value, int | Fraction):
                    scale *= each.value
                else:
                    over *= denominator(each)
            return (Fraction(scale.numerator, over) / scale.denominator).denominator if scale else 1
        case Negate(term) | Magnitude(term):
            return denominator(term)
        case Case(arms, otherwise):
            return lcm(*(denominator(value) for _, value in arms), denominator(otherwise))
        case Table(_, rows, otherwise_or_none):
            rest = 1 if otherwise_or_none is None else denominator(otherwise_or_none)
            return lcm(*(denominator(value) for _, value in rows), rest)
        case OverLines(value, _):
            return denominator(value)
    return 1


def _round_half_even(value: Fraction) -> int:
    return round(value)


def _round_half_up(value: Fraction) -> int:
    return (value + Fraction(1, 2)).__floor__()


ROUND = {
    "floor": Fraction.__floor__,
    "ceil": Fraction.__ceil__,
    "half even": _round_half_even,
    "half up": _round_half_up,
}
FIRST_INSTANT = micros(datetime.fromisoformat("1900-01-01T00:00:00+00:00"))
LAST_INSTANT = micros(datetime.fromisoformat("2200-01-01T00:00:00+00:00"))
