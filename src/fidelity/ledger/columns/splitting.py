"""Splitting: what events say by themselves is worked out once for a whole table, so that rounds do only the rest.

A part of a tree that reads nothing of the books becomes a field, and its tree the making of that field.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from fidelity.language.bounds import bounds
from fidelity.language.kinds import Flag, Kind, Whole
from fidelity.language.quantities import denominator
from fidelity.language.tree import (
    AllOf,
    AnyOf,
    Case,
    Compare,
    Extreme,
    Field,
    Has,
    IsIn,
    Literal,
    Node,
    Not,
    Product,
    Sum,
    add,
    all_of,
    any_of,
    extreme,
    fields_of,
    multiply,
    rebuild,
)

__all__ = ["MADE", "Split"]

#: How the paths of new fields begin.
MADE = "made."


class Split:
    """
    Trees in two parts.

    Args:
        nodes: The trees, each with its denominator; 0 for a condition.
        kinds: The kind of each field.
        owned: Whether the field at a path is one of the event itself.

    Attributes:
        nodes: The trees that are left, with their denominators.
        kinds: The kinds of their fields.
        made: By the path of each new field its tree and denominator.
    """

    def __init__(
        self, nodes: Sequence[tuple[Node, int]], kinds: Mapping[str, Kind], owned: Callable[[str], bool]
    ) -> None:
        self.kinds = dict(kinds)
        self.made: dict[str, tuple[Node, int]] = {}
        self._given, self._owned = kinds, owned
        self._fields: dict[Node, Node] = {}
        self._own: dict[Node, bool] = {}
        self.nodes = [(self._left(node), over) for node, over in nodes]

    def _alone(self, node: Node) -> bool:
        """Whether *node* reads nothing of the books."""
        found = self._own.get(node)
        if found is None:
            found = self._own[node] = all(map(self._owned, fields_of(node)))
        return found

    def _left(self, node: Node) -> Node:
        """*node* with new fields for what reads nothing of the books."""
        if self._alone(node):
            return self._field(node)
        match node:
            case Sum(terms):
                return add(*self._grouped(terms, add))
            case Product(factors):
                # Numbers stay with what is left: one that cancels the denominator of a factor must stand beside it.
                numbers = [each for each in factors if isinstance(each, Literal)]
                return multiply(*numbers, *self._grouped([each for each in factors if each not in numbers], multiply))
            case AllOf(conditions):
                return all_of(*self._grouped(conditions, all_of))
            case AnyOf(conditions):
                return any_of(*self._grouped(conditions, any_of))
            case Extreme(which, terms):
                return extreme(which, *self._grouped(terms, lambda *each: extreme(which, *each)))
        return rebuild(node, self._left)

    def _grouped(self, nodes: Sequence[Node], join: Callable[..., Node]) -> list[Node]:
        """*nodes*, those that read nothing of the books as one."""
        own = [each for each in nodes if self._alone(each)]
        rest = [self._left(each) for each in nodes if not self._alone(each)]
        return [self._field(join(*own)), *rest] if own else rest

    def _field(self, node: Node) -> Node:
        """The field that stands for *node*; itself, if it is one already or needs none."""
        if isinstance(node, Literal | Field) or not fields_of(node):
            return node
        found = self._fields.get(node)
        if found is None:
            found = self._fields[node] = self._new(node)
        return found

    def _new(self, node: Node) -> Node:
        path = f"{MADE}{len(self.made)}"
        if _is_condition(node):
            self.kinds[path] = Flag()
            self.made[path] = node, 0
            return Field(path)
        over, known = denominator(node), bounds(node, self._given)
        self.kinds[path] = Whole(int(known.low * over), int(known.high * over))
        self.made[path] = node, over
        return Field(path) if over == 1 else Product((Literal(Fraction(1, over)), Field(path)))


def _is_condition(node: Node) -> bool:
    if isinstance(node, Case):
        return _is_condition(node.otherwise)
    if isinstance(node, Literal):
        return isinstance(node.value, bool)
    return isinstance(node, Compare | IsIn | Has | AllOf | AnyOf | Not)
