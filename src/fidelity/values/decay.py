"""Decay: points that fade, a part at a time, once nothing was earned for long.

Knows days and whole points. Does not know whose points they are.
"""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from attrs import Attribute, field, frozen

from fidelity.errors import TimeError, ValueRefused
from fidelity.values.periods import Duration, duration
from fidelity.values.rates import exact
from fidelity.values.spelling import shown
from fidelity.values.whole import whole_number
from fidelity.values.zones import end_of_day

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

__all__ = ["Decay"]


def _span(value: str | Duration) -> Duration:
    if isinstance(value, str) and value.strip().isalpha():
        value = f"1 {value.strip()}"
    return duration(value)


def _latest(value: str | Duration | None) -> Duration | None:
    return None if value is None else duration(value)


def _days(_: object, attribute: Attribute[Any], value: Duration | None) -> None:
    if value is not None and (value.unit in {"minutes", "hours"} or not value.count):
        message = f'points fade by whole days, not by "{value}"; write at least {attribute.name}="1 day"'
        raise TimeError(message, value=value)


def _share(value: object) -> Fraction:
    return exact(value, what="lose")


@frozen(cache_hash=True)
class Decay:
    """
    How points fade when nothing is earned.

    Each loss falls on the end of a local day; what is lost is rounded down to whole points of the smallest unit.

    Args:
        after: For how long nothing is lost, such as ``"12 weeks"``: the first loss comes one `every` later.
        every: How often some are lost then, such as ``"week"`` or ``"2 weeks"``.
        lose: Which share of what is usable is lost each time: ``"5 %"``.
        at_least: How many points are lost each time at least, as far as they go.
        all_at: After how long without earning all that is left is lost, such as ``"20 weeks"``; None: never at once.

    >>> weekly = Decay(after="12 weeks", every="week", lose="5 %", at_least=5, all_at="20 weeks")
    >>> weekly.loss(1000), weekly.loss(950), weekly.loss(60), weekly.loss(3)
    (50, 47, 5, 3)
    """

    after: Duration = field(kw_only=True, converter=duration, validator=_days)
    every: Duration = field(kw_only=True, converter=_span, validator=_days)
    lose: Fraction = field(kw_only=True, converter=_share)
    at_least: int = field(kw_only=True, default=1)
    all_at: Duration | None = field(kw_only=True, default=None, converter=_latest, validator=_days)

    def __attrs_post_init__(self) -> None:
        if not 0 < self.lose <= 1:
            message = f'a share between nothing and all is lost each time, not {shown(str(self.lose))}; write "5 %"'
            raise ValueRefused(message, value=self.lose)
        whole_number(self.at_least, what="at_least", low=1)
        first = date(2001, 1, 1)
        if self.all_at is not None and self.all_at.later(first) <= self.after.later(first):
            message = f"all is lost after {self.all_at}, before the first part goes after {self.after}; wait longer"
            raise TimeError(message, value=self.all_at)

    def loss(self, points: int) -> int:
        """How many of *points* are lost at one time."""
        share = points * self.lose.numerator // self.lose.denominator
        return min(points, max(share, self.at_least))

    def step(self, number: int, earned: date, zone: ZoneInfo) -> datetime:
        """The instant of loss *number*, from 1, when something was earned last on the day *earned*."""
        length = Duration(self.every.count * number, self.every.unit)
        return end_of_day(length.later(self.after.later(earned)), zone)

    def end(self, earned: date, zone: ZoneInfo) -> datetime | None:
        """The instant at which all that is left is lost; None if it is not."""
        return None if self.all_at is None else end_of_day(self.all_at.later(earned), zone)
