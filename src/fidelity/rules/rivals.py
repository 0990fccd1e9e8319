"""Rivals: multipliers that stand in a `best` or `first` group and compete there with its rules.

What they multiply is another group; whether they count is decided in their own. A multiplier of the very group it
stands in is no rival: it multiplies what was chosen.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from attrs import evolve

from fidelity.errors import Problem
from fidelity.language.tree import Node, add
from fidelity.rules.combining import combine, guarded, scaled, wins
from fidelity.rules.earning.amounts import Times
from fidelity.rules.earning.rules import EarnRule, Group
from fidelity.rules.plan import RulePlan
from fidelity.rules.rounding import told_whole

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["Rivals", "contested"]


def contested(group: Group, kind: str) -> bool:
    """Whether of the rules of *group* only one counts, and multipliers of other groups are among them."""
    return group.combine != "sum" and any(_is_rival(rule, group) for rule in group.rules if rule.on == kind)


def _is_rival(rule: EarnRule, group: Group) -> bool:
    return isinstance(rule.gives, Times) and rule.gives.of != group.name


class Rivals:
    """
    What the rules of each group give together, for one kind of event.

    Args:
        plans: The plans of all rules, multipliers included; those of rivals get what they stand under.
    """

    def __init__(self, program: Program, kind: str, plans: dict[str, RulePlan]) -> None:
        self.program = program
        self.kind = kind
        self.plans = plans
        self._groups: Mapping[str, Group] = {each.name: each for each in program.groups}
        self._settled: set[str] = set()
        self._open: list[str] = []
        #: Groups whose multipliers go round in a ring.
        self.problems: list[Problem] = []
        for group in program.groups:
            self._settle(group)

    def together(self, group: Group) -> Node:
        """What the rules of *group* give together, before anything multiplies it."""
        self._settle(group)
        names = [each.name for each in group.rules if each.on == self.kind and not isinstance(each.gives, Times)]
        own = [self.plans[name] for name in names]
        if not contested(group, self.kind):
            return combine(group.combine, own)
        return add(*(guarded(each.counts, each.value) for each in own))

    def _settle(self, group: Group) -> None:
        """Say of each rule of *group* when nothing of it comes before."""
        if group.name in self._settled or not contested(group, self.kind):
            return
        if group.name in self._open:
            names = " and ".join(f'"{each}"' for each in self._open)
            message = f"the rules of {names} multiply each other, so that nobody can say which of them gives more"
            self.problems.append(Problem("earn", message, 'write combine="first" in one of them'))
            return
        self._open.append(group.name)
        rules = [each for each in group.rules if each.on == self.kind]
        members = [each for each in rules if not isinstance(each.gives, Times) or _is_rival(each, group)]
        found = [self._valued(each, compare=group.combine == "best") for each in members]
        for place, each in enumerate(members):
            stands = wins(group.combine, found, place)
            self.plans[each.name] = evolve(self.plans[each.name], stands=stands)
        self._open.remove(group.name)
        self._settled.add(group.name)

    def _valued(self, rule: EarnRule, *, compare: bool) -> RulePlan:
        """The plan of *rule*; of a multiplier with what it adds by itself, where that is compared."""
        plan = self.plans[rule.name]
        target = self._groups.get(rule.gives.of) if isinstance(rule.gives, Times) else None
        if not compare or target is None:
            return plan
        assert isinstance(rule.gives, Times)  # noqa: S101 -- it has a target
        return evolve(plan, value=scaled(rule.gives.factor - 1, told_whole(self.program, self.together(target))))
