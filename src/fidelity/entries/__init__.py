"""Entries: what the journal remembers, one immutable line each.

The points of a member are named here; entries of the human side live in `care`, `hardship` and `staff`.
"""

# Known here so that whoever reads a journal knows every kind of entry.
from fidelity.entries import care, hardship, staff
from fidelity.entries.base import Entry
from fidelity.entries.points import (
    Enrolled,
    EventRecorded,
    HoldCaptured,
    HoldReleased,
    PointsEarned,
    PointsHeld,
    PointsRedeemed,
    PointsReversed,
    ReturnRecorded,
)
from fidelity.entries.program import ProgramPublished

__all__ = [
    "Enrolled",
    "Entry",
    "EventRecorded",
    "HoldCaptured",
    "HoldReleased",
    "PointsEarned",
    "PointsHeld",
    "PointsRedeemed",
    "PointsReversed",
    "ProgramPublished",
    "ReturnRecorded",
    "care",
    "hardship",
    "staff",
]
