"""Structures: entries as plain data and back, field by field.

Knows every kind of entry by its `kind`; knows nothing of where the data go.
A field that still has its default is left out, so a field added in a later release does not change old bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from types import NoneType
from typing import Any, get_args, get_origin

import attrs
from cattrs import Converter
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn

from fidelity.entries.base import Entry
from fidelity.entries.plain import (
    Plain,
    fields_from_plain,
    fields_to_plain,
    instant_from_text,
    instant_text,
    mapping,
)
from fidelity.errors import JournalError, SchemaError, TimeError, ValueRefused

__all__ = ["entry_class", "from_plain", "to_plain"]

_LISTS = frozenset({list, tuple})


def to_plain(entry: Entry) -> Plain:
    """
    The *entry* as plain data, its kind under ``"kind"``.

    >>> from datetime import UTC, datetime
    >>> from fidelity.entries import HoldReleased
    >>> noon = datetime(2026, 1, 5, 12, tzinfo=UTC)
    >>> to_plain(HoldReleased(at=noon, now=noon, hold="h1"))
    {'kind': 'released', 'at': '2026-01-05T12:00:00Z', 'now': '2026-01-05T12:00:00Z', 'hold': 'h1'}
    """
    return _codec_of(type(entry)).write(entry)


def from_plain(plain: Mapping[str, Any]) -> Entry:
    """
    The entry that `to_plain` turned into *plain*.

    Raises:
        SchemaError: If its kind is unknown to this release.
        JournalError: If it is no entry at all, or a field is missing or of the wrong type.
    """
    found: object = plain
    kind = found.get("kind") if isinstance(found, dict) else None
    if not isinstance(kind, str):
        message = f"an entry is an object with a kind, not {plain!r:.80}"
        raise JournalError(message, value=plain)
    codec = _codec(kind)
    try:
        return codec.read(plain)
    except KeyError as error:
        message = f"an entry of kind {kind!r} lacks its field {error}"
        raise JournalError(message, kind=kind) from error
    except (ValueError, TypeError) as error:
        message = f"an entry of kind {kind!r} cannot be read: {error}"
        raise JournalError(message, kind=kind) from error


def entry_class(kind: str) -> type[Entry]:
    """
    The class whose entries are of *kind*.

    Raises:
        SchemaError: If it is unknown to this release.
    """
    return _codec(kind).of


# ── how each class is written and read ─────────────────────────────────────────────────────────────────────────


def _exactly(kind: type, name: str) -> Callable[[object, object], object]:
    def structure(value: object, _: object) -> object:
        if type(value) is kind:
            return value
        message = f"{value!r:.80} is not {name}"
        raise ValueRefused(message, value=value)

    return structure


def _day(value: object, _: object = None) -> date:
    if type(value) is not str:
        message = f"{value!r:.80} is not a date"
        raise TimeError(message, value=value)
    return date.fromisoformat(value)


def _numbers(value: object, _: object = None) -> dict[str, int]:
    numbers = mapping(value)
    for number in numbers.values():
        if type(number) is not int:
            message = f"{number!r:.80} is not a whole number"
            raise ValueRefused(message, value=number)
    return numbers


def _rows_of(kinds: tuple[type, ...]) -> Callable[[object, object], object]:
    def structure(value: object, _: object) -> object:
        if not isinstance(value, list | tuple):
            message = f"{value!r:.80} is not a list"
            raise ValueRefused(message, value=value)
        rows = []
        for row in value:
            if type(row) not in _LISTS or tuple(map(type, row)) != kinds:
                message = f"{row!r:.80} is not ({', '.join(kind.__name__ for kind in kinds)})"
                raise ValueRefused(message, value=row)
            rows.append(tuple(row))
        return tuple(rows)

    return structure


def _is_mapping(kind: object) -> bool:
    return get_origin(kind) == Mapping


def _is_rows(kind: object) -> bool:
    return get_origin(kind) is tuple and get_args(kind)[1:] == (...,) and get_origin(get_args(kind)[0]) is tuple


def _numbered(kind: object) -> bool:
    return _is_mapping(kind) and get_args(kind)[1] is int


def _is_optional(kind: object) -> bool:
    inner = get_args(kind)
    return NoneType in inner and inner[2:] == ()


def _or_none(kind: object) -> Callable[[Any], object]:
    (inner,) = (each for each in get_args(kind) if each is not NoneType)
    write = _convert.get_unstructure_hook(inner)
    return lambda value: None if value is None else write(value)


def _lists(rows: tuple[tuple[object, ...], ...]) -> list[list[object]]:
    return [list(row) for row in rows]


def _converter() -> Converter:
    made = Converter(detailed_validation=False, omit_if_default=True)
    made.register_structure_hook(str, _exactly(str, "a text"))
    made.register_structure_hook(int, _exactly(int, "a whole number"))
    made.register_structure_hook(bool, _exactly(bool, "true or false"))
    made.register_structure_hook(datetime, lambda text, _: instant_from_text(text))
    made.register_structure_hook(date, _day)
    made.register_structure_hook_func(_is_mapping, mapping)
    made.register_structure_hook_func(_numbered, _numbers)
    made.register_structure_hook_factory(_is_rows, lambda kind: _rows_of(get_args(get_args(kind)[0])))
    made.register_unstructure_hook(datetime, instant_text)
    made.register_unstructure_hook(date, date.isoformat)
    made.register_unstructure_hook_func(_is_mapping, dict)
    made.register_unstructure_hook_func(_is_rows, _lists)
    made.register_unstructure_hook_factory(_is_optional, _or_none)
    return made


@attrs.frozen
class _Codec:
    of: type[Entry]
    write: Callable[[Entry], Plain]
    read: Callable[[Mapping[str, Any]], Entry]


_convert = _converter()
_codecs: dict[str, _Codec] = {}
_by_class: dict[type[Entry], _Codec] = {}


def _codec_of(kind: type[Entry]) -> _Codec:
    try:
        return _by_class[kind]
    except KeyError:
        return _by_class.setdefault(kind, _make_codec(kind))


def _make_codec(kind: type[Entry]) -> _Codec:
    attrs.resolve_types(kind)
    convert = _convert
    if any(each.name == "fields" for each in attrs.fields(kind)):
        convert = _convert.copy()
        convert.register_unstructure_hook_func(_is_mapping, fields_to_plain)
        convert.register_structure_hook_func(_is_mapping, lambda plain, _: fields_from_plain(plain))
    unstructure = make_dict_unstructure_fn(kind, convert, _cattrs_omit_if_default=True)
    structure = make_dict_structure_fn(kind, convert, _cattrs_detailed_validation=False)
    name = kind.kind
    known = {"kind", *(each.name for each in attrs.fields(kind))}

    def write(entry: Entry) -> Plain:
        return {"kind": name, **unstructure(entry)}

    def read(plain: Mapping[str, Any]) -> Entry:
        if not known.issuperset(plain):
            extra = ", ".join(sorted(set(plain) - known))
            message = f"an entry of kind {name!r} has fields that this release does not know: {extra}"
            raise SchemaError(message, kind=name)
        return structure(plain, kind)

    return _Codec(kind, write, read)


def _codec(kind: str) -> _Codec:
    codec = _codecs.get(kind) or _known_kinds().get(kind)
    if codec is None:
        message = f"entries of kind {kind!r} are unknown to this release; read them with the release that wrote them"
        raise SchemaError(message, kind=kind)
    return codec


def _known_kinds() -> Mapping[str, _Codec]:
    for kind in _descendants(Entry):
        _codecs.setdefault(kind.kind, _codec_of(kind))
    return _codecs


def _descendants(kind: type[Entry]) -> Iterator[type[Entry]]:
    for each in kind.__subclasses__():
        # attrs makes a second class with slots; the first one lingers until collected and has no fields of its own.
        if "__attrs_attrs__" in each.__dict__:
            yield each
            yield from _descendants(each)
