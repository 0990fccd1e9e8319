"""Dignity, awaited: the methods of `AsyncCare` for somebody who falls behind."""

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
from fidelity.care_desk.awaited_desk import AsyncDesk
from fidelity.values.money import Money, money
from fidelity.values.zones import local_date

__all__ = ["AsyncHelping"]


class AsyncHelping(AsyncDesk):
    """As `Helping`, awaited."""

    async def payment_missed(
        self, member: str, *, payment: str, due: date, amount: Money | str, key: str = "", now: datetime | None = None
    ) -> PaymentReceipt:
        """As `Care.payment_missed`."""
        key = key or fitting(f"missed {payment}")
        command = MissPayment(member=member, payment=payment, due=due, amount=amount, key=key, now=now)
        return await self._one(PaymentReceipt, command)

    async def payment_received(
        self,
        member: str,
        payment: str,
        *,
        key: str,
        amount: Money | str | None = None,
        at: datetime | None = None,
        now: datetime | None = None,
    ) -> PaymentReceipt:
        """As `Care.payment_received`."""
        command = ReceivePayment(member=member, payment=payment, amount=amount, at=at, key=key, now=now)
        return await self._one(PaymentReceipt, command)

    async def start_contacts(
        self, member: str, payment: str, plan: ContactPlan | None = None, *, key: str, now: datetime | None = None
    ) -> ContactReceipt:
        """As `Care.start_contacts`."""
        command = StartContacts(member=member, payment=payment, plan=plan, key=key, now=now)
        return await self._one(ContactReceipt, command)

    async def contact_made(
        self,
        member: str,
        contact: str,
        *,
        channel: str = "",
        at: datetime | None = None,
        key: str = "",
        now: datetime | None = None,
    ) -> ContactReceipt:
        """As `Care.contact_made`."""
        key = key or fitting(f"made {contact}")
        command = MakeContact(member=member, contact=contact, channel=channel, at=at, key=key, now=now)
        return await self._one(ContactReceipt, command)

    async def open_hardship(
        self, member: str, *, key: str, words: str = "", adviser: str = "", now: datetime | None = None
    ) -> HardshipReceipt:
        """As `Care.open_hardship`."""
        command = OpenHardship(member=member, words=words, adviser=adviser, key=key, now=now)
        return await self._one(HardshipReceipt, command)

    async def advise(
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
        """As `Care.advise`."""
        command = Advise(member=member, case=case, code=code, by=by, words=words, key=key, now=now)
        return await self._one(HardshipReceipt, command)

    async def agree_plan(
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
        """As `Care.agree_plan`."""
        command = AgreePlan(
            member=member, case=case, instalments=instalments, owed=owed, grace_days=grace_days, payments=payments,
            key=key, now=now,
        )  # fmt: skip
        return await self._one(PlanReceipt, command)

    async def instalment_paid(
        self,
        member: str,
        plan: str,
        amount: Money | str,
        *,
        key: str,
        at: datetime | None = None,
        now: datetime | None = None,
    ) -> PlanReceipt:
        """As `Care.instalment_paid`."""
        command = PayInstalment(member=member, plan=plan, amount=amount, at=at, key=key, now=now)
        return await self._one(PlanReceipt, command)

    async def close_hardship(
        self, member: str, case: str, *, outcome: str, key: str = "", now: datetime | None = None
    ) -> HardshipReceipt:
        """As `Care.close_hardship`."""
        key = key or fitting(f"closed {case}")
        return await self._one(
            HardshipReceipt, CloseHardship(member=member, case=case, outcome=outcome, key=key, now=now)
        )

    async def hard_times(self, member: str, *, at: datetime | None = None) -> HardTimes:
        """As `Care.hard_times`."""
        known = await self._known(at, member)
        return HardTimes(member, known.of(member), known.zone)

    async def contacts_due(self, day: date | None = None, *, at: datetime | None = None) -> tuple[PlannedContact, ...]:
        """As `Care.contacts_due`."""
        when = self.loyalty._office.now(at)  # noqa: SLF001  # the shell beside it
        on = local_date(when, self.loyalty.program.zone) if day is None else day_of(day, "day")
        found: list[PlannedContact] = []
        async for each, known in self._each(when):
            found += HardTimes(each, known.of(each), known.zone).contacts_due(on)
        return tuple(found)

    async def contact_message(
        self, member: str, contact: str, language: str = "en", *, at: datetime | None = None
    ) -> str:
        """As `Care.contact_message`."""
        return contact_words(await self.hard_times(member, at=at), contact, self.loyalty.program.tongue(language))

    async def plan_message(self, member: str, plan: str, language: str = "en", *, at: datetime | None = None) -> str:
        """As `Care.plan_message`."""
        when = self.loyalty._office.now(at)  # noqa: SLF001  # the shell beside it
        day, tongue = local_date(when, self.loyalty.program.zone), self.loyalty.program.tongue(language)
        return plan_words(await self.hard_times(member, at=when), plan, day, tongue)

    async def staff_view(self, member: str, *, at: datetime | None = None) -> StaffView:
        """As `Care.staff_view`."""
        return staff_view(await self.hard_times(member, at=at), self.loyalty.program.tongue)

    async def recovery(
        self, period: str, *, since: datetime, until: datetime, cost: Money | str, at: datetime | None = None
    ) -> Recovery:
        """As `Care.recovery`."""
        when, spent = self.loyalty._office.now(at), money(cost)  # noqa: SLF001  # the shell beside it
        found = []
        async for each, known in self._each(when):
            found.append((HardTimes(each, known.of(each), known.zone), known.books[each].enrolled))
        return recovery_of(found, period, since, until, spent)
