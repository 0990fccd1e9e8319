"""Strategies for what a journal keeps: entries of every kind, and batches that are legal in their order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from types import NoneType
from typing import Any, get_args, get_origin

import attrs
from hypothesis import strategies as st

from fidelity.entries import Entry
from fidelity.entries.chain import genesis, seal
from fidelity.errors import FidelityError
from fidelity.journals.port import Applied, Batch, Write
from fidelity.values.money import Money
from fidelity.values.spelling import suggest

__all__ = ["batches", "entries"]

_LARGEST = 2**53 - 1
_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
_INSTANTS = st.datetimes(timezones=st.just(UTC))
_PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | _TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS, inner, max_size=3),
    max_leaves=6,
)
_FIELDS = st.dictionaries(
    _TEXTS,
    st.integers()
    | st.booleans()
    | _TEXTS
    | st.dates()
    | _INSTANTS
    | st.frozensets(_TEXTS, max_size=3)
    | st.sampled_from([Money(1_250, "EUR"), Money(7, "JPY")]),
    max_size=3,
)

_SIMPLE: Mapping[object, st.SearchStrategy[Any]] = {
    str: _TEXTS,
    int: st.integers(-_LARGEST, _LARGEST),
    bool: st.booleans(),
    datetime: _INSTANTS,
    date: st.dates(),
    NoneType: st.none(),
    Any: _PLAIN,
}


def _kinds(kind: type[Entry] = Entry) -> Iterator[type[Entry]]:
    for each in kind.__subclasses__():
        # attrs makes a second class with slots; the first one lingers until collected and has no fields of its own.
        # What a test declares is no kind of ours.
        if "__attrs_attrs__" in each.__dict__ and each.__module__.startswith("fidelity."):
            yield each
            yield from _kinds(each)


def _value(kind: Any) -> st.SearchStrategy[Any]:
    if kind in _SIMPLE:
        return _SIMPLE[kind]
    origin, inner = get_origin(kind), get_args(kind)
    if origin is tuple and inner[1:] == (...,):
        return st.lists(_value(inner[0]), max_size=2).map(tuple)
    if origin is tuple:
        return st.tuples(*map(_value, inner))
    if origin is Mapping:
        return st.dictionaries(_TEXTS, _value(inner[1]), max_size=3)
    return st.one_of(*map(_value, inner))


def _entry(kind: type[Entry]) -> st.SearchStrategy[Entry]:
    attrs.resolve_types(kind)
    parts = {each.name: _FIELDS if each.name == "fields" else _value(each.type) for each in attrs.fields(kind)}
    return st.builds(kind, **parts)


def entries(*kinds: str) -> st.SearchStrategy[Entry]:
    """
    Entries of every kind that there is, or of these *kinds*; each can be written and read back.

    What they say need not be true: they are for stores and codecs, `histories` for books.
    """
    known = {each.kind: each for each in _kinds()}
    for name in kinds:
        if name not in known:
            message = f"there are no entries of kind {name!r}; {suggest(name, known) or ', '.join(sorted(known))}"
            raise FidelityError(message, kind=name)
    return st.sampled_from(sorted(kinds or known)).flatmap(lambda name: _entry(known[name]))


@st.composite
def batches(
    draw: st.DrawFn,
    *,
    program: str = "Café Aurora",
    streams: Iterable[str] = ("points/ana", "points/eva", "care/ana"),
    max_size: int = 6,
) -> tuple[Batch, ...]:
    """
    Batches for a journal that has nothing of *program* yet, legal in their order.

    Every expected version is the true one, every key is new, and the links of each stream are one chain.

    Args:
        program: Whose they are.
        streams: Which streams they may write to.
        max_size: The most batches.
    """
    names = list(streams)
    tips: dict[str, tuple[int, str]] = {name: (0, genesis(program, name)) for name in names}
    several = st.lists(entries(), min_size=1, max_size=3)
    found = []
    for number in range(draw(st.integers(0, max_size))):
        writes = []
        for name in draw(st.lists(st.sampled_from(names), unique=True)):
            version, link = tips[name]
            lines = seal(draw(several), link)
            writes.append(Write(name, version, lines))
            tips[name] = (version + len(lines), lines[-1].link)
        receipts = draw(st.lists(st.dictionaries(_TEXTS, _PLAIN, max_size=3), max_size=2))
        applied = (Applied(f"{number}/{place}", f"{place:064x}", each) for place, each in enumerate(receipts))
        found.append(Batch(program, tuple(writes), tuple(applied)))
    return tuple(found)
