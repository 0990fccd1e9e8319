"""Declared events and fields as plain data, and back: classes are made from tables."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from typing import Any

from fidelity.errors import LanguageError
from fidelity.language.codes import ChoiceHandle, DayHandle, InstantHandle, TagsHandle
from fidelity.language.declare import CustomEvent, Declared, Fields
from fidelity.language.handles import FlagHandle
from fidelity.language.kinds import Amount, Choice, Day, Flag, Instant, Kind, Tags, Whole
from fidelity.language.numbers import AmountHandle, NumberHandle
from fidelity.rules.spelling.shapes import a_day, a_flag, a_mapping, a_text, a_whole, texts
from fidelity.values.spelling import suggest

__all__ = ["TYPES", "events_from_plain", "events_to_plain", "fields_from_plain", "fields_to_plain", "kind_to_plain"]

_DAY = Day()


def kind_to_plain(kind: Kind) -> dict[str, Any]:  # noqa: C901 -- one case a kind
    """The declaration of one field as plain data."""
    match kind:
        case Whole(low, high):
            plain: dict[str, Any] = {"type": "whole", "low": low, "high": high}
        case Amount(_, high):
            plain = {"type": "amount", "high_minor": high}
        case Choice(None):
            plain = {"type": "code"} | ({"required": True} if kind.default is None else {})
        case Choice(values, ordered):
            plain = {"type": "choice", "values": list(values or ())} | ({"ordered": True} if ordered else {})
        case Tags(values):
            plain = {"type": "tags"} | ({"values": list(values)} if values is not None else {})
        case Flag():
            plain = {"type": "flag"}
        case Day(low, high):
            plain = {"type": "day"}
            plain |= {"low": low.isoformat()} if low != _DAY.low else {}
            plain |= {"high": high.isoformat()} if high != _DAY.high else {}
        case Instant():
            plain = {"type": "instant"}
        case _:
            message = f"{type(kind).__name__} fields cannot be declared"
            raise LanguageError(message)
    if kind.obtained:
        plain["obtained"] = kind.obtained
    if kind.label:
        plain["label"] = dict(kind.label)
    if kind.default is not None and not (isinstance(kind, Choice) and kind.values is None and kind.default == ""):
        plain["default"] = kind.default
    return plain


def _declared(plain: Any, name: str) -> Declared[Any, Any]:
    table = dict(a_mapping(plain))
    sort = a_text(table.pop("type", ""))
    if sort not in _MAKERS:
        hint = suggest(sort, _MAKERS) or f"write {', '.join(_MAKERS)}"
        message = f"{name}: a field has no type {sort!r:.30}; {hint}"
        raise LanguageError(message)
    common = {
        "obtained": a_text(table.pop("obtained", "")),
        "label": {key: a_text(value) for key, value in a_mapping(table.pop("label", {})).items()},
    }
    default = table.pop("default", None)
    if default is not None and not isinstance(default, int | str | bool):
        message = f"{name}: a default is a text, a whole number or true, not {default!r:.30}"
        raise LanguageError(message)
    found = _MAKERS[sort](table, {**common, "default": default})
    if table:
        message = f"{name}: a field of type {sort} has no key {min(table)!r:.30}"
        raise LanguageError(message)
    return found


def _whole(table: dict[str, Any], common: dict[str, Any]) -> Declared[Any, Any]:
    for key in ("low", "high"):
        if key not in table:
            message = f"a whole number needs its bounds; add {key} = …"
            raise LanguageError(message)
    low, high = a_whole(table.pop("low")), a_whole(table.pop("high"))
    if high < low:
        message = f"bounds go from low to high, not from {low} to {high}"
        raise LanguageError(message)
    return Declared(Whole(low, high, **common), NumberHandle)


def _amount(table: dict[str, Any], common: dict[str, Any]) -> Declared[Any, Any]:
    return Declared(Amount(0, a_whole(table.pop("high_minor", 10**10)), **common), AmountHandle)


def _code(table: dict[str, Any], common: dict[str, Any]) -> Declared[Any, Any]:
    if not a_flag(table.pop("required", False)) and common["default"] is None:
        common["default"] = ""
    return Declared(Choice(None, **common), ChoiceHandle)


def _choice(table: dict[str, Any], common: dict[str, Any]) -> Declared[Any, Any]:
    values = texts(table.pop("values", []))
    if not values or len(set(values)) != len(values):
        message = "a choice lists at least one code, each once; add values = […]"
        raise LanguageError(message)
    return Declared(Choice(values, a_flag(table.pop("ordered", False)), **common), ChoiceHandle)


def _tags(table: dict[str, Any], common: dict[str, Any]) -> Declared[Any, Any]:
    values = table.pop("values", None)
    return Declared(Tags(None if values is None else texts(values), **common), TagsHandle)


def _flag(_table: dict[str, Any], common: dict[str, Any]) -> Declared[Any, Any]:
    return Declared(Flag(**common), FlagHandle)


def _day(table: dict[str, Any], common: dict[str, Any]) -> Declared[Any, Any]:
    low, high = a_day(table.pop("low", _DAY.low)), a_day(table.pop("high", _DAY.high))
    return Declared(Day(low, high, **common), DayHandle)


def _instant(_table: dict[str, Any], common: dict[str, Any]) -> Declared[Any, Any]:
    return Declared(Instant(**common), InstantHandle)


_MAKERS: Mapping[str, Callable[[dict[str, Any], dict[str, Any]], Declared[Any, Any]]] = {
    "whole": _whole, "amount": _amount, "code": _code, "choice": _choice,
    "tags": _tags, "flag": _flag, "day": _day, "instant": _instant,
}  # fmt: skip
#: What a declared field can hold.
TYPES = tuple(_MAKERS)


def _body(plain: Any, owner: str) -> dict[str, Any]:
    body: dict[str, Any] = {}
    for name, each in a_mapping(plain).items():
        if not name.isidentifier() or name.startswith("_"):
            message = f"{owner}: a field is named by letters, digits and _, not {name!r:.40}"
            raise LanguageError(message)
        body[name] = _declared(each, f"{owner}.{name}")
    return body


def _filling(body: dict[str, Any]) -> Callable[[dict[str, Any]], None]:
    """What puts *body* into a class that is being made."""

    def fill(space: dict[str, Any]) -> None:
        space.update(body)

    return fill


def events_to_plain(events: tuple[type[CustomEvent], ...]) -> dict[str, Any]:
    """The host's own events, by kind."""
    return {each.kind: {name: kind_to_plain(kind) for name, kind in each.declared.items()} for each in events}


def events_from_plain(plain: Any) -> tuple[type[CustomEvent], ...]:
    """Event classes out of a table of fields by kind."""
    made = []
    for kind, each in a_mapping(plain).items():
        if not kind.isidentifier():
            message = f"an event is named by letters, digits and _, not {kind!r:.40}"
            raise LanguageError(message)
        body = _body(each, kind)
        name = "".join(part.capitalize() for part in kind.split("_"))
        made.append(types.new_class(name, (CustomEvent,), {"kind": kind}, _filling(body)))
    return tuple(made)


def fields_to_plain(fields: tuple[type[Fields], ...]) -> dict[str, Any]:
    """The host's own fields, by what they belong to."""
    found: dict[str, dict[str, Any]] = {}
    for each in fields:
        found.setdefault(each.kind, {}).update({name: kind_to_plain(kind) for name, kind in each.declared.items()})
    return found


def fields_from_plain(plain: Any) -> tuple[type[Fields], ...]:
    """`Fields` classes out of a table of fields by what they belong to."""
    made = []
    for owner, each in a_mapping(plain).items():
        body = _body(each, owner)
        made.append(types.new_class(f"{owner.capitalize()}Fields", (Fields,), {"of": owner}, _filling(body)))
    return tuple(made)
