"""What the books read of a program: wallets, counters and tiers, and nothing of why points are given."""

from zoneinfo import ZoneInfo

import pytest

from fidelity.language.fields import purchase
from fidelity.ledger import TierTerms, WalletTerms
from fidelity.ledger.terms import terms_of
from fidelity.rules.earning.amounts import points
from fidelity.rules.earning.limits import Cap
from fidelity.rules.earning.measures import Measure, total
from fidelity.rules.earning.rules import EarnRule, Group, Wallet
from fidelity.rules.program import Program
from fidelity.rules.tiers.tier_set import Relationship, Tier, TierSet
from fidelity.values.expiry import expiry
from fidelity.values.periods import duration, window

BASE = EarnRule("base", points(1, per="1 EUR"))


def terms(*earn, **parts):
    told = {"currency": "EUR", "timezone": "Europe/Madrid", "version": "7", "earn": earn or (BASE,), **parts}
    made = Program("Café Aurora", **told)
    return made, terms_of(made)


def test_a_program_is_known_by_its_name_version_and_content():
    made, read = terms()

    assert (read.name, read.version, read.digest, read.zone) == (
        "Café Aurora", "7", made.digest, ZoneInfo("Europe/Madrid"),
    )  # fmt: skip
    assert (read.counters, read.tiers) == ({}, None)


def test_wallets_are_the_main_one_and_those_declared_each_with_its_terms():
    policies = {"order": "earning order", "clawback": "only pending", "transfers": "not at all"}
    stamps = Wallet("stamps", expiry="6 months", pending="2 days", **policies)

    _, read = terms(BASE, wallets=[stamps, "gifts"], expiry="12 months")

    assert read.wallets == {
        "points": WalletTerms(name="points", expiry=expiry("12 months")),
        "stamps": WalletTerms(name="stamps", expiry=expiry("6 months"), pending=duration("2 days"), **policies),
        "gifts": WalletTerms(name="gifts", expiry=expiry("12 months")),
    }


def test_counters_are_those_of_measures_limits_and_caps_with_their_windows():
    dining = Measure("dining", total(purchase.amount), over="calendar quarter")
    group = Group(
        "base",
        [
            EarnRule("base", points(1, per="1 EUR"), cap=Cap(50, per="calendar week")),
            EarnRule("app", points(5), limit="once a day", cap=Cap(20, per="calendar month")),
            EarnRule("each", points(5), cap=Cap(2)),
        ],
    )
    other = Group("fun", [EarnRule("quiz", points(1))], cap=Cap(9, per="in any 30 days"))
    small = Group("small", [EarnRule("tip", points(1))], cap=Cap(9))

    _, read = terms(group, other, small, measures=[dining], cap=Cap(500, per="calendar year"))

    assert read.counters == {
        name: window(over)
        for name, over in {
            "measure.dining": "calendar quarter",
            "cap.base": "calendar week",
            "limit.app": "day",
            "cap.base/app": "calendar month",
            "cap.fun": "in any 30 days",
            "cap.program": "calendar year",
        }.items()
    }


def test_a_cap_for_each_event_by_itself_needs_no_counter():
    assert terms(cap=Cap(10))[1].counters == {}


LEVELS = [Tier("Bronze"), Tier("Silver", at=500)]


@pytest.mark.parametrize(
    ("told", "tiers", "counters"),
    [
        (
            {"counts": "points earned", "over": "12 months", "grace": "2 months", "falls": "never", "kept": 3},
            {"score": (("tiers.points", 1),), "over": window("12 months"), "grace": duration("2 months"),
             "falls": "never", "kept": 3},
            {"tiers.points": window("12 months")},
        ),
        (
            {"counts": "visits", "over": "ever", "grace": None},
            {"score": (("tiers.visits", 1),), "over": window("ever"), "grace": None},
            {"tiers.visits": window("ever")},
        ),
        (
            {"counts": Relationship(purchases=10, tenure=25), "over": "calendar year"},
            {"score": (("tiers.purchases", 10),), "over": window("calendar year"), "tenure": 25,
             "grace": duration("3 months")},
            {"tiers.purchases": window("calendar year")},
        ),
    ],
    ids=["points", "visits", "relationship"],
)  # fmt: skip
def test_tiers_are_known_by_what_they_count_and_how_members_fall(told, tiers, counters):
    _, read = terms(tiers=TierSet(LEVELS, **told))

    assert read.tiers == TierTerms(names=("Bronze", "Silver"), thresholds=(0, 500), **tiers)
    assert read.counters == counters


@pytest.mark.parametrize(("currency", "silver"), [("EUR", 50_000), ("JPY", 500)])
def test_a_threshold_of_spend_is_in_minor_units(currency, silver):
    _, read = terms(
        EarnRule("base", points(1)), tiers=TierSet(LEVELS, counts="spend", over="12 months"), currency=currency
    )

    assert read.tiers.thresholds == (0, silver)


def test_a_threshold_may_be_said_as_money():
    _, read = terms(tiers=TierSet([Tier("Bronze"), Tier("Silver", at="500.50 EUR")], counts="spend", over="12 months"))

    assert read.tiers.thresholds == (0, 50_050)


def test_tiers_that_count_a_measure_have_its_window_and_its_counter():
    dining = Measure("dining", total(purchase.amount), over="calendar quarter")

    _, read = terms(measures=[dining], tiers=TierSet(LEVELS, counts=dining))

    assert (read.tiers.score, read.tiers.over) == ((("measure.dining", 1),), window("calendar quarter"))
    assert read.tiers.thresholds == (0, 50_000)
    assert read.counters == {"measure.dining": window("calendar quarter")}
