"""What the books say of one member, entry by entry, for readings of the human side."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from fidelity.entries import Entry, EventRecorded
from fidelity.loyalty.asks import Work
from fidelity.loyalty.office import Office
from fidelity.loyalty.reading import read_books

__all__ = ["bought_since", "story"]


def story(office: Office, member: str, at: datetime | None) -> Work[tuple[Entry, ...]]:
    """The entries of *member* in the books, as known at *at*, now unless told, with what was due by then."""
    when = office.now(at)
    reading = yield from read_books(
        office.desks.at(when), office.cache, member, when, exact=at is not None, past=True, whole=True
    )
    return reading.entries


def bought_since(entries: Iterable[Entry], when: datetime) -> bool:
    """Whether *entries* tell of a purchase after *when*."""
    return any(isinstance(each, EventRecorded) and each.event_kind == "purchase" and each.at > when for each in entries)
