"""Lots, their order, and that what is told twice is taken once."""

from __future__ import annotations

import pytest

import fidelity as fd
from fidelity import EarnRule, Reward, points
from fidelity.errors import IdempotencyConflict
from tests.field.cases import case
from tests.field.shop import at, available, balance, buy, day, open_lots, program, sale, shop, spend, story


@case("SYL-001")
def test_a_hundred_earned_are_one_lot_and_no_debt():
    loyalty = shop()

    buy(loyalty, "T-1", 100, "2026-01-01")

    assert (balance(loyalty).available, open_lots(loyalty), balance(loyalty).debt) == (100, [(100, None)], 0)


@case("SYL-003")
def test_what_ends_first_is_spent_first_though_it_was_earned_later():
    loyalty = shop(program(expiry="363 days", rewards=[Reward("hundred", cost=100)]))
    buy(loyalty, "A", 100, "2026-01-01")
    buy(loyalty, "B", 100, "2026-01-02")
    loyalty.extend(
        "ana", until=day("2027-05-31"), event="purchase/A", reason="promised", key="X-1", now=at("2026-01-03")
    )
    assert open_lots(loyalty, "2026-01-03") == [(100, day("2027-01-01")), (100, day("2027-06-01"))]

    spend(loyalty, "hundred", "O-1", "2026-02-01")

    assert available(loyalty, "2026-02-01") == 100
    assert open_lots(loyalty, "2026-02-01") == [(100, day("2027-06-01"))]


@case("SYL-005")
def test_70_of_two_lots_of_50_leave_30_of_the_later():
    loyalty = shop(program(expiry="12 months", rewards=[Reward("seventy", cost=70)]))
    buy(loyalty, "A", 50, "2025-12-31")
    buy(loyalty, "B", 50, "2026-01-31")

    spend(loyalty, "seventy", "O-1", "2026-03-01")

    assert available(loyalty, "2026-03-01") == 30
    assert open_lots(loyalty, "2026-03-01") == [(30, day("2027-02-01"))]


def _some_for_ever(*, kept, then):
    """Points of a first version of the program, which never end, and of a second, which end after a year."""
    first = shop(program())
    for name, amount, on in kept:
        buy(first, name, amount, on)
    second = fd.Loyalty(program(version="2", expiry="12 months"), first.journal)
    for name, amount, on in then:
        buy(second, name, amount, on)
    return second


@case("SYL-006")
def test_what_ends_empties_its_own_lot_alone():
    loyalty = _some_for_ever(kept=[("A", 40, "2025-12-30")], then=[("B", 100, "2025-12-31")])
    assert available(loyalty, "2026-12-31") == 140

    loyalty.settle(now=at("2027-01-02"))

    assert available(loyalty, "2027-01-02") == 40
    assert open_lots(loyalty, "2027-01-02") == [(40, None)]


@case("SYL-008")
def test_the_books_say_how_much_ends_by_a_day():
    loyalty = _some_for_ever(kept=[("C", 50, "2025-01-30")], then=[("A", 100, "2025-01-31"), ("B", 200, "2025-05-31")])

    def ends_by(last):
        return sum(left for left, gone in open_lots(loyalty, "2026-01-15") if gone and gone <= day(last))

    assert [ends_by("2026-03-01"), ends_by("2026-07-01")] == [100, 300]
    assert [balance(loyalty, "2026-01-15").expiring(day(last)) for last in ("2026-03-01", "2026-07-01")] == [100, 300]
    assert balance(loyalty, "2026-01-15").next_expiry == (day("2026-01-31"), 100)


@case("SYL-010")
def test_signing_up_for_the_newsletter_twice_gives_once():
    loyalty = shop(program(EarnRule("newsletter", points(150), on="participation")))
    signed = fd.Participation("N-ana", member="ana", activity="newsletter", at=at("2026-01-15"))

    for _ in range(2):
        loyalty.record(signed, now=at("2026-01-15"))

    assert (available(loyalty), story(loyalty)) == (150, ["earned"])


@case("BUG-16")
def test_a_till_that_confirms_again_credits_nothing():
    loyalty = shop()

    receipts = [buy(loyalty, "T-1", 50), loyalty.record(sale("T-1", 50), now=at("2026-01-16"))]

    assert [each.repeated for each in receipts] == [False, True]
    assert available(loyalty, "2026-01-16") == 50


@case("BUG-31")
def test_one_order_in_two_messages_is_one_shopping_trip():
    loyalty = shop(program(EarnRule("trip", points(100))))

    first = buy(loyalty, "MESSAGE-1", 30, order="ORDER-9")
    second = buy(loyalty, "MESSAGE-2", 30, order="ORDER-9")
    with pytest.raises(IdempotencyConflict):
        buy(loyalty, "MESSAGE-3", "12.50", order="ORDER-9")

    assert (first.points, second.repeated, available(loyalty)) == (100, True, 100)


@case("BUG-18")
def test_two_channels_that_enroll_the_same_member_make_one_membership():
    loyalty = shop(program(), "ana")

    again = loyalty.enroll("ana", now=at("2015-01-01"))
    buy(loyalty, "S-1", 30)
    buy(loyalty, "S-1", 30)

    assert again.customer_since == day("2015-01-01")
    assert [each.member for each in loyalty.accounts(at=at("2026-01-15"))] == ["ana"]
    assert available(loyalty) == 30


@case("BUG-18")
def test_a_second_card_under_another_name_is_joined_to_the_first():
    loyalty = shop(program(), "ana", "ana again")
    buy(loyalty, "S-1", 30)
    buy(loyalty, "S-2", 20, member="ana again")

    loyalty.merge("ana again", into="ana", key="M-1", now=at("2026-01-15"))

    assert available(loyalty) == 50


@case("ERP-003")
def test_points_given_by_hand_keep_their_reason():
    loyalty = shop()

    receipt = loyalty.goodwill("ana", points=75, reason="customer appreciation", key="G-1", now=at("2026-01-15"))

    assert (receipt.points, receipt.reason, available(loyalty)) == (75, "customer appreciation", 75)
    entry = loyalty.journal.load("Shop", ["points/ana"])["points/ana"].entries[-1]
    assert (entry.kind, entry.points, entry.reason) == ("goodwill", 75, "customer appreciation")
