"""Terms: what the books read of a `Program`, as one frozen value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo

from attrs import frozen

from fidelity.ledger.inactivity_terms import clocks_of
from fidelity.ledger.rulebook import MAIN_WALLET, TierTerms, WalletTerms
from fidelity.ledger.tier_terms import tier_counters, tier_terms
from fidelity.rules.earning.limits import Cap
from fidelity.rules.earning.rules import Wallet
from fidelity.rules.lowering import cap_counter
from fidelity.rules.program import Program
from fidelity.values.periods import Window, window

__all__ = ["History", "Terms", "terms_of", "wallets_of"]

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


#: What was published before the present version, and that version if it was: each with the instant from which it holds.
History: TypeAlias = Sequence[tuple[Program, datetime]]


def terms_of(program: Program, history: History | None = None) -> Terms:
    """
    What the books read of *program*.

    Args:
        program: The present version.
        history: What was published until now: a rule that looks at how long ago something happened looks back to
            where it was published at most. None: it always held. A wallet that only earlier versions have goes on
            under the terms of the last of them.
    """
    return Terms(
        name=program.name,
        version=program.version,
        digest=program.digest,
        zone=program.zone,
        wallets=_wallets(program, history),
        counters=_counters(program),
        tiers=tier_terms(program, history or ()),
    )


def _wallets(program: Program, history: History | None) -> dict[str, WalletTerms]:
    found = {name: _wallet(each, program, history) for name, each in wallets_of(program).items()}
    # What a later version dropped goes on under the terms that it had: somebody may have points of it.
    for version, _ in reversed(history or ()):
        for name, each in wallets_of(version).items():
            if name not in found:
                known = [(one, since) for one, since in history or () if name in wallets_of(one)]
                found[name] = _wallet(each, version, known)
    return found


def wallets_of(program: Program) -> dict[str, Wallet]:
    """Every wallet of *program*, by name: the main one, those that it declares and those that its rules fill."""
    declared = {each.name: each for each in program.wallets}
    names = dict.fromkeys([MAIN_WALLET, *declared, *(each.wallet for each in program.rules)])
    return {name: declared.get(name) or Wallet(name) for name in names}


def _wallet(wallet: Wallet, program: Program, history: History | None) -> WalletTerms:
    return WalletTerms(
        name=wallet.name,
        expiry=wallet.expiry or program.expiry,
        order=wallet.order,
        pending=wallet.pending,
        clawback=wallet.clawback,
        transfers=wallet.transfers,
        reinstatement=wallet.reinstatement,
        extension=wallet.extension,
        clocks=clocks_of(program, wallet.name, history),
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
    for reward in program.rewards:
        if reward.counter and reward.limit is not None:
            limit = reward.limit
            found[reward.counter] = limit.per or _EVER if isinstance(limit, Cap) else limit.window
    return found | tier_counters(program)
