"""Activity, frequency, regularity, trend: laws, oracles, bad input."""

import math
from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fidelity import metrics
from fidelity.errors import MetricError

START = date(2025, 1, 1)
purchases = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 600)), min_size=1, max_size=60)


@given(purchases, st.integers(1, 400), st.booleans())
def test_who_is_active_is_counted(rows: list[tuple[int, int]], within: int, by_name: bool) -> None:
    end = 500
    name = (lambda who: f"m{who}") if by_name else (lambda who: who)
    found = metrics.active_rate(
        [name(who) for who in range(8)], [name(who) for who, _ in rows],
        [START + timedelta(days=day) for _, day in rows], until=str(START + timedelta(days=end)), within=within,
    )  # fmt: skip
    seen = {who for who, day in rows if end - within < day <= end and who < 8}
    assert found.value == pytest.approx(100 * len(seen) / 8)
    assert found.n == 8


def test_activity_by_group_and_with_weights() -> None:
    members = list("abcdefghijkl")
    at = ["2026-01-01"] * 4
    by = metrics.active_rate(members, list("abgx"), at, by=["web"] * 6 + ["shop"] * 6)
    assert by["web"].value == pytest.approx(100 / 3)
    assert by["shop"].value == pytest.approx(100 / 6)
    # The first instant of the time does not count, the last one does.
    edges = metrics.active_rate(["a", "b"], ["a", "b"], ["2026-01-01", "2026-01-31"], until="2026-01-31", within=30)
    assert edges.value == 50
    heavy = metrics.active_rate(members, list("abgx"), at, weights=[5] + [1] * 11)
    assert heavy.value == pytest.approx(100 * 7 / 16)


@given(purchases)
def test_frequency_is_the_mean_of_counts(rows: list[tuple[int, int]]) -> None:
    who = [each for each, _ in rows]
    at = [START + timedelta(days=day) for _, day in rows]
    found = metrics.frequency(who, at, members=range(10))
    counts = np.bincount(who, minlength=10)
    assert found.value == pytest.approx(counts.mean())
    assert found.standard_error == pytest.approx(counts.std(ddof=1) / np.sqrt(10))
    inside = np.array([each for each, day in rows if 100 <= day <= 465], int)
    yearly = metrics.frequency(
        who, at, members=range(10), start=START + timedelta(days=100), until=START + timedelta(days=465), per="year"
    )
    assert yearly.value == pytest.approx(len(inside) / 10 * 365.2425 / 366)


def test_frequency_by_group_and_with_weights() -> None:
    who, at = list("aaabbbc"), ["2026-01-01"] * 7
    members = list("fedcbaghij")
    by = metrics.frequency(who, at, members=members, by=["old"] * 5 + ["new"] * 5)
    assert (by["old"].value, by["new"].value) == (4 / 5, 3 / 5)
    heavy = metrics.frequency(who, at, members=members, weights=[0, 0, 0, 1, 1, 2, 0, 0, 0, 0])
    assert heavy.value == pytest.approx((1 + 3 + 2 * 3) / 4)


def test_a_day_counts_to_its_end() -> None:
    who, at = ["a", "b", "b"], ["2026-01-01T08:00", "2026-01-31T15:00", "2026-02-01"]
    assert metrics.frequency(who, at, start="2026-01-01", until="2026-01-31", per="day").value == 1 / 31
    assert metrics.frequency(who, at, start="2026-01-01", until="2026-01-31T12:00").value == 0.5
    assert metrics.active_rate(["a", "b"], who[:2], at[:2], until=date(2026, 1, 31), within=1).value == 50
    for january in ("2026-01", np.datetime64("2026-01")):
        assert metrics.frequency(who, at, start="2026-01-01", until=january, per="day").value == 1 / 31
    # A column of days ends with a whole day too.
    assert metrics.frequency(["a", "a"], ["2026-01-01", "2026-01-02"], per="day").value == 1


@pytest.mark.parametrize("shape", [0.5, 1.0, 4.0])
def test_regularity_finds_the_shape_again(shape: float) -> None:
    random = np.random.default_rng(11)
    paces = random.gamma(2, 10, 1_500)
    gaps = random.gamma(shape, 1, (1_500, 8)) * paces[:, None]
    at = np.datetime64("2020-01-01", "us") + (gaps.cumsum(axis=1) * 86_400e6).astype("timedelta64[us]")
    found = metrics.regularity(np.repeat(np.arange(1_500), 8), at.ravel())
    assert found.interval is not None
    assert shape in found.interval
    assert found.n == 1_500 * 3
    order = random.permutation(at.size)
    again = metrics.regularity(np.repeat(np.arange(1_500), 8)[order], at.ravel()[order])
    assert again.value == pytest.approx(found.value)


def test_the_error_of_regularity_by_hand() -> None:
    stats = pytest.importorskip("scipy.stats", reason="outside: scipy is the oracle of Student's quantile")
    # Days between purchases, two pairs of ann's and one of each other; the fifth gap of ann's has no partner.
    gaps = {"ann": [4, 6, 9, 3, 5], "bob": [2, 8], "cy": [7, 5]}
    who = [name for name, several in gaps.items() for _ in range(len(several) + 1)]
    at = [
        START + timedelta(days=sum(several[:place])) for several in gaps.values() for place in range(len(several) + 1)
    ]
    found = metrics.regularity(who, at, level=0.9)
    away = [(0.4 - 0.5) ** 2, (0.75 - 0.5) ** 2, (0.2 - 0.5) ** 2, (7 / 12 - 0.5) ** 2]
    v = sum(away) / 4
    assert found.value == pytest.approx((1 - 4 * v) / (8 * v))
    members = [away[0] + away[1] - 2 * v, away[2] - v, away[3] - v]
    noise = np.sqrt(sum(each**2 for each in members) * 3 / 2) / 4
    reach = stats.t.ppf(0.95, 2) * noise
    assert found.standard_error == pytest.approx(noise / (8 * v**2))
    assert found.interval is not None
    assert found.interval.low == pytest.approx((1 - 4 * min(v + reach, 0.25)) / (8 * min(v + reach, 0.25)))
    assert found.interval.high == np.inf
    assert v - reach < 0


def test_even_purchases_have_no_end_of_regularity() -> None:
    days = [START + timedelta(days=7 * week) for week in range(5)]
    assert metrics.regularity(["a"] * 5, days).value == np.inf
    # Purchases at one instant are one.
    assert metrics.regularity(["a"] * 10, days * 2).n == 2


series = st.lists(st.floats(-1000, 1000), min_size=3, max_size=30)


@given(series, st.floats(0.5, 0.99))
def test_trend_beside_scipy(values: list[float], level: float) -> None:
    stats = pytest.importorskip("scipy.stats", reason="outside: scipy is the oracle of trends")
    assume(np.ptp(values) > 1e-3)
    times = np.arange(len(values)) * 2.0 + 5
    known = stats.linregress(times, values)
    found = metrics.trend(values, times, level=level)
    assert found.value == pytest.approx(known.slope, abs=1e-9)
    assert found.start == pytest.approx(known.intercept + known.slope * times[0], abs=1e-8)
    assert found.standard_error == pytest.approx(known.stderr, rel=1e-6, abs=1e-9)
    assert found.p_value == pytest.approx(known.pvalue, abs=1e-6)
    robust = stats.theilslopes(values, times, level)
    mine = metrics.trend(values, times, method="theil-sen", level=level)
    assert mine.value == pytest.approx(robust.slope, abs=1e-9)
    assert mine.interval is not None
    assert mine.interval[:2] == pytest.approx((robust.low_slope, robust.high_slope), abs=1e-9)


def test_the_p_value_of_a_robust_trend_by_hand() -> None:
    # Mann and Kendall: 8 pairs rise, 1 falls, 1 is even; the tie of two takes 18 from the 300 of no ties.
    found = metrics.trend([1, 3, 2, 4, 4], method="theil-sen")
    z = (8 - 1 - 1) / np.sqrt((5 * 4 * 15 - 2 * 1 * 9) / 18)
    assert found.p_value == pytest.approx(math.erfc(z / math.sqrt(2)))
    assert metrics.trend([4, 4, 2, 3, 1], method="theil-sen").p_value == pytest.approx(found.p_value)


def test_members_and_customers_may_be_numbers_and_texts() -> None:
    found = metrics.active_rate(["1", "2", "3"], [1, 1, 2], ["2026-01-01"] * 3)
    assert found.value == pytest.approx(200 / 3)
    assert metrics.active_rate([1, 2, 3], ["3", "2"], ["2026-01-01"] * 2).value == pytest.approx(200 / 3)


def test_periods_that_resemble_the_one_before_are_told() -> None:
    wave = np.sin(np.arange(40) / 4)
    assert "resemble the one before" in metrics.trend(wave).notes[0]
    assert not metrics.trend([1, 3, 2, 4, 3, 5, 4, 6]).notes
    assert metrics.trend([5, 5, 5]).p_value == 1
    assert metrics.trend([1, 2, 3]).p_value == 0
    assert metrics.trend([10, 20, 30]).relative == pytest.approx(50)


@pytest.mark.parametrize(
    ("call", "argument", "rows"),
    [
        (lambda: metrics.active_rate(["a", "b", "a"], ["a"], ["2026-01-01"]), "members", [2]),
        (lambda: metrics.active_rate(["a"], ["a"], ["2026-01-01"], within=0), "within", []),
        (lambda: metrics.active_rate(["a"], ["a", "b"], ["2026-01-01"]), "at", []),
        (lambda: metrics.active_rate(["a"], ["a"], ["soon"]), "at", [0]),
        (lambda: metrics.active_rate([], ["a"], ["2026-01-01"]), "members", []),
        (lambda: metrics.active_rate(["a"], ["a"], ["2026-01-01"], weights=[0]), "weights", []),
        (lambda: metrics.active_rate(["a"], ["a"], ["2026-01-01"], method="no"), "method", []),
        (lambda: metrics.frequency(["a", "b"], ["2026-01-01"] * 2, members=["a"]), "customers", [1]),
        (lambda: metrics.frequency(["a"], ["2026-01-01T10:00"], per="month"), "until", []),
        (lambda: metrics.frequency(["a"], ["2026-01-01"], weights=[1]), "weights", []),
        (lambda: metrics.frequency(["a"], ["2026-01-01"], by=["x"]), "by", []),
        (lambda: metrics.frequency(["a"], ["2026-01-01"], members=["a", "b", "a"]), "members", [2]),
        (lambda: metrics.frequency(["a"], ["2026-01-01"], per="era"), "per", []),
        (lambda: metrics.frequency(["a"], ["2026-01-02"], until="2026-01-01"), "until", []),
        (lambda: metrics.frequency(["a", None], ["2026-01-02"] * 2), "customers", [1]),
        (lambda: metrics.regularity(["a"] * 2, ["2026-01-02", "2026-01-03"]), "customers", []),
        (lambda: metrics.regularity(["a"], ["2026-01-02"]), "customers", []),
        (lambda: metrics.regularity(["a"] * 3, ["2026-01-02"]), "at", []),
        (lambda: metrics.trend([1, 2]), "values", []),
        (lambda: metrics.trend([1, 2, None]), "values", [2]),
        (lambda: metrics.trend([1, 2, 3], [1, 3, 2]), "times", [2]),
        (lambda: metrics.trend([1, 2, 3], [1, 1, 2]), "times", [1]),
        (lambda: metrics.trend([1, 2, 3], [1, 2]), "times", []),
        (lambda: metrics.trend([1, 2, 3], method="cubic"), "method", []),
        (lambda: metrics.trend([1, 2, 3], level=1), "level", []),
    ],
)  # fmt: skip
def test_bad_input_names_the_argument_the_rows_and_the_remedy(
    call: Callable[[], object], argument: str, rows: list[int]
) -> None:
    with pytest.raises(MetricError) as caught:
        call()
    assert caught.value.argument == argument
    assert caught.value.rows.tolist() == rows
    assert ";" in str(caught.value)
