"""The entry codec: entries as plain data and back, and plain data as canonical bytes.

What the journal stores for ever. Knows every kind of entry by its `kind`; knows nothing of where the bytes go.
A field that still has its default is left out, so a field added in a later release does not change old bytes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from types import NoneType
from typing import Any, TypeAlias, get_args, get_origin

import attrs
from cattrs import Converter
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn

from fidelity.entries.base import Entry
from fidelity.errors import ExactnessError, JournalError, SchemaError, TimeError, ValueRefused
from fidelity.values.money import Money, money

__all__ = [
    "Plain",
    "canonical",
    "fields_from_plain",
    "fields_to_plain",
    "from_plain",
    "instant_from_text",
    "instant_text",
    "read_json",
    "to_plain",
]

#: Plain data: what JSON can say, floats left out.
Plain: TypeAlias = "dict[str, Any]"

_NO_OFFSET = timedelta(0)
_SCALARS = frozenset({str, int, bool, NoneType})
_LISTS = frozenset({list, tuple})
_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode


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
    codec = _codecs.get(kind) or _known_kinds().get(kind)
    if codec is None:
        message = f"entries of kind {kind!r} are unknown to this release; read them with the release that wrote them"
        raise SchemaError(message, kind=kind)
    try:
        return codec.read(plain)
    except KeyError as error:
        message = f"an entry of kind {kind!r} lacks its field {error}"
        raise JournalError(message, kind=kind) from error
    except (ValueError, TypeError) as error:
        message = f"an entry of kind {kind!r} cannot be read: {error}"
        raise JournalError(message, kind=kind) from error


def canonical(plain: object) -> bytes:
    """
    The one spelling of *plain* as bytes: JSON, keys sorted, no spaces, UTF-8.

    Raises:
        ExactnessError: If it holds a float; whole numbers and texts are exact, floats are not.
        ValueRefused: If it holds anything else that is not plain data.

    >>> canonical({"b": [1, True, None], "a": "é"}).decode()
    '{"a":"é","b":[1,true,null]}'
    """
    _check(plain)
    try:
        return _encode(plain).encode()
    except UnicodeEncodeError as error:
        message = f"a text holds half a character, which cannot be written: {error.object[error.start :]!r:.40}"
        raise ValueRefused(message) from error
    except RecursionError as error:
        message = "plain data is nested too deep"
        raise ValueRefused(message) from error


def read_json(text: str | bytes) -> Any:
    """
    The plain data in *text*.

    Raises:
        JournalError: If it is not JSON, or holds a float.
    """
    try:
        return json.loads(text, parse_float=_no_float, parse_constant=_no_float)
    except (ValueError, RecursionError) as error:
        message = f"stored text is not plain data: {error}"
        raise JournalError(message, value=text) from error


def instant_text(at: datetime) -> str:
    """The instant as ``2026-01-05T12:00:00Z``; microseconds only when there are any."""
    if at.utcoffset() != _NO_OFFSET:
        message = f"{at!r} is not in UTC; write at.astimezone(UTC)"
        raise TimeError(message, value=at)
    return at.isoformat()[:-6] + "Z"


def instant_from_text(text: str) -> datetime:
    """The instant that `instant_text` wrote."""
    if type(text) is not str or text[-1:] != "Z" or text[10:11] != "T":
        message = f"{text!r} is not an instant such as 2026-01-05T12:00:00Z"
        raise TimeError(message, value=text)
    return datetime.fromisoformat(text).astimezone(UTC)


def fields_to_plain(fields: Mapping[str, Any]) -> Plain:
    """A host's own fields as plain data: money, dates, instants and sets of codes are marked as what they are."""
    return {name: _field_to_plain(value) for name, value in fields.items()}


def fields_from_plain(plain: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that `fields_to_plain` wrote."""
    return {name: _field_from_plain(value) for name, value in _mapping(plain).items()}


def _field_to_plain(value: object) -> object:
    if type(value) in (str, int, bool):
        return value
    if isinstance(value, Money):
        return {"money": str(value)}
    if isinstance(value, datetime):
        return {"instant": instant_text(value)}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, frozenset):
        return {"codes": sorted(value)}
    if isinstance(value, float):
        message = f"{value!r} is a float; a field holds whole numbers, money, texts, dates, true or false"
        raise ExactnessError(message, value=value)
    message = f"{value!r} cannot be kept; a field holds whole numbers, money, texts, dates, codes, true or false"
    raise ValueRefused(message, value=value)


_FIELD_READERS: dict[str, Callable[[Any], object]] = {
    "money": money,
    "instant": instant_from_text,
    "date": date.fromisoformat,
    "codes": frozenset,
}


def _field_from_plain(value: object) -> object:
    if not isinstance(value, Mapping):
        return value
    ((mark, inner),) = value.items()
    return _FIELD_READERS[mark](inner)


def _check(value: object) -> None:
    # The encoder alone would write floats, and turn number keys into texts.
    kind = type(value)
    if kind in _SCALARS:
        return
    if kind is dict:
        for name, inner in value.items():  # type: ignore[attr-defined]  # it is a dict
            if type(name) is not str:
                message = f"{name!r} cannot be a key of plain data; keys are texts"
                raise ValueRefused(message, value=name)
            if type(inner) not in _SCALARS:
                _check(inner)
    elif kind is list or kind is tuple:
        for inner in value:  # type: ignore[attr-defined]  # it is a list
            if type(inner) not in _SCALARS:
                _check(inner)
    elif isinstance(value, float):
        message = f"{value!r} is a float; write a whole number, or the amount as text"
        raise ExactnessError(message, value=value)
    else:
        message = f"{value!r} is not plain data: texts, whole numbers, true, false, null, lists and objects"
        raise ValueRefused(message, value=value)


def _no_float(text: str) -> object:
    message = f"{text} is not a whole number"
    raise ValueError(message)


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


def _mapping(value: object, _: object = None) -> dict[str, Any]:
    if type(value) is not dict:
        message = f"{value!r:.80} is not an object"
        raise ValueRefused(message, value=value)
    return value


def _numbers(value: object, _: object = None) -> dict[str, int]:
    numbers = _mapping(value)
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
    made.register_structure_hook_func(_is_mapping, _mapping)
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

    return _Codec(write, read)


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
