"""The parts of a program file: for each its keys, what makes it, and how it is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import evolve

from fidelity.errors import LanguageError
from fidelity.language.tree import Literal
from fidelity.rules.earning.measures import AmountAggregate, Measure, NumberAggregate, StreakAggregate, streak
from fidelity.rules.earning.referrals import REFERRALS
from fidelity.rules.earning.rules import MAIN_WALLET
from fidelity.rules.published import Limits, Pace, Published, Waiver
from fidelity.rules.rewards.reward import FilterBudget, Legal, Reward, Security
from fidelity.rules.spelling.campaign_parts import earning_part
from fidelity.rules.spelling.claim_parts import CLAIMS
from fidelity.rules.spelling.declared_codec import (
    events_from_plain,
    events_to_plain,
    fields_from_plain,
    fields_to_plain,
)
from fidelity.rules.spelling.discount_parts import DISCOUNT, OFF
from fidelity.rules.spelling.earning_parts import CAP
from fidelity.rules.spelling.milestone_parts import MILESTONE
from fidelity.rules.spelling.reward_parts import (
    CONVERSION,
    COST,
    DURING,
    LIMIT,
    UNITS,
    VOUCHER,
    payment_part,
    reward_or_payment,
)
from fidelity.rules.spelling.shapes import (
    REQUIRED,
    Key,
    Part,
    a_day,
    a_flag,
    a_list,
    a_mapping,
    a_node,
    a_number_node,
    a_text,
    a_whole,
    days_pair,
    holding,
    iso_pair,
    node_text,
    texts,
)
from fidelity.rules.spelling.tier_parts import SERVICE, TIERS
from fidelity.rules.spelling.wallet_parts import WALLET
from fidelity.rules.words import words, words_plain
from fidelity.values.expiry import expiry
from fidelity.values.money import money
from fidelity.values.periods import Window, duration, window

__all__ = ["PROGRAM"]


def _money(value: Any) -> Any:
    return money(a_text(value))


def _iso(value: Any) -> str:
    return str(value.isoformat())


# -- measures


def _aggregate(plain: Mapping[str, Any]) -> dict[str, Any]:
    kinds = [name for name in ("total", "count", "streak") if name in plain]
    if len(kinds) != 1:
        message = 'a measure adds up (total = "purchase.amount"), counts (count = "purchase") or is a row of periods'
        raise LanguageError(f'{message} (streak = "visit", each = "calendar week"); write one of them')
    when = a_node(plain["when"]) if "when" in plain else None
    if ("each" in plain) != (kinds[0] == "streak") or ("over" in plain) == (kinds[0] == "streak"):
        message = (
            'a streak says its periods, each = "calendar week"; every other measure the time, over = "calendar year"'
        )
        raise LanguageError(message)
    if kinds[0] == "streak":
        periods = streak(a_text(plain["streak"]), each=a_text(plain["each"]))
        return {"aggregate": evolve(periods, when=when), "over": None}
    if kinds[0] == "count":
        return {"aggregate": NumberAggregate(a_text(plain["count"]), Literal(1), when)}
    value = a_node(plain["total"])
    on = a_text(plain.get("on", "purchase"))
    kind = AmountAggregate if a_flag(plain.get("money", True)) else NumberAggregate
    return {"aggregate": kind(on, value, when)}


def _aggregate_plain(measure: Measure) -> dict[str, Any]:
    terms = measure.terms
    aggregate = terms.aggregate
    found: dict[str, Any] = {"name": terms.name}
    if isinstance(aggregate, StreakAggregate):
        found["streak"] = aggregate.on
    elif aggregate.value == Literal(1) and not aggregate.money:
        found["count"] = aggregate.on
    else:
        found["total"] = node_text(aggregate.value)
        found |= {} if aggregate.on == "purchase" else {"on": aggregate.on}
        found |= {} if aggregate.money else {"money": False}
    if aggregate.when is not None:
        found["when"] = node_text(aggregate.when)
    if isinstance(aggregate, StreakAggregate):
        return found | {"each": str(aggregate.each)}
    return found | {"over": str(terms.over)}


def _over(plain: Mapping[str, Any]) -> Window | None:
    return window(a_text(plain["over"])) if "over" in plain else None


MEASURE = Part(
    "a measure",
    lambda name, aggregate, over: Measure(name, aggregate, over=over),
    (),
    own_keys=("name", "total", "count", "streak", "each", "when", "on", "money", "over"),
    own=lambda plain: {
        "name": a_text(plain.get("name", "")), "over": _over(plain), **_aggregate(plain),
    },
    beside=_aggregate_plain,
)  # fmt: skip


# -- rewards

SECURITY = Part(
    "a security step",
    lambda step, above=None: Security(step, above=above),
    (Key("step", a_text, default=REQUIRED), Key("above", _money, str)),
)
LEGAL = Part(
    "a legal term",
    Legal,
    (
        Key("kind", a_text, default=REQUIRED),
        Key("text", a_text, default=REQUIRED),
        Key("version", a_text, default=REQUIRED),
    ),
)

REWARD = Part(
    "a reward",
    Reward,
    (
        Key("name", a_text, default=REQUIRED),
        COST,
        Key("worth", _money, str),
        Key("wallet", a_text, default=MAIN_WALLET),
        UNITS,
        Key("when", lambda value: tuple(a_node(each) for each in (value if isinstance(value, list) else [value])),
            lambda value: [node_text(each) for each in value], ()),
        Key("minimum_balance", a_whole),
        Key("minimum_basket", _money, str),
        Key("channels", texts, list, ()),
        Key("blackouts", lambda value: tuple(days_pair(each) for each in a_list(value)),
            lambda value: [iso_pair(each) for each in value], ()),
        DURING,
        LIMIT,
        Key("stock", a_whole),
        holding("off", OFF),
        Key("wait", lambda value: duration(a_text(value)), str),
        VOUCHER,
        Key("voucher_life", lambda value: duration(a_text(value)), str),
        Key("steps", texts, list, ()),
        Key("block", a_whole),
        holding("security", SECURITY, default=(), many=True),
        holding("legal", LEGAL, default=(), many=True),
        Key("published_cost", a_whole),
    ),
    level="reward",
)  # fmt: skip

# -- what it publishes

BUDGET = Part(
    "a filter budget",
    FilterBudget,
    (
        Key("most", a_whole, default=REQUIRED),
        Key("reason", a_text, default=""),
        Key("signed", a_text, default=""),
        Key("on", a_day, _iso),
    ),
)
PUBLISHED = Part(
    "a published rate",
    Published,
    (
        Key("name", a_text, default=REQUIRED),
        Key("points", a_number_node, node_text, REQUIRED),
        Key("when", a_node, node_text),
        Key("on", a_text, default="purchase"),
        Key("at_least", a_flag, default=False),
    ),
)


def _event(value: Any) -> Mapping[str, Any]:
    plain = a_mapping(value)
    for each in plain.values():
        if not isinstance(each, int):
            a_text(each)
    return plain


PACE = Part(
    "a pace",
    Pace,
    (
        Key("every", lambda value: duration(a_text(value)), str, REQUIRED),
        Key("event", _event, dict, {}),
        Key("horizon", lambda value: duration(a_text(value)), str, duration("36 months")),
    ),
)
LIMITS = Part(
    "limits",
    Limits,
    (
        *(Key(name, a_whole) for name in ("split", "event_points", "period_points", "period_events", "grace_days")),
        Key("point_value", lambda value: money(a_text(value)), str),
    ),
)
WAIVER = Part(
    "a waiver",
    Waiver,
    (
        Key("property", a_text, default=REQUIRED),
        Key("reason", a_text, default=REQUIRED),
        Key("signed", a_text, default=REQUIRED),
        Key("on", a_day, _iso, REQUIRED),
        Key("rule", a_text, default=""),
    ),
)


def _excludes(value: Any) -> tuple[Any, ...]:
    return tuple(a_node(each) for each in a_list(value))


PROGRAM = Part(
    "a program",
    dict,
    (
        Key("name", a_text, default=REQUIRED),
        Key("version", a_text, default=REQUIRED),
        Key("currency", a_text, default=REQUIRED),
        Key("timezone", a_text, default=REQUIRED),
        Key("effective", a_day, _iso),
        Key("events", events_from_plain, events_to_plain, ()),
        Key("fields", fields_from_plain, fields_to_plain, ()),
        holding("measures", MEASURE, default=(), many=True),
        holding("earn", earning_part, default=REQUIRED, many=True),
        Key("excludes", _excludes, lambda value: [node_text(each) for each in value], ()),
        Key("basis_without", texts, list, ()),
        Key("points_part", a_text, default="after"),
        Key("order_discount", a_text, default="prorate"),
        holding("cap", CAP),
        Key("rounding", a_text, default="floor"),
        Key("rounded", a_text, default="once"),
        Key("multiplied", a_text, default="whole points"),
        Key("multipliers", a_text, default="add"),
        holding("tiers", TIERS),
        holding("minimum_standard", SERVICE, default=(), many=True),
        holding("wallets", WALLET, default=(), many=True),
        Key("expiry", lambda value: expiry(a_text(value)), str, expiry("never")),
        holding("rewards", reward_or_payment(REWARD, payment_part(SECURITY, LEGAL)), default=(), many=True),
        holding("milestones", MILESTONE, default=(), many=True),
        holding("claims", CLAIMS, default=(), many=True),
        holding("conversions", CONVERSION, default=(), many=True),
        holding("filter_budget", BUDGET, default=FilterBudget()),
        holding("published", PUBLISHED, default=(), many=True),
        holding("pace", PACE),
        Key("base_benefit", a_number_node, node_text),
        holding("limits", LIMITS, default=Limits()),
        holding("waivers", WAIVER, default=(), many=True),
        Key("assume", _excludes, lambda value: [node_text(each) for each in value], ()),
        holding("referrals", REFERRALS),
        holding("discounts", DISCOUNT, default=(), many=True),
        Key("words", words, words_plain, {}),
        Key("address", a_text, default="tú"),
    ),
    level="program",
)
