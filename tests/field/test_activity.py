"""Points that end because nothing happens: all at once, or a part at a time; and what gives them back."""

from __future__ import annotations

from datetime import timedelta

import pytest

import fidelity as fd
from fidelity import Decay, Reward, Wallet
from fidelity.errors import NothingToReinstate
from fidelity.journals import JournalInMemory
from tests.field.cases import case
from tests.field.shop import BASE, at, available, balance, buy, day, program, shop, spend, story

TICK = timedelta(microseconds=1)
ONE = Reward("one", cost=1)


def _frequent_flyer():
    """Points that end after 18 whole months without earning or spending; the last earned on 10 January 2024."""
    loyalty = shop(program(expiry="after 18 whole months without activity", rewards=[ONE]), "ana", "bob")
    buy(loyalty, "T-1", 1000, "2024-01-10")
    return loyalty


@case("TERM-23")
def test_a_gift_to_the_family_is_no_activity():
    loyalty = _frequent_flyer()

    loyalty.transfer("ana", to="bob", points=100, key="G-1", now=at("2025-06-01"))

    assert balance(loyalty, "2025-07-31 23:59:59").next_expiry == (day("2025-07-31"), 900)
    assert available(loyalty, at("2025-08-01 00:00") - TICK) == 900
    assert available(loyalty, "2025-08-01 00:00") == 0


@case("TERM-23")
def test_one_point_spent_keeps_all_others():
    loyalty = _frequent_flyer()

    spend(loyalty, "one", "O-1", "2025-06-01")

    assert available(loyalty, "2025-08-01") == 999
    assert balance(loyalty, "2025-08-01").next_expiry == (day("2026-12-31"), 999)


@case("TERM-23")
def test_who_gets_points_after_a_long_time_without_any_has_the_whole_time_for_them():
    loyalty = _frequent_flyer()

    loyalty.transfer("ana", to="bob", points=100, key="G-1", now=at("2025-06-01"))

    assert balance(loyalty, "2025-08-01", member="bob").next_expiry == (day("2026-12-31"), 100)


def _switched_on():
    """500 points under a program without expiry; its second version, of 1 January 2021, has one of a year."""
    journal = JournalInMemory()
    first = shop(program(), journal=journal)
    buy(first, "T-1", 500, "2018-06-01")
    second = fd.Loyalty(program(version="2", expiry="after 1 year without activity", rewards=[ONE]), journal=journal)
    second.enroll("bob", now=at("2021-01-01"))
    return second


@case("DOC-18")
def test_the_clock_starts_on_the_day_it_is_switched_on():
    loyalty = _switched_on()

    assert balance(loyalty, "2021-06-01").next_expiry == (day("2022-01-01"), 500)
    assert available(loyalty, at("2022-01-02 00:00") - TICK) == 500
    assert available(loyalty, "2022-01-02 00:00") == 0


@case("DOC-18")
def test_a_purchase_on_the_last_day_but_one_keeps_all_for_a_year_more():
    loyalty = _switched_on()

    buy(loyalty, "T-2", 100, "2021-12-31")

    assert balance(loyalty, "2022-06-01").next_expiry == (day("2022-12-31"), 600)
    assert available(loyalty, at("2023-01-01 00:00") - TICK) == 600
    assert available(loyalty, "2023-01-01 00:00") == 0


@case("DOC-18")
def test_before_the_day_nobody_knows_of_it():
    loyalty = _switched_on()

    assert balance(loyalty, "2020-12-31").next_expiry is None
    assert available(loyalty, "2020-12-31") == 500


def _fading(points, scale=1):
    weekly = Decay(after="12 weeks", every="week", lose="5 %", at_least=5 * scale, all_at="20 weeks")
    loyalty = shop(program(wallets=[Wallet("points", decay=weekly)]))
    buy(loyalty, "T-1", points, "2026-01-05")
    return loyalty


def _week(number):
    """The instant at which so many weeks without earning are over."""
    return at("2026-01-06 00:00") + timedelta(weeks=number)


@case("TERM-25")
@pytest.mark.parametrize(
    ("points", "left"),
    [
        pytest.param(1000, [1000, 950, 903, 858], id="whole points, kind to the member"),
        pytest.param(10_000, [10_000, 9500, 9025, 8574], id="in tenths: 950.0, 902.5, 857.4"),
        pytest.param(60, [60, 55, 50, 45], id="five points at least"),
    ],
)
def test_each_week_after_the_twelfth_takes_five_percent_or_five_points(points, left):
    loyalty = _fading(points, scale=10 if points == 10_000 else 1)

    assert [available(loyalty, _week(number)) for number in (12, 13, 14, 15)] == left
    assert available(loyalty, _week(13) - TICK) == points


@case("TERM-25")
def test_after_twenty_weeks_all_is_gone():
    loyalty = _fading(1000)

    assert available(loyalty, _week(20) - TICK) == 702
    assert available(loyalty, _week(20)) == 0


@case("TERM-25")
def test_one_point_earned_stops_it_and_the_count_begins_anew():
    loyalty = _fading(1000)

    buy(loyalty, "T-2", 1, "2026-04-10")

    assert balance(loyalty, "2026-04-10").available == 951
    assert balance(loyalty, "2026-04-11").next_expiry == (day("2026-07-10"), 47)


@case("TERM-25")
def test_the_next_loss_is_told_before_it_comes():
    loyalty = _fading(1000)

    assert balance(loyalty, "2026-02-01").next_expiry == (day("2026-04-06"), 50)
    assert balance(loyalty, _week(13)).next_expiry == (day("2026-04-13"), 47)
    assert story(loyalty, _week(15)) == ["earned", "expired", "expired", "expired"]


@case("DOC-20")
def test_points_come_back_within_ten_days():
    loyalty = shop(program(expiry="1 month", wallets=[Wallet("points", reinstatement="10 days")]))
    buy(loyalty, "T-1", 40, "2025-12-03")  # gone on 4 January
    buy(loyalty, "T-2", 50, "2025-12-04")  # gone on 5 January

    receipt = loyalty.reinstate("ana", reason="late flight", key="R-1", now=at("2026-01-15 23:59"))

    assert receipt.points == 50
    with pytest.raises(NothingToReinstate):
        loyalty.reinstate("ana", reason="late flight", key="R-2", now=at("2026-01-15 23:59"))


@case("DOC-20")
def test_after_the_tenth_day_nothing_comes_back():
    loyalty = shop(program(expiry="1 month", wallets=[Wallet("points", reinstatement="10 days")]))
    buy(loyalty, "T-2", 50, "2025-12-04")  # gone on 5 January

    with pytest.raises(NothingToReinstate, match="within the last 10 days"):
        loyalty.reinstate("ana", reason="late flight", key="R-1", now=at("2026-01-16 00:00"))


def test_a_program_of_both_ends_with_whichever_comes_first():
    loyalty = shop(program(BASE, expiry="36 months, or after 12 months without activity", rewards=[ONE]))
    buy(loyalty, "T-1", 100, "2020-01-15")

    assert balance(loyalty, "2020-02-01").next_expiry == (day("2021-01-15"), 100)
    for year in (2020, 2021, 2022):
        spend(loyalty, "one", f"O-{year}", f"{year}-12-01")

    assert balance(loyalty, "2022-12-02").next_expiry == (day("2023-01-15"), 97)
    assert available(loyalty, "2023-01-16 00:00") == 0
