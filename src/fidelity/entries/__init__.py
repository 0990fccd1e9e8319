"""Entries: what the journal remembers, one immutable line each.

The points of a member are named here; entries of the human side live in `care`, `hardship` and `staff`.
"""

# Known here so that whoever reads a journal knows every kind of entry.
from fidelity.entries import campaign, care, confirming, conflicts, hardship, referral, staff, status, vouchers
from fidelity.entries.administration import (
    AccountAbsorbed,
    AccountClosed,
    AccountFrozen,
    AccountMerged,
    AccountUnfrozen,
    DebtForgiven,
    EventAdopted,
    GoodwillGiven,
    HouseholdJoined,
    HouseholdLeft,
    PointsAdjusted,
    PointsExtended,
    PointsReceived,
    PointsReinstated,
    PointsSent,
    RedemptionUndone,
)
from fidelity.entries.base import Entry
from fidelity.entries.household import MemberJoined, MemberLeft
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
from fidelity.entries.upkeep import Checkpointed, Settled

__all__ = [
    "AccountAbsorbed",
    "AccountClosed",
    "AccountFrozen",
    "AccountMerged",
    "AccountUnfrozen",
    "Checkpointed",
    "DebtForgiven",
    "Enrolled",
    "Entry",
    "EventAdopted",
    "EventRecorded",
    "GoodwillGiven",
    "HoldCaptured",
    "HoldReleased",
    "HouseholdJoined",
    "HouseholdLeft",
    "MemberJoined",
    "MemberLeft",
    "PointsAdjusted",
    "PointsEarned",
    "PointsExtended",
    "PointsHeld",
    "PointsReceived",
    "PointsRedeemed",
    "PointsReinstated",
    "PointsReversed",
    "PointsSent",
    "ProgramPublished",
    "RedemptionUndone",
    "ReturnRecorded",
    "Settled",
    "campaign",
    "care",
    "confirming",
    "conflicts",
    "hardship",
    "referral",
    "staff",
    "status",
    "vouchers",
]
