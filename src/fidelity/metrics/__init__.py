"""What a customer-experience and loyalty analyst needs: exact, fast, with honest uncertainty.

Plain functions of arrays or of columns of any dataframe, which give small frozen results. Every one cites
its source, and says when it misleads.
"""

from fidelity.errors import FitError, MetricError
from fidelity.metrics.drivers import (
    Aspect,
    ImportancePerformance,
    PenaltyReward,
    PlacedAspect,
    RelativeImportance,
    RelativeImportances,
    impact_asymmetry,
    importance_performance,
    penalty_reward,
    relative_importance,
)  # fmt: skip
from fidelity.metrics.program import (
    BornhuetterFerguson,
    ChainLadder,
    PointsRevenue,
    PriceAllocation,
    Triangle,
    UltimateRedemption,
    allocate_price,
    bornhuetter_ferguson,
    chain_ladder,
    points_revenue,
    redemption_triangle,
    ultimate_redemption,
)  # fmt: skip
from fidelity.metrics.proportions import proportion
from fidelity.metrics.results import Estimate, Estimates, Interval, Result
from fidelity.metrics.retention import (
    Cohorts,
    InterpurchaseTimes,
    LogRank,
    ShiftedBetaGeometric,
    SurvivalCurve,
    SurvivalCurves,
    ValueOfStaying,
    churn,
    cohorts,
    interpurchase_times,
    log_rank,
    repeat_rate,
    survival,
    value_of_staying,
)  # fmt: skip
from fidelity.metrics.surveys import (
    EffortScore,
    NetPromoterScore,
    NPSDifference,
    Profile,
    Profiles,
    Reliability,
    SampleSize,
    Weighting,
    ces,
    cronbach_alpha,
    csat,
    csat_from_counts,
    emotions,
    enps,
    nonresponse_weights,
    nps,
    nps_difference,
    nps_from_counts,
    nps_sample_size,
    response_rate,
    themes,
)  # fmt: skip
from fidelity.metrics.value import (
    RFM,
    BetaGeometric,
    BetaGeometricBetaBinomial,
    GammaGamma,
    HoldoutTracking,
    LifetimeValue,
    ModifiedBetaGeometric,
    Pareto,
    PurchaseHistory,
    gini,
    holdout_tracking,
    lifetime_value,
    purchase_history,
    rfm,
    top_share,
)  # fmt: skip

__all__ = [
    "RFM", "Aspect", "BetaGeometric", "BetaGeometricBetaBinomial", "BornhuetterFerguson", "ChainLadder", "Cohorts",
    "EffortScore", "Estimate", "Estimates", "FitError", "GammaGamma", "HoldoutTracking", "ImportancePerformance",
    "InterpurchaseTimes", "Interval", "LifetimeValue", "LogRank", "MetricError", "ModifiedBetaGeometric",
    "NPSDifference", "NetPromoterScore", "Pareto", "PenaltyReward", "PlacedAspect", "PointsRevenue", "PriceAllocation",
    "Profile", "Profiles", "PurchaseHistory", "RelativeImportance", "RelativeImportances", "Reliability", "Result",
    "SampleSize", "ShiftedBetaGeometric", "SurvivalCurve", "SurvivalCurves", "Triangle", "UltimateRedemption",
    "ValueOfStaying", "Weighting", "allocate_price", "bornhuetter_ferguson", "ces", "chain_ladder", "churn", "cohorts",
    "cronbach_alpha", "csat", "csat_from_counts", "emotions", "enps", "gini", "holdout_tracking", "impact_asymmetry",
    "importance_performance", "interpurchase_times", "lifetime_value", "log_rank", "nonresponse_weights", "nps",
    "nps_difference", "nps_from_counts", "nps_sample_size", "penalty_reward", "points_revenue", "proportion",
    "purchase_history", "redemption_triangle", "relative_importance", "repeat_rate", "response_rate", "rfm",
    "survival", "themes", "top_share", "ultimate_redemption", "value_of_staying",
]  # fmt: skip
