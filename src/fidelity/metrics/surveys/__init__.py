"""Surveys: what people say of the experience: loyalty, satisfaction, effort, emotions, themes, and who answered."""

from fidelity.metrics.surveys.change import NPSDifference, SampleSize, nps_difference, nps_sample_size
from fidelity.metrics.surveys.profiles import Profile, Profiles
from fidelity.metrics.surveys.promoters import NetPromoterScore, enps, nps, nps_from_counts
from fidelity.metrics.surveys.reliability import Reliability, cronbach_alpha
from fidelity.metrics.surveys.response import Weighting, nonresponse_weights, response_rate
from fidelity.metrics.surveys.satisfaction import EffortScore, ces, csat, csat_from_counts
from fidelity.metrics.surveys.words import emotions, themes

__all__ = [
    "EffortScore", "NPSDifference", "NetPromoterScore", "Profile", "Profiles", "Reliability", "SampleSize",
    "Weighting", "ces", "cronbach_alpha", "csat", "csat_from_counts", "emotions", "enps", "nonresponse_weights",
    "nps", "nps_difference", "nps_from_counts", "nps_sample_size", "response_rate", "themes",
]  # fmt: skip
