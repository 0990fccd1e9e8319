"""Running a program on one event: the functions it is compiled to, and the doors where events are checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from attrs import evolve

from fidelity.errors import EventError, FactsError, MoneyError
from fidelity.events import Event, FieldValue, Purchase
from fidelity.facts import NOTHING_KNOWN, Facts
from fidelity.language.declare import CustomEvent, accept, accept_all
from fidelity.language.kinds import Kind, Tags
from fidelity.language.loading import Loader
from fidelity.language.quantities import denominator
from fidelity.language.scalar import compile_number, compile_outputs
from fidelity.language.tree import Case, Literal, Node, not_
from fidelity.rules.assuming import checker
from fidelity.rules.basis import paid_parts
from fidelity.rules.details import Detail
from fidelity.rules.earning.rules import MAIN_WALLET
from fidelity.rules.evaluation import Evaluation
from fidelity.rules.plan import RulePlan
from fidelity.values.money import Money
from fidelity.values.spelling import shown, suggest

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["decider", "desired_by_rule", "detailed", "evaluate", "loader"]

_ZERO = Literal(0)


def loader(program: Program, kind: str, *, rows: bool = False) -> Loader:
    """Where the generated function finds the fields of events of *kind*."""
    schema = program.plan(kind).schema
    return Loader(kind, schema.kinds, program.zone, program.first_tier, rows, paid_parts(program))


def decider(program: Program, kind: str, *, rows: bool = False) -> Callable[[Any, Facts], int]:
    """The generated function for the main wallet; see `Program.decider`."""
    _known_kind(program, kind)
    node = program.plan(kind).totals.get(MAIN_WALLET, _ZERO)
    currency = program.currency if kind == "purchase" and not rows else ""
    decide = compile_number(
        node, loader(program, kind, rows=rows), default=NOTHING_KNOWN, currency=currency, mixed=_mixed
    )
    if not program.plan(kind).assumed:
        return decide
    check = checker(program.plan(kind), loader(program, kind, rows=rows))

    def checked(event: Any, facts: Facts = NOTHING_KNOWN) -> int:  # noqa: ANN401 -- an event or a row
        points = decide(event, facts)
        check(event, facts)
        return points

    return checked


def _mixed(event: Purchase, currency: str) -> MoneyError:
    message = f"purchase {event.id} is in {event.amount.currency} and the program in {currency}; convert it first"
    return MoneyError(message, event=event.id, currency=event.amount.currency)


def _known_kind(program: Program, kind: str) -> None:
    if kind not in program.declared.events:
        hint = suggest(kind, program.declared.events) or "declare it: Program(…, events=[…])"
        message = f'{program.name} knows no event "{kind}"; {hint}'
        raise EventError(message, kind=kind)


def detailed(program: Program, kind: str) -> tuple[Detail, Callable[[Event, Facts], tuple[int, ...]]]:
    """The layout and the generated function of an evaluation with its reasons."""
    made = program._details.get(kind)  # noqa: SLF001 -- the program's own shelf
    if made is None:
        _known_kind(program, kind)
        made = program._details[kind] = _detailed(program, kind)  # noqa: SLF001 -- the program's own shelf
    return made


def _detailed(program: Program, kind: str) -> tuple[Detail, Callable[[Event, Facts], tuple[int, ...]]]:
    plan = program.plan(kind)
    outputs: list[tuple[Node, int]] = []
    if plan.excluded is not None:
        outputs.append((plan.excluded, 0))
    outputs.extend((node, 1) for node in plan.totals.values())
    outputs.extend((node, 1) for node in plan.counters.values())
    rule_over, group_over, extra_over = [], [], []
    for rule in plan.rules:
        over = denominator(rule.value)
        rule_over.append(over)
        outputs.append((_failing(rule), 1))
        outputs.append((Case(((rule.fires, rule.value),), _ZERO) if rule.clauses else rule.value, over))
    for group in plan.groups:
        over = max(denominator(group.desired), denominator(group.given))
        group_over.append(over)
        outputs.extend(((group.desired, over), (group.given, over)))
    for group in plan.groups:
        if group.tier_extra is not None:
            over = denominator(group.tier_extra)
            extra_over.append(over)
            outputs.append((group.tier_extra, over))
    for campaign in plan.campaigns:
        outputs.extend(((campaign.desired, 1), (campaign.given, 1)))
    rivals = tuple(place for place, rule in enumerate(plan.rules) if rule.stands is not None)
    outputs.extend((plan.rules[place].counts, 0) for place in rivals)
    layout = Detail(
        plan.rules, plan.groups, tuple(plan.totals), tuple(plan.counters), plan.excluded is not None,
        tuple(rule_over), tuple(group_over), tuple(extra_over), program.multipliers == "best",
        {each.name: each.earns for each in program.tiers.tiers} if program.tiers is not None else {},
        tuple(each.name for each in plan.campaigns), rivals,
    )  # fmt: skip
    return layout, compile_outputs(outputs, loader(program, kind), default=NOTHING_KNOWN)


def desired_by_rule(program: Program, kind: str) -> tuple[tuple[str, ...], tuple[int, ...], Callable[..., Any]]:
    """The rules with a cap of their own, their denominators, and the function of what they would give without it."""
    plans = [each for each in program.plan(kind).rules if each.desired is not None]
    nodes = [(each.desired, denominator(each.desired)) for each in plans if each.desired is not None]
    decide = compile_outputs(nodes, loader(program, kind), default=NOTHING_KNOWN)
    return tuple(each.rule.name for each in plans), tuple(over for _, over in nodes), decide


def _failing(rule: RulePlan) -> Node:
    """The place of the first clause that says no; -1 if none does."""
    if not rule.clauses:
        return Literal(-1)
    return Case(tuple((not_(each.core), Literal(place)) for place, each in enumerate(rule.clauses)), Literal(-1))


def evaluator(program: Program, kind: str) -> Callable[[Event, Facts], Evaluation]:
    """What evaluates events of *kind*: `Program.evaluate` with all that one kind needs at hand."""
    layout, decide = detailed(program, kind)
    own = program.declared.own
    mine, line_kinds, currency = own.get(kind), own.get("line"), program.currency
    owned = "member" in own
    check = checker(program.plan(kind), loader(program, kind)) if program.plan(kind).assumed else None

    def evaluate(event: Event, facts: Facts) -> Evaluation:
        if not isinstance(facts, Facts):
            message = f"{shown(facts)} is not what is known of a member; write fd.Facts(…), or leave it out"
            raise FactsError(message, value=facts)
        if isinstance(event, Purchase) and event.amount.currency != currency:
            raise _mixed(event, currency)
        if mine is not None:
            event = evolve(event, fields=accept_all(mine, event.fields, kind, currency=currency))
        elif event.fields:
            _check_fields(program, event)
        if isinstance(event, Purchase) and event.lines:
            event = _with_lines(event, line_kinds, currency)
        if owned or (facts.tier and facts.tier not in layout.earns):
            facts = admit_facts(program, facts)
        if check is not None:
            check(event, facts)
        return Evaluation(program, event, facts, layout, decide(event, facts))

    return evaluate


def evaluate(program: Program, event: Event, facts: Facts) -> Evaluation:
    """What *program* says about *event*; see `Program.evaluate`."""
    if not isinstance(event, Event):
        message = f"{shown(event)} is not an event; write fd.Purchase(…) or one of your own events"
        raise EventError(message, value=event)
    made = program._evaluators  # noqa: SLF001 -- the program's own shelf
    found = made.get(event.kind)
    if found is None:
        found = made[event.kind] = evaluator(program, event.kind)
    return found(event, facts)


def _with_lines(event: Purchase, kinds: Mapping[str, Kind] | None, currency: str) -> Purchase:
    """*event* with its lines as the program declares them."""
    if kinds is None and not any(line.fields for line in event.lines):
        return event
    known = kinds or {}
    lines = [evolve(each, fields=accept_all(known, each.fields, "line", currency=currency)) for each in event.lines]
    return evolve(event, lines=lines)


def _check_fields(program: Program, event: Event) -> None:
    """Refuse the own fields of an *event* for which the program declares none, and money in another currency."""
    if isinstance(event, CustomEvent):
        if Money not in map(type, event.fields.values()):
            return
        for name, value in event.fields.items():
            if isinstance(value, Money) and value.currency != program.currency:
                message = f"{event.kind}.{name} is {value} and the program is in {program.currency}; convert it first"
                raise MoneyError(message, field=f"{event.kind}.{name}", value=value)
    elif event.kind in _BUILT_IN:
        name = next(iter(event.fields))
        message = f'{event.kind} has no field "{name}" in {program.name}; declare it in a Fields class'
        raise EventError(message, field=f"{event.kind}.{name}")


_BUILT_IN = ("purchase", "visit", "feedback", "participation", "referral")


def admit_facts(program: Program, facts: Facts) -> Facts:
    """*facts* as the program declares them."""
    if facts is NOTHING_KNOWN and "member" not in program.declared.own:
        return facts
    if facts.tier and (program.tiers is None or facts.tier not in program.tiers.names):
        names = program.tiers.names if program.tiers is not None else ()
        hint = suggest(facts.tier, names) or (f"there are {', '.join(names)}" if names else "the program has no tiers")
        message = f'there is no tier "{facts.tier}"; {hint}'
        raise FactsError(message, tier=facts.tier)
    kinds = program.declared.own.get("member")
    if kinds is None:
        return facts
    return evolve(facts, fields=_member_fields(kinds, facts.fields, program.currency))


def _member_fields(kinds: Mapping[str, Kind], given: Mapping[str, FieldValue], currency: str) -> dict[str, FieldValue]:
    held: dict[str, FieldValue] = {}
    for name, kind in kinds.items():
        if name in given or kind.default is not None:
            value = given.get(name, kind.default)
            held[name] = accept(kind, value, f"member.{name}", currency=currency)
        elif isinstance(kind, Tags):
            held[name] = frozenset()
        else:
            message = f"member.{name} is not known; enroll with fields={{{name!r}: …}}, or declare a default"
            raise FactsError(message, field=f"member.{name}")
    return held
