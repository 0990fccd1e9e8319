"""The entry codec: each entry as the one canonical text that the journal stores for ever, and back.

`structures` and `plain` say what that text is. Here stands the quick way to it, one prepared writer and reader for
each class; whatever is unusual goes the plain way, which also says what is wrong.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import repeat
from json import encoder
from operator import attrgetter, call
from types import MemberDescriptorType, NoneType
from typing import Any, TypeAlias, get_args, get_origin

import attrs

from fidelity.entries.base import Entry
from fidelity.entries.plain import (
    Plain,
    Written,
    canonical,
    check_plain,
    encoded,
    fields_from_plain,
    fields_to_plain,
    instant_from_text,
    instant_text,
    no_float,
    read_json,
)
from fidelity.entries.structures import entry_class, from_plain, to_plain
from fidelity.errors import FidelityError, ValueRefused

__all__ = [
    "Plain",
    "canonical",
    "entry_of",
    "fields_from_plain",
    "fields_to_plain",
    "from_plain",
    "instant_from_text",
    "instant_text",
    "read_json",
    "text_of",
    "to_plain",
]

Write: TypeAlias = Callable[[Any], str]
Read: TypeAlias = Callable[[Any], object]

#: Where the kind stands, what is turned into what by its place without the kind, the defaults of the fields that are
#: left out, and what sets each field.
_Plan: TypeAlias = tuple[int, tuple[tuple[int, Read], ...], list[object], tuple[Callable[[Entry, object], None], ...]]
_UNUSUAL = (FidelityError, ValueError, TypeError, KeyError, RecursionError)


def text_of(entry: Entry) -> str:
    """
    The canonical text of *entry*: ``canonical(to_plain(entry)).decode()``, several times as fast.

    Raises:
        ExactnessError, ValueRefused, TimeError: As those two.

    >>> from datetime import UTC, datetime
    >>> from fidelity.entries import HoldReleased
    >>> noon = datetime(2026, 1, 5, 12, tzinfo=UTC)
    >>> text_of(HoldReleased(at=noon, now=noon, hold="h1"))
    '{"at":"2026-01-05T12:00:00Z","hold":"h1","kind":"released","now":"2026-01-05T12:00:00Z"}'
    """
    kind = type(entry)
    try:
        write = _writers.get(kind) or _writers.setdefault(kind, _writer(kind))
        return write(entry)
    except _UNUSUAL:
        return _slow_text(entry)


def entry_of(body: str) -> Entry:
    """
    The entry whose canonical text *body* is: ``from_plain(read_json(body))``, in half the time.

    Raises:
        JournalError, SchemaError: As those two.
    """
    try:
        plain, end = _scan(body, 0)
        if end == len(body):
            kind = plain["kind"]
            read = _readers.get(kind) or _readers.setdefault(kind, _reader(entry_class(kind)))
            return read(plain)
    except (*_UNUSUAL, StopIteration):
        pass
    return from_plain(read_json(body))


def _slow_text(entry: Entry) -> str:
    return canonical(to_plain(entry)).decode()


# ── how each type of field is written and read ─────────────────────────────────────────────────────────────────


@attrs.frozen
class _Column:
    """How a field is written, by the type of its value, and read, by the type of its plain data; None: as it is."""

    write: Mapping[type, Write]
    read: Mapping[type, Read | None]


_quoted: Write = encoder.encode_basestring  # the C function where there is one


def _plain_text(value: object) -> str:
    check_plain(value)
    return encoded(value)


def _instant(at: datetime) -> str:
    # Only UTC is looked up: equal instants of other zones are equal keys, and must be refused.
    return _utc_text(at) if at.tzinfo is UTC else f'"{instant_text(at)}"'


@lru_cache(maxsize=4096)
def _utc_text(at: datetime) -> str:
    return f'"{instant_text(at)}"'


class _Instants(dict[str, datetime]):
    """Instants by their texts: an entry repeats one, those of one command share it. Who is new is read."""

    __slots__ = ()

    def __missing__(self, text: str) -> datetime:
        if len(self) >= _INSTANTS:
            self.clear()
        at = self[text] = instant_from_text(text)
        return at


_INSTANTS = 4096
_instant_read = _Instants().__getitem__


def _numbers_read(plain: dict[str, Any]) -> dict[str, Any]:
    for each in plain.values():
        if type(each) is not int:
            raise ValueRefused("not a whole number")
    return plain


def _texts_read(plain: list[Any]) -> tuple[str, ...]:
    if any(type(each) is not str for each in plain):
        raise ValueRefused("not a text")
    return tuple(plain)


def _counts_text(counts: dict[str, int]) -> str:
    parts = []
    for name in sorted(counts):
        number = counts[name]
        if type(name) is not str or type(number) is not int:
            raise ValueRefused("not a text and a whole number")
        parts.append(f"{_quoted(name)}:{number}")
    return f"{{{','.join(parts)}}}"


def _pairs(second: type) -> _Column:
    """Rows of a text and *second*, of which most entries with rows have a few."""
    text = _COLUMNS[second].write[second]

    def write(rows: tuple[tuple[str, Any], ...]) -> str:
        parts = []
        for one, other in rows:
            if type(one) is not str or type(other) is not second:
                raise ValueRefused("not a row of this entry")
            parts.append(f"[{_quoted(one)},{text(other)}]")
        return f"[{','.join(parts)}]"

    def read(rows: list[Any]) -> tuple[tuple[object, ...], ...]:
        found = []
        for row in rows:
            one, other = row
            if type(one) is not str or type(other) is not second or type(row) is not list:
                raise ValueRefused("not a row of this entry")
            found.append((one, other))
        return tuple(found)

    return _Column({tuple: write}, {list: read})


def _rows(kinds: tuple[type, ...]) -> _Column:
    def write(rows: tuple[Any, ...]) -> str:
        if not all(type(row) is tuple for row in rows):
            raise ValueRefused("not a row of this entry")
        return _plain_text(rows)

    def read(rows: list[Any]) -> tuple[tuple[object, ...], ...]:
        for row in rows:
            if type(row) is not list or tuple(map(type, row)) != kinds:
                raise ValueRefused("not a row of this entry")
        return tuple(map(tuple, rows))

    return _Column({tuple: write}, {list: read})


_COLUMNS: Mapping[Any, _Column] = {
    str: _Column({str: _quoted}, {str: None}),
    int: _Column({int: int.__repr__}, {int: None}),
    bool: _Column({bool: lambda value: "true" if value else "false"}, {bool: None}),
    datetime: _Column({datetime: _instant}, {str: _instant_read}),
    date: _Column({date: lambda day: f'"{day.isoformat()}"'}, {str: date.fromisoformat}),
    tuple[str, ...]: _Column({tuple: _plain_text}, {list: _texts_read}),
    Mapping[str, Any]: _Column({dict: _plain_text, Written: attrgetter("text")}, {dict: None}),
    Mapping[str, int]: _Column({dict: _counts_text}, {dict: _numbers_read}),
}
_NONE = _Column({NoneType: lambda _: "null"}, {NoneType: None})
_OWN = _Column({dict: lambda fields: _plain_text(fields_to_plain(fields))}, {dict: fields_from_plain})


def _column(name: str, kind: Any) -> _Column:
    """The column of a field; a KeyError if its type is new here."""
    inner = get_args(kind)
    if NoneType in inner:
        (other,) = (each for each in inner if each is not NoneType)
        some = _column(name, other)
        return _Column({**_NONE.write, **some.write}, {**_NONE.read, **some.read})
    if get_origin(kind) is tuple and get_origin(inner[0]) is tuple:
        kinds = get_args(inner[0])
        return _pairs(kinds[1]) if kinds[0] is str and len(kinds) == 2 else _rows(kinds)  # noqa: PLR2004 -- a pair
    return _OWN if name == "fields" else _COLUMNS[kind]


# ── how each class is ──────────────────────────────────────────────────────────────────────────────────────────


def _columns(kind: type[Entry]) -> dict[str, _Column]:
    """The columns of *kind*, by name, in the order of the text; a KeyError if one is new here."""
    attrs.resolve_types(kind)
    columns = {each.name: _column(each.name, each.type) for each in attrs.fields(kind)}
    return {name: columns[name] for name in sorted(columns)}


def _made_of_fields(kind: type[Entry]) -> bool:
    """Whether an entry is its fields and nothing else, so that setting them makes one."""
    slots = (isinstance(getattr(kind, each.name), MemberDescriptorType) for each in attrs.fields(kind))
    judged = any(each.validator or each.converter for each in attrs.fields(kind))
    return all(slots) and not judged and not hasattr(kind, "__attrs_post_init__")


def _defaults(kind: type[Entry]) -> dict[str, object]:
    return {each.name: each.default for each in attrs.fields(kind) if each.default is not attrs.NOTHING}


def _writer(kind: type[Entry]) -> Callable[[Entry], str]:
    """What writes entries of *kind*: a text with gaps, and for each combination of types what fills them."""
    try:
        columns = _columns(kind)
    except KeyError:
        return _slow_text
    defaults = _defaults(kind)
    template, forms = _template(kind.kind, columns, defaults)
    get = attrgetter(*columns)
    plans: dict[tuple[type, ...], tuple[Write, ...]] = {}

    def plan(kinds: tuple[type, ...]) -> tuple[Write, ...]:
        found = {name: columns[name].write[each] for name, each in zip(columns, kinds, strict=True)}
        found |= {name: _unless(defaults[name], found[name], form) for name, form in forms.items()}
        return tuple(found.values())

    def write(entry: Entry) -> str:
        values = get(entry)
        kinds = tuple(map(type, values))
        fill = plans.get(kinds) or plans.setdefault(kinds, plan(kinds))
        text: str = template % tuple(map(call, fill, values))
        if not text.isascii():
            text.encode()  # half a character cannot be
        return text

    return write


def _template(kind: str, names: Iterable[str], defaults: Mapping[str, object]) -> tuple[str, dict[str, str]]:
    """The text with its gaps; and for fields that are left out with their default, the form of the whole gap."""
    parts, forms, comma = [], {}, ""
    for name in sorted([*names, "kind"]):
        key = f"{_quoted(name)}:"
        if name in defaults:
            # Before the first field that is always there, those that may be left out bring the comma after them.
            forms[name] = f"{comma}{key}%s" if comma else f"{key}%s,"
            parts.append("%s")
            continue
        parts.append(comma + key + (_quoted(kind).replace("%", "%%") if name == "kind" else "%s"))
        comma = ","
    return f"{{{''.join(parts)}}}", forms


def _unless(default: object, write: Write, form: str) -> Write:
    return lambda value: "" if value == default else form % write(value)


def _reader(kind: type[Entry]) -> Callable[[Mapping[str, Any]], Entry]:
    """What reads entries of *kind*: for each combination of keys and types, what must be turned into what."""
    try:
        columns = _columns(kind)
    except KeyError:
        return from_plain
    if not _made_of_fields(kind):
        return from_plain
    defaults = _defaults(kind)
    new = object.__new__
    drain = deque[None](maxlen=0).extend
    plans: dict[tuple[tuple[str, ...], tuple[type, ...]], _Plan] = {}

    def plan(names: tuple[str, ...], kinds: tuple[type, ...]) -> _Plan:
        if names != tuple(sorted(names)):
            raise ValueRefused("not canonical")  # read the slow way, so that nobody fills the memory with plans
        at = names.index("kind")
        kinds = kinds[:at] + kinds[at + 1 :]
        names = names[:at] + names[at + 1 :]
        turns = [columns[name].read[each] for name, each in zip(names, kinds, strict=True)]
        if len(names) + len(rest := [name for name in defaults if name not in names]) < len(columns):
            raise ValueRefused("a field is missing")
        setters = tuple(getattr(kind, name).__set__ for name in (*names, *rest))
        return (
            at,
            tuple((place, turn) for place, turn in enumerate(turns) if turn is not None),
            [defaults[name] for name in rest],
            setters,
        )

    def read(plain: Mapping[str, Any]) -> Entry:
        values = [*plain.values()]
        key = tuple(plain), tuple(map(type, values))
        at, turns, rest, setters = plans.get(key) or plans.setdefault(key, plan(*key))
        del values[at]
        for place, turn in turns:
            values[place] = turn(values[place])
        entry = new(kind)
        drain(map(call, setters, repeat(entry), values + rest))
        return entry

    return read


_writers: dict[type[Entry], Callable[[Entry], str]] = {}
_readers: dict[str, Callable[[Mapping[str, Any]], Entry]] = {}
_scan = json.JSONDecoder(parse_float=no_float, parse_constant=no_float).scan_once  # type: ignore[attr-defined]  # it has
