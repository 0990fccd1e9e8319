"""A study as its reader meets it: tables, people, tiers, pictures, plain data."""

from __future__ import annotations

import json
from datetime import date

import attrs
import numpy as np
import pytest

import fidelity as fd
from fidelity.errors import MetricError
from fidelity.ledger.columns.calendar import NEVER
from fidelity.metrics.retention import survival
from fidelity.metrics.value import BetaGeometric, GammaGamma
from fidelity.simulation import Population, simulate
from fidelity.simulation.assumptions import Effects
from fidelity.simulation.doubt import Doubt
from fidelity.simulation.economics import Economics
from fidelity.simulation.measures import MEASURES
from fidelity.simulation.outcome import Points, Tiering
from fidelity.simulation.study import Study
from tests.simulation.made import BEGINS, CAFE, DAY, ENDS, crowd, nothing, outcome, play, spread

TOLD = Economics(margin=0.5)
YEAR = 366 * DAY


def of(*outcomes, without=None):
    return Study({each.name: each for each in outcomes}, without or nothing(), TOLD)


@pytest.fixture(scope="module")
def whole():
    effects = Effects.published()
    doubt = Doubt.of(play, effects=effects, economics=TOLD, seed=3, draws=5)
    made, without = play(effects.values(), None, 3)
    return Study(made, without, TOLD, effects, doubt, 3, ("a note",))


def test_the_table_has_a_row_a_measure_and_three_columns_a_program(whole):
    found = whole.table()

    assert list(found) == [
        "measure",
        "today",
        "today 5 %",
        "today 95 %",
        "candidate",
        "candidate 5 %",
        "candidate 95 %",
    ]
    assert found["measure"] == list(MEASURES)
    place = MEASURES.index("margin")
    assert found["today"][place] == pytest.approx(whole.money("today").margin)


def test_it_is_plain_data_that_json_writes(whole):
    found = json.loads(json.dumps(whole.to_dict(), allow_nan=False))

    assert found["programs"] == ["today", "candidate"]
    assert found["measures"]["today"]["margin"]["total"]["low"] < found["measures"]["today"]["margin"]["value"]
    assert (
        found["details"]["today"]["points"]["points"]["closing"][-1]
        == found["measures"]["today"]["outstanding"]["value"]
    )
    assert found["comparison"]["measure"] == "margin"
    assert found["assumed"]["goal_gradient"]["high"] == 0.25


def test_it_shows_itself(whole):
    assert repr(whole) == "<Study of today, candidate: 300 customers>"
    assert "never enjoyed" in whole._repr_html_()


def test_every_part_has_a_picture(whole):
    pytest.importorskip("matplotlib", reason="outside: plots need matplotlib").use("Agg")
    from matplotlib import pyplot as plt

    parts = [
        whole, whole.money("today"), whole.enjoyment("today"), whole.friction("today"), whole.fairness("today"),
        whole.standing("today"), whole.points("today"), whole.tornado("today"), whole.compare(),
    ]  # fmt: skip
    for each in parts:
        axes = each.plot()
        assert axes.get_title()
        axes.figure.canvas.draw()
        plt.close(axes.figure)


def test_every_point_of_a_cohort_is_somewhere():
    arrived = [BEGINS - YEAR, BEGINS, BEGINS + 100 * DAY]
    today = outcome(arrived=arrived, issued=(100, 200, 40), redeemed=(80, 60, 20), expired=(10, 100, 5))

    found = of(today).enjoyment("today")

    assert found.cohorts == ("before", "2026-Q1", "2026-Q2")
    assert (found.redeemed + found.expired + found.outstanding).tolist() == found.points.tolist()
    assert found.never_enjoyed.tolist() == [10.0, 50.0, 12.5]
    # 160 of 275 points whose end is known were redeemed; of what is open as much will be.
    assert found.ultimate.round(6).tolist() == [
        round(100 * (used + 160 / 275 * left) / all_of_them, 6)
        for used, left, all_of_them in ((80, 10, 100), (60, 40, 200), (20, 15, 40))
    ]
    assert (found.least.tolist(), found.most.tolist()) == ([80.0, 30.0, 50.0], [90.0, 50.0, 87.5])
    assert found.without.tolist() == [0.0, 0.0, 0.0]


@pytest.mark.parametrize(
    ("redeemed", "expired"),
    [
        # More than a quarter is open; or none could die yet, so that all whose end is known were redeemed.
        ((60, 20, 10), (10, 50, 0)),
        ((100, 200, 30), (0, 0, 0)),
    ],
)
def test_where_too_much_is_open_two_bounds_are_told_and_no_rate(redeemed, expired):
    today = outcome(issued=(100, 200, 40), redeemed=redeemed, expired=expired)

    found = of(today).enjoyment("today")

    used, died = sum(redeemed), sum(expired)
    assert np.isnan(found.ultimate).all()
    assert found.least[0] == pytest.approx(100 * used / 340)
    assert found.most[0] == pytest.approx(100 * (340 - died) / 340)


def test_points_that_all_came_to_an_end_tell_what_became_of_them():
    found = of(outcome(issued=(100, 200, 40), redeemed=(100, 200, 40), expired=(0, 0, 0))).enjoyment("today")

    assert found.ultimate[0] == found.least[0] == found.most[0] == 100


def test_a_year_of_points_that_live_as_long_tells_no_rate():
    # Lots of a year and of a horizon of one: what was redeemed is all whose end is known.
    town = Population(60, BetaGeometric(0.8, 20.0, 0.8, 3.0), GammaGamma(6.0, 4.0, 20.0))
    found = simulate(town, CAFE, years=1, seed=2, margin=0.5, begins=date(2026, 1, 1), draws=0).enjoyment(CAFE.name)

    assert np.isnan(found.ultimate).all()
    assert (found.least < found.most).all()


#: A cent a point, and a voucher of 30 EUR for coming back.
VOUCHERS = fd.Program(
    "Café Aurora", version="1", currency="EUR", timezone="Europe/Madrid",
    earn=[
        fd.EarnRule("base", fd.points(1, per="1 EUR")),
        fd.EarnRule("thanks", fd.points(1), on="anniversary", wallet="vouchers"),
    ],
    wallets=[fd.Wallet("vouchers", expiry="3 months")],
    rewards=[
        fd.Reward("coffee", cost=200, worth="2 EUR"), fd.Reward("thanks", cost=1, wallet="vouchers", worth="30 EUR")
    ],
)  # fmt: skip


def test_vouchers_that_died_weigh_what_they_are_worth():
    today = outcome(program=VOUCHERS, issued=(2_000, 2_000, 2_000), redeemed=(2_000, 2_000, 1_400), expired=(0, 0, 0))
    one, none = np.ones(3, np.int64), np.zeros(3, np.int64)
    flows = {each: spread(3 * (each != "redeemed")) for each in ("issued", "redeemed", "expired")}
    died = Points(none, one, none, one, none, flows)
    today = attrs.evolve(today, points={**today.points, "vouchers": died})
    study = of(today)

    # 60 EUR of points, of which 6 EUR are open, and 90 EUR of vouchers that died.
    assert study.bands("today", "never enjoyed").value == pytest.approx(60)
    found = study.enjoyment("today")
    assert (found.points.tolist(), found.expired.tolist()) == ([pytest.approx(150)], [pytest.approx(90)])
    assert found.ultimate[0] == pytest.approx(100 * (54 + 54 / 144 * 6) / 150)
    assert "36 are used, 4 still wait, and 60 die unused" in study.explain("en")
    # Where nobody tells what anything is worth, all of it counts alike.
    unknown = Study({"today": today}, nothing(), Economics(margin=0.5, worth=0))
    assert unknown.bands("today", "never enjoyed").value == pytest.approx(100 * 3 / 6_003)


@pytest.mark.parametrize(("period", "names"), [("month", ("2026-01", "2026-04")), ("year", ("2026",))])
def test_cohorts_are_months_quarters_or_years(period, names):
    today = outcome(arrived=[BEGINS, BEGINS, BEGINS + 100 * DAY])

    assert of(today).enjoyment("today", period).cohorts == names


def test_the_wait_for_a_first_reward_is_that_of_kaplan_and_meier():
    enrolled = [BEGINS, ENDS - 40 * DAY, BEGINS, NEVER]
    today = outcome(
        revenue=(100,) * 4, issued=(10,) * 4, redeemed=(0,) * 4, expired=(0,) * 4, enrolled=enrolled,
        first_reward=[BEGINS + 20 * DAY, NEVER, BEGINS + 100 * DAY, NEVER],
    )  # fmt: skip

    found = of(today, without=nothing(revenue=(100,) * 4)).friction("today")

    curve = survival([20, 40, 100], [True, False, True])
    assert (found.members, found.had, found.median) == (3, 2, 100.0)
    assert found.shares[30] == pytest.approx(100 / 3)
    assert found.shares[90] == pytest.approx(100 * (1 - curve.at([90])[0]))


def test_where_nobody_is_a_member_nobody_waits():
    found = of(outcome(enrolled=[NEVER] * 3))

    assert found.friction("today").members == 0
    assert found.staying("today") is None
    assert found.fairness("today").gap is None


def test_newcomers_who_get_more_for_their_money_are_named():
    # Ten members of four years and ten of this one; the old ones pay the same and are given half.
    arrived = [ENDS - round(4.5 * 365.25) * DAY] * 10 + [ENDS - 100 * DAY] * 10
    sold = np.array([10_000, 11_000] * 10)
    given = np.array([100, 110] * 5 + [200, 220] * 5)
    told = {"revenue": sold, "redeemed": given * 0, "expired": given * 0, "arrived": arrived}
    study = of(
        outcome("unfair", issued=given, **told), outcome("fair", issued=given * 0 + 150, **told),
        without=nothing(revenue=sold),
    )  # fmt: skip

    unfair = study.fairness("unfair")

    assert unfair.years == (0, 4)
    assert unfair.given.tolist() == pytest.approx([20.0, 10.0])
    assert (unfair.gap.value, unfair.newcomers_ahead) == (pytest.approx(-10.0), True)
    assert not study.fairness("fair").newcomers_ahead


def test_what_staying_is_worth_counts_what_would_be_lost_apart():
    found = of(outcome()).staying("today", rival=0.01)

    # Over three years 100 points at 0.10 EUR, and 100 EUR at the rival's hundredth; 40 points still open.
    assert found.gained[0] == pytest.approx((10 - 1) / 3, rel=2e-3)
    assert found.forfeited[0] == pytest.approx(4.0)


def test_members_are_counted_by_tier_and_followed_from_year_to_year():
    tiers = Tiering(("base", "gold"), np.array([[-1, 0, 0], [0, 0, 1], [0, 1, 1], [0, 1, 0]], np.int8))

    found = of(outcome(tiers=tiers)).standing("today")

    assert found.tiers == ("not yet a member", "base", "gold")
    assert found.members.tolist() == [[1, 2, 0], [0, 2, 1], [0, 1, 2], [0, 2, 1]]
    assert found.moves[0].counts.tolist() == [[0, 1, 0], [0, 1, 1], [0, 0, 0]]
    assert of(outcome()).standing("today") is None


def test_points_are_carried_from_month_to_month():
    found = of(outcome(opening=(5, 0, 0))).points("today")

    assert (found.opening[0], found.closing[-1]) == (5, 5 + 300 - 60 - 50)
    assert found.liability[-1] == pytest.approx(0.1 * 195)
    assert found.names[0] == "2026-01"


def test_no_program_stands_beside_the_others():
    study = Study({"today": crowd("today", count=50)}, crowd(None, count=50), TOLD)

    assert study.bands("no program", "sales").value < study.bands("today", "sales").value
    assert study.money("no program").margin == 0


@pytest.mark.parametrize(
    "ask",
    [
        lambda study: study.money("yesterday"),
        lambda study: study.bands("today", "luck"),
        lambda study: study.points("today", "miles"),
        lambda study: study.enjoyment("today", "decade"),
        lambda study: study.tornado("today", "luck"),
    ],
)
def test_what_nobody_played_is_refused(whole, ask):
    with pytest.raises(MetricError):
        ask(whole)
