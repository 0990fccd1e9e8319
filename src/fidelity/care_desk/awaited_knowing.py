"""Knowing, awaited: the methods of `AsyncCare` about who people are to us: profiles, needs, propositions, prospects."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal

from fidelity.care.command import Known
from fidelity.care.keys import fitting, swept
from fidelity.care.people import (
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
    came,
    fact_for,
    facts_in,
    payload_name,
    profile,
    propose,
    prospect_standing,
    travels,
)
from fidelity.care.trust import Audience, audience
from fidelity.care_desk.awaited_desk import AsyncDesk
from fidelity.care_desk.knowing import again, beside, due, farewells, shown, with_care
from fidelity.care_desk.missed import Missed
from fidelity.errors import UnknownMember
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
        told = facts_in(await awaited(self.loyalty.members.payloads(member)))
        if key in told:
            return again(told[key], Fact(kind, what, purposes=purposes, weight=weight, noted=told[key].noted), key)
        learned = (each.noted for each in told.values())
        known = await self._run(self._office.learning(now, member, *learned))
        fact = fact_for(known, member, kind, what, purposes, weight)
        await awaited(self.loyalty.members.keep(member, payload_name(key), fact.to_plain()))
        return fact

    async def forget(self, member: str, key: str) -> None:
        """As `Care.forget`."""
        person, name, _ = shown(await self._told(member)).get(key, (member, key, None))
        await awaited(self.loyalty.members.forget(person, payload_name(name)))

    async def facts(self, member: str) -> Mapping[str, Fact]:
        """As `Care.facts`."""
        return {key: fact for key, (_, _, fact) in shown(await self._told(member)).items()}

    async def _told(self, member: str, at: datetime | None = None) -> dict[str, dict[str, Fact]]:
        people, ids = self.loyalty.members, await self._run(self._office.ids(member, at))
        return {each: facts_in(await awaited(people.payloads(each))) for each in ids}

    async def export(self, member: str, *, at: datetime | None = None) -> str:
        """As `Care.export`."""
        known = await self._known(at, member)
        try:
            whole = json.loads(await self.loyalty.export(member, at=at))
        except UnknownMember:
            if not known.of(member):
                raise
            whole = {"program": self.loyalty.program.name, "member": member, "entries": [], "duplicates": []}
        return with_care(whole, known)

    async def profile(self, member: str, purpose: str, *, at: datetime | None = None) -> Profile:
        """As `Care.profile`."""
        known = await self._known(at, member)
        facts = [fact for _, _, fact in shown(await self._told(member, known.now)).values()]
        return profile(known, member, purpose, facts)

    async def audience(
        self, purpose: str, members: Iterable[str], *, about: str = "offer", at: datetime | None = None
    ) -> Audience:
        """As `Care.audience`."""
        people = tuple(members)
        return audience(await self._known(at, *people), purpose, people, about)

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
            key=key or fitting(f"{member} {need}: {solution}"),
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
        key = key or fitting(f"{member} {need}: {solution} {outcome}")
        command = SolutionTurnedOut(member=member, need=need, solution=solution, outcome=outcome, key=key, now=now)
        return await self._one(NeedReceipt, command)

    async def needs(self, member: str, *, at: datetime | None = None) -> Needs:
        """As `Care.needs`."""
        return Needs((await self._known(at, member)).of(member))

    # Prospects

    async def meet(self, prospect: str, *, source: str, key: str = "", now: datetime | None = None) -> ProspectReceipt:
        """As `Care.meet`."""
        before = farewells((await self._known(now, prospect)).of(prospect))
        command = MeetProspect(
            prospect=prospect, source=source, key=key or fitting(f"met {prospect} {before}"), now=now
        )
        return await self._one(ProspectReceipt, command)

    async def join(
        self, prospect: str, member: str = "", *, key: str = "", now: datetime | None = None
    ) -> ProspectReceipt:
        """As `Care.join`."""
        member, people = member or prospect, self.loyalty.members
        command = JoinProspect(prospect=prospect, member=member, key=key or fitting(f"joined {prospect}"), now=now)
        receipt = await self._one(ProspectReceipt, command)
        # Read after it is decided: what was erased meanwhile comes along no more.
        payloads = travels(await awaited(people.payloads(prospect))) if member != prospect else {}
        kept = await awaited(people.payloads(member)) if payloads else {}
        for name, payload in payloads.items():
            await awaited(people.keep(member, beside(kept, name, prospect), came(name, payload, receipt.at)))
            await awaited(people.forget(prospect, name))
        return receipt

    async def _forget_left(self, member: str, known: Known) -> None:
        books, people = known.books[member], self.loyalty.members
        for each in (member, *books.others) if books.prospects else ():
            if each not in books.prospects:
                person, payloads = await awaited(people.get(each)), await awaited(people.payloads(each))
                if person is not None or payloads:
                    return
        for each in books.prospects:
            await awaited(people.erase(each))

    async def _let_go(self, prospect: str, known: Known, refused: list[Missed]) -> list[ProspectReceipt]:
        entries, people, gone = known.of(prospect), self.loyalty.members, list[ProspectReceipt]()
        if due(entries, local_date(known.now, known.zone)) and known.books[prospect].since is None:
            command = LetProspectGo(
                prospect=prospect, key=swept(f"let go {prospect} {farewells(entries)}"), now=known.now
            )
            # They may have joined since it was read.
            gone = await self._swept(ProspectReceipt, command, refused)
            if gone:
                await self.loyalty.erase(prospect)
        elif prospect_standing(entries).gone:
            person, payloads = await awaited(people.get(prospect)), await awaited(people.payloads(prospect))
            if person is not None or payloads:
                await self.loyalty.erase(prospect)
        return gone
