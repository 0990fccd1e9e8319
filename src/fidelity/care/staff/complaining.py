"""Complaining: a complaint is taken note of, once whatever its number, and opened again when the member comes back."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from attrs import field, frozen

from fidelity.care.command import CareCommand, Decision, Known, care_stream, told_id
from fidelity.care.receipt import CareReceipt
from fidelity.care.staff.complaints import Complaint, Complaints
from fidelity.entries.care import ComplaintOpened, ComplaintReopened
from fidelity.errors import ComplaintOpen, UnknownComplaint
from fidelity.values.naming import code, spelled_alike
from fidelity.values.spelling import suggest
from fidelity.values.zones import utc
from fidelity.wording import staff as said

__all__ = ["Complain", "ComplaintReceipt", "Reopen", "complaint_of"]


@frozen(kw_only=True)
class ComplaintReceipt(CareReceipt):
    """
    What came of a complaint that was told.

    Attributes:
        complaint: Its first id: that of the earlier one where it is the same.
        number: The id under which it was told this time.
        code: What it is about.
        state: ``"opened"``, ``"same"`` where it is one that was known, or ``"reopened"``.
    """

    kind: ClassVar[str] = "complaint"

    complaint: str
    number: str
    code: str
    state: str

    def told(self, language: str) -> str:
        """What the member may be told."""
        return said.noted(language, self.state, self.code)


def _instant(value: datetime | None) -> datetime | None:
    return None if value is None else utc(value, what="at")


@frozen(kw_only=True)
class Complain(CareCommand):
    """Take note that *member* complained, at *at*, about what *code* stands for. The key is the complaint's id."""

    name: ClassVar[str] = "complain"
    words_name: ClassVar[str] = "complaint"

    member: str
    code: str
    touchpoint: str = ""
    area: str = ""
    same_as: str = ""
    at: datetime | None = field(default=None, converter=_instant)

    @property
    def people(self) -> tuple[str, ...]:
        """Who complained."""
        return (told_id(self.member, "member"),)

    def decide(self, known: Known) -> Decision:
        """The complaint, opened; or the one that it is, under another number."""
        code(self.code, "code")
        for what, value in (("touchpoint", self.touchpoint), ("area", self.area)):
            code(value, what, optional=True)
        at = known.when(self.at)
        same = self._same(known)
        opened = ComplaintOpened(
            at=at, now=known.now, complaint=self.key, code=self.code, touchpoint=self.touchpoint, area=self.area,
            digest=known.digest, same_as="" if same is None else same.id,
        )  # fmt: skip
        receipt = ComplaintReceipt(
            member=self.member, at=at, complaint=self.key if same is None else same.id, number=self.key,
            code=self.code if same is None else same.code, state="opened" if same is None else "same",
        )  # fmt: skip
        return Decision(receipt, {care_stream(self.member): (opened,)})

    def _same(self, known: Known) -> Complaint | None:
        """The complaint that this one is, if it is one that is known."""
        if self.same_as:
            return complaint_of(known, self.member, self.same_as)
        told = (self.code, self.touchpoint, self.area)
        for each in reversed(tuple(Complaints(self.member, known.of(self.member)).values())):
            last = each.turns[-1][0]
            near = known.now - last < known.policy.staff.same_within
            if near and all(map(_alike, told, (each.code, each.touchpoint, each.area))):
                return each
        return None


def _alike(one: str, other: str) -> bool:
    """Whether both may name one thing: a place that was not told may be any."""
    return not (one and other) or spelled_alike(one) == spelled_alike(other)


@frozen(kw_only=True)
class Reopen(CareCommand):
    """Take note that the member had to come back for *complaint*, for *reason*."""

    name: ClassVar[str] = "reopen"
    words_name: ClassVar[str] = "complaint"

    member: str
    complaint: str
    reason: str = ""

    @property
    def people(self) -> tuple[str, ...]:
        """Who came back."""
        return (told_id(self.member, "member"),)

    def decide(self, known: Known) -> Decision:
        """The complaint, open again."""
        code(self.reason, "reason", optional=True)
        complaint = complaint_of(known, self.member, self.complaint)
        if complaint.is_open(known.now):
            message = f"the complaint {complaint.id!r} is open; resolve it first, or take note of it under a new number"
            raise ComplaintOpen(message, complaint=complaint.id)
        reopened = ComplaintReopened(
            at=known.now, now=known.now, complaint=complaint.id, reason=self.reason, digest=known.digest
        )
        receipt = ComplaintReceipt(
            member=self.member, at=known.now, complaint=complaint.id, number=self.complaint, code=complaint.code,
            state="reopened",
        )  # fmt: skip
        return Decision(receipt, {care_stream(self.member): (reopened,)})


def complaint_of(known: Known, member: str, complaint: str) -> Complaint:
    """
    The complaint of *member* under *complaint*.

    Raises:
        UnknownComplaint: If there is none.
    """
    complaints = Complaints(member, known.of(member))
    if complaint not in complaints:
        hint = suggest(complaint, complaints)
        hint = hint or (f"there are {', '.join(complaints)}" if complaints else "take note of it with complain first")
        message = f"{member} complained about nothing under {complaint!r}; {hint}"
        raise UnknownComplaint(message, complaint=complaint, member=member)
    return complaints[complaint]
