"""What a campaign changed: oracles, laws, made data whose truth is known, bad input."""

from collections.abc import Callable
from math import sqrt

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fidelity import metrics
from fidelity.errors import MetricError

groups = st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(groups, groups, st.floats(0.5, 0.999))
def test_two_shares_beside_statsmodels(one: tuple[int, int], two: tuple[int, int], level: float) -> None:
    stats = pytest.importorskip(
        "statsmodels.stats.proportion", reason="outside: statsmodels is the oracle of two proportions"
    )
    for method, name in (("newcombe", "newcomb"), ("wald", "wald"), ("agresti-caffo", "agresti-caffo")):
        found = metrics.uplift_from_counts(*one, *two, method=method, level=level)
        ends = stats.confint_proportions_2indep(*one, *two, method=name, alpha=1 - level)
        assert found.interval is not None
        assert found.interval[:2] == pytest.approx(
            [100 * max(min(each, 1), -1) for each in ends], abs=1e-6
        )  # fmt: skip
    if 0 < one[0] + two[0] < one[1] + two[1]:
        z, p_value = stats.proportions_ztest([one[0], two[0]], [one[1], two[1]])
        assert found.z == pytest.approx(z, abs=1e-9)
        assert found.p_value == pytest.approx(p_value, abs=1e-9)
    if one[0] and two[0]:
        ends = stats.confint_proportions_2indep(*one, *two, compare="ratio", method="log", alpha=1 - level)
        assert found.relative is not None
        assert found.relative.interval is not None
        assert found.relative.interval[:2] == pytest.approx([100 * (each - 1) for each in ends], rel=1e-6)


def test_newcombe_1998() -> None:
    # Table II of the paper, 56/70 − 48/80 by method 10: .0524 to .3339.
    found = metrics.uplift_from_counts(56, 70, 48, 80)
    assert found.interval == pytest.approx((5.24, 33.39, 0.95), abs=0.005)
    # 9/10 − 3/10: .1705 to .8090; 10/10 − 0/10: .6075 to 1.
    assert metrics.uplift_from_counts(9, 10, 3, 10).interval == pytest.approx((17.05, 80.90, 0.95), abs=0.005)
    assert metrics.uplift_from_counts(10, 10, 0, 10).interval == pytest.approx((60.75, 100.0, 0.95), abs=0.005)


def test_columns_and_counts_agree() -> None:
    did, treated = [1] * 30 + [0] * 70 + [1] * 20 + [0] * 80, [1] * 100 + [0] * 100
    found = metrics.uplift(did, treated)
    assert found.interval == metrics.uplift_from_counts(30, 100, 20, 100).interval
    assert found.total is not None
    assert found.total.value == pytest.approx(10)
    by = metrics.uplift(did, treated, by=["a", "b"] * 100)
    assert sorted(by) == ["a", "b"]
    assert by["a"].value == pytest.approx(10)
    assert metrics.uplift_from_counts(3, 100, 1, 100).notes == (
        "fewer than 10 did it, or did not: the p-value is rough",
    )
    assert metrics.uplift_from_counts(3, 100, 0, 100).relative is None


members = st.lists(
    st.tuples(st.floats(-100, 100), st.floats(-100, 100), st.booleans()), min_size=6, max_size=40
).filter(lambda rows: 2 <= sum(each for *_, each in rows) <= len(rows) - 2)


@given(members)
def test_cuped_beside_least_squares_and_welch(rows: list[tuple[float, float, bool]]) -> None:
    stats = pytest.importorskip("scipy.stats", reason="outside: scipy is the oracle of Welch's test")
    before, values, treated = (np.array(each) for each in zip(*rows, strict=True))
    assume(np.ptp(before) > 1)
    slope = stats.linregress(before, values).slope
    sharper = values - slope * (before - before.mean())
    assume(min(np.ptp(sharper[treated]), np.ptp(sharper[~treated])) > 1e-3)
    known = stats.ttest_ind(sharper[treated], sharper[~treated], equal_var=False)
    found = metrics.cuped(values, treated, before)
    assert found.value == pytest.approx(sharper[treated].mean() - sharper[~treated].mean(), abs=1e-8)
    assert found.z == pytest.approx(known.statistic, rel=1e-7, abs=1e-7)
    assert found.p_value == pytest.approx(known.pvalue, abs=1e-8)
    assert found.interval is not None
    assert found.interval[:2] == pytest.approx(tuple(known.confidence_interval(0.95)), abs=1e-6)


def test_cuped_saves_what_was_known_before() -> None:
    # Deng et al. (2013), equation 5: the variance is that without, times 1 − ρ².
    random = np.random.default_rng(1)
    before = random.gamma(2, 20, 20_000)
    treated = random.random(20_000) < 0.5
    values = before + random.normal(0, 20, 20_000) + 3 * treated
    plain = metrics.difference_in_differences(np.zeros(20_000), values, treated)
    found = metrics.cuped(values, treated, before)
    assert plain.standard_error is not None
    assert found.standard_error == pytest.approx(plain.standard_error * sqrt(1 - found.reduction), rel=0.01)
    assert found.interval is not None
    assert 3 in found.interval
    assert metrics.cuped(values, treated, np.ones(20_000)).standard_error == pytest.approx(plain.standard_error)
    assert metrics.cuped([1, 2, 3, 5], [1, 1, 0, 0], [7, 7, 7, 7]).notes == (
        "before is the same for all: it sharpens nothing",
    )


@given(members)
def test_differences_in_differences_beside_welch(rows: list[tuple[float, float, bool]]) -> None:
    stats = pytest.importorskip("scipy.stats", reason="outside: scipy is the oracle of Welch's test")
    before, after, treated = (np.array(each) for each in zip(*rows, strict=True))
    change = after - before
    assume(min(np.ptp(change[treated]), np.ptp(change[~treated])) > 1e-3)
    known = stats.ttest_ind(change[treated], change[~treated], equal_var=False)
    found = metrics.difference_in_differences(before, after, treated)
    assert found.z == pytest.approx(known.statistic, rel=1e-7, abs=1e-7)
    assert found.p_value == pytest.approx(known.pvalue, abs=1e-8)


@given(members, st.integers(1, 2), st.data())
def test_matching_by_hand(rows: list[tuple[float, float, bool]], neighbors: int, data: st.DataObject) -> None:
    before, after, treated = (np.array(each) for each in zip(*rows, strict=True))
    assume(neighbors < min((~treated).sum(), treated.sum() + 1))
    # Whole numbers, so that many are equally near: all of these stand for one another.
    key = np.array(data.draw(st.lists(st.integers(0, 8), min_size=len(rows), max_size=len(rows))), float)
    assume(np.ptp(key) > 0)
    found = metrics.difference_in_differences(before, after, treated, match={"key": key}, neighbors=neighbors)
    change, ours, others = after - before, np.flatnonzero(treated), np.flatnonzero(~treated)
    served, squares, own = np.zeros(len(rows)), np.zeros(len(rows)), []

    def likes(row: int) -> list[int]:
        away = {each: abs(key[each] - key[row]) for each in others if each != row}
        return [each for each in away if away[each] <= sorted(away.values())[neighbors - 1]]

    for row in ours:
        near = likes(row)
        served[near] += 1 / len(near)
        squares[near] += 1 / len(near) ** 2
        own.append(change[row] - change[near].mean())
    effect = np.mean(own)
    assert found.value == pytest.approx(effect, abs=1e-9)
    total = sum((each - effect) ** 2 for each in own)
    for row in others:
        near = likes(row)
        noise = len(near) / (len(near) + 1) * (change[row] - change[near].mean()) ** 2
        total += (served[row] ** 2 - squares[row]) * noise
    assert found.standard_error == pytest.approx(sqrt(max(total, 0)) / len(ours), rel=1e-6, abs=1e-6)
    assert found.n_control == (served > 0).sum()


def test_members_who_are_all_alike_are_not_matched_to_one_of_them() -> None:
    random = np.random.default_rng(3)
    after, treated = random.normal(0, 1, 60), np.arange(60) < 25
    found = metrics.difference_in_differences(np.zeros(60), after, treated, match={"plan": [1] * 60})
    assert found.value == pytest.approx(after[:25].mean() - after[25:].mean())
    assert found.n_control == 35


def test_the_largest_figures_have_effects_too() -> None:
    large = np.array([1.0, 2, 3, 5]) * 1e49
    for found in (metrics.cuped(large, [1, 1, 0, 0], large[::-1]),
                  metrics.difference_in_differences(large, large[::-1] * 0.5, [1, 1, 0, 0])):  # fmt: skip
        assert found.interval is not None
        assert np.isfinite([found.value, *found.interval, found.p_value]).all()


def test_effects_by_group_are_those_of_the_groups_alone() -> None:
    random = np.random.default_rng(4)
    before, after = random.gamma(2, 10, 80), random.gamma(2, 12, 80)
    treated, plan, tenure = random.random(80) < 0.5, np.repeat(["a", "b"], 40), random.integers(0, 5, 80)
    here = plan == "b"
    sharper = metrics.cuped(after, treated, before, by=plan)
    assert sharper["b"].interval == metrics.cuped(after[here], treated[here], before[here]).interval
    assert sharper.overall is not None
    assert sharper.overall.value == metrics.cuped(after, treated, before).value
    for match in (None, {"tenure": tenure}):
        alone = None if match is None else {"tenure": tenure[here]}
        found = metrics.difference_in_differences(before, after, treated, match=match, by=plan)
        one = metrics.difference_in_differences(before[here], after[here], treated[here], match=alone)
        assert found["b"].interval == one.interval
    assert metrics.cuped(after, treated, before, by=["few"] * 3 + ["b"] * 77).hidden == ("b", "few")


def test_matching_takes_away_what_groups_differ_by() -> None:
    random = np.random.default_rng(5)
    tenure = random.normal(0, 1, 4_000)
    treated = random.random(4_000) < 1 / (1 + np.exp(-1.5 * tenure))
    before = random.normal(100, 10, 4_000)
    after = before + 5 * tenure + 2 * treated + random.normal(0, 5, 4_000)
    plain = metrics.difference_in_differences(before, after, treated)
    found = metrics.difference_in_differences(
        before, after, treated, match={"tenure": tenure}, neighbors=3, caliper=0.1
    )  # fmt: skip
    assert plain.interval is not None
    assert 2 not in plain.interval
    assert found.interval is not None
    assert 2 in found.interval
    name, apart, matched = found.balance[0]
    assert (name, apart > 0.8, abs(matched) < 0.05) == ("tenure", True, True)
    assert any("nobody near enough" in note for note in found.notes)
    loose = metrics.difference_in_differences([0] * 6, [0] * 6, [1, 1, 0, 0, 0, 0], match={"x": [9, 8, 1, 2, 3, 4]})
    assert loose.notes == ("still apart in x by 1.4 standard deviations",)


def test_what_a_campaign_is_worth() -> None:
    sales = metrics.Estimate(2_000 * 20, 5_000, 8_000.0, metrics.Interval(24_320, 55_680), "Welch")
    found = metrics.campaign_return(sales, margin=0.3, cost=6_000, rewards=0.05)
    assert found.margin.value == pytest.approx(10_000)
    assert found.profit.value == pytest.approx(4_000)
    assert found.profit.interval == pytest.approx((80, 7_920, 0.95))
    assert found.return_on_cost is not None
    assert found.return_on_cost.value == pytest.approx(100 * 4_000 / 6_000)
    assert found.break_even == pytest.approx(24_000)
    assert found.chance == pytest.approx(0.97725, abs=1e-5)
    free = metrics.campaign_return(100, margin=0.5, cost=0)
    assert (free.return_on_cost, free.chance, free.break_even) == (None, None, 0)


TWO, X = [1, 1, 0, 0], [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("call", "argument", "rows"),
    [
        (lambda: metrics.uplift([1, 0], [1, 1]), "treated", []),
        (lambda: metrics.uplift([1, 0], [0, 0]), "treated", []),
        (lambda: metrics.uplift([1, 0], [1]), "treated", []),
        (lambda: metrics.uplift([1, 3], [1, 0]), "did", [1]),
        (lambda: metrics.uplift([1, 0], [1, 0], method="none"), "method", []),
        (lambda: metrics.uplift_from_counts(3, 2, 1, 2), "treated_hits", []),
        (lambda: metrics.uplift_from_counts(0, 0, 1, 2), "treated", []),
        (lambda: metrics.uplift_from_counts(1, 2, -1, 2), "control_hits", []),
        (lambda: metrics.uplift_from_counts(1, 2, 1, 2, level=95), "level", []),
        (lambda: metrics.cuped(X, [1, 0, 0, 0], X), "treated", []),
        (lambda: metrics.cuped(X, TWO, [1, 2, None, 4]), "before", [2]),
        (lambda: metrics.cuped(X, TWO, X[:3]), "before", []),
        (lambda: metrics.difference_in_differences(X, X, [1, 1, 1, 0]), "treated", []),
        (lambda: metrics.difference_in_differences(X, X[:2], TWO), "after", []),
        (lambda: metrics.difference_in_differences(X, X, TWO, match={}), "match", []),
        (lambda: metrics.difference_in_differences(X, X, TWO, match={"x": X[:3]}), "match", []),
        (lambda: metrics.difference_in_differences(X, X, TWO, match={"x": [1, 2, 3, np.nan]}), "match", [3]),
        (lambda: metrics.difference_in_differences(X, X, TWO, match={"x": X}, neighbors=2), "neighbors", []),
        (lambda: metrics.difference_in_differences(X, X, TWO, match={"x": X}, caliper=0), "caliper", []),
        (lambda: metrics.difference_in_differences(X, X, TWO, match={"x": X}, caliper=0.01), "caliper", []),
        (lambda: metrics.difference_in_differences(
            [0] * 6, [*X, 5, 6], [1, 1, 0, 0, 0, 0], match={"x": [0, 50, 0.1, 0.2, 0.3, 0.1]}, caliper=0.05
        ), "caliper", []),
        (lambda: metrics.campaign_return(float("nan"), margin=0.3, cost=1), "sales", []),
        (lambda: metrics.campaign_return(1, margin=30, cost=1), "margin", []),
        (lambda: metrics.campaign_return(1, margin=0.3, cost=-1), "cost", []),
        (lambda: metrics.campaign_return(1, margin=0.3, cost=1, rewards=0.4), "rewards", []),
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
