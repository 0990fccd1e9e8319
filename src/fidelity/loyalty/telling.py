"""Telling: what a receipt or a quote says in a language. The words are `fidelity.wording`'s; here they are chosen."""

from __future__ import annotations

from collections.abc import Iterator

from fidelity.language.sentences import sentence
from fidelity.ledger.receipts import (
    CaptureReceipt,
    HoldReceipt,
    Receipt,
    RedemptionReceipt,
    ReleaseReceipt,
    ReturnReceipt,
)
from fidelity.rules.program import Program
from fidelity.rules.redemption import Unmet
from fidelity.wording import receipts as said

__all__ = ["tell", "tell_filter"]


def tell(program: Program, receipt: Receipt, language: str) -> str:
    """What *receipt* says; events that earn are told by their evaluation instead."""
    return "\n".join(_told(program, receipt, language))


def _told(program: Program, receipt: Receipt, language: str) -> Iterator[str]:
    if isinstance(receipt, RedemptionReceipt):
        yield said.redeemed(language, receipt.reward, receipt.points, receipt.left, receipt.wallet)
    elif isinstance(receipt, HoldReceipt):
        yield said.held(language, receipt.points, receipt.until, program.zone, receipt.wallet)
    elif isinstance(receipt, CaptureReceipt):
        yield said.captured(language, receipt.points, receipt.reward, receipt.wallet)
        if receipt.released:
            yield said.released(language, receipt.released, receipt.wallet)
    elif isinstance(receipt, ReleaseReceipt):
        yield said.released(language, receipt.points, receipt.wallet)
    elif isinstance(receipt, ReturnReceipt):
        if not receipt.wallets:
            yield from said.returned(language, 0)
        for wallet, points in receipt.wallets.items():
            yield from said.returned(language, points, wallet)
            owed = receipt.owed.get(wallet, 0)
            if owed:
                yield said.owed(language, owed, wallet)


def tell_filter(program: Program, reward: str, unmet: Unmet, language: str) -> str:
    """Why the filter *unmet* of *reward* says no."""
    schema = program.declared.redemption()
    because = sentence(unmet.condition, schema, language, zone=program.zone, negated=True)
    return said.quote_no(language, reward, because)
