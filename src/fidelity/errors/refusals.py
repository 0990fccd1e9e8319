"""Refusals: commands that the books refuse, each of its own type. The tree that they belong to is drawn beside.

Every refusal has a `code`, says what to do instead, and leaves no trace.
"""

from __future__ import annotations

from fidelity.errors.base import FidelityError

__all__ = [
    "AccountClosed",
    "AccountFrozen",
    "AlreadyEnrolled",
    "AlreadySuspended",
    "ClaimRefused",
    "ClaimSettledBefore",
    "HoldOver",
    "HoldsStand",
    "IdempotencyConflict",
    "InHousehold",
    "InvitationUsed",
    "NoConsent",
    "NotEnoughPoints",
    "NotFrozen",
    "NotInHousehold",
    "NotNow",
    "NotSuspended",
    "NotTransferable",
    "NothingOwed",
    "NothingToExtend",
    "NothingToReinstate",
    "NothingToUndo",
    "OutOfStock",
    "OutOfTime",
    "PromiseOver",
    "ReferralOver",
    "Refused",
    "RequestOver",
    "RequestRefused",
    "SelfReferral",
    "UnknownCampaign",
    "UnknownClaim",
    "UnknownHold",
    "UnknownInvitation",
    "UnknownMember",
    "UnknownOrigin",
    "UnknownPromise",
    "UnknownProspect",
    "UnknownProtection",
    "UnknownRedemption",
    "UnknownRequest",
    "UnknownReward",
    "UnknownVoucher",
    "VersionConflict",
    "VoucherOver",
]


class Refused(FidelityError):
    """A command that the books refuse. Nothing was written."""

    code = "refused"


class UnknownMember(Refused, LookupError):
    """Nobody is enrolled under this name."""

    code = "unknown member"


class AlreadyEnrolled(Refused):
    """The member is enrolled already, with other particulars."""

    code = "already enrolled"


class UnknownReward(Refused, LookupError):
    """The program has no such reward."""

    code = "unknown reward"


class UnknownHold(Refused, LookupError):
    """No hold has this id."""

    code = "unknown hold"


class HoldOver(Refused):
    """The hold was captured, released or timed out before."""

    code = "hold over"


class NotEnoughPoints(Refused):
    """Fewer points available than asked for; `missing` says how many."""

    code = "not enough points"


class NotNow(Refused):
    """A filter of the reward says no; `reasons` says which."""

    code = "not now"


class UnknownRedemption(Refused, LookupError):
    """Nothing was spent under this id."""

    code = "unknown redemption"


class NothingToUndo(Refused):
    """Fewer points of the redemption are left to give back than asked for; `left` says how many are."""

    code = "nothing to undo"


class NothingToExtend(Refused):
    """No points would end before the new end."""

    code = "nothing to extend"


class NothingToReinstate(Refused):
    """Fewer points have expired lately than asked for; `left` says how many did."""

    code = "nothing to reinstate"


class NothingOwed(Refused):
    """Fewer points are owed than asked to forgive; `left` says how many are."""

    code = "nothing owed"


class AccountFrozen(Refused):
    """Nothing is spent, set aside or given away while the account is frozen; `reason` says why it is."""

    code = "account frozen"


class NotFrozen(Refused):
    """The account is not frozen."""

    code = "not frozen"


class AccountClosed(Refused):
    """The account takes no more commands; `merged_into` says which one took it over, if one did."""

    code = "account closed"


class HoldsStand(Refused):
    """Points are set aside; capture or release them first. `holds` names the holds."""

    code = "holds stand"


class UnknownProtection(Refused, LookupError):
    """No protection of this id stands."""

    code = "unknown protection"


class NotTransferable(Refused):
    """The program does not let points of this wallet go to another member."""

    code = "not transferable"


class InHousehold(Refused):
    """The member is in a household already: one at a time."""

    code = "in household"


class NotInHousehold(Refused):
    """The member is in no household, or not in this one."""

    code = "not in household"


class UnknownOrigin(Refused, LookupError):
    """A return came before its purchase: keep it and retry."""

    code = "unknown origin"


class IdempotencyConflict(Refused):
    """The same key came with another payload; `first` and `second` hold both."""

    code = "idempotency conflict"


class OutOfTime(Refused):
    """Dated in the future, too far in the past, or the clock went back."""

    code = "out of time"


class ClaimRefused(OutOfTime):
    """Claimed too late, or too long before the member joined; `last` or `first` says until or from when it could be."""

    code = "claim refused"


class VersionConflict(Refused):
    """A changed program came under a version that is published already, or changes how many decimals a wallet has."""

    code = "version conflict"


class OutOfStock(Refused):
    """Fewer of the reward are left than asked for; `left` says how many are."""

    code = "out of stock"


class UnknownCampaign(Refused, LookupError):
    """The program has no such campaign."""

    code = "unknown campaign"


class AlreadySuspended(Refused):
    """The campaign is suspended already; `reason` says why."""

    code = "already suspended"


class NotSuspended(Refused):
    """The campaign is not suspended, so it cannot be resumed."""

    code = "not suspended"


class UnknownVoucher(Refused, LookupError):
    """The member has no such voucher: a voucher is only for who got it."""

    code = "unknown voucher"


class VoucherOver(Refused):
    """The voucher was used or withdrawn, or its life is over; `state` says which."""

    code = "voucher over"


class UnknownInvitation(Refused, LookupError):
    """Nobody made this invitation."""

    code = "unknown invitation"


class InvitationUsed(Refused):
    """Somebody joined with this invitation before: each is for one friend."""

    code = "invitation used"


class ReferralOver(Refused):
    """The referral counted, or was withheld before; `event` or `reason` says which."""

    code = "referral over"


class SelfReferral(Refused):
    """Nobody brings themselves."""

    code = "self-referral"


class NoConsent(Refused):
    """The person does not consent to this purpose; `purpose` says to which."""

    code = "no consent"


class RequestRefused(Refused):
    """The member is not asked for this now; `reason` says why, `first` from which day on they may be."""

    code = "request refused"


class UnknownRequest(Refused, LookupError):
    """The member was asked nothing under this id."""

    code = "unknown request"


class RequestOver(Refused):
    """The request was answered before; `answer` says how."""

    code = "request over"


class UnknownClaim(Refused, LookupError):
    """The member has no claim or finding of this id."""

    code = "unknown claim"


class ClaimSettledBefore(Refused):
    """The claim or finding was settled before; `state` says how."""

    code = "claim settled"


class UnknownPromise(Refused, LookupError):
    """The member was promised nothing under this id."""

    code = "unknown promise"


class PromiseOver(Refused):
    """The promise was done, made good or let go before; `state` says which."""

    code = "promise over"


class UnknownProspect(FidelityError, LookupError):
    """Nothing is known of a prospect under this id. The books were not asked."""

    code = "unknown prospect"
