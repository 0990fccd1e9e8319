"""Value: how often customers buy, what they spend, what they will be worth, and how unequally."""

from fidelity.metrics.value.concentration import gini, top_share
from fidelity.metrics.value.discrete import BetaGeometricBetaBinomial
from fidelity.metrics.value.dropout import BetaGeometric, ModifiedBetaGeometric
from fidelity.metrics.value.histories import PurchaseHistory, purchase_history
from fidelity.metrics.value.lifetime import LifetimeValue, lifetime_value
from fidelity.metrics.value.pareto import Pareto
from fidelity.metrics.value.recency import RFM, rfm
from fidelity.metrics.value.rounds import PurchaseRounds, purchase_rounds
from fidelity.metrics.value.spend import GammaGamma
from fidelity.metrics.value.tracking import HoldoutTracking, holdout_tracking

__all__ = [
    "RFM", "BetaGeometric", "BetaGeometricBetaBinomial", "GammaGamma", "HoldoutTracking", "LifetimeValue",
    "ModifiedBetaGeometric", "Pareto", "PurchaseHistory", "PurchaseRounds", "gini", "holdout_tracking",
    "lifetime_value", "purchase_history", "purchase_rounds", "rfm", "top_share",
]  # fmt: skip
