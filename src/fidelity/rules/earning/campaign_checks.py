"""Checking campaigns: what cannot stand about their windows and budgets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from fidelity.errors import FidelityError, Problem
from fidelity.rules.earning.amounts import Times
from fidelity.rules.earning.campaigns import Campaign, instants
from fidelity.rules.earning.rules import EarnRule, Group
from fidelity.values.money import Money

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["campaign_problems"]

#: What the books derive by themselves, member by member, whenever they are read.
_DERIVED = ("anniversary", "birthday", "referred")


def campaign_problems(program: Program) -> Iterator[Problem]:
    """What is wrong with the campaigns of *program*."""
    for name, times in Counter(each.name for each in program.campaigns).items():
        if times > 1:
            yield Problem("earn", f'two campaigns are called "{name}"', "give each one its own name")
    for place, each in enumerate(program.earn):
        if isinstance(each, Campaign):
            path = f"earn[{place}]"
            yield from _window(program, each, path)
            yield from _derived(program, each)
            if each.unit == "spend":
                yield from _of_spend(program, each, path)
            elif each.unit == "points":
                yield from _of_points(program, each, path)


def _window(program: Program, campaign: Campaign, path: str) -> Iterator[Problem]:
    if campaign.during is None:
        return
    try:
        first, after = instants(campaign.during, program.zone)
    except FidelityError as error:
        yield Problem(f"{path}.during", error.message)
        return
    if after <= first:
        message = f'campaign "{campaign.name}" is over before it begins on the clocks of {program.timezone}'
        yield Problem(f"{path}.during", message, "give it a later end")


def _derived(program: Program, campaign: Campaign) -> Iterator[Problem]:
    for rule in campaign.earning:
        if rule.on in _DERIVED or (rule.on == "referral" and program.referrals is not None):
            message = f'"{rule.name}" is about what the books find by themselves, which no campaign can share'
            remedy = "put it outside of the campaign; during= of the rule gives it days of its own"
            yield Problem(f"{program.lowering.places[rule.name]}.on", message, remedy)


def _of_spend(program: Program, campaign: Campaign, path: str) -> Iterator[Problem]:
    """A budget of spend counts one amount an event, or two rules would take the same amount twice."""
    assert campaign.budget is not None  # noqa: S101 -- it is of spend
    most = getattr(campaign.budget, "most", None)
    if isinstance(most, Money) and most.currency != program.currency:
        yield Problem(f"{path}.budget", f"{most} stands in a program in {program.currency}", "convert it first")
    for rule in campaign.earning:
        here = program.lowering.places[rule.name]
        if isinstance(rule.gives, Times):
            yield Problem(
                f"{here}.gives", f'"{rule.name}" multiplies points', 'give the budget in points: Cap(…, "points")'
            )
        elif rule.cap is not None:
            message = f'"{rule.name}" has a cap beside the budget of "{campaign.name}"'
            yield Problem(f"{here}.cap", message, "keep one of them")
    for kind in sorted(campaign.kinds):
        counting = [each for each in campaign.rules if _counts(each, kind)]
        alone = len(counting) == 1 and (
            isinstance(counting[0], EarnRule)
            or counting[0].combine != "sum"
            or sum(each.on == kind and each.gives is not None for each in counting[0].rules) == 1
        )
        if counting and not alone:
            message = f'several rules of "{campaign.name}" would take one amount from its budget of spend'
            remedy = 'put them into one Group(…, combine="best"), or make campaigns of their own'
            yield Problem(path, message, remedy)


def _counts(part: EarnRule | Group, kind: str) -> bool:
    return any(
        each.on == kind and each.gives is not None for each in (part.rules if isinstance(part, Group) else (part,))
    )


def _of_points(program: Program, campaign: Campaign, path: str) -> Iterator[Problem]:
    """A budget of points is of one wallet."""
    wallets = {rule.wallet for rule in campaign.earning if rule.gives is not None and not isinstance(rule.gives, Times)}
    targets = {rule.gives.of for rule in campaign.earning if isinstance(rule.gives, Times)}
    wallets |= {each.rules[0].wallet for each in program.groups if each.name in targets}
    if len(wallets) > 1:
        message = f'the rules of "{campaign.name}" fill several wallets, {", ".join(sorted(wallets))}, from one budget'
        yield Problem(path, message, 'make a campaign for each wallet, or budget how often: budget="500 times"')
