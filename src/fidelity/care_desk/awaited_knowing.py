"""Knowing, awaited: the methods of `AsyncCare` about who people are to us: profiles, needs, propositions, prospects."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Literal

from fidelity.care.people import (
    Audience,
    Consents,
    Fact,
    JoinProspect,
    LetProspectGo,
    MeetProspect,
    NeedReceipt,
    Needs,
    NoticeNeed,
    OfferSolution,
    Profile,
    Proposals,
    Proposition,
    ProspectReceipt,
    SolutionTurnedOut,
    audience,
    fact_for,
    facts_in,
    payload_name,
    profile,
    propose,
    prospect_standing,
    travels,
)
from fidelity.care_desk.awaited_desk import AsyncDesk
from fidelity.care_desk.knowing import again, beside, due, farewells, with_care
from fidelity.errors import Refused, UnknownMember
from fidelity.loyalty.awaiting import awaited
from fidelity.values.zones import local_date

__all__ = ["AsyncKnowing"]


class AsyncKnowing(AsyncDesk):
    """As `Knowing`, awaited."""

    # Profiles

    async def know(
        self,
        member: str,
        kind: Literal["likes", "goal", "pain", "aspiration"],
        what: str,
        *,
        purposes: tuple[str, ...],
        key: str,
        weight: int = 1,
        now: datetime | None = None,
    ) -> Fact:
        """As `Care.know`."""
        known = await self._known(self.loyalty._office.learned(now), member)  # noqa: SLF001  # the shell beside it
        fact = fact_for(known, member, kind, what, purposes, weight)
        before = facts_in(await awaited(self.loyalty.members.payloads(member))).get(key)
        if before is not None:
            return again(before, fact, key)
        await awaited(self.loyalty.members.keep(member, payload_name(key), fact.to_plain()))
        return fact

    async def forget(self, member: str, key: str) -> None:
        """As `Care.forget`."""
        await awaited(self.loyalty.members.forget(member, payload_name(key)))

    async def facts(self, member: str) -> Mapping[str, Fact]:
        """As `Care.facts`."""
        return facts_in(await awaited(self.loyalty.members.payloads(member)))

    async def export(self, member: str, *, at: datetime | None = None) -> str:
        """As `Care.export`."""
        known = await self._known(at, member)
        try:
            whole = json.loads(await self.loyalty.export(member, at=at))
        except UnknownMember:
            if not known.of(member):
                raise
            whole = {"program": self.loyalty.program.name, "member": member, "entries": [], "duplicates": []}
        others = [each["member"] for each in whole["duplicates"]]
        return with_care(whole, await self._known(at, member, *others))

    async def profile(self, member: str, purpose: str, *, at: datetime | None = None) -> Profile:
        """As `Care.profile`."""
        known = await self._known(at, member)
        return profile(member, purpose, (await self.facts(member)).values(), Consents(known.of(member)), known.now)

    async def audience(self, purpose: str, members: Iterable[str], *, at: datetime | None = None) -> Audience:
        """As `Care.audience`."""
        known = await self._known(at, *members)
        consents = {member: Consents(known.of(member)) for member in known.books}
        return audience(purpose, consents, known.now)

    async def propose(
        self,
        member: str,
        propositions: Iterable[Proposition],
        *,
        context: Mapping[str, int] | None = None,
        purpose: str = "service",
        least: int = 3,
        at: datetime | None = None,
    ) -> Proposals:
        """As `Care.propose`."""
        return propose(propositions, (await self.profile(member, purpose, at=at)).facts, context, least=least)

    # Needs

    async def notice_need(
        self,
        member: str,
        code: str,
        *,
        purposes: tuple[str, ...],
        key: str,
        words: str = "",
        tangential: bool = False,
        now: datetime | None = None,
    ) -> NeedReceipt:
        """As `Care.notice_need`."""
        command = NoticeNeed(
            member=member, code=code, purposes=purposes, tangential=tangential, words=words, key=key, now=now
        )
        return await self._one(NeedReceipt, command)

    async def offer_solution(
        self, member: str, need: str, solution: str, *, channel: str = "", key: str = "", now: datetime | None = None
    ) -> NeedReceipt:
        """As `Care.offer_solution`."""
        command = OfferSolution(
            member=member,
            need=need,
            solution=solution,
            channel=channel,
            key=key or f"{member} {need}: {solution}",
            now=now,
        )
        return await self._one(NeedReceipt, command)

    async def solution_outcome(
        self,
        member: str,
        need: str,
        solution: str,
        outcome: Literal["solved", "not solved", "unknown"],
        *,
        key: str = "",
        now: datetime | None = None,
    ) -> NeedReceipt:
        """As `Care.solution_outcome`."""
        key = key or f"{member} {need}: {solution} {outcome}"
        command = SolutionTurnedOut(member=member, need=need, solution=solution, outcome=outcome, key=key, now=now)
        return await self._one(NeedReceipt, command)

    async def needs(self, member: str, *, at: datetime | None = None) -> Needs:
        """As `Care.needs`."""
        return Needs((await self._known(at, member)).of(member))

    # Prospects

    async def meet(self, prospect: str, *, source: str, key: str = "", now: datetime | None = None) -> ProspectReceipt:
        """As `Care.meet`."""
        before = farewells((await self._known(now, prospect)).of(prospect))
        command = MeetProspect(prospect=prospect, source=source, key=key or f"met {prospect} {before}", now=now)
        return await self._one(ProspectReceipt, command)

    async def join(
        self, prospect: str, member: str = "", *, key: str = "", now: datetime | None = None
    ) -> ProspectReceipt:
        """As `Care.join`."""
        member, people = member or prospect, self.loyalty.members
        payloads = travels(await awaited(people.payloads(prospect))) if member != prospect else {}
        command = JoinProspect(prospect=prospect, member=member, key=key or f"joined {prospect}", now=now)
        receipt = await self._one(ProspectReceipt, command)
        kept = await awaited(people.payloads(member)) if payloads else {}
        for name, payload in payloads.items():
            await awaited(people.keep(member, beside(kept, name, prospect), payload))
            await awaited(people.forget(prospect, name))
        return receipt

    async def _let_go(self, now: datetime) -> list[ProspectReceipt]:
        gone, today, people = [], local_date(now, self.loyalty.program.zone), self.loyalty.members
        async for each in self._people():
            known = await self._known(now, each)
            entries, key = known.of(each), f"let go {each} {farewells(known.of(each))}"
            if due(entries, today) and known.books[each].since is None:
                with suppress(Refused):  # they may have joined since it was read
                    gone.append(await self._one(ProspectReceipt, LetProspectGo(prospect=each, key=key, now=now)))
                    await self.loyalty.erase(each)
            elif prospect_standing(entries).gone:
                person, payloads = await awaited(people.get(each)), await awaited(people.payloads(each))
                if person is not None or payloads:
                    await self.loyalty.erase(each)
        return gone
