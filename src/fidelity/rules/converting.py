"""What `Program` accepts for each of its parts, and how parts are compared."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from fidelity.errors import OperandError
from fidelity.language.declare import CustomEvent, Fields
from fidelity.language.handles import Condition
from fidelity.language.kinds import Kind
from fidelity.language.numbers import NumberHandle
from fidelity.language.tree import Node
from fidelity.rules.earning.campaigns import Campaign
from fidelity.rules.earning.measures import Measure, MeasureTerms
from fidelity.rules.earning.rules import EarnRule, Group, Wallet, a_day, condition
from fidelity.rules.published import Published, Waiver, formula
from fidelity.rules.rewards.payments import Payment
from fidelity.rules.rewards.reward import FilterBudget, Reward
from fidelity.rules.rewards.vouchers import Conversion

__all__ = [
    "base_benefit",
    "budget",
    "conversions",
    "earn",
    "events",
    "excludes",
    "fields",
    "measures",
    "published",
    "rewards",
    "same_declared",
    "same_measures",
    "texts",
    "waivers",
    "wallets",
]


def earn(value: Iterable[EarnRule | Group | Campaign]) -> tuple[EarnRule | Group | Campaign, ...]:
    """Rules, groups and campaigns, in order."""
    if isinstance(value, EarnRule | Group | Campaign):
        message = f"earn is a list of rules; write earn=[{type(value).__name__}(…)]"
        raise OperandError(message, value=value)
    return tuple(value)


def rewards(value: Iterable[Reward | Payment]) -> tuple[Reward | Payment, ...]:
    """Rewards and payments, in order."""
    if isinstance(value, Reward | Payment):
        message = f"rewards is a list; write rewards=[{type(value).__name__}(…)]"
        raise OperandError(message, value=value)
    return tuple(value)


def conversions(value: Iterable[Conversion]) -> tuple[Conversion, ...]:
    """Conversions, in order."""
    if isinstance(value, Conversion):
        message = "conversions is a list; write conversions=[Conversion(…)]"
        raise OperandError(message, value=value)
    return tuple(value)


def measures(value: Iterable[Measure]) -> tuple[Measure, ...]:
    """Measures, in order."""
    return tuple(value)


def wallets(value: Iterable[Wallet | str]) -> tuple[Wallet, ...]:
    """Wallets; a name alone is a wallet that lives as long as the program says."""
    return tuple(Wallet(each) if isinstance(each, str) else each for each in value)


def events(value: Iterable[type[CustomEvent]]) -> tuple[type[CustomEvent], ...]:
    """Event classes."""
    return tuple(value)


def fields(value: Iterable[type[Fields]]) -> tuple[type[Fields], ...]:
    """Classes of fields."""
    return tuple(value)


def excludes(value: Condition | Node | str | Iterable[Condition | Node | str]) -> tuple[Node, ...]:
    """Conditions as trees; one may stand alone."""
    listed = value if isinstance(value, list | tuple) else (value,)
    return tuple(node for each in listed if (node := condition(each)) is not None)


def texts(value: Iterable[str]) -> tuple[str, ...]:
    """Texts; one text alone is one text, not its letters."""
    return (value,) if isinstance(value, str) else tuple(value)


def budget(value: FilterBudget | int) -> FilterBudget:
    """The filter budget; a number alone needs no reason as long as it is small."""
    return value if isinstance(value, FilterBudget) else FilterBudget(value)


def effective(value: date | str | None) -> date | None:
    """The day from which a version holds, if it has one."""
    return None if value is None else a_day(value)


def published(value: Iterable[Published]) -> tuple[Published, ...]:
    """What was announced."""
    return tuple(value)


def waivers(value: Iterable[Waiver]) -> tuple[Waiver, ...]:
    """Signed exceptions."""
    return tuple(value)


def base_benefit(value: int | str | NumberHandle | Node | None) -> Node | None:
    """A formula, if there is one."""
    return None if value is None else formula(value)


def same_declared(value: tuple[type[CustomEvent | Fields], ...]) -> object:
    """What is declared, whichever classes declare it and in which order."""
    found: dict[str, dict[str, Kind]] = {}
    for each in value:
        found.setdefault(each.kind, {}).update(each.declared)
    return found


def same_measures(value: tuple[Measure, ...]) -> tuple[MeasureTerms, ...]:
    """Measures are handles, whose == makes a condition; what they measure are values."""
    return tuple(each.terms for each in value)
