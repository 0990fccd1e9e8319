"""Vouchers with a life and an owner, points that become vouchers, and what a return gives back of what was spent."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

import fidelity as fd
from fidelity import Conversion, EarnRule, Reward
from fidelity.errors import NotNow, UnknownVoucher
from fidelity.language.declare import Fields, flag
from tests.field.cases import case
from tests.field.shop import BASE, at, available, balance, buy, give_back, program, sale, shop

NOW = at("2026-01-15")


def clubcard(**changed):
    """Every quarter that begins in February, points become vouchers from 150 on, in steps of 50."""
    terms = {"every": "3 months", "first": "2020-11-01", "at_least": 150, "blocks": 50, "worth": "0.50 GBP"}
    conversion = Conversion(**{**terms, "voucher": "2 years, to the end of the month", **changed})
    earn = [
        EarnRule("groceries", fd.points(1, per="1 GBP"), when=fd.purchase.category != "fuel"),
        EarnRule("fuel", fd.points(1, per="2 GBP"), when=fd.purchase.category == "fuel"),
    ]
    return program(earn=earn, currency="GBP", timezone="Europe/London", conversions=[conversion])


@case("TERM-03")
def test_150_points_are_a_voucher_of_1_50_that_ends_with_february_two_years_later():
    loyalty = shop(clubcard())
    for name, amount, category in (("T-1", 100, "food"), ("T-2", 100, "fuel")):
        buy(loyalty, name, amount, "2021-01-10", currency="GBP", category=category)
    assert (balance(loyalty, "2021-01-31").available, loyalty.vouchers("ana", at=at("2021-01-31"))) == (150, ())

    (voucher,) = loyalty.vouchers("ana", at=at("2021-02-01"))

    assert (voucher.worth, voucher.expires) == ("1.50 GBP", datetime(2023, 3, 1, tzinfo=UTC))
    assert balance(loyalty, "2021-02-01").available == 0
    assert loyalty.vouchers("ana", at=at("2023-02-28")) == (voucher,)
    assert loyalty.vouchers("ana", at=at("2023-03-01")) == ()


@case("TERM-06")
@pytest.mark.parametrize(
    ("points", "worth", "left"), [(149, None, 149), (150, "1.50 GBP", 0), (199, "1.50 GBP", 49), (200, "2.00 GBP", 0)]
)
def test_below_150_points_nothing_then_steps_of_fifty_pence(points, worth, left):
    loyalty = shop(clubcard())
    buy(loyalty, "T-1", points, "2021-01-10", currency="GBP", category="food")

    given = [each.worth for each in loyalty.vouchers("ana", at=at("2021-02-01"))]

    assert given == ([] if worth is None else [worth])
    assert balance(loyalty, "2021-02-01").available == left


@case("ODOO-036")
def test_a_personal_coupon_is_its_owners_as_long_as_the_basket_qualifies():
    class Basket(Fields, of="redemption"):
        has_bag = flag(obtained="declared", default=False)

    welcome = Reward("10 % off bags", cost=500, worth="10 EUR", voucher="30 days", when=Basket.has_bag == True)  # noqa: E712
    given = EarnRule("next order", voucher="10 % off bags")
    loyalty = shop(program(earn=[BASE, given], rewards=[welcome], fields=[Basket]), "owner", "other")
    buy(loyalty, "T-1", 50, member="owner")
    (coupon,) = loyalty.vouchers("owner", at=NOW)
    bag = {"has_bag": True}

    with pytest.raises(UnknownVoucher):
        loyalty.use(coupon.code, member="other", key="U-1", fields=bag, now=NOW)
    used = loyalty.use(coupon.code, member="owner", key="U-2", fields=bag, now=NOW)
    loyalty.undo(used.id, key="U-2 back", now=NOW)
    with pytest.raises(NotNow):
        loyalty.use(coupon.code, member="owner", key="U-3", fields={"has_bag": False}, now=NOW)

    assert used.voucher == coupon.code
    assert loyalty.vouchers("owner", at=NOW) == (coupon,)


@case("BUG-33")
def test_the_receipt_says_until_when_the_coupon_for_the_next_order_is_valid():
    coupon = Reward("5 off", cost=500, worth="5 EUR", voucher="to the end of the half-year")
    loyalty = shop(program(earn=[BASE, EarnRule("next order", voucher="5 off")], rewards=[coupon], expiry="12 months"))

    printed = buy(loyalty, "T-1", 600).explain()
    redeemed = loyalty.redeem("ana", "5 off", key="O-1", now=NOW)
    last, after = at("2026-06-30 23:59:59"), at("2026-07-01 00:00:00")

    assert "Valid through 30 June 2026." in printed
    assert "600 points can be used through 15 January 2027." in printed
    assert "Valid through 30 June 2026." in redeemed.explain()
    assert "Vale hasta el 30 de junio de 2026, ese día incluido." in redeemed.explain("es")
    assert [len(loyalty.vouchers("ana", at=when)) for when in (last, after)] == [2, 0]


@case("ODOO-030")
def test_a_return_of_half_of_an_order_gives_half_of_the_points_spent_on_it_back():
    pens = EarnRule("pens", fd.points(35, per="50 EUR"))
    loyalty = shop(program(earn=[pens], rewards=[Reward("10 % off", cost=150)]))
    loyalty.goodwill("ana", points=200, reason="opening balance", key="G-1", now=NOW)

    loyalty.redeem("ana", "10 % off", key="O-1", purchase="O-1", now=NOW)
    loyalty.record(sale("O-1", 100), now=NOW)
    assert available(loyalty) == 120
    refund = give_back(loyalty, "R-1", "O-1", amount="50 EUR")

    assert (refund.points, refund.given_back, available(loyalty)) == (35, {"points": 75}, 160)
