"""Until when points can be used, and that nobody has to run anything for that to be true."""

from __future__ import annotations

from datetime import timedelta

import pytest

import fidelity as fd
from fidelity import Reward, Wallet
from fidelity.errors import PaidAccessError, ValueRefused
from tests.field.cases import case
from tests.field.shop import (
    at,
    available,
    balance,
    buy,
    day,
    give_back,
    gone_on,
    open_lots,
    program,
    shop,
    spend,
    story,
)

TICK = timedelta(microseconds=1)


def _a_month(*, spent=0):
    """A hundred and fifty points of 31 December that end with 31 January, some of them spent."""
    loyalty = shop(program(expiry="1 month", rewards=[Reward("some", cost=spent or 1)]))
    buy(loyalty, "T-1", 150, "2025-12-31")
    if spent:
        spend(loyalty, "some", "O-1", "2026-01-10")
    return loyalty


def _swept(loyalty, on):
    return dict(loyalty.settle(now=at(on)).points).get("expired", 0)


@case("SYL-015")
def test_what_ended_yesterday_is_gone_today():
    loyalty = _a_month()

    assert available(loyalty, "2026-02-01") == 0
    assert _swept(loyalty, "2026-02-01") == 150
    assert available(loyalty, "2026-02-01") == 0


@case("SYL-016")
def test_what_ends_tomorrow_is_there_today():
    loyalty = _a_month()

    assert _swept(loyalty, "2026-01-31") == 0
    assert (available(loyalty, "2026-01-31"), "expired" in story(loyalty, "2026-01-31")) == (150, False)


@case("SYL-018")
def test_what_was_spent_does_not_end():
    """Others close such a lot by an entry of no points; here it is over with its last point, and nothing is written."""
    loyalty = _a_month(spent=150)

    assert _swept(loyalty, "2026-02-01") == 0
    assert (available(loyalty, "2026-02-01"), open_lots(loyalty, "2026-02-01")) == (0, [])
    assert story(loyalty, "2026-02-01") == ["earned", "redeemed"]


@case("SYL-020")
def test_points_without_an_end_are_there_in_ten_years():
    loyalty = shop()
    buy(loyalty, "T-1", 150, "2026-01-15")

    assert _swept(loyalty, "2036-01-15") == 0
    assert available(loyalty, "2036-01-15") == 150


@case("SYL-021")
def test_only_what_is_left_ends():
    loyalty = _a_month(spent=50)

    assert _swept(loyalty, "2026-02-01") == 100
    assert available(loyalty, "2026-02-01") == 0


@case("SYL-023")
def test_the_instant_of_the_end_is_after_the_end():
    loyalty = shop(program(expiry="30 days"))
    buy(loyalty, "T-1", 150, "2025-12-01")
    end = at("2026-01-01 00:00:00")

    assert [available(loyalty, end - TICK), available(loyalty, end)] == [150, 0]
    assert _swept(loyalty, end) == 150


def _gone(life, earned_on, **more):
    loyalty = shop(program(expiry=life), **more)
    return gone_on(buy(loyalty, "T-1", 10, earned_on))


@case("TERM-01")
def test_six_months_after_the_calendar_month():
    """15 December 2020: gone on 1 July 2021."""
    assert _gone("6 months after the end of the month", "2020-12-15") == [day("2021-07-01")]


@case("DOC-15")
def test_twelve_months_and_then_to_the_end_of_the_month():
    """6 July 2020: gone on 1 August 2021."""
    assert _gone("12 months, to the end of the month", "2020-07-06") == [day("2021-08-01")]


@case("TERM-15")
@pytest.mark.parametrize(
    ("joined", "earned", "gone"),
    [("2016-08-10", "2017-06-15", "2019-09-01"), ("2016-05-10", "2016-10-15", "2019-06-01")],
)
def test_two_years_and_then_to_the_end_of_the_month_of_joining(joined, earned, gone):
    assert _gone("2 years, to the end of the joining month", earned, since=joined) == [day(gone)]


@case("DOC-01")
@pytest.mark.parametrize(
    ("life", "earned", "gone"),
    [
        ("1 month", "2026-01-25", "2026-02-26"),
        ("0 months", "2026-01-01", "2026-01-02"),
        ("1 month", "2026-01-31", "2026-03-01"),
    ],
)
def test_months_from_the_day_end_with_that_day_or_the_last_of_the_month(life, earned, gone):
    assert _gone(life, earned) == [day(gone)]


@case("DOC-03")
def test_points_that_go_to_another_member_live_anew_where_the_terms_say_so():
    month = program(expiry="1 month", wallets=[Wallet("points", transfers="reset expiry")])
    loyalty = shop(month, "ana", "bea")
    buy(loyalty, "T-1", 100, "2026-01-10")

    loyalty.transfer("ana", to="bea", points=100, key="G-1", now=at("2026-01-25"))

    assert balance(loyalty, "2026-01-25", "bea").next_expiry == (day("2026-02-25"), 100)


@case("DOC-03")
def test_points_that_wait_or_are_over_go_to_nobody():
    waiting = program(expiry="1 month", wallets=[Wallet("points", pending="14 days", transfers="reset expiry")])
    loyalty = shop(waiting, "ana", "bea")
    buy(loyalty, "T-1", 100, "2026-01-10")

    for on in ("2026-01-12", "2026-03-30"):
        with pytest.raises(fd.errors.NotEnoughPoints):
            loyalty.transfer("ana", to="bea", points=100, key=f"G {on}", now=at(on))


@case("DOC-21")
def test_a_day_is_the_last_one_and_an_instant_the_first_without_them():
    """Elsewhere "January 1" ended with December 31, and one wrote January 2 to say it."""

    def ends(until):
        loyalty = shop(program(expiry="1 month"))
        buy(loyalty, "T-1", 10, "2025-11-15")
        return loyalty.extend("ana", until=until, reason="promised", key="X-1", now=at("2025-11-20")).until

    assert ends(day("2026-01-01")) == at("2026-01-02 00:00")
    assert ends(at("2026-01-01 00:00")) == at("2026-01-01 00:00")


@case("DOC-11")
def test_a_balance_below_zero_cannot_be_asked_for_so_that_points_may_end_beside_a_debt():
    """Where a balance may be negative, points can never end; here what is owed stands beside the lots."""
    with pytest.raises(ValueRefused, match='"debt", "within balance" or "only pending"'):
        Wallet("points", clawback="negative balance", expiry="12 months")

    loyalty = shop(program(expiry="12 months", rewards=[Reward("all", cost=100)]))
    buy(loyalty, "T-1", 100, "2026-01-01")
    spend(loyalty, "all", "O-1", "2026-01-02")
    give_back(loyalty, "R-1", "T-1", "2026-01-03")
    assert (balance(loyalty, "2026-01-03").available, balance(loyalty, "2026-01-03").debt) == (0, 100)

    buy(loyalty, "T-2", 150, "2026-01-04")
    assert balance(loyalty, "2026-01-04").next_expiry == (day("2027-01-04"), 50)


@case("TERM-35")
def test_points_are_not_sold_back():
    """A family in mourning lost 3,000 miles and was offered 2,500 of them for 375 dollars."""
    with pytest.raises(PaidAccessError, match="reinstatement fee"):
        program(reinstatement_fee="0.15 CAD", currency="CAD")


@case("TERM-35")
def test_in_hard_times_nothing_ends_and_nobody_asks_for_anything():
    def left(*, protected):
        loyalty = shop(program(expiry="2 years"))
        buy(loyalty, "T-1", 3_000, "2016-01-15")
        if protected:
            loyalty.protect("ana", cause="mourning", key="P-1", now=at("2017-03-01"))
        return available(loyalty, "2018-06-01")

    assert left(protected=False) == 0
    assert left(protected=True) == 3_000
