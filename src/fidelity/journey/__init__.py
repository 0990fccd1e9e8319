"""Journeys: the contacts of a person with the company, which of them decide, and where the next euro goes.

Plain frozen values and functions of tables. Knows nothing of programs and books; time is an argument.
"""

from fidelity.errors import JourneyError
from fidelity.journey.attribution import Attribution, attribute_by_rule, markov_attribution, shapley_attribution
from fidelity.journey.budget import Allocation, Improvement, Need, Switch, Threshold, WithoutStandard, allocate
from fidelity.journey.drawing import JourneyChart
from fidelity.journey.effort import EffortComparison, EffortWeights, Process, compare_effort
from fidelity.journey.feedback import Feedback
from fidelity.journey.funnels import Funnel, Step, funnel
from fidelity.journey.impact import Impact, MomentsOfTruth, impact_from_counts
from fidelity.journey.importance import Drivers, MeasuredImpacts, drivers, measured_impact
from fidelity.journey.logs import EventLog, event_log
from fidelity.journey.maps import STAGES, Journey
from fidelity.journey.mined import MinedMap, MinedTouchpoint, impact_from_log, mined_map
from fidelity.journey.mining import DirectlyFollows, Edge, directly_follows, drop_offs, durations, loops
from fidelity.journey.paths import ChannelPaths, channel_paths, paths_of_log
from fidelity.journey.peaks import PeakEnd, peak_end
from fidelity.journey.periods import Change, Changes, compare_periods
from fidelity.journey.plans import Action, Effect, Observation, Overcommitment, Plan, PlanReport, Standing
from fidelity.journey.profit import Profit, Profits, profit_from_figures, profitability
from fidelity.journey.remapping import MapChange, MapChanges, compare_maps
from fidelity.journey.reviews import Review
from fidelity.journey.scorecard import Scorecard, ScoreLine
from fidelity.journey.touchpoints import Touchpoint

__all__ = [
    "STAGES", "Action", "Allocation", "Attribution", "Change", "Changes", "ChannelPaths", "DirectlyFollows",
    "Drivers", "Edge", "Effect", "EffortComparison", "EffortWeights", "EventLog", "Feedback", "Funnel", "Impact",
    "Improvement", "Journey", "JourneyChart", "JourneyError", "MapChange", "MapChanges", "MeasuredImpacts",
    "MinedMap", "MinedTouchpoint", "MomentsOfTruth", "Need", "Observation", "Overcommitment", "PeakEnd", "Plan",
    "PlanReport", "Process", "Profit", "Profits", "Review", "ScoreLine", "Scorecard", "Standing", "Step", "Switch",
    "Threshold", "Touchpoint", "WithoutStandard", "allocate", "attribute_by_rule", "channel_paths", "compare_effort",
    "compare_maps", "compare_periods", "directly_follows", "drivers", "drop_offs", "durations", "event_log", "funnel",
    "impact_from_counts", "impact_from_log", "loops", "markov_attribution", "measured_impact", "mined_map",
    "paths_of_log", "peak_end", "profit_from_figures", "profitability", "shapley_attribution",
]  # fmt: skip
