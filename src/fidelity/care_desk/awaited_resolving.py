"""Complaints and authority, awaited: the methods of `AsyncCare` by which people on the spot end a conflict."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from fidelity.care.command import Known
from fidelity.care.keys import fitting, swept
from fidelity.care.staff import (
    Appoint,
    AuthorityLeft,
    Complain,
    Complaint,
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
from fidelity.care_desk.awaited_desk import AsyncDesk
from fidelity.care_desk.missed import Missed
from fidelity.care_desk.resolving import endings, turns
from fidelity.values.money import Money
from fidelity.values.zones import local_date

__all__ = ["AsyncResolving"]


class AsyncResolving(AsyncDesk):
    """As `Resolving`, awaited."""

    async def appoint(self, employee: str, role: str, *, key: str, now: datetime | None = None) -> RoleReceipt:
        """As `Care.appoint`."""
        return await self._one(RoleReceipt, Appoint(employee=employee, role=role, key=key, now=now))

    async def relieve(self, employee: str, *, key: str, now: datetime | None = None) -> RoleReceipt:
        """As `Care.relieve`."""
        return await self._one(RoleReceipt, Relieve(employee=employee, key=key, now=now))

    async def authority(self, employee: str, *, at: datetime | None = None) -> AuthorityLeft:
        """As `Care.authority`."""
        known = await self._known(at, employees=(employee,))
        record = EmployeeRecord(known.of_staff(employee))
        return AuthorityLeft.of(employee, record, known.now, local_date(known.now, known.zone), known)

    async def complain(
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
        """As `Care.complain`."""
        command = Complain(
            member=member, code=code, key=key, words=words, touchpoint=touchpoint, area=area, same_as=same_as, at=at,
            now=now,
        )  # fmt: skip
        return await self._one(ComplaintReceipt, command)

    async def resolve(
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
        """As `Care.resolve`."""
        turn = 0 if key else turns(await self.complaints(member, at=now), complaint)
        command = Resolve(
            member=member, complaint=complaint, by=by, resolution=resolution, grants=grants, points=points,
            key=key or fitting(f"resolved {complaint} {turn} by {by}"), now=now,
        )  # fmt: skip
        return await self._one(ResolutionReceipt, command)

    async def escalate(
        self, member: str, complaint: str, *, by: str, key: str = "", now: datetime | None = None
    ) -> ResolutionReceipt:
        """As `Care.escalate`."""
        if not key:
            key = fitting(f"escalated {complaint} {turns(await self.complaints(member, at=now), complaint)} by {by}")
        return await self._one(ResolutionReceipt, Escalate(member=member, complaint=complaint, by=by, key=key, now=now))

    async def reopen(
        self,
        member: str,
        complaint: str,
        *,
        reason: str = "",
        words: str = "",
        key: str = "",
        now: datetime | None = None,
    ) -> ComplaintReceipt:
        """As `Care.reopen`."""
        turn = 0 if key else endings(await self.complaints(member, at=now), complaint)
        command = Reopen(
            member=member,
            complaint=complaint,
            reason=reason,
            words=words,
            key=key or fitting(f"reopened {complaint} {turn}"),
            now=now,
        )
        return await self._one(ComplaintReceipt, command)

    async def complaints(self, member: str, *, at: datetime | None = None) -> Complaints:
        """As `Care.complaints`."""
        return Complaints(member, (await self._known(at, member)).of(member))

    async def complaint_report(self, *, at: datetime | None = None) -> ComplaintReport:
        """As `Care.complaint_report`."""
        when = self.loyalty._office.now(at)  # noqa: SLF001  # the shell beside it
        found: list[Complaint] = []
        async for each, known in self._each(when):
            found += Complaints(each, known.of(each)).values()
        return complaint_report(found, when)

    async def _pass_on(self, member: str, known: Known, refused: list[Missed]) -> list[ResolutionReceipt]:
        given, roles, now = [], self.policy.staff.roles, known.now
        for each in Complaints(member, known.of(member)).values():
            late = unanswered(each, now)
            if late is not None and late.role in roles and self.policy.staff.above(late.role):
                key = swept(f"no answer {each.id} {len(each.escalations)}")
                command = PassOn(member=member, complaint=each.id, key=key, now=now)
                # Somebody may have answered since it was read; and what is refused for one stops no sweep.
                given += await self._swept(ResolutionReceipt, command, refused)
        return given
