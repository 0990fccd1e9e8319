"""Telling: what a receipt or a quote says in a language. The words are `fidelity.wording`'s; here they are chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from fidelity.language.sentences import sentence
from fidelity.ledger.notices import (
    CampaignReceipt,
    ClosingReceipt,
    ConfirmationReceipt,
    ExtensionReceipt,
    ForgivenessReceipt,
    FreezeReceipt,
    GoodwillReceipt,
    HouseholdReceipt,
    InvitationReceipt,
    MergeReceipt,
    ProtectionReceipt,
    ReinstatementReceipt,
    RerateReceipt,
    StockReceipt,
    TransferReceipt,
    UndoReceipt,
    WithheldReceipt,
)
from fidelity.ledger.receipts import (
    CaptureReceipt,
    ConversionReceipt,
    EarnReceipt,
    EnrollReceipt,
    HoldReceipt,
    Receipt,
    RedemptionReceipt,
    ReleaseReceipt,
    ReturnReceipt,
    VoucherBackReceipt,
    VoucherReceipt,
)
from fidelity.ledger.rulebook import MAIN_WALLET
from fidelity.ledger.status_receipts import StatusReceipt, TierCreditReceipt
from fidelity.rules.program import Program
from fidelity.rules.rewards.payments import Payment
from fidelity.rules.rewards.redemption import Unmet
from fidelity.values.money import money
from fidelity.wording import allowances, campaigns, life, notices, referrals, rewards, tiers, vouchers
from fidelity.wording import receipts as said

__all__ = ["tell", "tell_filter", "tell_settled"]


def tell(program: Program, receipt: Receipt, language: str) -> str:
    """What *receipt* says; events that earn are told by their evaluation instead."""
    told = _TOLD.get(type(receipt))
    return "" if told is None else "\n".join(told(program, receipt, program.tongue(language)))


def tell_settled(receipt: EarnReceipt, language: str) -> str:
    """How many of the points that *receipt* tells of paid what was owed; empty if none did."""
    return "\n".join(notices.settled(language, points, wallet) for wallet, points in receipt.settled.items())


def tell_filter(program: Program, reward: str, unmet: Unmet, language: str, wallet: str = MAIN_WALLET) -> str:
    """Why the filter *unmet* of *reward* says no."""
    schema, language = program.declared.redemption(), program.tongue(language)
    if unmet.condition is not None:
        because = sentence(unmet.condition, schema, language, zone=program.zone, negated=True)
        return said.quote_no(language, reward, because)
    left = unmet.left or 0
    match unmet.filter:
        case "at least":
            return rewards.quote_at_least(language, reward, left, wallet)
        case "basket":
            return rewards.quote_basket(language, reward, left, wallet)
    return rewards.quote_limit(language, reward, left, unmet.opens)


# Earning and spending


def _enrolled(_: Program, receipt: EnrollReceipt, language: str) -> Iterator[str]:
    yield notices.enrolled(language, receipt.customer_since)


def _redeemed(program: Program, receipt: RedemptionReceipt, language: str) -> Iterator[str]:
    reward, points, left, wallet = receipt.reward, receipt.points, receipt.left, receipt.wallet
    if receipt.shares:
        yield notices.redeemed_pooled(language, reward, points, left, wallet)
        yield notices.shares(language, receipt.shares, wallet)
    else:
        yield said.redeemed(language, reward, points, left, wallet)
    if isinstance(program.rewards_by_name.get(reward), Payment) and receipt.worth:
        yield rewards.paid(language, money(receipt.worth))
    yield from _as_voucher(program, receipt, language)


def _as_voucher(program: Program, receipt: RedemptionReceipt | CaptureReceipt, language: str) -> Iterator[str]:
    if receipt.voucher:
        until = vouchers.valid(language, receipt.expires, program.zone)
        yield f"{vouchers.code(language, receipt.voucher)} {until}"


def _used(_: Program, receipt: VoucherReceipt, language: str) -> Iterator[str]:
    yield vouchers.used(language, receipt.reward, receipt.voucher)


def _used_again(program: Program, receipt: VoucherBackReceipt, language: str) -> Iterator[str]:
    yield f"{vouchers.back(language, receipt.voucher)} {vouchers.valid(language, receipt.expires, program.zone)}"


def _converted(program: Program, receipt: ConversionReceipt, language: str) -> Iterator[str]:
    yield rewards.converted(language, receipt.points, money(receipt.worth), receipt.wallet)
    until = vouchers.valid(language, receipt.expires, program.zone)
    yield f"{vouchers.code(language, receipt.voucher)} {until}"


def _held(program: Program, receipt: HoldReceipt, language: str) -> Iterator[str]:
    yield said.held(language, receipt.points, receipt.until, program.zone, receipt.wallet)


def _captured(program: Program, receipt: CaptureReceipt, language: str) -> Iterator[str]:
    yield said.captured(language, receipt.points, receipt.reward, receipt.wallet)
    yield from _as_voucher(program, receipt, language)
    if receipt.released:
        yield said.released(language, receipt.released, receipt.wallet)


def _released(_: Program, receipt: ReleaseReceipt, language: str) -> Iterator[str]:
    yield said.released(language, receipt.points, receipt.wallet)
    if receipt.taken:
        yield notices.taken_back(language, receipt.taken, receipt.wallet)


def _returned(_: Program, receipt: ReturnReceipt, language: str) -> Iterator[str]:
    if not receipt.wallets and not receipt.waived and not receipt.given_back:
        yield from said.returned(language, 0)
    for wallet, points in receipt.wallets.items():
        yield from said.returned(language, points, wallet)
        expired, owed = receipt.expired.get(wallet, 0), receipt.owed.get(wallet, 0)
        if expired:
            yield said.returned_expired(language, expired, wallet)
        if owed:
            yield said.owed(language, owed, wallet)
    for wallet, points in receipt.waived.items():
        yield said.waived(language, points, wallet)
    for wallet, points in receipt.given_back.items():
        yield rewards.given_back(language, points, wallet)
    for code in receipt.vouchers:
        yield vouchers.taken(language, code)


def _confirmed(program: Program, receipt: ConfirmationReceipt, language: str) -> Iterator[str]:
    if not receipt.lots:
        yield life.nothing_waited(language)
    for wallet, points, _, expires in receipt.lots:
        yield life.usable(language, points, expires, program.zone, wallet)
    for wallet, points in receipt.settled.items():
        yield notices.settled(language, points, wallet)


# Putting right


def _undone(program: Program, receipt: UndoReceipt, language: str) -> Iterator[str]:
    points, left, wallet = receipt.points, receipt.left, receipt.wallet
    if receipt.shares:
        yield from notices.undone_pooled(language, points, left, receipt.shares, wallet)
    else:
        yield from notices.undone(language, points, left, wallet)
    if receipt.taken:
        yield notices.taken_back(language, receipt.taken, wallet)
    if receipt.settled:
        yield notices.settled(language, receipt.settled, wallet)
    if receipt.renewed and receipt.until is not None:
        yield notices.renewed(language, receipt.renewed, receipt.until, program.zone, wallet)


def _extended(program: Program, receipt: ExtensionReceipt, language: str) -> Iterator[str]:
    yield notices.extended(language, receipt.points, receipt.until, program.zone, receipt.wallet)


def _reinstated(program: Program, receipt: ReinstatementReceipt, language: str) -> Iterator[str]:
    yield notices.reinstated(language, receipt.points, receipt.until, program.zone, receipt.wallet)
    if receipt.settled:
        yield notices.settled(language, receipt.settled, receipt.wallet)


def _goodwill(program: Program, receipt: GoodwillReceipt, language: str) -> Iterator[str]:
    yield from notices.goodwill(language, receipt.points, receipt.expires, program.zone, receipt.wallet)
    if receipt.settled:
        yield notices.settled(language, receipt.settled, receipt.wallet)


def _forgiven(_: Program, receipt: ForgivenessReceipt, language: str) -> Iterator[str]:
    yield from notices.forgiven(language, receipt.points, receipt.left, receipt.wallet)


def _rerated(_: Program, receipt: RerateReceipt, language: str) -> Iterator[str]:
    if not receipt.wallets:
        yield notices.rerated(language, receipt.event, 0)
    for wallet, points in receipt.wallets.items():
        yield notices.rerated(language, receipt.event, points, wallet)
        owed = receipt.owed.get(wallet, 0)
        if owed:
            yield said.owed(language, owed, wallet)


# Between members


def _given(_: Program, receipt: TransferReceipt, language: str) -> Iterator[str]:
    yield notices.given(language, receipt.points, receipt.to, receipt.left, receipt.wallet)


def _merged(_: Program, receipt: MergeReceipt, language: str) -> Iterable[str]:
    return notices.merged(
        language,
        receipt.member,
        receipt.into,
        wallets=receipt.wallets,
        debts=receipt.debts,
        since=receipt.customer_since,
    )


def _household(_: Program, receipt: HouseholdReceipt, language: str) -> Iterator[str]:
    yield notices.household(language, receipt.household, joined=receipt.joined)


# Standing still


def _frozen(_: Program, receipt: FreezeReceipt, language: str) -> Iterator[str]:
    yield notices.frozen(language, still=receipt.frozen)


def _protection(program: Program, receipt: ProtectionReceipt, language: str) -> Iterator[str]:
    # Only a protection that begins has a cause.
    began, tiers = bool(receipt.cause), program.tiers is not None
    yield notices.protection(language, began=began, protected=receipt.protected, tiers=tiers)


def _closed(_: Program, receipt: ClosingReceipt, language: str) -> Iterable[str]:
    return notices.closed(language, receipt.expired, receipt.forgiven)


# The tier


def _tier_credited(_: Program, receipt: TierCreditReceipt, language: str) -> Iterable[str]:
    return tiers.credited(language, receipt.tier, rose=receipt.rose)


def _status_matched(program: Program, receipt: StatusReceipt, language: str) -> Iterator[str]:
    yield tiers.matched(language, receipt.tier, receipt.until, program.zone)


#: Who tells which kind of receipt.
# What members share


def _campaign(_: Program, receipt: CampaignReceipt, language: str) -> Iterator[str]:
    yield campaigns.ended(language, receipt.campaign, receipt.reason)


def _invited(_: Program, receipt: InvitationReceipt, language: str) -> Iterator[str]:
    yield referrals.invited(language, receipt.id)


def _withheld(_: Program, __: WithheldReceipt, language: str) -> Iterator[str]:
    yield referrals.withheld(language)


def _stock(_: Program, receipt: StockReceipt, language: str) -> Iterator[str]:
    yield allowances.restocked(language, receipt.reward, receipt.left)


_TOLD: Mapping[type[Receipt], Callable[[Program, Any, str], Iterable[str]]] = {
    EnrollReceipt: _enrolled,
    ConfirmationReceipt: _confirmed,
    RedemptionReceipt: _redeemed,
    HoldReceipt: _held,
    CaptureReceipt: _captured,
    ReleaseReceipt: _released,
    ReturnReceipt: _returned,
    UndoReceipt: _undone,
    ExtensionReceipt: _extended,
    ReinstatementReceipt: _reinstated,
    GoodwillReceipt: _goodwill,
    ForgivenessReceipt: _forgiven,
    RerateReceipt: _rerated,
    TransferReceipt: _given,
    MergeReceipt: _merged,
    HouseholdReceipt: _household,
    FreezeReceipt: _frozen,
    ProtectionReceipt: _protection,
    ClosingReceipt: _closed,
    TierCreditReceipt: _tier_credited,
    StatusReceipt: _status_matched,
    VoucherReceipt: _used,
    VoucherBackReceipt: _used_again,
    ConversionReceipt: _converted,
    CampaignReceipt: _campaign,
    StockReceipt: _stock,
    InvitationReceipt: _invited,
    WithheldReceipt: _withheld,
}
