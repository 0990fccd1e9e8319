"""Contacts: a kind, spaced plan of them is started, and each is made when its day has come, never sooner."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import ClassVar

from attrs import field, frozen

from fidelity.care.command import CareCommand, Decision, Known, told_id
from fidelity.care.dignity.contacts import ContactPlan, Pressure, pressure_of
from fidelity.care.dignity.hard_times import HardTimes
from fidelity.care.dignity.missing import hint_of, known_payment, moment
from fidelity.care.dignity.protecting import Steps, hard_times
from fidelity.care.dignity.state import PlannedContact
from fidelity.care.receipt import CareReceipt
from fidelity.entries.hardship import ContactDropped, ContactMade, ContactPlanned
from fidelity.errors import (
    ContactOver,
    ContactsStand,
    GrowingPressureError,
    HardshipStands,
    UnknownContact,
    ValueRefused,
)
from fidelity.values.money import Money
from fidelity.values.naming import code
from fidelity.values.spelling import shown
from fidelity.values.zones import local_date
from fidelity.wording import hardship as said

__all__ = ["ContactReceipt", "MakeContact", "StartContacts", "contact_words"]


@frozen(kw_only=True)
class ContactReceipt(CareReceipt):
    """
    What came of a command about contacts.

    Attributes:
        payment: The missed payment that they are about.
        contacts, days: The contacts that are to come, and the day of each.
        made: The contact that was made; empty when they were planned.
        does: What that contact did.
        due, minor, currency: When the payment was expected, and what is open of it.
    """

    kind: ClassVar[str] = "contacts"

    payment: str
    contacts: tuple[str, ...] = ()
    days: tuple[date, ...] = ()
    made: str = ""
    does: str = ""
    due: date
    minor: int
    currency: str

    def told(self, language: str) -> str:
        """What the contact says that was made; nothing when contacts are planned."""
        if not self.made:
            return ""
        return said.contact(language, self.does, Money(self.minor, self.currency), self.due)


def _plan(value: ContactPlan | None) -> ContactPlan | None:
    if value is None or isinstance(value, ContactPlan):
        return value
    message = f"plan is a ContactPlan([Contact(5), …]), not {shown(value)}"
    raise ValueRefused(message, field="plan", value=value)


@frozen(kw_only=True)
class StartContacts(CareCommand):
    """Plan contacts about a missed *payment*: *plan*, or those of the policy. The key is the plan's id."""

    name: ClassVar[str] = "start contacts"
    approaches: ClassVar[bool] = True

    member: str
    payment: str
    plan: ContactPlan | None = field(default=None, converter=_plan)

    @property
    def people(self) -> tuple[str, ...]:
        """With whom."""
        return (told_id(self.member, "member"),)

    def decide(self, known: Known) -> Decision:
        """The contacts, in place of the one that was proposed."""
        before, policy = hard_times(known, self.member), known.policy.dignity
        payment, plan = known_payment(before, self.payment), self.plan or policy.contacts
        if before.case is not None:
            message = f"the hardship case {before.case.id!r} is open; its adviser talks with {self.member}"
            raise HardshipStands(f"{message}, and no contacts are planned", case=before.case.id)
        standing = tuple(each.id for each in before.to_come if each.plan)
        if standing:
            message = f"contacts with {self.member} are planned already: {', '.join(standing)}"
            raise ContactsStand(f"{message}; there is one row of them at a time", contacts=standing)
        if any(gap < policy.gap_days for gap in plan.gaps_days):
            reasons = (Pressure.TOO_CLOSE,)
            message = pressure_of(reasons, what=f"with fewer than {policy.gap_days} days between contacts, this plan")
            raise GrowingPressureError(message, reasons=reasons, gaps_days=plan.gaps_days, contacts=plan.contacts)
        steps = Steps(known, self.member)
        proposed = {each.id for each in before.to_come}
        own = sum(each.payment == payment.id and each.id not in proposed for each in before.contacts)
        names = [f"{payment.id}/{own + number}" for number in range(1, len(plan.contacts) + 1)]
        steps = steps.then(
            ContactDropped(at=known.now, now=known.now, contact=each, reason="planned anew")
            for each in proposed - {*names}
        )
        later = _later(plan, payment.due, known, before)
        steps = steps.then(
            ContactPlanned(
                at=known.now, now=known.now, contact=name, plan=self.key, due=day + later, tone=each.tone,
                message=str(each.does), payment=payment.id,
            )
            for name, day, each in zip(names, plan.dates(payment.due), plan.contacts, strict=True)
        )  # fmt: skip
        return _decision(steps, payment.id, known.now)


def _later(plan: ContactPlan, due: date, known: Known, before: HardTimes) -> timedelta:
    """By how much the whole plan comes later: nothing is planned for the past, nor close on an earlier contact."""
    today, first = local_date(known.now, known.zone), plan.dates(due)[0]
    return max(today, first, before.earliest(known.policy.dignity.gap_days) or first) - first


@frozen(kw_only=True)
class MakeContact(CareCommand):
    """Take note that *contact* was made by *channel*, at *at* or now."""

    name: ClassVar[str] = "make contact"
    approaches: ClassVar[bool] = True

    member: str
    contact: str
    channel: str = ""
    at: datetime | None = field(default=None, converter=moment)

    @property
    def people(self) -> tuple[str, ...]:
        """With whom."""
        return (told_id(self.member, "member"),)

    def decide(self, known: Known) -> Decision:
        """The contact, made."""
        code(self.channel, "channel", optional=True)
        at, before = known.when(self.at), hard_times(known, self.member)
        contact = _to_come(before, self.contact)
        day = local_date(at, known.zone)
        if contact.id != before.to_come[0].id or day < contact.day:
            first = before.to_come[0]
            message = f"the contact {contact.id!r} is for {contact.day}, and {first.id!r} for {first.day} comes first"
            if contact.id == first.id:
                message = f"the contact {contact.id!r} is for {contact.day} and would come on {day}"
            reasons = (Pressure.TOO_SOON,)
            raise GrowingPressureError(
                f"{message}; none comes sooner than planned", reasons=reasons, gaps_days=(), contact=contact.id
            )
        made = ContactMade(at=at, now=known.now, contact=contact.id, channel=self.channel)
        return _decision(Steps(known, self.member).then((made,)), contact.payment, at, contact)


def _to_come(known: HardTimes, contact: str) -> PlannedContact:
    found = {each.id: each for each in known.contacts}
    if contact not in found:
        message = f"no contact {contact!r} with {known.member} was planned; {hint_of(contact, found, 'plan it first')}"
        raise UnknownContact(message, contact=contact, member=known.member)
    each = found[contact]
    if not each.to_come:
        why = f" ({each.reason})" if each.reason else ""
        message = f"the contact {contact!r} was {each.state} before{why}; there is nothing to make"
        raise ContactOver(message, contact=contact, state=each.state, reason=each.reason)
    return each


def contact_words(known: HardTimes, contact: str, language: str) -> str:
    """
    What *contact*, which is to come, says in *language*: about the payment that is open the longest.

    Raises:
        UnknownContact: If it was never planned.
        ContactOver: If it was made or dropped.
    """
    each, payment = _to_come(known, contact), known.open_payments[0]
    return said.contact(language, each.does, payment.open, payment.due)


def _decision(steps: Steps, payment: str, at: datetime, made: PlannedContact | None = None) -> Decision:
    after = steps.after
    coming, about = after.to_come, after.open_payments[0] if made else after.payments[payment]
    receipt = ContactReceipt(
        member=steps.member, at=at, payment=payment, contacts=tuple(each.id for each in coming),
        days=tuple(each.day for each in coming), made="" if made is None else made.id,
        does="" if made is None else made.does, due=about.due, minor=about.open.minor, currency=about.open.currency,
    )  # fmt: skip
    return steps.decision(receipt)
