"""The lines of statements: what each kind of entry says, as a code with parameters. Knows no words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from fidelity.entries import (
    AccountAbsorbed,
    AccountClosed,
    AccountFrozen,
    AccountUnfrozen,
    DebtForgiven,
    Entry,
    GoodwillGiven,
    HoldCaptured,
    HoldReleased,
    HouseholdJoined,
    HouseholdLeft,
    PointsAdjusted,
    PointsEarned,
    PointsExtended,
    PointsHeld,
    PointsReceived,
    PointsRedeemed,
    PointsReinstated,
    PointsReversed,
    PointsSent,
    RedemptionUndone,
)
from fidelity.entries.confirming import ConfirmationRecorded
from fidelity.entries.hardship import ProtectionEnded, ProtectionStarted
from fidelity.entries.status import StatusMatched, TierCredited
from fidelity.entries.vouchers import VoucherIssued, VoucherRestored, VoucherUsed, VoucherWithdrawn
from fidelity.ledger.lots import Hold
from fidelity.values.waiting import UNCONFIRMED

__all__ = ["about", "about_account"]

_TICK = timedelta(microseconds=1)

#: The wallet, the code and what its words need.
Said: TypeAlias = tuple[str, str, Mapping[str, Any]]


def about_account(entry: Entry) -> tuple[str, Mapping[str, Any]] | None:  # noqa: PLR0911 -- one line a kind
    """What *entry* says of the account as a whole; None if it is about points."""
    match entry:
        case AccountFrozen():
            return "frozen", {"why": entry.reason}
        case AccountUnfrozen():
            return "unfrozen", {}
        case ProtectionStarted():
            return "protected", {"cause": entry.cause}
        case ProtectionEnded():
            return "unprotected", {}
        case TierCredited():
            return "tier credited", {"why": entry.reason, "score": entry.points, "count": entry.count}
        case StatusMatched():
            return "status matched", {"why": entry.reason, "tier": entry.tier}
        case AccountClosed():
            return "closed", {"why": entry.reason}
        case HouseholdJoined():
            return "household joined", {"household": entry.household}
        case HouseholdLeft():
            return "household left", {"household": entry.household}
        case _:
            return _about_voucher(entry)


def _about_voucher(entry: Entry) -> tuple[str, Mapping[str, Any]] | None:
    match entry:
        case VoucherIssued():
            return "voucher issued", {"voucher": entry.voucher, "reward": entry.reward, "worth": entry.worth}
        case VoucherUsed():
            return "voucher used", {"voucher": entry.voucher}
        case VoucherRestored():
            return "voucher restored", {"voucher": entry.voucher}
        case VoucherWithdrawn():
            return "voucher withdrawn", {"voucher": entry.voucher, "reason": entry.reason}
        case _:
            return None


def about(entry: Entry, hold: Hold | None, day: Callable[[datetime], str]) -> Iterator[Said]:
    """
    What *entry* says of points, wallet by wallet.

    Args:
        entry: The entry.
        hold: The hold that it ends, if it ends one.
        day: Says an instant as a day of the program's zone.
    """
    if isinstance(entry, AccountAbsorbed):
        yield from _absorbed(entry)
    elif isinstance(entry, ConfirmationRecorded):
        wallets: dict[str, int] = {}
        for _, wallet, points, *_ in entry.lots:
            wallets[wallet] = wallets.get(wallet, 0) + points
        for wallet, points in wallets.items():
            yield wallet, "confirmed", {"origin": entry.origin, "points": points}
    elif isinstance(entry, HoldCaptured | HoldReleased):
        if hold is not None:
            captured = isinstance(entry, HoldCaptured)
            points = entry.points if isinstance(entry, HoldCaptured) else hold.points
            yield hold.wallet, "captured" if captured else "released", {"points": points}
    elif (found := _one(entry, day)) is not None:
        yield found
        if isinstance(entry, PointsReversed) and entry.debt:
            yield entry.wallet, "owed", {"points": entry.debt}


def _one(entry: Entry, day: Callable[[datetime], str]) -> Said | None:
    match entry:
        case PointsEarned() if entry.starts >= UNCONFIRMED:
            return entry.wallet, "unconfirmed", {"origin": entry.origin, "points": entry.points}
        case PointsEarned() if entry.starts > entry.now:
            starts = day(entry.starts)
            return entry.wallet, "pending", {"origin": entry.origin, "points": entry.points, "starts": starts}
        case PointsEarned():
            return entry.wallet, "earned", {"origin": entry.origin, "points": entry.points}
        case PointsRedeemed():
            told = {"reward": entry.reward, "points": entry.points, "worth": entry.worth}
            return entry.wallet, "redeemed", told
        case PointsHeld():
            return entry.wallet, "held", {"reward": entry.reward, "points": entry.points, "until": day(entry.until)}
        case PointsReversed():
            told = {"reason": entry.reason, "origin": entry.origin, "points": entry.points}
            # A rerating has a key of the host's, which says nothing to a member.
            return entry.wallet, "corrected" if entry.reason.startswith("rerate/") else "reversed", told
        case _:
            return _asked_for(entry, day)


def _asked_for(entry: Entry, day: Callable[[datetime], str]) -> Said | None:
    match entry:
        case RedemptionUndone():
            return entry.wallet, "undone", {"redemption": entry.redemption, "points": entry.points}
        case PointsAdjusted():
            return entry.wallet, "adjusted", {"origin": entry.origin, "points": entry.points}
        case GoodwillGiven():
            return entry.wallet, "goodwill", {"why": entry.reason, "points": entry.points}
        case DebtForgiven():
            return entry.wallet, "forgiven", {"why": entry.reason, "points": entry.points}
        case PointsExtended() | PointsReinstated():
            code = "extended" if isinstance(entry, PointsExtended) else "reinstated"
            points = sum(each for _, each in entry.lots)
            return entry.wallet, code, {"why": entry.reason, "points": points, "until": day(entry.until - _TICK)}
        case PointsSent():
            return entry.wallet, "sent", {"to": entry.to, "points": entry.points}
        case PointsReceived():
            return entry.wallet, "received", {"sender": entry.sender, "points": entry.points}
        case _:
            return None


def _absorbed(entry: AccountAbsorbed) -> Iterator[Said]:
    wallets: dict[str, int] = {}
    for _, wallet, _, points, *_ in entry.lots:
        wallets[wallet] = wallets.get(wallet, 0) + points
    for wallet, points in wallets.items():
        yield wallet, "absorbed", {"old": entry.old, "points": points}
    for wallet, points in entry.debts.items():
        yield wallet, "owed before", {"old": entry.old, "points": points}
