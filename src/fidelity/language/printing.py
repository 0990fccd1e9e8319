"""Printing a tree as text: the canonical spelling, read back to the same tree."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction

from fidelity.errors import LanguageError
from fidelity.language.limits import MAX_DIGITS
from fidelity.language.names import is_bare
from fidelity.language.tree import (
    AllOf,
    AnyOf,
    Case,
    Compare,
    Count,
    Divide,
    Extreme,
    Field,
    FloorDivide,
    Has,
    IsIn,
    Literal,
    LiteralValue,
    Magnitude,
    Modulo,
    Negate,
    Node,
    Not,
    Opaque,
    OverLines,
    Product,
    Reaches,
    Rounded,
    Sum,
    Table,
)
from fidelity.values.money import Money

__all__ = ["as_text", "literal_text"]

# How tightly each form binds; a child that binds looser is put in brackets.
_OR, _AND, _NOT, _COMPARE, _SUM, _PRODUCT, _SIGN, _ATOM = range(8)
_ROUNDING_NAMES = {"floor": "floor", "ceil": "ceil", "half even": "round", "half up": "round_half_up"}
_DIVISIONS = {Divide: "/", FloorDivide: "//", Modulo: "%"}
_LINE_SUMS: dict[Node, str] = {
    Field("line.quantity"): "quantity",
    Field("line.amount"): "amount",
    Literal(1): "count",
}


def as_text(node: Node) -> str:
    """
    The canonical one-line spelling of *node*.

    >>> from fidelity.language.text import parse
    >>> as_text(parse("purchase.amount>=99.90 and not (purchase.channel == 'app')"))
    'purchase.amount >= 99.9 and not purchase.channel == "app"'
    """
    return _print(node)[0]


def literal_text(value: LiteralValue) -> str:
    """A constant as the text spelling writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Fraction):
        return _fraction_text(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Money):
        return str(value)
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _fraction_text(value: Fraction) -> str:
    """A finite decimal where there is one, else a quotient without spaces, which is one number too."""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    places = 0
    scaled = abs(value)
    while scaled.denominator != 1:
        scaled *= 10
        places += 1
    digits = str(scaled.numerator).rjust(places + 1, "0")
    if len(digits) > MAX_DIGITS:
        return f"{value.numerator}/{value.denominator}"
    body = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return f"-{body}" if value < 0 else body


def _bracket(node: Node, least: int) -> str:
    text, binds = _print(node)
    return text if binds >= least else f"({text})"


def _path_text(path: str) -> str:
    head, *rest = path.split(".", 1)
    if not rest:
        return head
    tail = rest[0]
    if all(is_bare(part) for part in tail.split(".")):
        return f"{head}.{tail}"
    return f"{head}.{literal_text(tail)}"


def _print(node: Node) -> tuple[str, int]:  # noqa: C901, PLR0911, PLR0912 -- one line a form reads best together
    match node:
        case Literal(value):
            text = literal_text(value)
            return text, _SIGN if text.startswith("-") else _ATOM
        case Field(path):
            return _path_text(path), _ATOM
        case AnyOf(conditions):
            return " or ".join(_bracket(each, _AND) for each in conditions), _OR
        case AllOf(conditions):
            return " and ".join(_bracket(each, _NOT) for each in conditions), _AND
        case Not(IsIn(term, choices)):
            return f"{_bracket(term, _SUM)} not in {_choices_text(choices)}", _COMPARE
        case Not(condition):
            return f"not {_bracket(condition, _NOT)}", _NOT
        case Compare(op, left, right):
            return f"{_bracket(left, _SUM)} {op} {_bracket(right, _SUM)}", _COMPARE
        case IsIn(term, choices):
            return f"{_bracket(term, _SUM)} in {_choices_text(choices)}", _COMPARE
        case Has(tags, tag):
            return f"{_path_text(tags.path)} has {literal_text(tag)}", _COMPARE
        case Reaches(measure, value):
            return f"{_path_text(measure.path)} reaches {literal_text(value.value)}", _COMPARE
        case Sum(terms):
            return _sum_text(terms), _SUM
        case Product(factors):
            first, *rest = factors
            return " * ".join([_bracket(first, _PRODUCT), *(_bracket(each, _SIGN) for each in rest)]), _PRODUCT
        case Divide(term, by) | FloorDivide(term, by) | Modulo(term, by):
            # `x / 10/3` could mean two things.
            divisor = literal_text(by.value)
            divisor = f"({divisor})" if isinstance(by.value, Fraction) and "/" in divisor else divisor
            return f"{_bracket(term, _PRODUCT)} {_DIVISIONS[type(node)]} {divisor}", _PRODUCT
        case Negate(term):
            # A bracket keeps `-(2)` from being read as the literal -2.
            inner = _bracket(term, _SIGN)
            return (f"-({inner})" if inner[0].isdigit() else f"-{inner}"), _SIGN
        case Extreme(which, terms):
            return f"{which}({', '.join(as_text(each) for each in terms)})", _ATOM
        case Rounded(how, term):
            return f"{_ROUNDING_NAMES[how]}({as_text(term)})", _ATOM
        case Magnitude(term):
            return f"abs({as_text(term)})", _ATOM
        case Count(tags):
            return f"count({_path_text(tags.path)})", _ATOM
        case Case(arms, otherwise):
            inside = [f"{as_text(when)}: {as_text(value)}" for when, value in arms]
            return f"case({', '.join([*inside, f'else: {as_text(otherwise)}'])})", _ATOM
        case Table(key, rows, rest_):
            inside = [as_text(key), *(f"{literal_text(code)}: {as_text(value)}" for code, value in rows)]
            if rest_ is not None:
                inside.append(f"else: {as_text(rest_)}")
            return f"table({', '.join(inside)})", _ATOM
        case OverLines(value, when):
            lines = "lines" if when is None else f"lines({as_text(when)})"
            name = _LINE_SUMS.get(value)
            return f"{lines}.{name}" if name else f"{lines}.sum({as_text(value)})", _ATOM
        case Opaque(name):
            return f"opaque({literal_text(name)})", _ATOM
    message = f"{type(node).__name__} is not a part of the rule language"
    raise LanguageError(message, node=node)


def _sum_text(terms: tuple[Node, ...]) -> str:
    text = _bracket(terms[0], _PRODUCT)
    for term in terms[1:]:
        match term:
            case Negate(inner):
                text += f" - {_bracket(inner, _PRODUCT)}"
            case Literal(value) if isinstance(value, int | Fraction) and not isinstance(value, bool) and value < 0:
                text += f" - {literal_text(-value)}"
            case _:
                text += f" + {_bracket(term, _PRODUCT)}"
    return text


def _choices_text(choices: tuple[Literal, ...]) -> str:
    return f"({', '.join(literal_text(each.value) for each in choices)})"
