"""The text spelling: one line that reads like the condition it is.

``purchase.amount >= 99.90 and purchase.weekday in ("saturday", "sunday")``

A small recursive-descent parser: no `eval`, positions in every error, limits before work.
Printing lives in `printing`; reading what was printed gives the same tree.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from fractions import Fraction

from fidelity.errors import LanguageError, OperandError
from fidelity.language.limits import MAX_DEPTH, MAX_DIGITS, MAX_NODES, MAX_TEXT, bounded, bounded_number, too_large
from fidelity.language.names import WORDS
from fidelity.language.printing import literal_text
from fidelity.language.tokens import Token, misread, tokens
from fidelity.language.tree import (
    Case,
    Compare,
    Count,
    Divide,
    Field,
    FloorDivide,
    Has,
    IsIn,
    Literal,
    LiteralValue,
    Magnitude,
    Modulo,
    Node,
    OverLines,
    Reaches,
    Rounded,
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
from fidelity.values.spelling import shown, suggest

__all__ = ["parse"]

_COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")
_DIVISIONS: dict[str, Callable[[Node, Literal], Node]] = {"/": Divide, "//": FloorDivide, "%": Modulo}
_ROUNDINGS = {"floor": "floor", "ceil": "ceil", "round": "half even", "round_half_up": "half up"}
_FUNCTIONS = ("min", "max", *_ROUNDINGS, "abs", "count", "case", "table", "lines")
_LINE_SUMS: dict[str, Node] = {"quantity": Field("line.quantity"), "amount": Field("line.amount"), "count": Literal(1)}
_UNESCAPE = re.compile(r"\\(.)", re.DOTALL)


def parse(text: str) -> Node:
    """
    The tree that *text* spells.

    Raises:
        LanguageError: If it cannot be read; the message shows the place.
        TooLargeError: If it is too long, too deep, has too many nodes or digits.
    """
    if not isinstance(text, str):
        message = f"an expression is one line of text, not {shown(text)}"
        raise OperandError(message, value=text)
    if len(text) > MAX_TEXT:
        raise too_large("characters of one expression", len(text), MAX_TEXT)
    return bounded(_Parser(text).whole())


class _Parser:
    """Reads one expression. One instance, one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokens(text)
        self.here = 0
        self.depth = 0
        self.leaves = 0

    # -- tokens

    def _error(self, message: str, position: int | None = None) -> LanguageError:
        return misread(self.text, message, self.tokens[self.here].start if position is None else position)

    def _next(self) -> Token:
        token = self.tokens[self.here]
        self.here += 1
        return token

    def _at(self, *texts: str) -> bool:
        token = self.tokens[self.here]
        return token.text in texts and token.kind in ("op", "name")

    def _take(self, *texts: str) -> str:
        """The operator or word at this place if it is one of *texts*, else an empty string."""
        return self._next().text if self._at(*texts) else ""

    def _need(self, text: str) -> None:
        if not self._take(text):
            found = self.tokens[self.here].text or "the end"
            raise self._error(f"expected {text!r}, found {found!r}")

    def _enter(self) -> None:
        # Brackets cost no node, so this only keeps the reader from going deeper than any tree that is allowed.
        self.depth += 1
        if self.depth > MAX_DEPTH + 2:
            raise too_large("levels of one expression", self.depth, MAX_DEPTH)

    # -- grammar, loosest first

    def whole(self) -> Node:
        node = self._or()
        if self.tokens[self.here].kind != "end":
            found = self.tokens[self.here].text
            remedy = "; write == to compare" if found == "=" else ""
            raise self._error(f"{found!r} was not expected here{remedy}")
        return node

    def _or(self) -> Node:
        self._enter()
        parts = [self._and()]
        while self._take("or"):
            parts.append(self._and())
        self.depth -= 1
        return any_of(*parts)

    def _and(self) -> Node:
        parts = [self._not()]
        while self._take("and"):
            parts.append(self._not())
        return all_of(*parts)

    def _not(self) -> Node:
        if self._take("not"):
            self._enter()
            node = not_(self._not())
            self.depth -= 1
            return node
        return self._comparison()

    def _comparison(self) -> Node:
        left = self._sum()
        if op := self._take(*_COMPARISONS):
            node: Node = Compare(op, left, self._sum())
            if self._at(*_COMPARISONS):
                raise self._error("comparisons do not chain; write `low <= x and x < high`")
            return node
        if self._take("in"):
            return IsIn(left, self._choices())
        if self._at("not"):
            self._next()
            self._need("in")
            return not_(IsIn(left, self._choices()))
        if self._take("has"):
            tag = self._literal()
            if not isinstance(left, Field) or not isinstance(tag.value, str):
                raise self._error('`has` stands between a set of tags and a text: purchase.tags has "own cup"')
            return Has(left, tag.value)
        if self._take("reaches"):
            value = self._literal()
            if not isinstance(left, Field) or not left.path.startswith("measure."):
                raise self._error("`reaches` stands between a measure and a number: measure.nights reaches 10")
            return Reaches(left, value)
        if self._take("between"):
            low = self._sum()
            self._need("and")
            high = self._sum()
            return all_of(Compare(">=", left, low), Compare("<=", left, high))
        return left

    def _choices(self) -> tuple[Literal, ...]:
        self._need("(")
        choices = [self._literal()]
        while self._take(","):
            if self._at(")"):
                break
            self._leaf()
            choices.append(self._literal())
        self._need(")")
        return tuple(choices)

    def _sum(self) -> Node:
        terms = [self._product()]
        while op := self._take("+", "-"):
            term = self._product()
            terms.append(term if op == "+" else negate(term))
        return add(*terms)

    def _product(self) -> Node:
        node = self._signed()
        while op := self._take("*", "//", "/", "%"):
            right = self._signed()
            if op == "*":
                node = multiply(node, right)
                continue
            if self.tokens[self.here - 1].kind == "ratio":
                # `x % 10/3` could mean two things; `10/3` without spaces is one number.
                raise self._error(f"write brackets: x {op} (10/3), or (x {op} 10) / 3")
            if not isinstance(right, Literal):
                raise self._error(f"the right side of {op} must be a number, not a field or a formula")
            node = _DIVISIONS[op](node, right)
        return node

    def _signed(self) -> Node:
        if self._take("-"):
            self._enter()
            node = negate(self._signed())
            self.depth -= 1
            return node
        return self._atom()

    def _atom(self) -> Node:
        token = self.tokens[self.here]
        if token.text == "(" and token.kind == "op":
            self._next()
            node = self._or()
            self._need(")")
            return node
        self._leaf()
        if token.kind == "name" and token.text not in WORDS:
            return self._named()
        return self._literal()

    def _leaf(self) -> None:
        # `bounded` counts the whole tree; this only stops before very many leaves are gathered.
        self.leaves += 1
        if self.leaves > MAX_NODES:
            raise too_large("parts of one expression", self.leaves, MAX_NODES)

    def _literal(self) -> Literal:
        negative = bool(self._take("-"))
        token = self._next()
        value = self._value(token)
        if negative:
            if isinstance(value, bool) or not isinstance(value, int | Fraction | Money):
                raise self._error("a minus stands before a number", token.start)
            value = -value
        return Literal(value)

    def _value(self, token: Token) -> LiteralValue:
        if token.kind in ("number", "ratio"):
            return self._number(token)
        if token.kind == "money":
            self._number(token)
            return money(token.text)
        if token.kind == "string":
            return _UNESCAPE.sub(r"\1", token.text[1:-1])
        if token.kind == "name" and token.text in ("true", "false"):
            return token.text == "true"
        try:
            if token.kind == "date":
                return date.fromisoformat(token.text)
            if token.kind == "instant":
                return datetime.fromisoformat(token.text).astimezone(UTC)
        except (ValueError, OverflowError):
            raise self._error(f"{token.text} is not a day of the calendar", token.start) from None
        self.here -= 1
        found = token.text or "the end"
        raise self._error(f"expected a field, a number or a text, found {found!r}", token.start)

    def _number(self, token: Token) -> int | Fraction:
        digits = token.text.partition(" ")[0]
        longest = max(len(part.replace(".", "")) for part in digits.split("/"))
        if longest > MAX_DIGITS:
            raise too_large("digits of one number", longest, MAX_DIGITS)
        if token.kind == "ratio" and int(digits.partition("/")[2]) == 0:
            raise self._error("nothing can be divided by zero", token.start)
        return bounded_number(Fraction(digits))

    # -- names: functions, lines, fields

    def _named(self) -> Node:
        name = self._next().text
        if self._at("("):
            return self._call(name)
        if name == "lines":
            return self._over_lines(None)
        path = [name]
        while self._take("."):
            token = self._next()
            if token.kind == "name":
                path.append(token.text)
            elif token.kind == "string":
                path.append(_UNESCAPE.sub(r"\1", token.text[1:-1]))
            else:
                self.here -= 1
                raise self._error("a field name was expected after the dot")
        if len(path) == 1:
            raise self._error(
                f"{name!r} alone is not a field; write event.field, such as purchase.amount, or a text as {name!r}",
                self.tokens[self.here - 1].start,
            )
        return Field(".".join(path))

    def _call(self, name: str) -> Node:
        self._next()
        if name in ("min", "max"):
            return extreme(name, *self._arguments())
        if name in _ROUNDINGS:
            return Rounded(_ROUNDINGS[name], self._only(name))
        if name == "abs":
            return Magnitude(self._only(name))
        if name == "count":
            tags = self._only(name)
            if not isinstance(tags, Field):
                raise self._error("count takes a set of tags: count(purchase.tags)")
            return Count(tags)
        if name == "case":
            return self._case()
        if name == "table":
            return self._table()
        if name == "lines":
            when = self._or()
            self._need(")")
            return self._over_lines(when)
        if name == "opaque":
            raise self._error("an opaque function exists in Python only; write the condition out in the rule language")
        hint = suggest(name, _FUNCTIONS) or f"there are {', '.join(_FUNCTIONS)}"
        raise self._error(f"there is no function {shown(name)}; {hint}")

    def _arguments(self) -> list[Node]:
        found = [self._or()]
        while self._take(","):
            found.append(self._or())
        self._need(")")
        return found

    def _only(self, name: str) -> Node:
        found = self._arguments()
        if len(found) != 1:
            raise self._error(f"{name} takes one value")
        return found[0]

    def _case(self) -> Node:
        arms: list[tuple[Node, Node]] = []
        while not self._take("else"):
            condition = self._or()
            self._need(":")
            arms.append((condition, self._or()))
            self._need(",")
        self._need(":")
        otherwise = self._or()
        self._need(")")
        if not arms:
            raise self._error("a case needs at least one condition before its else")
        return Case(tuple(arms), otherwise)

    def _table(self) -> Node:
        key = self._or()
        rows: list[tuple[str, Node]] = []
        otherwise: Node | None = None
        while self._take(","):
            if self._take("else"):
                self._need(":")
                otherwise = self._or()
                break
            code = self._literal()
            if not isinstance(code.value, str):
                raise self._error('a table lists codes: table(member.tier, "Gold": 2, else: 1)')
            if any(code.value == listed for listed, _ in rows):
                raise self._error(f"a table lists each code once, and {literal_text(code.value)} stands here twice")
            self._need(":")
            rows.append((code.value, self._or()))
        self._need(")")
        if not rows:
            raise self._error("a table needs at least one row")
        return Table(key, tuple(rows), otherwise)

    def _over_lines(self, when: Node | None) -> Node:
        self._need(".")
        name = self._next().text
        if name in _LINE_SUMS:
            return OverLines(_LINE_SUMS[name], when)
        if name == "sum" and self._take("("):
            return OverLines(self._only("sum"), when)
        self.here -= 1
        raise self._error("after lines(…) comes .quantity, .amount, .count or .sum(…)")
