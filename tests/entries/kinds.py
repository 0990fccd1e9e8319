"""Every kind of entry, as a strategy: what its fields say they may hold."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from types import NoneType
from typing import Any, get_args, get_origin

import attrs
from hypothesis import strategies as st

from fidelity.entries import Entry
from fidelity.values.money import money

instants = st.datetimes(timezones=st.just(UTC))
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.sampled_from(
    ['"', "\\", "é%s", "\x1f\u2028"]
)
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
objects = st.dictionaries(texts, plain, max_size=3)
fields = st.dictionaries(
    texts,
    st.integers()
    | st.booleans()
    | texts
    | st.dates()
    | instants
    | st.frozensets(texts, max_size=3)
    | st.sampled_from([money("12.50 EUR"), money("7 JPY")]),
    max_size=3,
)
_SIMPLE: dict[Any, st.SearchStrategy[Any]] = {
    str: texts,
    int: st.integers(-(2**53), 2**53) | st.just(0),
    bool: st.booleans(),
    datetime: instants,
    date: st.dates(),
    NoneType: st.none(),
    Any: plain,
}


def classes(kind: type[Entry] = Entry) -> list[type[Entry]]:
    """Every class of entries."""
    found = [each for each in kind.__subclasses__() if "__attrs_attrs__" in each.__dict__]
    return [each for one in found for each in (one, *classes(one))]


def held(name: str, kind: Any) -> st.SearchStrategy[Any]:
    """What a field of this type may hold."""
    inner = get_args(kind)
    if NoneType in inner:
        return st.one_of([held(name, each) for each in inner])
    if get_origin(kind) is tuple and inner[1:] == (...,):
        return st.lists(held(name, inner[0]), max_size=3).map(tuple)
    if get_origin(kind) is tuple:
        return st.tuples(*(held(name, each) for each in inner))
    if get_origin(kind) is Mapping:
        return fields if name == "fields" else st.dictionaries(texts, _SIMPLE[inner[1]], max_size=3)
    return _SIMPLE[kind]


def entries_of(kind: type[Entry]) -> st.SearchStrategy[Entry]:
    """Entries of *kind*; what may be left out often is."""
    attrs.resolve_types(kind)
    parts = {}
    for each in attrs.fields(kind):
        inside = held(each.name, each.type)
        parts[each.name] = inside if each.default is attrs.NOTHING else st.just(each.default) | inside
    return st.builds(kind, **parts)


entries = st.sampled_from(sorted(classes(), key=lambda each: each.__name__)).flatmap(entries_of)
