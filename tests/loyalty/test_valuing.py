"""Who matters most: by the relationship, and by what they spend; two lists that are not the same."""

from __future__ import annotations

from datetime import date

import pytest

import fidelity as fd
from fidelity.errors import ValueRefused
from tests.field.shop import at, buy, give_back, program, shop

LEVELS = (fd.Tier("New"), fd.Tier("Friend", at=100))
SCORE = fd.relationship(purchases=1, tenure=50, feedback=20)


def neighborhood(counts=SCORE):
    loyalty = shop(program(tiers=fd.TierSet(LEVELS, counts=counts, over="12 months")), "spender", since="2026-01-01")
    loyalty.enroll("faithful", customer_since=date(2016, 1, 1), now=at("2026-01-01"))
    loyalty.enroll("new", now=at("2026-01-01"))
    loyalty.enroll("gone", customer_since=date(2000, 1, 1), now=at("2026-01-01"))
    loyalty.close("gone", reason="asked", key="C-1", now=at("2026-01-02"))
    buy(loyalty, "T-1", 900, member="spender")
    buy(loyalty, "T-2", 40, member="faithful")
    return loyalty


def test_by_the_relationship_whoever_stayed_stands_first():
    found = neighborhood().most_valuable(by="relationship", at=at("2026-02-01"))

    assert [(each.member, each.score) for each in found] == [("faithful", 501), ("spender", 1), ("new", 0)]
    assert found[0].parts == {"tiers.purchases": 1, "tiers.feedback": 0, "tenure": 500}
    assert (found[0].tier, found[0].customer_since) == ("Friend", date(2016, 1, 1))


def test_by_value_whoever_spent_most_does():
    found = neighborhood().most_valuable(by="value", at=at("2026-02-01"))

    told = [(each.member, str(each.spent), each.points) for each in found]
    assert told == [("spender", "900.00 EUR", 900), ("faithful", "40.00 EUR", 40), ("new", "0.00 EUR", 0)]


def test_what_came_back_was_not_spent():
    loyalty = neighborhood()
    give_back(loyalty, "R-1", "T-1", "2026-01-20", amount="880 EUR")

    found = loyalty.most_valuable(by="value", at=at("2026-02-01"), top=2)
    assert [(each.member, str(each.spent), each.points) for each in found] == [
        ("faithful", "40.00 EUR", 40),
        ("spender", "20.00 EUR", 20),
    ]


def test_what_was_spent_long_ago_does_not_count():
    loyalty = neighborhood()

    assert [each.spent.minor for each in loyalty.most_valuable(by="value", at=at("2027-06-01"))] == [0, 0, 0]
    ever = loyalty.most_valuable(by="value", over="ever", at=at("2027-06-01"), top=1)
    assert [str(each.spent) for each in ever] == ["900.00 EUR"]


def test_many_pages_come_to_one_list():
    loyalty = shop(program(), *(f"m{number:03}" for number in range(450)))
    for number in (7, 201, 449):
        buy(loyalty, f"T-{number}", number, member=f"m{number:03}")

    found = loyalty.most_valuable(by="value", top=4, at=at("2026-02-01"))
    assert [each.member for each in found] == ["m449", "m201", "m007", "m000"]
    assert {each.score for each in found} == {None}


def test_a_score_that_nobody_counts_is_not_made_up():
    with pytest.raises(ValueRefused, match=r"counts=relationship\(…\)"):
        neighborhood("purchases").most_valuable(by="relationship")
    with pytest.raises(ValueRefused, match='by="relationship" or by="value"'):
        neighborhood().most_valuable(by="spend")
    with pytest.raises(fd.FidelityError):
        neighborhood().most_valuable(by="value", top=0)
