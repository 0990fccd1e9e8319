"""Models of purchases and of spend: published fits, oracles, laws, intervals, bad input."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fidelity import metrics
from fidelity.errors import FitError, MetricError

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"

sizes = st.floats(-1.5, 1.5).map(lambda power: 10.0**power)
seen = st.lists(
    st.tuples(st.integers(0, 30), st.floats(0, 1), st.floats(0.5, 60)).map(
        lambda each: (each[0], each[1] * each[2] if each[0] else 0.0, each[2])
    ),
    min_size=1,
    max_size=8,
)


def columns(name: str, *names: str) -> list[np.ndarray]:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"outside: {name} is not beside the project")
    heads, *rows = [line.replace('"', "").split(",") for line in path.read_text().splitlines()]
    return [np.array([float(row[heads.index(each)]) for row in rows]) for each in names]


def test_published_fits_to_cdnow() -> None:
    cdnow = columns("BTYD__cdnowSummary_cbs.csv", "x", "t.x", "T.cal")
    # Fader, Hardie & Lee, Marketing Science 24 (2005), table 2.
    found = metrics.BetaGeometric.fit(*cdnow)
    assert [*found.parameters.values()] == pytest.approx([0.243, 4.414, 0.793, 2.426], abs=6e-4)
    assert found.log_likelihood == pytest.approx(-9582.4, abs=0.05)
    pareto = metrics.Pareto.fit(*cdnow)
    assert [*pareto.parameters.values()] == pytest.approx([0.553, 10.578, 0.606, 11.669], abs=2e-3)
    assert pareto.log_likelihood == pytest.approx(-9595.0, abs=0.05)
    # Batislam, Denizel & Filiztekin (2007) fit it to other data; these are the maximum of the same likelihood.
    modified = metrics.ModifiedBetaGeometric.fit(*cdnow)
    assert [*modified.parameters.values()] == pytest.approx([0.525, 6.183, 0.891, 1.614], abs=1e-3)


def test_published_fit_of_spend() -> None:
    x, z = columns("lifetimes__cdnow_customers_summary_with_transactions.csv", "x", "zbar")
    found = metrics.GammaGamma.fit(x[x > 0], z[x > 0])
    # Fader & Hardie (2013), section 4.
    assert [*found.parameters.values()] == pytest.approx([6.25, 3.74, 15.44], abs=0.02)


def test_published_fit_to_donors() -> None:
    x, t_x, n, many = columns("lifetimes__donations.csv", "frequency", "recency", "periods", "weights")
    found = metrics.BetaGeometricBetaBinomial.fit(x, t_x, n, weights=many)
    # Fader, Hardie & Shang (2010), table 2.
    assert [*found.parameters.values()] == pytest.approx([1.204, 0.750, 0.657, 2.783], abs=1e-3)
    assert found.log_likelihood == pytest.approx(-33225.6, abs=0.05)
    assert found.n == 11_104


@pytest.mark.parametrize("name", ["BetaGeoFitter", "ModifiedBetaGeoFitter", "ParetoNBDFitter"])
@settings(max_examples=30)
@given(parameters=st.tuples(sizes, sizes, sizes, sizes), rows=seen, horizon=st.floats(0.1, 80))
def test_what_models_say_is_what_lifetimes_says(
    name: str, parameters: tuple[float, ...], rows: list[tuple[int, float, float]], horizon: float
) -> None:
    lifetimes = pytest.importorskip("lifetimes", reason="outside: lifetimes is the oracle")
    kinds = {
        "BetaGeoFitter": (metrics.BetaGeometric, ("r", "alpha", "a", "b")),
        "ModifiedBetaGeoFitter": (metrics.ModifiedBetaGeometric, ("r", "alpha", "a", "b")),
        "ParetoNBDFitter": (metrics.Pareto, ("r", "alpha", "s", "beta")),
    }
    kind, names = kinds[name]
    if abs(parameters[2] - 1) < 1e-3:
        return
    model = kind(*parameters)
    pandas = pytest.importorskip("pandas", reason="outside: lifetimes reads pandas")
    oracle = getattr(lifetimes, name)()
    oracle.params_ = pandas.Series(dict(zip(names, parameters, strict=True)))
    oracle._scale = 1
    x, t_x, age = (np.array(column, float) for column in zip(*rows, strict=True))
    with np.errstate(all="ignore"):
        alive = np.asarray(oracle.conditional_probability_alive(x, t_x, age), float).ravel()
        ahead = oracle.conditional_expected_number_of_purchases_up_to_time(horizon, x, t_x, age)
        first = oracle.expected_number_of_purchases_up_to_time(horizon)
    mine = model.probability_alive(x, t_x, age)
    sane = np.isfinite(alive) & (alive > 1e-9) & (alive < 1 + 1e-9)
    # Where the oracle's hypergeometric functions cancel, it has few digits left.
    assert mine[sane] == pytest.approx(alive[sane], rel=1e-5, abs=1e-7)
    ahead = np.asarray(ahead, float).ravel()
    expected = model.conditional_expected_purchases(horizon, x, t_x, age)
    sane &= np.isfinite(ahead) & (ahead > 1e-6)
    if name != "ParetoNBDFitter" or abs(parameters[1] / parameters[3] - 1) > 1e-6:
        assert expected[sane] == pytest.approx(ahead[sane], rel=1e-4, abs=1e-6)
    assert model.expected_purchases([horizon])[0] == pytest.approx(float(np.ravel(first)[0]), rel=1e-6)


@settings(max_examples=30)
@given(st.tuples(sizes, sizes, sizes, sizes), st.floats(0.5, 60))
def test_chances_add_up_and_give_the_mean(parameters: tuple[float, ...], t: float) -> None:
    for kind in (metrics.BetaGeometric, metrics.ModifiedBetaGeometric, metrics.Pareto):
        model = kind(*parameters)
        mean = float(model.expected_purchases([t])[0])
        chances = model.probability_of(range(400), t)
        assert (chances >= -1e-12).all()
        if chances[-1] < 1e-10:
            assert chances.sum() == pytest.approx(1, abs=1e-6)
            assert chances @ np.arange(400) == pytest.approx(mean, rel=1e-4, abs=1e-7)


@settings(max_examples=25)
@given(st.tuples(sizes, sizes, sizes, sizes), st.integers(1, 9), st.integers(0, 6))
def test_the_model_of_rounds_adds_up(parameters: tuple[float, ...], rounds: int, ahead: int) -> None:
    model = metrics.BetaGeometricBetaBinomial(*parameters)
    chances = model.probability_of(range(rounds + 1), rounds)
    assert chances.sum() == pytest.approx(1, abs=1e-9)
    assert chances @ np.arange(rounds + 1) == pytest.approx(float(model.expected_purchases([rounds])[0]), rel=1e-9)
    # The likelihoods of all histories of so many rounds add up too: C(t − 1, x − 1) ways to end at round t.
    from math import comb

    total = 0.0
    for x in range(rounds + 1):
        for t in range(x, rounds + 1) if x else [0]:
            value = model._parts(metrics.value.discrete.Seen(*(np.array([float(e)]) for e in (x, t, rounds))))[0][0]
            total += float(np.exp(value)) * (comb(t - 1, x - 1) if x else 1)
    assert total == pytest.approx(1, abs=1e-9)
    one = model.conditional_expected_purchases(ahead, [1], [1], [rounds])
    assert 0 <= one[0] <= ahead
    worth = [model.conditional_expected_purchases(k, [1], [1], [rounds])[0] for k in range(120)]
    steps = sum((b - a) / 2.0 ** (k + 1) for k, (a, b) in enumerate(pairwise(worth)))
    found = model.discounted_expected_purchases(1.0, [1], [1], [rounds])[0]
    assert found == pytest.approx(steps, rel=1e-6, abs=1e-9)


@given(st.tuples(sizes, sizes, sizes), st.integers(1, 20), st.floats(0.1, 100))
def test_spend_lies_between_the_customer_and_all(parameters: tuple[float, float, float], x: int, z: float) -> None:
    model = metrics.GammaGamma(*parameters)
    found = float(model.expected_spend([x], [z])[0])
    if model.q > 1:
        assert min(z, model.mean) - 1e-9 <= found <= max(z, model.mean) + 1e-9 * found
        assert model.expected_spend([0], [0])[0] == pytest.approx(model.mean)


def made(random: np.random.Generator, n: int, kind: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rate = random.gamma(0.8, 1 / 6.0, n)
    age = random.uniform(25, 60, n)
    x, last, now = np.zeros(n), np.zeros(n), np.zeros(n)
    leave = random.beta(0.9, 2.5, n)
    until = age if kind != "pareto" else np.minimum(age, random.exponential(1 / random.gamma(0.9, 1 / 12.0, n)))
    alive = np.ones(n, bool) if kind != "modified" else random.random(n) > leave
    while alive.any():
        now[alive] += random.exponential(1 / rate[alive])
        alive &= now <= until
        x[alive] += 1
        last[alive] = now[alive]
        if kind != "pareto":
            alive[alive] = random.random(int(alive.sum())) > leave[alive]
    return x, last, age


@pytest.mark.parametrize(
    ("kind", "model", "truth"),
    [
        ("plain", metrics.BetaGeometric, (0.8, 6.0, 0.9, 2.5)),
        ("modified", metrics.ModifiedBetaGeometric, (0.8, 6.0, 0.9, 2.5)),
        ("pareto", metrics.Pareto, (0.8, 6.0, 0.9, 12.0)),
    ],
)
def test_a_fit_finds_what_made_the_data(kind: str, model: Any, truth: tuple[float, ...]) -> None:
    data = made(np.random.default_rng(3), 8_000 if kind == "pareto" else 120_000, kind)
    found = model.fit(*data)
    for name, true in zip(found.parameters, truth, strict=True):
        assert abs(found.parameters[name] - true) < 4 * found.standard_errors[name]
    # Time in other units: the same customers, the same chances.
    other = model.fit(data[0], data[1] * 7, data[2] * 7)
    assert other.log_likelihood == pytest.approx(found.log_likelihood - data[0].sum() * np.log(7), rel=1e-9)
    assert other.probability_alive(data[0][:50], data[1][:50] * 7, data[2][:50] * 7) == pytest.approx(
        found.probability_alive(data[0][:50], data[1][:50], data[2][:50]), abs=1e-5
    )
    weights = np.random.default_rng(4).integers(0, 3, 2_000)
    rows = np.repeat(np.arange(2_000), weights)
    one = model.fit(*(each[:2_000] for each in data), weights=weights)
    two = model.fit(*(each[rows] for each in data))
    assert [*one.parameters.values()] == pytest.approx([*two.parameters.values()], rel=1e-5)


def test_the_maximum_is_one() -> None:
    data = made(np.random.default_rng(9), 3_000, "plain")
    found = metrics.BetaGeometric.fit(*data)
    likelihood = metrics.value.dropout._Likelihood(metrics.value.fitting.seen_of(*data), None, 0)
    top = likelihood.slope(found.logs)[0]
    for step in np.random.default_rng(1).normal(size=(200, 4)) * 0.2:
        assert likelihood.slope(found.logs + step)[0] < top
    assert top == pytest.approx(found.log_likelihood)


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(st.integers(0, 6), st.floats(0, 1), st.floats(0.01, 100), st.floats(0.01, 1e6)),
        min_size=1,
        max_size=12,
    )
)
def test_a_fit_is_a_model_or_says_why_not(rows: list[tuple[int, float, float, float]]) -> None:
    x = np.array([row[0] for row in rows], float)
    age = np.array([row[2] for row in rows])
    t_x = np.where(x > 0, np.array([row[1] for row in rows]) * age, 0.0)
    spend = np.array([row[3] for row in rows])
    fits: list[Callable[[], Any]] = [
        lambda: metrics.BetaGeometric.fit(x, t_x, age),
        lambda: metrics.ModifiedBetaGeometric.fit(x, t_x, age),
        lambda: metrics.Pareto.fit(x, t_x, age),
        lambda: metrics.GammaGamma.fit(np.maximum(x, 1), spend),
        lambda: metrics.BetaGeometricBetaBinomial.fit(x, np.where(x > 0, np.maximum(x, 3), 0), np.full(len(x), 7)),
    ]
    for fit in fits:
        try:
            model = fit()
        except FitError as error:
            message = str(error)
            assert ";" in message
            continue
        assert np.isfinite([*model.parameters.values()]).all()
        assert np.isfinite([*model.standard_errors.values()]).all()
        assert model.log_likelihood is not None


def test_errors_of_parameters_become_errors_of_figures() -> None:
    data = made(np.random.default_rng(5), 4_000, "plain")
    model = metrics.BetaGeometric.fit(*data)
    found = model.estimate(lambda each: float(each.expected_purchases([52])[0]), name="purchases of a year")
    assert found.interval is not None
    assert found.interval.low < found.value < found.interval.high
    parts = model.estimate(lambda each: each.r)
    assert parts.standard_error == pytest.approx((model.standard_errors or {})["r"], rel=1e-6)
    with pytest.raises(MetricError, match="were given, not fitted"):
        metrics.BetaGeometric(1, 1, 1, 1).estimate(lambda each: each.r)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: metrics.BetaGeometric(0, 1, 1, 1), "r: is 0"),
        (lambda: metrics.Pareto(1, 1, float("nan"), 1), "s: is nan"),
        (lambda: metrics.BetaGeometric.fit([], [], []), "frequency: is empty"),
        (lambda: metrics.BetaGeometric.fit([1.5], [1], [2]), "frequency: is not whole"),
        (lambda: metrics.BetaGeometric.fit([-1], [1], [2]), "frequency: is less than 0"),
        (lambda: metrics.BetaGeometric.fit([1], [3], [2]), "recency: lies after the age"),
        (lambda: metrics.BetaGeometric.fit([0], [1], [2]), "above 0 without repeat purchases"),
        (lambda: metrics.BetaGeometric.fit([1], [0], [0]), "age: is 0"),
        (lambda: metrics.BetaGeometric.fit([1, 1], [1], [2, 2]), "recency: has 1 rows"),
        (lambda: metrics.BetaGeometric.fit([0, 0], [0, 0], [2, 2]), "nobody bought again"),
        (lambda: metrics.Pareto.fit([0, 0], [0, 0], [2, 2]), "nobody bought again"),
        (lambda: metrics.BetaGeometric.fit([1], [1], [2], weights=[-1]), "weights: is less than 0"),
        (lambda: metrics.BetaGeometricBetaBinomial.fit([3], [2], [5]), "fewer rounds than purchases"),
        (lambda: metrics.BetaGeometricBetaBinomial.fit([0], [0], [5]), "nobody bought again"),
        (lambda: metrics.GammaGamma.fit([0], [5]), "frequency: is less than 1"),
        (lambda: metrics.GammaGamma.fit([1], [0]), "spend: is not more than 0"),
        (lambda: metrics.GammaGamma.fit([1, 2], [5, 5]), "spend: is the same for everybody"),
        (lambda: metrics.BetaGeometric(1, 1, 1, 1).expected_purchases([-1]), "t: is less than 0"),
        (
            lambda: metrics.BetaGeometric(1, 1, 1, 1).conditional_expected_purchases([1, 2], [1], [1], [2]),
            "horizon: has",
        ),
        (lambda: metrics.BetaGeometric(1, 1, 1, 1).probability_of([0.5], 1), "purchases: is not whole"),
        (lambda: metrics.Pareto(1, 1, 1, 1).discounted_expected_purchases(0, [1], [1], [2]), "discount: is 0"),
        (
            lambda: metrics.BetaGeometricBetaBinomial(1, 1, 1, 1).conditional_expected_purchases(1.5, [1], [1], [2]),
            "horizon",
        ),
    ],
)
def test_bad_input_is_one_clear_error(call: Callable[[], object], said: str) -> None:
    with pytest.raises(MetricError) as error:
        call()
    assert said in str(error.value)
