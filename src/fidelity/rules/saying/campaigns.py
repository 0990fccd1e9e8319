"""A campaign as printed terms, and as the reason why a rule of it gave less or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fidelity.rules.earning.amounts import Times
from fidelity.rules.earning.campaigns import Campaign, instants
from fidelity.rules.earning.limits import Cap
from fidelity.wording import campaigns as said
from fidelity.wording import reasons as said_reasons

if TYPE_CHECKING:
    from fidelity.rules.evaluation import Evaluation, Missed
    from fidelity.rules.program import Program

__all__ = ["campaign_lines", "campaign_missed", "campaigns_reduced"]


def campaign_lines(program: Program, language: str) -> Iterator[str]:
    """The campaigns of *program* as lines of its terms."""
    for each in program.campaigns:
        yield f"- {said.rules(language, each.name, [rule.name for rule in each.earning])}"
        if each.during is not None:
            first, after = instants(each.during, program.zone)
            yield f"  {said.window(language, each.name, first, after, program.zone)}"
        if each.budget is not None:
            most = each.budget.most if isinstance(each.budget, Cap) else each.most
            yield f"  {said.most(language, each.name, each.unit, most, wallet_of(program, each))}"
            if isinstance(each.budget, Cap) and each.budget.exceeded == "reject":
                yield f"  {said.holding(language)}"


def wallet_of(program: Program, campaign: Campaign) -> str:
    """Which points the rules of *campaign* give; those of the group, where they multiply one."""
    groups = {each.name: each for each in program.groups}
    for rule in campaign.earning:
        if isinstance(rule.gives, Times):
            return groups[rule.gives.of].rules[0].wallet
        if rule.gives is not None:
            return rule.wallet
    return "points"


def campaigns_reduced(evaluation: Evaluation, language: str) -> Iterator[str]:
    """What budgets left less of."""
    program = evaluation.program
    known = {each.name: each for each in program.campaigns}
    for each in evaluation.reduced:
        campaign = known[each.group] if each.what == "campaign" else program.campaign_by_rule.get(each.group)
        of_rule = each.what == "rule" and campaign is not None and campaign.unit == "spend"
        if campaign is not None and isinstance(campaign.budget, Cap) and (of_rule or each.what == "campaign"):
            wallet = wallet_of(program, campaign)
            yield said.reduced(language, each.group, each.desired, each.given, campaign.budget.most, wallet)


def campaign_missed(evaluation: Evaluation, missed: Missed, language: str) -> str:
    """Why a rule did not apply, if it is because of its campaign; empty if not."""
    program = evaluation.program
    campaign = program.campaign_by_rule.get(missed.rule)
    if campaign is None:
        return ""
    because = ""
    if missed.because == "campaign" and campaign.during is not None:
        first, after = instants(campaign.during, program.zone)
        because = said.not_then(language, campaign.name, first, after, program.zone)
    elif missed.because == "suspended":
        because = said.paused(language, campaign.name)
    elif missed.because == "budget":
        because = said.exhausted(language, campaign.name)
    return because and said_reasons.missed(language, missed.rule, because)
