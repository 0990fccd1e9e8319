"""What a program brings and costs: figures worked out by hand, the example of IFRS 15, and points that die."""

from __future__ import annotations

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import fidelity as fd
from fidelity.errors import MetricError
from fidelity.simulation.economics import Economics, worth_of_points
from fidelity.simulation.finance import deferral, money_of
from fidelity.simulation.measures import MEASURES, figure, years_of
from tests.simulation.made import CAFE, nothing, outcome, spread

HALF = Economics(margin=0.5)


def test_what_is_left_is_the_margin_of_more_sales_less_points_given_less_what_it_costs_to_run():
    # 300 EUR instead of 200 EUR; 300 points at 0.10 EUR.
    today, without = outcome(), nothing(revenue=(10_000, 10_000, 0))

    found = money_of(today, without, Economics(margin=0.5, cost=0.4, fixed={"today": 2}, setup=1))

    assert (found.more_sales, found.uplift, found.kept) == (100.0, 50.0, 50.0)
    assert found.rewards == pytest.approx(300 * 0.1 * 0.4)
    assert found.fixed == 1 + 3 * 2
    assert found.margin == pytest.approx(50 - 12 - found.fixed)
    assert found.profit == pytest.approx(100 * found.margin / (12 + found.fixed))
    assert found.left_so_far[-1] == pytest.approx(found.margin)


@pytest.mark.parametrize(
    ("begins", "ends", "years"),
    [
        ("2026-01-01", "2027-01-01", 1),
        ("2028-01-01", "2029-01-01", 1),
        ("2026-01-01", "2029-01-01", 3),
        ("2026-06-15", "2056-06-15", 30),
        # From midnight to midnight in Madrid, in winter and in summer, and around 29 February.
        ("2026-03-28T23:00", "2027-03-28T22:00", 1),
        ("2028-02-28T23:00", "2029-02-27T23:00", 1),
        ("2026-01-01", "2026-07-02", 182 / 365),
        ("2026-01-01", "2028-07-01", 2 + 182 / 366),
        ("2026-01-01", "2027-10-01", 1 + 273 / 365),
    ],
)
def test_years_of_the_calendar_count_whole(begins, ends, years):
    instants = {
        name: int(np.datetime64(each, "us").astype(np.int64)) for name, each in (("begins", begins), ("ends", ends))
    }
    today = attrs.evolve(outcome(), **instants)

    assert years_of(today) == pytest.approx(years, rel=1e-12)
    if years == int(years):
        assert money_of(today, nothing(), Economics(margin=0.5, fixed=1_000)).fixed == 1_000 * years


def test_at_break_even_nothing_is_left():
    told = Economics(margin=0.5, cost=0.4, fixed=2)
    today, without = outcome(), nothing(revenue=(10_000, 10_000, 0))
    found = money_of(today, without, told)

    sales = 200 * (1 + found.break_even / 100)

    # Rewards grow with sales: 12 EUR of 300 EUR.
    assert 0.5 * (sales - 200) - 12 / 300 * sales - found.fixed == pytest.approx(0)


def test_no_growth_pays_for_points_that_take_the_whole_margin():
    assert money_of(outcome(), nothing(), Economics(margin=0.05)).break_even == float("inf")


def test_it_has_paid_for_itself_when_what_is_left_stays_above_zero():
    today, without = outcome(), nothing(revenue=(10_000, 10_000, 0))
    late = np.zeros(36, np.int64)
    late[10] = 30_000 - 10_000
    later = attrs.evolve(today, monthly={**today.monthly, "revenue": without.monthly["revenue"] + late})

    assert money_of(later, without, Economics(margin=0.5, cost=0.1)).payback == 11
    assert money_of(later, without, Economics(margin=0.01, cost=1)).payback is None


@given(
    points=st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=3, max_size=3),
    moved=st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=3, max_size=3),
    cost=st.floats(0, 2),
    told=st.none() | st.floats(0, 1),
)
def test_points_that_die_sooner_never_raise_what_is_left(points, moved, cost, told):
    used, waiting = (np.array([each[place] for each in points]) for place in (0, 1))
    from_used, from_waiting = (
        np.floor([each[place] for each in moved] * kept).astype(np.int64) for place, kept in ((0, used), (1, waiting))
    )
    economics = Economics(margin=0.3, cost=cost, worth=told)
    without = nothing()
    late = outcome(issued=used + waiting, redeemed=used, expired=used * 0)
    soon = outcome(issued=used + waiting, redeemed=used - from_used, expired=from_used + from_waiting)

    for measure in ("margin", "return"):
        before, after = (figure(measure, each, without, economics).value for each in (late, soon))
        assert after <= before or np.isnan(before)
    assert figure("rewards", soon, without, economics).value == figure("rewards", late, without, economics).value
    assert figure("never enjoyed", soon, without, economics).value >= 0 or not (used + waiting).any()


def test_deferred_revenue_is_that_of_the_example_of_the_standard():
    """IFRS 15, Illustrative Example 52, year 1, with 19 points for each of its own."""
    sold = (10_000_000, 0, 0)
    found = deferral(
        outcome(revenue=sold, issued=(190_000, 0, 0), redeemed=(85_500, 0, 0), expired=(4_500, 0, 0)),
        Economics(margin=0.5, worth=1 / 19),
        redemption=0.95,
    )

    assert (found.redemption, found.known) == (pytest.approx(0.95), True)
    assert [round(each) for each in (found.goods, found.deferred, found.earned, found.liability)] == [
        91_324, 8_676, 4_110, 4_566,
    ]  # fmt: skip


def test_more_is_deferred_where_too_much_is_open_to_know_what_will_be_redeemed():
    told = Economics(margin=0.5)
    # 40 of 300 points are open, and 130 of 260 whose end is known were redeemed: 150 in the end.
    known = deferral(outcome(redeemed=(60, 70, 0), expired=(30, 100, 0)), told)
    # As many were redeemed, and nothing has died yet: it may be all.
    early = deferral(outcome(redeemed=(60, 70, 0), expired=(0, 0, 0)), told)

    assert (known.known, known.redemption) == (True, pytest.approx(0.5))
    assert (early.known, early.redemption) == (False, 1.0)
    assert early.deferred > known.deferred
    assert early.liability > known.liability
    assert (
        "if all open points are used"
        not in money_of(outcome(redeemed=(60, 70, 0), expired=(30, 100, 0)), nothing(), told)._repr_html_()
    )
    assert "if all open points are used" in money_of(outcome(), nothing(), told)._repr_html_()


def test_an_expected_redemption_that_is_no_share_is_refused():
    with pytest.raises(MetricError) as refused:
        deferral(outcome(), HALF, redemption=95)

    assert refused.value.argument == "redemption"


def test_nothing_is_deferred_for_points_worth_nothing():
    assert deferral(outcome(), Economics(margin=0.5, worth=0)) is None


def test_a_point_is_worth_the_most_that_it_buys():
    program = fd.Program(
        "Shop", version="1", currency="EUR", timezone="UTC",
        earn=[fd.EarnRule("base", fd.points(1, per="1 EUR"))],
        rewards=[
            fd.Reward("mug", cost=100, worth="5 EUR"), fd.Reward("pen", cost=10, worth="1 EUR"),
            fd.Payment("pay", points=100, worth="2 EUR"),
        ],
    )  # fmt: skip

    assert worth_of_points(program) == {"points": 0.1}


def test_a_worth_that_nobody_told_is_asked_for():
    silent = attrs.evolve(CAFE, rewards=[fd.Reward("free coffee", cost=20)])

    with pytest.raises(MetricError, match=r"what a point in \"points\" is worth; .* tell worth="):
        money_of(outcome(program=silent), nothing(), HALF)
    assert money_of(outcome(program=silent), nothing(), Economics(margin=0.5, worth=0.05)).rewards == 15.0


@pytest.mark.parametrize(
    ("told", "which"),
    [
        ({"margin": 0}, "margin"),
        ({"margin": 30}, "margin"),
        ({"margin": 0.3, "cost": -1}, "cost"),
        ({"margin": 0.3, "fixed": {"today": "much"}}, "fixed"),
        ({"margin": 0.3, "worth": float("nan")}, "worth"),
    ],
)
def test_figures_that_cannot_be_are_refused(told, which):
    with pytest.raises(MetricError) as refused:
        Economics(**told)

    assert refused.value.argument == which


def test_no_program_costs_nothing_and_brings_nothing():
    without = nothing()

    for measure in ("more sales", "rewards", "fixed", "margin", "issued", "liability", "members"):
        assert figure(measure, without, without, Economics(margin=0.3, fixed=1_000)).value == 0


@pytest.mark.parametrize("measure", MEASURES)
def test_the_error_by_chance_is_that_of_customers_drawn_anew(measure):
    chance = np.random.default_rng(5)
    count = 400
    issued, sold = chance.integers(1, 300, count), chance.integers(1, 30_000, count)
    used = np.where(chance.random(count) < 0.5, issued // 2, 0)
    today = outcome(revenue=sold, issued=issued, redeemed=used, expired=issued // 4)
    without = nothing(revenue=sold - chance.integers(0, 1_000, count))
    told = Economics(margin=0.3, fixed=10)
    found = figure(measure, today, without, told)

    def again():
        picked = chance.integers(0, count, count)
        below = None if found.below is None else found.below[picked]
        return attrs.evolve(found, above=found.above[picked], below=below).value

    assert found.error == pytest.approx(np.std([again() for _ in range(600)]), rel=0.12, abs=1e-9)


def test_months_add_up():
    assert spread(100, 36).sum() == 100
