"""Reading: spreadsheets of people who write no Python, as the tables that a report takes."""

from __future__ import annotations

from fidelity.reports.reading.gathering import Gathered, Sources, gather
from fidelity.reports.reading.maps import journey_of

__all__ = ["Gathered", "Sources", "gather", "journey_of"]
