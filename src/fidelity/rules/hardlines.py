"""The hard lines that no program crosses: paid access (R1) and excessive filters (R2).

Checked in the constructor of `Program`, whatever spelling it came from. Box implication only: no solver decides
which programs are legal.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from attrs import frozen

from fidelity.errors import FidelityError, Problem
from fidelity.language.boxes import implies, share
from fidelity.language.resolve import resolve_condition
from fidelity.language.schema import Schema
from fidelity.language.tree import Compare, Field, Literal, Node, Opaque, fields_of, walk
from fidelity.rules.rewards import Filter, Reward
from fidelity.values.money import Money, money

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["CHARGES", "EffectiveFilter", "effective_filters", "filter_problems", "paid_access_problems"]

#: Clauses by which programs in the field charge for access, and where each belongs. A file that uses one is refused
#: for what it means, not for its spelling.
CHARGES = {
    "program": (
        "membership_fee", "card_fee", "enrollment_fee", "joining_fee", "annual_fee", "subscription_fee",
        "transfer_fee", "reinstatement_fee", "extension_fee", "redemption_fee", "points_for_sale", "buy_back", "fee", "fees",
    ),
    "reward": (
        "fee", "fees", "co_payment", "copayment", "copay", "surcharge", "shipping", "shipping_fee", "handling_fee",
        "redemption_fee", "booking_fee", "processing_fee", "price", "pay",
    ),
    "tier": ("fee", "fees", "price", "annual_fee", "buy_up", "upgrade_price"),
}  # fmt: skip
_FREE = (None, 0, "", "0", False)


def is_charge(value: Any) -> bool:
    """Whether *value* asks for anything: an amount of zero does not."""
    if value in _FREE:
        return False
    if isinstance(value, Money):
        return value.minor != 0
    if isinstance(value, str):
        try:
            return money(value).minor != 0
        except FidelityError:
            return True
    return True


def charge_problem(path: str, clause: str, value: Any) -> Problem:
    """The problem of asking *value* under *clause*."""
    message = f"{clause.replace('_', ' ')} of {value} is paid access: members never pay for access to rewards"
    return Problem(f"{path}.{clause}" if path else clause, message, "remove it (principle R1)", code="paid access")


def paid_access_problems(program: Program) -> Iterator[Problem]:
    """Each clause by which members would pay for access to rewards."""
    for clause, value in program.charges:
        if is_charge(value):
            yield charge_problem("", clause, value)
    for place, reward in enumerate(program.rewards):
        path = f"rewards[{place}]"
        for clause, value in reward.charges:
            if is_charge(value):
                yield charge_problem(path, clause, value)
        yield from _basket_problem(path, reward)
    yield from _bought_doors(program)


def _basket_problem(path: str, reward: Reward) -> Iterator[Problem]:
    """Money off a purchase is not a fee, unless one must spend more than it is worth."""
    least = _least_basket(reward)
    if least is None:
        return
    if reward.worth is None:
        message = f'"{reward.name}" needs a basket of {least}, and its worth is not told'
        yield Problem(path, message, "say worth=…; a basket above the worth is paid access", code="paid access")
    elif reward.worth.currency == least.currency and least.minor > reward.worth.minor:
        message = (
            f'"{reward.name}" is worth {reward.worth} and needs a basket of {least}: the rest is the price of access'
        )
        yield Problem(path, message, f"lower the basket to {reward.worth} or less (principle R1)", code="paid access")


def _least_basket(reward: Reward) -> Money | None:
    """The basket that the reward asks for, from its own clause or from a condition that says the same."""
    least = reward.minimum_basket
    currency = least.currency if least else (reward.worth.currency if reward.worth else "")
    for node in reward.when:
        for each in walk(node):
            match each:
                case Compare(">=" | ">", Field("redemption.basket"), Literal(Money() as asked)):
                    found = asked
                case Compare(">=" | ">", Field("redemption.basket"), Literal(value)) if currency and not isinstance(
                    value, bool
                ):
                    try:
                        found = money(str(value), currency)
                    except FidelityError:
                        continue
                case _:
                    continue
            least = found if least is None or found.minor > least.minor else least
    return least


def _bought_doors(program: Program) -> Iterator[Problem]:
    for path, node, schema in program.conditions():
        for name in fields_of(node):
            kind = schema.kinds.get(name)
            if kind is not None and kind.obtained == "bought":
                message = f"`{name}` is bought, and what is bought may not open a door to points or rewards"
                remedy = "let the condition read something earned, declared or given (principle R1)"
                yield Problem(path, message, remedy, code="paid access")


@frozen
class EffectiveFilter:
    """
    A filter that really keeps somebody out.

    Attributes:
        filter: The filter.
        excludes: The share of declared situations that it refuses, 0 to 1; None where nobody can tell.
    """

    filter: Filter
    excludes: float | None

    def __str__(self) -> str:
        text = self.filter.text or "condition"
        return f"{self.filter.name} ({text})"


def effective_filters(reward: Reward, schema: Schema) -> tuple[EffectiveFilter, ...]:
    """
    The filters of *reward* that count: those which the others, and having the points, do not imply.

    Raises:
        LanguageError: If a filter cannot be read.
    """
    had = Compare(">=", Field("redemption.balance"), Literal(reward.cost))
    said = [(each, None if each.when is None else resolve_condition(each.when, schema)) for each in reward.filters]
    kept = list(said)
    for each in said:
        others: list[Node] = [core for other, core in kept if other is not each[0] and core is not None]
        if each[1] is not None and each in kept and implies([had, *others], each[1]):
            kept.remove(each)
    return tuple(
        EffectiveFilter(filter_, None if core is None else 1 - share(core, schema.kinds)) for filter_, core in kept
    )


def filter_problems(program: Program, schema: Schema) -> Iterator[Problem]:
    """Rewards with more effective filters than the budget, and filters that nobody can analyse."""
    most = program.filter_budget.most
    for place, reward in enumerate(program.rewards):
        path = f"rewards[{place}]"
        if any(isinstance(each, Opaque) for node in reward.when for each in walk(node)):
            message = f'"{reward.name}" is filtered by an opaque function, and nobody could say what it asks'
            yield Problem(path, message, "write the condition out in the rule language", code="opaque filter")
            continue
        try:
            found = effective_filters(reward, schema)
        except FidelityError as error:
            message, _, remedy = error.message.partition("; ")
            yield Problem(f"{path}.when", message, remedy, code=error.code)
            continue
        if len(found) > most:
            # The cheapest to give up is the one that keeps out the fewest; what cannot be measured comes last.
            cheapest = sorted(found, key=lambda each: (each.excludes is None, each.excludes or 0.0))
            remove = ", ".join(str(each) for each in cheapest[: len(found) - most])
            listed = ", ".join(str(each) for each in found)
            message = f'"{reward.name}" has {len(found)} filters where {most} are allowed: {listed}'
            yield Problem(path, message, f"cheapest to remove: {remove} (principle R2)", code="excessive filters")
