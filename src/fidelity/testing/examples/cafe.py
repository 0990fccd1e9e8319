"""A café: a points program, and the stamp card that every café has had."""

from __future__ import annotations

from fidelity.language.fields import line, lines, purchase
from fidelity.rules.earning.amounts import points, times
from fidelity.rules.earning.rules import EarnRule, Wallet
from fidelity.rules.program import Program
from fidelity.rules.rewards.reward import Reward
from fidelity.rules.tiers.tier_set import Tier, TierSet

__all__ = ["aurora", "stamp_card"]


def aurora() -> Program:
    """
    Café Aurora: points, tiers, own cups and anniversaries. The program of the README.

    Source:
        Programs of coffee chains, Starbucks Rewards the best known: points by the euro, more for who brings a cup
        (25 stars), free drinks from some hundred on. Unlike there, what is spent never costs a tier.
    """
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
        words={
            "es": {
                "weekend doubles": "doble en fin de semana",
                "own cup": "taza propia",
                "app hello": "hola desde la app",
                "your opinion": "tu opinión",
                "anniversary": "aniversario",
                "a card": "una tarjeta",
                "Bronze": "Bronce",
                "Silver": "Plata",
                "Gold": "Oro",
                "free coffee": "café gratis",
                "five euros off": "cinco euros de descuento",
            }
        },
    )


def stamp_card() -> Program:
    """
    Ten coffees and the next one is free: one stamp a coffee, never lost.

    Source:
        The paper card of neighborhood cafés, "buy ten, get one free", without its end date: in the field such cards
        are mostly kept by the customer and honored whenever they are full.
    """
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
        words={
            "es": {
                "Ten coffees": "Diez cafés",
                "a stamp a coffee": "un sello por café",
                "coffee": "café",
                "welcome back": "gracias por volver",
                "a card": "una tarjeta",
                "a coffee on the house": "un café por cuenta de la casa",
                "free coffee": "café gratis",
            }
        },
    )
