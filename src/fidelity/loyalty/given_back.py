"""Given back: what a return brings back of the points spent on its purchase, and which vouchers it takes along."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from fidelity.entries import Entry, RedemptionUndone
from fidelity.entries.vouchers import VoucherWithdrawn
from fidelity.events import Event, Purchase
from fidelity.ledger import Account
from fidelity.ledger.desk import Origin
from fidelity.ledger.undoing import give_back
from fidelity.ledger.using import withdrawals
from fidelity.loyalty.given import origin_of

__all__ = ["by_wallet", "shares_back", "vouchers_back"]


def shares_back(
    account: Account, origin: Origin | None, whole: Event | None, left: Purchase | None, *, reason: str, now: datetime
) -> tuple[RedemptionUndone | VoucherWithdrawn, ...]:
    """
    What comes back of the points spent on a purchase: as large a part as what came back is of it, the last spent first.

    What had come as a voucher is whole: its points come back with the last of the goods, and the voucher goes; of one
    that was used, nothing does.

    Args:
        account: The member's books.
        origin: What they know of the purchase.
        whole: The purchase as it was at first, and *left*, what remains of it; None when nothing does.
        reason: ``"return/id"``.
        now: When it is learned.

    Source:
        SEMANTICS D10, D11.
    """
    if origin is None or not origin.spent or not isinstance(whole, Purchase) or account.closed_at is not None:
        return ()
    account = account.advance(now)
    paid, stays = whole.amount.minor, 0 if left is None else left.amount.minor
    found: list[RedemptionUndone | VoucherWithdrawn] = []
    for name in reversed(origin.spent):
        spent = account.spending(name)
        if spent is None:
            continue
        # Of the whole each time, so that any split of a return comes to the same.
        due = spent.points if left is None else spent.points * (paid - stays) // paid if paid else 0
        points = min(due - spent.undone, spent.left)
        voucher = next((each for each in account.circumstances.vouchers if each.origin == name), None)
        if voucher is not None and (left is not None or voucher.used):
            continue
        if points > 0:
            found.append(give_back(account, spent, points, key=f"{reason}/{name}", now=now, reason=reason))
            if voucher is not None:
                found += withdrawals(account, (name,), now, reason)
    return tuple(found)


def by_wallet(entries: Iterable[Entry]) -> dict[str, int]:
    """How many points come back, by wallet."""
    found: dict[str, int] = {}
    for each in (each for each in entries if isinstance(each, RedemptionUndone)):
        found[each.wallet] = found.get(each.wallet, 0) + each.points
    return found


def vouchers_back(
    account: Account,
    origin: Origin | None,
    gives: Iterable[tuple[str, str, str]],
    *,
    reason: str,
    now: datetime,
) -> tuple[VoucherWithdrawn, ...]:
    """
    The vouchers that a purchase had brought, and what remains of it no longer does: those that nobody used.

    Args:
        account: The member's books.
        origin: What they know of the purchase.
        gives: What else than points the purchase that remains gives.
        reason: ``"return/id"``.
        now: When it is learned.
    """
    if origin is None or origin.event is None or account.protected or not account.circumstances.vouchers:
        return ()
    if account.closed_at is not None:
        return ()
    stays = {rule for kind, rule, _ in gives if kind == "voucher"}
    lost = {origin_of(origin.key, rule) for kind, rule, _ in origin.event.effects if kind == "voucher"}
    lost -= {origin_of(origin.key, rule) for rule in stays}
    unused = [each.origin for each in account.circumstances.vouchers if each.origin in lost and not each.used]
    return tuple(withdrawals(account, unused, now, reason))
