"""Administration, awaited: the methods of `Administration` with the same names."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import date, datetime
from typing import TypeVar

from fidelity.commands import (
    Close,
    Command,
    EndProtection,
    Extend,
    Forgive,
    Freeze,
    Goodwill,
    JoinHousehold,
    LeaveHousehold,
    Merge,
    Protect,
    Reinstate,
    Rerate,
    Transfer,
    Undo,
    Unfreeze,
)
from fidelity.ledger.notices import (
    ClosingReceipt,
    ExtensionReceipt,
    ForgivenessReceipt,
    FreezeReceipt,
    GoodwillReceipt,
    HouseholdReceipt,
    MergeReceipt,
    ProtectionReceipt,
    ReinstatementReceipt,
    RerateReceipt,
    TransferReceipt,
    UndoReceipt,
)

__all__ = ["AsyncAdministration"]

T = TypeVar("T")


class AsyncAdministration(ABC):
    """The methods of `AsyncLoyalty` that put things right, move points between members, begin and end protection."""

    @abstractmethod
    async def _one(self, kind: type[T], command: Command) -> T:
        """The receipt of *command*, which is of *kind*."""

    # Putting right

    async def undo(
        self, redemption: str, *, key: str, points: int | None = None, now: datetime | None = None
    ) -> UndoReceipt:
        """As `Loyalty.undo`."""
        return await self._one(UndoReceipt, Undo(redemption=redemption, key=key, points=points, now=now))

    async def goodwill(
        self,
        member: str,
        *,
        points: int,
        reason: str,
        key: str,
        wallet: str = "",
        by: str = "",
        now: datetime | None = None,
    ) -> GoodwillReceipt:
        """As `Loyalty.goodwill`."""
        command = Goodwill(member=member, points=points, reason=reason, key=key, wallet=wallet, by=by, now=now)
        return await self._one(GoodwillReceipt, command)

    async def forgive(
        self,
        member: str,
        *,
        reason: str,
        key: str,
        points: int | None = None,
        wallet: str = "",
        by: str = "",
        now: datetime | None = None,
    ) -> ForgivenessReceipt:
        """As `Loyalty.forgive`."""
        command = Forgive(member=member, reason=reason, key=key, points=points, wallet=wallet, by=by, now=now)
        return await self._one(ForgivenessReceipt, command)

    async def extend(
        self,
        member: str,
        *,
        until: date | datetime,
        reason: str,
        key: str,
        wallet: str = "",
        event: str = "",
        now: datetime | None = None,
    ) -> ExtensionReceipt:
        """As `Loyalty.extend`."""
        command = Extend(member=member, until=until, reason=reason, key=key, wallet=wallet, event=event, now=now)
        return await self._one(ExtensionReceipt, command)

    async def reinstate(
        self,
        member: str,
        *,
        reason: str,
        key: str,
        points: int | None = None,
        wallet: str = "",
        until: date | datetime | None = None,
        now: datetime | None = None,
    ) -> ReinstatementReceipt:
        """As `Loyalty.reinstate`."""
        command = Reinstate(member=member, reason=reason, key=key, points=points, wallet=wallet, until=until, now=now)
        return await self._one(ReinstatementReceipt, command)

    async def rerate(self, member: str, event: str, *, key: str, now: datetime | None = None) -> RerateReceipt:
        """As `Loyalty.rerate`."""
        return await self._one(RerateReceipt, Rerate(member=member, event=event, key=key, now=now))

    # Between members

    async def transfer(
        self, member: str, *, to: str, points: int, key: str, wallet: str = "", now: datetime | None = None
    ) -> TransferReceipt:
        """As `Loyalty.transfer`."""
        command = Transfer(member=member, to=to, points=points, key=key, wallet=wallet, now=now)
        return await self._one(TransferReceipt, command)

    async def merge(self, member: str, *, into: str, key: str, now: datetime | None = None) -> MergeReceipt:
        """As `Loyalty.merge`."""
        return await self._one(MergeReceipt, Merge(member=member, into=into, key=key, now=now))

    async def join_household(
        self, member: str, household: str, *, key: str, now: datetime | None = None
    ) -> HouseholdReceipt:
        """As `Loyalty.join_household`."""
        return await self._one(HouseholdReceipt, JoinHousehold(member=member, household=household, key=key, now=now))

    async def leave_household(self, member: str, *, key: str, now: datetime | None = None) -> HouseholdReceipt:
        """As `Loyalty.leave_household`."""
        return await self._one(HouseholdReceipt, LeaveHousehold(member=member, key=key, now=now))

    # Standing still

    async def freeze(self, member: str, *, reason: str, key: str, now: datetime | None = None) -> FreezeReceipt:
        """As `Loyalty.freeze`."""
        return await self._one(FreezeReceipt, Freeze(member=member, reason=reason, key=key, now=now))

    async def unfreeze(self, member: str, *, key: str, now: datetime | None = None) -> FreezeReceipt:
        """As `Loyalty.unfreeze`."""
        return await self._one(FreezeReceipt, Unfreeze(member=member, key=key, now=now))

    async def protect(self, member: str, *, cause: str, key: str, now: datetime | None = None) -> ProtectionReceipt:
        """As `Loyalty.protect`."""
        return await self._one(ProtectionReceipt, Protect(member=member, cause=cause, key=key, now=now))

    async def end_protection(
        self, member: str, protection: str, *, key: str, reason: str = "", now: datetime | None = None
    ) -> ProtectionReceipt:
        """As `Loyalty.end_protection`."""
        command = EndProtection(member=member, protection=protection, key=key, reason=reason, now=now)
        return await self._one(ProtectionReceipt, command)

    async def close(self, member: str, *, reason: str, key: str, now: datetime | None = None) -> ClosingReceipt:
        """As `Loyalty.close`."""
        return await self._one(ClosingReceipt, Close(member=member, reason=reason, key=key, now=now))
