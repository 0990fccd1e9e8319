"""When a rule applies: days in the program's zone, and how often in which time."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

import fidelity as fd
from fidelity import CustomEvent, EarnRule, code, points, purchase
from tests.field.cases import case
from tests.field.shop import at, program, sale, shop


def earned(rule, amount, on):
    return program(rule).evaluate(sale("T-1", amount, on)).points


@case("SYL-056")
def test_a_day_is_the_whole_of_it_and_nothing_else():
    friday = EarnRule("friday", points(10), during=("2026-11-27", "2026-11-27"))
    thursdays = EarnRule("thursdays", points(10), when=purchase.weekday == "thursday")

    days = ["2026-11-27 12:00:00", "2026-11-26 23:59:59", "2026-11-28 00:00:01"]
    assert [earned(friday, 1, day) for day in days] == [10, 0, 0]
    assert earned(thursdays, 1, "2026-01-01") == 10


@case("SYL-056")
def test_a_minimum_order_of_50_is_reached_with_50():
    enough = [EarnRule("minimum", points(10), when=purchase.amount >= least) for least in ("50.00", "50.01")]

    assert [earned(rule, "50.00", "2026-01-15") for rule in enough] == [10, 0]


@case("OSC-003")
def test_the_first_and_the_last_day_belong_to_the_time_of_a_code():
    year = EarnRule("code", points(10), during=("2011-01-01", "2012-01-01"))

    days = ["2011-01-01", "2011-06-10", "2012-01-01", "2012-03-10"]
    assert [bool(earned(year, 1, day)) for day in days] == [True, True, True, False]


@case("BUG-21")
def test_a_code_does_nothing_after_its_last_day():
    """A date was compared as a text, and the code went on."""
    past = program(EarnRule("code", points(10), when=purchase.tags.has("SPRING"), during=("2026-03-01", "2026-05-31")))

    late = past.evaluate(sale("T-1", 100, "2026-06-01 00:00:00", tags=["SPRING"]))

    assert (late.points, [(each.rule, each.because) for each in late.missed]) == (0, [("code", "during")])


@case("BUG-15")
def test_a_promotion_of_the_day_counts_for_who_bought_on_that_day_however_late_it_is_learned():
    """A buyer in California paid before midnight; the order was looked at again when it was tomorrow in UTC."""
    angeles = ZoneInfo("America/Los_Angeles")
    today = program(EarnRule("today", points(10), during=("2026-06-30", "2026-06-30")), timezone="America/Los_Angeles")
    loyalty = shop(today)
    paid = datetime(2026, 6, 30, 23, 30, tzinfo=angeles)
    assert paid.astimezone(ZoneInfo("UTC")).day == 1

    order = sale("T-1", 100, paid)
    first = loyalty.record(order, now=paid + timedelta(hours=8))
    again = loyalty.record(order, now=paid + timedelta(days=3))
    next_day = loyalty.record(sale("T-2", 100, paid + timedelta(hours=1)), now=paid + timedelta(days=4))

    assert (first.points, again.points, again.repeated, next_day.points) == (10, 10, True, 0)


class Companion(CustomEvent):
    """Somebody whom the member may buy tickets for from now on; each person is told once."""

    person = code(obtained="declared")


def places(limit, zone):
    place = EarnRule("a place", on=Companion, limit=limit, benefit="tickets for this person")
    return shop(program(place, events=[Companion], timezone=zone))


def opened(loyalty, person, on):
    receipt = loyalty.record(Companion(person, member="ana", at=at(on), person=person), now=at(on))
    return bool(receipt.effects)


@case("TERM-36")
def test_of_24_places_in_any_12_months_the_first_opens_again_after_a_year():
    loyalty = places("24 in any 12 months", "America/Santiago")

    first = [opened(loyalty, f"person {n}", f"2021-04-{9 + n:02}") for n in range(1, 15)]
    rest = [opened(loyalty, f"person {n}", f"2021-05-{n:02}") for n in range(15, 25)]

    assert (first + rest).count(True) == 24
    assert not opened(loyalty, "one more", "2021-12-01")
    assert not opened(loyalty, "the day before", "2022-04-09")
    assert opened(loyalty, "the day", "2022-04-10")


@case("TERM-36")
def test_of_25_places_in_a_calendar_year_all_open_again_on_new_years_day():
    loyalty = places("25 per calendar year", "America/Sao_Paulo")

    assert all(opened(loyalty, f"person {n}", f"2021-12-{n:02}") for n in range(1, 26))
    assert not opened(loyalty, "person 26", "2021-12-31")
    assert opened(loyalty, "person 26 again", "2022-01-01")


@case("TERM-36")
def test_the_terms_say_which_of_both_is_meant():
    """An unclear rule is a broken promise: "24 a year" is refused until it says which year."""
    with pytest.raises(fd.FidelityError, match="two things"):
        EarnRule("a place", on=Companion, limit="24 per year", benefit="tickets")
