"""Offers: what points buy, with what stands before it, as a model sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fidelity.language.resolve import resolve_condition, resolve_number
from fidelity.language.tree import Literal, Node, fields_of
from fidelity.proofs.model import NOTHING, Access, Filter
from fidelity.proofs.modelling.lives import longest
from fidelity.proofs.obligation import substitute
from fidelity.rules.rewards.filters import weight
from fidelity.rules.rewards.payments import Payment
from fidelity.rules.rewards.reward import Reward

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["at_best", "offers"]

_QUANTITY, _BALANCE = "redemption.quantity", "redemption.balance"


def offers(program: Program, wallet: str) -> tuple[Access, ...]:
    """What the points of *wallet* buy."""
    return tuple(_offer(program, each) for each in program.rewards if each.wallet == wallet)


def _offer(program: Program, reward: Reward | Payment) -> Access:
    schema = program.declared.redemption()
    cost: Node = Literal(reward.least)
    announced = None
    if isinstance(reward, Reward):
        if not isinstance(reward.cost, int):
            cost = resolve_number(reward.cost, schema, unit="number").node
        announced = None if reward.published_cost is None else Literal(reward.published_cost)
    if announced is not None and _QUANTITY in fields_of(cost):
        # What is published is the cost of one.
        cost = substitute(cost, {_QUANTITY: Literal(1)})
    filters = []
    for each in reward.filters:
        core = None if each.when is None else resolve_condition(each.when, schema)
        filters.append(Filter(when=core, name=each.name, weight=1 if core is None else weight(core)))
    # Whatever asks for money is refused when a program is made (principle R1).
    return Access(
        name=reward.name,
        cost=cost,
        announced=announced,
        fee=NOTHING,
        filters=tuple(filters),
        wait_days=0 if reward.wait is None else longest(reward.wait),
    )


def at_best(offer: Access) -> Access:
    """
    *offer* as somebody finds it who may choose when, where and how much to ask for.

    Conditions about the moment of redeeming alone are theirs to meet; that they can be met at all is another question.
    """
    kept = tuple(each for each in offer.filters if each.when is not None and not _chosen(each.when))
    cost = substitute(offer.cost, {_QUANTITY: Literal(1)})
    return Access(name=offer.name, cost=cost, filters=kept, wait_days=offer.wait_days)


def _chosen(when: Node) -> bool:
    """Whether a condition reads nothing but what the member chooses."""
    read = fields_of(when)
    return bool(read) and all(path.startswith("redemption.") and path != _BALANCE for path in read)
