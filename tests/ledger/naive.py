"""The books as a child would keep them: every single point is an object that lies in one place.

Slow and plain on purpose, and without a line of the ledger: it is what the ledger is compared with.
"""

from __future__ import annotations


class Point:
    def __init__(self, lot, place):
        self.lot = lot
        self.place = place


class PointLot:
    def __init__(self, name, number, wallet, origin, starts, expires):  # noqa: PLR0917
        self.name, self.number, self.wallet, self.origin = name, number, wallet, origin
        self.starts, self.expires = starts, expires

    def over(self, at):
        return self.expires is not None and self.expires <= at


class NaiveBooks:
    def __init__(self):
        self.points = []
        self.lots = []
        self.debt = {}
        self.holds = {}
        self.back = {}
        self.clock = None

    # Time

    def next_due(self):
        due = {point.lot.starts for point in self.points if point.place == "pending"}
        due |= {point.lot.expires for point in self.points if point.place in ("pending", "available")}
        due |= {ends for ends, _ in self.holds.values()}
        return min((each for each in due if each is not None), default=None)

    def advance(self, until):
        # Asked again each time: what a hold gives back is due later.
        while (at := self.next_due()) is not None and at <= until:
            for point in self.points:
                if point.place == "pending" and point.lot.starts <= at:
                    point.place = "available"
            for name in sorted(self.holds, key=lambda name: self.holds[name][0]):
                if self.holds[name][0] <= at:
                    self.give_back(self.holds.pop(name)[1], at)
            for point in self.points:
                if point.place in ("pending", "available") and point.lot.over(at):
                    point.place = "expired"
            self.settle()
        self.clock = until

    def give_back(self, points, at):
        for point in points:
            wallet = point.lot.wallet
            if not point.lot.over(at):
                point.place = "available"
            elif self.debt.get(wallet, 0):
                point.place = "settled"
                self.debt[wallet] -= 1
            else:
                point.place = "expired"
        self.settle()

    def settle(self):
        for wallet in self.debt:
            for point in self.spendable(wallet)[: self.debt[wallet]]:
                point.place = "settled"
                self.debt[wallet] -= 1

    # Commands

    def spendable(self, wallet):
        found = [point for point in self.points if point.place == "available" and point.lot.wallet == wallet]
        return sorted(found, key=lambda p: (p.lot.expires is None, p.lot.expires or 0, p.lot.number))

    def earn(self, name, wallet, origin, count, starts, expires, now):  # noqa: PLR0917
        lot = PointLot(name, len(self.lots), wallet, origin, starts, expires)
        self.lots.append(lot)
        place = "expired" if lot.over(now) else "pending" if starts > now else "available"
        self.points += [Point(lot, place) for _ in range(count)]
        self.settle()

    def redeem(self, wallet, count):
        """How many are missing."""
        points = self.spendable(wallet)[:count]
        if len(points) == count:
            for point in points:
                point.place = "redeemed"
        return count - len(points)

    def hold(self, name, wallet, count, until):
        points = self.spendable(wallet)[:count]
        if len(points) == count:
            for point in points:
                point.place = "held"
            self.holds[name] = (until, points)
        return count - len(points)

    def capture(self, name, count, now):
        _, points = self.holds.pop(name)
        for point in points[:count]:
            point.place = "redeemed"
        self.give_back(points[count:], now)

    def release(self, name, now):
        self.give_back(self.holds.pop(name)[1], now)

    def take_back(self, wallet, origin, remaining):
        """What comes back of the points that *origin* earned, when the rest would have earned *remaining*."""
        mine = [point for point in self.points if point.lot.origin == origin and point.lot.wallet == wallet]
        before = self.back.get((wallet, origin), 0)
        count = max(0, len(mine) - remaining - before)
        self.back[wallet, origin] = before + count
        for place in ("pending", "available", "expired"):
            for point in [point for point in mine if point.place == place][:count]:
                point.place = "reversed"
                count -= 1
        self.debt[wallet] = self.debt.get(wallet, 0) + count
        self.settle()

    # Readings

    def lot_places(self):
        found = {}
        for point in self.points:
            places = found.setdefault(point.lot.name, {})
            places[point.place] = places.get(point.place, 0) + 1
        return found

    def balance(self, wallet):
        places = [point.place for point in self.points if point.lot.wallet == wallet]
        return (*(places.count(place) for place in ("available", "pending", "held")), self.debt.get(wallet, 0))
