"""Resolving: a complaint ends at once where the employee may grant what it takes, and goes further up where not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

from attrs import evolve, field, frozen

from fidelity.care.command import CareCommand, Decision, Known, care_stream, staff_stream, told_id
from fidelity.care.keys import fitting
from fidelity.care.receipt import CareReceipt
from fidelity.care.staff.authority import POINTS, Authority, StaffPolicy
from fidelity.care.staff.complaining import complaint_of
from fidelity.care.staff.complaints import Complaint, Escalation
from fidelity.care.staff.roles import EmployeeRecord
from fidelity.commands import Goodwill
from fidelity.entries import Entry
from fidelity.entries.care import ComplaintEscalated, ComplaintResolved, GoodwillGranted
from fidelity.entries.staff import AuthorityUsed
from fidelity.errors import BeyondAuthority, NoAuthority, NothingLate, ValueRefused
from fidelity.values.money import Money, money
from fidelity.values.naming import code
from fidelity.values.whole import whole_number
from fidelity.values.zones import local_date
from fidelity.wording import staff as said

__all__ = ["Escalate", "PassOn", "ResolutionReceipt", "Resolve", "unanswered"]


@frozen(kw_only=True)
class ResolutionReceipt(CareReceipt):
    """
    What came of an attempt to end a complaint.

    Attributes:
        complaint: Its first id.
        code: What it is about.
        state: ``"resolved"``, or ``"escalated"``: then nothing was granted.
        by: Who decided, or could not.
        role: In which role they acted; empty if in none.
        resolution: With what it ended; empty where it went further up.
        granted: What was granted, in minor units, by form; points by what they count for.
        points: How many points the member got.
        currency: The currency of all figures; empty where there are none.
        sum_minor: What was granted for this complaint in all; where it went further up, what it would have come to.
        day_minor: What the employee has granted on this day in this role.
        to: Who decides instead; empty where it ended.
        due: Until when they answer; None where it ended.
        reason: Why it went further up: ``"case limit"``, ``"day limit"``, ``"form"``, ``"asked"``, ``"no answer"``.
        limit_minor: The limit that it would have crossed; 0 where none was the reason.
        earlier_minor: What had been granted for this complaint before.
    """

    kind: ClassVar[str] = "resolution"

    complaint: str
    code: str
    state: str
    by: str
    role: str = ""
    resolution: str = ""
    granted: Mapping[str, int] = field(factory=dict)
    points: int = 0
    currency: str = ""
    sum_minor: int = 0
    day_minor: int = 0
    to: str = ""
    due: datetime | None = None
    reason: str = ""
    limit_minor: int = 0
    earlier_minor: int = 0
    zone: str = "UTC"

    @property
    def beyond_minor(self) -> int:
        """By how much it was above the limit, in minor units; 0 where no limit was the reason."""
        if self.reason == "day limit":
            return self.day_minor + self.sum_minor - self.earlier_minor - self.limit_minor
        return self.sum_minor - self.limit_minor if self.reason == "case limit" else 0

    def told(self, language: str) -> str:
        """What the member may be told."""
        if self.due is not None:
            return said.escalated(language, self.code, self.to, self.due, self.zone)
        grants = {form: Money(minor, self.currency) for form, minor in self.granted.items() if form != POINTS}
        return said.resolved(language, self.code, self.resolution, grants, points=self.points)

    def why(self, language: str = "en") -> str:
        """Why it went further up, with the figures, for the staff; empty where it ended."""
        tongue = language if self._tongue is None else self._tongue(language)
        figures = {
            "sum": self.sum_minor, "limit": self.limit_minor, "earlier": self.earlier_minor,
            "beyond": self.beyond_minor, "day": self.day_minor, "asked": self.sum_minor - self.earlier_minor,
        }  # fmt: skip
        amounts = {name: Money(minor, self.currency) for name, minor in figures.items()} if self.currency else {}
        return said.why(tongue, self.reason, self.role, self.to, amounts) if self.reason else ""


def _grants(value: Mapping[str, Money | str] | None) -> Mapping[str, Money]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        message = f'grants are told by form, {{"refund": "120 MXN", "drink": "45 MXN"}}, not {value!r:.80}'
        raise ValueRefused(message, field="grants", value=value)
    found = {}
    for form, amount in value.items():
        if code(form, "grants") == POINTS:
            message = 'points are granted as points=, not in grants; they count by StaffPolicy(point_worth="0.10 MXN")'
            raise ValueRefused(message, field="grants", value=form)
        found[form] = money(amount)
        if found[form].minor <= 0:
            message = f"{form!r} is granted for more than nothing, not {found[form]}; leave it out otherwise"
            raise ValueRefused(message, field="grants", value=amount)
    return dict(sorted(found.items()))


def _points(value: int) -> int:
    return whole_number(value, what="points", low=0)


@frozen(kw_only=True)
class Resolve(CareCommand):
    """End *complaint* with what *resolution* stands for, granting *grants* by form and *points*."""

    name: ClassVar[str] = "resolve"

    member: str
    complaint: str
    by: str
    resolution: str
    grants: Mapping[str, Money] = field(factory=dict, converter=_grants)
    points: int = field(default=0, converter=_points)

    @property
    def people(self) -> tuple[str, ...]:
        """Whose complaint."""
        return (told_id(self.member, "member"),)

    @property
    def employees(self) -> tuple[str, ...]:
        """Who decides."""
        return (told_id(self.by, "by"),)

    def decide(self, known: Known) -> Decision:
        """The end, or the way further up."""
        code(self.by, "by")
        code(self.resolution, "resolution")
        complaint, record = complaint_of(known, self.member, self.complaint), EmployeeRecord(known.of_staff(self.by))
        if not self.grants and not self.points:
            if complaint.waits is not None:
                _answers(complaint, complaint.waits, record, self.by, known)
            return _ended(self, known, complaint, record.role(known.now))
        return self._granting(known, complaint)

    def _granting(self, known: Known, complaint: Complaint) -> Decision:
        policy, record = known.policy.staff, EmployeeRecord(known.of_staff(self.by))
        authority = _authority_of(policy, record, self.by, known.now)
        forms = dict(self.grants)
        if self.points:
            known.enrolled(self.member)
            forms[POINTS] = policy.worth(self.points)
        currency = policy.currency or next(iter(forms.values())).currency
        used = record.used(authority.role, local_date(known.now, known.zone), currency)
        asked = _Asked({form: money(each, currency) for form, each in forms.items()}, complaint.granted(currency), used)
        if (reason := asked.beyond(authority)) is None:
            return _ended(self, known, complaint, authority.role, asked)
        return _further_up(known, complaint, authority, self.by, reason=reason, asked=asked)


@frozen(kw_only=True)
class Escalate(CareCommand):
    """Let the role above decide *complaint*, because *by* asks for it."""

    name: ClassVar[str] = "escalate"

    member: str
    complaint: str
    by: str

    @property
    def people(self) -> tuple[str, ...]:
        """Whose complaint."""
        return (told_id(self.member, "member"),)

    @property
    def employees(self) -> tuple[str, ...]:
        """Who asks."""
        return (told_id(self.by, "by"),)

    def decide(self, known: Known) -> Decision:
        """The way further up."""
        code(self.by, "by")
        complaint = complaint_of(known, self.member, self.complaint)
        record = EmployeeRecord(known.of_staff(self.by))
        authority = _authority_of(known.policy.staff, record, self.by, known.now)
        return _further_up(known, complaint, authority, self.by, reason="asked")


def unanswered(complaint: Complaint, now: datetime) -> Escalation | None:
    """The escalation of *complaint* that was to be answered before *now*, and was not; None if there is none."""
    last = complaint.escalations[-1] if complaint.escalations else None
    if last is None or not complaint.is_open(now) or last.due >= now:
        return None
    return None if any(each.at >= last.at for each in complaint.resolutions) else last


@frozen(kw_only=True)
class PassOn(CareCommand):
    """Let the next role above decide *complaint*, whose role did not answer in time. The sweep asks it by itself."""

    name: ClassVar[str] = "pass on"

    member: str
    complaint: str

    @property
    def people(self) -> tuple[str, ...]:
        """Whose complaint."""
        return (told_id(self.member, "member"),)

    def decide(self, known: Known) -> Decision:
        """The way further up."""
        complaint, policy = complaint_of(known, self.member, self.complaint), known.policy.staff
        last = unanswered(complaint, known.now)
        if last is None or last.role not in policy.roles:
            message = f"the complaint {complaint.id!r} waits for no answer that is late, from a role that there is"
            raise NothingLate(message, complaint=complaint.id)
        return _further_up(known, complaint, policy.roles[last.role], "", reason="no answer")


def _answers(complaint: Complaint, waits: Escalation, record: EmployeeRecord, employee: str, known: Known) -> None:
    """
    Make sure that *employee* may end what *waits* for an answer, with nothing granted.

    As the role that it went to, as one above it, or as one that may grant itself what was asked for.

    Raises:
        BeyondAuthority: If they may not.
    """
    policy, role = known.policy.staff, record.role(known.now)
    authority = policy.roles.get(role)
    above = policy.above(waits.role) if waits.role in policy.roles else ()
    if role and (role == waits.role or role in [each.role for each in above]):
        return
    if authority is not None and waits.asked is not None and waits.sum is not None and waits.reason != "form":
        used = record.used(role, local_date(known.now, known.zone), waits.asked.currency)
        if _Asked({"asked": waits.asked}, waits.sum - waits.asked, used).within(authority):
            return
    message = f"the complaint {complaint.id!r} went to {waits.role!r}, who answers until {waits.due.isoformat()}"
    message += f"; {employee} {'acts as ' + repr(role) if role else 'has no role'}, so whoever acts as that ends it"
    raise BeyondAuthority(
        message, employee=employee, role=role, reason="escalated", sum=waits.sum, limit=None, to=waits.role
    )


def _authority_of(policy: StaffPolicy, record: EmployeeRecord, employee: str, now: datetime) -> Authority:
    """
    What *employee* may grant.

    Raises:
        NoAuthority: If they have no role, or one that the policy has no longer.
    """
    role = record.role(now)
    if (found := policy.roles.get(role)) is not None:
        return found
    has = f"acts as {role!r}, which has no authority" if role else "has no role"
    message = f"{employee} {has}; write care.appoint({employee!r}, role, key=…) with a role of StaffPolicy(authorities)"
    raise NoAuthority(message, employee=employee, role=role)


@frozen
class _Asked:
    """
    What is to be granted, and what was before.

    Attributes:
        forms: What it counts for, by form.
        earlier: What was granted for the complaint before.
        used: What the employee granted in this role on this day before.
    """

    forms: Mapping[str, Money]
    earlier: Money
    used: Money

    @property
    def sum(self) -> Money:
        """What all of it counts for."""
        return sum(self.forms.values(), Money.zero(self.earlier.currency))

    @property
    def total(self) -> Money:
        """What the complaint would come to."""
        return self.earlier + self.sum

    def beyond(self, authority: Authority, *, today: bool = True) -> str | None:
        """Why *authority* does not reach that far, *today* by what was used of the day; None if it does."""
        if authority.forms is not None and not set(self.forms) <= set(authority.forms):
            return "form"
        return self._over(authority, today=today)

    def within(self, authority: Authority) -> bool:
        """Whether *authority* reaches that far by its sums, whatever the forms."""
        return self._over(authority, today=True) is None

    def _over(self, authority: Authority, *, today: bool) -> str | None:
        if authority.case is not None and self.total > authority.case:
            return "case limit"
        if today and authority.day is not None and self.used + self.sum > authority.day:
            return "day limit"
        return None


def _ended(command: Resolve, known: Known, complaint: Complaint, role: str, asked: _Asked | None = None) -> Decision:
    """The complaint, ended: with the grants in the member's stream, and what they count for in the employee's."""
    key, now, by = command.key, known.now, command.by
    forms = {} if asked is None else asked.forms
    entries: dict[str, tuple[Entry, ...]] = {
        care_stream(command.member): (
            *(
                GoodwillGranted(
                    at=now, now=now, grant=f"{key}/{form}", complaint=complaint.id, by=by, role=role, form=form,
                    minor=worth.minor, currency=worth.currency, points=command.points if form == POINTS else 0,
                )
                for form, worth in forms.items()
            ),
            ComplaintResolved(
                at=now, now=now, complaint=complaint.id, by=by, role=role, resolution=command.resolution
            ),
        )
    }  # fmt: skip
    receipt = ResolutionReceipt(
        member=command.member, at=now, complaint=complaint.id, code=complaint.code, state="resolved", by=by, role=role,
        resolution=command.resolution, zone=known.zone.key,
    )  # fmt: skip
    if asked is None:
        return Decision(receipt, entries)
    receipt = evolve(
        receipt, granted={form: each.minor for form, each in forms.items()}, points=command.points,
        currency=asked.sum.currency, sum_minor=asked.total.minor, day_minor=(asked.used + asked.sum).minor,
        earlier_minor=asked.earlier.minor,
    )  # fmt: skip
    entries[staff_stream(by)] = (
        AuthorityUsed(
            at=now, now=now, grant=key, complaint=complaint.id, member=command.member, role=role,
            day=local_date(now, known.zone), minor=asked.sum.minor, currency=asked.sum.currency,
        ),
    )  # fmt: skip
    if not command.points:
        return Decision(receipt, entries)
    goodwill = Goodwill(
        member=command.member, points=command.points, reason="complaint", by=by, key=fitting(f"goodwill/{key}"), now=now
    )
    return Decision(receipt, entries, (goodwill,))


def _further_up(
    known: Known, complaint: Complaint, authority: Authority, by: str, *, reason: str, asked: _Asked | None = None
) -> Decision:
    """
    The complaint, with whoever may decide it: the first role above that may, or the highest.

    Raises:
        BeyondAuthority: If there is no role above.
    """
    now, above = known.now, known.policy.staff.above(authority.role)
    limit = {"case limit": authority.case, "day limit": authority.day}.get(reason)
    if not above:
        would = None if asked is None else asked.total
        message = f"no role is above {authority.role!r}"
        if would is not None:
            figures = f"{would} in all" + ("" if limit is None else f", the limit is {limit}")
            message = f"{authority.role!r} may not grant that ({reason}): {figures}; {message}, so grant less"
        else:
            message += "; whoever acts as that decides"
        raise BeyondAuthority(message, employee=by, role=authority.role, reason=reason, sum=would, limit=limit)
    able = (each for each in above if asked is None or asked.beyond(each, today=False) is None)
    to, due = next(able, above[-1]).role, now + authority.answers
    escalated = ComplaintEscalated(at=now, now=now, complaint=complaint.id, by=by, role=to, due=due, reason=reason)
    receipt = ResolutionReceipt(
        member=complaint.member, at=now, complaint=complaint.id, code=complaint.code, state="escalated", by=by,
        role=authority.role, to=to, due=due, reason=reason, zone=known.zone.key,
    )  # fmt: skip
    if asked is not None:
        total, least = asked.total.minor, 0 if limit is None else limit.minor
        escalated = evolve(
            escalated, asked_minor=asked.sum.minor, sum_minor=total, limit_minor=least, currency=asked.sum.currency
        )
        receipt = evolve(
            receipt, earlier_minor=asked.earlier.minor, day_minor=asked.used.minor, sum_minor=total,
            limit_minor=least, currency=asked.sum.currency,
        )  # fmt: skip
    return Decision(receipt, {care_stream(complaint.member): (escalated,)})
