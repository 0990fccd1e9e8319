"""Steps of a query: which parts of core trees are worked out once, and in which order.

What occurs more than once becomes a column of a step before, so that the text of a query grows with the program and
not faster. Knows no SQL.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from fractions import Fraction

from fidelity.language.quantities import denominator
from fidelity.language.tree import (
    Case,
    Compare,
    Field,
    Has,
    IsIn,
    Literal,
    Modulo,
    Negate,
    Node,
    OverLines,
    Rounded,
    Table,
    add,
    children,
    multiply,
    rebuild,
)

__all__ = ["everything", "fields_read", "steps", "sums_over_lines", "told_apart", "without", "written_out"]

_SHORT = 4


def written_out(nodes: Sequence[Node]) -> list[Node]:
    """*nodes* with what no database has told in what all of them have: rounding half even."""
    made: dict[Node, Node] = {}

    def change(node: Node) -> Node:
        found = made.get(node)
        if found is None:
            found = made[node] = _rounded(rebuild(node, change))
        return found

    return [change(each) for each in nodes]


def _rounded(node: Node) -> Node:
    if not isinstance(node, Rounded) or node.how != "half even":
        return node
    if denominator(node.term) == 1:
        return node.term
    # floor(x + 1/2), less one where x + 1/2 is an odd whole number.
    half = add(node.term, Literal(Fraction(1, 2)))
    over = denominator(half)
    whole = multiply(Literal(over), half)
    odd = Compare("==", Modulo(whole, Literal(2 * over)), Literal(over))
    return add(Rounded("floor", half), Negate(Case(((odd, Literal(1)),), Literal(0))))


def without(nodes: Sequence[Node], paths: Collection[str]) -> list[Node]:
    """*nodes* with zero in the place of the fields at *paths*."""
    made: dict[Node, Node] = {}

    def change(node: Node) -> Node:
        found = made.get(node)
        if found is None:
            told = isinstance(node, Field) and node.path in paths
            found = made[node] = Literal(0) if told else rebuild(node, change)
        return found

    return [change(each) for each in nodes]


def fields_read(nodes: Sequence[Node]) -> list[str]:
    """The paths of all fields that *nodes* read, inside sums over lines too, each once."""
    return [each.path for each in everything(nodes) if isinstance(each, Field)]


def everything(nodes: Sequence[Node]) -> list[Node]:
    """*nodes* and all that stands below them, inside sums over lines too, each once."""
    found = dict.fromkeys(nodes)
    waiting = list(found)
    for each in waiting:
        for one in children(each):
            if one not in found:
                found[one] = None
                waiting.append(one)
    return waiting


def sums_over_lines(nodes: Sequence[Node]) -> list[OverLines]:
    """The sums over lines in *nodes*, each once."""
    return [each for each in _below(nodes) if isinstance(each, OverLines)]


def told_apart(nodes: Sequence[Node]) -> dict[str, list[tuple[str, ...]]]:
    """
    The codes that *nodes* ask for, by the path of their field, in groups.

    Two codes of one group are in every list or in none, so that it is enough to know the group; whatever is in no
    group is in no list.
    """
    asked: dict[str, list[frozenset[str]]] = {}
    for each in everything(nodes):
        match each:
            case IsIn(Field(path), choices):
                asked.setdefault(path, []).append(frozenset(str(one.value) for one in choices))
            case Table(Field(path), rows, _):
                asked.setdefault(path, []).extend(frozenset([code]) for code, _ in rows)
    found: dict[str, list[tuple[str, ...]]] = {}
    for path, lists in asked.items():
        groups: dict[tuple[bool, ...], list[str]] = {}
        for code in sorted(frozenset().union(*lists)):
            groups.setdefault(tuple(code in one for one in lists), []).append(code)
        found[path] = [tuple(each) for each in groups.values()]
    return found


def steps(
    nodes: Sequence[Node], counts: Callable[[Node], bool] = lambda _: True, short: int = _SHORT
) -> list[list[Node]]:
    """
    The parts of *nodes* that are worked out beforehand, step by step; each needs only what steps before it gave.

    Args:
        counts: Whether a part may be worked out by itself.
        short: What is no longer than this is written again each time: it reads better than a name.
    """
    times: Counter[Node] = Counter(nodes)
    for each in _below(nodes):
        if not isinstance(each, OverLines):
            times.update(children(each))
    apart: set[Node] = set()
    length: dict[Node, int] = {}
    level: dict[Node, int] = {}
    found: list[list[Node]] = []
    for each in reversed(_after(nodes)):
        below = () if isinstance(each, OverLines) else tuple(children(each))
        length[each] = 1 + sum(1 if one in apart else length[one] for one in below)
        level[each] = max((level[one] + (one in apart) for one in below), default=0)
        if times[each] > 1 and _is_long(each, length[each], short) and counts(each):
            apart.add(each)
            while len(found) <= level[each]:
                found.append([])
            found[level[each]].append(each)
    return found


def _is_long(node: Node, length: int, short: int) -> bool:
    return length > short and not isinstance(node, Literal | Field | Has | IsIn | OverLines)


def _below(nodes: Sequence[Node]) -> list[Node]:
    """*nodes* and what stands below them, each once, except inside sums over lines."""
    found = dict.fromkeys(nodes)
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        if isinstance(node, OverLines):
            continue
        for each in children(node):
            if each not in found:
                found[each] = None
                waiting.append(each)
    return list(found)


def _after(nodes: Sequence[Node]) -> list[Node]:
    """As `_below`, each before everything below it."""
    done: dict[Node, None] = {}
    waiting: list[tuple[Node, bool]] = [(each, False) for each in nodes]
    while waiting:
        node, ready = waiting.pop()
        if node in done:
            continue
        if ready:
            done[node] = None
            continue
        waiting.append((node, True))
        if not isinstance(node, OverLines):
            waiting.extend((each, False) for each in children(node) if each not in done)
    return list(reversed(done))
