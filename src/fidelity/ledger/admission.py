"""Admission: what every decision asks of an account before it decides."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TypeAlias

from fidelity.entries import Enrolled, Entry
from fidelity.errors import AccountClosed, AccountFrozen, OutOfTime, UnknownMember, ValueRefused
from fidelity.ledger.account import CLOCK_TOLERANCE, Account
from fidelity.ledger.rulebook import MAIN_WALLET
from fidelity.values.naming import code, named
from fidelity.values.spelling import suggest
from fidelity.values.zones import local_date

__all__ = [
    "BACKDATING_LIMIT",
    "Entries",
    "code",
    "ends",
    "enrolled_in",
    "learned",
    "named",
    "open_for",
    "owing",
    "spendable_in",
    "wallet_of",
]

#: How long ago an event may have happened when it is learned (SEMANTICS D12).
BACKDATING_LIMIT = timedelta(days=90)

#: What a decision wants appended.
Entries: TypeAlias = tuple[Entry, ...]


def learned(account: Account, now: datetime) -> datetime:
    """
    When something is learned: *now*, or the last recorded instant for a clock that runs a little behind.

    Raises:
        OutOfTime: If the clock went back further than that.

    Source:
        SEMANTICS D14.
    """
    clock = account.clock
    if clock is None or now >= clock:
        return now
    if clock - now <= CLOCK_TOLERANCE:
        return clock
    message = f"now is {now.isoformat()}, but {account.member} has an entry of {clock.isoformat()}"
    raise OutOfTime(f"{message}; set the clock right, or replay events in the order of now", now=now, last=clock)


def enrolled_in(account: Account) -> Enrolled:
    """
    How the owner of *account* became a member.

    Raises:
        UnknownMember: If nobody is enrolled here.
    """
    if account.enrolled is None:
        message = f"nobody is enrolled as {account.member!r}; enroll first"
        raise UnknownMember(message, member=account.member)
    return account.enrolled


def open_for(account: Account) -> Enrolled:
    """
    How the owner of *account*, which still takes commands, became a member.

    Raises:
        UnknownMember: If nobody is enrolled here.
        AccountClosed: If it is closed; `merged_into` says which account took it over, if one did.
    """
    enrolled = enrolled_in(account)
    if account.circumstances.closed_at is not None:
        into = account.merged_into
        message = f"the account of {account.member} is closed since {account.circumstances.closed_at.isoformat()}"
        remedy = f": {into} has taken it over; ask {into}" if into else "; enroll them under another id to begin again"
        message += remedy
        raise AccountClosed(message, member=account.member, merged_into=into)
    return enrolled


def spendable_in(account: Account) -> Enrolled:
    """
    How the owner of *account*, from which points may be spent, became a member.

    Raises:
        AccountFrozen: If they may not be; `reason` says why.
        UnknownMember, AccountClosed: As `open_for`.
    """
    enrolled = open_for(account)
    if account.circumstances.frozen:
        reason = account.circumstances.frozen
        message = f"the account of {account.member} is frozen ({reason}); nothing leaves it until it is unfrozen"
        raise AccountFrozen(message, member=account.member, reason=reason)
    return enrolled


def wallet_of(account: Account, name: str) -> str:
    """
    The wallet called *name*, the main one for an empty name, if the program or the account has it.

    Raises:
        ValueRefused: If neither does.
    """
    name = name or MAIN_WALLET
    if name not in account.rulebook.wallets and name not in account.wallets:
        known = [*account.rulebook.wallets]
        remedy = suggest(name, known) or f"it has {', '.join(known)}"
        message = f"the program has no wallet {name!r}; {remedy}"
        raise ValueRefused(message, value=name)
    return name


def ends(account: Account, wallet: str, starts: datetime, anchors: Mapping[str, date] | None = None) -> datetime | None:
    """
    When points of *wallet* are gone that can be used from *starts*; None means never.

    *anchors* tells days that the books do not know. Where the month of birth is not known, points live as long as they
    would with the latest. In a wallet that the program no longer has they stay.
    """
    terms = account.rulebook.wallets.get(wallet)
    if terms is None:
        return None
    told: Mapping[str, date] = anchors or {}
    if terms.expiry.anchor:
        enrolled = enrolled_in(account)
        told = {"joining": local_date(enrolled.at, account.rulebook.zone), **told}
        if terms.expiry.anchor == "birth" and "birth" not in told:
            months = range(1, 13) if enrolled.birth_month is None else (enrolled.birth_month,)
            found = [account.almanac.ends(wallet, starts, {"birth": date(2000, month, 1)}) for month in months]
            return max((each for each in found if each is not None), default=None)
    return account.almanac.ends(wallet, starts, told)


def owing(account: Account, wallet: str, now: datetime) -> int:
    """How many points of *wallet* the next credit at *now* pays back before it can be used; none while protected."""
    held = account.wallets.get(wallet)
    if held is None or not held.debt or account.protected:
        return 0
    # What matures by then pays first.
    return account.advance(now).wallets[wallet].debt
