"""Points that a return lets go: once and for all, and by the terms under which they were earned."""

from __future__ import annotations

import pytest

from fidelity import EarnRule, Reward, Wallet, points
from fidelity.loyalty import Loyalty
from tests.field.shop import at, available, balance, buy, give_back, program, shop, spend, story

REWARDS = [Reward("hundred", cost=100), Reward("eighty", cost=80)]


def gentle(clawback="within balance", **more):
    return program(rewards=REWARDS, wallets=[Wallet("points", clawback=clawback, **more)])


@pytest.mark.parametrize("clawback", ["within balance", "only pending"])
class TestUndoingTakesWhatAReturnHadLetGo:  # D10
    def test_when_a_redemption_is_undone(self, clawback):
        loyalty = shop(gentle(clawback))
        buy(loyalty, "T-1", 100)
        spent = spend(loyalty, "hundred", "O-1")
        back = give_back(loyalty, "R-1", "T-1")

        receipt = loyalty.undo(spent.id, key="u-1", now=at("2026-01-15"))

        assert (back.points, back.waived) == (0, {"points": 100})
        assert (receipt.points, receipt.taken, available(loyalty), balance(loyalty).debt) == (100, 100, 0, 0)
        assert "100 points of them go, for what had earned them came back." in receipt.explain()
        assert story(loyalty)[-2:] == ["undone", "taken back"]
        loyalty.account("ana", at=at("2026-01-15")).check()

    def test_when_a_hold_is_released(self, clawback):
        loyalty = shop(gentle(clawback))
        buy(loyalty, "T-1", 100)
        held = loyalty.hold("ana", points=80, key="h-1", now=at("2026-01-15"))
        give_back(loyalty, "R-1", "T-1")

        receipt = loyalty.release(held.id, key="h-2", now=at("2026-01-15"))

        kept = 0 if clawback == "within balance" else 20
        assert (receipt.points, receipt.taken, available(loyalty)) == (80, 80, kept)
        assert "80 points of them go" in receipt.explain()
        loyalty.account("ana", at=at("2026-01-15")).check()

    def test_when_a_hold_times_out(self, clawback):
        loyalty = shop(gentle(clawback))
        buy(loyalty, "T-1", 100)
        loyalty.hold("ana", points=100, key="h-1", now=at("2026-01-15"))
        give_back(loyalty, "R-1", "T-1")

        assert available(loyalty, "2026-03-15") == 0
        assert loyalty.settle(now=at("2026-03-15")).points["taken back"] == 100
        assert available(loyalty, "2026-03-16") == 0

    def test_after_the_life_of_the_points_and_after_a_merger(self, clawback):
        loyalty = shop(gentle(clawback, expiry="1 month"), "ana", "eva")
        buy(loyalty, "T-1", 100)
        spent = spend(loyalty, "hundred", "O-1")
        give_back(loyalty, "R-1", "T-1")
        loyalty.merge("ana", into="eva", key="m-1", now=at("2026-01-16"))

        receipt = loyalty.undo(spent.id, key="u-1", now=at("2026-04-01"))

        assert (receipt.taken, available(loyalty, "2026-04-01", "eva")) == (100, 0)

    def test_but_not_of_who_is_protected(self, clawback):
        loyalty = shop(gentle(clawback))
        buy(loyalty, "T-1", 100)
        spent = spend(loyalty, "hundred", "O-1")
        give_back(loyalty, "R-1", "T-1")
        (name,) = loyalty.protect("ana", cause="payment/P-1", key="p-1", now=at("2026-01-16")).protections

        receipt = loyalty.undo(spent.id, key="u-1", now=at("2026-01-17"))
        loyalty.end_protection("ana", name, key="p-2", now=at("2026-01-18"))

        assert (receipt.taken, available(loyalty, "2026-01-18")) == (0, 100)


def test_what_the_member_still_had_stays_when_it_is_spent_later():  # "only pending" let it go
    loyalty = shop(gentle("only pending"))
    buy(loyalty, "T-1", 100)
    give_back(loyalty, "R-1", "T-1")
    spent = spend(loyalty, "hundred", "O-1")

    receipt = loyalty.undo(spent.id, key="u-1", now=at("2026-01-15"))

    assert (receipt.taken, available(loyalty)) == (0, 100)


def test_a_later_return_does_not_take_what_an_earlier_one_had_let_go():
    loyalty = shop(gentle())
    buy(loyalty, "T-1", 100)
    spend(loyalty, "eighty", "O-1")

    first = give_back(loyalty, "R-1", "T-1", amount="50 EUR")
    buy(loyalty, "T-2", 100)
    second = give_back(loyalty, "R-2", "T-1", amount="50 EUR")

    assert (first.points, first.waived) == (20, {"points": 30})
    assert (second.points, second.waived, available(loyalty)) == (50, {}, 50)
    assert loyalty.verify().sound


def test_the_way_of_taking_back_is_that_of_the_version_that_had_given_the_points():  # D23, D24
    loyalty = shop(gentle())
    buy(loyalty, "T-1", 100)
    spend(loyalty, "hundred", "O-1")
    stricter = Loyalty(program(version="2", rewards=REWARDS), journal=loyalty.journal)

    receipt = give_back(stricter, "R-1", "T-1", "2026-01-20")

    assert (receipt.owed, receipt.waived, balance(stricter, "2026-01-20").debt) == ({}, {"points": 100}, 0)


def test_and_a_gentler_version_binds_only_what_is_earned_under_it():
    strict = shop(program(rewards=REWARDS))
    buy(strict, "T-1", 100)
    spend(strict, "hundred", "O-1")
    gentler = Loyalty(
        program(
            EarnRule("base", points(1, per="1 EUR")), version="2", wallets=[Wallet("points", clawback="only pending")]
        ),
        journal=strict.journal,
    )

    assert give_back(gentler, "R-1", "T-1", "2026-01-20").owed == {"points": 100}
