"""Rewarding: what a host asks about rewards: quotes, offers, redemptions, holds, vouchers."""

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

__all__ = ["Rewarding"]

T = TypeVar("T")


class Rewarding(ABC):
    """The methods of `Loyalty` that are about rewards."""

    _office: Office

    @abstractmethod
    def _one(self, kind: type[T], command: Command) -> T:
        """The receipt of *command*, which is of *kind*."""

    @abstractmethod
    def _run(self, work: Work[T]) -> T:
        """What *work* comes to."""

    @abstractmethod
    def _read(self, member: str, at: datetime | None, *, past: bool = False, whole: bool = False) -> Reading:
        """The books of *member* as they were known at *at*."""

    # Commands

    def redeem(
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
        """
        Spend points on *reward*; with *pooled*, the points of the whole household, those that end first before all.

        ``fields={"channel": "app", "basket": "30.00 EUR"}`` tells where and on what the reward is used,
        for rewards that ask. Of a payment *points* says how many pay (None: as many as go), of a reward *quantity* how
        many are asked for. *purchase* is the id of the purchase on which they are spent, recorded before or after: a
        return of part of it gives the same share of the points back.

        Raises:
            NotEnoughPoints: If points are missing; `quote` tells before.
            NotNow: If a filter of the reward says no; `reasons` says which.
            UnknownReward: If the program has no such reward.
        """
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
        return self._one(RedemptionReceipt, command)

    def hold(
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
        """
        Set *points* aside, or what *reward* costs, until *until*; the receipt's ``id`` captures or releases them.

        Of a payment, *reward*, as many points as *points* says, as `redeem` does.
        """
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
        return self._one(HoldReceipt, command)

    def capture(self, hold: str, *, key: str, points: int | None = None, now: datetime | None = None) -> CaptureReceipt:
        """
        Spend what *hold* set aside, or *points* of it; the rest goes back.

        Raises:
            UnknownHold, HoldOver: If there is no such hold, or it is over.
        """
        return self._one(CaptureReceipt, Capture(hold=hold, key=key, points=points, now=now))

    def release(self, hold: str, *, key: str, now: datetime | None = None) -> ReleaseReceipt:
        """
        Give back what *hold* set aside.

        Raises:
            UnknownHold, HoldOver: If there is no such hold, or it is over.
        """
        return self._one(ReleaseReceipt, Release(hold=hold, key=key, now=now))

    def use(
        self,
        voucher: str,
        *,
        member: str,
        key: str,
        fields: Mapping[str, FieldValue] | None = None,
        now: datetime | None = None,
    ) -> VoucherReceipt:
        """
        Use the voucher with the code *voucher* of *member*, once; undoing the receipt's ``id`` gives it back.

        *voucher* may also be the id of the redemption of which it came.

        ``fields={"basket": "30.00 EUR"}`` tells where and on what, for vouchers that ask.

        Raises:
            UnknownVoucher: If it is not the member's: a voucher is personal.
            VoucherOver: If it was used or went back, or its life is over.
            NotNow: If its own terms say no; `reasons` says which.
        """
        command = Use(member=member, voucher=voucher, key=key, fields=fields or {}, now=now)
        return self._one(VoucherReceipt, command)

    # Readings

    def quote(
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
        """
        What it would take for *member* to have *reward* at *at*. Too few points is an answer, not an error.

        ``fields={"channel": "app", "basket": "30.00 EUR"}`` tells where and on what the reward would be used,
        for rewards that ask. *points* and *quantity* say how much of it, and with *pooled* the whole household would
        give, as `redeem` does.

        Raises:
            UnknownReward: If the program has no such reward.
        """
        wish = Wish(points=points, quantity=quantity)
        return self._run(self._office.quote(member, reward, at, fields or {}, wish, pooled=pooled))

    def offers(
        self, member: str, *, at: datetime | None = None, fields: Mapping[str, FieldValue] | None = None
    ) -> tuple[Quote, ...]:
        """
        Every reward of the program with what it would take for *member* to have one, in the order of the program.

        ``fields=`` is as of `quote`. Of a payment the quote is for as many points as go.
        """
        return self._run(offers(self._office, member, at, fields or {}))

    def vouchers(self, member: str, *, at: datetime | None = None) -> tuple[Voucher, ...]:
        """The vouchers that *member* may use at *at*, those that end first before the others."""
        books = self._read(member, at)
        return vouchers_at(books.account, books.at)

    def friction(self, *, at: datetime | None = None, rewards: Iterable[str] | None = None) -> Friction:
        """
        How hard it is to enjoy what was earned: over all accounts, as they were known at *at*.

        Args:
            at: When; now unless told.
            rewards: Which rewards, by name; all of them unless told.

        Raises:
            UnknownReward: If the program has no such reward.
        """
        when = self._office.now(at)
        clerk = self._office.desks.at(when)
        asked, parts = rewards_asked(clerk.program, rewards), [Part()]
        while len(parts) == 1 or parts[-1].last:
            parts.append(self._run(measured(clerk, when, asked, parts[-1].last)))
        return friction_of(clerk.program, when, parts)
