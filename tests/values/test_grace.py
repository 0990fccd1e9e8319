"""Graces: to the end of a calendar unit, or to a day of the year."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity.errors import TimeError
from fidelity.values.grace import grace, until_day
from fidelity.values.periods import Duration

MADRID = ZoneInfo("Europe/Madrid")


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_plain_grace_is_a_duration():
    assert grace("3 months") == Duration(3, "months")


@pytest.mark.parametrize(
    ("written", "begins", "ends"),
    [
        ("1 month, to the end of the month", "2021-07-20", "2021-09-01"),  # DOC-06: through 31 August
        ("1 month to the end of the calendar month", "2021-07-31", "2021-09-01"),
        ("1 month, to the end of the month", "2021-08-01", "2021-09-01"),  # over at the end itself: no month more
        ("0 days, to the end of the quarter", "2021-05-02", "2021-07-01"),
        ("2 weeks, to the end of the half year", "2021-06-25", "2022-01-01"),
        ("1 day, to the end of the week", "2026-11-20", "2026-11-23"),
        ("6 months, to the end of the year", "2021-03-01", "2022-01-01"),
    ],
)
def test_a_grace_may_go_on_to_the_end_of_a_unit(written, begins, ends):
    assert grace(written).after(at(begins), ZoneInfo("UTC")) == at(ends)


def test_the_end_is_that_of_the_local_month():
    assert grace("1 month, to the end of the month").after(at("2021-07-20"), MADRID) == at("2021-08-31 22:00")


@pytest.mark.parametrize("text", ["1 month, to the end of the month", "2 days, to the end of the half-year"])
def test_a_grace_is_read_as_it_is_written(text):
    assert grace(str(grace(text))) == grace(text)
    assert grace(grace(text)) == grace(text)


@pytest.mark.parametrize(
    ("day", "begins", "ends"),
    [
        ("02-28", "2019-01-01", "2019-03-01"),
        ("02-28", "2020-01-01", "2020-02-29"),
        ("02-29", "2020-01-01", "2020-03-01"),
        ("02-29", "2021-01-01", "2021-03-01"),
        ("03-31", "2021-04-01", "2022-04-01"),
        ("12-31", "2021-06-01", "2022-01-01"),
    ],
)
def test_a_day_of_the_year_is_the_next_one_that_comes(day, begins, ends):
    assert until_day(day).after(at(begins), ZoneInfo("UTC")) == at(ends)


@pytest.mark.parametrize("text", ["2-28", "02-30", "13-01", "end of February", "", 228])
def test_what_is_no_day_of_the_year_is_refused(text):
    with pytest.raises(TimeError, match='write month and day, such as "02-28"'):
        until_day(text)


@pytest.mark.parametrize("text", ["soon, to the end of the month", "1 month, to the end of the decade"])
def test_what_is_no_grace_is_refused(text):
    with pytest.raises(TimeError):
        grace(text)


@given(
    st.datetimes(datetime.fromisoformat("2000-01-01"), datetime.fromisoformat("2040-01-01")),
    st.sampled_from(["1 month, to the end of the month", "3 weeks, to the end of the quarter", "02-28", "12-31"]),
)
def test_what_began_before_was_over_by_then(moment, written):
    when = moment.replace(tzinfo=UTC)
    waits = until_day(written) if written[0].isdigit() and "-" in written[:3] else grace(written)

    assert waits.after(waits.before(when, MADRID), MADRID) <= when
