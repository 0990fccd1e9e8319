"""The neutral expressions of the corpus of labelled programs, as trees of the rule language.

Two spellings: as conditions of a `Program` are written (days are dates), and as core trees (days are whole numbers).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from fractions import Fraction
from math import prod
from typing import Any

from attrs import frozen

from fidelity.language.kinds import Choice, Day, Flag, Kind, Tags, Whole
from fidelity.language.quantities import EPOCH_DAY
from fidelity.language.tree import (
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
    Rounded,
    Sum,
    Table,
    add,
    all_of,
    any_of,
    multiply,
    negate,
    not_,
)

__all__ = ["Translator", "Untranslatable", "constant", "kind_of"]

#: Numbers made of days count from here.
EPOCH = date(2000, 1, 1)
YES, NO = Literal(value=True), Literal(value=False)
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
_HOLDS: Mapping[str, Callable[[int, int], bool]] = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


class Untranslatable(ValueError):
    """The rule language has no tree for this expression."""


def kind_of(field: Mapping[str, Any]) -> Kind:
    """The kind of a field of the corpus."""
    match field["type"]:
        case "int":
            return Whole(field["min"], field["max"])
        case "enum":
            return Choice(tuple(field["values"]), ordered=True)
        case "bool":
            return Flag()
        case "date":
            return Day(date.fromisoformat(field["min"]), date.fromisoformat(field["max"]))
        case "set":
            return Tags(tuple(field["values"]))
    message = f"no field is of type {field['type']}"
    raise Untranslatable(message)


def constant(expression: Any) -> Fraction | None:
    """The number that an expression without fields is; None if it is not one, or reads a field."""
    if isinstance(expression, int) and not isinstance(expression, bool):
        return Fraction(expression)
    if not isinstance(expression, list):
        return None
    if expression[0] == "q":
        return Fraction(expression[1], expression[2])
    work = _CONSTANTS.get(expression[0])
    parts = [constant(each) for each in expression[1:]] if work is not None else [None]
    known = [each for each in parts if each is not None]
    return None if work is None or len(known) < len(parts) else work(known)


_CONSTANTS: Mapping[str, Callable[[list[Fraction]], Fraction]] = {
    "neg": lambda parts: -parts[0],
    "+": lambda parts: sum(parts, Fraction(0)),
    "-": lambda parts: parts[0] - parts[1],
    "*": lambda parts: Fraction(prod(parts)),
    "/": lambda parts: parts[0] / parts[1],
}


def _exact(value: Fraction) -> Literal:
    return Literal(value.numerator if value.denominator == 1 else value)


def _sum(*terms: Node) -> Node:
    """The sum, with its whole constants in one."""
    flat = add(*terms)
    if not isinstance(flat, Sum):
        return flat
    numbers = [each for each in flat.terms if isinstance(each, Literal) and isinstance(each.value, int | Fraction)]
    rest = [each for each in flat.terms if each not in numbers]
    total = sum((Fraction(each.value) for each in numbers), Fraction(0))  # type: ignore[arg-type]  # numbers only
    return add(*rest, *([_exact(total)] if total or not rest else []))


@frozen
class Translator:
    """
    Reads expressions over *fields*, each of which stands under its path.

    Attributes:
        core: Whether days are whole numbers already.
    """

    fields: Mapping[str, Mapping[str, Any]]
    paths: Mapping[str, str]
    core: bool = False

    def read(self, expression: Any) -> Node:
        """*expression* as a number or a condition, whichever it is."""
        return self.condition(expression) if self._is_condition(expression) else self.number(expression)

    # -- conditions

    def condition(self, expression: Any) -> Node:  # noqa: C901, PLR0911, PLR0912 -- one line a form reads best together
        """*expression* as a condition."""
        if isinstance(expression, bool):
            return YES if expression else NO
        if self._type(expression) == "bool":
            return self._field(expression)
        if not isinstance(expression, list):
            message = f"{expression!r} is not a condition"
            raise Untranslatable(message)
        op, *parts = expression
        match op:
            case "and":
                return self._joined(parts, all_of, YES, NO)
            case "or":
                return self._joined(parts, any_of, NO, YES)
            case "not":
                return self._denied(self.condition(parts[0]))
            case "=>":
                return self.condition(["or", ["not", parts[0]], parts[1]])
            case "between":
                return self.condition(["and", ["<=", parts[1], parts[0]], ["<=", parts[0], parts[2]]])
            case "in":
                return self.condition(["or", *(["=", parts[0], each] for each in parts[1])])
            case "has":
                return Has(self._field(parts[0]), parts[1])
            case "case":
                arms = tuple((self.condition(when), self.condition(value)) for when, value in parts[:-1])
                return Case(arms, self.condition(parts[-1]))
            case "table":
                return self.condition(self._as_case(parts[0], parts[1]))
        if op in _HOLDS:
            return self._compared(op, parts[0], parts[1])
        message = f"{op!r} is not a condition"
        raise Untranslatable(message)

    def _joined(self, parts: list[Any], join: Callable[..., Node], none: Node, ends: Node) -> Node:
        found = [each for each in map(self.condition, parts) if each != none]
        if ends in found:
            return ends
        return join(*found) if found else none

    @staticmethod
    def _denied(node: Node) -> Node:
        return NO if node == YES else YES if node == NO else not_(node)

    def _compared(self, op: str, left: Any, right: Any) -> Node:
        types = {self._type(left), self._type(right)}
        if "enum" in types:
            return self._codes(op, left, right)
        if types <= {"date", "d"} and "date" in types:
            return Compare(op if op != "=" else "==", self._day(left), self._day(right))
        if self._is_condition(left) or self._is_condition(right):
            one, other = self.condition(left), self.condition(right)
            same = self._same(one, other)
            return same if op == "=" else self._denied(same)
        one, other = self.number(left), self.number(right)
        if isinstance(one, Literal) and isinstance(other, Literal):
            return YES if _HOLDS[op](Fraction(one.value), Fraction(other.value)) else NO  # type: ignore[arg-type]  # numbers
        return Compare(op if op != "=" else "==", one, other)

    def _same(self, one: Node, other: Node) -> Node:
        for here, there in ((one, other), (other, one)):
            if there in (YES, NO):
                return here if there == YES else self._denied(here)
        return any_of(all_of(one, other), all_of(not_(one), not_(other)))

    def _codes(self, op: str, left: Any, right: Any) -> Node:
        """Codes compare by their places in the list of the field."""
        if self._type(left) != "enum":
            left, right, op = right, left, _TURNED[op]
        one, values = self._field(left), self.fields[left[1:]]["values"]
        if self._type(right) != "enum":
            place = values.index(right)
            return self._among(one, [code for at, code in enumerate(values) if _HOLDS[op](at, place)], values)
        other, codes = self._field(right), self.fields[right[1:]]["values"]
        found: list[Node] = []
        for place, code in enumerate(codes):
            fits = [each for at, each in enumerate(values) if _HOLDS[op](at, place)]
            if fits:
                found.append(all_of(IsIn(other, (Literal(code),)), self._among(one, fits, values)))
        return any_of(*found) if found else NO

    @staticmethod
    def _among(field: Field, codes: list[str], values: list[str]) -> Node:
        if len(codes) == len(values):
            return YES
        return IsIn(field, tuple(Literal(each) for each in codes)) if codes else NO

    # -- numbers

    def number(self, expression: Any) -> Node:  # noqa: C901, PLR0911, PLR0912 -- one line a form reads best together
        """*expression* as a number."""
        known = constant(expression)
        if known is not None:
            return _exact(known)
        match self._type(expression):
            case "int":
                return self._field(expression)
            case "date":
                first = EPOCH.toordinal() - EPOCH_DAY
                return add(self._field(expression), Literal(-first) if self.core else Negate(Literal(EPOCH)))
            case "d":
                return Literal((date.fromisoformat(expression[1]) - EPOCH).days)
        if not isinstance(expression, list):
            message = f"{expression!r} is not a number"
            raise Untranslatable(message)
        op, *parts = expression
        match op:
            case "+":
                return _sum(*map(self.number, parts))
            case "-":
                return _sum(self.number(parts[0]), negate(self.number(parts[1])))
            case "neg":
                return negate(self.number(parts[0]))
            case "*":
                return self._product(parts)
            case "/":
                by = constant(parts[1])
                if not by:
                    message = "numbers are divided by constants that are not zero"
                    raise Untranslatable(message)
                return multiply(_exact(1 / by), self.number(parts[0]))
            case "min" | "max":
                return self._extreme(op, parts)
            case "floor" | "ceil" | "round":
                return Rounded("half even" if op == "round" else op, self.number(parts[0]))
            case "abs":
                return Magnitude(self.number(parts[0]))
            case "mod":
                return self._modulo(self.number(parts[0]), constant(parts[1]))
            case "case":
                arms = tuple((self.condition(when), self.number(value)) for when, value in parts[:-1])
                return Case(arms, self.number(parts[-1]))
            case "table":
                return self._table(parts[0], parts[1])
            case "count":
                return Count(self._field(parts[0]))
            case "weekday":
                return self._modulo(_sum(self.number(parts[0]), Literal(5)), Fraction(7))
            case "month" | "dom":
                return self._of_month(op, parts[0])
        message = f"{op!r} is not a number"
        raise Untranslatable(message)

    def _product(self, parts: list[Any]) -> Node:
        factor, rest = Fraction(1), []
        for each in parts:
            known = constant(each)
            if known is None:
                rest.append(self.number(each))
            else:
                factor *= known
        if not factor or not rest:
            return _exact(factor)
        return multiply(*([] if factor == 1 else [_exact(factor)]), *rest)

    def _extreme(self, which: str, parts: list[Any]) -> Node:
        terms = tuple(map(self.number, parts))
        return terms[0] if len(terms) == 1 else Extreme(which, terms)

    @staticmethod
    def _modulo(term: Node, by: Fraction | None) -> Node:
        if not by or by.denominator != 1:
            message = "a remainder is taken by a whole constant"
            raise Untranslatable(message)
        return Modulo(term, Literal(int(by)))

    def _table(self, key: Any, rows: Mapping[str, Any]) -> Node:
        listed = tuple((code, self.number(value)) for code, value in rows.items())
        whole = set(self.fields[key[1:]]["values"]) <= set(rows)
        return Table(self._field(key), listed, None if whole else Literal(0))

    @staticmethod
    def _as_case(key: Any, rows: Mapping[str, Any]) -> list[Any]:
        *most, (_, last) = rows.items()
        return ["case", *([["=", key, code], value] for code, value in most), last]

    def _of_month(self, part: str, term: Any) -> Node:
        """The month, or its day, by cut points inside the declared bounds."""
        if self._type(term) != "date":
            message = f"{part} is told of a field only"
            raise Untranslatable(message)
        declared = self.fields[term[1:]]
        first, last = date.fromisoformat(declared["min"]).replace(day=1), date.fromisoformat(declared["max"])
        arms: list[tuple[Node, Node]] = []
        while first <= last:
            following = (first + timedelta(days=32)).replace(day=1)
            value: Node = Literal(first.month)
            if part == "dom":
                value = _sum(self.number(term), Literal(1 - (first - EPOCH).days))
            arms.append((Compare("<", self._field(term), self._date(following)), value))
            first = following
        return Case(tuple(arms[:-1]), arms[-1][1]) if len(arms) > 1 else arms[-1][1]

    # -- leaves

    def _type(self, expression: Any) -> str:
        """The type of a field, ``d`` of a day, else nothing."""
        if isinstance(expression, str) and expression.startswith("$"):
            return str(self.fields[expression[1:]]["type"])
        return "d" if isinstance(expression, list) and expression[0] == "d" else ""

    def _field(self, expression: Any) -> Field:
        return Field(self.paths[expression[1:]])

    def _day(self, expression: Any) -> Node:
        if self._type(expression) == "d":
            return self._date(date.fromisoformat(expression[1]))
        return self._field(expression)

    def _date(self, day: date) -> Literal:
        return Literal(day.toordinal() - EPOCH_DAY if self.core else day)

    def _is_condition(self, expression: Any) -> bool:
        if isinstance(expression, bool):
            return True
        if isinstance(expression, str):
            return self._type(expression) == "bool"
        if not isinstance(expression, list):
            return False
        op = expression[0]
        if op == "case":
            return self._is_condition(expression[-1])
        if op == "table":
            return self._is_condition(next(iter(expression[2].values())))
        return op in _HOLDS or op in ("and", "or", "not", "=>", "between", "in", "has")
