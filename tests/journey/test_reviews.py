from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity.journey import JourneyError, Review
from tests.scenarios import scenario


def test_care_35_a_map_is_reviewed_at_the_start_of_each_quarter():
    assert str(Review("quarter", date(2026, 7, 1)).next) == scenario("CARE-35")["next_review"]


@pytest.mark.parametrize(
    ("every", "falls"),
    [
        ("month", "2026-06-01"),
        ("quarter", "2026-07-01"),
        ("half-year", "2026-07-01"),
        ("year", "2027-01-01"),
        (30, "2026-06-14"),
    ],
)
def test_it_falls_due_at_the_start_of_the_next_period(every, falls):
    assert str(Review(every, date(2026, 5, 15)).next) == falls


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.sampled_from(["month", "quarter", "half-year", "year", 1, 90]))
def test_what_was_done_is_not_due_on_the_same_day(day, every):
    review = Review(every, date(1999, 1, 1)).done(day)

    assert not review.is_due(day)
    assert review.is_due(review.next)
    assert review.overdue_days(review.next) == 0


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Review("week", date(2026, 1, 1)), "has no rhythm 'week'; name one of month, quarter, half-year, year"),
        (lambda: Review(0, date(2026, 1, 1)), "review.every: is 0"),
        (lambda: Review("month", "2026-01-01"), "review.last: is '2026-01-01'; give a datetime.date"),
        (lambda: Review("month", datetime(2026, 1, 1)), "give a datetime.date"),  # noqa: DTZ001 -- refused
        (lambda: Review("month", date(2026, 1, 2)).done(date(2026, 1, 1)), "before the last one"),
    ],
)
def test_what_cannot_be_is_one_typed_error_with_what_to_write_instead(make, said):
    with pytest.raises(JourneyError, match=said):
        make()
