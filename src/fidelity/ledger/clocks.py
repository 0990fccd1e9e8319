"""Clocks: what the books answer when an account is frozen, a member is protected in hard times, and both end; closing.

While an account is frozen or protected its points do not expire and its tier does not fall. When the last cause ends,
every open lot goes on with the time that it had left, to the end of that local day.
"""

from __future__ import annotations

from datetime import datetime

from fidelity.entries import AccountClosed, AccountFrozen, AccountUnfrozen
from fidelity.entries.codec import instant_text
from fidelity.entries.hardship import ProtectionEnded, ProtectionStarted
from fidelity.errors import AccountFrozen as IsFrozen
from fidelity.errors import HoldsStand, NotFrozen, UnknownProtection
from fidelity.ledger.account import Account
from fidelity.ledger.admission import Entries, code, learned, open_for
from fidelity.ledger.lives import later_vouchers
from fidelity.ledger.notices import ClosingReceipt, FreezeReceipt, ProtectionReceipt

__all__ = ["close", "continued", "end_protection", "freeze", "no_holds", "protect", "unfreeze"]


def freeze(account: Account, *, reason: str, now: datetime) -> tuple[Entries, FreezeReceipt]:
    """
    Let nothing leave the account because of *reason*; earning goes on, and so do returns and captures of holds.

    Raises:
        AccountFrozen: If it is frozen already.
    """
    open_for(account)
    now = learned(account, now)
    code(reason, "reason")
    if account.frozen:
        message = f"the account of {account.member} is frozen already ({account.frozen})"
        raise IsFrozen(message, member=account.member, reason=account.frozen)
    receipt = FreezeReceipt(member=account.member, at=now, frozen=True, reason=reason)
    return (AccountFrozen(at=now, now=now, reason=reason),), receipt


def unfreeze(account: Account, *, now: datetime) -> tuple[Entries, FreezeReceipt]:
    """
    Let the account be as others again.

    Raises:
        NotFrozen: If it is not frozen.
    """
    open_for(account)
    now = learned(account, now)
    if not account.frozen:
        message = f"the account of {account.member} is not frozen"
        raise NotFrozen(message, member=account.member)
    lots = () if account.protected else continued(account.advance(now), now)
    vouchers = () if account.protected else later_vouchers(account, now)
    receipt = FreezeReceipt(member=account.member, at=now, frozen=False)
    return (AccountUnfrozen(at=now, now=now, lots=lots, vouchers=vouchers),), receipt


def protect(account: Account, *, cause: str, key: str, now: datetime) -> tuple[Entries, ProtectionReceipt]:
    """
    Protect the member in hard times because of *cause*: nothing earned is lost, no debt settled, nothing clawed back.

    Several protections may stand at once, one for each cause; what they protect goes on until the last has ended.

    Source:
        SEMANTICS D9, and §4, dignity.
    """
    open_for(account)
    now = learned(account, now)
    code(cause, "cause")
    name = f"protection/{key}"
    receipt = ProtectionReceipt(member=account.member, at=now, protections=(name,), protected=True, cause=cause)
    return (ProtectionStarted(at=now, now=now, protection=name, cause=cause),), receipt


def end_protection(
    account: Account, *, now: datetime, protection: str = "", reason: str = ""
) -> tuple[Entries, ProtectionReceipt]:
    """
    End the protection called *protection*; all that stand if it is not told.

    What would have been due meanwhile is due as much later as the pause was long. A debt is settled at once again.

    Raises:
        UnknownProtection: If none stands, or none of that name.
    """
    open_for(account)
    now = learned(account, now)
    code(reason, "reason", optional=True)
    standing = [name for name, _ in account.circumstances.protections]
    ended = [name for name in standing if protection in ("", name)]
    if not ended:
        message = f"{account.member} is not protected"
        if standing:
            message = f"{account.member} has no protection {protection!r}; {', '.join(standing)} stand"
        raise UnknownProtection(message, protection=protection, standing=tuple(standing))
    protected = len(ended) < len(standing)
    goes_on = not (protected or account.frozen)
    last = continued(account.advance(now), now) if goes_on else ()
    vouchers = later_vouchers(account, now) if goes_on else ()
    entries = tuple(
        ProtectionEnded(
            at=now, now=now, protection=name, reason=reason, lots=last if name == ended[-1] else (),
            vouchers=vouchers if name == ended[-1] else (),
        )
        for name in ended
    )  # fmt: skip
    receipt = ProtectionReceipt(member=account.member, at=now, protections=tuple(ended), protected=protected)
    return entries, receipt


def continued(account: Account, now: datetime) -> tuple[tuple[str, str], ...]:
    """
    When the open lots are gone if the clocks go on at *now*: ``(lot, first instant at which it is gone)``.

    Each ends as much later as its life stood still, and then with the local day.
    """
    since, zone = account.circumstances.rests_since, account.rulebook.zone
    found = []
    for wallet in account.wallets.values() if since is not None else ():
        for lot in wallet.lots:
            if since is None or lot.expires is None or lot.starts >= now or since >= now:
                continue
            if (later := lot.continued(since, now, zone)) is not None:
                found.append((lot.id, instant_text(later)))
    return tuple(found)


def no_holds(account: Account, what: str) -> None:
    """
    Make sure that nothing of *account* is set aside.

    Raises:
        HoldsStand: If something is; `holds` names the holds.
    """
    if account.holds:
        names = tuple(account.holds)
        message = f"{account.member} has points set aside ({', '.join(names)}); capture or release them, then {what}"
        raise HoldsStand(message, member=account.member, holds=names)


def close(account: Account, *, reason: str, now: datetime) -> tuple[Entries, ClosingReceipt]:
    """
    Close the account: what is left expires, what is owed is let go. Only returns are taken note of afterwards.

    Raises:
        HoldsStand: If points are set aside.
    """
    open_for(account)
    now = learned(account, now)
    code(reason, "reason")
    account = account.advance(now)
    no_holds(account, "close")
    wallets = account.wallets
    expired = {name: left for name, each in wallets.items() if (left := each.pending + each.available)}
    forgiven = {name: each.debt for name, each in wallets.items() if each.debt}
    receipt = ClosingReceipt(member=account.member, at=now, reason=reason, expired=expired, forgiven=forgiven)
    return (AccountClosed(at=now, now=now, reason=reason),), receipt
