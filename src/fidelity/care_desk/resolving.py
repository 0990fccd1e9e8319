"""Complaints and authority: the methods of `Care` by which people on the spot end a conflict, or pass it on at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from fidelity.care.command import Known
from fidelity.care.keys import fitting, swept
from fidelity.care.staff import (
    Appoint,
    AuthorityLeft,
    Complain,
    ComplaintReceipt,
    ComplaintReport,
    Complaints,
    EmployeeRecord,
    Escalate,
    PassOn,
    Relieve,
    Reopen,
    ResolutionReceipt,
    Resolve,
    RoleReceipt,
    complaint_report,
    unanswered,
)
from fidelity.care_desk.desk import Desk
from fidelity.care_desk.missed import Missed
from fidelity.values.money import Money
from fidelity.values.zones import local_date

__all__ = ["Resolving", "endings", "turns"]


def turns(complaints: Complaints, complaint: str) -> int:
    """How often the member came back for *complaint*: what is done about it afterwards has a key of its own."""
    found = complaints.get(complaint)
    return 0 if found is None else len(found.reopenings) + len(found.numbers)


def endings(complaints: Complaints, complaint: str) -> int:
    """How often *complaint* ended."""
    found = complaints.get(complaint)
    return 0 if found is None else len(found.resolutions)


class Resolving(Desk):
    """Complaints: taken note of, ended at once within the authority of a role, or with whoever may decide. O1."""

    def appoint(self, employee: str, role: str, *, key: str, now: datetime | None = None) -> RoleReceipt:
        """
        From now on *employee* acts as *role*, with its authority: ``care.appoint("beto", "barista", key="b1")``.

        Raises:
            ValueRefused: If the policy has no such role.
        """
        return self._one(RoleReceipt, Appoint(employee=employee, role=role, key=key, now=now))

    def relieve(self, employee: str, *, key: str, now: datetime | None = None) -> RoleReceipt:
        """
        From now on *employee* has no role, and grants nothing.

        Raises:
            NoAuthority: If they had none.
        """
        return self._one(RoleReceipt, Relieve(employee=employee, key=key, now=now))

    def authority(self, employee: str, *, at: datetime | None = None) -> AuthorityLeft:
        """What *employee* may still grant on the local day of *at*, now unless told, as it was known then."""
        known = self._known(at, employees=(employee,))
        record = EmployeeRecord(known.of_staff(employee))
        return AuthorityLeft.of(employee, record, known.now, local_date(known.now, known.zone), known)

    def complain(
        self,
        member: str,
        code: str,
        *,
        key: str,
        words: str = "",
        touchpoint: str = "",
        area: str = "",
        same_as: str = "",
        at: datetime | None = None,
        now: datetime | None = None,
    ) -> ComplaintReceipt:
        """
        Take note that *member* complained. Meanwhile nobody asks them for anything.

        Args:
            member: A member or a prospect.
            code: What about, as a code: ``"cold soup"``.
            key: Names the complaint from now on.
            words: What they said; they live with `Members`, where they can be erased.
            touchpoint: Where it happened.
            area: Who answers for it.
            same_as: The complaint that it is, under another number. Without it, one of the same code at the same place
                within `StaffPolicy.same_within` is the same.
            at: When they complained; now unless told.
            now: When this was learned; the clock's instant unless told.

        Raises:
            UnknownComplaint: If *same_as* is none.
        """
        command = Complain(
            member=member, code=code, key=key, words=words, touchpoint=touchpoint, area=area, same_as=same_as, at=at,
            now=now,
        )  # fmt: skip
        return self._one(ComplaintReceipt, command)

    def resolve(
        self,
        member: str,
        complaint: str,
        *,
        by: str,
        resolution: str,
        grants: Mapping[str, Money | str] | None = None,
        points: int = 0,
        key: str = "",
        now: datetime | None = None,
    ) -> ResolutionReceipt:
        """
        End *complaint* at once, if *by* may grant what it takes; otherwise pass it at once to whoever may.

        What is granted for one complaint adds up, in whatever form and under whatever number, by whomever. Points are
        in the member's books in the same transaction. Beyond the authority nothing is granted: the receipt says to
        which role it went, until when that role answers, and why, with the figures.

        Args:
            member: Whose complaint.
            complaint: Its id, or any number of it.
            by: Who decides: an employee with a role. Without grants and points anybody may, unless it went further
                up: then the role that it went to, one above, or one that may grant itself what was asked for.
            resolution: How it ended, as a code.
            grants: What is granted, by form: ``{"refund": "120 MXN", "drink": "45 MXN"}``, goods at their price.
            points: How many points; they count by `StaffPolicy.point_worth`.
            key: Under which it applies once; made from the complaint unless told.
            now: When; the clock's instant unless told.

        Raises:
            UnknownComplaint: If the member complained about nothing under this id.
            NoAuthority: If *by* has no role with an authority.
            BeyondAuthority: If it is beyond the role, and no role is above; or if it went to another role.
        """
        turn = 0 if key else turns(self.complaints(member, at=now), complaint)
        command = Resolve(
            member=member, complaint=complaint, by=by, resolution=resolution, grants=grants, points=points,
            key=key or fitting(f"resolved {complaint} {turn} by {by}"), now=now,
        )  # fmt: skip
        return self._one(ResolutionReceipt, command)

    def escalate(
        self, member: str, complaint: str, *, by: str, key: str = "", now: datetime | None = None
    ) -> ResolutionReceipt:
        """
        Let the role above decide *complaint*, because *by* asks for it.

        Raises:
            UnknownComplaint: If the member complained about nothing under this id.
            NoAuthority: If *by* has no role with an authority.
            BeyondAuthority: If no role is above.
        """
        if not key:
            key = fitting(f"escalated {complaint} {turns(self.complaints(member, at=now), complaint)} by {by}")
        return self._one(ResolutionReceipt, Escalate(member=member, complaint=complaint, by=by, key=key, now=now))

    def reopen(
        self,
        member: str,
        complaint: str,
        *,
        reason: str = "",
        words: str = "",
        key: str = "",
        now: datetime | None = None,
    ) -> ComplaintReceipt:
        """
        Take note that *member* had to come back for *complaint*: it was not solved at the first contact.

        Raises:
            UnknownComplaint: If they complained about nothing under this id.
            ComplaintOpen: If it is open.
        """
        turn = 0 if key else endings(self.complaints(member, at=now), complaint)
        command = Reopen(
            member=member,
            complaint=complaint,
            reason=reason,
            words=words,
            key=key or fitting(f"reopened {complaint} {turn}"),
            now=now,
        )
        return self._one(ComplaintReceipt, command)

    def complaints(self, member: str, *, at: datetime | None = None) -> Complaints:
        """The complaints of *member*, by id, as they were known at *at*, now unless told."""
        return Complaints(member, self._known(at, member).of(member))

    def complaint_report(self, *, at: datetime | None = None) -> ComplaintReport:
        """How complaints went, as known at *at*, now unless told: overall, by area, touchpoint and code."""
        when = self.loyalty._office.now(at)  # noqa: SLF001  # the shell beside it
        found = (Complaints(each, known.of(each)).values() for each, known in self._each(when))
        return complaint_report((each for complaints in found for each in complaints), when)

    def _pass_on(self, member: str, known: Known, refused: list[Missed]) -> list[ResolutionReceipt]:
        """Pass on what *member* complained about and was not answered by now, where a role is above."""
        given, roles, now = [], self.policy.staff.roles, known.now
        for each in Complaints(member, known.of(member)).values():
            late = unanswered(each, now)
            if late is not None and late.role in roles and self.policy.staff.above(late.role):
                key = swept(f"no answer {each.id} {len(each.escalations)}")
                command = PassOn(member=member, complaint=each.id, key=key, now=now)
                # Somebody may have answered since it was read; and what is refused for one stops no sweep.
                given += self._swept(ResolutionReceipt, command, refused)
        return given
