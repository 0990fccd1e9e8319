"""Cohorts, the shifted beta-geometric model, churn, repeat purchases, value of staying."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity import metrics
from fidelity.errors import FitError, MetricError
from fidelity.metrics.periods import PERIODS
from fidelity.metrics.retention import beginnings as room

START = date(2023, 11, 20)
purchases = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 500), st.integers(1, 50)), min_size=1, max_size=80)


def period_of(day: date, period: str) -> int:
    months = day.year * 12 + day.month - 1
    return {
        "day": day.toordinal(), "week": (day.toordinal() - 1) // 7, "month": months, "quarter": months // 3,
        "year": day.year,
    }[period]  # fmt: skip


@given(purchases, st.sampled_from(PERIODS), st.booleans(), st.sampled_from(["us", "ns", "s", "D", "text"]))
def test_cohorts_by_hand(rows: list[tuple[int, int, int]], period: str, by_name: bool, unit: str) -> None:
    bought = [(who, START + timedelta(days=day), value) for who, day, value in rows]
    first: dict[int, int] = {}
    for who, day, _ in bought:
        number = period_of(day, period)
        first[who] = min(first.get(who, number), number)
    active: dict[tuple[int, int], set[int]] = defaultdict(set)
    spent: dict[tuple[int, int], int] = defaultdict(int)
    for who, day, value in bought:
        cell = (first[who], period_of(day, period) - first[who])
        active[cell].add(who)
        spent[cell] += value
    last = max(period_of(day, period) for _, day, _ in bought)
    customers = [f"c{who}" for who, _, _ in bought] if by_name else [who for who, _, _ in bought]
    days = [str(day) for _, day, _ in bought]
    at = days if unit == "text" else np.array(days, f"datetime64[{unit}]")
    found = metrics.cohorts(customers, at, [value for _, _, value in bought], period=period)
    starts = [period_of(each.astype(object), period) for each in found.starts.astype("datetime64[D]")]
    assert starts == sorted(set(first.values()))
    assert found.values is not None
    for row, start in enumerate(starts):
        assert found.sizes[row] == sum(each == start for each in first.values()) == found.active[row, 0]
        for age in range(found.active.shape[1]):
            if start + age > last:
                assert np.isnan(found.active[row, age])
                assert np.isnan(found.values[row, age])
            else:
                assert found.active[row, age] == len(active[start, age])
                assert found.values[row, age] == spent[start, age]


@given(purchases, st.sampled_from([13, 4000]))
def test_all_ways_of_counting_agree(rows: list[tuple[int, int, int]], people: int) -> None:
    codes, number = np.array([who for who, _, _ in rows]), np.array([day // 30 for _, day, _ in rows])
    one, two = room.by_marks(codes, number, people, 17), room.by_sorting(codes, number, people, 17)
    order = np.argsort(number, kind="stable")
    stretches = room.Stretches(0, np.searchsorted(number[order], np.arange(18)))
    three = room.by_stretches(codes[order], stretches, people)
    for other in (two, three):
        for name in ("of", "rows", "sizes", "active"):
            assert getattr(one, name).tolist() == getattr(other, name).tolist()


@given(purchases, st.sampled_from(PERIODS))
def test_the_order_of_rows_does_not_matter(rows: list[tuple[int, int, int]], period: str) -> None:
    def of(given: list[tuple[int, int, int]]) -> dict[str, object]:
        at = np.datetime64(START) + np.array([day for _, day, _ in given])
        found = metrics.cohorts([who for who, _, _ in given], at, [value for _, _, value in given], period=period)
        return found.to_dict()

    assert repr(of(rows)) == repr(of(sorted(rows, key=lambda row: row[1])))


def test_one_stray_date_costs_no_table_of_all_days() -> None:
    found = metrics.cohorts([1, 2, 2], ["1900-01-01", "2026-01-01", "2026-01-03"], period="day")
    assert found.active.shape[0] == 2
    with pytest.raises(MetricError, match="choose a longer one"):
        metrics.cohorts(range(2_000), np.datetime64("1900-01-01") + np.arange(2_000) * 23, period="day")


def test_cohorts_read_as_shares() -> None:
    found = metrics.cohorts(
        ["a", "b", "a", "c", "b"], ["2026-01-03", "2026-01-09", "2026-02-01", "2026-02-05", "2026-03-02"]
    )
    assert found.retention.tolist()[0] == [1, 0.5, 0.5]
    assert found.overall.tolist() == pytest.approx([1, 1 / 3, 0.5])
    assert found.interval(0, 1) == pytest.approx(metrics.proportion(1, 2, unit="").interval)
    with pytest.raises(MetricError, match="still to come"):
        found.interval(1, 2)
    assert "50 %" in found._repr_html_()


@pytest.mark.parametrize(
    ("survivors", "alpha", "beta", "likelihood", "later"),
    [
        # P. S. Fader, B. G. S. Hardie, Journal of Interactive Marketing 21 (2007): four years of two segments, and
        # what the model says of years 8 and 12.
        ([1000, 631, 468, 382, 326], 0.7637, 1.2958, -1401.559, [21.029, 15.954]),
        ([1000, 869, 743, 653, 593], 1.281, 7.7904, -1225.135, [40.906, 30.701]),
    ],
)
def test_published_fits(survivors: list[int], alpha: float, beta: float, likelihood: float, later: list[float]) -> None:
    model = metrics.ShiftedBetaGeometric.fit(survivors)
    assert (model.alpha, model.beta) == pytest.approx((alpha, beta), abs=1e-3)
    assert model.log_likelihood == pytest.approx(likelihood, abs=1e-3)
    assert 100 * model.survival([8, 12]) == pytest.approx(later, abs=0.01)


def test_published_seven_years() -> None:
    # Fader & Hardie (2010), tables of the High End and Regular customers over seven renewals.
    high = metrics.ShiftedBetaGeometric.fit([1000, 869, 743, 653, 593, 551, 517, 491])
    regular = metrics.ShiftedBetaGeometric.fit([1000, 631, 468, 382, 326, 289, 262, 241])
    assert (high.alpha, high.beta) == pytest.approx((0.668, 3.806), abs=1e-3)
    assert (regular.alpha, regular.beta) == pytest.approx((0.704, 1.182), abs=1e-3)


@given(st.floats(0.2, 5), st.floats(0.2, 9), st.integers(3, 12))
def test_a_fit_finds_what_made_the_data(alpha: float, beta: float, renewals: int) -> None:
    truth = metrics.ShiftedBetaGeometric(alpha, beta)
    model = metrics.ShiftedBetaGeometric.fit(1e6 * truth.survival(range(renewals + 1)))
    assert (model.alpha, model.beta) == pytest.approx((alpha, beta), rel=1e-4)


@given(st.floats(0.05, 5), st.floats(0.05, 9))
def test_laws_of_the_model(alpha: float, beta: float) -> None:
    special = pytest.importorskip("scipy.special", reason="outside: scipy is the oracle")
    model = metrics.ShiftedBetaGeometric(alpha, beta)
    times = np.arange(1, 30)
    survival = model.survival(range(30))
    assert survival[1:] / survival[:-1] == pytest.approx(model.retention(times))
    assert survival == pytest.approx(special.beta(alpha, beta + np.arange(30)) / special.beta(alpha, beta), rel=1e-9)
    assert (np.diff(model.retention(times)) > 0).all()
    for after in (0, 3):
        here = float(survival[after])
        worth = sum(float(each) / here / 1.1**time for time, each in enumerate(model.survival(range(after + 1, 400))))
        assert model.expected_renewals(discount=0.1, after=after) == pytest.approx(worth, rel=1e-6)
        closed = float(model.retention([after + 1])[0]) * special.hyp2f1(
            1, beta + after + 1, alpha + beta + after + 1, 1 / 1.1
        )
        assert model.expected_renewals(discount=0.1, after=after) == pytest.approx(closed, rel=1e-6)


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=9))
def test_a_fit_is_a_model_or_says_why_not(counts: list[int]) -> None:
    survivors = sorted(counts, reverse=True)
    try:
        model = metrics.ShiftedBetaGeometric.fit(survivors)
    except MetricError:
        # Anything but a typed error is a failure.
        return
    assert np.isfinite([model.alpha, model.beta, *(model.standard_errors or {}).values()]).all()


@given(st.lists(st.tuples(st.integers(1, 8), st.booleans()), min_size=20, max_size=80))
def test_durations_say_the_same_as_survivors(rows: list[tuple[int, bool]]) -> None:
    whole = [(time, True) if gone else (8, False) for time, gone in rows]
    survivors = [sum(time > step or not gone for time, gone in whole) for step in range(9)]
    times, left = zip(*whole, strict=True)
    try:
        one = metrics.ShiftedBetaGeometric.fit(survivors)
    except FitError:
        with pytest.raises(FitError):
            metrics.ShiftedBetaGeometric.fit_durations(times, left)
        return
    two = metrics.ShiftedBetaGeometric.fit_durations(times, left)
    assert (two.alpha, two.beta, two.log_likelihood) == pytest.approx(
        (one.alpha, one.beta, one.log_likelihood), rel=1e-5
    )


def test_intervals_and_endless_members() -> None:
    model = metrics.ShiftedBetaGeometric.fit([1000, 869, 743, 653, 593])
    interval = model.survival_interval(8)
    assert interval.low < model.survival([8])[0] < interval.high
    assert model.survival_interval(0) == (1, 1, 0.95)
    assert metrics.ShiftedBetaGeometric(0.5, 1).expected_renewals() == float("inf")
    assert metrics.ShiftedBetaGeometric(3, 1).expected_renewals() == pytest.approx(0.5)
    with pytest.raises(MetricError, match="fit the model to have intervals"):
        metrics.ShiftedBetaGeometric(1, 1).survival_interval(2)


@given(st.integers(0, 40), st.floats(0.5, 500))
def test_churn_per_time_has_the_exact_interval(count: int, time: float) -> None:
    stats = pytest.importorskip("scipy.stats", reason="outside: scipy is the oracle")
    left = [True] * count + [False]
    found = metrics.churn(left, exposure=[0.0] * count + [time])
    assert found.value == pytest.approx(count / time)
    assert found.interval is not None
    if count:
        assert stats.poisson.sf(count - 1, found.interval.low * time) == pytest.approx(0.025, rel=1e-6)
    assert stats.poisson.cdf(count, found.interval.high * time) == pytest.approx(0.025, rel=1e-6)


def test_churn_and_repeat_rate() -> None:
    assert metrics.churn([1, 0, 0, 0]).value == 25
    assert metrics.churn([1, 0], weights=[1, 3]).value == 25
    assert metrics.churn([1, 0, 1, 1], by=["a", "a", "b", "b"], minimum=1)["b"].value == 100
    assert metrics.repeat_rate([7, 7, 9, 1000, 1000, 1000]).value == pytest.approx(200 / 3)
    assert metrics.repeat_rate([7, 7, 9]).n == 2


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 300)), min_size=2, max_size=50))
def test_gaps_by_hand(rows: list[tuple[int, int]]) -> None:
    times: dict[int, list[int]] = defaultdict(list)
    for who, day in rows:
        times[who].append(day)
    gaps = [b - a for who in sorted(times) for a, b in zip(sorted(times[who]), sorted(times[who])[1:], strict=False)]
    customers = [who for who, _ in rows]
    at = [START + timedelta(days=day) for _, day in rows]
    if not gaps:
        with pytest.raises(MetricError, match="nobody bought twice"):
            metrics.interpurchase_times(customers, at)
        return
    found = metrics.interpurchase_times(customers, at, until="2026-01-01")
    assert found.gaps.tolist() == gaps
    assert found.mean.value == pytest.approx(np.mean(gaps))
    assert found.customers == sum(len(each) > 1 for each in times.values())
    assert found.curve is not None
    assert found.curve.n == len(gaps) + len(times)
    assert found.within(1e-9) <= found.within(30) <= found.within(40)
    assert found.curve.median.interval is None
    if found.customers > 1:
        means = [
            b - a - np.mean(gaps)
            for each in times.values()
            for a, b in zip(sorted(each), sorted(each)[1:], strict=False)
        ]
        assert len(means) == len(gaps)
        clusters = [
            sum(b - a - np.mean(gaps) for a, b in zip(sorted(e), sorted(e)[1:], strict=False))
            for e in times.values()
            if len(e) > 1
        ]
        m = len(clusters)
        error = (sum(each**2 for each in clusters) * m / (m - 1)) ** 0.5 / len(gaps)
        assert found.mean.standard_error == pytest.approx(error, abs=1e-9)


amounts = st.floats(0, 1000)


@given(st.lists(st.tuples(amounts, amounts, amounts, amounts, amounts), min_size=1, max_size=20), st.floats(0, 0.5))
def test_gained_and_forfeited_are_told_apart(rows: list[tuple[float, ...]], discount: float) -> None:
    benefits, rival, welcome, balance, progress = zip(*rows, strict=True)
    found = metrics.value_of_staying(
        benefits, rival=rival, welcome=welcome, balance=balance, progress=progress, discount=discount, periods=6
    )
    lasting = sum((1 + discount) ** -time for time in range(1, 7))
    for place, (here, there, once, held, half) in enumerate(rows):
        assert found.gained[place] == pytest.approx((here - there) * lasting - once, abs=1e-6)
        assert found.forfeited[place] == held + half
    assert found.net == pytest.approx(found.gained + found.forfeited)
    assert found.stay.value >= found.stay_freely.value
    assert 0 <= found.lock_in <= 1
    assert found.locked == (found.lock_in > 0.5)


def test_more_to_lose_is_more_lock_in_and_no_more_gain() -> None:
    free = metrics.value_of_staying([10, 12], rival=9)
    held = metrics.value_of_staying([10, 12], rival=9, balance=500)
    assert held.gained.tolist() == free.gained.tolist()
    assert (free.locked, held.locked) == (False, True)
    assert "it dominates" in held._repr_html_()


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: metrics.cohorts([], []), "customers: is empty"),
        (lambda: metrics.cohorts(["a"], ["2026-01-01", "2026-01-02"]), "at: has 2 rows"),
        (lambda: metrics.cohorts(["a"], ["soon"]), "at: is not a date in row 0"),
        (lambda: metrics.cohorts([None], ["2026-01-01"]), "customers: is missing in row 0"),
        (lambda: metrics.cohorts(["a"], ["2026-01-01"], [float("nan")]), "values: is missing"),
        (lambda: metrics.cohorts(["a"], ["2026-01-01"], [-5]), "values: is less than 0"),
        (lambda: metrics.cohorts(["a"], ["2026-01-01"], period="moon"), "period: is 'moon'"),
        (lambda: metrics.ShiftedBetaGeometric(0, 1), "alpha: is 0"),
        (lambda: metrics.ShiftedBetaGeometric.fit([5]), "survivors: has one count"),
        (lambda: metrics.ShiftedBetaGeometric.fit([5, 6]), "survivors: rises in row 1"),
        (lambda: metrics.ShiftedBetaGeometric.fit([5, 5, 5]), "nobody left"),
        (lambda: metrics.ShiftedBetaGeometric.fit([5, 0, 0]), "everybody left at the first"),
        (lambda: metrics.ShiftedBetaGeometric.fit([0, 0]), "nobody was a member"),
        (lambda: metrics.ShiftedBetaGeometric.fit_durations([0], [1]), "renewals: is less than 1"),
        (lambda: metrics.ShiftedBetaGeometric.fit_durations([1], [1], weights=[1, 1]), "weights: has 2 rows"),
        (lambda: metrics.ShiftedBetaGeometric(1, 1).expected_renewals(discount=-1), "discount: is -1"),
        (lambda: metrics.ShiftedBetaGeometric(1, 1).expected_renewals(after=-1), "after: is -1"),
        (lambda: metrics.churn([1], exposure=[0]), "exposure: is zero"),
        (lambda: metrics.churn([1], exposure=[1], weights=[1]), "weights: cannot stand beside exposure"),
        (lambda: metrics.churn([1], exposure=[1, 2]), "exposure: has 2 rows"),
        (
            lambda: metrics.interpurchase_times(["a", "a"], ["2026-01-01", "2026-02-01"], until="2026-01-15"),
            "until: 2026",
        ),
        (lambda: metrics.value_of_staying([1], balance=[-1]), "balance: is less than 0"),
        (lambda: metrics.value_of_staying([1], rival=[1, 2]), "rival: has 2 rows"),
        (lambda: metrics.value_of_staying([1], periods=0), "periods: is 0"),
        (lambda: metrics.value_of_staying([1], discount=-0.1), "discount: is -0.1"),
    ],
)
def test_bad_input_is_one_clear_error(call: Callable[[], object], said: str) -> None:
    with pytest.raises(MetricError) as error:
        call()
    assert said in str(error.value)


def test_pictures_are_drawn() -> None:
    pytest.importorskip("matplotlib", reason="outside: pictures need matplotlib")
    table = metrics.cohorts([1, 1, 2], ["2026-01-01", "2026-02-01", "2026-02-02"])
    assert "Cohorts" in table.plot().get_title()
    assert metrics.ShiftedBetaGeometric.fit([1000, 869, 743, 653]).plot().get_xlabel() == "renewals"
    assert metrics.value_of_staying([10, 2], rival=5).plot().get_xlabel() == "% of members"
    assert metrics.interpurchase_times([1, 1], ["2026-01-01", "2026-02-01"]).plot().get_title()


def test_gaps_still_open_reach_to_the_end_of_a_day() -> None:
    who, at = ["a", "a", "b"], ["2026-01-01", "2026-01-11", "2026-01-05"]
    days = metrics.interpurchase_times(who, at, until="2026-01-31").curve
    assert days is not None
    assert days.longest == 26
    moments = [f"{each}T12:00" for each in at]
    found = metrics.interpurchase_times(who, moments, until="2026-01-31").curve
    assert found is not None
    assert found.longest == pytest.approx(26.5)
    assert metrics.interpurchase_times(who, moments, until="2026-01-11").gaps.tolist() == [10]


def test_the_shifted_beta_geometric_is_a_model_like_the_others() -> None:
    found = metrics.ShiftedBetaGeometric.fit([1000, 869, 743, 653, 593, 551, 517, 491])
    assert found.parameters == {"alpha": found.alpha, "beta": found.beta}
    assert found.standard_errors is not None
    assert [*found.standard_errors] == ["alpha", "beta"]
    # What renewals come to, with the interval that the errors of both parameters give.
    ends = found.estimate(lambda model: model.expected_renewals(discount=0.1)).interval
    assert ends is not None
    assert found.expected_renewals(discount=0.1) in ends
    assert found.estimate(lambda model: float(model.survival([8])[0])).interval is not None
    assert repr(found) == "<Shifted beta-geometric model: alpha 0.6681, beta 3.806, n 1,000>"
