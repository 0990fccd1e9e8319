"""Prospects: met, joined or let go. Their needs come along; their consents stay exactly as wide. Principle R9."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import ClassVar

from attrs import evolve, frozen

from fidelity.care.command import CareCommand, Decision, Known, care_stream, told_id
from fidelity.care.people.consents import Consents
from fidelity.care.receipt import CareReceipt
from fidelity.entries import Entry
from fidelity.entries.care import (
    ConsentWithdrawn,
    NeedNoticed,
    ProspectCame,
    ProspectJoined,
    ProspectLetGo,
    ProspectMet,
)
from fidelity.errors import AlreadyMet, ProspectOver
from fidelity.values.naming import code
from fidelity.values.zones import local_date

__all__ = ["JoinProspect", "LetProspectGo", "MeetProspect", "ProspectReceipt", "Standing", "prospect_standing"]


@frozen(kw_only=True)
class Standing:
    """
    Where a prospect stands.

    Attributes:
        source: Where we met them; empty for somebody whom nobody met.
        met: When we met them; None for somebody whom nobody met.
        until: The day on which they are let go unless they join.
        joined: As which member they joined; empty while they have not.
        gone: Whether they were let go.
    """

    source: str = ""
    met: datetime | None = None
    until: date | None = None
    joined: str = ""
    gone: bool = False


def prospect_standing(entries: Iterable[Entry]) -> Standing:
    """Where the prospect stands of whom *entries* are remembered."""
    found = Standing()
    for each in entries:
        match each:
            case ProspectMet():
                found = Standing(source=each.source, met=each.now, until=each.until)
            case ProspectJoined():
                found = evolve(found, joined=each.member)
            case ProspectLetGo():
                found = evolve(found, gone=True)
    return found


@frozen(kw_only=True)
class ProspectReceipt(CareReceipt):
    """
    A prospect who was met, who joined, or who was let go.

    Attributes:
        prospect: Their id.
        until: The day on which they are let go unless they join.
        needs: How many needs came along when they joined.
    """

    kind: ClassVar[str] = "prospect"

    prospect: str
    until: date | None = None
    needs: int = 0


@frozen(kw_only=True)
class MeetProspect(CareCommand):
    """Take note that somebody who is not a member came in touch with us."""

    name: ClassVar[str] = "meet prospect"

    prospect: str
    source: str

    @property
    def people(self) -> tuple[str, ...]:
        """Whom we met."""
        return (told_id(self.prospect, "prospect"),)

    def decide(self, known: Known) -> Decision:
        """The prospect, met."""
        code(self.source, "source")
        before = prospect_standing(known.of(self.prospect))
        if known.books[self.prospect].enrolled or before.joined or (before.source and not before.gone):
            message = f"{self.prospect} is known already; take note of their needs and consents"
            raise AlreadyMet(message, prospect=self.prospect)
        until = local_date(known.now, known.zone) + timedelta(days=known.policy.prospect_days)
        met = ProspectMet(at=known.now, now=known.now, source=self.source, until=until)
        receipt = ProspectReceipt(at=known.now, prospect=self.prospect, until=until)
        return Decision(receipt, {care_stream(self.prospect): (met,)})


@frozen(kw_only=True)
class JoinProspect(CareCommand):
    """Let what is remembered of a prospect come along to *member*: all of it, with consents as they stand."""

    name: ClassVar[str] = "join prospect"

    prospect: str
    member: str

    @property
    def people(self) -> tuple[str, ...]:
        """Who joined, under both ids."""
        return tuple(dict.fromkeys((told_id(self.prospect, "prospect"), told_id(self.member, "member"))))

    def decide(self, known: Known) -> Decision:
        """The prospect, joined."""
        known.enrolled(self.member)
        entries = known.of(self.prospect)
        standing = prospect_standing(entries)
        if standing.joined or standing.gone:
            message = f"{self.prospect} {'joined as ' + standing.joined if standing.joined else 'was let go'} before"
            raise ProspectOver(message, prospect=self.prospect, member=standing.joined)
        if self.prospect != self.member and (not standing.source or known.books[self.prospect].since is not None):
            message = f"{self.prospect!r} is no prospect whom we met; tell the id under which meet() knows them"
            raise ProspectOver(message, prospect=self.prospect, member="")
        joined = ProspectJoined(at=known.now, now=known.now, member=self.member)
        needs = sum(isinstance(each, NeedNoticed) for each in entries)
        receipt = ProspectReceipt(member=self.member, at=known.now, prospect=self.prospect, needs=needs)
        if self.prospect == self.member:
            return Decision(receipt, {care_stream(self.member): (joined,)})
        # From now on both are remembered together; nothing is written twice.
        came = ProspectCame(at=known.now, now=known.now, prospect=self.prospect)
        return Decision(receipt, {care_stream(self.prospect): (joined,), care_stream(self.member): (came,)})


@frozen(kw_only=True)
class LetProspectGo(CareCommand):
    """Let go of a prospect who did not join in time. The sweep asks it, and erases the person."""

    name: ClassVar[str] = "let prospect go"

    prospect: str

    @property
    def people(self) -> tuple[str, ...]:
        """Who is let go."""
        return (told_id(self.prospect, "prospect"),)

    def decide(self, known: Known) -> Decision:
        """The prospect, let go."""
        standing = prospect_standing(known.of(self.prospect))
        today = local_date(known.now, known.zone)
        over = standing.joined or standing.gone or known.books[self.prospect].since is not None
        if over or standing.until is None or today < standing.until:
            message = f"{self.prospect} is no prospect whose time is over"
            raise ProspectOver(message, prospect=self.prospect, member=standing.joined)
        consents = Consents(known.of(self.prospect))
        ended = (ConsentWithdrawn(at=known.now, now=known.now, purpose=each) for each in consents.standing(known.now))
        gone = ProspectLetGo(at=known.now, now=known.now)
        receipt = ProspectReceipt(at=known.now, prospect=self.prospect, until=standing.until)
        return Decision(receipt, {care_stream(self.prospect): (*ended, gone)})
