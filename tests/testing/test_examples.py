"""The example programs: complete, audited, and right to the point."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from fidelity import Facts, Line, Program, Purchase
from fidelity.events import Anniversary
from fidelity.testing.examples import (
    Flight,
    airline,
    aurora,
    bank_card,
    hotel,
    stamp_card,
    subscription,
    supermarket,
    supplier,
)
from fidelity.wording.tongue import own

EVERY = (aurora, stamp_card, supermarket, airline, hotel, subscription, bank_card, supplier)


def sale(amount: str, day: str = "2026-01-13", **more: Any) -> Purchase:
    return Purchase("T-1", member="ana", amount=amount, at=datetime.fromisoformat(f"{day}T12:00:00+00:00"), **more)


@pytest.mark.parametrize("make", EVERY)
def test_every_example_is_the_same_program_after_a_trip_through_plain_data(make):
    program = make()

    assert Program.from_dict(program.to_dict()) == program
    assert Program.from_json(program.to_json()).digest == program.digest


@pytest.mark.parametrize("make", EVERY)
def test_no_example_needs_a_warning_but_of_its_signed_waivers(make):
    program = make()

    warnings = [each for each in program.audit().findings if each.severity == "warning"]

    assert [each.code for each in warnings] == ["waiver"] * len(program.waivers)


@pytest.mark.parametrize("make", EVERY)
@pytest.mark.parametrize("language", ["en", "es", "es-ES", "es-MX"])
def test_every_example_says_each_of_its_rules_and_rewards(make, language):
    program = make()

    said = program.explain(language).lower()

    for part in (*program.rules, *program.rewards, *(program.tiers.tiers if program.tiers else ())):
        assert own(program.tongue(language), part.name).lower() in said


@pytest.mark.parametrize(
    ("make", "letter"),
    [
        (aurora, "C"), (stamp_card, "A"), (supermarket, "B"), (airline, "B"), (hotel, "B"), (subscription, "B"),
        (bank_card, "B"), (supplier, "B"),
    ],
)  # fmt: skip
def test_the_audit_names_the_class_of_each_example(make, letter):
    assert make().audit().evaluation_class == letter


def test_three_coffees_are_three_stamps():
    coffees = Line(amount="6.60 EUR", quantity=3, category="coffee")
    cake = Line(amount="4.00 EUR", category="cake")

    evaluation = stamp_card().evaluate(sale("10.60 EUR", lines=[coffees, cake]))

    assert evaluation.wallets == {"stamps": 3}


def test_tobacco_earns_nothing_and_fruit_earns_twice():
    lines = [Line(amount="10.50 EUR", category="fruit"), Line(amount="5.00 EUR", category="tobacco")]

    evaluation = supermarket().evaluate(sale("45.00 EUR", lines=lines))

    # 45 less 5 of tobacco earns 40, the fruit another 10.
    assert evaluation.points == 40 + 10


def test_from_the_fourth_visit_of_the_month_groceries_earn_half_as_much_again():
    known = Facts(counters={"measure.visits this month": 3})

    evaluation = supermarket().evaluate(sale("40.00 EUR"), known)

    assert evaluation.points == 40 + 20


def test_the_monthly_cap_leaves_what_is_left_and_says_so():
    known = Facts(counters={"cap.groceries": 490})

    evaluation = supermarket().evaluate(sale("40.00 EUR"), known)

    assert evaluation.points == 10
    assert [(each.group, each.desired, each.given) for each in evaluation.reduced] == [("groceries", 40, 10)]


def test_a_staff_purchase_earns_nothing():
    evaluation = supermarket().evaluate(sale("40.00 EUR", channel="staff", tags=["own bags"]))

    assert evaluation.points == 0
    assert {each.because for each in evaluation.missed} == {"excluded"}


def fly(miles: int, cabin: str, status: int = 10) -> Flight:
    at = datetime(2026, 3, 1, 8, tzinfo=UTC)
    return Flight("F-1", member="ana", at=at, miles=miles, cabin=cabin, status_points=status)


@pytest.mark.parametrize(
    ("miles", "cabin", "tier", "points"),
    [
        (800, "light", "Blue", 500),  # a quarter would be 200; nobody gets less than 500
        (1_200, "economy", "Blue", 600),
        (1_200, "economy", "Silver", 750),
        (6_000, "business", "Gold", 13_500),
    ],
)
def test_miles_go_by_cabin_and_status(miles, cabin, tier, points):
    assert airline().evaluate(fly(miles, cabin), Facts(tier=tier)).points == points


def test_a_flight_counts_for_status_what_it_is_worth():
    assert airline().evaluate(fly(1_200, "economy", status=40)).counts == {"measure.status points": 40}


def test_a_card_pays_five_in_the_category_of_the_quarter_and_three_more_in_supermarkets():
    card = bank_card()

    # 5 × 100.50, rounded once.
    assert card.evaluate(sale("100.50 USD", category="fuel", day="2026-05-05")).points == 502
    assert card.evaluate(sale("100.50 USD", category="supermarkets", day="2026-01-20")).points == 402  # 4 × 100.50
    assert card.evaluate(sale("100.50 USD", category="fuel", day="2026-01-20")).points == 100


def test_the_quarterly_cap_is_on_the_spend():
    nearly = Facts(counters={"cap.quarter of fuel": 140_000})

    evaluation = bank_card().evaluate(sale("200.00 USD", category="fuel", day="2026-05-05"), nearly)

    # The base on 200, four more on the 100 that are left of 1,500.
    assert evaluation.points == 200 + 400
    assert evaluation.counts["cap.quarter of fuel"] == 10_000


def test_tax_earns_nothing_and_small_workshops_earn_more():
    known = Facts(tier="Partner", fields={"employees": 8})

    evaluation = supplier().evaluate(sale("10000 MXN", tax="1600 MXN"), known)

    # 8,400 / 50 = 168, a quarter of it for the tier, and 8,400 / 100 for the small workshop.
    assert evaluation.points == 168 + 42 + 84


def stay(amount: str, house: str, nights: int = 2) -> Purchase:
    return sale(amount, tax="10 EUR", fields={"house": house, "nights": nights})


@pytest.mark.parametrize(
    ("house", "nights", "tier", "points"),
    [
        ("hotel", 2, "Guest", 1_000),  # ten a euro on the 100 that are not tax
        ("apartment", 2, "Guest", 500),
        ("hotel", 2, "Gold", 1_250),
        ("hotel", 7, "Platinum", 1_500 + 500),  # a long stay is not multiplied
    ],
)
def test_a_stay_earns_by_house_and_status(house, nights, tier, points):
    assert hotel().evaluate(stay("110 EUR", house, nights), Facts(tier=tier)).points == points


def test_nights_alone_make_the_status_of_a_guest():
    assert hotel().evaluate(stay("110 EUR", "hotel", 3), Facts(tier="Guest")).counts["measure.nights"] == 3


def test_a_subscription_thanks_for_years_and_charges_for_none():
    two_years = Facts(customer_since=date(2024, 1, 13))

    assert subscription().points_of(sale("24.20 EUR", tax="4.20 EUR"), two_years) == 30
    assert subscription().points_of(sale("24.20 EUR", tax="4.20 EUR"), Facts(customer_since=date(2025, 1, 13))) == 20
    assert subscription().charges == ()


def test_ten_years_together_are_thanked_by_hand():
    program = supplier()
    day = Anniversary("ana/10", member="ana", at=datetime(2026, 1, 13, 12, tzinfo=UTC), years=10)

    evaluation = program.evaluate(day, Facts(customer_since=date(2016, 1, 13)))

    assert evaluation.points == 500
    assert evaluation.notes == (("message", "another year", "a letter by hand"),)
