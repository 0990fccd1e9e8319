"""Shared: the streams that all members share, campaigns and stock, while a batch is decided.

They are opened after every account that the batch touches, in one question and in the order of their names: so whoever
waits for one of them waits for nothing that another holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import define, field

from fidelity.entries import Entry
from fidelity.entries.chain import genesis, seal
from fidelity.journals.port import Stream, Write
from fidelity.ledger.campaigns import CampaignState
from fidelity.ledger.invitations import InvitationState
from fidelity.ledger.stock import StockState
from fidelity.loyalty.asks import Load, Work
from fidelity.loyalty.shared_cache import KnownShared, SharedCache, State
from fidelity.loyalty.snapshots import MANY_LINES, resumed

__all__ = ["Shared", "campaign_stream", "opened", "stock_stream"]

_CAMPAIGN, _STOCK, _INVITATION = "campaign/", "stock/", "invitation/"


def campaign_stream(name: str) -> str:
    """The name of the stream of the campaign *name*."""
    return _CAMPAIGN + name


def stock_stream(reward: str) -> str:
    """The name of the stream of the stock of *reward*."""
    return _STOCK + reward


def _empty(stream: str) -> State:
    if stream.startswith(_CAMPAIGN):
        return CampaignState()
    return InvitationState() if stream.startswith(_INVITATION) else StockState()


def opened(
    program: str, cache: SharedCache, names: tuple[str, ...], *, lock: bool
) -> Work[tuple[dict[str, KnownShared], tuple[str, ...]]]:
    """The work of reading the streams *names*: what they come to, and those that are worth a snapshot."""
    known = {name: found for name in names if (found := cache.get(name)) is not None}
    streams: Mapping[str, Stream] = yield from resumed(
        names, {name: each.version for name, each in known.items()}, lock=lock
    )
    made, long = {}, []
    for name in names:
        stream, before = streams[name], known.get(name)
        if stream.snapshot is not None:
            state = type(_empty(name)).from_text(stream.snapshot.body)
            before = None if state is None else KnownShared(state, stream.snapshot.version, stream.snapshot.link)
        unfounded = stream.snapshot is not None if before is None else stream.version < before.version
        if unfounded:
            # A snapshot that nobody believes, or a host took back what was written.
            cache.clear()
            again: Mapping[str, Stream] = yield Load((name,), lock=lock)
            stream, before = again[name], None
        if before is None:
            before = KnownShared(_empty(name), 0, genesis(program, name))
        if stream.lines:
            before = KnownShared(before.state.after(stream.entries), stream.version, stream.link)
        if len(stream.lines) >= MANY_LINES:
            long.append(name)
        made[name] = before
    return made, tuple(long)


@define
class _Book:
    """One shared stream: where it stands in the journal, what it comes to by now, and what is to be added."""

    stream: str
    version: int
    link: str
    state: State
    entries: list[Entry] = field(factory=list)

    def write(self) -> Write:
        """What to append; the book is then as it will be once that is done."""
        write = Write(self.stream, self.version, seal(self.entries, self.link))
        self.version += len(self.entries)
        self.link = write.lines[-1].link
        self.entries = []
        return write


class Shared:
    """
    The shared streams that one batch touches.

    Args:
        program: The name of the program.
        cache: What is known of them already.
        lock: Whether other writers are kept away until the transaction ends.
    """

    def __init__(self, program: str, cache: SharedCache, *, lock: bool) -> None:
        self._program = program
        self._cache = cache
        self._lock = lock
        self._books: dict[str, _Book] = {}
        self._about: dict[str, Mapping[str, Any]] = {}
        #: The streams of which so many lines had to be read that a snapshot is worth it, as they were before.
        self.long: list[tuple[str, KnownShared]] = []

    def open(self, names: Iterable[str], read: Iterable[str] = ()) -> Work[None]:
        """Open the streams *names* to write in them, and those of *read* only to look at them."""
        written = tuple(sorted({each for each in names if each not in self._books}))
        looked_at = tuple(sorted({each for each in read if each not in self._books} - set(written)))
        for some, lock in ((written, self._lock), (looked_at, False)):
            if some:
                found, long = yield from opened(self._program, self._cache, some, lock=lock)
                for name, each in found.items():
                    self._books[name] = _Book(name, each.version, each.link, each.state)
                self.long += [(name, found[name]) for name in long]

    def tells(self, key: str, receipt: Mapping[str, Any]) -> None:
        """Take note of the *receipt* that the command *key* goes back to."""
        self._about[key] = receipt

    def told(self, key: str) -> Mapping[str, Any]:
        """The receipt that the command *key* goes back to; empty if it goes back to none that matters here."""
        return self._about.get(key, {})

    def campaign(self, name: str) -> CampaignState:
        """The campaign *name*; as nobody had touched it, if it was not opened."""
        book = self._books.get(campaign_stream(name))
        return book.state if book is not None and isinstance(book.state, CampaignState) else CampaignState()

    def invitation(self, name: str) -> InvitationState:
        """The invitation *name*; as nobody had made it, if it was not opened."""
        book = self._books.get(name)
        return book.state if book is not None and isinstance(book.state, InvitationState) else InvitationState()

    def stock(self, reward: str) -> StockState | None:
        """The stock of *reward*; None if it was not opened."""
        book = self._books.get(stock_stream(reward))
        return book.state if book is not None and isinstance(book.state, StockState) else None

    def post(self, stream: str, entries: tuple[Entry, ...]) -> None:
        """Add *entries* to *stream*, which must have been opened."""
        book = self._books[stream]
        book.state = book.state.after(entries)
        book.entries += entries

    def writes(self) -> Iterator[Write]:
        """What to append, stream by stream."""
        for book in self._books.values():
            if book.entries:
                yield book.write()

    def known(self) -> tuple[tuple[str, KnownShared], ...]:
        """What the streams come to once everything is appended."""
        if not self._books:
            return ()
        return tuple(
            (name, KnownShared(each.state, each.version, each.link))
            for name, each in self._books.items()
            # There are as many of these as friends, and each is read once or twice.
            if not name.startswith(_INVITATION)
        )
