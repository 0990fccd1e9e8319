"""Bugs of others about numbers: floats, rounding of the wrong thing, currencies taken for one another, percentages."""

from __future__ import annotations

import pytest

import fidelity as fd
from fidelity import Line, line, lines
from fidelity.errors import EventError, ExactnessError, MoneyError, ProgramError
from tests.regressions.shop import NOON, available, buy, program, sale, shop


def test_odoo_111670_what_is_spent_to_the_last_point_leaves_exactly_none():
    """A balance kept in floats came to -1e-14 after its last use, and the card was refused as invalid."""
    tenths = [fd.EarnRule("tenths", fd.rate("0.1"))]
    loyalty = shop(of=program(earn=tenths, rewards=[fd.Reward("all of it", cost=3)]))
    for number, amount in enumerate(("10", "20")):
        buy(loyalty, f"T-{number}", amount)

    loyalty.redeem("ana", "all of it", key="k", now=NOON)

    balance = loyalty.balance("ana", at=NOON)
    assert (balance.available, type(balance.available), balance.debt) == (0, int, 0)
    assert buy(loyalty, "T-9", "30").points == 3
    assert loyalty.quote("ana", "all of it", at=NOON).affordable


@pytest.mark.parametrize("wrong", [0.1, float("nan"), "3", True, -100, 0])
def test_odoo_111670_nothing_but_whole_points_comes_in(wrong):
    """Negative ones neither: a box that took -100 points gave 100 away (wpswings 71)."""
    loyalty = shop()
    buy(loyalty, "T-1", "100")

    with pytest.raises(ExactnessError):
        loyalty.hold("ana", points=wrong, key="k", now=NOON)

    assert available(loyalty) == 100


def test_odoo_259660_the_rounding_of_a_currency_does_not_round_points():
    """In a currency whose smallest coin is 10 a rule that gives 1 point gave 0, rounded as money is."""
    yen = program(currency="JPY", earn=[fd.EarnRule("a point a visit", fd.points(1))])

    evaluation = yen.evaluate(fd.Purchase("T-1", member="ana", amount="980 JPY", at=NOON))

    assert evaluation.points == 1


def test_odoo_150833_the_line_of_a_reward_is_no_purchase():
    """The free coffee counted among the coffees bought, and brought the next free one nearer."""
    stamps = program(
        earn=[fd.EarnRule("a stamp a coffee", fd.points(1, per=1, of=lines(line.category == "coffee").quantity))],
        excludes=[line.tags.has("reward")],
    )
    bought = Line(amount="4.00 EUR", category="coffee", quantity=2)
    free = Line(amount="0.00 EUR", category="coffee", quantity=1, tags=["reward"])

    assert stamps.evaluate(sale("T-1", "4.00", lines=[bought, free])).points == 2


def test_odoo_150833_a_reward_told_as_a_negative_line_is_refused():
    with pytest.raises(EventError, match="discounts reduce the line they belong to"):
        Line(amount="-2.00 EUR", category="coffee")


def test_odoo_83901_dollars_are_not_taken_for_euros():
    """A gift card of 100 USD paid 100 EUR in the shop across the border, at a rate of one."""
    loyalty = shop()

    with pytest.raises(MoneyError, match="in USD and the program in EUR; convert it first"):
        loyalty.record(fd.Purchase("T-1", member="ana", amount="100 USD", at=NOON), now=NOON)
    with pytest.raises(EventError, match="convert it first"):
        sale("T-2", "100", paid_with_points="100 USD")
    with pytest.raises(ProgramError, match="convert it first"):
        program(rewards=[fd.Reward("card", cost=100, worth="100 USD")])

    assert available(loyalty) == 0


def test_saleor_17453_a_reward_is_a_stated_sum_and_never_a_share_of_some_total():
    """
    40 % off the shelf and 70 % off the order, both of the list price, made it free; 0.6 times 0.3 is 18 %.

    Here a percentage has no spelling: a reward is worth an amount, and points pay no more than there is to pay.
    """
    with pytest.raises(MoneyError, match="is not an amount of money"):
        fd.Reward("70 % off", cost=100, worth="70 %")
    with pytest.raises(EventError, match="paid with points"):
        sale("T-1", "60", paid_with_points="70 EUR")

    # What was really paid is what earns: 18 of a list price of 100.
    assert program().evaluate(sale("T-2", "18")).points == 18


def test_saleor_17453_factors_that_meet_each_say_of_what():
    """Twice and three times the base are four times the base, each adding its own extra, and not six."""
    earn = [
        fd.EarnRule("base", fd.points(1, per="1 EUR")),
        fd.EarnRule("double", fd.times(2, of="base")),
        fd.EarnRule("triple", fd.times(3, of="base")),
    ]

    assert program(earn=earn).evaluate(sale("T-1", "10")).points == 40
