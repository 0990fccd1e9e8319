"""Batches: several commands decided in order and appended at once, each of them whole or not at all.

The work is a generator of what it asks of the journal; see `fidelity.loyalty.asks`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from attrs import frozen

from fidelity.commands import Enroll, JoinHousehold, LeaveHousehold, Record, Redeem
from fidelity.errors import (
    AlreadyEnrolled,
    BooksError,
    DuplicateKey,
    IdempotencyConflict,
    Refused,
    UnknownHold,
    UnknownOrigin,
    UnknownRedemption,
    ValueRefused,
)
from fidelity.events import Confirmation, Return
from fidelity.journals.port import Applied, Batch, Stream
from fidelity.ledger.receipts import EarnReceipt, Receipt, from_plain, to_plain
from fidelity.loyalty.asks import Append, Find, Load, Work
from fidelity.loyalty.books import Books
from fidelity.loyalty.bringing import brought_by
from fidelity.loyalty.cache import AccountCache, Known
from fidelity.loyalty.clerk import Clerk
from fidelity.loyalty.identity import Asked, alike
from fidelity.loyalty.reach import members_of, needs_past, reach
from fidelity.loyalty.recorder import Done
from fidelity.loyalty.shared_cache import KnownShared
from fidelity.loyalty.sharing import ABOUT_ALL

__all__ = ["Outcome", "Result", "apply"]

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
        long: The accounts of which a snapshot is worth keeping, as they were before.
        shared: What all members share afterwards, for the cache.
        long_shared: Of what they share, what is worth a snapshot, as it was before.
    """

    outcomes: tuple[Outcome, ...]
    known: tuple[tuple[str, Known], ...]
    published: Stream
    long: tuple[tuple[str, Known], ...] = ()
    shared: tuple[tuple[str, KnownShared], ...] = ()
    long_shared: tuple[tuple[str, KnownShared], ...] = ()


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
    refused: list[str] = []
    for item in items:
        if isinstance(item, Asked):
            try:
                outcomes.append(batch.outcome(item))
            except (Refused, ValueRefused) as refusal:
                outcomes.append(_answer(refusal))
                refused.append(item.key)
            except BooksError:
                yield from _look_again([item.key], found)
                raise
        else:
            outcomes.append(item)
        if stop and not isinstance(outcomes[-1], Receipt):
            break
    yield from _look_again(refused, found)
    published = yield from batch.append()
    books, shared = batch.books, batch.books.shared
    return Result(tuple(outcomes), books.known(), published, tuple(books.long), shared.known(), tuple(shared.long))


def _look_again(refused: Iterable[str], found: Mapping[str, Applied]) -> Work[None]:
    """
    Look once more for the keys of what was *refused*: keys are looked up before accounts are locked.

    Raises:
        DuplicateKey: If another writer applied such a command in between, which is why this one cannot be.
    """
    keys = tuple(dict.fromkeys(key for key in refused if key not in found))
    if keys and (late := (yield Find(keys))):
        message = f"{', '.join(late)} was applied by another writer meanwhile; read again and decide again"
        raise DuplicateKey(message, key=next(iter(late)))


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
        if each.order:
            keys[each.order] = None
        if each.origin:
            keys[each.origin] = None
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
        # Whose books each key of this very batch is about: a capture may follow its hold.
        self._owners = {each.key: each.member for each in asked if each.member}
        self._invitations: tuple[str, ...] = ()
        self.books = Books(clerk, cache, lock=True)

    def _owner(self, asked: Asked) -> str:
        """Whose books *asked* is about; empty if nothing tells."""
        if not asked.origin:
            return asked.member
        known = self._found.get(asked.origin)
        owner = asked.member or self._owners.get(asked.origin, "")
        if known is None or known.receipt["member"] == owner:
            return owner
        # A purchase may stand in the books of a duplicate that the member who gives it back has taken over since.
        recorded: str = known.receipt["member"]
        return recorded if not owner or self._leads(recorded, owner) else owner

    def _leads(self, recorded: str, owner: str) -> bool:
        account = self.books.get(recorded)
        while account is not None and account.member != owner:
            account = self.books.get(account.merged_into)
        return account is not None

    def _again_of(self, asked: Asked) -> bool:
        """Whether *asked* was applied before this batch."""
        return asked.key in self._found or (asked.order != "" and asked.order in self._found)

    # Loading

    def load(self) -> Work[None]:
        """Open the accounts that the commands are about, and whatever these lead to."""
        members: dict[str, None] = {}
        past: dict[str, None] = {}
        houses: tuple[str, ...] = ()
        alone = self._clerk.desks.alone
        for each in self._asked:
            again = self._again_of(each)
            owner = self._owner(each)
            if not owner or (again and not isinstance(each.command, Record)):
                continue
            for member in members_of(each, owner, self._found.get(each.origin)):
                members[member] = None
                if again or needs_past(each) or (not alone and self._clerk.desks.looks_back(self._clerk, each)):
                    past[member] = None
        if any(_shared(each) and each.key not in self._found for each in self._asked):
            # Two who spend each other's points would wait for each other, if each locked their own books first.
            ahead = Books(self._clerk, self._cache, lock=False)
            yield from ahead.open(members)
            yield from self._reach(ahead)
            self._cache.keep(ahead.known())
            houses = ahead.houses
            shared = dict.fromkeys(ahead.members)
            members, past = members | shared, past | shared
        if self._clerk.referring.any:
            fresh = [each for each in self._asked if not self._again_of(each)]
            brought = yield from brought_by(self._clerk, self._cache, fresh, members)
            members, self._invitations = members | dict.fromkeys(brought.advocates), brought.invitations
        yield from self.books.open(members, whole=past, houses=houses)
        yield from self._reach(self.books)
        if self._clerk.sharing.any or self._invitations or (not self._clerk.desks.alone and self._clerk.desks.shares):
            yield from self._open_shared()
        versions = self._clerk.versions
        if not all(versions.knows(*pinned) for pinned in self._pinned()):
            # Another host published a version since.
            streams = yield Load((versions.stream,), {versions.stream: versions.version})
            versions.learn(streams[versions.stream])

    def _open_shared(self) -> Work[None]:
        """Open what all members share, after every account: whoever waits for it waits for nobody's books."""
        written, read = dict.fromkeys(self._invitations), dict[str, None]()
        asked = {each.key: each for each in self._asked}
        for each in self._asked:
            if self._again_of(each):
                continue
            origin: Mapping[str, Any] = {}
            sharing = self._clerk.desks.sharing(self._clerk, each.command)
            if sharing.goes_back(each.command):
                here, before = asked.get(each.origin), self._found.get(each.origin)
                origin = before.receipt if before is not None else {} if here is None else here.payload
                self.books.shared.tells(each.key, origin)
            written |= dict.fromkeys(sharing.written(each.command, origin))
            read |= dict.fromkeys(sharing.read(each.command))
        yield from self.books.shared.open(written, read)

    def _reach(self, books: Books) -> Work[None]:
        for each in self._asked:
            owner = self._owner(each)
            if owner in books and not self._again_of(each):
                yield from reach(books, each, owner, self._found.get(each.origin))
                if not self._clerk.desks.alone and self._clerk.desks.looks_back(self._clerk, each):
                    yield from books.open_entries(owner)

    def _pinned(self) -> Iterable[tuple[str, str]]:
        for each in self._asked:
            if self._clerk.goes_back(each) or self._again_of(each):
                account = self.books.get(self._owner(each))
                self._find_meant(each)
                meant = self.books.meant(each.key)
                pinned = None if account is None else self._clerk.versions_of(account, each, meant)
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
        for key in asked.keys:
            receipt = self._applied_before(asked, key)
            if receipt is not None:
                return receipt
        done = self._done(asked)
        for each in done:
            # Where the books themselves tell what was asked, the key need not.
            again = None if isinstance(each.asked.command, Record) else each.asked.payload
            told = partial(_told, each.receipt, again)
            for key in each.asked.keys:
                self._applied[key] = Applied(key, each.asked.digest, told)
                self._receipts[key] = (each.asked, each.receipt)
            for member, account, entries in each.posted:
                self.books.post(member, account, entries)
            for house, entries in each.houses:
                self.books.post_house(house, entries)
            for stream, entries in each.shared:
                self.books.shared.post(stream, entries)
        return next(each.receipt for each in done if each.asked is asked)

    def _done(self, asked: Asked) -> tuple[Done, ...]:
        if isinstance(asked.command, ABOUT_ALL):
            return (self._clerk.decide_for_all(self.books.shared, asked),)
        owner = self._owner(asked)
        if not owner:
            raise _ownerless(asked)
        self._find_meant(asked)
        return self._clerk.decide(self.books, owner, asked)

    def _applied_before(self, asked: Asked, key: str) -> Receipt | None:
        """The receipt that stands under *key* already, in this batch or in the journal; None if none does."""
        earlier = self._receipts.get(key)
        if earlier is not None:
            first, receipt = earlier
            if first.digest == asked.digest or self._of_one_order(asked, first.payload):
                self._also(asked, to_plain(receipt))
                return receipt.told_by(receipt.explain, repeated=True)
            raise self._conflict(asked, first.payload)
        stored = self._found.get(key)
        return None if stored is None else self._again(asked, stored)

    def _again(self, asked: Asked, stored: Applied) -> Receipt:
        account = self.books.get(self._owner(asked))
        plain = dict(stored.receipt)
        first = plain.pop("asked", None)
        if first is None:
            first = self._clerk.recorded(account, asked, plain.get("event", "")) or plain
        if stored.digest == asked.digest or self._of_one_order(asked, first):
            self._also(asked, stored.receipt)
            receipt = from_plain(plain)
            return receipt.told_by(self._clerk.teller(account, receipt), repeated=True)
        raise self._conflict(asked, first)

    def _of_one_order(self, asked: Asked, first: Mapping[str, Any]) -> bool:
        """Whether *asked* is another message about the order that *first* told of."""
        mine, theirs = asked.payload.get("event"), first.get("event")
        if not isinstance(mine, Mapping) or not isinstance(theirs, Mapping) or mine["id"] == theirs.get("id"):
            return False
        return alike(mine, theirs)

    def _also(self, asked: Asked, receipt: Mapping[str, Any]) -> None:
        """Let the message *asked* be known too, when it was another one that was recorded of its order."""
        if asked.order and asked.key not in self._found:
            self._applied.setdefault(asked.key, Applied(asked.key, asked.digest, receipt))

    def _find_meant(self, asked: Asked) -> None:
        """Look up under which event a purchase was recorded that *asked* gives back under the name of its order."""
        if isinstance(asked.command, Record) and isinstance(asked.command.event, Return | Confirmation):
            here, stored = self._receipts.get(asked.origin), self._found.get(asked.origin)
            if here is not None and isinstance(here[1], EarnReceipt):
                self.books.means(asked.key, here[1].event)
            elif stored is not None:
                self.books.means(asked.key, stored.receipt["event"])

    def _conflict(self, asked: Asked, first: Mapping[str, object]) -> Refused:
        if isinstance(asked.command, Enroll):
            message = f"{asked.member} is enrolled already, with other particulars"
            return AlreadyEnrolled(message, member=asked.member, first=first, second=asked.payload)
        key = asked.key.removeprefix("key/").removeprefix("record/")
        message = f"the key {key!r} was used before for something else; a new command needs a new key"
        return IdempotencyConflict(message, key=key, first=first, second=asked.payload)

    # Appending

    def append(self) -> Work[Stream]:
        """Append what was decided; the program's present version goes before its first decision."""
        versions = self._clerk.versions
        if not self._applied:
            return Stream(versions.stream, versions.version)
        writes = list(self.books.writes())
        publication = versions.publication(self._asked[0].now)
        if publication is not None:
            writes.insert(0, publication)
        yield Append(Batch(self._clerk.program.name, tuple(writes), tuple(self._applied.values())))
        if publication is None:
            return Stream(versions.stream, versions.version)
        # Not after the version known by now: another thread may have read on meanwhile.
        lines = publication.lines
        return Stream(versions.stream, publication.expected + len(lines), lines)


def _told(receipt: Receipt, asked: Mapping[str, Any] | None) -> dict[str, Any]:
    """What is kept under the keys of a command: its *receipt*, and what was *asked*."""
    plain = to_plain(receipt)
    if asked is not None:
        plain["asked"] = asked
    return plain


def _shared(asked: Asked) -> bool:
    """Whether *asked* is about a household, of which only the books of its owner tell."""
    command = asked.command
    return isinstance(command, JoinHousehold | LeaveHousehold) or (isinstance(command, Redeem) and command.pooled)


def _ownerless(asked: Asked) -> Refused:
    command = asked.command
    if isinstance(command, Record) and isinstance(command.event, Return | Confirmation):
        does = "gives back" if isinstance(command.event, Return) else "confirms"
        purchase = f"purchase/{command.event.purchase}"
        message = f"{command.key} {does} {purchase}, which is not recorded yet; keep it and retry later"
        return UnknownOrigin(message, origin=purchase, retryable=True)
    if "redemption" in asked.payload:
        redemption = asked.payload["redemption"]
        message = f"there is no redemption {redemption!r}; it is the id in a redemption's receipt"
        return UnknownRedemption(message, redemption=redemption)
    hold = asked.payload["hold"]
    message = f"there is no hold {hold!r}; it is the id in a hold's receipt"
    return UnknownHold(message, hold=hold)
