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
    Tier,
    TierSet,
    choice,
    flag,
    least,
    member,
    points,
    whole,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.workload import Row

Takes = Literal["plain dicts", "event objects"]
#: The value that a campaign asks for, the amount from which on, and the points.
CampaignTerms = tuple[str | int, int, int]


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
#: Tiers about as frequent as in the columns of the workload.
LEVELS = TierSet(
    [Tier("bronze"), Tier("silver", at=700), Tier("gold", at=1_200), Tier("platinum", at=2_000)],
    counts="points earned",
    over="12 months",
    grace="3 months",
)


def twenty_rules(*, clock: bool = False, books: bool = False) -> Program:
    """
    The program: the same 20 rules as `workload.points`, in the same order.

    Args:
        clock: Whether days of the week and instants are read from the time of the event, as programs do, or from the
            columns `dow` and `ts`, which plain dicts have.
        books: Whether tier and tenure are those that the books know, and not columns: then there are four tiers by the
            points of any 12 months, and points end after 12 months.
    """
    on = Sale
    tier, tenure_days = (member.tier, member.tenure_days) if books else (Sale.tier, Sale.tenure_days)
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
        tiers=LEVELS if books else None,
        expiry="12 months" if books else "never",
        earn=[
            EarnRule("base", points(BASE), on=on),
            EarnRule("everyday", points(BASE * 2), when=Sale.category.is_in("grocery", "pharmacy", "fuel"), on=on),
            EarnRule("tuesday", points(50), when=(Sale.amount >= 10_000) & tuesday, on=on),
            EarnRule(
                "tier",
                points(BASE * tier.table({"silver": 25, "gold": 50, "platinum": 100}, 0) // 100),
                on=on,
            ),
            EarnRule("tenure", points(least(tenure_days // 365, 10) * 5), on=on),
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
                when=(Sale.category == "travel") & (tier >= "gold"),
                on=on,
            ),
            EarnRule("restricted", points(-(BASE * 3)), when=Sale.category.is_in("alcohol", "tobacco"), on=on),
            EarnRule(
                "winter",
                points(BASE * 15 // 100),
                when=Sale.month.is_in(11, 12) & (tier != "bronze"),
                on=on,
            ),
            EarnRule("silver years", points(20), when=(tier == "silver") & (tenure_days >= 730), on=on),
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


def campaign_terms(count: int) -> dict[str, list[CampaignTerms]]:
    """
    *count* campaigns by the field that they ask for: constant points for one of its values, from an amount on.

    All five fields are asked for at every size.
    """
    random = Random(count)
    # A fifth each at first; the small sets are soon full, and what is left asks for stores and articles.
    sizes = {name: min(count // 5, most) for name, most in (("tier", 2), ("channel", 3), ("category", 20))}
    sizes["store_id"] = min((count - sum(sizes.values())) // 2, 1_000)
    sizes["sku"] = count - sum(sizes.values())
    found: dict[str, list[CampaignTerms]] = {}
    for name, many in sizes.items():
        values = CHOICES.get(name) or range(500 if name == "store_id" else 5_000)
        found[name] = []
        for _ in range(many):
            points_each, value, least_amount = random.randrange(1, 50), random.choice(values), random.randrange(10_000)
            found[name].append((value, least_amount, points_each))
    return found


def campaign_rules(count: int) -> Program:
    """The campaigns of `campaign_terms` as a program."""
    earn = [
        EarnRule(
            f"{name} {number}",
            points(given),
            when=(getattr(Sale, name) == value) & (Sale.amount >= least_amount),
            on=Sale,
        )
        for name, listed in campaign_terms(count).items()
        for number, (value, least_amount, given) in enumerate(listed)
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


__all__ = ["CampaignTerms", "campaign_rules", "campaign_terms", "fidelity_event", "fidelity_points", "twenty_rules"]
