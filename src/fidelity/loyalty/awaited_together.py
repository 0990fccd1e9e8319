"""Together, awaited: the methods of `Together` with the same names."""

from __future__ import annotations

from abc import abstractmethod
from datetime import datetime
from typing import TypeVar

from fidelity.commands_of_all import Refer, Restock, Resume, Suspend
from fidelity.ledger.notices import CampaignReceipt, InvitationReceipt, StockReceipt
from fidelity.loyalty.asks import Work
from fidelity.loyalty.awaited_status import AsyncStatus
from fidelity.loyalty.findings import ReferralFinding, referral_findings
from fidelity.loyalty.office import Office
from fidelity.loyalty.standings import (
    Allowance,
    CampaignStanding,
    Stock,
    allowances_of,
    campaign_standing,
    stock_of,
)

__all__ = ["AsyncTogether"]

T = TypeVar("T")


class AsyncTogether(AsyncStatus):
    """The methods of `AsyncLoyalty` about campaigns, stock, allowances and referrals."""

    _office: Office

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

    async def referral_findings(self, *, at: datetime | None = None) -> tuple[ReferralFinding, ...]:
        """As `Loyalty.referral_findings`."""
        return await self._run(referral_findings(self._office, at))
