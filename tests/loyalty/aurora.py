"""Café Aurora, the program of the front page, and its days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from fidelity.commands import Enroll, Record
from fidelity.events import Purchase
from fidelity.language.fields import purchase
from fidelity.rules.earning.amounts import points, times
from fidelity.rules.earning.rules import EarnRule
from fidelity.rules.program import Program
from fidelity.rules.rewards.reward import Reward
from fidelity.rules.tiers.tier_set import Tier, TierSet

#: Monday, 5 January 2026, 13:00 in Madrid.
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def aurora(version="2026-01", per="1 EUR", **changed):
    given = {
        "currency": "EUR",
        "timezone": "Europe/Madrid",
        "earn": [
            EarnRule("base", points(1, per=per)),
            EarnRule("weekend doubles", times(2, of="base"), when=purchase.weekday.is_in("saturday", "sunday")),
            EarnRule("own cup", points(50), when=purchase.tags.has("own cup")),
            EarnRule("app hello", points(10), when=purchase.channel == "app", limit="once a day"),
            EarnRule("your opinion", points(20), on="feedback", limit="1 per calendar month"),
            EarnRule("anniversary", points(100), on="anniversary", message="a card"),
        ],
        "tiers": TierSet(
            [Tier("Bronze"), Tier("Silver", at=500), Tier("Gold", at=2_000, earns="3/2")],
            counts="points earned",
            over="12 months",
            grace="3 months",
        ),
        "rewards": [
            Reward("free coffee", cost=120),
            Reward("five euros off", cost=400, worth="5 EUR"),
            Reward("tasting", cost=50, channels=["store"]),
        ],
        "expiry": "12 months",
    }
    return Program("Café Aurora", version=version, **(given | changed))


def sale(name="T-1001", amount="120.50 EUR", *, member="ana", at=NOON, **more):
    return Purchase(name, member=member, amount=amount, at=at, **more)


def joined(*members, now=NOON):
    return [Enroll(member=member, now=now) for member in members]


def bought(name, amount, *, member="ana", at=NOON):
    return Record(event=sale(name, amount, member=member, at=at), now=at)


def lines(journal):
    """What stands in the journal: the stream and kind of each entry."""
    return [(line.stream, line.entry.kind) for line in journal.read(limit=100_000)]
