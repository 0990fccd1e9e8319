"""The scalar reading: core trees become one Python function that decides one event.

Fields become locals, shared parts are computed once, sums of guarded amounts become ``if`` statements.
Numbers are whole numerators over a denominator known beforehand, so nothing is ever rounded by accident.
The source is made of our own tokens only; texts of a program enter as constants, never as code.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction
from math import lcm
from typing import Any

from fidelity.errors import LanguageError
from fidelity.language.loading import Loader
from fidelity.language.quantities import denominator
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
    children,
)

__all__ = ["compile_number", "compile_outputs"]

_OPS = {"==": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_SIMPLE = (Literal, Field, Has)


def compile_number(
    node: Node,
    loader: Loader,
    *,
    default: Any = None,
    currency: str = "",
    mixed: Callable[[Any, str], Exception] | None = None,
) -> Callable[[Any, Any], int]:
    """
    A function ``(event, facts) -> whole number`` for one core tree.

    It takes what it needs from the event without checking it: what comes through the doors is checked there.

    Args:
        default: The facts when none are given.
        currency: What the amount of the event must be in; *mixed* makes the error when it is not.
    """
    writer = _Writer(loader, default)
    writer.count([node])
    if currency:
        writer.constants |= {"CURRENCY": currency, "mixed": mixed}
        writer.line("if e.amount.currency != CURRENCY: raise mixed(e, CURRENCY)")
    if isinstance(node, Case) and len(node.arms) == 1:
        # `case(excluded: 0, else: …)` leaves at once.
        ((when, value),) = node.arms
        writer.load(when)
        writer.line(f"if {writer.condition(when)}: return {writer.number(value, 1)}")
        node = node.otherwise
    writer.line(f"return {writer.statement(node, 1)}")
    return writer.function()


def compile_outputs(
    nodes: Sequence[tuple[Node, int]], loader: Loader, *, default: Any = None
) -> Callable[[Any, Any], tuple[Any, ...]]:
    """
    A function ``(event, facts) -> tuple`` for many core trees that share parts.

    Args:
        nodes: Each tree and the denominator to give its number over; 0 for a condition.
        default: The facts when none are given.
    """
    writer = _Writer(loader, default)
    writer.count([node for node, _ in nodes])
    results = []
    for node, over in nodes:
        writer.load(node)
        results.append(writer.named(writer.condition(node) if over == 0 else writer.statement(node, over)))
    writer.line(f"return ({', '.join(results)},)")
    return writer.function()


class _Writer:
    """Writes the source of one function."""

    def __init__(self, loader: Loader, default: Any) -> None:
        self.loader = loader
        self.lines: list[str] = []
        self.constants: dict[str, Any] = {**loader.constants(), "NOTHING": default}
        self.shared: Counter[Node] = Counter()
        self.locals: dict[Node | str, str] = {}
        self.numerals: dict[tuple[Node, int], str] = {}
        self.indent = 1
        self.names = 0

    # -- the function

    def function(self) -> Callable[..., Any]:
        source = "def decide(e, f=NOTHING):\n" + "\n".join(self.lines)
        space = {"__builtins__": {"max": max, "min": min, "abs": abs, "sum": sum, "len": len, "round": round}}
        space.update(self.constants)
        exec(compile(source, "<fidelity program>", "exec"), space)  # noqa: S102 -- our own tokens only; see the module
        decide: Callable[..., Any] = space["decide"]  # type: ignore[assignment]
        decide.__doc__ = source
        return decide

    def line(self, text: str) -> None:
        self.lines.append("    " * self.indent + text)

    def name(self) -> str:
        self.names += 1
        return f"v{self.names}"

    def constant(self, value: object) -> str:
        """A name for a constant that is no simple literal."""
        name = f"K{len(self.constants)}"
        self.constants[name] = value
        return name

    def named(self, text: str) -> str:
        """*text* as a local, unless it is one already."""
        if text.isidentifier() or text.lstrip("-").isdigit():
            return text
        name = self.name()
        self.line(f"{name} = {text}")
        return name

    def count(self, nodes: Sequence[Node]) -> None:
        """How often each part occurs; what occurs twice becomes a local."""
        waiting = list(nodes)
        while waiting:
            node = waiting.pop()
            self.shared[node] += 1
            if self.shared[node] > 1 and not isinstance(node, _SIMPLE):
                continue
            waiting.extend(children(node))

    # -- fields

    def load(self, node: Node) -> None:
        """Locals for the fields that occur more than once below *node*."""
        for path in dict.fromkeys(each.path for each in _outside_lines(node) if isinstance(each, Field)):
            if Field(path) not in self.locals and self.shared[Field(path)] > 1:
                name = self.name()
                self.line(f"{name} = {self.field(path)}")
                self.locals[Field(path)] = name

    def field(self, path: str) -> str:
        """The expression of a field, with what it stands on made before."""
        for shared in self.loader.needs(path):
            if shared not in self.locals:
                self.locals[shared] = shared
                # First of all, so that no branch misses it.
                self.lines.insert(0, f"    {shared} = {Loader.SHARED[shared]}")
        return self.loader.source(path)

    # -- conditions

    def condition(self, node: Node) -> str:  # noqa: C901, PLR0911 -- one line a form reads best together
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
                return f"({self.number(left, over)} {_OPS[op]} {self.number(right, over)})"
            case IsIn(term, choices):
                return self._is_in(term, choices)
            case Has(tags, tag):
                return f"({_text(tag)} in {self.value(tags)})"
            case Opaque(_, function):
                return f"{self.constant(function)}(e)"
            case Case(arms, otherwise):
                text = self.condition(otherwise)
                for when, value in reversed(arms):
                    text = f"({self.condition(value)} if {self.condition(when)} else {text})"
                return text
        message = f"{type(node).__name__} is not a condition of a core tree"
        raise LanguageError(message, node=node)

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
            return f"({loaded} == {_text(codes[0])})"
        # A set of constants in the source is folded into a frozenset once.
        return f"({loaded} in {{{', '.join(_text(each) for each in codes)}}})"

    def value(self, node: Node) -> str:
        """A code or a set of tags."""
        if node in self.locals:
            return self.locals[node]
        if isinstance(node, Field):
            return f"({self.field(node.path)})" if " or " in self.field(node.path) else self.field(node.path)
        message = f"{type(node).__name__} is not a code"
        raise LanguageError(message, node=node)

    # -- numbers: each is written as a numerator over *over*

    def number(self, node: Node, over: int) -> str:
        """The expression of a number times *over*, which its denominator divides."""
        known = self.numerals.get((node, over))
        if known is not None:
            return known
        own = denominator(node)
        if over != own:
            inner = self.number(node, own)
            return str(int(inner) * (over // own)) if _is_numeral(inner) else f"({inner} * {over // own})"
        match node:
            case Literal(value):
                return str(int(value * over))  # type: ignore[operator]  # a number: resolving saw to it
            case Field():
                return self.locals.get(node) or f"({self.field(node.path)})"
            case Sum(terms):
                return f"({' + '.join(self.number(each, over) for each in terms)})".replace("+ -", "- ")
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
                text = self.number(otherwise, over)
                for when, value in reversed(arms):
                    text = f"({self.number(value, over)} if {self.condition(when)} else {text})"
                return text
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
        sign = "<" if which == "min" else ">"
        # Comparing costs a quarter of a call; constants come last, where they need no name.
        text, *rest = sorted(terms, key=_is_numeral)
        for each in rest:
            left, first = self._once(text)
            right, second = self._once(each)
            text = f"({left} if {first} {sign} {second} else {right})"
        return text

    def _once(self, text: str) -> tuple[str, str]:
        """A name for *text* and the expression that gives it; *text* itself if it costs nothing."""
        if text.isidentifier() or _is_numeral(text):
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
        if all(_is_numeral(each) for each in (*values, rest)):
            table = self.constant({code: int(each) for (code, _), each in zip(rows, values, strict=True)}.get)
            return f"{table}({self.value(key)}, {rest})"
        text = rest
        for (code, _), each in zip(reversed(rows), reversed(values), strict=True):
            text = f"({each} if {self.value(key)} == {_text(code)} else {text})"
        return text

    def _over_lines(self, value: Node, when: Node | None, over: int) -> str:
        for path in {
            each.path for part in (value, when) if part is not None for each in _every(part) if isinstance(each, Field)
        }:
            if not path.startswith("line."):
                self.field(path)
        guard = "" if when is None else f" if {self.condition(when)}"
        return f"sum([{self.number(value, over)} for line in e.lines{guard}])"

    # -- statements: the same numbers, where a guarded sum may take several lines

    def statement(self, node: Node, over: int) -> str:
        """The name or expression of *node*, after writing what it needs before."""
        self.load(node)
        if self.shared[node] > 1 and not isinstance(node, _SIMPLE):
            known = self.numerals.get((node, over))
            if known is None:
                known = self.named(self._statement(node, over))
                self.numerals[(node, over)] = known
            return known
        return self._statement(node, over)

    def _statement(self, node: Node, over: int) -> str:
        match node:
            case Sum(terms) if denominator(node) == over:
                return self._sum_statement(terms, over)
            case Extreme(which, terms):
                return self._extreme(which, [self.named(self.statement(each, over)) for each in terms])
            case Rounded("floor", term):
                inner = denominator(term)
                text = self.statement(term, inner)
                return text if inner == 1 else f"({text} // {inner})" if over == 1 else f"({text} // {inner} * {over})"
        self._hoist(node)
        return self.number(node, over)

    def _hoist(self, node: Node) -> None:
        """Locals for the numbers below *node* that occur more than once."""
        for each in _outside_lines(node):
            if self.shared[each] > 1 and not isinstance(each, (*_SIMPLE, AllOf, AnyOf, Not, IsIn, Compare, Opaque)):
                over = denominator(each)
                if (each, over) not in self.numerals:
                    self.numerals[(each, over)] = self.named(self.number(each, over))

    def _sum_statement(self, terms: tuple[Node, ...], over: int) -> str:
        plain = [each for each in terms if not _guarded(each)]
        total = self.name()
        for each in terms:
            self._hoist_shared(each)
        start = " + ".join(self.number(each, over) for each in plain) if plain else "0"
        self.line(f"{total} = {start}".replace("+ -", "- "))
        self._chains([each for each in terms if _guarded(each)], total, over)
        return total

    def _hoist_shared(self, node: Node) -> None:
        for each in _bottom_up(node):
            if self.shared[each] > 1 and not isinstance(each, (*_SIMPLE, AllOf, AnyOf, Not, IsIn, Compare, Opaque)):
                over = denominator(each)
                if (each, over) not in self.numerals:
                    self.load(each)
                    self.numerals[(each, over)] = self.named(self.number(each, over))

    def _chains(self, guarded: list[Node], total: str, over: int) -> None:
        """``if`` statements; guards on one code that exclude each other become one ``elif`` chain."""
        chains: dict[Node | int, list[tuple[frozenset[Any], Node]]] = {}
        for place, each in enumerate(guarded):
            key, codes = _first_code(each)
            chain = chains.get(key) if key is not None else None
            if chain is not None and all(codes.isdisjoint(seen) for seen, _ in chain):
                chain.append((codes, each))
            elif key is not None and chain is None:
                chains[key] = [(codes, each)]
            else:
                chains[place] = [(codes, each)]
        for chain in chains.values():
            word = "if"
            for _, each in chain:
                assert isinstance(each, Case)  # noqa: S101 -- `_guarded` says so
                for when, value in each.arms:
                    self._step(word, when, value, total, over, nested=len(chain) > 1)
                    word = "elif"

    def _step(self, word: str, when: Node, value: Node, total: str, over: int, *, nested: bool) -> None:
        """One guarded amount; in a chain the code is asked first and the rest below it."""
        number = self.number(value, over)
        step = f"-= {number[2:-1]}" if _is_negation(number) else f"+= {number}"
        if nested and isinstance(when, AllOf):
            first, *rest = when.conditions
            self.line(f"{word} {self.condition(first)}:")
            self.line(f"    if {' and '.join(self.condition(each) for each in rest)}: {total} {step}")
        else:
            self.line(f"{word} {self.condition(when)}: {total} {step}")


def _guarded(node: Node) -> bool:
    return isinstance(node, Case) and isinstance(node.otherwise, Literal) and node.otherwise.value == 0


def _first_code(node: Node) -> tuple[Node | None, frozenset[Any]]:
    """The code that a guarded amount looks at first, and the values it wants."""
    if not isinstance(node, Case) or len(node.arms) != 1:
        return None, frozenset()
    when = node.arms[0][0]
    first = when.conditions[0] if isinstance(when, AllOf) else when
    if isinstance(first, IsIn):
        return first.term, frozenset(each.value for each in first.choices)
    return None, frozenset()


def _is_negation(text: str) -> bool:
    """Whether *text* is ``(-x)`` with nothing after it."""
    return text.startswith("(-") and text.endswith(")") and _closes_at_end(text)


def _closes_at_end(text: str) -> bool:
    depth = 0
    for place, each in enumerate(text):
        depth += (each == "(") - (each == ")")
        if depth == 0:
            return place == len(text) - 1
    return False


def _every(node: Node) -> list[Node]:
    found = [node]
    for each in found:
        found.extend(children(each))
    return found


def _outside_lines(node: Node) -> list[Node]:
    """*node* and what stands below it, except inside sums over lines."""
    found = [node]
    for each in found:
        if not isinstance(each, OverLines):
            found.extend(children(each))
    return found


def _bottom_up(node: Node) -> list[Node]:
    return list(reversed(_outside_lines(node)))


def _is_numeral(text: str) -> bool:
    return text.lstrip("-").isdigit()


def _text(value: object) -> str:
    """A constant as Python source."""
    return repr(value)
