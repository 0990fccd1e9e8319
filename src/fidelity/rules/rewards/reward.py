"""Rewards: what points buy, and each condition that stands between having the points and getting it.

A reward that asks for money cannot be made (principle R1). What pays part of a purchase is in `payments`.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from attrs import field, frozen

from fidelity.errors import LanguageError
from fidelity.language.numbers import NumberHandle
from fidelity.language.text import parse
from fidelity.language.tree import Compare, Field, Literal, Node
from fidelity.rules.earning.limits import Limit, limit
from fidelity.rules.earning.rules import MAIN_WALLET, named
from fidelity.rules.rewards.discounts import Off, maybe_off
from fidelity.rules.rewards.terms import (
    LEGAL_KINDS,
    SECURITY_STEPS,
    Filter,
    FilterBudget,
    Legal,
    Security,
    as_conditions,
    closed_days,
    conditions_of,
    efforts,
    legal_terms,
    maybe_days,
    maybe_duration,
    maybe_money,
    moments,
    security_steps,
    some_texts,
    whole_from,
)
from fidelity.values.expiry import Expiry, expiry
from fidelity.values.money import Money
from fidelity.values.periods import Duration
from fidelity.values.whole import points_amount, whole_number

__all__ = ["LEGAL_KINDS", "SECURITY_STEPS", "Filter", "FilterBudget", "Legal", "Reward", "Security"]


def _cost(value: int | str | NumberHandle | Node) -> int | Node:
    if isinstance(value, NumberHandle):
        return value.node
    if isinstance(value, str) and value.strip().isdecimal():
        return points_amount(value)  # it refuses
    formula = parse(value) if isinstance(value, str) else value
    if hasattr(formula, "__attrs_attrs__") and not isinstance(formula, Literal):
        return formula
    # A number in a text is no number (SEMANTICS G15).
    return points_amount(value)  # it refuses


def _limit(value: str | Limit | None) -> Limit | None:
    return None if value is None else limit(value)


def _voucher(value: str | Expiry | None) -> Expiry | None:
    return None if value is None else expiry(value)


def _units(value: int) -> int:
    return whole_number(value, what="units", low=1, high=1_000)


@frozen
class Reward:
    """
    Something that points buy.

    Args:
        name: How it is called; unique in the program.
        cost: Whole points; or a formula of `redemption.quantity` and of declared fields of the redemption, which never
            costs less for more: ``redemption.quantity * 100 - redemption.quantity // 4 * 100``.
        worth: What it is worth, for quotes, liability and the check against paid access.
        wallet: Which points it takes.
        units: How many units come for the cost: of two units for 3 points, five cost 9.
        when: Further eligibility; each condition is one filter.
        minimum_balance: Points that must be there beside the cost.
        minimum_basket: For money off a purchase: what the basket must reach; at most *worth*, or it is paid access.
        channels: Where it may be asked for; empty means everywhere.
        blackouts: First and last day of each time in which it is closed.
        during: First and last day on which it may be had.
        limit: How many one member may have: ``"1 per calendar year"``.
        stock: How many there are for all members together, at first; `Loyalty.restock` adds more. None: no end.
        off: For money off a sale that depends on the sale: ``off("10 %", most="9 EUR")``; see `Program.discounted`.
        wait: How long after earning the points wait.
        voucher: How long the voucher lasts as which it comes: ``"2 years, to the end of the month"``.
        voucher_life: The same of a voucher that the host keeps itself.
        steps: Further steps that the member must take, each in words.
        block: Only multiples of this many points.
        security, legal: Typed apart; not filters.
        published_cost: What was announced, for the proof that it is what is charged.
        fee, co_payment, surcharge, shipping: What the member is asked to pay. There so that a program that asks is
            refused by name; nothing but None or zero is ever accepted.
    """

    name: str = field(validator=named)
    cost: int | Node = field(kw_only=True, converter=_cost)
    worth: Money | None = field(default=None, kw_only=True, converter=maybe_money)
    wallet: str = field(default=MAIN_WALLET, kw_only=True, validator=named)
    units: int = field(default=1, kw_only=True, converter=_units)
    when: tuple[Node, ...] = field(default=(), kw_only=True, converter=as_conditions)
    minimum_balance: int | None = field(default=None, kw_only=True, validator=whole_from("minimum balance", 0))
    minimum_basket: Money | None = field(default=None, kw_only=True, converter=maybe_money)
    channels: tuple[str, ...] = field(default=(), kw_only=True, converter=some_texts)
    blackouts: tuple[tuple[date, date], ...] = field(default=(), kw_only=True, converter=closed_days)
    during: tuple[date, date] | None = field(default=None, kw_only=True, converter=maybe_days)
    limit: Limit | None = field(default=None, kw_only=True, converter=_limit)
    stock: int | None = field(default=None, kw_only=True, validator=whole_from("stock", 0))
    off: Off | None = field(default=None, kw_only=True, converter=maybe_off)
    wait: Duration | None = field(default=None, kw_only=True, converter=maybe_duration)
    voucher: Expiry | None = field(default=None, kw_only=True, converter=_voucher)
    voucher_life: Duration | None = field(default=None, kw_only=True, converter=maybe_duration)
    steps: tuple[str, ...] = field(default=(), kw_only=True, converter=some_texts)
    block: int | None = field(default=None, kw_only=True, validator=whole_from("block", 1))
    security: tuple[Security, ...] = field(default=(), kw_only=True, converter=security_steps)
    legal: tuple[Legal, ...] = field(default=(), kw_only=True, converter=legal_terms)
    published_cost: int | None = field(default=None, kw_only=True, validator=whole_from("published cost", 1))
    fee: Money | str | int | None = field(default=None, kw_only=True, eq=False, repr=False)
    co_payment: Money | str | int | None = field(default=None, kw_only=True, eq=False, repr=False)
    surcharge: Money | str | int | None = field(default=None, kw_only=True, eq=False, repr=False)
    shipping: Money | str | int | None = field(default=None, kw_only=True, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        if self.voucher is not None and self.voucher_life is not None:
            message = (
                f'"{self.name}" says twice how long its voucher lasts; keep voucher=, or voucher_life= for your own'
            )
            raise LanguageError(message, reward=self.name)
        if self.units > 1 and not isinstance(self.cost, int):
            message = f'the cost of "{self.name}" is a formula of the quantity already; leave units= out'
            raise LanguageError(message, reward=self.name)

    @property
    def least(self) -> int:
        """The fewest points for which it can be had; of a formula no more is known than that it takes one."""
        return self.cost if isinstance(self.cost, int) else 1

    @property
    def least_worth(self) -> Money | None:
        """What is had for the fewest points."""
        return self.worth

    @property
    def varies(self) -> bool:
        """Whether what it takes depends on how much of it is asked for."""
        return self.units > 1 or not isinstance(self.cost, int)

    @property
    def counter(self) -> str:
        """The counter of how many a member has had; empty if nothing asks."""
        return "" if self.limit is None else f"redeemed.{self.name}"

    @property
    def filters(self) -> tuple[Filter, ...]:
        """Every condition between the points and the reward, in the order of the terms."""
        found = [*conditions_of(self.when)]
        if self.minimum_balance is not None:
            least = Compare(">=", Field("redemption.balance"), Literal(self.minimum_balance))
            found.append(Filter("minimum balance", least, f"{self.minimum_balance} points"))
        if self.minimum_basket is not None:
            basket = Compare(">=", Field("redemption.basket"), Literal(self.minimum_basket))
            found.append(Filter("minimum basket", basket, str(self.minimum_basket)))
        found.extend(moments(self.channels, self.blackouts, self.during))
        if self.block is not None and not (isinstance(self.cost, int) and self.cost % self.block == 0):
            found.append(Filter("block", None, f"multiples of {self.block}"))
        if self.limit is not None:
            found.append(Filter("limit", None, str(self.limit)))
        if self.wait is not None:
            found.append(Filter("waiting time", None, str(self.wait)))
        if self.voucher is not None and not self.voucher.never:
            found.append(Filter("voucher", None, str(self.voucher)))
        if self.voucher_life is not None:
            found.append(Filter("expiring voucher", None, str(self.voucher_life)))
        found.extend(efforts(self.steps, self.security))
        return tuple(found)

    @property
    def charges(self) -> tuple[tuple[str, Any], ...]:
        """What the member is asked to pay: ``(clause, amount)``; empty in every program that exists."""
        asked = (
            ("fee", self.fee),
            ("co_payment", self.co_payment),
            ("surcharge", self.surcharge),
            ("shipping", self.shipping),
        )
        return tuple((clause, value) for clause, value in asked if value is not None)
