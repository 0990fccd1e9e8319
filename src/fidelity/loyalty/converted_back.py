"""Converted back: the vouchers that came of the points of a purchase, when it is returned and nobody had used them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from fidelity.entries import Entry
from fidelity.entries.vouchers import VoucherWithdrawn
from fidelity.ledger import Account
from fidelity.ledger.decisions import points_due
from fidelity.ledger.desk import Origin
from fidelity.ledger.undoing import give_back
from fidelity.ledger.using import withdrawals

__all__ = ["codes_of", "conversions_back"]


def conversions_back(
    account: Account,
    before: tuple[Entry, ...],
    origin: Origin | None,
    kept: Mapping[str, int],
    policies: Mapping[str, str],
    *,
    reason: str,
    now: datetime,
) -> tuple[Entry, ...]:
    """
    The conversions that are undone because points of *origin* are to go: the latest first, and no more than it takes.

    A voucher is whole: what its points are more than go stays with the member, as points. One that ended unused brings
    back no points of other purchases, so only one that came of this purchase alone is undone.

    Args:
        account: The member's books, and *before*, what the return has written so far.
        origin: What they know of the purchase.
        kept: The points that what remains of it would earn, by wallet.
        policies: What a return may take, by wallet.
        reason: ``"return/id"``.
        now: When it is learned.

    Source:
        SEMANTICS D8.
    """
    if origin is None or not account.circumstances.vouchers or account.protected or account.closed_at:
        return ()
    account = account.advance(now).post(*before)
    found: list[Entry] = []
    for wallet, due in points_due(origin, kept).items():
        for voucher in reversed(account.circumstances.vouchers):
            spent = account.spending(voucher.origin) if voucher.origin.startswith(f"conversion/{wallet}/") else None
            if policies.get(wallet) == "only pending" or spent is None or voucher.used or voucher.withdrawn:
                continue
            if _within_reach(account, origin, wallet) >= due:
                break
            mine = [lot in _lots(account, origin) for lot, _ in spent.lots]
            over = voucher.state(account.circumstances.rests_since or now) == "expired"
            if not (all(mine) if over else any(mine)):
                continue
            undone = give_back(account, spent, spent.left, key=f"{reason}/{spent.id}", now=now, reason=reason)
            made = (undone, *withdrawals(account, (spent.id,), now, reason))
            account = account.post(*made)
            found += made
    return tuple(found)


def _lots(account: Account, origin: Origin) -> tuple[str, ...]:
    here = account.origin(origin.key)
    return () if here is None else here.lots


def _within_reach(account: Account, origin: Origin, wallet: str) -> int:
    """How many points of *origin* a return can take without a debt."""
    lots = (account.lot(name) for name in _lots(account, origin))
    here = sum(lot.pending + lot.available + lot.expired for lot in lots if lot is not None and lot.wallet == wallet)
    return here + origin.gone.get(wallet, 0)


def codes_of(entries: Iterable[Entry]) -> tuple[str, ...]:
    """The codes of the vouchers that *entries* withdraw."""
    return tuple(each.voucher for each in entries if isinstance(each, VoucherWithdrawn))
