"""Given: the vouchers that an event brings, as entries and in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from fidelity.entries.vouchers import VoucherIssued
from fidelity.ledger import Account
from fidelity.ledger.decisions import Decided
from fidelity.ledger.receipts import EarnReceipt
from fidelity.ledger.using import give_voucher
from fidelity.ledger.vouchers import voucher_code
from fidelity.rules.program import Program
from fidelity.rules.rewards.reward import Reward
from fidelity.wording import vouchers as said

__all__ = ["origin_of", "tell_lives", "tell_vouchers", "vouchers_of"]


def origin_of(event: str, rule: str) -> str:
    """Of what a voucher comes that the rule *rule* gives for the event ``"kind/id"``."""
    return f"{event}/voucher/{rule}"


def vouchers_of(
    program: Program, account: Account, decided: Decided, at: datetime, now: datetime
) -> tuple[VoucherIssued, ...]:
    """The entries of the vouchers that an event brings; each counts from the event."""
    found = []
    for kind, rule, name in decided.effects:
        terms = program.rewards_by_name.get(name) if kind == "voucher" else None
        if isinstance(terms, Reward) and terms.voucher is not None:
            worth = "" if terms.worth is None else str(terms.worth)
            found.append(
                give_voucher(
                    account, at, now, terms.voucher, reward=name, origin=origin_of(decided.key, rule), worth=worth,
                    program=program.version, digest=program.digest,
                )
            )  # fmt: skip
    return tuple(found)


def tell_vouchers(program: Program, receipt: EarnReceipt, language: str) -> Iterator[str]:
    """What *receipt* tells of the vouchers that its event brought: each code, and until when it is valid."""
    tongue = program.tongue(language)
    for kind, rule, name in receipt.effects:
        terms = program.rewards_by_name.get(name) if kind == "voucher" else None
        if terms is None or terms.voucher is None:
            continue
        code = voucher_code(receipt.member, origin_of(receipt.event, rule))
        expires = None
        if not terms.voucher.anchor:
            expires = terms.voucher.instant(receipt.at, program.zone)
        yield f"  {said.code(tongue, code)} {said.valid(tongue, expires, program.zone)}"


def tell_lives(program: Program, receipt: EarnReceipt, language: str) -> Iterator[str]:
    """Until when the points that *receipt* tells of can be used: what a member is told is what will be applied."""
    tongue = program.tongue(language)
    for wallet, points, _, expires in receipt.lots:
        if expires is not None:
            yield said.last(tongue, points, expires, program.zone, wallet)
