"""Special functions against scipy, from tiny to huge arguments."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity.metrics import special

oracle = pytest.importorskip("scipy.special", reason="outside: scipy is the oracle of special functions")

positive = st.lists(st.floats(-6, 9).map(lambda power: 10.0**power), min_size=1, max_size=20).map(np.array)


@given(positive)
def test_digamma(x: np.ndarray) -> None:
    assert special.digamma(x) == pytest.approx(oracle.digamma(x), rel=1e-13, abs=1e-14)


@given(positive)
def test_trigamma(x: np.ndarray) -> None:
    assert special.trigamma(x) == pytest.approx(oracle.polygamma(1, x), rel=1e-13)
