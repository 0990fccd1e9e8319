"""Discounting from a few looks ahead gives the sum over all units of time, and sums where that will not do."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity import metrics
from fidelity.metrics.value import discounting as room

parameters = st.floats(-1.5, 1.5).map(lambda power: 10.0**power)
MODELS = (metrics.BetaGeometric, metrics.ModifiedBetaGeometric, metrics.Pareto)


def by_the_definition(until: object, horizon: float, discount: float) -> np.ndarray:
    ends = np.append(np.arange(1.0, np.ceil(horizon)), horizon)
    known = np.array([until(float(end)) for end in ends])  # type: ignore[operator]
    return np.diff(known, axis=0, prepend=0.0).T @ (1 + discount) ** -ends


@given(
    st.sampled_from(MODELS), st.tuples(*[parameters] * 4), st.floats(0.5, 400), st.floats(0, 0.2), st.integers(0, 99)
)
def test_a_few_looks_ahead_are_the_whole_sum(
    kind: type, of: tuple[float, ...], horizon: float, discount: float, seed: int
) -> None:
    random = np.random.default_rng(seed)
    age = random.uniform(0.1, 50, 6)
    frequency = random.poisson(3, 6).astype(float)
    recency = np.where(frequency > 0, age * random.random(6), 0.0)
    model = kind(*of)

    def until(end: float) -> np.ndarray:
        return model.conditional_expected_purchases(end, frequency, recency, age)

    near = (model.beta if kind is metrics.Pareto else model.alpha) + float(age.min())
    found = room.discounted(until, horizon, discount, near)
    assert found == pytest.approx(by_the_definition(until, horizon, discount), rel=1e-8, abs=1e-300)


def test_fewer_looks_than_units() -> None:
    looks: list[float] = []

    def until(end: float) -> np.ndarray:
        looks.append(end)
        return np.log1p(end / np.array([4.0, 30.0]))

    found = room.discounted(until, 520, 0.001, 4.0)
    assert len(looks) < 50
    assert found == pytest.approx(by_the_definition(until, 520, 0.001), rel=1e-12)


@pytest.mark.parametrize("near", [None, 4.0])
def test_what_is_not_smooth_is_summed(near: float | None) -> None:
    def until(end: float) -> np.ndarray:
        return np.floor(np.array([end, end / 3]))

    assert room.discounted(until, 100.5, 0.01, near) == pytest.approx(by_the_definition(until, 100.5, 0.01), rel=1e-12)


def test_customers_alike_are_worth_the_same_and_the_order_does_not_matter() -> None:
    days = [date(2026, 1, 1), date(2026, 2, 1), date(2026, 1, 1), date(2026, 2, 1), date(2026, 1, 20)]
    history = metrics.purchase_history(["a", "a", "b", "b", "c"], days, until="2026-12-31")
    model = metrics.BetaGeometric(0.243, 4.414, 0.793, 2.426)
    found = metrics.lifetime_value(model, 20.0, history, horizon=104, discount=0.002)
    assert found.value[0] == found.value[1] != found.value[2]

    def until(end: float) -> np.ndarray:
        return model.conditional_expected_purchases(end, *history.purchases)

    assert found.value == pytest.approx(20 * by_the_definition(until, 104, 0.002), rel=1e-12)
    rounds = metrics.BetaGeometricBetaBinomial(1.2, 0.7, 0.6, 2.8)
    given_rounds = metrics.purchase_rounds(["a", "a", "b", "c"], [days[0], days[1], days[0], days[4]], period="month")
    told = metrics.lifetime_value(rounds, 20.0, given_rounds, horizon=30, discount=0.01)
    several = by_the_definition(
        lambda end: rounds.conditional_expected_purchases(end, *given_rounds.purchases), 30, 0.01
    )
    assert told.value == pytest.approx(20 * several, rel=1e-12)
