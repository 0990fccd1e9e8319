"""Settling: the sweep over all accounts, as work on a whole journal. The answers are the same without it.

Only birthdays need it: the books do not know when anybody was born.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import partial

from attrs import evolve, field, frozen

from fidelity.entries import Entry
from fidelity.entries.chain import genesis, seal
from fidelity.errors import DuplicateKey, StaleStream
from fidelity.journals.port import Applied, Batch, Stream, Write
from fidelity.ledger import Account, fold
from fidelity.ledger.receipts import to_plain
from fidelity.ledger.sweeping import settled
from fidelity.loyalty.asks import Append, Find, Load, Within, Work
from fidelity.loyalty.books import member_of, read_versions
from fidelity.loyalty.clerk import Clerk
from fidelity.loyalty.identity import Asked
from fidelity.loyalty.recorder import Done

__all__ = ["Settlement", "settle"]

#: How often some accounts are tried when another writer was first.
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
            ``fell``, ``anniversary`` and ``birthday``.
        points: How many points each was about.
    """

    at: datetime
    accounts: int = 0
    later: int = 0
    facts: Mapping[str, int] = field(factory=dict)
    points: Mapping[str, int] = field(factory=dict)

    def __add__(self, other: Settlement) -> Settlement:
        return evolve(
            self,
            accounts=self.accounts + other.accounts,
            later=self.later + other.later,
            facts=dict(Counter(self.facts) + Counter(other.facts)),
            points=dict(Counter(self.points) + Counter(other.points)),
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
    sweep = partial(_sweep, clerk, names, now, births)
    for _ in range(_TRIES - 1):
        try:
            found: Settlement = yield Within(sweep)
        except (StaleStream, DuplicateKey):
            # Another writer was first; what it wrote is read now.
            clerk.versions.read = False
        else:
            return found
    last: Settlement = yield Within(sweep)
    return last


class _Due:
    """What is to be appended for the accounts of one sweep."""

    def __init__(self, program: str) -> None:
        self._program = program
        self.writes: list[Write] = []
        self.applied: list[Applied] = []
        self.facts: Counter[str] = Counter()
        self.points: Counter[str] = Counter()

    def decided(self, kind: str, done: Done) -> tuple[Entry, ...]:
        """Take what was decided of an event of *kind*."""
        self.applied.append(Applied(done.asked.key, done.asked.digest, to_plain(done.receipt)))
        self.facts[kind] += 1
        return done.entries

    def append(self, stream: Stream, more: list[Entry]) -> None:
        """Add *more* to *stream*."""
        start = stream.link or genesis(self._program, stream.name)
        self.writes.append(Write(stream.name, stream.version, seal(more, start)))


def _sweep(clerk: Clerk, names: tuple[str, ...], now: datetime, births: Mapping[str, date]) -> Work[Settlement]:
    versions, due = clerk.versions, _Due(clerk.program.name)
    unread = clerk.unread
    if unread:
        yield from read_versions(versions)
    versions.check()
    streams: Mapping[str, Stream] = yield Load(names, lock=True)
    accounts = {name: fold(clerk.books, member_of(name), streams[name].entries) for name in names}
    behind = {name: account for name, account in accounts.items() if account.now is not None and account.now <= now}
    days = {name: tuple(_birthdays(clerk, account, now, births)) for name, account in behind.items()}
    keys = tuple(asked.key for each in days.values() for asked in each)
    given: Mapping[str, Applied] = (yield Find(keys)) if keys else {}
    for name, account in behind.items():
        asked = [each for each in days[name] if each.key not in given]
        if more := _missing(clerk, account, streams[name].entries, asked, now, due):
            due.append(streams[name], more)
    if due.writes:
        publication = versions.publication(now) if due.applied else None
        if publication is not None:
            due.writes.insert(0, publication)
            # Known only once it is committed: the next accounts read it.
            versions.read = False
        yield Append(Batch(clerk.program.name, tuple(due.writes), tuple(due.applied)))
    later = len(names) - len(behind)
    return Settlement(at=now, accounts=len(names), later=later, facts=dict(due.facts), points=dict(due.points))


def _birthdays(clerk: Clerk, account: Account, now: datetime, births: Mapping[str, date]) -> Iterator[Asked]:
    """The birthdays that the owner of *account* may have had lately."""
    born = births.get(account.member)
    return iter(()) if born is None else clerk.birthdays(account, born, now)


def _missing(  # noqa: PLR0917  (a part of `_sweep`)
    clerk: Clerk, account: Account, known: tuple[Entry, ...], asked: list[Asked], now: datetime, due: _Due
) -> list[Entry]:
    """What one member's stream lacks: anniversaries and birthdays that are due, and what time alone has done."""
    more: list[Entry] = []
    for done in clerk.due(account, now):
        more += due.decided("anniversary", done)
        account = done.account
    for each in asked:
        done = clerk.birthday(account, each, now)
        more += due.decided("birthday", done)
        account = done.account
    swept = settled(clerk.books, account.member, (*known, *more), now)
    if swept is not None:
        more.append(swept)
        for what, _, _, _, points in swept.facts:
            due.facts[what] += 1
            due.points[what] += points
    return more
