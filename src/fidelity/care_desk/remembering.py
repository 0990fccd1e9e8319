"""What is remembered of one person under all ids that are known to be theirs, and their books of points."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from attrs import evolve, frozen

from fidelity.care.command import MemberBooks, care_stream
from fidelity.care.people import Other, prospect_standing, together
from fidelity.entries import Entry
from fidelity.entries.care import ProspectCame
from fidelity.journals.port import Stream
from fidelity.ledger import Account
from fidelity.loyalty.asks import Load, Work
from fidelity.loyalty.office import Office
from fidelity.loyalty.reading import Reading, read_books

__all__ = ["Person", "ids_of", "person_at", "stands_for"]


@frozen
class Person:
    """
    What is known of somebody.

    Attributes:
        entries: What is remembered of them, under all their ids.
        books: Of their points, under this id.
        others: Their other ids: of duplicates that were merged into this account, and of the prospects who they were.
    """

    entries: tuple[Entry, ...]
    books: MemberBooks
    others: tuple[str, ...] = ()


def person_at(office: Office, person: str, own: tuple[Entry, ...], at: datetime) -> Work[Person]:
    """What was known at *at* of *person*, of whom their *own* entries are remembered under this id."""
    reading: Reading = yield from read_books(
        office.desks.at(at), office.cache, person, at, exact=True, past=False, whole=False
    )
    books, duplicates = _told_of(reading.account, reading.at), reading.account.circumstances.absorbed
    joined = [(each.prospect, each.now) for each in own if isinstance(each, ProspectCame)]
    others = (*duplicates, *joined)
    if not others:
        return Person(own, books)
    # What was merged or joined takes no more commands, so it is read without a lock.
    loaded: Mapping[str, Stream] = yield Load(tuple(sorted({care_stream(name) for name, _ in others})))
    ids, prospects, remembered = list[str](), [name for name, _ in joined], list[Other]()
    for name, since in others:
        theirs = tuple(each for each in loaded[care_stream(name)].entries if each.now <= at)
        other: Person = yield from person_at(office, name, theirs, at)
        ids += (name, *other.others)
        prospects += other.books.prospects
        remembered.append(Other(since, other.entries))
    books = evolve(books, others=tuple(ids), prospects=tuple(prospects))
    return Person(together(own, remembered), books, tuple(ids))


def ids_of(office: Office, person: str, at: datetime) -> Work[tuple[str, ...]]:
    """All ids that were known at *at* to be those of *person*: this one first."""
    loaded: Mapping[str, Stream] = yield Load((care_stream(person),))
    own = tuple(each for each in loaded[care_stream(person)].entries if each.now <= at)
    found: Person = yield from person_at(office, person, own, at)
    return (person, *found.others)


def stands_for(office: Office, person: str, at: datetime) -> Work[tuple[str, ...]]:
    """
    For whom *person*, who goes on under another id, stands where people are told of one after another.

    For the member who they are, if nothing is remembered under that id, and of theirs this id is the first under which
    something is: otherwise they are told of already.
    """
    heir, others = yield from _heir_of(office, person, at)
    if heir not in others[:1]:
        return ()
    theirs: Mapping[str, Stream] = yield Load(tuple(sorted({care_stream(each) for each in others[1:]})))
    first = min(name for name, stream in theirs.items() if stream.version)
    return (heir,) if first == care_stream(person) else ()


def _heir_of(office: Office, person: str, at: datetime) -> Work[tuple[str, tuple[str, ...]]]:
    """As whom *person* goes on in the end; and all their ids, that one first, if nothing is remembered under it."""
    loaded: Mapping[str, Stream] = yield Load((care_stream(person),))
    own = tuple(each for each in loaded[care_stream(person)].entries if each.now <= at)
    found: Person = yield from person_at(office, person, own, at)
    joined = prospect_standing(own).joined
    if ahead := found.books.merged_into or (joined if joined != person else ""):
        return (yield from _heir_of(office, ahead, at))
    return person, () if loaded[care_stream(person)].version else (person, *found.others)


def _told_of(account: Account, at: datetime) -> MemberBooks:
    circumstances = account.circumstances
    if account.enrolled is None:
        return MemberBooks()
    enrolled, account = account.enrolled, account.advance(at)
    standing = account.standing(at)
    return MemberBooks(
        enrolled=circumstances.closed_at is None,
        since=enrolled.at,
        customer_since=account.customer_since,
        protected=account.protected,
        protections=tuple(name for name, _ in circumstances.protections),
        available={name: each.available for name, each in account.wallets.items()},
        pending={name: each.pending for name, each in account.wallets.items()},
        tier="" if standing is None else standing.tier,
        closed=circumstances.closed_at,
        merged_into=circumstances.merged_into,
    )
