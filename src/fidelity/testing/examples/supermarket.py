"""A supermarket: a point for each euro, some goods left out, a monthly cap, extra for fresh food and own bags."""

from __future__ import annotations

from datetime import date

from fidelity.language.fields import line, lines, purchase
from fidelity.rules.earning.amounts import points, times
from fidelity.rules.earning.limits import Cap
from fidelity.rules.earning.measures import Measure, count
from fidelity.rules.earning.rules import EarnRule, Group
from fidelity.rules.program import Program
from fidelity.rules.published import Limits, Pace, Published, Waiver
from fidelity.rules.rewards.reward import Reward
from fidelity.values.periods import window

__all__ = ["supermarket"]


def supermarket() -> Program:
    """
    The supermarket of the docs: exclusions by line, a group with a cap, a measure, published rates and a pace.

    Source:
        Programs of grocers such as Tesco Clubcard: a point for each whole unit of money, none for tobacco and gift
        cards, points turned into money off by the hundred.
    """
    visits = Measure("visits this month", count(purchase), over=window("calendar month"))
    return Program(
        "Mercado Central",
        version="2026-03",
        currency="EUR",
        timezone="Europe/Madrid",
        measures=[visits],
        excludes=[line.category.is_in("tobacco", "gift card"), purchase.channel == "staff"],
        earn=[
            Group(
                "groceries",
                [
                    EarnRule("everything", points(1, per="1 EUR")),
                    EarnRule(
                        "fresh food",
                        points(1, per="1 EUR", of=lines(line.category.is_in("fruit", "vegetables", "fish")).amount),
                    ),
                ],
                cap=Cap(500, per="calendar month"),
            ),
            EarnRule("fourth visit on", times("3/2", of="groceries"), when=visits >= 3),
            EarnRule("own bags", points(5), when=purchase.tags.has("own bags"), limit="once a day"),
            EarnRule("your opinion", points(20), on="feedback", limit="1 per calendar month"),
        ],
        rewards=[
            Reward("two euros off", cost=200, worth="2 EUR", published_cost=200),
            Reward("basket for the food bank", cost=150, worth="1.50 EUR"),
        ],
        expiry="12 months, to the end of the month",
        published=[Published("one point a euro", "purchase.basis // 1 EUR", at_least=True)],
        pace=Pace("7 days", event={"purchase.amount": "45 EUR", "purchase.channel": "store"}),
        limits=Limits(grace_days=60),
        waivers=[
            Waiver(
                "P8.promise:one point a euro",
                rule="groceries",
                reason="The rate is printed together with the cap of 500 points a month.",
                signed="L. Ferrer, Mercado Central",
                on=date(2026, 2, 16),
            )
        ],
        words={
            "en": {"staff": "for staff"},
            "es": {
                "groceries": "compra",
                "everything": "toda la compra",
                "fresh food": "frescos",
                "fourth visit on": "desde la cuarta visita",
                "visits this month": "visitas del mes",
                "own bags": "bolsas propias",
                "your opinion": "tu opinión",
                "tobacco": "tabaco",
                "gift card": "tarjetas regalo",
                "staff": "del personal",
                "fruit": "fruta",
                "vegetables": "verdura",
                "fish": "pescado",
                "two euros off": "dos euros de descuento",
                "basket for the food bank": "cesta para el banco de alimentos",
            },
            "es-MX": {
                "basket for the food bank": "despensa para el banco de alimentos",
                "gift card": "tarjetas de regalo",
            },
        },
    )
