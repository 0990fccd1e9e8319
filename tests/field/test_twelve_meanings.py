"""When points expire: at least twelve published meanings, each with its published example, through the whole shop.

The balance at the last instant and at the first without is what counts, with and without a sweep, and what was told.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

import fidelity as fd
from fidelity import Decay, Wallet
from tests.field.shop import at, balance, buy, day, program, shop

TICK = timedelta(microseconds=1)
WEEKLY = Decay(after="12 weeks", every="week", lose="5 %", at_least=5, all_at="20 weeks")


def _on(terms, earned, *, joined="2006-01-01", birth_month=None):
    """A hundred points of noon of a day, under *terms*."""
    loyalty = fd.Loyalty(program(**terms))
    loyalty.enroll("ana", now=at(joined), birth_month=birth_month)
    buy(loyalty, "T-1", 100, earned)
    return loyalty


MEANINGS = [
    pytest.param("6 months after the end of the month", {}, "2020-12-15", "2021-07-01", id="after the calendar month"),
    pytest.param("12 months, to the end of the month", {}, "2020-07-06", "2021-08-01", id="to the end of the month"),
    pytest.param("1 month", {}, "2025-01-31", "2025-03-01", id="months from the day, clamped"),
    pytest.param("12 months, to the end of the quarter", {}, "2025-02-10", "2026-04-01", id="rounded to the quarter"),
    pytest.param("12 months, to the end of the half-year", {}, "2025-02-10", "2026-07-01", id="rounded to the half-year"),
    pytest.param("12 months, to the end of the year", {}, "2025-02-10", "2027-01-01", id="rounded to the year"),
    pytest.param("365 days", {}, "2026-01-01", "2027-01-02", id="days"),
    pytest.param(
        "3 years, to the end of the birth month", {"birth_month": 8}, "2007-06-10", "2010-09-01", id="the birth month"
    ),
    pytest.param(
        "2 years, to the end of the joining month", {"joined": "2016-08-03"}, "2017-06-10", "2019-09-01",
        id="the joining month",
    ),
    pytest.param("after 1 year without activity", {}, "2021-12-31", "2023-01-01", id="all without activity"),
    pytest.param(
        "after 18 whole months without activity", {}, "2024-01-10", "2025-08-01", id="whole months without activity"
    ),
    pytest.param(
        "36 months, or after 12 months without activity", {}, "2024-01-10", "2025-01-11", id="both, inactivity first"
    ),
    pytest.param("6 months, or after 12 months without activity", {}, "2024-01-10", "2024-07-11", id="both, age first"),
    # A life of vouchers: those of February 2022 end with 29 February 2024.
    pytest.param("2 years, to the end of the month", {}, "2022-02-10", "2024-03-01", id="the life of a voucher"),
]  # fmt: skip


@pytest.mark.parametrize(("life", "who", "earned", "gone"), MEANINGS)
@pytest.mark.parametrize("swept", [False, True], ids=["unswept", "swept"])
def test_points_can_be_used_through_their_last_day_and_no_longer(life, who, earned, gone, swept):
    loyalty, end = _on({"expiry": life}, earned, **who), at(f"{gone} 00:00")
    if swept:
        loyalty.settle(now=end - TICK)

    before = balance(loyalty, end - TICK)

    assert (before.available, before.next_expiry) == (100, ((end - TICK).date(), 100))
    if swept:
        assert dict(loyalty.settle(now=end).points).get("expired") == 100
    assert balance(loyalty, end).available == 0
    # What was true then stays true.
    assert balance(loyalty, end - TICK) == before
    assert loyalty.verify().sound


def test_points_that_fade_go_a_part_at_a_time():
    loyalty = _on({"wallets": [Wallet("points", decay=WEEKLY)]}, "2026-01-05")

    weeks = [balance(loyalty, at("2026-01-06 00:00") + timedelta(weeks=number)).available for number in range(12, 21)]

    assert weeks == [100, 95, 90, 85, 80, 75, 70, 65, 0]


def test_points_that_never_end_are_there_for_ever():
    loyalty = _on({"expiry": "never"}, "2006-01-05")

    assert (balance(loyalty, "2106-01-05").available, balance(loyalty, "2106-01-05").next_expiry) == (100, None)


@pytest.mark.parametrize(("life", "who", "earned", "gone"), MEANINGS)
def test_hard_times_stop_every_clock_and_no_day_is_lost(life, who, earned, gone):
    loyalty, end = _on({"expiry": life}, earned, **who), at(f"{gone} 00:00")
    began = at(earned) + timedelta(days=3)
    loyalty.protect("ana", cause="illness", key="P-1", now=began)
    assert balance(loyalty, end + timedelta(days=30)).available == 100
    loyalty.end_protection("ana", "protection/P-1", key="P-2", now=end + timedelta(days=40))

    left = end - began

    assert balance(loyalty, end + timedelta(days=40) + left - TICK).available == 100
    assert balance(loyalty, end + timedelta(days=75) + left).available == 0


@pytest.mark.parametrize(("life", "who", "earned", "gone"), MEANINGS)
def test_staff_can_let_them_live_longer_and_give_them_back(life, who, earned, gone):
    end = at(f"{gone} 00:00")
    longer, back = (_on({"expiry": life}, earned, **who) for _ in range(2))

    longer.extend("ana", until=(end + timedelta(days=9)).date(), reason="illness", key="E-1", now=end - TICK)
    back.reinstate("ana", until=(end + timedelta(days=9)).date(), reason="illness", key="R-1", now=end)

    for loyalty in (longer, back):
        assert balance(loyalty, end + timedelta(days=10) - TICK).available == 100
        assert balance(loyalty, end + timedelta(days=10)).available == 0
        assert balance(loyalty, end + timedelta(days=1)).next_expiry == ((end + timedelta(days=9)).date(), 100)


def test_a_second_shop_on_the_same_journal_says_the_same():
    from fidelity.journals import JournalInMemory

    journal, terms = JournalInMemory(), {"expiry": "after 12 months without activity"}
    first = shop(program(**terms), journal=journal)
    second = fd.Loyalty(program(**terms), journal=journal)
    assert balance(second, "2016-01-01").next_expiry is None
    buy(first, "T-1", 100, "2020-01-15")

    assert balance(second, "2020-02-01").next_expiry == (day("2021-01-15"), 100)
    buy(second, "T-2", 5, "2020-06-15")
    assert balance(first, "2021-06-16").available == 0
