"""Whole programs, events and facts for the tests of the rulebook, and strategies that make them.

`program(…)` is the shortest way to a program in EUR and Madrid; `programs()` makes legal ones with every clause,
`happenings(program)` pairs of an event and facts that fit one.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache

from hypothesis import strategies as st

from fidelity.events import Feedback, Line, Participation, Purchase, Visit
from fidelity.facts import Facts
from fidelity.language.declare import CustomEvent, Fields, amount, choice, code, flag, tags, whole
from fidelity.language.fields import line, lines, member, purchase, redemption, visit
from fidelity.rules.amounts import points, rate, times
from fidelity.rules.earning import POLICIES, EarnRule, Group, Wallet
from fidelity.rules.limits import Cap
from fidelity.rules.measures import Measure, count, total
from fidelity.rules.program import Program
from fidelity.rules.published import Limits, Pace, Published, Waiver
from fidelity.rules.rewards import FilterBudget, Legal, Reward, Security
from fidelity.rules.tiers import Tier, TierSet, relationship

NOON = datetime(2026, 6, 15, 10, tzinfo=UTC)  # a Monday, noon in Madrid


class Flight(CustomEvent):
    miles = whole(-500, 2_000, obtained="earned")
    partner = code(obtained="earned")
    cabin = choice("economy", "business", ordered=True, obtained="earned", default="economy")
    late = flag(obtained="given", default=False)


class Fuel(Fields, of="purchase"):
    litres = whole(0, 100, obtained="earned", default=0, label={"en": "litres", "es": "litros"})


class Item(Fields, of="line"):
    organic = flag(obtained="earned", default=False)


class Card(Fields, of="member"):
    staff = flag(obtained="given", default=False)
    plus = flag(obtained="bought", default=False)
    city = code(obtained="declared", default=None)


class Refuel(CustomEvent, kind="refuel"):
    paid = amount("500", obtained="earned", default="0 EUR")
    marks = tags("night", "motorway", obtained="earned")


def program(*earn, **parts):
    """A program in EUR and Madrid with these rules; one point for each euro if none is given."""
    rules = earn or (EarnRule("base", points(1, per="1 EUR")),)
    return Program("Café Aurora", version="1", currency="EUR", timezone="Europe/Madrid", earn=rules, **parts)


def plain(**parts):
    """The same as plain data, for the codec."""
    rule = {"name": "base", "points": 1, "per": "1 EUR"}
    return {
        "name": "Café Aurora",
        "version": "1",
        "currency": "EUR",
        "timezone": "Europe/Madrid",
        "earn": [rule],
        **parts,
    }


def sale(money="10.00 EUR", *, at=NOON, **parts):
    return Purchase("T-1", member="ana", at=at, amount=money, **parts)


def item(money, category="", quantity=1, **parts):
    return Line(amount=money, category=category, quantity=quantity, **parts)


def rule(number=10, name="gift", **parts):
    """A rule of so many points."""
    return EarnRule(name, points(number), **parts)


BASE = EarnRule("base", points(1, per="1 EUR"))


# -- strategies

_NAMES = st.text("abcñ xyz'&", min_size=1, max_size=8).filter(str.strip)
_CODES = ("app", "store", "")
_SMALL = st.integers(1, 20)
_WINDOWS = st.sampled_from(
    ("calendar day", "calendar month", "in any 30 days", "calendar year", "membership year", "ever")
)
_FACTORS = st.sampled_from(("2", "3/2", "5/4", "3", "2", "3/2", "1"))


@cache
def conditions():
    """Conditions on a purchase that small examples often meet."""
    simple = st.one_of(
        st.integers(0, 30).map(lambda n: purchase.amount >= n),
        st.integers(0, 30).map(lambda n: purchase.basis < n),
        st.sampled_from(_CODES).map(lambda c: purchase.channel == c),
        st.just(purchase.tags.has("own cup")),
        st.just(purchase.weekday.is_in("saturday", "sunday", "monday")),
        st.integers(0, 4).map(lambda n: member.tenure_years >= n),
        st.just(Card.staff),
        st.just(lines(line.category == "tea").quantity >= 2),
        st.integers(0, 60).map(lambda n: purchase.amount - purchase.tip >= n),
    )
    return st.recursive(
        simple,
        lambda inner: st.one_of(
            st.builds(lambda a, b: a & b, inner, inner),
            st.builds(lambda a, b: a | b, inner, inner),
            inner.map(lambda a: ~a),
        ),
        max_leaves=3,
    )


@cache
def _gives():
    lines_of = lines(line.category == "coffee")
    return st.one_of(
        st.builds(points, st.integers(1, 30)),
        st.builds(lambda n, per: points(n, per=per), _SMALL, st.sampled_from(("1 EUR", "3 EUR", "0.50 EUR"))),
        st.builds(lambda n: points(n, per="3 EUR", each="line"), _SMALL),
        st.builds(lambda n: points(n, per="1 item", of=lines_of.quantity), _SMALL),
        st.builds(lambda n: points(n, per="2 EUR", of=lines_of.amount), _SMALL),
        st.builds(rate, st.sampled_from(("3/100", "1/3", "2", "1.25"))),
        st.builds(lambda r: rate(r, of=lines_of.amount), st.sampled_from(("1/7", "1/2"))),
        st.just(points(member.tenure_years * 5)),
        st.just(points(2, per=10, of=Fuel.litres)),
    )


@cache
def _caps(units=("points", "spend")):
    def made(unit, most, per, exceeded):
        return Cap(most if unit == "points" else f"{most}.50 EUR", unit, per=per, exceeded=exceeded)

    per = st.none() | _WINDOWS
    return st.builds(
        made, st.sampled_from(units), st.integers(5, 60) | st.integers(0, 5), per, st.sampled_from(("reduce", "reject"))
    )


def _counts_money(gives):
    """Whether a cap of spend has something to cap."""
    return gives is not None and (
        type(gives).__name__ == "Rate"
        or (gives.per is not None and not isinstance(gives.per.size, int) and not gives.each)
    )


_MAYBE_CONDITION = st.integers(0, 2).flatmap(lambda n: conditions() if n == 2 else st.none())
_MAYBE_GIVES = st.integers(0, 7).flatmap(lambda n: st.none() if n == 7 else _gives())
_MAYBE_CAP = st.integers(0, 3).flatmap(lambda n: _caps(("points",)) if n == 3 else st.none())


@st.composite
def _rules(draw, name, *, wallet="points"):
    gives = draw(_MAYBE_GIVES)
    cap = None
    if gives is not None and draw(st.integers(0, 3)) == 0:
        cap = draw(_caps() if _counts_money(gives) else _caps(("points",)))
    first = draw(st.sampled_from((None, None, None, None, date(2026, 6, 1), date(2026, 6, 15), date(2026, 7, 1))))
    return EarnRule(
        name,
        gives,
        when=draw(_MAYBE_CONDITION),
        limit=draw(
            st.sampled_from((None, None, None, "once a day", "2 per calendar month", "3 in any 30 days", "once"))
        ),
        cap=cap,
        wallet=wallet,
        during=None if first is None else (first, first + timedelta(days=draw(st.integers(0, 40)))),
        message="a card" if gives is None else draw(st.sampled_from(("", "thank you"))),
        recognition=draw(st.sampled_from(("", "friend of the house"))),
    )


@st.composite
def earnings(draw):
    """Groups and rules with multipliers, in one or two wallets; the first group is called base."""
    earn = []
    for place in range(draw(st.integers(1, 3))):
        wallet = "stamps" if place and draw(st.booleans()) else "points"
        name = "base" if not place else f"group {place}"
        rules = [draw(_rules(f"rule {place}.{each}", wallet=wallet)) for each in range(draw(st.integers(1, 3)))]
        cap = draw(_MAYBE_CAP)
        earn.append(Group(name, rules, combine=draw(st.sampled_from(("sum", "best", "first"))), cap=cap))
    for place in range(draw(st.sampled_from((2, 0, 1, 3)))):
        of = draw(st.sampled_from(["base", *(each.name for each in earn if isinstance(each, Group))]))
        limit = draw(st.sampled_from((None, "once a day")))
        earn.append(EarnRule(f"times {place}", times(draw(_FACTORS), of=of), when=draw(_MAYBE_CONDITION), limit=limit))
    return earn


@st.composite
def deciding(draw):
    """Programs about purchases, with everything that changes how an event is decided."""
    measured = Measure("tea", total(purchase.amount, when=purchase.channel == "app"), over=draw(_WINDOWS))
    often = Measure("often", count(purchase), over="in any 30 days")
    earn = draw(earnings())
    if draw(st.booleans()):
        earn.append(EarnRule("regular", points(7), when=(measured >= 20) & (often < 3)))
    tiers = None
    if draw(st.sampled_from((True, False))):
        factors = draw(st.lists(_FACTORS, min_size=2, max_size=2))
        levels = [Tier("Bronze"), Tier("Silver", at=50, earns=factors[0]), Tier("Gold", at=200, earns=factors[1])]
        tiers = TierSet(levels, counts=draw(st.sampled_from(("points earned", "spend", "purchases"))), over="12 months")
    return program(
        *earn,
        tiers=tiers,
        measures=[measured, often],
        fields=[Fuel, Item, Card],
        excludes=draw(st.sampled_from(((), _EXCLUDES[:1], _EXCLUDES[1:3], _EXCLUDES[3:], _EXCLUDES))),
        basis_without=draw(st.lists(st.sampled_from(("tax", "shipping", "tip")), max_size=2, unique=True)),
        cap=draw(_MAYBE_CAP),
        rounding=draw(st.sampled_from(("floor", "half even", "half up", "ceil"))),
        multipliers=draw(st.sampled_from(("best", "compound", "add"))),
    )


_EXCLUDES = (purchase.category == "gift card", line.category == "tobacco", line.tags.has("promo"), Card.staff)


@st.composite
def happenings(draw, decided):
    """A purchase and facts that fit *decided*."""
    cents = st.integers(0, 4_000)
    kinds = st.sampled_from(("coffee", "tea", "tobacco", ""))

    def bought(minor, category, quantity, promo):
        return item(f"{minor // 100}.{minor % 100:02} EUR", category, quantity, tags=["promo"] if promo else [])

    bag = draw(st.lists(st.builds(bought, cents, kinds, st.integers(0, 4), st.booleans()), max_size=3))
    minor = draw(st.integers(1_000, 4_000) | cents)
    paid = draw(st.integers(0, 3).flatmap(lambda n: st.none() if n else st.integers(0, minor)))
    parts = {name: draw(st.none() | st.integers(0, 300)) for name in ("tax", "shipping", "tip")}
    event = sale(
        f"{minor // 100}.{minor % 100:02} EUR",
        at=draw(
            st.sampled_from((NOON, NOON + timedelta(days=5), NOON + timedelta(hours=12), NOON + timedelta(days=30)))
        ),
        channel=draw(st.sampled_from(_CODES)),
        category=draw(st.sampled_from(("", "", "", "gift card"))),
        tags=draw(st.sampled_from(([], ["own cup"]))),
        lines=bag,
        paid_with_points=None if paid is None else f"{paid // 100}.{paid % 100:02} EUR",
        fields={"litres": draw(st.integers(0, 100))},
        **{name: None if each is None else f"{each // 100}.{each % 100:02} EUR" for name, each in parts.items()},
    )
    names = [*(decided.lowering.counter_kinds), "measure.tea", "measure.often"]
    used = draw(st.lists(st.sampled_from(names), unique=True, max_size=4))
    counters = {name: draw(st.integers(0, 3) | st.integers(0, 6_000)) for name in used}
    tier = draw(st.sampled_from((*decided.tiers.names[::-1], ""))) if decided.tiers else ""
    since = draw(st.none() | st.sampled_from((date(2020, 2, 29), date(2024, 6, 15), date(2026, 6, 1))))
    staff = draw(st.sampled_from((False, False, False, True)))
    return event, Facts(tier=tier, customer_since=since, counters=counters, fields={"staff": staff, "city": "Vigo"})


@st.composite
def rewards(draw, place=0):
    """Rewards within the budget of two filters."""
    picked = draw(st.lists(st.sampled_from(sorted(_FILTERS)), max_size=2, unique=True))
    return Reward(
        f"reward {place}",
        cost=draw(st.integers(1, 500)),
        worth=draw(st.sampled_from(("5 EUR", "60 EUR"))),
        security=draw(st.sampled_from(((), ("account", "PIN"), ("two-step", Security("PIN", above="50 EUR"))))),
        legal=draw(st.sampled_from(((), (Legal("age", "You must be 18 or older.", "2026-01"),)))),
        published_cost=draw(st.none() | st.integers(1, 500)),
        **{key: _FILTERS[key] for key in picked},
    )


_FILTERS = {
    "when": redemption.weekday == "monday",
    "minimum_balance": 600,
    "minimum_basket": "5 EUR",
    "channels": ["app"],
    "blackouts": [("2026-12-24", date(2026, 12, 26))],
    "wait": "2 days",
    "voucher_life": "30 days",
    "steps": ["tell us your size"],
    "block": 7,
}


@st.composite
def wallets(draw):
    """Stamps, and often the main wallet, with every policy that a wallet may have."""

    def one(name):
        return Wallet(
            name,
            expiry=draw(st.sampled_from((None, "6 months"))),
            **{policy: draw(st.sampled_from(known)) for policy, known in POLICIES.items()},
            pending=draw(st.sampled_from((None, "14 days", "2 months"))),
        )

    return [one("stamps"), *([one("points")] if draw(st.booleans()) else [])]


@st.composite
def programs(draw):
    """Programs with every clause that the codec knows."""
    base = draw(deciding())
    own = draw(st.booleans())
    extra = [
        EarnRule("flown", points(1, per=100, of=Flight.miles), when=Flight.cabin >= "business", on=Flight),
        EarnRule("late", points(50), when=Flight.late == True, on=Flight, message="we are sorry"),  # noqa: E712 -- the language
        EarnRule("refuelled", rate("1/10", of=Refuel.paid), when=Refuel.marks.has("night"), on=Refuel, wallet="stamps"),
    ]
    nights = Measure("nights", total(Flight.miles, when=Flight.partner == "sky"), over="calendar year")
    visits = Measure("visits", count(visit), over="ever")
    counts = draw(st.sampled_from(("visits", relationship(purchases=10, tenure=50, feedback=5), visits)))
    tiers = draw(st.sampled_from((base.tiers, None))) or TierSet(
        [Tier("Friend"), Tier("Family", at=3, benefits=("a table is kept",))],
        counts=counts,
        over=None if isinstance(counts, Measure) else draw(st.sampled_from(("calendar year", "12 months"))),
        grace=draw(st.sampled_from((None, "3 months"))),
        falls=draw(st.sampled_from(("one level at a time", "to what is earned", "never"))),
        kept=draw(st.integers(0, 2)),
    )
    signed = {"reason": "a legal order", "signed": "E. Roca", "on": date(2026, 1, 1)}
    return Program(
        draw(_NAMES),
        version=draw(_NAMES),
        currency="EUR",
        timezone=draw(st.sampled_from(("Europe/Madrid", "America/Mexico_City", "UTC"))),
        earn=[*base.earn, *(extra if own else ())],
        tiers=tiers,
        rewards=[draw(rewards(place)) for place in range(draw(st.integers(0, 3)))],
        expiry=draw(st.sampled_from(("never", "12 months", "12 months, to the end of the month", "365 days"))),
        measures=[*base.measures, visits, *([nights] if own else ())],
        wallets=draw(wallets()),
        events=[Refuel, Flight] if own else (),
        fields=base.fields,
        excludes=base.excludes,
        basis_without=base.basis_without,
        cap=base.cap,
        rounding=base.rounding,
        multipliers=base.multipliers,
        filter_budget=draw(st.sampled_from((2, FilterBudget(3, **signed)))),
        published=draw(
            st.sampled_from(
                (
                    (),
                    (
                        Published(
                            "a point a euro", "purchase.amount // 1 EUR", at_least=True, when=purchase.amount >= 5
                        ),
                    ),
                )
            )
        ),
        pace=draw(st.none() | st.just(Pace("2 weeks", event={"purchase.amount": "12.50"}, horizon="24 months"))),
        base_benefit=draw(st.none() | st.just("purchase.amount // 1 EUR")),
        limits=draw(st.sampled_from((Limits(), Limits(split=1, event_points=500)))),
        waivers=draw(st.sampled_from(((), (Waiver("P4.tenure", rule="rule 0.0", **signed),)))),
    )


def occasions():
    """Events of the other built-in kinds."""
    made = {Visit: {"store": "Sol"}, Feedback: {"topic": "coffee"}, Participation: {"activity": "tasting"}}
    return [kind("E-1", member="ana", at=NOON, **parts) for kind, parts in made.items()]
