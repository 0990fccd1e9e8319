"""Buying in two parts instead of one changes what is earned by no more than the program publishes, and by as much."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity import Cap, EarnRule, Facts, Group, Loyalty, Money, Program, Purchase, Tier, TierSet, points, rate, times
from fidelity import purchase as bought
from fidelity.rules.published import Limits

MONDAY = datetime(2026, 1, 12, 12, tzinfo=UTC)
BASE = EarnRule("base", points(1, per="1 EUR"))
TIERS = TierSet([Tier("Bronze"), Tier("Gold", at=100, earns="3/2")], counts="points earned", over="12 months")


def program(split: int, *earn: EarnRule | Group, **more: object) -> Program:
    return Program(
        "Split", version="1", currency="EUR", timezone="Europe/Madrid", earn=earn, limits=Limits(split=split), **more
    )


#: Each program with the split bound that it publishes, and two amounts (in cents) that attain it.
PUBLISHED = {
    "whole euros": (program(1, BASE), 50, 50),
    "steps of two euros, three points each": (program(3, EarnRule("base", points(3, per="2 EUR"))), 100, 100),
    "an exact rate, rounded once": (program(1, EarnRule("base", rate("3/2"))), 50, 50),
    "rounded to the nearest": (program(1, EarnRule("base", rate(1)), rounding="half up"), 50, 50),
    "rounded up": (program(1, EarnRule("base", rate(1)), rounding="ceil"), 1, 1),
    "doubled": (program(2, BASE, EarnRule("double", times(2, of="base"))), 50, 50),
    "gold, half as much again": (program(2, BASE, tiers=TIERS), 150, 150),
    "fifty for a purchase of ten euros": (program(51, BASE, EarnRule("big", points(50), when=bought.amount >= "10 EUR")), 550, 550),
    "the same, once a day": (program(51, BASE, EarnRule("big", points(50), when=bought.amount >= "10 EUR", limit="once a day")), 950, 950),
    "at most a hundred a purchase": (program(100, Group("all", [BASE], cap=Cap(100))), 10_000, 10_000),
}  # fmt: skip


def earned(decided: Program, *cents: int) -> int:
    """What a Gold member earns with purchases of so many *cents*, minutes apart, as the books have it."""
    loyalty = Loyalty(decided, clock=lambda: MONDAY)
    loyalty.enroll("ana", now=MONDAY - timedelta(days=1))
    facts = Facts(tier="Gold") if decided.tiers is not None else Facts()
    total = 0
    for place, each in enumerate(cents):
        at = MONDAY + timedelta(minutes=place)
        sale = Purchase(f"T-{place}", member="ana", at=at, amount=Money(each, "EUR"))
        # A tier is what the member has, not what the test earns: the books would begin with Bronze.
        receipt = None if facts.tier else loyalty.record(sale, now=at)
        total += decided.evaluate(sale, facts).points if receipt is None else receipt.points
    return total


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_bound_is_attained(name: str) -> None:
    decided, one, other = PUBLISHED[name]
    assert abs(earned(decided, one, other) - earned(decided, one + other)) == decided.limits.split


@pytest.mark.parametrize("name", PUBLISHED)
@given(one=st.integers(1, 30_000), other=st.integers(1, 30_000))
def test_no_split_makes_more_of_a_difference(name: str, one: int, other: int) -> None:
    decided = PUBLISHED[name][0]
    assert abs(earned(decided, one, other) - earned(decided, one + other)) <= decided.limits.split
