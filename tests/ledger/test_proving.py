"""Proving: books that were tampered with do not add up, and the first place is named."""

import pytest
from attrs import evolve

from fidelity.entries import AccountAbsorbed
from fidelity.ledger import BooksError, Circumstances, Spent
from fidelity.ledger.shelf import Shelf
from tests.ledger.books import account, earned, instant, redeemed

NOW = instant("2026-02-01")


def ana():
    return account(
        earned(10, "2026-01-10", expires=None, name="A"),
        earned(10, "2026-01-11", expires=None, name="B"),
        redeemed(13, "2026-01-12", ("A", 10), ("B", 3), name="redemption/k"),
    )


def with_circumstances(**details):
    return evolve(ana(), circumstances=Circumstances(**details))


def in_two_places():
    member = ana()
    return evolve(member, closed=member.closed.adding({"B": member.lot("B")}))


def spent(*lots):
    return evolve(ana(), spent=Shelf().adding({"redemption/k": Spent("redemption/k", "points", lots)}))


def owing():
    member = ana()
    return evolve(member, wallets={"points": member.wallets["points"]._replace(debt=1, owed=1)})


def forgiven():
    member = ana()
    return evolve(member, wallets={"points": member.wallets["points"]._replace(forgiven=1)})


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (with_circumstances(frozen="doubt"), "clocks stand without a cause, or go in spite of one"),
        (with_circumstances(protections=(("p", "x"),)), "clocks stand without a cause, or go in spite of one"),
        (with_circumstances(rests_since=NOW), "clocks stand without a cause, or go in spite of one"),
        (with_circumstances(closed_at=NOW), "it is closed and not empty"),
        (in_two_places(), "a lot is in two places"),
        (spent(), "13 points are spent, not 0"),
        (spent(("A", 10), ("B", 4)), "13 points are spent, not 14"),
        (owing(), "owed beside"),
        (forgiven(), "0 points were owed; 0 are settled, 1 forgiven, 0 left"),
    ],
)
def test_what_does_not_add_up_is_named(broken, why):
    ana().check()

    with pytest.raises(BooksError, match=why):
        broken.check()


def test_a_debt_may_stand_beside_points_of_who_is_protected():
    member = owing()

    evolve(member, circumstances=Circumstances(protections=(("p", "x"),), rests_since=NOW)).check()


def test_a_closed_account_may_keep_its_history():
    member = account(earned(10, "2026-01-10", expires=None, name="A"), redeemed(10, "2026-01-12", ("A", 10)))

    evolve(member, circumstances=Circumstances(closed_at=NOW)).check()


def test_who_takes_over_cannot_have_begun_later_by_it():
    entry = AccountAbsorbed(at=NOW, now=NOW, merge="m", old="ana2", customer_since=NOW.date(), lots=(), debts={})

    with pytest.raises(BooksError, match="2026-02-01 is later than the first business of ana, 2026-01-01"):
        ana().post(entry)
