"""The phrases of journeys in English, as plain data."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES = {
    "journey.of": "Journey: {name}", "journey.persona": "Whose: {persona}", "journey.satisfaction": "Satisfaction",
    "journey.no feedback": "No feedback yet", "journey.no touchpoints": "No touchpoints yet",
    "journey.no area": "No area", "journey.owners": "Owner: {owners}",
    "journey.legend.truth": "Moment of truth: an impact of 4 or 5",
    "journey.legend.loyalty": "Stated impact on loyalty, 1 to 5",
    "journey.legend.experience": "Stated impact on the experience, 1 to 5",
    "journey.legend.measured": "Measured impact, 1 to 5 (association, not cause)",
    "journey.legend.curve": "Mean satisfaction, 1 to 5, with its interval",
    "journey.told": "{number}. {name} ({where})", "journey.told.loyalty": "impact on loyalty {impact}",
    "journey.told.experience": "impact on the experience {impact}", "journey.told.measured": "measured impact {impact}",
    "journey.told.satisfaction": "satisfaction {mean}", "journey.told.truth": "moment of truth",
    "journey.described": "{count} touchpoints in these stages: {stages}. {touchpoints}.",
}  # fmt: skip
