"""The first hard line, which no program crosses: members never pay for access to rewards (principle R1).

Checked in the constructor of `Program`, whatever spelling it came from. Box implication only: no solver decides
which programs are legal. The second one, few filters, stands in `filters`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from math import inf
from typing import TYPE_CHECKING

from fidelity.errors import FidelityError, Problem
from fidelity.language.boxes import Box, boxes
from fidelity.language.resolve import resolve_condition
from fidelity.language.schema import Schema
from fidelity.language.tree import fields_of
from fidelity.rules.charging_words import texts_that_charge
from fidelity.rules.doors import conditions
from fidelity.rules.rewards.discounts import Off, most_off
from fidelity.rules.rewards.payments import Payment
from fidelity.rules.rewards.reward import Reward
from fidelity.rules.spelling.shapes import Inexact
from fidelity.values.money import Money
from fidelity.values.spelling import shown

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["charge_problem", "clause_problems", "is_charge", "names_a_charge", "paid_access_problems"]

#: Words of keys by which programs in the field charge for access. A file that uses one is refused for what it means,
#: wherever it stands and however it is spelled: `membership_fee`, `membershipFee`, `Membership-Fee`.
_CHARGING = frozenset(
    {
        "fee", "fees", "surcharge", "surcharges", "charge", "charges", "copay", "copayment", "copayments", "price",
        "prices", "dues", "postage", "handling", "subscription", "payable", "cuota", "cuotas", "copago", "recargo",
        "tarifa",
    }
)  # fmt: skip
_CHARGING_PHRASES = frozenset(
    {
        "pay", "payment", "payments", "shipping", "shippingcost", "shippingcosts", "deliverycost", "deliverycosts",
        "membershipcost", "pointsforsale", "buypoints", "pointspurchase", "purchasepoints", "buyback", "buyup",
        "buyin", "upgradecost", "statusforsale",
    }
)  # fmt: skip
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+")
_ZERO = re.compile(r"[+-]?0*(?:[.,]0*)?\s*(?:[^\W\d_]{3}|[€$£%])?")


def names_a_charge(key: object) -> bool:
    """Whether a key of a program file is one by which members are charged."""
    if not isinstance(key, str) or len(key) > 100:  # noqa: PLR2004 -- no key is that long
        return False
    words = [each.lower() for each in _WORD.findall(key)]
    return not _CHARGING.isdisjoint(words) or "".join(words) in _CHARGING_PHRASES or "copay" in "".join(words)


def is_charge(value: object) -> bool:
    """Whether *value* asks for anything: an amount of zero does not."""
    match value:
        case None | False:
            return False
        case Inexact(text):
            return _ZERO.fullmatch(text) is None
        case str():
            return _ZERO.fullmatch(value.strip()) is None
        case Money():
            return value.minor != 0
        case Mapping():
            return any(is_charge(each) for each in value.values())
        case list() | tuple():
            return any(is_charge(each) for each in value)
    return value != 0


def charge_problem(path: str, clause: str, value: object) -> Problem:
    """The problem of asking *value* under *clause*."""
    amount = str(value)[:60] if isinstance(value, str | Money) else shown(value)
    message = f"{clause.replace('_', ' ')} of {amount} is paid access: members never pay for access to rewards"
    return Problem(f"{path}.{clause}" if path else clause, message, "remove it (principle R1)", code="paid access")


def clause_problems(program: Program) -> Iterator[Problem]:
    """Each clause that charges in so many words; it takes no reading of conditions to see it."""
    for clause, value in program.charges:
        if is_charge(value):
            yield charge_problem("", clause, value)
    for place, reward in enumerate(program.rewards):
        if isinstance(reward, Reward | Payment):
            path = f"rewards[{place}]"
            for clause, value in reward.charges:
                if is_charge(value):
                    yield charge_problem(path, clause, value)
    for path, text in texts_that_charge(program):
        message = f'"{text[:60]}" asks for money, which is paid access: members never pay for access to rewards'
        yield Problem(path, message, "remove it (principle R1)", code="paid access")


def paid_access_problems(program: Program, schema: Schema) -> Iterator[Problem]:
    """Each condition by which members would pay for access to rewards."""
    for place, reward in enumerate(program.rewards):
        yield from _basket_problem(f"rewards[{place}]", reward, schema)
    yield from _bought_doors(program)


_BASKET = "redemption.basket"


def _basket_problem(path: str, reward: Reward | Payment, schema: Schema) -> Iterator[Problem]:
    """Money off a purchase is not a fee, unless one must spend more than it is worth."""
    for each in reward.filters:
        if each.when is None or _BASKET not in fields_of(each.when):
            continue
        try:
            asked = _least_basket(boxes(resolve_condition(each.when, schema)))
        except FidelityError:
            continue  # told by the check of filters
        where = f"{path}.{each.key}"
        if asked is None:
            message = f'nobody can tell how large a basket "{reward.name}" needs'
            yield Problem(where, message, "compare the basket itself: redemption.basket >= 20", code="opaque filter")
        elif asked > 0:
            yield from _too_large(where, reward, Money(asked, schema.currency))


def _too_large(where: str, reward: Reward | Payment, least: Money) -> Iterator[Problem]:
    takes_off = getattr(reward, "off", None)
    worth = reward.least_worth if takes_off is None else most_off(takes_off)
    if takes_off is not None and takes_off.amount is None:
        worth = _least_share(takes_off, least)
    if worth is None:
        message = f'"{reward.name}" needs a basket of {least}, and its worth is not told'
        yield Problem(where, message, "say worth=…; a basket above the worth is paid access", code="paid access")
    elif worth.currency != least.currency or least <= worth:
        return
    elif takes_off is not None and takes_off.amount is None:
        message = f'"{reward.name}" takes {worth} off a basket of {least}: the rest is the price of access'
        remedy = "leave the minimum basket out: a share comes off whatever is bought (principle R1)"
        yield Problem(where, message, remedy, code="paid access")
    else:
        message = f'"{reward.name}" is worth {worth} and needs a basket of {least}: the rest is the price of access'
        yield Problem(where, message, f"lower the basket to {worth} or less (principle R1)", code="paid access")


def _least_share(takes_off: Off, basket: Money) -> Money:
    """What a share takes off a basket that is just large enough."""
    found = Money(int(basket.minor * (takes_off.share or 0)), basket.currency)
    most = takes_off.most
    return most if most is not None and most.currency == basket.currency and most < found else found


def _least_basket(found: Iterable[Box] | None) -> int | None:
    """The basket in minor units that a condition asks for; None if nobody can tell."""
    if found is None:
        return None
    alone: list[float] = []
    beside: list[float] = []
    for box in found:
        if any(_BASKET in fields_of(atom) for atom in box if not isinstance(atom, str | tuple)):  # type: ignore[arg-type]  # an atom is a node
            return None
        low = max(getattr(box.get(_BASKET), "low", -inf), 0)
        (alone if set(box) == {_BASKET} else beside).append(low)
    # A way around by a channel or a tier does not help who lacks it, so of those the dearest counts.
    return int(min(alone) if alone else max(beside, default=0))


def _bought_doors(program: Program) -> Iterator[Problem]:
    places = program.lowering.places
    doors = [(f"{places[rule.name]}.on", rule.on) for rule in program.rules]
    doors += [(f"measures[{place}]", each.aggregate.on) for place, each in enumerate(program.measure_terms)]
    own = {each.kind: each.declared.values() for each in program.events if hasattr(each, "declared")}
    for path, event in doors:
        if own.get(event) and all(each.obtained == "bought" for each in own[event]):
            message = f"a {event} is bought, and what is bought may not open a door to points or rewards"
            remedy = "let the rule be about something earned, declared or given (principle R1)"
            yield Problem(path, message, remedy, code="paid access")
    for path, node, schema in conditions(program):
        for name in fields_of(node):
            kind = schema.kinds.get(name)
            if kind is not None and kind.obtained == "bought":
                message = f"`{name}` is bought, and what is bought may not open a door to points or rewards"
                remedy = "let the condition read something earned, declared or given (principle R1)"
                yield Problem(path, message, remedy, code="paid access")
