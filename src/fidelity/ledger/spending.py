"""Spending: what the books answer to a redemption and to a hold, its capture and its release.

Whether a member may have a reward was asked before; here it is only whether the points are there.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from fidelity.entries import HoldCaptured, HoldReleased, PointsHeld, PointsRedeemed
from fidelity.errors import HoldOver, NotEnoughPoints, OutOfTime, UnknownHold, ValueRefused
from fidelity.ledger.account import Account
from fidelity.ledger.admission import Entries, learned, open_for, spendable_in
from fidelity.ledger.lots import Hold
from fidelity.ledger.receipts import CaptureReceipt, HoldReceipt, RedemptionReceipt, ReleaseReceipt
from fidelity.ledger.rulebook import MAIN_WALLET
from fidelity.values.periods import Duration
from fidelity.values.whole import whole_number
from fidelity.wording.numbers import counted, number
from fidelity.wording.numbers import points as said

__all__ = ["HOLD_LIFE", "capture", "hold", "hold_id", "redeem", "redemption_id", "release"]

#: How long a hold may stand, and stands unless told otherwise (SEMANTICS D7).
HOLD_LIFE = timedelta(days=30)


def redemption_id(key: str) -> str:
    """The id of the redemption asked for under *key*."""
    return f"redemption/{key}"


def hold_id(key: str) -> str:
    """The id of the hold asked for under *key*."""
    return f"hold/{key}"


def redeem(
    account: Account,
    *,
    reward: str,
    points: int,
    key: str,
    now: datetime,
    wallet: str = MAIN_WALLET,
    worth: str = "",
    wait: Duration | None = None,
    earned_before: datetime | None = None,
    counts: Mapping[str, int] | None = None,
    purchase: str = "",
) -> tuple[Entries, RedemptionReceipt]:
    """
    Spend *points* on *reward*: those that expire first, first.

    Only those are taken that have been usable for *wait*, and were earned before *earned_before*. What the member has
    had of the reward grows by *counts*; a return of *purchase* gives its share of the points back.

    Raises:
        NotEnoughPoints: If fewer are available; `missing` says how many.
        OutOfTime: If the clock went back.
        UnknownMember, AccountClosed, AccountFrozen: If nobody is enrolled here, or nothing may be spent.

    Source:
        SEMANTICS D2, D24.
    """
    spendable_in(account)
    now = learned(account, now)
    account = account.advance(now)
    lots = account.allocate(
        wallet, whole_number(points, what="points", low=1), wait=wait, earned_before=earned_before, at=now
    )
    name = redemption_id(key)
    entry = PointsRedeemed(
        at=now, now=now, redemption=name, reward=reward, wallet=wallet, points=points, lots=lots, worth=worth,
        counts=counts or {}, purchase=purchase,
    )  # fmt: skip
    receipt = RedemptionReceipt(
        member=account.member, at=now, id=name, reward=reward, wallet=wallet, points=points,
        left=account.wallets[wallet].available - points, worth=worth,
    )  # fmt: skip
    return (entry,), receipt


def hold(
    account: Account,
    *,
    points: int,
    key: str,
    now: datetime,
    until: datetime | None = None,
    wallet: str = MAIN_WALLET,
    reward: str = "",
    worth: str = "",
    wait: Duration | None = None,
    earned_before: datetime | None = None,
    counts: Mapping[str, int] | None = None,
    purchase: str = "",
    program: str = "",
    digest: str = "",
    quantity: int = 1,
) -> tuple[Entries, HoldReceipt]:
    """
    Set *points* aside, or what a reward costs: until *until*, for 30 days unless told, and never longer.

    As for `redeem`, only points are taken that have been usable for *wait* and were earned before *earned_before*;
    *counts* and *purchase* hold once it is captured, and of a voucher the terms of the version *program* with *digest*,
    for *quantity* of the reward.

    Raises:
        NotEnoughPoints: If fewer are available; `missing` says how many.
        OutOfTime: If *until* is past or too far, or the clock went back.
        UnknownMember, AccountClosed, AccountFrozen: If nobody is enrolled here, or nothing may be spent.

    Source:
        SEMANTICS D7.
    """
    spendable_in(account)
    now = learned(account, now)
    until = now + HOLD_LIFE if until is None else until
    if not now < until <= now + HOLD_LIFE:
        message = f"a hold until {until.isoformat()} cannot be: it may stand from now for {HOLD_LIFE.days} days at most"
        raise OutOfTime(f"{message}, until {(now + HOLD_LIFE).isoformat()}", until=until, now=now)
    account = account.advance(now)
    lots = account.allocate(
        wallet, whole_number(points, what="points", low=1), wait=wait, earned_before=earned_before, at=now
    )
    name = hold_id(key)
    entry = PointsHeld(
        at=now, now=now, hold=name, wallet=wallet, points=points, lots=lots, until=until, reward=reward, worth=worth,
        counts=counts or {}, purchase=purchase, program=program, digest=digest, quantity=quantity,
    )  # fmt: skip
    receipt = HoldReceipt(
        member=account.member, at=now, id=name, wallet=wallet, points=points, until=until, reward=reward, worth=worth
    )
    return (entry,), receipt


def _standing(account: Account, name: str) -> Hold:
    found = account.hold(name)
    if found is None:
        message = f"{account.member} has no hold {name!r}"
        raise UnknownHold(message, hold=name)
    if found.outcome:
        message = f"hold {name} is {found.outcome} already"
        raise HoldOver(message, hold=name, outcome=found.outcome)
    return found


def capture(account: Account, name: str, *, now: datetime, points: int | None = None) -> tuple[Entries, CaptureReceipt]:
    """
    Spend what the hold *name* set aside, or *points* of it; the rest goes back. Also after the points' own expiry.

    Raises:
        UnknownHold: If there is no such hold.
        HoldOver: If it was captured, released or timed out.
        NotEnoughPoints: If it holds fewer than *points*.
        ValueRefused: If it is for a reward and *points* are not all of it.
    """
    open_for(account)
    now = learned(account, now)
    found = _standing(account.advance(now), name)
    points = found.points if points is None else whole_number(points, what="points", low=1)
    if points > found.points:
        missing = points - found.points
        message = (
            f"hold {name} has {said('en', found.points, found.wallet)} of the {number('en', points)} to capture; "
            f"{counted('en', missing, 'is', 'are')} missing"
        )
        raise NotEnoughPoints(message, available=found.points, points=points, missing=missing, wallet=found.wallet)
    if found.reward and points != found.points:
        message = f"hold {name} is for {found.reward}; it is captured whole, or released"
        raise ValueRefused(message, value=points)
    receipt = CaptureReceipt(
        member=account.member, at=now, hold=name, wallet=found.wallet, points=points, released=found.points - points,
        reward=found.reward, worth=found.worth,
    )  # fmt: skip
    return (HoldCaptured(at=now, now=now, hold=name, points=points),), receipt


def release(account: Account, name: str, *, now: datetime) -> tuple[Entries, ReleaseReceipt]:
    """
    Give back what the hold *name* set aside.

    Raises:
        UnknownHold: If there is no such hold.
        HoldOver: If it was captured, released or timed out.
    """
    open_for(account)
    now = learned(account, now)
    account = account.advance(now)
    found, entry, taken = _standing(account, name), HoldReleased(at=now, now=now, hold=name), 0
    if account.circumstances.claims:
        before, after = account.totals(found.wallet), account.post(entry).totals(found.wallet)
        taken = after.reversed - before.reversed
    receipt = ReleaseReceipt(
        member=account.member, at=now, hold=name, wallet=found.wallet, points=found.points, taken=taken
    )
    return (entry,), receipt
