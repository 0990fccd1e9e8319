"""Events and facts as plain data for the journal, and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any

import attrs

from fidelity.entries.plain import instant_text
from fidelity.errors import EventError
from fidelity.events import (
    Anniversary,
    Birthday,
    Confirmation,
    Event,
    Feedback,
    Line,
    Participation,
    Purchase,
    Referral,
    Referred,
    Return,
    Visit,
)
from fidelity.facts import Facts
from fidelity.language.declare import CustomEvent
from fidelity.values.money import Money, money

__all__ = ["event_from_plain", "event_to_plain", "facts_from_plain", "facts_to_plain"]

_BUILT_IN: dict[str, type[Event]] = {
    each.kind: each
    for each in (
        Purchase,
        Return,
        Confirmation,
        Visit,
        Feedback,
        Participation,
        Referral,
        Referred,
        Anniversary,
        Birthday,
    )
}
_MONEY = {"amount", "discount", "paid_with_points", "tax", "shipping", "tip"}


def _instant(at: datetime) -> str:
    # What has the same instant has the same text, in whatever zone it was told.
    return instant_text(at if at.tzinfo is UTC else at.astimezone(UTC))


def _own(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: each if type(each) in _BARE else _typed(each) for name, each in fields.items()}


def _listed(values: tuple[Any, ...]) -> list[Any]:
    return [_line_to_plain(each) if isinstance(each, Line) else each for each in values]


#: Types that are plain as they are.
_BARE = frozenset({str, int, bool})
#: How each other type is written.
_WRITERS: dict[type, Callable[[Any], Any]] = {
    Money: str, datetime: _instant, date: date.isoformat, frozenset: sorted, tuple: _listed, dict: _own,
}  # fmt: skip


def _plain(value: Any) -> Any:
    write = _WRITERS.get(type(value))
    if write is not None:
        return write(value)
    if isinstance(value, str | bool | int):
        return value
    # A subclass is written as what it is.
    for kind, write in _WRITERS.items():
        if isinstance(value, kind):
            return write(value)
    return _own(value)


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


@lru_cache(maxsize=1024)
def _layout(kind: type) -> tuple[Callable[[Any], tuple[Any, ...]], tuple[tuple[str, Any], ...]]:
    """What reads the attributes of an event or line of *kind*, and each one's name and default."""
    known = attrs.fields(kind)
    defaults = ({} if isinstance(each.default, attrs.Factory) else each.default for each in known)  # type: ignore[arg-type]
    names = tuple(each.name for each in known)
    return attrgetter(*names), tuple(zip(names, defaults, strict=True))


def _parts(value: Any) -> dict[str, Any]:
    """The attributes of an event or line that differ from their defaults."""
    kind: type = type(value)
    get, layout = _layout(kind)
    found: dict[str, Any] = {}
    for (name, default), held in zip(layout, get(value), strict=True):
        if held is not default and held is not None and held != default:
            found[name] = held if type(held) in _BARE else _plain(held)
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
    if facts.counters and (counters := {name: value for name, value in facts.counters.items() if value}):
        plain["counters"] = counters
    if facts.fields:
        plain["fields"] = _own(facts.fields)
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
