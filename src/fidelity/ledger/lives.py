"""Lives: which vouchers of a member may be used at an instant, and how much longer they last after a pause."""

from __future__ import annotations

from datetime import datetime, timedelta

from fidelity.entries.codec import instant_text
from fidelity.ledger.account import Account
from fidelity.ledger.vouchers import Voucher
from fidelity.values.zones import end_of_day, local_date

__all__ = ["later_vouchers", "vouchers_at"]

_TICK = timedelta(microseconds=1)


def vouchers_at(account: Account, at: datetime) -> tuple[Voucher, ...]:
    """The vouchers that the owner of *account* may use at *at*, those that end first before the others."""
    clock = account.circumstances.rests_since or at
    found = [each for each in account.circumstances.vouchers if each.state(clock) == "usable"]
    return tuple(sorted(found, key=lambda each: (each.expires is None, each.expires or each.issued, each.code)))


def later_vouchers(account: Account, now: datetime) -> tuple[tuple[str, str], ...]:
    """When the vouchers end if the clocks go on at *now*, as `continued` tells it of lots."""
    since, zone = account.circumstances.rests_since, account.rulebook.zone
    found = []
    for each in account.circumstances.vouchers if since is not None else ():
        stood = now - max(since, each.issued) if since else timedelta(0)
        if each.expires is not None and each.state(since or now) == "usable" and stood > timedelta(0):
            later = end_of_day(local_date(each.expires + stood - _TICK, zone), zone)
            found.append((each.code, instant_text(later)))
    return tuple(found)
