"""Gift cards and money that is kept for later: a wallet beside the points."""

from __future__ import annotations

import pytest

import fidelity as fd
from fidelity import EarnRule, Line, Reward, Wallet, line, lines, points
from fidelity.errors import MoneyError, NotEnoughPoints
from tests.field.cases import case
from tests.field.shop import at, available, balance, buy, give_back, program, sale, shop, spend, story


def top_up(wallet="e-wallet", **changed):
    """A euro in the wallet for each euro of what is called like it."""
    euros = points(1, per="1 EUR", of=lines(line.category == wallet).amount)
    return program(EarnRule("top-up", euros, wallet=wallet), wallets=[Wallet(wallet)], **changed)


def topped(amount, wallet="e-wallet"):
    return Line(amount=f"{amount} EUR", category=wallet)


@case("ODOO-003")
def test_points_and_money_kept_give_two_rewards_to_choose_from():
    both = program(
        EarnRule("a point a unit", points(1, per=1, of=lines(line.sku == "A").quantity)),
        wallets=[Wallet("e-wallet")],
        rewards=[
            Reward("three points off", cost=3, worth="4.50 EUR"),
            Reward("from the wallet", cost=50, wallet="e-wallet", worth="50 EUR"),
        ],
    )
    loyalty = shop(both)
    loyalty.goodwill("ana", points=10, reason="opening", key="1", now=at("2026-01-15"))
    loyalty.goodwill("ana", points=50, wallet="e-wallet", reason="opening", key="2", now=at("2026-01-15"))
    buy(loyalty, "T-1", 100, lines=[Line(amount="100 EUR", sku="A")])

    assert [each.affordable for each in loyalty.offers("ana", at=at("2026-01-15"))] == [True, True]


@case("ODOO-015")
def test_the_wallet_of_another_member_is_out_of_reach():
    """No code that somebody could type stands for a wallet; points are spent by their owner."""
    loyalty = shop(top_up(rewards=[Reward("a hundred off", cost=100, wallet="e-wallet")]), "ana", "bea")
    buy(loyalty, "T-1", 100, lines=[topped(100)])

    with pytest.raises(NotEnoughPoints) as refused:
        spend(loyalty, "a hundred off", "O-1", member="bea")

    assert refused.value.available == 0
    assert available(loyalty, wallet="e-wallet") == 100


@case("ODOO-018")
def test_an_order_that_tops_up_is_paid_from_what_was_there_before():
    loyalty = shop(top_up())
    buy(loyalty, "T-1", 10, lines=[topped(10)])
    order = [Line(amount="100 EUR", sku="A"), topped(50)]

    with pytest.raises(NotEnoughPoints):
        loyalty.hold("ana", points=60, wallet="e-wallet", key="T-2 all", now=at("2026-01-15"))
    hold = loyalty.hold("ana", points=10, wallet="e-wallet", key="T-2", now=at("2026-01-15"))
    buy(loyalty, "T-2", 150, lines=order)
    paid = loyalty.capture(hold.id, key="T-2 paid", now=at("2026-01-15"))

    assert (paid.points, available(loyalty, wallet="e-wallet")) == (10, 50)


@case("ODOO-028")
def test_a_gift_card_that_comes_back_is_worth_nothing():
    loyalty = shop(top_up("gift card"))
    buy(loyalty, "T-1", 50, lines=[topped(50, "gift card")])
    assert available(loyalty, wallet="gift card") == 50

    give_back(loyalty, "R-1", "T-1")

    assert balance(loyalty, wallet="gift card").available == balance(loyalty, wallet="gift card").debt == 0


@case("ODOO-051")
def test_an_order_that_is_processed_twice_changes_nothing():
    loyalty = shop(top_up(rewards=[Reward("ten off", cost=10, wallet="e-wallet")]))

    def stands():
        return available(loyalty, wallet="e-wallet"), len(story(loyalty))

    found = []
    for _ in range(2):
        buy(loyalty, "T-1", 50, lines=[topped(50)])
        found.append(stands())
    for _ in range(2):
        spend(loyalty, "ten off", "T-2")
        found.append(stands())

    assert found == [(50, 1), (50, 1), (40, 2), (40, 2)]


@case("ODOO-056")
def test_a_basket_that_is_not_paid_yet_says_how_many_cards_it_would_bring():
    cards = program(
        EarnRule("cards", points(1, per="1 card", of=lines(line.sku == "gift card").quantity), wallet="cards"),
        wallets=[Wallet("cards")],
    )
    loyalty = shop(cards)

    def pending(quantity):
        card = Line(amount=f"{quantity * 50} EUR", quantity=quantity, sku="gift card")
        return cards.evaluate(sale("T-1", quantity * 50, lines=[card])).wallets["cards"]

    assert [pending(1), pending(2), pending(1)] == [1, 2, 1]
    assert story(loyalty) == []


@case("BUG-23")
def test_dollars_are_not_taken_for_euros():
    """A gift card of 100 dollars was spent as 100 euros, at a rate of one."""
    loyalty = shop(top_up("gift card"))
    card = Line(amount="100 USD", category="gift card")

    with pytest.raises(MoneyError, match="convert it first"):
        loyalty.record(sale("T-1", 100, currency="USD", lines=[card]), now=at("2026-01-15"))
    with pytest.raises(MoneyError, match="EUR"):
        _ = fd.money("100 USD") + fd.money("1 EUR")

    assert (available(loyalty, wallet="gift card"), story(loyalty)) == (0, [])
