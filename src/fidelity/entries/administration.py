"""Entries of a member's points stream that staff or the member asked for: undone, moved, extended, paused, closed.

Whoever reads them needs nothing else: which lots, how many points, until when. Reasons are codes, never words of or
about a person. An instant inside a row is text such as ``2026-01-05T12:00:00Z``; an empty one means never. A `key` is
that of the command, where no id in the entry is made of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, ClassVar

from attrs import frozen

from fidelity.entries.base import Entry

__all__ = [
    "AccountAbsorbed",
    "AccountClosed",
    "AccountFrozen",
    "AccountMerged",
    "AccountUnfrozen",
    "DebtForgiven",
    "EventAdopted",
    "GoodwillGiven",
    "HouseholdJoined",
    "HouseholdLeft",
    "PointsAdjusted",
    "PointsExtended",
    "PointsReceived",
    "PointsReinstated",
    "PointsSent",
    "RedemptionUndone",
]


@frozen(kw_only=True)
class RedemptionUndone(Entry):
    """
    Points that had been spent came back.

    Attributes:
        redemption: The id of the redemption, or of the hold that was captured.
        points: How many, in all.
        lots: Where they went: ``(lot they came from, lot they are in now, points)``, the last spent first.
            Two different lots where the life of the first was over: the second is new.
        expires: The first instant at which the new lots are gone.
        counts: What it takes off the counters of what a member has had, as negative numbers.
        reason: ``"return/id"`` when a return of the purchase gave them back; empty when somebody asked.
    """

    kind: ClassVar[str] = "undone"

    redemption: str
    wallet: str
    points: int
    lots: tuple[tuple[str, str, int], ...]
    expires: datetime | None = None
    key: str = ""
    counts: Mapping[str, int] = {}
    reason: str = ""


@frozen(kw_only=True)
class PointsAdjusted(Entry):
    """An event was decided once more and earned more than before: one more lot of it, as `PointsEarned`."""

    kind: ClassVar[str] = "adjusted"

    wallet: str
    points: int
    lot: str
    origin: str
    starts: datetime
    expires: datetime | None
    reason: str


@frozen(kw_only=True)
class GoodwillGiven(Entry):
    """
    Points were given as an apology: one lot, as `PointsEarned`, of an origin of its own.

    Attributes:
        reason: Why, as a code.
        by: Who gave them, as an opaque id; empty when not told.
    """

    kind: ClassVar[str] = "goodwill"

    wallet: str
    points: int
    lot: str
    origin: str
    starts: datetime
    expires: datetime | None
    reason: str
    by: str = ""


@frozen(kw_only=True)
class DebtForgiven(Entry):
    """So many points that were owed are owed no longer."""

    kind: ClassVar[str] = "forgiven"

    wallet: str
    points: int
    reason: str
    by: str = ""
    key: str = ""


@frozen(kw_only=True)
class PointsExtended(Entry):
    """
    Points live longer.

    Attributes:
        until: The first instant at which they are gone now.
        lots: Which lots, and how many points were left in each: ``(lot, points)``.
    """

    kind: ClassVar[str] = "extended"

    wallet: str
    until: datetime
    lots: tuple[tuple[str, int], ...]
    reason: str
    key: str = ""


@frozen(kw_only=True)
class PointsReinstated(Entry):
    """
    Points that had expired live again.

    Attributes:
        lots: In which lots, and how many in each: ``(lot, points)``, the latest expired first.
        until: The first instant at which they are gone now.
    """

    kind: ClassVar[str] = "reinstated"

    wallet: str
    points: int
    lots: tuple[tuple[str, int], ...]
    until: datetime
    reason: str
    key: str = ""


@frozen(kw_only=True)
class PointsSent(Entry):
    """
    Points went to another member, with their issue: they are no longer counted here.

    Attributes:
        transfer: The id of the transfer.
        to: The member who has them now.
        lots: From which lots: ``(lot, points)``.
    """

    kind: ClassVar[str] = "sent"

    transfer: str
    to: str
    wallet: str
    points: int
    lots: tuple[tuple[str, int], ...]


@frozen(kw_only=True)
class PointsReceived(Entry):
    """
    Points came from another member.

    Attributes:
        transfer: The id of the transfer, and `sender`, who had them before.
        lots: One for each lot that they came from: ``(lot, origin, points, earned, starts, expires)``.
    """

    kind: ClassVar[str] = "received"

    transfer: str
    sender: str
    wallet: str
    points: int
    lots: tuple[tuple[str, str, int, str, str, str], ...]


@frozen(kw_only=True)
class AccountMerged(Entry):
    """
    The account was a duplicate: all that it had is in the books of *into* now.

    Attributes:
        lots: What left: ``(lot, points)``.
        debts: What was owed, by wallet.
    """

    kind: ClassVar[str] = "merged"

    merge: str
    into: str
    lots: tuple[tuple[str, int], ...]
    debts: Mapping[str, int]


@frozen(kw_only=True)
class AccountAbsorbed(Entry):
    """
    A duplicate of this account was taken over.

    Attributes:
        old: The member id of the duplicate.
        customer_since: The first business of either.
        lots: What came: ``(lot, wallet, origin, points, earned, starts, expires)``.
        debts: What is owed with it, by wallet.
        counted: What its counters count, ``(counter, instant, amount)``, and `leaving`, what stops counting and when.
        tier: The tier it stood in; empty without tiers.
        frozen: Why it was frozen; empty if it was not.
        protections: What protected it: ``(protection, cause)``.
        household: The household it was in; empty if in none.
        active: When something happened last in a wallet of which points go without activity, and how many losses it
            took since: ``(wallet, instant, losses)``.
        kept: Until when lots do not go without activity: ``(lot, instant)``.
        floors: Below which tiers it does not fall until when: ``(tier, instant)``; empty is for ever.
        claims: What a return let go as spent, and takes if it comes back: ``(origin, wallet, points)``.
    """

    kind: ClassVar[str] = "absorbed"

    merge: str
    old: str
    customer_since: date
    lots: tuple[tuple[str, str, str, int, str, str, str], ...]
    debts: Mapping[str, int]
    counted: tuple[tuple[str, str, int], ...] = ()
    leaving: tuple[tuple[str, str, int], ...] = ()
    tier: str = ""
    frozen: str = ""
    protections: tuple[tuple[str, str], ...] = ()
    household: str = ""
    vouchers: tuple[tuple[str, str, str, str, str, str, str, str, int, str], ...] = ()
    active: tuple[tuple[str, str, int], ...] = ()
    kept: tuple[tuple[str, str], ...] = ()
    floors: tuple[tuple[str, str], ...] = ()
    claims: tuple[tuple[str, str, int], ...] = ()


@frozen(kw_only=True)
class EventAdopted(Entry):
    """
    An event of an account that was taken over is known here, so that its goods can come back.

    `at` is when it happened. Its fields are those of `EventRecorded`; further:

    Attributes:
        old: In whose books it was recorded.
        earned, reversed: The points that it earned and that were taken back there, by wallet.
        gone: Those that expired there, by wallet: they make no debt here.
        returned: The id of its latest return there, if any, and `remains`, what remained then.
    """

    kind: ClassVar[str] = "adopted"

    old: str
    event_kind: str
    event_id: str
    event: Mapping[str, Any]
    program: str
    digest: str
    facts: Mapping[str, Any]
    counts: Mapping[str, int]
    earned: Mapping[str, int]
    reversed: Mapping[str, int]
    gone: Mapping[str, int]
    effects: tuple[tuple[str, str, str], ...] = ()
    returned: str = ""
    remains: Mapping[str, Any] | None = None


@frozen(kw_only=True)
class HouseholdJoined(Entry):
    """The member shares points with the others of *household*."""

    kind: ClassVar[str] = "household joined"

    household: str
    key: str = ""


@frozen(kw_only=True)
class HouseholdLeft(Entry):
    """The member no longer shares points with *household*."""

    kind: ClassVar[str] = "household left"

    household: str
    key: str = ""


@frozen(kw_only=True)
class AccountFrozen(Entry):
    """Nothing is spent, set aside or given away from now on, and nothing expires."""

    kind: ClassVar[str] = "frozen"

    reason: str
    key: str = ""


@frozen(kw_only=True)
class AccountUnfrozen(Entry):
    """
    The account is as others again.

    Attributes:
        lots: Which lots have a later end because of the pause: ``(lot, first instant at which it is gone)``.
        vouchers: The same of vouchers.
    """

    kind: ClassVar[str] = "unfrozen"

    lots: tuple[tuple[str, str], ...] = ()
    key: str = ""
    vouchers: tuple[tuple[str, str], ...] = ()


@frozen(kw_only=True)
class AccountClosed(Entry):
    """The member left: what was left expired, what was owed is owed no longer."""

    kind: ClassVar[str] = "closed"

    reason: str
    key: str = ""
