"""Small worlds to simulate in: a population, a program and a horizon."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from fidelity import EarnRule, Program, Reward, Tier, TierSet, points
from fidelity.metrics.value import BetaGeometric, GammaGamma
from fidelity.simulation.assumptions import Effects
from fidelity.simulation.people import Population
from fidelity.simulation.setting import Setting
from fidelity.simulation.visits import Visits

#: The published fits to CDNOW, in days and dollars.
BUYING = BetaGeometric(0.243, 4.414 * 7, 0.793, 2.426)
SPENDING = GammaGamma(6.25, 3.74, 15.44)
ZONE = ZoneInfo("America/New_York")
SIMPLE = Program(
    "Simple", version="1", currency="USD", timezone="America/New_York",
    earn=[EarnRule("base", points(1, per="1 USD"))],
    rewards=[Reward("coffee", cost=100, worth="5 USD"), Reward("lunch", cost=250, worth="12.50 USD")],
    expiry="12 months",
)  # fmt: skip
TIERED = Program(
    "Tiered", version="1", currency="USD", timezone="America/New_York",
    earn=[
        EarnRule("base", points(2, per="1 USD")),
        EarnRule("thanks", points(50), on="anniversary", message="a card"),
    ],
    tiers=TierSet(
        [Tier("Friend"), Tier("Family", at=150, earns="3/2"), Tier("Home", at=400, earns=2)],
        counts="points earned", over="12 months", grace="3 months",
    ),
    rewards=[Reward("coffee", cost=100, worth="5 USD", limit="2 per calendar month")],
    expiry="after 6 months without activity",
)  # fmt: skip
#: Points that end, and cards that come, at the very edges of the years that are played.
YEARLY = Program(
    "Yearly", version="1", currency="USD", timezone="UTC",
    earn=[
        EarnRule("base", points(1, per="1 USD")),
        EarnRule("thanks", points(30), on="anniversary", message="a card"),
    ],
    rewards=[Reward("coffee", cost=100, worth="5 USD")], expiry="to the end of the next calendar year",
)  # fmt: skip


def micros(year, month=1, day=1):
    return int(datetime(year, month, day, tzinfo=UTC).timestamp()) * 1_000_000


def setting(customers=2_000, *, years=2, seed=7, effects=None, visits=None, population=None, zone=ZONE, **told):
    begins = micros(2026)
    edges = tuple(micros(2026 + year) for year in range(years + 1))
    return Setting(
        population=population or Population(customers, BUYING, SPENDING, arrive=0.0), visits=visits or Visits(),
        effects=(Effects.published() if effects is None else effects).values(), begins=begins, ends=edges[-1],
        years=edges, seed=seed, zone=zone, unit=100, **told,
    )  # fmt: skip
