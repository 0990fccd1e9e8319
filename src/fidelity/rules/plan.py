"""The plan of a program: for each kind of event, core trees for what every rule, group and wallet gives.

Plain frozen values, made once by `lowering`; every reading (scalar, columns, SQL, proofs) works on them.
"""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from fidelity.language.schema import Schema
from fidelity.language.tree import Literal, Node, all_of
from fidelity.rules.earning.limits import Cap
from fidelity.rules.earning.rules import EarnRule

__all__ = ["ALWAYS", "CampaignPlan", "Clause", "GroupPlan", "KindPlan", "RulePlan"]

ALWAYS = Literal(value=True)


@frozen
class Clause:
    """
    One thing that must hold for a rule to apply.

    Attributes:
        what: ``"when"``, ``"during"`` or ``"limit"``; of a campaign ``"campaign"``, ``"suspended"`` or ``"budget"``.
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
        stands: What must hold for it to count, where it competes with multipliers: see `rivals`. None where it does
            not, and the group or the policy of multipliers says which counts.
    """

    rule: EarnRule
    path: str
    group: str
    clauses: tuple[Clause, ...]
    value: Node
    charges: Mapping[str, Node] = field(factory=dict)
    desired: Node | None = None
    stands: Node | None = None

    @property
    def counts(self) -> Node:
        """Whether it applies, and nothing that it competes with comes before it."""
        return self.fires if self.stands is None else self.stands

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
        base: The whole points of its rules, without what multiplies them.
        contested: Whether multipliers of other groups compete in it: `RulePlan.stands` says which rule counts.
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
    base: Node
    contested: bool = False


@frozen
class CampaignPlan:
    """
    A campaign with a budget of points: what it would give for one event, and what the budget leaves of it.

    Attributes:
        name: The name of the campaign.
        desired, given: Whole points, all its rules together.
    """

    name: str
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
        counters: What the event adds to each counter of the member, and to what all members share.
        campaigns: The campaigns with a budget of points that give something for it.
        assumed: What the program assumes of every such event; an evaluation refuses those that are otherwise.
    """

    kind: str
    schema: Schema
    excluded: Node | None
    rules: tuple[RulePlan, ...]
    groups: tuple[GroupPlan, ...]
    totals: Mapping[str, Node]
    counters: Mapping[str, Node]
    campaigns: tuple[CampaignPlan, ...] = ()
    assumed: tuple[Clause, ...] = ()
