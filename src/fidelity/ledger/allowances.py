"""Allowances: how much of what a reward allows a member has had, and from when there is room again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from fidelity.ledger.account import Account

__all__ = ["room_from", "used"]


def used(accounts: Iterable[Account], counter: str, at: datetime) -> int:
    """
    How much counts under *counter* at *at* of all of *accounts* together, with what is set aside for it.

    >>> used((), "redeemed.free coffee", datetime(2026, 1, 5))
    0
    """
    found = 0
    for account in accounts:
        known = account.advance(at) if account.clock is None or at >= account.clock else account
        if (tally := known.tallies.get(counter)) is not None:
            found += tally.value(at)
        found += sum(amount for hold in known.holds.values() for name, amount in hold.counts if name == counter)
    return max(0, found)


def room_from(accounts: Iterable[Account], counter: str, most: int, at: datetime) -> datetime | None:
    """The first instant after *at* at which no more than *most* counts under *counter*; None if it never comes."""
    listed = tuple(accounts)
    tallies = [tally for each in listed if (tally := each.tallies.get(counter)) is not None]
    # Whatever is set aside may stay set aside until then.
    held = sum(
        amount for each in listed for hold in each.holds.values() for name, amount in hold.counts if name == counter
    )
    for when in sorted({when for tally in tallies for when in tally.leaving(at, None)}):
        if sum(tally.value(when) for tally in tallies) + held <= most:
            return when
    return None
