"""Bugs of others in which the same points were spent twice, or were never taken.

Each test is named after the tracker that tells the bug; the numbers are those of the report where it gives any.
"""

from __future__ import annotations

from functools import partial

import pytest

import fidelity as fd
from fidelity.errors import NotEnoughPoints
from tests.regressions.shop import NOON, at_once, available, buy, program, shop


@pytest.fixture
def journal(tmp_path):
    made = fd.SqlJournal(f"sqlite:///{tmp_path}/shop.db")
    yield made
    made.close()


def test_fuint_71_gifts_at_the_same_moment_give_no_point_twice(journal):
    """Twenty gifts of all of 100 points, sent together, credited 2,000: each had read the balance before the others."""
    friends = [f"friend {number}" for number in range(20)]
    loyalty = shop("ana", *friends, journal=journal)
    buy(loyalty, "T-1", "100")

    found = at_once(
        *(partial(loyalty.transfer, "ana", to=friend, points=100, key=friend, now=NOON) for friend in friends)
    )

    refused = [each for each in found if isinstance(each, NotEnoughPoints)]
    assert (len(found), len(refused)) == (20, 19)
    assert available(loyalty) == 0
    assert sum(available(loyalty, friend) for friend in friends) == 100


@pytest.mark.parametrize("report", ["medusa 16347", "saleor 544", "django-oscar 2101"])
def test_medusa_16347_saleor_544_oscar_2101_two_checkouts_cannot_redeem_the_same_points(journal, report):
    """Two carts that are paid at the same moment both checked the card before either of them had debited it."""
    loyalty = shop(journal=journal)
    buy(loyalty, "T-1", "100")

    found = at_once(*(partial(loyalty.redeem, "ana", "coffee", key=cart, now=NOON) for cart in ("cart-1", "cart-2")))

    assert sorted(type(each).__name__ for each in found) == ["NotEnoughPoints", "RedemptionReceipt"]
    assert available(loyalty) == 0


def test_medusa_16347_points_held_for_one_checkout_are_not_there_for_another(journal):
    loyalty = shop(journal=journal)
    buy(loyalty, "T-1", "100")

    found = at_once(*(partial(loyalty.hold, "ana", points=100, key=cart, now=NOON) for cart in ("cart-1", "cart-2")))

    assert sorted(type(each).__name__ for each in found) == ["HoldReceipt", "NotEnoughPoints"]


def test_erpnext_59050_points_earned_at_the_till_are_taken_when_they_pay_an_invoice():
    """
    A till sale of 106.25 gave 106 points and 59 of them were left; an invoice of 106.00 used 50 of those. The discount
    was given, but the points stayed, for they had been earned on another kind of document: 115 instead of 65.
    """
    money_off = fd.Reward("50 off", cost=50, worth="50 EUR")
    loyalty = shop(of=program(rewards=[money_off, fd.Reward("earlier", cost=47)]))
    assert buy(loyalty, "TILL-1", "106.25", channel="till").points == 106
    loyalty.redeem("ana", "earlier", key="earlier", now=NOON)

    receipt = loyalty.redeem("ana", "50 off", key="INVOICE-1", fields={"channel": "invoice"}, now=NOON)
    after = available(loyalty)
    earned = buy(loyalty, "INVOICE-1", "106.00", channel="invoice", paid_with_points="50 EUR")

    assert (receipt.points, receipt.left, after) == (50, 9, 9)
    assert (earned.points, available(loyalty)) == (56, 65)
