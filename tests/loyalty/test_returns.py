"""What remains of a purchase after goods came back."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fidelity.errors import EventError
from fidelity.events import Line, Return
from fidelity.loyalty.returns import remaining
from fidelity.values.money import Money, money
from tests.loyalty.aurora import NOON, sale


def back(**told):
    return Return("R-1", purchase="T-1001", member="ana", at=NOON, **told)


CUP = Line(amount="4.00 EUR", sku="cup", id="1")
BEANS = Line(amount="9.00 EUR", quantity=3, sku="beans", id="2")


def test_without_an_amount_all_of_it_came_back():
    assert remaining(sale(), back()) is None


def test_the_whole_amount_leaves_nothing():
    assert remaining(sale(amount="20.00 EUR"), back(amount="20.00 EUR")) is None


def test_an_amount_takes_the_same_share_of_every_line_and_part():
    bought = sale(amount="13.00 EUR", lines=[CUP, BEANS], tax="1.30 EUR", tip="0.01 EUR")

    left = remaining(bought, back(amount="6.50 EUR"))

    assert [str(line.amount) for line in left.lines] == ["2.00 EUR", "4.50 EUR"]
    assert [line.quantity for line in left.lines] == [1, 3]
    assert (str(left.amount), str(left.tax)) == ("6.50 EUR", "0.65 EUR")


def test_lines_take_their_own_amount():
    left = remaining(sale(amount="13.00 EUR", lines=[CUP, BEANS]), back(lines=["1"]))

    assert (left.lines, left.amount) == ((BEANS,), money("9.00 EUR"))


def test_part_of_a_line_may_come_back():
    one = Line(amount="3.00 EUR", quantity=1, sku="beans", id="2")

    left = remaining(sale(amount="13.00 EUR", lines=[CUP, BEANS]), back(lines=[one]))

    assert [(line.quantity, str(line.amount)) for line in left.lines] == [(1, "4.00 EUR"), (2, "6.00 EUR")]


def test_every_line_leaves_nothing():
    assert remaining(sale(amount="13.00 EUR", lines=[CUP, BEANS]), back(lines=["2", "1"])) is None


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"amount": "120.51 EUR"}, "at most"),
        ({"amount": "1.00 USD"}, "EUR"),
        ({"lines": ["3"]}, "does not remain"),
        ({"lines": ["1", "1"]}, "does not remain"),
        ({"lines": [Line(amount="9.50 EUR", quantity=3, sku="beans", id="2")]}, "does not remain"),
        ({"lines": [Line(amount="3.00 EUR", quantity=4, sku="beans", id="2")]}, "does not remain"),
    ],
)
def test_more_than_was_bought_cannot_come_back(told, reason):
    with pytest.raises(EventError, match=reason):
        remaining(sale(lines=[CUP, BEANS]), back(**told))


def test_lines_of_a_purchase_without_lines_are_not_guessed():
    with pytest.raises(EventError, match="tell the amount"):
        remaining(sale(), back(lines=["1"]))


@given(st.lists(st.integers(0, 500), max_size=6), st.integers(1, 3_000))
def test_the_lines_that_remain_sum_to_what_remains(cents: list[int], paid: int):
    whole = sum(cents)
    assume(0 < paid < whole)
    bought = sale(amount=Money(whole, "EUR"), lines=[Line(amount=Money(each, "EUR")) for each in cents])

    left = remaining(bought, back(amount=Money(paid, "EUR")))

    assert sum(line.amount.minor for line in left.lines) == left.amount.minor == whole - paid
    assert all(line.amount.minor <= before for line, before in zip(left.lines, cents, strict=True))


def test_a_line_comes_back_with_its_share_of_the_orders_discount():
    bought = sale(amount="11.70 EUR", lines=[CUP, BEANS], discount="1.30 EUR")

    left = remaining(bought, back(lines=["1"]))

    assert (str(left.amount), str(left.discount), left.lines) == ("8.10 EUR", "0.90 EUR", (BEANS,))


def test_a_part_of_a_line_comes_back_with_its_part_of_the_discount():
    bought = sale(amount="11.70 EUR", lines=[CUP, BEANS], discount="1.30 EUR")
    one = Line(amount="3.00 EUR", quantity=1, sku="beans", id="2")

    left = remaining(bought, back(lines=[one]))

    assert (str(left.amount), str(left.discount)) == ("9.00 EUR", "1.00 EUR")
    assert [str(line.amount) for line in left.lines] == ["4.00 EUR", "6.00 EUR"]


def test_an_amount_takes_its_share_of_the_orders_discount():
    bought = sale(amount="11.70 EUR", lines=[CUP, BEANS], discount="1.30 EUR")

    left = remaining(bought, back(amount="5.85 EUR"))

    assert (str(left.amount), str(left.discount)) == ("5.85 EUR", "0.65 EUR")
    assert [str(line.amount) for line in left.lines] == ["2.00 EUR", "4.50 EUR"]
