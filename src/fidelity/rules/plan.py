"""The plan of a program: for each kind of event, core trees for what every rule, group and wallet gives.

Plain frozen values, made once by `lowering`; every reading (scalar, columns, SQL, proofs) works on them.
"""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from fidelity.language.schema import Schema
from fidelity.language.tree import Literal, Node, all_of
from fidelity.rules.earning import EarnRule
from fidelity.rules.limits import Cap

__all__ = ["ALWAYS", "Clause", "GroupPlan", "KindPlan", "RulePlan"]

ALWAYS = Literal(value=True)


@frozen
class Clause:
    """
    One thing that must hold for a rule to apply.

    Attributes:
        what: ``"when"``, ``"during"`` or ``"limit"``.
        core: What must hold, in core form.
        spelled: The same as it was written, for sentences.
    """

    what: str
    core: Node
    spelled: Node


@frozen
class RulePlan:
    """
    One rule.

    Attributes:
        rule: The rule.
        path: Where it stands in the program: ``earn[1]``, ``earn[0].rules[2]``.
        group: The group in which its value counts: its own, or the one that it multiplies.
        clauses: What must hold, in the order in which it is told.
        value: What it gives if all of them hold, in points, exactly.
        charges: What its own cap or limit is charged when it applies, by counter.
        desired: What it would give without a cap of its own; None if it has none.
    """

    rule: EarnRule
    path: str
    group: str
    clauses: tuple[Clause, ...]
    value: Node
    charges: Mapping[str, Node] = field(factory=dict)
    desired: Node | None = None

    @property
    def fires(self) -> Node:
        """Whether it applies."""
        return all_of(*(each.core for each in self.clauses)) if self.clauses else ALWAYS


@frozen
class GroupPlan:
    """
    One group: what its rules and multipliers would give, and what the cap leaves of it.

    Attributes:
        rules: The names of its rules, in order.
        multipliers: The names of the rules that multiply it.
    """

    name: str
    combine: str
    wallet: str
    rules: tuple[str, ...]
    multipliers: tuple[str, ...]
    tier_extra: Node | None
    cap: Cap | None
    desired: Node
    given: Node


@frozen
class KindPlan:
    """
    Everything that the program says about one kind of event.

    Attributes:
        schema: What may be read.
        excluded: When the event earns nothing at all; None if never.
        totals: Whole points by wallet.
        counters: What the event adds to each counter of the member.
    """

    kind: str
    schema: Schema
    excluded: Node | None
    rules: tuple[RulePlan, ...]
    groups: tuple[GroupPlan, ...]
    totals: Mapping[str, Node]
    counters: Mapping[str, Node]
