"""Entries of a member's points stream.

They hold opaque ids and whole numbers, and what a later reversal needs; never personal data.
What follows from time alone (maturing, expiring, a hold timing out, a debt settled from a new credit)
needs no entry: the fold derives it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, ClassVar

from attrs import frozen

from fidelity.entries.base import Entry

__all__ = [
    "Enrolled",
    "EventRecorded",
    "HoldCaptured",
    "HoldReleased",
    "PointsEarned",
    "PointsHeld",
    "PointsRedeemed",
    "PointsReversed",
    "ReturnRecorded",
]


@frozen(kw_only=True)
class Enrolled(Entry):
    """
    The member joined. Tenure counts from `customer_since`, which may lie before.

    `birth_month`, 1 to 12, stands there only where points end with it, and nothing else of the birth ever does.
    `referred_by` is the invitation that the member came with; empty without one.
    """

    kind: ClassVar[str] = "enrolled"

    member: str
    customer_since: date
    fields: Mapping[str, Any]
    birth_month: int | None = None
    referred_by: str = ""


@frozen(kw_only=True)
class EventRecorded(Entry):
    """
    An event was decided.

    Attributes:
        event: The event as plain data (`fidelity.rules.spelling.codec` reads it back): what a partial return needs.
        event_kind, event_id: Its idempotent identity.
        program: Version of the program that decided, and `digest`, its content hash.
        facts: The facts that the program read, as plain data.
        counts: What the event adds to the member's counters: ``"measure.…"``, ``"limit.…"``, ``"cap.…"``.
        effects: Effects that are not points: ``(kind, rule, text)``.
    """

    kind: ClassVar[str] = "event"

    event_kind: str
    event_id: str
    event: Mapping[str, Any]
    program: str
    digest: str
    facts: Mapping[str, Any]
    counts: Mapping[str, int]
    effects: tuple[tuple[str, str, str], ...] = ()


@frozen(kw_only=True)
class PointsEarned(Entry):
    """
    Points came in, as one lot.

    Attributes:
        wallet: The wallet's name.
        points: Whole points, at least 1.
        lot: The lot's id, unique within the member's stream; derived from the event, so a retry gives the same.
        origin: ``"kind/id"`` of the event that the lot descends from.
        starts: From when they may be used (`at` when there is no pending time).
        expires: The first instant at which they are gone; None means never.
        reasons: What each rule gave, in order: ``(rule, exact amount as text)``.
    """

    kind: ClassVar[str] = "earned"

    wallet: str
    points: int
    lot: str
    origin: str
    starts: datetime
    expires: datetime | None
    reasons: tuple[tuple[str, str], ...] = ()


@frozen(kw_only=True)
class ReturnRecorded(Entry):
    """
    Goods came back.

    Attributes:
        event_id: The id of the return.
        origin: ``"purchase/id"`` of the purchase.
        event: The return as plain data.
        remains: The purchase that remains, as plain data; None when all came back.
        counts: What leaves the member's measures, as negative numbers. Limits and caps are not given back.
        waived: What would have been taken back and was let go for good, by wallet: the member was protected, or the
            wallet's clawback takes no more than is there.
        spent: How many of `waived` had been spent or set aside: they go after all if they come back to the member.
    """

    kind: ClassVar[str] = "return"

    event_id: str
    origin: str
    event: Mapping[str, Any]
    remains: Mapping[str, Any] | None
    counts: Mapping[str, int]
    waived: Mapping[str, int] = {}
    spent: Mapping[str, int] = {}


@frozen(kw_only=True)
class PointsReversed(Entry):
    """
    Earned points were taken back.

    Attributes:
        origin: ``"kind/id"`` of the event that had earned them.
        points: How many, in all: the sum of `taken`, `expired` and `debt`.
        taken: From which lots, pending points first, then available ones: ``(lot, points)``.
        expired: How many had expired already: they gave no benefit and make no debt.
        debt: How many are owed, because they were spent or are held.
        reason: ``"return/id"`` or the like.
    """

    kind: ClassVar[str] = "reversed"

    wallet: str
    origin: str
    points: int
    taken: tuple[tuple[str, int], ...]
    expired: int
    debt: int
    reason: str


@frozen(kw_only=True)
class PointsRedeemed(Entry):
    """
    Points were spent on a reward.

    Attributes:
        redemption: The redemption's id, derived from the command's key.
        lots: From which lots, in the order they were consumed: ``(lot, points)``.
        worth: What the reward is worth as text, such as ``"5.00 EUR"``; empty when not told.
        by: Who asked, when it was another member of the household; empty when it was the member.
        turns: When members of a household gave together: the place of each of `lots` in the order in which all of
            them were consumed, ``(place,)``.
        counts: What it adds to the counters of what a member has had, where the reward has a limit.
        purchase: The id of the purchase on which they were spent: a return of it gives its share of them back.
    """

    kind: ClassVar[str] = "redeemed"

    redemption: str
    reward: str
    wallet: str
    points: int
    lots: tuple[tuple[str, int], ...]
    worth: str = ""
    by: str = ""
    turns: tuple[tuple[int], ...] = ()
    counts: Mapping[str, int] = {}
    purchase: str = ""


@frozen(kw_only=True)
class PointsHeld(Entry):
    """
    Points were set aside until `until`; while held they do not expire.

    Attributes:
        counts, purchase: As of `PointsRedeemed`, once they are captured.
        program, digest: The version whose terms the reward has, if it comes as a voucher; empty if it does not.
        quantity: For how many of it.
    """

    kind: ClassVar[str] = "held"

    hold: str
    wallet: str
    points: int
    lots: tuple[tuple[str, int], ...]
    until: datetime
    reward: str = ""
    worth: str = ""
    counts: Mapping[str, int] = {}
    purchase: str = ""
    program: str = ""
    digest: str = ""
    quantity: int = 1


@frozen(kw_only=True)
class HoldCaptured(Entry):
    """What a hold had set aside was spent: `points` of it; the rest went back. `key` is that of the command."""

    kind: ClassVar[str] = "captured"

    hold: str
    points: int
    key: str = ""


@frozen(kw_only=True)
class HoldReleased(Entry):
    """What a hold had set aside went back, except what had expired meanwhile. `key` is that of the command."""

    kind: ClassVar[str] = "released"

    hold: str
    key: str = ""
