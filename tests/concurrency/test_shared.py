"""Many processes draw on what all members share: no budget is overspent, and no reward is given twice."""

from __future__ import annotations

import pytest

from fidelity.loyalty import Loyalty
from fidelity.rules.earning.limits import Cap
from tests.concurrency.jobs import autumn, bringing
from tests.loyalty.aurora import NOON, joined


def desk(journal, budget):
    made = Loyalty(autumn(budget), journal=journal)
    made.execute(joined("m0", "m1", "m2", "m3"))
    return made


@pytest.mark.parametrize(("budget", "most"), [("30 times", 300), (Cap(305, "points"), 305)], ids=["times", "points"])
def test_six_processes_of_three_threads_give_a_budget_away_and_not_a_point_more(crowd, database, journal, budget, most):
    loyalty = desk(journal, budget)

    each = [{"name": f"p{n}", "budget": budget, "times": 5, "threads": 3} for n in range(6)]
    answers = [points for each in crowd.together(database, "draw", each) for points in each]

    assert len(answers) == 90
    assert sum(answers) == most
    standing = Loyalty(autumn(budget), journal=journal).campaign("autumn")
    assert (standing.given, standing.left) == ({"points": most}, 0)
    assert standing.uses == sum(1 for each in answers if each)
    accounts = list(loyalty.accounts(at=NOON))
    assert sum(account.balance(NOON).available for account in accounts) == 90 + most
    assert loyalty.verify().sound


def test_eight_processes_take_twenty_mugs_and_not_one_more(crowd, database, journal):
    loyalty = desk(journal, "1 time")
    for member in ("m0", "m1"):
        loyalty.goodwill(member, points=500, reason="opening", key=member, now=NOON)

    each = [{"name": f"p{n}", "times": 12} for n in range(8)]
    answers = [answer for each in crowd.together(database, "grab", each) for answer in each]

    stock = Loyalty(autumn("1 time"), journal=journal).stock("mug", at=NOON)
    taken = sum(1 for each in answers if isinstance(each, dict))
    assert (stock.left, stock.taken + stock.held) == (20 - taken, taken)
    assert taken == 20
    assert {each for each in answers if isinstance(each, str)} == {"given back", "out of stock"}
    assert loyalty.verify().sound


def test_a_referral_counts_once_however_many_purchases_come_at_once(crowd, database, journal):
    """Whoever buys locks the books of who brought them too, while gifts lock both the other way round."""
    loyalty = Loyalty(bringing(), journal=journal)
    loyalty.execute(joined("ana"))
    friends = [f"f{n}" for n in range(4)]
    for friend in friends:
        invitation = loyalty.refer("ana", key=friend, now=NOON).id
        loyalty.enroll(friend, referred_by=invitation, now=NOON)

    each = [{"name": f"p{n}", "friends": friends[n % 4 :] + friends[: n % 4]} for n in range(6)]
    answers = [answer for each in crowd.together(database, "shop_around", each) for answer in each]

    assert all(isinstance(each, dict) or each == "not enough points" for each in answers)
    accounts = {each.member: each for each in loyalty.accounts(at=NOON)}
    total = sum(each.balance(NOON).available for each in accounts.values())
    assert total == 4 * 6 * 20 + 4 * (500 + 200)
    counted = journal.load("Shop", [f"invitation/{friend}" for friend in friends])
    assert [each.version for each in counted.values()] == [3] * 4
    assert loyalty.verify().sound
