"""Whole numbers and exact rates: what is exact passes, everything else is refused with the exact spelling."""

from __future__ import annotations

import time
from contextlib import suppress
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity.errors import ExactnessError
from fidelity.values import LARGEST, exact, exact_text, points_amount, suggest, whole_number

HOSTILE = ["１２", "1_0", "1e999999", "1e400", "NaN", "", " ", "-", "+5", "0x10", "٣", "1 2", "9" * 5_000, "\x00", "½"]
HOSTILE_NUMBERS = [
    Decimal("1e999999"),
    Decimal("1e-999999"),
    Decimal("-1e99999999"),
    Decimal("NaN"),
    Decimal("sNaN"),
    Decimal("Infinity"),
    float("nan"),
    float("inf"),
    1e308,
    pytest.param(10**5_000, id="5001 digits"),
    True,
    None,
    b"5",
    [],
    1j,
]


def quickly(function, *args, **options):
    """Hostile input is answered in the blink of an eye, with one typed error."""
    start = time.perf_counter()
    with pytest.raises(ExactnessError) as caught:
        function(*args, **options)
    assert time.perf_counter() - start < 0.1
    assert 0 < len(str(caught.value)) < 400
    return str(caught.value)


# --- whole numbers ----------------------------------------------------------------------------------------------------


@given(st.integers(1, LARGEST))
def test_a_whole_number_is_itself(number):
    assert whole_number(number) == number
    assert points_amount(number) == number


@pytest.mark.parametrize("value", [*HOSTILE, *HOSTILE_NUMBERS, "12", 5.0, Fraction(5), Decimal(5), np.int64(5)])
def test_whatever_is_no_whole_number_is_refused_at_once(value):
    quickly(whole_number, value)


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (5.0, "points must be a whole number, not 5.0 (a float); write 5"),
        (1.5, "points must be a whole number, not 1.5 (a float)"),
        ("12", "points must be a whole number, not '12' (a str); write 12"),
        (True, "points must be a whole number, not True; a truth value counts nothing"),
        (Decimal("7.00"), "points must be a whole number, not Decimal('7.00') (a Decimal); write 7"),
        (Fraction(8, 2), "points must be a whole number, not Fraction(4, 1) (a Fraction); write 4"),
        (None, "points must be a whole number, not None"),
        (0, "points must be at least 1, not 0"),
        (2**53, "points must be at most 9007199254740991, not 9007199254740992"),
        pytest.param(
            10**5_000, "points must be at most 9007199254740991, not a number of about 5001 digits", id="5001 digits"
        ),
    ],
)
def test_the_error_says_what_to_write(value, sentence):
    with pytest.raises(ExactnessError) as caught:
        points_amount(value)

    assert str(caught.value) == sentence


def test_bounds_are_part_of_the_range_and_may_be_lifted():
    assert whole_number(0, low=0) == 0
    assert whole_number(3, high=3) == 3
    assert whole_number(-(10**30), high=None) == -(10**30)


# --- rates ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "rate"),
    [
        ("3/2", Fraction(3, 2)),
        ("-3 / 4", Fraction(-3, 4)),
        ("1.25", Fraction(5, 4)),
        ("5%", Fraction(1, 20)),
        ("7.5 %", Fraction(3, 40)),
        ("-3", Fraction(-3)),
        (4, Fraction(4)),
        (Decimal("0.1"), Fraction(1, 10)),
        (Fraction(2, 7), Fraction(2, 7)),
    ],
)
def test_every_exact_spelling_of_a_rate_is_read(value, rate):
    assert exact(value) == rate


@pytest.mark.parametrize(
    "value", [*HOSTILE, *HOSTILE_NUMBERS, "1/0", "1,5", "1" * 19, "1." + "0" * 19, ".5", "5.", 0.1]
)
def test_whatever_is_no_exact_rate_is_refused_at_once(value):
    quickly(exact, value)


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (1.5, 'rate: 1.5 is a float; write "3/2" or "1.5"'),
        (0.1, 'rate: 0.1 is a float; write "1/10" or "0.1"'),
        (2.0, "rate: 2.0 is a float; write 2"),
        ("1,5", "rate: '1,5' is not an exact number; write \"1.5\""),
        ("1e9", "rate: '1e9' is not an exact number; write the number without an exponent"),
        ("1/0", "rate: '1/0' is not an exact number; nothing can be divided by zero"),
        (float("nan"), "rate: nan is a float; only finite numbers are exact"),
    ],
)
def test_the_error_of_a_rate_says_what_to_write(value, sentence):
    assert quickly(exact, value) == sentence


@given(st.fractions(max_denominator=10**6, min_value=-(10**12), max_value=10**12))
def test_a_rate_comes_back_from_its_text(rate):
    assert exact(exact_text(rate)) == rate


@given(st.integers(-(10**9), 10**9), st.integers(0, 6))
def test_a_finite_decimal_is_written_as_one(number, places):
    text = exact_text(Fraction(number, 10**places))

    assert "/" not in text
    assert Decimal(text) == Decimal(number).scaleb(-places)


def test_one_rate_has_one_text():
    assert [exact_text(exact(each)) for each in ("3/2", "1.50", "150%", "6/4")] == ["1.5"] * 4
    assert exact_text(Fraction(3, 7)) == "3/7"
    assert exact_text(Fraction(-1, 20)) == "-0.05"
    assert exact_text(Fraction(3)) == "3"
    assert exact_text(Fraction(1, 10**7)) == "1/10000000"


@given(st.text(max_size=12))
def test_no_text_does_anything_but_pass_or_be_refused(text):
    with suppress(ExactnessError):
        assert exact(exact_text(exact(text))) == exact(text)


# --- spelling ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "found"),
    [("amout", "amount"), ("Own-Cup", "own cup"), ("ownCup", "own cup"), ("café", "cafe"), ("AMOUNT", "amount")],
)
def test_a_misspelt_word_finds_its_neighbor(word, found):
    assert suggest(word, ["amount", "own cup", "cafe", "channel"]) == f'did you mean "{found}"?'


@pytest.mark.parametrize("word", ["zzzzzz", "", "a" * 100_000])
def test_a_word_without_neighbors_finds_nothing(word):
    assert suggest(word, ["amount", "channel"]) == ""
