"""Periods: durations on the wall clock, windows that something leaves at one instant."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity.errors import ExactnessError, FactsError, TimeError
from fidelity.values import Duration, Window, duration, end_of_day, local_date, window

MADRID = ZoneInfo("Europe/Madrid")
ZONES = [
    ZoneInfo(name)
    for name in (
        "UTC",
        "Europe/Madrid",
        "America/Mexico_City",
        "America/Sao_Paulo",
        "Asia/Beirut",
        "America/Havana",
        "America/St_Johns",
        "Pacific/Apia",
        "Australia/Lord_Howe",
    )
]
CALENDAR = [
    "calendar day",
    "calendar week",
    "calendar month",
    "calendar quarter",
    "calendar half-year",
    "calendar year",
]
LONGEST_DAYS = {"calendar day": 2, "calendar week": 8, "calendar month": 32, "calendar quarter": 93}

zones = st.sampled_from(ZONES)
instants = st.integers(631_152_000, 2_871_676_800).map(lambda second: datetime.fromtimestamp(second, UTC))
units = st.sampled_from(["minutes", "hours", "days", "weeks", "months", "years"])
durations = st.builds(Duration, st.integers(1, 60), units)
calendar_windows = st.sampled_from(CALENDAR).map(window)
anchors = st.dates(date(1980, 1, 1), date(2060, 12, 31))
windows = calendar_windows | durations.map(lambda each: Window("rolling", duration=each))
windows |= st.sampled_from([Window("membership"), Window("ever")])


def at(text, zone=UTC):
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


# --- durations --------------------------------------------------------------------------------------------------------


@given(durations)
def test_a_duration_comes_back_from_its_text(each):
    assert duration(str(each)) == each


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("12 months", "12 months"),
        ("1 day", "1 day"),
        ("a year", "1 year"),
        (" 2  WEEKS ", "2 weeks"),
        ("0 days", "0 days"),
    ],
)
def test_a_duration_says_itself(text, said):
    assert str(duration(text)) == said


@pytest.mark.parametrize(
    ("start", "length", "end"),
    [
        ("2026-01-31 10:00", "1 month", "2026-02-28 10:00"),
        ("2024-02-29 10:00", "1 year", "2025-02-28 10:00"),
        # The night has an hour less: the clock on the wall shows the same time, an hour earlier in UTC.
        ("2026-03-28 10:00", "1 day", "2026-03-29 10:00"),
        # 02:30 does not exist that night; the first instant after the gap.
        ("2026-03-28 02:30", "1 day", "2026-03-29 03:00"),
    ],
)
def test_days_and_longer_keep_the_time_on_the_wall(start, length, end):
    assert duration(length).after(at(start, MADRID), MADRID) == at(end, MADRID)


def test_a_time_that_comes_twice_is_the_later():
    day_before = at("2026-10-24 02:30", MADRID)

    assert duration("1 day").after(day_before, MADRID) == at("2026-10-25 01:30")


def test_no_time_stays_in_the_first_of_two_like_hours():
    first = at("2026-10-25 00:30")

    assert duration("0 days").after(first, MADRID) == first


def test_hours_and_minutes_are_real_time():
    evening = at("2026-03-28 12:00", MADRID)

    assert duration("24 hours").after(evening, MADRID) == at("2026-03-29 13:00", MADRID)
    assert duration("90 minutes").after(evening, MADRID) - evening == timedelta(minutes=90)


def test_before_goes_back_by_the_same_rules():
    assert duration("1 month").before(at("2026-03-31 10:00", MADRID), MADRID) == at("2026-02-28 10:00", MADRID)
    assert duration("90 days").before(at("2026-03-31 10:00"), ZoneInfo("UTC")) == at("2025-12-31 10:00")
    assert duration("2 hours").before(at("2026-03-31 10:00"), MADRID) == at("2026-03-31 08:00")


@given(durations, instants, zones)
def test_time_only_goes_forward(each, instant, zone):
    assert each.before(instant, zone) < instant < each.after(instant, zone)


@given(units, instants, zones)
def test_no_time_is_no_time(unit, instant, zone):
    assert Duration(0, unit).after(instant, zone) == instant == Duration(0, unit).before(instant, zone)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "month",
        "12",
        "12months",
        "-1 days",
        "1.5 days",
        "１２ months",
        "1_0 days",
        "1e5 days",
        "9999999999 days",
        "3 fortnights",
        "1001 years",
        "month " * 50000,
        None,
        12,
        1.5,
        timedelta(days=1),
        True,
    ],
)
def test_what_is_no_duration_is_refused_at_once(text):
    start = time.perf_counter()
    with pytest.raises(TimeError) as caught:
        duration(text)

    assert time.perf_counter() - start < 0.1
    assert len(str(caught.value)) < 400


def test_the_error_of_a_duration_says_what_to_write():
    with pytest.raises(TimeError, match='did you mean "months"'):
        duration("12 moths")
    with pytest.raises(TimeError, match="use minutes, hours, days, weeks, months, years"):
        duration("3 fortnights")
    with pytest.raises(ExactnessError, match="write 3"):
        Duration(3.0, "days")
    with pytest.raises(TimeError, match="no duration is counted in"):
        Duration(3, "day")


def test_a_duration_beyond_the_calendar_is_refused():
    for length in ("1000 years", "12000 months", "52178 weeks", "8766000 hours", "365250 days"):
        with pytest.raises(TimeError, match="calendar"):
            duration(length).after(at("9500-01-01 00:00"), MADRID)


# --- windows ----------------------------------------------------------------------------------------------------------


@given(windows)
def test_a_window_comes_back_from_its_text(each):
    assert window(str(each)) == each


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("day", "calendar day"),
        ("Calendar  Month", "calendar month"),
        ("calendar half year", "calendar half-year"),
        ("membership year", "membership year"),
        ("in any 30 days", "in any 30 days"),
        ("12 months", "in any 12 months"),
        ("in any 1 year", "in any 1 year"),
        ("ever", "ever"),
    ],
)
def test_a_window_says_itself(text, said):
    assert str(window(text)) == said


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("month", 'write "calendar month" or "in any 30 days"'),
        ("week", 'write "calendar week" or "in any 7 days"'),
        ("year", 'write "calendar year" or "in any 12 months"'),
        ("calender month", 'did you mean "calendar month"?'),
        ("calendar moth", 'did you mean "calendar month"?'),
        ("calendar fortnight", "calendar"),
        ("in any 30 dais", 'did you mean "days"?'),
        ("in any 0 days", "write at least 1"),
        ("for ever", 'did you mean "ever"?'),
        ("", "write"),
        ("x" * 1_000_000, "calendar month"),
        (None, "calendar month"),
        (30, "calendar month"),
    ],
)
def test_what_is_no_window_is_refused_at_once(text, remedy):
    start = time.perf_counter()
    with pytest.raises(TimeError) as caught:
        window(text)

    assert time.perf_counter() - start < 0.1
    assert remedy in str(caught.value)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("parts", [("monthly",), ("calendar",), ("calendar", "moon"), ("rolling",), ("ever", "day")])
def test_a_window_of_parts_that_do_not_fit_is_refused(parts):
    with pytest.raises(TimeError):
        Window(*parts)


@pytest.mark.parametrize(
    ("name", "when", "leaves"),
    [
        ("calendar day", "2026-03-29 12:00", "2026-03-30 00:00"),
        ("calendar week", "2026-03-29 23:59", "2026-03-30 00:00"),
        ("calendar week", "2026-03-30 00:00", "2026-04-06 00:00"),
        ("calendar month", "2026-02-28 23:59", "2026-03-01 00:00"),
        ("calendar quarter", "2026-02-28 23:59", "2026-04-01 00:00"),
        ("calendar half-year", "2026-07-01 00:00", "2027-01-01 00:00"),
        ("calendar year", "2026-12-31 23:59", "2027-01-01 00:00"),
        ("in any 30 days", "2026-03-01 12:00", "2026-03-31 12:00"),
        ("12 months", "2024-02-29 12:00", "2025-02-28 12:00"),
    ],
)
def test_something_leaves_its_window_at_one_instant(name, when, leaves):
    assert window(name).leaves(at(when, MADRID), MADRID) == at(leaves, MADRID)


def test_what_happened_counts_for_ever_in_a_window_that_never_ends():
    assert window("ever").leaves(at("2026-01-01"), MADRID) is None


@pytest.mark.parametrize(
    ("joined", "when", "leaves"),
    [
        ("2020-03-15", "2026-03-14 23:59", "2026-03-15"),
        ("2020-03-15", "2026-03-15 00:00", "2027-03-15"),
        ("2024-02-29", "2025-02-27 12:00", "2025-02-28"),
        ("2024-02-29", "2025-02-28 12:00", "2026-02-28"),
        ("2024-02-29", "2027-03-01 12:00", "2028-02-29"),
        ("2026-06-01", "2026-05-01 12:00", "2026-06-01"),
    ],
)
def test_membership_years_turn_on_the_anniversary(joined, when, leaves):
    found = window("membership year").leaves(at(when, MADRID), MADRID, date.fromisoformat(joined))

    assert found == at(leaves, MADRID)


def test_membership_years_need_the_day_of_joining():
    with pytest.raises(FactsError, match="anchor="):
        window("membership year").leaves(at("2026-01-01"), MADRID)


def test_a_window_without_fixed_periods_says_so():
    for name in ("in any 30 days", "ever"):
        with pytest.raises(TimeError, match="no fixed periods"):
            window(name).period(at("2026-01-01"), MADRID)


@given(windows, instants, zones, anchors)
def test_what_happens_counts_at_once_and_leaves_later(each, instant, zone, anchor):
    leaves = each.leaves(instant, zone, anchor)

    assert leaves is None or leaves > instant


@given(calendar_windows | st.just(Window("membership")), instants, zones, anchors)
def test_periods_tile_time(each, instant, zone, anchor):
    """Every instant lies in one period, and the next period starts where it ends."""
    start, end = each.period(instant, zone, anchor)

    assert start <= instant < end
    assert each.leaves(instant, zone, anchor) == end
    assert each.period(start, zone, anchor) == (start, end)
    assert each.period(end - timedelta(microseconds=1), zone, anchor) == (start, end)
    assert each.period(end, zone, anchor)[0] == end
    assert end - start <= timedelta(days=LONGEST_DAYS.get(str(each), 368))


@given(calendar_windows, instants, st.integers(0, 10**8), zones)
def test_who_comes_later_leaves_no_earlier(each, instant, seconds, zone):
    later = instant + timedelta(seconds=seconds)

    assert each.leaves(instant, zone) <= each.leaves(later, zone)


@pytest.mark.parametrize(
    "place", ["America/Sao_Paulo", "Asia/Beirut", "America/Havana", "Europe/Madrid", "Pacific/Apia"]
)
def test_a_calendar_day_is_what_the_wall_calls_so(place):
    """Every half hour of two years of changing clocks: two purchases share a day if and only if the wall says so."""
    zone = ZoneInfo(place)
    day = window("calendar day")
    instant = at("2010-01-01")
    seen = {}
    while instant < at("2012-01-01"):
        seen.setdefault(day.period(instant, zone), set()).add(local_date(instant, zone))
        instant += timedelta(minutes=30)

    assert all(len(dates) == 1 for dates in seen.values())
    assert len(set.union(*seen.values())) == len(seen)


def test_the_minute_after_a_midnight_that_is_taken_back_belongs_to_the_new_day():
    """Saint John's: 7 November 2010, at 00:01 it was 23:01 again. The day that had begun goes on."""
    zone = ZoneInfo("America/St_Johns")
    first = at("2010-11-07 02:30")

    for minutes in (0, 1, 30, 59):
        assert window("day").period(first + timedelta(minutes=minutes), zone)[0] == first
    assert end_of_day(date(2010, 11, 6), zone) == first + timedelta(hours=1)


def test_a_naive_instant_is_refused_everywhere():
    naive = datetime(2026, 1, 1, 12)  # noqa: DTZ001  # naive on purpose
    for ask in (
        lambda: window("calendar month").leaves(naive, MADRID),
        lambda: window("12 months").leaves(naive, MADRID),
        lambda: window("in any 24 hours").leaves(naive, MADRID),
        lambda: duration("0 days").after(naive, MADRID),
    ):
        with pytest.raises(TimeError, match="without a zone"):
            ask()
