"""Points spent on a purchase come back with a return of it: as large a part as what came back, however it is split."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fidelity import EarnRule, Reward, points
from fidelity.errors import ValueRefused
from fidelity.events import Return
from fidelity.loyalty import Loyalty
from tests.loyalty.aurora import DAY, HOUR, NOON, aurora, sale

BASE = EarnRule("base", points(1, per="1 EUR"))


def cafe(journal=None, **more):
    loyalty = Loyalty(aurora(rewards=[Reward("mug", cost=101)], earn=[BASE], tiers=None, **more), journal)
    loyalty.enroll("ana", now=NOON)
    loyalty.record(sale("T-0", "1000 EUR"), now=NOON)
    return loyalty


def back(loyalty, name, amount=None, at=NOON):
    given = {} if amount is None else {"amount": amount}
    return loyalty.record(Return(name, purchase="T-1", at=at, **given), now=at)


@pytest.mark.parametrize("first", ["redemption", "purchase"])
def test_it_does_not_matter_which_came_first(journal, first):
    loyalty = cafe(journal)
    buy = lambda: loyalty.record(sale("T-1", "100 EUR"), now=NOON)  # noqa: E731
    redeem = lambda: loyalty.redeem("ana", "mug", key="r", purchase="T-1", now=NOON)  # noqa: E731
    for each in (redeem, buy) if first == "redemption" else (buy, redeem):
        each()

    receipt = back(loyalty, "R-1", "50 EUR")

    assert receipt.given_back == {"points": 50}
    assert "50 points that you used on it come back to you." in receipt.explain()
    assert not loyalty.verify().breaches


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(1, 9_000), min_size=1, max_size=5))
def test_any_split_of_a_return_gives_all_of_it_back(parts):
    loyalty = cafe()
    loyalty.record(sale("T-1", "500.00 EUR"), now=NOON)
    loyalty.redeem("ana", "mug", key="r", purchase="T-1", now=NOON)
    got = [
        back(loyalty, f"R-{place}", f"{part // 100}.{part % 100:02} EUR").given_back.get("points", 0)
        for place, part in enumerate(parts)
    ]

    got.append(back(loyalty, "R-last").given_back.get("points", 0))

    assert sum(got) == 101
    assert all(sum(got[: place + 1]) == 101 * sum(parts[: place + 1]) // 50_000 for place in range(len(parts)))
    assert loyalty.balance("ana", at=NOON).available == 1000


def test_what_was_given_back_by_hand_is_not_given_twice():
    loyalty = cafe()
    loyalty.record(sale("T-1", "100 EUR"), now=NOON)
    redeemed = loyalty.redeem("ana", "mug", key="r", purchase="T-1", now=NOON)
    loyalty.undo(redeemed.id, points=80, key="u", now=NOON)

    assert back(loyalty, "R-1", "50 EUR").given_back == {}
    assert back(loyalty, "R-2").given_back == {"points": 21}


def test_what_comes_back_pays_what_the_return_takes_before_anything_is_owed():
    loyalty = cafe()
    loyalty.record(sale("T-1", "100 EUR"), now=NOON)
    for place in range(10):
        loyalty.redeem("ana", "mug", key=f"r{place}", purchase="T-1" if place == 9 else "", now=NOON)
    assert loyalty.balance("ana", at=NOON).available == 90

    receipt = back(loyalty, "R-1")

    assert (receipt.given_back, receipt.owed) == ({"points": 101}, {"points": 0})
    assert loyalty.balance("ana", at=NOON).available == 91


def test_points_whose_life_is_over_come_back_for_thirty_days():
    loyalty = cafe(expiry="10 days")
    loyalty.redeem("ana", "mug", key="r", purchase="T-1", now=NOON)
    loyalty.record(sale("T-1", "100 EUR", at=NOON + HOUR), now=NOON + HOUR)

    back(loyalty, "R-1", at=NOON + 20 * DAY)

    assert loyalty.balance("ana", at=NOON + 20 * DAY).available == 101
    assert loyalty.balance("ana", at=NOON + 51 * DAY).available == 0


def test_a_hold_that_was_captured_is_given_back_too():
    loyalty = cafe()
    held = loyalty.hold("ana", reward="mug", purchase="T-1", key="h", now=NOON)
    loyalty.record(sale("T-1", "100 EUR"), now=NOON)
    loyalty.capture(held.id, key="c", now=NOON)

    assert back(loyalty, "R-1").given_back == {"points": 101}


def test_a_household_does_not_spend_on_one_purchase():
    loyalty = cafe()
    loyalty.join_household("ana", "home", key="j", now=NOON)

    with pytest.raises(ValueRefused, match="not given back by share"):
        loyalty.redeem("ana", "mug", key="r", purchase="T-1", pooled=True, now=NOON)
