"""Levels: which tier follows, as a tree over what the books count and the tier that the member has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from fidelity.language.tree import Case, Compare, Field, IsIn, Literal, Node, add, all_of, any_of, multiply
from fidelity.proofs.model import NOTHING
from fidelity.rules.tiers.score import counter_of, score_parts, tenure_weight
from fidelity.rules.tiers.tier_set import Threshold, TierSet
from fidelity.values.money import Money

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["following"]

_TIER = Field("member.tier")


def following(program: Program) -> Node | None:
    """
    The place of the tier that follows, from 0, once every grace is over; None without tiers.

    A tier is reached from its threshold on, and kept from `keep` on by who has it. Who falls goes one level down, to
    what is earned, or not at all, as the program says.
    """
    tiers = program.tiers
    if tiers is None:
        return None
    arms: list[tuple[Node, Node]] = []
    for place in range(len(tiers.tiers) - 1, 0, -1):
        tier = tiers.tiers[place]
        ways = [*_reached(tiers, tier.at)]
        kept = _reached(tiers, tier.at if tier.keep is None else tier.keep)
        held = _at_least(tiers, place)
        match tiers.falls:
            case "never":
                ways.append(held)
            case "one level at a time":
                ways += [all_of(held, any_of(*kept))] if kept else []
                ways += [_at_least(tiers, place + 1)] if place + 1 < len(tiers.tiers) else []
            case _:
                ways += [all_of(held, any_of(*kept))] if kept else []
        arms.append((any_of(*ways) if ways else Literal(value=False), Literal(place)))
    return Case(tuple(arms), NOTHING)


def _at_least(tiers: TierSet, place: int) -> Node:
    return IsIn(_TIER, tuple(Literal(name) for name in tiers.names[place:]))


def _reached(tiers: TierSet, threshold: Threshold) -> list[Node]:
    """The ways to come to *threshold*: one for each count that is enough by itself."""
    if isinstance(threshold, Mapping):
        counters = {name: counter_of(each) for name, each in zip(tiers.several_names, tiers.counted, strict=True)}
        return [_from(Field(counters[name]), value) for name, value in threshold.items()]
    parts: list[Node] = [
        Field(name) if weight == 1 else multiply(Literal(weight), Field(name)) for name, weight in score_parts(tiers)
    ]
    if weight := tenure_weight(tiers):
        parts.append(multiply(Literal(weight), Field("member.tenure_years")))
    return [_from(add(*parts), threshold)]


def _from(score: Node, value: int | Money) -> Node:
    return Compare(">=", score, Literal(value.minor if isinstance(value, Money) else value))
