"""Entries of conflicts and thanks in a member's care stream: complaints, what was granted for them, praise. O1, O5.

They hold opaque ids, codes, whole numbers and salted digests of words that live in `Members`; never the words.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from attrs import frozen

from fidelity.entries.base import Entry

__all__ = [
    "ComplaintEscalated",
    "ComplaintOpened",
    "ComplaintReopened",
    "ComplaintResolved",
    "GoodwillGranted",
    "PraiseGiven",
]


@frozen(kw_only=True)
class ComplaintOpened(Entry):
    """The member complained about what *code* stands for; *same_as* names the complaint that it continues."""

    kind: ClassVar[str] = "complaint opened"

    complaint: str
    code: str
    touchpoint: str = ""
    area: str = ""
    digest: str = ""
    same_as: str = ""


@frozen(kw_only=True)
class ComplaintEscalated(Entry):
    """The complaint went beyond the authority of *by* to *role*, who answers until *due*, for *reason*."""

    kind: ClassVar[str] = "complaint escalated"

    complaint: str
    by: str
    role: str
    due: datetime
    reason: str
    asked_minor: int = 0
    sum_minor: int = 0
    limit_minor: int = 0
    currency: str = ""


@frozen(kw_only=True)
class ComplaintResolved(Entry):
    """The conflict ended, by *by* as *role*, with what *resolution* stands for."""

    kind: ClassVar[str] = "complaint resolved"

    complaint: str
    by: str
    resolution: str
    role: str = ""


@frozen(kw_only=True)
class ComplaintReopened(Entry):
    """The member had to come back for the same complaint: it was not solved at the first contact."""

    kind: ClassVar[str] = "complaint reopened"

    complaint: str
    reason: str = ""
    digest: str = ""


@frozen(kw_only=True)
class GoodwillGranted(Entry):
    """*by* granted something as apology: *points*, or *form* worth *minor* units; both count in their authority."""

    kind: ClassVar[str] = "goodwill granted"

    grant: str
    complaint: str
    by: str
    form: str
    minor: int
    currency: str
    points: int = 0
    role: str = ""


@frozen(kw_only=True)
class PraiseGiven(Entry):
    """The member praised *staff*; the words live in `Members` under *digest*."""

    kind: ClassVar[str] = "praise given"

    praise: str
    staff: str
    touchpoint: str = ""
    digest: str = ""
