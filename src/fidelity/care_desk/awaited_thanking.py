"""Praise and thanks, awaited: the methods of `AsyncCare` that recognize effort, in public too."""

from __future__ import annotations

from datetime import date, datetime

from fidelity.care.command import staff_stream
from fidelity.care.keys import swept
from fidelity.care.people import Consents, goes_on_as
from fidelity.care.staff import (
    HandedPraise,
    LetName,
    NamingReceipt,
    Praise,
    PraiseEmployee,
    PraiseReceipt,
    PraiseReport,
    PublicThanks,
    RecognitionReceipt,
    Recognize,
    Thanks,
    own_praises,
    praise_report,
    praises_of,
)
from fidelity.care_desk.awaited_desk import AsyncDesk
from fidelity.care_desk.thanking import praise_names
from fidelity.loyalty.awaiting import awaited

__all__ = ["AsyncThanking"]


class AsyncThanking(AsyncDesk):
    """As `Thanking`, awaited."""

    async def praise(
        self,
        member: str,
        employee: str,
        *,
        key: str,
        words: str = "",
        touchpoint: str = "",
        now: datetime | None = None,
    ) -> PraiseReceipt:
        """As `Care.praise`."""
        command = PraiseEmployee(member=member, employee=employee, key=key, words=words, touchpoint=touchpoint, now=now)
        return await self._one(PraiseReceipt, command)

    async def praises(self, employee: str, *, at: datetime | None = None) -> tuple[Praise, ...]:
        """As `Care.praises`."""
        return praises_of(employee, (await self._known(at, employees=(employee,))).of_staff(employee))

    async def praise_report(self, *, since: datetime | None = None, at: datetime | None = None) -> PraiseReport:
        """As `Care.praise_report`."""
        when = self.loyalty._office.now(at)  # noqa: SLF001  # the shell beside it
        found: list[Praise] = []
        async for each, known in self._crew(when):
            found += praises_of(each, known.of_staff(each))
        return praise_report(found, when, since)

    async def own_praise(self, employee: str, *, viewer: str, at: datetime | None = None) -> tuple[HandedPraise, ...]:
        """As `Care.own_praise`."""
        when = self.loyalty._office.now(at)  # noqa: SLF001  # the shell beside it
        entries = (await self._known(when, employees=(employee,))).of_staff(employee)
        mine = own_praises(employee, viewer, entries)
        return tuple([HandedPraise.of(each, (await self._words_of(each, when))[0], employee) for each in mine])

    async def published_praise(
        self, *, purpose: str = "publication", since: datetime | None = None, at: datetime | None = None
    ) -> tuple[HandedPraise, ...]:
        """As `Care.published_praise`."""
        when = self.loyalty._office.now(at)  # noqa: SLF001  # the shell beside it
        found = []
        for each in (await self.praise_report(since=since, at=when)).praises:
            words, person = await self._words_of(each, when)
            agreed = Consents((await self._known(when, person)).of(person)).to(purpose, when)
            if words and agreed:
                named = (await self.thanks(each.employee, at=when)).may_be_named(when)
                found.append(HandedPraise.of(each, words, each.employee if named else ""))
        return tuple(found)

    async def _words_of(self, praise: Praise, when: datetime) -> tuple[str, str]:
        """The words of *praise*, and the id that whoever said them has now."""
        person, said = praise.member, ""
        while True:
            payloads = await awaited(self.loyalty.members.payloads(person))
            said = said or next((str(payloads[name]["words"]) for name in praise_names(praise.id, payloads)), "")
            heir = goes_on_as(await self._known(when, person), person)
            if not heir:
                return said, person
            person = heir

    async def let_name(self, employee: str, *, agreed: bool, key: str, now: datetime | None = None) -> NamingReceipt:
        """As `Care.let_name`."""
        return await self._one(NamingReceipt, LetName(employee=employee, agreed=agreed, key=key, now=now))

    async def recognize(
        self,
        employee: str,
        reason: str,
        *,
        start: date,
        end: date,
        key: str,
        public: bool = False,
        reward: str = "",
        now: datetime | None = None,
    ) -> RecognitionReceipt:
        """As `Care.recognize`."""
        command = Recognize(
            employee=employee, reason=reason, start=start, end=end, public=public, reward=reward, key=key, now=now
        )
        return await self._one(RecognitionReceipt, command)

    async def thanks(self, employee: str, *, at: datetime | None = None) -> Thanks:
        """As `Care.thanks`."""
        return Thanks(employee, (await self._known(at, employees=(employee,))).of_staff(employee))

    async def public_thanks(self, start: date, end: date, *, at: datetime | None = None) -> tuple[PublicThanks, ...]:
        """As `Care.public_thanks`."""
        when = self.loyalty._office.now(at)  # noqa: SLF001  # the shell beside it
        found = [Thanks(each, known.of_staff(each)) async for each, known in self._crew(when)]
        return PublicThanks.of(found, (start, end), when, self._office.office.program.tongue)

    async def erase_employee(self, employee: str, *, now: datetime | None = None) -> None:
        """As `Care.erase_employee`."""
        entries = (await self._known(now, employees=(employee,))).of_staff(employee)
        if Thanks(employee, entries).may_be_named(self.loyalty._office.learned(now)):  # noqa: SLF001  # the shell beside it
            await self.let_name(employee, agreed=False, key=swept(f"erased {employee} {len(entries)}"), now=now)
        people = self.loyalty.members
        for each in praises_of(employee, entries):
            heir = goes_on_as(await self._known(now, each.member), each.member)
            for person in filter(None, (each.member, heir)):
                for name in praise_names(each.id, await awaited(people.payloads(person))):
                    await awaited(people.forget(person, name))
        await awaited(people.erase(staff_stream(employee)))
