"""The 20 rules of the workload as a program of this library: the one place where benchmarks meet it.

`fidelity_points` is what the benchmarks time; `fidelity_event` makes what it reads when it reads event objects.
"""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING, Any, Literal

from benchmarks.workload import CHOICES, DAY, NEW_STORES, PROMOTED_SKUS, START
from fidelity import (
    Cap,
    CustomEvent,
    EarnRule,
    Group,
    Program,
    choice,
    flag,
    least,
    points,
    whole,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.workload import Row

Takes = Literal["plain dicts", "event objects"]


class Sale(CustomEvent):
    """The event of the workload: several currencies in one column. `hour` and `month` come with every event."""

    amount = whole(0, 5_000_000, obtained="earned")
    currency = choice(*CHOICES["currency"], obtained="declared")
    channel = choice(*CHOICES["channel"], obtained="declared")
    store_id = whole(0, 499, obtained="declared")
    category = choice(*CHOICES["category"], obtained="earned")
    sku = whole(0, 4_999, obtained="earned")
    ts = whole(0, 4 * 10**9, obtained="earned")
    tier = choice(*CHOICES["tier"], ordered=True, obtained="earned")
    tenure_days = whole(0, 6_000, obtained="earned")
    is_weekend = flag(obtained="earned")
    basket_size = whole(1, 60, obtained="earned")
    is_first = flag(obtained="earned")
    dow = whole(0, 6, obtained="earned")


BASE = Sale.amount // 100


def twenty_rules(*, clock: bool = False) -> Program:
    """
    The program: the same 20 rules as `workload.points`, in the same order.

    Args:
        clock: Whether days of the week and instants are read from the time of the event, as programs do, or from the
            columns `dow` and `ts`, which plain dicts have.
    """
    on = Sale
    tuesday = Sale.weekday == "tuesday" if clock else Sale.dow == 1

    def before(days: int) -> Any:  # noqa: ANN401 - a condition
        if clock:
            return Sale.at < datetime.fromtimestamp(START + days * DAY, UTC)
        return Sale.ts < START + days * DAY

    return Program(
        "Twenty rules",
        version="1",
        currency="USD",
        timezone="UTC",
        events=[Sale],
        excludes=[Sale.channel.is_in("giftcard", "staff")],
        cap=Cap(5_000),
        earn=[
            EarnRule("base", points(BASE), on=on),
            EarnRule("everyday", points(BASE * 2), when=Sale.category.is_in("grocery", "pharmacy", "fuel"), on=on),
            EarnRule("tuesday", points(50), when=(Sale.amount >= 10_000) & tuesday, on=on),
            EarnRule(
                "tier",
                points(BASE * Sale.tier.table({"silver": 25, "gold": 50, "platinum": 100}, 0) // 100),
                on=on,
            ),
            EarnRule("tenure", points(least(Sale.tenure_days // 365, 10) * 5), on=on),
            EarnRule("first", points(500), when=Sale.is_first, on=on),
            EarnRule(
                "electronics month",
                points(BASE),
                when=(Sale.category == "electronics") & ~before(60) & before(90),
                on=on,
            ),
            EarnRule("weekend basket", points(25), when=Sale.is_weekend & (Sale.basket_size >= 5), on=on),
            EarnRule(
                "new stores",
                points(100),
                when=Sale.store_id.is_in(*sorted(NEW_STORES)) & before(180),
                on=on,
            ),
            EarnRule("promotion", points(75), when=Sale.sku.is_in(*sorted(PROMOTED_SKUS)), on=on),
            EarnRule("afternoon", points(BASE // 2), when=(Sale.hour >= 14) & (Sale.hour < 16), on=on),
            Group(
                "foreign currency",
                [
                    EarnRule("euro", points(Sale.amount * 9 // 10_000), when=Sale.currency == "EUR", on=on),
                    EarnRule("pound", points(Sale.amount * 17 // 10_000), when=Sale.currency == "GBP", on=on),
                    EarnRule("franc", points(Sale.amount * 4 // 10_000), when=Sale.currency == "CHF", on=on),
                ],
                combine="first",
            ),
            EarnRule("large", points(200), when=Sale.amount >= 25_000, on=on),
            EarnRule("app", points(least(BASE // 10, 30)), when=Sale.channel == "app", on=on),
            EarnRule(
                "travel",
                points(least(BASE * 2, 2_000)),
                when=(Sale.category == "travel") & (Sale.tier >= "gold"),
                on=on,
            ),
            EarnRule("restricted", points(-(BASE * 3)), when=Sale.category.is_in("alcohol", "tobacco"), on=on),
            EarnRule(
                "winter",
                points(BASE * 15 // 100),
                when=Sale.month.is_in(11, 12) & (Sale.tier != "bronze"),
                on=on,
            ),
            EarnRule("silver years", points(20), when=(Sale.tier == "silver") & (Sale.tenure_days >= 730), on=on),
            EarnRule(
                "small online",
                points(10),
                when=(Sale.channel == "online") & Sale.basket_size.between(2, 4) & ~Sale.is_weekend,
                on=on,
            ),
            Group(
                "better of two",
                [
                    EarnRule("stores in three", points(BASE // 5), when=Sale.store_id % 10 == 3, on=on),
                    EarnRule("toys", points(15), when=Sale.category == "toys", on=on),
                ],
                combine="best",
            ),
        ],
    )


def campaign_rules(count: int) -> Program:
    """
    *count* campaigns, each with constant points for one tier, channel, category, store or article, from an amount on.

    All five fields are asked for at every size; an event matches one to five of them.
    """
    random = Random(count)
    # A fifth each at first; the small sets are soon full, and what is left asks for stores and articles.
    sizes = {name: min(count // 5, most) for name, most in (("tier", 2), ("channel", 3), ("category", 20))}
    sizes["store_id"] = min((count - sum(sizes.values())) // 2, 1_000)
    sizes["sku"] = count - sum(sizes.values())
    earn = []
    for name, many in sizes.items():
        handle, values = getattr(Sale, name), CHOICES.get(name) or range(500 if name == "store_id" else 5_000)
        earn += [
            EarnRule(
                f"{name} {number}",
                points(random.randrange(1, 50)),
                when=(handle == random.choice(values)) & (Sale.amount >= random.randrange(10_000)),
                on=Sale,
            )
            for number in range(many)
        ]
    return Program("Campaigns", version="1", currency="USD", timezone="UTC", events=[Sale], earn=earn)


def fidelity_points(takes: Takes = "plain dicts") -> Callable[[Any], int] | None:
    """
    The program, compiled anew: a function from one event to its points.

    Args:
        takes: Whether that function is handed the plain dicts of `workload.rows`, or what `fidelity_event` makes.

    Returns:
        None when the library is not there, or has no such reading.
    """
    program = twenty_rules()
    return program.decider("sale", rows=True) if takes == "plain dicts" else program.points_of


def fidelity_event(row: Row) -> Any:  # noqa: ANN401 - a custom event, of the library's own making
    """The event object of one row of the workload; made before the clock runs."""
    values = {name: row[name] for name in Sale.declared}
    return Sale("S-1", member="m", at=datetime.fromtimestamp(row["ts"], UTC), **values)


__all__ = ["campaign_rules", "fidelity_event", "fidelity_points", "twenty_rules"]
