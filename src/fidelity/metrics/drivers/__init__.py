"""Drivers: what in the experience determines satisfaction and loyalty, and where improving it pays most."""

from fidelity.metrics.drivers.aspects import Aspect, PenaltyReward, PenaltyRewards
from fidelity.metrics.drivers.contributions import RelativeImportance, RelativeImportances
from fidelity.metrics.drivers.importance import relative_importance
from fidelity.metrics.drivers.matrix import ImportancePerformance, PlacedAspect, importance_performance
from fidelity.metrics.drivers.penalty import impact_asymmetry, penalty_reward

__all__ = [
    "Aspect", "ImportancePerformance", "PenaltyReward", "PenaltyRewards", "PlacedAspect", "RelativeImportance",
    "RelativeImportances", "impact_asymmetry", "importance_performance", "penalty_reward", "relative_importance",
]  # fmt: skip
