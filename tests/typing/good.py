"""What a user may write: mypy --strict accepts every line."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import fidelity as fd
from fidelity import (
    Cap,
    EarnRule,
    Group,
    Measure,
    Program,
    Reward,
    Tier,
    TierSet,
    Wallet,
    case,
    greatest,
    least,
    line,
    lines,
    member,
    points,
    purchase,
    rate,
    redemption,
    relationship,
    times,
    total,
)
from fidelity.language import Condition
from fidelity.loyalty import Checkpoint, Settlement
from fidelity.rules import FilterBudget, Legal, Limits, Pace, Published, Security, Waiver, count
from fidelity.rules.audit import Finding
from fidelity.rules.evaluation import Evaluation

noon = datetime(2026, 6, 15, 12, tzinfo=UTC)

# A program as the front page shows it.

aurora = Program(
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


# A host's own events and fields.


class Flight(fd.CustomEvent):
    miles = fd.whole(0, 20_000, obtained="earned")
    partner = fd.code(obtained="earned")
    cabin = fd.choice("economy", "business", ordered=True, default="economy")
    fare = fd.amount("5000", obtained="earned", default="0 EUR")
    marks = fd.tags("night", obtained="earned")
    late = fd.flag(default=False)
    booked = fd.day()
    landed = fd.instant()


class Fuel(fd.Fields, of="purchase"):
    litres = fd.whole(0, 1_000, label={"en": "litres", "es": "litros"}, default=0)


flight = Flight("F-1", member="ana", at=noon, miles=550, partner="sky", booked=date(2026, 6, 1), landed=noon)
miles: int = flight.miles
cabin: str = flight.cabin
fare: fd.Money = flight.fare
marks: frozenset[str] = flight.marks
late: bool = flight.late
booked: date = flight.booked
landed: datetime = flight.landed

# Every part, in each of the ways it may be spelled.

dining = Measure("dining", total(purchase.amount, when=purchase.category == "dining"), over="calendar quarter")
flights = Measure("flights", count(Flight, when=Flight.miles >= 500), over="calendar year")
bag = lines(line.category == "coffee")

rules: list[EarnRule | Group] = [
    Group(
        "base", [EarnRule("all", points(1, per="1 EUR"))], combine="best", cap=Cap(500, "points", per="calendar month")
    ),
    EarnRule("stamps", points(1, per="1 item", of=bag.quantity), wallet="stamps"),
    EarnRule("by line", points(1, per="3 EUR", each="line")),
    EarnRule("beans", points(2, per=5, of=bag.count), cap=Cap(20, exceeded="reject")),
    EarnRule("fuel", points(member.tenure_years * 5), when=Fuel.litres >= 30),
    EarnRule("rate", rate("3/100", of=bag.amount), during=(date(2026, 6, 1), "2026-06-30")),
    EarnRule("fraction", rate(Fraction(1, 3)), cap=Cap("25.00 EUR", "spend", per="in any 30 days")),
    EarnRule("decimal", rate(Decimal("1.25")), when="purchase.amount >= 5"),
    EarnRule("step", points(case((purchase.amount >= 200, 600), (purchase.amount >= 100, 250), otherwise=0))),
    EarnRule("flown", points(1, per=100, of=Flight.miles), on=Flight, when=Flight.cabin >= "business"),
    EarnRule("paid", rate("1/10", of=Flight.fare), on=Flight, limit="once"),
    EarnRule("extra", times("3/2", of="base"), when=(dining < 1_500) & (flights == 0)),
]
whole = Program(
    "Aurora Air",
    version="1",
    currency="EUR",
    timezone="Europe/Madrid",
    earn=rules,
    measures=[dining, flights],
    wallets=["stamps", Wallet("gifts", expiry="6 months")],
    events=[Flight],
    fields=(Fuel,),
    excludes=[purchase.category == "gift card", line.category == "tobacco", "purchase.payment == 'voucher'"],
    basis_without=["tax", "tip"],
    cap=Cap(5_000, per="calendar month"),
    rounding="half even",
    multipliers="compound",
    tiers=TierSet(
        [Tier("A"), Tier("B", at="3000 EUR", benefits=["a table is kept"])], counts=dining, falls="never", grace=None
    ),
    rewards=[
        Reward(
            "ten euros off",
            cost=800,
            worth="10 EUR",
            minimum_basket="10 EUR",
            when=redemption.weekday.is_in("monday", "tuesday") & (redemption.hour < 12),
            security=["PIN", Security("two-step", above="50 EUR")],
            legal=[Legal("age", "You must be 18 or older.", "2026-01")],
        ),
        Reward("mug", cost=300, channels=["app"], blackouts=[("2026-12-24", date(2026, 12, 26))], wait="2 days"),
    ],
    filter_budget=FilterBudget(3, reason="a rented terrace", signed="E. Roca", on=date(2026, 1, 1)),
    published=[Published("a point a euro", "purchase.amount // 1 EUR", at_least=True)],
    pace=Pace("2 weeks", event={"purchase.amount": "12.50"}),
    base_benefit=1,
    limits=Limits(split=1, period_events=40, point_value="0.01 EUR"),
    assume=[purchase.amount >= 1, "member.tenure_days <= 36500"],
    waivers=[Waiver("P4.tenure", reason="a trial", signed="E. Roca", on=date(2026, 1, 1))],
)
lowered = Program("Low", version="1", currency="EUR", timezone="UTC", earn=[], filter_budget=1)
score = TierSet([Tier("A"), Tier("B", at=5)], counts=relationship(purchases=10, tenure=50), over="calendar year")

# Conditions.

conditions: list[Condition] = [
    (purchase.amount >= 100) & ~(purchase.channel == "web") | purchase.tags.has_any("a", "b"),
    purchase.amount.between("9.99", fd.Money(5_000, "EUR")),
    purchase.amount - purchase.tip >= Decimal("9.90"),
    purchase.date.between("2026-06-01", date(2026, 6, 30)),
    purchase.at < noon,
    member.tier >= "Silver",
    member.tenure_years.is_in(1, 5, 10),
    least(purchase.amount, "50 EUR") > greatest(purchase.tip, "1 EUR"),
    Flight.late,
    Flight.booked <= "2026-06-01",
    bag.quantity % 2 == 0,
]

# Readings.

sale = fd.Purchase(
    "T-1001",
    member="ana",
    amount="120.50 EUR",
    at=noon,
    channel="app",
    tags=["own cup"],
    lines=[fd.Line(amount="4.00 EUR")],
)
evaluation: Evaluation = aurora.evaluate(sale, fd.Facts(tier="Gold", customer_since=date(2019, 5, 2)))
given: int = evaluation.points + aurora.points_of(sale)
reasons: list[tuple[str, Fraction]] = [(each.rule, each.points) for each in evaluation.applied]
missed: list[tuple[str, str]] = [(each.rule, each.because) for each in evaluation.missed]
text: str = evaluation.explain("es") + aurora.explain("es-MX") + aurora.to_json() + aurora.digest
again: Program = Program.from_dict(aurora.to_dict())
loaded: Program = fd.load("aurora.toml")
findings: tuple[Finding, ...] = aurora.audit().findings
try:
    Program.from_json("{}")
except fd.PaidAccessError as error:
    paths: list[str] = [each.path for each in error.problems]

# Books.

journal = fd.SqlJournal("sqlite:///cafe.db")
loyalty = fd.Loyalty(aurora, journal, members=fd.SqlMembers("sqlite:///people.db"))
spent: str = loyalty.redeem("ana", "mug", key="k", pooled=True, now=noon).id
back: int = loyalty.undo(spent, key="u").points
gone: int = loyalty.transfer("ana", to="eva", points=10, key="t").left
merged: str = loyalty.merge("old", into="ana", key="m").into
kind: int = loyalty.goodwill("ana", points=5, reason="late", key="g", by="staff/7").points
later: datetime = loyalty.extend("ana", until=date(2027, 1, 1), reason="kind", key="x").until
swept: Settlement = loyalty.settle(noon)
kept: Checkpoint = loyalty.checkpoint(noon)
sound: bool = loyalty.verify(kept).sound
ids: list[str] = [account.member for account in loyalty.accounts(at=noon)]
shared: tuple[str, ...] = loyalty.household("smiths").members
port: fd.Journal = journal


async def awaited() -> int:
    desk = fd.AsyncLoyalty(aurora, fd.AsyncSqlJournal("sqlite+aiosqlite:///cafe.db"))
    ids.extend([account.member async for account in desk.accounts(at=noon)])
    return (await desk.balance("ana", at=noon)).available
