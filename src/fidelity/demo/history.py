"""History: the CDNOW purchases, told as the commands that the shop would have given, week by week.

Knows the log and the calendar. Does not know what a purchase earns.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from attrs import field, frozen

from fidelity.commands import Command, Enroll, Record
from fidelity.events import Line, Purchase
from fidelity.values.money import Money
from fidelity.values.zones import first_instant, start_of_day

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from fidelity.datasets import PurchaseLog

__all__ = ["History", "Sale", "Week", "history"]

_OPENING, _NOON = time(9), time(12)
_SATURDAY = 5


@frozen
class Sale:
    """
    One row of the log.

    Attributes:
        number: Its place in the log, from 1.
        turn: How many times this customer had bought before: ever, and `turn_today`, on this day.
    """

    number: int
    customer: int
    day: date
    quantity: int
    cents: int
    turn: int
    turn_today: int

    @property
    def member(self) -> str:
        """The opaque id under which the shop knows the customer."""
        return f"M{self.customer:05d}"


@frozen
class Week:
    """The sales from one Saturday to the next Friday, in order."""

    saturday: date
    sales: tuple[Sale, ...]


@frozen(repr=False)
class History:
    """
    What happened, in the order in which it did.

    Attributes:
        currency: Of all amounts.
        zone: Whose clock says when it was noon. The log has days without hours: everybody buys at noon, and who buys
            again on the same day comes a second later.
        sales: Every sale, by day, then by customer.
        purchases: How many times each member bought, in the order of their first sale.
    """

    currency: str
    zone: ZoneInfo
    sales: tuple[Sale, ...]
    purchases: dict[str, int] = field(init=False)

    @purchases.default
    def _counted(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for sale in self.sales:
            found[sale.member] = found.get(sale.member, 0) + 1
        return found

    def __repr__(self) -> str:
        return f"<History of {len(self.sales):,} sales to {len(self.purchases):,} members>"

    @property
    def closing(self) -> datetime:
        """The midnight with which the month of the last sale ends."""
        month = self.sales[-1].day.replace(day=1)
        return start_of_day((month + timedelta(days=31)).replace(day=1), self.zone)

    def weeks(self) -> Iterator[Week]:
        """The sales, week by week."""
        for saturday, sales in groupby(self.sales, key=_saturday):
            yield Week(saturday, tuple(sales))

    def commands(self, week: Week) -> Iterator[Command]:
        """What the shop tells the books in a week: who is new joins in the morning, and at noon everybody buys."""
        for day, sales in groupby(week.sales, key=attrgetter("day")):
            opening, noon = (first_instant(day, clock, self.zone) for clock in (_OPENING, _NOON))
            for sale in sales:
                if not sale.turn:
                    yield Enroll(member=sale.member, customer_since=day, now=opening)
                at = noon + timedelta(seconds=sale.turn_today)
                yield Record(event=self._purchase(sale, at), now=at)

    def _purchase(self, sale: Sale, at: datetime) -> Purchase:
        amount = Money(sale.cents, self.currency)
        line = Line(amount=amount, quantity=sale.quantity, category="music")
        return Purchase(f"CD-{sale.number:05d}", member=sale.member, at=at, amount=amount, lines=(line,))


def history(log: PurchaseLog, zone: ZoneInfo, *, limit: int | None = None) -> History:
    """
    The history that *log* tells.

    Args:
        log: Purchases, ordered by customer, then by day.
        zone: The shop's.
        limit: Only the first so many customers; all of them if None.
    """
    sales = []
    customer, day, turn, turn_today = 0, date.min, 0, 0
    rows = zip(log.customer.tolist(), log.day.tolist(), log.quantity.tolist(), log.cents.tolist(), strict=True)
    for number, (who, when, quantity, cents) in enumerate(rows, 1):
        turn_today = turn_today + 1 if (who, when) == (customer, day) else 0
        turn = turn + 1 if who == customer else 0
        customer, day = who, when
        if limit is None or customer <= limit:
            sales.append(Sale(number, customer, day, quantity, cents, turn, turn_today))
    sales.sort(key=attrgetter("day"))
    return History(log.currency, zone, tuple(sales))


def _saturday(sale: Sale) -> date:
    return sale.day - timedelta(days=(sale.day.weekday() - _SATURDAY) % 7)
