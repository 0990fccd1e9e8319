"""Tiers: ordered status levels, what is counted for them, one clock. Tier points are never spendable points."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from attrs import Factory, field, frozen

from fidelity.errors import OperandError
from fidelity.rules.earning.measures import Measure
from fidelity.rules.earning.rules import named
from fidelity.rules.tiers.service import Service, services
from fidelity.values.grace import Grace, UntilDay, grace, until_day
from fidelity.values.money import Money, money
from fidelity.values.periods import Duration, Window, duration, window
from fidelity.values.rates import exact
from fidelity.values.spelling import shown
from fidelity.values.whole import whole_number

__all__ = ["COUNTABLE", "CROSSINGS", "FALLS", "SURPLUS", "Relationship", "Tier", "TierSet", "relationship"]

#: What may be counted by name, beside a measure and a relationship score. Never the balance: redeeming must not demote.
COUNTABLE = ("points earned", "base points", "spend", "purchases", "visits")
#: With which tier the event is multiplied that reaches the next one.
CROSSINGS = ("next event", "whole event", "marginal")
#: What becomes of what a period has above the threshold of its tier.
SURPLUS = ("lost", "carried")
#: How a tier is lost.
FALLS = ("one level at a time", "to what is earned", "never")

#: From which score: a number, money, or by the name of what is counted when one of several things is enough.
Threshold = int | Money | Mapping[str, int | Money]


@frozen(kw_only=True)
class Relationship:
    """
    The relationship score (principle R3): points of status for each of four dimensions, weights stated.

    Attributes:
        purchases: For each purchase in the window.
        tenure: For each whole year as a customer, whenever it was.
        feedback: For each time the member told what they think, in the window.
        participation: For each participation in the window.
    """

    purchases: int = 0
    tenure: int = 0
    feedback: int = 0
    participation: int = 0


def relationship(*, purchases: int = 0, tenure: int = 0, feedback: int = 0, participation: int = 0) -> Relationship:
    """A relationship score with these weights, each a whole number of at least 0, at least one above 0."""
    weights = {"purchases": purchases, "tenure": tenure, "feedback": feedback, "participation": participation}
    for name, weight in weights.items():
        whole_number(weight, what=f"weight of {name}", low=0, high=1_000_000)
    if not any(weights.values()):
        message = "relationship() needs at least one weight above 0: relationship(purchases=10, tenure=50)"
        raise OperandError(message)
    return Relationship(**weights)


def _one(value: int | str | Money, what: str) -> int | Money:
    if isinstance(value, Money):
        return value
    return money(value) if isinstance(value, str) else whole_number(value, what=what, low=0)


def _threshold(value: int | str | Money | Mapping[str, int | str | Money], what: str = "at") -> Threshold:
    if not isinstance(value, Mapping):
        return _one(value, what)
    if not value or any(not isinstance(name, str) or not name for name in value):
        message = f'{what}= takes what is counted by name, {{"nights": 10, "base points": 25_000}}, not {shown(value)}'
        raise OperandError(message, value=value)
    return {name: _one(each, f"{what} of {name}") for name, each in value.items()}


def _keep(value: int | str | Money | Mapping[str, int | str | Money] | None) -> Threshold | None:
    return None if value is None else _threshold(value, "keep")


def _earns(value: int | str | Fraction | Decimal) -> Fraction:
    return exact(value, what="earns")


def _texts(value: Iterable[str]) -> tuple[str, ...]:
    if isinstance(value, str):
        message = f"a list of texts is needed, not one text; write [{value!r}]"
        raise OperandError(message, value=value)
    return tuple(value)


@frozen
class Tier:
    """
    One level.

    Args:
        name: How it is called.
        at: The score from which it is reached; the first tier has 0. Money (``"3000 EUR"``) when spend is counted;
            ``{"nights": 10, "base points": 25_000}`` when one of several things is enough.
        keep: The score that is enough to keep it, at most `at` and above the start of the tier below; `at` unless told.
        earns: The multiplier of the base group: ``"3/2"``.
        benefits: What members of this tier get beside points, in words.
        service: What they are promised beyond the minimum for everyone: ``[Service("wait", most="2 minutes")]``.
    """

    name: str = field(validator=named)
    at: Threshold = field(default=0, kw_only=True, converter=_threshold, hash=False)
    keep: Threshold | None = field(default=None, kw_only=True, converter=_keep, hash=False)
    earns: Fraction = field(default=Fraction(1), kw_only=True, converter=_earns)
    benefits: tuple[str, ...] = field(default=(), kw_only=True, converter=_texts)
    service: tuple[Service, ...] = field(default=(), kw_only=True, converter=services)


Counted = str | Measure | Relationship


def _count_of(value: Counted) -> Counted:
    if isinstance(value, str | Measure | Relationship):
        return value
    message = f"counts= takes one of {', '.join(COUNTABLE)}, a measure or relationship(…), not {shown(value)}"
    raise OperandError(message, value=value)


def _counts(value: Counted | Iterable[Counted]) -> Counted | tuple[Counted, ...]:
    if isinstance(value, list | tuple):
        found = tuple(_count_of(each) for each in value)
        if not found:
            message = f"counts= lists nothing; write one of {', '.join(COUNTABLE)}, a measure or relationship(…)"
            raise OperandError(message, value=value)
        return found[0] if len(found) == 1 else found
    return _count_of(value)  # type: ignore[arg-type]  # anything else is refused


def _tiers(value: Iterable[Tier]) -> tuple[Tier, ...]:
    found = tuple(value)
    for each in found:
        if not isinstance(each, Tier):
            message = f'{shown(each)} is not a tier; write Tier("Gold", at=2_000)'
            raise OperandError(message, value=each)
    return found


def _kept(value: int) -> int:
    return whole_number(value, what="kept", low=0, high=100)


def _over(value: str | Window | None) -> Window | None:
    return None if value is None else window(value)


def _grace(value: str | Grace | None) -> Grace | None:
    return None if value is None else grace(value)


def _duration(value: str | Duration | None) -> Duration | None:
    return None if value is None else duration(value)


def _until(value: str | UntilDay | None) -> UntilDay | None:
    return None if value is None else until_day(value)


def _most(value: int | str | Money | None) -> int | Money | None:
    return None if value is None else _one(value, "carried_at_most")


def _as_value(counts: object) -> object:
    """A measure is a handle, whose == makes a condition; what it measures is a value."""
    if isinstance(counts, tuple):
        return tuple(_as_value(each) for each in counts)
    return getattr(counts, "terms", counts)


def _grace_unless_told(tiers: TierSet) -> Grace | None:
    """Three months; with a day of the year on which status ends, that day says it."""
    return None if tiers.until is not None else Duration(3, "months")


@frozen
class TierSet:
    """
    The levels of a program, from low to high.

    Args:
        tiers: At least two.
        counts: ``"points earned"``, ``"base points"`` (what the group `of` gave, without what multiplies it),
            ``"spend"``, ``"purchases"``, ``"visits"``, a measure, or `relationship`. A list of several: one is enough.
        over: The qualification window: ``"12 months"`` (rolling), ``"calendar year"``, ``"membership year"``.
            A measure brings its own.
        grace: How long a member keeps a tier after the score fell below it: ``"3 months"``,
            ``"1 month, to the end of the month"``.
        falls: ``"one level at a time"`` (soft landing), ``"to what is earned"``, ``"never"``.
        kept: For a calendar window: how many further periods a status lasts after the one it was reached in.
        until: With calendar years: the day of the year on which status ends, ``"02-28"``, instead of a grace.
        lasts: How long a tier lasts from the day it was reached, whatever the score: ``"12 months"``; then it is
            looked at, and lasts as long again.
        crossing: With which tier the event is multiplied that reaches the next one: ``"next event"`` (the old one),
            ``"whole event"`` (the new one), ``"marginal"`` (each with the part on its side of the threshold).
        surplus: With periods: what becomes of what is above the threshold of the tier: ``"lost"`` or ``"carried"``.
        carried_at_most: How much of it at most.
        warns: How long before a fall members are told, ``"30 days"``; not at all unless told.
        of: The group that `Tier.earns` multiplies.
    """

    tiers: tuple[Tier, ...] = field(converter=_tiers)
    counts: Counted | tuple[Counted, ...] = field(kw_only=True, converter=_counts, eq=_as_value)
    over: Window | None = field(default=None, kw_only=True, converter=_over)
    until: UntilDay | None = field(default=None, kw_only=True, converter=_until)
    grace: Grace | None = field(default=Factory(_grace_unless_told, takes_self=True), kw_only=True, converter=_grace)
    falls: Literal["one level at a time", "to what is earned", "never"] = field(
        default="one level at a time", kw_only=True
    )
    kept: int = field(default=1, kw_only=True, converter=_kept)
    lasts: Duration | None = field(default=None, kw_only=True, converter=_duration)
    crossing: Literal["next event", "whole event", "marginal"] = field(default="next event", kw_only=True)
    surplus: Literal["lost", "carried"] = field(default="lost", kw_only=True)
    carried_at_most: int | Money | None = field(default=None, kw_only=True, converter=_most)
    warns: Duration | None = field(default=None, kw_only=True, converter=_duration)
    of: str = field(default="base", kw_only=True)

    @property
    def counts_money(self) -> bool:
        """Whether the score is money, in minor units."""
        return not isinstance(self.counts, tuple) and self.money_of(self.counts)

    @staticmethod
    def money_of(counted: Counted) -> bool:
        """Whether *counted* is money."""
        return counted == "spend" if isinstance(counted, str) else _is_money(counted)

    @property
    def names(self) -> tuple[str, ...]:
        """The names, from low to high."""
        return tuple(each.name for each in self.tiers)

    @property
    def named(self) -> str:
        """What is counted if it has a name of its own, such as ``"points earned"``; else an empty text."""
        return self.counts if isinstance(self.counts, str) else ""

    @property
    def several(self) -> tuple[Counted, ...]:
        """What is counted, if one of several things is enough; empty if it is one thing."""
        return self.counts if isinstance(self.counts, tuple) else ()

    @property
    def several_names(self) -> tuple[str, ...]:
        """How each of several things is called in ``at={…}``."""
        return tuple(each.terms.name if isinstance(each, Measure) else str(each) for each in self.several)

    @property
    def counted(self) -> tuple[Counted, ...]:
        """Everything that is counted."""
        return self.counts if isinstance(self.counts, tuple) else (self.counts,)

    @property
    def by_name(self) -> tuple[str, ...]:
        """What is counted under a name of its own."""
        return tuple(each for each in self.counted if isinstance(each, str))

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The measures that are counted."""
        return tuple(each for each in self.counted if isinstance(each, Measure))

    @property
    def measure(self) -> Measure | None:
        """The measure that is counted, if it is one."""
        return self.counts if isinstance(self.counts, Measure) else None


def _is_money(counted: object) -> bool:
    return isinstance(counted, Measure) and counted.terms.aggregate.money
