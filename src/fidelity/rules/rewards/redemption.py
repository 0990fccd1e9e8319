"""Redemption: which filters of a reward say no at this moment, each with what it asks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from attrs import frozen

from fidelity.errors import UnknownReward, ValueRefused
from fidelity.events import FieldValue
from fidelity.facts import Facts
from fidelity.language.declare import accept
from fidelity.language.interpret import interpret
from fidelity.language.kinds import Amount, Choice, Day, Instant, Kind, Tags, Whole
from fidelity.language.loading import tenure_days, tenure_months, tenure_years
from fidelity.language.quantities import EPOCH_DAY, micros
from fidelity.language.resolve import resolve_condition
from fidelity.language.schema import WEEKDAYS
from fidelity.language.tree import Node
from fidelity.rules.running import admit_facts
from fidelity.values.money import Money, money
from fidelity.values.spelling import suggest
from fidelity.values.zones import utc

if TYPE_CHECKING:
    from fidelity.rules.program import Program
    from fidelity.rules.rewards.payments import Payment
    from fidelity.rules.rewards.reward import Reward

__all__ = ["CIRCUMSTANCES", "Unmet", "circumstances", "moment", "reward_of", "unmet"]


@frozen
class Unmet:
    """
    A filter that says no.

    Attributes:
        filter: What it is: ``"when"``, ``"minimum balance"``, ``"channels"``, ``"blackout"``, ``"limit"``,
            ``"at least"``, ``"basket"``, …
        condition: What would have to hold, as a tree; None where no tree can say it.
        text: The same, as the terms write it.
        left: How much of a limit is left, or how many points a basket takes, or how many it takes at least; None for
            what counts nothing.
        opens: The first day on which there is room again in a limit; None if there never will be, or nobody can tell.
    """

    filter: str
    condition: Node | None
    text: str
    left: int | None = None
    opens: date | None = None


def reward_of(program: Program, name: str) -> Reward | Payment:
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


#: What a voucher asks when it is used, and not when points are spent for it.
_OF_USE = frozenset({"when", "minimum basket", "channels", "blackout"})


def unmet(
    program: Program,
    reward: str,
    facts: Facts,
    *,
    at: datetime,
    balance: int,
    channel: str = "",
    basket: Money | None = None,
    fields: Mapping[str, FieldValue] | None = None,
    quantity: int = 1,
    using: bool = False,
) -> tuple[Unmet, ...]:
    """The filters of *reward* that say no; see `Program.unmet`."""
    terms = reward_of(program, reward)
    asked = [each for each in terms.filters if each.when is not None]
    if terms.voucher is not None:
        asked = [each for each in asked if (each.name in _OF_USE) is using]
    if not asked:
        return ()
    schema = program.declared.redemption()
    told = {"channel": channel, **({} if basket is None else {"basket": basket}), **(fields or {})}
    values = moment(program, facts, at, told, balance=balance, quantity=quantity)
    found = []
    for each in asked:
        assert each.when is not None  # noqa: S101 -- filtered above
        if not interpret(resolve_condition(each.when, schema), values):
            found.append(Unmet(each.name, each.when, each.text))
    return tuple(found)


#: What may be told of the moment in which a reward is asked for, beside the host's own fields.
CIRCUMSTANCES = ("channel", "basket", "store")


def circumstances(program: Program, fields: Mapping[str, FieldValue]) -> dict[str, FieldValue]:
    """
    *fields* as the program declares them for a redemption.

    Raises:
        ValueRefused: If one is told that no reward reads.
        EventError, MoneyError: If one has a value that it cannot have.
    """
    own = program.declared.own.get("redemption", {})
    found: dict[str, FieldValue] = {}
    for name, value in fields.items():
        if name in own:
            found[name] = accept(own[name], value, f"redemption.{name}", currency=program.currency)
        elif name == "basket":
            found[name] = money(value, program.currency)  # type: ignore[arg-type]  # it refuses
        elif name in CIRCUMSTANCES:
            found[name] = str(value)
        else:
            known = (*CIRCUMSTANCES, *own)
            hint = suggest(name, known) or f"it takes {', '.join(known)}"
            message = f"a redemption has no field {name!r}; {hint}"
            raise ValueRefused(message, field=name)
    return found


def moment(
    program: Program, facts: Facts, at: datetime, fields: Mapping[str, FieldValue], *, balance: int, quantity: int = 1
) -> dict[str, Any]:
    """What conditions and costs read of a redemption, by path and in base units; *fields* as `circumstances` gives."""
    facts = admit_facts(program, facts)
    local = utc(at, what="at").astimezone(program.zone)
    since, basket = facts.customer_since, fields.get("basket")
    values: dict[str, Any] = {
        "redemption.weekday": WEEKDAYS[local.weekday()],
        "redemption.date": local.toordinal() - EPOCH_DAY,
        "redemption.month": local.month,
        "redemption.day": local.day,
        "redemption.hour": local.hour,
        "redemption.at": micros(at),
        "redemption.channel": fields.get("channel", ""),
        "redemption.store": fields.get("store", ""),
        "redemption.basket": basket.minor if isinstance(basket, Money) else 0,
        "redemption.balance": balance,
        "redemption.quantity": quantity,
        "member.tier": facts.tier or program.first_tier,
        "member.tenure_days": tenure_days(since, local),
        "member.tenure_months": tenure_months(since, local),
        "member.tenure_years": tenure_years(since, local),
    }
    for name, kind in program.declared.own.get("redemption", {}).items():
        values[f"redemption.{name}"] = _base(fields[name], kind) if name in fields else _untold(kind)
    for measure in program.measure_terms:
        values[measure.path] = facts.counters.get(measure.path, 0)
    kinds = program.declared.own.get("member", {})
    for name, value in facts.fields.items():
        values[f"member.{name}"] = _base(value, kinds.get(name))
    return values


def _untold(kind: Kind) -> Any:  # noqa: ANN401 -- a field of any kind
    """What a field of a redemption is that nobody told: its default, or the least that it may be."""
    if kind.default is not None:
        return kind.default
    match kind:
        case Whole(low, _) | Amount(low, _):
            return low
        case Day(low, _):
            return low.toordinal() - EPOCH_DAY
        case Tags():
            return frozenset()
        case Choice():
            return ""
    return 0


def _base(value: Any, kind: object) -> Any:  # noqa: ANN401 -- a field of any kind
    match kind:
        case Amount():
            return value.minor
        case Day():
            return value.toordinal() - EPOCH_DAY
        case Instant():
            return micros(value)
    return value
