"""The tree of the rule language: what a condition or an amount *is*, however it was spelled.

Frozen nodes with ordinary equality. The makers below (`add`, `both`, …) keep one canonical form, so that
the three spellings of one condition are one value. A node knows nothing of fields, types or programs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from fractions import Fraction
from typing import Any, TypeAlias

import attrs
from attrs import field, frozen

from fidelity.values.money import Money

__all__ = [
    "AllOf",
    "AnyOf",
    "Case",
    "Compare",
    "Count",
    "Divide",
    "Extreme",
    "Field",
    "FloorDivide",
    "Has",
    "IsIn",
    "Literal",
    "LiteralValue",
    "Magnitude",
    "Modulo",
    "Negate",
    "Node",
    "Not",
    "Opaque",
    "OverLines",
    "Product",
    "Reaches",
    "Rounded",
    "Sum",
    "Table",
    "add",
    "all_of",
    "any_of",
    "children",
    "extreme",
    "fields_of",
    "multiply",
    "negate",
    "not_",
    "rebuild",
    "walk",
]

#: What a literal holds: whole numbers, exact fractions, codes, flags, days, instants, money.
LiteralValue: TypeAlias = int | Fraction | str | bool | date | datetime | Money


@frozen
class Literal:
    """
    A constant.

    A number beside a money field is in major units until the tree is resolved against a program.
    """

    # Equality by type too: True is not 1.
    value: LiteralValue = field(eq=lambda value: (type(value), value))


@frozen
class Field:
    """A value of the event, the line, the member or the books: ``purchase.amount``, ``measure.dining``."""

    path: str


@frozen(cache_hash=True)
class Sum:
    """The sum of two or more terms; a difference is a sum with a `Negate`."""

    terms: tuple[Node, ...]


@frozen(cache_hash=True)
class Product:
    """The product of two or more factors, of which at most one has more than finitely many values."""

    factors: tuple[Node, ...]


@frozen(cache_hash=True)
class Negate:
    """Minus the term."""

    term: Node


@frozen(cache_hash=True)
class Divide:
    """The exact quotient by a number that is not zero."""

    term: Node
    by: Literal


@frozen(cache_hash=True)
class FloorDivide:
    """How many whole times *by* goes into the term; rounds towards minus infinity."""

    term: Node
    by: Literal


@frozen(cache_hash=True)
class Modulo:
    """What is left of the term after taking out whole *by*; has the sign of *by*."""

    term: Node
    by: Literal


@frozen(cache_hash=True)
class Extreme:
    """The least (``min``) or the greatest (``max``) of the terms."""

    which: str
    terms: tuple[Node, ...]


@frozen(cache_hash=True)
class Rounded:
    """The term as a whole number: ``floor``, ``ceil``, ``half even`` or ``half up``."""

    how: str
    term: Node


@frozen(cache_hash=True)
class Magnitude:
    """The term without its sign."""

    term: Node


@frozen(cache_hash=True)
class Compare:
    """``==``, ``!=``, ``<``, ``<=``, ``>`` or ``>=``."""

    op: str
    left: Node
    right: Node


@frozen(cache_hash=True)
class IsIn:
    """The term is one of these."""

    term: Node
    choices: tuple[Literal, ...]


@frozen(cache_hash=True)
class Has:
    """The set of tags contains this one."""

    tags: Field
    tag: str


@frozen(cache_hash=True)
class Reaches:
    """With this event the measure comes to the value, or beyond it, and was below before. Never in a core tree."""

    measure: Field
    value: Literal


@frozen(cache_hash=True)
class Count:
    """How many tags the set contains."""

    tags: Field


@frozen(cache_hash=True)
class AllOf:
    """Every condition holds."""

    conditions: tuple[Node, ...]


@frozen(cache_hash=True)
class AnyOf:
    """At least one condition holds."""

    conditions: tuple[Node, ...]


@frozen(cache_hash=True)
class Not:
    """The condition does not hold."""

    condition: Node


@frozen(cache_hash=True)
class Case:
    """The value beside the first condition that holds, otherwise the last one."""

    arms: tuple[tuple[Node, Node], ...]
    otherwise: Node


@frozen(cache_hash=True)
class Table:
    """The value that stands beside a code; *otherwise* for codes not listed (None: every code is listed)."""

    key: Node
    rows: tuple[tuple[str, Node], ...]
    otherwise: Node | None = None


@frozen(cache_hash=True)
class OverLines:
    """The sum of *value* over the lines for which *when* holds (None: over all lines)."""

    value: Node
    when: Node | None = None


@frozen
class Opaque:
    """A Python function of the event, for the odd case; nothing but the scalar reading knows what it does."""

    name: str
    function: Callable[[Any], bool] = field(eq=False, hash=False, repr=False)


Node: TypeAlias = (
    Literal | Field | Sum | Product | Negate | Divide | FloorDivide | Modulo | Extreme | Rounded | Magnitude
    | Compare | IsIn | Has | Reaches | Count | AllOf | AnyOf | Not | Case | Table | OverLines | Opaque
)  # fmt: skip


def add(*terms: Node) -> Node:
    """The sum of *terms*, flat."""
    flat: list[Node] = []
    for term in terms:
        flat.extend(term.terms if isinstance(term, Sum) else (term,))
    return flat[0] if len(flat) == 1 else Sum(tuple(flat))


def multiply(*factors: Node) -> Node:
    """The product of *factors*, flat."""
    flat: list[Node] = []
    for factor in factors:
        flat.extend(factor.factors if isinstance(factor, Product) else (factor,))
    return flat[0] if len(flat) == 1 else Product(tuple(flat))


def negate(term: Node) -> Node:
    """Minus *term*; a negative number is a literal, and minus minus is nothing."""
    if isinstance(term, Literal) and isinstance(term.value, int | Fraction) and not isinstance(term.value, bool):
        return Literal(-term.value)
    if isinstance(term, Literal) and isinstance(term.value, Money):
        return Literal(-term.value)
    return term.term if isinstance(term, Negate) else Negate(term)


def extreme(which: str, *terms: Node) -> Node:
    """The least or the greatest of *terms*, flat."""
    flat: list[Node] = []
    for term in terms:
        flat.extend(term.terms if isinstance(term, Extreme) and term.which == which else (term,))
    return flat[0] if len(flat) == 1 else Extreme(which, tuple(flat))


def all_of(*conditions: Node) -> Node:
    """Every one of *conditions*, flat."""
    flat: list[Node] = []
    for each in conditions:
        flat.extend(each.conditions if isinstance(each, AllOf) else (each,))
    return flat[0] if len(flat) == 1 else AllOf(tuple(flat))


def any_of(*conditions: Node) -> Node:
    """At least one of *conditions*, flat."""
    flat: list[Node] = []
    for each in conditions:
        flat.extend(each.conditions if isinstance(each, AnyOf) else (each,))
    return flat[0] if len(flat) == 1 else AnyOf(tuple(flat))


def not_(condition: Node) -> Node:
    """The opposite of *condition*; twice is nothing."""
    return condition.condition if isinstance(condition, Not) else Not(condition)


_SHAPES: dict[type, tuple[str, ...]] = {
    kind: tuple(each.name for each in attrs.fields(kind))
    for kind in (
        Literal, Field, Sum, Product, Negate, Divide, FloorDivide, Modulo, Extreme, Rounded, Magnitude,
        Compare, IsIn, Has, Reaches, Count, AllOf, AnyOf, Not, Case, Table, OverLines, Opaque,
    )
}  # fmt: skip


def _parts(value: Any) -> Iterator[Node]:  # noqa: ANN401 -- whatever a node holds
    if type(value) in _SHAPES:
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _parts(each)


def children(node: Node) -> Iterable[Node]:
    """The nodes directly below *node*, from left to right."""
    for name in _SHAPES[type(node)]:
        yield from _parts(getattr(node, name))


def walk(node: Node) -> Iterator[Node]:
    """*node* and every node below it, parents first. Does not recurse, so depth does not matter."""
    waiting = [node]
    while waiting:
        here = waiting.pop()
        yield here
        waiting.extend(reversed(list(children(here))))


def _changed(value: Any, change: Callable[[Node], Node]) -> object:  # noqa: ANN401 -- whatever a node holds
    if type(value) in _SHAPES:
        return change(value)
    if isinstance(value, tuple):
        return tuple(_changed(each, change) for each in value)
    return value


def rebuild(node: Node, change: Callable[[Node], Node]) -> Node:
    """*node* with *change* applied to each node directly below it."""
    kind = type(node)
    if kind in (Literal, Field, Opaque):
        return node
    return kind(*(_changed(getattr(node, name), change) for name in _SHAPES[kind]))  # type: ignore[arg-type]


def fields_of(node: Node) -> tuple[str, ...]:
    """The paths of the fields that *node* reads, each once, in reading order."""
    return tuple(dict.fromkeys(each.path for each in walk(node) if isinstance(each, Field)))
