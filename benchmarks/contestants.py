"""Who runs the 20 rules: hand-written Python, this library, and three rule engines from the package index.

Each peer is set up as its own documentation advises for speed, and better where we found better: compiled once,
the cheap test first, whole-number steps folded (``floor(floor(a / 100) / 10)`` is ``floor(a / 1000)``), and called
without a Python frame of ours in between. Spellings that turned out slower were left out.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from benchmarks import workload as w
from benchmarks.programs import fidelity_event, fidelity_points

if TYPE_CHECKING:
    from collections.abc import Callable


def _as_it_is(row: w.Row) -> Any:  # noqa: ANN401 - whatever the engine reads
    return row


@dataclass(frozen=True)
class Contestant:
    """
    One way to run the rules.

    Attributes:
        name: As the table shows it.
        build: Makes the function from one event to its points. None: not available here.
        prepare: Makes from a plain dict what that function reads; not timed.
        distribution: The package to name with its version.
        slow: Whether to take a tenth of the events.
    """

    name: str
    build: Callable[[], Callable[[Any], Any] | None]
    prepare: Callable[[w.Row], Any] = _as_it_is
    distribution: str | None = None
    slow: bool = False


# --- Hand-written -----------------------------------------------------------------------------------------------------

HAND_WRITTEN = Contestant("hand-written Python", lambda: w.points)


# --- datalogic-py: JSONLogic in Rust ----------------------------------------------------------------------------------


def _if(test: Any, gives: Any, otherwise: Any = 0) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return {"if": [test, gives, otherwise]}


def _floor(value: Any, by: int) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return {"floor": [{"/": [value, by]}]}


def _is(field: dict[str, Any], value: object) -> dict[str, Any]:
    return {"===": [field, value]}


def jsonlogic() -> dict[str, Any]:
    """The 20 rules as one JSONLogic tree."""
    amount, basket, category, channel, currency, sku, store, tenure, tier, instant, weekend = (
        {"var": name}
        for name in (
            *("amount", "basket_size", "category", "channel", "currency", "sku"),
            *("store_id", "tenure_days", "tier", "ts", "is_weekend"),
        )
    )
    base = _floor(amount, 100)
    percent = {"switch": [tier, [[name, share] for name, share in w.TIER_PERCENT.items()], 0]}
    abroad = [[code, _floor({"*": [amount, rate]}, 10_000)] for code, rate in (("EUR", 9), ("GBP", 17), ("CHF", 4))]
    electronics = [
        _is(category, "electronics"),
        {">=": [instant, w.ELECTRONICS_FROM]},
        {"<": [instant, w.ELECTRONICS_UNTIL]},
    ]
    total = [
        base,
        _if({"in": [category, ["grocery", "pharmacy", "fuel"]]}, {"*": [2, base]}),
        _if({"and": [{">=": [amount, 10_000]}, _is({"var": "dow"}, 1)]}, 50),
        _if(_is(tier, "bronze"), 0, _floor({"*": [base, percent]}, 100)),
        {"*": [5, {"min": [10, _floor(tenure, 365)]}]},
        _if({"var": "is_first"}, 500),
        _if({"and": electronics}, base),
        _if({"and": [weekend, {">=": [basket, 5]}]}, 25),
        _if({"and": [{"<": [instant, w.NEW_STORES_UNTIL]}, {"in": [store, sorted(w.NEW_STORES)]}]}, 100),
        _if({"in": [sku, sorted(w.PROMOTED_SKUS)]}, 75),
        _if({"<=": [14, {"var": "hour"}, 15]}, _floor(amount, 200)),
        {"switch": [currency, abroad, 0]},
        _if({">=": [amount, 25_000]}, 200),
        _if(_is(channel, "app"), {"min": [30, _floor(amount, 1_000)]}),
        _if(
            {"and": [_is(category, "travel"), {"in": [tier, ["gold", "platinum"]]}]}, {"min": [2_000, {"*": [2, base]}]}
        ),
        _if({"in": [category, ["alcohol", "tobacco"]]}, {"*": [-3, base]}),
        _if({"and": [{">=": [{"var": "month"}, 11]}, {"!==": [tier, "bronze"]}]}, _floor({"*": [base, 15]}, 100)),
        _if({"and": [_is(tier, "silver"), {">=": [tenure, 730]}]}, 20),
        _if({"and": [_is(channel, "online"), {"<=": [2, basket, 4]}, {"!": [weekend]}]}, 10),
        {"max": [_if(_is({"%": [store, 10]}, 3), _floor(amount, 500)), _if(_is(category, "toys"), 15)]},
    ]
    bounded = {"max": [0, {"min": [w.MOST_POINTS, {"+": total}]}]}
    return _if({"in": [channel, ["giftcard", "staff"]]}, 0, bounded)


def _datalogic_dicts() -> Callable[[Any], Any]:
    import datalogic_py

    # Rule.evaluate and Session.evaluate take the same time on dicts; the rule alone needs no session.
    evaluate: Callable[[Any], Any] = datalogic_py.Engine().compile(jsonlogic()).evaluate
    return evaluate


def _datalogic_handles() -> Callable[[Any], Any]:
    import datalogic_py

    engine = datalogic_py.Engine()
    return partial(engine.session().evaluate_int, engine.compile(jsonlogic()))


def _datalogic_handle(row: w.Row) -> Any:  # noqa: ANN401 - the peer's own type
    import datalogic_py

    return datalogic_py.DataHandle(row)


# --- zen-engine: the expression language of GoRules, in Rust ----------------------------------------------------------


def zen_text() -> str:
    """The 20 rules as one expression; naming the base once (``b = …;``) was slower than repeating it."""
    base = "floor(amount / 100)"
    terms = [
        base,
        f"(category in ['grocery', 'pharmacy', 'fuel'] ? 2 * {base} : 0)",
        "(amount >= 10000 and dow == 1 ? 50 : 0)",
        f"(tier == 'bronze' ? 0 : floor({base} * (tier == 'silver' ? 25 : tier == 'gold' ? 50 : 100) / 100))",
        "(tenure_days >= 3650 ? 50 : floor(tenure_days / 365) * 5)",
        "(is_first ? 500 : 0)",
        f"(category == 'electronics' and ts >= {w.ELECTRONICS_FROM} and ts < {w.ELECTRONICS_UNTIL} ? {base} : 0)",
        "(is_weekend and basket_size >= 5 ? 25 : 0)",
        f"(ts < {w.NEW_STORES_UNTIL} and store_id in {sorted(w.NEW_STORES)} ? 100 : 0)",
        f"(sku in {sorted(w.PROMOTED_SKUS)} ? 75 : 0)",
        "(hour >= 14 and hour < 16 ? floor(amount / 200) : 0)",
        (
            "(currency == 'USD' or currency == 'JPY' ? 0"
            " : floor(amount * (currency == 'EUR' ? 9 : currency == 'GBP' ? 17 : 4) / 10000))"
        ),
        "(amount >= 25000 ? 200 : 0)",
        "(channel == 'app' ? min([floor(amount / 1000), 30]) : 0)",
        f"(category == 'travel' and tier in ['gold', 'platinum'] ? min([2 * {base}, 2000]) : 0)",
        f"(category in ['alcohol', 'tobacco'] ? -3 * {base} : 0)",
        f"(month >= 11 and tier != 'bronze' ? floor({base} * 15 / 100) : 0)",
        "(tier == 'silver' and tenure_days >= 730 ? 20 : 0)",
        "(channel == 'online' and basket_size in [2..4] and not is_weekend ? 10 : 0)",
        (
            "(category == 'toys' ? (store_id % 10 == 3 ? max([floor(amount / 500), 15]) : 15)"
            " : store_id % 10 == 3 ? floor(amount / 500) : 0)"
        ),
    ]
    return f"channel in ['giftcard', 'staff'] ? 0 : max([0, min([{w.MOST_POINTS}, {' + '.join(terms)}])])"


def _zen() -> Callable[[Any], Any]:
    import zen

    evaluate: Callable[[Any], Any] = zen.compile_expression(zen_text()).evaluate
    return evaluate


def _zen_json(row: w.Row) -> bytes:
    return json.dumps(row).encode()


# --- rule-engine: expressions in pure Python --------------------------------------------------------------------------


def rule_texts() -> list[str]:
    """
    The 20 rules, each an expression that gives its points.

    Lists of literals are made anew at each evaluation, so a few choices are compared one by one, and the two long
    sets are asked through functions that the context brings.
    """
    base = "(amount // 100)"
    return [
        base,
        f"category == 'grocery' or category == 'pharmacy' or category == 'fuel' ? 2 * {base} : 0",
        "amount >= 10000 and dow == 1 ? 50 : 0",
        f"tier == 'bronze' ? 0 : {base} * (tier == 'silver' ? 25 : (tier == 'gold' ? 50 : 100)) // 100",
        "tenure_days >= 3650 ? 50 : (tenure_days // 365) * 5",
        "is_first ? 500 : 0",
        f"category == 'electronics' and ts >= {w.ELECTRONICS_FROM} and ts < {w.ELECTRONICS_UNTIL} ? {base} : 0",
        "is_weekend and basket_size >= 5 ? 25 : 0",
        f"ts < {w.NEW_STORES_UNTIL} and $new_store(store_id) ? 100 : 0",
        "$promoted(sku) ? 75 : 0",
        "hour >= 14 and hour < 16 ? amount // 200 : 0",
        (
            "currency == 'EUR' ? amount * 9 // 10000"
            " : (currency == 'GBP' ? amount * 17 // 10000 : (currency == 'CHF' ? amount * 4 // 10000 : 0))"
        ),
        "amount >= 25000 ? 200 : 0",
        "channel == 'app' ? (amount >= 30000 ? 30 : amount // 1000) : 0",
        f"category == 'travel' and (tier == 'gold' or tier == 'platinum') ? (amount >= 100000 ? 2000 : 2 * {base}) : 0",
        f"category == 'alcohol' or category == 'tobacco' ? -3 * {base} : 0",
        f"month >= 11 and tier != 'bronze' ? {base} * 15 // 100 : 0",
        "tier == 'silver' and tenure_days >= 730 ? 20 : 0",
        "channel == 'online' and basket_size >= 2 and basket_size <= 4 and not is_weekend ? 10 : 0",
        (
            "store_id % 10 == 3 ? (category == 'toys' and amount < 7500 ? 15 : amount // 500)"
            " : (category == 'toys' ? 15 : 0)"
        ),
    ]


def _rule_engine() -> Callable[[Any], Any]:
    import rule_engine
    from rule_engine.builtins import Builtins

    kind = rule_engine.DataType
    sets = {"new_store": w.NEW_STORES, "promoted": w.PROMOTED_SKUS}
    context = rule_engine.Context(resolver=rule_engine.resolve_item)
    context.builtins = Builtins.from_defaults(
        values={name: members.__contains__ for name, members in sets.items()},
        value_types={
            name: kind.FUNCTION(name, return_type=kind.BOOLEAN, argument_types=(kind.FLOAT,)) for name in sets
        },
    )
    without = rule_engine.Rule("channel == 'giftcard' or channel == 'staff'", context=context).matches
    rules = [rule_engine.Rule(text, context=context).evaluate for text in rule_texts()]

    def points(event: w.Row) -> Any:  # noqa: ANN401 - the engine counts in decimals
        if without(event):
            return 0
        total = sum([rule(event) for rule in rules])
        return max(0, min(total, w.MOST_POINTS))

    return points


# --- All --------------------------------------------------------------------------------------------------------------

DATALOGIC = Contestant("datalogic-py, plain dicts", _datalogic_dicts, distribution="datalogic-py")

CONTESTANTS = [
    HAND_WRITTEN,
    Contestant("fidelity, plain dicts", partial(fidelity_points, "plain dicts"), distribution="fidelity-loyalty"),
    Contestant(
        "fidelity, event objects",
        partial(fidelity_points, "event objects"),
        prepare=fidelity_event,
        distribution="fidelity-loyalty",
    ),
    DATALOGIC,
    Contestant(
        "datalogic-py, prepared handles", _datalogic_handles, prepare=_datalogic_handle, distribution="datalogic-py"
    ),
    Contestant("zen-engine, plain dicts", _zen, distribution="zen-engine"),
    Contestant("zen-engine, prepared JSON", _zen, prepare=_zen_json, distribution="zen-engine"),
    Contestant("rule-engine, plain dicts", _rule_engine, distribution="rule-engine", slow=True),
]
