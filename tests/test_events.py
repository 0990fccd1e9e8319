"""Events: what a host may tell, and how it is told what cannot have happened."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from fidelity import Line, Money, Purchase, Return
from fidelity.errors import EventError, ExactnessError, MoneyError, TimeError

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def sale(**more):
    return Purchase("T-1", **{"member": "ana", "amount": "10 EUR", "at": NOON, **more})


def test_an_instant_of_any_zone_is_kept_in_utc():
    madrid = timezone(timedelta(hours=2))

    assert sale(at=datetime(2026, 5, 4, 14, tzinfo=madrid)).at == NOON


@pytest.mark.parametrize("wrong", [NOON.replace(tzinfo=None), date(2026, 5, 4), "2026-05-04T12:00:00Z", None])
def test_an_event_without_a_zone_is_refused_with_the_remedy(wrong):
    with pytest.raises(TimeError):
        sale(at=wrong)


@pytest.mark.parametrize("wrong", [10.0, 10, True, "10", "10 EURO", "ten EUR", None])
def test_an_amount_is_money_with_its_currency_and_exact(wrong):
    with pytest.raises((MoneyError, ExactnessError)):
        sale(amount=wrong)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"amount": "-1 EUR"}, "Return"),
        ({"amount": Money(10**11 + 1, "EUR")}, "beyond what a program counts"),
        ({"tax": "1 USD"}, "convert"),
        ({"lines": [Line(amount="1 USD")]}, "convert"),
        ({"tip": "-1 EUR"}, "not negative"),
        ({"paid_with_points": "11 EUR"}, "paid with points"),
        ({"tags": "own cup"}, "list"),
        ({"channel": 5}, "code"),
        ({"member": " "}, "names something"),
        ({"lines": [Line(amount="1 EUR")] * 1_001}, "at most 1,000 lines"),
    ],
)
def test_a_purchase_that_cannot_have_happened_says_why(more, says):
    with pytest.raises(EventError, match=says):
        sale(**more)


@pytest.mark.parametrize("quantity", [-1, 1.0, True, 1_000_001])
def test_a_line_has_a_whole_quantity_within_bounds(quantity):
    with pytest.raises(ExactnessError):
        Line(amount="1 EUR", quantity=quantity)


def test_a_return_needs_no_member_because_the_books_know():
    assert Return("R-1", purchase="T-1", at=NOON).member == ""


@pytest.mark.parametrize("more", [{"amount": "0 EUR"}, {"amount": "1 EUR", "lines": ["1"]}, {"lines": "1"}])
def test_a_return_tells_an_amount_above_zero_or_lines(more):
    with pytest.raises(EventError):
        Return("R-1", purchase="T-1", at=NOON, **more)


def test_an_event_is_a_value():
    assert sale(tags=["b", "a"]) == sale(tags=["a", "b"])
    with pytest.raises(AttributeError):
        sale().amount = "5 EUR"
