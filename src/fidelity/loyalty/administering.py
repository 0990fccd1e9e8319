"""Administering: what staff and members ask of one account beside earning and spending, handed to the books."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from fidelity.commands import (
    Command,
    EndProtection,
    Extend,
    Forgive,
    Freeze,
    Goodwill,
    Protect,
    Reinstate,
    Unfreeze,
)
from fidelity.commands_of_status import CreditTier, MatchStatus
from fidelity.entries import Entry
from fidelity.errors import ValueRefused
from fidelity.ledger import Account
from fidelity.ledger.administration import extend, forgive, goodwill, reinstate
from fidelity.ledger.clocks import end_protection, freeze, protect, unfreeze
from fidelity.ledger.receipts import Receipt
from fidelity.ledger.status import credit_tier, match_status
from fidelity.values.zones import end_of_day

__all__ = ["administered"]


def administered(  # noqa: C901, PLR0911 -- one branch a command
    account: Account, command: Command, now: datetime
) -> tuple[tuple[Entry, ...], Receipt]:
    """What *command* comes to on *account*."""
    zone = account.rulebook.zone
    match command:
        case Goodwill(points=points, reason=reason, key=key, wallet=wallet, by=by):
            return goodwill(account, points=points, reason=reason, key=key, now=now, wallet=wallet, by=by)
        case Forgive(reason=reason, points=points, wallet=wallet, by=by):
            return forgive(account, reason=reason, now=now, points=points, wallet=wallet, by=by)
        case Extend(until=until, reason=reason, wallet=wallet, event=event):
            end = _end(until, zone)
            return extend(account, until=end, reason=reason, now=now, wallet=wallet, event=event)
        case Reinstate(reason=reason, points=points, wallet=wallet, until=until):
            end_or_none = None if until is None else _end(until, zone)
            return reinstate(account, reason=reason, now=now, points=points, wallet=wallet, until=end_or_none)
        case Freeze(reason=reason):
            return freeze(account, reason=reason, now=now)
        case Unfreeze():
            return unfreeze(account, now=now)
        case Protect(cause=cause, key=key):
            return protect(account, cause=cause, key=key, now=now)
        case EndProtection(protection=protection, reason=reason):
            return end_protection(account, now=now, protection=protection, reason=reason)
        case CreditTier(points=points, reason=reason, count=count, by=by):
            return credit_tier(account, points=points, reason=reason, now=now, count=count, by=by)
        case MatchStatus(tier=tier, until=until, reason=reason, by=by):
            return match_status(account, tier=tier, until=_end(until, zone), reason=reason, now=now, by=by)
    message = f"{command!r} is no command of this shell"
    raise ValueRefused(message, value=command)


def _end(until: date | datetime, zone: ZoneInfo) -> datetime:
    """An instant as it is; of a day, the first instant after it."""
    return until if isinstance(until, datetime) else end_of_day(until, zone)
