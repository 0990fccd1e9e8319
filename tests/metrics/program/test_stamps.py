"""The goal gradient: the published study, what is played is measured again, bad input."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity import metrics
from fidelity.errors import MetricError


def test_kivetz_urminsky_zheng_2006() -> None:
    # Page 43: hastening by 20 %, a card in 24.6 days and not 29.4, 16 % less.
    found = metrics.GoalGradient.published("10-stamp cafe card")
    assert found.days == pytest.approx(24.6, abs=1e-6)
    assert found.days_without == pytest.approx(29.4)
    assert 100 * found.saving == pytest.approx(16, abs=0.5)
    assert found.gaps[-1] == pytest.approx(0.8 * found.gaps[0])


@given(st.integers(3, 20), st.floats(0.1, 50), st.floats(0, 0.95), st.floats(0.05, 20))
def test_a_shape_is_found_again_from_the_days_it_takes(
    stamps: int, first: float, acceleration: float, shape: float
) -> None:  # fmt: skip
    model = metrics.GoalGradient(stamps, first, acceleration, shape)
    assert (np.diff(model.gaps) <= 1e-12).all()
    assert 0 <= model.saving <= acceleration + 1e-12
    again = metrics.GoalGradient.of_total(stamps, first, acceleration, model.days)
    assert again.days == pytest.approx(model.days, rel=1e-9)


def test_what_is_played_is_measured_again() -> None:
    model = metrics.GoalGradient(10, 4.0, 0.3)
    days = model.simulate(3_000, seed=3)
    assert days.tolist() == model.simulate(3_000, seed=3).tolist()
    cards, at = np.repeat(np.arange(3_000), 10), days.ravel()
    mixed = np.random.default_rng(1).permutation(len(at))
    found = metrics.goal_gradient(cards[mixed], at[mixed], 10, members=cards[mixed] // 2)
    assert found.acceleration.interval is not None
    assert found.slope.interval is not None
    assert found.days.interval is not None
    assert 30 in found.acceleration.interval
    assert float(np.diff(model.gaps).mean()) in found.slope.interval
    assert model.days in found.days.interval
    assert found.saving == pytest.approx(model.saving, abs=0.03)
    plain = metrics.goal_gradient(cards, at, 10)
    assert plain.gaps == pytest.approx(found.gaps)
    assert (plain.slope.method, found.slope.method) == ("t", "t, by member")


def test_dates_and_cards_that_are_not_complete() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    at = [start + timedelta(days=day) for day in (0, 4, 7, 9, 0, 5, 9, 12, 1, 2)]
    found = metrics.goal_gradient(["a"] * 4 + ["b"] * 4 + ["c"] * 2, at, 4)
    assert found.gaps.tolist() == [4.5, 3.5, 2.5]
    assert (found.cards, found.left_out) == (2, 1)
    assert found.slope.standard_error == 0


@pytest.mark.parametrize(
    ("call", "argument", "rows"),
    [
        (lambda: metrics.GoalGradient(2, 1, 0.2), "stamps", []),
        (lambda: metrics.GoalGradient(5, 0, 0.2), "first", []),
        (lambda: metrics.GoalGradient(5, 1, 1), "acceleration", []),
        (lambda: metrics.GoalGradient(5, 1, 0.2, -1), "shape", []),
        (lambda: metrics.GoalGradient.of_total(5, 1, 0.2, 9), "total", []),
        (lambda: metrics.GoalGradient.published("car wash"), "study", []),
        (lambda: metrics.GoalGradient(5, 1, 0.2).simulate(0, seed=1), "cards", []),
        (lambda: metrics.GoalGradient(5, 1, 0.2).simulate(1, seed=-1), "seed", []),
        (lambda: metrics.GoalGradient(5, 1, 0.2).simulate(1, seed=1, regularity=0), "regularity", []),
        (lambda: metrics.goal_gradient(["a"] * 4, [1, 2, 3, 4], 3), "cards", [0, 1, 2, 3]),
        (lambda: metrics.goal_gradient(["a"] * 2, [1, 2], 3), "cards", []),
        (lambda: metrics.goal_gradient(["a"] * 3, [1, 1, 2], 3), "at", []),
        (lambda: metrics.goal_gradient(["a"] * 3, [1, 2], 3), "at", []),
        (lambda: metrics.goal_gradient(["a"] * 3, [1, 2, "x"], 3), "at", []),
        (lambda: metrics.goal_gradient(["a", None, "a"], [1, 2, 3], 3), "cards", [1]),
        (lambda: metrics.goal_gradient(["a"] * 3, [1, 2, 3], 3, members=["m"]), "members", []),
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
