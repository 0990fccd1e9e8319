"""Proving: whether the books of one account add up, lot by lot, wallet by wallet, and with what was spent.

Reads everything, changes nothing. What it asks of an account holds after every entry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fidelity.ledger.desk import Desk
from fidelity.ledger.lots import BooksError
from fidelity.ledger.wallet import NEVER, Totals

if TYPE_CHECKING:
    from fidelity.ledger.account import Account

__all__ = ["prove"]


def prove(account: Account) -> None:
    """
    Make sure that nothing was lost and nothing made in *account*.

    Raises:
        BooksError: Naming the first place where it does not add up.

    Source:
        SEMANTICS G1, G2.
    """
    _prove_lots(account)
    _prove_spending(account)
    _prove_circumstances(account)
    if (due := Desk(account, account.almanac).next_due()) < account.due:
        message = f"account of {account.member}: something is due at {due.isoformat()} that would be missed"
        raise BooksError(message, member=account.member)


def _prove_lots(account: Account) -> None:
    found: dict[str, Totals] = {}
    lots = [lot for wallet in account.wallets.values() for lot in wallet.lots]
    lots += [lot for _, lot in account.closed.items()]
    for lot in lots:
        lot.check()
        found[lot.wallet] = found.get(lot.wallet, Totals()) + Totals(
            lot.issued, lot.pending, lot.available, lot.held, lot.redeemed, lot.expired, lot.reversed, lot.settled
        )
    if len({lot.id for lot in lots}) != len(lots):
        message = f"account of {account.member}: a lot is in two places"
        raise BooksError(message, member=account.member)
    for name, wallet in account.wallets.items():
        where = f"wallet {name} of {account.member}"
        wallet.totals.check(where, protected=account.protected)
        if found.get(name, Totals()).as_tuple()[:8] != wallet.totals.as_tuple()[:8]:
            message = f"{where}: its lots say {found.get(name)} and its totals say {wallet.totals}"
            raise BooksError(message, wallet=name)
        if [*wallet.lots] != sorted(wallet.lots, key=lambda lot: (lot.expires or NEVER, lot.number)):
            raise BooksError(f"{where}: its lots are not in the order of spending", wallet=name)


def _prove_spending(account: Account) -> None:
    on_hold = sum(hold.points for hold in account.holds.values())
    totals = account.totals()
    if on_hold != totals.held:
        message = f"account of {account.member}: holds are for {on_hold} points and lots hold {totals.held}"
        raise BooksError(message, member=account.member)
    spent: dict[str, int] = {}
    for each in dict(account.spent.items()).values():
        spent[each.wallet] = spent.get(each.wallet, 0) + each.left
    for name, wallet in account.wallets.items():
        if spent.get(name, 0) != wallet.redeemed:
            message = f"wallet {name} of {account.member}: {wallet.redeemed} points are spent, not {spent.get(name, 0)}"
            raise BooksError(message, wallet=name)


def _prove_circumstances(account: Account) -> None:
    stands = account.circumstances.rests_since is not None
    if stands != bool(account.frozen or account.protected):
        message = f"account of {account.member}: its clocks stand without a cause, or go in spite of one"
        raise BooksError(message, member=account.member)
    if account.closed_at is None:
        return
    for name, wallet in account.wallets.items():
        if wallet.lots or wallet.debt:
            raise BooksError(f"wallet {name} of {account.member}: it is closed and not empty", wallet=name)
