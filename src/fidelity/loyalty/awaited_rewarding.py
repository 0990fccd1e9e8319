"""Rewarding, awaited: the methods of `Rewarding`, with the same names and meanings."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TypeVar

from fidelity.commands import Capture, Command, Hold, Redeem, Release, Use
from fidelity.events import FieldValue
from fidelity.ledger.lives import vouchers_at
from fidelity.ledger.receipts import CaptureReceipt, HoldReceipt, RedemptionReceipt, ReleaseReceipt, VoucherReceipt
from fidelity.ledger.vouchers import Voucher
from fidelity.loyalty.asks import Work
from fidelity.loyalty.friction import Friction, Part, friction_of, measured, rewards_asked
from fidelity.loyalty.offering import offers
from fidelity.loyalty.office import Office
from fidelity.loyalty.quotes import Quote
from fidelity.loyalty.reading import Reading
from fidelity.rules.rewards.pricing import Wish

__all__ = ["AwaitedRewarding"]

T = TypeVar("T")


class AwaitedRewarding(ABC):
    """The methods of `AsyncLoyalty` that are about rewards."""

    _office: Office

    @abstractmethod
    async def _one(self, kind: type[T], command: Command) -> T:
        """The receipt of *command*, which is of *kind*."""

    @abstractmethod
    async def _run(self, work: Work[T]) -> T:
        """What *work* comes to."""

    @abstractmethod
    async def _read(self, member: str, at: datetime | None, *, past: bool = False, whole: bool = False) -> Reading:
        """The books of *member* as they were known at *at*."""

    # Commands

    async def redeem(
        self,
        member: str,
        reward: str,
        *,
        key: str,
        points: int | None = None,
        quantity: int = 1,
        fields: Mapping[str, FieldValue] | None = None,
        purchase: str = "",
        pooled: bool = False,
        now: datetime | None = None,
    ) -> RedemptionReceipt:
        """As `Loyalty.redeem`."""
        command = Redeem(
            member=member,
            reward=reward,
            key=key,
            points=points,
            quantity=quantity,
            fields=fields or {},
            purchase=purchase,
            pooled=pooled,
            now=now,
        )
        return await self._one(RedemptionReceipt, command)

    async def hold(
        self,
        member: str,
        *,
        key: str,
        points: int | None = None,
        reward: str = "",
        wallet: str = "",
        until: datetime | None = None,
        quantity: int = 1,
        fields: Mapping[str, FieldValue] | None = None,
        purchase: str = "",
        now: datetime | None = None,
    ) -> HoldReceipt:
        """As `Loyalty.hold`."""
        command = Hold(
            member=member,
            key=key,
            points=points,
            reward=reward,
            wallet=wallet,
            until=until,
            quantity=quantity,
            fields=fields or {},
            purchase=purchase,
            now=now,
        )
        return await self._one(HoldReceipt, command)

    async def capture(
        self, hold: str, *, key: str, points: int | None = None, now: datetime | None = None
    ) -> CaptureReceipt:
        """As `Loyalty.capture`."""
        return await self._one(CaptureReceipt, Capture(hold=hold, key=key, points=points, now=now))

    async def release(self, hold: str, *, key: str, now: datetime | None = None) -> ReleaseReceipt:
        """As `Loyalty.release`."""
        return await self._one(ReleaseReceipt, Release(hold=hold, key=key, now=now))

    async def use(
        self,
        voucher: str,
        *,
        member: str,
        key: str,
        fields: Mapping[str, FieldValue] | None = None,
        now: datetime | None = None,
    ) -> VoucherReceipt:
        """As `Loyalty.use`."""
        command = Use(member=member, voucher=voucher, key=key, fields=fields or {}, now=now)
        return await self._one(VoucherReceipt, command)

    # Readings

    async def quote(
        self,
        member: str,
        reward: str,
        *,
        at: datetime | None = None,
        points: int | None = None,
        quantity: int = 1,
        fields: Mapping[str, FieldValue] | None = None,
        pooled: bool = False,
    ) -> Quote:
        """As `Loyalty.quote`."""
        wish = Wish(points=points, quantity=quantity)
        return await self._run(self._office.quote(member, reward, at, fields or {}, wish, pooled=pooled))

    async def offers(
        self, member: str, *, at: datetime | None = None, fields: Mapping[str, FieldValue] | None = None
    ) -> tuple[Quote, ...]:
        """As `Loyalty.offers`."""
        return await self._run(offers(self._office, member, at, fields or {}))

    async def vouchers(self, member: str, *, at: datetime | None = None) -> tuple[Voucher, ...]:
        """As `Loyalty.vouchers`."""
        books = await self._read(member, at)
        return vouchers_at(books.account, books.at)

    async def friction(self, *, at: datetime | None = None, rewards: Iterable[str] | None = None) -> Friction:
        """As `Loyalty.friction`."""
        when = self._office.now(at)
        clerk = self._office.desks.at(when)
        asked, parts = rewards_asked(clerk.program, rewards), [Part()]
        while len(parts) == 1 or parts[-1].last:
            parts.append(await self._run(measured(clerk, when, asked, parts[-1].last)))
        return friction_of(clerk.program, when, parts)
