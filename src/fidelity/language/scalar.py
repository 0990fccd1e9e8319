"""The scalar reading: core trees become one Python function that decides one event.

Fields become locals, shared parts are computed once, sums of guarded amounts become ``if`` statements.
Numbers are whole numerators over a denominator known beforehand, so nothing is ever rounded by accident.
The source is made of our own tokens only; texts of a program enter as constants, never as code.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Any

from fidelity.errors import TooLargeError
from fidelity.language.expressions import Expressions
from fidelity.language.index import Ladder, indexed
from fidelity.language.loading import Loader
from fidelity.language.quantities import denominator
from fidelity.language.source import SIMPLE, added, outside_lines
from fidelity.language.tree import (
    AllOf,
    Case,
    Extreme,
    IsIn,
    Literal,
    Negate,
    Node,
    Rounded,
    Sum,
)

__all__ = ["compile_number", "compile_outputs"]

#: From how many rules of one kind on a ladder is cheaper than asking each.
_RULES = 12


def compile_number(
    node: Node,
    loader: Loader,
    *,
    default: object = None,
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
    return _compiled(writer)


def compile_outputs(
    nodes: Sequence[tuple[Node, int]], loader: Loader, *, default: object = None
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
    writer.line(f"return ({', '.join(results)},)" if results else "return ()")
    return _compiled(writer)


def _compiled(writer: _Writer) -> Callable[..., Any]:
    """The function that *writer* wrote."""
    source = "def decide(e, f=NOTHING):\n" + "\n".join(writer.lines)
    space = {"__builtins__": {"max": max, "min": min, "abs": abs, "sum": sum, "len": len, "round": round, "zip": zip}}
    space.update(writer.constants)
    try:
        exec(compile(source, "<fidelity program>", "exec"), space)  # noqa: S102 -- our own tokens only; see the module
    except (SyntaxError, RecursionError, MemoryError) as error:
        if isinstance(error, SyntaxError) and "nested" not in str(error):
            raise
        # Trees that are allowed compile; what a rulebook makes of very many of them might not.
        message = f"conditions stand too deep inside each other for one function ({error.args[0]}); split the program"
        raise TooLargeError(message) from None
    decide: Callable[..., Any] = space["decide"]  # type: ignore[assignment]
    decide.__doc__ = source
    return decide


class _Writer(Expressions):
    """Writes the statements of one function: the same numbers, where a guarded sum may take several lines."""

    def statement(self, node: Node, over: int) -> str:
        """The name or expression of *node*, after writing what it needs before."""
        self.load(node)
        if self.shared[node] > 1 and not isinstance(node, SIMPLE):
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
        for each in outside_lines(node):
            if self.shared[each] > 1 and not isinstance(each, SIMPLE) and not self.is_condition(each):
                over = denominator(each)
                if (each, over) not in self.numerals:
                    self.numerals[(each, over)] = self.named(self.number(each, over))

    def _sum_statement(self, terms: tuple[Node, ...], over: int) -> str:
        ladders, rest = indexed(terms, _RULES)
        plain = [each for each in rest if not _guarded(each)]
        total = self.name()
        for each in rest:
            self._hoist_shared(each)
        self.line(f"{total} = {added([self.number(each, over) for each in plain]) if plain else '0'}")
        for ladder in ladders:
            self._ladder(ladder, total, over)
        self._chains([each for each in rest if _guarded(each)], total, over)
        return total

    def _ladder(self, ladder: Ladder, total: str, over: int) -> None:
        """What many rules on one field give: a look into a dict, then a search among thresholds."""
        steps, key = ladder.steps(over), self.value(ladder.key)
        if ladder.number is None:
            plain = {value: given[0] for value, (_, given) in steps.items()}
            self.line(f"{total} += {self.constant(plain.get)}({key}, 0)")
            return
        rungs = {value: _top_first(thresholds, given) for value, (thresholds, given) in steps.items()}
        number = self.value(ladder.number)
        top, most, less, rest = (self.name() for _ in range(4))
        # Whoever finds nothing finds a rung that gives nothing: a question less for those who do.
        self.line(
            f"{top}, {most}, {less}, {rest} = {self.constant(rungs.get)}({key}, {self.constant((0, 0, 0, None))})"
        )
        self.line(f"if {number} >= {top}: {total} += {most}")
        self.line(f"elif {rest} is None: {total} += {less}")
        self.line(f"else: {total} += {less}[{self.constant(bisect_right)}({rest}, {number})]")

    def _hoist_shared(self, node: Node) -> None:
        for each in _bottom_up(node):
            if self.shared[each] > 1 and not isinstance(each, SIMPLE) and not self.is_condition(each):
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
        step = f"-= {self.number(value.term, over)}" if isinstance(value, Negate) else f"+= {self.number(value, over)}"
        if nested and isinstance(when, AllOf):
            first, *rest = when.conditions
            self.line(f"{word} {self.condition(first)}:")
            self.line(f"    if {' and '.join(self.condition(each) for each in rest)}: {total} {step}")
        else:
            self.line(f"{word} {self.condition(when)}: {total} {step}")


def _guarded(node: Node) -> bool:
    return isinstance(node, Case) and isinstance(node.otherwise, Literal) and node.otherwise.value == 0


def _top_first(thresholds: tuple[int, ...], given: tuple[int, ...]) -> tuple[int, int, Any, tuple[int, ...] | None]:
    """
    A rung so that whoever reaches its highest threshold, or meets no other one, need not search.

    Returns:
        The highest threshold, what is given from there on, and below it: a number, and None; or what is given between
        the other thresholds, and these.
    """
    if not thresholds:
        return 0, given[0], given[0], None
    *rest, top = thresholds
    return (top, given[-1], given[:-1], tuple(rest)) if rest else (top, given[1], given[0], None)


def _first_code(node: Node) -> tuple[Node | None, frozenset[Any]]:
    """The code that a guarded amount looks at first, and the values it wants."""
    if not isinstance(node, Case) or len(node.arms) != 1:
        return None, frozenset()
    when = node.arms[0][0]
    first = when.conditions[0] if isinstance(when, AllOf) else when
    if isinstance(first, IsIn):
        return first.term, frozenset(each.value for each in first.choices)
    return None, frozenset()


def _bottom_up(node: Node) -> list[Node]:
    return list(reversed(outside_lines(node)))
