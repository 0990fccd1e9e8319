"""The office of care: every command and reading as a piece of work, to be carried out on a journal or awaited.

A command of care and what it does with points are one transaction: both are written, or neither.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from hashlib import sha256
from heapq import merge
from operator import attrgetter
from typing import Any, TypeVar

from attrs import evolve, frozen

from fidelity.care.command import (
    ORGANIZATION,
    CareCommand,
    Decision,
    Known,
    care_stream,
    staff_stream,
)
from fidelity.care.people import admit, goes_on_as
from fidelity.care.policy import CarePolicy
from fidelity.care.promises import Promise, stock_promises
from fidelity.care.receipt import CareReceipt, receipt_from_plain, receipt_to_plain
from fidelity.care.worth import Exchange, Exchanging
from fidelity.care_desk.asked import asked_by
from fidelity.care_desk.followed import Followed
from fidelity.care_desk.recalled import Recalled
from fidelity.care_desk.remembering import Person, ids_of, person_at, stands_for
from fidelity.entries import Entry
from fidelity.entries.chain import genesis, seal
from fidelity.entries.codec import canonical
from fidelity.errors import DuplicateKey, IdempotencyConflict, OutOfTime, StaleStream, ValueRefused
from fidelity.journals.port import Applied, Batch, Stream, Write
from fidelity.ledger import CLOCK_TOLERANCE
from fidelity.loyalty.asks import Append, Find, Load, Names, Within, Work
from fidelity.loyalty.batches import apply
from fidelity.loyalty.books import stream_of
from fidelity.loyalty.office import TRIES, Office
from fidelity.values.zones import utc

__all__ = ["CareOffice"]

T = TypeVar("T")

#: How many streams are read at once.
_PAGE = 100
_CARE, _STAFF, _STOCK = "care/", "staff/", "stock/"
#: A version that no stream reaches: its lines are not read, only locked.
_ALL = 1 << 62


@frozen
class CareOffice:
    """
    The work on what the human side remembers.

    Args:
        office: The work on the books of points of the same program.
        policy: What the organization does for people, and what it never does.
        recalled: What is remembered of streams that were read before.
    """

    office: Office
    policy: CarePolicy
    recalled: Recalled

    # Commands

    def one(self, command: CareCommand, digest: str = "") -> Work[tuple[CareReceipt, str]]:
        """
        The receipt of *command*, whose words have the salted *digest*; and that under which the journal knows its key.

        Raises:
            Refused: If it may not be; then nothing was written.
        """
        now = self.office.learned(command.now)
        begin = partial(self._once, command, now, digest)
        for _ in range(TRIES - 1):
            try:
                done: tuple[CareReceipt, str] = yield Within(begin)
                break
            except (StaleStream, DuplicateKey):
                # Another writer was first: read what it wrote and decide again.
                self.office.read_again()
        else:
            done = yield Within(begin)
        # What is known of the books here is read on from where it was.
        self.office.read_again()
        return done

    def _once(self, command: CareCommand, now: datetime, digest: str) -> Work[tuple[CareReceipt, str]]:
        """What *command* comes to, in one transaction."""
        asked = asked_by(command)
        key, hashed = f"key/{command.key}", sha256(canonical(asked)).hexdigest()
        people, streams = command.people, _streams(command)
        for each in people:
            _refuse_reserved(each)
        books = {stream_of(each): _ALL for each in people}
        # Locked in sorted order, those of points with them: no two commands wait for each other.
        loaded = yield from self.recalled.load(streams, books, lock=True)
        found: Mapping[str, Applied] = yield Find((key,))
        if key in found:
            return self._again(command, found[key], asked, hashed)
        # Another office, which learns nothing into this one: what is taken back has never happened.
        inner = self.office.joined()
        inner.begin()
        entries = {name: loaded[name].entries for name in streams}
        now = _learned(entries, now)
        persons: dict[str, Person] = {}
        for each in people:
            persons[each] = yield from person_at(inner, each, entries[care_stream(each)], now)
        entries |= {care_stream(name): each.entries for name, each in persons.items()}
        now = _learned(entries, now)
        known = Known(
            policy=self.policy, program=inner.name, now=now, zone=inner.program.zone, digest=digest, streams=entries,
            books={name: each.books for name, each in persons.items()},
        )  # fmt: skip
        admit(known, command)
        decision = command.decide(known)
        if decision.points:
            yield from _in_points(inner, decision)
        told = receipt_to_plain(decision.receipt) | {"asked": asked} | ({"words": digest} if digest else {})
        writes = tuple(_write(inner.name, loaded[name].stream, each) for name, each in decision.entries.items() if each)
        yield Append(Batch(inner.name, writes, (Applied(key, hashed, told),)))
        return decision.receipt.handed(self.office.program.tongue), digest

    def _again(
        self, command: CareCommand, stored: Applied, asked: Mapping[str, Any], hashed: str
    ) -> tuple[CareReceipt, str]:
        """What the key of *command* had come to."""
        if stored.digest == hashed:
            receipt = receipt_from_plain(stored.receipt).handed(self.office.program.tongue, repeated=True)
            return receipt, stored.receipt.get("words", "")
        message = f"the key {command.key!r} was used before for something else; a new command needs a new key"
        raise IdempotencyConflict(message, key=command.key, first=stored.receipt.get("asked"), second=asked)

    def applied(self, command: CareCommand) -> Work[bool]:
        """Whether the key of *command* was used before."""
        key = f"key/{command.key}"
        found: Mapping[str, Applied] = yield Find((key,))
        return key in found

    # Readings

    def known(
        self, at: datetime | None, people: Iterable[str] = (), employees: Iterable[str] = (), *, published: bool = False
    ) -> Work[Known]:
        """What was known at *at*, now unless told, of *people* and *employees*, and of what was published."""
        when, people = self.office.now(at), tuple(dict.fromkeys(people))
        names = [*map(care_stream, people), *map(staff_stream, employees), *([ORGANIZATION] if published else [])]
        loaded = yield from self.recalled.load(names)
        entries = {name: _until(each.entries, when) for name, each in loaded.items()}
        books = {}
        for each in people:
            person = yield from person_at(self.office, each, entries[care_stream(each)], when)
            entries[care_stream(each)], books[each] = person.entries, person.books
        program = self.office.program
        return Known(self.policy, program.name, when, program.zone, streams=entries, books=books)

    def learning(self, now: datetime | None, person: str, *last: datetime) -> Work[Known]:
        """
        What is known of *person* when something about them is learned at *now*, as a command would learn it.

        Raises:
            OutOfTime: If more was learned later: of what is remembered, or at the *last* instants.
        """
        at, name = self.office.learned(now), care_stream(person)
        loaded: Mapping[str, Stream] = yield Load((name,))
        return (
            yield from self.known(
                _not_before(at, (*last, *(each.now for each in loaded[name].entries[-1:]))), (person,)
            )
        )

    def ids(self, person: str, at: datetime | None = None) -> Work[tuple[str, ...]]:
        """All ids that were known to be those of *person* at *at*, now unless told: this one first."""
        return ids_of(self.office, person, self.office.now(at))

    def page(self, at: datetime, after: str) -> Work[tuple[tuple[str, ...], Known]]:
        """
        Some people past *after* of whom something is remembered, and what was known of them at *at*.

        Whoever goes on under another id is told of under that one alone: the names are those of all streams.
        """
        names: tuple[str, ...] = yield from self.names(_CARE, after)
        known = yield from self.known(at, names)
        moved, heirs = [each for each in names if goes_on_as(known, each)], list[str]()
        for each in moved:
            heirs += yield from stands_for(self.office, each, at)
        if heirs:
            known = yield from self.known(at, (*names, *heirs))
        return names, evolve(known, books={who: each for who, each in known.books.items() if who not in moved})

    def exchange(
        self, member: str, since: datetime | None, until: datetime | None, followed: Followed
    ) -> Work[Exchange]:
        """What the lines of *member*, under all their ids, or of everybody, tell that both sides gave."""
        span = tuple(None if each is None else utc(each, what="a period") for each in (since, until))
        if not member:
            return (yield from followed.everybody(span[0], span[1]))
        reader = Exchanging(span[0], span[1])
        ids = yield from self.ids(member)
        streams = [stream for each in ids for stream in (care_stream(each), stream_of(each))]
        loaded: Mapping[str, Stream] = yield Load(tuple(streams))
        # What one account had and another undid is followed in the order in which it was learned.
        for each in merge(*(loaded[name].one_by_one() for name in streams), key=attrgetter("now")):
            reader.follow(each)
        return reader.told()

    def own_promises(self, at: datetime | None) -> Work[tuple[Promise, ...]]:
        """What the program promised by itself and did not keep, as known at *at*, now unless told."""
        when, last, found = self.office.now(at), "", list[Promise]()
        while names := (yield Names(_STOCK, last, _PAGE)):
            loaded: Mapping[str, Stream] = yield Load(tuple(names))
            for name in names:
                known = (each for each in loaded[name].entries if each.now <= when)
                found += stock_promises(name.removeprefix(_STOCK), known)
            last = names[-1]
        return tuple(found)

    def crew(self, at: datetime, after: str, *, published: bool) -> Work[tuple[tuple[str, ...], Known]]:
        """Some employees past *after* of whom something is remembered, and what was known of them at *at*."""
        names: tuple[str, ...] = yield from self.names(_STAFF, after)
        return names, (yield from self.known(at, employees=names, published=published))

    def names(self, prefix: str, after: str) -> Work[tuple[str, ...]]:
        """Some names of people or employees whose streams begin with *prefix*, past *after*."""
        found = yield Names(prefix, f"{prefix}{after}", _PAGE)
        return tuple(each.removeprefix(prefix) for each in found)


def _refuse_reserved(person: str) -> None:
    """
    Make sure that *person* is no name under which words of employees or of the organization are kept.

    Raises:
        ValueRefused: If it is.
    """
    if person == "organization" or person.startswith("staff/"):
        message = f"{person!r} is where words of the organization or of employees are kept; no person has this id"
        raise ValueRefused(message, field="member", value=person)


def _streams(command: CareCommand) -> tuple[str, ...]:
    """The streams that *command* reads and writes."""
    people, employees = map(care_stream, command.people), map(staff_stream, command.employees)
    return tuple(dict.fromkeys((*people, *employees, *([ORGANIZATION] if command.publishes else []))))


def _in_points(office: Office, decision: Decision) -> Work[None]:
    """Do with points what *decision* asks for."""
    items = [office.asked(each) for each in decision.points]
    for clerk, run in office.desks.runs(items):
        office.begin()
        result = yield from apply(clerk, office.cache, run, stop=True)
        last = result.outcomes[-1]
        if isinstance(last, Exception):
            raise last


def _learned(entries: Mapping[str, tuple[Entry, ...]], now: datetime) -> datetime:
    """
    *now*, or the last instant in these streams for a clock that runs a little behind (SEMANTICS D14).

    Raises:
        OutOfTime: If the clock went back further than that.
    """
    return _not_before(now, [each[-1].now for each in entries.values() if each])


def _until(entries: tuple[Entry, ...], at: datetime) -> tuple[Entry, ...]:
    """Those of *entries*, which stand in the order in which they were learned, that were learned by *at*."""
    if not entries or entries[-1].now <= at:
        return entries
    return entries[: bisect_right(entries, at, key=attrgetter("now"))]


def _not_before(now: datetime, known: Iterable[datetime]) -> datetime:
    """
    *now*, or the last of the instants that are *known*, for a clock that runs a little behind.

    Raises:
        OutOfTime: If it is further behind.
    """
    last = max(known, default=now)
    if now >= last:
        return now
    if last - now <= CLOCK_TOLERANCE:
        return last
    message = f"now is {now.isoformat()}, but something was taken note of at {last.isoformat()}"
    raise OutOfTime(f"{message}; set the clock right, or tell what happened in order", now=now, last=last)


def _write(program: str, stream: Stream, entries: tuple[Entry, ...]) -> Write:
    link = stream.link or genesis(program, stream.name)
    return Write(stream.name, stream.version, seal(entries, link))
