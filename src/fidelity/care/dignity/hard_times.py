"""The hard times of one member, as a fold of what is remembered: payments, contacts, cases, plans, protection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import pairwise
from types import MappingProxyType

from attrs import evolve

from fidelity.care.dignity.ahead import Ahead
from fidelity.care.dignity.instalments import Instalment, PaymentPlan, PlanState
from fidelity.care.dignity.state import HardshipCase, MissedPayment, PlannedContact, spaced
from fidelity.care.dignity.tally import Tally
from fidelity.entries import Entry
from fidelity.entries.hardship import (
    AdviceGiven,
    ContactDropped,
    ContactMade,
    ContactPlanned,
    HardshipClosed,
    HardshipOpened,
    InstalmentPaid,
    PaymentMissed,
    PaymentPlanAgreed,
    PaymentReceived,
    ProtectionEnded,
    ProtectionStarted,
)
from fidelity.values.money import Money

__all__ = ["HardTimes"]

_KINDS = frozenset(
    {
        AdviceGiven, ContactDropped, ContactMade, ContactPlanned, HardshipClosed, HardshipOpened, InstalmentPaid,
        PaymentMissed, PaymentPlanAgreed, PaymentReceived, ProtectionEnded, ProtectionStarted,
    }
)  # fmt: skip


class HardTimes:
    """
    What is known of the hard times of a member.

    Args:
        member: Whose they are.
        entries: What is remembered of them.
        zone: Whose days count.
    """

    def __init__(self, member: str, entries: Iterable[Entry], zone: tzinfo = UTC) -> None:
        self.member, self._zone = member, zone
        self._payments: dict[str, MissedPayment] = {}
        self._contacts: dict[str, PlannedContact] = {}
        self._cases: dict[str, HardshipCase] = {}
        self._plans: dict[str, PaymentPlan] = {}
        self._protections: dict[str, str] = {}
        self._row: list[str] = []
        self._before: tuple[date, int] | None = None
        self._tally = Tally()
        self._ahead = Ahead()
        for each in entries:
            # A care stream holds much else: promises, requests, praise.
            if type(each) in _KINDS:
                self._follow(each)

    def __repr__(self) -> str:
        said = [f"payments missed: {len(self._payments)}, open: {len(self.open_payments)}"]
        said += [f"case {self.case.id!r} open"] if self.case else []
        return f"<HardTimes of {self.member}: {', '.join(said)}>"

    @property
    def payments(self) -> Mapping[str, MissedPayment]:
        """Every missed payment, by id."""
        return MappingProxyType(self._payments)

    @property
    def cases(self) -> Mapping[str, HardshipCase]:
        """Every hardship case, by id."""
        return MappingProxyType(self._cases)

    @property
    def plans(self) -> Mapping[str, PaymentPlan]:
        """Every payment plan, by id."""
        return MappingProxyType(self._plans)

    @property
    def protections(self) -> Mapping[str, str]:
        """The protections that stand: their cause by id."""
        return MappingProxyType(self._protections)

    @property
    def tally(self) -> Tally:
        """What was owed and what came, by currency."""
        return self._tally

    @property
    def ahead(self) -> Ahead:
        """What plans name that has not been missed."""
        return self._ahead

    @property
    def contacts(self) -> tuple[PlannedContact, ...]:
        """Every contact, in the order in which they were planned; of those to come, the day that holds now."""
        days = spaced(self._in_row())
        return tuple(evolve(each, day=days.get(each.id, each.due)) for each in self._contacts.values())

    @property
    def to_come(self) -> tuple[PlannedContact, ...]:
        """The contacts that are still to be made, the next one first."""
        return tuple(sorted((each for each in self.contacts if each.to_come), key=lambda each: each.day))

    @property
    def sent(self) -> tuple[date, ...]:
        """The days of the contacts that were made."""
        return tuple(each.made for each in self.contacts if each.made is not None)

    @property
    def dropped(self) -> tuple[date, ...]:
        """The days of the contacts that were dropped."""
        return tuple(each.day for each in self.contacts if each.dropped is not None)

    @property
    def open_payments(self) -> tuple[MissedPayment, ...]:
        """The payments that are still open, by the day on which they were due."""
        return tuple(sorted((each for each in self._payments.values() if each.over is None), key=lambda each: each.due))

    @property
    def case(self) -> HardshipCase | None:
        """The case that is open; None without one."""
        return next((each for each in self._cases.values() if each.closed is None), None)

    @property
    def plan(self) -> PaymentPlan | None:
        """The payment plan of the open case; None without one."""
        return None if self.case is None else self._plans.get(self.case.plan)

    @property
    def last_contact(self) -> tuple[date, int] | None:
        """
        The day of the last contact made, and the longest gap so far; None if none was made.

        Of these hard times; where none was made in them yet, of those before: no case and no payment begins it anew.
        """
        made = [each.made for each in self._in_row() if each.made is not None]
        if not made:
            return self._before
        gaps = [(later - earlier).days for earlier, later in pairwise(made)]
        return made[-1], max(gaps, default=0)

    @property
    def lasting(self) -> bool:
        """Whether hard times last: a payment or a case is open."""
        return any(each.over is None for each in self._payments.values()) or self.case is not None

    def contacts_due(self, day: date) -> tuple[PlannedContact, ...]:
        """The contact to be made on *day*, alone or none: what follows it is later."""
        return tuple(each for each in self.to_come[:1] if each.day <= day)

    def _in_row(self) -> tuple[PlannedContact, ...]:
        """The contacts of these hard times that were made or are to come, in the order of their days."""
        row = [self._contacts[each] for each in self._row if self._contacts[each].dropped is None]
        return tuple(sorted(row, key=lambda each: (each.made is None, each.made or each.due)))

    def _local(self, entry: Entry) -> date:
        return entry.at.astimezone(self._zone).date()

    def _follow(self, entry: Entry) -> None:
        lasted = self.lasting
        match entry:
            case PaymentMissed() | PaymentReceived():
                self._follow_payment(entry)
            case ContactPlanned() | ContactMade() | ContactDropped():
                self._follow_contact(entry)
            case HardshipOpened() | AdviceGiven() | HardshipClosed():
                self._follow_case(entry)
            case PaymentPlanAgreed() | InstalmentPaid():
                self._follow_plan(entry)
            case ProtectionStarted(protection=name):
                self._protections[name] = entry.cause
            case ProtectionEnded(protection=name):
                self._protections.pop(name, None)
        if lasted and not self.lasting:
            # What comes after a good time begins kindly again, only not close on what came before. A case that was
            # closed while something was open is no good time: the gaps that were kept hold on.
            last, unpaid = self.last_contact, any(each.open.minor for each in self._payments.values())
            self._before = None if last is None else (last[0], last[1] if unpaid else 0)
            self._row = []

    def _follow_payment(self, entry: PaymentMissed | PaymentReceived) -> None:
        known, amount = self._payments, Money(entry.minor, entry.currency)
        if isinstance(entry, PaymentMissed):
            # What a plan told of it before it was missed is not told again.
            self._ahead, told, came = self._ahead.missing(entry.payment, amount)
            known[entry.payment] = MissedPayment(
                id=entry.payment, due=entry.due, amount=amount, received=came, missed=entry.at
            )
            self._tally = self._tally.owing(amount - told, entry.at)
            return
        if entry.payment in known:
            self._received(known[entry.payment], amount.minor, entry.at)
        else:
            self._ahead = self._ahead.received(amount)
        self._tally = self._tally.received(amount)
        if (plan := self.covering(entry.payment)) is not None:
            self._plans[plan.id] = plan.after(amount, self._local(entry))

    def _follow_contact(self, entry: ContactPlanned | ContactMade | ContactDropped) -> None:
        known, name = self._contacts, entry.contact
        match entry:
            case ContactPlanned():
                known[name] = PlannedContact(
                    id=name, payment=entry.payment, plan=entry.plan, due=entry.due, day=entry.due, does=entry.message,
                    tone=entry.tone,
                )  # fmt: skip
                self._row = [*(each for each in self._row if each != name), name]
            case ContactMade():
                known[name] = evolve(known[name], made=self._local(entry), channel=entry.channel)
            case ContactDropped():
                day = spaced(self._in_row()).get(name, known[name].due)
                known[name] = evolve(known[name], due=day, day=day, dropped=entry.at, reason=entry.reason)

    def _follow_case(self, entry: HardshipOpened | AdviceGiven | HardshipClosed) -> None:
        known, name = self._cases, entry.case
        match entry:
            case HardshipOpened():
                known[name] = HardshipCase(
                    id=name, opened=entry.at, day=self._local(entry), adviser=entry.adviser, digest=entry.digest
                )
            case AdviceGiven():
                before = known[name]
                known[name] = evolve(
                    before, advice=(*before.advice, entry.code), adviser=before.adviser or entry.by,
                )  # fmt: skip
            case HardshipClosed():
                self._close_payments(known[name], entry.at)
                known[name] = evolve(known[name], closed=entry.at, outcome=entry.outcome)

    def _close_payments(self, case: HardshipCase, at: datetime) -> None:
        """Close what is open. A plan that is completed settles what it covers, and nothing else is closed by it."""
        plan = self._plans.get(case.plan)
        completed = plan is not None and plan.standing(date.max).state is PlanState.COMPLETED
        for payment in self.open_payments:
            if plan is None or not completed:
                self._payments[payment.id] = evolve(payment, over=at)
            elif payment.id in plan.payments:
                self._payments[payment.id] = evolve(payment, received=payment.amount, over=at)

    def _follow_plan(self, entry: PaymentPlanAgreed | InstalmentPaid) -> None:
        plans = self._plans
        if isinstance(entry, InstalmentPaid):
            plan, day = plans[entry.plan], self._local(entry)
            plans[plan.id] = plan.with_paid(entry.number, entry.minor, day)
            self._tally = self._tally.received(Money(entry.minor, plan.owed.currency), through_plan=True)
            self._pay_covered(plan, entry.minor, entry.at)
            return
        case = self._cases[entry.case]
        if case.plan:
            plans[case.plan] = evolve(plans[case.plan], replaced=entry.at)
        self._cases[case.id] = evolve(case, plan=entry.plan)
        instalments = tuple(
            Instalment(number=number, due=date.fromisoformat(day), amount=Money(minor, entry.currency))
            for number, (day, minor) in enumerate(entry.instalments, 1)
        )
        owed = Money(entry.owed_minor, entry.currency)
        covered = entry.payments or tuple(each.id for each in self.not_covered(entry.currency, entry.case))
        plans[entry.plan] = PaymentPlan(
            id=entry.plan, case=case.id, instalments=instalments, owed=owed, grace_days=entry.grace_days,
            agreed=entry.at, payments=covered,
        )  # fmt: skip
        zero = Money.zero(entry.currency)
        there = [each for each in self.open_payments if each.amount.currency == entry.currency]
        within = sum((each.open for each in there if each.id in covered), zero)
        besides = sum((each.open for each in there), zero) - within
        if not self._ahead.names & {*covered}:
            besides += Money(self._ahead.open(entry.currency), entry.currency)
        self._tally = self._tally.agreeing(owed, entry.at, besides)
        self._ahead = self._ahead.naming([each for each in covered if each not in self._payments], owed - within)

    def _pay_covered(self, plan: PaymentPlan, minor: int, at: datetime) -> None:
        """What came by an instalment is paid of the payments that the plan covers, the one that was due first first."""
        for payment in self.open_payments:
            if payment.id in plan.payments and (part := min(minor, payment.open.minor)):
                minor -= part
                self._received(payment, part, at)
        if self._ahead.names & {*plan.payments}:
            self._ahead = self._ahead.received(Money(minor, plan.owed.currency))

    def _received(self, payment: MissedPayment, minor: int, at: datetime) -> None:
        after = evolve(payment, received=payment.received + Money(minor, payment.amount.currency))
        self._payments[payment.id] = after if after.open.minor or after.over else evolve(after, over=at)

    def covering(self, payment: str, *, beside: str = "") -> PaymentPlan | None:
        """The plan that stands and covers *payment*, but for that of the case *beside*; None if none does."""
        standing = (
            self._plans[each.plan]
            for each in self._cases.values()
            if each.closed is None and each.plan and each.id != beside
        )
        return next((each for each in standing if payment in each.payments), None)

    def settled(self, payment: str, amount: Money) -> bool:
        """Whether all of *payment* came before it was missed: a plan that names it is completed, or *amount* came."""
        plans = (each for each in self._plans.values() if payment in each.payments)
        if any(each.standing(date.max).state is PlanState.COMPLETED for each in plans):
            return True
        return self._ahead.missing(payment, amount)[2] == amount

    def to_be_missed(self, plan: PaymentPlan) -> tuple[str, ...]:
        """The payments that *plan* covers and that have not been missed."""
        return tuple(each for each in plan.payments if each not in self._payments)

    def not_covered(self, currency: str, case: str) -> tuple[MissedPayment, ...]:
        """The open payments in *currency* that no plan of another case than *case* covers."""
        return tuple(
            each
            for each in self.open_payments
            if each.amount.currency == currency and self.covering(each.id, beside=case) is None
        )

    def completed(self, plan: str, day: date) -> bool:
        """Whether all of *plan* is paid by the end of *day*."""
        return self._plans[plan].standing(day).state is PlanState.COMPLETED

    def earliest(self, gap_days: int) -> date | None:
        """The first day on which another contact may come, at least *gap_days* after the last; None if any may."""
        last = self.last_contact
        return None if last is None else last[0] + timedelta(max(last[1], gap_days))
