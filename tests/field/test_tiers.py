"""Levels: what counts for them, and that spending points never costs one."""

from __future__ import annotations

import pytest

from fidelity import EarnRule, Reward, Tier, TierSet, points
from fidelity.errors import ProgramError
from tests.field.cases import case
from tests.field.shop import at, available, buy, program, shop, spend


def by_spend():
    return program(
        tiers=TierSet(
            [Tier("Bronze"), Tier("Silver", at="10000 EUR"), Tier("Gold", at="20000 EUR")],
            counts="spend",
            over="ever",
        )
    )


@pytest.mark.parametrize(
    ("before", "invoice", "tier"),
    [
        pytest.param(0, 15_000, "Silver", id="ERP-005"),
        pytest.param(0, 25_000, "Gold", id="ERP-006"),
        pytest.param(8_000, 3_000, "Silver", id="ERP-008"),
        pytest.param(22_000, 5_000, "Gold", id="ERP-010"),
    ],
)
@case("ERP-005", "ERP-006", "ERP-008", "ERP-010")
def test_the_level_by_what_was_spent_ever_this_invoice_included(before, invoice, tier):
    loyalty = shop(by_spend())
    if before:
        buy(loyalty, "T-1", before, "2026-01-14")

    buy(loyalty, "T-2", invoice, "2026-01-15 11:00")

    assert loyalty.status("ana", at=at("2026-01-15")).tier == tier


@case("BUG-03")
def test_a_new_member_begins_at_the_lowest_level():
    """A threshold of zero was skipped for years, and everybody began at the second."""
    loyalty = shop(by_spend())

    receipt = buy(loyalty, "T-1", 50, "2026-01-15 11:00")

    assert (receipt.points, loyalty.status("ana", at=at("2026-01-15")).tier) == (50, "Bronze")


def by_points(*tiers, rewards=()):
    levels = [Tier(name, at=least) for name, least in tiers]
    return program(tiers=TierSet(levels, counts="points earned", over="12 months"), rewards=rewards)


@case("BUG-28")
def test_spending_points_leaves_the_level_where_it_is():
    loyalty = shop(by_points(("1", 0), ("2", 1_000), rewards=[Reward("nine hundred", cost=900)]))
    buy(loyalty, "T-1", 1_000, "2026-01-14")

    spend(loyalty, "nine hundred", "O-1")

    assert (available(loyalty), loyalty.status("ana", at=at("2026-01-16")).tier) == (100, "2")


@case("DOC-05", "DOC-06", "DOC-08")
def test_a_level_of_the_balance_cannot_be_made():
    """It would fall with each reward; what was earned counts, and what is spent stays earned."""
    for counts in ("balance", "the balance", "points balance"):
        with pytest.raises(ProgramError, match="redeeming must not demote"):
            program(tiers=TierSet([Tier("Basic"), Tier("Silver", at=100)], counts=counts, over="ever"))


@case("DOC-05")
def test_whoever_reached_silver_with_150_keeps_it_when_points_are_spent():
    loyalty = shop(by_points(("Bronze", 0), ("Silver", 100), rewards=[Reward("hundred", cost=100)]))
    buy(loyalty, "T-1", 150, "2026-07-20")

    spend(loyalty, "hundred", "O-1", "2026-07-25")

    tiers = [loyalty.status("ana", at=at(on)).tier for on in ("2026-07-26", "2026-08-19", "2026-08-20")]
    assert (available(loyalty, "2026-07-26"), tiers) == (50, ["Silver"] * 3)


@case("DOC-06")
def test_whoever_reached_gold_with_250_does_not_fall_two_levels_with_one_reward():
    levels = (("Bronze", 0), ("Silver", 100), ("Gold", 200))
    loyalty = shop(by_points(*levels, rewards=[Reward("two hundred", cost=200)]))
    buy(loyalty, "T-1", 250, "2026-07-20")

    spend(loyalty, "two hundred", "O-1", "2026-07-25")

    tiers = [loyalty.status("ana", at=at(on)).tier for on in ("2026-07-25 12:01", "2026-08-20", "2026-09-01")]
    assert (available(loyalty, "2026-07-26"), tiers) == (50, ["Gold"] * 3)


@case("DOC-08")
def test_100_less_50_plus_500_only_ever_rises():
    levels = (("Basic", 0), ("Silver", 100), ("Gold", 500), ("Platinum", 1_000))
    loyalty = shop(by_points(*levels, rewards=[Reward("fifty", cost=50)]))

    found = []
    buy(loyalty, "T-1", 100, "2023-01-10")
    found.append((available(loyalty, "2023-01-11"), loyalty.status("ana", at=at("2023-01-11")).tier))
    spend(loyalty, "fifty", "O-1", "2023-02-15")
    found.append((available(loyalty, "2023-02-16"), loyalty.status("ana", at=at("2023-02-16")).tier))
    buy(loyalty, "T-2", 500, "2023-02-25")
    found.append((available(loyalty, "2023-02-26"), loyalty.status("ana", at=at("2023-02-26")).tier))

    assert found == [(100, "Silver"), (50, "Silver"), (550, "Gold")]


@case("TERM-11")
def test_a_hundred_dollars_earn_100_125_or_150_by_the_spend_of_the_calendar_year():
    beauty = program(
        EarnRule("base", points(1, per="1 USD")),
        currency="USD",
        tiers=TierSet(
            [
                Tier("Insider"),
                Tier("VIB", at="350 USD", earns="5/4"),
                Tier("Rouge", at="1000 USD", earns="3/2"),
            ],
            counts="spend",
            over="calendar year",
        ),
    )

    def earned(spent):
        loyalty = shop(beauty)
        if spent:
            buy(loyalty, "T-1", spent, "2026-01-14", currency="USD")
        return buy(loyalty, "T-2", 100, "2026-01-15", currency="USD").points

    assert [earned(0), earned(350), earned(1_000)] == [100, 125, 150]
    assert [earned(349), earned(999)] == [100, 125]
