"""Terms: what the books read of a `Program`, as one frozen value."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from attrs import frozen

from fidelity.ledger.rulebook import MAIN_WALLET, TierTerms, WalletTerms
from fidelity.rules.earning import Wallet
from fidelity.rules.lowering import cap_counter
from fidelity.rules.program import Program
from fidelity.rules.tier_score import score_parts, tenure_weight
from fidelity.rules.tiers import Tier
from fidelity.values.money import Money
from fidelity.values.periods import Window, window

__all__ = ["Terms", "terms_of"]

_EVER = window("ever")


@frozen(kw_only=True)
class Terms:
    """The part of a program that the books know: wallets, counters, tiers, zone."""

    name: str
    version: str
    digest: str
    zone: ZoneInfo
    wallets: Mapping[str, WalletTerms]
    counters: Mapping[str, Window]
    tiers: TierTerms | None


def terms_of(program: Program) -> Terms:
    """What the books read of *program*."""
    return Terms(
        name=program.name,
        version=program.version,
        digest=program.digest,
        zone=program.zone,
        wallets=_wallets(program),
        counters=_counters(program),
        tiers=_tiers(program),
    )


def _wallets(program: Program) -> dict[str, WalletTerms]:
    declared = {each.name: each for each in program.wallets}
    names = dict.fromkeys([MAIN_WALLET, *declared, *(each.wallet for each in program.rules)])
    return {name: _wallet(declared.get(name) or Wallet(name), program) for name in names}


def _wallet(wallet: Wallet, program: Program) -> WalletTerms:
    return WalletTerms(
        name=wallet.name,
        expiry=wallet.expiry or program.expiry,
        order=wallet.order,
        pending=wallet.pending,
        clawback=wallet.clawback,
        transfers=wallet.transfers,
    )


def _counters(program: Program) -> dict[str, Window]:
    found: dict[str, Window] = {each.path: each.over for each in program.measure_terms}
    for group in program.groups:
        if group.cap is not None and group.cap.per is not None:
            found[f"cap.{group.name}"] = group.cap.per
        for rule in group.rules:
            if rule.limit is not None:
                found[f"limit.{rule.name}"] = rule.limit.window
            if rule.cap is not None and rule.cap.per is not None:
                found[cap_counter(rule, group)] = rule.cap.per
    if program.cap is not None and program.cap.per is not None:
        found["cap.program"] = program.cap.per
    tiers = program.tiers
    if tiers is not None:
        for name, _weight in score_parts(tiers):
            if not name.startswith("measure."):
                found[name] = tiers.over or _EVER
    return found


def _tiers(program: Program) -> TierTerms | None:
    tiers = program.tiers
    if tiers is None:
        return None
    measure = tiers.measure
    money = tiers.counts_money
    scale = 10**program.minor_digits if money else 1
    return TierTerms(
        names=tiers.names,
        thresholds=tuple(_threshold(each, scale) for each in tiers.tiers),
        score=score_parts(tiers),
        over=(measure.terms.over if measure is not None else tiers.over) or _EVER,
        tenure=tenure_weight(tiers),
        grace=tiers.grace,
        falls=tiers.falls,
        kept=tiers.kept,
    )


def _threshold(tier: Tier, scale: int) -> int:
    return tier.at.minor if isinstance(tier.at, Money) else tier.at * scale
