"""Closing: every account of the journal read anew at the end, added up, and held against what was promised.

Reads the journal alone: nothing that the run kept in memory is believed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from attrs import define, frozen

from fidelity.entries import Entry, PointsEarned, PointsRedeemed
from fidelity.errors import JournalError
from fidelity.journals import Journal
from fidelity.journals.port import Stream
from fidelity.ledger import Totals, fold
from fidelity.loyalty.books import stream_of
from fidelity.loyalty.clerk import Clerk
from fidelity.rules.program import Program

__all__ = ["Closing", "Promised", "close"]

#: How many accounts are read at once.
_MANY = 500


@define
class Promised:
    """What the receipts told the members: the points that their purchases earned, and those that they redeemed."""

    earned: int = 0
    redeemed: int = 0


@frozen
class Closing:
    """
    The books of a whole program on one day.

    Attributes:
        at: When.
        totals: Where all points ever issued are.
        gifts: How many of the points issued came with anniversaries.
        tiers: How many members have each tier, from low to high.
        accounts, lots, entries: How many were read and checked.
        breaches: Where points were lost or made; empty when all is well.
    """

    at: datetime
    totals: Totals
    gifts: int
    tiers: dict[str, int]
    accounts: int
    lots: int
    entries: int
    breaches: tuple[str, ...]

    @property
    def conserved(self) -> bool:
        """Whether every point ever issued is in exactly one place, and every receipt was kept."""
        return not self.breaches

    @property
    def outstanding(self) -> int:
        """The points that members can still use."""
        return self.totals.available + self.totals.pending + self.totals.held


def close(program: Program, journal: Journal, members: Sequence[str], at: datetime, promised: Promised) -> Closing:
    """
    The books of *members* at *at*, folded from *journal* from the first entry to the last.

    Checked lot by lot, wallet by wallet, account by account and over all:
    ``issued = pending + available + held + redeemed + expired + reversed + settled``;
    and what the entries, the books and the receipts say is the same.
    """
    count = _Count(Clerk(program), journal, at)
    for start in range(0, len(members), _MANY):
        count.accounts_of(members[start : start + _MANY])
    return count.closing(promised)


class _Count:
    """What is added up while accounts go by."""

    def __init__(self, clerk: Clerk, journal: Journal, at: datetime) -> None:
        self._clerk = clerk
        self._journal = journal
        self._at = at
        self._program = clerk.program.name
        # The program's own stream stands in the journal too.
        self._entries = self._load([clerk.versions.stream])[clerk.versions.stream].version
        self._accounts = self._lots = 0
        self._totals = Totals()
        self._tiers: Counter[str] = Counter()
        self._written: Counter[str] = Counter()
        self._breaches: list[str] = []

    def _load(self, streams: list[str]) -> Mapping[str, Stream]:
        return self._journal.load(self._program, streams)

    def accounts_of(self, members: Sequence[str]) -> None:
        """Read and check the accounts of *members*."""
        try:
            streams = self._load([stream_of(member) for member in members])
        except JournalError as error:
            self._breaches.append(str(error))
            return
        for member in members:
            stream = streams[stream_of(member)]
            self._entries += stream.version
            try:
                self._account(member, [*stream.entries])
            except JournalError as error:
                self._breaches.append(f"{member}: {error}")

    def _account(self, member: str, entries: list[Entry]) -> None:
        """Fold the *entries*, derive the anniversaries since, and check what came of it."""
        account = fold(self._clerk.books, member, entries)
        for done in self._clerk.due(account, self._at):
            account = done.account
            entries += done.entries
        account = account.advance(self._at)
        account.check()
        self._accounts += 1
        self._totals += account.totals()
        self._tiers[account.facts(self._at).tier] += 1
        for entry in entries:
            self._write_down(entry)

    def _write_down(self, entry: Entry) -> None:
        """Count an entry as it says itself, whatever the books make of it."""
        if isinstance(entry, PointsEarned):
            self._lots += 1
            self._written[entry.origin.partition("/")[0]] += entry.points
        elif isinstance(entry, PointsRedeemed):
            self._written["redeemed"] += entry.points

    def closing(self, promised: Promised) -> Closing:
        """What it all came to."""
        self._breaches += self._disagreements(promised)
        tiers = self._clerk.program.tiers
        return Closing(
            at=self._at, totals=self._totals, gifts=self._written["anniversary"],
            tiers={name: self._tiers[name] for name in (() if tiers is None else tiers.names)},
            accounts=self._accounts, lots=self._lots, entries=self._entries, breaches=tuple(self._breaches),
        )  # fmt: skip

    def _disagreements(self, promised: Promised) -> Iterator[str]:
        totals, redeemed = self._totals, self._written["redeemed"]
        earned, gifts = self._written["purchase"], self._written["anniversary"]
        said = (
            ("issued by the entries", earned + gifts, "by the books", totals.issued),
            ("redeemed by the entries", redeemed, "by the books", totals.redeemed),
            ("earned with purchases", earned, "on the receipts", promised.earned),
            ("redeemed", redeemed, "on the receipts", promised.redeemed),
        )
        for what, one, where, other in said:
            if one != other:
                yield f"{one:,} points were {what}, {other:,} {where}"
        try:
            totals.check("all accounts")
            # Entries are numbered without gaps: what lies beyond those counted was not in any account.
            if self._journal.read(self._program, after=self._entries, limit=1):
                yield "the journal has entries that belong to no account"
        except JournalError as error:
            yield str(error)
