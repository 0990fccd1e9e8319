"""What both sides give and get over a time: it is a relationship only if both get something. R6, E6."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any, ClassVar

from attrs import define, field, frozen

from fidelity.entries import (
    Entry,
    EventRecorded,
    GoodwillGiven,
    HoldCaptured,
    PointsAdjusted,
    PointsEarned,
    PointsRedeemed,
    PointsReversed,
    RedemptionUndone,
    ReturnRecorded,
)
from fidelity.entries.care import (
    ComplaintOpened,
    PraiseGiven,
    PromiseKept,
    PromiseRepaired,
    ReferenceGiven,
    RequestMade,
    SolutionOutcome,
)
from fidelity.values.money import Money, money

__all__ = ["Exchange", "Exchanging"]

#: What is counted of the human side, by the kind of entry.
_COUNTED: Mapping[type[Entry], str] = {
    PraiseGiven: "praised", ComplaintOpened: "complained", ReferenceGiven: "vouched", RequestMade: "asked",
    PromiseKept: "kept", PromiseRepaired: "kept", SolutionOutcome: "solved",
}  # fmt: skip


@frozen(kw_only=True)
class Exchange:
    """
    What a member, or all of them, and the company gave each other in a time.

    Attributes:
        since, until: Which time, by when it was learned; None where it is open.
        spent: What members paid, less what came back.
        events: How often they did what, by the kind of event: ``purchase``, ``visit``, ``feedback``, ``referral``, …;
            less the purchases that came back whole.
        praised, complained, vouched: How often they praised somebody, told us of a trouble, told us of a prospect.
        asked: How often we asked them for something.
        points: What they were given, by what it was for: the kind of event, or ``goodwill``; less what went back.
        redeemed: How many points they enjoyed, less those of what was undone.
        rewards: How often they had a reward, less those that were undone.
        kept: How many promises to them were kept or made good.
        solved: How many needs of theirs were solved.
    """

    since: datetime | None = None
    until: datetime | None = None
    spent: Mapping[str, Money] = {}
    events: Mapping[str, int] = {}
    praised: int = 0
    complained: int = 0
    vouched: int = 0
    asked: int = 0
    points: Mapping[str, int] = {}
    redeemed: int = 0
    rewards: int = 0
    kept: int = 0
    solved: int = 0

    @property
    def points_in_all(self) -> int:
        """How many points were given, whatever for."""
        return sum(self.points.values())

    @property
    def transactional_percent(self) -> Decimal | None:
        """
        The share of points that depend on purchases alone, in percent with one decimal; None where none were given.

        A program that only pays for repetition undermines loyalty (principle E6).
        """
        if not self.points_in_all:
            return None
        share = Decimal(100 * self.points.get("purchase", 0)) / self.points_in_all
        return share.quantize(Decimal("0.1"), ROUND_HALF_UP)


@define
class Exchanging:
    """
    Follows the lines of members, from their first one on, and tells what both sides gave.

    What was undone leaves it when that is learned: a purchase that came back whole, a reward that was taken back.

    Args:
        since, until: Which time, by when it was learned: from *since* until before *until*.
    """

    since: datetime | None = None
    until: datetime | None = None
    _events: Counter[str] = field(factory=Counter, init=False)
    _points: Counter[str] = field(factory=Counter, init=False)
    _spent: Counter[str] = field(factory=Counter, init=False)
    _counts: Counter[str] = field(factory=Counter, init=False)
    #: What was paid for each purchase, as its event tells it, less what came back.
    _paid: dict[str, str] = field(factory=dict, init=False)
    #: How many points of each redemption did not come back.
    _enjoyed: dict[str, int] = field(factory=dict, init=False)

    def follow(self, entry: Entry) -> None:
        """Take note of one line."""
        take = self._taken.get(type(entry))
        if take is None:
            return
        told = (self.since is None or entry.now >= self.since) and (self.until is None or entry.now < self.until)
        take(self, entry, 1 if told else 0)

    def _event(self, entry: EventRecorded, told: int) -> None:
        self._events[entry.event_kind] += told
        amount = entry.event.get("amount")
        if isinstance(amount, str):
            currency, minor = _paid(amount)
            self._spent[currency] += told * minor
            if entry.event_kind == "purchase":
                self._paid[f"purchase/{entry.event_id}"] = amount

    def _return(self, entry: ReturnRecorded, told: int) -> None:
        before, remains = self._paid.pop(entry.origin, None), entry.remains
        if remains is None:
            self._events[entry.origin.partition("/")[0]] -= told
        if before is None:
            return
        after = None if remains is None else remains.get("amount")
        for amount, sign in ((before, -1), (after, 1)):
            if isinstance(amount, str):
                currency, minor = _paid(amount)
                self._spent[currency] += sign * told * minor
        if isinstance(after, str):
            self._paid[entry.origin] = after

    def _given(self, entry: PointsEarned | PointsAdjusted | GoodwillGiven, told: int) -> None:
        self._points[entry.origin.partition("/")[0]] += told * entry.points

    def _taken_back(self, entry: PointsReversed, told: int) -> None:
        self._points[entry.origin.partition("/")[0]] -= told * entry.points

    def _redeemed(self, entry: PointsRedeemed | HoldCaptured, told: int) -> None:
        name = entry.redemption if isinstance(entry, PointsRedeemed) else entry.hold
        # Members of a household who give together have one reward.
        if name not in self._enjoyed:
            self._counts["rewards"] += told
        self._enjoyed[name] = self._enjoyed.get(name, 0) + entry.points
        self._counts["redeemed"] += told * entry.points

    def _undone(self, entry: RedemptionUndone, told: int) -> None:
        self._counts["redeemed"] -= told * entry.points
        left = self._enjoyed[entry.redemption] = self._enjoyed.get(entry.redemption, 0) - entry.points
        if left == 0:
            self._counts["rewards"] -= told

    def _counted(self, entry: Entry, told: int) -> None:
        # A complaint under another number, and a need that is not solved, are nothing new.
        if not getattr(entry, "same_as", "") and getattr(entry, "outcome", "solved") == "solved":
            self._counts[_COUNTED[type(entry)]] += told

    #: How each kind of line is taken.
    _taken: ClassVar[Mapping[type[Entry], Callable[[Any, Any, int], None]]] = {
        **dict.fromkeys(_COUNTED, _counted),
        EventRecorded: _event,
        GoodwillGiven: _given,
        HoldCaptured: _redeemed,
        PointsAdjusted: _given,
        PointsEarned: _given,
        PointsRedeemed: _redeemed,
        PointsReversed: _taken_back,
        RedemptionUndone: _undone,
        ReturnRecorded: _return,
    }

    def told(self) -> Exchange:
        """What both sides gave."""
        return Exchange(
            since=self.since, until=self.until, events={kind: each for kind, each in self._events.items() if each},
            spent={currency: Money(minor, currency) for currency, minor in self._spent.items()},
            points={kind: points for kind, points in self._points.items() if points}, **self._counts,
        )  # fmt: skip


@lru_cache(maxsize=4096)
def _paid(amount: str) -> tuple[str, int]:
    """The currency and the minor units of *amount*: the same prices are paid often."""
    paid = money(amount)
    return paid.currency, paid.minor
