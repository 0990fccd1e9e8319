"""Entries: what the journal remembers, one immutable line each."""

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
]
