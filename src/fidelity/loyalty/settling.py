"""Settling: the sweep over all accounts, as work on a whole journal. The answers are the same without it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from functools import partial

from attrs import field, frozen

from fidelity.entries import Entry
from fidelity.entries.chain import genesis, seal
from fidelity.errors import DuplicateKey, StaleStream
from fidelity.journals.port import Applied, Batch, Stream, Write
from fidelity.ledger import fold
from fidelity.ledger.receipts import to_plain
from fidelity.ledger.sweeping import settled
from fidelity.loyalty.asks import Append, Load, Names, Within, Work
from fidelity.loyalty.books import member_of
from fidelity.loyalty.clerk import Clerk

__all__ = ["Settlement", "settle"]

_POINTS = "points/"
#: How many accounts are swept in one transaction, and how often it is tried when another writer was first.
_MANY = 100
_TRIES = 10


@frozen(kw_only=True)
class Settlement:
    """
    What a sweep wrote down.

    Attributes:
        at: Up to when.
        accounts: How many accounts it looked at.
        later: How many of them it left alone, because they know of something later.
        facts: How often each thing happened: ``matured``, ``timed out``, ``expired``, ``settled``, ``rose``,
            ``fell`` and ``anniversary``.
        points: How many points each was about.
    """

    at: datetime
    accounts: int = 0
    later: int = 0
    facts: Mapping[str, int] = field(factory=dict)
    points: Mapping[str, int] = field(factory=dict)


def settle(clerk: Clerk, now: datetime) -> Work[Settlement]:
    """The work of sweeping every account up to *now*."""
    tally = _Tally()
    last = ""
    while names := (yield Names(_POINTS, last, _MANY)):
        for tries in range(_TRIES, 0, -1):
            try:
                swept: _Tally = yield Within(partial(_sweep, clerk, tuple(names), now))
            except (StaleStream, DuplicateKey):
                # Another writer was first; what it wrote is read now.
                clerk.versions.read = False
                if tries == 1:
                    raise
            else:
                tally.add(swept)
                break
        last = names[-1]
    return Settlement(
        at=now, accounts=tally.accounts, later=tally.later, facts=dict(tally.facts), points=dict(tally.points)
    )


class _Tally:
    def __init__(self) -> None:
        self.accounts = self.later = 0
        self.facts: Counter[str] = Counter()
        self.points: Counter[str] = Counter()

    def add(self, other: _Tally) -> None:
        self.accounts += other.accounts
        self.later += other.later
        self.facts += other.facts
        self.points += other.points


def _sweep(clerk: Clerk, names: tuple[str, ...], now: datetime) -> Work[_Tally]:
    versions, tally = clerk.versions, _Tally()
    unread = not versions.read
    wanted = (*names, versions.stream) if unread else names
    streams: Mapping[str, Stream] = yield Load(wanted, lock=True)
    if unread:
        versions.learn(streams[versions.stream])
    versions.check()
    writes: list[Write] = []
    applied: list[Applied] = []
    for name in names:
        stream = streams[name]
        tally.accounts += 1
        if stream.lines and stream.lines[-1].entry.now > now:
            tally.later += 1
            continue
        more = _due(clerk, stream, now, tally, applied)
        if more:
            start = stream.link or genesis(clerk.program.name, name)
            writes.append(Write(name, stream.version, seal(more, start)))
    if writes:
        publication = versions.publication(now) if applied else None
        if publication is not None:
            writes.insert(0, publication)
            # Known only once it is committed: the next page reads it.
            versions.read = False
        yield Append(Batch(clerk.program.name, tuple(writes), tuple(applied)))
    return tally


def _due(clerk: Clerk, stream: Stream, now: datetime, tally: _Tally, applied: list[Applied]) -> list[Entry]:
    """What is to be appended to one member's stream: the anniversaries that are due, and what time alone has done."""
    member, entries = member_of(stream.name), stream.entries
    more: list[Entry] = []
    for done in clerk.due(fold(clerk.books, member, entries), now):
        more += done.entries
        applied.append(Applied(done.asked.key, done.asked.digest, to_plain(done.receipt)))
        tally.facts["anniversary"] += 1
    swept = settled(clerk.books, member, (*entries, *more), now)
    if swept is not None:
        more.append(swept)
        for what, _, _, _, points in swept.facts:
            tally.facts[what] += 1
            tally.points[what] += points
    return more
