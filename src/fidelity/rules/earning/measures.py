"""Measures: declared quantities over a member's history, kept by the books.

A measure excludes the present event, and a return reduces it when it happens (SEMANTICS D27).
In a condition a measure is a handle: ``dining < 1500``.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar, overload

from attrs import frozen

from fidelity.errors import LanguageError, OperandError
from fidelity.events import Event
from fidelity.language.handles import Condition, Handle
from fidelity.language.numbers import AmountHandle, NumberHandle, amount_literal, number_literal
from fidelity.language.tree import Case, Field, Literal, Node, Reaches, fields_of
from fidelity.rules.earning.amounts import Points, points
from fidelity.values.money import Money
from fidelity.values.periods import Window, window

__all__ = [
    "GIVEN",
    "Aggregate",
    "AmountAggregate",
    "Measure",
    "MeasureTerms",
    "NumberAggregate",
    "StreakAggregate",
    "count",
    "event_kind",
    "streak",
    "total",
]


@frozen
class Aggregate:
    """
    What one event adds to a measure.

    Attributes:
        on: The kind of event.
        value: What it adds, as a tree.
        when: Only when this holds.
    """

    money: ClassVar[bool] = False

    on: str
    value: Node
    when: Node | None


@frozen
class AmountAggregate(Aggregate):
    """What one event adds to a measure in money."""

    money: ClassVar[bool] = True


@frozen
class NumberAggregate(Aggregate):
    """What one event adds to a measure that counts."""


@frozen
class StreakAggregate(NumberAggregate):
    """What makes a period count in a row, and which periods: `each`."""

    each: Window


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

    @property
    def streak(self) -> bool:
        """Whether it is how many periods in a row something happened."""
        return self.over.kind == "streak"

    @property
    def given(self) -> bool:
        """Whether it adds up what the program itself gave."""
        return any(path.startswith(f"{GIVEN}.") for path in fields_of(self.aggregate.value))

    @property
    def adds(self) -> Node:
        """What one event of its kind adds, as a tree."""
        when, value = self.aggregate.when, self.aggregate.value
        return value if when is None else Case(((when, value),), Literal(0))


def event_kind(event: object) -> str:
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


#: Whose fields are what the groups of a program give.
GIVEN = "group"


@overload
def total(
    value: Callable[..., Points], *, group: str, on: object = "purchase", when: Condition | None = None
) -> NumberAggregate: ...
@overload
def total(value: AmountHandle, *, when: Condition | None = None) -> AmountAggregate: ...
@overload
def total(value: NumberHandle, *, when: Condition | None = None) -> NumberAggregate: ...
def total(
    value: AmountHandle | NumberHandle | Callable[..., Points],
    *,
    group: str = "",
    on: object = "purchase",
    when: Condition | None = None,
) -> AmountAggregate | NumberAggregate:
    """
    The sum of *value* over the events for which *when* holds.

    Args:
        value: An amount or a number of the event; or `points`, with *group*.
        group: The whole points of which group, before anything multiplies them: ``total(points, group="base")``.
        on: The kind of event that the group is about.
        when: Only when this holds.
    """
    if value is points:
        if not isinstance(group, str) or not group.strip():
            message = f'total(points) adds up what a group gives; write group="base", not {group!r}'
            raise OperandError(message, value=group)
        return NumberAggregate(event_kind(on), Field(f"{GIVEN}.{group}"), _when(when))
    if group:
        message = f'group= says whose points are added up: total(points, group="{group}"), not {value!r}'
        raise OperandError(message, value=value)
    if not isinstance(value, AmountHandle | NumberHandle):
        message = f"total() takes an amount or a number of an event, such as purchase.amount, not {value!r}"
        raise OperandError(message, value=value)
    owners = {path.partition(".")[0] for path in fields_of(value.node)} - {"line"} or {"purchase"}
    if len(owners) != 1 or owners & {"member", "measure"}:
        message = f"total({value!r}) must read one kind of event, not {', '.join(sorted(owners))}"
        raise OperandError(message, value=value)
    kind = AmountAggregate if isinstance(value, AmountHandle) else NumberAggregate
    return kind(owners.pop(), value.node, _when(when))


def count(event: object, *, when: Condition | None = None) -> NumberAggregate:
    """How many events of a kind there were: ``count(purchase)``, ``count(Flight, when=Flight.miles > 500)``."""
    return NumberAggregate(event_kind(event), Literal(1), _when(when))


def streak(event: object, *, each: str | Window, when: Condition | None = None) -> StreakAggregate:
    """
    How many whole periods in a row, up to the one before the present one, had at least one event of a kind.

    Args:
        event: The kind: ``visit``, ``purchase``, ``"flight"``.
        each: The periods: ``"calendar week"``, ``"calendar month"``, …
        when: Only when this holds.
    """
    periods = window(each)
    if periods.kind != "calendar":
        message = f'a row is of calendar periods: each="calendar week", not {str(periods)!r}'
        raise OperandError(message, value=each)
    return StreakAggregate(event_kind(event), Literal(1), _when(when), periods)


class Measure(Handle):
    """
    A declared quantity over a member's history.

    Args:
        name: How conditions and reports call it.
        aggregate: ``total(purchase.amount, when=…)``, ``count(purchase)`` or ``streak(visit, each="calendar week")``.
        over: The time that counts: ``"calendar quarter"``, ``"in any 30 days"``, ``"membership year"``, ``"ever"``; a
            streak has none.

    >>> from fidelity.language.fields import purchase
    >>> dining = Measure(
    ...     "dining", total(purchase.amount, when=purchase.category == "dining"), over="calendar quarter"
    ... )
    >>> dining < 1500
    measure.dining < 1500
    """

    __slots__ = ("terms",)
    terms: MeasureTerms

    if TYPE_CHECKING:

        @overload
        def __new__(cls, name: str, aggregate: AmountAggregate, *, over: str | Window) -> AmountMeasure: ...
        @overload
        def __new__(
            cls, name: str, aggregate: NumberAggregate, *, over: str | Window | None = None
        ) -> NumberMeasure: ...

    def __new__(cls, name: str, aggregate: Aggregate, *, over: str | Window | None = None) -> Any:
        """The measure; one in money is an amount in conditions, any other a number."""
        if not isinstance(aggregate, Aggregate):
            message = f"measure {name!r} takes total(…), count(…) or streak(…), not {aggregate!r}"
            raise OperandError(message, value=aggregate)
        if not isinstance(name, str) or not name.strip():
            message = "a measure needs a name"
            raise LanguageError(message, name=name)
        if isinstance(aggregate, StreakAggregate):
            if over is not None:
                message = f"measure {name!r} is a streak: its periods stand in each=; leave over= out"
                raise LanguageError(message, name=name)
            over = Window("streak", unit=aggregate.each.unit)
        elif over is None:
            message = f'measure {name!r} needs the time that counts: over="calendar year", over="ever"'
            raise LanguageError(message, name=name)
        made: Measure = object.__new__(AmountMeasure if aggregate.money else NumberMeasure)
        made.node = Field(f"measure.{name}")
        made.terms = MeasureTerms(name, aggregate, window(over))
        return made

    if not TYPE_CHECKING:  # a type checker takes the kind of measure from __new__

        def __init__(self, *_terms: object, **_more: object) -> None:
            """All is made in __new__, which knows the kind."""

    @property
    def _field(self) -> Field:
        return Field(self.terms.path)

    __hash__ = Handle.__hash__


def _constant(measure: Measure, value: object) -> object:
    if isinstance(value, Handle):
        message = f"`{measure!r}` reaches a number, not `{value!r}`; write the number"
        raise OperandError(message, value=value)
    return value


class AmountMeasure(Measure, AmountHandle):
    """A measure in money."""

    __slots__ = ()

    def reaches(self, value: int | str | Fraction | Decimal | Money) -> Condition:
        """That this event brings it to *value*, or beyond: it was below before."""
        return Condition(Reaches(self._field, amount_literal(_constant(self, value))))

    __hash__ = Handle.__hash__


class NumberMeasure(Measure, NumberHandle):
    """A measure that counts."""

    __slots__ = ()

    def reaches(self, value: int | str | Fraction | Decimal) -> Condition:
        """That this event brings it to *value*, or beyond: it was below before."""
        return Condition(Reaches(self._field, number_literal(_constant(self, value))))

    __hash__ = Handle.__hash__
