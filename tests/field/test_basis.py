"""On which amount points are earned."""

from __future__ import annotations

import fidelity as fd
from fidelity import EarnRule, Fields, amount, greatest, line, lines, points
from tests.field.cases import case
from tests.field.shop import at, available, buy, program, sale, shop, spend


@case("ODOO-008")
def test_a_discount_by_code_is_not_paid_and_does_not_earn():
    assert program().evaluate(sale("T-1", 90, tags=["TEN"])).points == 90


@case("ODOO-010")
def test_a_discount_on_food_takes_from_what_food_earns():
    food = program(EarnRule("food", points(1, per="1 EUR", of=lines(line.category == "food").amount)))
    basket = [fd.Line(amount="90 EUR", category="food"), fd.Line(amount="50 EUR", category="home")]

    assert food.evaluate(sale("T-1", 140, lines=basket)).points == 90


@case("ODOO-011")
def test_what_is_paid_with_stored_value_earns_as_well():
    loyalty = shop(program(wallets=[fd.Wallet("e-wallet")]))
    loyalty.goodwill("ana", points=10, wallet="e-wallet", reason="opening", key="opening", now=at("2026-01-15"))

    hold = loyalty.hold("ana", points=10, wallet="e-wallet", key="T-1", now=at("2026-01-15"))
    receipt = buy(loyalty, "T-1", 100, payment="e-wallet")
    loyalty.capture(hold.id, key="T-1 paid", now=at("2026-01-15"))

    assert (receipt.points, available(loyalty, wallet="e-wallet")) == (100, 0)


class Sale(Fields, of="purchase"):
    """What the shop knows of the tax of its goods alone."""

    items_tax = amount(1_000_000, obtained="given", default="0 EUR")


@case("SYL-046")
def test_goods_or_the_whole_order_with_tax_or_without():
    """Goods of 50.00 with 8.00 of tax; with shipping the order is 60.00 with 10.00 of tax."""
    order = sale("T-1", "60.00", tax="10.00 EUR", lines=[fd.Line(amount="50.00 EUR")], fields={"items_tax": "8.00 EUR"})
    goods = lines().amount

    def earned(of=None, **changed):
        rule = EarnRule("base", points(1, per="1 EUR", of=of))
        return program(rule, fields=[Sale], **changed).evaluate(order).points

    assert earned(goods) == 50
    assert earned(greatest(goods - Sale.items_tax, "0 EUR")) == 42
    assert earned() == 60
    assert earned(basis_without=["tax"]) == 50


@case("BUG-10")
def test_what_is_earned_now_may_pay_now_and_is_earned_once():
    """A tenth of a point a euro, each worth 1.00, counted in tenths: 100 before, 26.5 now, 126.50 off."""
    before = program(
        EarnRule("base", points(1, per="1 EUR")),
        points_part="before",
        rewards=[fd.Reward("all of it", cost=1265, worth="126.50 EUR")],
    )
    loyalty = shop(before)
    buy(loyalty, "T-1", 1000)

    earned = buy(loyalty, "T-2", 265, paid_with_points="126.50 EUR").points
    spend(loyalty, "all of it", "T-2 paid")

    assert (earned, available(loyalty)) == (265, 0)
    assert program().evaluate(sale("T-3", 265, paid_with_points="126.50 EUR")).points == 138


@case("ERP-013")
def test_what_points_paid_does_not_earn():
    thousands = program(EarnRule("base", points(1, per="1000 EUR")))

    assert thousands.evaluate(sale("T-1", 10_000, paid_with_points="10 EUR")).points == 9
