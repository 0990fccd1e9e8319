"""Bugs of others about time and status: whose day it is, what an expiry takes, what a level reads."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

import fidelity as fd
from fidelity.errors import NotEnoughPoints
from tests.regressions.shop import DAY, HOUR, MADRID, NOON, available, buy, program, sale, shop

TICK = timedelta(microseconds=1)
LADDER = fd.TierSet(
    [fd.Tier("first"), fd.Tier("second", at=1_000)], counts="points earned", over="12 months", grace="3 months"
)


def test_odoo_222428_a_campaign_lasts_through_its_last_day_where_the_shop_is():
    """
    A buyer in California paid on the last evening of a promotion; the server, in UTC, was a day further when it
    confirmed, and took the reward out of an order that had been paid.
    """
    pacific = ZoneInfo("America/Los_Angeles")
    june = fd.EarnRule("june", fd.points(50), during=("2026-06-01", "2026-06-30"))
    evening = datetime(2026, 6, 30, 23, 30, tzinfo=pacific)
    loyalty = shop(of=program(timezone="America/Los_Angeles", earn=[june]), now=evening)

    told_in_utc = sale("T-1", "10", at=evening.astimezone(ZoneInfo("UTC")))
    receipt = loyalty.record(told_in_utc, now=evening + 12 * HOUR)

    assert receipt.points == 50
    assert buy(loyalty, "T-2", "10", at=evening + HOUR, now=evening + 13 * HOUR).points == 0


def test_odoo_222428_what_was_accepted_is_not_decided_again():
    """The points set aside at the checkout pay the reward, though the program has another price by then."""
    loyalty = shop()
    buy(loyalty, "T-1", "100")
    hold = loyalty.hold("ana", reward="coffee", key="cart", now=NOON)

    dearer = fd.Loyalty(program(version="2", rewards=[fd.Reward("coffee", cost=500)]), journal=loyalty.journal)

    assert dearer.capture(hold.id, key="paid", now=NOON + DAY).points == 100


def test_flocafe_78_an_expiry_takes_what_is_left_of_its_own_points_and_nothing_else():
    """When the oldest points of a member expired, those that had been spent went a second time, with all the rest."""
    loyalty = shop()
    buy(loyalty, "T-1", "100")
    buy(loyalty, "T-2", "150", at=NOON + 180 * DAY)
    loyalty.redeem("ana", "coffee", key="k", now=NOON + 181 * DAY)
    buy(loyalty, "T-3", "40", at=NOON + 182 * DAY)

    first_end = datetime(2027, 1, 16, tzinfo=MADRID)
    before, after = (available(loyalty, at=each) for each in (first_end - TICK, first_end))

    assert (before, after) == (190, 190)


def test_flocafe_78_an_expiry_leaves_what_was_earned_later():
    loyalty = shop(of=program(rewards=[fd.Reward("biscuit", cost=80)]))
    buy(loyalty, "T-1", "100")
    buy(loyalty, "T-2", "50", at=NOON + 180 * DAY)
    loyalty.redeem("ana", "biscuit", key="k", now=NOON + 181 * DAY)

    first_end = datetime(2027, 1, 16, tzinfo=MADRID)
    before, after = (loyalty.balance("ana", at=each) for each in (first_end - TICK, first_end))

    assert (before.available, before.next_expiry) == (70, (date(2027, 1, 15), 20))
    assert (after.available, after.debt) == (50, 0)


@pytest.mark.parametrize("swept", [False, True])
def test_tigerbeetle_2118_what_a_reading_says_at_an_instant_a_command_does_at_it(swept):
    """What timed out by itself was over for one kind of request and still there for another at the same instant."""
    loyalty = shop()
    buy(loyalty, "T-1", "100")
    until = NOON + HOUR
    loyalty.hold("ana", points=100, key="cart", until=until, now=NOON)

    assert loyalty.quote("ana", "coffee", at=until - TICK).missing == 100
    with pytest.raises(NotEnoughPoints):
        loyalty.redeem("ana", "coffee", key="early", now=until - TICK)
    if swept:
        loyalty.settle(until)

    assert loyalty.quote("ana", "coffee", at=until).affordable
    assert loyalty.redeem("ana", "coffee", key="on time", now=until).points == 100


@pytest.mark.parametrize("swept", [False, True])
def test_tigerbeetle_2118_points_end_at_one_instant_for_readings_and_for_commands(swept):
    loyalty = shop()
    buy(loyalty, "T-1", "200")
    end = datetime(2027, 1, 16, tzinfo=MADRID)

    assert (
        loyalty.redeem("ana", "coffee", key="in time", now=end - TICK).left == 100 == available(loyalty, at=end - TICK)
    )
    if swept:
        loyalty.settle(end)

    assert available(loyalty, at=end) == 0
    with pytest.raises(NotEnoughPoints):
        loyalty.redeem("ana", "coffee", key="too late", now=end)


def test_erpnext_14930_the_first_tier_begins_at_nothing():
    """A tier that begins at a spend of 0 was skipped, and a first purchase made the member a member of the second."""
    loyalty = shop(of=program(tiers=LADDER))
    before = loyalty.status("ana", at=NOON)

    buy(loyalty, "T-1", "10")

    after = loyalty.status("ana", at=NOON)
    assert (before.tier, after.tier, after.next_tier, after.to_next) == ("first", "first", "second", 990)


def test_open_loyalty_131_spending_points_costs_no_status():
    """The level was read from the balance: 1,000 earned made the second level, 900 spent unmade it."""
    loyalty = shop(of=program(tiers=LADDER, rewards=[fd.Reward("weekend", cost=900)]))
    buy(loyalty, "T-1", "1000")
    reached = loyalty.status("ana", at=NOON).tier

    loyalty.redeem("ana", "weekend", key="k", now=NOON)

    assert (reached, loyalty.status("ana", at=NOON).tier, available(loyalty)) == ("second", "second", 100)


def test_open_loyalty_131_a_level_cannot_be_made_to_read_the_balance():
    """Nothing that may be counted for a tier falls when points are spent."""
    with pytest.raises(fd.FidelityError):
        program(tiers=fd.TierSet([fd.Tier("first")], counts="balance", over="12 months", grace="3 months"))
