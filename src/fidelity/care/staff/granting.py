"""Granting outside a complaint: what an employee accepts or promises counts against their authority as a grant does."""

from __future__ import annotations

from fidelity.care.command import Known
from fidelity.care.staff.authority import POINTS
from fidelity.care.staff.roles import EmployeeRecord
from fidelity.entries.staff import AuthorityUsed
from fidelity.errors import BeyondAuthority, NoAuthority
from fidelity.values.money import Money
from fidelity.values.zones import local_date

__all__ = ["authority_used"]


def authority_used(
    known: Known, by: str, member: str, *, grant: str, what: str, form: str = POINTS, points: int = 0,
    worth: Money | None = None,
) -> AuthorityUsed:  # fmt: skip
    """
    What a grant to *member* uses of the authority of *by*, to be written in their stream.

    Args:
        known: What is known, with the stream of *by*.
        by: The employee.
        member: Whose it is.
        grant: The id under which it counts.
        what: What it is, for whoever reads the refusal.
        form: What is granted.
        points: How many points; they count by the worth that the policy publishes.
        worth: What it is worth at least.

    Raises:
        NoAuthority: If they have no role with an authority.
        BeyondAuthority: If it is more than they may grant, in a form that they do not, or in another currency.
        ValueRefused: If points are granted and the policy publishes no worth of one.
    """
    policy, record = known.policy.staff, EmployeeRecord(known.of_staff(by))
    role, day = record.role(known.now), local_date(known.now, known.zone)
    authority = policy.roles.get(role)
    if authority is None:
        message = f"{by} has no role with an authority; appoint them, or let somebody decide who has one"
        raise NoAuthority(message, employee=by, role=role)

    def beyond(reason: str, told: str, comes_to: Money | None, limit: Money | None = None) -> BeyondAuthority:
        message = f"{told}; let the role above decide" if authority.escalates_to else f"{told}; grant less"
        return BeyondAuthority(message, employee=by, role=role, reason=reason, sum=comes_to, limit=limit)

    if authority.forms is not None and form not in authority.forms:
        raise beyond("form", f"the role {role} may grant {', '.join(authority.forms)}, and {what} is {form!r}", worth)
    if worth is not None and policy.currency not in ("", worth.currency):
        told = f"authority counts in {policy.currency}, and {what} is worth {worth}"
        raise BeyondAuthority(
            f"{told}; tell its worth in {policy.currency}", employee=by, role=role, reason="currency", sum=worth,
            limit=None,
        )  # fmt: skip
    # Without a worth of its own it is points, which count by what is published, and never without.
    counts = worth if worth is not None and not points else policy.worth(points)
    if worth is not None and points:
        counts = max(worth, counts)
    used = record.used(role, day, counts.currency)
    limits = (("case limit", authority.case, counts), ("day limit", authority.day, used + counts))
    for reason, limit, comes_to in limits:
        if limit is not None and comes_to > limit:
            raise beyond(reason, f"the role {role} may grant {limit}, and {what} comes to {comes_to}", comes_to, limit)
    return AuthorityUsed(
        at=known.now, now=known.now, grant=grant, complaint="", member=member, role=role, day=day,
        minor=counts.minor, currency=counts.currency,
    )  # fmt: skip
