"""A loyalty program as a child would play it: every point is a coin with the day on which it melts.

Slow, plain, and without a line of the library: what replay gives is compared with it.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

MADRID = ZoneInfo("Europe/Madrid")


def day(at):
    return at.astimezone(MADRID).date()


def midnight_after(at, days):
    """The midnight in Madrid that ends the day which is so many days later."""
    return datetime.combine(day(at) + timedelta(days=days + 1), time(), MADRID).astimezone(UTC)


class Coin:
    def __init__(self, sale, starts, melts, number):
        self.sale, self.starts, self.melts, self.number = sale, starts, melts, number
        self.where = "purse"


class Child:
    """One member: two purses of coins, visits, what was bought."""

    def __init__(self):
        self.purses = {"points": [], "stamps": []}
        self.debt = {"points": 0, "stamps": 0}
        self.visits = []
        self.hello_days = set()
        self.sales = {}
        self.number = 0


class Shop:
    """
    The rules, all of them:

    - `per` points for each whole euro of a purchase, half as many again for who is Gold, rounded down;
    - 5 more for the first purchase of each day in the app;
    - one stamp for each purchase of 10 euros or more;
    - to everybody together no more than `budget` points from the campaign, 10 for each purchase;
    - points live `life` days; stamps live `stamp_life` days;
    - Gold from `gold` visits in the calendar year, and Silver again when the year ends;
    - a coffee for 30 points.
    """

    def __init__(self, *, per, budget, life, stamp_life, gold):
        self.per, self.budget, self.life = per, budget, life
        self.stamp_life, self.gold = stamp_life, gold
        self.used = 0
        self.children = {}

    # Rules

    def base(self, cents, tier):
        whole = cents // 100 * self.per
        return whole + whole // 2 if tier == "Gold" else whole

    def tier(self, child, at):
        year = day(at).year
        return "Gold" if sum(day(each).year == year and each <= at for each in child.visits) >= self.gold else "Silver"

    # Time

    def pass_time(self, child, now):
        moments = {now}
        for coins in child.purses.values():
            for coin in coins:
                moments |= {each for each in (coin.starts, coin.melts) if each <= now}
        for moment in sorted(moments):
            for purse, coins in child.purses.items():
                for coin in coins:
                    if coin.where == "purse" and coin.melts <= moment:
                        coin.where = "melted"
                self.pay(child, purse, moment)

    def usable(self, child, purse, at):
        coins = [each for each in child.purses[purse] if each.where == "purse" and each.starts <= at < each.melts]
        return sorted(coins, key=lambda each: (each.melts, each.number))

    def pay(self, child, purse, at):
        """Debts are paid first."""
        for coin in self.usable(child, purse, at)[: child.debt[purse]]:
            coin.where = "settled"
            child.debt[purse] -= 1

    def give(self, child, purse, count, sale, at):
        starts, life = at, self.life if purse == "points" else self.stamp_life
        child.number += 1
        coins = [Coin(sale, starts, midnight_after(starts, life), child.number) for _ in range(count)]
        child.purses[purse] += coins
        self.pay(child, purse, at)

    # What happens

    def play(self, row):
        child = self.children.setdefault(row["member"], Child())
        self.pass_time(child, row["at"])
        return {"return": self.take_back}.get(row["kind"], getattr(self, row["kind"], None))(child, row)

    def visit(self, child, row):
        child.visits.append(row["at"])
        return 0

    def purchase(self, child, row):
        at, cents, tier = row["at"], row["amount"], self.tier(child, row["at"])
        hello = row["channel"] == "app" and day(at) not in child.hello_days
        if hello:
            child.hello_days.add(day(at))
        gift = min(10, self.budget - self.used)
        self.used += gift
        points = self.base(cents, tier) + 5 * hello + gift
        stamps = int(cents >= 1_000)
        child.sales[row["id"]] = {
            "left": cents, "over": False, "tier": tier, "extra": 5 * hello + gift, "at": at, "points": points, "stamps": stamps,
            "back": {"points": 0, "stamps": 0},
        }  # fmt: skip
        self.give(child, "points", points, row["id"], at)
        self.give(child, "stamps", stamps, row["id"], at)
        return points

    def redemption(self, child, row):
        coins = self.usable(child, "points", row["at"])
        if len(coins) < 30:
            return "not enough points"
        for coin in coins[:30]:
            coin.where = "redeemed"
        return 0

    def take_back(self, child, row):
        sale = child.sales.get(row["purchase"])
        if sale is None:
            return "unknown origin"
        # What cost nothing can come back, too, once.
        if sale["over"] or (row["amount"] or 0) > sale["left"]:
            return "event"
        sale["left"] -= sale["left"] if row["amount"] is None else row["amount"]
        sale["over"] = not sale["left"]
        keeps = {"points": 0, "stamps": 0}
        if sale["left"]:
            keeps = {
                "points": self.base(sale["left"], sale["tier"]) + sale["extra"],
                "stamps": int(sale["left"] >= 1_000),
            }
        for purse, stays in keeps.items():
            due = max(0, sale[purse] - stays - sale["back"][purse])
            sale["back"][purse] += due
            mine = [each for each in child.purses[purse] if each.sale == row["purchase"]]
            for place in ("purse", "melted"):
                for coin in [each for each in mine if each.where == place][:due]:
                    coin.where = "reversed"
                    due -= 1
            child.debt[purse] += due
            self.pay(child, purse, row["at"])
        return 0
