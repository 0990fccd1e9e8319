"""Batches: several commands decided in order and appended at once, each of them whole or not at all.

The work is a generator of what it asks of the journal; see `fidelity.loyalty.asks`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from attrs import define, field, frozen

from fidelity.commands import Enroll, Record
from fidelity.entries import Entry
from fidelity.errors import (
    AlreadyEnrolled,
    IdempotencyConflict,
    Refused,
    UnknownHold,
    UnknownOrigin,
    ValueRefused,
)
from fidelity.events import Return
from fidelity.journals.port import Applied, Batch, Stream, Write
from fidelity.ledger import Account
from fidelity.ledger.receipts import Receipt, from_plain, to_plain
from fidelity.loyalty.asks import Append, Find, Load, Work
from fidelity.loyalty.cache import AccountCache, Known
from fidelity.loyalty.clerk import Clerk
from fidelity.loyalty.identity import Asked, origin_of

__all__ = ["Outcome", "Result", "apply", "folded", "stream_of"]

#: What comes of one command.
Outcome = Receipt | Refused | ValueRefused


@frozen
class Result:
    """
    What a batch comes to, once the journal has it.

    Attributes:
        outcomes: For each command its receipt or what refused it, in order; shorter if it stopped at a refusal.
        known: The accounts afterwards, for the cache.
        published: What was appended to the program's own stream.
    """

    outcomes: tuple[Outcome, ...]
    known: tuple[tuple[str, Known], ...]
    published: Stream


@define
class _Open:
    """One member's books while a batch is decided."""

    account: Account
    version: int
    entries: list[Entry] = field(factory=list)


def stream_of(member: str) -> str:
    """The name of a member's points stream."""
    return f"points/{member}"


def folded(clerk: Clerk, member: str, stream: Stream, known: Known | None) -> Known:
    """The books of *member* after what was loaded; *known* is what the loading was based on."""
    account = Account.open(clerk.books, member) if known is None else known.account
    if stream.entries:
        account = account.post(*(line.entry for line in stream.entries))
    elif known is not None:
        return known
    return Known(account, stream.version)


def apply(
    clerk: Clerk, cache: AccountCache, items: Sequence[Asked | Refused | ValueRefused], *, stop: bool
) -> Work[Result]:
    """
    The work of deciding *items* in order and appending what they come to.

    Args:
        clerk: Who decides.
        cache: The accounts known already.
        items: The commands; what could not even be asked stands there as its error.
        stop: Whether the first refusal ends it; what went before is appended.
    """
    asked = [each for each in items if isinstance(each, Asked)]
    found = (yield Find(tuple(_keys(asked)))) if asked else {}
    batch = _Batch(clerk, cache, asked, found)
    yield from batch.load()
    outcomes: list[Outcome] = []
    for item in items:
        try:
            outcomes.append(batch.outcome(item) if isinstance(item, Asked) else item)
        except (Refused, ValueRefused) as refusal:
            outcomes.append(_answer(refusal))
        if stop and not isinstance(outcomes[-1], Receipt):
            break
    published = yield from batch.append()
    return Result(tuple(outcomes), batch.known(), published)


def _answer(refusal: Refused | ValueRefused) -> Refused | ValueRefused:
    """The refusal as a value: a traceback would keep the whole batch in memory for as long as the answer is kept."""
    each: BaseException | None = refusal
    while each is not None:
        each.__traceback__ = None
        each = each.__context__
    return refusal


def _keys(asked: Iterable[Asked]) -> dict[str, None]:
    keys: dict[str, None] = {}
    for each in asked:
        keys[each.key] = None
        origin = origin_of(each)
        if origin:
            keys[origin] = None
    return keys


class _Batch:
    """The books and keys that one batch touches."""

    def __init__(self, clerk: Clerk, cache: AccountCache, asked: Sequence[Asked], found: Mapping[str, Applied]) -> None:
        self._clerk = clerk
        self._cache = cache
        self._asked = asked
        self._found = found
        self._applied: dict[str, Applied] = {}
        self._receipts: dict[str, tuple[Asked, Receipt]] = {}
        self._open: dict[str, _Open] = {}
        # Whose books each key of this very batch is about: a capture may follow its hold.
        self._owners = {each.key: each.member for each in asked if each.member}

    def _owner(self, asked: Asked) -> str:
        """Whose books *asked* is about; empty if nothing tells."""
        if asked.member:
            return asked.member
        origin = origin_of(asked)
        known = self._found.get(origin)
        owner: str = self._owners.get(origin, "") if known is None else known.receipt["member"]
        return owner

    # Loading

    def load(self) -> Work[None]:
        """Load the accounts that are needed, and the program's own stream when it was not read yet."""
        versions = self._clerk.versions
        members = {
            owner: None
            for each in self._asked
            if (each.key not in self._found or isinstance(each.command, Record)) and (owner := self._owner(each))
        }
        known = {stream: self._cache.get(stream) for stream in map(stream_of, members)}
        names = list(known)
        after = {stream: each.version for stream, each in known.items() if each is not None}
        if not versions.read:
            names.append(versions.stream)
            after[versions.stream] = versions.version
        if not names:
            return
        streams: Mapping[str, Stream] = yield Load(tuple(names), after, lock=True)
        if not versions.read:
            versions.learn(streams[versions.stream])
        versions.check()
        for member in members:
            name = stream_of(member)
            each = folded(self._clerk, member, streams[name], known[name])
            self._open[member] = _Open(each.account, each.version)
        if not all(versions.knows(*pinned) for pinned in self._pinned()):
            # Another host published a version since.
            program = versions.stream
            streams = yield Load((program,), {program: versions.version})
            versions.learn(streams[program])

    def _pinned(self) -> Iterable[tuple[str, str]]:
        for each in self._asked:
            if isinstance(each.command, Record) and (isinstance(each.command.event, Return) or each.key in self._found):
                books = self._open.get(self._owner(each))
                pinned = None if books is None else self._clerk.versions_of(books.account, each)
                if pinned is not None:
                    yield pinned

    # Deciding

    def outcome(self, asked: Asked) -> Receipt:
        """
        The receipt of *asked*.

        Raises:
            Refused: If the books refuse it.
            ValueRefused: If it is not what it claims to be.
        """
        earlier = self._receipts.get(asked.key)
        if earlier is not None:
            first, receipt = earlier
            if first.digest == asked.digest:
                return receipt.told_by(receipt.explain, repeated=True)
            raise self._conflict(asked, first.payload)
        stored = self._found.get(asked.key)
        if stored is not None:
            return self._again(asked, stored)
        owner = self._owner(asked)
        if not owner:
            raise _ownerless(asked)
        books = self._open[owner]
        done = self._clerk.decide(books.account, asked)
        for each in done:
            plain = to_plain(each.receipt)
            if not isinstance(each.asked.command, Record):
                plain["asked"] = each.asked.payload
            self._applied[each.asked.key] = Applied(each.asked.key, each.asked.digest, plain)
            self._receipts[each.asked.key] = (each.asked, each.receipt)
            books.entries += each.entries
        books.account = done[-1].account
        return done[-1].receipt

    def _again(self, asked: Asked, stored: Applied) -> Receipt:
        books = self._open.get(self._owner(asked))
        account = None if books is None else books.account
        plain = dict(stored.receipt)
        first = plain.pop("asked", None)
        if stored.digest == asked.digest:
            receipt = from_plain(plain)
            return receipt.told_by(self._clerk.teller(account, receipt), repeated=True)
        if first is None:
            first = self._clerk.recorded(account, asked) or plain
        raise self._conflict(asked, first)

    def _conflict(self, asked: Asked, first: Mapping[str, object]) -> Refused:
        if isinstance(asked.command, Enroll):
            message = f"{asked.member} is enrolled already, with other particulars"
            return AlreadyEnrolled(message, member=asked.member, first=first, second=asked.payload)
        message = f"the key {asked.key!r} was used before for something else; a new command needs a new key"
        return IdempotencyConflict(message, key=asked.key, first=first, second=asked.payload)

    # Appending

    def append(self) -> Work[Stream]:
        """Append what was decided; the program's present version goes before its first decision."""
        versions = self._clerk.versions
        if not self._applied:
            return Stream(versions.stream, versions.version)
        writes = [
            Write(stream_of(member), books.version, tuple(books.entries))
            for member, books in self._open.items()
            if books.entries
        ]
        publication = versions.publication(self._asked[0].now)
        if publication is not None:
            writes.insert(0, publication)
        recorded = yield Append(Batch(self._clerk.program.name, tuple(writes), tuple(self._applied.values())))
        lines = tuple(line for line in recorded[:1] if publication is not None)
        return Stream(versions.stream, versions.version + len(lines), lines)

    def known(self) -> tuple[tuple[str, Known], ...]:
        """The accounts as the journal has them now."""
        return tuple(
            (stream_of(member), Known(books.account, books.version + len(books.entries)))
            for member, books in self._open.items()
            if books.account.enrolled is not None
        )


def _ownerless(asked: Asked) -> Refused:
    command = asked.command
    if isinstance(command, Record) and isinstance(command.event, Return):
        purchase = f"purchase/{command.event.purchase}"
        message = f"{command.key} gives back {purchase}, which is not recorded yet; keep it and retry later"
        return UnknownOrigin(message, origin=purchase, retryable=True)
    hold = asked.payload["hold"]
    message = f"there is no hold {hold!r}; it is the id in a hold's receipt"
    return UnknownHold(message, hold=hold)
