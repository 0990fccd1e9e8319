"""The quick way from an entry to its text and back: the same bytes, entries and refusals as the plain way."""

from __future__ import annotations

import enum
import json
from collections import OrderedDict
from datetime import UTC, date, datetime, timedelta, timezone
from types import MappingProxyType
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity.entries import Enrolled, EventRecorded, HoldReleased, PointsEarned, PointsRedeemed
from fidelity.entries.codec import canonical, entry_of, from_plain, read_json, text_of, to_plain
from fidelity.errors import ExactnessError, TimeError, ValueRefused
from tests.entries.kinds import classes, entries, objects, texts

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


class Text(str):
    __slots__ = ()


class Number(enum.IntEnum):
    ONE = 1


def slow_text(entry):
    return canonical(to_plain(entry)).decode()


def slow_entry(body):
    return from_plain(read_json(body))


def outcome(turn, value):
    """What *turn* makes of *value*, or what it says to it."""
    try:
        return turn(value)
    except Exception as error:  # noqa: BLE001 -- whatever it is, it must be the same
        return type(error), str(error)


def test_every_kind_of_entry_is_tried():
    assert len(classes()) > 40
    assert {Enrolled, EventRecorded, PointsEarned} < set(classes())


@given(entries)
def test_the_quick_text_is_the_canonical_text(entry):
    assert text_of(entry) == slow_text(entry)


@given(entries)
def test_an_entry_comes_back_from_its_text_as_it_went(entry):
    again = entry_of(text_of(entry))

    assert again == entry == slow_entry(text_of(entry))
    assert type(again) is type(entry)


ODD = (
    None, True, False, 0, 1, 2**70, "", "x", "\ud800", Text("x"), Number.ONE, 0.5, float("nan"), b"x", (), [], {}, {"a": 1},
    {"a": True}, {"a": None}, {"a": Text("b")}, {Text("a"): 1}, {1: 2}, {"a": 0.5}, {"a": {"b": 0.5}}, {"a": "\ud800"},
    {"\ud800": 1}, OrderedDict(a=1), MappingProxyType({"b": 1, "a": 2}), {"a": OrderedDict()}, {"b": [1, (2, "x")], "a": {}},
    (("a", 1),), (("a", True),), (["a", 1],), (("a", "b"),), (("a",),), (("a", "b", "c"),), ("ab",), "ab", (("a", 0.5),),
    (Text("a"),), ("a", "b"), (("\ud800", 1),), ((Text("a"), 1),), [("a", 1)],
    date(2026, 1, 5), NOON, NOON.replace(tzinfo=None), NOON.astimezone(timezone(timedelta(hours=2))),
    NOON.astimezone(ZoneInfo("UTC")), NOON.replace(tzinfo=timezone(timedelta(0), "here")),
)  # fmt: skip


@given(entries, st.data())
def test_whatever_stands_in_a_field_is_written_or_refused_as_the_plain_way_does(entry, data):
    name = data.draw(st.sampled_from([each.name for each in attrs.fields(type(entry))]))
    changed = attrs.evolve(entry, **{name: data.draw(st.sampled_from(ODD))})

    assert outcome(text_of, changed) == outcome(slow_text, changed)


@given(entries, st.data())
def test_whatever_stands_in_a_text_is_read_or_refused_as_the_plain_way_does(entry, data):
    plain = json.loads(text_of(entry))
    name = data.draw(st.sampled_from([*plain, "glow"]))
    odd = [each for each in ODD if "\ud800" not in repr(each) and not isinstance(each, bytes | date | MappingProxyType)]
    change = data.draw(st.sampled_from(["drop", "put", "turn", "space"]))
    if change == "drop":
        plain.pop(name, None)
    elif change == "put":
        plain[name] = data.draw(st.sampled_from([each for each in odd if not isinstance(each, dict) or 1 not in each]))
    body = json.dumps(dict(reversed(plain.items())) if change == "turn" else plain)

    assert outcome(entry_of, body) == outcome(slow_entry, body)


@given(st.one_of(texts, objects.map(json.dumps), st.just("[" * 100_000), st.sampled_from(
    ["", " {}", '{"kind":"released"}', '{"kind":["released"]}', "[]", "1e400", "NaN", '{"kind":"released"} x', "\ufeff{}"],
)))  # fmt: skip
def test_what_is_no_entry_is_refused_as_the_plain_way_does(body):
    assert outcome(entry_of, body)[0] == outcome(slow_entry, body)[0]


def test_more_instants_than_are_remembered_are_read(monkeypatch):
    monkeypatch.setattr("fidelity.entries.codec._INSTANTS", 3)
    kept = [HoldReleased(at=NOON + n * timedelta(days=1), now=NOON + n * timedelta(days=1), hold="h") for n in range(9)]

    for entry in kept * 2:
        assert entry_of(text_of(entry)) == entry


def test_a_text_with_blanks_is_read():
    entry = HoldReleased(at=NOON, now=NOON, hold="h")

    assert entry_of(f" {json.dumps(to_plain(entry), indent=1)} \n") == entry


def test_equal_instants_of_another_zone_are_not_taken_for_one_that_was_written_before():
    entry = HoldReleased(at=NOON, now=NOON, hold="h")
    text_of(entry)

    with pytest.raises(TimeError, match="UTC"):
        text_of(attrs.evolve(entry, at=NOON.astimezone(timezone(timedelta(hours=2)))))


def test_floats_and_half_characters_are_refused():
    spent = PointsRedeemed(at=NOON, now=NOON, redemption="r", reward="\ud800", wallet="points", points=5, lots=())

    with pytest.raises(ValueRefused, match="half a character"):
        text_of(spent)
    with pytest.raises(ExactnessError, match="float"):
        text_of(attrs.evolve(spent, reward="coffee", points=5.0))


def test_a_subclass_that_adds_what_nobody_knows_is_written_the_plain_way():
    @attrs.frozen(kw_only=True)
    class Odd(HoldReleased):
        kind = "odd"

        more: list[int] = attrs.Factory(list)

    entry = Odd(at=NOON, now=NOON, hold="h")

    assert text_of(entry) == slow_text(entry)
