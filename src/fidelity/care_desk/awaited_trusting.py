"""Trusting, awaited: the methods of `AsyncCare` that ask members, take their word, and let people look at doubts."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from fidelity.care.keys import fitting
from fidelity.care.trust import (
    AnswerRequest,
    AskFor,
    Asking,
    ClaimOnWord,
    ClaimReceipt,
    Claims,
    FindingReceipt,
    Findings,
    GiveReference,
    Moment,
    ReferenceReceipt,
    ReportFinding,
    RequestReceipt,
    Requests,
    SettleClaim,
    SettleFinding,
    asking,
    moment,
)
from fidelity.care_desk.awaited_desk import AsyncDesk
from fidelity.care_desk.trusting import best
from fidelity.values.money import Money

__all__ = ["AsyncTrusting"]


class AsyncTrusting(AsyncDesk):
    """As `Trusting`, awaited."""

    # Asking

    async def ask(
        self,
        member: str,
        about: str = "",
        *,
        key: str,
        channel: str = "",
        reminds: str = "",
        prospect: str = "",
        topic: str = "",
        now: datetime | None = None,
    ) -> RequestReceipt:
        """As `Care.ask`."""
        command = AskFor(
            member=member,
            about=about,
            key=key,
            channel=channel,
            reminds=reminds,
            prospect=prospect,
            topic=topic,
            now=now,
        )
        return await self._one(RequestReceipt, command)

    async def may_ask(self, member: str, about: str, *, topic: str = "", at: datetime | None = None) -> Asking:
        """As `Care.may_ask`."""
        return asking(await self._known(at, member), member, about, topic=topic)

    async def answer_request(
        self,
        member: str,
        request: str,
        answer: Literal["given", "declined"],
        *,
        key: str = "",
        now: datetime | None = None,
    ) -> RequestReceipt:
        """As `Care.answer_request`."""
        command = AnswerRequest(
            member=member, request=request, answer=answer, key=key or fitting(f"answer {request}"), now=now
        )
        return await self._one(RequestReceipt, command)

    async def give_reference(
        self, member: str, request: str, *, prospect: str, words: str, key: str = "", now: datetime | None = None
    ) -> ReferenceReceipt:
        """As `Care.give_reference`."""
        command = GiveReference(
            member=member,
            prospect=prospect,
            request=request,
            words=words,
            key=key or fitting(f"reference {request}"),
            now=now,
        )
        return await self._one(ReferenceReceipt, command)

    async def requests(self, member: str, *, at: datetime | None = None) -> Requests:
        """As `Care.requests`."""
        known = await self._known(at, member)
        return Requests(known.of(member), known.zone)

    async def moment(self, member: str, about: str, *, at: datetime | None = None) -> Moment:
        """As `Care.moment`."""
        return moment(await self._known(at, member), member, about)

    async def whom_to_ask(self, about: str, *, most: int = 10, at: datetime | None = None) -> tuple[Moment, ...]:
        """As `Care.whom_to_ask`."""
        when = self.loyalty._office.now(at)  # noqa: SLF001  # the shell beside it
        return best([moment(known, each, about) async for each, known in self._each(when)], most)

    # Taking somebody at their word

    async def claim(
        self,
        member: str,
        code: str,
        *,
        worth: Money | str,
        key: str,
        points: int = 0,
        words: str = "",
        now: datetime | None = None,
    ) -> ClaimReceipt:
        """As `Care.claim`."""
        command = ClaimOnWord(member=member, code=code, worth=worth, points=points, words=words, key=key, now=now)
        return await self._one(ClaimReceipt, command)

    async def settle_claim(
        self,
        member: str,
        claim: str,
        outcome: Literal["accepted", "declined"],
        *,
        by: str,
        key: str = "",
        now: datetime | None = None,
    ) -> ClaimReceipt:
        """As `Care.settle_claim`."""
        command = SettleClaim(
            member=member, claim=claim, outcome=outcome, by=by, key=key or fitting(f"settled {claim}"), now=now
        )
        return await self._one(ClaimReceipt, command)

    async def claims(self, member: str, *, at: datetime | None = None) -> Claims:
        """As `Care.claims`."""
        return Claims((await self._known(at, member)).of(member))

    # Doubts

    async def report_finding(
        self,
        member: str,
        code: str,
        *,
        key: str,
        reviewer: str = "",
        words: str = "",
        now: datetime | None = None,
    ) -> FindingReceipt:
        """As `Care.report_finding`."""
        command = ReportFinding(member=member, code=code, reviewer=reviewer, words=words, key=key, now=now)
        return await self._one(FindingReceipt, command)

    async def settle_finding(
        self,
        member: str,
        finding: str,
        outcome: Literal["cleared", "confirmed"],
        *,
        by: str,
        key: str = "",
        now: datetime | None = None,
    ) -> FindingReceipt:
        """As `Care.settle_finding`."""
        command = SettleFinding(
            member=member, finding=finding, outcome=outcome, by=by, key=key or fitting(f"looked at {finding}"), now=now
        )
        return await self._one(FindingReceipt, command)

    async def findings(self, member: str, *, at: datetime | None = None) -> Findings:
        """As `Care.findings`."""
        return Findings((await self._known(at, member)).of(member))
