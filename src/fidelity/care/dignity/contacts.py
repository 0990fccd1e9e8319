"""Contacts with somebody who fell behind: how a plan of them may be, and in which ways it would press."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from attrs import field, frozen

from fidelity.errors import GrowingPressureError, ValueRefused
from fidelity.values.money import Money, money
from fidelity.values.naming import code
from fidelity.values.spelling import shown, suggest
from fidelity.values.whole import whole_number

__all__ = ["KIND", "THREAT", "Contact", "ContactPlan", "Does", "Pressure", "gaps_days", "pressure_of", "pressures"]

#: The tones: 1 is kind, 2 neutral, 3 a warning, 4 a threat.
KIND, THREAT = 1, 4
_LONGEST = 366
_MANY = 24


class Does(StrEnum):
    """What a contact does for the person."""

    INVITATION = "invitation"
    ADVICE = "advice"
    PAYMENT_PLAN = "payment plan"


class Pressure(StrEnum):
    """A way in which contacts press instead of helping."""

    NOT_KIND = "first contact not kind"
    TONE_RISES = "tone rises"
    GAPS_SHORTEN = "gaps shorten"
    CHARGE_ADDED = "charge added"
    OTHERS_TOLD = "somebody else is told"
    TOO_CLOSE = "too close together"
    TOO_SOON = "sooner than planned"


def _day(value: int) -> int:
    return whole_number(value, what="day", low=1, high=_LONGEST)


def _tone(value: int) -> int:
    return whole_number(value, what="tone", low=KIND, high=THREAT)


def _does(value: Does | str) -> Does:
    known = [str(each) for each in Does]
    if isinstance(value, str) and value in known:
        return Does(value)
    hint = suggest(value, known) if isinstance(value, str) else ""
    message = f"does is {', '.join(map(repr, known))}, not {shown(value)}" + (f"; {hint}" if hint else "")
    raise ValueRefused(message, field="does", value=value)


def _charge(value: Money | str | None) -> Money | None:
    if value is None:
        return None
    found = money(value)
    if found.minor < 0:
        message = f"charge is what a contact costs the member, not {found}"
        raise ValueRefused(message, field="charge", value=value)
    return found


def _tells(value: Iterable[str]) -> tuple[str, ...]:
    if isinstance(value, str) or not isinstance(value, Iterable):
        message = f'tells names who else gets to know, such as ("employer",), not {shown(value)}'
        raise ValueRefused(message, field="tells", value=value)
    return tuple(code(each, "tells") for each in value)


@frozen
class Contact:
    """
    One contact with somebody who fell behind.

    Args:
        day: How many days after the payment was due, 1 to 366.
        tone: 1 kind, 2 neutral, 3 a warning, 4 a threat.
        does: What it does for the person: ``"invitation"`` to talk, ``"advice"`` or a ``"payment plan"``.
        charge: What it costs the member.
        tells: Who else gets to know of it.
    """

    day: int = field(converter=_day)
    tone: int = field(default=KIND, converter=_tone)
    does: Does = field(default=Does.INVITATION, converter=_does, kw_only=True)
    charge: Money | None = field(default=None, converter=_charge, kw_only=True)
    tells: tuple[str, ...] = field(default=(), converter=_tells, kw_only=True)


def gaps_days(contacts: Iterable[Contact]) -> tuple[int, ...]:
    """The days between one contact and the next."""
    return tuple(later.day - earlier.day for earlier, later in pairwise(contacts))


def pressures(contacts: Iterable[Contact]) -> tuple[Pressure, ...]:
    """
    In which ways *contacts*, in the order of their days, press instead of helping; none if they are dignified.

    They are dignified when the first is kind and invites to talk, no later one has a higher tone, no gap is shorter
    than the gap before it, none adds a charge, and nobody but the member is told.

    Source:
        SEMANTICS §4, dignity; principle E3.

    >>> pressures([Contact(5), Contact(15), Contact(20)])
    (<Pressure.GAPS_SHORTEN: 'gaps shorten'>,)
    """
    found = list(contacts)
    gaps = gaps_days(found)
    first = found[0] if found else None
    ways = {
        Pressure.NOT_KIND: first is not None and (first.tone != KIND or first.does is not Does.INVITATION),
        Pressure.TONE_RISES: any(later.tone > earlier.tone for earlier, later in pairwise(found)),
        Pressure.GAPS_SHORTEN: any(later < earlier for earlier, later in pairwise(gaps)),
        Pressure.CHARGE_ADDED: any(each.charge is not None and each.charge.minor for each in found),
        Pressure.OTHERS_TOLD: any(each.tells for each in found),
    }
    return tuple(way for way, there in ways.items() if there)


def pressure_of(reasons: Iterable[Pressure], gaps: tuple[int, ...] = (), *, what: str = "this contact plan") -> str:
    """What the error says of *what* that presses for *reasons*."""
    said = [
        f"{each} ({', '.join(map(str, gaps))} days)" if each is Pressure.GAPS_SHORTEN and gaps else str(each)
        for each in reasons
    ]
    remedy = "begin with a kind invitation to talk, keep the tone, and leave at least as many days as before"
    return f"{what} would press: {', '.join(said)}; {remedy}"


def _contacts(value: Iterable[Contact]) -> tuple[Contact, ...]:
    found = tuple(value) if isinstance(value, Iterable) and not isinstance(value, str) else ()
    if not found or len(found) > _MANY or not all(isinstance(each, Contact) for each in found):
        message = f"a contact plan has 1 to {_MANY} contacts, such as ContactPlan([Contact(5), Contact(20)])"
        raise ValueRefused(f"{message}, not {shown(value)}", field="contacts", value=value)
    if any(gap < 1 for gap in gaps_days(found)):
        days = ", ".join(str(each.day) for each in found)
        message = f"contacts come in the order of their days, at most one a day, not on the days {days}"
        raise ValueRefused(message, field="contacts", value=value)
    return found


@frozen
class ContactPlan:
    """
    Kind, spaced contacts with somebody who fell behind. One that presses cannot be made.

    Args:
        contacts: In the order of their days.

    Raises:
        GrowingPressureError: If it grows more frequent or harsher; `reasons` says in which ways.

    >>> ContactPlan([Contact(5), Contact(20, does="advice"), Contact(40, does="payment plan")]).gaps_days
    (15, 20)
    """

    contacts: tuple[Contact, ...] = field(converter=_contacts)

    def __attrs_post_init__(self) -> None:
        if reasons := pressures(self.contacts):
            message = pressure_of(reasons, self.gaps_days)
            raise GrowingPressureError(message, reasons=reasons, gaps_days=self.gaps_days, contacts=self.contacts)

    @property
    def gaps_days(self) -> tuple[int, ...]:
        """The days between one contact and the next."""
        return gaps_days(self.contacts)

    def dates(self, due: date) -> tuple[date, ...]:
        """The day of each contact, for a payment that was due on *due*."""
        return tuple(due + timedelta(each.day) for each in self.contacts)
