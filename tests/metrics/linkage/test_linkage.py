"""How outcomes go with experience, and customers with employees: oracles, laws, bad input."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fidelity import metrics
from fidelity.errors import MetricError

rows_of = st.lists(
    st.tuples(st.integers(1, 10), st.floats(-1000, 1000), st.floats(0.1, 5)), min_size=6, max_size=40
).filter(lambda rows: len({each for each, *_ in rows}) > 1)


@given(rows_of, st.booleans())
def test_slopes_beside_statsmodels(rows: list[tuple[int, float, float]], weighted: bool) -> None:
    api = pytest.importorskip("statsmodels.api", reason="outside: statsmodels is the oracle of slopes")
    x, y, w = (np.array(each, float) for each in zip(*rows, strict=True))
    assume(np.ptp(y) > 1)
    # Where a row alone determines the line, HC3 has no value.
    away = x - np.average(x, weights=w if weighted else None)
    leverage = (w if weighted else 1) * (1 / (w.sum() if weighted else len(x)) + away**2 / np.sum(
        (w if weighted else 1) * away**2
    ))  # fmt: skip
    assume(np.max(leverage) < 0.99)
    fitted = api.WLS(y, api.add_constant(x), weights=w if weighted else 1.0).fit(cov_type="HC3", use_t=True)
    found = metrics.experience_link(x, {"spend": y}, weights=w if weighted else None).of("spend")
    assert found.value == pytest.approx(fitted.params[1], rel=1e-9, abs=1e-9)
    assert found.standard_error == pytest.approx(fitted.bse[1], rel=1e-7, abs=1e-9)
    assert found.interval is not None
    assert found.interval[:2] == pytest.approx(tuple(fitted.conf_int()[1]), rel=1e-6, abs=1e-7)
    assert found.p_value == pytest.approx(fitted.pvalues[1], abs=1e-8)


@given(rows_of, st.floats(0.5, 0.99))
def test_correlations_beside_scipy(rows: list[tuple[int, float, float]], level: float) -> None:
    stats = pytest.importorskip("scipy.stats", reason="outside: scipy is the oracle of correlations")
    x, y, _ = (np.array(each, float) for each in zip(*rows, strict=True))
    assume(np.ptp(y) > 1)
    known = stats.pearsonr(x, y)
    found = metrics.experience_link(x, {"spend": y}, level=level).of("spend").correlation
    assert found is not None
    assert found.value == pytest.approx(known.statistic, abs=1e-9)
    assume(abs(known.statistic) < 0.999)
    assert found.interval is not None
    assert found.interval[:2] == pytest.approx(tuple(known.confidence_interval(level)), abs=1e-8)


def made(n: int = 3_000) -> tuple[np.ndarray, dict[str, np.ndarray], np.ndarray, np.ndarray]:
    random = np.random.default_rng(8)
    touchpoint = random.choice(["app", "desk", "phone"], n)
    segment = random.choice(["new", "old"], n)
    experience = random.integers(1, 11, n).astype(float)
    slope = np.select([touchpoint == "app", touchpoint == "desk"], [5.0, 2.0], 0.0)
    spend = 50 + slope * experience + random.normal(0, 20, n)
    stayed = random.random(n) < 0.5 + 0.02 * experience
    return experience, {"spend": spend, "stayed": stayed}, touchpoint, segment


def test_touchpoints_are_ranked_with_what_is_not_known() -> None:
    experience, outcomes, touchpoint, segment = made()
    found = metrics.experience_link(experience, outcomes, by=touchpoint)
    assert [each.group for each in found.links if each.outcome == "spend"] == ["app", "desk", "phone"]
    for group, truth in (("app", 5), ("desk", 2), ("phone", 0)):
        link = found.of("spend", group)
        assert link.interval is not None
        assert truth in link.interval
        assert link.notes[0].startswith("correlational")
    assert found.of("spend", "app").rank == (1, 1, 0.95)
    # Staying goes with experience alike everywhere: no place is sure.
    assert all(each.rank.high > each.rank.low for each in found.links if each.outcome == "stayed" and each.rank)
    both = metrics.experience_link(experience, outcomes, by={"touchpoint": touchpoint, "segment": segment})
    assert {each.group for each in both.links} == {f"{one} / {two}" for one in set(touchpoint) for two in set(segment)}
    again = metrics.experience_link(experience, outcomes, by=touchpoint)
    assert [each.rank for each in again.links] == [each.rank for each in found.links]
    assert "correlational" in found._repr_html_()
    assert found.to_dict()["note"].startswith("correlational")


@given(st.integers(0, 2**32 - 1))
def test_p_values_know_how_many_were_looked_at(seed: int) -> None:
    stats = pytest.importorskip("scipy.stats", reason="outside: scipy is the oracle of Benjamini and Hochberg")
    random = np.random.default_rng(seed)
    x = random.integers(1, 6, 60).astype(float)
    outcomes = {f"y{place}": random.normal(0, 1, 60) + 0.3 * place * x for place in range(4)}
    assume(np.ptp(x) > 0)
    found = metrics.experience_link(x, outcomes)
    p_values = [each.p_value for each in found.links]
    assert [each.adjusted for each in found.links] == pytest.approx(stats.false_discovery_control(p_values), abs=1e-12)


def test_small_groups_and_those_in_which_nothing_varies() -> None:
    experience, group = [1, 2, 3, 4, 5, 5] + [3] * 5 + [1, 2], ["a"] * 6 + ["b"] * 5 + ["c"] * 2
    found = metrics.experience_link(experience, {"spend": range(13)}, by=group)
    # One small group alone could be had by subtraction, so that the next smallest goes with it.
    assert found.hidden == ("b", "c")
    assert [each.group for each in found.links] == ["a"]
    every = metrics.experience_link(
        [*experience, 4, 5], {"spend": range(15)}, by=[*group, "c", "c"], minimum=1
    )  # fmt: skip
    assert every.unvaried == ("b",)
    assert {each.group for each in every.links} == {"a", "c"}
    with pytest.raises(MetricError, match="there is no link of 'margin'"):
        every.of("margin", "a")


def test_four_rows_are_enough_for_a_line() -> None:
    link = metrics.experience_link([1, 2, 3, 4], {"spend": [1, 3, 2, 5]}).of("spend")
    assert link.value == pytest.approx(1.1)


def test_groups_that_would_be_called_alike_are_not_taken_together() -> None:
    by = {"one": ["x / y"] * 10 + ["x"] * 10, "two": ["z"] * 10 + ["y / z"] * 10}
    with pytest.raises(MetricError, match=r"by: two groups would both be called 'x / y / z'; name them"):
        metrics.experience_link([*range(10)] * 2, {"spend": range(20)}, by=by)


def test_employees_and_customers() -> None:
    random = np.random.default_rng(2)
    shops = [f"s{place}" for place in range(12)]
    mood = random.normal(7, 1, 12)
    employees = np.concatenate([np.full(6, each) + random.normal(0, 0.5, 6) for each in mood])
    customers = np.concatenate([np.full(50, each - 1) + random.normal(0, 1, 50) for each in mood])
    units, served = np.repeat(shops, 6), np.repeat(shops, 50)
    found = metrics.employee_link(employees, units, customers, served)
    x = np.array([employees[units == each].mean() for each in found.units])
    y = np.array([customers[served == each].mean() for each in found.units])
    assert found.value == pytest.approx(np.polyfit(x, y, 1)[0])
    assert found.correlation is not None
    assert found.correlation.value == pytest.approx(np.corrcoef(x, y)[0, 1])
    assert found.notes[0].startswith("correlational")
    assert (found.n, found.hidden) == (12, ())
    fewer = metrics.employee_link(
        employees[:-2], units[:-2], np.append(customers, 5), np.append(served, "web"), minimum=5
    )  # fmt: skip
    assert fewer.n == 11
    assert fewer.hidden == ("s11", "web")


X, Y, U = [1, 2, 3, 4, 5], {"spend": [1, 3, 2, 5, 4]}, list("abcde")


@pytest.mark.parametrize(
    ("call", "argument", "rows"),
    [
        (lambda: metrics.experience_link([1, 2, None, 4, 5], Y), "experience", [2]),
        (lambda: metrics.experience_link(X, {}), "outcomes", []),
        (lambda: metrics.experience_link(X, X), "outcomes", []),
        (lambda: metrics.experience_link(X, {"spend": [1, 2]}), "outcomes", []),
        (lambda: metrics.experience_link(X, {"spend": [1, 2, 3, np.nan, 4]}), "outcomes", [3]),
        (lambda: metrics.experience_link([1, 2, 3], {"spend": [1, 2, 3]}), "experience", []),
        (lambda: metrics.experience_link([3] * 5, Y), "experience", []),
        (lambda: metrics.experience_link(X, Y, by={}), "by", []),
        (lambda: metrics.experience_link(X, Y, by=["a"]), "by", []),
        (lambda: metrics.experience_link(X, Y, by=["a", None, "a", "a", "a"]), "by", [1]),
        (lambda: metrics.experience_link(X, Y, by=U), "by", []),
        (lambda: metrics.experience_link(X, Y, weights=[0] * 5), "weights", []),
        (lambda: metrics.experience_link(X, Y, level=95), "level", []),
        (lambda: metrics.experience_link(X, Y, seed=-1), "seed", []),
        (lambda: metrics.employee_link(X, U, X, U), "employee_units", []),
        (lambda: metrics.employee_link(X, U, [3] * 5, U, minimum=1), "employee_scores", []),
        (lambda: metrics.employee_link(X, U[:4], X, U, minimum=1), "employee_units", []),
        (lambda: metrics.employee_link(X, U, [1, 2, 3, 4, None], U, minimum=1), "customer_scores", [4]),
        (lambda: metrics.employee_link(X, U, X, [None, *U[1:]], minimum=1), "customer_units", [0]),
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
