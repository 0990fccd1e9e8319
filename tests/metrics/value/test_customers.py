"""Histories, ranks, concentration, lifetime value, tracking: by hand, by oracles, on CDNOW."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from fidelity import metrics
from fidelity.errors import FitError, MetricError

START = date(2025, 12, 1)
purchases = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 200), st.integers(1, 90)), min_size=1, max_size=60)


@given(purchases, st.booleans(), st.sampled_from(["day", "week", 30.0]))
def test_histories_by_hand(rows: list[tuple[int, int, int]], by_name: bool, unit: str | float) -> None:
    days: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for who, day, value in rows:
        days[who][day] += value
    end = 150
    length = {"day": 1, "week": 7}.get(unit, unit)  # type: ignore[call-overload]
    customers = [f"c{who}" if by_name else who for who, _, _ in rows]
    at = [START + timedelta(days=day) for _, day, _ in rows]
    values = [value for _, _, value in rows]
    expected = {}
    for who, bought in days.items():
        known = sorted(day for day in bought if day <= end)
        if known and known[0] < end:
            spend = sum(bought[day] for day in known[1:]) / max(len(known) - 1, 1)
            first, last = known[0], known[-1]
            expected[f"c{who}" if by_name else who] = (
                len(known) - 1,
                (last - first) / length,
                (end - first) / length,
                spend,
            )
    if not expected:
        with pytest.raises(MetricError, match="until"):
            metrics.purchase_history(customers, at, values, until=START + timedelta(days=end), unit=unit)
        return
    found = metrics.purchase_history(customers, at, values, until=START + timedelta(days=end), unit=unit)
    table = zip(found.customers.tolist(), found.frequency, found.recency, found.age, found.spend, strict=True)
    assert {name: pytest.approx(tuple(rest)) for name, *rest in table} == expected


@given(purchases, st.booleans(), st.booleans())
def test_ranks_by_hand(rows: list[tuple[int, int, int]], by_name: bool, in_order: bool) -> None:
    rows = sorted(rows, key=lambda row: row[1]) if in_order else rows
    customers = [f"c{who}" if by_name else who + 5 for who, _, _ in rows]
    at = np.array([START + timedelta(days=day) for _, day, _ in rows], "datetime64[D]")
    found = metrics.rfm(customers, at, [value for _, _, value in rows])
    latest = max(day for _, day, _ in rows)
    for place, name in enumerate(found.customers.tolist()):
        mine = [(day, value) for each, (_, day, value) in zip(customers, rows, strict=True) if each == name]
        assert found.recency[place] == latest - max(day for day, _ in mine)
        assert found.frequency[place] == len(mine)
        assert found.monetary[place] == sum(value for _, value in mine)
    assert found.n == len(set(customers))
    scores = found.scores(3)
    assert ((scores >= 1) & (scores <= 3)).all()
    order = np.argsort(found.monetary, kind="stable")
    assert (np.diff(scores[order, 2]) >= 0).all()


@given(st.lists(st.floats(0, 1000), min_size=1, max_size=40).filter(lambda values: sum(values) > 1e-6))
def test_gini_and_its_jackknife_by_brute_force(values: list[float]) -> None:
    def brute(x: list[float]) -> float:
        total = sum(x)
        return sum(abs(a - b) for a in x for b in x) / (2 * len(x) * total) if total > 0 else 0.0

    found = metrics.gini(values)
    assert found.value == pytest.approx(brute(values), abs=1e-9)
    rest = [values[:place] + values[place + 1 :] for place in range(len(values))]
    if len(values) < 5:
        assert found.interval is None
    elif all(sum(each) > 1e-6 for each in rest):
        without = np.array([brute(each) for each in rest])
        n = len(values)
        error = np.sqrt((n - 1) / n * ((without - without.mean()) ** 2).sum())
        assert found.standard_error == pytest.approx(error, abs=1e-6)


@given(st.lists(st.integers(0, 100), min_size=1, max_size=40).filter(any), st.sampled_from([0.1, 0.2, 0.5]))
def test_the_top_share_by_hand(values: list[int], share: float) -> None:
    ordered = sorted(values, reverse=True)
    many = share * len(values)
    full = int(many + 1e-9)
    top = sum(ordered[:full]) + (many - full) * (ordered[full] if full < len(values) else 0)
    assert metrics.top_share(values, share=share).value == pytest.approx(top / sum(values), abs=1e-9)


def customers(n: int, seed: int = 1) -> metrics.PurchaseHistory:
    random = np.random.default_rng(seed)
    who, at, values = [], [], []
    for customer in range(n):
        rate, leave = random.gamma(0.8, 1 / 40.0), random.beta(1.0, 3.0)
        mean = 1 / random.gamma(4.0, 1 / 60.0)
        day = float(random.uniform(0, 90))
        while day < 400:
            who.append(customer)
            at.append(np.datetime64("2025-01-01") + np.timedelta64(int(day), "D"))
            values.append(float(random.gamma(6, mean / 6)) * 3600)
            if random.random() < leave:
                break
            day += float(random.exponential(1 / rate))
    return metrics.purchase_history(who, at, values, until="2025-12-31")


def test_lifetime_value_and_its_intervals() -> None:
    history = customers(1_500)
    model = metrics.BetaGeometric.fit(*history.purchases)
    money = metrics.GammaGamma.fit(*history.spending)
    found = metrics.lifetime_value(model, money, history, horizon=26, margin=0.5)
    assert found.value == pytest.approx(
        0.5 * model.conditional_expected_purchases(26, *history.purchases) * found.spend
    )
    assert (found.low <= found.value).all()
    assert (found.value <= found.high).all()
    assert found.total.value == pytest.approx(found.value.sum())
    drawn = metrics.lifetime_value(
        model, money, history, horizon=26, margin=0.5, method="bootstrap", resamples=60, seed=2
    )
    assert drawn.total.standard_error == pytest.approx(found.total.standard_error, rel=0.6)
    assert drawn.total.interval is not None
    assert found.total.value in drawn.total.interval
    later = metrics.lifetime_value(model, money, history, horizon=26, margin=0.5, discount=0.01)
    assert (later.value < found.value).all()
    assert later.purchases == pytest.approx(found.purchases)
    steps = [model.conditional_expected_purchases(k, *history.purchases) for k in range(27)]
    worth = sum((b - a) / 1.01 ** (k + 1) for k, (a, b) in enumerate(pairwise(steps)))
    assert later.value == pytest.approx(0.5 * worth * later.spend)


def test_given_parameters_have_no_intervals() -> None:
    history = customers(30)
    found = metrics.lifetime_value(metrics.BetaGeometric(1, 10, 1, 3), 20.0, history, horizon=10)
    assert found.total.interval is None
    assert np.isnan(found.low).all()


def test_tracking_counts_what_came() -> None:
    who = [1, 1, 2, 2, 3, 1, 2, 2, 9]
    days = [0, 20, 5, 50, 10, 120, 130, 130, 140]
    at = [START + timedelta(days=day) for day in days]
    history = metrics.purchase_history(who, at, until=START + timedelta(days=100))
    found = metrics.holdout_tracking(
        metrics.BetaGeometric(0.5, 5, 0.8, 2.5), history, who, at, until=START + timedelta(days=170)
    )
    assert dict(zip(history.customers.tolist(), found.actual.tolist(), strict=True)) == {1: 1, 2: 1, 3: 0}
    assert found.expected == pytest.approx(
        metrics.BetaGeometric(0.5, 5, 0.8, 2.5).conditional_expected_purchases(10, *history.purchases)
    )
    assert found.actual_total[-1] == 4
    assert found.times[-1] == 24
    assert found.fitted_until == pytest.approx(100 / 7)
    assert (np.diff(found.expected_total) > 0).all()


def test_tracking_on_cdnow() -> None:
    from pathlib import Path

    path = Path(__file__).resolve().parents[4] / "shared" / "data" / "lifetimes__CDNOW_master.txt"
    if not path.exists():
        pytest.skip("outside: the CDNOW log is not beside the project")
    rows = [line.split() for line in path.read_text().splitlines()[1:]]
    rows = [row for row in rows if row and int(row[0]) % 10 == 1]
    who = [int(row[0]) for row in rows]
    at = [f"{row[1][:4]}-{row[1][4:6]}-{row[1][6:]}" for row in rows]
    history = metrics.purchase_history(who, at, until="1997-09-30")
    model = metrics.BetaGeometric.fit(*history.purchases)
    found = metrics.holdout_tracking(model, history, who, at, until="1998-06-30")
    # Fader, Hardie & Lee (2005): within a few percent in the forty weeks to come.
    assert 0.85 < found.ratio.value < 1.15
    assert found.correlation > 0.5
    assert found.customers_by_bin.sum() == history.n


def test_rounds_are_counted_as_the_paper_counts_years() -> None:
    # A donor of 1995 who gave again in 1996 and 1998 and was watched to 2001: x 2, t_x 3, n 6.
    found = metrics.purchase_rounds(
        ["d"] * 5 + ["e", "late"],
        ["1995-02-01", "1995-12-31", "1996-07-01", "1998-01-01", "1998-12-31T23:00", "1995-06-01", "2001-01-01"],
        [5, 5, 10, 20, 40, 3, 9],
        until="2001-12-31",
    )
    assert found.customers.tolist() == ["d", "e"]
    assert [each.tolist() for each in found.purchases] == [[2, 0], [3, 0], [6, 6]]
    assert found.spend.tolist() == [35, 0]
    assert found.first.astype(str).tolist() == ["1995-01-01"] * 2
    cut = metrics.purchase_rounds(["d"] * 3, ["1995-02-01", "1996-07-01", "1998-01-01"], until="1997-12-31")
    assert [each.tolist() for each in cut.purchases] == [[1], [1], [2]]


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 900)), min_size=1, max_size=40), st.integers(400, 1200))
def test_rounds_by_hand(rows: list[tuple[int, int]], last: int) -> None:
    start = date(2022, 1, 1)
    kept = [(who, start + timedelta(days=day)) for who, day in rows if day <= last]
    end = start + timedelta(days=last)
    months = {(who, 12 * day.year + day.month) for who, day in kept}
    expected = {}
    for who in sorted({who for who, _ in months}):
        mine = sorted(month for each, month in months if each == who)
        if mine[0] < 12 * end.year + end.month:
            expected[who] = (len(mine) - 1, mine[-1] - mine[0], 12 * end.year + end.month - mine[0])
    assume(expected)
    found = metrics.purchase_rounds(
        [who for who, _ in rows], [start + timedelta(days=day) for _, day in rows], period="month", until=end
    )
    told = zip(*(each.tolist() for each in (found.customers, *found.purchases)), strict=True)
    assert {who: each for who, *each in told} == {who: [*each] for who, each in expected.items()}


def test_rounds_serve_values_and_holdouts_of_the_model_of_rounds() -> None:
    random = np.random.default_rng(4)
    who, at = [], []
    for member in range(400):
        there, chance = random.geometric(random.beta(1, 5)), random.beta(1.5, 2)
        for month in range(min(there, 24)):
            if not month or random.random() < chance:
                who += [member, member]
                at += [np.datetime64(f"{2024 + month // 12}-{month % 12 + 1:02}-03"),
                       np.datetime64(f"{2024 + month // 12}-{month % 12 + 1:02}-20")]  # fmt: skip
    seen = metrics.purchase_rounds(who, at, [10.0] * len(who), period="month", until="2024-12-31")
    model = metrics.BetaGeometricBetaBinomial.fit(*seen.purchases)
    worth = metrics.lifetime_value(model, 20.0, seen, horizon=12, margin=0.5)
    assert worth.value == pytest.approx(10 * model.conditional_expected_purchases(12, *seen.purchases))
    later = metrics.holdout_tracking(model, seen, who, at, until="2025-12-31")
    # Two purchases of one month are one.
    months = {(each, str(day)[:7]) for each, day in zip(who, at, strict=True) if str(day) > "2025"}
    assert later.actual.sum() == len(months)
    assert 0.8 < later.ratio.value < 1.25
    assert later.times.tolist() == [*range(1, 24)]
    assert later.fitted_until == 11


def test_recency_of_a_day_counts_whole_days_and_that_of_an_instant_does_not() -> None:
    who, at, paid = [1, 2], ["2026-01-09T15:00", "2026-01-10T15:00"], [1, 1]
    assert metrics.rfm(who, at, paid, until="2026-01-10").recency.tolist() == [1, 0]
    assert metrics.rfm(who, at, paid, until=date(2026, 1, 12)).recency.tolist() == [3, 2]
    assert metrics.rfm(who, at, paid, until="2026-01-10T21:00").recency.tolist() == [1.25, 0.25]
    with pytest.raises(MetricError, match=r"until: 2026-01-10T12:00:00\.000000 lies before some purchases"):
        metrics.rfm(who, at, paid, until="2026-01-10T12:00")
    with pytest.raises(MetricError, match="until: 2026-01-09 lies before some purchases"):
        metrics.rfm(who, at, paid, until="2026-01-09")


def test_a_spend_without_a_finite_mean_is_told() -> None:
    heavy = metrics.GammaGamma(6.25, 0.9, 15.44)
    assert metrics.GammaGamma(6.25, 3.74, 15.44).notes == ()
    assert "not above 1" in heavy.notes[0]
    assert heavy.to_dict()["notes"] == [*heavy.notes]
    assert "no finite mean" in heavy._repr_html_()
    history = metrics.purchase_history(
        ["ann", "ann", "bob"], ["2026-01-01", "2026-01-15", "2026-01-08"], [5, 5, 5], until="2026-03-01"
    )
    model = metrics.BetaGeometric(0.243, 4.414, 0.793, 2.426, n=9, covariance=np.eye(4) * 0.01)
    found = metrics.lifetime_value(model, heavy, history, horizon=52)
    assert np.isinf(found.value).tolist() == [False, True]
    assert found.total.interval is None
    assert found.total.notes == (*heavy.notes, "1 customers of whom no repeat purchase is known have no finite value")


def test_concentration_by_group_is_that_of_the_groups_alone() -> None:
    values, group = np.arange(1.0, 21) ** 2, ["a"] * 12 + ["b"] * 8
    assert metrics.gini(values, by=group)["b"].interval == metrics.gini(values[12:]).interval
    assert metrics.top_share(values, share=0.3, by=group)["a"].value == metrics.top_share(values[:12], share=0.3).value


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: metrics.purchase_history([1], ["2026-01-01"], until="2025-01-01"), "until: 2025-01-01 lies before"),
        (lambda: metrics.purchase_history([1], ["2026-01-01"]), "until: everybody came on the last day"),
        (lambda: metrics.purchase_history([1], ["2026-01-01"], unit="moon"), "unit: is 'moon'"),
        (lambda: metrics.purchase_history([1], ["2026-01-01"], [1, 2]), "values: has 2 rows"),
        (lambda: metrics.rfm([1], ["2026-01-01"], [1], until="2025-01-01"), "until: 2025-01-01 lies before"),
        (lambda: metrics.rfm([1], ["2026-01-01"], [None]), "values: is missing"),
        (lambda: metrics.rfm([1], ["2026-01-01"], [1]).scores(1), "parts: is 1"),
        (lambda: metrics.rfm([1], ["2026-01-01"], [-5]), "values: is less than 0 in row 0"),
        (lambda: metrics.purchase_history([1], ["2026-01-01"], [-5]), "values: is less than 0 in row 0"),
        (lambda: metrics.gini([0, 0]), "values: are all zero"),
        (lambda: metrics.gini([-1]), "values: is less than 0"),
        (lambda: metrics.top_share([1], share=1), "share: is 1"),
        (
            lambda: metrics.lifetime_value(metrics.BetaGeometric(1, 1, 1, 1), 1.0, customers(5), horizon=0),
            "horizon: is 0",
        ),
        (
            lambda: metrics.lifetime_value(metrics.BetaGeometric(1, 1, 1, 1), [1.0], customers(9), horizon=1),
            "spend: has 1",
        ),
        (
            lambda: metrics.lifetime_value(metrics.BetaGeometric(1, 1, 1, 1), 1.0, customers(5), horizon=1, method="x"),
            "method: is 'x'",
        ),
        (
            lambda: metrics.holdout_tracking(
                metrics.BetaGeometric(1, 1, 1, 1), customers(5), [1], ["2026-01-01"], until="2025-01-01"
            ),
            "does not lie after",
        ),
        (
            lambda: metrics.holdout_tracking(
                metrics.BetaGeometric(1, 1, 1, 1), customers(5), ["1"], ["2026-01-01"], until="2026-02-01"
            ),
            "customers: nobody of the history is among them",
        ),
    ],
)
def test_bad_input_is_one_clear_error(call: Callable[[], object], said: str) -> None:
    with pytest.raises(MetricError) as error:
        call()
    assert said in str(error.value)


def test_samples_that_determine_nothing_are_told() -> None:
    history = metrics.purchase_history(
        [1, 1, 2, 2, 3], ["2026-01-01", "2026-02-01", "2026-01-05", "2026-02-09", "2026-01-09"], until="2026-06-01"
    )
    with pytest.raises(FitError, match="drawn samples determine a model"):
        metrics.lifetime_value(
            metrics.BetaGeometric(1, 10, 1, 3), 20.0, history, horizon=10, method="bootstrap", resamples=60
        )


@settings(max_examples=5)
@given(st.integers(0, 100))
def test_pictures_are_drawn(seed: int) -> None:
    pyplot = pytest.importorskip("matplotlib.pyplot", reason="outside: pictures need matplotlib")
    history = customers(40, seed)
    model = metrics.BetaGeometric(0.8, 6, 1, 3)
    assert metrics.lifetime_value(model, 20.0, history, horizon=10).plot().get_ylabel() == "% of value"
    assert metrics.rfm([1, 2, 2], ["2026-01-01"] * 3, [1, 2, 3]).plot().get_title()
    pyplot.close("all")
