"""Measures: declared quantities over a member's history, kept by the books.

A measure excludes the present event, and a return reduces it when it happens (SEMANTICS D27).
In a condition a measure is a handle: ``dining < 1500``.
"""

from __future__ import annotations

from typing import Any

from attrs import frozen

from fidelity.errors import LanguageError, OperandError
from fidelity.events import Event
from fidelity.language.handles import Condition, Handle
from fidelity.language.numbers import AmountHandle, NumberHandle
from fidelity.language.tree import Field, Literal, Node, fields_of
from fidelity.values.periods import Window, window

__all__ = ["Aggregate", "Measure", "MeasureTerms", "count", "event_kind", "total"]


@frozen
class Aggregate:
    """
    What one event adds to a measure.

    Attributes:
        on: The kind of event.
        value: What it adds, as a tree.
        when: Only when this holds.
        money: Whether it is money.
    """

    on: str
    value: Node
    when: Node | None
    money: bool


@frozen
class MeasureTerms:
    """A measure as a value: its name, what each event adds, and the window that counts."""

    name: str
    aggregate: Aggregate
    over: Window

    @property
    def path(self) -> str:
        """The field by which conditions read it."""
        return f"measure.{self.name}"


def event_kind(event: Any) -> str:
    """The kind that *event* names: a text, an `Event` class, or a namespace such as `purchase`."""
    if isinstance(event, str):
        return event
    if isinstance(event, type) and issubclass(event, Event):
        return event.kind
    name = getattr(event, "_name", None)
    if isinstance(name, str):
        return name
    message = f'{event!r} is no kind of event; write on="purchase" or on=Flight'
    raise OperandError(message, value=event)


def _when(when: Condition | None) -> Node | None:
    if when is None or isinstance(when, Condition):
        return None if when is None else when.node
    message = f'when= takes a condition, such as purchase.channel == "app", not {when!r}'
    raise OperandError(message, value=when)


def total(value: AmountHandle | NumberHandle, *, when: Condition | None = None) -> Aggregate:
    """The sum of *value* over the events for which *when* holds."""
    if not isinstance(value, AmountHandle | NumberHandle):
        message = f"total() takes an amount or a number of an event, such as purchase.amount, not {value!r}"
        raise OperandError(message, value=value)
    owners = {path.partition(".")[0] for path in fields_of(value.node)} - {"line"} or {"purchase"}
    if len(owners) != 1 or owners & {"member", "measure"}:
        message = f"total({value!r}) must read one kind of event, not {', '.join(sorted(owners))}"
        raise OperandError(message, value=value)
    return Aggregate(owners.pop(), value.node, _when(when), isinstance(value, AmountHandle))


def count(event: Any, *, when: Condition | None = None) -> Aggregate:
    """How many events of a kind there were: ``count(purchase)``, ``count(Flight, when=Flight.miles > 500)``."""
    return Aggregate(event_kind(event), Literal(1), _when(when), money=False)


class Measure(Handle):
    """
    A declared quantity over a member's history.

    Args:
        name: How conditions and reports call it.
        aggregate: ``total(purchase.amount, when=…)`` or ``count(purchase)``.
        over: ``"calendar quarter"``, ``"in any 30 days"``, ``"membership year"``, ``"ever"``.

    >>> from fidelity.language.fields import purchase
    >>> dining = Measure(
    ...     "dining", total(purchase.amount, when=purchase.category == "dining"), over="calendar quarter"
    ... )
    >>> dining < 1500
    measure.dining < 1500
    """

    __slots__ = ("terms",)
    terms: MeasureTerms

    def __new__(cls, name: str, aggregate: Aggregate, *, over: str | Window) -> Measure:
        if not isinstance(aggregate, Aggregate):
            message = f"measure {name!r} takes total(…) or count(…), not {aggregate!r}"
            raise OperandError(message, value=aggregate)
        if not isinstance(name, str) or not name.strip():
            message = "a measure needs a name"
            raise LanguageError(message, name=name)
        made = object.__new__(AmountMeasure if aggregate.money else NumberMeasure)
        made.terms = MeasureTerms(name, aggregate, window(over))
        return made

    def __init__(self, name: str, aggregate: Aggregate, *, over: str | Window) -> None:
        Handle.__init__(self, Field(f"measure.{name}"))

    __hash__ = Handle.__hash__


class AmountMeasure(Measure, AmountHandle):
    """A measure in money."""

    __slots__ = ()

    __hash__ = Handle.__hash__


class NumberMeasure(Measure, NumberHandle):
    """A measure that counts."""

    __slots__ = ()

    __hash__ = Handle.__hash__
