"""Journeys: the contacts of a person with the company, which of them decide, and where the next euro goes.

Plain frozen values and functions of tables. Knows nothing of programs and books; time is an argument.
"""

from fidelity.errors import JourneyError
from fidelity.journey.budget import Allocation, Improvement, Need, Switch, Threshold, WithoutStandard, allocate
from fidelity.journey.effort import EffortComparison, EffortWeights, Process, compare_effort
from fidelity.journey.impact import Impact, MomentsOfTruth, impact_from_counts
from fidelity.journey.maps import STAGES, Journey
from fidelity.journey.plans import Action, Effect, Observation, Overcommitment, Plan, PlanReport, Standing
from fidelity.journey.reviews import Review
from fidelity.journey.touchpoints import Touchpoint

__all__ = [
    "STAGES", "Action", "Allocation", "Effect", "EffortComparison", "EffortWeights", "Impact", "Improvement",
    "Journey", "JourneyError", "MomentsOfTruth", "Need", "Observation", "Overcommitment", "Plan", "PlanReport",
    "Process", "Review", "Standing", "Switch", "Threshold", "Touchpoint", "WithoutStandard", "allocate",
    "compare_effort", "impact_from_counts",
]  # fmt: skip
