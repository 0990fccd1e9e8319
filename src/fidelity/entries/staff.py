"""Entries of the people behind: one stream for each employee, and what the organization publishes to all.

They hold opaque ids, codes, whole numbers and digests; never names or words. What is public about somebody
is thanks, and by name only under a `ConsentGiven` of theirs.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from attrs import frozen

from fidelity.entries.base import Entry

__all__ = [
    "AspectsPublished",
    "AuthorityUsed",
    "ParityChecked",
    "PraiseReceived",
    "RecognitionGiven",
    "RoleEnded",
    "RoleGiven",
    "ScoreCardContested",
    "ScoreCardIssued",
    "ScoreCardSettled",
]


@frozen(kw_only=True)
class RoleGiven(Entry):
    """From now on the employee acts as *role*, with its authority."""

    kind: ClassVar[str] = "role given"

    role: str


@frozen(kw_only=True)
class RoleEnded(Entry):
    """From now on the employee has no role, and grants nothing."""

    kind: ClassVar[str] = "role ended"


@frozen(kw_only=True)
class AspectsPublished(Entry):
    """All were told on what they are judged from *start* on: ``(aspect, weight)``, on a scale of *low* to *high*."""

    kind: ClassVar[str] = "aspects published"

    start: date
    aspects: tuple[tuple[str, int], ...]
    low: int
    high: int


@frozen(kw_only=True)
class ScoreCardIssued(Entry):
    """The employee's own card for *start* to *end*: ``(aspect, hundredths)``, and the *score* in hundredths."""

    kind: ClassVar[str] = "score card issued"

    card: str
    start: date
    end: date
    scores: tuple[tuple[str, int], ...]
    score: int
    answers: tuple[tuple[str, int], ...] = ()
    counted: tuple[str, ...] = ()


@frozen(kw_only=True)
class ScoreCardContested(Entry):
    """The employee contests an aspect of the card; the words live in `Members` under *digest*."""

    kind: ClassVar[str] = "score card contested"

    card: str
    aspect: str
    digest: str = ""


@frozen(kw_only=True)
class ScoreCardSettled(Entry):
    """The contest was answered by *by*: ``upheld`` or ``corrected``; a corrected card is issued anew."""

    kind: ClassVar[str] = "score card settled"

    card: str
    aspect: str
    by: str
    outcome: str


@frozen(kw_only=True)
class PraiseReceived(Entry):
    """Praise of *member* reached the employee."""

    kind: ClassVar[str] = "praise received"

    praise: str
    member: str
    touchpoint: str = ""


@frozen(kw_only=True)
class RecognitionGiven(Entry):
    """The employee was thanked for *reason* in *start* to *end*: in public or not, by name or not."""

    kind: ClassVar[str] = "recognition given"

    recognition: str
    reason: str
    start: date
    end: date
    public: bool
    named: bool
    reward: str = ""


@frozen(kw_only=True)
class AuthorityUsed(Entry):
    """The employee granted *minor* units for a complaint on the local *day*, within the authority of *role*."""

    kind: ClassVar[str] = "authority used"

    grant: str
    complaint: str
    member: str
    role: str
    day: date
    minor: int
    currency: str


@frozen(kw_only=True)
class ParityChecked(Entry):
    """Price and product were compared with *rivals*, with the *digest* of the evidence; valid through *until*."""

    kind: ClassVar[str] = "parity checked"

    check: str
    rivals: tuple[str, ...]
    outcome: str
    digest: str
    until: date
