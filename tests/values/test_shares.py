"""Sharing a sum in whole units."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from fidelity.values.shares import shares

PARTS = st.lists(st.integers(0, 10**11), max_size=8)


@given(PARTS, st.fractions(0, 1))
def test_shares_add_up_to_the_total(parts, share):
    total = int(sum(parts) * share)

    assert sum(shares(total, parts, sum(parts))) == total


@given(PARTS, st.integers(0, 10**12), st.fractions(0, 1))
def test_a_share_is_exact_to_one_unit_and_never_more_than_its_part(parts, more, share):
    whole = sum(parts) + more
    total = int(whole * share)

    for part, its in zip(parts, shares(total, parts, whole), strict=True):
        assert 0 <= its <= part
        assert abs(its - Fraction(total * part, whole or 1)) < 1


def test_nothing_is_shared_of_nothing():
    assert shares(0, [1, 2], 3) == shares(5, [0, 0], 0) == [0, 0]
