"""Settling: the sweep over all accounts, as work on a whole journal. The answers are the same without it.

Only birthdays need it: the books do not know when anybody was born. Some accounts are swept at once, so many that their
lines lie in memory together. A long account is kept as a snapshot when it was swept: the next sweep goes on from there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import partial
from typing import TypeAlias

from attrs import evolve, field, frozen

from fidelity.entries import Entry, Settled
from fidelity.entries.chain import genesis, seal
from fidelity.errors import DuplicateKey, StaleStream
from fidelity.journals.port import Applied, Batch, Snapshot, Stream, Write
from fidelity.ledger import Account, fold
from fidelity.ledger.receipts import ConversionReceipt, to_plain
from fidelity.ledger.snapshots import looks_back
from fidelity.ledger.sweeping import settled
from fidelity.loyalty.asks import Append, Find, Keep, Load, Recall, Within, Work
from fidelity.loyalty.books import member_of, read_versions
from fidelity.loyalty.cache import Known
from fidelity.loyalty.clerk import Clerk
from fidelity.loyalty.identity import Asked
from fidelity.loyalty.recorder import Done
from fidelity.loyalty.snapshots import MANY_LINES, from_snapshot, to_snapshot
from fidelity.loyalty.warnings import FallWarning
from fidelity.rules.program import Program

__all__ = ["Settlement", "settle"]

#: How often some accounts are tried when another writer was first.
_TRIES = 10
#: How many lines may lie in memory at once; a longer account is swept alone.
_LINES = 20_000
#: After a version that no stream has, a journal tells the true one and loads no line.
_BEYOND = 2**31 - 1


@frozen(kw_only=True)
class Settlement:
    """
    What a sweep wrote down.

    Attributes:
        at: Up to when.
        accounts: How many accounts it looked at.
        later: How many of them it left alone, because they know of something later.
        facts: How often each thing happened: ``matured``, ``timed out``, ``taken back``, ``expired``, ``settled``,
            ``rose``, ``fell``, ``warned``, ``anniversary``, ``conversion`` and ``birthday``.
        points: How many points each was about.
        warnings: Who is to be told that a tier ends soon, if the program warns.
    """

    at: datetime
    accounts: int = 0
    later: int = 0
    facts: Mapping[str, int] = field(factory=dict)
    points: Mapping[str, int] = field(factory=dict)
    warnings: tuple[FallWarning, ...] = ()

    def __add__(self, other: Settlement) -> Settlement:
        return evolve(
            self,
            accounts=self.accounts + other.accounts,
            later=self.later + other.later,
            facts=dict(Counter(self.facts) + Counter(other.facts)),
            points=dict(Counter(self.points) + Counter(other.points)),
            warnings=(*self.warnings, *other.warnings),
        )


def settle(clerk: Clerk, names: tuple[str, ...], now: datetime, births: Mapping[str, date]) -> Work[Settlement]:
    """
    The work of sweeping the accounts of the streams *names* up to *now*.

    Args:
        clerk: Who decides.
        names: The streams of their points.
        now: Up to when.
        births: The birth dates of who has one that is known, by member.
    """
    heads: Mapping[str, Stream] = yield Load(names, dict.fromkeys(names, _BEYOND))
    found = Settlement(at=now)
    for part in _parts(heads):
        swept, kept = yield from _some(clerk, part, now, births)
        found += swept
        for each in kept:
            yield Keep(each)
    return found


def _parts(heads: Mapping[str, Stream]) -> Iterator[tuple[Stream, ...]]:
    """The streams of *heads*, those together that have few enough lines."""
    part: list[Stream] = []
    lines = 0
    for name in sorted(heads):
        lines += heads[name].version
        if part and lines > _LINES:
            yield tuple(part)
            part, lines = [], heads[name].version
        part.append(heads[name])
    if part:
        yield tuple(part)


def _some(clerk: Clerk, heads: tuple[Stream, ...], now: datetime, births: Mapping[str, date]) -> Work[_Swept]:
    sweep = partial(_sweep, clerk, heads, now, births)
    for _ in range(_TRIES - 1):
        try:
            found: _Swept = yield Within(sweep)
        except (StaleStream, DuplicateKey):
            # Another writer was first; what it wrote is read now.
            clerk.versions.read = False
        else:
            return found
    last: _Swept = yield Within(sweep)
    return last


#: What a sweep came to, and the snapshots worth keeping.
_Swept: TypeAlias = tuple[Settlement, tuple[Snapshot, ...]]


class _Due:
    """What is to be appended for the accounts of one sweep."""

    def __init__(self, program: str) -> None:
        self._program = program
        self.writes: list[Write] = []
        self.applied: list[Applied] = []
        self.facts: Counter[str] = Counter()
        self.points: Counter[str] = Counter()
        self.warnings: list[FallWarning] = []

    def warn(self, program: Program, account: Account, now: datetime) -> None:
        """Take note that the owner of *account* is to be told."""
        standing = account.standing(now)
        if standing is not None and standing.warning is not None:
            warning = FallWarning(member=account.member, tier=standing.tier, ahead=standing.warning, program=program)
            self.warnings.append(warning)

    def decided(self, kind: str, done: Done) -> tuple[Entry, ...]:
        """Take what was decided of an event of *kind*."""
        self.applied.append(Applied(done.asked.key, done.asked.digest, to_plain(done.receipt)))
        self.facts[kind] += 1
        return done.entries

    def append(self, stream: Stream, more: list[Entry]) -> None:
        """Add *more* to *stream*."""
        start = stream.link or genesis(self._program, stream.name)
        self.writes.append(Write(stream.name, stream.version, seal(more, start)))


@frozen
class _Opened:
    """
    One account to be swept.

    Attributes:
        stream: What was loaded of its stream.
        swept: The books when they were swept last, if they are known; `entries` are those since, or all of them.
    """

    stream: Stream
    account: Account
    entries: tuple[Entry, ...]
    swept: Account | None = None


def _open(clerk: Clerk, heads: tuple[Stream, ...]) -> Work[list[_Opened]]:
    """The accounts of *heads*, locked: long ones from the snapshot that was kept when they were swept last."""
    kept: dict[str, Snapshot] = {}
    for each in heads:
        if each.version >= MANY_LINES and (snapshot := (yield Recall(each.name))):
            kept[each.name] = snapshot
    names = tuple(each.name for each in heads)
    # With the line up to which it was taken, which tells whether that was a sweep.
    after = {name: snapshot.version - 1 for name, snapshot in kept.items()}
    streams: Mapping[str, Stream] = yield Load(names, after, lock=True)
    found: list[_Opened] = []
    for name in names:
        stream, member = streams[name], member_of(name)
        swept = _swept(clerk, member, stream, kept[name]) if name in kept else None
        if swept is not None:
            entries = stream.entries[1:]
            found.append(_Opened(stream, swept.following(entries), entries, swept))
            continue
        if name in kept:
            stream = (yield Load((name,), lock=True))[name]
        found.append(_Opened(stream, fold(clerk.books, member, stream.entries), stream.entries))
    return found


def _swept(clerk: Clerk, member: str, stream: Stream, snapshot: Snapshot) -> Account | None:
    """The account of *snapshot*, if it was taken at the end of a sweep and nothing since looks back beyond it."""
    if not stream.lines or stream.version - len(stream.lines) != snapshot.version - 1:
        return None
    first, *rest = stream.lines
    if not isinstance(first.entry, Settled) or first.link != snapshot.link:
        return None
    known = from_snapshot(clerk.books, member, snapshot)
    return None if known is None or any(looks_back(each.entry) for each in rest) else known.account


def _sweep(clerk: Clerk, heads: tuple[Stream, ...], now: datetime, births: Mapping[str, date]) -> Work[_Swept]:
    versions, due = clerk.versions, _Due(clerk.program.name)
    unread = clerk.unread
    if unread:
        yield from read_versions(versions)
    versions.check()
    opened = {each.stream.name: each for each in (yield from _open(clerk, heads))}
    accounts = {name: each.account for name, each in opened.items()}
    behind = {name: account for name, account in accounts.items() if account.now is not None and account.now <= now}
    days = {name: tuple(_birthdays(clerk, account, now, births)) for name, account in behind.items()}
    keys = tuple(asked.key for each in days.values() for asked in each)
    given: Mapping[str, Applied] = (yield Find(keys)) if keys else {}
    kept: list[Snapshot] = []
    for name, account in behind.items():
        asked = [each for each in days[name] if each.key not in given]
        if more := _missing(clerk, opened[name], asked, now, due):
            due.append(opened[name].stream, more)
            if opened[name].stream.version >= MANY_LINES and isinstance(more[-1], Settled):
                write = due.writes[-1]
                known = Known(account.post(*more), write.expected + len(more), write.lines[-1].link)
                kept.append(to_snapshot(name, known))
    if due.writes:
        publication = versions.publication(now) if due.applied else None
        if publication is not None:
            due.writes.insert(0, publication)
            # Known only once it is committed: the next accounts read it.
            versions.read = False
        yield Append(Batch(clerk.program.name, tuple(due.writes), tuple(due.applied)))
    later = len(heads) - len(behind)
    found = Settlement(at=now, accounts=len(heads), later=later, facts=dict(due.facts), points=dict(due.points))
    found = evolve(found, warnings=tuple(due.warnings))
    return found, tuple(kept)


def _birthdays(clerk: Clerk, account: Account, now: datetime, births: Mapping[str, date]) -> Iterator[Asked]:
    """The birthdays that the owner of *account* may have had lately."""
    born = births.get(account.member)
    return iter(()) if born is None else clerk.birthdays(account, born, now)


def _missing(clerk: Clerk, opened: _Opened, asked: list[Asked], now: datetime, due: _Due) -> list[Entry]:
    """What one member's stream lacks: anniversaries and birthdays that are due, and what time alone has done."""
    more: list[Entry] = []
    account = opened.account
    for done in clerk.due(account, now):
        more += due.decided("conversion" if isinstance(done.receipt, ConversionReceipt) else "anniversary", done)
        account = done.account
    for each in asked:
        done = clerk.birthday(account, each, now)
        more += due.decided("birthday", done)
        account = done.account
    swept = settled(clerk.books, account.member, (*opened.entries, *more), now, known=opened.swept)
    if swept is not None:
        more.append(swept)
        for what, _, _, _, points in swept.facts:
            due.facts[what] += 1
            due.points[what] += points
            if what == "warned":
                due.warn(clerk.program, account, now)
    return more
