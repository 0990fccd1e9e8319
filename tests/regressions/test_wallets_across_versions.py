"""What becomes of the points of a wallet that a new version drops, or would read otherwise."""

from __future__ import annotations

import pytest

from fidelity import EarnRule, Reward, Wallet, points
from fidelity.errors import ValueRefused, VersionConflict
from fidelity.loyalty import Loyalty
from tests.field.shop import at, available, balance, buy, day, program, shop

AIR = EarnRule("air", points(1, per="1 EUR"), wallet="miles")
FLIGHT = Reward("flight", cost=50, wallet="miles")
MAY = "2026-05-01"


def flown(expiry=None, **more):
    loyalty = shop(program(AIR, rewards=[FLIGHT], wallets=[Wallet("miles", expiry=expiry, **more)]))
    buy(loyalty, "T-1", 60)
    return loyalty


def second(loyalty, *earn, **more):
    return Loyalty(program(*earn, version="2", **more), journal=loyalty.journal)


def test_points_of_a_wallet_that_a_version_drops_can_be_read_and_spent():
    new = second(flown("12 months"))
    new.enroll("eva", now=at(MAY))

    known = balance(new, MAY, wallet="miles")
    receipt = new.redeem("ana", "flight", key="k-1", now=at(MAY))

    assert (known.available, known.next_expiry) == (60, (day("2027-01-15"), 60))
    assert (receipt.wallet, receipt.left) == ("miles", 10)
    held = new.hold("ana", points=10, wallet="miles", key="h-1", now=at(MAY))
    new.release(held.id, key="h-2", now=at(MAY))
    assert new.transfer("ana", to="eva", points=10, wallet="miles", key="t-1", now=at(MAY)).left == 0
    assert available(new, "2027-01-16", "eva", wallet="miles") == 0
    with pytest.raises(ValueRefused, match="no wallet 'milles'"):
        balance(new, MAY, wallet="milles")


def test_what_had_ended_without_activity_stays_ended_in_a_wallet_that_is_dropped():
    loyalty = flown("after 2 months without activity")
    assert available(loyalty, MAY, wallet="miles") == 0

    new = second(loyalty)
    new.enroll("eva", now=at(MAY))

    assert available(new, MAY, wallet="miles") == 0


@pytest.mark.parametrize(("before", "after"), [(0, 2), (2, 0), (2, 3)])
def test_a_version_that_changes_the_scale_of_a_wallet_is_refused(before, after):
    loyalty = flown(scale=before)
    new = second(loyalty, AIR, wallets=[Wallet("miles", scale=after)])
    lines = len(loyalty.journal.read())

    for use in (lambda: balance(new, MAY, wallet="miles"), lambda: buy(new, "T-2", 10, MAY)):
        with pytest.raises(VersionConflict, match=f"scale={after}, and version 1 gave it scale={before}") as caught:
            use()

    assert caught.value.wallet == "miles"
    assert len(loyalty.journal.read()) == lines
    assert balance(second(loyalty, AIR, wallets=[Wallet("miles", scale=before)]), MAY, wallet="miles").available == 60


def test_a_scale_is_remembered_over_a_version_without_the_wallet():
    loyalty = flown(scale=2)
    second(loyalty).enroll("eva", now=at(MAY))
    third = Loyalty(program(AIR, version="3"), journal=loyalty.journal)

    with pytest.raises(VersionConflict, match="another name"):
        balance(third, MAY, wallet="miles")
