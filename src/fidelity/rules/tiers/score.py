"""What counts for a tier: the counters that the books keep for it, and their weights."""

from __future__ import annotations

from collections.abc import Mapping

from fidelity.language.tree import Literal, Node
from fidelity.rules.earning.measures import Measure
from fidelity.rules.tiers.tier_set import Relationship, TierSet

__all__ = ["BASE_POINTS", "TIER_POINTS", "counter_of", "score_parts", "tenure_weight", "tier_counters"]

TIER_POINTS = "tiers.points"
BASE_POINTS = "tiers.base"
#: The counter of each thing that can be counted by name, and the kind of event that feeds it.
_NAMED = {
    "points earned": (TIER_POINTS, ""),
    "base points": (BASE_POINTS, ""),
    "spend": ("tiers.spend", "purchase"),
    "purchases": ("tiers.purchases", "purchase"),
    "visits": ("tiers.visits", "visit"),
}
_DIMENSIONS = {"purchases": "purchase", "feedback": "feedback", "participation": "participation"}


def counter_of(counted: object) -> str:
    """The counter of one thing that is counted by itself; empty if it cannot be."""
    if isinstance(counted, Measure):
        return counted.terms.path
    return _NAMED[counted][0] if isinstance(counted, str) and counted in _NAMED else ""


def score_parts(tiers: TierSet) -> tuple[tuple[str, int], ...]:
    """The counters that make the score, with their weights; tenure stands apart. Of several, each one's."""
    counts = tiers.counts
    if isinstance(counts, Relationship):
        weights = ((name, getattr(counts, name)) for name in _DIMENSIONS)
        return tuple((f"tiers.{name}", weight) for name, weight in weights if weight)
    return tuple((name, 1) for each in tiers.counted if (name := counter_of(each)))


def tenure_weight(tiers: TierSet) -> int:
    """What each whole year as a customer adds to the score."""
    return tiers.counts.tenure if isinstance(tiers.counts, Relationship) else 0


def tier_counters(
    tiers: TierSet | None, kind: str, points: Node | None, basis: Node | None, base: Node | None
) -> Mapping[str, Node]:
    """
    What an event of *kind* adds to the counters of the tiers.

    Args:
        points: What it gives in all, in the main wallet.
        basis: The amount of it that earns.
        base: What the group gives that the tiers multiply, without what multiplies it.
    """
    if tiers is None:
        return {}
    if isinstance(tiers.counts, Relationship):
        parts = dict(score_parts(tiers))
        return {
            f"tiers.{name}": Literal(1)
            for name, event in _DIMENSIONS.items()
            if event == kind and f"tiers.{name}" in parts
        }
    found: dict[str, Node] = {}
    for each in tiers.counted:
        name, event = _NAMED.get(each, ("", "")) if isinstance(each, str) else ("", "")
        if name in (TIER_POINTS, BASE_POINTS):
            node = points if name == TIER_POINTS else base
            found |= {} if node is None else {name: node}
        elif name and event == kind:
            found[name] = basis if name == "tiers.spend" and basis is not None else Literal(1)
    return found
