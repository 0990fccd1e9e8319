"""What a member was asked for, whether they may be asked now, and asking. Principle E4."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from attrs import evolve, frozen

from fidelity.care.command import Known
from fidelity.care.dignity.hard_times import HardTimes
from fidelity.care.people.consents import Consents
from fidelity.care.people.needs import Needs
from fidelity.care.people.together import absent
from fidelity.care.promises.state import Promises
from fidelity.care.staff.complaints import Complaints
from fidelity.care.trust.policy import REMINDER, Frequency, RequestBudget
from fidelity.care.trust.spelled import request_named
from fidelity.entries import Entry
from fidelity.entries.care import RequestAnswered, RequestMade
from fidelity.values.zones import local_date

__all__ = ["Asking", "Request", "Requests", "asking"]

_DAY = timedelta(days=1)


@frozen(kw_only=True)
class Request:
    """
    Something that a member was asked for.

    Attributes:
        id: The key under which it was made.
        about: What for, one of `REQUESTS`.
        at: When.
        channel: How.
        reminds: Which request it repeats; empty for most.
        prospect: About whom a reference was asked for.
        answer: ``given`` or ``declined``; empty while there is none.
        answered: When.
    """

    id: str
    about: str
    at: datetime
    channel: str = ""
    reminds: str = ""
    prospect: str = ""
    answer: str = ""
    answered: datetime | None = None


class Requests(Mapping[str, Request]):
    """
    What a member was asked for, by id, in order.

    Args:
        entries: What is remembered of them.
        zone: Whose days count.
    """

    def __init__(self, entries: Iterable[Entry], zone: ZoneInfo) -> None:
        self._zone = zone
        self._known: dict[str, Request] = {}
        for each in entries:
            if isinstance(each, RequestMade):
                self._known[each.request] = Request(
                    id=each.request, about=each.about, at=each.at, channel=each.channel, reminds=each.reminds,
                    prospect=each.prospect,
                )  # fmt: skip
            elif isinstance(each, RequestAnswered):
                self._known[each.request] = evolve(self._known[each.request], answer=each.answer, answered=each.at)

    def __getitem__(self, request: str) -> Request:
        return self._known[request]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)

    def used(self, day: date, days: int, form: str = "") -> int:
        """How many requests of *form*, or all, count on *day*: those of that day and of the *days* − 1 before."""
        return sum(day - days * _DAY < each <= day for each in self._days(form))

    def _days(self, form: str) -> list[date]:
        """On which days something of *form* was asked for, or anything; a reminder is of two forms."""
        return [
            local_date(each.at, self._zone)
            for each in self._known.values()
            if form in ("", each.about) or (form == REMINDER and each.reminds)
        ]

    def reminders(self, request: str) -> int:
        """How many reminders of *request* were sent."""
        return sum(each.reminds == request for each in self._known.values())

    def free(self, day: date, budget: RequestBudget | Frequency, form: str = "") -> date:
        """The first day from *day* on, on which one more of *form* is within *budget*, if none is made meanwhile."""
        days = sorted(self._days(form))
        while self.used(day, budget.days, form) >= budget.most:
            day = next(each for each in days if each > day - budget.days * _DAY) + budget.days * _DAY
        return day

    def declined(self, about: str) -> date | None:
        """On which day they last said no to *about*; None if they never did."""
        days = [
            local_date(each.answered, self._zone)
            for each in self._known.values()
            if each.about == about and each.answer == "declined" and each.answered is not None
        ]
        return max(days, default=None)


@frozen(kw_only=True)
class Asking:
    """
    Whether a member may be asked for something.

    Attributes:
        about: What for.
        reason: Why not, as a code: ``merged``, ``joined``, ``let go``, ``left``, ``in hard times``,
            ``complaint open``, ``quiet after complaint``, ``promise broken``, ``consent withdrawn``, ``no consent``,
            ``reminded``, ``answered``, ``already known``, ``said no``, ``budget spent``, ``asked often``.
            Empty if they may.
        first: The first day on which they may, if nothing else happens; None where no day can be told.
        used: How many requests count today.
        left: How many more the budget allows today.
    """

    about: str
    reason: str = ""
    first: date | None = None
    used: int = 0
    left: int = 0

    @property
    def allowed(self) -> bool:
        """Whether they may be asked now."""
        return not self.reason


def asking(  # noqa: PLR0917  # what a request has
    known: Known, member: str, about: str, reminds: str = "", topic: str = "", purpose: str = ""
) -> Asking:
    """
    Whether *member* may be asked for *about* as things are *known*.

    Args:
        reminds: The request that it repeats.
        topic: What a profile question asks about, as a code: what is known already is not asked again.
        purpose: What they must consent to, in place of what the policy says of this form.

    Raises:
        ValueRefused: If *about* is no request.
    """
    about, budget, entries = request_named(about), known.policy.requests, known.of(member)
    requests, today = Requests(entries, known.zone), local_date(known.now, known.zone)
    used = requests.used(today, budget.days)
    found = Asking(about=about, used=used, left=max(0, budget.most - used))
    if (
        reason := _state(known, member, entries)
        or _consent(known, about, entries, purpose)
        or _repeats(known, requests, reminds)
        or ("already known" if topic and Needs(entries).knows(topic) else "")
    ):
        return evolve(found, reason=reason)
    closed, no = Complaints(member, entries).closed_days(known.zone, known.now), requests.declined(about)
    waits = {
        "quiet after complaint": closed[-1] + (budget.quiet_days + 1) * _DAY if closed else today,
        "said no": today if no is None else no + (budget.after_no_days + 1) * _DAY,
        "budget spent": requests.free(today, budget),
    }
    forms = {about: known.policy.trust.limits[about]}
    if reminds:
        forms[REMINDER] = known.policy.trust.limits[REMINDER]
    limits = {form: limit for form, limit in forms.items() if isinstance(limit, Frequency)}
    waits["asked often"] = max((requests.free(today, limit, form) for form, limit in limits.items()), default=today)
    late = [reason for reason, first in waits.items() if first > today]
    if not late:
        return found
    first, before = max(waits.values()), today
    while first != before:
        # A day that one limit leaves free may be beyond another one.
        before = first
        frees = [requests.free(first, limit, form) for form, limit in limits.items()]
        first = max([requests.free(first, budget), *frees])
    return evolve(found, reason=late[0], first=first)


def _state(known: Known, member: str, entries: tuple[Entry, ...]) -> str:
    """What of the member's own state keeps anybody from asking them for anything, for nobody knows how long."""
    if gone := absent(known, member):
        return gone
    if known.books[member].protected or HardTimes(member, entries, known.zone).lasting:
        return "in hard times"
    if Complaints(member, entries).open(known.now):
        return "complaint open"
    return "promise broken" if Promises(member, entries).unrepaired(known.now) else ""


def _consent(known: Known, about: str, entries: tuple[Entry, ...], purpose: str) -> str:
    """Whether a purpose keeps *about* from being asked for."""
    consents, wanted = Consents(entries), purpose or known.policy.requests.consented.get(about, "")
    if any(consents.withdrawn(each, known.now) for each in (wanted, about, f"{about}s", *_PURPOSES.get(about, ()))):
        return "consent withdrawn"
    return "no consent" if wanted and not consents.to(wanted, known.now) else ""


#: What a consent that was taken back may be called besides the request itself, one or several.
_PURPOSES = {"survey": ("research",), "profile question": ("service",)}


def _repeats(known: Known, requests: Requests, reminds: str) -> str:
    if not reminds:
        return ""
    if requests[reminds].answer:
        return "answered"
    return "reminded" if requests.reminders(reminds) >= known.policy.requests.reminders else ""
