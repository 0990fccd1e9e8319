"""The dict spelling: a tree as nested dicts and lists, for machines and visual editors.

``{"and": [{">=": [{"field": "purchase.amount"}, 99]}, {"has": [{"field": "purchase.tags"}, "own cup"]}]}``

Bare whole numbers, texts and booleans are constants; every other thing is a dict with one key.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from fractions import Fraction
from itertools import islice
from math import isfinite
from typing import Any

from fidelity.errors import ExactnessError, LanguageError
from fidelity.language.limits import (
    MAX_DEPTH,
    MAX_DIGITS,
    MAX_NODES,
    MAX_TEXT,
    bounded,
    bounded_number,
    too_large,
)
from fidelity.language.names import may_own
from fidelity.language.printing import literal_text
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
    add,
    all_of,
    any_of,
    extreme,
    multiply,
    negate,
    not_,
)
from fidelity.values.money import Money, money
from fidelity.values.rates import exact, exact_text
from fidelity.values.spelling import shown, suggest

__all__ = ["SPELLINGS", "from_plain", "to_plain"]

_COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")
_ROUNDINGS = {"floor": "floor", "ceil": "ceil", "round": "half even", "round half up": "half up"}
_ROUNDING_KEYS = {how: key for key, how in _ROUNDINGS.items()}
_DIVISIONS: dict[str, Callable[[Node, Literal], Node]] = {"/": Divide, "//": FloorDivide, "%": Modulo}
_DIVISION_KEYS = {Divide: "/", FloorDivide: "//", Modulo: "%"}
#: Every key that a tree can have.
SPELLINGS = (
    "field", "ratio", "money", "date", "instant", "+", "-", "*", "/", "//", "%", "min", "max", "abs", "count",
    "in", "has", "reaches", "and", "or", "not", "case", "table", "lines", *_COMPARISONS, *_ROUNDINGS,
)  # fmt: skip


def to_plain(node: Node) -> Any:  # noqa: C901, PLR0911, PLR0912 -- one line a form reads best together
    """*node* as nested dicts; `from_plain` reads the same tree back."""
    match node:
        case Literal(value):
            return _plain_value(value)
        case Field(path):
            return {"field": path}
        case Sum(terms):
            return {"+": [to_plain(each) for each in terms]}
        case Product(factors):
            return {"*": [to_plain(each) for each in factors]}
        case Negate(term):
            return {"-": to_plain(term)}
        case Divide(term, by) | FloorDivide(term, by) | Modulo(term, by):
            return {_DIVISION_KEYS[type(node)]: [to_plain(term), to_plain(by)]}
        case Extreme(which, terms):
            return {which: [to_plain(each) for each in terms]}
        case Rounded(how, term):
            return {_ROUNDING_KEYS[how]: to_plain(term)}
        case Magnitude(term):
            return {"abs": to_plain(term)}
        case Count(tags):
            return {"count": to_plain(tags)}
        case Compare(op, left, right):
            return {op: [to_plain(left), to_plain(right)]}
        case IsIn(term, choices):
            return {"in": [to_plain(term), [to_plain(each) for each in choices]]}
        case Has(tags, tag):
            return {"has": [to_plain(tags), tag]}
        case Reaches(measure, value):
            return {"reaches": [to_plain(measure), to_plain(value)]}
        case AllOf(conditions):
            return {"and": [to_plain(each) for each in conditions]}
        case AnyOf(conditions):
            return {"or": [to_plain(each) for each in conditions]}
        case Not(condition):
            return {"not": to_plain(condition)}
        case Case(arms, otherwise):
            return {"case": [*([to_plain(when), to_plain(value)] for when, value in arms), to_plain(otherwise)]}
        case Table(key, rows, otherwise):
            listed = {code: to_plain(value) for code, value in rows}
            return {"table": [to_plain(key), listed, *([] if otherwise is None else [to_plain(otherwise)])]}
        case OverLines(value, when):
            return {"lines": {"sum": to_plain(value)} | ({} if when is None else {"when": to_plain(when)})}
        case Opaque(name):
            message = f"opaque function {name!r} exists in Python only; write the condition out in the rule language"
            raise LanguageError(message, name=name)
    message = f"{type(node).__name__} is not a part of the rule language"
    raise LanguageError(message, node=node)


def _plain_value(value: LiteralValue) -> Any:
    if isinstance(value, bool | int | str):
        return value
    if isinstance(value, Fraction):
        return {"ratio": exact_text(value)}
    if isinstance(value, Money):
        return {"money": str(value)}
    return {"instant" if isinstance(value, datetime) else "date": literal_text(value)}


def from_plain(value: Any) -> Node:
    """
    The tree that nested dicts spell.

    Raises:
        LanguageError: If a part cannot be read; the message says which.
        TooLargeError: If it is too deep or has too many nodes or digits.
    """
    return bounded(_Reader().node(value, 1))


def _shown(value: Any) -> str:
    # Never the repr of what came from outside: it may be a million digits, or lists in lists in lists.
    return shown(value) if isinstance(value, str | bool | int | float | None) else f"a {type(value).__name__}"


class _Reader:
    """Reads one tree and counts its nodes."""

    def __init__(self) -> None:
        self.nodes = 0

    def node(self, value: Any, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise too_large("levels of one expression", depth, MAX_DEPTH)
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise too_large("parts of one expression", self.nodes, MAX_NODES)
        if not isinstance(value, Mapping):
            return _constant(value)
        if len(value) != 1:
            found = ", ".join(_shown(key) for key in islice(value, 5)) or "none"
            message = f'each part of a condition is a dict with one key, such as {{"field": …}}; found {found}'
            raise LanguageError(message, value=value)
        ((key, inside),) = value.items()
        return self._read(key, inside, depth + 1)

    def _all(self, values: Any, depth: int, key: str, least: int = 1) -> list[Node]:
        if not isinstance(values, list | tuple) or len(values) < least:
            message = f"{key!r} takes a list of at least {least}, not {_shown(values)}"
            raise LanguageError(message, key=key)
        return [self.node(each, depth) for each in values]

    def _two(self, values: Any, depth: int, key: str) -> tuple[Node, Node]:
        found = self._all(values, depth, key, 2)
        if len(found) != 2:  # noqa: PLR2004 -- it says two
            message = f"{key!r} takes two values, not {len(found)}"
            raise LanguageError(message, key=key)
        return found[0], found[1]

    def _read(self, key: Any, inside: Any, depth: int) -> Node:  # noqa: C901, PLR0911, PLR0912 -- one line a form
        match key:
            case "field":
                return _field(inside)
            case "ratio" | "money" | "date" | "instant":
                return _written(key, inside)
            case "+":
                return add(*self._all(inside, depth, key))
            case "*":
                return multiply(*self._all(inside, depth, key))
            case "-":
                if isinstance(inside, list):
                    left, right = self._two(inside, depth, key)
                    return add(left, negate(right))
                return negate(self.node(inside, depth))
            case "/" | "//" | "%":
                term, by = self._two(inside, depth, key)
                return _DIVISIONS[key](term, _need_literal(by, key))
            case "min" | "max":
                return extreme(key, *self._all(inside, depth, key))
            case "abs":
                return Magnitude(self.node(inside, depth))
            case "count":
                return Count(_need_field(self.node(inside, depth), key))
            case "in":
                return self._is_in(inside, depth)
            case "has":
                tags, tag = self._two(inside, depth, key)
                return Has(_need_field(tags, key), _need_code(tag, key))
            case "reaches":
                measure, value = self._two(inside, depth, key)
                return Reaches(_need_measure(measure, key), _need_literal(value, key))
            case "and":
                return all_of(*self._all(inside, depth, key))
            case "or":
                return any_of(*self._all(inside, depth, key))
            case "not":
                return not_(self.node(inside, depth))
            case "case":
                return self._case(inside, depth)
            case "table":
                return self._table(inside, depth)
            case "lines":
                return self._lines(inside, depth)
        if key in _COMPARISONS:
            return Compare(key, *self._two(inside, depth, key))
        if key in _ROUNDINGS:
            return Rounded(_ROUNDINGS[key], self.node(inside, depth))
        hint = suggest(key, SPELLINGS) or f"there are {', '.join(SPELLINGS)}"
        message = f"there is no operation {_shown(key)}; {hint}"
        raise LanguageError(message, key=key)

    def _is_in(self, inside: Any, depth: int) -> Node:
        if not isinstance(inside, list) or len(inside) != 2 or not isinstance(inside[1], list) or not inside[1]:  # noqa: PLR2004
            message = '"in" takes a value and a list of constants: {"in": [{"field": "purchase.channel"}, ["app"]]}'
            raise LanguageError(message)
        choices = tuple(_need_literal(self.node(each, depth), "in") for each in inside[1])
        return IsIn(self.node(inside[0], depth), choices)

    def _case(self, inside: Any, depth: int) -> Node:
        if not isinstance(inside, list) or len(inside) < 2:  # noqa: PLR2004
            message = '"case" takes [[condition, value], …, otherwise]'
            raise LanguageError(message)
        arms = tuple(self._two(each, depth, "case") for each in inside[:-1])
        return Case(arms, self.node(inside[-1], depth))

    def _table(self, inside: Any, depth: int) -> Node:
        if (
            not isinstance(inside, list)
            or len(inside) not in (2, 3)
            or not isinstance(inside[1], Mapping)
            or not inside[1]
        ):
            message = '"table" takes [key, {code: value, …}] and perhaps what holds otherwise'
            raise LanguageError(message)
        for code in inside[1]:
            if not isinstance(code, str):
                message = f'"table" lists codes, which are texts, not {_shown(code)}'
                raise LanguageError(message, code=code)
        rows = tuple((_text(code), self.node(each, depth)) for code, each in inside[1].items())
        otherwise = self.node(inside[2], depth) if len(inside) == 3 else None  # noqa: PLR2004
        return Table(self.node(inside[0], depth), rows, otherwise)

    def _lines(self, inside: Any, depth: int) -> Node:
        if not isinstance(inside, Mapping) or "sum" not in inside or set(inside) - {"sum", "when"}:
            message = '"lines" takes {"sum": value, "when": condition}'
            raise LanguageError(message)
        when = self.node(inside["when"], depth) if "when" in inside else None
        return OverLines(self.node(inside["sum"], depth), when)


def _constant(value: Any) -> Literal:
    if isinstance(value, float):
        remedy = f'write {{"ratio": "{value!r}"}}' if isfinite(value) else "only finite numbers are exact"
        raise ExactnessError(f"{value!r} is a float; {remedy}", value=value)
    if isinstance(value, str):
        return Literal(_text(value))
    if isinstance(value, bool):
        return Literal(value)
    if type(value) is int:
        if abs(value) >= 10**MAX_DIGITS:
            # Counted in bits: writing a million digits takes a second.
            raise too_large("digits of one number", value.bit_length() * 30103 // 100000 + 1, MAX_DIGITS)
        return Literal(value)
    message = f"{type(value).__name__} is not a constant of the rule language; write a text, a whole number or true"
    raise LanguageError(message, value=value)


def _text(value: str) -> str:
    if len(value) > MAX_TEXT:
        raise too_large("characters of one text", len(value), MAX_TEXT)
    # A member of an enumeration of texts stands for its text.
    return str.__str__(value)


def _field(path: Any) -> Field:
    if not isinstance(path, str) or "." not in path or not may_own(path.partition(".")[0]):
        message = f'a field is named event.field, such as "purchase.amount", not {_shown(path)}'
        raise LanguageError(message, path=path)
    return Field(_text(path))


def _written(key: str, inside: Any) -> Literal:
    if not isinstance(inside, str) or len(inside) > 40:  # noqa: PLR2004 -- longer than any of the four
        message = f'{key!r} takes a text, such as {{"ratio": "3/2"}}, not {_shown(inside)}'
        raise LanguageError(message, key=key)
    if key == "ratio":
        return Literal(bounded_number(exact(inside)))
    if key == "money":
        return Literal(money(inside))
    try:
        if key == "date":
            return Literal(date.fromisoformat(inside))
        moment = datetime.fromisoformat(inside)
        # A zone may push the first and the last day out of the calendar.
        at = moment.astimezone(UTC) if moment.tzinfo is not None else None
    except (ValueError, OverflowError):
        message = f"{inside!r} is not a day or an instant; write 2026-06-01 or 2026-06-01T12:00:00+02:00"
        raise LanguageError(message, key=key) from None
    if at is None:
        message = f"{inside!r} has no zone; write 2026-06-01T12:00:00+02:00"
        raise LanguageError(message, key=key)
    return Literal(at)


def _need_literal(node: Node, key: str) -> Literal:
    if not isinstance(node, Literal):
        message = f"{key!r} takes a constant here, not a field or a formula"
        raise LanguageError(message, key=key)
    return node


def _need_field(node: Node, key: str) -> Field:
    if not isinstance(node, Field):
        message = f"{key!r} takes a field with tags"
        raise LanguageError(message, key=key)
    return node


def _need_measure(node: Node, key: str) -> Field:
    if not isinstance(node, Field) or not node.path.startswith("measure."):
        message = f"{key!r} takes a measure and a constant"
        raise LanguageError(message, key=key)
    return node


def _need_code(node: Node, key: str) -> str:
    if not isinstance(node, Literal) or not isinstance(node.value, str):
        message = f"{key!r} takes a text"
        raise LanguageError(message, key=key)
    return node.value
