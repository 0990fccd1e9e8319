"""A café: a points program, and the stamp card that every café has had."""

from __future__ import annotations

from fidelity.language.fields import line, lines, purchase
from fidelity.rules.amounts import points, times
from fidelity.rules.earning import EarnRule, Wallet
from fidelity.rules.program import Program
from fidelity.rules.rewards import Reward
from fidelity.rules.tiers import Tier, TierSet

__all__ = ["aurora", "stamp_card"]


def aurora() -> Program:
    """Café Aurora: points, tiers, own cups and anniversaries. The program of the README."""
    return Program(
        "Café Aurora",
        version="2026-01",
        currency="EUR",
        timezone="Europe/Madrid",
        earn=[
            EarnRule("base", points(1, per="1 EUR")),
            EarnRule("weekend doubles", times(2, of="base"), when=purchase.weekday.is_in("saturday", "sunday")),
            EarnRule("own cup", points(50), when=purchase.tags.has("own cup")),
            EarnRule("app hello", points(10), when=purchase.channel == "app", limit="once a day"),
            EarnRule("your opinion", points(20), on="feedback", limit="1 per calendar month"),
            EarnRule("anniversary", points(100), on="anniversary", message="a card"),
        ],
        tiers=TierSet(
            [Tier("Bronze"), Tier("Silver", at=500), Tier("Gold", at=2_000, earns="3/2")],
            counts="points earned",
            over="12 months",
            grace="3 months",
        ),
        rewards=[Reward("free coffee", cost=120), Reward("five euros off", cost=400, worth="5 EUR")],
        expiry="12 months",
    )


def stamp_card() -> Program:
    """Ten coffees and the next one is free: one stamp a coffee, never lost."""
    return Program(
        "Ten coffees",
        version="2026",
        currency="EUR",
        timezone="Europe/Madrid",
        wallets=[Wallet("stamps", expiry="never")],
        earn=[
            EarnRule(
                "a stamp a coffee",
                points(1, per="1 coffee", of=lines(line.category == "coffee").quantity),
                wallet="stamps",
            ),
            EarnRule("welcome back", on="anniversary", message="a card", benefit="a coffee on the house"),
        ],
        rewards=[Reward("free coffee", cost=10, wallet="stamps", worth="2.20 EUR")],
    )
