"""Declaring fields: a host's own events and its own fields of purchases, lines and members.

Every field has a type and bounds; that is what lets a program be proved, printed as SQL and run on columns.
A declaration read on the class is a handle for conditions, on an event it is the value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, TypeAlias, TypeVar, overload

from attrs import frozen

from fidelity.errors import EventError, LanguageError, MoneyError
from fidelity.events import Event, FieldValue
from fidelity.language.codes import ChoiceHandle, DayHandle, InstantHandle, TagsHandle
from fidelity.language.handles import FlagHandle, Handle
from fidelity.language.kinds import LARGEST, Amount, Choice, Day, Flag, Instant, Kind, Tags, Whole
from fidelity.language.names import may_own
from fidelity.language.numbers import AmountHandle, NumberHandle
from fidelity.language.tree import Field
from fidelity.values.money import Money, money
from fidelity.values.spelling import shown, suggest
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
        if kind.default is not None:
            accept(kind, kind.default, "default")
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
    def __get__(self, instance: None, owner: Any) -> H: ...  # noqa: ANN401 -- a class that has a kind

    @overload
    def __get__(self, instance: Event, owner: Any) -> V: ...  # noqa: ANN401 -- a class that has a kind

    def __get__(self, instance: Event | None, owner: Any) -> H | V:
        if instance is None:
            return self._handle(Field(f"{owner.kind}.{self._name}"))
        return instance.fields[self._name]  # type: ignore[return-value]  # `accept` let nothing else in


Label: TypeAlias = "str | Mapping[str, str]"


def _label(label: Label) -> Mapping[str, str]:
    if not isinstance(label, str | Mapping):
        message = f'a label is a text, or one a language: {{"en": "litres", "es": "litros"}}, not {shown(label)}'
        raise LanguageError(message, label=label)
    return ({"en": label, "es": label} if label else {}) if isinstance(label, str) else dict(label)


def whole(
    low: int, high: int, *, obtained: Obtained = "", label: Label = "", default: int | None = None
) -> Declared[NumberHandle, int]:
    """A whole number from *low* to *high*."""
    low = whole_number(low, what="low", low=-LARGEST)
    high = whole_number(high, what="high", low=low)
    return Declared(Whole(low, high, obtained=obtained, label=_label(label), default=default), NumberHandle)


def amount(
    high: str | int = "1000000", *, obtained: Obtained = "", label: Label = "", default: str | Money | None = None
) -> Declared[AmountHandle, Money]:
    """Money in the program's currency, from zero to *high* whole major units; a *default* says its currency too."""
    top = int(high) if isinstance(high, str) and re.fullmatch("[0-9]{1,12}", high) else high
    # Minor units have at most four decimals, so this bound holds in every currency.
    bound = whole_number(top, what="high", low=1, high=10**12 - 1) * 10_000
    untold = None if default is None else str(money(default))
    return Declared(Amount(0, bound, obtained=obtained, label=_label(label), default=untold), AmountHandle)


def code(*, obtained: Obtained = "", label: Label = "", default: str | None = "") -> Declared[ChoiceHandle, str]:
    """A code from an open set, such as an article number or a partner."""
    return Declared(Choice(None, obtained=obtained, label=_label(label), default=default), ChoiceHandle)


def choice(
    *values: str, ordered: bool = False, obtained: Obtained = "", label: Label = "", default: str | None = None
) -> Declared[ChoiceHandle, str]:
    """One of *values*; if *ordered* they go from low to high and ``<`` and ``>=`` make sense."""
    codes = _codes(values)
    if not codes:
        message = "choice() lists at least one code, each once"
        raise LanguageError(message, values=values)
    kind = Choice(codes, ordered, obtained=obtained, label=_label(label), default=default)
    return Declared(kind, ChoiceHandle)


def _codes(values: tuple[object, ...]) -> tuple[str, ...]:
    for each in values:
        if not isinstance(each, str):
            message = f"a code is a text, not {shown(each)}; write the codes one by one"
            raise LanguageError(message, value=each)
    # A member of an enumeration of texts stands for its text.
    codes = tuple(str.__str__(each) for each in values if isinstance(each, str))
    if len(set(codes)) != len(codes):
        message = f"each code is listed once: {', '.join(codes)}"
        raise LanguageError(message, values=values)
    return codes


def tags(*values: str, obtained: Obtained = "", label: Label = "") -> Declared[TagsHandle, frozenset[str]]:
    """A set of marks, out of *values* if any are listed."""
    return Declared(Tags(_codes(values) or None, obtained=obtained, label=_label(label)), TagsHandle)


def flag(*, obtained: Obtained = "", label: Label = "", default: bool | None = None) -> Declared[FlagHandle, bool]:
    """True or false."""
    return Declared(Flag(obtained=obtained, label=_label(label), default=default), FlagHandle)


def day(
    low: date = date(1900, 1, 1), high: date = date(2199, 12, 31), *, obtained: Obtained = "", label: Label = ""
) -> Declared[DayHandle, date]:
    """A calendar day from *low* to *high*."""
    bounds: tuple[object, object] = (low, high)
    for each in bounds:
        if not isinstance(each, date) or isinstance(each, datetime):
            message = f"the bounds of a day are dates, not {shown(each)}"
            raise LanguageError(message, value=each)
    if high < low:
        message = f"bounds go from low to high, not from {low} to {high}"
        raise LanguageError(message, low=low, high=high)
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


def accept(kind: Kind, value: object, what: str, *, currency: str = "") -> FieldValue:  # noqa: C901, PLR0912 -- one case a kind reads best together
    """
    *value* as the field *what* of this kind holds it.

    Args:
        kind: What the field is declared as.
        value: What the host gave.
        what: How the error calls the field.
        currency: What amounts must be in; empty where no program is at hand.

    Raises:
        ValueRefused: If it has another type, lies outside the declared bounds, or is in another currency.
    """
    match kind:
        case Whole(low, high):
            return whole_number(value, what=what, low=low, high=high)
        case Amount():
            return _amount(kind, value, what, currency)
        case Choice(values):
            if not isinstance(value, str):
                raise _refusal(what, value, "a code (text)")
            if values is not None and value not in values:
                hint = suggest(value, values) or f"it takes {', '.join(values)}"
                message = f"{what} cannot be {shown(value)}; {hint}"
                raise EventError(message, field=what, value=value)
            return str.__str__(value)
        case Tags(values):
            if not isinstance(value, list | tuple | set | frozenset) or not all(isinstance(e, str) for e in value):
                raise _refusal(what, value, "a list of texts")
            unknown = sorted(set(value) - set(values)) if values is not None else []
            if unknown:
                hint = suggest(unknown[0], values or ()) or f"it takes {', '.join(values or ())}"
                message = f"{what} cannot hold {shown(unknown[0])}; {hint}"
                raise EventError(message, field=what, value=value)
            return frozenset(str.__str__(each) for each in value)
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
            return utc(value, what=what)  # type: ignore[arg-type]  # it refuses what is no datetime
    raise _refusal(what, value, "a field that events can have")


def _amount(kind: Amount, value: object, what: str, currency: str) -> Money:
    held = money(value)  # type: ignore[arg-type]  # it refuses what is no money
    if currency and held.currency != currency:
        message = f"{what} is {held} and the program is in {currency}; convert it first"
        raise MoneyError(message, field=what, value=held)
    if not kind.low <= held.minor <= kind.high:
        raise _refusal(what, value, "within its declared bounds")
    return held


def _refusal(what: str, value: object, wanted: str) -> EventError:
    return EventError(f"{what} must be {wanted}, not {shown(value)}", field=what, value=value)


class _Calendar(Generic[H]):
    """A part of the local date and time on the class of an event; an event itself knows only its instant."""

    def __init__(self, name: str, handle: type[H]) -> None:
        self._name = name
        self._handle = handle

    def __get__(self, instance: Event | None, owner: type[Event]) -> H:
        if instance is not None:
            message = f"an event knows when it happened (.at); its local {self._name} depends on the program's zone"
            raise AttributeError(message)
        return self._handle(Field(f"{owner.kind}.{self._name}"))


#: What every event has beside its own fields.
_TAKEN = frozenset({"id", "member", "at", "fields", "kind", "declared"})
#: Owners of what the books count.
_BOOKS = frozenset({"measure", "limit", "cap", "tiers", "budget", "suspended"})
#: What the ids that the books make begin with: an event of such a kind could be taken for one of theirs.
_IDS = frozenset({
    "enroll", "goodwill", "hold", "key", "merge", "protection", "record", "redemption", "rerate", "transfer", "undo",
    "undone",
})  # fmt: skip


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
    weekday = _Calendar("weekday", ChoiceHandle)
    date = _Calendar("date", DayHandle)
    month = _Calendar("month", NumberHandle)
    day = _Calendar("day", NumberHandle)
    hour = _Calendar("hour", NumberHandle)
    if not TYPE_CHECKING:  # on an event it is the instant, which attrs keeps beside the class
        at = _Calendar("at", InstantHandle)

    def __init_subclass__(cls, *, kind: str = "", **rest: object) -> None:
        super().__init_subclass__(**rest)
        declared = declared_kinds(cls)
        cls.kind = kind or _snake(cls.__name__)
        cls.declared = declared
        if not may_own(cls.kind) or cls.kind in _BOOKS | _IDS:
            message = f'an event cannot be called "{cls.kind}", which means something else; give it another kind="…"'
            raise LanguageError(message, kind=cls.kind)
        for name in declared:
            if name in _TAKEN or name.startswith("_"):
                message = f'{cls.kind}.{name}: every event has "{name}" already; choose another name'
                raise LanguageError(message, field=f"{cls.kind}.{name}")

    def __init__(self, id: str, *, member: str, at: datetime, **values: object) -> None:  # noqa: A002 -- the shop's word
        self.__attrs_init__(id, member=member, at=at, fields=accept_all(type(self).declared, values, type(self).kind))


def accept_all(
    kinds: Mapping[str, Kind], values: Mapping[str, object], owner: str, *, currency: str = ""
) -> dict[str, FieldValue]:
    """Every declared field of *owner* out of *values*; what is not told takes its default."""
    for name in values:
        if name not in kinds:
            hint = suggest(name, kinds) or f"it has {', '.join(kinds) or 'no fields of its own'}"
            message = f'{owner} has no field "{name}"; {hint}'
            raise EventError(message, field=f"{owner}.{name}")
    held: dict[str, FieldValue] = {}
    for name, kind in kinds.items():
        if name in values:
            held[name] = accept(kind, values[name], f"{owner}.{name}", currency=currency)
        elif isinstance(kind, Tags):
            held[name] = frozenset()
        elif kind.default is not None:
            held[name] = accept(kind, kind.default, f"{owner}.{name}", currency=currency)
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

    def __init_subclass__(cls, *, of: str = "", **rest: object) -> None:
        super().__init_subclass__(**rest)
        if not of and not any(isinstance(each, Declared) for each in vars(cls).values()):
            # A pickle of a class, as clusters send it to workers, makes it empty and then puts in what it had.
            return
        if of not in ("purchase", "line", "member", "visit", "feedback", "participation", "referral", "redemption"):
            known = ("purchase", "line", "member", "redemption")
            hint = suggest(of, known) or 'write of="purchase", of="line" or of="member"'
            message = f"fields belong to an event, a line, the member or a redemption, not to {of!r}; {hint}"
            raise LanguageError(message, of=of)
        cls.kind = of
        cls.declared = declared_kinds(cls)
