"""Clawback: which points go when what had earned them is undone, by the policy of their wallet."""

from __future__ import annotations

from fidelity.ledger.account import Account
from fidelity.ledger.desk import Origin

__all__ = ["clawed_back"]


def clawed_back(
    account: Account, origin: Origin, wallet: str, points: int, policy: str = ""
) -> tuple[tuple[tuple[str, int], ...], int, int]:
    """
    Where *points* of *origin* are taken from: ``(lot, points)``, how many had expired, and how many are owed.

    Pending ones go first, then available, then what had expired, then debt. What is held stays held and is owed.
    *policy* is that of the version that had decided; that of the account's rules unless told.

    Source:
        SEMANTICS D8, D9, D24.
    """
    terms = account.rulebook.wallets.get(wallet)
    clawback = policy or ("debt" if terms is None else terms.clawback)
    lots = [lot for name in origin.lots if (lot := account.lot(name)) is not None and lot.wallet == wallet]
    taken: dict[str, int] = {}
    left = points
    for place in ("pending",) if clawback == "only pending" else ("pending", "available"):
        for lot in lots:
            part = min(left, getattr(lot, place))
            if part:
                taken[lot.id] = taken.get(lot.id, 0) + part
                left -= part
    if clawback == "only pending":
        return tuple(taken.items()), 0, 0
    expired = min(left, sum(lot.expired for lot in lots) + origin.gone.get(wallet, 0))
    left -= expired
    if clawback == "within balance":
        available = account.totals(wallet).available - sum(taken.get(lot.id, 0) for lot in lots if lot.available)
        left = min(left, available)
    return tuple(taken.items()), expired, left
