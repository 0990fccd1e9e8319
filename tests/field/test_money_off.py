"""Money off at the till: promotions, codes and rewards of other systems' tests, with their sums."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from fidelity import (
    Discount,
    EarnRule,
    Line,
    Loyalty,
    Money,
    Program,
    Purchase,
    Reward,
    line,
    lines,
    off,
    points,
    purchase,
)
from fidelity.rules.rewards.payments import Payment
from tests.field.cases import case

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
BASE = EarnRule("base", points(1, per="1 EUR"))


def shop(*discounts, **more):
    return Program(
        "Shop", version="1", currency="EUR", timezone="Europe/Madrid", earn=more.pop("earn", [BASE]),
        discounts=discounts, **more,
    )  # fmt: skip


def till(amount, *listed, **more):
    within = [Line(amount=price, sku=sku, quantity=count, tags=tags) for price, sku, count, *tags in listed]
    return Purchase("T-1", member="ana", at=NOON, amount=amount, lines=within, **more)


def payable(program, sale, **more):
    return str(program.discounted(sale, **more).payable)


def taken(program, sale, **more):
    return [str(each.amount) for each in program.discounted(sale, **more).taken]


@case("ODOO-006")
def test_a_share_of_one_article_up_to_a_most_and_never_more_than_is_to_pay():
    program = shop(Discount("A", off("10 %", of=lines(line.sku == "A").amount, most="9 EUR")))
    assert taken(program, till("120 EUR", ("120 EUR", "A", 1))) == ["9.00 EUR"]
    assert taken(program, till("0 EUR")) == []
    # What reduces the order beside its lines is told in its amount.
    assert taken(program, till("6 EUR", ("120 EUR", "A", 1))) == ["6.00 EUR"]
    assert taken(program, till("54 EUR", ("60 EUR", "A", 1))) == ["6.00 EUR"]


@case("ODOO-013")
def test_a_reward_claimed_several_times_is_each_time_of_what_is_left():
    program = shop(rewards=[Reward("ten percent", cost=1, off=off("10 %"))])
    sale = till("300 EUR", ("300 EUR", "A", 3))
    sums = [payable(program, sale, rewards=["ten percent"] * times) for times in range(4)]
    assert sums == ["300.00 EUR", "270.00 EUR", "243.00 EUR", "218.70 EUR"]


@case("ODOO-016")
def test_all_of_it_off_leaves_nothing_to_pay_however_odd_the_prices():
    program = shop(rewards=[Reward("all of it", cost=1, off=off("100 %"))])
    prices = ["5.60 EUR", "8.92 EUR", "44.91 EUR", "217.26 EUR", "2400.00 EUR"]
    sale = till("2676.69 EUR", *((price, "A", 1) for price in prices))
    found = program.discounted(sale, rewards=["all of it"])
    assert str(found.payable) == "0.00 EUR"
    assert not any(each.amount.minor for each in found.sale.lines)


@case("ODOO-021")
def test_the_cheapest_of_the_tagged_ones():
    program = shop(Discount("cheapest", off("10 %", of=lines(line.tags.has("tagged")).amount, units=1)))
    one = till("120.75 EUR", ("115 EUR", "A", 1, "tagged"), ("5.75 EUR", "B", 1))
    assert taken(program, one) == ["11.50 EUR"]
    both = till("170.75 EUR", ("115 EUR", "A", 1, "tagged"), ("5.75 EUR", "B", 1), ("50 EUR", "C", 1, "tagged"))
    assert taken(program, both) == ["5.00 EUR"]


@case("ODOO-033")
def test_of_two_steps_only_the_better_one_counts():
    program = shop(
        Discount("5%", off("5 %"), when=lines().quantity >= 2, one_of="quantity"),
        Discount("10%", off("10 %"), when=lines().quantity >= 4, one_of="quantity"),
    )
    names = [
        [each.name for each in program.discounted(till("100 EUR", ("100 EUR", "A", count))).taken]
        for count in (1, 3, 5)
    ]
    assert names == [[], ["5%"], ["10%"]]


@case("ODOO-038")
def test_a_coupon_is_of_what_the_price_list_says():
    program = shop(Discount("coupon", off("10 %"), when=purchase.tags.has("COUPON")))
    assert payable(program, till("90 EUR", ("90 EUR", "A", 1), tags=["COUPON"])) == "81.00 EUR"


@pytest.mark.parametrize(
    ("held", "used", "left"), [pytest.param(50, 50, 40, id="ODOO-040"), pytest.param(100, 90, 0, id="ODOO-041")]
)
@case("ODOO-040", "ODOO-041")
def test_a_gift_card_pays_after_the_discounts_whatever_was_typed_first(held, used, left):
    program = shop(
        Discount("code", off("10 %"), when=purchase.tags.has("CODE")),
        earn=[EarnRule("card", points(1, per="0.01 EUR", of=lines(line.sku == "card").amount), wallet="gift card")],
        rewards=[Payment("gift card", points=1, worth="0.01 EUR", wallet="gift card")],
    )
    loyalty = Loyalty(program, clock=lambda: NOON)
    loyalty.enroll("ana", customer_since=date(2025, 1, 1))
    loyalty.record(till(f"{held} EUR", (f"{held} EUR", "card", 1)))
    to_pay = program.discounted(till("100 EUR", tags=["CODE"])).payable
    assert str(to_pay) == "90.00 EUR"
    paid = loyalty.redeem("ana", "gift card", key="k-1", fields={"basket": str(to_pay)})
    assert paid.points == used * 100
    assert str(to_pay - Money(paid.points, "EUR")) == f"{left}.00 EUR"


@case("ODOO-045")
def test_a_second_discount_on_the_whole_order_is_not_added():
    program = shop(
        Discount("automatic", off("10 %"), one_of="order"),
        Discount("typed", off("10 %"), when=purchase.tags.has("CODE"), one_of="order"),
    )
    found = program.discounted(till("320 EUR", tags=["CODE"]))
    assert str(found.payable) == "288.00 EUR"
    assert [(each.name, each.because) for each in found.missed] == [("typed", "one of")]


@case("ODOO-046")
def test_a_least_price_without_tax_for_a_discount_with_it():
    program = shop(
        Discount(
            "cabinet",
            off("20 %", of=lines(line.sku == "cabinet").amount),
            when=purchase.amount - purchase.tax >= "320 EUR",
        )
    )
    assert taken(program, till("320 EUR", ("320 EUR", "cabinet", 1), tax="41.74 EUR")) == []
    assert payable(program, till("368 EUR", ("368 EUR", "cabinet", 1), tax="48 EUR")) == "294.40 EUR"


@case("OSC-010")
def test_never_more_off_than_the_lines_cost():
    program = shop(Discount("three", off("3 EUR", of=lines().amount)))
    assert taken(program, till("2.50 EUR", ("1.00 EUR", "A", 1), ("1.50 EUR", "B", 1))) == ["2.50 EUR"]


@case("OSC-011")
def test_off_one_item_the_cheapest():
    program = shop(Discount("three", off("3 EUR", of=lines().amount, units=1)))
    found = program.discounted(till("6 EUR", ("4 EUR", "A", 2), ("2 EUR", "B", 2)))
    assert [(str(each.amount), each.units) for each in found.taken] == [("1.00 EUR", 1)]


@case("OSC-013")
def test_one_of_each_three():
    program = shop(Discount("third", off("20 %", of=lines().amount, units=1, per=3)))
    units = [program.discounted(till("60 EUR", ("60 EUR", "A", count))).taken[0].units for count in (3, 6)]
    # Two times three are two times one.
    assert units == [1, 2]


@case("BUG-25")
def test_a_voucher_on_top_of_a_promotion_is_of_what_is_left():
    program = shop(Discount("promotion", off("40 %")), Discount("voucher", off("70 %")))
    assert payable(program, till("1000 EUR", ("1000 EUR", "A", 10))) == "180.00 EUR"


@case("BUG-26")
def test_a_quarter_off_is_rounded_once():
    assert payable(shop(Discount("voucher", off("25 %"))), till("19.99 EUR")) == "14.99 EUR"
