"""Pacing: the ordinary member of a program, whose events come one like the other."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from fidelity.language.kinds import Amount, Choice, Day, Flag, Kind, Tags
from fidelity.language.quantities import EPOCH_DAY
from fidelity.language.tree import Count, Field, Has, IsIn, Literal, Node, Table, fields_of, rebuild
from fidelity.proofs.model import NO, NOTHING, Access, Rhythm
from fidelity.proofs.modelling.happening import LINES, Happening
from fidelity.proofs.modelling.lives import longest, shortest
from fidelity.proofs.modelling.offers import at_best
from fidelity.proofs.obligation import Value, substitute
from fidelity.rules.earning.limits import Cap
from fidelity.values.money import Money, money
from fidelity.values.periods import Window

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["rhythm_of"]


#: The most days that a calendar unit has.
_MOST = {"day": 1, "week": 7, "month": 31, "quarter": 92, "half-year": 184, "year": 366}


def rhythm_of(program: Program, event: Happening, points: Node, rewards: tuple[Access, ...]) -> Rhythm | None:
    """The stated pace, where it is about events of this kind: what they say, and what they give in the long run."""
    pace = program.pace
    if pace is None or not rewards or _owner(pace.event) != event.plan.kind:
        return None
    kinds = event.plan.schema.kinds
    told = {path: _value(kinds[path], value, program.currency) for path, value in pace.event.items()}
    if program.tiers is not None and "member.tier" not in told:
        told["member.tier"] = program.first_tier
    every = longest(pace.every)
    given = _steady(program, points, every)
    given = _ordinary(given, kinds, {path for path in fields_of(given) if _left_out(path, event.plan.kind, told)})
    chosen = tuple(map(at_best, rewards))
    horizon = shortest(pace.horizon)
    return Rhythm(every_days=every, horizon_days=horizon, event=told, points=given, offers=chosen)


def _owner(event: Mapping[str, Any]) -> str:
    return next((path.partition(".")[0] for path in event if not path.startswith("member.")), "purchase")


def _left_out(path: str, kind: str, told: Mapping[str, Value]) -> bool:
    """Whether the ordinary event leaves *path* at what it is when nobody tells it."""
    owner, _, name = path.partition(".")
    clock = name in {"weekday", "date", "month", "day", "hour", "at"}
    return path not in told and ((owner == kind and not clock) or path.startswith(LINES))


def _value(kind: Kind, value: Any, currency: str) -> Value:  # noqa: ANN401 -- in the spelling of conditions
    match kind:
        case Amount() if isinstance(value, Money):
            return value.minor
        case Amount():
            # Bare numbers beside money are in major units, as in conditions.
            text = str(value)
            return money(text if " " in text.strip() else f"{text} {currency}").minor
        case Day():
            day = value if isinstance(value, date) else date.fromisoformat(value)
            return day.toordinal() - EPOCH_DAY
        case Tags():
            return frozenset(value)
        case Choice():
            return str(value)
    return value  # type: ignore[no-any-return]  # a whole number or a flag


def _ordinary(node: Node, kinds: Mapping[str, Kind], untold: set[str]) -> Node:
    """*node* where the fields *untold* say nothing: no tags, no code, no amount, or what is declared as the default."""
    match node:
        case Field(path) if path in untold:
            kind = kinds.get(path)
            if isinstance(kind, Flag):
                return Literal(value=bool(kind.default))
            default = None if kind is None else kind.default
            number = default if isinstance(default, int) else 0
            return NOTHING if number == 0 else Literal(number)
        case Has(Field(path), _) if path in untold:
            return NO
        case Count(Field(path)) if path in untold:
            return NOTHING
        case IsIn(Field(path), choices) if path in untold and (kind := kinds.get(path)) is not None:
            return Literal(value=kind.default in {each.value for each in choices})
        case Table(Field(path), rows, otherwise) if path in untold and (kind := kinds.get(path)) is not None:
            row = next((value for code, value in rows if code == kind.default), otherwise)
            return NOTHING if row is None else _ordinary(row, kinds, untold)
    return rebuild(node, lambda inner: _ordinary(inner, kinds, untold))


# -- what a member finds who comes again and again


def _steady(program: Program, points: Node, every: int) -> Node:
    """
    *points* of one of many events, each *every* days.

    A cap over a time is shared evenly by the events that may fall into it; a limited rule counts only if it may apply
    to all of them; a campaign is over.
    """
    known: dict[str, Node] = {}
    for group in program.groups:
        known |= _shared(f"cap.{group.name}", group.cap, every)
        for rule in group.rules:
            name = f"cap.{rule.name}" if rule.name == group.name else f"cap.{group.name}/{rule.name}"
            known |= _shared(name, rule.cap, every)
            if rule.limit is not None:
                events = _events_in(rule.limit.window, every)
                always = events is not None and rule.limit.count >= events
                known[f"limit.{rule.name}"] = NOTHING if always else Literal(rule.limit.count)
    known |= _shared("cap.program", program.cap, every)
    known |= {each.suspended_counter: Literal(1) for each in program.campaigns}
    known |= {each.budget_counter: Literal(each.most) for each in program.campaigns if each.budget is not None}
    return substitute(points, known)


def _shared(counter: str, cap: Cap | None, every: int) -> dict[str, Node]:
    if cap is None or cap.per is None:
        return {}
    most = cap.most if isinstance(cap.most, int) else cap.most.minor
    events = _events_in(cap.per, every)
    return {counter: Literal(most if events is None else most - most // events)}


def _events_in(window: Window, every: int) -> int | None:
    """The most events, one each *every* days, that fall into *window*; None if it has no end."""
    if window.unit:
        days = _MOST[window.unit]
    elif window.kind == "membership":
        days = _MOST["year"]
    elif window.duration is not None:
        days = longest(window.duration)
    else:
        return None
    return -(-days // every)
