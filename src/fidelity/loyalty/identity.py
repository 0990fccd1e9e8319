"""Under which key a command applies once, and the hash that tells a retry from another command under the same key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any

from attrs import NOTHING, fields, frozen

from fidelity.commands import (
    Capture,
    Command,
    Enroll,
    Hold,
    Merge,
    Record,
    Redeem,
    Release,
    Transfer,
    Undo,
)
from fidelity.entries.codec import canonical, fields_to_plain, instant_text
from fidelity.entries.plain import Written
from fidelity.errors import EventError, ValueRefused
from fidelity.events import Anniversary, Birthday, Confirmation, Event, Purchase, Referred, Return
from fidelity.values.naming import LONGEST_NAME, name_trouble

__all__ = ["Asked", "alike", "ask", "derived"]


@frozen
class Asked:
    """
    A command with all that identifies it.

    Attributes:
        now: When it was learned.
        key: Unique within the program.
        payload: What is asked, as plain data; not when, so that a retry may come later.
        digest: Its hash.
        member: Whose books; empty where what it goes back to tells, see `origin`.
        other: Whose books besides; empty for most commands.
        origin: The key of the command that it goes back to, which tells whose books it is about; empty for most.
        order: For a purchase that names the shop's order: a second key, under which another message about the same
            order is known, whatever its id and time.
    """

    command: Command
    now: datetime
    key: str
    payload: Mapping[str, Any]
    digest: str
    member: str
    other: str = ""
    origin: str = ""
    order: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        """Under which keys it applies once."""
        return (self.key, self.order) if self.order else (self.key,)


def ask(command: Command, now: datetime, event_to_plain: Callable[[Event], dict[str, Any]]) -> Asked:
    """
    The *command* with its key and hash.

    Raises:
        ValueRefused: If it holds something that cannot be kept.
    """
    if isinstance(command, Record):
        # Most commands are; nothing else about them is to be found out.
        event, order, origin = _event(command.event), "", ""
        if isinstance(event, Purchase):
            if event.order not in ("", event.id):
                order = f"record/purchase/{event.order}"
        elif isinstance(event, Return | Confirmation):
            origin = f"record/purchase/{event.purchase}"
        return _recorded(command, command.now or now, event_to_plain(event), origin=origin, order=order)
    payload, key = _payload(command)
    other = ""
    if isinstance(command, Transfer):
        other = command.to
    elif isinstance(command, Merge):
        other = command.into
    payload = {"command": command.name, **payload}
    digest = sha256(canonical(payload)).hexdigest()
    return Asked(command, command.now or now, key, payload, digest, payload.get("member", ""), other, _origin(command))


def alike(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two purchases, as plain data, say the same of one order, whatever their messages are called and when."""
    own = {"id", "at", "order"}
    return {k: v for k, v in one.items() if k not in own} == {k: v for k, v in other.items() if k not in own}


def _payload(command: Command) -> tuple[dict[str, Any], str]:
    """What *command* asks, and its key."""
    match command:
        case Enroll():
            payload: dict[str, Any] = {"member": _word(command.member, "member")}
            payload["fields"] = fields_to_plain(command.fields)
            if command.customer_since is not None:
                payload["customer_since"] = command.customer_since.isoformat()
            if command.birth_month is not None:
                payload["birth_month"] = command.birth_month
            if command.referred_by:
                payload["referred_by"] = _word(command.referred_by, "referred_by")
            return payload, command.key
        case Redeem():
            payload = {"member": _word(command.member, "member"), "reward": command.reward}
            payload["fields"] = fields_to_plain(command.fields)
            payload |= _how_much(command)
        case Hold():
            payload = {"member": _word(command.member, "member"), "points": command.points, "reward": command.reward}
            payload |= {"wallet": command.wallet, "fields": fields_to_plain(command.fields)}
            if command.until is not None:
                payload["until"] = instant_text(command.until)
            payload |= _how_much(command)
        case Capture():
            payload = {"hold": _word(command.hold, "hold"), "points": command.points}
        case Release():
            payload = {"hold": _word(command.hold, "hold")}
        case _:
            payload = _plainly(command)
    return payload, _named(_word(getattr(command, "key", ""), "key"))


def _how_much(command: Redeem | Hold) -> dict[str, Any]:
    """How much of a reward is asked for, and on what, where that is told."""
    payload: dict[str, Any] = {} if command.quantity == 1 else {"quantity": command.quantity}
    if isinstance(command, Redeem):
        payload |= {"pooled": True} if command.pooled else {}
        payload |= {} if command.points is None else {"points": command.points}
    return {**payload, "purchase": _word(command.purchase, "purchase")} if command.purchase else payload


#: What must name something wherever it stands in a command.
_WORDS = frozenset({
    "member", "to", "into", "household", "redemption", "protection", "event", "reason", "cause", "tier", "voucher",
    "invitation",
})  # fmt: skip


@lru_cache
def _told(kind: type) -> tuple[tuple[str, object], ...]:
    """The fields of commands of *kind* that are asked, with their defaults."""
    return tuple((each.name, each.default) for each in fields(kind) if each.name not in ("now", "key"))


def _named(key: str) -> str:
    """Under which key a command applies once that a host gave *key*: one for all kinds of commands (SEMANTICS D16)."""
    return f"key/{key}"


def _plainly(command: Command) -> dict[str, Any]:
    """What *command* asks, field by field; what has its default is left out."""
    payload: dict[str, Any] = {}
    kind: type = type(command)
    for name, default in _told(kind):
        value = getattr(command, name)
        if default is not NOTHING and value == default:
            continue
        if name in _WORDS:
            value = _word(value, name)
        elif name == "fields":
            value = fields_to_plain(value)
        elif isinstance(value, datetime):
            value = {"instant": instant_text(value)}
        elif isinstance(value, date):
            value = {"date": value.isoformat()}
        payload[name] = value
    if not payload:
        message = f"{command!r} is no command of this shell"
        raise ValueRefused(message, value=command)
    return payload


def derived(event: Event, plain: dict[str, Any]) -> Asked:
    """An event that the books derive by themselves, as if it had been recorded when it happened."""
    command = Record(event=event, now=event.at)
    return _recorded(command, event.at, plain)


def _recorded(command: Record, now: datetime, event: Mapping[str, Any], *, origin: str = "", order: str = "") -> Asked:
    # The text of the event is what the books will keep of it, so it is hashed as it stands.
    written = Written.of(event)
    digest = sha256(f'{{"command":"record","event":{written.text}}}'.encode()).hexdigest()
    payload = {"command": "record", "event": written}
    return Asked(command, now, f"record/{command.key}", payload, digest, command.member, "", origin, order)


def _origin(command: Command) -> str:
    """The key of the command that *command* goes back to; empty if it goes back to none."""
    # The books make the id of a hold or a redemption from the key under which it was asked for.
    if isinstance(command, Capture | Release):
        return _named(command.hold.partition("/")[2])
    if isinstance(command, Undo):
        return _named(command.redemption.partition("/")[2])
    return ""


def _event(event: object) -> Event:
    if isinstance(event, Anniversary):
        message = "anniversaries are derived by the books; enroll the member with customer_since instead"
        raise EventError(message, event=event.id)
    if isinstance(event, Referred):
        message = "that a friend came is found by the books; enroll the friend with referred_by="
        raise EventError(message, event=event.id)
    if isinstance(event, Birthday):
        message = "birthdays are found by the sweep; save the member with a birth_date and call settle()"
        raise EventError(message, event=event.id)
    if not isinstance(event, Event):
        message = f"{event!r} is no event; write one, such as Purchase(id, member=..., amount=..., at=...)"
        raise ValueRefused(message, value=event)
    return event


#: Ids that the books make of a name have a word before it.
_LONGEST = dict.fromkeys(("hold", "redemption", "protection", "event", "voucher", "invitation"), LONGEST_NAME + 40)


def _word(value: object, what: str) -> str:
    if trouble := name_trouble(value, what, longest=_LONGEST.get(what, LONGEST_NAME)):
        raise ValueRefused(trouble, field=what, value=value)
    assert isinstance(value, str)  # noqa: S101  (or there is trouble)
    return value
