"""Commands about a member's tier: crediting its score, and matching a status from elsewhere. Neither has a price."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from attrs import field, frozen

from fidelity.commands import Command
from fidelity.errors import ValueRefused
from fidelity.values.spelling import shown
from fidelity.values.whole import whole_number
from fidelity.values.zones import utc

__all__ = ["CreditTier", "MatchStatus"]


def _points(value: int) -> int:
    return whole_number(value, what="points", low=1)


def _until(value: date | datetime) -> date | datetime:
    if isinstance(value, datetime):
        return utc(value, what="until")
    if isinstance(value, date):
        return value
    message = f"until is a day, date(2027, 1, 31), or an instant with its zone, not {shown(value)}"
    raise ValueRefused(message, field="until", value=value)


@frozen(kw_only=True)
class CreditTier(Command):
    """Count *points* more for the tier of *member*, for *reason*, a code. They can never be spent."""

    name: ClassVar[str] = "credit tier"

    member: str
    points: int = field(converter=_points)
    reason: str
    key: str
    count: str = ""
    by: str = ""


@frozen(kw_only=True)
class MatchStatus(Command):
    """Let *member* have at least *tier* until *until*, for *reason*, a code."""

    name: ClassVar[str] = "match status"

    member: str
    tier: str
    until: date | datetime = field(converter=_until)
    reason: str
    key: str
    by: str = ""
