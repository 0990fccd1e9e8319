"""An airline: miles by fare and tier, status points by calendar year, status kept to the end of the next one."""

from __future__ import annotations

from fidelity.language.declare import CustomEvent, choice, whole
from fidelity.language.fields import member
from fidelity.language.numbers import greatest
from fidelity.rules.earning.amounts import points
from fidelity.rules.earning.measures import Measure, total
from fidelity.rules.earning.rules import EarnRule, Wallet
from fidelity.rules.program import Program
from fidelity.rules.rewards.reward import Legal, Reward, Security
from fidelity.rules.tiers.tier_set import Tier, TierSet

__all__ = ["Flight", "airline"]


class Flight(CustomEvent):
    """One flown segment."""

    miles = whole(0, 20_000, obtained="earned", label={"en": "the miles flown", "es": "las millas voladas"})
    cabin = choice(
        "light", "economy", "premium", "business",
        ordered=True, obtained="earned", label={"en": "the cabin", "es": "la cabina"},
    )  # fmt: skip
    status_points = whole(0, 500, obtained="earned", label={"en": "the status points", "es": "los puntos de nivel"})


def airline() -> Program:
    """
    Distance by cabin, at least 500 miles; status counts points of the calendar year and lasts through the next.

    Source:
        Programs of airlines that go by distance, as Avios did: a quarter, a half, all or one and a half of the miles
        by cabin, 500 at least; miles that end after 36 months, as at Singapore Airlines and Lufthansa.
    """
    status = Measure("status points", total(Flight.status_points), over="calendar year")
    share_of_cabin = Flight.cabin.table({"light": "1/4", "economy": "1/2", "premium": 1, "business": "3/2"})
    return Program(
        "Ala Norte",
        version="2026",
        currency="EUR",
        timezone="Atlantic/Canary",
        events=[Flight],
        measures=[status],
        wallets=[Wallet("vouchers", expiry="6 months")],
        earn=[
            EarnRule("base", points(greatest(500, Flight.miles * share_of_cabin)), on=Flight),
            EarnRule("long-haul thanks", points(1), on=Flight, when=Flight.miles >= 5_000, wallet="vouchers"),
            EarnRule("ten years", points(1_000), on="anniversary", when=member.tenure_years >= 10, message="a card"),
        ],
        tiers=TierSet(
            [
                Tier("Blue"),
                Tier("Silver", at=100, earns="5/4", benefits=["seat of your choice"]),
                Tier("Gold", at=300, earns="3/2", benefits=["seat of your choice", "lounge"]),
            ],
            counts=status,
            grace=None,
        ),
        rewards=[
            Reward(
                "one way inside Europe",
                cost=12_500,
                worth="120 EUR",
                security=[Security("two-step")],
                legal=[Legal("identity", "The name on the ticket is the name on your passport.", "2026-01")],
            ),
            Reward("lounge visit", cost=1, wallet="vouchers", worth="30 EUR"),
        ],
        expiry="36 months, to the end of the month",
        words={
            "en": {"vouchers": ("voucher", "vouchers")},
            "es": {
                "flight": "vuelo",
                "status points": "puntos de nivel",
                "vouchers": ("vale", "vales"),
                "light": "básica",
                "economy": "turista",
                "premium": "turista superior",
                "business": "ejecutiva",
                "long-haul thanks": "gracias por el vuelo largo",
                "ten years": "diez años",
                "a card": "una tarjeta",
                "Blue": "Azul",
                "Silver": "Plata",
                "Gold": "Oro",
                "seat of your choice": "elección de asiento",
                "lounge": "sala de espera",
                "one way inside Europe": "un trayecto dentro de Europa",
                "The name on the ticket is the name on your passport.": (
                    "El nombre del billete es el de tu pasaporte."
                ),
                "lounge visit": "visita a la sala de espera",
            },
            "es-MX": {
                "one way inside Europe": "un viaje sencillo dentro de Europa",
                "The name on the ticket is the name on your passport.": "El nombre del boleto es el de tu pasaporte.",
            },
        },
    )
