"""Commands: what is asked of the books, as frozen values.

`Loyalty.execute([...])` takes a list of them; the methods of `Loyalty` are sugar for one.
Each has a `key` under which it applies once, for ever, and `now`, when it was learned.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import ClassVar

from attrs import field, frozen

from fidelity.errors import ValueRefused
from fidelity.events import Event, FieldValue
from fidelity.values.spelling import shown
from fidelity.values.whole import whole_number
from fidelity.values.zones import utc

__all__ = [
    "Capture", "Close", "Command", "EndProtection", "Enroll", "Extend", "Forgive", "Freeze", "Goodwill", "Hold",
    "JoinHousehold", "LeaveHousehold", "Merge", "Protect", "Record", "Redeem", "Reinstate", "Release", "Rerate",
    "Transfer", "Undo", "Unfreeze", "Use",
]  # fmt: skip


def _now(value: datetime | None) -> datetime | None:
    return None if value is None else utc(value, what="now")


def _until(value: datetime | None) -> datetime | None:
    return None if value is None else utc(value, what="until")


def _day(value: date | None) -> date | None:
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    message = f"customer_since is a day, such as date(2019, 5, 2), not {value!r:.80}"
    raise ValueRefused(message, field="customer_since", value=value)


def _month(value: int | None) -> int | None:
    return None if value is None else whole_number(value, what="birth_month", low=1, high=12)


def _day_or_instant(value: date | datetime | None) -> date | datetime | None:
    if isinstance(value, datetime):
        return utc(value, what="until")
    if value is None or isinstance(value, date):
        return value
    message = f"until is a day, date(2027, 1, 31), or an instant with its zone, not {value!r:.80}"
    raise ValueRefused(message, field="until", value=value)


def _fields(value: Mapping[str, FieldValue]) -> Mapping[str, FieldValue]:
    if isinstance(value, Mapping):
        return value
    message = f"fields are told by name, {{'channel': 'app'}}, not {value!r:.80}"
    raise ValueRefused(message, field="fields", value=value)


def _text(value: str) -> str:
    if isinstance(value, str):
        return value
    message = f"a reward or a wallet is told by its name, not {value!r:.80}"
    raise ValueRefused(message, value=value)


def _claim(value: bool) -> bool:  # noqa: FBT001  (what the field holds)
    if not isinstance(value, bool):
        message = f"claim is True or False, not {shown(value)}; the event itself says with which partner"
        raise ValueRefused(message, field="claim", value=value)
    return value


def _points(value: int | None) -> int | None:
    return None if value is None else whole_number(value, what="points", low=1)


def _quantity(value: int) -> int:
    return whole_number(value, what="quantity", low=1)


@frozen(kw_only=True)
class Command:
    """
    Something asked of the books.

    Args:
        now: When it was learned; None takes the shell's clock.
    """

    name: ClassVar[str] = "command"

    now: datetime | None = field(default=None, converter=_now)


@frozen(kw_only=True)
class Enroll(Command):
    """
    Make *member* a member. Its key is the member. A *birth_month*, 1 to 12, is told if points end with it.

    *referred_by* is the invitation that the member comes with.
    """

    name: ClassVar[str] = "enroll"

    member: str
    customer_since: date | None = field(default=None, converter=_day)
    fields: Mapping[str, FieldValue] = field(factory=dict, converter=_fields)
    birth_month: int | None = field(default=None, converter=_month)
    referred_by: str = field(default="", converter=_text)

    @property
    def key(self) -> str:
        """Under which it applies once."""
        return f"enroll/{self.member}"


@frozen(kw_only=True)
class Record(Command):
    """
    Take note of *event*: purchases and the like earn, a `Return` reverses. Its key is the event's kind and id.

    *claim*: the member asks for it later than a host may tell it, as the program's `Claims` allow.
    """

    name: ClassVar[str] = "record"

    event: Event
    claim: bool = field(default=False, converter=_claim)

    @property
    def member(self) -> str:
        """Whose event it is."""
        return self.event.member

    @property
    def key(self) -> str:
        """Under which it applies once."""
        return f"{self.event.kind}/{self.event.id}"


@frozen(kw_only=True)
class Redeem(Command):
    """
    Spend points on *reward* at once; *pooled*: from the points of the whole household.

    *points*: of a payment how many; None takes as many as go. *quantity*: how many of a reward. *purchase*: the id of
    the purchase on which they are spent; a return of it gives its share of the points back.
    """

    name: ClassVar[str] = "redeem"

    member: str
    reward: str = field(converter=_text)
    key: str
    points: int | None = field(default=None, converter=_points)
    quantity: int = field(default=1, converter=_quantity)
    fields: Mapping[str, FieldValue] = field(factory=dict, converter=_fields)
    purchase: str = field(default="", converter=_text)
    pooled: bool = False


@frozen(kw_only=True)
class Hold(Command):
    """
    Set points aside: a whole number of *points*, or what *reward* costs. Captured, released or timed out later.

    *points* of a payment that *reward* names, *quantity* and *purchase* are as of `Redeem`.
    """

    name: ClassVar[str] = "hold"

    member: str
    key: str
    points: int | None = field(default=None, converter=_points)
    reward: str = field(default="", converter=_text)
    wallet: str = field(default="", converter=_text)
    until: datetime | None = field(default=None, converter=_until)
    quantity: int = field(default=1, converter=_quantity)
    fields: Mapping[str, FieldValue] = field(factory=dict, converter=_fields)
    purchase: str = field(default="", converter=_text)


@frozen(kw_only=True)
class Capture(Command):
    """Spend what the hold *hold* set aside, or *points* of it; the rest is released."""

    name: ClassVar[str] = "capture"

    hold: str
    key: str
    points: int | None = field(default=None, converter=_points)


@frozen(kw_only=True)
class Release(Command):
    """Give back what the hold *hold* set aside."""

    name: ClassVar[str] = "release"

    hold: str
    key: str


@frozen(kw_only=True)
class Undo(Command):
    """Give back what *redemption* had spent, or *points* of it: last consumed first, each to its own lot."""

    name: ClassVar[str] = "undo"

    redemption: str
    key: str
    points: int | None = field(default=None, converter=_points)


@frozen(kw_only=True)
class Use(Command):
    """Use the voucher *voucher* of *member*, once; *fields* tell where and on what."""

    name: ClassVar[str] = "use"

    member: str
    voucher: str = field(converter=_text)
    key: str
    fields: Mapping[str, FieldValue] = field(factory=dict, converter=_fields)


@frozen(kw_only=True)
class Transfer(Command):
    """Move *points* of *member* to the books of *to*: a gift."""

    name: ClassVar[str] = "transfer"

    member: str
    to: str
    points: int = field(converter=_points)
    key: str
    wallet: str = field(default="", converter=_text)


@frozen(kw_only=True)
class Merge(Command):
    """Join the books of *member*, a duplicate, to those of *into*."""

    name: ClassVar[str] = "merge"

    member: str
    into: str
    key: str


@frozen(kw_only=True)
class JoinHousehold(Command):
    """Let the members of *household* spend the points of *member* too, and the other way round."""

    name: ClassVar[str] = "join household"

    member: str
    household: str
    key: str


@frozen(kw_only=True)
class LeaveHousehold(Command):
    """End that; everybody keeps their own points."""

    name: ClassVar[str] = "leave household"

    member: str
    key: str


@frozen(kw_only=True)
class Extend(Command):
    """Let points of *member* that would end before *until* end then; those of one *event* if it is told."""

    name: ClassVar[str] = "extend"

    member: str
    until: date | datetime = field(converter=_day_or_instant)
    key: str
    reason: str
    wallet: str = field(default="", converter=_text)
    event: str = ""


@frozen(kw_only=True)
class Reinstate(Command):
    """Give expired points back, all or *points* of them, to be used until *until*."""

    name: ClassVar[str] = "reinstate"

    member: str
    key: str
    reason: str
    points: int | None = field(default=None, converter=_points)
    wallet: str = field(default="", converter=_text)
    until: date | datetime | None = field(default=None, converter=_day_or_instant)


@frozen(kw_only=True)
class Goodwill(Command):
    """Give *points* as an apology, for *reason*, a code; *by* is who decided it."""

    name: ClassVar[str] = "goodwill"

    member: str
    points: int = field(converter=_points)
    reason: str
    key: str
    wallet: str = field(default="", converter=_text)
    by: str = ""


@frozen(kw_only=True)
class Forgive(Command):
    """Forgive what *member* owes, or *points* of it."""

    name: ClassVar[str] = "forgive"

    member: str
    key: str
    reason: str
    points: int | None = field(default=None, converter=_points)
    wallet: str = field(default="", converter=_text)
    by: str = ""


@frozen(kw_only=True)
class Freeze(Command):
    """Let nobody spend the points of *member* until somebody has looked into *reason*; they do not expire meanwhile."""

    name: ClassVar[str] = "freeze"

    member: str
    reason: str
    key: str


@frozen(kw_only=True)
class Unfreeze(Command):
    """End that; points have as much time left as they had."""

    name: ClassVar[str] = "unfreeze"

    member: str
    key: str


@frozen(kw_only=True)
class Protect(Command):
    """Let *member* lose nothing in hard times, because of *cause*, a code. Its key names the protection."""

    name: ClassVar[str] = "protect"

    member: str
    cause: str
    key: str


@frozen(kw_only=True)
class EndProtection(Command):
    """End the protection that began under the key *protection*; clocks go on where they stood."""

    name: ClassVar[str] = "end protection"

    member: str
    protection: str
    key: str
    reason: str = ""


@frozen(kw_only=True)
class Close(Command):
    """End the membership. What is left of the points is gone; what is owed is forgiven."""

    name: ClassVar[str] = "close"

    member: str
    reason: str
    key: str


@frozen(kw_only=True)
class Rerate(Command):
    """Decide *event*, ``"purchase/T-1"``, once more with what is known by now, and write the difference."""

    name: ClassVar[str] = "rerate"

    member: str
    event: str
    key: str
