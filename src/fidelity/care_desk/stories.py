"""What the books say of one member, entry by entry, for readings of the human side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from fidelity.care.command import care_stream
from fidelity.care.people import prospect_standing
from fidelity.care_desk.remembering import Person, person_at
from fidelity.entries import Entry, EventRecorded
from fidelity.journals.port import Stream
from fidelity.loyalty.asks import Load, Work
from fidelity.loyalty.office import Office
from fidelity.loyalty.reading import read_books

__all__ = ["bought_since", "own_story", "story"]


def own_story(office: Office, member: str, at: datetime | None) -> Work[tuple[Entry, ...]]:
    """The entries of *member* in the books, as known at *at*, now unless told, with what was due by then."""
    when = office.now(at)
    reading = yield from read_books(
        office.desks.at(when), office.cache, member, when, exact=at is not None, past=True, whole=True
    )
    return reading.entries


def story(office: Office, person: str, at: datetime | None) -> Work[tuple[Entry, ...]]:
    """The same under all ids of *person*: that under which they go on since, and those that became it."""
    when, found = office.now(at), list[Entry]()
    for each in (yield from _all_ids(office, person, when)):
        found += yield from own_story(office, each, when)
    return tuple(found)


def _all_ids(office: Office, person: str, at: datetime) -> Work[tuple[str, ...]]:
    name = care_stream(person)
    loaded: Mapping[str, Stream] = yield Load((name,))
    own = tuple(each for each in loaded[name].entries if each.now <= at)
    found: Person = yield from person_at(office, person, own, at)
    joined = prospect_standing(own).joined
    if ahead := found.books.merged_into or (joined if joined != person else ""):
        return (yield from _all_ids(office, ahead, at))
    return (person, *found.others)


def bought_since(entries: Iterable[Entry], when: datetime) -> bool:
    """Whether *entries* tell of a purchase after *when*."""
    return any(isinstance(each, EventRecorded) and each.event_kind == "purchase" and each.at > when for each in entries)
