"""What the books count, as fields of a model: what the first part of a purchase leaves the second, scores of tiers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fidelity.language.kinds import LARGEST, Amount, Kind, Whole
from fidelity.language.tree import Field, Node, add, fields_of
from fidelity.rules.plan import KindPlan
from fidelity.rules.tiers.score import score_parts

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["counted_between", "tier_kinds"]

#: Money that the books may add up over a member's life.
_MUCH = 10**14


def counted_between(plan: KindPlan, points: Node) -> dict[str, Node]:
    """Each counter that *points* reads and that one event of the kind adds to, as it stands after that event."""
    read = fields_of(points)
    return {path: add(Field(path), node) for path, node in plan.counters.items() if path in read}


def tier_kinds(program: Program) -> dict[str, Kind]:
    """The kinds of what the books count for tiers."""
    if program.tiers is None:
        return {}
    names = [name for name, _ in score_parts(program.tiers) if not name.startswith("measure.")]
    return {name: Amount(0, _MUCH) if name == "tiers.spend" else Whole(0, LARGEST // 1_000) for name in names}
