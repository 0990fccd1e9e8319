"""Declaring fields: a host's own events and its own fields of purchases, lines and members.

Every field has a type and bounds; that is what lets a program be proved, printed as SQL and run on columns.
A declaration read on the class is a handle for conditions, on an event it is the value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, ClassVar, Generic, Literal, TypeAlias, TypeVar, overload

from attrs import frozen

from fidelity.errors import EventError, LanguageError
from fidelity.events import Event, FieldValue
from fidelity.language.codes import ChoiceHandle, DayHandle, InstantHandle, TagsHandle
from fidelity.language.handles import FlagHandle, Handle
from fidelity.language.kinds import LARGEST, Amount, Choice, Day, Flag, Instant, Kind, Tags, Whole
from fidelity.language.numbers import AmountHandle, NumberHandle
from fidelity.language.tree import Field
from fidelity.values.money import Money, money
from fidelity.values.spelling import suggest
from fidelity.values.whole import whole_number
from fidelity.values.zones import utc

__all__ = [
    "CustomEvent",
    "Fields",
    "Obtained",
    "accept",
    "amount",
    "choice",
    "code",
    "day",
    "declared_kinds",
    "flag",
    "instant",
    "tags",
    "whole",
]

#: How the member comes by what a field says. What is bought opens no door (principle R1).
Obtained: TypeAlias = Literal["", "earned", "declared", "bought", "given"]
OBTAINED = ("", "earned", "declared", "bought", "given")
H = TypeVar("H", bound=Handle)
V = TypeVar("V")


class Declared(Generic[H, V]):
    """One declared field. On the class: a handle. On an instance: the value."""

    def __init__(self, kind: Kind, handle: type[H]) -> None:
        if kind.obtained not in OBTAINED:
            hint = suggest(kind.obtained, OBTAINED) or "write earned, declared, bought or given"
            message = f"obtained={kind.obtained!r} says nothing; {hint}"
            raise LanguageError(message, obtained=kind.obtained)
        self.kind = kind
        self._handle = handle
        self._name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type) -> H: ...

    @overload
    def __get__(self, instance: Event, owner: type) -> V: ...

    def __get__(self, instance: Event | None, owner: type) -> H | V:
        if instance is None:
            return self._handle(Field(f"{owner.kind}.{self._name}"))
        return instance.fields[self._name]  # type: ignore[return-value]  # `accept` let nothing else in


Label: TypeAlias = "str | Mapping[str, str]"


def _label(label: Label) -> Mapping[str, str]:
    return ({"en": label, "es": label} if label else {}) if isinstance(label, str) else dict(label)


def whole(
    low: int, high: int, *, obtained: Obtained = "", label: Label = "", default: int | None = None
) -> Declared[NumberHandle, int]:
    """A whole number from *low* to *high*."""
    low = whole_number(low, what="low", low=-LARGEST)
    high = whole_number(high, what="high", low=low)
    return Declared(Whole(low, high, obtained=obtained, label=_label(label), default=default), NumberHandle)


def amount(
    high: str | int = "1000000", *, obtained: Obtained = "", label: Label = "", default: int | None = None
) -> Declared[AmountHandle, Money]:
    """Money in the program's currency, from zero to *high* major units."""
    top = whole_number(int(high) if isinstance(high, str) and high.isdecimal() else high, what="high", low=1)
    # Minor units have at most four decimals, so this bound holds in every currency.
    return Declared(Amount(0, top * 10_000, obtained=obtained, label=_label(label), default=default), AmountHandle)


def code(*, obtained: Obtained = "", label: Label = "", default: str | None = "") -> Declared[ChoiceHandle, str]:
    """A code from an open set, such as an article number or a partner."""
    return Declared(Choice(None, obtained=obtained, label=_label(label), default=default), ChoiceHandle)


def choice(
    *values: str, ordered: bool = False, obtained: Obtained = "", label: Label = "", default: str | None = None
) -> Declared[ChoiceHandle, str]:
    """One of *values*; if *ordered* they go from low to high and ``<`` and ``>=`` make sense."""
    if not values or len(set(values)) != len(values):
        message = "choice() lists at least one code, each once"
        raise LanguageError(message, values=values)
    kind = Choice(tuple(values), ordered, obtained=obtained, label=_label(label), default=default)
    return Declared(kind, ChoiceHandle)


def tags(*values: str, obtained: Obtained = "", label: Label = "") -> Declared[TagsHandle, frozenset[str]]:
    """A set of marks, out of *values* if any are listed."""
    return Declared(Tags(tuple(values) or None, obtained=obtained, label=_label(label)), TagsHandle)


def flag(*, obtained: Obtained = "", label: Label = "", default: bool | None = None) -> Declared[FlagHandle, bool]:
    """True or false."""
    return Declared(Flag(obtained=obtained, label=_label(label), default=default), FlagHandle)


def day(
    low: date = date(1900, 1, 1), high: date = date(2199, 12, 31), *, obtained: Obtained = "", label: Label = ""
) -> Declared[DayHandle, date]:
    """A calendar day from *low* to *high*."""
    return Declared(Day(low, high, obtained=obtained, label=_label(label)), DayHandle)


def instant(*, obtained: Obtained = "", label: Label = "") -> Declared[InstantHandle, datetime]:
    """A moment in time."""
    return Declared(Instant(obtained=obtained, label=_label(label)), InstantHandle)


def declared_kinds(owner: type) -> dict[str, Kind]:
    """The kinds of the fields declared in the class *owner*, by name, in order."""
    found: dict[str, Kind] = {}
    for each in reversed(owner.__mro__):
        found |= {name: value.kind for name, value in vars(each).items() if isinstance(value, Declared)}
    return found


def accept(kind: Kind, value: Any, what: str) -> FieldValue:
    """
    *value* as the field *what* of this kind holds it.

    Raises:
        EventError: If it has another type, or lies outside the declared bounds.
    """
    match kind:
        case Whole(low, high):
            number = whole_number(value, what=what, low=low, high=high)
            return number
        case Amount():
            return _amount(kind, value, what)
        case Choice(values):
            if not isinstance(value, str):
                raise _refusal(what, value, "a code (text)")
            if values is not None and value not in values:
                hint = suggest(value, values) or f"it takes {', '.join(values)}"
                message = f"{what} cannot be {value!r}; {hint}"
                raise EventError(message, field=what, value=value)
            return value
        case Tags(values):
            if isinstance(value, str) or not all(isinstance(each, str) for each in value):
                raise _refusal(what, value, "a list of texts")
            unknown = sorted(set(value) - set(values)) if values is not None else []
            if unknown:
                hint = suggest(unknown[0], values or ()) or f"it takes {', '.join(values or ())}"
                message = f"{what} cannot hold {unknown[0]!r}; {hint}"
                raise EventError(message, field=what, value=value)
            return frozenset(value)
        case Flag():
            if not isinstance(value, bool):
                raise _refusal(what, value, "true or false")
            return value
        case Day(low, high):
            if not isinstance(value, date) or isinstance(value, datetime):
                raise _refusal(what, value, "a date")
            if not low <= value <= high:
                raise _refusal(what, value, f"between {low} and {high}")
            return value
        case Instant():
            return utc(value, what=what)
    raise _refusal(what, value, "a field that events can have")


def _amount(kind: Amount, value: Any, what: str) -> Money:
    held = money(value)
    if not kind.low <= held.minor <= kind.high:
        raise _refusal(what, value, "within its declared bounds")
    return held


def _refusal(what: str, value: object, wanted: str) -> EventError:
    return EventError(f"{what} must be {wanted}, not {value!r:.60}", field=what, value=value)


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


@frozen(init=False, slots=False)
class CustomEvent(Event):
    """
    An event of the host's own, declared by its fields.

    The event's kind is the class's name in lower case; ``class Flight(CustomEvent, kind="flight")`` says another.

    >>> class Flight(CustomEvent):
    ...     miles = whole(0, 20_000)
    ...     partner = code()
    >>> Flight.miles >= 500
    flight.miles >= 500
    """

    declared: ClassVar[Mapping[str, Kind]] = {}

    def __init_subclass__(cls, *, kind: str = "", **rest: Any) -> None:
        super().__init_subclass__(**rest)
        cls.kind = kind or _snake(cls.__name__)
        cls.declared = declared_kinds(cls)

    def __init__(self, id: str, *, member: str, at: datetime, **values: Any) -> None:  # noqa: A002 -- the shop's word
        self.__attrs_init__(  # type: ignore[attr-defined]  # attrs writes it
            id, member=member, at=at, fields=accept_all(type(self).declared, values, type(self).kind)
        )


def accept_all(kinds: Mapping[str, Kind], values: Mapping[str, Any], owner: str) -> dict[str, FieldValue]:
    """Every declared field of *owner* out of *values*; what is not told takes its default."""
    for name in values:
        if name not in kinds:
            hint = suggest(name, kinds) or f"it has {', '.join(kinds) or 'no fields of its own'}"
            message = f'{owner} has no field "{name}"; {hint}'
            raise EventError(message, field=f"{owner}.{name}")
    held: dict[str, FieldValue] = {}
    for name, kind in kinds.items():
        if name in values:
            held[name] = accept(kind, values[name], f"{owner}.{name}")
        elif isinstance(kind, Tags):
            held[name] = frozenset()
        elif kind.default is not None:
            held[name] = kind.default
        else:
            message = f"{owner}.{name} is missing; pass {name}=…, or declare a default"
            raise EventError(message, field=f"{owner}.{name}")
    return held


class Fields:
    """
    Fields that the host adds to the purchase, its lines or the member.

    >>> class Fuel(Fields, of="purchase"):
    ...     litres = whole(0, 1_000, label={"en": "litres", "es": "litros"})
    >>> Fuel.litres >= 30
    purchase.litres >= 30
    """

    kind: ClassVar[str] = ""
    declared: ClassVar[Mapping[str, Kind]] = {}

    def __init_subclass__(cls, *, of: str = "", **rest: Any) -> None:
        super().__init_subclass__(**rest)
        if of not in ("purchase", "line", "member", "visit", "feedback", "participation", "referral"):
            hint = suggest(of, ("purchase", "line", "member")) or 'write of="purchase", of="line" or of="member"'
            message = f"fields belong to an event, a line or the member, not to {of!r}; {hint}"
            raise LanguageError(message, of=of)
        cls.kind = of
        cls.declared = declared_kinds(cls)
