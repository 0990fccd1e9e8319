"""Administration: what staff and members ask of the books beside earning and spending, one method a command."""

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

__all__ = ["Administration"]

T = TypeVar("T")


class Administration(ABC):
    """The methods of `Loyalty` that put things right, move points between members, and begin and end protection."""

    @abstractmethod
    def _one(self, kind: type[T], command: Command) -> T:
        """The receipt of *command*, which is of *kind*."""

    # Putting right

    def undo(self, redemption: str, *, key: str, points: int | None = None, now: datetime | None = None) -> UndoReceipt:
        """
        Give back what *redemption*, the id in its receipt, had spent, or *points* of it.

        What was consumed last comes back first, each point to its own lot; where the life of that one is over, to a
        new one that lasts thirty days more.

        Raises:
            UnknownRedemption: If nothing was spent under this id.
            NothingToUndo: If fewer points are left to give back.
        """
        return self._one(UndoReceipt, Undo(redemption=redemption, key=key, points=points, now=now))

    def goodwill(
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
        """
        Give *points* as an apology; *by* is who decided it.

        *reason* is a code of one to three words, ``"late-delivery"``, that the statement shows; never a sentence, and
        never words about a person: it stays for ever.
        """
        command = Goodwill(member=member, points=points, reason=reason, key=key, wallet=wallet, by=by, now=now)
        return self._one(GoodwillReceipt, command)

    def forgive(
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
        """
        Forgive what *member* owes, or *points* of it.

        Raises:
            NothingOwed: If fewer points are owed.
        """
        command = Forgive(member=member, reason=reason, key=key, points=points, wallet=wallet, by=by, now=now)
        return self._one(ForgivenessReceipt, command)

    def extend(
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
        """
        Let points that would end before *until* end then: a day is their last one, an instant the first without them.

        ``event="purchase/T-1"`` extends only those that this event had earned. Nothing is ever shortened.

        Raises:
            NothingToExtend: If none would end before.
        """
        command = Extend(member=member, until=until, reason=reason, key=key, wallet=wallet, event=event, now=now)
        return self._one(ExtensionReceipt, command)

    def reinstate(
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
        """
        Give points back that expired within the last year, all or *points* of them; for thirty days unless told.

        Raises:
            NothingToReinstate: If fewer have expired.
        """
        command = Reinstate(member=member, reason=reason, key=key, points=points, wallet=wallet, until=until, now=now)
        return self._one(ReinstatementReceipt, command)

    def rerate(self, member: str, event: str, *, key: str, now: datetime | None = None) -> RerateReceipt:
        """
        Decide *event*, ``"purchase/T-1"``, once more with what is known by now of its day, and write the difference.

        Nothing is ever rated again by itself. The rules are those that had decided it first.

        Raises:
            UnknownOrigin: If the event is not recorded.
        """
        return self._one(RerateReceipt, Rerate(member=member, event=event, key=key, now=now))

    # Between members

    def transfer(
        self, member: str, *, to: str, points: int, key: str, wallet: str = "", now: datetime | None = None
    ) -> TransferReceipt:
        """
        Move *points* of *member* to the books of *to*: a gift. They keep their end, unless the wallet says otherwise.

        Raises:
            NotEnoughPoints: If fewer are available.
            NotTransferable: If points of this wallet stay where they are.
        """
        command = Transfer(member=member, to=to, points=points, key=key, wallet=wallet, now=now)
        return self._one(TransferReceipt, command)

    def merge(self, member: str, *, into: str, key: str, now: datetime | None = None) -> MergeReceipt:
        """
        Join the books of *member*, a duplicate, to those of *into*: points, debts, what counts for tiers, tenure.

        The duplicate takes no more commands; what it had bought can still come back.

        Raises:
            HoldsStand: If points of the duplicate are set aside.
        """
        return self._one(MergeReceipt, Merge(member=member, into=into, key=key, now=now))

    def join_household(self, member: str, household: str, *, key: str, now: datetime | None = None) -> HouseholdReceipt:
        """
        Let everybody in *household* spend the points of *member*, and *member* theirs, with ``redeem(pooled=True)``.

        Raises:
            InHousehold: If the member is in one already.
        """
        return self._one(HouseholdReceipt, JoinHousehold(member=member, household=household, key=key, now=now))

    def leave_household(self, member: str, *, key: str, now: datetime | None = None) -> HouseholdReceipt:
        """
        End that; everybody keeps their own points.

        Raises:
            NotInHousehold: If the member is in none.
        """
        return self._one(HouseholdReceipt, LeaveHousehold(member=member, key=key, now=now))

    # Standing still

    def freeze(self, member: str, *, reason: str, key: str, now: datetime | None = None) -> FreezeReceipt:
        """Let nothing be spent until somebody has looked into *reason*; nothing expires meanwhile, earning goes on."""
        return self._one(FreezeReceipt, Freeze(member=member, reason=reason, key=key, now=now))

    def unfreeze(self, member: str, *, key: str, now: datetime | None = None) -> FreezeReceipt:
        """
        End that; points have as much time left as they had.

        Raises:
            NotFrozen: If the account is not frozen.
        """
        return self._one(FreezeReceipt, Unfreeze(member=member, key=key, now=now))

    def protect(self, member: str, *, cause: str, key: str, now: datetime | None = None) -> ProtectionReceipt:
        """Let *member* lose nothing in hard times: nothing expires, nothing is taken back, nobody falls from a tier."""
        return self._one(ProtectionReceipt, Protect(member=member, cause=cause, key=key, now=now))

    def end_protection(
        self, member: str, protection: str, *, key: str, reason: str = "", now: datetime | None = None
    ) -> ProtectionReceipt:
        """
        End *protection*, an id in its receipt; clocks go on where they stood once the last one has ended.

        Raises:
            UnknownProtection: If no protection of this id stands.
        """
        command = EndProtection(member=member, protection=protection, key=key, reason=reason, now=now)
        return self._one(ProtectionReceipt, command)

    def close(self, member: str, *, reason: str, key: str, now: datetime | None = None) -> ClosingReceipt:
        """
        End the membership: what is left of the points expires, what is owed is forgiven.

        Raises:
            HoldsStand: If points are set aside.
        """
        return self._one(ClosingReceipt, Close(member=member, reason=reason, key=key, now=now))
