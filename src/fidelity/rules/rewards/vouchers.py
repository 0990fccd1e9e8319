"""Conversions: points that become vouchers at the end of each period, in steps, with a life of their own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from attrs import field, frozen

from fidelity.errors import LanguageError, TimeError
from fidelity.rules.earning.rules import MAIN_WALLET, a_day, named
from fidelity.rules.rewards.terms import whole_from
from fidelity.values.expiry import Expiry, expiry
from fidelity.values.money import Money, money
from fidelity.values.periods import Duration, Window, window
from fidelity.values.whole import points_amount
from fidelity.values.zones import local_date, start_of_day

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

__all__ = ["Conversion"]

_DAY = timedelta(days=1)


def _first(value: date | str | None) -> date | None:
    return None if value is None else a_day(value)


def _every(value: str | Window | Duration) -> Window | Duration:
    if isinstance(value, Duration):
        return value
    found = window(value)
    if found.kind == "rolling" and found.duration is not None:
        return found.duration
    if found.kind != "calendar":
        message = f'points are converted every "calendar quarter", or every "3 months" from a first day, not "{value}"'
        raise TimeError(message, value=value)
    return found


@frozen(kw_only=True)
class Conversion:
    """
    Points that become a voucher at the end of each period.

    Args:
        of: Which points.
        every: ``"calendar quarter"`` and the like; or a duration, such as ``"3 months"``, counted from *first*.
        first: The day on which a duration is counted from: the first conversion is at its beginning.
        at_least: The fewest points for a voucher; a block unless told. Fewer stay points.
        blocks: Points are converted in blocks of so many; what is left over stays points.
        worth: What a block is worth.
        voucher: How long the voucher lasts: ``"2 years, to the end of the month"``.
        name: What the voucher is called.
    """

    of: str = field(default=MAIN_WALLET, validator=named)
    every: Window | Duration = field(converter=_every)
    first: date | None = field(default=None, converter=_first)
    at_least: int | None = field(default=None, validator=whole_from("at least", 1))
    blocks: int = field(converter=points_amount)
    worth: Money = field(converter=money)
    voucher: Expiry = field(converter=expiry)
    name: str = field(default="voucher", validator=named)

    def __attrs_post_init__(self) -> None:
        if self.worth.minor <= 0:
            message = f'a block of {self.blocks} points is worth {self.worth}; say worth="0.50 EUR"'
            raise LanguageError(message, value=self.worth)
        if isinstance(self.every, Duration):
            if (
                self.first is None
                or self.every.unit not in ("days", "weeks", "months", "years")
                or not self.every.count
            ):
                message = f'points converted every "{self.every}" need a first day; write first="2026-02-01"'
                raise TimeError(message, value=self.every)
        elif self.first is not None:
            message = f'a {self.every} begins by itself; leave first= out, or write every="3 months"'
            raise TimeError(message, value=self.first)

    @property
    def least(self) -> int:
        """The fewest points that become a voucher."""
        return -(-max(self.at_least or 1, self.blocks) // self.blocks) * self.blocks

    def converted(self, available: int) -> int:
        """How many of *available* points become a voucher."""
        return available // self.blocks * self.blocks if available >= (self.at_least or self.blocks) else 0

    def value(self, points: int) -> Money:
        """What the voucher for *points* is worth."""
        return Money(points // self.blocks * self.worth.minor, self.worth.currency)

    def ends(self, after: datetime, until: datetime, zone: ZoneInfo) -> Iterator[datetime]:
        """The instants later than *after*, until *until*, at which points are converted."""
        if isinstance(self.every, Window):
            at = self.every.period(after, zone)[1]
            while at <= until:
                yield at
                at = self.every.period(at, zone)[1]
            return
        assert self.first is not None  # noqa: S101  (asked when it was made)
        day, turn = self.first, 0
        span = {"days": 1, "weeks": 7, "months": 28, "years": 365}[self.every.unit] * self.every.count
        gone = (local_date(after, zone) - self.first).days
        if gone > 0:
            # As near as is certain: no month has more than 31 days, no year more than 366.
            turn = max(0, gone * 28 // (31 * span) - 1)
        while True:
            day = Duration(self.every.count * turn, self.every.unit).later(self.first) if turn else self.first
            at = start_of_day(day, zone)
            if at > until:
                return
            if at > after:
                yield at
            turn += 1
