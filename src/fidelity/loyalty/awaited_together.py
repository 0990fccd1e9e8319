"""Together, awaited: the methods of `Together` with the same names."""

from __future__ import annotations

from abc import abstractmethod
from datetime import datetime
from typing import TypeVar

from fidelity.commands import Enroll
from fidelity.commands_of_all import Refer, Restock, Resume, Suspend, WithholdReferral
from fidelity.ledger.notices import CampaignReceipt, InvitationReceipt, StockReceipt, WithheldReceipt
from fidelity.ledger.receipts import EnrollReceipt
from fidelity.loyalty.asks import Work
from fidelity.loyalty.awaited_status import AsyncStatus
from fidelity.loyalty.awaiting import awaited
from fidelity.loyalty.findings import ReferralFinding, referral_findings
from fidelity.loyalty.office import Office
from fidelity.loyalty.referrals import Referrals, doubts, referrals
from fidelity.loyalty.standings import (
    Allowance,
    CampaignStanding,
    Stock,
    allowances_of,
    campaign_standing,
    stock_of,
)
from fidelity.loyalty.welcoming import prospect_in, welcomed, with_known
from fidelity.members import AsyncMembers, Members
from fidelity.prospects import PAYLOAD, Prospect

__all__ = ["AsyncTogether"]

T = TypeVar("T")


class AsyncTogether(AsyncStatus):
    """The methods of `AsyncLoyalty` about campaigns, stock, allowances, referrals and prospects."""

    _office: Office
    members: Members | AsyncMembers

    @abstractmethod
    async def _run(self, work: Work[T]) -> T:
        """What *work* comes to."""

    async def campaign(self, name: str, *, at: datetime | None = None) -> CampaignStanding:
        """As `Loyalty.campaign`."""
        return await self._run(campaign_standing(self._office, name, at))

    async def suspend(
        self, campaign: str, *, reason: str, key: str, by: str = "", now: datetime | None = None
    ) -> CampaignReceipt:
        """As `Loyalty.suspend`."""
        return await self._one(CampaignReceipt, Suspend(campaign=campaign, reason=reason, key=key, by=by, now=now))

    async def resume(self, campaign: str, *, key: str, by: str = "", now: datetime | None = None) -> CampaignReceipt:
        """As `Loyalty.resume`."""
        return await self._one(CampaignReceipt, Resume(campaign=campaign, key=key, by=by, now=now))

    async def stock(self, reward: str, *, at: datetime | None = None) -> Stock:
        """As `Loyalty.stock`."""
        return await self._run(stock_of(self._office, reward, at))

    async def restock(
        self, reward: str, count: int, *, key: str, reason: str = "", now: datetime | None = None
    ) -> StockReceipt:
        """As `Loyalty.restock`."""
        return await self._one(StockReceipt, Restock(reward=reward, count=count, key=key, reason=reason, now=now))

    async def allowances(self, member: str, *, at: datetime | None = None) -> tuple[Allowance, ...]:
        """As `Loyalty.allowances`."""
        books = await self._run(self._office.read(member, at))
        return allowances_of(self._office.program, books.account, books.at)

    async def refer(
        self, member: str, *, key: str, friend_ref: str = "", consent: bool = False, now: datetime | None = None
    ) -> InvitationReceipt:
        """As `Loyalty.refer`."""
        command = Refer(member=member, key=key, friend_ref=friend_ref, consent=consent, now=now)
        return await self._one(InvitationReceipt, command)

    async def withhold_referral(
        self, invitation: str, *, reason: str, key: str, by: str = "", now: datetime | None = None
    ) -> WithheldReceipt:
        """As `Loyalty.withhold_referral`."""
        command = WithholdReferral(invitation=invitation, reason=reason, key=key, by=by, now=now)
        return await self._one(WithheldReceipt, command)

    async def referral_doubts(self, friend: str, *, same_as: str, at: datetime | None = None) -> tuple[str, ...]:
        """As `Loyalty.referral_doubts`."""
        return await self._run(doubts(self._office, friend, same_as, at))

    async def referrals(self, *, at: datetime | None = None) -> Referrals:
        """As `Loyalty.referrals`."""
        return await self._run(referrals(self._office, at))

    async def referral_findings(self, *, at: datetime | None = None) -> tuple[ReferralFinding, ...]:
        """As `Loyalty.referral_findings`."""
        return await self._run(referral_findings(self._office, at))

    async def keep_prospect(self, prospect: Prospect) -> None:
        """As `Loyalty.keep_prospect`."""
        await awaited(self.members.keep(prospect.id, PAYLOAD, prospect.to_plain()))

    async def prospect(self, id: str) -> Prospect | None:  # noqa: A002  (the word of a prospect)
        """As `Loyalty.prospect`."""
        return prospect_in(await awaited(self.members.payloads(id)))

    async def _welcome(self, prospect: str, command: Enroll) -> EnrollReceipt:
        """Enroll a prospect with what was known. Asked again after a failure it goes on where it stood."""
        people, member = self.members, command.member
        known = welcomed(prospect, await awaited(people.payloads(prospect)), await awaited(people.payloads(member)))
        receipt = await self._one(EnrollReceipt, with_known(self._office.program, known, command))
        await awaited(people.save(known.member(member, await awaited(people.get(member)))))
        await awaited(people.keep(member, PAYLOAD, known.to_plain()))
        if prospect != member:
            await awaited(people.erase(prospect))
        return receipt
