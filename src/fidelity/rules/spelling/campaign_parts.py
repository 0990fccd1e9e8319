"""The part of a program file that is a campaign."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fidelity.errors import LanguageError
from fidelity.rules.earning.campaigns import Budget, Campaign, budget, moment
from fidelity.rules.earning.limits import Cap, Limit
from fidelity.rules.spelling.earning_parts import CAP, rule_or_group
from fidelity.rules.spelling.shapes import (
    REQUIRED,
    Key,
    Part,
    a_list,
    a_mapping,
    a_text,
    holding,
    money_or_whole,
    write_part,
)
from fidelity.values.spelling import shown, suggest

__all__ = ["CAMPAIGN", "earning_part"]


def _moment(value: Any) -> Any:
    return moment(value if not isinstance(value, str) else a_text(value))


def _during(value: Any) -> Any:
    return tuple(_moment(each) for each in a_list(value))


def _during_plain(value: Any) -> list[str]:
    # Seconds are written where there are any, and the day alone where a whole day is meant.
    return [str(each).removesuffix(":00") if str(each).count(":") > 1 else str(each) for each in value]


def _budget(value: Any) -> Budget:
    if isinstance(value, str):
        return budget(a_text(value))
    plain = a_mapping(value)
    known = [each.name for each in CAP.keys if each.name != "per"]
    for name in plain:
        if name not in known:
            hint = suggest(name, known) or f"it takes {', '.join(known)}"
            message = f"a budget has no key {shown(name)}; {hint}"
            raise LanguageError(message, key=name)
    if "most" not in plain:
        message = 'a budget needs most; write {most = 50000}, {most = "500.00 EUR", unit = "spend"} or "4 times"'
        raise LanguageError(message)
    rest = {name: a_text(each) for name, each in plain.items() if name != "most"}
    return budget(Cap(money_or_whole(plain["most"]), **rest))  # type: ignore[arg-type]  # it refuses what it does not know


def _budget_plain(value: Budget) -> Any:
    return str(value) if isinstance(value, Limit) else write_part(value, CAP)


CAMPAIGN = Part(
    "a campaign",
    lambda campaign, **rest: Campaign(campaign, rest.pop("rules"), **rest),
    (
        Key("during", _during, _during_plain),
        Key("budget", _budget, _budget_plain),
        holding("rules", rule_or_group, default=REQUIRED, many=True),
    ),
    own_keys=("campaign",),
    own=lambda plain: {"campaign": a_text(plain["campaign"])},
    beside=lambda campaign: {"campaign": campaign.name},
)


def earning_part(value: object) -> Part:
    """What a value of the list ``earn`` is: a campaign and a group name themselves, a rule does not."""
    if isinstance(value, Campaign) or (isinstance(value, Mapping) and "campaign" in value):
        return CAMPAIGN
    return rule_or_group(value)
