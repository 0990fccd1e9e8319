"""The reference reading: a core tree, interpreted with exact fractions, one node at a time.

Slow and obvious on purpose: every other engine must agree with it, and every witness of a proof is replayed here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import floor
from typing import Any

from fidelity.errors import LanguageError
from fidelity.language.quantities import ROUND
from fidelity.language.tree import (
    AllOf,
    AnyOf,
    Case,
    Compare,
    Count,
    Extreme,
    Field,
    Has,
    IsIn,
    Literal,
    Magnitude,
    Modulo,
    Negate,
    Node,
    Not,
    Opaque,
    OverLines,
    Product,
    Rounded,
    Sum,
    Table,
)

__all__ = ["interpret"]

_COMPARE = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def interpret(node: Node, values: Mapping[str, Any], lines: Sequence[Mapping[str, Any]] = ()) -> Any:  # noqa: ANN401, C901, PLR0911, PLR0912 -- one line a form reads best together; a bool or a number
    """
    What a core tree says: a bool, or an exact number.

    Args:
        node: The core tree.
        values: The fields by path, in base units: minor units, days since 1970-01-01, microseconds since then,
            codes as texts, tags as sets.
        lines: The fields of each line, by path.
    """

    def of(inner: Node) -> Any:  # noqa: ANN401 -- a bool or a number
        return interpret(inner, values, lines)

    match node:
        case Literal(value):
            return value
        case Field(path):
            return values[path]
        case AllOf(conditions):
            return all(of(each) for each in conditions)
        case AnyOf(conditions):
            return any(of(each) for each in conditions)
        case Not(condition):
            return not of(condition)
        case Compare(op, left, right):
            return _COMPARE[op](of(left), of(right))
        case IsIn(term, choices):
            return of(term) in [each.value for each in choices]
        case Has(tags, tag):
            return tag in of(tags)
        case Count(tags):
            return len(of(tags))
        case Sum(terms):
            return sum((of(each) for each in terms), Fraction(0))
        case Product(factors):
            product = Fraction(1)
            for each in factors:
                product *= of(each)
            return product
        case Negate(term):
            return -of(term)
        case Modulo(term, by):
            dividend, divisor = Fraction(of(term)), Fraction(of(by))
            return dividend - divisor * floor(dividend / divisor)
        case Extreme(which, terms):
            return (min if which == "min" else max)(of(each) for each in terms)
        case Rounded(how, term):
            return Fraction(ROUND[how](Fraction(of(term))))
        case Magnitude(term):
            return abs(of(term))
        case Case(arms, otherwise):
            for when, value in arms:
                if of(when):
                    return of(value)
            return of(otherwise)
        case Table(key, rows, otherwise_or_none):
            code = of(key)
            for listed, value in rows:
                if listed == code:
                    return of(value)
            return of(otherwise_or_none) if otherwise_or_none is not None else Fraction(0)
        case OverLines(value, condition):
            total = Fraction(0)
            for line in lines:
                here = {**values, **line}
                if condition is None or interpret(condition, here):
                    total += interpret(value, here)
            return total
        case Opaque(_, function):
            return bool(function(values["event"]))
    message = f"{type(node).__name__} is not a part of a core tree"
    raise LanguageError(message, node=node)
