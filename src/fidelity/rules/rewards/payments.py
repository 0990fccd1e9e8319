"""Payments: points that pay part of a purchase, at a published rate.

Whole points only, in blocks where the program says so. What is paid is money off the basket, never more than it.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any, Literal

from attrs import field, frozen

from fidelity.errors import LanguageError, ValueRefused
from fidelity.language.tree import Node
from fidelity.rules.earning.limits import Cap
from fidelity.rules.earning.rules import MAIN_WALLET, named
from fidelity.rules.rewards.terms import (
    Filter,
    Legal,
    Security,
    as_conditions,
    closed_days,
    conditions_of,
    efforts,
    legal_terms,
    maybe_days,
    maybe_duration,
    moments,
    security_steps,
    some_texts,
    whole_from,
)
from fidelity.values.expiry import Expiry
from fidelity.values.money import Money, money
from fidelity.values.periods import Duration
from fidelity.values.rates import exact, exact_text
from fidelity.values.spelling import shown, suggest
from fidelity.values.whole import points_amount

__all__ = ["SHORT", "Payment", "short_policy"]

#: What happens when more points are asked for than there are; the first is what holds when nothing is said.
SHORT = ("refuse", "clamp")


def short_policy(value: object) -> str:
    """
    *value* as what happens to who asks for more points than there are.

    Raises:
        ValueRefused: If it is none of `SHORT`.
    """
    if isinstance(value, str) and value in SHORT:
        return value
    hint = suggest(value, SHORT)
    message = f'short of a payment is "refuse" or "clamp", not {shown(value)}'
    raise ValueRefused(f"{message}; {hint}" if hint else message, value=value)


def _share(value: object) -> Fraction:
    found = exact(value, what="share")  # it refuses
    if not 0 < found <= 1:
        message = f'a share of the basket is above 0 and at most 1, such as "1/2", not {shown(value)}'
        raise LanguageError(message, value=value)
    return found


def _limit(value: Cap | None) -> Cap | None:
    if value is None:
        return None
    if not isinstance(value, Cap) or value.unit != "points":
        message = f'the limit of a payment is written Cap(5000, per="calendar month"), in points, not {shown(value)}'
        raise LanguageError(message, value=value)
    return value


def _short(value: object) -> str:
    return short_policy(value)


@frozen
class Payment:
    """
    Points that pay part of a purchase.

    Args:
        name: How it is called; unique among the rewards of the program.
        points: So many points …
        worth: … pay so much. What is paid is rounded down to the smallest coin.
        wallet: Which points it takes.
        blocks: Only multiples of so many points are taken; 1 takes any whole point.
        at_least: The fewest points at a time.
        share: The largest part of the basket that may be paid: ``"1/2"``; all of it unless told.
        short: Who asks for more points than there are: ``"refuse"`` says how many are missing, ``"clamp"`` takes
            those that are there.
        limit: The most points in a time: ``Cap(5000, per="calendar month")``; ``exceeded="reduce"`` takes what is
            left of it, ``"reject"`` nothing.
        when, channels, blackouts, during, wait, steps, security, legal: As of a `Reward`.
        fee, co_payment, surcharge, shipping: As of a `Reward`: nothing but None or zero is ever accepted.
    """

    name: str = field(validator=named)
    points: int = field(kw_only=True, converter=points_amount)
    worth: Money = field(kw_only=True, converter=money)
    wallet: str = field(default=MAIN_WALLET, kw_only=True, validator=named)
    blocks: int = field(default=1, kw_only=True, converter=points_amount)
    at_least: int | None = field(default=None, kw_only=True, validator=whole_from("at least", 1))
    share: Fraction = field(default=Fraction(1), kw_only=True, converter=_share)
    short: Literal["refuse", "clamp"] = field(default="refuse", kw_only=True, converter=_short)
    limit: Cap | None = field(default=None, kw_only=True, converter=_limit)
    when: tuple[Node, ...] = field(default=(), kw_only=True, converter=as_conditions)
    channels: tuple[str, ...] = field(default=(), kw_only=True, converter=some_texts)
    blackouts: tuple[tuple[date, date], ...] = field(default=(), kw_only=True, converter=closed_days)
    during: tuple[date, date] | None = field(default=None, kw_only=True, converter=maybe_days)
    wait: Duration | None = field(default=None, kw_only=True, converter=maybe_duration)
    steps: tuple[str, ...] = field(default=(), kw_only=True, converter=some_texts)
    security: tuple[Security, ...] = field(default=(), kw_only=True, converter=security_steps)
    legal: tuple[Legal, ...] = field(default=(), kw_only=True, converter=legal_terms)
    fee: Money | str | int | None = field(default=None, kw_only=True, eq=False, repr=False)
    co_payment: Money | str | int | None = field(default=None, kw_only=True, eq=False, repr=False)
    surcharge: Money | str | int | None = field(default=None, kw_only=True, eq=False, repr=False)
    shipping: Money | str | int | None = field(default=None, kw_only=True, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        if self.worth.minor <= 0:
            message = f'"{self.name}" pays nothing: {self.points} points are worth {self.worth}; say worth="5 EUR"'
            raise LanguageError(message, reward=self.name)
        if self.limit is not None and isinstance(self.limit.most, int) and self.limit.most < self.least:
            message = f'"{self.name}" takes at least {self.least} points, more than its limit of {self.limit.most}'
            raise LanguageError(message, reward=self.name)

    def value(self, points: int) -> Money:
        """What *points* pay."""
        return Money(points * self.worth.minor // self.points, self.worth.currency)

    def most_for(self, basket: Money) -> int:
        """How many points *basket* takes: those that pay no more of it than may be paid."""
        # Rounded down once, at the end: what is left of a coin may be what one more point needs.
        return basket.minor * self.share.numerator * self.points // (self.share.denominator * self.worth.minor)

    @property
    def least(self) -> int:
        """The fewest points that it takes: a whole number of blocks that pays at least the smallest coin."""
        fewest = max(self.at_least or 1, -(-self.points // self.worth.minor))
        return -(-fewest // self.blocks) * self.blocks

    @property
    def least_worth(self) -> Money:
        """What the fewest points pay."""
        return self.value(self.least)

    @property
    def counter(self) -> str:
        """The counter of the points that a member has paid with; empty if nothing asks."""
        return "" if self.limit is None or self.limit.per is None else f"paid.{self.name}"

    @property
    def voucher(self) -> Expiry | None:
        """A payment never comes as a voucher."""
        return None

    @property
    def filters(self) -> tuple[Filter, ...]:
        """Every condition between the points and what they pay, in the order of the terms."""
        found = [*conditions_of(self.when), *moments(self.channels, self.blackouts, self.during)]
        if self.blocks > 1:
            found.append(Filter("blocks", None, str(self.blocks)))
        if self.at_least is not None and self.at_least > self.blocks:
            # A block is more already.
            found.append(Filter("at least", None, str(self.at_least)))
        if self.share < 1:
            found.append(Filter("share", None, exact_text(self.share)))
        if self.limit is not None:
            per = "" if self.limit.per is None else f" {self.limit.per}"
            found.append(Filter("limit", None, f"{self.limit.most} points{per}"))
        if self.wait is not None:
            found.append(Filter("waiting time", None, str(self.wait)))
        found.extend(efforts(self.steps, self.security))
        return tuple(found)

    @property
    def charges(self) -> tuple[tuple[str, Any], ...]:
        """What the member is asked to pay: ``(clause, amount)``; empty in every program that exists."""
        asked = (
            ("fee", self.fee), ("co_payment", self.co_payment), ("surcharge", self.surcharge),
            ("shipping", self.shipping),
        )  # fmt: skip
        return tuple((clause, value) for clause, value in asked if value is not None)
