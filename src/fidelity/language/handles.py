"""Handles: how a condition is written in Python. Only handles overload operators; nodes never do.

``purchase.amount >= 100`` gives a `Condition`; ``&``, ``|`` and ``~`` combine conditions.
A condition is not true or false before an event comes, so Python's ``and``, ``not`` and ``a < x < b`` raise at once.
Numbers and amounts live in `numbers`, codes, tags and days in `codes`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

from fidelity.errors import LanguageError, NoTruthValueError, OperandError
from fidelity.language.limits import bounded
from fidelity.language.printing import as_text
from fidelity.language.tree import Compare, Node, all_of, any_of, not_
from fidelity.values.spelling import shown

__all__ = ["Condition", "FlagHandle", "Handle", "Ordered", "condition_node", "some"]


def _unbracketed(op: str) -> Callable[[object, object], NoReturn]:
    """What ``&`` and ``|`` do beside anything but a condition: they bind tighter than ``>`` and ``==``."""

    def refuse(_self: object, _other: object) -> NoReturn:
        message = f"`{op}` stands between two conditions; put brackets around each: (a > 1) {op} (b == 2)"
        raise OperandError(message, op=op)

    return refuse


class Handle:
    """
    Something that a condition can be written about. `.node` is the tree behind it.

    Raises:
        TooLargeError: If the tree has more levels or parts than one expression may have.
    """

    __slots__ = ("node",)
    #: numpy's numbers leave the operators to us, who refuse them with a sentence.
    __array_ufunc__ = None

    def __init__(self, node: Node) -> None:
        self.node = bounded(node)

    def __repr__(self) -> str:
        return as_text(self.node)

    def __bool__(self) -> bool:
        message = (
            f"`{as_text(self.node)}` is neither true nor false before an event comes; "
            "combine conditions with & | ~ and brackets: (a > 1) & (a < 5), ~(a == b), x.is_in(…)"
        )
        raise NoTruthValueError(message, node=self.node)

    def __contains__(self, item: object) -> NoReturn:
        message = f"`{item!r} in …` cannot be asked before an event comes; write .has({item!r}) or .is_in(…)"
        raise NoTruthValueError(message, node=self.node)

    def __iter__(self) -> NoReturn:
        message = f"`{as_text(self.node)}` is one value, not a list; nothing can be looped over before an event comes"
        raise NoTruthValueError(message, node=self.node)

    def __hash__(self) -> int:
        return hash(self.node)

    if not TYPE_CHECKING:  # a type checker must keep calling these errors
        __and__ = __rand__ = _unbracketed("&")
        __or__ = __ror__ = _unbracketed("|")

        def __invert__(self) -> NoReturn:
            message = f"`~` stands before a condition, and `{as_text(self.node)}` is none; write ~(a == b)"
            raise OperandError(message, node=self.node)


class Condition(Handle):
    """A condition: true or false once an event comes. Combine with ``&``, ``|`` and ``~``."""

    __slots__ = ()

    def __and__(self, other: Condition) -> Condition:
        return Condition(all_of(self.node, condition_node(other, "&")))

    def __or__(self, other: Condition) -> Condition:
        return Condition(any_of(self.node, condition_node(other, "|")))

    def __invert__(self) -> Condition:
        return Condition(not_(self.node))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, bool):
            message = f"`{self!r}` is a condition already; write it alone, or ~({self!r}) for its opposite"
            raise OperandError(message, value=other)
        return isinstance(other, Condition) and self.node == other.node

    __hash__ = Handle.__hash__


def condition_node(value: object, op: str) -> Node:
    """The tree of the condition *value*, which stands beside *op*."""
    if not isinstance(value, Condition):
        message = (
            f"`{op}` stands between two conditions, and {shown(value)} is none; "
            f"put brackets around each comparison: (a > 1) {op} (b == 2)"
        )
        raise OperandError(message, value=value)
    return value.node


class Ordered(Handle):
    """Comparisons, shared by what has an order."""

    __slots__ = ()

    def operand(self, other: object) -> Node:
        """The tree of what may stand on the other side of a comparison."""
        message = f"`{self!r}` has no order; {other!r} cannot stand beside it"
        raise OperandError(message, value=other)

    def compare(self, op: str, other: object) -> Condition:
        """The condition that compares this with *other*."""
        return Condition(Compare(op, self.node, self.operand(other)))

    __hash__ = Handle.__hash__


class FlagHandle(Condition):
    """True or false; a condition by itself."""

    __slots__ = ()

    def __eq__(self, other: bool) -> Condition:  # type: ignore[override]
        return Condition(self.node if self._wanted(other) else not_(self.node))

    def __ne__(self, other: bool) -> Condition:  # type: ignore[override]
        return Condition(not_(self.node) if self._wanted(other) else self.node)

    def _wanted(self, other: object) -> bool:
        if isinstance(other, bool):
            return other
        message = f"`{self!r}` is true or false; it cannot equal {shown(other)}"
        raise OperandError(message, value=other)

    __hash__ = Handle.__hash__


def some(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """The values of `is_in`, given one by one or as one list."""
    if len(values) == 1 and isinstance(values[0], list | tuple | set | frozenset):
        given = values[0]
        # Sets come in any order; the tree must not.
        values = tuple(sorted(given, key=_order)) if isinstance(given, set | frozenset) else tuple(given)
    if not values:
        message = "is_in() needs at least one value; an empty list would never be true"
        raise LanguageError(message)
    return values


def _order(value: object) -> tuple[str, Any]:
    """Numbers in their order, texts in theirs, all else by what it looks like."""
    return (type(value).__name__, value if isinstance(value, int | str) else repr(value))
