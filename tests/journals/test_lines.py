"""Lines that are read when they are looked at: the same lines, and the same refusals, as those read at once."""

from __future__ import annotations

import pytest

from fidelity.errors import JournalError, SchemaError
from fidelity.journals import Stream
from fidelity.journals.lines import Lines
from tests.journals.lines import CAFE, batch, lines, write

STREAM = "points/ana"


def read_later(*names):
    return Lines(CAFE, STREAM, 1, [(line.body, line.link) for line in lines(*names)])


def test_they_are_the_lines_that_were_kept():
    kept, found = lines("a", "b", "c"), read_later("a", "b", "c")

    assert tuple(found) == kept
    assert [*found.entries()] == [line.entry for line in kept]
    assert Stream(STREAM, 3, found) == Stream(STREAM, 3, kept)
    assert (len(found), found[0], found[-1], found[1:]) == (3, kept[0], kept[2], kept[1:])
    assert found == kept
    assert found == read_later("a", "b", "c")
    assert found != kept[:2]
    assert found != "abc"
    assert hash(found) == hash(kept)
    assert repr(found) == "<3 lines of points/ana>"


def test_there_is_none_beyond_the_last():
    with pytest.raises(IndexError):
        read_later("a")[1]


@pytest.mark.parametrize(
    ("body", "error"),
    [("{", JournalError), ('{"kind":"wizardry"}', SchemaError), ('{"kind":"released"}', JournalError)],
)
def test_one_that_cannot_be_read_is_named_when_it_is_looked_at(body, error):
    first = lines("a")[0]
    found = Lines(CAFE, STREAM, 7, [(first.body, first.link), (body, "link")])

    assert found[0] == first
    looks = (
        lambda: found[1],
        lambda: found[-1],
        lambda: found[0:2],
        lambda: list(found),
        lambda: list(found.entries()),
        lambda: Stream(STREAM, 8, found).entries,
    )
    for look in looks:
        with pytest.raises(error, match="version 8 of 'points/ana' cannot be read") as raised:
            look()
        assert (raised.value.program, raised.value.stream, raised.value.version) == (CAFE, STREAM, 8)


def test_a_long_stream_is_resumed_line_by_line_and_a_short_one_at_once(stored):
    names = [f"{n}" for n in range(300)]
    stored.append(batch(write(STREAM, 0, *names), write("points/eva", 0, "a")))

    found = stored.resume(CAFE, [STREAM, "points/eva"], after={})

    assert isinstance(found[STREAM].lines, Lines)
    assert isinstance(found["points/eva"].lines, tuple)
    assert found == stored.load(CAFE, [STREAM, "points/eva"])
