"""What points buy, what says no, and that nothing is taken twice or by halves."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from attrs import evolve
from sqlalchemy.orm import Session

import fidelity as fd
from fidelity import EarnRule, Reward, points
from fidelity.commands import Record, Redeem
from fidelity.errors import AccountFrozen, ExactnessError, NotEnoughPoints, NothingToUndo, PaidAccessError
from tests.field.cases import case
from tests.field.shop import at, available, balance, buy, program, sale, shop, spend, story

TEN_BACK = [Reward("300 off", cost=300, worth="3 EUR")]


@case("SYL-031")
def test_300_of_1000_leave_700():
    loyalty = shop(program(rewards=TEN_BACK))
    buy(loyalty, "T-1", 1000)

    assert spend(loyalty, "300 off", "O-1").left == 700
    assert available(loyalty) == 700


@case("SYL-033")
def test_the_same_order_takes_its_points_once():
    loyalty = shop(program(rewards=TEN_BACK))
    buy(loyalty, "T-1", 1000)

    spend(loyalty, "300 off", "O-1")
    again = spend(loyalty, "300 off", "O-1")

    assert (again.repeated, available(loyalty), story(loyalty).count("redeemed")) == (True, 700, 1)


@case("SYL-035")
def test_a_redemption_is_taken_back_once():
    loyalty = shop(program(rewards=TEN_BACK))
    buy(loyalty, "T-1", 1000)
    redemption = spend(loyalty, "300 off", "O-1")

    for _ in range(2):
        loyalty.undo(redemption.id, key="O-1 back", now=at("2026-01-15"))
    with pytest.raises(NothingToUndo):
        loyalty.undo(redemption.id, key="O-1 back once more", now=at("2026-01-15"))

    assert (available(loyalty), story(loyalty).count("undone")) == (1000, 1)


@case("SYL-055")
def test_an_order_that_asks_for_300_is_told_what_stands_in_its_way():
    loyalty = shop(program(rewards=TEN_BACK), "rich", "poor", "frozen")
    for member, amount in (("rich", 500), ("poor", 100), ("frozen", 500)):
        buy(loyalty, f"T {member}", amount, member=member)
    loyalty.freeze("frozen", reason="lost card", key="F-1", now=at("2026-01-15"))

    quotes = {member: loyalty.quote(member, "300 off", at=at("2026-01-15")) for member in ("rich", "poor", "frozen")}

    assert [each.affordable for each in quotes.values()] == [True, False, False]
    assert (quotes["poor"].missing, quotes["frozen"].missing, quotes["frozen"].frozen) == (200, 0, True)
    with pytest.raises(NotEnoughPoints) as short:
        spend(loyalty, "300 off", "O-2", member="poor")
    with pytest.raises(AccountFrozen):
        spend(loyalty, "300 off", "O-3", member="frozen")
    assert (short.value.available, short.value.missing) == (100, 200)


@case("DOC-13")
def test_a_reward_of_250_with_50_points_is_200_points_away():
    loyalty = shop(program(rewards=[Reward("mug", cost=250)]))
    buy(loyalty, "T-1", 50)

    quote = loyalty.quote("ana", "mug", at=at("2026-01-15"))

    assert (quote.affordable, quote.cost, quote.available, quote.missing) == (False, 250, 50, 200)
    assert "200" in quote.explain("es")
    assert story(loyalty) == ["earned"]


@case("ODOO-053")
def test_two_rewards_in_one_order_that_earns_a_point():
    loyalty = shop(program(EarnRule("order", points(1)), rewards=[Reward("one", cost=1), Reward("two", cost=2)]))
    loyalty.goodwill("ana", points=4, reason="opening", key="opening", now=at("2026-01-15"))

    issued = buy(loyalty, "T-1", 20).points
    used = sum(spend(loyalty, reward, f"T-1 {reward}").points for reward in ("one", "two"))

    assert (issued, used, available(loyalty)) == (1, 3, 2)


@case("ODOO-026")
def test_an_order_whose_reward_is_refused_earns_nothing_either(tmp_path):
    """Three points and one of this order make four; the reward costs five. The shop writes both or neither."""
    engine = sa.create_engine(f"sqlite:///{tmp_path}/shop.db")
    journal = fd.SqlJournal(engine)
    loyalty = shop(program(rewards=[Reward("five", cost=5)]), journal=journal)
    loyalty.goodwill("ana", points=3, reason="opening", key="opening", now=at("2026-01-15"))

    with Session(engine) as session:
        inside = loyalty.joined(session)
        assert buy(inside, "T-1", "1.00").points == 1
        with pytest.raises(NotEnoughPoints) as refused:
            spend(inside, "five", "T-1")
        session.rollback()

    assert refused.value.available == 4
    assert (available(loyalty), story(loyalty)) == (3, ["goodwill"])
    assert loyalty.verify().sound
    journal.close()
    engine.dispose()


@case("ODOO-026")
def test_without_a_database_of_the_host_commands_can_be_done_together():
    loyalty = shop(program(rewards=[Reward("five", cost=5)]))
    loyalty.goodwill("ana", points=3, reason="opening", key="opening", now=at("2026-01-15"))
    order = [Record(event=sale("T-1", "1.00")), Redeem(member="ana", reward="five", key="T-1")]

    with pytest.raises(NotEnoughPoints) as refused:
        loyalty.execute([evolve(each, now=at("2026-01-15")) for each in order], atomic=True)

    assert refused.value.available == 4
    assert (available(loyalty), story(loyalty)) == (3, ["goodwill"])


@case("BUG-01")
def test_points_are_taken_on_whatever_document_they_were_earned():
    """The discount of 50 was given, but the points had been earned at a till and were never found: 115 stayed."""
    loyalty = shop(program(rewards=[Reward("50 off", cost=50, worth="50 EUR"), Reward("before", cost=47)]))
    assert buy(loyalty, "TILL-1", "106.25", channel="till").points == 106
    spend(loyalty, "before", "before")
    assert available(loyalty) == 59

    receipt = spend(loyalty, "50 off", "INVOICE-1", fields={"channel": "invoice"})
    left = available(loyalty)
    buy(loyalty, "INVOICE-1", "106.00", channel="invoice", paid_with_points=receipt.worth)

    assert (receipt.points, receipt.worth, left) == (50, "50.00 EUR", 9)
    assert available(loyalty) == 9 + 56


@case("BUG-30")
@pytest.mark.parametrize("asked", [-100, 0, 1.5, float("nan"), True, "100"])
def test_nobody_can_ask_for_points_that_are_none(asked):
    """A box "apply points" took -100 and gave a hundred."""
    loyalty = shop()
    buy(loyalty, "T-1", 500)

    with pytest.raises(ExactnessError, match="points must be"):
        loyalty.hold("ana", points=asked, key="K-1", now=at("2026-01-15"))

    assert (available(loyalty), story(loyalty)) == (500, ["earned"])


@case("TERM-08")
def test_25_pounds_give_100_points_and_1000_points_are_worth_10_pounds():
    chemist = program(
        EarnRule("base", points(4, per="1 GBP")),
        currency="GBP",
        rewards=[Reward("ten pounds", cost=1000, worth="10 GBP")],
    )
    loyalty = shop(chemist)

    assert buy(loyalty, "T-1", "25.00", currency="GBP").points == 100
    buy(loyalty, "T-2", "225.00", currency="GBP")
    assert (spend(loyalty, "ten pounds", "O-1").worth, available(loyalty)) == ("10.00 GBP", 0)


def _partners(version, worth):
    rewards = [Reward("in the shop", cost=500, worth="5 GBP"), Reward("with a partner", cost=500, worth=worth)]
    return program(EarnRule("base", points(1, per="1 GBP")), currency="GBP", version=version, rewards=rewards)


@case("TERM-05")
def test_500_points_are_worth_5_in_the_shop_15_with_a_partner_and_10_from_14_june():
    loyalty = shop(_partners("1", "15 GBP"))
    buy(loyalty, "T-1", 1500, "2023-05-02", currency="GBP")
    shop_worth = spend(loyalty, "in the shop", "O-1", "2023-06-13").worth
    triple = spend(loyalty, "with a partner", "O-2", "2023-06-13").worth

    double = fd.Loyalty(_partners("2", "10 GBP"), loyalty.journal)
    double.enroll("bea", now=at("2023-06-14 00:00"))
    buy(double, "T-2", 500, "2023-06-14 09:00", member="bea", currency="GBP")
    after = spend(double, "with a partner", "O-3", "2023-06-14", member="bea").worth

    assert [shop_worth, triple, after] == ["5.00 GBP", "15.00 GBP", "10.00 GBP"]
    # What was promised for points that were there already holds for six months more.
    kept = [double.quote("ana", "with a partner", at=at(on)).worth for on in ("2023-06-14", "2023-12-13", "2023-12-15")]
    assert kept == ["15.00 GBP", "15.00 GBP", "10.00 GBP"]


@case("TERM-28")
def test_missing_points_are_not_for_sale():
    """Whoever has 7,000 of 10,000 may buy the rest for 120 dollars elsewhere; paid access is refused in any spelling."""
    with pytest.raises(PaidAccessError, match=r"co.payment of 120"):
        program(rewards=[Reward("award", cost=10_000, co_payment="120 USD")], currency="USD")
    with pytest.raises(PaidAccessError, match="paid access"):
        program(rewards=[Reward("award", cost=10_000, steps=["buy the missing points at 60 USD for 2,000"])])


@case("TERM-28")
def test_points_that_are_missing_are_told_and_nothing_else():
    loyalty = shop(program(rewards=[Reward("award", cost=10_000)]))
    buy(loyalty, "T-1", 7_000)

    assert loyalty.quote("ana", "award", at=sale("-", 1).at).missing == 3_000
    assert balance(loyalty).available == 7_000
