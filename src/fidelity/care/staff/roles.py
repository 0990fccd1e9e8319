"""In which role an employee acts, and how much of the day's authority they have used."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import ClassVar

from attrs import frozen

from fidelity.care.command import CareCommand, Decision, Known, staff_stream, told_id
from fidelity.care.receipt import CareReceipt
from fidelity.care.staff.authority import Authority
from fidelity.entries import Entry
from fidelity.entries.staff import AuthorityUsed, RoleEnded, RoleGiven
from fidelity.errors import NoAuthority, ValueRefused
from fidelity.values.money import Money
from fidelity.values.spelling import suggest

__all__ = ["Appoint", "AuthorityLeft", "EmployeeRecord", "Relieve", "RoleReceipt"]


class EmployeeRecord:
    """
    What is remembered of the authority of one employee.

    Args:
        entries: Their stream.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._turns: list[tuple[datetime, str]] = []
        self._used: list[AuthorityUsed] = []
        for each in entries:
            match each:
                case RoleGiven():
                    self._turns.append((each.at, each.role))
                case RoleEnded():
                    self._turns.append((each.at, ""))
                case AuthorityUsed():
                    self._used.append(each)

    def role(self, at: datetime) -> str:
        """In which role they act at *at*; empty if in none."""
        past = [role for since, role in self._turns if since <= at]
        return past[-1] if past else ""

    def used(self, role: str, day: date, currency: str) -> Money:
        """What they granted as *role* on the local *day*."""
        minor = sum(each.minor for each in self._used if (each.role, each.day, each.currency) == (role, day, currency))
        return Money(minor, currency)


@frozen(kw_only=True)
class AuthorityLeft:
    """
    What an employee may still grant on a day.

    Attributes:
        employee: Who.
        role: In which role; empty if in none, and then nothing.
        day: The local day of the program.
        case: The most for one complaint; None means no limit.
        spent: What was granted on the day in this role; None where authority has no currency.
        left: What may still be granted on the day; None means no limit.
        forms: What may be granted; None means anything.
        escalates_to: Who decides what goes beyond.
    """

    employee: str
    role: str
    day: date
    case: Money | None = None
    spent: Money | None = None
    left: Money | None = None
    forms: tuple[str, ...] | None = None
    escalates_to: str = ""

    @classmethod
    def of(cls, employee: str, record: EmployeeRecord, at: datetime, day: date, known: Known) -> AuthorityLeft:
        """What *employee* may still grant on *day*, as known at *at*."""
        policy, role = known.policy.staff, record.role(at)
        found: Authority | None = policy.roles.get(role)
        if found is None:
            return cls(employee=employee, role=role, day=day)
        spent = record.used(role, day, policy.currency) if policy.currency else None
        left = None
        if found.day is not None and spent is not None:
            # A limit that was lowered during the day leaves nothing, and never less.
            left = Money(max(0, found.day.minor - spent.minor), spent.currency)
        return cls(
            employee=employee, role=role, day=day, case=found.case, spent=spent, left=left, forms=found.forms,
            escalates_to=found.escalates_to,
        )  # fmt: skip


@frozen(kw_only=True)
class RoleReceipt(CareReceipt):
    """
    What came of an appointment.

    Attributes:
        employee: Who.
        role: In which role they act from now on; empty if in none.
    """

    kind: ClassVar[str] = "role"

    employee: str
    role: str = ""


@frozen(kw_only=True)
class Appoint(CareCommand):
    """From now on *employee* acts as *role*, with its authority."""

    name: ClassVar[str] = "appoint"

    employee: str
    role: str

    @property
    def employees(self) -> tuple[str, ...]:
        """Who."""
        return (told_id(self.employee, "employee"),)

    def decide(self, known: Known) -> Decision:
        """The role, given."""
        roles = known.policy.staff.roles
        if not isinstance(self.role, str) or self.role not in roles:
            hint = suggest(self.role, roles) or f"there are {', '.join(roles) or 'none'}: StaffPolicy(authorities=…)"
            message = f"no role is called {self.role!r:.80}; {hint}"
            raise ValueRefused(message, role=self.role)
        given = RoleGiven(at=known.now, now=known.now, role=self.role)
        receipt = RoleReceipt(at=known.now, employee=self.employee, role=self.role)
        return Decision(receipt, {staff_stream(self.employee): (given,)})


@frozen(kw_only=True)
class Relieve(CareCommand):
    """From now on *employee* has no role, and grants nothing."""

    name: ClassVar[str] = "relieve"

    employee: str

    @property
    def employees(self) -> tuple[str, ...]:
        """Who."""
        return (told_id(self.employee, "employee"),)

    def decide(self, known: Known) -> Decision:
        """The role, ended."""
        if not EmployeeRecord(known.of_staff(self.employee)).role(known.now):
            message = f"{self.employee} has no role; there is nothing to end"
            raise NoAuthority(message, employee=self.employee, role="")
        ended = RoleEnded(at=known.now, now=known.now)
        receipt = RoleReceipt(at=known.now, employee=self.employee)
        return Decision(receipt, {staff_stream(self.employee): (ended,)})
