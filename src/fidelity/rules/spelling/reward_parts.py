"""How rewards and payments are spelled as plain data: the keys that are theirs alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from fidelity.language.tree import Literal, Node
from fidelity.rules.earning.limits import limit
from fidelity.rules.earning.rules import MAIN_WALLET
from fidelity.rules.rewards.payments import Payment, short_policy
from fidelity.rules.rewards.vouchers import Conversion
from fidelity.rules.spelling.earning_parts import CAP
from fidelity.rules.spelling.shapes import (
    REQUIRED,
    Key,
    Part,
    a_day,
    a_list,
    a_node,
    a_rate,
    a_text,
    a_whole,
    days_pair,
    holding,
    iso_pair,
    node_text,
    rate_text,
    texts,
)
from fidelity.values.expiry import expiry
from fidelity.values.money import money
from fidelity.values.periods import Duration, Window, duration
from fidelity.values.whole import points_amount

__all__ = ["CONVERSION", "COST", "DURING", "LIMIT", "UNITS", "VOUCHER", "payment_part", "reward_or_payment"]


def _cost(value: Any) -> int | Node:
    if isinstance(value, str | Mapping):
        formula = a_node(value)
        if not isinstance(formula, Literal):
            return formula
    return points_amount(a_whole(value))


COST = Key("cost", _cost, lambda value: value if isinstance(value, int) else node_text(value), REQUIRED)
UNITS = Key("units", a_whole, default=1)
DURING = Key("during", days_pair, iso_pair)
LIMIT = Key("limit", lambda value: limit(a_text(value)), str)
VOUCHER = Key("voucher", lambda value: expiry(a_text(value)), str)


def _every(value: Window | Duration) -> str:
    return str(value)


CONVERSION = Part(
    "a conversion",
    Conversion,
    (
        Key("of", a_text, default=MAIN_WALLET),
        Key("every", a_text, _every, REQUIRED),
        Key("first", a_day, lambda value: value.isoformat()),
        Key("at_least", a_whole),
        Key("blocks", lambda value: points_amount(a_whole(value)), default=REQUIRED),
        Key("worth", lambda value: money(a_text(value)), str, REQUIRED),
        Key("voucher", lambda value: expiry(a_text(value)), str, REQUIRED),
        Key("name", a_text, default="voucher"),
    ),
    level="reward",
)


def payment_part(security: Part, legal: Part) -> Part:
    """The shape of a payment, with those of its security steps and legal terms."""
    return Part(
        "a payment",
        Payment,
        (
            Key("name", a_text, default=REQUIRED),
            Key("points", lambda value: points_amount(a_whole(value)), default=REQUIRED),
            Key("worth", lambda value: money(a_text(value)), str, REQUIRED),
            Key("wallet", a_text, default=MAIN_WALLET),
            Key("blocks", a_whole, default=1),
            Key("at_least", a_whole),
            Key("share", a_rate, rate_text, Fraction(1)),
            Key("short", short_policy, default="refuse"),
            holding("limit", CAP),
            Key("when", lambda value: tuple(a_node(each) for each in (value if isinstance(value, list) else [value])),
                lambda value: [node_text(each) for each in value], ()),
            Key("channels", texts, list, ()),
            Key("blackouts", lambda value: tuple(days_pair(each) for each in a_list(value)),
                lambda value: [iso_pair(each) for each in value], ()),
            DURING,
            Key("wait", lambda value: duration(a_text(value)), str),
            Key("steps", texts, list, ()),
            holding("security", security, default=(), many=True),
            holding("legal", legal, default=(), many=True),
        ),
        level="reward",
    )  # fmt: skip


def reward_or_payment(reward: Part, payment: Part) -> Callable[[Any], Part]:
    """Which of the two a value is, written or not: what says how many points pay how much is a payment."""

    def choose(value: Any) -> Part:
        if isinstance(value, Mapping):
            return payment if "points" in value and "cost" not in value else reward
        return payment if isinstance(value, Payment) else reward

    return choose
