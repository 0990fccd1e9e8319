"""Lot terms: what columns of lots read of a program about one wallet, and what they do not know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from fidelity.errors import NotColumnar
from fidelity.ledger.columns.lives import Lives
from fidelity.ledger.rulebook import MAIN_WALLET
from fidelity.ledger.terms import wallets_of
from fidelity.rules.earning.wallet_terms import usual_activity

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["LotTerms"]


@frozen
class LotTerms:
    """
    What lots need to know of a wallet.

    Attributes:
        lives: From when and until when points may be used.
        order: ``earliest expiry`` or ``earning order``: what is spent first.
        clawback: ``debt``, ``within balance`` or ``only pending``: what a return may take.
        activity: What counts as activity, where points go without.
    """

    lives: Lives
    order: str = "earliest expiry"
    clawback: str = "debt"
    activity: tuple[str, ...] = ("earn", "redeem")

    @classmethod
    def of(cls, program: Program, wallet: str = MAIN_WALLET) -> LotTerms:
        """
        The terms of *wallet* in *program*.

        Raises:
            NotColumnar: If its points fade, or if the program has no such wallet.
        """
        known = wallets_of(program)
        if wallet not in known:
            message = f"{program.name} has no wallet {wallet!r}; it has {', '.join(known)}"
            raise NotColumnar(message, clause="wallets")
        found = known[wallet]
        if found.decay is not None:
            message = f"the points of wallet {wallet!r} fade (decay=), which columns of lots do not know"
            raise NotColumnar(f"{message}; replay it one event at a time", clause=f"wallets.{wallet}.decay")
        return cls(
            lives=Lives(found.expiry or program.expiry, program.zone, found.pending),
            order=found.order,
            clawback=found.clawback,
            activity=found.activity or usual_activity(fades=False),
        )
