"""Money: exact, of one currency, and quick to say what is wrong."""

from __future__ import annotations

import pickle
import time
from contextlib import suppress
from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity.errors import ExactnessError, MoneyError
from fidelity.values import Money, minor_digits, money

CODES = ["EUR", "USD", "JPY", "KWD", "CLF", "MXN"]
minors = st.integers(-(10**15), 10**15)
amounts = st.builds(Money, minors, st.sampled_from(CODES))


@given(amounts)
def test_money_comes_back_from_its_text(amount):
    assert money(str(amount)) == amount


@given(amounts)
def test_money_comes_back_from_its_decimal(amount):
    assert money(amount.major, amount.currency) == amount


@given(amounts)
def test_money_survives_pickling(amount):
    assert pickle.loads(pickle.dumps(amount)) == amount  # noqa: S301  # our own bytes


@given(minors, minors, minors)
def test_money_of_one_currency_adds_like_whole_numbers(a, b, c):
    x, y, z = (Money(each, "EUR") for each in (a, b, c))

    assert (x + y) + z == x + (y + z) == sum([z, y, x])
    assert x - y == x + -y
    assert x - x == Money.zero("EUR")
    assert (x < y, x <= y, x > y, x >= y) == (a < b, a <= b, a > b, a >= b)
    assert (x == y) == (hash(x) == hash(y)) == (a == b)
    assert x * 3 == 3 * x == x + x + x
    assert abs(x) == Money(abs(a), "EUR")


@pytest.mark.parametrize(
    ("value", "currency", "minor"),
    [
        ("120.50 EUR", None, 12050),
        ("120.5 EUR", None, 12050),
        ("120 EUR", None, 12000),
        ("-0.01 EUR", None, -1),
        ("120.50", "EUR", 12050),
        (120, "EUR", 12000),
        (Decimal("120.5"), "EUR", 12050),
        (Decimal("120.5000"), "EUR", 12050),
        (Decimal("1E+2"), "EUR", 10000),
        (Decimal("0E+99999999"), "EUR", 0),
        ("7 JPY", None, 7),
        ("1.234 KWD", None, 1234),
        (Money(5, "EUR"), "EUR", 5),
    ],
)
def test_every_exact_spelling_of_money_is_read(value, currency, minor):
    assert money(value, currency).minor == minor


HOSTILE = [
    "１２ EUR",
    "1_0 EUR",
    "1e5 EUR",
    "1e999999 EUR",
    "NaN EUR",
    "Infinity EUR",
    "٣ EUR",
    "",
    "EUR",
    "5",
    "5 €",
    "€5",
    "5 EURO",
    "5 eur",
    "EUR 5",
    "1,234.50 EUR",
    "1.234,50 EUR",
    "1.999 EUR",
    "1.500 EUR",
    ".5 EUR",
    "5. EUR",
    "+5 EUR",
    "--5 EUR",
    "5 EUR\n",
    "5\u00a0EUR",
    "9" * 19 + " EUR",
    "9" * 100_000 + " EUR",
    "0." + "0" * 100_000 + " EUR",
    "5 XXX",
    True,
    None,
    1.5,
    float("nan"),
    float("inf"),
    1e300,
    5,
    pytest.param(10**5_000, id="5001 digits"),
    Decimal(5),
    b"5 EUR",
    ["5", "EUR"],
]


@pytest.mark.parametrize("value", HOSTILE)
def test_whatever_is_no_money_is_refused_at_once(value):
    start = time.perf_counter()
    with pytest.raises(MoneyError) as caught:
        money(value)

    assert time.perf_counter() - start < 0.1
    assert 0 < len(str(caught.value)) < 400


@pytest.mark.parametrize(
    "value",
    [
        *(
            Decimal(each)
            for each in ("1e999999", "-1e99999999", "1e-999999", "NaN", "sNaN", "Infinity", "1e18", "0.001")
        ),
        10**17,
        pytest.param(10**5_000, id="5001 digits"),
        1.5,
        True,
        "5 USD",
        Money(5, "USD"),
    ],
)
def test_whatever_is_no_money_of_a_currency_is_refused_at_once(value):
    start = time.perf_counter()
    with pytest.raises(MoneyError):
        money(value, "EUR")

    assert time.perf_counter() - start < 0.1


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("1.999 EUR", "1.999 EUR has 3 decimals; EUR has 2"),
        ("7.5 JPY", "7.5 JPY has 1 decimal; JPY has none"),
        ("120,50 EUR", "'120,50 EUR' is not an amount of money; write \"120.50 EUR\""),
        ("1.234,50 eur", "'1.234,50 eur' is not an amount of money; write \"1234.50 EUR\""),
        ("1,234.50 USD", "'1,234.50 USD' is not an amount of money; write \"1234.50 USD\""),
        ("EUR 5", "'EUR 5' is not an amount of money; write \"5 EUR\""),
        ("5 EURO", "'5 EURO' is not an amount of money; no currency is called 'EURO'; did you mean \"EUR\"?"),
        ("5 QQQ", "no currency is called 'QQQ'; write an ISO 4217 code such as \"EUR\""),
        ("5", '"5" has no currency; write "5 EUR"'),
        (5, '5 has no currency; write it as a text: "5 EUR"'),
        (1.5, '1.5 is a float, which is not exact; write "1.5 EUR"'),
        (True, 'True is not an amount of money; write a text such as "120.50 EUR"'),
    ],
)
def test_the_error_says_what_to_write(value, sentence):
    with pytest.raises(MoneyError) as caught:
        money(value)

    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("calculate", "sentence"),
    [
        (lambda a, b: a + b, "cannot add 5.00 USD to 12.50 EUR; convert one of them first"),
        (lambda a, b: a - b, "cannot subtract 5.00 USD from 12.50 EUR; convert one of them first"),
        (lambda a, b: a < b, "cannot compare 5.00 USD with 12.50 EUR; convert one of them first"),
        (lambda a, b: a >= b, "cannot compare 5.00 USD with 12.50 EUR; convert one of them first"),
    ],
)
def test_two_currencies_do_not_meet(calculate, sentence):
    with pytest.raises(MoneyError) as caught:
        calculate(money("12.50 EUR"), money("5.00 USD"))

    assert str(caught.value) == sentence


def test_money_of_two_currencies_is_never_equal():
    assert Money(0, "EUR") != Money(0, "USD")
    assert Money(5, "EUR") != 5


@pytest.mark.parametrize("times", [1.5, True, Decimal(2)])
def test_money_times_what_is_not_whole_is_refused(times):
    with pytest.raises(ExactnessError, match="multiply by a whole number"):
        money("5 EUR") * times


@pytest.mark.parametrize("minor", [1.0, True, "5", Decimal(5), None])
def test_minor_units_are_whole(minor):
    with pytest.raises(ExactnessError, match="whole number"):
        Money(minor, "EUR")


@pytest.mark.parametrize("code", ["EURO", "eur", "", None, "XXX", 5, []])
def test_unknown_currencies_are_refused(code):
    with pytest.raises(MoneyError, match="no currency is called"):
        Money(5, code)
    with pytest.raises(MoneyError, match="no currency is called"):
        minor_digits(code)


def test_currencies_have_the_decimals_of_iso_4217():
    assert [minor_digits(code) for code in ("EUR", "JPY", "KWD", "CLF", "MXN", "ISK")] == [2, 0, 3, 4, 2, 0]


def test_the_decimal_is_exact_whatever_the_decimal_context():
    with localcontext() as context:
        context.prec = 3
        assert money("123456.78 EUR").major.as_tuple() == Decimal("123456.78").as_tuple()
        assert money(Decimal("123456.78"), "EUR").minor == 12345678


def test_money_reads_like_money():
    assert str(money("-0.5 EUR")) == "-0.50 EUR"
    assert repr(money("120.5 EUR")) == 'Money("120.50 EUR")'
    assert str(Money(1234, "KWD")) == "1.234 KWD"


def test_money_cannot_be_changed():
    with pytest.raises(AttributeError):
        money("5 EUR").minor = 6


@given(st.text(max_size=16) | st.from_regex(r"-?[0-9]{0,4}[.,]?[0-9]{0,3} ?[A-Za-z]{0,4}", fullmatch=True))
def test_no_text_does_anything_but_pass_or_be_refused(text):
    with suppress(MoneyError):
        assert money(str(money(text))) == money(text)
