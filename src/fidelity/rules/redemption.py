"""Redemption: which filters of a reward say no at this moment, each with what it asks."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from attrs import frozen

from fidelity.errors import UnknownReward
from fidelity.facts import Facts
from fidelity.language.interpret import interpret
from fidelity.language.kinds import Amount, Day, Instant
from fidelity.language.loading import tenure_days, tenure_months, tenure_years
from fidelity.language.quantities import EPOCH_DAY, micros
from fidelity.language.resolve import resolve_condition
from fidelity.language.schema import WEEKDAYS
from fidelity.language.tree import Node
from fidelity.rules.running import admit_facts
from fidelity.values.money import Money
from fidelity.values.spelling import suggest
from fidelity.values.zones import utc

if TYPE_CHECKING:
    from fidelity.rules.program import Program
    from fidelity.rules.rewards import Reward

__all__ = ["Unmet", "reward_of", "unmet"]


@frozen
class Unmet:
    """
    A filter that says no.

    Attributes:
        filter: What it is: ``"when"``, ``"minimum balance"``, ``"channels"``, ``"blackout"``, …
        condition: What would have to hold, as a tree.
        text: The same, as the terms write it.
    """

    filter: str
    condition: Node
    text: str


def reward_of(program: Program, name: str) -> Reward:
    """
    The reward called *name*.

    Raises:
        UnknownReward: If there is none; the message names the nearest.
    """
    reward = program.rewards_by_name.get(name)
    if reward is None:
        names = tuple(program.rewards_by_name)
        hint = suggest(name, names) or (f"there are {', '.join(names)}" if names else "the program has no rewards")
        message = f'{program.name} has no reward "{name}"; {hint}'
        raise UnknownReward(message, reward=name, rewards=names)
    return reward


def unmet(
    program: Program, reward: str, facts: Facts, *, at: datetime, balance: int, channel: str, basket: Money | None
) -> tuple[Unmet, ...]:
    """The filters of *reward* that say no; see `Program.unmet`."""
    terms = reward_of(program, reward)
    asked = [each for each in terms.filters if each.when is not None]
    if not asked:
        return ()
    schema = program.declared.redemption()
    values = _values(program, admit_facts(program, facts), at, balance=balance, channel=channel, basket=basket)
    found = []
    for each in asked:
        assert each.when is not None  # noqa: S101 -- filtered above
        if not interpret(resolve_condition(each.when, schema), values):
            found.append(Unmet(each.name, each.when, each.text))
    return tuple(found)


def _values(
    program: Program, facts: Facts, at: datetime, *, balance: int, channel: str, basket: Money | None
) -> dict[str, Any]:
    local = utc(at, what="at").astimezone(program.zone)
    since = facts.customer_since
    values: dict[str, Any] = {
        "redemption.weekday": WEEKDAYS[local.weekday()],
        "redemption.date": local.toordinal() - EPOCH_DAY,
        "redemption.month": local.month,
        "redemption.day": local.day,
        "redemption.hour": local.hour,
        "redemption.at": micros(at),
        "redemption.channel": channel,
        "redemption.store": "",
        "redemption.basket": 0 if basket is None else basket.minor,
        "redemption.balance": balance,
        "member.tier": facts.tier or program.first_tier,
        "member.tenure_days": tenure_days(since, local),
        "member.tenure_months": tenure_months(since, local),
        "member.tenure_years": tenure_years(since, local),
    }
    for measure in program.measure_terms:
        values[measure.path] = facts.counters.get(measure.path, 0)
    kinds = program.declared.own.get("member", {})
    for name, value in facts.fields.items():
        values[f"member.{name}"] = _base(value, kinds.get(name))
    return values


def _base(value: Any, kind: object) -> Any:  # noqa: ANN401 -- a field of any kind
    match kind:
        case Amount():
            return value.minor
        case Day():
            return value.toordinal() - EPOCH_DAY
        case Instant():
            return micros(value)
    return value
