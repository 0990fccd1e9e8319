"""Reading: one member's books as they were known at an instant, with everything that was due by then."""

from __future__ import annotations

from datetime import datetime

from attrs import frozen

from fidelity.entries import Entry
from fidelity.ledger import CLOCK_TOLERANCE, Account, fold
from fidelity.loyalty.asks import Load, Work
from fidelity.loyalty.books import caught_up, stream_of
from fidelity.loyalty.cache import AccountCache, Known
from fidelity.loyalty.clerk import Clerk
from fidelity.loyalty.snapshots import MANY_LINES, resumed

__all__ = ["Reading", "read_books"]


@frozen
class Reading:
    """
    One member's books as they were known at an instant.

    Attributes:
        at: The instant: the one asked for, or a little later if another host's clock runs ahead of this one's.
        account: With what was due by then.
        entries: The entries it was folded from, those derived included; empty unless asked for.
        known: The books up to the last entry, for the cache; None if they were not read as of now.
        long: Whether so many lines had to be folded that a snapshot of `known` is worth it.
    """

    at: datetime
    account: Account
    entries: tuple[Entry, ...]
    known: Known | None
    long: bool = False


def read_books(
    clerk: Clerk, cache: AccountCache, member: str, at: datetime, *, exact: bool, past: bool, whole: bool
) -> Work[Reading]:
    """
    The work of reading the books of *member* as they were known at *at*.

    Args:
        clerk: Who derives what is due.
        cache: The accounts known already.
        member: Whose books.
        at: For which instant.
        exact: Whether *at* was asked for; a clock that runs a little behind must not hide what was just written.
        past: Whether the account must know what is over.
        whole: Whether every entry is wanted, and not only what they come to.
    """
    stream, versions = stream_of(member), clerk.versions
    before = None if whole else cache.get(stream)
    if before is not None and past and not before.whole:
        before = None
    unread = clerk.unread
    names = (stream, versions.stream) if unread else (stream,)
    after = {versions.stream: 0}
    if past or before is not None:
        after[stream] = 0 if before is None else before.version
    streams = yield from resumed(names, after)
    if unread:
        versions.learn(streams[versions.stream])
    versions.check()
    known, found = yield from caught_up(clerk, member, streams[stream], before, lock=False)
    long = len(found.lines) >= MANY_LINES
    account = known.account
    if not exact and account.now is not None and account.now - CLOCK_TOLERANCE <= at < account.now:
        at = account.now
    entries: tuple[Entry, ...] = found.entries if whole else ()
    if account.now is not None and at < account.now:
        if len(found.lines) < found.version:
            found = (yield Load((stream,)))[stream]
        entries = tuple(line.entry for line in found.lines if line.entry.now <= at)
        account = fold(clerk.books, member, entries)
    due = clerk.due(account, at)
    if due:
        account = due[-1].account
        entries += tuple(entry for each in due for entry in each.entries)
    return Reading(at, account, entries if whole else (), known if known.account.enrolled else None, long)
