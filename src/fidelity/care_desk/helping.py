"""Dignity: the methods of `Care` for somebody who falls behind, from a missed payment to the way out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from fidelity.care.dignity import (
    Advise,
    AgreePlan,
    CloseHardship,
    ContactPlan,
    ContactReceipt,
    HardshipReceipt,
    HardTimes,
    MakeContact,
    MissPayment,
    OpenHardship,
    PayInstalment,
    PaymentReceipt,
    PlannedContact,
    PlanReceipt,
    ReceivePayment,
    Recovery,
    StaffView,
    StartContacts,
    contact_words,
    plan_words,
    recovery_of,
    staff_view,
)
from fidelity.care.dignity.missing import day_of
from fidelity.care.keys import fitting
from fidelity.care_desk.desk import Desk
from fidelity.values.money import Money, money
from fidelity.values.zones import local_date

__all__ = ["Helping"]


class Helping(Desk):
    """What is done for somebody who falls behind: nothing earned is lost, and nothing presses. Principle E3."""

    def payment_missed(
        self, member: str, *, payment: str, due: date, amount: Money | str, key: str = "", now: datetime | None = None
    ) -> PaymentReceipt:
        """
        Take note that a payment of *member* did not come. Protects them at once, and proposes one kind contact.

        Until it is paid, or the hardship case closed that it is part of, no points expire, no tier falls, no debt of
        points is settled and nothing is taken back.

        Args:
            payment: Your own id of it, unique within the program; it says nothing about the person.
            due: The day on which it was expected.
            amount: What is open of it, ``"3200.00 MXN"``.
            now: When it was learned; the clock's instant unless told.

        Raises:
            UnknownMember: If nobody is enrolled under this name.
            PaymentOver: If it was told before under another key.
            OutOfTime: If its day is still to come.
        """
        key = key or fitting(f"missed {payment}")
        command = MissPayment(member=member, payment=payment, due=due, amount=amount, key=key, now=now)
        return self._one(PaymentReceipt, command)

    def payment_received(
        self,
        member: str,
        payment: str,
        *,
        key: str,
        amount: Money | str | None = None,
        at: datetime | None = None,
        now: datetime | None = None,
    ) -> PaymentReceipt:
        """
        Take note that a missed payment came, all that is open of it unless *amount* is told.

        Paid in full, its protection ends: clocks go on where they stood. *key* is the id of what came.

        Raises:
            UnknownPayment: If no missed payment has this id.
            PaymentOver: If nothing of it is open.
            ValueRefused: If it is more than is open.
        """
        command = ReceivePayment(member=member, payment=payment, amount=amount, at=at, key=key, now=now)
        return self._one(PaymentReceipt, command)

    def start_contacts(
        self, member: str, payment: str, plan: ContactPlan | None = None, *, key: str, now: datetime | None = None
    ) -> ContactReceipt:
        """
        Plan contacts about a missed payment: *plan*, or that of the policy, in place of the one that was proposed.

        Nothing is planned for the past, nor close on a contact that was made before: then all of it comes later.

        Raises:
            GrowingPressureError: If contacts are closer together than the policy allows.
            ContactsStand: If contacts are planned already: there is one row of them at a time.
            HardshipStands: If a case is open: its adviser talks with the member.
            UnknownPayment, PaymentOver: If there is no such payment, or nothing of it is open.
        """
        command = StartContacts(member=member, payment=payment, plan=plan, key=key, now=now)
        return self._one(ContactReceipt, command)

    def contact_made(
        self,
        member: str,
        contact: str,
        *,
        channel: str = "",
        at: datetime | None = None,
        key: str = "",
        now: datetime | None = None,
    ) -> ContactReceipt:
        """
        Take note that a contact was made, at *at* or now. One that comes late moves those after it.

        Raises:
            GrowingPressureError: If its day has not come, or another comes first.
            UnknownContact, ContactOver: If it was never planned, was made before, or dropped.
        """
        key = key or fitting(f"made {contact}")
        command = MakeContact(member=member, contact=contact, channel=channel, at=at, key=key, now=now)
        return self._one(ContactReceipt, command)

    def open_hardship(
        self, member: str, *, key: str, words: str = "", adviser: str = "", now: datetime | None = None
    ) -> HardshipReceipt:
        """
        The member answered, or came by themselves: open a hardship case. Contacts not yet made are dropped.

        Args:
            key: The id of the case.
            words: The reasons, in their words; kept with `Members`, where they can be erased.
            adviser: Who talks with them; the first who gives advice unless told.

        Raises:
            HardshipStands: If a case of theirs is open.
            UnknownMember: If nobody is enrolled under this name.
        """
        command = OpenHardship(member=member, words=words, adviser=adviser, key=key, now=now)
        return self._one(HardshipReceipt, command)

    def advise(
        self,
        member: str,
        case: str,
        code: str,
        *,
        key: str,
        by: str = "",
        words: str = "",
        now: datetime | None = None,
    ) -> HardshipReceipt:
        """
        Take note that *by* gave advice on what *code* stands for: ``"household budget"``.

        Args:
            words: What was advised; kept with `Members`, where it can be erased.

        Raises:
            UnknownHardship, HardshipOver: If there is no such case, or it is closed.
        """
        command = Advise(member=member, case=case, code=code, by=by, words=words, key=key, now=now)
        return self._one(HardshipReceipt, command)

    def agree_plan(
        self,
        member: str,
        case: str,
        instalments: Iterable[tuple[date, Money]],
        *,
        key: str,
        owed: Money | str | None = None,
        grace_days: int | None = None,
        payments: Iterable[str] | None = None,
        now: datetime | None = None,
    ) -> PlanReceipt:
        """
        Agree on instalments, ``(day, amount)`` each, such as `every_month`. They replace what was agreed on before.

        Args:
            key: The id of the plan.
            owed: What is owed; what the instalments come to unless told.
            grace_days: How many days after its date an instalment is still in time; the policy's unless told.
            payments: The payments that it covers; all that are open in its currency unless told. They and the
                instalments share one balance: what comes for either is paid of both, and counted once. One that was
                not missed yet may be among them if *owed* is told: when its day comes, nothing begins anew.

        Raises:
            PaymentOver: If one of *payments* is paid, or part of another plan.
            GrowingPressureError: If the instalments come to more than is owed.
            OutOfTime: If the first one lies in the past.
            UnknownHardship, HardshipOver: If there is no such case, or it is closed.
        """
        command = AgreePlan(
            member=member, case=case, instalments=instalments, owed=owed, grace_days=grace_days, payments=payments,
            key=key, now=now,
        )  # fmt: skip
        return self._one(PlanReceipt, command)

    def instalment_paid(
        self,
        member: str,
        plan: str,
        amount: Money | str,
        *,
        key: str,
        at: datetime | None = None,
        now: datetime | None = None,
    ) -> PlanReceipt:
        """
        Take note that *amount* came for a payment plan: the first open instalments are paid first, also in parts.

        With the last of it the case is closed as ``completed``, and its protection ends. *key* is the id of what came.

        Raises:
            UnknownPaymentPlan, PaymentPlanOver: If there is no such plan, or it is completed or replaced.
            ValueRefused: If it is more than is open.
        """
        command = PayInstalment(member=member, plan=plan, amount=amount, at=at, key=key, now=now)
        return self._one(PlanReceipt, command)

    def close_hardship(
        self, member: str, case: str, *, outcome: str, key: str = "", now: datetime | None = None
    ) -> HardshipReceipt:
        """
        Close a case with *outcome*, a code: what it protected is not protected any more, and clocks go on.

        Raises:
            UnknownHardship, HardshipOver: If there is no such case, or it is closed.
        """
        key = key or fitting(f"closed {case}")
        return self._one(HardshipReceipt, CloseHardship(member=member, case=case, outcome=outcome, key=key, now=now))

    def hard_times(self, member: str, *, at: datetime | None = None) -> HardTimes:
        """The payments, contacts, cases and plans of *member*, as known at *at*, now unless told."""
        known = self._known(at, member)
        return HardTimes(member, known.of(member), known.zone)

    def contacts_due(self, day: date | None = None, *, at: datetime | None = None) -> tuple[PlannedContact, ...]:
        """The contacts to be made on *day*, the program's own today unless told: at most one for each member."""
        when = self.loyalty._office.now(at)  # noqa: SLF001  # the shell beside it
        on = local_date(when, self.loyalty.program.zone) if day is None else day_of(day, "day")
        return tuple(
            due
            for each, known in self._each(when)
            for due in HardTimes(each, known.of(each), known.zone).contacts_due(on)
        )

    def contact_message(self, member: str, contact: str, language: str = "en", *, at: datetime | None = None) -> str:
        """
        What a contact that is to come says, in *language* and with the program's own form of address.

        Raises:
            UnknownContact, ContactOver: If it was never planned, was made, or dropped.
        """
        return contact_words(self.hard_times(member, at=at), contact, self.loyalty.program.tongue(language))

    def plan_message(self, member: str, plan: str, language: str = "en", *, at: datetime | None = None) -> str:
        """
        What is said of the instalment of *plan* that has had its day and has not come; empty where there is none.

        Raises:
            UnknownPaymentPlan, PaymentPlanOver: If there is no such plan, or nothing is open in it.
        """
        when = self.loyalty._office.now(at)  # noqa: SLF001  # the shell beside it
        day, tongue = local_date(when, self.loyalty.program.zone), self.loyalty.program.tongue(language)
        return plan_words(self.hard_times(member, at=when), plan, day, tongue)

    def staff_view(self, member: str, *, at: datetime | None = None) -> StaffView:
        """What staff see of *member*: what to do for them, and nothing that shames."""
        return staff_view(self.hard_times(member, at=at), self.loyalty.program.tongue)

    def recovery(
        self, period: str, *, since: datetime, until: datetime, cost: Money | str, at: datetime | None = None
    ) -> Recovery:
        """
        What came, by *at*, of what was owed by those whose hard times first began from *since* and before *until*.

        Args:
            period: What it is called, ``"2026"``.
            cost: What helping cost you; its currency is the one that is counted.

        Source:
            Principle E3. `compare_recovery` sets it beside what pressure had brought, as you state it.
        """
        when, spent = self.loyalty._office.now(at), money(cost)  # noqa: SLF001  # the shell beside it
        found = []
        for each, known in self._each(when):
            found.append((HardTimes(each, known.of(each), known.zone), known.books[each].enrolled))
        return recovery_of(found, period, since, until, spent)
