"""Consenting, awaited: the methods of `AsyncCare` about what people agreed to."""

from __future__ import annotations

from datetime import datetime

from fidelity.care.people import ConsentReceipt, Consents, GiveConsent, WithdrawConsent, goes_on_as
from fidelity.care_desk.awaited_desk import AsyncDesk

__all__ = ["AsyncConsenting"]


class AsyncConsenting(AsyncDesk):
    """As `Consenting`, awaited."""

    async def consent(
        self, member: str, purpose: str, *, key: str, wording: str = "", now: datetime | None = None
    ) -> ConsentReceipt:
        """As `Care.consent`."""
        command = GiveConsent(member=member, purpose=purpose, key=key, wording=wording, now=now)
        return await self._one(ConsentReceipt, command)

    async def withdraw(self, member: str, purpose: str, *, key: str, now: datetime | None = None) -> ConsentReceipt:
        """As `Care.withdraw`."""
        return await self._one(ConsentReceipt, WithdrawConsent(member=member, purpose=purpose, key=key, now=now))

    async def consents(self, member: str, *, at: datetime | None = None) -> Consents:
        """As `Care.consents`."""
        known = await self._known(at, member)
        heir = goes_on_as(known, member)
        return await self.consents(heir, at=at) if heir else Consents(known.of(member))
