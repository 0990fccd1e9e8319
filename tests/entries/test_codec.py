"""The entry codec: every entry comes back as it went, and its bytes never depend on chance."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity.entries import (
    Enrolled,
    Entry,
    EventRecorded,
    HoldReleased,
    PointsEarned,
    PointsRedeemed,
    ProgramPublished,
    ReturnRecorded,
)
from fidelity.entries.codec import canonical, from_plain, instant_from_text, instant_text, read_json, to_plain
from fidelity.errors import ExactnessError, JournalError, SchemaError, TimeError, ValueRefused
from fidelity.values.money import money

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)

instants = st.datetimes(timezones=st.just(UTC))
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
points = st.integers(1, 2**53 - 1)
counts = st.dictionaries(texts, st.integers(-(2**53), 2**53), max_size=3)
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
objects = st.dictionaries(texts, plain, max_size=3)
lots = st.lists(st.tuples(texts, points), max_size=3).map(tuple)
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
entries: st.SearchStrategy[Entry] = st.one_of(
    st.builds(Enrolled, at=instants, now=instants, member=texts, customer_since=st.dates(), fields=fields),
    st.builds(
        EventRecorded,
        at=instants,
        now=instants,
        event_kind=texts,
        event_id=texts,
        event=objects,
        program=texts,
        digest=texts,
        facts=objects,
        counts=counts,
        effects=st.lists(st.tuples(texts, texts, texts), max_size=2).map(tuple),
    ),
    st.builds(
        PointsEarned,
        at=instants,
        now=instants,
        wallet=texts,
        points=points,
        lot=texts,
        origin=texts,
        starts=instants,
        expires=st.none() | instants,
        reasons=st.lists(st.tuples(texts, texts), max_size=2).map(tuple),
    ),
    st.builds(
        ReturnRecorded,
        at=instants,
        now=instants,
        event_id=texts,
        origin=texts,
        event=objects,
        remains=st.none() | objects,
        counts=counts,
    ),
    st.builds(
        PointsRedeemed,
        at=instants,
        now=instants,
        redemption=texts,
        reward=texts,
        wallet=texts,
        points=points,
        lots=lots,
        worth=texts,
    ),
    st.builds(ProgramPublished, at=instants, now=instants, program=texts, version=texts, digest=texts, text=texts),
)


@given(entries)
def test_an_entry_comes_back_from_its_bytes_as_it_went(entry: Entry):
    assert from_plain(read_json(canonical(to_plain(entry)))) == entry


@given(entries)
def test_the_bytes_of_an_entry_read_back_are_the_same_bytes(entry: Entry):
    once = canonical(to_plain(entry))

    assert canonical(to_plain(from_plain(json.loads(once)))) == once


@given(objects)
def test_the_order_of_keys_leaves_no_trace_in_the_bytes(value: dict[str, object]):
    assert canonical(dict(reversed(value.items()))) == canonical(value)


@given(instants)
def test_an_instant_comes_back_from_its_text(at: datetime):
    assert instant_from_text(instant_text(at)) == at


def test_an_instant_shows_microseconds_only_when_it_has_some():
    assert instant_text(NOON) == "2026-01-05T12:00:00Z"
    assert instant_text(NOON + timedelta(microseconds=5)) == "2026-01-05T12:00:00.000005Z"


def test_an_instant_of_another_zone_is_not_written():
    with pytest.raises(TimeError, match="UTC"):
        instant_text(NOON.astimezone(timezone(timedelta(hours=2))))


@pytest.mark.parametrize("text", ["2026-01-05 12:00:00Z", "2026-01-05T12:00:00", "2026-01-05T12:00:00+00:00", 3])
def test_a_text_that_is_no_instant_is_refused(text: str):
    with pytest.raises(TimeError):
        instant_from_text(text)


def test_a_field_with_its_default_leaves_no_bytes():
    """A field that a later release adds must not change the bytes, and the hashes, of old entries."""
    spent = PointsRedeemed(at=NOON, now=NOON, redemption="r", reward="coffee", wallet="points", points=5, lots=())

    assert "worth" not in to_plain(spent)
    assert from_plain(to_plain(spent)) == spent


@pytest.mark.parametrize("value", [1.0, {"a": [0.5]}, [float("nan")], float("inf")])
def test_a_float_is_refused(value: object):
    with pytest.raises(ExactnessError, match="float"):
        canonical(value)


@pytest.mark.parametrize("value", [{1: "a"}, {"a": {2}}, NOON, b"x", "\ud800", money("1 EUR")])
def test_what_is_no_plain_data_is_refused(value: object):
    with pytest.raises(ValueRefused):
        canonical(value)


@pytest.mark.parametrize(
    "change",
    [
        {"points": "12"},
        {"points": 12.0},
        {"points": True},
        {"points": None},
        {"wallet": 3},
        {"at": "yesterday"},
        {"reasons": [["base"]]},
        {"reasons": [["base", 3]]},
        {"reasons": "base"},
        {"reasons": ["ab"]},
        {"expires": 7},
    ],
)
def test_a_field_of_the_wrong_type_is_refused(change: dict[str, object]):
    earned = PointsEarned(
        at=NOON, now=NOON, wallet="points", points=5, lot="l", origin="o", starts=NOON, expires=None, reasons=()
    )

    with pytest.raises(JournalError, match="earned"):
        from_plain(to_plain(earned) | change)


def test_a_missing_field_is_named():
    with pytest.raises(JournalError, match="'hold'"):
        from_plain({"kind": "released", "at": "2026-01-05T12:00:00Z", "now": "2026-01-05T12:00:00Z"})


def test_what_a_later_release_wrote_is_refused_and_not_guessed():
    known = to_plain(HoldReleased(at=NOON, now=NOON, hold="h"))

    with pytest.raises(SchemaError, match="wizardry"):
        from_plain({"kind": "wizardry"})
    with pytest.raises(SchemaError, match="glow"):
        from_plain(known | {"glow": 1})


@pytest.mark.parametrize("value", [None, [], "x", {}, {"kind": 3}])
def test_what_is_no_entry_is_refused(value: object):
    with pytest.raises(JournalError, match="entry"):
        from_plain(value)  # type: ignore[arg-type]  # on purpose


@pytest.mark.parametrize("text", ["[1e400, NaN]", "1.5", "{", "[" * 100_000, '{"a": Infinity}'])
def test_stored_text_with_floats_or_broken_is_refused(text: str):
    with pytest.raises(JournalError):
        read_json(text)


def test_a_members_own_fields_keep_their_types():
    fields = {"since": date(2020, 1, 1), "spend": money("12.50 EUR"), "likes": frozenset({"tea"}), "vip": True}
    joined = Enrolled(at=NOON, now=NOON, member="ana", customer_since=date(2026, 1, 5), fields=fields)

    assert from_plain(read_json(canonical(to_plain(joined)))) == joined


def test_a_field_that_cannot_be_kept_exactly_is_refused():
    joined = Enrolled(at=NOON, now=NOON, member="ana", customer_since=date(2026, 1, 5), fields={"share": 0.5})

    with pytest.raises(ExactnessError, match=r"0\.5"):
        to_plain(joined)
