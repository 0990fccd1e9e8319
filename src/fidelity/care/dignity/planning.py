"""Payment plans: agreed on together, paid instalment by instalment, without any charge."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import ClassVar

from attrs import field, frozen

from fidelity.care.command import CareCommand, Decision, Known, told_id
from fidelity.care.dignity.hard_times import HardTimes
from fidelity.care.dignity.helping import open_case
from fidelity.care.dignity.instalments import PaymentPlan, PlanState, agreed, no_charge
from fidelity.care.dignity.missing import above_zero, hint_of, known_payment, moment
from fidelity.care.dignity.protecting import Steps, closing, ending_paid, hard_times
from fidelity.care.receipt import CareReceipt
from fidelity.entries.hardship import InstalmentPaid, PaymentPlanAgreed
from fidelity.errors import OutOfTime, PaymentOver, PaymentPlanOver, UnknownPaymentPlan, ValueRefused
from fidelity.values.money import Money
from fidelity.values.spelling import shown
from fidelity.values.whole import whole_number
from fidelity.values.zones import local_date
from fidelity.wording import hardship as said

__all__ = ["AgreePlan", "PayInstalment", "PlanReceipt", "plan_words"]


@frozen(kw_only=True)
class PlanReceipt(CareReceipt):
    """
    What came of a command about a payment plan.

    Attributes:
        plan, case: Its id, and that of the hardship case.
        state: ``agreed``, ``running`` or ``completed``.
        currency: Of all amounts, which are in minor units.
        minor: What was paid just now; 0 when it was agreed.
        total, recovered, outstanding: What was agreed, what has come, and what is to come.
        instalments: How many there are.
        first, last: The days of the first and the last one.
        next_due, next_minor: The next instalment, and what is open of it; None and 0 when all is paid.
        grace_days: How many days after its date an instalment is still in time.
        protected: Whether the member is protected after it.
    """

    kind: ClassVar[str] = "payment plan"

    plan: str
    case: str
    state: str
    currency: str
    minor: int = 0
    total: int
    recovered: int
    outstanding: int
    instalments: int
    first: date
    last: date
    next_due: date | None = None
    next_minor: int = 0
    grace_days: int
    protected: bool = True

    def told(self, language: str) -> str:
        """What the member may be told."""
        if self.state == "agreed":
            first = Money(self.next_minor, self.currency)
            return said.agreed(language, self.instalments, first, (self.first, self.last), grace_days=self.grace_days)
        paid, left = Money(self.minor, self.currency), Money(self.outstanding, self.currency)
        if self.next_due is None:
            return said.completed(language, paid, protected=self.protected)
        return said.instalment(language, paid, left, Money(self.next_minor, self.currency), self.next_due)


def _owed(value: Money | str | None) -> Money | None:
    return None if value is None else above_zero(value)


def _grace(value: int | None) -> int | None:
    return None if value is None else whole_number(value, what="grace_days", low=0, high=366)


def _payments(value: Iterable[str] | None) -> tuple[str, ...] | None:
    if value is None:
        return None
    if isinstance(value, str) or not isinstance(value, Iterable):
        message = f'payments names the payments that the plan covers, such as ("P-1",), not {shown(value)}'
        raise ValueRefused(message, field="payments", value=value)
    return tuple(dict.fromkeys(told_id(each, "payments") for each in value))


@frozen(kw_only=True)
class AgreePlan(CareCommand):
    """Agree on *instalments* within a hardship case; they replace those agreed on before. The key is the plan's id."""

    name: ClassVar[str] = "agree plan"
    approaches: ClassVar[bool] = True

    member: str
    case: str
    instalments: Iterable[tuple[date, Money]] = field(converter=agreed)
    owed: Money | None = field(default=None, converter=_owed)
    grace_days: int | None = field(default=None, converter=_grace)
    payments: tuple[str, ...] | None = field(default=None, converter=_payments)

    @property
    def people(self) -> tuple[str, ...]:
        """With whom."""
        return (told_id(self.member, "member"),)

    def decide(self, known: Known) -> Decision:
        """The plan."""
        before = hard_times(known, self.member)
        case, days = open_case(before, self.case), agreed(self.instalments)
        today = local_date(known.now, known.zone)
        if days[0][0] < today:
            message = f"the first instalment is for {days[0][0]}, and it is {today}; agree on what is to come"
            raise OutOfTime(message, due=days[0][0], now=known.now)
        total = sum((amount for _, amount in days), Money.zero(days[0][1].currency))
        covered = self._covered(before, case.id, total.currency)
        # What is owed besides what was missed, only the host can tell; untold, it is what we know of.
        owed = self.owed or self._left(before, covered, total.currency, today) or total
        no_charge(total, owed)
        grace = known.policy.dignity.grace_days if self.grace_days is None else self.grace_days
        plan = PaymentPlanAgreed(
            at=known.now, now=known.now, plan=self.key, case=case.id, currency=total.currency, grace_days=grace,
            instalments=tuple((day.isoformat(), amount.minor) for day, amount in days), owed_minor=owed.minor,
            payments=covered,
        )  # fmt: skip
        return _decision(Steps(known, self.member).then((plan,)), self.key, known.now, state="agreed")

    def _covered(self, known: HardTimes, case: str, currency: str) -> tuple[str, ...]:
        """The payments that the plan covers: those named, or all that are open in its currency."""
        if self.payments is None:
            # What the plan before names and what was not missed yet is still part of what both agreed on.
            plan = known.plan
            ahead = known.to_be_missed(plan) if plan is not None and plan.owed.currency == currency else ()
            return (*(each.id for each in known.not_covered(currency, case)), *ahead)
        for each in self.payments:
            other = known.covering(each, beside=case)
            if other is not None:
                message = f"the payment {each!r} is part of the plan {other.id!r}; it is paid once"
                raise PaymentOver(message, payment=each, state="in a plan")
            # What has not been missed may be covered too, if it is told how much is owed in all.
            if each in known.payments or (self.owed is None and each not in known.ahead.names):
                found = known_payment(known, each)
                if found.amount.currency != currency:
                    message = f"the payment {each!r} is in {found.amount.currency}, and the plan in {currency}"
                    raise ValueRefused(message, field="payments", value=each)
        return self.payments

    def _left(self, known: HardTimes, covered: tuple[str, ...], currency: str, today: date) -> Money | None:
        """What is still owed, as far as we were told: of the plan that runs, or of the payments covered; or None."""
        if self.payments is None and known.plan is not None and known.plan.owed.currency == currency:
            return known.plan.standing(today).outstanding
        payments = [known.payments[each] for each in covered if each in known.payments]
        ahead = known.ahead.open(currency) if known.ahead.names & {*covered} else 0
        return sum((each.open for each in payments), Money(ahead, currency)) if payments or ahead else None


@frozen(kw_only=True)
class PayInstalment(CareCommand):
    """Take note that *amount* came for a payment plan: of the instalments that are open, the first ones first."""

    name: ClassVar[str] = "pay instalment"

    member: str
    plan: str
    amount: Money = field(converter=above_zero)
    at: datetime | None = field(default=None, converter=moment)

    @property
    def people(self) -> tuple[str, ...]:
        """Whose it is."""
        return (told_id(self.member, "member"),)

    def decide(self, known: Known) -> Decision:
        """The payment; with the last one the case is closed."""
        at = known.when(self.at)
        before = hard_times(known, self.member)
        plan, day = _running(before, self.plan), local_date(at, known.zone)
        if self.amount.currency != plan.owed.currency:
            message = (
                f"the plan {plan.id!r} is in {plan.owed.currency}, not in {self.amount.currency}; convert it first"
            )
            raise ValueRefused(message, field="amount", value=self.amount)
        paid = tuple(
            InstalmentPaid(at=at, now=known.now, plan=plan.id, number=number, minor=minor)
            for number, minor in plan.paying(self.amount, day)
        )
        steps = Steps(known, self.member).then(paid)
        if steps.after.completed(plan.id, date.max):
            steps = closing(steps, before.cases[plan.case], "completed")
        else:
            steps = ending_paid(steps, reason="paid")
        return _decision(steps, plan.id, at, minor=self.amount.minor)


def plan_words(known: HardTimes, plan: str, day: date, language: str) -> str:
    """
    What is said on *day* of the first instalment that has had its day and has not come; nothing where there is none.

    Raises:
        UnknownPaymentPlan, PaymentPlanOver: If there is no such plan, or nothing is open in it.
    """
    found = _running(known, plan)
    now = found.standing(day)
    if now.next_due is None or now.next_amount is None or now.next_due >= day:
        return ""
    until = now.next_due + timedelta(found.grace_days)
    return said.instalment_open(language, now.next_amount, now.next_due, until, in_time=day <= until)


def _running(known: HardTimes, plan: str) -> PaymentPlan:
    found = known.plans.get(plan)
    if found is None:
        message = f"{known.member} has no payment plan {plan!r}; {hint_of(plan, known.plans, 'agree on it first')}"
        raise UnknownPaymentPlan(message, plan=plan, member=known.member)
    state = found.standing(date.max).state
    if state is not PlanState.RUNNING or known.cases[found.case].closed is not None:
        said_state = str(state) if state is not PlanState.RUNNING else "closed with its case"
        message = f"the payment plan {plan!r} is {said_state}; nothing is open in it"
        raise PaymentPlanOver(message, plan=plan, state=said_state)
    return found


def _decision(steps: Steps, name: str, at: datetime, *, minor: int = 0, state: str = "") -> Decision:
    plan = steps.after.plans[name]
    now = plan.standing(date.max)
    receipt = PlanReceipt(
        member=steps.member, at=at, plan=name, case=plan.case, state=state or str(now.state),
        currency=plan.owed.currency, minor=minor, total=plan.total.minor, recovered=now.recovered.minor,
        outstanding=now.outstanding.minor, instalments=len(plan.instalments), first=plan.instalments[0].due,
        last=plan.instalments[-1].due, next_due=now.next_due,
        next_minor=0 if now.next_amount is None else now.next_amount.minor, grace_days=plan.grace_days,
        protected=steps.protected,
    )  # fmt: skip
    return steps.decision(receipt)
