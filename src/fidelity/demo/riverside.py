"""Riverside Records: the loyalty program of a record shop, as its owner would write it."""

from __future__ import annotations

from fidelity import EarnRule, Program, Reward, Tier, TierSet, lines, points, purchase, relationship, times

__all__ = ["ALBUM", "SINGLE", "riverside"]

#: How many CDs make an armful.
ARMFUL = 5

SINGLE = Reward("a CD single", cost=100, worth="5 USD")
ALBUM = Reward("an album of your choice", cost=250, worth="15 USD")

riverside = Program(
    "Riverside Records",
    version="1997-01",
    currency="USD",
    timezone="America/New_York",
    earn=[
        EarnRule("base", points(1, per="1 USD")),
        EarnRule("Saturday sounds", times(2, of="base"), when=purchase.weekday == "saturday"),
        EarnRule("an armful of music", points(25), when=lines().quantity >= ARMFUL),
        EarnRule("first of the month", points(10), limit="once per calendar month"),
        EarnRule("another year together", points(50), on="anniversary", message="a card, signed by the whole shop"),
    ],
    # Status follows the relationship, not the money: 10 for each purchase of the last 12 months, 15 for each year.
    tiers=TierSet(
        [Tier("Listener"), Tier("Collector", at=30, earns="5/4"), Tier("Curator", at=80, earns="3/2")],
        counts=relationship(purchases=10, tenure=15),
        over="12 months",
        grace="3 months",
    ),
    rewards=[SINGLE, ALBUM],
    expiry="12 months, to the end of the month",
)
