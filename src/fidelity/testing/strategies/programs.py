"""Strategies for whole programs, with every clause that there is."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st

from fidelity.language.fields import line, purchase, redemption, visit
from fidelity.rules.earning.amounts import points, rate
from fidelity.rules.earning.measures import Measure, count, total
from fidelity.rules.earning.milestones import Milestone
from fidelity.rules.earning.rules import POLICIES, EarnRule, Wallet
from fidelity.rules.program import Program
from fidelity.rules.published import Limits, Pace, Published, Waiver
from fidelity.rules.rewards.reward import FilterBudget, Legal, Reward, Security
from fidelity.rules.tiers.tier_set import Tier, TierSet, relationship
from fidelity.testing.strategies.earning import FACTORS, MAYBE_CAP, WINDOWS, earnings
from fidelity.testing.strategies.vocabulary import Card, Flight, Fuel, Item, Refuel
from fidelity.values.decay import Decay

__all__ = ["deciding", "programs", "rewards", "wallets"]

_NAMES = st.text("abcñ xyz'&", min_size=1, max_size=8).filter(str.strip)


@st.composite
def deciding(draw: st.DrawFn) -> Program:
    """Programs about purchases, with everything that changes how an event is decided."""
    measured = Measure("tea", total(purchase.amount, when=purchase.channel == "app"), over=draw(WINDOWS))
    often = Measure("often", count(purchase), over="in any 30 days")
    earn = draw(earnings())
    if draw(st.booleans()):
        earn.append(EarnRule("regular", points(7), when=(measured >= 20) & (often < 3)))
    tiers = None
    if draw(st.sampled_from((True, False))):
        factors = draw(st.lists(FACTORS, min_size=2, max_size=2))
        levels = [Tier("Bronze"), Tier("Silver", at=50, earns=factors[0]), Tier("Gold", at=200, earns=factors[1])]
        tiers = TierSet(levels, counts=draw(st.sampled_from(("points earned", "spend", "purchases"))), over="12 months")
    return Program(
        "Café Aurora",
        version="1",
        currency="EUR",
        timezone="Europe/Madrid",
        earn=earn,
        tiers=tiers,
        measures=[measured, often],
        fields=[Fuel, Item, Card],
        excludes=draw(st.sampled_from(((), _EXCLUDES[:1], _EXCLUDES[1:3], _EXCLUDES[3:], _EXCLUDES))),
        basis_without=draw(st.lists(st.sampled_from(("tax", "shipping", "tip")), max_size=2, unique=True)),
        points_part=draw(st.sampled_from(("after", "after", "before", "nothing"))),
        order_discount=draw(st.sampled_from(("prorate", "prorate", "lines in scope"))),
        cap=draw(MAYBE_CAP),
        rounding=draw(st.sampled_from(("floor", "half even", "half up", "ceil"))),
        rounded=draw(st.sampled_from(("once", "once", "per rule", "per line"))),
        multiplied=draw(st.sampled_from(("whole points", "whole points", "exact amount"))),
        multipliers=draw(st.sampled_from(("best", "compound", "add"))),
    )


_MILESTONES = (
    Milestone("halfway", at=50, message="halfway"),
    Milestone("there", at=100, benefit="a kept table"),
    Milestone("tenth visit", at=10, of="measure.visits", recognition="friend of the house"),
)
_EXCLUDES = (purchase.category == "gift card", line.category == "tobacco", line.tags.has("promo"), Card.staff)


@st.composite
def rewards(draw: st.DrawFn, place: int = 0) -> Reward:
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


_FILTERS: dict[str, Any] = {
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


_BOTH = "5 months, or after 2 whole months without activity"
_AT_MOST = "until confirmed, at most 20 days"
_FADING = Decay(after="20 days", every="week", lose="10 %", at_least=3, all_at="12 weeks")


@st.composite
def wallets(draw: st.DrawFn) -> list[Wallet]:
    """Stamps, and often the main wallet, with every policy that a wallet may have."""

    def one(name: str) -> Wallet:
        policies: dict[str, Any] = {policy: draw(st.sampled_from(known)) for policy, known in POLICIES.items()}
        life = draw(st.sampled_from((None, "6 months", "after 40 days without activity", _BOTH)))
        idles = life is not None and "activity" in life
        counts = st.sampled_from(((), ("redeem",), ("earn", "redeem", "event", "transfer")))
        return Wallet(
            name,
            expiry=life,
            **policies,
            pending=draw(st.sampled_from((None, "14 days", "2 months", "until confirmed", _AT_MOST))),
            activity=draw(counts) if idles else (),
            decay=draw(st.sampled_from((None, _FADING))) if life == "6 months" else None,
        )

    return [one("stamps"), *([one("points")] if draw(st.booleans()) else [])]


@st.composite
def programs(draw: st.DrawFn) -> Program:
    """
    Legal programs, in the whole breadth of what a program may say.

    Every clause, every policy of a wallet, tiers and rewards, and fields and events of a host's own.
    """
    base = draw(deciding())
    own = draw(st.booleans())
    extra = [
        EarnRule("flown", points(1, per=100, of=Flight.miles), when=Flight.cabin >= "business", on=Flight),
        EarnRule("late", points(50), when=Flight.late == True, on=Flight, message="we are sorry"),  # noqa: E712 -- the language
        EarnRule("refuelled", rate("1/10", of=Refuel.paid), when=Refuel.marks.has("night"), on=Refuel, wallet="stamps"),
    ]
    nights = Measure("nights", total(Flight.miles, when=Flight.partner == "sky"), over="calendar year")
    visits = Measure("visits", count(visit), over="ever")
    scores: tuple[Any, ...] = ("visits", relationship(purchases=10, tenure=50, feedback=5), visits)
    counts = draw(st.sampled_from(scores))
    tiers = draw(st.sampled_from((base.tiers, None))) or TierSet(
        [Tier("Friend"), Tier("Family", at=3, benefits=("a table is kept",))],
        counts=counts,
        over=None if isinstance(counts, Measure) else draw(st.sampled_from(("calendar year", "12 months"))),
        grace=draw(st.sampled_from((None, "3 months"))),
        falls=draw(st.sampled_from(("one level at a time", "to what is earned", "never"))),
        kept=draw(st.integers(0, 2)),
    )
    signed: dict[str, Any] = {"reason": "a legal order", "signed": "E. Roca", "on": date(2026, 1, 1)}
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
        points_part=base.points_part,
        order_discount=base.order_discount,
        cap=base.cap,
        rounding=base.rounding,
        rounded=base.rounded,
        multiplied=base.multiplied,
        multipliers=base.multipliers,
        milestones=draw(st.sampled_from(((), (), _MILESTONES))),
        filter_budget=draw(st.just(2) | st.just(FilterBudget(3, **signed))),
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
