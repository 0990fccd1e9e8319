"""A host's own events and fields: declared with a type and bounds, kept inside them, read like our own."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity import Program
from fidelity.errors import (
    EventError,
    ExactnessError,
    FidelityError,
    LanguageError,
    MoneyError,
    ProgramError,
    TimeError,
)
from fidelity.language.declare import (
    CustomEvent,
    Fields,
    accept,
    accept_all,
    amount,
    choice,
    code,
    day,
    declared_kinds,
    flag,
    instant,
    tags,
    whole,
)
from fidelity.language.fields import purchase
from fidelity.language.kinds import Amount, Choice, Day, Flag, Instant, Tags, Whole
from fidelity.language.loading import Loader
from fidelity.language.resolve import resolve_condition
from fidelity.language.scalar import compile_outputs
from fidelity.language.schema import Schema, calendar
from fidelity.language.text import parse
from fidelity.values.money import Money, money
from tests.language.typed import MADRID

NOON = datetime(2026, 6, 1, 10, tzinfo=UTC)


class Flight(CustomEvent):
    miles = whole(0, 20_000, obtained="earned", label={"en": "miles", "es": "millas"})
    cabin = choice("economy", "business", "first", ordered=True, default="economy")
    partner = code()
    upgraded = flag(default=False)
    perks = tags("lounge", "priority")
    fare = amount(5_000, obtained="bought")
    tip = amount(default="0 EUR")
    booked = day(date(2020, 1, 1), date(2029, 12, 31))
    boarded = instant()


class Fuel(Fields, of="purchase"):
    litres = whole(0, 1_000, label="litres")


def flight(**more):
    return Flight(
        "F-1",
        **(
            {"member": "ana", "at": NOON, "miles": 500, "fare": "120 EUR", "booked": date(2026, 1, 1), "boarded": NOON}
            | more
        ),
    )


# -- a declaration is a handle on the class and a value on the event


def test_a_field_read_on_the_class_is_written_into_conditions():
    assert (Flight.miles >= 500).node == parse("flight.miles >= 500")
    assert (Flight.cabin >= "business").node == parse('flight.cabin >= "business"')
    assert (Flight.fare >= "100 EUR").node == parse("flight.fare >= 100 EUR")
    assert Flight.upgraded.node == parse("flight.upgraded")
    assert (Fuel.litres >= 30).node == parse("purchase.litres >= 30")


def test_a_field_read_on_an_event_is_its_value():
    told = flight(perks=["lounge"], upgraded=True)

    assert (told.miles, told.cabin, told.partner, told.upgraded, told.perks) == (500, "economy", "", True, {"lounge"})
    assert (told.fare, told.tip, told.booked, told.boarded) == (
        money("120 EUR"),
        money("0 EUR"),
        date(2026, 1, 1),
        NOON,
    )


def test_a_hosts_event_has_the_calendar_too():
    assert (Flight.weekday == "saturday").node == parse('flight.weekday == "saturday"')
    assert (Flight.date >= "2026-06-01").node == parse("flight.date >= 2026-06-01")
    assert (Flight.month == 6).node == parse("flight.month == 6")
    assert (Flight.day <= 7).node == parse("flight.day <= 7")
    assert (Flight.hour < 9).node == parse("flight.hour < 9")
    assert (Flight.at < "2026-06-01T12:00:00Z").node == parse("flight.at < 2026-06-01T12:00:00Z")
    assert flight().at == NOON
    with pytest.raises(AttributeError, match="depends on the program's zone"):
        _ = flight().weekday


def test_a_hosts_own_hour_is_its_own_once_the_schema_says_so():
    class Shift(CustomEvent):
        hour = whole(0, 30)

    kinds = {**{f"shift.{name}": kind for name, kind in calendar().items()}, "shift.hour": Shift.declared["hour"]}
    decide = compile_outputs(
        [(resolve_condition((Shift.hour == 28).node, Schema("EUR", kinds)), 0)], Loader("shift", kinds, MADRID)
    )

    assert decide(Shift("S-1", member="ana", at=NOON, hour=28), None) == (True,)


def test_an_event_is_a_value():
    assert flight() == flight()
    assert flight() != flight(miles=501)
    assert flight() != Flight(
        "F-2", member="ana", at=NOON, miles=500, fare="120 EUR", booked=date(2026, 1, 1), boarded=NOON
    )
    assert pickle.loads(pickle.dumps(flight())) == flight()  # noqa: S301 -- our own bytes
    with pytest.raises(AttributeError):
        flight().miles = 3
    assert Flight.kind == "flight"


def test_the_kind_is_the_name_in_lower_case_or_the_one_that_is_told():
    class HotelNight(CustomEvent):
        nights = whole(1, 90)

    class Vuelo(CustomEvent, kind="flight_es"):
        pass

    class LongHaul(Flight):
        stops = whole(0, 5, default=0)

    assert (HotelNight.kind, Vuelo.kind, LongHaul.kind) == ("hotel_night", "flight_es", "long_haul")
    assert (HotelNight.nights > 1).node == parse("hotel_night.nights > 1")
    assert list(LongHaul.declared) == [*Flight.declared, "stops"]
    assert (LongHaul.miles > 1).node == parse("long_haul.miles > 1")


@pytest.mark.parametrize(
    "kind", ["goodwill", "merge", "rerate", "transfer", "undo", "hold", "redemption", "protection"]
)
def test_what_the_ids_of_the_books_begin_with_names_no_event(kind):
    with pytest.raises(LanguageError, match="give it another kind") as caught:
        type("Mine", (CustomEvent,), {}, kind=kind)

    assert caught.value.facts["kind"] == kind


def test_kinds_carry_what_was_declared():
    kinds = declared_kinds(Flight)

    assert kinds["miles"] == Whole(0, 20_000, obtained="earned", label={"en": "miles", "es": "millas"})
    assert kinds["fare"].obtained == "bought"
    assert kinds["cabin"] == Choice(("economy", "business", "first"), ordered=True, default="economy")
    assert kinds["partner"] == Choice(None, default="")
    assert kinds["perks"] == Tags(("lounge", "priority"))
    assert kinds["fare"].high == 5_000 * 10_000
    assert (kinds["booked"].low, kinds["booked"].high) == (date(2020, 1, 1), date(2029, 12, 31))
    assert Fuel.declared["litres"].label == {"en": "litres", "es": "litres"}


# -- values at and beyond the bounds


@pytest.mark.parametrize(
    ("told", "error", "sentence"),
    [
        ({"miles": -1}, ExactnessError, "flight.miles must be at least 0, not -1"),
        ({"miles": 20_001}, ExactnessError, "flight.miles must be at most 20000, not 20001"),
        ({"miles": 5.0}, ExactnessError, "flight.miles must be a whole number"),
        ({"miles": True}, ExactnessError, "flight.miles must be a whole number"),
        ({"miles": "5"}, ExactnessError, "flight.miles must be a whole number"),
        ({"miles": 10**1_000_000}, ExactnessError, "digits"),
        ({"cabin": "busines"}, EventError, "flight.cabin cannot be 'busines'; did you mean \"business\"?"),
        ({"cabin": 1}, EventError, "flight.cabin must be a code (text), not 1"),
        ({"partner": None}, EventError, "flight.partner must be a code (text), not None"),
        ({"upgraded": 1}, EventError, "flight.upgraded must be true or false, not 1"),
        ({"perks": "lounge"}, EventError, "flight.perks must be a list of texts, not 'lounge'"),
        ({"perks": 5}, EventError, "flight.perks must be a list of texts, not 5"),
        ({"perks": None}, EventError, "flight.perks must be a list of texts"),
        ({"perks": [5]}, EventError, "flight.perks must be a list of texts"),
        ({"perks": ["loung"]}, EventError, "flight.perks cannot hold 'loung'; did you mean \"lounge\"?"),
        ({"fare": 120}, MoneyError, "120"),
        ({"fare": 120.0}, FidelityError, "120.0"),
        ({"fare": "-1 EUR"}, EventError, "within its declared bounds"),
        ({"fare": "1000000 EUR"}, EventError, "within its declared bounds"),
        ({"booked": "2026-01-01"}, EventError, "flight.booked must be a date, not '2026-01-01'"),
        ({"booked": NOON}, EventError, "flight.booked must be a date"),
        ({"booked": date(2019, 12, 31)}, EventError, "between 2020-01-01 and 2029-12-31"),
        ({"booked": date(2030, 1, 1)}, EventError, "between 2020-01-01 and 2029-12-31"),
        ({"boarded": datetime(2026, 1, 1)}, TimeError, "boarded"),  # noqa: DTZ001 -- the mistake
        ({"boarded": date(2026, 1, 1)}, TimeError, "boarded"),
        ({"boarded": "2026-01-01T00:00Z"}, TimeError, "boarded"),
        ({"mles": 5}, EventError, 'flight has no field "mles"; did you mean "miles"?'),
        ({"zzz": 5}, EventError, 'flight has no field "zzz"; it has miles, cabin'),
    ],
)  # fmt: skip
def test_a_value_outside_of_its_declaration_is_refused(told, error, sentence):
    with pytest.raises(error) as caught:
        flight(**told)
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    "told",
    [
        {"miles": 0}, {"miles": 20_000}, {"fare": "0 EUR"}, {"fare": money("5000 EUR")},
        {"booked": date(2020, 1, 1)}, {"booked": date(2029, 12, 31)}, {"perks": ()}, {"perks": {"lounge"}},
    ],
)  # fmt: skip
def test_a_value_at_its_bound_is_taken(told):
    ((name, value),) = told.items()
    held = getattr(flight(**told), name)

    assert held == (
        money(value) if isinstance(value, str) else frozenset(value) if isinstance(value, tuple | set) else value
    )


def test_what_is_not_told_takes_its_default_or_is_asked_for():
    with pytest.raises(EventError, match=r"flight\.miles is missing; pass miles=…, or declare a default"):
        Flight("F-1", member="ana", at=NOON)
    assert accept_all(
        declared_kinds(Flight), {"miles": 1, "fare": "1 EUR", "booked": date(2026, 1, 1), "boarded": NOON}, "flight"
    ) == {
        "miles": 1,
        "cabin": "economy",
        "partner": "",
        "upgraded": False,
        "perks": frozenset(),
        "fare": Money(100, "EUR"),
        "tip": Money(0, "EUR"),
        "booked": date(2026, 1, 1),
        "boarded": NOON,
    }


def test_money_in_another_currency_is_refused_where_the_program_is_known():
    with pytest.raises(MoneyError, match=r"flight.fare is 5.00 USD and the program is in EUR; convert it first"):
        accept(Amount(), "5 USD", "flight.fare", currency="EUR")
    with pytest.raises(MoneyError, match="convert it first"):
        accept_all({"fare": Amount(default="0 USD")}, {}, "flight", currency="EUR")
    assert accept(Amount(), "5 USD", "flight.fare") == Money(500, "USD")


def test_a_member_of_an_enumeration_stands_for_its_text():
    class Cabin(str, Enum):  # noqa: UP042 -- an older way, still common
        FIRST = "first"

    class Trip(CustomEvent):
        cabin = choice(*Cabin)

    held = Trip("T-1", member="ana", at=NOON, cabin=Cabin.FIRST).cabin

    assert type(held) is str
    assert held == "first"
    assert Trip.declared["cabin"] == Choice(("first",))
    assert flight(cabin=Cabin.FIRST) == flight(cabin="first")


KINDS = [
    Whole(-5, 5),
    Amount(0, 100),
    Choice(None),
    Choice(("a", "b")),
    Tags(None),
    Tags(("a",)),
    Flag(),
    Day(),
    Instant(),
]
VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.binary(max_size=3), st.dates(),
    st.datetimes(), st.datetimes(timezones=st.just(UTC)), st.lists(st.text(max_size=2), max_size=2),
    st.sampled_from(["a", "1 EUR", Decimal("1.5")]),
)  # fmt: skip


@given(st.sampled_from(KINDS), VALUES)
def test_any_value_is_accepted_as_declared_or_refused(kind, value):
    try:
        held = accept(kind, value, "event.field")
    except FidelityError:
        return
    assert accept(kind, held, "event.field") == held


# -- declarations that cannot stand


@pytest.mark.parametrize(
    ("attempt", "sentence"),
    [
        (lambda: whole(5, 1), "high must be at least 5"),
        (lambda: whole(0, 2**53), "high must be at most"),
        (lambda: whole(0.0, 5), "low must be a whole number"),
        (lambda: whole(0, 10, default=11), "default must be at most 10, not 11"),
        (lambda: whole(0, 10, obtained="bougth"), 'did you mean "bought"?'),
        (lambda: whole(0, 10, obtained="stolen"), "write earned, declared, bought or given"),
        (lambda: whole(0, 10, label=5), "a label is a text"),
        (lambda: amount("99.90"), "high must be a whole number"),
        (lambda: amount("１２"), "high must be a whole number"),
        (lambda: amount(10**12), "high must be at most"),
        (lambda: amount(default=0), "0"),
        (choice, "at least one code, each once"),
        (lambda: choice("a", "a"), "each code is listed once: a, a"),
        (lambda: choice(["a", "b"]), "write the codes one by one"),
        (lambda: choice("a", default="b"), "default cannot be 'b'"),
        (lambda: tags("a", "a"), "each code is listed once"),
        (lambda: flag(default=1), "default must be true or false"),
        (lambda: code(default=5), "default must be a code"),
        (lambda: day("2026-01-01"), "the bounds of a day are dates"),
        (lambda: day(date(2026, 1, 2), date(2026, 1, 1)), "bounds go from low to high"),
    ],
)
def test_a_declaration_that_cannot_stand_is_refused_where_it_is_written(attempt, sentence):
    with pytest.raises(FidelityError) as caught:
        attempt()
    assert sentence in str(caught.value)


@pytest.mark.parametrize("name", ["id", "member", "at", "fields", "kind", "declared"])
def test_what_every_event_has_cannot_be_declared_again(name):
    with pytest.raises(LanguageError, match=f'every event has "{name}" already; choose another name'):
        type("Odd", (CustomEvent,), {name: whole(0, 5)})


@pytest.mark.parametrize(
    "kind", ["and", "not", "true", "lines", "measure", "limit", "cap", "my event", "2nd", "a.b", "ﬁ-x"]
)
def test_an_event_is_called_what_a_condition_can_call_it(kind):
    with pytest.raises(LanguageError, match="give it another kind="):
        type("Odd", (CustomEvent,), {}, kind=kind)


@pytest.mark.parametrize("of", ["", "purchse", "anything", "reward", "measure"])
def test_fields_belong_to_somebody(of):
    with pytest.raises(LanguageError, match="fields belong to an event, a line, the member or a redemption"):
        type("Odd", (Fields,), {"litres": whole(0, 5)}, of=of)


@pytest.mark.parametrize("nothing", [Fields, type("Odd", (Fields,), {})])
def test_fields_of_nobody_are_none_that_a_program_has(nothing):
    with pytest.raises(ProgramError, match=r'write class Fuel\(Fields, of="purchase"\)'):
        Program("Shop", version="1", currency="EUR", timezone="UTC", earn=[], fields=[nothing])


def test_a_declared_field_is_not_mixed_up_with_ours():
    with pytest.raises(AttributeError, match="declare your own in a Fields class"):
        _ = purchase.zzz
