"""Expressions: conditions and numbers of a core tree as Python expressions.

Numbers are whole numerators over a denominator known beforehand, so nothing is ever rounded by accident.
"""

from __future__ import annotations

from fractions import Fraction
from math import lcm

from fidelity.errors import LanguageError
from fidelity.language.kinds import Flag
from fidelity.language.quantities import denominator
from fidelity.language.source import Source, added, every, is_numeral, quoted
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

__all__ = ["Expressions"]

#: More terms than this are left to `min` and `max`.
_MANY = 3


class Expressions(Source):
    """Writes expressions; `scalar` adds the statements around them."""

    # -- conditions

    def condition(self, node: Node) -> str:  # noqa: C901, PLR0911 -- one line a form reads best together
        """A condition."""
        if node in self.locals:
            return self.locals[node]
        match node:
            case Literal(value):
                return "True" if value else "False"
            case Field(path):
                return self.field(path)
            case AllOf(conditions):
                return f"({' and '.join(self.condition(each) for each in conditions)})"
            case AnyOf(conditions):
                return f"({' or '.join(self._alternatives(conditions))})"
            case Not(condition):
                return f"(not {self.condition(condition)})"
            case Compare(op, left, right):
                over = lcm(denominator(left), denominator(right))
                return f"({self.number(left, over)} {op} {self.number(right, over)})"
            case IsIn(term, choices):
                return self._is_in(term, choices)
            case Has(tags, tag):
                return f"({quoted(tag)} in {self.value(tags)})"
            case Opaque(_, function):
                return f"{self.constant(function)}(e)"
            case Case(arms, otherwise):
                chain = [f"{self.condition(value)} if {self.condition(when)} else " for when, value in arms]
                return f"({''.join(chain)}{self.condition(otherwise)})"
        message = f"{type(node).__name__} is not a condition of a core tree"
        raise LanguageError(message, node=node)

    def is_condition(self, node: Node) -> bool:
        """Whether *node* is true or false; a case is what it chooses among."""
        match node:
            case AllOf() | AnyOf() | Not() | Compare() | IsIn() | Has() | Opaque() | Literal(bool()):
                return True
            case Field(path):
                return isinstance(self.loader.kinds.get(path), Flag)
            case Case(_, otherwise):
                return self.is_condition(otherwise)
        return False

    def _alternatives(self, conditions: tuple[Node, ...]) -> list[str]:
        """The parts of an `or`; one number compared with several constants becomes one look into a set."""
        found: list[str] = []
        numbers: dict[Node, list[int]] = {}
        for each in conditions:
            match each:
                case Compare("==", left, Literal(int() as value)) if denominator(left) == 1:
                    numbers.setdefault(left, []).append(value)
                case _:
                    found.append(self.condition(each))
        for term, values in numbers.items():
            inside = f"== {values[0]}" if len(values) == 1 else f"in {{{', '.join(map(str, values))}}}"
            found.append(f"({self.number(term, 1)} {inside})")
        return found

    def _is_in(self, term: Node, choices: tuple[Literal, ...]) -> str:
        codes = [each.value for each in choices]
        loaded = self.value(term)
        if len(codes) == 1:
            return f"({loaded} == {quoted(codes[0])})"
        # A set of constants in the source is folded into a frozenset once.
        return f"({loaded} in {{{', '.join(quoted(each) for each in codes)}}})"

    def value(self, node: Node) -> str:
        """A code or a set of tags."""
        if node in self.locals:
            return self.locals[node]
        if isinstance(node, Field):
            return f"({self.field(node.path)})" if " or " in self.field(node.path) else self.field(node.path)
        message = f"{type(node).__name__} is not a code"
        raise LanguageError(message, node=node)

    # -- numbers: each is written as a numerator over *over*

    def number(self, node: Node, over: int) -> str:  # noqa: C901, PLR0911, PLR0912 -- one line a form reads best together
        """The expression of a number times *over*, which its denominator divides."""
        known = self.numerals.get((node, over))
        if known is not None:
            return known
        own = denominator(node)
        if over != own:
            inner = self.number(node, own)
            return str(int(inner) * (over // own)) if is_numeral(inner) else f"({inner} * {over // own})"
        match node:
            case Literal(value):
                return str(int(value * over))  # type: ignore[operator,arg-type]  # a number: resolving saw to it
            case Field():
                return self.locals.get(node) or f"({self.field(node.path)})"
            case Sum(terms):
                return f"({added([self.number(each, over) for each in terms])})"
            case Product(factors):
                return self._product(factors, over)
            case Negate(term):
                return f"(-{self.number(term, over)})"
            case Modulo(term, by):
                return f"({self.number(term, 1)} % {self.number(by, 1)})"
            case Extreme(which, terms):
                return self._extreme(which, [self.number(each, over) for each in terms])
            case Rounded(how, term):
                return self._rounded(how, term)
            case Magnitude(term):
                return f"abs({self.number(term, over)})"
            case Count(tags):
                return f"len({self.value(tags)})"
            case Case(arms, otherwise):
                # One bracket around all arms: Python reads at most 200 inside each other.
                chain = [f"{self.number(value, over)} if {self.condition(when)} else " for when, value in arms]
                return f"({''.join(chain)}{self.number(otherwise, over)})"
            case Table(key, rows, otherwise):
                return self._table(key, rows, otherwise, over)
            case OverLines(value, when):
                return self._over_lines(value, when, over)
        message = f"{type(node).__name__} is not a number of a core tree"
        raise LanguageError(message, node=node)

    def _product(self, factors: tuple[Node, ...], over: int) -> str:
        scale = Fraction(over)
        parts: list[str] = []
        for each in factors:
            if isinstance(each, Literal):
                scale *= each.value  # type: ignore[operator]  # a number: resolving saw to it
                continue
            own = denominator(each)
            parts.append(self.number(each, own))
            scale /= own
        if scale == 0:
            return "0"
        if scale.denominator != 1:
            # The denominator of the whole is that of its parts: this cannot happen.
            message = "a product lost its denominator"
            raise LanguageError(message, factors=factors)
        if scale != 1 or not parts:
            parts.append(str(scale.numerator))
        return f"({' * '.join(parts)})" if len(parts) > 1 else parts[0]

    def _extreme(self, which: str, terms: list[str]) -> str:
        if len(terms) > _MANY:
            # Each comparison stands inside the next one, and Python reads at most 200 brackets inside each other.
            return f"{which}({', '.join(terms)})"
        sign = "<" if which == "min" else ">"
        # Comparing costs a quarter of a call; constants come last, where they need no name.
        text, *rest = sorted(terms, key=is_numeral)
        for each in rest:
            left, first = self._once(text)
            right, second = self._once(each)
            text = f"({left} if {first} {sign} {second} else {right})"
        return text

    def _once(self, text: str) -> tuple[str, str]:
        """A name for *text* and the expression that gives it; *text* itself if it costs nothing."""
        if text.isidentifier() or is_numeral(text):
            return text, text
        name = self.name()
        return name, f"({name} := {text})"

    def _rounded(self, how: str, term: Node) -> str:
        over = denominator(term)
        text = self.number(term, over)
        if over == 1:
            return text
        if how == "floor":
            return f"({text} // {over})"
        if how == "ceil":
            return f"-(-{text} // {over})"
        if how == "half up":
            return f"(({text} * 2 + {over}) // {2 * over})"
        # Half even: floor(x + 1/2), less one where x + 1/2 is an odd whole number.
        name = self.name()
        half = f"({name} := {text} * 2 + {over})"
        return f"({half} // {2 * over} - ({name} % {4 * over} == {2 * over}))"

    def _table(self, key: Node, rows: tuple[tuple[str, Node], ...], otherwise: Node | None, over: int) -> str:
        values = [self.number(value, over) for _, value in rows]
        rest = self.number(otherwise, over) if otherwise is not None else "0"
        if all(is_numeral(each) for each in (*values, rest)):
            table = self.constant({code: int(each) for (code, _), each in zip(rows, values, strict=True)}.get)
            return f"{table}({self.value(key)}, {rest})"
        chosen = [
            f"{each} if {self.value(key)} == {quoted(code)} else " for (code, _), each in zip(rows, values, strict=True)
        ]
        return f"({''.join(chosen)}{rest})"

    def _over_lines(self, value: Node, when: Node | None, over: int) -> str:
        paths = {
            each.path for part in (value, when) if part is not None for each in every(part) if isinstance(each, Field)
        }
        for path in paths:
            if not path.startswith("line.") or path == "line.basis":
                self.field(path)
        listed, plain = self.loader.lines(), self._of_lines(value, when, over)
        if "line.basis" not in paths or "b" not in self.locals:
            return f"sum([{plain[0]} for line in {listed}{plain[1]}])"
        # What a line counts for is its amount, unless something comes off it.
        self.locals[Field("line.basis")] = "basis"
        inside = self._of_lines(value, when, over)
        del self.locals[Field("line.basis")]
        shared = f"sum([{inside[0]} for line, basis in zip({listed}, b){inside[1]}])"
        return f"(sum([{plain[0]} for line in {listed}{plain[1]}]) if b is None else {shared})"

    def _of_lines(self, value: Node, when: Node | None, over: int) -> tuple[str, str]:
        """What one line adds, and the guard before it."""
        return self.number(value, over), "" if when is None else f" if {self.condition(when)}"
