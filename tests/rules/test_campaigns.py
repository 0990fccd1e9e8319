"""Campaigns: rules that hold for a while, and give all members together no more than a budget."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

import fidelity as fd
from fidelity.errors import ExactnessError, OperandError, ProgramError, TimeError
from fidelity.rules.earning.campaigns import instants

MADRID = ZoneInfo("Europe/Madrid")
BASE = fd.EarnRule("base", fd.points(1, per="1 EUR"))
EXTRA = fd.EarnRule("extra", fd.points(10))
DOUBLE = fd.EarnRule("double", fd.times(2, of="base"))


def program(*rules, **terms):
    earn = [BASE, fd.Campaign("autumn", rules or [EXTRA], **terms)]
    return fd.Program("Shop", version="1", currency="EUR", timezone="Europe/Madrid", earn=earn)


def sale(amount="30 EUR", at=datetime(2026, 11, 28, 12, tzinfo=UTC)):
    return fd.Purchase("T", member="ana", amount=amount, at=at)


def evaluated(made, amount="30 EUR", *, at=datetime(2026, 11, 28, 12, tzinfo=UTC), **counters):
    facts = fd.Facts(counters={f"{name}.autumn": value for name, value in counters.items()})
    return made.evaluate(sale(amount, at), facts)


# Windows


@pytest.mark.parametrize(
    ("local", "points"),
    [
        ("2026-11-27 17:59:59.999999", 30), ("2026-11-27 18:00", 40), ("2026-11-30 23:59:59.999999", 40),
        ("2026-12-01 00:00", 30),
    ],
)  # fmt: skip
def test_a_campaign_runs_from_its_first_instant_to_the_end_of_its_last_day(local, points):
    made = program(during=("2026-11-27 18:00", "2026-11-30"))
    assert evaluated(made, at=datetime.fromisoformat(local).replace(tzinfo=MADRID)).points == points


def test_an_hour_that_comes_twice_belongs_to_the_campaign_both_times():
    """On 25 October 2026 the clocks of Madrid show two o'clock twice, at 0:00 and at 1:00 UTC."""
    opens, closes = (
        program(during=("2026-10-25 02:00", "2026-10-26")),
        program(during=("2026-10-24", "2026-10-25 02:30")),
    )

    assert instants(opens.campaigns[0].during, MADRID)[0] == datetime(2026, 10, 25, 0, tzinfo=UTC)
    assert instants(closes.campaigns[0].during, MADRID)[1] == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert [evaluated(opens, at=datetime(2026, 10, 25, hour, tzinfo=UTC)).points for hour in (0, 1)] == [40, 40]


def test_an_hour_that_is_skipped_is_the_first_one_after_it():
    """On 29 March 2026 the clocks of Madrid jump from two to three, at 1:00 UTC."""
    made = program(during=("2026-03-29 02:30", "2026-03-29"))
    jump = datetime(2026, 3, 29, 1, tzinfo=UTC)

    assert evaluated(made, at=jump).points == 40
    assert evaluated(made, at=jump - timedelta(microseconds=1)).points == 30


def test_a_window_that_only_holds_a_skipped_hour_is_refused():
    with pytest.raises(ProgramError, match="is over before it begins on the clocks of Europe/Madrid"):
        program(during=("2026-03-29 02:10", "2026-03-29 02:50"))


@pytest.mark.parametrize(
    "during",
    ["2026-11-27", ("2026-11-27",), ("27 November", "2026-11-30"), ("2026-11-30", "2026-11-27"),
     ("2026-11-27 18:00", "2026-11-27 18:00"), (datetime(2026, 11, 27, tzinfo=UTC), "2026-11-30"), (1, 2)],
)  # fmt: skip
def test_what_is_no_window_says_what_to_write(during):
    with pytest.raises(TimeError, match=r"write|begins|takes"):
        program(during=during)


# Budgets


@pytest.mark.parametrize(("used", "extra"), [(0, 10), (40, 10), (45, 5), (49, 1), (50, 0), (60, 0)])
def test_a_budget_of_points_gives_what_is_left(used, extra):
    found = evaluated(program(budget=fd.Cap(50, "points")), budget=used)

    assert found.points == 30 + extra
    assert found.counts.get("budget.autumn", 0) == extra
    shown = [(each.group, each.desired, each.given, each.what) for each in found.reduced]
    assert shown == ([("autumn", 10, extra, "campaign")] if 0 < extra < 10 else [])
    assert [each.because for each in found.missed] == ([] if extra else ["budget"])


def test_a_budget_that_rejects_gives_all_or_nothing():
    made = program(EXTRA, DOUBLE, budget=fd.Cap(50, "points", exceeded="reject"))

    whole, short = evaluated(made, budget=10), evaluated(made, budget=11)

    assert (whole.points, whole.counts["budget.autumn"]) == (70, 40)
    assert (short.points, dict(short.counts)) == (30, {})
    assert [(each.desired, each.given) for each in short.reduced] == [(40, 0)]


def test_a_budget_counts_what_a_multiplier_adds_to_other_rules():
    made = program(DOUBLE, budget=fd.Cap(50, "points"))

    assert [evaluated(made, budget=used).points for used in (0, 20, 25, 50)] == [60, 60, 55, 30]
    assert evaluated(made, budget=25).counts["budget.autumn"] == 25


def test_a_budget_is_charged_what_the_cap_of_a_group_lets_through():
    base = fd.Group("base", [fd.EarnRule("each euro", fd.points(1, per="1 EUR"))], cap=fd.Cap(40, "points"))
    made = fd.Program(
        "Shop", version="1", currency="EUR", timezone="UTC",
        earn=[base, fd.Campaign("autumn", [DOUBLE], budget=fd.Cap(50, "points"))],
    )  # fmt: skip

    found = evaluated(made)

    assert (found.points, found.counts["budget.autumn"]) == (40, 10)


def test_a_budget_of_spend_gives_on_the_amount_that_is_left():
    made = program(fd.EarnRule("more", fd.points(2, per="1 EUR")), budget=fd.Cap("50 EUR", "spend"))

    found = [evaluated(made, budget=used) for used in (0, 3_000, 5_000)]

    assert [each.points for each in found] == [30 + 60, 30 + 40, 30]
    assert [each.counts.get("budget.autumn", 0) for each in found] == [3_000, 2_000, 0]


def test_a_budget_of_times_counts_events_and_not_rules():
    made = program(EXTRA, DOUBLE, budget="4 times")

    found = [evaluated(made, budget=used) for used in (0, 3, 4, 5)]

    assert [each.points for each in found] == [70, 70, 30, 30]
    assert [each.counts.get("budget.autumn", 0) for each in found] == [1, 1, 0, 0]
    assert [len(each.missed) for each in found] == [0, 0, 2, 2]


def test_a_suspended_campaign_says_so_and_nothing_else():
    found = evaluated(program(budget="4 times"), suspended=1, budget=4)
    assert [(each.rule, each.because) for each in found.missed] == [("extra", "suspended")]


@given(
    used=st.integers(0, 80),
    most=st.integers(1, 60),
    how=st.sampled_from(["reduce", "reject"]),
    amount=st.integers(1, 100),
    cap=st.none() | st.integers(0, 40),
    factor=st.sampled_from(["3/2", 2, "7/3"]),
)
def test_no_event_takes_more_of_a_budget_than_is_left(  # noqa: PLR0917  (what is drawn)
    used, most, how, amount, cap, factor
):
    """Nor is more charged than the campaign gave: with it and without it differ by as much."""
    base = fd.Group("base", [fd.EarnRule("b", fd.points(1, per="1 EUR"))], cap=None if cap is None else fd.Cap(cap))
    rules = [
        fd.EarnRule("x", fd.points(7)),
        fd.EarnRule("y", fd.rate("1/3")),
        fd.EarnRule("m", fd.times(factor, of="base")),
    ]
    terms = {"version": "1", "currency": "EUR", "timezone": "UTC"}
    made = fd.Program(
        "Shop", earn=[base, fd.Campaign("autumn", rules, budget=fd.Cap(most, "points", exceeded=how))], **terms
    )
    alone = fd.Program("Shop", earn=[base], **terms)

    found = evaluated(made, f"{amount} EUR", budget=used)

    charged = found.counts.get("budget.autumn", 0)
    assert 0 <= charged <= max(0, most - used)
    assert found.points == evaluated(alone, f"{amount} EUR").points + charged
    assert found.counts.get("given.autumn/points", 0) == charged


@pytest.mark.parametrize(
    ("budget", "error"),
    [
        (fd.Cap(50, "points", per="calendar month"), ExactnessError), ("4 times a day", TimeError), (0.5, OperandError),
        (fd.Cap(0, "points"), ExactnessError), ("plenty", TimeError), (True, OperandError),
    ],
)  # fmt: skip
def test_what_is_no_budget_says_what_to_write(budget, error):
    with pytest.raises(error, match=r"writ|leave"):
        program(budget=budget)


@pytest.mark.parametrize(
    ("rules", "terms", "path"),
    [
        ([fd.EarnRule("years", fd.points(9), on="anniversary")], {}, "earn[1].rules[0].on"),
        ([DOUBLE], {"budget": fd.Cap("9 EUR", "spend")}, "earn[1].rules[0].gives"),
        ([fd.EarnRule("more", fd.points(1, per="1 EUR"), cap=fd.Cap(9))], {"budget": fd.Cap("9 EUR", "spend")},
         "earn[1].rules[0].cap"),
        ([fd.EarnRule("one", fd.points(1, per="1 EUR")), fd.EarnRule("two", fd.points(1, per="2 EUR"))],
         {"budget": fd.Cap("9 EUR", "spend")}, "earn[1]"),
        ([fd.EarnRule("more", fd.points(1, per="1 EUR"))], {"budget": fd.Cap("9 USD", "spend")}, "earn[1].budget"),
        ([EXTRA, fd.EarnRule("star", fd.points(1), wallet="stars")], {"budget": fd.Cap(9)}, "earn[1]"),
    ],
)  # fmt: skip
def test_a_campaign_that_cannot_stand_is_told_with_its_path_and_a_remedy(rules, terms, path):
    with pytest.raises(ProgramError) as error:
        program(*rules, **terms)
    found = {each.path: each for each in error.value.problems}
    assert path in found
    assert found[path].remedy


def test_two_campaigns_have_two_names():
    with pytest.raises(ProgramError, match='two campaigns are called "autumn"'):
        fd.Program(
            "Shop", version="1", currency="EUR", timezone="UTC",
            earn=[fd.Campaign("autumn", [BASE]), fd.Campaign("autumn", [EXTRA])],
        )  # fmt: skip


# As data, and in words


@pytest.mark.parametrize(
    ("terms", "plain"),
    [
        ({}, {}),
        ({"budget": "4 times"}, {"budget": "4 times"}),
        ({"budget": fd.Cap(50)}, {"budget": {"most": 50}}),
        ({"budget": fd.Cap("9 EUR", "spend", exceeded="reject")},
         {"budget": {"most": "9.00 EUR", "unit": "spend", "exceeded": "reject"}}),
        ({"during": ("2026-11-27", "2026-11-30")}, {"during": ["2026-11-27", "2026-11-30"]}),
        ({"during": ("2026-11-27 18:00", "2026-11-28 00:00:30")}, {"during": ["2026-11-27 18:00", "2026-11-28 00:00:30"]}),
    ],
)  # fmt: skip
def test_a_campaign_comes_back_from_its_plain_spelling(terms, plain):
    made = program(fd.EarnRule("more", fd.points(1, per="1 EUR")), **terms)

    told = made.to_dict()
    again = fd.Program.from_dict(told)

    rules = [{"name": "more", "points": 1, "per": "1.00 EUR"}]
    assert told["earn"][1] == {"campaign": "autumn", "rules": rules, **plain}
    assert (again, again.digest) == (made, made.digest)


def test_a_file_tells_every_mistake_of_a_campaign():
    plain = program().to_dict()
    plain["earn"][1] |= {"budget": {"mosst": 3}, "during": ["2026-11-27T18:00Z", "2026-11-30"], "rule": []}

    with pytest.raises(ProgramError) as error:
        fd.Program.from_dict(plain)

    assert [each.path for each in error.value.problems] == ["earn[1].budget", "earn[1].during", "earn[1].rule"]


def test_a_budget_is_shared_and_a_window_is_not():
    assert program(during=("2026-11-27", "2026-11-30")).audit().evaluation_class == "A"
    audit = program(budget="4 times").audit()
    assert (audit.evaluation_class, audit.because) == ("D", ('campaign "autumn".budget',))


def test_the_terms_say_when_a_campaign_runs_and_what_it_gives():
    told = program(EXTRA, DOUBLE, during=("2026-11-27 18:00", "2026-11-30"), budget=fd.Cap(50_000)).explain()
    assert "- The campaign “autumn” has these rules: Extra and Double." in told
    assert "from 27 November 2026, 18:00 (Madrid time) until 30 November 2026, that day included." in told
    assert "gives all members together at most 50,000 points. Then it ends." in told

    told = program(budget="4 times").explain("es-MX")
    assert "La campaña «autumn» se aplica 4 veces en total, entre todos los miembros. Después termina." in told


@pytest.mark.parametrize(
    ("language", "terms", "counters", "line"),
    [
        ("en", {"budget": "4 times"}, {"budget": 4},
         "Extra: not applied, because the campaign “autumn” has given all that it had."),
        ("es", {"budget": "4 times"}, {"budget": 4},
         "Extra: no se aplica, porque la campaña «autumn» ya ha dado todo lo que tenía."),
        ("en", {}, {"suspended": 1}, "Extra: not applied, because the campaign “autumn” is paused."),
        ("es", {}, {"suspended": 1}, "Extra: no se aplica, porque la campaña «autumn» está en pausa."),
        ("en", {"during": ("2026-12-01", "2026-12-02")}, {},
         ("Extra: not applied, because the campaign “autumn” runs from 1 December 2026 until 2 December 2026, "
          "that day included.")),
        ("es", {"budget": fd.Cap(50)}, {"budget": 45},
         "Autumn: 5 puntos en lugar de 10, porque da como máximo 50 puntos entre todos los miembros."),
    ],
)  # fmt: skip
def test_the_reasons_say_what_the_campaign_had_to_do_with_it(language, terms, counters, line):
    assert f"- {line}" in evaluated(program(**terms), **counters).explain(language).splitlines()
