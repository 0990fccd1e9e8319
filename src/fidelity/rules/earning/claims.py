"""Claims: events of the past that a member asks for later than a host may tell them, each partner in its own time.

Counted in local days: a window of nine months from 10 January ends with 10 October, that day included.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from attrs import field, frozen

from fidelity.errors import ClaimRefused, OperandError, Problem, TimeError
from fidelity.values.periods import Duration, duration
from fidelity.values.spelling import shown
from fidelity.values.zones import local_date

if TYPE_CHECKING:
    from datetime import datetime

    from fidelity.events import Event
    from fidelity.rules.program import Program

__all__ = ["Claims", "claim_problems", "claims", "claims_taken", "partner_of"]


def _days(value: str | Duration) -> Duration:
    found = duration(value)
    if found.unit in ("minutes", "hours"):
        message = f"claims are counted in days; write {found} in days"
        raise TimeError(message, value=value)
    return found


def _within(value: str | Duration) -> Duration:
    found = _days(value)
    if not found.count:
        message = "claims need some time; leave them out instead"
        raise TimeError(message, value=value)
    return found


def _before(value: str | Duration | None) -> Duration | None:
    found = None if value is None else _days(value)
    # No time at all is none: one meaning, one spelling.
    return found if found is not None and found.count else None


def _partner(value: str) -> str:
    if not isinstance(value, str):
        message = f'partner names one: partner="delta", not {shown(value)}'
        raise OperandError(message, value=value)
    return value


@frozen
class Claims:
    """
    Until when events of the past may be claimed.

    Args:
        within: How long after it happened, in days or longer units.
        before_joining: How long before a member joined it may have happened; None: not at all.
        partner: With which partner, as the event says in its own field ``partner``; empty: with all that have no
            window of their own.
    """

    within: Duration = field(converter=_within)
    before_joining: Duration | None = field(default=None, kw_only=True, converter=_before)
    partner: str = field(default="", kw_only=True, converter=_partner)


def claims(value: Iterable[Claims]) -> tuple[Claims, ...]:
    """Windows for claims, in order."""
    if isinstance(value, Claims):
        message = "claims is a list; write claims=[Claims(…)]"
        raise OperandError(message, value=value)
    return tuple(value)


def partner_of(event: Event) -> str:
    """The partner that *event* names in a field of its own; empty if it names none."""
    found = event.fields.get("partner", "")
    return found if isinstance(found, str) else ""


def claims_taken(program: Program, event: Event, *, joined: datetime, now: datetime) -> None:
    """
    Nothing, if *event* may be claimed at *now* by a member who joined at *joined*.

    Raises:
        ClaimRefused: If not; says until when, or from when on, it could be.
    """
    partner = partner_of(event)
    windows = {each.partner: each for each in program.claims}
    window = windows.get(partner) or windows.get("")
    told = f"{event.kind} {event.id}"
    of = f" of {partner}" if partner else ""
    if window is None:
        message = f"{told} is claimed, and {program.name} takes no claims{of}; record what happened when it happens"
        raise ClaimRefused(message, event=event.id, partner=partner)
    zone = program.zone
    day, today, since = (local_date(each, zone) for each in (event.at, now, joined))
    if day < since:
        first = None if window.before_joining is None else _earlier(window.before_joining, since)
        if first is None or day < first:
            message = f"{told} of {day} is claimed by a member who joined on {since}"
            counts = "only what happened since then" if first is None else f"what happened{of} from {first} on"
            raise ClaimRefused(f"{message}; {counts} counts", event=event.id, partner=partner, first=first or since)
    last = window.within.later(day)
    if today > last:
        message = f"{told} of {day} is claimed on {today}; claims{of} are taken for {window.within}, until {last}"
        raise ClaimRefused(message, event=event.id, partner=partner, last=last)


def _earlier(span: Duration, day: date) -> date:
    """The first day from which *span* still reaches *day*."""
    if span.unit in ("days", "weeks"):
        return day.fromordinal(day.toordinal() - span.count * (7 if span.unit == "weeks" else 1))
    # Months are counted forward from what happened, so that both windows read the same way; at most days apart.
    found = Duration(span.count * (12 if span.unit == "years" else 1), "months")
    first = day.fromordinal(day.toordinal() - found.count * 31 - 1)
    while found.later(first) < day:
        first = first.fromordinal(first.toordinal() + 1)
    return first


def claim_problems(program: Program) -> Iterator[Problem]:
    """Two windows for one partner."""
    seen: set[str] = set()
    for place, each in enumerate(program.claims):
        if each.partner in seen:
            whose = f'"{each.partner}"' if each.partner else "all other partners"
            yield Problem(f"claims[{place}]", f"claims of {whose} have two windows", "keep one")
        seen.add(each.partner)
