"""Counters: what counts at an instant, whatever the order in which it was learned."""

import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity.errors import TimeError
from fidelity.ledger import almanac as almanac_module
from fidelity.ledger import tally as module
from fidelity.ledger.almanac import almanac_of
from fidelity.ledger.tally import Tally
from fidelity.values.periods import window
from tests.ledger.books import book, instant

START = instant("2026-01-01")


def hour(number):
    return START + timedelta(hours=number)


contribution = st.tuples(st.integers(0, 40), st.integers(-9, 9), st.none() | st.integers(-3, 40))
contributions = st.lists(contribution, max_size=40)


def counted(told):
    tally = Tally()
    for at, amount, lasts in told:
        tally.add(hour(at), amount, None if lasts is None else hour(at + lasts))
    return tally


def value(told, at):
    return sum(amount for begun, amount, lasts in told if begun <= at and (lasts is None or at < begun + lasts))


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    """Blocks of four, so that a short test has several."""
    monkeypatch.setattr(module, "_BLOCK", 4)


@given(contributions, st.integers(-1, 90))
def test_what_counts_is_what_came_and_has_not_left(told, at):
    assert counted(told).value(hour(at)) == value(told, at)


@given(contributions, st.integers(0, 40), st.integers(1, 40))
def test_the_most_that_counts_in_a_stretch_of_time(told, start, lasts):
    # Limits and caps are never given back.
    told = [(at, abs(amount), lasts) for at, amount, lasts in told]

    expected = max(value(told, at) for at in range(start, start + lasts))

    assert counted(told).most(hour(start), hour(start + lasts)) == expected


def test_what_comes_in_when_a_stretch_of_time_ends_is_not_in_it():
    tally = counted([(0, 1, None), (5, 9, None)])

    assert [tally.most(hour(0), hour(stop)) for stop in (5, 6)] == [1, 10]


@given(contributions, st.integers(0, 80), st.none() | st.integers(0, 80))
def test_when_something_leaves(told, after, until):
    ends = {at + lasts for at, amount, lasts in told if lasts is not None and lasts > 0 and amount}
    expected = sorted(end for end in ends if end > after and (until is None or end <= until))

    found = counted(told).leaving(hour(after), None if until is None else hour(until))

    assert sorted(set(found)) == [hour(end) for end in expected]


@given(contributions, contributions, contributions)
def test_a_copy_leaves_what_it_was_copied_from_as_it_was(trunk, left, right):
    tally = counted(trunk)
    branches = []
    for told in (left, right):
        branch = tally.copy()
        for at, amount, lasts in told:
            branch.add(hour(at), amount, None if lasts is None else hour(at + lasts))
        branches.append(branch)

    assert tally == counted(trunk)
    assert branches == [counted(trunk + left), counted(trunk + right)]


def test_threads_that_add_to_copies_of_one_tally_do_not_see_each_other():
    trunk = counted([(0, 1, None)])
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)

    def branch(amount):
        mine = trunk.copy()
        for number in range(1, 200):
            mine.add(hour(number), amount, None)
        return mine.value(hour(500))

    try:
        with ThreadPoolExecutor(4) as threads:
            assert list(threads.map(branch, range(1, 40))) == [1 + 199 * amount for amount in range(1, 40)]
    finally:
        sys.setswitchinterval(usual)


@given(contributions, contributions, st.integers(0, 60))
def test_what_is_told_from_an_instant_on_counts_the_same_from_then_on_in_another_tally(mine, theirs, since):
    old, new = counted(mine), counted(theirs)

    more, less = old.told(hour(since))
    joined = new.joined(more, less)

    for at in range(since, 90):
        assert joined.value(hour(at)) == value(mine, at) + value(theirs, at)
    assert new == counted(theirs)
    leaving = {*counted(mine + theirs).leaving(hour(since), None)}
    assert {*joined.leaving(hour(since), None)} <= leaving
    last = max(since, *(begun for begun, _, _ in mine + theirs)) if mine + theirs else since
    rises = [at for at in range(last, 89) if joined.value(hour(at + 1)) > joined.value(hour(at))]
    assert all(joined.mended is not None and joined.mended > hour(at) for at in rises)


class Crowded(list):
    """A block into which another thread always appends first."""

    def append(self, mark):
        super().append((mark[0], 1_000))
        super().append(mark)


def test_a_mark_that_another_thread_put_in_between_is_not_ours():
    tally = counted([(0, 1, None)])
    blocks, tail, size = tally._arrivals
    tally._arrivals = (blocks, Crowded(tail), size)

    tally.add(hour(1), 5, None)
    tally.add(hour(2), 7, None)

    assert [tally.value(hour(at)) for at in (0, 1, 2)] == [1, 6, 13]


WINDOWS = ("day", "calendar week", "calendar month", "in any 30 days", "12 months", "in any 36 hours", "ever")
ZONES = (
    "UTC",
    "Europe/Madrid",
    "America/Santiago",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Africa/Cairo",
)


@given(
    st.sampled_from(WINDOWS),
    st.sampled_from(ZONES),
    st.datetimes(instant("2009-01-01").replace(tzinfo=None), instant("2027-12-31").replace(tzinfo=None)),
)
def test_the_almanac_says_what_the_calendar_says(text, name, at):
    at = at.replace(tzinfo=START.tzinfo)
    almanac = almanac_of(book(counters={"limit.x": text}, zone=ZoneInfo(name)))

    # The second answer is the remembered one.
    first, second = (almanac.leaving["limit.x"](at, None) for _ in range(2))

    assert first == second == window(text).leaves(at, ZoneInfo(name))


@pytest.mark.parametrize("text", WINDOWS)
@pytest.mark.parametrize("name", ZONES)
def test_the_almanac_is_right_at_every_quarter_of_an_hour_around_a_change_of_clocks(text, name):
    zone = ZoneInfo(name)
    almanac = almanac_of(book(counters={"limit.x": text}, zone=zone))
    for day in ("2011-12-29", "2026-03-28", "2026-04-04", "2026-04-23", "2026-09-05", "2026-10-24", "2026-10-31"):
        for quarter in range(3 * 96):
            at = instant(f"{day} 00:07") + timedelta(minutes=15 * quarter)
            assert almanac.leaving["limit.x"](at, None) == window(text).leaves(at, zone), (at, quarter)


def test_membership_years_leave_by_the_members_own_day():
    almanac = almanac_of(book(counters={"limit.x": "membership year"}, zone=ZoneInfo("UTC")))

    assert almanac.leaving["limit.x"](instant("2026-07-01"), date(2020, 6, 15)) == instant("2027-06-15 00:00")


def test_the_almanac_goes_to_the_end_of_the_calendar():
    almanac = almanac_of(book(counters={"limit.x": "12 months"}, zone=ZoneInfo("Europe/Madrid")))
    last = instant("9998-12-29")

    assert almanac.leaving["limit.x"](last, None) == window("12 months").leaves(last, ZoneInfo("Europe/Madrid"))
    with pytest.raises(TimeError, match="calendar"):
        almanac.leaving["limit.x"](instant("9999-06-01"), None)


def test_the_almanac_forgets_before_it_grows_without_bound(monkeypatch):
    monkeypatch.setattr(almanac_module, "_MOST", 3)
    under = book(counters={"limit.x": "day", "limit.y": "12 months"})
    almanac = almanac_of(under)

    for number in range(10):
        at = hour(24 * number)
        assert almanac.leaving["limit.x"](at, None) == window("day").leaves(at, under.zone)
        assert almanac.leaving["limit.y"](at, None) == window("12 months").leaves(at, under.zone)
        assert almanac.ends("points", at, {}) == under.wallets["points"].expiry.instant(at, under.zone)
