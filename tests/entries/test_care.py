"""Entries of the human side: each comes back from its bytes, has its own kind, and has no room for words."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import get_type_hints

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity.entries import Entry, base, care, hardship, points, program, staff
from fidelity.entries.codec import canonical, from_plain, read_json, to_plain

KINDS = [getattr(room, name) for room in (care, hardship, staff) for name in room.__all__]
ALL = {getattr(room, name) for room in (base, care, hardship, points, program, staff) for name in room.__all__}

instants = st.integers(0, 4_000_000_000).map(lambda second: datetime.fromtimestamp(second, UTC))
codes = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
values = {
    str: codes,
    int: st.integers(-(2**53), 2**53),
    bool: st.booleans(),
    date: st.dates(),
    datetime: instants,
    tuple[str, ...]: st.lists(codes, max_size=3).map(tuple),
    tuple[tuple[str, str], ...]: st.lists(st.tuples(codes, codes), max_size=3).map(tuple),
    tuple[tuple[str, int], ...]: st.lists(st.tuples(codes, st.integers(0, 2**53)), max_size=3).map(tuple),
}


def made(kind):
    types = get_type_hints(kind)
    return st.builds(kind, **{each.name: values[types[each.name]] for each in attrs.fields(kind)})


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_every_entry_comes_back_from_its_bytes(kind, data):
    entry = data.draw(made(kind))

    back = from_plain(read_json(canonical(to_plain(entry))))

    assert back == entry
    assert type(back) is kind
    assert hash(back) == hash(entry)


def test_every_kind_of_entry_has_a_name_of_its_own():
    names = [each.kind for each in ALL - {Entry}]

    assert len(set(names)) == len(names)
    assert all(name == name.lower().strip() for name in names)


@pytest.mark.parametrize("kind", KINDS)
def test_an_entry_has_no_room_for_words(kind):
    """Names, reasons and opinions live in `Members`, where they can be erased; here stands their digest."""
    fields = {each.name for each in attrs.fields(kind)}

    assert not fields & {"name", "text", "words", "comment", "note", "email", "phone", "birth_date", "address"}


@pytest.mark.parametrize("kind", KINDS)
def test_an_entry_says_in_one_line_what_happened(kind):
    assert kind.__doc__.strip().count("\n") == 0
    assert kind.__doc__.strip().endswith(".")
