"""Events and facts as plain data for the journal, and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import attrs

from fidelity.errors import EventError
from fidelity.events import (
    Anniversary,
    Event,
    Feedback,
    Line,
    Participation,
    Purchase,
    Referral,
    Return,
    Visit,
)
from fidelity.facts import Facts
from fidelity.language.declare import CustomEvent
from fidelity.values.money import Money, money

__all__ = ["event_from_plain", "event_to_plain", "facts_from_plain", "facts_to_plain"]

_BUILT_IN: dict[str, type[Event]] = {
    each.kind: each for each in (Purchase, Return, Visit, Feedback, Participation, Referral, Anniversary)
}
_MONEY = {"amount", "paid_with_points", "tax", "shipping", "tip"}


def _plain(value: Any) -> Any:
    if isinstance(value, str | bool | int):
        return value
    if isinstance(value, Money):
        return str(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [_line_to_plain(each) if isinstance(each, Line) else each for each in value]
    return {name: _typed(each) for name, each in value.items()}


def _typed(value: Any) -> Any:
    """A host's own field: its type stands beside it where text alone would not tell."""
    for name, kind in (("money", Money), ("instant", datetime), ("day", date), ("tags", frozenset)):
        if isinstance(value, kind):
            return {name: _plain(value)}
    return value


def _untyped(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    ((name, plain),) = value.items()
    match name:
        case "money":
            return money(plain)
        case "instant":
            return datetime.fromisoformat(plain)
        case "day":
            return date.fromisoformat(plain)
    return frozenset(plain)


def _parts(value: Any) -> dict[str, Any]:
    """The attributes of an event or line that differ from their defaults."""
    found: dict[str, Any] = {}
    for each in attrs.fields(type(value)):
        held = getattr(value, each.name)
        default = {} if isinstance(each.default, attrs.Factory) else each.default  # type: ignore[arg-type]
        if held is not None and held != default:
            found[each.name] = _plain(held)
    return found


def _line_to_plain(line: Line) -> dict[str, Any]:
    return _parts(line)


def event_to_plain(event: Event) -> dict[str, Any]:
    """*event* as plain data: whole numbers, texts, lists and tables; what it has by default is left out."""
    return {"kind": event.kind, **_parts(event)}


def event_from_plain(plain: Mapping[str, Any], events: tuple[type[CustomEvent], ...] = ()) -> Event:
    """
    The event that *plain* spells.

    Args:
        events: The host's own events.

    Raises:
        EventError: If its kind is not known.
    """
    held = dict(plain)
    kind = held.pop("kind")
    held["at"] = datetime.fromisoformat(held["at"]).astimezone(UTC)
    if "fields" in held:
        held["fields"] = {name: _untyped(each) for name, each in held["fields"].items()}
    known = _BUILT_IN.get(kind)
    if known is not None:
        for name in _MONEY & set(held):
            held[name] = money(held[name])
        if "lines" in held:
            held["lines"] = [each if isinstance(each, str) else _line_from_plain(each) for each in held["lines"]]
        return known(held.pop("id"), **held)
    for each in events:
        if each.kind == kind:
            return each(held["id"], member=held["member"], at=held["at"], **held.get("fields", {}))
    message = f"the journal holds an event {kind!r} that this program does not declare; add events=[…]"
    raise EventError(message, kind=kind)


def _line_from_plain(plain: Mapping[str, Any]) -> Line:
    held = dict(plain)
    if "fields" in held:
        held["fields"] = {name: _untyped(each) for name, each in held["fields"].items()}
    return Line(**held)


def facts_to_plain(facts: Facts) -> dict[str, Any]:
    """*facts* as plain data; what is not known is left out."""
    plain: dict[str, Any] = {}
    if facts.tier:
        plain["tier"] = facts.tier
    if facts.customer_since is not None:
        plain["customer_since"] = facts.customer_since.isoformat()
    counters = {name: value for name, value in facts.counters.items() if value}
    if counters:
        plain["counters"] = counters
    if facts.fields:
        plain["fields"] = {name: _typed(each) for name, each in facts.fields.items()}
    return plain


def facts_from_plain(plain: Mapping[str, Any]) -> Facts:
    """The facts that *plain* spells."""
    since = plain.get("customer_since")
    return Facts(
        tier=plain.get("tier", ""),
        customer_since=None if since is None else date.fromisoformat(since),
        counters=dict(plain.get("counters", {})),
        fields={name: _untyped(each) for name, each in plain.get("fields", {}).items()},
    )
