"""The demo's books once more, from the raw columns, in plain Python and on the clock of the wall.

Nothing here imports the library. The program, as its printed terms say it:

- 1 point for each whole dollar; on a Saturday as many again; as a Collector a quarter of these more, as a Curator half;
- 25 points for 5 CDs or more, 10 for the first purchase in a calendar month; the sum is rounded down;
- 50 points on the day that makes a year since the first purchase; 15 points of status for it;
- 10 points of status for each purchase of the last 12 months: Collector from 30, Curator from 80; who no longer has
  them keeps the tier for 3 months, and then goes down by one;
- points last 12 months, to the end of the month; those that end first are spent first.

On a Saturday at ten, who has seen enough points on receipts asks for rewards, as many as these make: of 100 points, or
of 250 for members with an even number. What the shop then says is there is what they reckon with.
"""

from __future__ import annotations

import calendar
from collections import Counter
from datetime import date, datetime, time, timedelta
from itertools import groupby
from operator import itemgetter

TIERS = ("Listener", "Collector", "Curator")
THRESHOLDS = (0, 30, 80)
CLOSING = datetime.combine(date(1998, 7, 1), time())


def months_later(day, count):
    years, month = divmod(day.month - 1 + count, 12)
    year, month = day.year + years, month + 1
    return day.replace(year=year, month=month, day=min(day.day, calendar.monthrange(year, month)[1]))


def end_of_life(day):
    """Midnight after the month that 12 months later is in."""
    later = months_later(day, 12)
    return datetime.combine(months_later(later.replace(day=1), 1), time())


class Customer:
    def __init__(self, number, first):
        self.number = number
        self.first = first
        self.bought = []  # when
        self.lots = []  # [expires, order, left]
        self.issued = self.redeemed = self.expired = 0
        self.reckoned = 0
        self.asked_in_vain = 0
        self.tier = 0
        self.grace = None
        self.looked = None
        self.months = set()
        self.has_gift = False

    # Status

    def score(self, at):
        recent = sum(1 for when in self.bought if when <= at < months_later(when, 12))
        return 10 * recent + 15 * (at >= self.anniversary)

    @property
    def anniversary(self):
        return datetime.combine(months_later(self.first, 12), time())

    def look(self, at):
        """Settle the tier at an instant at which something may have changed."""
        earned = max(tier for tier in range(3) if self.score(at) >= THRESHOLDS[tier])
        if earned > self.tier:
            self.tier, self.grace = earned, None
        elif earned == self.tier:
            self.grace = None
        elif self.grace is None:
            self.grace = months_later(at, 3)
        elif at >= self.grace:
            self.tier -= 1
            self.grace = months_later(at, 3) if self.tier > earned else None

    def live(self, until):
        """Let time pass: anniversary, expiry, and every instant at which the tier may move."""
        if not self.has_gift and self.anniversary <= until:
            self.live_quietly(self.anniversary)
            self.has_gift = True
            self.earn(self.anniversary, 50)
        self.live_quietly(until)

    def live_quietly(self, until):
        while True:
            turns = [months_later(when, 12) for when in self.bought] + [self.anniversary]
            turns += [self.grace] if self.grace else []
            ahead = [turn for turn in turns if self.looked < turn <= until]
            if not ahead:
                break
            self.looked = min(ahead)
            self.look(self.looked)
        self.looked = until
        for lot in self.lots:
            if lot[0] <= until:
                self.expired += lot[2]
                lot[2] = 0

    # Points

    def earn(self, at, points):
        if points:
            self.issued += points
            self.lots.append([end_of_life(at.date()), len(self.lots), points])

    @property
    def balance(self):
        return sum(left for _, _, left in self.lots)

    def buy(self, at, quantity, cents):
        self.live(at)
        dollars = cents // 100
        quarters = 4 * dollars
        if at.weekday() == calendar.SATURDAY:
            quarters += 4 * dollars
        quarters += self.tier * dollars
        if quantity >= 5:
            quarters += 4 * 25
        if (at.year, at.month) not in self.months:
            self.months.add((at.year, at.month))
            quarters += 4 * 10
        self.bought.append(at)
        self.look(at)
        self.earn(at, quarters // 4)
        self.reckoned += quarters // 4

    def ask(self, at):
        cost = 100 if self.number % 2 else 250
        for _ in range(self.reckoned // cost):
            self.live(at)
            if self.balance >= cost:
                self.spend(cost)
            else:
                self.asked_in_vain += 1
            self.reckoned = self.balance

    def spend(self, points):
        self.redeemed += points
        for lot in sorted(self.lots):
            part = min(points, lot[2])
            lot[2] -= part
            points -= part


def week_of(day):
    return day - timedelta(days=(day.weekday() - calendar.SATURDAY) % 7)


def live_through(number, rows, weeks):
    """
    One customer's eighteen months.

    Args:
        number: The customer's.
        rows: ``(day, quantity, cents)``, in order.
        weeks: The Saturdays of the weeks in which anybody bought: on those the shop is open for rewards.
    """
    customer = Customer(number, rows[0][0])
    customer.looked = datetime.combine(rows[0][0], time(9))
    by_week = {week: list(sales) for week, sales in groupby(rows, key=lambda row: week_of(row[0]))}
    for week in weeks:
        customer.ask(datetime.combine(week, time(10)))
        for day, sales in groupby(by_week.get(week, ()), key=itemgetter(0)):
            for turn, (_, quantity, cents) in enumerate(sales):
                customer.buy(datetime.combine(day, time(12, 0, turn)), quantity, cents)
    customer.live(CLOSING)
    return customer


def recompute(customers, days, quantities, cents, limit=None):
    """The totals that the demo must show, from four columns ordered by customer, then by day."""
    rows = [row for row in zip(customers, days, quantities, cents, strict=True) if limit is None or row[0] <= limit]
    weeks = sorted({week_of(day) for _, day, _, _ in rows})
    found, tiers = Counter(), Counter()
    for number, theirs in groupby(rows, key=itemgetter(0)):
        customer = live_through(number, [row[1:] for row in theirs], weeks)
        assert customer.issued == customer.redeemed + customer.expired + customer.balance
        tiers[TIERS[customer.tier]] += 1
        found.update(
            issued=customer.issued, redeemed=customer.redeemed, expired=customer.expired,
            outstanding=customer.balance, in_vain=customer.asked_in_vain,
        )  # fmt: skip
    return dict(found), dict(tiers)
