"""A subscription: the loyalty of those who stay is thanked, and being thanked costs nothing."""

from __future__ import annotations

from fidelity.language.fields import member, purchase
from fidelity.rules.earning.amounts import points, times
from fidelity.rules.earning.rules import EarnRule
from fidelity.rules.program import Program
from fidelity.rules.published import Pace
from fidelity.rules.rewards.reward import Reward

__all__ = ["subscription"]


def subscription() -> Program:
    """
    A point for each euro of the monthly bill, half as many again after two years, a month free from 150 points on.

    Source:
        Programs of phone, streaming and box subscriptions that thank for years together. What is paid for is the
        service; nothing is paid for the points: plans that sell the benefits themselves, as Amazon Prime and
        warehouse clubs do, cannot be written as a program here (`PaidAccessError`).
    """
    return Program(
        "Buenos Libros",
        version="2026",
        currency="EUR",
        timezone="Europe/Madrid",
        basis_without=["tax", "shipping"],
        earn=[
            EarnRule("base", points(1, per="1 EUR")),
            EarnRule("two years together", times("3/2", of="base"), when=member.tenure_years >= 2),
            EarnRule("boxes sent back", points(5), when=purchase.tags.has("box sent back")),
            EarnRule("your opinion", points(10), on="feedback", limit="1 per calendar month"),
            EarnRule("reading club", points(15), on="participation", limit="1 per calendar month"),
            EarnRule("another year", points(member.tenure_years * 20), on="anniversary", message="a letter by hand"),
        ],
        rewards=[
            Reward("a book of your choice", cost=90, worth="12 EUR"),
            Reward("a month free", cost=150, worth="20 EUR"),
            Reward("a month for a friend", cost=150, worth="20 EUR"),
        ],
        expiry="24 months",
        base_benefit="purchase.basis // 1 EUR",
        pace=Pace("1 month", event={"purchase.amount": "20 EUR", "purchase.channel": "online"}),
        words={
            "es": {
                "two years together": "dos años juntos",
                "boxes sent back": "cajas devueltas",
                "box sent back": "caja devuelta",
                "your opinion": "tu opinión",
                "reading club": "club de lectura",
                "another year": "un año más",
                "a letter by hand": "una carta escrita a mano",
                "a book of your choice": "un libro a tu elección",
                "a month free": "un mes gratis",
                "a month for a friend": "un mes para un amigo",
            }
        },
    )
