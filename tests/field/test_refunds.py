"""What goes back when goods do: what they earned, no more and no less, however often and in whatever parts."""

from __future__ import annotations

import pytest

from fidelity import EarnRule, Reward, Wallet, points
from fidelity.errors import EventError, ProgramError
from tests.field.cases import case
from tests.field.shop import available, balance, buy, give_back, program, shop, spend, story


def spent_100_of_150(clawback):
    loyalty = shop(program(rewards=[Reward("hundred", cost=100)], wallets=[Wallet("points", clawback=clawback)]))
    buy(loyalty, "T-1", 150)
    spend(loyalty, "hundred", "O-1")
    return loyalty


@case("SYL-025")
def test_within_the_balance_only_what_is_left_is_taken():
    loyalty = spent_100_of_150("within balance")

    receipt = give_back(loyalty, "R-1", "T-1")

    assert (receipt.points, balance(loyalty).available, balance(loyalty).debt) == (50, 0, 0)


@case("SYL-026")
def test_what_was_spent_is_owed_and_the_balance_is_never_negative():
    loyalty = spent_100_of_150("debt")

    receipt = give_back(loyalty, "R-1", "T-1")

    after = balance(loyalty)
    assert (receipt.points, after.available, after.debt, after.available - after.debt) == (150, 0, 100, -100)


@case("SYL-028")
def test_terms_may_say_that_a_return_takes_nothing_of_points_in_use():
    loyalty = shop(program(wallets=[Wallet("points", clawback="only pending")]))
    buy(loyalty, "T-1", 150)

    receipt = give_back(loyalty, "R-1", "T-1")

    assert (receipt.points, available(loyalty), story(loyalty)) == (0, 150, ["earned"])


@case("SYL-030")
@pytest.mark.parametrize("amount", ["-50 EUR", "0 EUR"])
def test_a_return_of_less_than_nothing_gives_nothing(amount):
    loyalty = shop()
    buy(loyalty, "T-1", 150)

    with pytest.raises(EventError, match="above zero"):
        give_back(loyalty, "R-1", "T-1", amount=amount)

    assert (available(loyalty), story(loyalty)) == (150, ["earned"])


@case("SYL-030")
def test_a_rule_cannot_take_so_that_its_return_would_give():
    with pytest.raises(ProgramError, match="can take points away"):
        program(EarnRule("less", points(-50)))


@case("ERP-011")
def test_points_are_computed_on_what_is_kept():
    loyalty = shop(program(EarnRule("base", points(1, per="1000 EUR"))))

    buy(loyalty, "T-1", 20_000)
    assert available(loyalty) == 20

    give_back(loyalty, "R-1", "T-1", amount="10000 EUR")
    assert available(loyalty) == 10


@case("BUG-06")
def test_buying_and_bringing_back_ten_times_makes_no_point():
    loyalty = shop()

    for time in range(10):
        buy(loyalty, f"T-{time}", 100)
        give_back(loyalty, f"R-{time}", f"T-{time}")

    assert (balance(loyalty).available, balance(loyalty).debt) == (0, 0)


@case("TERM-30")
def test_what_is_owed_is_paid_from_what_is_earned_next():
    loyalty = shop(program(rewards=[Reward("three hundred", cost=300)]))
    buy(loyalty, "T-1", 500)
    spend(loyalty, "three hundred", "O-1")
    assert available(loyalty) == 200

    give_back(loyalty, "R-1", "T-1")
    owed = balance(loyalty)
    buy(loyalty, "T-2", 400)
    paid = balance(loyalty)

    assert [owed.available - owed.debt, paid.available - paid.debt] == [-300, 100]
    assert (owed.available, paid.debt) == (0, 0)


@case("DOC-23")
def test_points_wait_as_long_as_goods_may_come_back():
    loyalty = shop(program(wallets=[Wallet("points", pending="30 days")]), "ana", "bea")
    buy(loyalty, "T-1", 100, "2026-01-01")
    buy(loyalty, "T-2", 100, "2026-01-01", member="bea")

    tenth = balance(loyalty, "2026-01-11")
    give_back(loyalty, "R-1", "T-1", "2026-01-11")
    after = balance(loyalty, "2026-01-11")

    assert (tenth.available, tenth.pending) == (0, 100)
    assert (after.available, after.pending, after.debt) == (0, 0, 0)
    assert [available(loyalty, "2026-01-31", member) for member in ("ana", "bea")] == [0, 100]
