"""Households: what the books of several members answer when they share points."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from fidelity.entries import HouseholdJoined, HouseholdLeft, PointsRedeemed
from fidelity.errors import InHousehold, NotEnoughPoints, NotInHousehold, UnknownMember
from fidelity.ledger.account import Account
from fidelity.ledger.admission import Entries, learned, named, open_for, spendable_in
from fidelity.ledger.lots import Lot
from fidelity.ledger.notices import HouseholdReceipt
from fidelity.ledger.receipts import RedemptionReceipt
from fidelity.ledger.rulebook import MAIN_WALLET
from fidelity.ledger.spending import redemption_id
from fidelity.ledger.wallet import NEVER
from fidelity.values.periods import Duration
from fidelity.values.whole import points_amount
from fidelity.wording.numbers import counted, number
from fidelity.wording.numbers import points as said

__all__ = ["join_household", "leave_household", "pooled", "redeem_pooled"]


def join_household(account: Account, household: str, *, now: datetime) -> tuple[Entries, HouseholdReceipt]:
    """
    Let the member share points with the others of *household*.

    Raises:
        InHousehold: If the member is in one already.
    """
    open_for(account)
    now = learned(account, now)
    named(household, "household")
    if account.household:
        message = f"{account.member} is in household {account.household} already; leave it first"
        raise InHousehold(message, member=account.member, household=account.household)
    receipt = HouseholdReceipt(member=account.member, at=now, household=household, joined=True)
    return (HouseholdJoined(at=now, now=now, household=household),), receipt


def leave_household(account: Account, *, now: datetime) -> tuple[Entries, HouseholdReceipt]:
    """
    Let the member share points no longer.

    Raises:
        NotInHousehold: If the member is in none.
    """
    open_for(account)
    now = learned(account, now)
    household = _household(account)
    receipt = HouseholdReceipt(member=account.member, at=now, household=household, joined=False)
    return (HouseholdLeft(at=now, now=now, household=household),), receipt


def _household(account: Account) -> str:
    if not account.household:
        message = f"{account.member} is in no household; join one first"
        raise NotInHousehold(message, member=account.member)
    return account.household


def pooled(accounts: Mapping[str, Account], member: str, wallet: str) -> dict[str, Account]:
    """
    Of *accounts*, whose points *member* may spend: those of the household that are not frozen, closed or in debt.

    Raises:
        UnknownMember: If *member* is not among them.
        NotInHousehold: If *member* is in none.
        AccountFrozen, AccountClosed: If *member* may not spend.
    """
    if member not in accounts:
        message = f"the books of {member!r}, who asks, are not among those of {', '.join(accounts)}"
        raise UnknownMember(message, member=member)
    spendable_in(accounts[member])
    household = _household(accounts[member])
    return {
        name: each
        for name, each in accounts.items()
        if each.household == household and not each.frozen and each.closed_at is None
        if not ((held := each.wallets.get(wallet)) and held.debt)
    }


def redeem_pooled(
    accounts: Mapping[str, Account],
    member: str,
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
) -> tuple[dict[str, Entries], RedemptionReceipt]:
    """
    Spend *points* of a household on *reward* for *member*: those that expire first, first, whoever has them.

    Of those that expire together the member's own go first, then the earlier earned. Nothing is spent of who is
    frozen, closed or in debt.

    Args:
        accounts: The books of the household, by member.
        member: Who asks.
        reward, points, key, now, wallet, worth, wait, earned_before: As for `redeem`.
        counts: As for `redeem`; it is counted once, with *member* or, who gives nothing, with the first who gives.

    Raises:
        NotEnoughPoints: If fewer are available to all together; `missing` says how many.
        UnknownMember, NotInHousehold, AccountFrozen, AccountClosed: As `pooled`.
    """
    points_amount(points)
    now = max(learned(each, now) for each in accounts.values())
    giving = pooled({name: each.advance(now) for name, each in accounts.items()}, member, wallet)
    lots = _in_order(giving, member, wallet)
    shares: dict[str, list[tuple[str, int]]] = {}
    turns: dict[str, list[tuple[int]]] = {}
    left, total, turn = points, 0, 0
    for name, lot in lots:
        if lot.available and lot.serves(wait, earned_before, now, giving[name].rulebook.zone):
            total += lot.available
            part = min(left, lot.available)
            if part:
                shares.setdefault(name, []).append((lot.id, part))
                turns.setdefault(name, []).append((turn,))
                turn += 1
                left -= part
    if left:
        message = (
            f"the household of {member} has {said('en', total, wallet)} of the {number('en', points)} that it takes; "
            f"{counted('en', left, 'is', 'are')} missing"
        )
        raise NotEnoughPoints(message, available=total, points=points, missing=left, wallet=wallet)
    redemption = redemption_id(key)
    entries: dict[str, Entries] = {}
    first = member if member in shares else next(iter(shares))
    for name, rows in shares.items():
        given = sum(part for _, part in rows)
        alone = len(shares) == 1
        entries[name] = (
            PointsRedeemed(
                at=now, now=now, redemption=redemption, reward=reward, wallet=wallet, points=given, lots=tuple(rows),
                worth=worth, by="" if name == member else member, turns=() if alone else tuple(turns[name]),
                counts=(counts or {}) if name == first else {},
            ),
        )  # fmt: skip
    receipt = RedemptionReceipt(
        member=member, at=now, id=redemption, reward=reward, wallet=wallet, points=points, worth=worth,
        left=sum(each.wallets[wallet].available for each in giving.values() if wallet in each.wallets) - points,
        shares={name: sum(part for _, part in rows) for name, rows in shares.items()},
    )  # fmt: skip
    return entries, receipt


def _in_order(accounts: Mapping[str, Account], member: str, wallet: str) -> list[tuple[str, Lot]]:
    """The open lots of all, in the order in which they are spent, and whose they are."""
    terms = accounts[member].rulebook.wallets.get(wallet) if member in accounts else None
    by_earning = terms is not None and terms.order == "earning order"
    found = [(name, lot) for name, each in accounts.items() for lot in each.lots(wallet)]

    def place(each: tuple[str, Lot]) -> tuple[datetime, bool, datetime, str, int]:
        name, lot = each
        first = lot.earned if by_earning else lot.expires or NEVER
        return first, name != member, lot.earned, name, lot.number

    return sorted(found, key=place)
