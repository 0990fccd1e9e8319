"""A B2B supplier: points on what is bought, and a status that sees the relationship, not the turnover alone."""

from __future__ import annotations

from fidelity.language.declare import Fields, whole
from fidelity.language.fields import lines, member, purchase
from fidelity.rules.earning.amounts import points, rate
from fidelity.rules.earning.rules import EarnRule
from fidelity.rules.program import Program
from fidelity.rules.published import Pace
from fidelity.rules.rewards.reward import Reward
from fidelity.rules.tiers.tier_set import Tier, TierSet, relationship

__all__ = ["Company", "supplier"]


class Company(Fields, of="member"):
    """What the supplier knows of the company."""

    employees = whole(
        0, 1_000_000, obtained="declared", default=0,
        label={"en": "the number of people in your company", "es": "el número de personas de su empresa"},
    )  # fmt: skip


def supplier() -> Program:
    """
    Purchases, years together, opinions given and training attended make the status.

    Source:
        Programs of wholesalers and makers for their trade customers: points on the net invoice, training that counts,
        a named contact from the second tier on. The customer is a company, so Spanish says *usted*.
    """
    return Program(
        "Taller & Co",
        version="2026",
        currency="MXN",
        timezone="America/Mexico_City",
        fields=[Company],
        basis_without=["tax", "shipping"],
        earn=[
            EarnRule("base", rate("1/50")),
            EarnRule("whole pallets", points(200), when=lines().quantity >= 480),
            EarnRule(
                "small workshops",
                rate("1/100"),
                when=(Company.employees <= 10) & (purchase.basis >= 5_000),
            ),
            EarnRule("your opinion", points(100), on="feedback", limit="1 per calendar quarter"),
            EarnRule("training", points(150), on="participation", recognition="trained workshop"),
            EarnRule("another year", points(member.tenure_years * 50), on="anniversary", message="a letter by hand"),
        ],
        tiers=TierSet(
            [
                Tier("Client"),
                Tier("Partner", at=300, earns="5/4", benefits=["a named contact", "answers within one working day"]),
                Tier("Ally", at=800, earns="3/2", benefits=["a named contact", "answers within two hours"]),
            ],
            counts=relationship(purchases=10, tenure=50, feedback=20, participation=30),
            over="12 months",
            grace="6 months",
        ),
        rewards=[
            Reward("tool kit", cost=2_000, worth="900 MXN"),
            Reward("day of training", cost=5_000, worth="2500 MXN"),
        ],
        expiry="24 months",
        base_benefit="purchase.basis // 50 MXN",
        pace=Pace("1 month", event={"purchase.amount": "5000 MXN"}),
        words={
            "es": {
                "Taller & Co": "Taller y Compañía",
                "whole pallets": "tarimas completas",
                "small workshops": "talleres pequeños",
                "your opinion": "su opinión",
                "training": "capacitación",
                "trained workshop": "taller capacitado",
                "another year": "un año más",
                "a letter by hand": "una carta escrita a mano",
                "Client": "Cliente",
                "Partner": "Socio",
                "Ally": "Aliado",
                "a named contact": "una persona de contacto",
                "answers within one working day": "respuesta en un día hábil",
                "answers within two hours": "respuesta en dos horas",
                "tool kit": "juego de herramientas",
                "day of training": "día de capacitación",
            },
            "es-ES": {
                "whole pallets": "palés completos",
                "training": "formación",
                "trained workshop": "taller formado",
                "day of training": "día de formación",
                "answers within one working day": "respuesta en un día laborable",
            },
        },
        address="usted",
    )
