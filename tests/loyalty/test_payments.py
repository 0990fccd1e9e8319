"""Payments and limits at work: holds, undoing, households, snapshots, and points that keep their old rate."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from fidelity import Cap, EarnRule, Payment, Reward, points
from fidelity.commands import Hold, Redeem
from fidelity.errors import NotNow, ValueRefused
from fidelity.journals import JournalInMemory
from fidelity.ledger.snapshots import from_text, to_text
from fidelity.loyalty import Loyalty
from tests.loyalty.aurora import DAY, HOUR, NOON, aurora, sale

TILL = Payment("till", points=100, worth="5 EUR", blocks=100)
MONTHLY = Payment("till", points=1, worth="0.05 EUR", limit=Cap(500, per="calendar month"))
YEARLY = Reward("mug", cost=100, limit="2 per calendar year")


def cafe(*rewards, journal=None, version="1", amount="1000 EUR", members=("ana",)):
    earn = [EarnRule("base", points(1, per="1 EUR"))]
    loyalty = Loyalty(aurora(version=version, rewards=rewards, earn=earn, tiers=None), journal)
    for member in members:
        loyalty.enroll(member, now=NOON)
        loyalty.record(sale(f"T-{member}-{version}", amount, member=member), now=NOON)
    return loyalty


def test_the_same_request_is_answered_once(journal):
    loyalty = cafe(TILL, journal=journal)

    first = loyalty.redeem("ana", "till", points=250, key="r", now=NOON)
    again = loyalty.redeem("ana", "till", points=250, key="r", now=NOON)

    assert (first.points, first.worth, again.repeated) == (200, "10.00 EUR", True)
    assert loyalty.balance("ana", at=NOON).available == 800


def test_a_hold_of_a_payment_sets_aside_what_goes_and_is_captured_whole(journal):
    loyalty = cafe(TILL, journal=journal)

    held = loyalty.hold("ana", reward="till", points=250, key="h", now=NOON, fields={"basket": "8 EUR"})

    assert (held.points, held.worth) == (100, "5.00 EUR")
    assert loyalty.capture(held.id, key="c", now=NOON).worth == "5.00 EUR"


def test_what_is_held_counts_against_a_limit_until_it_is_let_go(journal):
    loyalty = cafe(MONTHLY, journal=journal)
    held = loyalty.hold("ana", reward="till", points=400, key="h", now=NOON)

    assert loyalty.quote("ana", "till", points=400, at=NOON).cost == 100
    loyalty.release(held.id, key="l", now=NOON)
    assert loyalty.quote("ana", "till", points=400, at=NOON).cost == 400


def test_what_a_hold_captured_counts_in_the_month_of_the_capture(journal):
    loyalty = cafe(MONTHLY, journal=journal)
    held = loyalty.hold("ana", reward="till", points=400, key="h", now=NOON + 20 * DAY)

    loyalty.capture(held.id, key="c", now=NOON + 30 * DAY)  # 4 February

    assert loyalty.quote("ana", "till", points=400, at=NOON + 30 * DAY).cost == 100


def test_what_is_undone_may_be_had_again(journal):
    loyalty = cafe(YEARLY, MONTHLY, journal=journal)
    for key in ("a", "b"):
        loyalty.redeem("ana", "mug", key=key, now=NOON)
    paid = loyalty.redeem("ana", "till", points=400, key="p", now=NOON)

    loyalty.undo("redemption/b", key="u1", points=50, now=NOON)
    assert not loyalty.quote("ana", "mug", at=NOON).affordable
    loyalty.undo("redemption/b", key="u2", now=NOON)
    loyalty.undo(paid.id, key="u3", points=150, now=NOON)

    assert loyalty.quote("ana", "mug", at=NOON).affordable
    assert loyalty.quote("ana", "till", points=400, at=NOON).cost == 250


def test_a_limit_counts_every_one_of_several():
    loyalty = cafe(YEARLY)

    with pytest.raises(NotNow) as refused:
        loyalty.redeem("ana", "mug", quantity=3, key="r", now=NOON)

    assert refused.value.reasons[0].left == 2
    assert loyalty.redeem("ana", "mug", quantity=2, key="s", now=NOON).points == 200


def test_the_reason_says_when_there_is_room_again_in_both_languages():
    loyalty = cafe(YEARLY)
    loyalty.redeem("ana", "mug", quantity=2, key="r", now=NOON)

    told = loyalty.quote("ana", "mug", at=NOON + DAY)

    assert told.explain() == "Mug has a limit, and you have used it for now. There is room again on 1 January 2027."
    assert told.explain("es").endswith("Vuelve a haber sitio el 1 de enero de 2027.")


def test_in_a_rolling_time_there_is_room_again_when_enough_has_left():
    loyalty = cafe(Reward("mug", cost=100, limit="2 in any 30 days"))
    for day in (0, 10):
        loyalty.redeem("ana", "mug", key=f"r{day}", now=NOON + day * DAY)

    one, two = (loyalty.quote("ana", "mug", quantity=each, at=NOON + 11 * DAY).reasons[0].opens for each in (1, 2))

    assert [(day - NOON.date()).days for day in (one, two)] == [30, 40]


def test_a_household_that_pays_together_has_one_limit():
    loyalty = cafe(YEARLY, members=("ana", "bea"))
    for member in ("ana", "bea"):
        loyalty.join_household(member, "home", key=f"join {member}", now=NOON)

    loyalty.redeem("ana", "mug", quantity=2, key="r", pooled=True, now=NOON + HOUR)

    with pytest.raises(NotNow):
        loyalty.redeem("bea", "mug", key="s", pooled=True, now=NOON + HOUR)


def test_a_merger_takes_along_what_was_had():
    loyalty = cafe(YEARLY, members=("ana", "bea"))
    loyalty.redeem("bea", "mug", quantity=2, key="r", now=NOON)

    loyalty.merge("bea", into="ana", key="m", now=NOON + HOUR)

    assert not loyalty.quote("ana", "mug", at=NOON + HOUR).affordable


def test_a_snapshot_knows_what_was_had_and_what_is_held():
    loyalty = cafe(YEARLY, MONTHLY)
    loyalty.redeem("ana", "mug", key="r", now=NOON)
    loyalty.hold("ana", reward="till", points=400, key="h", now=NOON)
    account = loyalty.account("ana", at=NOON)

    again = from_text(account.rulebook, "ana", to_text(account))

    assert again is not None
    assert (again.holds, again.tallies) == (account.holds, account.tallies)


def test_no_event_is_decided_by_what_was_had():
    loyalty = cafe(YEARLY)
    loyalty.redeem("ana", "mug", key="r", now=NOON)

    assert "redeemed.mug" not in loyalty.account("ana", at=NOON).facts(NOON).counters


def test_points_earned_at_a_better_rate_keep_it_for_six_months():
    journal = JournalInMemory()
    cafe(Payment("till", points=100, worth="5 EUR"), journal=journal)
    later = Loyalty(aurora(version="2", rewards=[Payment("till", points=100, worth="4 EUR")], tiers=None), journal)
    now = NOON + timedelta(days=30)
    later.record(sale("T-9", "500 EUR", at=now), now=now)

    assert later.quote("ana", "till", points=1000, at=now).worth == "50.00 EUR"
    assert later.quote("ana", "till", points=1001, at=now).worth == "40.04 EUR"


@pytest.mark.parametrize(
    "asked",
    [
        Redeem(member="ana", reward="mug", key="r", points=100),
        Redeem(member="ana", reward="till", key="r", quantity=2),
        Redeem(member="ana", reward="mug", key="r", quantity=1001),
        Hold(member="ana", reward="mug", key="r", points=100),
        Hold(member="ana", key="r"),
    ],
)
def test_what_cannot_be_asked_of_a_reward_is_refused(asked):
    (told,) = cafe(TILL, YEARLY).execute([asked], on_refusal="return")

    assert isinstance(told, ValueRefused)


def test_the_awaited_face_answers_the_same(tmp_path):
    from fidelity.journals import AsyncSqlJournal
    from fidelity.loyalty import AsyncLoyalty

    async def ask():
        journal = AsyncSqlJournal(f"sqlite+aiosqlite:///{tmp_path}/cafe.db")
        loyalty = AsyncLoyalty(cafe(TILL).program, journal)
        await loyalty.enroll("ana", now=NOON)
        await loyalty.record(sale(amount="1000 EUR"), now=NOON)
        told = await loyalty.quote("ana", "till", points=250, at=NOON)
        paid = await loyalty.redeem("ana", "till", points=250, key="r", now=NOON)
        await journal.close()
        return told.cost, paid.points

    assert asyncio.run(ask()) == (200, 200)
