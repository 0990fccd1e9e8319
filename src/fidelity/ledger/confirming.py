"""Confirming: what the books answer when a purchase is confirmed whose points wait for that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from fidelity.entries.codec import instant_text
from fidelity.entries.confirming import ConfirmationRecorded
from fidelity.errors import OutOfTime, UnknownOrigin
from fidelity.ledger.account import Account
from fidelity.ledger.admission import Entries, ends, learned, open_for, owing
from fidelity.ledger.desk import Origin
from fidelity.ledger.lots import Lot
from fidelity.ledger.notices import ConfirmationReceipt
from fidelity.values.waiting import UNCONFIRMED, UntilConfirmed

__all__ = ["confirm"]


def confirm(
    account: Account,
    *,
    id: str,  # noqa: A002  (the word of the event)
    origin: str,
    at: datetime,
    now: datetime,
    event: Mapping[str, Any],
    promised: Account | None = None,
) -> tuple[Entries, ConfirmationReceipt]:
    """
    Let the points of *origin* be used that wait for a confirmation. Their life begins when it happened.

    Confirming twice changes nothing more. What goes back before is no longer there to be confirmed.

    Args:
        account: The member's books.
        id: The id of the confirmation.
        origin: ``"purchase/id"`` of what is confirmed.
        at: When it was confirmed.
        now: When that is learned.
        event: The confirmation as plain data.
        promised: The same books under the terms of the version that had decided the purchase, if that is another one:
            how long the points live was promised then (SEMANTICS D23).

    Raises:
        UnknownOrigin: If the purchase is not in the books (yet): keep the confirmation and retry.
        OutOfTime: If it is dated before its purchase.
        UnknownMember, AccountClosed: If nobody is enrolled here, or the account is closed.

    Source:
        SEMANTICS D17.
    """
    open_for(account)
    now, key = learned(account, now), f"confirmation/{id}"
    account = account.advance(now)
    known = account.origin(origin)
    if known is None or (known.event is None and not known.lots):
        message = f"{key} confirms {origin}, which {account.member} has not bought yet; keep it and retry later"
        raise UnknownOrigin(message, origin=origin, retryable=True)
    if known.event is not None and at < known.event.at:
        message = f"{key} is dated {at.isoformat()}, before {origin} that it confirms, {known.event.at.isoformat()}"
        raise OutOfTime(f"{message}; date it when it was confirmed", at=at, bought=known.event.at)
    starts = min(at, now)
    rows, told = [], []
    settled: dict[str, int] = {}
    for lot in _waiting(account, known):
        expires = ends(promised or account, lot.wallet, starts)
        gone = "" if expires is None else instant_text(expires)
        rows.append((lot.id, lot.wallet, lot.pending, instant_text(starts), gone))
        told.append((lot.wallet, lot.pending, starts, expires))
        owed = owing(account, lot.wallet, now) - settled.get(lot.wallet, 0)
        if owed > 0 and (expires is None or now < expires):
            settled[lot.wallet] = settled.get(lot.wallet, 0) + min(owed, lot.pending)
    entry = ConfirmationRecorded(at=at, now=now, event_id=id, origin=origin, event=event, lots=tuple(rows))
    receipt = ConfirmationReceipt(
        member=account.member, at=at, event=key, origin=origin, lots=tuple(told), settled=settled
    )
    return (entry,), receipt


def _waiting(account: Account, known: Origin) -> Iterator[Lot]:
    """The lots of *known* that wait for a confirmation."""
    for name in known.lots:
        lot = account.lot(name)
        if lot is None or not lot.pending:
            continue
        terms = account.rulebook.wallets.get(lot.wallet)
        # Those of an earlier version of the program may wait for what the present one does not ask for.
        if lot.starts >= UNCONFIRMED or (terms is not None and isinstance(terms.pending, UntilConfirmed)):
            yield lot
