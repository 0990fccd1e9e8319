"""Status: the methods of `AsyncLoyalty` about a member's tier that come of no purchase, and about who matters most."""

from __future__ import annotations

from abc import abstractmethod
from datetime import date, datetime
from typing import Literal, TypeVar

from fidelity.commands_of_status import CreditTier, MatchStatus
from fidelity.ledger.status_receipts import StatusReceipt, TierCreditReceipt
from fidelity.loyalty.asks import Work
from fidelity.loyalty.awaited_administration import AsyncAdministration
from fidelity.loyalty.office import Office
from fidelity.loyalty.valuing import Valued, most_valuable
from fidelity.values.periods import Window

__all__ = ["AsyncStatus"]

T = TypeVar("T")


class AsyncStatus(AsyncAdministration):
    """The methods of `AsyncLoyalty` that credit a tier's score and match a status, and tell who matters most."""

    _office: Office

    @abstractmethod
    async def _run(self, work: Work[T]) -> T:
        """What *work* comes to."""

    async def credit_tier(
        self,
        member: str,
        *,
        points: int,
        reason: str,
        key: str,
        count: str = "",
        by: str = "",
        now: datetime | None = None,
    ) -> TierCreditReceipt:
        """As `Loyalty.credit_tier`."""
        command = CreditTier(member=member, points=points, reason=reason, key=key, count=count, by=by, now=now)
        return await self._one(TierCreditReceipt, command)

    async def match_status(
        self,
        member: str,
        *,
        tier: str,
        until: date | datetime,
        reason: str,
        key: str,
        by: str = "",
        now: datetime | None = None,
    ) -> StatusReceipt:
        """As `Loyalty.match_status`."""
        command = MatchStatus(member=member, tier=tier, until=until, reason=reason, key=key, by=by, now=now)
        return await self._one(StatusReceipt, command)

    async def most_valuable(
        self,
        *,
        by: Literal["relationship", "value"],
        top: int = 10,
        over: str | Window = "12 months",
        at: datetime | None = None,
    ) -> tuple[Valued, ...]:
        """As `Loyalty.most_valuable`."""
        return await self._run(most_valuable(self._office, by, top, over, at))
