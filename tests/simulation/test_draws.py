"""Chance is a function of who, at which visit and what for; waiting times are what logarithms say."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from fidelity.simulation.draws import Draws, unit_waits
from fidelity.simulation.laws import beta, gamma, gammas

MANY = np.arange(200_000)


@given(st.integers(0, 2**70), st.lists(st.integers(0, 10**6), min_size=1, max_size=20, unique=True), st.data())
def test_the_luck_of_a_customer_does_not_depend_on_who_stands_beside(seed, numbers, data):
    everyone = Draws(seed, np.array(numbers))
    visit, purpose = data.draw(st.integers(0, 500)), data.draw(st.integers(0, 63))
    place = data.draw(st.integers(0, len(numbers) - 1))
    alone = Draws(seed, np.array([numbers[place]]))
    some = np.array([place])
    assert everyone.uniform(some, visit, purpose) == alone.uniform(slice(None), visit, purpose)
    assert everyone.uniform(some, np.array([visit]), purpose) == alone.uniform(slice(None), visit, purpose)


def test_purposes_visits_customers_and_seeds_have_nothing_in_common():
    draws, other = Draws(7, MANY), Draws(8, MANY)
    streams = [
        draws.uniform(slice(None), 1, 0), draws.uniform(slice(None), 1, 1), draws.uniform(slice(None), 2, 0),
        other.uniform(slice(None), 1, 0),
    ]  # fmt: skip
    seen = np.corrcoef([*streams, np.roll(streams[0], 1)])
    assert np.abs(seen - np.eye(5)).max() < 0.01
    for each in streams:
        assert stats.kstest(each, "uniform").pvalue > 1e-4


def test_waits_are_minus_the_logarithm_to_the_last_bits():
    some = np.concatenate([Draws(1, MANY).uniform(slice(None), 0, 0), [2.0**-54, 0.5, 1 - 2.0**-53, 0.75, 1e-300]])
    found = unit_waits(some.copy())
    assert np.abs(found + np.log(some)).max() < 1e-13
    assert (np.abs(found / -np.log(some) - 1)[some < 0.9]).max() < 1e-15 * 8


def test_the_same_seed_is_the_same_luck_on_any_machine():
    """Only whole numbers, sums, products and quotients: to the last bit."""
    waits = unit_waits(Draws(2026, np.arange(1_000)).uniform(slice(None), 3, 1))
    assert hashlib.sha256(waits.tobytes()).hexdigest()[:16] == "5ec1a30904fc4adf"


@pytest.mark.parametrize("shape", [0.1, 0.243, 1.0, 3.74, 6.25, 80.0])
def test_the_gamma_law(shape):
    law = gamma(shape)
    inner = np.arange(1, 4096) / 4096
    theirs = stats.gamma.ppf(inner, shape)
    assert np.allclose(law.quantiles[1:-1], theirs, rtol=2e-4, atol=1e-12)
    assert np.isclose(law.top[-2], stats.gamma.isf(1 / 4096**2, shape), rtol=1e-3)
    drawn = law.at(Draws(3, MANY).uniform(slice(None), 0, 0))
    assert abs(drawn.mean() / shape - 1) < 4 / np.sqrt(shape * len(MANY))
    # What a straight line between quantiles adds to the mean is a ten-thousandth at most.
    exact = (law.quantiles[1:-1] + law.quantiles[:-2]).sum() / 2 / 4096 + (
        law.top[1:] + law.top[:-1]
    ).sum() / 2 / 4096**2
    assert abs(exact / shape - 1) < 2e-4


@pytest.mark.parametrize(("a", "b"), [(0.793, 2.426), (5.0, 2.0), (0.4, 0.6), (30.0, 3.0)])
def test_the_beta_law(a, b):
    inner = np.arange(1, 4096) / 4096
    assert np.allclose(beta(a, b).quantiles[1:-1], stats.beta.ppf(inner, a, b), rtol=3e-4, atol=1e-7)


@pytest.mark.parametrize("shape", [0.3, 0.999, 1.0, 2.243, 40.0])
def test_gamma_variables_of_a_shape_of_their_own(shape):
    shapes = np.where(MANY % 2, shape, 7.0)
    found = gammas(shapes, Draws(5, MANY), MANY, 24)
    assert stats.kstest(found[1::2], "gamma", args=(shape,)).pvalue > 1e-4
    assert stats.kstest(found[::2], "gamma", args=(7.0,)).pvalue > 1e-4


def test_near_shapes_meet_near_luck():
    """What a parameter changes is not hidden by chance."""
    one, other = (
        gammas(np.full(20_000, shape), Draws(5, np.arange(20_000)), np.arange(20_000), 24) for shape in (2, 2.1)
    )
    assert np.corrcoef(one, other)[0, 1] > 0.95
    assert (gamma(2.0).quantiles <= gamma(2.1).quantiles).all()
