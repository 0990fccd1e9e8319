"""Who of those for whom something was prepared may get it at this instant: asked when it is sent. X1, E4."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from attrs import frozen

from fidelity.care.command import Known
from fidelity.care.people.consents import Consents
from fidelity.care.people.together import absent
from fidelity.care.trust.requests import asking
from fidelity.care.trust.spelled import request_named

__all__ = ["Audience", "audience"]


@frozen(kw_only=True)
class Audience:
    """
    Who of those for whom something was prepared may get it at this instant.

    Attributes:
        purpose: What they must consent to.
        at: When.
        sent_to: Who may.
        left_out: Who may not, with the reason as a code: ``consent withdrawn``, ``no consent``, ``in hard times``,
            ``complaint open``, ``budget spent`` and the others of `Asking.reason`.
    """

    purpose: str
    at: datetime
    sent_to: tuple[str, ...] = ()
    left_out: Mapping[str, str] = {}


def audience(known: Known, purpose: str, members: Iterable[str], about: str = "offer") -> Audience:
    """
    Who of *members* may get something for *purpose*, as things are *known*: it is asked when it is sent.

    Args:
        about: As which request it counts; empty for a message that asks for nothing, which only consent decides.

    Raises:
        ValueRefused: If *about* is no request.
    """
    if about:
        about = request_named(about)
    left = {}
    people = tuple(dict.fromkeys(members))
    for member in people:
        if reason := _why_not(known, purpose, member, about):
            left[member] = reason
    return Audience(
        purpose=purpose, at=known.now, sent_to=tuple(each for each in people if each not in left), left_out=left
    )


def _why_not(known: Known, purpose: str, member: str, about: str) -> str:
    consents = Consents(known.of(member))
    if gone := absent(known, member):
        return gone
    if not consents.to(purpose, known.now):
        return "consent withdrawn" if consents.withdrawn(purpose, known.now) else "no consent"
    return asking(known, member, about, purpose=purpose).reason if about else ""
