"""Entries of a member's care stream: what the human side remembers of one member or prospect.

What it remembers of hard times stands in the room `hardship`, of complaints and praise in `conflicts`.

They hold opaque ids, codes, whole numbers and salted digests of words that live in `Members`; never the words.
What follows from time alone (a promise past its due instant, a plan in arrears) needs no entry: the fold derives it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from attrs import frozen

from fidelity.entries.base import Entry
from fidelity.entries.conflicts import (
    ComplaintEscalated,
    ComplaintOpened,
    ComplaintReopened,
    ComplaintResolved,
    GoodwillGranted,
    PraiseGiven,
)

__all__ = [
    "ClaimAccepted",
    "ClaimReferred",
    "ClaimSettled",
    "ComplaintEscalated",
    "ComplaintOpened",
    "ComplaintReopened",
    "ComplaintResolved",
    "ConsentGiven",
    "ConsentWithdrawn",
    "FindingReported",
    "FindingSettled",
    "GoodwillGranted",
    "NeedNoticed",
    "PraiseGiven",
    "PromiseBroken",
    "PromiseCancelled",
    "PromiseKept",
    "PromiseRepaired",
    "PromiseStated",
    "ProspectCame",
    "ProspectJoined",
    "ProspectLetGo",
    "ProspectMet",
    "ReferenceGiven",
    "ReferralNamed",
    "ReferralQualified",
    "ReferralRefused",
    "RequestAnswered",
    "RequestMade",
    "SolutionOffered",
    "SolutionOutcome",
]


# --- People: consent, prospects, needs (X1, X2, R9) -------------------------------------------------------------------


@frozen(kw_only=True)
class ConsentGiven(Entry):
    """They agreed, from `at` on, that what is known of them serves *purpose*; *wording* is the version they read."""

    kind: ClassVar[str] = "consent given"

    purpose: str
    wording: str = ""


@frozen(kw_only=True)
class ConsentWithdrawn(Entry):
    """They took their consent for *purpose* back, from `at` on; what was done before stays lawful."""

    kind: ClassVar[str] = "consent withdrawn"

    purpose: str


@frozen(kw_only=True)
class ProspectMet(Entry):
    """Somebody who is not a member came in touch with us by *source*; erased by *until* unless they join."""

    kind: ClassVar[str] = "prospect met"

    source: str
    until: date


@frozen(kw_only=True)
class ProspectJoined(Entry):
    """The prospect became *member*; needs come along, consents stay exactly as wide as they were."""

    kind: ClassVar[str] = "prospect joined"

    member: str


@frozen(kw_only=True)
class ProspectCame(Entry):
    """Whoever we met as *prospect* is this member: what is remembered of the prospect is remembered of them."""

    kind: ClassVar[str] = "prospect came"

    prospect: str


@frozen(kw_only=True)
class ProspectLetGo(Entry):
    """The prospect did not join in time; what was known of the person is erased."""

    kind: ClassVar[str] = "prospect let go"


@frozen(kw_only=True)
class NeedNoticed(Entry):
    """A need showed, with the *digest* of its evidence, noted for *purposes* that they consented to."""

    kind: ClassVar[str] = "need noticed"

    need: str
    code: str
    purposes: tuple[str, ...]
    digest: str
    tangential: bool = False


@frozen(kw_only=True)
class SolutionOffered(Entry):
    """Something that may answer *need* was offered: a proposition, advice, another company's product."""

    kind: ClassVar[str] = "solution offered"

    need: str
    solution: str
    channel: str = ""


@frozen(kw_only=True)
class SolutionOutcome(Entry):
    """What became of an offered solution: ``solved``, ``not solved`` or ``unknown``."""

    kind: ClassVar[str] = "solution outcome"

    need: str
    solution: str
    outcome: str


# --- Promises (X4) ----------------------------------------------------------------------------------------------------


@frozen(kw_only=True)
class PromiseStated(Entry):
    """We promised what *code* stands for until *due*; late until *broken_at*, then broken; *repairs* names another."""

    kind: ClassVar[str] = "promise stated"

    promise: str
    code: str
    due: datetime
    broken_at: datetime
    touchpoint: str = ""
    area: str = ""
    by: str = ""
    repairs: str = ""
    amends_points: int = 0


@frozen(kw_only=True)
class PromiseKept(Entry):
    """We did what we had promised, at `at`: after the due instant it was late."""

    kind: ClassVar[str] = "promise kept"

    promise: str


@frozen(kw_only=True)
class PromiseBroken(Entry):
    """The last instant for the promise passed without it; the reckoning was written down."""

    kind: ClassVar[str] = "promise broken"

    promise: str


@frozen(kw_only=True)
class PromiseRepaired(Entry):
    """A broken promise was made good, with *points* as amends; it stays a promise that was not kept."""

    kind: ClassVar[str] = "promise repaired"

    promise: str
    points: int = 0


@frozen(kw_only=True)
class PromiseCancelled(Entry):
    """The member released us from the promise before it was due; it does not count."""

    kind: ClassVar[str] = "promise cancelled"

    promise: str


# --- Trust: what we ask for (E4, R7) ----------------------------------------------------------------------------------


@frozen(kw_only=True)
class RequestMade(Entry):
    """We asked for *about*: ``survey``, ``referral``, ``offer``, ``reference`` (to *prospect*); or a reminder of it."""

    kind: ClassVar[str] = "request made"

    request: str
    about: str
    channel: str = ""
    reminds: str = ""
    prospect: str = ""


@frozen(kw_only=True)
class RequestAnswered(Entry):
    """The member answered a request: ``given`` or ``declined``; both are fine."""

    kind: ClassVar[str] = "request answered"

    request: str
    answer: str


@frozen(kw_only=True)
class ReferralNamed(Entry):
    """The member named *friend*, who consented by the text of version *wording*, valid through *until*."""

    kind: ClassVar[str] = "referral named"

    referral: str
    friend: str
    until: date
    wording: str = ""


@frozen(kw_only=True)
class ReferralQualified(Entry):
    """The friend did what qualifies: *event*, such as ``purchase/T-1``."""

    kind: ClassVar[str] = "referral qualified"

    referral: str
    event: str


@frozen(kw_only=True)
class ReferralRefused(Entry):
    """The referral does not count, for *reason*; accounts stay open, and doubts go to the person *reviewer*."""

    kind: ClassVar[str] = "referral refused"

    referral: str
    reason: str
    reviewer: str = ""


@frozen(kw_only=True)
class ReferenceGiven(Entry):
    """The member told what they know of *prospect*; never paid, the words live in `Members` under *digest*."""

    kind: ClassVar[str] = "reference given"

    request: str
    prospect: str
    digest: str


@frozen(kw_only=True)
class ClaimAccepted(Entry):
    """A small claim of what *code* stands for, worth *minor* units, was taken on the member's word."""

    kind: ClassVar[str] = "claim accepted"

    claim: str
    code: str
    minor: int
    currency: str
    points: int = 0


@frozen(kw_only=True)
class ClaimReferred(Entry):
    """A claim that is more than a word carries went to the person *reviewer*, for *reason*. Nothing was refused."""

    kind: ClassVar[str] = "claim referred"

    claim: str
    code: str
    minor: int
    currency: str
    reviewer: str
    reason: str
    points: int = 0


@frozen(kw_only=True)
class ClaimSettled(Entry):
    """A person, *by*, looked into the claim: ``accepted`` or ``declined``."""

    kind: ClassVar[str] = "claim settled"

    claim: str
    by: str
    outcome: str


@frozen(kw_only=True)
class FindingReported(Entry):
    """Something about the account, of the sort *code*, is for the person *reviewer* to look at; nothing is taken."""

    kind: ClassVar[str] = "finding reported"

    finding: str
    code: str
    reviewer: str


@frozen(kw_only=True)
class FindingSettled(Entry):
    """A person, *by*, looked into the finding: ``cleared`` or ``confirmed``."""

    kind: ClassVar[str] = "finding settled"

    finding: str
    by: str
    outcome: str
