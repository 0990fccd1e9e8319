"""Authority: what each role may grant at once, for one complaint and on one day, and to whom the rest goes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from fractions import Fraction
from math import ceil

from attrs import field, frozen

from fidelity.errors import MoneyError, ValueRefused
from fidelity.values.billed import Billed, billed
from fidelity.values.money import Money, minor_digits, money
from fidelity.values.naming import code
from fidelity.values.spelling import shown, suggest
from fidelity.values.whole import whole_number

__all__ = ["POINTS", "Authority", "StaffPolicy"]

#: The form of points; other forms are the shop's own codes.
POINTS = "points"


def _role(_: object, attribute: object, value: str) -> None:
    code(value, attribute.name)  # type: ignore[attr-defined]  # attrs' own


def _limit(value: Money | str | None) -> Money | None:
    if value is None:
        return None
    found = money(value)
    if found.minor < 0:
        message = f"a limit is nothing or more, not {found}"
        raise MoneyError(message, value=value)
    return found


def _forms(value: Iterable[str] | None) -> tuple[str, ...] | None:
    if value is None:
        return None
    if isinstance(value, Mapping):
        message = 'forms are names, without limits of their own: ("refund", "drink"); the limit is that of the case'
        raise ValueRefused(message, field="forms", value=value)
    if isinstance(value, str):
        message = f"forms are several: ({value!r:.80},)"
        raise ValueRefused(message, field="forms", value=value)
    return tuple(code(each, "forms") for each in value)


def _span(_: object, attribute: object, value: timedelta) -> None:
    if not isinstance(value, timedelta) or value < timedelta(0):
        name = attribute.name  # type: ignore[attr-defined]  # attrs' own
        message = f"{name} is a length of time, such as timedelta(hours=24), not {value!r:.80}"
        raise ValueRefused(message, field=name, value=value)


def _fewest(_: object, attribute: object, value: int) -> None:
    whole_number(value, what=attribute.name, low=1)  # type: ignore[attr-defined]  # attrs' own


@frozen
class Authority:
    """
    What a role may grant at once.

    Args:
        role: Its name, as a code: ``"barista"``.
        case: The most for one complaint, included, in whatever form and under whatever number; None means no limit.
        day: The most on one local day of the program, included, by one employee in this role; None means no limit.
        forms: What may be granted: ``("refund", "drink", "points")``; None means anything.
        escalates_to: The role that decides what goes beyond; empty if nobody does.
        answers: How long whoever it goes to has for an answer.
    """

    role: str = field(validator=_role)
    case: Money | None = field(default=None, kw_only=True, converter=_limit)
    day: Money | None = field(default=None, kw_only=True, converter=_limit)
    forms: tuple[str, ...] | None = field(default=None, kw_only=True, converter=_forms)
    escalates_to: str = field(default="", kw_only=True)
    answers: timedelta = field(default=timedelta(hours=24), kw_only=True, validator=_span)


def _authorities(value: Iterable[Authority]) -> tuple[Authority, ...]:
    found = tuple(value) if isinstance(value, Iterable) else (value,)
    for each in found:
        if not isinstance(each, Authority):
            message = f'an authority is Authority("barista", case="150 MXN", …), not {shown(each)}'
            raise ValueRefused(message, field="authorities", value=each)
    return found


def _worth(value: str | Billed | None) -> Billed | None:
    return None if value is None else billed(value)


@frozen(kw_only=True)
class StaffPolicy:
    """
    What the people behind may decide.

    Args:
        authorities: What each role may grant at once.
        point_worth: What a point counts for in an authority, as published: ``"0.10 MXN"``.
        same_within: A complaint of the same member, of the same code at the same place, that comes within this time of
            the last step of another is the same complaint under another number.
        fewest_answers: Aspects of a score card that rest on fewer answers do not count.

    Raises:
        ValueRefused: If two authorities have one role, or one escalates to a role that does not exist or that leads
            back to itself.
        MoneyError: If their limits are in several currencies.
    """

    authorities: tuple[Authority, ...] = field(default=(), converter=_authorities)
    point_worth: Billed | None = field(default=None, converter=_worth)
    same_within: timedelta = field(default=timedelta(days=1), validator=_span)
    fewest_answers: int = field(default=5, validator=_fewest)

    def __attrs_post_init__(self) -> None:
        roles = [each.role for each in self.authorities]
        for each in self.authorities:
            if roles.count(each.role) > 1:
                message = f"the role {each.role!r} has two authorities; write one"
                raise ValueRefused(message, role=each.role)
            if each.escalates_to and each.escalates_to not in roles:
                hint = suggest(each.escalates_to, roles) or "give that role an authority too"
                message = f"{each.role!r} escalates to {each.escalates_to!r}, which has no authority; {hint}"
                raise ValueRefused(message, role=each.role)
            if len(self.above(each.role)) >= len(roles) and each.escalates_to:
                message = f"{each.role!r} escalates in a circle; end with a role that escalates to nobody"
                raise ValueRefused(message, role=each.role)
        known = {each.currency for one in self.authorities for each in (one.case, one.day) if each is not None}
        known |= set() if self.point_worth is None else {self.point_worth.currency}
        if len(known) > 1:
            message = f"authority is in one currency, not in {', '.join(sorted(known))}"
            raise MoneyError(message, currencies=tuple(sorted(known)))

    @property
    def roles(self) -> Mapping[str, Authority]:
        """The authority of each role."""
        return {each.role: each for each in self.authorities}

    @property
    def currency(self) -> str:
        """The currency that authority is counted in; empty where no limit has one."""
        for one in self.authorities:
            for each in (one.case, one.day):
                if each is not None:
                    return each.currency
        return "" if self.point_worth is None else self.point_worth.currency

    def above(self, role: str) -> tuple[Authority, ...]:
        """Whom *role* escalates to, one after another."""
        found: list[Authority] = []
        roles = self.roles
        while (role := roles[role].escalates_to) and len(found) < len(roles):
            found.append(roles[role])
        return tuple(found)

    def worth(self, points: int) -> Money:
        """
        What *points* count for, rounded up to the smallest unit: nobody grants more by granting it in parts.

        Raises:
            ValueRefused: If no worth was published.
        """
        if self.point_worth is None:
            message = 'points count in an authority by a published worth; write StaffPolicy(point_worth="0.10 MXN")'
            raise ValueRefused(message, points=points)
        rate, currency = self.point_worth.rate, self.point_worth.currency
        return Money(ceil(Fraction(points) * rate * 10 ** minor_digits(currency)), currency)
