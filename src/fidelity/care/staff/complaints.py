"""The complaints of one member: what each was about, what was granted for it, who decided, and when it ended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, tzinfo

from attrs import evolve, frozen

from fidelity.entries import Entry
from fidelity.entries.care import (
    ComplaintEscalated,
    ComplaintOpened,
    ComplaintReopened,
    ComplaintResolved,
    GoodwillGranted,
)
from fidelity.values.money import Money

__all__ = ["Complaint", "Complaints", "Escalation", "Grant", "Resolution"]


@frozen(kw_only=True)
class Grant:
    """
    Something that was granted for a complaint.

    Attributes:
        id: Of the grant; what one decision grants shares its first part.
        at: When.
        by: Who granted it.
        role: In which role.
        form: What it was: ``"refund"``, ``"drink"``, ``"points"``.
        worth: What it counts for.
        points: How many points it was; 0 for other forms.
    """

    id: str
    at: datetime
    by: str
    role: str
    form: str
    worth: Money
    points: int = 0


@frozen(kw_only=True)
class Escalation:
    """
    A complaint that went beyond somebody's authority, to somebody who may decide.

    Attributes:
        at: When.
        by: Who could not decide it.
        role: Who decides instead.
        due: Until when they answer.
        reason: Why: ``"case limit"``, ``"day limit"``, ``"form"``, ``"asked"``.
        asked: What was to be granted; None where nothing was.
        sum: What it would have come to, with what had been granted before; None where no sum was the reason.
        limit: The limit that it would have crossed; None where no sum was the reason.
    """

    at: datetime
    by: str
    role: str
    due: datetime
    reason: str
    asked: Money | None = None
    sum: Money | None = None
    limit: Money | None = None


@frozen(kw_only=True)
class Resolution:
    """
    How a complaint ended.

    Attributes:
        at: When.
        by: Who ended it.
        role: In which role.
        code: With what, as a code.
    """

    at: datetime
    by: str
    role: str
    code: str


@frozen(kw_only=True)
class Complaint:
    """
    A complaint of a member, under whatever numbers it was taken note of.

    Attributes:
        id: The key under which it was opened first.
        member: Whose it is.
        code: What it is about, as a code.
        opened: When they complained.
        touchpoint, area: Where it happened, and who answers for it.
        digest: The salted digest of what they said; the words live with `Members`.
        numbers: The ids under which the same complaint was opened again.
        grants: What was granted for it, by whomever, under whatever number.
        escalations: When it went to whom, and why.
        resolutions: How it ended, each time.
        reopenings: When the member had to come back for it.
        waits: To whom it went and who did not answer yet; None where it waits for nobody in particular.
        turns: When it became open (True) and closed (False), in the order in which this was written.
    """

    id: str
    member: str
    code: str
    opened: datetime
    touchpoint: str = ""
    area: str = ""
    digest: str = ""
    numbers: tuple[str, ...] = ()
    grants: tuple[Grant, ...] = ()
    escalations: tuple[Escalation, ...] = ()
    resolutions: tuple[Resolution, ...] = ()
    reopenings: tuple[datetime, ...] = ()
    waits: Escalation | None = None
    turns: tuple[tuple[datetime, bool], ...] = ()

    def is_open(self, at: datetime) -> bool:
        """Whether the member is waiting for an end of it at *at*."""
        past = [opens for when, opens in self.turns if when <= at]
        return bool(past) and past[-1]

    def closed(self, at: datetime) -> datetime | None:
        """When it was closed for the last time by *at*; None where it never was, or was opened again."""
        past = [each for each in self.turns if each[0] <= at]
        return past[-1][0] if past and not past[-1][1] else None

    def granted(self, currency: str) -> Money:
        """What all grants for it come to, in whatever form and under whatever number."""
        return sum((each.worth for each in self.grants), Money.zero(currency))


class Complaints(Mapping[str, Complaint]):
    """
    The complaints of a member, by id, in the order in which they were opened.

    A complaint that was opened again under another number is one complaint: both numbers lead to it, the first names
    it.

    Args:
        member: Whose they are.
        entries: What is remembered of them.
    """

    def __init__(self, member: str, entries: Iterable[Entry]) -> None:
        self._known: dict[str, Complaint] = {}
        self._first: dict[str, str] = {}
        for each in entries:
            self._follow(member, each)

    def _follow(self, member: str, entry: Entry) -> None:
        match entry:
            case ComplaintOpened(complaint=name, same_as=same) if same:
                first = self._first[name] = self._first[same]
                earlier = self._known[first]
                self._known[first] = evolve(
                    earlier, numbers=(*earlier.numbers, name), turns=(*earlier.turns, (entry.at, True))
                )
            case ComplaintOpened(complaint=name):
                self._first[name] = name
                self._known[name] = Complaint(
                    id=name, member=member, code=entry.code, opened=entry.at, touchpoint=entry.touchpoint,
                    area=entry.area, digest=entry.digest, turns=((entry.at, True),),
                )  # fmt: skip
            case ComplaintReopened() | ComplaintEscalated() | ComplaintResolved() | GoodwillGranted():
                first = self._first[entry.complaint]
                self._known[first] = _after(self._known[first], entry)

    def __getitem__(self, complaint: str) -> Complaint:
        return self._known[self._first[complaint]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)

    def open(self, at: datetime) -> tuple[Complaint, ...]:
        """Those that are open at *at*: meanwhile nobody is asked for anything."""
        return tuple(each for each in self._known.values() if each.is_open(at))

    def closed_days(self, zone: tzinfo, at: datetime) -> tuple[date, ...]:
        """The local days on which those that are closed at *at* were closed for the last time, from the earliest on."""
        closed = (each.closed(at) for each in self._known.values())
        return tuple(sorted(each.astimezone(zone).date() for each in closed if each is not None))


def _after(
    complaint: Complaint, entry: ComplaintReopened | ComplaintEscalated | ComplaintResolved | GoodwillGranted
) -> Complaint:
    """*complaint*, once *entry* was written."""
    match entry:
        case GoodwillGranted():
            grant = Grant(
                id=entry.grant, at=entry.at, by=entry.by, role=entry.role, form=entry.form,
                worth=Money(entry.minor, entry.currency), points=entry.points,
            )  # fmt: skip
            return evolve(complaint, grants=(*complaint.grants, grant))
        case ComplaintResolved():
            turn = (entry.at, False)
            ended = Resolution(at=entry.at, by=entry.by, role=entry.role, code=entry.resolution)
            ends = (*complaint.resolutions, ended)
            return evolve(complaint, resolutions=ends, waits=None, turns=(*complaint.turns, turn))
        case ComplaintReopened():
            turn = (entry.at, True)
            return evolve(complaint, reopenings=(*complaint.reopenings, entry.at), turns=(*complaint.turns, turn))
        case ComplaintEscalated():
            asked, total, limit = (
                Money(each, entry.currency) if entry.currency else None
                for each in (entry.asked_minor, entry.sum_minor, entry.limit_minor)
            )
            beyond = Escalation(
                at=entry.at, by=entry.by, role=entry.role, due=entry.due, reason=entry.reason, asked=asked, sum=total,
                limit=limit,
            )  # fmt: skip
            turn = (entry.at, True)
            ways = (*complaint.escalations, beyond)
            return evolve(complaint, escalations=ways, waits=beyond, turns=(*complaint.turns, turn))
