"""Notices: the receipts of what is done with points beside earning and spending them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import ClassVar

from attrs import frozen

from fidelity.ledger.receipt import Receipt
from fidelity.ledger.rulebook import MAIN_WALLET

__all__ = [
    "CampaignReceipt",
    "ClosingReceipt",
    "ConfirmationReceipt",
    "ExtensionReceipt",
    "ForgivenessReceipt",
    "FreezeReceipt",
    "GoodwillReceipt",
    "HouseholdReceipt",
    "InvitationReceipt",
    "MergeReceipt",
    "ProtectionReceipt",
    "ReinstatementReceipt",
    "RerateReceipt",
    "StockReceipt",
    "TransferReceipt",
    "UndoReceipt",
    "WithheldReceipt",
]


@frozen(kw_only=True)
class UndoReceipt(Receipt):
    """
    Points that had been spent came back.

    Attributes:
        redemption: The id of the redemption, or of the hold that was captured.
        points: How many came back.
        left: How many of the redemption may still come back.
        settled: How many of them paid at once what was owed.
        renewed: How many came back into a new lot, because the life of their own was over; usable before `until`.
        shares: Who got how many, when a household had given together; empty when the member had given alone.
        taken: How many of them went at once, because what had earned them had come back meanwhile.
    """

    kind: ClassVar[str] = "undo"

    redemption: str
    wallet: str
    points: int
    left: int
    settled: int = 0
    renewed: int = 0
    until: datetime | None = None
    shares: Mapping[str, int] = {}
    taken: int = 0


@frozen(kw_only=True)
class TransferReceipt(Receipt):
    """
    Points went to another member.

    Attributes:
        id: The transfer's id, derived from the key.
        to: Who has them now.
        left: What is available to the giver afterwards.
    """

    kind: ClassVar[str] = "transfer"

    id: str
    to: str
    wallet: str
    points: int
    left: int


@frozen(kw_only=True)
class MergeReceipt(Receipt):
    """
    A duplicate was taken over.

    Attributes:
        id: The merge's id, derived from the key.
        into: Who has everything now.
        wallets: The points that moved, by wallet, and `debts`, what is owed with them.
        customer_since: The first business of either.
    """

    kind: ClassVar[str] = "merge"

    id: str
    into: str
    wallets: Mapping[str, int]
    debts: Mapping[str, int]
    customer_since: date


@frozen(kw_only=True)
class HouseholdReceipt(Receipt):
    """The member shares points with *household* (`joined`), or does no longer."""

    kind: ClassVar[str] = "household"

    household: str
    joined: bool


@frozen(kw_only=True)
class ExtensionReceipt(Receipt):
    """`points` live until before `until` now."""

    kind: ClassVar[str] = "extension"

    wallet: str
    points: int
    until: datetime
    reason: str


@frozen(kw_only=True)
class ReinstatementReceipt(Receipt):
    """
    Points that had expired live again, until before `until`.

    Attributes:
        settled: How many of them paid at once what was owed.
    """

    kind: ClassVar[str] = "reinstatement"

    wallet: str
    points: int
    until: datetime
    reason: str
    settled: int = 0


@frozen(kw_only=True)
class ConfirmationReceipt(Receipt):
    """
    A purchase was confirmed.

    Attributes:
        event: ``"confirmation/id"``, and `origin`, ``"purchase/id"``.
        lots: What can be used now: ``(wallet, points, usable from, usable before)``; None for the last means for ever.
        settled: How many of them paid at once what was owed, by wallet.
    """

    kind: ClassVar[str] = "confirmation"

    event: str
    origin: str
    lots: tuple[tuple[str, int, datetime, datetime | None], ...] = ()
    settled: Mapping[str, int] = {}

    @property
    def points(self) -> int:
        """The points of the main wallet that can be used now."""
        return self.wallets.get(MAIN_WALLET, 0)

    @property
    def wallets(self) -> Mapping[str, int]:
        """The points that can be used now, by wallet."""
        found: dict[str, int] = {}
        for wallet, points, _, _ in self.lots:
            found[wallet] = found.get(wallet, 0) + points
        return found


@frozen(kw_only=True)
class GoodwillReceipt(Receipt):
    """
    Points were given as an apology.

    Attributes:
        lot: The lot that they make.
        expires: The first instant at which they are gone; None means never.
        settled: How many of them paid at once what was owed.
    """

    kind: ClassVar[str] = "goodwill"

    wallet: str
    points: int
    lot: str
    expires: datetime | None
    reason: str
    by: str = ""
    settled: int = 0


@frozen(kw_only=True)
class ForgivenessReceipt(Receipt):
    """So many points are owed no longer; `left` are still owed."""

    kind: ClassVar[str] = "forgiveness"

    wallet: str
    points: int
    left: int
    reason: str
    by: str = ""


@frozen(kw_only=True)
class FreezeReceipt(Receipt):
    """The account is frozen because of `reason`, or (`frozen` false) no longer."""

    kind: ClassVar[str] = "freeze"

    frozen: bool
    reason: str = ""


@frozen(kw_only=True)
class ProtectionReceipt(Receipt):
    """
    A protection began or ended.

    Attributes:
        protections: Those that began, or ended, by id.
        protected: Whether the member is protected now.
    """

    kind: ClassVar[str] = "protection"

    protections: tuple[str, ...]
    protected: bool
    cause: str = ""


@frozen(kw_only=True)
class ClosingReceipt(Receipt):
    """The account is closed: `expired` points were left, and `forgiven` ones were owed, by wallet."""

    kind: ClassVar[str] = "closing"

    reason: str
    expired: Mapping[str, int]
    forgiven: Mapping[str, int]


@frozen(kw_only=True)
class RerateReceipt(Receipt):
    """
    An event was decided once more.

    Attributes:
        event: ``"kind/id"``.
        wallets: By how much the points of each wallet changed; empty if nothing did.
        owed: How many of those taken back had been spent or were held, by wallet.
    """

    kind: ClassVar[str] = "rerate"

    event: str
    wallets: Mapping[str, int]
    owed: Mapping[str, int] = {}


@frozen(kw_only=True)
class CampaignReceipt(Receipt):
    """The campaign gives nothing from `at` on, for *reason* (`suspended`), or gives again. `member` is nobody."""

    kind: ClassVar[str] = "campaign"

    campaign: str
    suspended: bool = False
    reason: str = ""


@frozen(kw_only=True)
class StockReceipt(Receipt):
    """So many of a reward came, or went if *count* is negative; `left` are there now. `member` is nobody."""

    kind: ClassVar[str] = "stock"

    reward: str
    count: int
    left: int


@frozen(kw_only=True)
class WithheldReceipt(Receipt):
    """
    A referral shall not count. The accounts stay open, and what they earn by themselves goes on.

    Attributes:
        invitation: With which it began.
        friend: Who joined with it; empty if nobody has.
        reason: Why, as a code.
    """

    kind: ClassVar[str] = "withheld"

    invitation: str
    reason: str
    friend: str = ""


@frozen(kw_only=True)
class InvitationReceipt(Receipt):
    """A friend may be invited: `id` is the invitation, which the friend joins with. It says nothing of the friend."""

    kind: ClassVar[str] = "invitation"

    id: str
