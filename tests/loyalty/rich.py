"""Programs in which everything stands together: what members share, vouchers, payments, conversions, idle points."""

from __future__ import annotations

from datetime import date

from fidelity import (
    Campaign,
    Cap,
    Claims,
    Conversion,
    Decay,
    EarnRule,
    Group,
    Measure,
    Milestone,
    Payment,
    Program,
    ReferralProgram,
    Reward,
    Tier,
    TierSet,
    Wallet,
    count,
    member,
    points,
    streak,
    times,
    visit,
)

_WEEKS = Measure("weeks", streak(visit, each="calendar week"))
_VISITS = Measure("visits", count(visit), over="ever")


def rich(version="1", *, name="Rich", stock=3, budget=60, **other):
    """A generous shop with two campaigns, a stock, vouchers, friends, tiers, rows of weeks and points that wait."""
    earn = [
        Group("base", [EarnRule("euros", points(1, per="1 EUR"))]),
        EarnRule("hello", points(7), on="visit", wallet="stamps"),
        EarnRule("faithful", points(20), on="visit", when=_WEEKS >= 1),
        EarnRule("next order", voucher="three off", limit="2 ever"),
        EarnRule("hotel", points(2, per="10 EUR"), wallet="miles", partner="hotel", billed="0.01 EUR"),
        EarnRule("another year", points(30), on="anniversary"),
        EarnRule("thank you", points(50), on="referral", limit="2 ever"),
        EarnRule("welcome", points(20), on="referred"),
        Campaign("autumn", [EarnRule("double", times(2, of="base"))], budget=Cap(budget, "points")),
        Campaign("first", [EarnRule("gold extra", points(9), when=member.tier >= "Gold")], budget="4 times"),
        Campaign("open", [EarnRule("a little more", points(1))]),
    ]
    terms = {
        "version": version,
        "currency": "EUR",
        "timezone": "Europe/Madrid",
        "earn": earn,
        "rewards": [
            Reward("smile", cost=5, limit="6 ever"),
            Reward("mug", cost=10, stock=stock, worth="3 EUR"),
            Reward("three off", cost=20, stock=stock, worth="3 EUR", voucher="40 days", minimum_basket="3 EUR"),
            Payment("at the till", points=10, worth="1 EUR", blocks=10),
        ],
        "expiry": "6 months",
        "wallets": [
            Wallet("points"),
            Wallet("stamps", pending="until confirmed, at most 20 days", expiry="after 2 months without activity"),
            Wallet("miles", expiry="8 months", decay=Decay(after="20 days", every="week", lose="10 %", at_least=3)),
        ],
        "conversions": [
            Conversion(of="miles", every="calendar quarter", blocks=5, worth="1 EUR", voucher="2 months", name="slip")
        ],
        "tiers": TierSet(
            [Tier("Bronze"), Tier("Gold", at=150, earns="3/2")], counts="points earned", over="12 months",
            grace="1 month",
        ),
        "measures": [_WEEKS, _VISITS],
        "milestones": [Milestone("there", at=50, message="there")],
        "referrals": ReferralProgram(at_least="5 EUR", within="60 days"),
        "claims": [Claims("6 months")],
    }  # fmt: skip
    return Program(name, **{**terms, **other})


def dearer(version="2", **other):
    """The version after it: a reward costs more, one is gone, a campaign is gone, another life."""
    later = rich(version, **other)
    rewards = [Reward("smile", cost=8), Reward("mug", cost=12, stock=9, worth="2 EUR"), later.rewards[3]]
    earn = [each for each in later.earn if each.name not in ("autumn", "next order")]
    return rich(version, **{"rewards": rewards, "earn": earn, "expiry": "4 months", **other})


def editions():
    """Three versions side by side, each from a day of its own; the third is the first one again."""
    return [
        rich("1"),
        dearer("2", effective=date(2026, 4, 1)),
        rich("3", effective=date(2026, 10, 1)),
    ]  # fmt: skip
