"""Entries of a member's care stream for hard times: payments missed, protection, kind contacts, a way out.

They hold opaque ids, codes, whole minor units and salted digests; reasons live in `Members`. Principle E3.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from attrs import frozen

from fidelity.entries.base import Entry

__all__ = [
    "AdviceGiven",
    "ContactDropped",
    "ContactMade",
    "ContactPlanned",
    "HardshipClosed",
    "HardshipOpened",
    "InstalmentPaid",
    "PaymentMissed",
    "PaymentPlanAgreed",
    "PaymentReceived",
    "ProtectionEnded",
    "ProtectionStarted",
]


@frozen(kw_only=True)
class PaymentMissed(Entry):
    """A payment due on *due* did not come; protection starts with this very entry."""

    kind: ClassVar[str] = "payment missed"

    payment: str
    due: date
    minor: int
    currency: str


@frozen(kw_only=True)
class PaymentReceived(Entry):
    """Money for a missed payment came in, outside of any plan."""

    kind: ClassVar[str] = "payment received"

    payment: str
    minor: int
    currency: str


@frozen(kw_only=True)
class ProtectionStarted(Entry):
    """From `at` on nothing earned is lost and nothing is asked, because of *cause*, such as ``payment/P-1``."""

    kind: ClassVar[str] = "protection started"

    protection: str
    cause: str


@frozen(kw_only=True)
class ProtectionEnded(Entry):
    """The protection ended; clocks go on. A points stream has new ends, ``(lot, instant)``, and the command's `key`."""

    kind: ClassVar[str] = "protection ended"

    protection: str
    reason: str = ""
    lots: tuple[tuple[str, str], ...] = ()
    key: str = ""
    vouchers: tuple[tuple[str, str], ...] = ()


@frozen(kw_only=True)
class ContactPlanned(Entry):
    """A contact about *payment* was planned for the day *due*, of *tone* 1 (kind) to 4 (threat), with *message*."""

    kind: ClassVar[str] = "contact planned"

    contact: str
    plan: str
    due: date
    tone: int
    message: str
    payment: str = ""


@frozen(kw_only=True)
class ContactMade(Entry):
    """A planned contact reached the member."""

    kind: ClassVar[str] = "contact made"

    contact: str
    channel: str = ""


@frozen(kw_only=True)
class ContactDropped(Entry):
    """A planned contact was dropped, because the member answered or the need for it passed."""

    kind: ClassVar[str] = "contact dropped"

    contact: str
    reason: str


@frozen(kw_only=True)
class HardshipOpened(Entry):
    """A hardship case was opened; *digest* stands for the reasons, which live in `Members`."""

    kind: ClassVar[str] = "hardship opened"

    case: str
    digest: str = ""
    adviser: str = ""


@frozen(kw_only=True)
class AdviceGiven(Entry):
    """*by* gave advice on what *code* stands for; *digest* stands for the words, which live in `Members`."""

    kind: ClassVar[str] = "advice given"

    case: str
    code: str
    by: str = ""
    digest: str = ""


@frozen(kw_only=True)
class HardshipClosed(Entry):
    """The hardship case was closed with *outcome*, such as ``completed``."""

    kind: ClassVar[str] = "hardship closed"

    case: str
    outcome: str


@frozen(kw_only=True)
class PaymentPlanAgreed(Entry):
    """Both agreed on *instalments*, ``(ISO day, minor units)``, for *payments*; none told are all then open."""

    kind: ClassVar[str] = "payment plan agreed"

    plan: str
    case: str
    currency: str
    instalments: tuple[tuple[str, int], ...]
    grace_days: int = 0
    owed_minor: int = 0
    payments: tuple[str, ...] = ()


@frozen(kw_only=True)
class InstalmentPaid(Entry):
    """Instalment *number* (the first is 1) of the plan was paid, or *minor* units of it."""

    kind: ClassVar[str] = "instalment paid"

    plan: str
    number: int
    minor: int
