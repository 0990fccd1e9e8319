"""Quotes of members who have points that wait: when it will be enough."""

from __future__ import annotations

from datetime import date

from fidelity.entries import Enrolled, PointsEarned, PointsRedeemed, PointsReversed
from fidelity.ledger.account import fold
from fidelity.ledger.terms import terms_of
from fidelity.loyalty.notice import Offer
from fidelity.loyalty.quotes import quote
from fidelity.rules.rewards.reward import Reward
from tests.loyalty.aurora import DAY, NOON, aurora

MUG = Reward("mug", cost=100)


def earned(points, *, usable, expires=None, lot="a"):
    """Points of today that can be used *usable* days from now."""
    return PointsEarned(
        at=NOON, now=NOON, wallet="points", points=points, lot=lot, origin=f"purchase/{lot}",
        starts=NOON + usable * DAY, expires=None if expires is None else NOON + expires * DAY,
    )  # fmt: skip


def asked(*entries, reward=MUG):
    program = aurora(rewards=[reward])
    joined = Enrolled(at=NOON, now=NOON, member="ana", customer_since=date(2026, 1, 5), fields={})
    return quote(fold(terms_of(program), "ana", [joined, *entries]), Offer(program, reward), NOON, {})


def test_a_quote_says_from_when_points_that_wait_make_it_enough():
    told = asked(earned(60, usable=0), earned(30, usable=3, lot="b"), earned(20, usable=14, lot="c"))

    assert (told.missing, told.ready) == (40, date(2026, 1, 19))
    assert told.explain() == (
        "Mug costs 100 points. You have 60; 40 more are needed.\n"
        "With the points that you cannot use yet, it will be enough from 19 January 2026."
    )
    assert told.explain("es").endswith(
        "Con los puntos que aún no puedes usar, bastará a partir del 19 de enero de 2026."
    )


def test_points_that_wait_and_are_too_few_are_not_promised():
    assert asked(earned(60, usable=0), earned(39, usable=14, lot="b")).ready is None


def test_points_that_expire_while_others_wait_are_not_counted_on():
    assert asked(earned(60, usable=0, expires=10), earned(40, usable=14, lot="b")).ready is None


def test_a_debt_is_paid_from_points_that_wait_before_they_are_promised():
    owed = (
        earned(1, usable=0, lot="z"),
        PointsRedeemed(at=NOON, now=NOON, redemption="r", reward="x", wallet="points", points=1, lots=(("z", 1),)),
        PointsReversed(
            at=NOON, now=NOON, wallet="points", origin="purchase/z", points=1, taken=(), expired=0, debt=1, reason="r"
        ),
    )

    assert asked(*owed, earned(100, usable=14)).ready is None
    assert asked(*owed, earned(101, usable=14)).ready == date(2026, 1, 19)


def test_a_reward_that_asks_for_a_waiting_time_adds_it():
    slow = Reward("mug", cost=100, wait="2 days")

    assert asked(earned(100, usable=0), reward=slow).ready == date(2026, 1, 7)
    assert asked(earned(100, usable=14), reward=slow).ready == date(2026, 1, 21)


def test_nothing_is_said_of_when_to_who_can_have_it_at_once():
    told = asked(earned(100, usable=0), earned(100, usable=14, lot="b"))

    assert (told.affordable, told.ready) == (True, None)
