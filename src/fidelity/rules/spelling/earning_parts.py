"""The parts of a program file that earn: caps, rules and what they give, groups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fidelity.errors import LanguageError
from fidelity.language.tree import Literal
from fidelity.rules.earning.amounts import Points, Rate, Times, step
from fidelity.rules.earning.limits import Cap, limit
from fidelity.rules.earning.rules import MAIN_WALLET, EarnRule, Group
from fidelity.rules.spelling.shapes import (
    REQUIRED,
    Key,
    Part,
    a_node,
    a_number_node,
    a_rate,
    a_text,
    a_whole,
    days_pair,
    holding,
    iso_pair,
    money_or_whole,
    node_text,
    plain_money,
    rate_text,
)
from fidelity.values.periods import window

__all__ = ["CAP", "GROUP", "RULE", "rule_or_group"]


CAP = Part(
    "a cap",
    Cap,
    (
        Key("most", money_or_whole, plain_money, REQUIRED),
        Key("unit", a_text, default="points"),
        Key("per", lambda value: window(a_text(value)), str),
        Key("exceeded", a_text, default="reduce"),
    ),
)


# -- what a rule gives: points, rate and times share `of`, so they are read together


def _gives(plain: Mapping[str, Any]) -> dict[str, Any]:  # noqa: C901 -- one branch a part of the program
    kinds = [name for name in ("points", "rate", "times") if name in plain]
    if len(kinds) > 1:
        message = f"a rule gives points, a rate or a multiple, not {' and '.join(kinds)}; make two rules"
        raise LanguageError(message)
    for name in ("per", "of", "each"):
        if name in plain and not kinds:
            message = f'"{name}" says on what something is given, and nothing is given; add points = 1'
            raise LanguageError(message)
    if not kinds:
        return {}
    of = a_node(plain["of"]) if "of" in plain and kinds[0] != "times" else None
    match kinds[0]:
        case "points":
            per = step(plain["per"] if type(plain["per"]) is int else a_text(plain["per"])) if "per" in plain else None
            each = a_text(plain.get("each", ""))
            if each not in ("", "line"):
                message = f'each = {each!r} is not known; write each = "line"'
                raise LanguageError(message)
            if of is not None and per is None:
                message = '"of" needs a step; add per = 1 or per = "1 EUR"'
                raise LanguageError(message)
            return {"gives": Points(a_number_node(plain["points"]), per, of, each)}
        case "rate":
            return {"gives": Rate(a_rate(plain["rate"]), of)}
    if "of" not in plain:
        message = '"times" multiplies a group; add of = "base"'
        raise LanguageError(message)
    factor = a_rate(plain["times"])
    if factor < 1:
        message = f"times = {plain['times']!r:.30} would take points away; a multiplier is at least 1"
        raise LanguageError(message)
    return {"gives": Times(factor, a_text(plain["of"]))}


def _gives_plain(rule: EarnRule) -> dict[str, Any]:
    match rule.gives:
        case Points(number, per, of, each):
            found: dict[str, Any] = {"points": node_text(number)}
            if per is not None:
                found["per"] = str(per)
            if of is not None:
                found["of"] = node_text(of)
            return found | ({"each": each} if each else {})
        case Rate(rate, of):
            return {"rate": rate_text(rate)} | ({} if of is None else {"of": node_text(of)})
        case Times(factor, name):
            return {"times": rate_text(factor), "of": name}
    return {}


RULE = Part(
    "a rule",
    lambda name, **rest: EarnRule(name, rest.pop("gives", None), **rest),
    (
        Key("name", a_text, default=REQUIRED),
        Key("when", a_node, node_text),
        Key("on", a_text, default="purchase"),
        Key("limit", lambda value: limit(a_text(value)), str),
        holding("cap", CAP),
        Key("wallet", a_text, default=MAIN_WALLET),
        Key("during", days_pair, iso_pair),
        Key("priority", a_whole, default=0),
        Key("partner", a_text, default=""),
        Key("billed", a_text, str),
        Key("message", a_text, default=""),
        Key("benefit", a_text, default=""),
        Key("recognition", a_text, default=""),
        Key("voucher", a_text, default=""),
    ),
    own_keys=("points", "rate", "times", "per", "of", "each"),
    own=_gives,
    beside=_gives_plain,
    stand_in={"gives": Points(Literal(1))},
)

GROUP = Part(
    "a group",
    lambda group, **rest: Group(group, rest.pop("rules"), **rest),
    (
        Key("combine", a_text, default="sum"),
        Key("priority", a_whole, default=0),
        holding("cap", CAP),
        holding("rules", RULE, default=REQUIRED, many=True),
    ),
    own_keys=("group",),
    own=lambda plain: {"group": a_text(plain["group"])},
    beside=lambda group: {"group": group.name},
)


def rule_or_group(value: object) -> Part:
    """What a value of the list ``earn`` is: a group names itself, a rule does not."""
    return GROUP if isinstance(value, Group) or (isinstance(value, Mapping) and "group" in value) else RULE
