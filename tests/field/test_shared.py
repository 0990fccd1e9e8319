"""What members share, and what is left of it: budgets of campaigns, stock of rewards, limits of one member."""

from __future__ import annotations

import fidelity as fd
from fidelity import Campaign, Cap, EarnRule, Reward, points
from tests.field.cases import case
from tests.field.shop import BASE, at, buy, program, shop

EXTRA = EarnRule("extra", points(10))


@case("ODOO-035")
def test_a_campaign_of_one_use_is_for_the_first_who_comes():
    loyalty = shop(program(BASE, Campaign("opening", [EXTRA], budget="1 time")), "first", "second")

    one = buy(loyalty, "T-1", "10", member="first")
    other = buy(loyalty, "T-2", "10", member="second")

    assert [one.points, other.points] == [20, 10]
    assert "Extra: not applied, because the campaign “opening” has given all that it had." in other.explain()


@case("OSC-006")
def test_of_four_uses_over_all_members_four_one_and_none_are_left():
    """After 0, 3 and 4; and after 4 where a later version allows but 3, there is no less than nothing left."""
    made = program(BASE, Campaign("opening", [EXTRA], budget="4 times"))
    loyalty = shop(made, "ana", "eva")
    standings = [loyalty.campaign("opening")]
    for n in range(5):
        buy(loyalty, f"T-{n}", "10", member=("ana", "eva")[n % 2])
        standings.append(loyalty.campaign("opening"))
    lower = program(BASE, Campaign("opening", [EXTRA], budget="3 times"), version="2")
    standings.append(fd.Loyalty(lower, journal=loyalty.journal).campaign("opening"))

    seen = [standings[place] for place in (0, 3, 4, 6)]

    assert [each.left for each in seen] == [4, 1, 0, 0]
    assert [each.available for each in seen] == [True, True, False, False]


@case("OSC-008")
def test_a_suspended_campaign_is_not_available_for_one_reason():
    loyalty = shop(program(BASE, Campaign("opening", [EXTRA], during=("2026-01-01", "2026-01-31"), budget="1 time")))
    loyalty.suspend("opening", reason="wrong price", key="s", now=at("2026-01-10"))

    receipt = buy(loyalty, "T-1", "10")
    standing = loyalty.campaign("opening", at=at("2026-01-15"))

    assert (standing.available, standing.suspended, receipt.points) == (False, "wrong price", 10)
    reasons = [line for line in receipt.explain().splitlines() if "not applied" in line]
    assert reasons == ["- Extra: not applied, because the campaign “opening” is paused."]
    loyalty.resume("opening", key="r", now=at("2026-01-20"))
    assert buy(loyalty, "T-2", "10", "2026-01-21").points == 20


@case("OSC-016")
def test_what_a_campaign_has_given_adds_up():
    """Ten euros back in a wallet of cents, twice."""
    back = EarnRule("ten euros back", points(1_000), wallet="cents")
    loyalty = shop(program(BASE, Campaign("opening", [back], budget=Cap(1_000_000))))

    totals = []
    for n in range(2):
        buy(loyalty, f"T-{n}", "50")
        totals.append(loyalty.campaign("opening").given["cents"])

    assert [fd.Money(each, "EUR") for each in totals] == [fd.money("10.00 EUR"), fd.money("20.00 EUR")]


@case("OSC-005")
def test_of_one_use_for_each_member_one_and_then_none_is_left():
    """After 0, 1 and 5 purchases of one member; never less than none, and another member's is whole."""
    loyalty = shop(program(BASE, EarnRule("welcome", points(10), limit="once")), "ana", "eva")
    left = []
    for n in range(6):
        (welcome,) = loyalty.allowances("ana", at=at("2026-01-15"))
        left.append(welcome.left)
        buy(loyalty, f"T-{n}", "10")

    assert [left[0], left[1], left[5]] == [1, 0, 0]
    assert [each.left for each in loyalty.allowances("eva", at=at("2026-01-15"))] == [1]


@case("ODOO-020")
def test_a_reward_of_which_nothing_is_left_cannot_be_claimed():
    rewards = [Reward("B for free", cost=10, stock=1), Reward("any free product", cost=10, stock=2)]
    loyalty = shop(program(rewards=rewards))
    buy(loyalty, "T-1", "100")

    def claimable():
        quotes = [loyalty.quote("ana", each.name, at=at("2026-01-16")) for each in rewards]
        return [each.affordable for each in quotes]

    assert claimable() == [True, True]
    loyalty.restock("B for free", -1, key="archive B", now=at("2026-01-15"))
    loyalty.restock("any free product", -2, key="archive B and C", now=at("2026-01-15"))
    assert claimable() == [False, False]
    loyalty.restock("any free product", 1, key="reactivate C", now=at("2026-01-15"))
    assert claimable() == [False, True]
