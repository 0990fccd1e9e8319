"""The calendar of columns says what the calendar of one instant says."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity.errors import TimeError
from fidelity.ledger.columns.calendar import FAR, NEVER, add_months, calendar_of, whole_years
from fidelity.values import periods, zones

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ZONES = (
    "UTC", "Europe/Madrid", "America/New_York", "Atlantic/Azores", "America/Sao_Paulo", "Asia/Kathmandu",
    "Australia/Lord_Howe", "Pacific/Apia", "America/St_Johns", "America/Havana", "Asia/Gaza",
)  # fmt: skip
WINDOWS = (
    "day", "calendar week", "calendar month", "calendar quarter", "calendar half-year", "calendar year",
    "membership year", "in any 30 days", "in any 12 months", "in any 2 weeks", "in any 3 hours", "in any 1 years",
)  # fmt: skip

# Nights on which clocks change, and the ends of months, more often than chance would have them.
NIGHTS = [
    datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC), datetime(2018, 11, 4, 3, tzinfo=UTC),
    datetime(2018, 2, 18, 2, tzinfo=UTC), datetime(2011, 12, 30, 10, tzinfo=UTC), datetime(2024, 2, 29, 12, tzinfo=UTC),
    datetime(2026, 1, 31, 12, tzinfo=UTC), datetime(2026, 4, 5, tzinfo=UTC), datetime(2000, 10, 29, 1, tzinfo=UTC),
    datetime(2006, 10, 29, 2, 30, tzinfo=UTC), datetime(2010, 11, 7, 2, 31, tzinfo=UTC),
]  # fmt: skip
INSTANTS = st.one_of(
    st.builds(
        lambda night, minutes, micros: night + timedelta(minutes=minutes, microseconds=micros),
        st.sampled_from(NIGHTS),
        st.integers(-24 * 60, 24 * 60),
        st.sampled_from([0, 0, 1, 999_999]),
    ),
    st.datetimes(datetime(1990, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
DAYS = st.dates(date(1990, 1, 1), date(2060, 1, 1)) | st.sampled_from(
    [date(2024, 2, 29), date(2026, 3, 29), date(2018, 11, 4), date(2011, 12, 30), date(2011, 12, 31)]
)


def micros(*instants: datetime) -> np.ndarray:
    return np.array([(each - EPOCH) // timedelta(microseconds=1) for each in instants], np.int64)


def day_of(*days: date) -> np.ndarray:
    return np.array([(each - EPOCH.date()).days for each in days], np.int64)


def instant(value: np.ndarray) -> datetime | None:
    return None if value[0] == NEVER else EPOCH + timedelta(microseconds=int(value[0]))


@given(INSTANTS, st.sampled_from(ZONES))
def test_days_are_those_on_the_wall(at, name):
    zone = ZoneInfo(name)
    assert calendar_of(zone).date(micros(at)) == day_of(zones.local_date(at, zone))


@given(DAYS, st.sampled_from(ZONES))
def test_days_begin_and_end_when_they_do(day, name):
    zone, calendar = ZoneInfo(name), calendar_of(ZoneInfo(name))
    assert instant(calendar.start(day_of(day))) == zones.start_of_day(day, zone)
    assert instant(calendar.end(day_of(day))) == zones.end_of_day(day, zone)


@given(INSTANTS, st.sampled_from(ZONES), st.sampled_from(WINDOWS), DAYS)
def test_what_happened_leaves_its_window_when_it_does(at, name, text, anchor):
    zone, window = ZoneInfo(name), periods.window(text)
    found = calendar_of(zone).leaves(micros(at), window, day_of(anchor))
    assert instant(found) == window.leaves(at, zone, anchor)


@given(INSTANTS, st.sampled_from(ZONES), st.sampled_from(WINDOWS[:7]), DAYS)
def test_periods_begin_when_they_do(at, name, text, anchor):
    zone, window, calendar = ZoneInfo(name), periods.window(text), calendar_of(ZoneInfo(name))
    number = calendar.period(micros(at), window, day_of(anchor))
    first, after = window.period(at, zone, anchor)
    assert instant(calendar.began(number, window, day_of(anchor))) == first
    assert instant(calendar.began(number + 1, window, day_of(anchor))) == after


@given(INSTANTS, st.sampled_from(ZONES), st.integers(1, 40), st.sampled_from(sorted(periods.UNITS)))
def test_what_lies_before_is_found_as_what_comes_after(at, name, count, unit):
    zone, length = ZoneInfo(name), periods.Duration(count, unit)
    assert instant(calendar_of(zone).before(micros(at), length)) == length.before(at, zone)
    assert instant(calendar_of(zone).after(micros(at), length)) == length.after(at, zone)


@given(DAYS, st.integers(-400, 400), DAYS)
def test_months_and_years_are_those_of_days(day, months, other):
    assert add_months(day_of(day), months) == day_of(zones.add_months(day, months))
    assert whole_years(day_of(day), day_of(other)) == zones.whole_years(day, other)


def test_nothing_leaves_what_counts_for_ever():
    found = calendar_of(ZoneInfo("UTC")).leaves(np.array([0, 5]), periods.window("ever"))
    assert found.tolist() == [NEVER, NEVER]
    assert FAR < 0 < NEVER


def test_years_far_away_are_read_when_they_come():
    zone = ZoneInfo("Europe/Madrid")
    for at in (datetime(1931, 5, 1, 3, tzinfo=UTC), datetime(2350, 7, 1, 22, 30, tzinfo=UTC)):
        assert calendar_of(zone).date(micros(at)) == day_of(zones.local_date(at, zone))


def test_membership_years_ask_for_the_day_of_joining():
    calendar, window = calendar_of(ZoneInfo("UTC")), periods.window("membership year")
    with pytest.raises(TimeError, match="day of joining"):
        calendar.period(np.array([0]), window)
    with pytest.raises(TimeError, match="day of joining"):
        calendar.first_day(np.array([0]), window)


def test_hours_are_no_days():
    from fidelity.ledger.columns.calendar import shifted

    with pytest.raises(TimeError, match="write it in days"):
        shifted(np.array([0]), periods.Duration(3, "hours"))


def test_instants_beyond_the_calendar_are_refused():
    with pytest.raises(TimeError, match="beyond the calendar"):
        calendar_of(ZoneInfo("Europe/Madrid")).date(np.array([2**62]))
