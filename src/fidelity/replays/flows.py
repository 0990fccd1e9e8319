"""Flows: what of each wallet was issued, redeemed, expired, reversed and settled, period by period.

Read off the books before and after each entry. What time does by itself is told in the period in which it happened,
however much later somebody looked.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from fidelity.errors import ValueRefused
from fidelity.values.spelling import suggest
from fidelity.values.zones import add_months, local_date, start_of_day

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from fidelity.ledger import Account
    from fidelity.ledger.wallet import Wallet

__all__ = ["FLOWS", "PERIODS", "Flows", "Periods"]

#: What changes what is owed to members, in the order of the table.
FLOWS = ("issued", "redeemed", "expired", "reversed", "settled")
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
#: How long the periods of a liability may be.
PERIODS = ("day", *_MONTHS)
_TICK = timedelta(microseconds=1)
_NONE = (0, 0, 0, 0, 0)


class Periods:
    """
    Calendar periods from one instant to another, in a zone.

    Args:
        every: One of `PERIODS`.
        first: An instant of the first of them, and *last*, one of the last.
        zone: Whose clock says when a day begins.

    Raises:
        ValueRefused: If there are no periods *every* so long.
    """

    def __init__(self, every: str, first: datetime, last: datetime, zone: ZoneInfo) -> None:
        if every not in PERIODS:
            message = f"liability is told by {', '.join(PERIODS)}, not {every!r}; {suggest(str(every), PERIODS)}"
            raise ValueRefused(message.rstrip("; "), value=every)
        self.every = every
        self.days = list(_days(every, local_date(first, zone), local_date(last, zone)))
        self._starts = [start_of_day(each, zone) for each in self.days]
        self._next = start_of_day(_next(every, self.days[-1]), zone)

    def __len__(self) -> int:
        return len(self.days)

    def place(self, at: datetime) -> int:
        """In which period *at* lies; what lies before all of them is in the first."""
        return max(0, bisect_right(self._starts, at) - 1)

    def begins(self, place: int) -> datetime:
        """When the period at *place* begins; the one after the last, too."""
        return self._starts[place] if place < len(self._starts) else self._next


def _next(every: str, day: date) -> date:
    return day + timedelta(days=1) if every == "day" else add_months(day, _MONTHS[every])


def _days(every: str, first: date, last: date) -> Iterator[date]:
    """The first days of the periods from *first* to *last*."""
    day = first
    if every != "day":
        months = _MONTHS[every]
        day = date(first.year, (first.month - 1) // months * months + 1, 1)
    while day <= last:
        yield day
        day = _next(every, day)


class Flows:
    """What changed in each period, all members together."""

    def __init__(self, periods: Periods, wallets: tuple[str, ...]) -> None:
        self.periods = periods
        self._sums: dict[str, NDArray[np.int64]] = {name: self._zeros() for name in wallets}
        self._starts = periods.begins(0), periods.begins(1)
        self._place = 0

    def _zeros(self) -> NDArray[np.int64]:
        return np.zeros((len(self.periods), len(FLOWS)), np.int64)

    def between(self, before: Account, after: Account, now: datetime) -> None:
        """Count what made *after* out of *before*: an entry learned at *now*, and what was due until then."""
        if not self._starts[0] <= now < self._starts[1]:
            self._place = self.periods.place(now)
            self._starts = self.periods.begins(self._place), self.periods.begins(self._place + 1)
        if before.due < self._starts[0]:
            before = self._earlier(before, self._starts[0])
        self._add(before, after, self._place)

    def _earlier(self, account: Account, until: datetime) -> Account:
        """*account* at the beginning of a period, with what was due before it told in its own periods."""
        while account.due < until:
            place = self.periods.place(account.due)
            later = account.advance(self.periods.begins(place + 1) - _TICK)
            self._add(account, later, place)
            account = later
        return account

    def _add(self, before: Account, after: Account, place: int) -> None:
        if before.wallets is after.wallets:
            return
        for name, wallet in after.wallets.items():
            known = before.wallets.get(name)
            if known is wallet:
                continue
            old = _NONE if known is None else _told(known)
            row = self._sums.setdefault(name, self._zeros())[place]
            for column, (new, was) in enumerate(zip(_told(wallet), old, strict=True)):
                if new != was:
                    row[column] += new - was

    def add_months(self, wallet: str, months: NDArray[np.int64], sums: NDArray[np.int64]) -> None:
        """Add what was counted of *wallet* by *months* since January 1970; the periods are no shorter than these."""
        days = [date(1970 + month // 12, month % 12 + 1, 1) for month in months.tolist()]
        places = [max(0, bisect_right(self.periods.days, each) - 1) for each in days]
        np.add.at(self._sums[wallet], places, sums)

    @property
    def sums(self) -> Mapping[str, NDArray[np.int64]]:
        """By wallet: a row for each period, a column for each of `FLOWS`."""
        return self._sums


def _told(wallet: Wallet) -> tuple[int, int, int, int, int]:
    return wallet.issued, wallet.redeemed, wallet.expired, wallet.reversed, wallet.settled
