"""Special functions against scipy, from tiny to huge arguments."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity.errors import MetricError
from fidelity.metrics import special

oracle = pytest.importorskip("scipy.special", reason="outside: scipy is the oracle of special functions")

positive = st.lists(st.floats(-6, 9).map(lambda power: 10.0**power), min_size=1, max_size=20).map(np.array)


@given(positive)
def test_digamma(x: np.ndarray) -> None:
    assert special.digamma(x) == pytest.approx(oracle.digamma(x), rel=1e-13, abs=1e-14)


@given(positive)
def test_trigamma(x: np.ndarray) -> None:
    assert special.trigamma(x) == pytest.approx(oracle.polygamma(1, x), rel=1e-13)


@given(positive)
def test_gammaln(x: np.ndarray) -> None:
    assert special.gammaln(x) == pytest.approx(oracle.gammaln(x), rel=1e-13, abs=1e-14)


@given(st.floats(0.01, 300), st.floats(0.01, 300))
def test_log_beta(a: float, b: float) -> None:
    assert special.log_beta(a, b) == pytest.approx(oracle.betaln(a, b), rel=1e-11, abs=1e-11)


@given(st.floats(-3, 8), st.floats(-3, 8), st.floats(0.1, 40), st.floats(0, 0.99))
def test_hyp2f1(a: float, b: float, c: float, z: float) -> None:
    mpmath = pytest.importorskip("mpmath", reason="outside: mpmath is the oracle of the hypergeometric function")
    expected = float(mpmath.hyp2f1(a, b, c, z))
    # Terms of changing sign cancel: what is left is as exact as the largest of them.
    largest = float(mpmath.hyp2f1(abs(a), abs(b), c, z))
    assert special.hyp2f1(a, b, c, z) == pytest.approx(expected, rel=1e-11, abs=1e-13 * largest)


def test_hyp2f1_of_arrays() -> None:
    found = special.hyp2f1(np.array([0.5, 1.0]), 2.0, 3.0, np.array([[0.0], [0.3]]))
    assert found == pytest.approx(oracle.hyp2f1([[0.5, 1.0]], 2.0, 3.0, [[0.0], [0.3]]), rel=1e-13)


@pytest.mark.parametrize("at_once", [1, 7, 4096])
def test_hyp2f1_of_many_rows_in_any_order(monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    monkeypatch.setattr(special, "_AT_ONCE", at_once)
    random = np.random.default_rng(1)
    a, c, z = random.random(60) * 3, 1 + random.random(60) * 5, random.random((2, 60)) ** 0.2 * 0.999
    for one, two in ((a, 0.5), (1.6, -0.2), (1.6, a), (np.array([2.0]), a)):
        assert special.hyp2f1(one, two, c, z) == pytest.approx(oracle.hyp2f1(one, two, c, z), rel=1e-12)
    with pytest.raises(MetricError, match="100,000 terms") as error:
        special.hyp2f1(1.0, 1.0, 1.0, np.array([0.5, 1 - 1e-9, 0.1, 1 - 1e-9]))
    assert error.value.rows.tolist() in ([1, 3], [1], [3])


def test_legendre() -> None:
    nodes, weights = special.legendre(16)
    assert weights @ np.exp(nodes) == pytest.approx(np.e - 1, rel=1e-14)
