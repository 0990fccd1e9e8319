"""Status: the methods of `AsyncLoyalty` about a member's tier that come of no purchase."""

from __future__ import annotations

from datetime import date, datetime

from fidelity.commands_of_status import CreditTier, MatchStatus
from fidelity.ledger.status_receipts import StatusReceipt, TierCreditReceipt
from fidelity.loyalty.awaited_administration import AsyncAdministration

__all__ = ["AsyncStatus"]


class AsyncStatus(AsyncAdministration):
    """The methods of `AsyncLoyalty` that credit a tier's score and match a status."""

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
