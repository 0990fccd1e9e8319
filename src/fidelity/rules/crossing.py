"""Crossing: what a tier adds to the very event that reaches the next one. Core trees over the counter of the score."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from fidelity.language.kinds import LARGEST, Amount, Kind, Whole
from fidelity.language.resolve import resolve_condition, resolve_number
from fidelity.language.tree import (
    Case,
    Compare,
    Extreme,
    Field,
    Literal,
    Negate,
    Node,
    Table,
    add,
    any_of,
    multiply,
    rebuild,
)
from fidelity.rules.basis import Basis
from fidelity.rules.combining import ZERO, exact_literal, guarded, made_whole
from fidelity.rules.earning.amounts import Times
from fidelity.rules.earning.measures import Measure
from fidelity.rules.plan import ALWAYS, RulePlan
from fidelity.rules.rounding import told_whole
from fidelity.rules.tiers.tier_set import Counted, Relationship, Tier, TierSet
from fidelity.values.money import Money

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["crossing_extra", "score_kinds"]

_MUCH = 10**14
_COUNTED_ONCE = {"purchases": "purchase", "visits": "visit"}


def score_kinds(tiers: TierSet | None) -> dict[str, Kind]:
    """The fields of the score that rules read when the event that crosses a threshold is told apart."""
    if tiers is None or tiers.crossing == "next event":
        return {}
    names = tiers.several_names or ("",)
    return {
        _field(name): Amount(0, _MUCH) if tiers.money_of(each) else Whole(0, LARGEST)
        for name, each in zip(names, tiers.counted, strict=True)
    }


def _field(name: str) -> str:
    return f"tiers.score.{name}" if name else "tiers.score"


def crossing_extra(  # noqa: PLR0917 -- all that a group knows
    program: Program,
    kind: str,
    combined: Node,
    multipliers: Sequence[RulePlan],
    earns: Mapping[str, Fraction],
    basis: Basis,
) -> Node:
    """What the tiers add to a group that gave *combined* points, when they look at what reaches the next one."""
    tiers = program.tiers
    assert tiers is not None  # noqa: S101 -- the caller saw to it
    whole = told_whole(program, combined)
    found = _Increments(program.multipliers, multipliers, tuple(earns.values()))
    names, levels = tiers.names, range(len(tiers.tiers))
    adds = {name: _added(program, each, kind, basis, whole) for name, each in _counted(tiers)}
    here = Table(Field("member.tier"), tuple((names[tier], found.at(tier, tier)) for tier in levels))
    if not any(node is not None for node in adds.values()):
        return found.compounded(multiply(whole, here))
    if tiers.crossing == "whole event":
        rows = []
        for tier in levels:
            above = [
                (reached, found.at(level, tier))
                for level in reversed(levels[tier + 1 :])
                if (reached := _reached(program, tiers.tiers[level], adds)) is not None
            ]
            rows.append((names[tier], Case(tuple(above), found.at(tier, tier)) if above else found.at(tier, tier)))
        return found.compounded(multiply(whole, Table(Field("member.tier"), tuple(rows))))
    parts: list[Node] = [multiply(whole, here)]
    for level in levels[1:]:
        least = _minor(program, tiers.tiers[level].at)
        beyond = _beyond(program, combined, basis, whole, least)
        steps = [(names[tier], found.step(level, tier) if tier < level else ZERO) for tier in levels]
        parts.append(multiply(beyond, Table(Field("member.tier"), tuple(steps))))
    return found.compounded(add(*parts))


class _Increments:
    """What one level adds beside the multipliers that meet it."""

    def __init__(self, how: str, multipliers: Sequence[RulePlan], earns: Sequence[Fraction]) -> None:
        self._how = how
        self._multipliers = multipliers
        self._earns = earns

    def compounded(self, node: Node) -> Node:
        """*node* scaled by the multipliers, if they compound."""
        if self._how != "compound":
            return node
        before = [guarded(each.fires, exact_literal(_factor(each)), Literal(1)) for each in self._multipliers]
        return multiply(*before, node)

    def at(self, level: int, tier: int) -> Node:
        """What *level* adds to each point, for a member who has *tier*."""
        return self._unless_best(tier, lambda factor: max(self._earns[level] - factor, Fraction(0)))

    def step(self, level: int, tier: int) -> Node:
        """What *level* adds more than the one below it."""
        below = self._earns[max(level - 1, tier)]

        def more(factor: Fraction) -> Fraction:
            return max(self._earns[level], factor) - max(below, factor)

        return self._unless_best(tier, more) if self._how == "best" else exact_literal(self._earns[level] - below)

    def _unless_best(self, tier: int, adds: Callable[[Fraction], Fraction]) -> Node:
        """What is added to what already counts: a multiplier that is at least as strong as the tier, or nothing."""
        if self._how != "best":
            return exact_literal(adds(Fraction(1)))
        rivals = sorted(
            (each for each in self._multipliers if _factor(each) >= self._earns[tier]), key=_factor, reverse=True
        )
        arms: list[tuple[Node, Node]] = []
        for each in rivals:
            if each.fires == ALWAYS:
                last = exact_literal(adds(_factor(each)))
                return Case(tuple(arms), last) if arms else last
            arms.append((each.fires, exact_literal(adds(_factor(each)))))
        return Case(tuple(arms), exact_literal(adds(Fraction(1)))) if arms else exact_literal(adds(Fraction(1)))


def _factor(plan: RulePlan) -> Fraction:
    assert isinstance(plan.rule.gives, Times)  # noqa: S101 -- only multipliers come here
    return plan.rule.gives.factor


def _counted(tiers: TierSet) -> list[tuple[str, Counted]]:
    return list(zip(tiers.several_names or ("",), tiers.counted, strict=True))


def _added(program: Program, counted: Counted, kind: str, basis: Basis, whole: Node) -> Node | None:
    """What an event of *kind* adds to one count; None if it is another kind that does."""
    if isinstance(counted, Relationship):
        weight = {"purchase": counted.purchases, "feedback": counted.feedback, "participation": counted.participation}
        return Literal(weight[kind]) if weight.get(kind) else None
    if isinstance(counted, Measure):
        aggregate = counted.terms.aggregate
        if aggregate.on != kind:
            return None
        schema = program.declared.aggregates(kind)
        value = basis.in_condition(resolve_number(aggregate.value, schema).node)
        if aggregate.when is None:
            return value
        return guarded(basis.in_condition(resolve_condition(aggregate.when, schema)), value)
    if counted == "spend":
        return basis.amount if kind == "purchase" else None
    if counted in _COUNTED_ONCE:
        return Literal(1) if kind == _COUNTED_ONCE[str(counted)] else None
    return made_whole(whole)


def _minor(program: Program, told: object) -> int:
    if isinstance(told, Money):
        return told.minor
    assert isinstance(told, int)  # noqa: S101 -- the program was checked
    tiers = program.tiers
    return told * 10**program.minor_digits if tiers is not None and tiers.counts_money else told


def _reached(program: Program, tier: Tier, adds: Mapping[str, Node | None]) -> Node | None:
    """Whether the score reaches *tier* with what the event adds; None if it never can."""
    found: list[Node] = []
    for name, node in adds.items():
        told = tier.at.get(name) if isinstance(tier.at, Mapping) else tier.at
        if node is not None and told is not None:
            least = told.minor if isinstance(told, Money) else told
            if not isinstance(told, Money) and _is_money(program, name):
                least *= 10**program.minor_digits
            found.append(Compare(">=", add(Field(_field(name)), node), Literal(least)))
    return any_of(*found) if found else None


def _is_money(program: Program, name: str) -> bool:
    tiers = program.tiers
    assert tiers is not None  # noqa: S101 -- the caller saw to it
    return any(tiers.money_of(each) for known, each in _counted(tiers) if known == name)


def _beyond(program: Program, combined: Node, basis: Basis, whole: Node, least: int) -> Node:
    """The points of the event that lie beyond the score *least*."""
    tiers = program.tiers
    assert tiers is not None  # noqa: S101 -- the caller saw to it
    score = Field(_field(""))
    if tiers.named != "spend":
        return Extreme("min", (whole, Extreme("max", (add(score, whole, Literal(-least)), ZERO))))
    assert basis.amount is not None  # noqa: S101 -- a purchase has one
    upto = Extreme("min", (basis.amount, Extreme("max", (add(Literal(least), Negate(score)), ZERO))))
    short = told_whole(program, _replaced(combined, basis.amount, upto))
    return Extreme("max", (add(whole, Negate(short)), ZERO))


def _replaced(node: Node, amount: Node, upto: Node) -> Node:
    """*node* as if only *upto* had been spent; whether a rule applies stays as it is."""
    if node == amount:
        return upto
    if isinstance(node, Case):
        arms = tuple((when, _replaced(value, amount, upto)) for when, value in node.arms)
        return Case(arms, _replaced(node.otherwise, amount, upto))
    return rebuild(node, lambda each: _replaced(each, amount, upto))
