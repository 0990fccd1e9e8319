"""Journeys: the contacts of a person with the company, which of them decide, and where the next euro goes.

Plain frozen values and functions of tables. Knows nothing of programs and books; time is an argument.
"""

from fidelity.errors import JourneyError
from fidelity.journey.impact import Impact, MomentsOfTruth, impact_from_counts
from fidelity.journey.maps import STAGES, Journey
from fidelity.journey.touchpoints import Touchpoint

__all__ = ["STAGES", "Impact", "Journey", "JourneyError", "MomentsOfTruth", "Touchpoint", "impact_from_counts"]
