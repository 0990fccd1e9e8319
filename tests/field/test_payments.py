"""Points that pay part of a purchase, units and formulas as costs, and limits on what may be spent."""

from __future__ import annotations

import pytest

import fidelity as fd
from fidelity import Cap, EarnRule, Payment, Reward
from fidelity.errors import ExcessiveFiltersError, NotEnoughPoints, NotNow
from tests.field.cases import case
from tests.field.shop import at, available, buy, program, shop

NOW = at("2026-01-15")


def till(**terms):
    return [Payment("points at the till", **{"points": 100, "worth": "5 EUR", **terms})]


def pay(loyalty, key, points=None, basket="1000 EUR", **more):
    asked = {"key": key, "points": points, "fields": {"basket": basket} if basket else {}, "now": NOW}
    return loyalty.redeem("ana", "points at the till", **{**asked, **more})


@case("ODOO-001")
def test_the_most_that_goes_of_10_points_in_blocks_of_3_is_9():
    loyalty = shop(program(rewards=till(points=1, worth="1.50 EUR", blocks=3)))
    buy(loyalty, "T-1", 10)

    paid = pay(loyalty, "O-1", basket="100 EUR")

    assert (paid.points, paid.worth, available(loyalty)) == (9, "13.50 EUR", 1)


@case("ODOO-025")
def test_five_of_two_units_for_3_points_take_9():
    loyalty = shop(program(rewards=[Reward("two muffins", cost=3, units=2)]))
    buy(loyalty, "T-1", 50)

    assert loyalty.quote("ana", "two muffins", quantity=5, at=NOW).cost == 9
    assert loyalty.redeem("ana", "two muffins", quantity=5, key="O-1", now=NOW).points == 9
    assert available(loyalty) == 41


@case("SYL-036")
def test_who_asks_for_9999_and_has_500_pays_with_500_where_the_program_clamps():
    loyalty = shop(program(rewards=till(points=1, worth="0.01 EUR", short="clamp")))
    buy(loyalty, "T-1", 500)

    assert pay(loyalty, "O-1", 9999).points == 500
    assert available(loyalty) == 0


@case("SYL-048")
def test_1000_points_asked_of_700_apply_700():
    loyalty = shop(program(rewards=till(points=100, worth="5 EUR", blocks=100, short="clamp")))
    buy(loyalty, "T-1", 700)

    assert pay(loyalty, "O-1", 1000, basket="100 EUR").points == 700


def test_who_asks_for_more_than_there_is_is_told_how_many_are_missing():
    loyalty = shop(program(rewards=till(points=100, worth="5 EUR", blocks=100)))
    buy(loyalty, "T-1", 700)

    with pytest.raises(NotEnoughPoints) as refused:
        pay(loyalty, "O-1", 1000)

    assert (refused.value.missing, available(loyalty)) == (300, 700)
    assert loyalty.quote("ana", "points at the till", points=1000, at=NOW).missing == 300


@case("SYL-050")
def test_1050_points_in_blocks_of_100_are_1000_and_pay_50_euros():
    loyalty = shop(program(rewards=till(points=100, worth="5 EUR", blocks=100, at_least=100)))
    buy(loyalty, "T-1", 5000)

    told = loyalty.quote("ana", "points at the till", points=1050, fields={"basket": "1000 EUR"}, at=NOW)

    assert (told.cost, told.worth, told.affordable) == (1000, "50.00 EUR", True)
    assert told.explain() == (
        "You asked for 1,050; 1,000 points of them can be used.\n"
        "You can use 1,000 points for points at the till; 4,000 will be left.\n"
        "That pays €50.00."
    )
    assert (pay(loyalty, "O-1", 1050).points, available(loyalty)) == (1000, 4000)


@case("SYL-051")
def test_400_points_are_too_few_where_500_is_the_least():
    loyalty = shop(program(rewards=till(at_least=500)))
    buy(loyalty, "T-1", 1000)

    with pytest.raises(NotNow) as refused:
        pay(loyalty, "O-1", 400)

    assert available(loyalty) == 1000
    assert [(each.filter, each.left) for each in refused.value.reasons] == [("at least", 500)]
    assert refused.value.message == "For points at the till you need to use at least 500 points at a time."


@case("BUG-05")
def test_what_is_really_payable_is_paid_to_the_last_cent():
    loyalty = shop(program(rewards=till(points=1, worth="0.10 EUR")))
    buy(loyalty, "T-1", 10_000)

    paid = pay(loyalty, "O-1", basket="101.00 EUR")

    assert (paid.points, paid.worth) == (1010, "101.00 EUR")


@case("TERM-31")
def test_at_most_half_of_an_order_is_paid_with_reward_dollars():
    products = EarnRule("products", fd.rate("3/200", of=fd.purchase.basis), wallet="dollars")
    rewards = till(points=1, worth="1 EUR", wallet="dollars", share="1/2")
    loyalty = shop(program(rounding="half up", earn=[products], rewards=rewards, wallets=[fd.Wallet("dollars")]))
    earned = loyalty.record(fd.Purchase("T-1", member="ana", amount="66.66 EUR", at=NOW), now=NOW)
    loyalty.goodwill("ana", points=59, wallet="dollars", reason="opening balance", key="G-1", now=NOW)

    assert earned.wallets == {"dollars": 1}
    assert pay(loyalty, "O-1", basket="80 EUR").points == 40


@case("DOC-10")
def test_a_limit_takes_what_is_left_of_it_from_a_payment_and_refuses_a_reward():
    rewards = [
        *till(points=1, worth="0.01 EUR", limit=Cap(100, per="calendar month")),
        Reward("coffee", cost=50, limit="2 per calendar month"),
    ]
    loyalty = shop(program(rewards=rewards))
    buy(loyalty, "T-1", 1000)

    assert [pay(loyalty, f"O-{points}", points).points for points in (70, 50)] == [70, 30]
    with pytest.raises(NotNow) as refused:
        pay(loyalty, "O-3", 50)
    for key in ("C-1", "C-2"):
        loyalty.redeem("ana", "coffee", key=key, now=NOW)
    with pytest.raises(NotNow) as none_left:
        loyalty.redeem("ana", "coffee", key="C-3", now=NOW)

    assert (refused.value.reasons[0].left, str(refused.value.reasons[0].opens)) == (0, "2026-02-01")
    assert (none_left.value.reasons[0].left, str(none_left.value.reasons[0].opens)) == (0, "2026-02-01")
    assert available(loyalty) == 800
    assert loyalty.quote("ana", "points at the till", points=50, at=at("2026-02-01")).affordable


def test_four_nights_cost_as_much_as_three():
    cost = (fd.redemption.quantity - fd.redemption.quantity // 4) * 10_000
    loyalty = shop(program(rewards=[Reward("nights", cost=cost)]))

    told = [loyalty.quote("ana", "nights", quantity=nights, at=NOW).cost for nights in (1, 3, 4, 5, 8)]

    assert told == [10_000, 30_000, 30_000, 40_000, 60_000]


def test_each_thing_that_a_payment_asks_is_a_filter():
    asks = till(blocks=100, at_least=500, share="1/2", limit=Cap(1000, per="calendar month"))

    with pytest.raises(ExcessiveFiltersError, match="4 filters where 2 are allowed"):
        program(rewards=asks)
