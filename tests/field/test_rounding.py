"""How what is earned becomes whole points, and that nothing is ever counted in floats."""

from __future__ import annotations

import pytest

import fidelity as fd
from fidelity import EarnRule, points, purchase, rate, times
from fidelity.errors import ExactnessError, OperandError, ProgramError
from tests.field.cases import case
from tests.field.shop import available, balance, buy, give_back, program, sale, shop, spend


@case("SYL-041")
def test_19_points_one_and_a_half_times_are_28_or_29():
    def earned(rounding):
        half_more = program(
            EarnRule("base", points(1, per="1 EUR")),
            EarnRule("half more", times("3/2", of="base")),
            rounding=rounding,
        )
        return half_more.evaluate(sale("T-1", "19.99")).points

    assert [earned("floor"), earned("half up"), earned("ceil")] == [28, 29, 29]


@case("TERM-10")
def test_half_a_point_is_rounded_up_and_an_order_that_spends_points_earns_none():
    skin = program(
        EarnRule("base", rate(1)),
        currency="USD",
        rounding="half up",
        excludes=[purchase.paid_with_points > 0],
        expiry="365 days",
    )

    def earned(amount, **more):
        return skin.evaluate(sale("T-1", amount, currency="USD", **more)).points

    assert [earned("1.50"), earned("1.40")] == [2, 1]
    assert earned("50.00", paid_with_points="10 USD") == 0


@case("TERM-38")
def test_refunds_of_130_against_purchases_of_100_50_take_30():
    """
    The statement rounds -29.50 and does not say how. Rounded half to even each event gives 100 and takes 130; rounded
    half up it would be 29.
    """

    def statement(rounding):
        card = shop(program(EarnRule("base", rate(1)), rounding=rounding))
        before = buy(card, "T-1", "130.00", "2026-01-15").points
        buy(card, "T-2", "100.50", "2026-02-15")
        give_back(card, "R-1", "T-1", "2026-02-20")
        return available(card, "2026-02-21") - before

    assert statement("half even") == -30
    assert statement("half up") == -29


@case("TERM-38")
def test_changed_terms_are_told_more_than_60_days_before_they_bind():
    """Points earned before a change keep the old cost for six months."""
    card = shop(program(rewards=[fd.Reward("statement credit", cost=100)]))
    buy(card, "T-1", 150, "2026-01-15")

    dearer = fd.Loyalty(program(rewards=[fd.Reward("statement credit", cost=150)], version="2"), card.journal)
    dearer.enroll("bea", now=sale("-", 1, "2026-02-01").at)

    def cost(on):
        return dearer.quote("ana", "statement credit", at=sale("-", 1, on).at).cost

    assert [cost("2026-02-02"), cost("2026-04-03"), cost("2026-07-31"), cost("2026-08-02")] == [100, 100, 100, 150]


@case("SYL-045")
def test_a_step_of_nothing_is_refused_before_anybody_earns_nothing():
    """Others gave no points for years and nobody knew why; here such a program is never made."""
    terms = {"name": "Shop", "version": "1", "currency": "EUR", "timezone": "UTC"}

    with pytest.raises(OperandError, match="above zero"):
        points(1, per="0 EUR")
    for step in ({"per": "0 EUR"}, {"per": ""}, {"per": None}):
        with pytest.raises(ProgramError, match=r"earn\[0\]"):
            fd.Program.from_dict({**terms, "earn": [{"name": "base", "points": 1, **step}]})


@case("BUG-11")
def test_a_tenth_and_two_tenths_less_three_tenths_is_nothing():
    """In floats it was a little less than nothing, and the coupon was no longer valid."""
    tenths = shop(program(rewards=[fd.Reward("coupon", cost=3)]))
    buy(tenths, "T-1", 1)
    buy(tenths, "T-2", 2)

    assert tenths.quote("ana", "coupon", at=sale("-", 1).at).affordable
    spend(tenths, "coupon", "K-1")

    assert (balance(tenths).available, balance(tenths).debt) == (0, 0)
    with pytest.raises(ExactnessError, match="float"):
        points(0.1)


@case("ODOO-058")
def test_half_a_point_can_be_spent_where_points_are_counted_in_tenths():
    """One point for the order, half a point for each of two rewards, claimed when the order is confirmed already."""
    tenths = shop(
        program(EarnRule("order", points(10)), rewards=[fd.Reward("first", cost=5), fd.Reward("second", cost=5)])
    )
    buy(tenths, "T-1", 20)

    used = [spend(tenths, reward, f"T-1 {reward}").points for reward in ("first", "second")]

    assert (len(used), sum(used), available(tenths)) == (2, 10, 0)
