"""Tiers: ordered status levels, one measure, one clock. Tier points are never spendable points."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from attrs import field, frozen

from fidelity.errors import OperandError
from fidelity.rules.earning import named
from fidelity.rules.measures import Measure
from fidelity.values.money import Money, money
from fidelity.values.periods import Duration, Window, duration, window
from fidelity.values.rates import exact
from fidelity.values.spelling import shown
from fidelity.values.whole import whole_number

__all__ = ["Relationship", "Tier", "TierSet", "relationship"]

#: What may be counted by name, beside a measure and a relationship score. Never the balance: redeeming must not demote.
COUNTABLE = ("points earned", "spend", "purchases", "visits")


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


def _threshold(value: int | str | Money) -> int | Money:
    if isinstance(value, Money):
        return value
    return money(value) if isinstance(value, str) else whole_number(value, what="at", low=0)


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
        at: The score from which it is reached; the first tier has 0. Money (``"3000 EUR"``) when spend is counted.
        earns: The multiplier of the base group: ``"3/2"``.
        benefits: What members of this tier get beside points, in words.
    """

    name: str = field(validator=named)
    at: int | Money = field(default=0, kw_only=True, converter=_threshold)
    earns: Fraction = field(default=Fraction(1), kw_only=True, converter=_earns)
    benefits: tuple[str, ...] = field(default=(), kw_only=True, converter=_texts)


def _counts(value: str | Measure | Relationship) -> str | Measure | Relationship:
    if isinstance(value, str | Measure | Relationship):
        return value
    message = f"counts= takes one of {', '.join(COUNTABLE)}, a measure or relationship(…), not {value!r}"
    raise OperandError(message, value=value)


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


def _grace(value: str | Duration | None) -> Duration | None:
    return None if value is None else duration(value)


def _as_value(counts: object) -> object:
    """A measure is a handle, whose == makes a condition; what it measures is a value."""
    return getattr(counts, "terms", counts)


@frozen
class TierSet:
    """
    The levels of a program, from low to high.

    Args:
        tiers: At least two.
        counts: ``"points earned"``, ``"spend"``, ``"purchases"``, ``"visits"``, a measure, or `relationship`.
        over: The qualification window: ``"12 months"`` (rolling), ``"calendar year"``, ``"membership year"``.
            A measure brings its own.
        grace: How long a member keeps a tier after the score fell below it.
        falls: ``"one level at a time"`` (soft landing), ``"to what is earned"``, ``"never"``.
        kept: For a calendar window: how many further periods a status lasts after the one it was reached in.
        of: The group that `Tier.earns` multiplies.
    """

    tiers: tuple[Tier, ...] = field(converter=_tiers)
    counts: str | Measure | Relationship = field(kw_only=True, converter=_counts, eq=_as_value)
    over: Window | None = field(default=None, kw_only=True, converter=_over)
    grace: Duration | None = field(default=Duration(3, "months"), kw_only=True, converter=_grace)
    falls: Literal["one level at a time", "to what is earned", "never"] = field(
        default="one level at a time", kw_only=True
    )
    kept: int = field(default=1, kw_only=True, converter=_kept)
    of: str = field(default="base", kw_only=True)

    @property
    def counts_money(self) -> bool:
        """Whether the score is money, in minor units."""
        return self.named == "spend" or (self.measure is not None and self.measure.terms.aggregate.money)

    @property
    def names(self) -> tuple[str, ...]:
        """The names, from low to high."""
        return tuple(each.name for each in self.tiers)

    @property
    def named(self) -> str:
        """What is counted if it has a name of its own, such as ``"points earned"``; else an empty text."""
        return self.counts if isinstance(self.counts, str) else ""

    @property
    def measure(self) -> Measure | None:
        """The measure that is counted, if it is one."""
        return self.counts if isinstance(self.counts, Measure) else None
