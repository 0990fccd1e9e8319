"""Books: the accounts and other streams that one batch of commands touches, from opening to appending.

Opening is work that asks the journal; see `fidelity.loyalty.asks`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from attrs import define, evolve, field

from fidelity.entries import Entry
from fidelity.entries.chain import genesis, seal
from fidelity.journals.port import Stream, Write
from fidelity.ledger import Account
from fidelity.ledger.snapshots import looks_back
from fidelity.loyalty.asks import Load, Work
from fidelity.loyalty.cache import AccountCache, Known
from fidelity.loyalty.clerk import Clerk
from fidelity.loyalty.households import Household, household_of, household_stream
from fidelity.loyalty.shared import Shared
from fidelity.loyalty.snapshots import MANY_LINES, from_snapshot, resumed
from fidelity.loyalty.versions import Versions

__all__ = ["Book", "Books", "caught_up", "folded", "member_of", "read_versions", "stream_of"]

_POINTS = "points/"
#: For how few members at once snapshots are looked up.
_FEW = 4


def stream_of(member: str) -> str:
    """The name of a member's points stream."""
    return _POINTS + member


def member_of(stream: str) -> str:
    """Whose points stream *stream* is."""
    return stream.removeprefix(_POINTS)


def folded(clerk: Clerk, member: str, stream: Stream, known: Known | None) -> Known:
    """The books of *member* after what was loaded; *known* is what the loading was based on."""
    if known is None:
        account = Account.open(clerk.books, member)
        known = Known(account, 0, genesis(clerk.program.name, stream.name))
    elif known.account.rulebook is not clerk.books:
        known = evolve(known, account=known.account.under(clerk.books))
    if not stream.lines:
        return known
    account = known.account.following(stream.one_by_one())
    return Known(account, stream.version, stream.link, known.whole)


def read_versions(versions: Versions) -> Work[None]:
    """Read what was published since."""
    found: Mapping[str, Stream] = yield Load((versions.stream,), {versions.stream: versions.version})
    versions.learn(found[versions.stream])


def caught_up(
    clerk: Clerk, member: str, stream: Stream, known: Known | None, *, lock: bool
) -> Work[tuple[Known, Stream]]:
    """
    The books of *member* after what was loaded, and what that was in the end.

    The whole stream, if what it was to go on from is not believed, or if the journal knows less than that: a host took
    back what was written. Also, if a line looks back: what comes from a snapshot knows nothing of what is over.
    """
    if stream.snapshot is not None:
        known = from_snapshot(clerk.books, member, stream.snapshot)
    unfounded = stream.snapshot is not None if known is None else stream.version < known.version
    if known is not None and known.account.rulebook is not clerk.books:
        # Tiers of other versions come to another standing: what was counted is counted anew.
        before = known.account.rulebook
        unfounded = unfounded or (before.tiers, before.counters) != (clerk.books.tiers, clerk.books.counters)
    if unfounded or (known and not known.whole and any(looks_back(line.entry) for line in stream.lines)):
        found: Mapping[str, Stream] = yield Load((stream.name,), lock=lock)
        stream, known = found[stream.name], None
    return folded(clerk, member, stream, known), stream


@define
class Book:
    """One stream while a batch is decided: where it stands, and what is to be added."""

    stream: str
    version: int
    link: str
    entries: list[Entry] = field(factory=list)

    def write(self) -> Write:
        """What to append; the book is then as it will be once that is done."""
        write = Write(self.stream, self.version, seal(self.entries, self.link))
        self.version += len(self.entries)
        self.link = write.lines[-1].link
        self.entries = []
        return write


@define
class _Account(Book):
    account: Account = field(kw_only=True)
    whole: bool = field(kw_only=True, default=True)


@define
class _House(Book):
    household: Household = field(kw_only=True)


class Books:
    """
    The streams that one batch touches.

    Args:
        clerk: Whose program and rulebook it is.
        cache: The accounts known already.
        lock: Whether other writers are kept away until the transaction ends.
    """

    def __init__(self, clerk: Clerk, cache: AccountCache, *, lock: bool) -> None:
        self._clerk = clerk
        self._cache = cache
        self._lock = lock
        self._accounts: dict[str, _Account] = {}
        self._houses: dict[str, _House] = {}
        self._entries: dict[str, tuple[Entry, ...]] = {}
        self._gave: dict[str, tuple[str, ...]] = {}
        self._meant: dict[str, str] = {}
        #: What all members share, as far as the batch touches it.
        self.shared = Shared(clerk.program.name, cache.shared, lock=lock)
        #: The accounts for which so many lines had to be folded that a snapshot is worth it.
        self.long: list[tuple[str, Known]] = []

    # Opening

    def open(self, members: Iterable[str], *, whole: Iterable[str] = (), houses: Iterable[str] = ()) -> Work[None]:
        """
        Open the accounts of *members*, and the program's own stream when it was not read yet: all of them at once.

        Args:
            members: Whose accounts; those open already stay as they are.
            whole: Those whose account must know its whole past.
            houses: Households whose streams are opened with them.
        """
        versions, past = self._clerk.versions, set(whole)
        wanted = [each for each in dict.fromkeys(members) if each not in self._accounts]
        wanted += [each for each in past if each in self._accounts and not self._accounts[each].whole]
        known: dict[str, Known | None] = {}
        for member in wanted:
            name = stream_of(member)
            found = self._cache.get(name)
            known[name] = None if found is not None and member in past and not found.whole else found
        shared = {household_stream(each): each for each in houses if each not in self._houses}
        names = [*known, *shared]
        unknown = {stream_of(each) for each in wanted if each not in past} if len(wanted) <= _FEW else set()
        after = {name: each.version for name, each in known.items() if each is not None}
        after |= {name: 0 for name in names if name not in after and name not in unknown}
        # Looked at once: another thread may want it read again meanwhile.
        unread = self._clerk.unread
        if unread:
            # Not locked: or whoever keeps a transaction open would keep everybody waiting.
            yield from read_versions(versions)
        versions.check()
        if names:
            streams = yield from resumed(tuple(names), after, lock=self._lock)
            for name, house in shared.items():
                self._open_house(house, streams[name])
            for member in wanted:
                name = stream_of(member)
                before = known[name]
                each, stream = yield from caught_up(self._clerk, member, streams[name], before, lock=self._lock)
                if before is not None and each.version < before.version:
                    self._cache.forget((name,))
                if len(stream.lines) >= MANY_LINES:
                    self.long.append((name, each))
                self._accounts[member] = _Account(name, each.version, each.link, account=each.account, whole=each.whole)

    def open_house(self, name: str) -> Work[Household]:
        """Open the stream of the household *name*, and the accounts of its members."""
        if name not in self._houses:
            stream = household_stream(name)
            self._open_house(name, (yield Load((stream,), lock=self._lock))[stream])
        household = self._houses[name].household
        yield from self.open(household.members, whole=household.members)
        return household

    def _open_house(self, name: str, found: Stream) -> None:
        link = found.link or genesis(self._clerk.program.name, found.name)
        self._houses[name] = _House(found.name, found.version, link, household=household_of(name, found.entries))

    def open_entries(self, member: str) -> Work[None]:
        """Read all entries of *member*."""
        name = stream_of(member)
        found: Mapping[str, Stream] = yield Load((name,), lock=self._lock)
        self._entries[member] = found[name].entries

    def together(self, key: str, members: Iterable[str]) -> None:
        """Take note of who had given together what the command *key* is to undo."""
        self._gave[key] = tuple(members)

    def means(self, key: str, event: str) -> None:
        """Take note that the command *key* gives back what was recorded as *event*."""
        self._meant[key] = event

    # Looking

    @property
    def members(self) -> tuple[str, ...]:
        """Whose accounts are open."""
        return tuple(self._accounts)

    @property
    def houses(self) -> tuple[str, ...]:
        """The households whose streams are open."""
        return tuple(self._houses)

    def __contains__(self, member: str) -> bool:
        return member in self._accounts

    def account(self, member: str) -> Account:
        """The account of *member*, who must have been opened."""
        return self._accounts[member].account

    def household(self, name: str) -> Household:
        """The household *name*, which must have been opened."""
        return self._houses[name].household

    def entries(self, member: str) -> tuple[Entry, ...]:
        """All entries of *member*, which must have been read, and those that are to be added."""
        book = self._accounts.get(member)
        return (*self._entries[member], *(() if book is None else book.entries))

    def meant(self, key: str) -> str:
        """Which event the command *key* gives back; empty if it is the one that it names."""
        return self._meant.get(key, "")

    def gave(self, key: str) -> tuple[str, ...]:
        """Who had given together what the command *key* is to undo."""
        return self._gave.get(key, ())

    def get(self, member: str) -> Account | None:
        """The account of *member*, if it was opened."""
        found = self._accounts.get(member)
        return None if found is None else found.account

    # Writing

    def post(self, member: str, account: Account, entries: Iterable[Entry]) -> None:
        """Take *account* for the books of *member* after *entries*."""
        book = self._accounts[member]
        book.account = account
        book.entries += entries

    def post_house(self, name: str, entries: Iterable[Entry]) -> None:
        """Add *entries* to the stream of the household *name*."""
        self._houses[name].entries += entries

    def writes(self) -> Iterator[Write]:
        """What to append, stream by stream."""
        for book in chain[Book](self._accounts.values(), self._houses.values()):
            if book.entries:
                yield book.write()
        yield from self.shared.writes()

    def known(self) -> tuple[tuple[str, Known], ...]:
        """The accounts as the journal has them once everything is appended."""
        return tuple(
            (book.stream, Known(book.account, book.version, book.link, book.whole))
            for book in self._accounts.values()
            if book.account.enrolled is not None
        )
