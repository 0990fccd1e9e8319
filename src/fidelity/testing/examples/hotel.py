"""A group of hotels: points on what a stay costs, status by the nights of a year, kept to the end of the next one."""

from __future__ import annotations

from fidelity.language.declare import Fields, choice, whole
from fidelity.rules.earning.amounts import points, rate
from fidelity.rules.earning.measures import Measure, total
from fidelity.rules.earning.rules import EarnRule, Group
from fidelity.rules.program import Program
from fidelity.rules.published import Pace
from fidelity.rules.rewards.reward import Reward, Security
from fidelity.rules.tiers.tier_set import Tier, TierSet

__all__ = ["Stay", "hotel"]


class Stay(Fields, of="purchase"):
    """What a hotel bill says beside its amount."""

    nights = whole(
        0,
        365,
        obtained="earned",
        default=0,
        label={"en": "the nights that you stay", "es": "las noches de tu estancia"},
    )
    house = choice(
        "hotel", "apartment", obtained="earned", default="hotel", label={"en": "the place", "es": "el alojamiento"}
    )


def hotel() -> Program:
    """
    Ten points a euro, five in apartments; taxes and tips do not earn; nights make the status.

    Source:
        Programs of hotel groups such as Marriott Bonvoy: 10 points for each unit of money, 5 in houses for long
        stays, 10, 25 and 50 % more by status, status by nights of the calendar year and to the end of the next one.
        Status by nights alone: nobody can buy it.
    """
    nights = Measure("nights", total(Stay.nights), over="calendar year")
    return Program(
        "Posada Real",
        version="2026",
        currency="EUR",
        timezone="Europe/Madrid",
        fields=[Stay],
        measures=[nights],
        basis_without=["tax", "tip"],
        earn=[
            Group(
                "stays",
                [
                    EarnRule("hotels", rate(10), when=Stay.house == "hotel"),
                    EarnRule("apartments", rate(5), when=Stay.house == "apartment"),
                ],
            ),
            EarnRule("long stay", points(500), when=Stay.nights >= 7),
            EarnRule("your opinion", points(100), on="feedback", limit="1 per calendar month"),
            EarnRule("birthday", on="birthday", message="a card", benefit="breakfast for two"),
            EarnRule("anniversary", points(250), on="anniversary", message="a card"),
        ],
        tiers=TierSet(
            [
                Tier("Guest"),
                Tier("Silver", at=10, earns="11/10", benefits=["late check-out"]),
                Tier("Gold", at=25, earns="5/4", benefits=["late check-out", "a better room if one is free"]),
                Tier(
                    "Platinum",
                    at=50,
                    earns="3/2",
                    benefits=["late check-out", "a better room if one is free", "breakfast"],
                ),
            ],
            counts=nights,
            grace=None,
            of="stays",
        ),
        rewards=[
            Reward("a free night", cost=20_000, worth="110 EUR", security=[Security("two-step")]),
            Reward("dinner for two", cost=9_000, worth="50 EUR"),
        ],
        expiry="24 months, to the end of the month",
        base_benefit="purchase.basis // 1 EUR * 5",
        pace=Pace("60 days", event={"purchase.amount": "220 EUR", "purchase.nights": 2}),
        words={
            "en": {"nights": ("night", "nights"), "hotel": "a hotel", "apartment": "an apartment"},
            "es": {
                "nights": ("noche", "noches"),
                "stays": "estancias",
                "hotels": "hoteles",
                "apartments": "apartamentos",
                "hotel": "un hotel",
                "apartment": "un apartamento",
                "long stay": "estancia larga",
                "your opinion": "tu opinión",
                "birthday": "cumpleaños",
                "anniversary": "aniversario",
                "a card": "una tarjeta",
                "breakfast for two": "un desayuno para dos",
                "Guest": "Huésped",
                "Silver": "Plata",
                "Gold": "Oro",
                "Platinum": "Platino",
                "late check-out": "salida tardía",
                "a better room if one is free": "una habitación mejor si queda libre",
                "breakfast": "desayuno",
                "a free night": "una noche gratis",
                "dinner for two": "cena para dos",
            },
            "es-MX": {"apartments": "departamentos", "apartment": "un departamento"},
        },
    )
