"""Pricing: what a redemption takes, by how much of it is asked for and what the moment leaves room for.

Knows a reward's terms and plain numbers. Does not know the books: what a member used of a limit is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from attrs import frozen

from fidelity.errors import ValueRefused
from fidelity.language.interpret import interpret
from fidelity.language.resolve import resolve_number
from fidelity.language.schema import MOST_AT_ONCE
from fidelity.language.tree import Node
from fidelity.rules.earning.limits import Cap
from fidelity.rules.rewards.payments import Payment
from fidelity.rules.rewards.redemption import Unmet
from fidelity.rules.rewards.reward import Reward
from fidelity.values.money import Money
from fidelity.values.whole import points_amount, whole_number

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["Price", "Wish", "price"]


def _points(value: int | None) -> int | None:
    return None if value is None else points_amount(value)


@frozen(kw_only=True)
class Wish:
    """
    How much of a reward somebody asks for.

    Attributes:
        points: Of a payment how many points; None: as many as go.
        quantity: Of a reward how many units.
    """

    points: int | None = None
    quantity: int = 1

    def __attrs_post_init__(self) -> None:
        whole_number(self.quantity, what="quantity", low=1, high=MOST_AT_ONCE)
        _points(self.points)


@frozen(kw_only=True)
class Price:
    """
    What a redemption takes.

    Attributes:
        points: How many points; the fewest that it ever takes, if it cannot be.
        worth: What is had for them.
        reasons: What says no: a limit, a least number of points, a basket that takes none.
        counts: What it adds to the member's counter of this reward.
    """

    points: int
    worth: Money | None
    reasons: tuple[Unmet, ...] = ()
    counts: int = 0


def price(
    program: Program,
    terms: Reward | Payment,
    wish: Wish,
    *,
    available: int,
    basket: Money | None,
    used: int,
    values: Mapping[str, Any],
) -> Price:
    """
    What *terms* take for *wish*.

    Args:
        program: Whose terms they are.
        terms: The reward or the payment.
        wish: How much of it.
        available: How many points there are for it.
        basket: What the purchase costs; None if nobody told.
        used: How much of its limit is used.
        values: The fields of the redemption, in base units: what a formula reads.

    Raises:
        ValueRefused: If it asks for points of what is not paid in points, or for several of a payment.
    """
    if isinstance(terms, Payment):
        if wish.quantity != 1:
            message = f'"{terms.name}" pays part of a purchase; tell points=, not quantity='
            raise ValueRefused(message, value=wish.quantity)
        return _paid(terms, wish.points, available, basket, used)
    if wish.points is not None:
        message = f'what "{terms.name}" costs is published; leave points= out, or tell quantity='
        raise ValueRefused(message, value=wish.points)
    return _bought(program, terms, wish.quantity, used, values)


def _bought(program: Program, terms: Reward, quantity: int, used: int, values: Mapping[str, Any]) -> Price:
    worth = terms.worth
    if worth is not None and quantity != terms.units:
        worth = Money(worth.minor * quantity // terms.units, worth.currency) if quantity != 1 else worth
    reasons: tuple[Unmet, ...] = ()
    if terms.limit is not None and used + quantity > terms.limit.count:
        reasons = (Unmet("limit", None, str(terms.limit), left=max(0, terms.limit.count - used)),)
    return Price(points=_cost(program, terms, quantity, values), worth=worth, reasons=reasons, counts=quantity)


def _cost(program: Program, terms: Reward, quantity: int, values: Mapping[str, Any]) -> int:
    if isinstance(terms.cost, int):
        return -(-quantity // terms.units) * terms.cost
    return int(interpret(core_cost(program, terms.cost), values))


def core_cost(program: Program, cost: Node) -> Node:
    """The formula of a cost as a core tree."""
    return resolve_number(cost, program.declared.redemption(), unit="number").node


def _paid(terms: Payment, asked: int | None, available: int, basket: Money | None, used: int) -> Price:
    wanted = available if asked is None else asked
    if asked is None or terms.short == "clamp":
        wanted = min(wanted, available)
    takes = None if basket is None and terms.share == 1 else terms.most_for(basket or Money(0, terms.worth.currency))
    left = None if terms.limit is None else max(0, _most(terms.limit) - used)
    reasons: list[Unmet] = []
    points = wanted
    if takes is not None and takes < points:
        points = takes
        if points // terms.blocks * terms.blocks < terms.least:
            reasons.append(Unmet("basket", None, str(basket or terms.worth), left=takes))
    if left is not None and left < points:
        refused = terms.limit is not None and terms.limit.exceeded == "reject" and asked is not None
        points = 0 if refused else left
        if refused or points // terms.blocks * terms.blocks < terms.least:
            reasons.append(Unmet("limit", None, _said(terms.limit), left=left))
    points -= points % terms.blocks
    if asked is not None and asked < terms.least:
        reasons = [Unmet("at least", None, str(terms.least), left=terms.least)]
    if reasons or points < terms.least:
        return Price(points=terms.least, worth=terms.least_worth, reasons=tuple(reasons))
    return Price(points=points, worth=terms.value(points), counts=points)


def _most(limit: Cap) -> int:
    assert isinstance(limit.most, int)  # noqa: S101  (a payment's limit is of points)
    return limit.most


def _said(limit: Cap | None) -> str:
    return "" if limit is None else f"{limit.most} points{'' if limit.per is None else f' {limit.per}'}"
