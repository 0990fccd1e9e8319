"""The books as a child would keep them: every single point is an object that lies in one place.

Slow and plain on purpose, and without a line of the ledger: it is what the ledger is compared with.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

MADRID = ZoneInfo("Europe/Madrid")


def end_of_day(at):
    """The first midnight in Madrid that is not before *at*. No clock changes there at midnight."""
    day = (at - timedelta(microseconds=1)).astimezone(MADRID).date() + timedelta(days=1)
    return datetime.combine(day, time(), MADRID).astimezone(UTC)


def days_later(at, days):
    """The midnight in Madrid that ends the day which is so many days later."""
    day = at.astimezone(MADRID).date() + timedelta(days=days + 1)
    return datetime.combine(day, time(), MADRID).astimezone(UTC)


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
        self.earned = {}
        self.back = {}
        self.gone = {}
        self.forgiven = {}
        self.spent = {}
        self.clock = None
        self.frozen = False
        self.protected = set()
        self.rests_since = None
        self.household = ""
        self.closed = False
        self.merged_into = ""

    # Time

    def next_due(self):
        due = {point.lot.starts for point in self.points if point.place == "pending"}
        if self.rests_since is None:
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
            self.expire(at)
            self.settle()
        self.clock = until

    def expire(self, at):
        for point in self.points:
            if point.place in ("pending", "available") and self.over(point.lot, at):
                point.place = "expired"

    def over(self, lot, at):
        """Nothing is over while the clocks stand."""
        return self.rests_since is None and lot.over(at)

    def give_back(self, points, at):
        for point in points:
            wallet = point.lot.wallet
            if not self.over(point.lot, at):
                point.place = "available"
            elif self.debt.get(wallet, 0):
                point.place = "settled"
                self.debt[wallet] -= 1
            else:
                point.place = "expired"
        self.settle()

    def settle(self):
        for wallet in () if self.protected else self.debt:
            for point in self.spendable(wallet)[: self.debt[wallet]]:
                point.place = "settled"
                self.debt[wallet] -= 1

    # Commands

    def spendable(self, wallet):
        found = [point for point in self.points if point.place == "available" and point.lot.wallet == wallet]
        return sorted(found, key=lambda p: (p.lot.expires is None, p.lot.expires or 0, p.lot.number))

    def earn(self, name, wallet, origin, count, starts, expires, now):  # noqa: PLR0917
        self.earned[wallet, origin] = self.earned.get((wallet, origin), 0) + count
        self.come(name, wallet, origin, [Point(None, "") for _ in range(count)], starts, expires, now)

    def come(self, name, wallet, origin, points, starts, expires, now):  # noqa: PLR0917
        """Points that are in no book yet come into this one, as one lot."""
        lot = PointLot(name, len(self.lots), wallet, origin, starts, expires)
        self.lots.append(lot)
        for point in points:
            point.lot = lot
            point.place = "expired" if self.over(lot, now) else "pending" if starts > now else "available"
        self.points += points
        self.settle()

    def redeem(self, wallet, count, name="redemption"):
        """How many are missing."""
        points = self.spendable(wallet)[:count]
        if len(points) == count:
            self.spend(name, points)
        return count - len(points)

    def spend(self, name, points):
        for point in points:
            point.place = "redeemed"
        self.spent[name] = points

    def hold(self, name, wallet, count, until):
        points = self.spendable(wallet)[:count]
        if len(points) == count:
            for point in points:
                point.place = "held"
            self.holds[name] = (until, points)
        return count - len(points)

    def capture(self, name, count, now):
        _, points = self.holds.pop(name)
        self.spend(name, points[:count])
        self.give_back(points[count:], now)

    def release(self, name, now):
        self.give_back(self.holds.pop(name)[1], now)

    def take_back(self, wallet, origin, remaining):
        """What comes back of the points that *origin* earned, when the rest would have earned *remaining*."""
        if self.closed:
            return
        mine = [point for point in self.points if point.lot.origin == origin and point.lot.wallet == wallet]
        before = self.back.get((wallet, origin), 0)
        count = max(0, self.earned.get((wallet, origin), 0) - remaining - before)
        self.back[wallet, origin] = before + count
        if self.protected:
            return
        for place in ("pending", "available", "expired"):
            for point in [point for point in mine if point.place == place][:count]:
                point.place = "reversed"
                count -= 1
        elsewhere = min(count, self.gone.get((wallet, origin), 0))
        if elsewhere:
            self.gone[wallet, origin] -= elsewhere
        self.debt[wallet] = self.debt.get(wallet, 0) + count - elsewhere
        self.settle()

    def undo(self, name, count, key, now, grace):
        """The last *count* points spent as *name* come back."""
        points = self.spent[name]
        back, self.spent[name] = points[len(points) - count :][::-1], points[: len(points) - count]
        clock = self.rests_since or now
        for point in back:
            point.place = "undone"
        renewed = []
        for point in back:
            if point.lot.over(clock) and point.lot not in renewed:
                renewed.append(point.lot)
        for number, lot in enumerate(renewed, 1):
            child = PointLot(f"undo/{key}/{number}", len(self.lots), lot.wallet, lot.origin, lot.starts, grace)
            self.lots.append(child)
            for point in back:
                if point.lot is lot:
                    point.lot = child
        for point in back:
            point.place = "available"
        self.settle()

    def give(self, taker, wallet, points, name, now, again=None):  # noqa: PLR0917
        """Let *points* go to *taker*, a lot for each lot; *again* is the end of a life that starts again."""
        self.points = [point for point in self.points if point not in points]
        for number, (old, theirs) in enumerate(self.by_lot(points), 1):
            starts, expires = (old.starts, old.expires) if again is None else (now, again)
            taker.come(f"{name}/{number}", wallet, old.origin, theirs, starts, expires, now)

    @staticmethod
    def by_lot(points):
        found = {}
        for point in points:
            found.setdefault(id(point.lot), (point.lot, []))[1].append(point)
        return list(found.values())

    def merge(self, into, name, now):
        """All that is left goes to *into*."""
        self.continue_(now)
        into.frozen |= self.frozen
        into.protected |= self.protected
        into.rest(now)
        into.household = into.household or self.household
        for wallet, owed in self.debt.items():
            into.debt[wallet] = into.debt.get(wallet, 0) + owed
        number = 0
        wallets = sorted({lot.wallet for lot in self.lots})
        left = [point for point in self.points if point.place in ("pending", "available")]
        self.points = [point for point in self.points if point not in left]
        for wallet in wallets:
            mine = [point for point in left if point.lot.wallet == wallet]
            mine.sort(key=lambda p: p.lot.number)
            for old, theirs in self.by_lot(mine):
                number += 1
                into.come(f"{name}/{number}", wallet, old.origin, theirs, old.starts, old.expires, now)
        into.settle()
        self.debt = {}
        self.closed, self.merged_into = True, into
        self.frozen, self.protected, self.rests_since, self.household = False, set(), None, ""

    def adopt(self, old, origin):
        """Know of an event that was recorded in *old*."""
        for wallet, key in [each for each in old.earned if each[1] == origin]:
            self.earned[wallet, key] = self.earned.get((wallet, key), 0) + old.earned[wallet, key]
            self.back[wallet, key] = self.back.get((wallet, key), 0) + old.back.get((wallet, key), 0)
            self.gone[wallet, key] = self.gone.get((wallet, key), 0) + old.gone.get((wallet, key), 0)
        for point in old.points:
            if point.lot.origin == origin and point.place == "expired":
                self.gone[point.lot.wallet, origin] = self.gone.get((point.lot.wallet, origin), 0) + 1

    def forgive(self, wallet, count):
        self.debt[wallet] -= count
        self.forgiven[wallet] = self.forgiven.get(wallet, 0) + count

    def open_lots(self, wallet):
        lots = {id(p.lot): p.lot for p in self.points if p.place in ("pending", "available", "held")}
        return [lot for lot in lots.values() if lot.wallet == wallet]

    def extend(self, wallet, until):
        """Whether any life became longer."""
        short = [lot for lot in self.open_lots(wallet) if lot.expires is not None and lot.expires < until]
        for lot in short:
            lot.expires = until
        return bool(short)

    def lately_expired(self, wallet, now):
        found = [p for p in self.points if p.place == "expired" and p.lot.wallet == wallet and p.lot.expires]
        found = [p for p in found if now - p.lot.expires <= timedelta(days=365)]
        return sorted(found, key=lambda p: (p.lot.expires, p.lot.number), reverse=True)

    def reinstate(self, wallet, count, until, now):
        points = self.lately_expired(wallet, now)[:count]
        for point in points:
            point.place = "available"
            point.lot.expires = max(point.lot.expires, until)
        self.settle()

    def rest(self, now):
        """Let the clocks stand if something stops them."""
        if (self.frozen or self.protected) and self.rests_since is None:
            self.rests_since = now

    def rest_over(self, now):
        """Let the clocks go on if nothing stops them any more."""
        if not self.frozen and not self.protected and self.rests_since is not None:
            self.continue_(now)
            self.rests_since = None
        self.expire(now)
        self.settle()

    def continue_(self, now):
        """Every open lot ends as much later as it rested, at the end of a day in Madrid."""
        if self.rests_since is None:
            return
        for wallet in {lot.wallet for lot in self.lots}:
            for lot in self.open_lots(wallet):
                rested = now - max(self.rests_since, lot.starts)
                if lot.expires is not None and rested > timedelta(0):
                    lot.expires = end_of_day(lot.expires + rested)

    def close(self):
        for point in self.points:
            if point.place in ("pending", "available"):
                point.place = "expired"
        self.debt = {}
        self.closed = True
        self.frozen, self.protected, self.rests_since, self.household = False, set(), None, ""

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
