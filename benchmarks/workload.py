"""The workload that speed is judged on: seeded purchase events, and 20 earning rules written by hand.

`points` is at once the hand-written contestant and the reference that every engine must equal, event by event.
Amounts are whole cents, instants are seconds since 1970 in UTC, choices are places in `CHOICES`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Columns = dict[str, Any]
Row = dict[str, Any]

CURRENCIES = ["USD", "EUR", "GBP", "CHF", "JPY"]
CHANNELS = ["store", "online", "app", "phone", "partner", "giftcard", "staff"]
CATEGORIES = [
    *("grocery", "pharmacy", "fuel", "electronics", "toys", "travel", "apparel", "home", "beauty", "books"),
    *("sports", "garden", "pets", "baby", "music", "alcohol", "tobacco", "services", "auto", "office"),
]
TIERS = ["bronze", "silver", "gold", "platinum"]
CHOICES = {"currency": CURRENCIES, "channel": CHANNELS, "category": CATEGORIES, "tier": TIERS}

DAY = 86_400
START = 1_704_067_200  # 2024-01-01 00:00 UTC, a Monday
ELECTRONICS_FROM, ELECTRONICS_UNTIL = START + 60 * DAY, START + 90 * DAY
NEW_STORES_UNTIL = START + 180 * DAY
NEW_STORES = frozenset(range(17, 500, 41))
PROMOTED_SKUS = frozenset(range(5, 5_000, 101))
TIER_PERCENT = {"silver": 25, "gold": 50, "platinum": 100}
MOST_POINTS = 5_000


def events(count: int, seed: int = 7) -> Columns:
    """Columns of *count* purchases. The draws stand in a fixed order: one more in between would change all after it."""
    random = np.random.default_rng(seed)
    columns: Columns = {
        "member_id": random.integers(0, max(1, count // 10), count, dtype=np.int64),
        "amount": np.minimum(np.exp(random.normal(8.2, 1.1, count)), 5_000_000).astype(np.int64),
        "currency": random.choice(5, count, p=[0.6, 0.2, 0.1, 0.05, 0.05]).astype(np.uint8),
        "channel": random.choice(7, count, p=[0.5, 0.2, 0.15, 0.05, 0.04, 0.03, 0.03]).astype(np.uint8),
        "store_id": random.integers(0, 500, count, dtype=np.int32),
        "category": random.integers(0, 20, count, dtype=np.uint8),
        "sku": random.integers(0, 5_000, count, dtype=np.int32),
        "ts": START + random.integers(0, 730 * DAY, count, dtype=np.int64),
        "tier": random.choice(4, count, p=[0.6, 0.25, 0.1, 0.05]).astype(np.uint8),
        "tenure_days": random.integers(0, 6_000, count, dtype=np.int32),
    }
    columns["is_weekend"] = _weekday(columns["ts"]) >= 5
    columns["basket_size"] = np.minimum(random.geometric(0.3, count), 60).astype(np.int16)
    columns["is_first"] = random.random(count) < 0.02
    return columns


def rows(columns: Columns, count: int | None = None) -> list[Row]:
    """
    The first *count* events as plain dicts, choices as words.

    Day of week (0 for Monday), hour and month are worked out here, so that engines without dates can take part.
    """
    instants = columns["ts"]
    months = (instants // DAY).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12 + 1
    derived = {"dow": _weekday(instants), "hour": instants // 3_600 % 24, "month": months}
    names = [*columns, *derived]
    plain = [_words(name, column[:count].tolist()) for name, column in (columns | derived).items()]
    return [dict(zip(names, values, strict=True)) for values in zip(*plain, strict=True)]


def _weekday(instants: Any) -> Any:  # noqa: ANN401 - arrays of any whole type
    return (instants // DAY + 3) % 7


def _words(name: str, values: list[Any]) -> list[Any]:
    words = CHOICES.get(name)
    return values if words is None else [words[place] for place in values]


def points(event: Row) -> int:  # noqa: C901, PLR0912, PLR0915 - 20 rules, flat on purpose: so fast Python looks
    """Points of one event under the 20 rules, as a careful engineer would write them for speed."""
    # Gift cards and staff purchases earn nothing.
    channel = event["channel"]
    if channel == "giftcard" or channel == "staff":  # noqa: PLR1714 - two comparisons beat building a tuple
        return 0
    amount = event["amount"]
    base = amount // 100
    category = event["category"]
    instant = event["ts"]
    tier = event["tier"]
    basket = event["basket_size"]
    weekend = event["is_weekend"]

    # 1 a point for each whole unit; 2 three of them in everyday categories
    total = base
    if category in ("grocery", "pharmacy", "fuel"):
        total += 2 * base
    # 3 large Tuesdays
    if amount >= 10_000 and event["dow"] == 1:
        total += 50
    # 4 the tier's extra; 5 five a year of membership, ten years at most
    total += base * TIER_PERCENT.get(tier, 0) // 100
    total += min(event["tenure_days"] // 365, 10) * 5
    # 6 welcome
    if event["is_first"]:
        total += 500
    # 7 electronics in March 2024, or nearly; 8 large weekend baskets
    if category == "electronics" and ELECTRONICS_FROM <= instant < ELECTRONICS_UNTIL:
        total += base
    if weekend and basket >= 5:
        total += 25
    # 9 newly opened stores; 10 promoted articles; 11 the quiet hours
    if event["store_id"] in NEW_STORES and instant < NEW_STORES_UNTIL:
        total += 100
    if event["sku"] in PROMOTED_SKUS:
        total += 75
    if 14 <= event["hour"] < 16:
        total += base // 2
    # 12 what other currencies are worth more
    currency = event["currency"]
    if currency == "EUR":
        total += amount * 9 // 10_000
    elif currency == "GBP":
        total += amount * 17 // 10_000
    elif currency == "CHF":
        total += amount * 4 // 10_000
    # 13 large purchases; 14 the app, capped; 15 travel for the upper tiers, capped
    if amount >= 25_000:
        total += 200
    if channel == "app":
        total += min(base // 10, 30)
    if category == "travel" and tier in ("gold", "platinum"):
        total += min(2 * base, 2_000)
    # 16 alcohol and tobacco take away
    if category in ("alcohol", "tobacco"):
        total -= 3 * base
    # 17 the end of the year above bronze; 18 loyal silver; 19 small online baskets on weekdays
    if event["month"] in (11, 12) and tier != "bronze":
        total += base * 15 // 100
    if tier == "silver" and event["tenure_days"] >= 730:
        total += 20
    if channel == "online" and 2 <= basket <= 4 and not weekend:
        total += 10
    # 20 the better of two: stores ending in 3, or toys
    total += max(base // 5 if event["store_id"] % 10 == 3 else 0, 15 if category == "toys" else 0)
    return 0 if total < 0 else MOST_POINTS if total > MOST_POINTS else total  # noqa: FURB136 - a call is slower
