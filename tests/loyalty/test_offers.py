"""All rewards with their quotes, what ends by a day, commands that are done together, and measured friction."""

from __future__ import annotations

from datetime import date

import pytest

from fidelity import EarnRule, Payment, Reward, points
from fidelity.commands import Redeem, Transfer
from fidelity.errors import NotEnoughPoints, UnknownReward, ValueRefused
from fidelity.journals import JournalInMemory
from fidelity.loyalty import Loyalty
from tests.loyalty.aurora import DAY, NOON, aurora, bought, joined, lines

BASE = EarnRule("base", points(1, per="1 EUR"))
REWARDS = [
    Reward("coffee", cost=100),
    Reward("tasting", cost=50, channels=["store"]),
    Payment("till", points=100, worth="5 EUR", blocks=100),
]


def cafe(journal=None, **amounts):
    loyalty = Loyalty(aurora(rewards=REWARDS, earn=[BASE], tiers=None), journal)
    loyalty.execute(joined(*amounts))
    loyalty.execute([bought(f"T-{name}", f"{amount} EUR", member=name) for name, amount in amounts.items() if amount])
    return loyalty


def test_every_reward_is_offered_with_what_it_takes(journal):
    loyalty = cafe(journal, ana=250)

    told = loyalty.offers("ana", at=NOON, fields={"basket": "7 EUR"})

    assert [(each.reward, each.cost, each.affordable) for each in told] == [
        ("coffee", 100, True),
        ("tasting", 50, False),
        ("till", 100, True),
    ]


def test_a_balance_says_how_much_ends_by_a_day():
    loyalty = cafe(ana=250)
    loyalty.execute([bought("T-2", "30 EUR", at=NOON + 60 * DAY)])
    now = NOON + 61 * DAY

    told = [loyalty.balance("ana", at=now).expiring(date(2027, month, 5)) for month in (1, 2, 3)]

    assert told == [250, 250, 250]
    assert loyalty.balance("ana", at=now).expiring(date(2027, 1, 4)) == 0
    assert loyalty.balance("ana", at=now).expiring(date(2027, 3, 6)) == 280


def test_commands_that_are_atomic_are_all_done_or_none(journal):
    loyalty = cafe(journal, ana=50)
    before = lines(loyalty.journal)
    order = [bought("T-9", "20 EUR"), Redeem(member="ana", reward="coffee", key="r", now=NOON)]

    with pytest.raises(NotEnoughPoints) as refused:
        loyalty.execute(order, atomic=True)

    assert refused.value.available == 70
    assert (lines(loyalty.journal), loyalty.balance("ana", at=NOON).available) == (before, 50)
    earned, spent = loyalty.execute([bought("T-9", "60 EUR"), order[1]], atomic=True)
    assert (earned.points, spent.points, loyalty.balance("ana", at=NOON).available) == (60, 100, 10)
    assert [each.repeated for each in loyalty.execute([bought("T-9", "60 EUR"), order[1]], atomic=True)] == [True, True]


def test_a_gift_among_them_is_part_of_the_whole(journal):
    loyalty = cafe(journal, ana=50, bob=0)
    gift = Transfer(member="ana", to="bob", points=40, key="g", now=NOON)

    with pytest.raises(NotEnoughPoints):
        loyalty.execute([gift, Redeem(member="bob", reward="coffee", key="r", now=NOON)], atomic=True)
    assert loyalty.balance("bob", at=NOON).available == 0
    loyalty.execute([gift, bought("T-9", "70 EUR", member="bob")], atomic=True)
    loyalty.execute([Redeem(member="bob", reward="coffee", key="r", now=NOON)])

    assert (loyalty.balance("ana", at=NOON).available, loyalty.balance("bob", at=NOON).available) == (10, 10)
    assert loyalty.verify().sound


def test_what_is_atomic_does_not_go_on():
    with pytest.raises(ValueRefused, match="atomic"):
        cafe(ana=50).execute([], on_refusal="return", atomic=True)


def test_friction_counts_who_could_and_what_keeps_the_others():
    loyalty = cafe(ana=250, bob=60, eva=0, zoe=500)
    loyalty.redeem("zoe", "coffee", key="r", now=NOON + 30 * DAY)
    loyalty.close("eva", reason="asked", key="c", now=NOON)

    told = loyalty.friction(at=NOON + 40 * DAY)

    assert (told.members, told.could, told.first_days, told.earned, told.enjoyed) == (3, 2, (30,), 810, 100)
    assert told.refusals == {
        ("coffee", "points"): 1,
        ("tasting", "channels"): 3,
        ("till", "points"): 1,
    }
    assert (round(told.share, 3), round(told.share_enjoyed, 3), told.days_to_first) == (0.667, 0.123, 30)
    assert told.explain() == (
        "2 of 3 members could have something today.\n"
        "Coffee: out of reach for 1, because of missing points.\n"
        "Tasting: out of reach for 3, because of the channel.\n"
        "Till: out of reach for 1, because of missing points.\n"
        "Half of those who had something had it within 30 days.\n"
        "12.3% of the points earned have been enjoyed."
    )
    assert told.explain("es").startswith("2 de 3 miembros podrían tener algo hoy.")


def test_friction_of_some_rewards_and_of_nobody():
    assert cafe(ana=250).friction(at=NOON, rewards=["tasting"]).could == 0
    empty = Loyalty(aurora(rewards=REWARDS, tiers=None), JournalInMemory()).friction(at=NOON)
    assert (empty.members, empty.share, empty.share_enjoyed, empty.days_to_first) == (0, 0.0, 0.0, None)
    assert empty.explain("es").endswith("Nadie ha tenido nada todavía.")
    with pytest.raises(UnknownReward):
        cafe(ana=1).friction(at=NOON, rewards=["a yacht"])
