"""Levels: what counts for them, and that spending points never costs one."""

from __future__ import annotations

import pytest

from fidelity import CustomEvent, EarnRule, Group, Measure, Reward, Tier, TierSet, points, rate, total, whole
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


@case("DOC-06")
def test_a_grace_to_the_end_of_the_month():
    """Reached on 20 July for a month: a grace of a month ends on 31 August at midnight, rounded to the month's end."""
    levels = [Tier("Bronze"), Tier("Silver", at=100), Tier("Gold", at=200)]
    waits = TierSet(levels, counts="points earned", over="in any 1 days", grace="1 month, to the end of the month")
    loyalty = shop(program(tiers=waits))

    buy(loyalty, "T-1", 250, "2026-07-20")

    tiers = [loyalty.status("ana", at=at(on)).tier for on in ("2026-08-31 23:59:59", "2026-09-01 00:00:00")]
    assert tiers == ["Gold", "Silver"]


@case("TERM-13")
def test_a_purchase_over_two_thresholds_earns_each_part_at_its_own_level():
    levels = [Tier("Member"), Tier("Platinum", at="450 EUR", earns="5/4"), Tier("Diamond", at="1200 EUR", earns="3/2")]
    tiers = TierSet(levels, counts="spend", over="calendar year", crossing="marginal")

    whole = buy(shop(program(tiers=tiers)), "T-1", 1_200)
    tenths = buy(shop(program(EarnRule("base", points(10, per="1 EUR")), tiers=tiers)), "T-1", 1_200)

    assert (tenths.points, whole.points) == (13_875, 1_387)


def by_experience(most=None):
    levels = [Tier("Explorer"), Tier("Silver", at=100), Tier("Gold", at=180), Tier("Platinum", at=300)]
    return program(
        tiers=TierSet(levels, counts="points earned", over="calendar year", surplus="carried", carried_at_most=most)
    )


@case("TERM-16")
def test_what_a_year_has_above_its_level_is_carried_into_the_next_one():
    gold, platinum = shop(by_experience()), shop(by_experience(300))
    buy(gold, "T-1", 250, "2024-05-01")
    buy(platinum, "T-1", 900, "2024-05-01")

    assert [loyalty.status("ana", at=at("2025-01-01 00:00:00")).parts["carried"] for loyalty in (gold, platinum)] == [
        70,
        300,
    ]


class Stay(CustomEvent):
    kind = "stay"

    nights = whole(0, 365, obtained="earned")


def hotel():
    nights = Measure("nights", total(Stay.nights), over="calendar year")
    levels = [
        Tier("Member"),
        Tier("Discoverist", at={"nights": 10, "base points": 25_000}),
        Tier("Explorist", at={"nights": 30, "base points": 50_000}),
        Tier("Globalist", at={"nights": 60, "base points": 100_000}),
    ]
    return program(
        Group("base", [EarnRule("spend", rate(5))]),
        EarnRule("welcome", points(20_000), limit="once"),
        events=[Stay],
        measures=[nights],
        tiers=TierSet(levels, counts=[nights, "base points"], over="calendar year", until="02-29"),
    )


@case("TERM-20")
def test_ten_nights_or_25_000_base_points_are_enough_for_a_level():
    members = ("ten nights", "much spent", "almost")
    loyalty, stands = shop(hotel(), *members), {}

    for member, nights, amount in zip(members, (10, 3, 9), ("500.00", "5000.00", "4999.80"), strict=True):
        stay = Stay(f"S-{nights}", member=member, at=at("2018-05-10"), nights=nights)
        loyalty.record(stay, now=at("2018-05-10"))
        buy(loyalty, f"T-{nights}", amount, "2018-05-10", member=member)
        stands[member] = loyalty.status(member, at=at("2018-05-11"))

    assert [each.tier for each in stands.values()] == ["Discoverist", "Discoverist", "Member"]
    assert stands["ten nights"].until == at("2020-03-01 00:00:00")
    # The welcome does not count: of 44,999 points 24,999 are base points.
    assert loyalty.balance("almost", at=at("2018-05-11")).available == 44_999
    assert [(each.name, each.score, each.to_next) for each in stands["almost"].progress] == [
        ("nights", 9, 1),
        ("base points", 24_999, 1),
    ]
    assert stands["almost"].nearest == "base points"


@case("TERM-26")
def test_a_level_lasts_twelve_months_from_the_day_it_was_reached():
    levels = [Tier("1"), Tier("2", at=500)]
    loyalty = shop(program(tiers=TierSet(levels, counts="points earned", over="365 days", lasts="12 months")))
    buy(loyalty, "T-1", 499, "2024-04-01")
    buy(loyalty, "T-2", 1, "2025-03-01")

    standing = loyalty.status("ana", at=at("2025-04-02"))
    assert (standing.tier, standing.score, standing.until) == ("2", 1, at("2026-03-01"))
    assert loyalty.status("ana", at=at("2026-03-01")).tier == "1"


@case("TERM-18")
@pytest.mark.parametrize(("last_year", "this_year", "added"), [(120, 20, 100), (20, 120, 0)])
def test_in_hard_times_what_is_missing_to_the_surplus_of_last_year_is_credited(last_year, this_year, added):
    levels = [Tier("Explorer"), Tier("Gold", at=180)]
    tiers = TierSet(levels, counts="points earned", over="calendar year", surplus="carried")
    loyalty = shop(program(tiers=tiers))
    buy(loyalty, "T-1", 180 + last_year, "2018-05-01")
    buy(loyalty, "T-2", 180 + this_year - last_year, "2019-05-01")
    opened = [loyalty.account("ana", at=at(f"{year}-01-01")).standing(at(f"{year}-01-01")) for year in (2019, 2020)]
    first, second = (each.parts["carried"] for each in opened)

    if first > second:
        loyalty.credit_tier("ana", points=first - second, reason="hardship 2020", key="C-1", now=at("2020-01-02"))

    after = loyalty.status("ana", at=at("2020-01-02"))
    assert (first, second, after.parts.get("tiers.credited", 0)) == (last_year, this_year, added)
    assert after.score == max(last_year, this_year)
    assert loyalty.balance("ana", at=at("2020-01-02")).available == 360 + this_year
