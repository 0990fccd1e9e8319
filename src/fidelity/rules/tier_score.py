"""What counts for a tier: the counters that the books keep for it, and their weights."""

from __future__ import annotations

from collections.abc import Mapping

from fidelity.language.tree import Literal, Node
from fidelity.rules.measures import Measure
from fidelity.rules.tiers import Relationship, TierSet

__all__ = ["TIER_POINTS", "score_parts", "tenure_weight", "tier_counters"]

TIER_POINTS = "tiers.points"
#: The counter of each thing that can be counted by name, and the kind of event that feeds it.
_NAMED = {
    "points earned": (TIER_POINTS, ""),
    "spend": ("tiers.spend", "purchase"),
    "purchases": ("tiers.purchases", "purchase"),
    "visits": ("tiers.visits", "visit"),
}
_DIMENSIONS = {"purchases": "purchase", "feedback": "feedback", "participation": "participation"}


def score_parts(tiers: TierSet) -> tuple[tuple[str, int], ...]:
    """The counters that make the score, with their weights; tenure stands apart."""
    counts = tiers.counts
    if isinstance(counts, Measure):
        return ((counts.terms.path, 1),)
    if isinstance(counts, Relationship):
        weights = ((name, getattr(counts, name)) for name in _DIMENSIONS)
        return tuple((f"tiers.{name}", weight) for name, weight in weights if weight)
    return ((_NAMED[counts][0], 1),) if counts in _NAMED else ()


def tenure_weight(tiers: TierSet) -> int:
    """What each whole year as a customer adds to the score."""
    return tiers.counts.tenure if isinstance(tiers.counts, Relationship) else 0


def tier_counters(tiers: TierSet | None, kind: str, points: Node | None, basis: Node | None) -> Mapping[str, Node]:
    """What an event of *kind* adds to the counters of the tiers."""
    if tiers is None or isinstance(tiers.counts, Measure):
        return {}
    if isinstance(tiers.counts, Relationship):
        parts = dict(score_parts(tiers))
        return {
            f"tiers.{name}": Literal(1)
            for name, event in _DIMENSIONS.items()
            if event == kind and f"tiers.{name}" in parts
        }
    name, event = _NAMED.get(tiers.counts, ("", ""))
    if name == TIER_POINTS:
        return {} if points is None else {name: points}
    if event != kind:
        return {}
    return {name: basis if name == "tiers.spend" and basis is not None else Literal(1)}
