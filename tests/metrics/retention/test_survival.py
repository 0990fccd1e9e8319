"""Survival curves and the log-rank test: oracles, laws, worked examples, bad input."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from fidelity import metrics
from fidelity.errors import MetricError

WEEKS = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
RELAPSED = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]

rows = st.lists(st.tuples(st.integers(1, 30), st.booleans()), min_size=1, max_size=60)


def test_published_example() -> None:
    # E. A. Freireich et al., Blood 21 (1963): the curve and its errors stand in most textbooks.
    curve = metrics.survival(WEEKS, RELAPSED, method="plain")
    assert curve.at([6, 7, 10, 13, 16, 22, 23]) == pytest.approx(
        [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448], abs=6e-4
    )
    low, high = curve.interval_at([10])
    assert (high[0] - low[0]) / 2 / 1.959964 == pytest.approx(0.0963, abs=1e-4)
    assert curve.median.value == 23
    assert metrics.survival(PLACEBO).median.value == 8


@settings(max_examples=40)
@given(rows, st.booleans(), st.floats(0.5, 0.99))
def test_curve_and_hazard_are_those_of_lifelines(spells: list[tuple[int, bool]], whole: bool, level: float) -> None:
    lifelines = pytest.importorskip("lifelines", reason="outside: lifelines is the oracle")
    durations, left = np.array([each for each, _ in spells], float), [gone for _, gone in spells]
    if not whole:
        durations = durations / 7
    curve = metrics.survival(durations, left, level=level)
    oracle = lifelines.KaplanMeierFitter(alpha=1 - level).fit(durations, left)
    times = np.unique(durations)
    assert curve.at(times) == pytest.approx(oracle.survival_function_at_times(times).to_numpy(), abs=1e-9)
    ends = oracle.confidence_interval_.loc[times].to_numpy()
    low, high = curve.interval_at(times)
    share = curve.at(times)
    inside = (share > 0) & (share < 1)
    assert low[inside] == pytest.approx(ends[inside, 0], abs=1e-9)
    assert high[inside] == pytest.approx(ends[inside, 1], abs=1e-9)
    for ties, smooth in (("rounded", True), ("together", False)):
        hazard = metrics.survival(durations, left, ties=ties).hazard_at(times)
        fitted = lifelines.NelsonAalenFitter(nelson_aalen_smoothing=smooth).fit(durations, left)
        assert hazard == pytest.approx(fitted.cumulative_hazard_at_times(times).to_numpy(), abs=1e-9)
    # A share of a half to the last digit is a half here, and a hair more to the oracle.
    if np.abs(curve.survival - 0.5).min(initial=1) > 1e-9:
        assert curve.median.value == oracle.median_survival_time_


@given(rows)
def test_the_order_of_rows_and_the_unit_of_time_change_nothing(spells: list[tuple[int, bool]]) -> None:
    durations, left = zip(*spells, strict=True)
    one = metrics.survival(durations, left)
    two = metrics.survival([each / 3 for each in durations[::-1]], left[::-1])
    assert two.times == pytest.approx(one.times / 3)
    assert two.survival == pytest.approx(one.survival)
    assert two.at_risk.tolist() == one.at_risk.tolist()


@given(st.lists(st.tuples(st.integers(1, 12), st.booleans(), st.integers(1, 4)), min_size=1, max_size=20))
def test_whole_weights_give_the_curve_of_repeated_rows(spells: list[tuple[int, bool, int]]) -> None:
    durations, left, weights = zip(*spells, strict=True)
    repeated = [(each, gone) for each, gone, weight in spells for _ in range(weight)]
    for scale in (1, 1 / 7):
        one = metrics.survival([scale * each for each in durations], left, weights=weights)
        two = metrics.survival([scale * each for each, _ in repeated], [gone for _, gone in repeated])
        assert one.survival == pytest.approx(two.survival)
        assert one.low == pytest.approx(two.low, nan_ok=True)
        assert one.hazard == pytest.approx(two.hazard)


def test_rows_that_weigh_nothing_are_nobody() -> None:
    found = metrics.survival([1.5, 2.5, 3.5], [1, 1, 1], weights=[1, 1, 0])
    assert found.survival.tolist() == [0.5, 0]
    assert metrics.log_rank([1, 2, 3, 4], [1, 1, 1, 1], by=["a", "b", "a", "b"], weights=[1, 1, 0, 0]).freedom <= 1


def test_where_everybody_left_the_upper_end_is_open() -> None:
    found = metrics.survival([5, 6, 7])
    assert np.isnan(found.high[-1])
    assert found.median.interval is not None
    assert found.median.interval.high == float("inf")


@given(st.lists(st.tuples(st.integers(0, 10), st.integers(1, 10), st.booleans()), min_size=1, max_size=30))
def test_late_entries_are_at_risk_from_then_on(spells: list[tuple[int, int, bool]]) -> None:
    entry = [each for each, _, _ in spells]
    durations = [start + length for start, length, _ in spells]
    left = [gone for _, _, gone in spells]
    for scale in (1, 1 / 7):
        curve = metrics.survival([scale * d for d in durations], left, entry=[scale * e for e in entry])
        for time, risk in zip((curve.times / scale).round().tolist(), curve.at_risk.tolist(), strict=True):
            assert risk == sum(e < time <= d for e, d in zip(entry, durations, strict=True))


@settings(max_examples=40)
@given(rows, st.floats(1, 40))
def test_restricted_mean_is_the_area(spells: list[tuple[int, bool]], until: float) -> None:
    lifelines = pytest.importorskip("lifelines", reason="outside: lifelines is the oracle")
    utils = pytest.importorskip("lifelines.utils", reason="outside: lifelines is the oracle")
    durations, left = zip(*spells, strict=True)
    curve = metrics.survival(durations, left)
    if until > curve.longest and not (len(curve.survival) and curve.survival[-1] == 0):
        with pytest.raises(MetricError, match="nobody was watched beyond"):
            curve.restricted_mean(until)
        return
    found = curve.restricted_mean(until)
    fitted = lifelines.KaplanMeierFitter().fit(durations, left)
    assert found.value == pytest.approx(utils.restricted_mean_survival_time(fitted, t=until), rel=1e-9)
    assert found.interval is not None
    assert 0 <= found.interval.low <= found.value <= found.interval.high <= until


def test_restricted_mean_and_its_error_by_hand() -> None:
    found = metrics.survival([1, 2, 3, 4]).restricted_mean(4)
    assert found.value == pytest.approx(1 + 0.75 + 0.5 + 0.25)
    # Nobody is censored: the variance is that of a mean, Σ (x − x̄)² / n².
    assert found.standard_error == pytest.approx(np.std([1, 2, 3, 4]) / 2)


def test_beyond_the_data_nothing_is_known() -> None:
    curve = metrics.survival([2, 5], [True, False])
    assert np.isnan(curve.at([6])[0])
    assert metrics.survival([2, 5]).at([6])[0] == 0
    assert metrics.survival([2, 5], [False, False]).at([0, 5]).tolist() == [1, 1]
    assert metrics.survival([2, 5], [False, False]).median.value == float("inf")


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.integers(1, 15), st.booleans(), st.sampled_from("abc")), min_size=4, max_size=60),
    st.sampled_from(["log-rank", "wilcoxon", "tarone-ware"]),
)
def test_log_rank_is_that_of_lifelines(spells: list[tuple[int, bool, str]], method: str) -> None:
    statistics = pytest.importorskip("lifelines.statistics", reason="outside: lifelines is the oracle")
    durations, left, by = zip(*spells, strict=True)
    assume(len(set(by)) > 1 and any(left))
    found = metrics.log_rank(durations, left, by=by, method=method)
    assert sum(found.observed.values()) == sum(left)
    if method == "log-rank":
        assert sum(found.expected.values()) == pytest.approx(sum(left))
    # The oracle wants everybody of each group at risk at once, and fails where nobody is.
    assume(found.freedom == len(set(by)) - 1 and found.statistic < 1e6)
    name = None if method == "log-rank" else method
    try:
        oracle = statistics.multivariate_logrank_test(durations, by, left, weightings=name)
    except Exception:
        assume(False)
        raise
    assume(np.isfinite(oracle.test_statistic))
    assert found.statistic == pytest.approx(oracle.test_statistic, rel=1e-6, abs=1e-9)
    assert found.p_value == pytest.approx(oracle.p_value, rel=1e-6, abs=1e-12)


def test_groups_are_curves_and_a_test() -> None:
    weeks, relapsed = WEEKS + PLACEBO, RELAPSED + [1] * 21
    found = metrics.survival(weeks, relapsed, by=["6-MP"] * 21 + ["placebo"] * 21)
    assert [*found] == ["6-MP", "placebo"]
    assert found["placebo"].median.value == 8
    assert found.test is not None
    assert found.test.statistic == pytest.approx(16.79, abs=0.005)
    assert "log-rank" in found._repr_html_()
    assert metrics.survival([1, 2], by=["a", "a"]).test is None


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: metrics.survival([]), "durations: is empty"),
        (lambda: metrics.survival([-1]), "durations: is less than 0"),
        (lambda: metrics.survival([float("nan")]), "durations: is missing"),
        (lambda: metrics.survival([1], [1, 0]), "left: has 2 rows"),
        (lambda: metrics.survival([1], weights=[0]), "weights: is zero in every row"),
        (lambda: metrics.survival([1], entry=[1]), "entry: is no earlier than the end"),
        (lambda: metrics.survival([1], entry=[0, 0]), "entry: has 2 rows"),
        (lambda: metrics.survival([1], method="x"), "method: is 'x'"),
        (lambda: metrics.survival([1], ties="x"), "ties: is 'x'"),
        (lambda: metrics.survival([1]).at([-1]), "times: is less than 0"),
        (lambda: metrics.survival([1]).quantile(1), "share: is 1"),
        (lambda: metrics.survival([1]).restricted_mean(0), "horizon: is 0; give a finite number more than 0"),
        (lambda: metrics.log_rank([1, 2], [1, 1], by=["a", "a"]), "by: names one group"),
        (lambda: metrics.log_rank([1, 2], [0, 0], by=["a", "b"]), "left: nobody left"),
        (lambda: metrics.log_rank([1, 2], [1, 1], by=["a", "b"], method="x"), "method: is 'x'"),
    ],
)
def test_bad_input_is_one_clear_error(call: Callable[[], object], said: str) -> None:
    with pytest.raises(MetricError) as error:
        call()
    assert said in str(error.value)


def test_pictures_are_drawn() -> None:
    pytest.importorskip("matplotlib", reason="outside: pictures need matplotlib")
    assert metrics.survival(WEEKS, RELAPSED).plot().get_ylabel() == "% still there"
    assert metrics.survival(WEEKS + PLACEBO, by=["a"] * 21 + ["b"] * 21).plot().get_legend() is not None
