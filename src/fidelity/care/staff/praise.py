"""Praise from members: whom it reached, and how much of it, so that those who serve few are compared fairly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, ClassVar

from attrs import frozen

from fidelity.care.command import CareCommand, Decision, Known, care_stream, staff_stream, told_id
from fidelity.care.receipt import CareReceipt
from fidelity.care.staff.fair import FairScores, fair_rates
from fidelity.entries import Entry
from fidelity.entries.care import PraiseGiven
from fidelity.entries.staff import PraiseReceived
from fidelity.errors import NotYourCard
from fidelity.values.naming import code
from fidelity.wording import staff as said

__all__ = [
    "HandedPraise", "Praise", "PraiseEmployee", "PraiseReceipt", "PraiseReport", "own_praises", "praise_report",
    "praises_of",
]  # fmt: skip


@frozen(kw_only=True)
class Praise:
    """
    Praise that reached an employee.

    Attributes:
        id: The key under which it was given; the words are with `Members`, under ``praise/…`` of the member.
        at: When.
        member: Who praised.
        employee: Whom.
        touchpoint: Where.
    """

    id: str
    at: datetime
    member: str
    employee: str
    touchpoint: str = ""


@frozen(kw_only=True)
class HandedPraise:
    """
    Praise with its words, as it is handed to whom it is for, or published. It does not say who praised.

    Attributes:
        id: The key under which it was given.
        at: When.
        touchpoint: Where.
        words: What was said; empty if nothing was, or if it was erased since.
        employee: Whom it is for; empty where it is published and they do not agree to be named.
    """

    id: str
    at: datetime
    touchpoint: str = ""
    words: str = ""
    employee: str = ""

    @classmethod
    def of(cls, praise: Praise, words: str, employee: str) -> HandedPraise:
        """*praise* with its *words*, for *employee* or for somebody who is not named."""
        return cls(id=praise.id, at=praise.at, touchpoint=praise.touchpoint, words=words, employee=employee)


def own_praises(employee: str, viewer: str, entries: Iterable[Entry]) -> tuple[Praise, ...]:
    """
    The praise that reached *employee*, for themselves.

    Raises:
        NotYourCard: If somebody else asks.
    """
    if viewer != employee:
        message = f"{viewer!r:.80} asks for the praise of somebody else; everybody reads their own, and no other"
        raise NotYourCard(message, viewer=viewer)
    return praises_of(employee, entries)


def praises_of(employee: str, entries: Iterable[Entry]) -> tuple[Praise, ...]:
    """The praise that reached *employee*, from what is remembered of them."""
    return tuple(
        Praise(id=each.praise, at=each.at, member=each.member, employee=employee, touchpoint=each.touchpoint)
        for each in entries
        if isinstance(each, PraiseReceived)
    )


@frozen(kw_only=True)
class PraiseReceipt(CareReceipt):
    """
    What came of praise.

    Attributes:
        praise: Its id.
        employee: Whom it reached.
    """

    kind: ClassVar[str] = "praise"

    praise: str
    employee: str

    def told(self, language: str) -> str:
        """What the member may be told."""
        return said.praised(language)


@frozen(kw_only=True)
class PraiseEmployee(CareCommand):
    """Take note that *member* praised *employee*; the words live with `Members`. The key is the praise's id."""

    name: ClassVar[str] = "praise"
    words_name: ClassVar[str] = "praise"

    member: str
    employee: str
    touchpoint: str = ""

    @property
    def people(self) -> tuple[str, ...]:
        """Who praises."""
        return (told_id(self.member, "member"),)

    @property
    def employees(self) -> tuple[str, ...]:
        """Whom."""
        return (told_id(self.employee, "employee"),)

    def decide(self, known: Known) -> Decision:
        """The praise, with the member and with the employee. Nothing is earned by it: opinions are not bought."""
        code(self.touchpoint, "touchpoint", optional=True)
        now = known.now
        given = PraiseGiven(
            at=now, now=now, praise=self.key, staff=self.employee, touchpoint=self.touchpoint, digest=known.digest
        )
        received = PraiseReceived(at=now, now=now, praise=self.key, member=self.member, touchpoint=self.touchpoint)
        receipt = PraiseReceipt(member=self.member, at=now, praise=self.key, employee=self.employee)
        return Decision(receipt, {care_stream(self.member): (given,), staff_stream(self.employee): (received,)})


@frozen(kw_only=True)
class PraiseReport:
    """
    How much praise reached whom.

    Attributes:
        at: As known then.
        praises: Each of them, in the order in which they were given.
    """

    at: datetime
    praises: tuple[Praise, ...]

    @property
    def by_employee(self) -> Mapping[str, int]:
        """How many members praised each employee; whoever praises twice is one."""
        return _members(self.praises, "employee")

    @property
    def by_touchpoint(self) -> Mapping[str, int]:
        """How many members praised somebody at each touchpoint."""
        return _members(self.praises, "touchpoint")

    def fair(self, served: Mapping[str, int], *, minimum: int = 30) -> FairScores:
        """Who was praised how often, of so many members served, compared fairly: `fair_rates`."""
        return fair_rates(self.by_employee, served, minimum=minimum)

    def columns(self) -> dict[str, list[Any]]:
        """
        The praise as columns, for a dataframe.

        Returns:
            ``praise``, ``member``, ``employee``, ``touchpoint`` and ``at``.
        """
        rows = self.praises
        return {
            "praise": [each.id for each in rows],
            "member": [each.member for each in rows],
            "employee": [each.employee for each in rows],
            "touchpoint": [each.touchpoint for each in rows],
            "at": [each.at.replace(tzinfo=None) for each in rows],
        }


def praise_report(praises: Iterable[Praise], at: datetime, since: datetime | None = None) -> PraiseReport:
    """How much praise reached whom from *since* to *at*."""
    known = (each for each in praises if each.at <= at and (since is None or each.at >= since))
    return PraiseReport(at=at, praises=tuple(sorted(known, key=lambda each: (each.at, each.id))))


def _members(praises: tuple[Praise, ...], by: str) -> Mapping[str, int]:
    pairs = {(getattr(each, by), each.member) for each in praises if getattr(each, by)}
    names = sorted({name for name, _ in pairs})
    return {name: sum(each == name for each, _ in pairs) for name in names}
