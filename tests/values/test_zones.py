"""Zones: instants in UTC, days on the wall, and the nights on which they quarrel."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity.errors import TimeError
from fidelity.values import (
    add_months,
    anniversary,
    end_of_day,
    local_date,
    start_of_day,
    utc,
    whole_years,
    zone,
)
from fidelity.values import zones as room

MADRID = ZoneInfo("Europe/Madrid")
#: Every kind of quarrel between clocks and days.
ZONES = [
    ZoneInfo(name)
    for name in (
        "UTC",
        "Europe/Madrid",
        "America/Mexico_City",
        "America/Sao_Paulo",  # midnight was skipped
        "Asia/Beirut",  # midnight is skipped
        "America/Havana",  # midnight comes twice
        "America/St_Johns",  # clocks went back at 00:01, so that the old day came back
        "Pacific/Apia",  # 30 December 2011 did not exist
        "Asia/Kathmandu",  # 5 hours 45
        "Australia/Lord_Howe",  # half an hour of summer
        "Pacific/Kiritimati",
    )
]
zones = st.sampled_from(ZONES)
days = st.dates(date(1990, 1, 1), date(2060, 12, 31))
instants = st.integers(631_152_000, 2_871_676_800).map(lambda second: datetime.fromtimestamp(second, UTC))


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# --- instants ---------------------------------------------------------------------------------------------------------


@given(instants, zones)
def test_an_instant_is_the_same_in_utc_and_plain(instant, zone):
    there = utc(instant.astimezone(zone))

    assert there == instant
    assert there.tzinfo is UTC
    assert utc(instant) is instant


def test_utc_by_another_name_becomes_utc():
    for other in (ZoneInfo("UTC"), timezone(timedelta(0)), timezone(timedelta(hours=2))):
        assert utc(datetime(2026, 1, 1, 12, tzinfo=other)).tzinfo is UTC


def test_a_subclass_is_left_behind():
    class Stamp(datetime):
        pass

    assert type(utc(Stamp(2026, 1, 1, 12, tzinfo=UTC))) is datetime


def test_a_naive_datetime_is_refused_and_the_error_attaches_a_zone():
    with pytest.raises(TimeError) as caught:
        utc(datetime(2026, 1, 1, 12))  # noqa: DTZ001  # naive on purpose

    assert str(caught.value) == (
        "at is 2026-01-01 12:00:00 without a zone; say whose clock it is: "
        'value.replace(tzinfo=ZoneInfo("Europe/Madrid"))'
    )


@pytest.mark.parametrize("value", [date(2026, 1, 1), "2026-01-01", 1767225600, None, True, float("nan")])
def test_whatever_is_no_instant_is_refused(value):
    with pytest.raises(TimeError, match="now"):
        utc(value, what="now")


def test_an_instant_beyond_the_calendar_is_refused():
    with pytest.raises(TimeError, match="beyond the calendar"):
        utc(datetime.max.replace(tzinfo=timezone(timedelta(hours=-5))))
    with pytest.raises(TimeError, match="beyond the calendar"):
        local_date(datetime.max.replace(tzinfo=UTC), MADRID)
    with pytest.raises(TimeError, match="calendar"):
        end_of_day(date.max, MADRID)
    with pytest.raises(TimeError, match="calendar"):
        start_of_day(date.min, ZoneInfo("Asia/Kathmandu"))


def test_a_naive_instant_is_not_read_in_this_machines_zone():
    with pytest.raises(TimeError, match="without a zone"):
        local_date(datetime(2026, 1, 1, 12), MADRID)  # noqa: DTZ001  # naive on purpose


# --- zones ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("europe/madrid", 'did you mean "Europe/Madrid"?'),
        ("Madrid", 'did you mean "Europe/Madrid"?'),
        ("Europe/Madird", 'did you mean "Europe/Madrid"?'),
        ("Mexico City", 'did you mean "America/Mexico_City"?'),
        ("America", "write the city too"),
        ("qqqqqqqq", 'write a name such as "Europe/Madrid"'),
        ("../../etc/passwd", 'write a name such as "Europe/Madrid"'),
        ("localtime", "no time zone is called"),
        ("", "no time zone is called"),
        ("\x00", "no time zone is called"),
        ("é" * 10_000, "no time zone is called"),
    ],
)
def test_an_unknown_zone_is_refused_with_its_neighbor(name, remedy):
    with pytest.raises(TimeError) as caught:
        zone(name)

    assert remedy in str(caught.value)


@pytest.mark.parametrize("value", [None, 5, UTC])
def test_whatever_is_no_zone_is_refused(value):
    with pytest.raises(TimeError, match="a time zone is a name"):
        zone(value)


def test_a_zone_is_known_by_name_or_is_one():
    assert zone("Europe/Madrid") is zone(MADRID) is MADRID


def test_a_machine_without_zones_is_told_the_package(monkeypatch):
    monkeypatch.setattr(room, "available_timezones", set)

    with pytest.raises(TimeError, match="pip install tzdata"):
        zone("Europe/Nowhere")


# --- days -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "day", "starts"),
    [
        ("Europe/Madrid", "2026-03-29", "2026-03-28 23:00"),
        ("Europe/Madrid", "2026-03-30", "2026-03-29 22:00"),
        # Skipped: clocks went from 00:00 to 01:00.
        ("America/Sao_Paulo", "2018-11-04", "2018-11-04 03:00"),
        ("Asia/Beirut", "2023-03-26", "2023-03-25 22:00"),
        # Twice: clocks went from 01:00 to 00:00.
        ("America/Havana", "2026-11-01", "2026-11-01 04:00"),
        # A day that did not exist starts where the next one does.
        ("Pacific/Apia", "2011-12-30", "2011-12-30 10:00"),
        ("Pacific/Apia", "2011-12-31", "2011-12-30 10:00"),
    ],
)
def test_a_day_starts_at_the_first_instant_it_has(place, day, starts):
    assert start_of_day(date.fromisoformat(day), ZoneInfo(place)) == at(starts)


@pytest.mark.parametrize(
    ("place", "day", "ends"),
    [
        ("Europe/Madrid", "2026-03-29", "2026-03-29 22:00"),
        ("America/Sao_Paulo", "2018-11-03", "2018-11-04 03:00"),
        ("Asia/Beirut", "2023-03-25", "2023-03-25 22:00"),
        # The second midnight: never an hour less for the member (D4).
        ("America/Havana", "2026-10-31", "2026-11-01 05:00"),
        ("America/St_Johns", "2010-11-06", "2010-11-07 03:30"),
        ("Pacific/Apia", "2011-12-29", "2011-12-30 10:00"),
    ],
)
def test_a_day_ends_with_the_last_midnight_that_follows(place, day, ends):
    assert end_of_day(date.fromisoformat(day), ZoneInfo(place)) == at(ends)


@given(days, zones)
def test_a_day_never_ends_before_the_next_one_starts(day, zone):
    late = end_of_day(day, zone) - start_of_day(day + timedelta(days=1), zone)

    assert timedelta(0) <= late <= timedelta(hours=1)


@given(days, zones)
def test_a_day_starts_on_that_day_or_after_it_if_it_never_was(day, zone):
    start = start_of_day(day, zone)

    assert local_date(start, zone) >= day
    assert local_date(start - timedelta(microseconds=1), zone) < day


@given(instants, zones)
def test_an_instant_lies_within_its_own_day(instant, zone):
    day = local_date(instant, zone)

    assert start_of_day(day, zone) <= instant < end_of_day(day, zone)


@given(days, zones)
def test_days_start_in_order(day, zone):
    assert start_of_day(day, zone) <= start_of_day(day + timedelta(days=1), zone)


def test_the_quick_way_and_the_careful_way_agree_on_every_day():
    """A day without a change of clocks takes a short cut: here is each day of 80 years without it."""
    midnight = datetime.min.time()
    for place in ZONES:
        for number in range(date(1980, 1, 1).toordinal(), date(2060, 1, 1).toordinal()):
            day = date.fromordinal(number)
            wall = datetime.combine(day, midnight)
            assert room.first_instant(day, midnight, place) == room._instant(wall, place, fold=0)
            assert room.last_instant(day, midnight, place) == room._instant(wall, place, fold=1)


@given(instants, zones)
def test_an_instant_comes_back_from_the_wall(instant, zone):
    wall = instant.astimezone(zone)
    back = {
        room.first_instant(wall.date(), wall.time(), zone),
        room.last_instant(wall.date(), wall.time(), zone),
    }

    assert instant in back


# --- months and years -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "months", "there"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-03-31", 0, "2026-03-31"),
    ],
)
def test_months_are_clamped(day, months, there):
    assert add_months(date.fromisoformat(day), months) == date.fromisoformat(there)


@given(days, st.integers(-240, 240))
def test_a_month_later_is_that_month(day, months):
    there = add_months(day, months)

    assert there.year * 12 + there.month == day.year * 12 + day.month + months
    assert there.day == day.day or (there.day < day.day and (there + timedelta(days=1)).day == 1)


def test_months_beyond_the_calendar_are_refused():
    with pytest.raises(TimeError, match="beyond the calendar"):
        add_months(date(9999, 12, 1), 1)


@given(days, days)
def test_whole_years_are_the_last_anniversary_reached(since, until):
    years = whole_years(since, until)

    assert anniversary(since, years) <= until < anniversary(since, years + 1)


def test_members_of_29_february_have_their_day_on_the_28th_in_common_years():
    """CARE-09."""
    lucia = date(2024, 2, 29)

    assert [anniversary(lucia, years).isoformat() for years in (1, 2, 3, 4)] == [
        "2025-02-28",
        "2026-02-28",
        "2027-02-28",
        "2028-02-29",
    ]
    assert whole_years(lucia, date(2025, 2, 27)) == 0
    assert whole_years(lucia, date(2025, 2, 28)) == 1
    assert whole_years(lucia, date(2028, 2, 28)) == 3


def test_the_zones_of_these_tests_are_known_here():
    assert {each.key for each in ZONES} <= zoneinfo.available_timezones()
