"""A bank card: a point a dollar, five in the category of the quarter, four in supermarkets, each up to a spend."""

from __future__ import annotations

from fidelity.language.fields import purchase
from fidelity.rules.earning.amounts import rate
from fidelity.rules.earning.limits import Cap
from fidelity.rules.earning.rules import EarnRule
from fidelity.rules.program import Program
from fidelity.rules.published import Pace
from fidelity.rules.rewards.reward import Reward, Security

__all__ = ["bank_card"]

#: The category that earns five in each quarter of 2026.
QUARTERS = {
    "travel": (1, 2, 3),
    "fuel": (4, 5, 6),
    "restaurants": (7, 8, 9),
    "online shops": (10, 11, 12),
}


def bank_card() -> Program:
    """
    Rotating categories with a quarterly spend cap, and a yearly spend cap on supermarkets; the card is free.

    Source:
        Two cards of the United States: 5 % in a category of the quarter on up to 1,500 dollars (Chase Freedom), and
        four times the points in supermarkets on up to 25,000 dollars a year (American Express Gold).
    """
    rotating = [
        EarnRule(
            f"quarter of {category}",
            rate(4),
            when=(purchase.category == category) & purchase.month.is_in(*months),
            cap=Cap("1500 USD", "spend", per="calendar quarter"),
        )
        for category, months in QUARTERS.items()
    ]
    return Program(
        "Plaza Card",
        version="2026",
        currency="USD",
        timezone="America/New_York",
        excludes=[purchase.category.is_in("cash advance", "fees")],
        earn=[
            EarnRule("base", rate(1)),
            *rotating,
            EarnRule(
                "supermarkets",
                rate(3),
                when=purchase.category == "supermarkets",
                cap=Cap("25000 USD", "spend", per="calendar year"),
            ),
        ],
        rewards=[
            Reward("ten dollars on the statement", cost=1_000, worth="10 USD", security=[Security("PIN")]),
            Reward("fifty dollars on the statement", cost=5_000, worth="50 USD", security=[Security("PIN")]),
        ],
        expiry="never",
        base_benefit="purchase.basis // 1 USD",
        pace=Pace("1 week", event={"purchase.amount": "80 USD"}),
        words={
            "es": {
                "Plaza Card": "Tarjeta Plaza",
                "quarter of travel": "trimestre de viajes",
                "quarter of fuel": "trimestre de combustible",
                "quarter of restaurants": "trimestre de restaurantes",
                "quarter of online shops": "trimestre de tiendas en línea",
                "travel": "viajes",
                "fuel": "combustible",
                "restaurants": "restaurantes",
                "online shops": "tiendas en línea",
                "supermarkets": "supermercados",
                "cash advance": "disposición de efectivo",
                "fees": "comisiones",
                "ten dollars on the statement": "diez dólares en tu extracto",
                "fifty dollars on the statement": "cincuenta dólares en tu extracto",
            },
            "es-MX": {
                "cash advance": "retiro de efectivo",
                "ten dollars on the statement": "diez dólares en tu estado de cuenta",
                "fifty dollars on the statement": "cincuenta dólares en tu estado de cuenta",
            },
        },
    )
