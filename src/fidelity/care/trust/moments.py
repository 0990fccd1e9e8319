"""The right moment to ask: after something went well for the member, while it is fresh. Principle E4."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from attrs import frozen

from fidelity.care.command import Known
from fidelity.care.promises.state import Promises, PromiseState
from fidelity.care.trust.requests import Asking, asking
from fidelity.entries.care import PraiseGiven, PromiseKept, ReferralQualified, SolutionOutcome
from fidelity.values.zones import anniversary, local_date, whole_years

__all__ = ["FRESH_DAYS", "Moment", "moment"]

#: For how many days something that went well is fresh.
FRESH_DAYS = 14


@frozen(kw_only=True)
class Moment:
    """
    Whether now is the moment to ask a member for something.

    Attributes:
        member: Who.
        asking: Whether they may be asked at all.
        reasons: What went well lately, as codes: ``praise``, ``promise kept``, ``solution helped``,
            ``friend came``, ``anniversary``.
    """

    member: str
    asking: Asking
    reasons: tuple[str, ...] = ()

    @property
    def right(self) -> bool:
        """Whether they may be asked, and something went well lately."""
        return self.asking.allowed and bool(self.reasons)


def moment(known: Known, member: str, about: str) -> Moment:
    """Whether now is the moment to ask *member* for *about*, as things are *known*."""
    return Moment(
        member=member, asking=asking(known, member, about), reasons=tuple(dict.fromkeys(_reasons(known, member)))
    )


def _reasons(known: Known, member: str) -> Iterator[str]:
    entries, since = known.of(member), known.now - timedelta(days=FRESH_DAYS)
    promises = Promises(member, entries)
    for each in entries:
        if not since < each.at <= known.now:
            continue
        match each:
            case PraiseGiven():
                yield "praise"
            case PromiseKept(promise=name) if promises[name].state(known.now) is PromiseState.KEPT:
                yield "promise kept"
            case SolutionOutcome(outcome="solved"):
                yield "solution helped"
            case ReferralQualified():
                yield "friend came"
    joined = known.books[member].customer_since
    if joined is not None and _anniversary(joined, local_date(known.now, known.zone)):
        yield "anniversary"


def _anniversary(since: date, today: date) -> bool:
    """Whether an anniversary of *since* was in the days before *today*, or is today."""
    years = whole_years(since, today)
    return years > 0 and today - anniversary(since, years) < timedelta(days=FRESH_DAYS)
