"""The reading as SQL: conditions and numbers of a core tree as expressions of a warehouse.

The same numbers as the scalar reading: whole numerators over a denominator known beforehand. The bounds of every part
are known too, so that division rounds down where a database cuts off, and nothing outgrows its type.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import reduce
from math import lcm

from attrs import evolve, field, frozen
from sqlglot import exp

from fidelity.errors import LanguageError
from fidelity.language.columns import interval
from fidelity.language.kinds import Choice, Day, Flag, Instant, Kind
from fidelity.language.quantities import EPOCH_DAY, denominator
from fidelity.language.schema import WEEKDAYS
from fidelity.language.sql_numbers import Number, SqlArithmetic, chosen, multiplied
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
    OverLines,
    Product,
    Rounded,
    Sum,
    Table,
)
from fidelity.language.warehouses import cast, number, text, wrapped

__all__ = ["SqlWriter", "fresh", "sayable"]

_COMPARE: Mapping[str, type[exp.Binary]] = {
    "==": exp.EQ, "!=": exp.NEQ, "<": exp.LT, "<=": exp.LTE, ">": exp.GT, ">=": exp.GTE,
}  # fmt: skip


def fresh(name: str) -> exp.Expression:
    """The column *name* of the step before."""
    return exp.column(name, quoted=True)


def sayable(code: str) -> str:
    """
    *code*, if a text of SQL can hold it.

    Raises:
        LanguageError: If it cannot: half of a character, or the end of all texts.
    """
    if "\x00" in code or any("\ud800" <= each <= "\udfff" for each in code):
        message = f"the code {code!r} holds what no text of SQL can; decide events one by one"
        raise LanguageError(message, code=code)
    return code


@frozen
class SqlWriter(SqlArithmetic):
    """
    Writes core trees for one warehouse.

    Attributes:
        kinds: The kind of each field that may be read.
        columns: Where each field stands, by its path; of tags with a column each, by path and tag.
        tagged: The tags with a column each: the columns by tag, by path.
        weekdays: The fields that hold the day of the week, 0 for Monday.
        coded: Of fields that hold a number instead of a code, the number of each code that is asked for, by path.
        known: What steps before have worked out: conditions as truth, numbers over their own denominators.
    """

    kinds: Mapping[str, Kind]
    columns: Mapping[str, str]
    tagged: Mapping[str, Mapping[str, str]] = field(factory=dict)
    weekdays: frozenset[str] = frozenset()
    coded: Mapping[str, Mapping[str, int]] = field(factory=dict)
    known: Mapping[Node, Number] = field(factory=dict)

    def knowing(self, more: Mapping[Node, Number]) -> SqlWriter:
        """A writer that finds *more* worked out."""
        return evolve(self, known={**self.known, **more})

    def is_condition(self, node: Node) -> bool:
        """Whether *node* is true or false."""
        match node:
            case AllOf() | AnyOf() | Not() | Compare() | IsIn() | Has() | Literal(bool()):
                return True
            case Field(path):
                return isinstance(self.kinds.get(path), Flag)
            case Case(_, otherwise):
                return self.is_condition(otherwise)
        return False

    # -- truth

    def truth(self, node: Node) -> exp.Expression:  # noqa: C901, PLR0911 -- one line a form reads best together
        """Whether *node* holds. Never null in a row that is complete."""
        if node in self.known:
            return self.known[node].sql.copy()
        match node:
            case Literal(value):
                return exp.true() if value else exp.false()
            case Field(path):
                return fresh(self.columns[path])
            case AllOf(conditions):
                return _joined(exp.And, [self.truth(each) for each in conditions])
            case AnyOf(conditions):
                return _joined(exp.Or, self._alternatives(conditions))
            case Not(condition):
                return exp.Not(this=wrapped(self.truth(condition)))
            case Compare(op, left, right):
                return self._compared(op, left, right)
            case IsIn(Field(path), choices):
                # Codes that nothing tells apart have one number.
                words = dict.fromkeys(self._word(path, str(each.value)) for each in choices)
                return _among(fresh(self.columns[path]), [_said(each) for each in words])
            case Has(tags, tag):
                return self._has(tags.path, tag)
            case Case(arms, otherwise):
                listed = [(self.truth(when), self.truth(value)) for when, value in arms]
                return chosen(listed, self.truth(otherwise))
        message = f"{type(node).__name__} cannot be written as SQL; decide events one by one"
        raise LanguageError(message, node=node)

    def _alternatives(self, conditions: tuple[Node, ...]) -> list[exp.Expression]:
        """The parts of an "or"; one number compared with several constants becomes one list."""
        found: list[exp.Expression] = []
        numbers: dict[Node, list[int]] = {}
        for each in conditions:
            match each:
                case Compare("==", term, Literal(int() as value)) if denominator(term) == 1 and not self._is_day(term):
                    numbers.setdefault(term, []).append(value)
                case _:
                    found.append(self.truth(each))
        for term, values in numbers.items():
            found.append(_among(self.number(term, 1).sql, [self.warehouse.constant(each) for each in values]))
        return found

    def _is_day(self, node: Node) -> bool:
        return isinstance(node, Field) and isinstance(self.kinds.get(node.path), Day)

    def _compared(self, op: str, left: Node, right: Node) -> exp.Expression:
        if self._is_day(left) and isinstance(right, Literal) and isinstance(right.value, int):
            ordinal = right.value + EPOCH_DAY
            if date.min.toordinal() <= ordinal <= date.max.toordinal():
                assert isinstance(left, Field)  # noqa: S101 -- `_is_day` says so
                day = cast(text(date.fromordinal(ordinal).isoformat()), "DATE")
                return _COMPARE[op](this=fresh(self.columns[left.path]), expression=day)
        over = lcm(denominator(left), denominator(right))
        one, two = self.number(left, over), self.number(right, over)
        return _COMPARE[op](this=wrapped(one.sql), expression=wrapped(two.sql))

    def _word(self, path: str, code: str) -> int | str:
        if path in self.weekdays:
            return WEEKDAYS.index(code)
        return self.coded[path][code] if path in self.coded else sayable(code)

    def _has(self, path: str, tag: str) -> exp.Expression:
        if path in self.tagged:
            return fresh(self.tagged[path][tag])
        return self.warehouse.has(fresh(self.columns[path]), sayable(tag))

    # -- numbers: each is written as a numerator over *over*

    def number(self, node: Node, over: int) -> Number:  # noqa: C901, PLR0911, PLR0912 -- one line a form reads best together
        """*node* times *over*, which its denominator divides."""
        own = denominator(node)
        if over != own:
            return self.times(self.number(node, own), over // own)
        if node in self.known:
            found = self.known[node]
            return evolve(found, sql=found.sql.copy())
        match node:
            case Literal(value):
                return self.constant(int(value * over))  # type: ignore[operator,arg-type]  # a number
            case Field(path):
                return self._field(path)
            case Sum(terms):
                return self.added([self.number(each, over) for each in terms])
            case Product(factors):
                return self._product(factors, over)
            case Negate(term):
                return self.negative(self.number(term, over))
            case Modulo(term, by):
                return self.modulo(self.number(term, 1), int(by.value))  # type: ignore[arg-type]  # a whole number
            case Extreme(which, terms):
                return self.extreme(which, [self.number(each, over) for each in terms])
            case Rounded(how, term):
                return self._rounded(how, term)
            case Magnitude(term):
                of = self.number(term, over)
                low = 0 if of.low <= 0 <= of.high else min(abs(of.low), abs(of.high))
                return Number(exp.Abs(this=of.sql), low, max(abs(of.low), abs(of.high)), of.bits)
            case Count(tags):
                return Number(self.warehouse.count(fresh(self.columns[tags.path])), 0, 1_000_000)
            case Case(arms, otherwise):
                numbers = [(self.truth(when), self.number(value, over)) for when, value in arms]
                return self.chosen(numbers, self.number(otherwise, over))
            case Table(Field(path), rows, otherwise):
                rest = self.constant(0) if otherwise is None else self.number(otherwise, over)
                listed = [(_said(self._word(path, code)), self.number(value, over)) for code, value in rows]
                return self.chosen(listed, rest, fresh(self.columns[path]))
            case OverLines():
                message = "a sum over lines was not worked out before"
                raise LanguageError(message, node=node)
        message = f"{type(node).__name__} cannot be written as SQL; decide events one by one"
        raise LanguageError(message, node=node)

    def _field(self, path: str) -> Number:
        kind = self.kinds.get(path)
        if path in self.weekdays or isinstance(kind, Choice):
            message = f"{path} is a code, not a number"
            raise LanguageError(message, path=path)
        low, high = interval(kind)
        column = fresh(self.columns[path])
        if isinstance(kind, Day):
            column = self.warehouse.days(column)
        elif isinstance(kind, Instant):
            column = self.warehouse.micros(column)
        return Number(column, low, high)

    def _product(self, factors: tuple[Node, ...], over: int) -> Number:
        scale = Fraction(over)
        parts: list[Number] = []
        for each in factors:
            if isinstance(each, Literal):
                scale *= each.value  # type: ignore[operator]  # a number: resolving saw to it
                continue
            own = denominator(each)
            parts.append(self.number(each, own))
            scale /= own
        if not scale or not parts:
            return self.constant(int(scale))
        found = parts[0]
        for part in parts[1:]:
            corners = [one * two for one in (found.low, found.high) for two in (part.low, part.high)]
            found = self.made(multiplied, [found, part], min(corners), max(corners))
        return self.times(found, int(scale))

    def _rounded(self, how: str, term: Node) -> Number:
        over = denominator(term)
        of = self.number(term, over)
        if over == 1 or how == "floor":
            return self.floored(of, over)
        if how == "ceil":
            return self.floored(self.plus(of, self.constant(over - 1)), over)
        if how == "half up":
            return self.floored(self.plus(self.times(of, 2), self.constant(over)), 2 * over)
        message = "what is rounded half even is written out before"
        raise LanguageError(message, how=how)

    # -- choices


def _said(word: int | str) -> exp.Expression:
    return number(word) if isinstance(word, int) else text(word)


def _joined(kind: type[exp.Connector], parts: Sequence[exp.Expression]) -> exp.Expression:
    inside = [exp.Paren(this=each) if isinstance(each, exp.Connector) else each for each in parts]
    return reduce(lambda left, right: kind(this=left, expression=right), inside)


def _among(of: exp.Expression, values: Sequence[exp.Expression]) -> exp.Expression:
    if len(values) == 1:
        return exp.EQ(this=wrapped(of), expression=values[0])
    return exp.In(this=wrapped(of), expressions=list(values))
