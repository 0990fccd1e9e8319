"""A change of the program binds points earned after it; those earned before keep their terms for six months (D24)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fidelity.errors import NotEnoughPoints, NotNow, UnknownReward
from fidelity.events import Purchase
from fidelity.loyalty import Loyalty
from fidelity.rules import Reward
from tests.loyalty.aurora import NOON, aurora

DAY = timedelta(days=1)
CHANGED = NOON + 30 * DAY


def first(journal, **more):
    """120 points earned under version 1, where a mug costs 100."""
    program = aurora(version="1", **{"rewards": [Reward("mug", cost=100, worth="8 EUR")], **more})
    loyalty = Loyalty(program, journal=journal)
    loyalty.enroll("ana", now=NOON)
    loyalty.record(Purchase("T-1", member="ana", amount="120 EUR", at=NOON), now=NOON)
    return loyalty


def changed(loyalty, *rewards):
    """Version 2, in force since `CHANGED`."""
    second = Loyalty(aurora(version="2", rewards=list(rewards)), journal=loyalty.journal)
    second.enroll("eva", now=CHANGED)
    return second


def test_points_earned_before_keep_the_lower_cost(journal):
    loyalty = changed(first(journal), Reward("mug", cost=200, worth="8 EUR"))
    at = CHANGED + 100 * DAY

    quote = loyalty.quote("ana", "mug", at=at)
    receipt = loyalty.redeem("ana", "mug", key="k", now=at)

    assert (quote.cost, quote.affordable, quote.version) == (100, True, "1")
    assert (receipt.points, receipt.left) == (100, 20)


def test_points_earned_after_have_the_new_cost(journal):
    loyalty = changed(first(journal), Reward("mug", cost=200, worth="8 EUR"))
    loyalty.redeem("ana", "mug", key="k", now=CHANGED)
    loyalty.record(Purchase("T-2", member="ana", amount="150 EUR", at=CHANGED + DAY), now=CHANGED + DAY)

    quote = loyalty.quote("ana", "mug", at=CHANGED + DAY)

    # 170 points, but only 20 of them are old: not enough for the old terms.
    assert (quote.cost, quote.available, quote.missing, quote.version) == (200, 170, 30, "2")
    with pytest.raises(NotEnoughPoints):
        loyalty.redeem("ana", "mug", key="l", now=CHANGED + DAY)


def test_old_points_alone_pay_the_old_cost(journal):
    """Points earned later and ending sooner would be spent first; they have other terms."""
    loyalty = changed(first(journal), Reward("mug", cost=200, worth="8 EUR"))
    loyalty.record(Purchase("T-2", member="ana", amount="50 EUR", at=CHANGED + DAY), now=CHANGED + DAY)

    loyalty.redeem("ana", "mug", key="k", now=CHANGED + DAY)

    lots = loyalty.account("ana", at=CHANGED + DAY).lots()
    assert {lot.id: lot.available for lot in lots} == {"purchase/T-1": 20, "purchase/T-2": 50}


def test_a_reward_withdrawn_is_still_there_for_old_points(journal):
    loyalty = changed(first(journal), Reward("cake", cost=50))

    assert loyalty.redeem("ana", "mug", key="k", now=CHANGED + DAY).points == 100
    with pytest.raises(UnknownReward):
        loyalty.redeem("ana", "mug", key="l", now=CHANGED + DAY)


def test_a_lower_worth_binds_only_later_points(journal):
    loyalty = changed(first(journal), Reward("mug", cost=100, worth="5 EUR"))

    assert loyalty.redeem("ana", "mug", key="k", now=CHANGED + DAY).worth == "8.00 EUR"


STRICTER = {
    "during": {"during": ("2020-01-01", "2020-02-01")},
    "channels": {"channels": ["app"]},
    "minimum balance": {"minimum_balance": 5_000},
    "wait": {"wait": "300 days"},
    "when": {"when": "redemption.store == 'Sol'"},
    "cheaper and closed": {"cost": 50, "channels": ["moon"]},
}


@pytest.mark.parametrize("terms", STRICTER.values(), ids=STRICTER)
def test_a_stricter_filter_binds_only_points_earned_after_it(journal, terms):
    loyalty = changed(first(journal), Reward("mug", **{"cost": 100, "worth": "8 EUR", **terms}))
    at = CHANGED + 100 * DAY

    quote = loyalty.quote("ana", "mug", fields={"channel": "web"}, at=at)
    held = loyalty.hold("ana", reward="mug", key="h", fields={"channel": "web"}, now=at)
    loyalty.release(held.id, key="l", now=at)
    receipt = loyalty.redeem("ana", "mug", key="k", fields={"channel": "web"}, now=at)

    assert (quote.affordable, quote.version, quote.cost) == (True, "1", 100)
    assert (held.points, receipt.points, receipt.left) == (100, 100, 20)


def test_points_earned_after_have_the_stricter_filter_and_old_ones_after_the_notice_too(journal):
    loyalty = changed(first(journal), Reward("mug", cost=100, worth="8 EUR", channels=["app"]))
    loyalty.redeem("ana", "mug", key="k", fields={"channel": "web"}, now=CHANGED)
    loyalty.record(Purchase("T-2", member="ana", amount="150 EUR", at=CHANGED + DAY), now=CHANGED + DAY)

    with pytest.raises(NotNow):
        loyalty.redeem("ana", "mug", key="l", fields={"channel": "web"}, now=CHANGED + DAY)
    assert loyalty.redeem("ana", "mug", key="m", fields={"channel": "app"}, now=CHANGED + DAY).points == 100


def test_a_filter_that_was_laxer_once_holds_no_longer_than_the_notice(journal):
    loyalty = changed(first(journal), Reward("mug", cost=100, worth="8 EUR", channels=["app"]))

    assert loyalty.quote("ana", "mug", fields={"channel": "web"}, at=CHANGED + 170 * DAY).affordable
    assert not loyalty.quote("ana", "mug", fields={"channel": "web"}, at=CHANGED + 190 * DAY).affordable


def test_where_the_present_terms_say_yes_they_hold(journal):
    loyalty = changed(
        first(journal, rewards=[Reward("mug", cost=100, worth="8 EUR", channels=["app"])]),
        Reward("mug", cost=100, worth="8 EUR", channels=["web"]),
    )

    quotes = {
        name: loyalty.quote("ana", "mug", fields={"channel": name}, at=CHANGED) for name in ("app", "web", "till")
    }

    assert {name: (each.affordable, each.version) for name, each in quotes.items()} == {
        "app": (True, "1"), "web": (True, "2"), "till": (False, "2"),
    }  # fmt: skip


def test_a_shorter_voucher_and_a_new_step_bind_only_later_points(journal):
    old = first(journal, rewards=[Reward("mug", cost=60, worth="8 EUR", voucher="2 years")])
    loyalty = changed(old, Reward("mug", cost=60, worth="8 EUR", voucher="30 days"))
    third = Loyalty(
        aurora(version="3", rewards=[Reward("mug", cost=60, worth="8 EUR", voucher="30 days", steps=["come by"])]),
        journal=journal,
    )

    assert loyalty.quote("ana", "mug", at=CHANGED + DAY).version == "1"
    assert third.quote("ana", "mug", at=CHANGED + DAY).version == "1"


def test_the_notice_ends_after_six_months(journal):
    loyalty = changed(first(journal), Reward("mug", cost=200, worth="8 EUR"))
    # Six months by the clock of Madrid: in August it is an hour earlier in UTC.
    over = CHANGED.replace(month=CHANGED.month + 6, hour=CHANGED.hour - 1)

    assert loyalty.quote("ana", "mug", at=over - timedelta(seconds=1)).cost == 100
    assert loyalty.quote("ana", "mug", at=over).cost == 200


def test_better_terms_are_everybodys_at_once(journal):
    loyalty = changed(first(journal), Reward("mug", cost=60, worth="8 EUR"))

    assert loyalty.quote("ana", "mug", at=CHANGED).cost == 60


def test_a_hold_for_a_reward_has_the_old_terms_too(journal):
    loyalty = changed(first(journal), Reward("mug", cost=200, worth="8 EUR"))

    hold = loyalty.hold("ana", reward="mug", key="h", now=CHANGED + DAY)

    assert (hold.points, hold.worth) == (100, "8.00 EUR")


def test_a_first_command_under_the_new_version_is_told_the_old_terms(journal):
    first(journal)
    second = Loyalty(aurora(version="2", rewards=[Reward("mug", cost=200)]), journal=journal)

    assert second.redeem("ana", "mug", key="k", now=NOON + DAY).points == 100


def test_of_several_earlier_terms_the_best_that_old_points_can_pay_holds(journal):
    """Dearer, then cheaper than ever for a while, then dearest: each point has the best it was promised."""
    loyalty = first(journal)
    cheap = Loyalty(aurora(version="2", rewards=[Reward("mug", cost=70, worth="8 EUR")]), journal=journal)
    cheap.record(Purchase("T-2", member="ana", amount="60 EUR", at=NOON + 10 * DAY), now=NOON + 10 * DAY)
    dear = Loyalty(aurora(version="3", rewards=[Reward("mug", cost=200, worth="8 EUR")]), journal=journal)
    dear.enroll("eva", now=NOON + 20 * DAY)

    quotes = [(each.cost, each.version) for each in (dear.quote("ana", "mug", at=NOON + 30 * DAY),)]
    spent = [dear.redeem("ana", "mug", key=f"k{n}", now=NOON + 30 * DAY).points for n in range(2)]

    assert quotes == [(70, "2")]
    assert spent == [70, 70]
    assert loyalty.balance("ana", at=NOON + 30 * DAY).available == 120 + 60 - 140


def test_a_household_has_the_terms_of_the_points_that_it_has_together(journal):
    loyalty = first(journal, rewards=[Reward("mug", cost=150, worth="8 EUR")])
    loyalty.enroll("eva", now=NOON)
    loyalty.record(Purchase("T-2", member="eva", amount="40 EUR", at=NOON), now=NOON)
    for member in ("ana", "eva"):
        loyalty.join_household(member, "smiths", key=f"j/{member}", now=NOON)
    second = Loyalty(aurora(version="2", rewards=[Reward("mug", cost=300, worth="8 EUR")]), journal=journal)
    second.enroll("zoe", now=CHANGED)

    assert second.quote("eva", "mug", at=CHANGED + DAY, pooled=True).cost == 150
    assert second.redeem("eva", "mug", key="k", pooled=True, now=CHANGED + DAY).points == 150


def test_the_notice_of_a_version_that_came_back_counts_from_its_last_end(journal):
    """Version 2 was a mistake and version 1 came back: its terms ended when version 3 came, not version 2."""
    dear = [Reward("mug", cost=200, worth="8 EUR")]
    loyalty = first(journal)
    changed(loyalty, *dear)
    back = Loyalty(loyalty.program, journal=journal)
    again = CHANGED + 60 * DAY
    back.record(Purchase("T-2", member="ana", amount="120 EUR", at=again), now=again)
    third = Loyalty(aurora(version="3", rewards=dear), journal=journal)
    ended = again + 60 * DAY
    third.enroll("leo", now=ended)

    third.redeem("ana", "mug", key="k", now=ended + 170 * DAY)
    quote = third.quote("ana", "mug", at=ended + 170 * DAY)

    # More than six months after version 2 came, less than six after version 3: both purchases have the old cost.
    assert (quote.cost, quote.affordable, quote.version) == (100, True, "1")
    assert third.quote("ana", "mug", at=ended + 190 * DAY).cost == 200


def test_hosts_of_two_versions_side_by_side_publish_each_once(journal):
    old = first(journal)
    new = changed(old, Reward("mug", cost=200))

    for number in range(3):
        for host in (old, new):
            host.enroll(f"m-{host.program.version}-{number}", now=CHANGED + DAY)
    versions = [line.entry.version for line in journal.read() if line.entry.kind == "program"]

    assert versions == ["1", "2"]
