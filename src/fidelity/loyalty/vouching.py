"""Vouching: what a clerk does beside points when a reward comes as a voucher, and when a voucher is used."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TypeVar

from attrs import evolve

from fidelity.commands import Use
from fidelity.entries import Entry
from fidelity.errors import NotNow, ValueRefused
from fidelity.ledger import Account, decisions
from fidelity.ledger.receipts import CaptureReceipt, Receipt, RedemptionReceipt, UndoReceipt, VoucherReceipt
from fidelity.ledger.using import give_voucher, use, voucher_of, withdrawals
from fidelity.loyalty.telling import tell_filter
from fidelity.loyalty.versions import Versions
from fidelity.rules.program import Program
from fidelity.rules.rewards.redemption import circumstances
from fidelity.values.money import Money

__all__ = ["Vouching", "without_vouchers"]

R = TypeVar("R", bound=Receipt)


class Vouching:
    """What a clerk knows of vouchers."""

    program: Program
    versions: Versions

    def vouched(
        self, account: Account, entries: tuple[Entry, ...], receipt: R, program: Program, quantity: int = 1
    ) -> tuple[tuple[Entry, ...], R]:
        """
        *entries* and *receipt* of points spent, with the voucher as which the reward comes, if it does.

        It keeps the terms of *program*, on which the points were spent.
        """
        assert isinstance(receipt, RedemptionReceipt | CaptureReceipt)  # noqa: S101  (points were spent)
        reward = program.rewards_by_name.get(receipt.reward)
        if reward is None or reward.voucher is None:
            return entries, receipt
        origin = receipt.id if isinstance(receipt, RedemptionReceipt) else receipt.hold
        issued = give_voucher(
            account, receipt.at, receipt.at, reward.voucher, reward=reward.name, origin=origin, quantity=quantity,
            program=program.version, digest=program.digest, worth=receipt.worth,
        )  # fmt: skip
        return (*entries, issued), evolve(receipt, voucher=issued.voucher, expires=issued.expires)

    def use(self, account: Account, command: Use, now: datetime) -> tuple[tuple[Entry, ...], VoucherReceipt]:
        """
        What using a voucher comes to: its own terms are asked, those of the program that had given it.

        Raises:
            NotNow: If they say not now; `reasons` says which.
            UnknownVoucher, VoucherOver: If it is not the member's, or over.
        """
        entries, receipt = use(account, command.voucher, key=command.key, now=now)
        voucher = voucher_of(account, command.voucher)
        program = self.versions.pinned(voucher.program, voucher.digest)
        told = circumstances(program, command.fields)
        terms = program.rewards_by_name.get(voucher.reward)
        if terms is None or not terms.filters:
            return entries, receipt
        at = decisions.learned(account, now)
        basket = told.get("basket")
        reasons = program.unmet(
            terms.name, account.facts(at), at=at, balance=account.balance(at, terms.wallet).available, fields=told,
            basket=basket if isinstance(basket, Money) else None, quantity=voucher.quantity, using=True,
        )  # fmt: skip
        if reasons:
            said = "\n".join(tell_filter(program, terms.name, each, "en") for each in reasons)
            raise NotNow(said, reward=terms.name, voucher=voucher.code, reasons=reasons)
        return entries, receipt


def without_vouchers(
    accounts: Mapping[str, Account], entries: Mapping[str, tuple[Entry, ...]], receipt: UndoReceipt
) -> tuple[Mapping[str, tuple[Entry, ...]], UndoReceipt]:
    """
    *entries* of an undoing, with what withdraws the voucher that had come of what is undone.

    Raises:
        NothingToUndo: If the voucher was used.
        ValueRefused: If only a part of the points is to come back: a voucher is whole.
    """
    found = {name: tuple(entries.get(name, ())) for name in entries}
    for name, account in accounts.items():
        gone = tuple(withdrawals(account, (receipt.redemption,), receipt.at, receipt.redemption))
        if gone and receipt.left:
            message = f"{receipt.redemption} came as a voucher, which goes back whole; leave points= out"
            raise ValueRefused(message, value=receipt.points)
        if gone:
            found[name] = (*found.get(name, ()), *gone)
    return found, receipt
