"""Counting: what one event adds to the member's measures, as core trees."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from fidelity.language.resolve import resolve_condition, resolve_number
from fidelity.language.tree import Case, Field, Node, rebuild
from fidelity.rules.basis import Basis
from fidelity.rules.combining import ZERO, guarded
from fidelity.rules.earning.measures import GIVEN
from fidelity.rules.plan import ALWAYS, GroupPlan

if TYPE_CHECKING:
    from fidelity.rules.lowering import Lowering

__all__ = ["measured"]


def measured(
    lowering: Lowering, kind: str, groups: Sequence[GroupPlan], basis: Basis, excluded: Node | None
) -> dict[str, Node]:
    """
    What an event of *kind* adds to each measure that counts it.

    Args:
        groups: What its groups give: a measure may add up the whole points of one, before anything multiplies them.
        excluded: When the event earns nothing: then no group gave anything, although it counts.
    """
    given = {f"{GIVEN}.{each.name}": each.base for each in groups}
    if excluded is not None:
        given = {path: Case(((excluded, ZERO),), node) for path, node in given.items()}

    def written_out(node: Node) -> Node:
        if isinstance(node, Field):
            return given.get(node.path, node)
        return rebuild(node, written_out)

    found: dict[str, Node] = {}
    for place, measure in enumerate(lowering.program.measure_terms):
        if measure.aggregate.on == kind:
            with lowering.at(f"measures[{place}]"):
                schema = lowering.declared.aggregates(kind)
                value = basis.in_condition(resolve_number(measure.aggregate.value, schema).node)
                when = measure.aggregate.when
                fires = ALWAYS if when is None else basis.in_condition(resolve_condition(when, schema))
                found[measure.path] = guarded(fires, written_out(value))
    return found
