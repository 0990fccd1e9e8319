"""A payment that did not come: it protects at once and proposes one kind contact. A payment that came after all."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import ClassVar

from attrs import field, frozen

from fidelity.care.command import CareCommand, Decision, Known, told_id
from fidelity.care.dignity.hard_times import HardTimes
from fidelity.care.dignity.instalments import PaymentPlan
from fidelity.care.dignity.protecting import Steps, closing, dropping, ending, hard_times, proposing, protecting
from fidelity.care.dignity.state import MissedPayment
from fidelity.care.receipt import CareReceipt
from fidelity.entries.hardship import PaymentMissed, PaymentReceived
from fidelity.errors import OutOfTime, PaymentOver, UnknownPayment, ValueRefused
from fidelity.values.money import Money, money
from fidelity.values.naming import code
from fidelity.values.spelling import shown, suggest
from fidelity.values.zones import local_date, utc
from fidelity.wording import hardship as said

__all__ = [
    "MissPayment", "PaymentReceipt", "ReceivePayment", "above_zero", "day_of", "hint_of", "known_payment", "moment",
]  # fmt: skip


@frozen(kw_only=True)
class PaymentReceipt(CareReceipt):
    """
    What came of a command about a payment.

    Attributes:
        payment: Its id.
        due: The day on which it was expected.
        minor, currency: What it is about: what was missed, or what came.
        open_minor: What has not come yet.
        state: ``missed``, ``paid in part`` or ``paid``.
        protected: Whether the member is protected after it.
        contact, contact_on: The contact that comes next, and its day; empty and None without one.
    """

    kind: ClassVar[str] = "payment"

    payment: str
    due: date
    minor: int
    currency: str
    open_minor: int
    state: str
    protected: bool
    contact: str = ""
    contact_on: date | None = None

    def told(self, language: str) -> str:
        """What the member may be told."""
        amount, left = Money(self.minor, self.currency), Money(self.open_minor, self.currency)
        return said.payment(language, self.state, amount, self.due, left, protected=self.protected)


def moment(value: datetime | None) -> datetime | None:
    """*value* in UTC, if it is told."""
    return None if value is None else utc(value, what="at")


def above_zero(value: Money | str) -> Money:
    """An amount above zero."""
    found = money(value)
    if found.minor < 1:
        message = f"amount is what is to be paid or was paid, above zero, not {found}"
        raise ValueRefused(message, field="amount", value=value)
    return found


def _optional(value: Money | str | None) -> Money | None:
    return None if value is None else above_zero(value)


def day_of(value: object, what: str) -> date:
    """*value*, if it is a day."""
    if type(value) is not date:
        message = f"{what} is a day, such as date(2026, 4, 5), not {shown(value)}"
        raise ValueRefused(message, field=what, value=value)
    return value


def _due(value: object) -> date:
    return day_of(value, "due")


@frozen(kw_only=True)
class MissPayment(CareCommand):
    """Take note that *payment* of *member*, due on *due*, did not come. It protects at once."""

    name: ClassVar[str] = "miss payment"

    member: str
    payment: str
    due: date = field(converter=_due)
    amount: Money = field(converter=above_zero)

    @property
    def people(self) -> tuple[str, ...]:
        """Whose it is."""
        return (told_id(self.member, "member"),)

    def decide(self, known: Known) -> Decision:
        """The payment, the protection, and one kind contact to come."""
        code(f"payment/{told_id(self.payment, 'payment')}", "payment")
        known.enrolled(self.member)
        before = hard_times(known, self.member)
        if self.payment in before.payments:
            message = f"the payment {self.payment!r} is known since {before.payments[self.payment].missed.isoformat()}"
            raise PaymentOver(f"{message}; a new one has an id of its own", payment=self.payment, state="known")
        if (plan := before.covering(self.payment)) is not None:
            message = f"the payment {self.payment!r} is part of the plan {plan.id!r}, which {self.member} agreed on"
            raise PaymentOver(f"{message}; nothing begins anew", payment=self.payment, state="in a plan")
        if before.settled(self.payment, self.amount):
            message = f"the payment {self.payment!r} came through the plan that {self.member} agreed on"
            raise PaymentOver(f"{message}; nothing begins anew", payment=self.payment, state="paid")
        today = local_date(known.now, known.zone)
        if self.due > today:
            message = (
                f"the payment {self.payment!r} is due {self.due}, and it is {today}; tell it when that day has come"
            )
            raise OutOfTime(message, due=self.due, now=known.now)
        missed = PaymentMissed(
            at=known.now, now=known.now, payment=self.payment, due=self.due, minor=self.amount.minor,
            currency=self.amount.currency,
        )  # fmt: skip
        steps = Steps(known, self.member).then((missed,))
        steps = protecting(steps, steps.after.payments[self.payment].cause)
        # Unless somebody talks with the member already, or a contact is to come anyway.
        steps = steps if before.to_come else proposing(steps, steps.after.payments[self.payment])
        # Part of it may have come before its day.
        return _decision(steps, self.payment, steps.after.payments[self.payment].open, "missed", known.now)


@frozen(kw_only=True)
class ReceivePayment(CareCommand):
    """Take note that *amount* of a missed payment came, all that is open of it unless told."""

    name: ClassVar[str] = "receive payment"

    member: str
    payment: str
    amount: Money | None = field(default=None, converter=_optional)
    at: datetime | None = field(default=None, converter=moment)

    @property
    def people(self) -> tuple[str, ...]:
        """Whose it is."""
        return (told_id(self.member, "member"),)

    def decide(self, known: Known) -> Decision:
        """The payment; paid in full, its protection ends, and so do contacts if nothing else is open."""
        at, before = known.when(self.at), hard_times(known, self.member)
        plan = before.covering(self.payment)
        if plan is not None and self.payment not in before.payments:
            return self._before_its_day(known, before, plan, at)
        payment = known_payment(before, self.payment, closed_too=True)
        amount = payment.open if self.amount is None else self.amount
        if amount > payment.open:
            message = (
                f"{amount} is more than the {payment.open} that are open of {self.payment!r}; tell what belongs to it"
            )
            raise ValueRefused(message, field="amount", value=amount, open=payment.open)
        came = PaymentReceived(
            at=at, now=known.now, payment=self.payment, minor=amount.minor, currency=amount.currency
        )  # fmt: skip
        steps = Steps(known, self.member).then((came,))
        state = "paid" if amount == payment.open else "paid in part"
        if plan is not None and steps.after.completed(plan.id, date.max):
            # With the last of what was agreed on the case ends, however it came.
            steps = closing(steps, before.cases[plan.case], "completed")
            return _decision(steps, self.payment, amount, state, at)
        if state != "paid":
            return _decision(steps, self.payment, amount, state, at)
        if not steps.after.open_payments:
            steps = dropping(steps, "paid")
        steps = ending(steps, payment.cause, reason="paid")
        return _decision(steps, self.payment, amount, "paid", at)

    def _before_its_day(self, known: Known, before: HardTimes, plan: PaymentPlan, at: datetime) -> Decision:
        """What comes for a payment that *plan* names and that was not missed: so much less is to come of the plan."""
        now, alone = plan.standing(local_date(at, known.zone)), len(before.to_be_missed(plan)) == 1
        most = min(Money(before.ahead.open(plan.owed.currency), plan.owed.currency), now.outstanding)
        if self.amount is None and not alone:
            message = f"the plan {plan.id!r} names several payments that were not missed; tell the amount that came"
            raise ValueRefused(message, field="amount", value=None, open=most)
        amount = most if self.amount is None else self.amount
        if amount > most or not amount.minor:
            message = (
                f"{amount} is more than the {most} that the plan {plan.id!r} has for {self.payment!r}; tell what "
                "belongs to it"
            )
            raise ValueRefused(message, field="amount", value=amount, open=most)
        came = PaymentReceived(
            at=at, now=known.now, payment=self.payment, minor=amount.minor, currency=amount.currency
        )  # fmt: skip
        steps = Steps(known, self.member).then((came,))
        if steps.after.completed(plan.id, date.max):
            steps = closing(steps, before.cases[plan.case], "completed")
        # The day on which it was expected, only the plan can tell; what is open of one of several, nobody.
        left = (most - amount).minor if alone else 0
        receipt = PaymentReceipt(
            member=self.member, at=at, payment=self.payment, due=now.next_due or plan.instalments[-1].due,
            minor=amount.minor, currency=amount.currency, open_minor=left,
            state="paid in part" if left else "paid", protected=steps.protected,
        )  # fmt: skip
        return steps.decision(receipt)


def hint_of(name: str, known: Collection[str], otherwise: str) -> str:
    """What to write instead of *name*: the nearest of *known*, all of them, or what to do where there is none."""
    return suggest(name, known) or (f"there are {', '.join(known)}" if known else otherwise)


def known_payment(known: HardTimes, payment: str, *, closed_too: bool = False) -> MissedPayment:
    """
    The missed payment *payment*, which is open.

    Args:
        closed_too: Or was closed with its case, and not all of it had come.

    Raises:
        UnknownPayment: If there is none.
        PaymentOver: If nothing of it is open.
    """
    found = known.payments.get(payment)
    if found is None:
        hint = hint_of(payment, known.payments, "tell it with payment_missed first")
        message = f"no missed payment of {known.member} is called {payment!r}; {hint}"
        raise UnknownPayment(message, payment=payment, member=known.member)
    if found.over is not None and not (closed_too and found.open.minor):
        state = "closed" if found.open.minor else "paid"
        message = f"the payment {payment!r} is {state} since {found.over.isoformat()}"
        raise PaymentOver(message, payment=payment, state=state)
    return found


def _decision(steps: Steps, payment: str, amount: Money, state: str, at: datetime) -> Decision:
    after = steps.after
    found, coming = after.payments[payment], after.to_come[:1]
    receipt = PaymentReceipt(
        member=steps.member, at=at, payment=payment, due=found.due, minor=amount.minor, currency=amount.currency,
        open_minor=found.open.minor, state=state, protected=steps.protected,
        contact="".join(each.id for each in coming), contact_on=coming[0].day if coming else None,
    )  # fmt: skip
    return steps.decision(receipt)
