"""Refusals about complaints, and about the people who answer them: their authority, their cards, their thanks."""

from __future__ import annotations

from fidelity.errors.refusals import Refused

__all__ = [
    "BeyondAuthority",
    "ComplaintOpen",
    "ContestOver",
    "NoAuthority",
    "NotPublished",
    "NotYourCard",
    "NothingLate",
    "PublishedTooLate",
    "UnknownCard",
    "UnknownComplaint",
]


class UnknownComplaint(Refused, LookupError):
    """The member complained about nothing under this id."""

    code = "unknown complaint"


class ComplaintOpen(Refused):
    """The complaint is open: nobody has to come back for it."""

    code = "complaint open"


class NoAuthority(Refused):
    """The employee has no role in which anything may be granted; `role` says which role they have."""

    code = "no authority"


class BeyondAuthority(Refused):
    """More than the role may grant, and there is no role above it; `sum` and `limit` say how much."""

    code = "beyond authority"


class NothingLate(Refused):
    """The complaint waits for no answer that is late."""

    code = "nothing late"


class PublishedTooLate(Refused):
    """Aspects count from the day after they were published, not before; `earliest` says which day that is."""

    code = "published too late"


class NotPublished(Refused):
    """Nobody is judged on what was not published to all before the period began; `reasons` says what of it was not."""

    code = "not published"


class UnknownCard(Refused, LookupError):
    """The employee has no card under this id."""

    code = "unknown card"


class NotYourCard(Refused):
    """Everybody sees their own card, and nobody that of another."""

    code = "not your card"


class ContestOver(Refused):
    """The aspect is contested already, or nothing of it is; `state` says which."""

    code = "contest over"
