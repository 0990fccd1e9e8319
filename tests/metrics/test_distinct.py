"""Distinct values by hashing are those of sorting, however the slots collide; two threads answer as one does."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity import metrics
from fidelity.metrics import distinct as room
from fidelity.metrics import together

whole = st.integers(-(2**63), 2**63 - 1) | st.integers(-5, 5).map(lambda each: each * 1_000_003)
columns = st.lists(whole, min_size=1, max_size=60).flatmap(
    lambda known: st.lists(st.sampled_from(known), min_size=1, max_size=200)
)


@given(columns, st.sampled_from([1, 3, 6, 22]), st.sampled_from([4, 1 << 15]), st.booleans())
def test_hashing_gives_what_sorting_gives(values: list[int], bits: int, at_once: int, threads: bool) -> None:
    given_values = np.array(values, np.int64)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(room, "_FEW", 1)
        patch.setattr(room, "_BITS", bits)
        patch.setattr(room, "_AT_ONCE", at_once)
        patch.setattr(together, "_LONG", 1 if threads else 1 << 40)
        names, codes = room.distinct(given_values)
    expected, places = np.unique(given_values, return_inverse=True)
    assert names.tolist() == expected.tolist()
    assert codes.tolist() == places.tolist()
    assert (names.dtype, codes.dtype) == (expected.dtype, np.int64)


@pytest.mark.parametrize("dtype", [np.int8, np.uint16, np.int32, np.uint64])
def test_many_numbers_of_every_width(dtype: type[np.integer]) -> None:
    values = (np.random.default_rng(1).integers(0, 100, 40_000) * 3 % 120).astype(dtype)
    names, codes = room.distinct(values)
    assert names.dtype == dtype
    assert names.tolist() == np.unique(values).tolist()
    assert (names[codes] == values).all()


@given(st.lists(st.text(max_size=3), min_size=1, max_size=40), st.booleans())
def test_texts_are_sorted_as_numpy_sorts_them(values: list[str], as_objects: bool) -> None:
    column = np.array(values, object if as_objects else str)
    names, codes = room.distinct(column)
    expected, places = np.unique(column, return_inverse=True)
    assert (names.tolist(), codes.tolist()) == (expected.tolist(), places.tolist())
    assert names.dtype == expected.dtype


def test_whatever_else_is_sorted() -> None:
    names, codes = room.distinct(np.array([2.5, -1.0, 2.5]))
    assert (names.tolist(), codes.tolist()) == ([-1.0, 2.5], [1, 0, 1])


def test_ids_that_are_not_dense_say_the_same() -> None:
    random = np.random.default_rng(2)
    who = random.integers(0, 5_000, 40_000)
    at, spent = np.datetime64("2026-01-01") + random.integers(0, 300, len(who)), random.integers(1, 9, len(who))
    dense, other = metrics.rfm(who, at, spent), metrics.rfm(who * 1_000_003 - 7, at, spent)
    assert other.customers.tolist() == (dense.customers * 1_000_003 - 7).tolist()
    for name in ("recency", "frequency", "monetary"):
        assert getattr(dense, name).tolist() == getattr(other, name).tolist()


@pytest.mark.parametrize("in_order", [True, False])
def test_two_threads_rank_as_one_does(monkeypatch: pytest.MonkeyPatch, in_order: bool) -> None:
    random = np.random.default_rng(3)
    who, day = random.integers(0, 50, 999), random.integers(0, 300, 999)
    at = np.datetime64("2026-01-01") + (np.sort(day) if in_order else day)
    spent = random.gamma(2, 20, 999)
    one = metrics.rfm(who, at, spent)
    monkeypatch.setattr(together, "_LONG", 1)
    two = metrics.rfm(who, at, spent)
    assert one.monetary.tolist() == two.monetary.tolist()
    assert one.frequency.tolist() == two.frequency.tolist()
    assert one.recency.tolist() == two.recency.tolist()


def _fails(with_: Exception) -> Callable[[], int]:
    def call() -> int:
        raise with_

    return call


@pytest.mark.parametrize("rows", [1, 1_000_000])
def test_the_first_failure_is_told(rows: int) -> None:
    assert together.both(rows, lambda: 1, lambda: "2") == (1, "2")
    with pytest.raises(ValueError, match="one"):
        together.both(rows, _fails(ValueError("one")), _fails(KeyError("other")))
    with pytest.raises(KeyError, match="other"):
        together.both(rows, lambda: 1, _fails(KeyError("other")))
