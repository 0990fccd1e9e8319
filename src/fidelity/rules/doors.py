"""The doors of a program: every condition that opens or closes one, where it stands, and what it may read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fidelity.language.schema import Schema
from fidelity.language.tree import Node, fields_of

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["conditions"]


def conditions(program: Program) -> Iterator[tuple[str, Node, Schema]]:  # noqa: C901, PLR0912 -- one loop a part of the program
    """Every condition that opens a door, with its path and what it may read."""
    for rule in program.rules:
        if rule.on in program.declared.events:
            path = program.lowering.places[rule.name]
            for node in (rule.when, getattr(rule.gives, "of", None), getattr(rule.gives, "number", None)):
                if node is not None and not isinstance(node, str):
                    yield f"{path}.{'when' if node is rule.when else 'gives'}", node, program.declared.schema(rule.on)
    for place, measure in enumerate(program.measure_terms):
        aggregate = measure.aggregate
        if aggregate.on in program.declared.events:
            for node in (aggregate.value, aggregate.when):
                if node is not None:
                    yield f"measures[{place}]", node, program.declared.schema(aggregate.on)
    for place, node in enumerate(program.excludes):
        for kind in _kinds_of(program, node):
            yield f"excludes[{place}]", node, program.declared.schema(kind)
    for place, reward in enumerate(program.rewards):
        for node in reward.when:
            yield f"rewards[{place}].when", node, program.declared.redemption()
        if not isinstance(cost := getattr(reward, "cost", 0), int):
            yield f"rewards[{place}].cost", cost, program.declared.redemption()
        if (scope := getattr(getattr(reward, "off", None), "of", None)) is not None:
            yield f"rewards[{place}].of", scope, program.declared.schema("purchase")
    for place, discount in enumerate(program.discounts):
        for key, condition in (("when", discount.when), ("of", discount.off.of)):
            if condition is not None:
                yield f"discounts[{place}].{key}", condition, program.declared.schema("purchase")


def _kinds_of(program: Program, node: Node) -> tuple[str, ...]:
    """The kinds of event that an exclusion reads."""
    about = {path.partition(".")[0] for path in fields_of(node)}
    return tuple(kind for kind in program.declared.events if kind in about) or ("purchase",)
