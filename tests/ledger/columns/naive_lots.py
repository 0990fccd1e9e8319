"""One wallet of one member as a child would keep it: every single point is an object that lies in one place.

Slow and plain on purpose, and without a line of the ledger: it is what columns of lots are compared with.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta

from fidelity.values.periods import Duration
from fidelity.values.waiting import UNCONFIRMED, UntilConfirmed
from fidelity.values.zones import local_date

LATE = datetime.max.replace(tzinfo=UNCONFIRMED.tzinfo) - timedelta(days=2)


class Point:
    def __init__(self, lot, place):
        self.lot, self.place = lot, place


class Bag:
    """Points that came together."""

    def __init__(self, number, at, starts, expires):
        self.number, self.at, self.starts, self.expires = number, at, starts, expires


class NaiveLots:
    def __init__(self, wallet, life, zone, month):
        self.wallet, self.life, self.zone, self.month = wallet, life, zone, month
        self.points, self.bags = [], []
        self.debt = 0
        self.active = None
        self.flows = Counter()

    # Lives

    def starts(self, at):
        wait = self.wallet.pending
        if isinstance(wait, UntilConfirmed):
            wait = wait.at_most or UNCONFIRMED
        return at if wait is None else wait.after(at, self.zone) if isinstance(wait, Duration) else wait

    def expires(self, starts):
        if starts == UNCONFIRMED:
            return LATE
        months = [self.month] if self.month else range(1, 13)
        days = {self.life.anchor: date(2000, 1, 1)} if self.life.anchor else {}
        ends = [
            self.life.aged.instant(starts, self.zone, anchors={name: date(2000, month, 1) for name in days})
            for month in months
        ]
        return max(each or LATE for each in ends)

    def quiet(self):
        if self.active is None or self.life.inactive is None or not self.count("available"):
            return LATE
        return self.life.inactive.instant(self.active, self.zone)

    # Moving

    def count(self, place):
        return sum(point.place == place for point in self.points)

    def move(self, point, place, what, at):
        point.place = place
        self.tell(what, at)

    def tell(self, what, at, count=1):
        if what:
            day = local_date(at, self.zone)
            self.flows[what, 12 * (day.year - 1970) + day.month - 1] += count

    def advance(self, until):
        while (at := self.due()) <= until:
            for point in self.points:
                if point.place == "pending" and point.lot.starts <= at:
                    point.place = "available"
                    self.active = max(self.active or at, at)
            self.end(at)
            self.settle(at)

    def due(self):
        due = [point.lot.starts for point in self.points if point.place == "pending"]
        due += [point.lot.expires for point in self.points if point.place in {"pending", "available"}]
        return min([*due, self.quiet(), LATE + timedelta(days=1)])

    def end(self, at):
        for point in self.points:
            if point.place in {"pending", "available"} and point.lot.expires <= at:
                self.move(point, "expired", "expired", at)
        if self.quiet() <= at:
            for point in self.points:
                if point.place == "available":
                    self.move(point, "expired", "expired", at)

    def settle(self, at):
        for point in self.usable("earliest expiry")[: self.debt]:
            self.move(point, "settled", "settled", at)
            self.debt -= 1

    def usable(self, order):
        found = [point for point in self.points if point.place == "available"]
        by_number = order == "earning order"
        return sorted(found, key=lambda p: (LATE if by_number else p.lot.expires, p.lot.number))

    # What is done

    def touch(self, word, at):
        if word in (self.wallet.activity or ("earn", "redeem")):
            self.active = max(self.active or at, at)
            return True
        return False

    def earn(self, at, count, now, starts=None, expires=None):
        empty, quiet = not self.count("available"), self.quiet()
        starts = starts or self.starts(at)
        bag = Bag(len(self.bags), at, starts, expires or self.expires(starts))
        self.bags.append(bag)
        self.tell("issued", now, count)
        points = [Point(bag, "pending" if starts > now else "available") for _ in range(count)]
        self.points += points
        for point in points:
            if bag.expires <= now:
                self.move(point, "expired", "expired", now)
        self.settle(now)
        if not self.touch("earn", at) and (empty or quiet <= now):
            self.active = max(self.active or now, now)
        self.end(now)
        return bag

    def spend(self, now, count):
        points = self.usable(self.wallet.order)
        if len(points) < count:
            return False
        for point in points[:count]:
            self.move(point, "redeemed", "redeemed", now)
        self.touch("redeem", now)
        return True

    def reverse(self, now, bag, count):
        policy = self.wallet.clawback
        for place in ("pending",) if policy == "only pending" else ("pending", "available", "expired"):
            for point in [point for point in self.points if point.lot is bag and point.place == place][:count]:
                self.move(point, "reversed", "reversed", now)
                count -= 1
                if place == "expired":
                    self.tell("expired", now, -1)
        if policy == "only pending":
            return
        count = min(count, self.count("available")) if policy == "within balance" else count
        self.debt += count
        self.tell("owed", now, count)
        self.settle(now)
