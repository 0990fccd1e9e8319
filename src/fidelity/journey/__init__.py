"""Journeys: the contacts of a person with the company, which of them decide, and where the next euro goes.

Plain frozen values and functions of tables. Knows nothing of programs and books; time is an argument.
"""

from fidelity.errors import JourneyError
from fidelity.journey.attribution import Attribution, attribute_by_rule, markov_attribution, shapley_attribution
from fidelity.journey.effort import EffortComparison, EffortWeights, Process, compare_effort
from fidelity.journey.impact import Impact, MomentsOfTruth, impact_from_counts
from fidelity.journey.maps import STAGES, Journey
from fidelity.journey.paths import ChannelPaths, channel_paths
from fidelity.journey.peaks import PeakEnd, peak_end
from fidelity.journey.plans import Action, Effect, Observation, Overcommitment, Plan, PlanReport, Standing
from fidelity.journey.reviews import Review
from fidelity.journey.touchpoints import Touchpoint

__all__ = [
    "STAGES", "Action", "Attribution", "ChannelPaths", "Effect", "EffortComparison", "EffortWeights", "Impact",
    "Journey", "JourneyError", "MomentsOfTruth", "Observation", "Overcommitment", "PeakEnd", "Plan", "PlanReport",
    "Process", "Review", "Standing", "Touchpoint", "attribute_by_rule", "channel_paths", "compare_effort",
    "impact_from_counts", "markov_attribution", "peak_end", "shapley_attribution",
]  # fmt: skip
