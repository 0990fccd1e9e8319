"""Payment plans: what was agreed, and how it stands on a day. Nothing is ever added to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum

from attrs import evolve, frozen

from fidelity.care.dignity.contacts import Pressure
from fidelity.errors import GrowingPressureError, ValueRefused
from fidelity.values.money import Money, money
from fidelity.values.spelling import shown
from fidelity.values.whole import whole_number
from fidelity.values.zones import add_months

__all__ = [
    "Instalment",
    "InstalmentState",
    "PaymentPlan",
    "PlanStanding",
    "PlanState",
    "agreed",
    "every_month",
    "no_charge",
]

_MANY = 120


class InstalmentState(StrEnum):
    """How an instalment stands on a day."""

    TO_COME = "to come"
    WITHIN_GRACE = "within grace"
    MISSED = "missed"
    PAID = "paid"
    PAID_WITHIN_GRACE = "paid within grace"
    PAID_LATER = "paid later"


class PlanState(StrEnum):
    """How a payment plan stands."""

    RUNNING = "running"
    COMPLETED = "completed"
    REPLACED = "replaced"


@frozen(kw_only=True)
class Instalment:
    """
    One instalment of a payment plan.

    Attributes:
        number: The first is 1.
        due: Its day.
        amount: What was agreed.
        payments: What was paid of it, ``(day, minor units)`` each.
    """

    number: int
    due: date
    amount: Money
    payments: tuple[tuple[date, int], ...] = ()

    def paid(self, day: date) -> Money:
        """What was paid of it by the end of *day*."""
        return Money(sum(minor for on, minor in self.payments if on <= day), self.amount.currency)

    def settled(self, day: date) -> date | None:
        """The day on which the last of it came; None if something is open on *day*."""
        return max(on for on, _ in self.payments if on <= day) if self.paid(day) == self.amount else None

    def days_late(self, day: date) -> int:
        """By how many days it was, or is on *day*, past its date; 0 in time."""
        return max(((self.settled(day) or day) - self.due).days, 0)

    def state(self, day: date, grace_days: int) -> InstalmentState:
        """How it stands at the end of *day*."""
        settled, last = self.settled(day), self.due + timedelta(grace_days)
        if settled is not None:
            if settled <= self.due:
                return InstalmentState.PAID
            return InstalmentState.PAID_WITHIN_GRACE if settled <= last else InstalmentState.PAID_LATER
        if day < self.due:
            return InstalmentState.TO_COME
        return InstalmentState.WITHIN_GRACE if day <= last else InstalmentState.MISSED


@frozen(kw_only=True)
class PlanStanding:
    """
    How a payment plan stands at the end of a day.

    Attributes:
        day: That day.
        state: Running, completed or replaced.
        due: How many instalments had their day.
        paid: How many are paid in full, before their day or after it.
        missed: How many are past their grace and not paid in full.
        within_grace: How many have had their day, are not paid in full, and are still in time.
        kept_late_within_grace: How many were paid after their day and in time.
        recovered, outstanding: What came, and what is still to come.
        days_late: By how many days each instalment was, or is, past its date, by number; those in time are left out.
        next_due, next_amount: The first instalment that is not paid in full, and what is open of it.
    """

    day: date
    state: PlanState
    due: int
    paid: int
    missed: int
    within_grace: int
    kept_late_within_grace: int
    recovered: Money
    outstanding: Money
    days_late: Mapping[int, int]
    next_due: date | None = None
    next_amount: Money | None = None


@frozen(kw_only=True)
class PaymentPlan:
    """
    What both agreed on.

    Attributes:
        id: The key under which it was agreed.
        case: The hardship case that it belongs to.
        instalments: In the order of their days.
        owed: What was owed; the instalments never come to more.
        grace_days: How many days after its date an instalment is still in time.
        agreed: When.
        replaced: When another plan took its place; None if it did not.
        payments: The payments that it covers: they and the instalments share one balance.
    """

    id: str
    case: str
    instalments: tuple[Instalment, ...]
    owed: Money
    grace_days: int
    agreed: datetime
    replaced: datetime | None = None
    payments: tuple[str, ...] = ()

    @property
    def total(self) -> Money:
        """What all instalments come to."""
        return sum((each.amount for each in self.instalments), Money.zero(self.owed.currency))

    @property
    def charges(self) -> Money:
        """What the plan adds to what was owed: always nothing."""
        return max(self.total - self.owed, Money.zero(self.owed.currency))

    def standing(self, day: date) -> PlanStanding:
        """How it stands at the end of *day*."""
        states = [each.state(day, self.grace_days) for each in self.instalments]
        zero = Money.zero(self.owed.currency)
        recovered = sum((each.paid(day) for each in self.instalments), zero)
        settled = {InstalmentState.PAID, InstalmentState.PAID_WITHIN_GRACE, InstalmentState.PAID_LATER}
        paid = sum(each in settled for each in states)
        state = PlanState.COMPLETED if paid == len(states) else PlanState.RUNNING
        open_now = next((each for each in self.instalments if each.settled(day) is None), None)
        return PlanStanding(
            day=day,
            state=PlanState.REPLACED if self.replaced is not None else state,
            due=sum(each.due <= day for each in self.instalments),
            paid=paid,
            missed=states.count(InstalmentState.MISSED),
            within_grace=states.count(InstalmentState.WITHIN_GRACE),
            kept_late_within_grace=states.count(InstalmentState.PAID_WITHIN_GRACE),
            recovered=recovered,
            outstanding=self.total - recovered,
            days_late={each.number: each.days_late(day) for each in self.instalments if each.days_late(day)},
            next_due=None if open_now is None else open_now.due,
            next_amount=None if open_now is None else open_now.amount - open_now.paid(day),
        )

    def paying(self, amount: Money, day: date) -> tuple[tuple[int, int], ...]:
        """What *amount* pays, instalment by instalment from the first open one: ``(number, minor units)``."""
        left, parts = amount.minor, []
        for each in self.instalments:
            take = min(left, each.amount.minor - sum(minor for _, minor in each.payments))
            if take:
                parts.append((each.number, take))
                left -= take
        if left:
            open_now = Money(amount.minor - left, amount.currency)
            message = (
                f"{amount} is more than the {open_now} that are open in the plan {self.id!r}; tell what belongs to it"
            )
            raise ValueRefused(message, field="amount", value=amount, open=open_now, day=day)
        return tuple(parts)

    def after(self, amount: Money, day: date) -> PaymentPlan:
        """The plan after *amount* came on *day* for a payment that it covers: so much less is to come."""
        plan, left = self, min(amount, self.standing(date.max).outstanding)
        for number, minor in self.paying(left, day):
            plan = plan.with_paid(number, minor, day)
        return plan

    def with_paid(self, number: int, minor: int, day: date) -> PaymentPlan:
        """The plan after *minor* units of instalment *number* came on *day*."""
        rest = tuple(
            evolve(each, payments=(*each.payments, (day, minor))) if each.number == number else each
            for each in self.instalments
        )
        return evolve(self, instalments=rest)


def every_month(amount: Money | str, *, first: date, times: int) -> tuple[tuple[date, Money], ...]:
    """
    The same *amount* on the same day of *times* months, the last day of a month that is shorter.

    >>> every_month("1200 MXN", first=date(2026, 1, 31), times=2)[1]
    (datetime.date(2026, 2, 28), Money("1200.00 MXN"))
    """
    whole_number(times, what="times", low=1, high=_MANY)
    return tuple((add_months(_date(first), month), money(amount)) for month in range(times))


def _date(value: object) -> date:
    if type(value) is not date:
        message = f"an instalment has a day, such as date(2026, 2, 5), not {shown(value)}"
        raise ValueRefused(message, field="instalments", value=value)
    return value


def agreed(value: object) -> tuple[tuple[date, Money], ...]:
    """
    Instalments ``(day, amount)`` in the order of their days, in one currency.

    Raises:
        ValueRefused: If they are something else.
    """
    pairs = tuple(value) if isinstance(value, Iterable) and not isinstance(value, str) else ()
    if not 1 <= len(pairs) <= _MANY or not all(isinstance(each, tuple | list) and len(each) == 2 for each in pairs):  # noqa: PLR2004
        message = (
            f"a payment plan has 1 to {_MANY} instalments (day, amount), such as every_month(…), not {shown(value)}"
        )
        raise ValueRefused(message, field="instalments", value=value)
    found = tuple((_date(day), money(amount)) for day, amount in pairs)
    days, currencies = [day for day, _ in found], {amount.currency for _, amount in found}
    if days != sorted(set(days)):
        message = "instalments come in the order of their days, one a day"
        raise ValueRefused(message, field="instalments", value=value)
    if len(currencies) > 1 or any(amount.minor < 1 for _, amount in found):
        message = "instalments are amounts above zero, all in one currency"
        raise ValueRefused(message, field="instalments", value=value)
    return found


def no_charge(total: Money, owed: Money) -> None:
    """
    Make sure that a plan of *total* adds nothing to what was *owed*.

    Raises:
        GrowingPressureError: If it does.
    """
    if total > owed:
        message = f"the instalments come to {total}, and {owed} are owed; a payment plan adds no charge"
        raise GrowingPressureError(message, reasons=(Pressure.CHARGE_ADDED,), gaps_days=(), charge=total - owed)
