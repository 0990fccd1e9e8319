"""What both sides give and get over a time: it is a relationship only if both get something. R6, E6."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from attrs import define, field, frozen

from fidelity.entries import (
    Entry,
    EventRecorded,
    GoodwillGiven,
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
        events: How often they did what, by the kind of event: ``purchase``, ``visit``, ``feedback``, ``referral``, …
        praised, complained, vouched: How often they praised somebody, told us of a trouble, told us of a prospect.
        asked: How often we asked them for something.
        points: What they were given, by what it was for: the kind of event, or ``goodwill``; less what went back.
        redeemed: How many points they enjoyed.
        rewards: How often they had a reward.
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
    Follows the lines of members, and tells what both sides gave.

    Args:
        since, until: Which time, by when it was learned: from *since* until before *until*.
    """

    since: datetime | None = None
    until: datetime | None = None
    _events: Counter[str] = field(factory=Counter, init=False)
    _points: Counter[str] = field(factory=Counter, init=False)
    _spent: Counter[str] = field(factory=Counter, init=False)
    _counts: Counter[str] = field(factory=Counter, init=False)

    def follow(self, entry: Entry) -> None:
        """Take note of one line."""
        if (self.since is None or entry.now >= self.since) and (self.until is None or entry.now < self.until):
            self._of_points(entry)
            name = _COUNTED.get(type(entry))
            # A complaint under another number, and a need that is not solved, are nothing new.
            if (
                name is not None
                and not getattr(entry, "same_as", "")
                and getattr(entry, "outcome", "solved") == "solved"
            ):
                self._counts[name] += 1

    def _of_points(self, entry: Entry) -> None:
        """Take note of what a line of the books of points tells."""
        match entry:
            case EventRecorded(event_kind=kind, event=event):
                self._events[kind] += 1
                self._pay(event, 1)
            case ReturnRecorded(event=event):
                self._pay(event, -1)
            case PointsEarned() | PointsAdjusted() | GoodwillGiven():
                self._points[entry.origin.partition("/")[0]] += entry.points
            case PointsReversed():
                self._points[entry.origin.partition("/")[0]] -= entry.points
            case PointsRedeemed():
                self._counts["redeemed"] += entry.points
                self._counts["rewards"] += 1
            case RedemptionUndone():
                self._counts["redeemed"] -= entry.points

    def _pay(self, event: Mapping[str, object], sign: int) -> None:
        amount = event.get("amount")
        if isinstance(amount, str):
            paid = money(amount)
            self._spent[paid.currency] += sign * paid.minor

    def told(self) -> Exchange:
        """What both sides gave."""
        return Exchange(
            since=self.since, until=self.until, events=dict(self._events),
            spent={currency: Money(minor, currency) for currency, minor in self._spent.items()},
            points={kind: points for kind, points in self._points.items() if points}, **self._counts,
        )  # fmt: skip
