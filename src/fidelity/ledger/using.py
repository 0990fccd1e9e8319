"""Using: what the books answer when a voucher is given, used, given back or withdrawn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from fidelity.entries.vouchers import VoucherIssued, VoucherRestored, VoucherUsed, VoucherWithdrawn
from fidelity.errors import NothingToUndo, UnknownVoucher, VoucherOver
from fidelity.ledger.account import Account
from fidelity.ledger.admission import Entries, learned, open_for, spendable_in
from fidelity.ledger.vouchers import Voucher, voucher_code
from fidelity.ledger.vouching import VoucherBackReceipt, VoucherReceipt
from fidelity.values.expiry import Expiry
from fidelity.values.zones import local_date

__all__ = ["give_voucher", "restore", "use", "use_id", "voucher_of", "withdrawals"]


def use_id(key: str) -> str:
    """The id of the use asked for under *key*."""
    return f"use/{key}"


def give_voucher(
    account: Account,
    at: datetime,
    now: datetime,
    life: Expiry,
    *,
    reward: str,
    origin: str,
    program: str,
    digest: str,
    worth: str = "",
    quantity: int = 1,
) -> VoucherIssued:
    """The entry that gives the owner of *account* a voucher for *reward* that lives for *life* from *at*."""
    zone = account.rulebook.zone
    anchors = {"joining": local_date(account.enrolled.at, zone)} if account.enrolled is not None else {}
    return VoucherIssued(
        at=at, now=now, voucher=voucher_code(account.member, origin), reward=reward,
        origin=origin, expires=life.instant(at, zone, anchors=anchors), program=program, digest=digest, worth=worth,
        quantity=quantity,
    )  # fmt: skip


def voucher_of(account: Account, code: str) -> Voucher:
    """
    The voucher *code* of the owner of *account*; *code* may also be the id of what it came of.

    Raises:
        UnknownVoucher: If it is not theirs: a voucher is personal.
    """
    found = next((each for each in account.circumstances.vouchers if code in (each.code, each.origin)), None)
    if found is None:
        message = f"{account.member} has no voucher {code!r:.40}; a voucher is only for the member who got it"
        raise UnknownVoucher(message, voucher=code, member=account.member)
    return found


def use(account: Account, code: str, *, key: str, now: datetime) -> tuple[Entries, VoucherReceipt]:
    """
    Use the voucher *code*, once.

    Raises:
        UnknownVoucher: If it is not the member's.
        VoucherOver: If it was used or withdrawn, or its life is over.
        UnknownMember, AccountClosed, AccountFrozen: If nobody is enrolled here, or nothing may be used.
    """
    spendable_in(account)
    now = learned(account, now)
    voucher = voucher_of(account, code)
    state = voucher.state(account.circumstances.rests_since or now)
    if state != "usable":
        message = f"voucher {voucher.code} is {state}"
        if state == "expired" and voucher.expires is not None:
            message += f" since {voucher.expires.isoformat()}"
        raise VoucherOver(message, voucher=voucher.code, state=state, expires=voucher.expires)
    receipt = VoucherReceipt(
        member=account.member, at=now, id=use_id(key), voucher=voucher.code, reward=voucher.reward, worth=voucher.worth,
        quantity=voucher.quantity,
    )  # fmt: skip
    return (VoucherUsed(at=now, now=now, voucher=voucher.code, use=use_id(key)),), receipt


def restore(account: Account, name: str, *, now: datetime) -> tuple[Entries, VoucherBackReceipt]:
    """
    Let the voucher that was used as *name* be used again; its life is not longer for that.

    Raises:
        NothingToUndo: If nothing is used under that name.
    """
    open_for(account)
    now = learned(account, now)
    voucher = next((each for each in account.circumstances.vouchers if each.used == name), None)
    if voucher is None:
        message = f"no voucher of {account.member} is used as {name!r}; it may have been given back before"
        raise NothingToUndo(message, redemption=name, left=0)
    receipt = VoucherBackReceipt(
        member=account.member, at=now, redemption=name, wallet="", points=0, left=0, voucher=voucher.code,
        reward=voucher.reward, expires=voucher.expires,
    )  # fmt: skip
    return (VoucherRestored(at=now, now=now, voucher=voucher.code, use=name),), receipt


def withdrawals(account: Account, origins: Iterable[str], now: datetime, reason: str) -> Iterator[VoucherWithdrawn]:
    """
    What withdraws the vouchers that came of *origins*.

    Raises:
        NothingToUndo: If one of them was used: what it was for was had.
    """
    wanted = frozenset(origins)
    for each in account.circumstances.vouchers:
        if each.origin in wanted and not each.withdrawn:
            if each.used:
                message = f"the voucher {each.code} that came of {each.origin} was used; give it back first"
                raise NothingToUndo(message, redemption=each.origin, left=0, use=each.used)
            yield VoucherWithdrawn(at=now, now=now, voucher=each.code, reason=reason)
