"""Events: what happened, as told by the host.

Plain frozen values. They know when they happened (`at`), never when they were learned: that is `now`,
which goes with the command. They know nothing of points.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, ClassVar, TypeAlias

from attrs import Attribute, field, frozen

from fidelity.errors import EventError
from fidelity.values.money import Money, money
from fidelity.values.naming import name_trouble
from fidelity.values.whole import whole_number
from fidelity.values.zones import utc

__all__ = [
    "Anniversary",
    "Birthday",
    "Confirmation",
    "Event",
    "Feedback",
    "FieldValue",
    "Line",
    "Participation",
    "Purchase",
    "Referral",
    "Referred",
    "Return",
    "Visit",
]

#: The bounds of built-in fields. Every reading of a program counts on them: they keep sums inside 64 bits.
MOST_MINOR = 10**11
MOST_LINES = 1_000
MOST_UNITS = 1_000_000

#: What a host's own field may hold.
FieldValue: TypeAlias = "int | str | bool | Money | date | datetime | frozenset[str]"


def _name(instance: object, attribute: Attribute[str], value: object) -> None:
    what = f"{type(instance).__name__.lower()}.{attribute.name}"
    if trouble := name_trouble(value, what):
        raise EventError(trouble, field=what, value=value)


def _code(instance: object, attribute: Attribute[str], value: object) -> None:
    if not isinstance(value, str):
        what = f"{type(instance).__name__.lower()}.{attribute.name}"
        message = f"{what} must be a code (text), not {value!r}"
        raise EventError(message, field=what, value=value)


def _codes(value: Iterable[str]) -> frozenset[str]:
    if isinstance(value, str):
        message = f"tags are a list of texts, not one text; write [{value!r}]"
        raise EventError(message, value=value)
    return frozenset(value)


def _instant(value: datetime) -> datetime:
    return utc(value, what="at")


def _fields(value: Mapping[str, FieldValue]) -> Mapping[str, FieldValue]:
    return dict(value)


def _quantity(value: int) -> int:
    return whole_number(value, what="quantity", low=0, high=MOST_UNITS)


@frozen(kw_only=True)
class Line:
    """
    One line of a purchase.

    Args:
        amount: What was paid for the line, all units together.
        quantity: How many units, 1 unless told.
        category: The shop's category code; empty when there is none.
        sku: The shop's article code; empty when there is none.
        tags: Further marks, such as ``"own brand"``.
        id: Names the line when one of several alike is returned; empty when there is none.
        fields: The host's own fields, as the program declares them.
    """

    amount: Money = field(converter=money)
    quantity: int = field(default=1, converter=_quantity)
    category: str = field(default="", validator=_code)
    sku: str = field(default="", validator=_code)
    tags: frozenset[str] = field(default=frozenset(), converter=_codes)
    id: str = field(default="", validator=_code)
    fields: Mapping[str, FieldValue] = field(factory=dict, converter=_fields)

    def __attrs_post_init__(self) -> None:
        if self.amount.minor < 0:
            message = f"a line costs {self.amount}; discounts reduce the line they belong to, returns are Return events"
            raise EventError(message, field="line.amount", value=self.amount)


@frozen
class Event:
    """
    Something that happened to one member.

    Args:
        id: The host's own id, unique among events of this kind: recording it twice counts once.
        member: The member's opaque id.
        at: When it happened, aware.
        fields: The host's own fields, as the program declares them.
    """

    kind: ClassVar[str] = "event"

    id: str = field(validator=_name)
    member: str = field(kw_only=True, validator=_name)
    at: datetime = field(kw_only=True, converter=_instant)
    fields: Mapping[str, FieldValue] = field(kw_only=True, factory=dict, converter=_fields)


def _optional_money(value: Money | str | None) -> Money | None:
    return None if value is None else money(value)


def _lines(value: Iterable[Line | Mapping[str, Any]]) -> tuple[Line, ...]:
    lines = tuple(each if isinstance(each, Line) else Line(**each) for each in value)
    if len(lines) > MOST_LINES:
        message = f"a purchase has at most {MOST_LINES:,} lines, not {len(lines):,}; tell it in several purchases"
        raise EventError(message, field="purchase.lines", value=len(lines))
    return lines


@frozen
class Purchase(Event):
    """
    A sale.

    Args:
        amount: What the member paid for it, after discounts, points part included.
        channel: Where it was made: ``"store"``, ``"app"``, …; empty when not told.
        category: The shop's category when the sale has one.
        store: The shop or branch.
        payment: How it was paid: ``"card"``, ``"cash"``, ``"wallet"``, …
        tags: Further marks, such as ``"own cup"``.
        lines: The items, if known. Their amounts need not add up to *amount*: discounts and shipping stand beside them.
        order: The shop's order number if it differs from *id*. An order counts once, whatever its messages are called.
        discount: What was taken off the order as a whole and stands in no line; *amount* is what was left of it.
        paid_with_points: The part of *amount* settled with points.
        tax, shipping, tip: Parts of *amount* that a program may leave out of what earns.
    """

    kind: ClassVar[str] = "purchase"

    amount: Money = field(kw_only=True, converter=money)
    channel: str = field(kw_only=True, default="", validator=_code)
    category: str = field(kw_only=True, default="", validator=_code)
    store: str = field(kw_only=True, default="", validator=_code)
    payment: str = field(kw_only=True, default="", validator=_code)
    tags: frozenset[str] = field(kw_only=True, default=frozenset(), converter=_codes)
    lines: tuple[Line, ...] = field(kw_only=True, default=(), converter=_lines)
    order: str = field(kw_only=True, default="", validator=_code)
    discount: Money | None = field(kw_only=True, default=None, converter=_optional_money)
    paid_with_points: Money | None = field(kw_only=True, default=None, converter=_optional_money)
    tax: Money | None = field(kw_only=True, default=None, converter=_optional_money)
    shipping: Money | None = field(kw_only=True, default=None, converter=_optional_money)
    tip: Money | None = field(kw_only=True, default=None, converter=_optional_money)

    def __attrs_post_init__(self) -> None:
        if self.amount.minor < 0:
            message = f"purchase {self.id} has amount {self.amount}; what comes back is a Return event"
            raise EventError(message, field="purchase.amount", value=self.amount)
        if self.amount.minor > MOST_MINOR:
            message = f"purchase {self.id} has amount {self.amount}, beyond what a program counts exactly; split it"
            raise EventError(message, field="purchase.amount", value=self.amount)
        parts = (self.discount, self.paid_with_points, self.tax, self.shipping, self.tip)
        for part in (*parts, *(line.amount for line in self.lines)):
            if part is None:
                continue
            if part.currency != self.amount.currency:
                message = f"purchase {self.id} is in {self.amount.currency} but has a part of {part}; convert it first"
                raise EventError(message, field="purchase", value=part)
            if not 0 <= part.minor <= MOST_MINOR:
                message = f"purchase {self.id} has a part of {part}; parts are not negative, nor beyond counting"
                raise EventError(message, field="purchase", value=part)
        if self.paid_with_points is not None and self.paid_with_points > self.amount:
            message = f"purchase {self.id} is of {self.amount} and {self.paid_with_points} of it was paid with points"
            raise EventError(message, field="purchase.paid_with_points", value=self.paid_with_points)


def _returned(value: Iterable[Line | Mapping[str, Any] | str]) -> tuple[Line | str, ...]:
    if isinstance(value, str):
        message = f"lines is a list of lines or line ids; write [{value!r}]"
        raise EventError(message, value=value)
    return tuple(each if isinstance(each, Line | str) else Line(**each) for each in value)


@frozen
class Return(Event):
    """
    Goods that came back, whole or in part.

    Args:
        purchase: The id of the purchase they came from.
        member: Whose purchase it was; the books know, so it need not be told.
        amount: What was paid back; without it and without *lines* the whole purchase came back.
        lines: The lines that came back: line ids, or lines equal to the original up to quantity and amount.
    """

    kind: ClassVar[str] = "return"

    member: str = field(kw_only=True, default="", validator=_code)
    purchase: str = field(kw_only=True, validator=_name)
    amount: Money | None = field(kw_only=True, default=None, converter=_optional_money)
    lines: tuple[Line | str, ...] = field(kw_only=True, default=(), converter=_returned)

    def __attrs_post_init__(self) -> None:
        if self.amount is not None and self.amount.minor <= 0:
            message = f"return {self.id} pays back {self.amount}; write the amount paid back, above zero"
            raise EventError(message, field="return.amount", value=self.amount)
        if self.amount is not None and self.lines:
            message = f"return {self.id} has both an amount and lines; tell one of them"
            raise EventError(message, field="return", value=self.lines)


@frozen
class Confirmation(Event):
    """
    A purchase stands: the stay is over, the goods arrived, the partner agreed. Its points that wait can be used.

    Args:
        purchase: The id of the purchase.
        member: Whose purchase it was; the books know, so it need not be told.
    """

    kind: ClassVar[str] = "confirmation"

    member: str = field(kw_only=True, default="", validator=_code)
    purchase: str = field(kw_only=True, validator=_name)


@frozen
class Visit(Event):
    """A visit without a sale."""

    kind: ClassVar[str] = "visit"

    channel: str = field(kw_only=True, default="", validator=_code)
    store: str = field(kw_only=True, default="", validator=_code)
    tags: frozenset[str] = field(kw_only=True, default=frozenset(), converter=_codes)


@frozen
class Feedback(Event):
    """
    The member told what they think. Words and scores live with the host or in `Members`, never here.

    Rules may reward giving feedback; they cannot see what was answered.
    """

    kind: ClassVar[str] = "feedback"

    topic: str = field(kw_only=True, default="", validator=_code)
    channel: str = field(kw_only=True, default="", validator=_code)
    tags: frozenset[str] = field(kw_only=True, default=frozenset(), converter=_codes)


@frozen
class Participation(Event):
    """The member took part in something that the program defines: a tasting, a panel, a course."""

    kind: ClassVar[str] = "participation"

    activity: str = field(kw_only=True, default="", validator=_code)
    channel: str = field(kw_only=True, default="", validator=_code)
    tags: frozenset[str] = field(kw_only=True, default=frozenset(), converter=_codes)


@frozen
class Referral(Event):
    """
    The member (the advocate) recommended somebody (the friend), and the friend did what qualifies.

    Args:
        friend: The friend's opaque id.
    """

    kind: ClassVar[str] = "referral"

    friend: str = field(kw_only=True, validator=_name)
    channel: str = field(kw_only=True, default="", validator=_code)


@frozen
class Referred(Event):
    """
    The member came by a recommendation, and did what makes it count. Derived by the books, never sent by a host.

    Args:
        advocate: The opaque id of who recommended.
    """

    kind: ClassVar[str] = "referred"

    advocate: str = field(kw_only=True, validator=_name)


@frozen
class Anniversary(Event):
    """
    Another whole year since the member's first business. Derived by the books, never sent by a host.

    Args:
        years: Whole years since `customer_since`.
    """

    kind: ClassVar[str] = "anniversary"

    years: int = field(kw_only=True)


@frozen
class Birthday(Event):
    """
    The member's birthday. Found by the sweep, which asks `Members`; never sent by a host.

    It tells nobody's age: neither the year of birth nor how many years it were enters the books.
    """

    kind: ClassVar[str] = "birthday"
