"""Retention: who stays, who leaves, who comes back and when, and what staying is worth."""

from fidelity.metrics.retention.cohort_table import Cohorts, cohorts
from fidelity.metrics.retention.comparing import LogRank, log_rank
from fidelity.metrics.retention.curves import SurvivalCurve, SurvivalCurves, survival
from fidelity.metrics.retention.geometric import ShiftedBetaGeometric
from fidelity.metrics.retention.returning import InterpurchaseTimes, churn, interpurchase_times, repeat_rate
from fidelity.metrics.retention.staying import ValueOfStaying, value_of_staying

__all__ = [
    "Cohorts", "InterpurchaseTimes", "LogRank", "ShiftedBetaGeometric", "SurvivalCurve", "SurvivalCurves",
    "ValueOfStaying", "churn", "cohorts", "interpurchase_times", "log_rank", "repeat_rate", "survival",
    "value_of_staying",
]  # fmt: skip
