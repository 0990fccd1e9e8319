"""Ordering by buckets and neighbors is sorting, however the numbers lie."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity import metrics
from fidelity.metrics import ordering as room

SHAPES = ("uniform", "exponential", "log-normal", "outlier", "one value", "few values", "two heaps", "sorted", "tiny")


def made(shape: str, n: int, seed: int) -> np.ndarray:
    random = np.random.default_rng(seed)
    return {
        "uniform": lambda: random.random(n),
        "exponential": lambda: random.exponential(300, n),
        "log-normal": lambda: random.lognormal(0, 6, n),
        "outlier": lambda: np.append(random.random(n - 1), 1e90),
        "one value": lambda: np.full(n, 3.5),
        "few values": lambda: random.integers(0, 9, n) / 7,
        "two heaps": lambda: np.where(random.random(n) < 0.5, random.random(n), 1e3 + random.random(n) * 1e-9),
        "sorted": lambda: np.sort(random.random(n)),
        "tiny": lambda: random.integers(0, 50, n) * 5e-324,
    }[shape]()


@given(st.sampled_from(SHAPES), st.integers(1, 3000), st.integers(0, 9), st.sampled_from([1, 4, 64]))
def test_buckets_and_neighbors_are_sorting(shape: str, n: int, seed: int, row: int) -> None:
    values = made(shape, n, seed)
    keys = values.view(np.uint64)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"_FEW": 1, "_SAMPLE": 16, "_BUCKETS": 64, "_ROW": 2 * row}.items():
            patch.setattr(room, name, value)
        found = room.rising(keys.copy(), values)
    assert found.tolist() == np.sort(keys).tolist()


@pytest.mark.parametrize("shape", SHAPES)
def test_of_many(shape: str) -> None:
    values = made(shape, 100_001, 1)
    keys = values.view(np.uint64)
    assert (room.rising(keys.copy(), values) == np.sort(keys)).all()


@pytest.mark.parametrize("ties", [True, False])
def test_long_curves_are_those_of_counting_one_by_one(ties: bool) -> None:
    random = np.random.default_rng(4)
    lasted, left = random.exponential(300, 600_000), random.random(600_000) < 0.6
    lasted = np.ceil(lasted) if ties else lasted
    found = metrics.survival(lasted, left)
    times, gone = np.unique(lasted[left], return_counts=True)
    at_risk = len(lasted) - np.searchsorted(np.sort(lasted), times)
    for name, expected in {"times": times, "left": gone, "at_risk": at_risk}.items():
        assert (getattr(found, name) == expected).all()
