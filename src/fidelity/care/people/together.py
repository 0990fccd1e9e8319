"""One person under several ids: duplicates that were merged and prospects who joined are remembered together."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from heapq import merge
from operator import attrgetter

from attrs import frozen

from fidelity.care.command import CareCommand, Known
from fidelity.care.people.consents import Consents
from fidelity.care.people.prospects import prospect_standing
from fidelity.entries import Entry
from fidelity.entries.care import (
    ConsentGiven,
    ConsentWithdrawn,
    ProspectCame,
    ProspectJoined,
    ProspectLetGo,
    ProspectMet,
)
from fidelity.errors import AccountClosed, ProspectOver

__all__ = ["Other", "absent", "admit", "goes_on_as", "present", "together"]

#: What is about an id and not about the person.
_OF_THE_ID = (ProspectCame, ProspectJoined, ProspectLetGo, ProspectMet)


@frozen
class Other:
    """
    What is remembered of a person under another id.

    Attributes:
        since: Since when both are known to be one.
        entries: What was remembered under that id.
    """

    since: datetime
    entries: tuple[Entry, ...]


def together(own: tuple[Entry, ...], others: Iterable[Other]) -> tuple[Entry, ...]:
    """
    What is remembered of one person: under their *own* id, and under *others*, in the order in which it was learned.

    A consent that was taken back under either id stays taken back: it is given again only after both became one.
    """
    for each in sorted(others, key=attrgetter("since")):
        theirs = tuple(entry for entry in each.entries if not isinstance(entry, _OF_THE_ID))
        before = tuple(entry for entry in own if entry.now <= each.since)
        after = own[len(before) :]
        both = (*merge(theirs, before, key=attrgetter("now")),)
        own = (*both, *_taken_back(before, theirs, both, each.since), *after)
    return own


def _taken_back(
    mine: tuple[Entry, ...], theirs: tuple[Entry, ...], both: tuple[Entry, ...], at: datetime
) -> Iterable[Entry]:
    """The consents that stand in *both* only because what was taken back under one id was given under the other."""
    one, other, after = Consents(mine), Consents(theirs), Consents(both)
    for purpose in sorted({each.purpose for each in both if isinstance(each, ConsentGiven)}):
        if after.to(purpose, at) and (one.withdrawn(purpose, at) or other.withdrawn(purpose, at)):
            yield ConsentWithdrawn(at=at, now=at, purpose=purpose)


def goes_on_as(known: Known, person: str) -> str:
    """Under which id *person* goes on: the account that took theirs over, or as whom a prospect joined; or empty."""
    joined = prospect_standing(known.of(person)).joined
    return known.books[person].merged_into or (joined if joined != person else "")


def absent(known: Known, person: str) -> str:
    """
    Why *person* is not approached under this id, as a code; empty if they may be.

    ``merged`` and ``joined``: they go on under another id. ``let go``: a prospect who did not join. ``left``.
    """
    books, standing = known.books[person], prospect_standing(known.of(person))
    if books.merged_into:
        return "merged"
    if standing.joined and standing.joined != person:
        return "joined"
    if standing.gone and not books.enrolled:
        return "let go"
    met_again = standing.met is not None and books.closed is not None and standing.met >= books.closed
    return "left" if books.closed is not None and not met_again else ""


def present(known: Known, person: str, *, approached: bool = False) -> None:
    """
    Make sure that *person* is known under this id, and if they are *approached*, that they are with us at all.

    Raises:
        AccountClosed: If another account took theirs over, `merged_into`; or if they left and are approached.
        ProspectOver: If they joined as a member under another id, `member`; or if they were let go.
    """
    books, standing, reason = known.books[person], prospect_standing(known.of(person)), absent(known, person)
    if reason == "merged":
        message = f"the account of {person} was merged; {books.merged_into!r} answers for it"
        raise AccountClosed(message, member=person, merged_into=books.merged_into)
    if reason == "joined":
        message = f"{person} joined as {standing.joined}; write that id"
        raise ProspectOver(message, prospect=person, member=standing.joined)
    if not approached:
        return
    if reason == "let go":
        message = f"{person} was let go; meet them again before anything is asked or offered"
        raise ProspectOver(message, prospect=person, member="")
    if reason == "left" and books.closed is not None:
        message = f"{person} left on {books.closed.isoformat()}; nobody who left is asked or offered anything"
        raise AccountClosed(message, member=person, merged_into="")


def admit(known: Known, command: CareCommand) -> None:
    """
    Make sure that everybody whom *command* is about is known under their id, and present where it approaches them.

    Raises:
        AccountClosed, ProspectOver: As `present`.
    """
    for each in command.people:
        present(known, each, approached=command.approaches)
