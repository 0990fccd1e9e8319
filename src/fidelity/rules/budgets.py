"""Budgets: what is left of a campaign for an event, and what the event takes of it, as core trees.

A budget is a counter that all members share. To the trees it is a counter like any other, so that every reading knows
it; who keeps it, and how two who draw on it at once are kept apart, is the books' affair.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from fidelity.language.kinds import Kind
from fidelity.language.resolve import resolve_condition
from fidelity.language.schema import Schema
from fidelity.language.tree import (
    Case,
    Compare,
    Extreme,
    Field,
    Literal,
    Negate,
    Node,
    add,
    any_of,
    not_,
)
from fidelity.rules.combining import ZERO, capped, guarded, made_whole, wins
from fidelity.rules.earning.campaigns import Campaign, in_window
from fidelity.rules.earning.limits import Cap
from fidelity.rules.earning.rules import EarnRule, Group
from fidelity.rules.plan import CampaignPlan, Clause, GroupPlan, RulePlan
from fidelity.rules.schemas import Declarations

if TYPE_CHECKING:
    from fidelity.rules.lowering import Lowering
    from fidelity.rules.program import Program

__all__ = ["budgeted", "campaign_clauses", "charges", "counter_kinds", "own_cap"]


def counter_kinds(program: Program) -> dict[str, Kind]:
    """What the rules of campaigns read: how much of a budget is gone, and whether somebody suspended it."""
    points, spend = Declarations.points_counter(), Declarations.spend_counter()
    found: dict[str, Kind] = {}
    for each in program.campaigns:
        found[each.suspended_counter] = points
        if each.budget is not None:
            found[each.budget_counter] = spend if each.unit == "spend" else points
    return found


def campaign_clauses(program: Program, rule: EarnRule, schema: Schema) -> list[Clause]:
    """What must hold of the campaign of *rule*: that it runs, that nobody suspended it, that something is left."""
    campaign = program.campaign_by_rule.get(rule.name)
    if campaign is None:
        return []
    found = []
    if campaign.during is not None:
        spelled = in_window(campaign.during, rule.on, program.zone)
        found.append(Clause("campaign", resolve_condition(spelled, schema), spelled))
    goes_on = Compare("<", Field(campaign.suspended_counter), Literal(1))
    found.append(Clause("suspended", goes_on, goes_on))
    if campaign.budget is not None:
        left = Compare("<", Field(campaign.budget_counter), Literal(campaign.most))
        found.append(Clause("budget", left, left))
    return found


def own_cap(program: Program, rule: EarnRule, group: Group) -> tuple[Cap | None, str]:
    """The cap of *rule* by itself, and its counter: a budget of spend is a cap that all members share."""
    campaign = program.campaign_by_rule.get(rule.name)
    if campaign is not None and isinstance(campaign.budget, Cap) and campaign.unit == "spend":
        return Cap(
            campaign.budget.most, "spend", per="ever", exceeded=campaign.budget.exceeded
        ), campaign.budget_counter
    return rule.cap, f"cap.{rule.name}" if rule.name == group.name else f"cap.{group.name}/{rule.name}"


# -- budgets of points


@frozen
class _Gift:
    """What a campaign would give in one place: a group of its own (no rule), or what a multiplier adds to another."""

    group: str
    rule: str
    desired: Node


def budgeted(
    lowering: Lowering, plans: dict[str, RulePlan], groups: Sequence[GroupPlan]
) -> tuple[list[GroupPlan], tuple[CampaignPlan, ...]]:
    """
    *groups* with what the budgets of points leave of them, and for each campaign what it would give and what it gives.

    What a multiplier adds goes before the campaign's own groups; each takes what those before it left. What the rules
    gave is put in *plans*.
    """
    found = {each.name: each for each in groups}
    made: list[CampaignPlan] = []
    todo = [each for each in lowering.program.campaigns if isinstance(each.budget, Cap) and each.unit == "points"]
    gifts = {each.name: _gifts(lowering, each, plans, found) for each in todo}
    for of_rules in (True, False):
        for each in todo:
            _cut(lowering, each, gifts[each.name], plans, found, of_rules=of_rules)
    for each in todo:
        given = [_given(gift, plans, found) for gift in gifts[each.name]]
        if given:
            desired = add(*(gift.desired for gift in gifts[each.name]))
            made.append(CampaignPlan(each.name, desired, add(*given)))
    return [found[each.name] for each in groups], tuple(made)


def _gifts(
    lowering: Lowering, campaign: Campaign, plans: Mapping[str, RulePlan], groups: Mapping[str, GroupPlan]
) -> list[_Gift]:
    mine = {rule.name for rule in campaign.earning}
    own = [each for each in groups.values() if each.rules[0] in mine]
    found: list[_Gift] = []
    for group in groups.values():
        if group not in own:
            for name in group.multipliers:
                if name in mine:
                    counts = lowering.counts(group, plans, name)
                    found.append(_Gift(group.name, name, made_whole(guarded(counts, plans[name].value))))
    return [*found, *(_Gift(each.name, "", made_whole(each.given)) for each in own)]


def _cut(
    lowering: Lowering,
    campaign: Campaign,
    gifts: Sequence[_Gift],
    plans: dict[str, RulePlan],
    groups: dict[str, GroupPlan],
    *,
    of_rules: bool,
) -> None:
    """Put what the budget of *campaign* leaves where its gifts stand."""
    assert isinstance(campaign.budget, Cap)  # noqa: S101 -- only those come here
    left = Extreme("max", (add(Literal(campaign.most), Negate(Field(campaign.budget_counter))), ZERO))
    whole = Compare("<=", add(*(each.desired for each in gifts)), left) if gifts else None
    for place, gift in enumerate(gifts):
        if bool(gift.rule) != of_rules:
            continue
        group = groups[gift.group]
        # What others took of a group of this campaign meanwhile is less, never more.
        desired = gift.desired if gift.rule else made_whole(group.given)
        if campaign.budget.exceeded == "reject":
            assert whole is not None  # noqa: S101 -- there is this one
            given: Node = Case(((whole, desired),), ZERO)
        elif not place:
            given = Extreme("min", (desired, left))
        else:
            before = add(*(each.desired for each in gifts[:place]))
            rest = Extreme("max", (add(left, Negate(before)), ZERO))
            given = Extreme("min", (desired, rest))
        if not gift.rule:
            groups[gift.group] = evolve(group, given=given)
            continue
        plan = plans[gift.rule]
        counts = lowering.counts(group, plans, gift.rule)
        all_desired = add(group.desired, Negate(guarded(counts, plan.value)), given)
        plans[gift.rule] = evolve(plan, value=given)
        whole_group = all_desired if group.cap is None else capped(all_desired, group.cap, f"cap.{group.name}")
        groups[gift.group] = evolve(group, desired=all_desired, given=whole_group)


def _given(gift: _Gift, plans: Mapping[str, RulePlan], groups: Mapping[str, GroupPlan]) -> Node:
    """What was given of *gift* in the end; where a group's own cap cut what a multiplier added, what it left of it."""
    group = groups[gift.group]
    if not gift.rule:
        return group.given
    added = plans[gift.rule].value
    if group.cap is None:
        return added
    without = add(group.desired, Negate(added))
    return Extreme("min", (added, Extreme("max", (made_whole(add(group.given, Negate(without))), ZERO))))


# -- what an event takes


def charges(
    lowering: Lowering, plans: Mapping[str, RulePlan], groups: Sequence[GroupPlan], made: Sequence[CampaignPlan]
) -> dict[str, Node]:
    """What an event takes of each budget, by counter; ``uses.…``, 1 if it gave anything; ``given.…/…`` by wallet."""
    given = {each.name: each.given for each in made}
    found: dict[str, Node] = {}
    for campaign in lowering.program.campaigns:
        if campaign.budget is not None:
            found |= _charges(lowering, campaign, plans, groups, given.get(campaign.name, ZERO))
    return {name: node for name, node in found.items() if node != ZERO}


def _charges(
    lowering: Lowering,
    campaign: Campaign,
    plans: Mapping[str, RulePlan],
    groups: Sequence[GroupPlan],
    given: Node,
) -> dict[str, Node]:
    """What an event takes of the budget of *campaign*, which gives *given* points if the budget is of points."""
    mine = {rule.name for rule in campaign.earning}
    gave: list[Node] = []
    spent: list[Node] = []
    gifts: list[tuple[str, Node]] = []
    for group, plan, counts in _counting(lowering, plans, groups):
        if plan.rule.name not in mine:
            continue
        if group.rules[0] not in mine:
            gifts.append((group.wallet, guarded(counts, plan.value)))
        elif plan.rule.name == group.rules[0]:
            gifts.append((group.wallet, group.given))
        if campaign.unit != "points" or plan.rule.effects:
            gave.append(lowering.gave(plan, counts))
        if campaign.budget_counter in plan.charges:
            spent.append(guarded(counts, plan.charges[campaign.budget_counter]))
    wallets = tuple(dict.fromkeys(wallet for wallet, _ in gifts))
    if campaign.unit == "points":
        gave.append(not_(Compare("==", given, ZERO)))
        points = Extreme("max", (given, ZERO))
        taken: Node = points
        told = dict.fromkeys(wallets[:1], points)
    else:
        told = {
            each: Extreme("max", (made_whole(add(*(part for wallet, part in gifts if wallet == each))), ZERO))
            for each in wallets
        }
        taken = add(ZERO, *spent)
    uses = guarded(any_of(*gave), Literal(1)) if gifts and gave else ZERO
    found = {f"uses.{campaign.name}": uses, campaign.budget_counter: uses if campaign.unit == "times" else taken}
    return found | {f"given.{campaign.name}/{wallet}": node for wallet, node in told.items()} if gifts else {}


def _counting(
    lowering: Lowering, plans: Mapping[str, RulePlan], groups: Sequence[GroupPlan]
) -> Iterator[tuple[GroupPlan, RulePlan, Node]]:
    """Every rule that gives something for this kind of event: in which group, and whether it counts there."""
    for group in groups:
        own = [plans[name] for name in group.rules]
        for place, plan in enumerate(own):
            yield group, plan, wins(group.combine, own, place)
        for name in group.multipliers:
            yield group, plans[name], lowering.counts(group, plans, name)
