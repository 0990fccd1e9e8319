"""How long points live, for many at once, is what each life says of one instant; months are those on the wall."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from fidelity.ledger.columns.calendar import NEVER
from fidelity.ledger.columns.lives import Ends, Lives, Months, micros
from fidelity.values.expiry import expiry
from fidelity.values.periods import duration
from fidelity.values.waiting import UNCONFIRMED, waiting
from fidelity.values.zones import local_date
from tests.ledger.columns.histories import AGES, EPOCH, IDLE, ZONES

zones = st.sampled_from([*ZONES, "Pacific/Apia", "Africa/Cairo"]).map(ZoneInfo)
#: By the minute, so that the nights on which clocks change are met; and by the microsecond around midnight.
minutes = st.integers(0, 1_439)


@st.composite
def many(draw):
    """Some instants that lie within two years."""
    year = draw(st.sampled_from([1996, 2011, 2026, 2031]))
    moments = st.builds(timedelta, st.integers(0, 800), st.just(0), st.sampled_from([0, 0, -1, 1]), st.just(0), minutes)
    return [datetime(year, 1, 1, tzinfo=UTC) + each for each in draw(st.lists(moments, min_size=1, max_size=12))]


def instants(told):
    return np.array([micros(at) for at in told], np.int64)


def told(at):
    return NEVER if at is None else micros(at)


@given(many(), st.sampled_from(AGES), zones, st.lists(st.integers(0, 12), min_size=12, max_size=12))
def test_ends_of_many_are_the_end_of_each(starts, text, zone, months):
    terms = expiry(text)
    found = Ends(terms, zone).of(instants(starts), np.array(months[: len(starts)], np.int8))
    for at, month, end in zip(starts, months, found.tolist(), strict=False):
        asked = [month] if month else range(1, 13)
        anchors = [{terms.anchor: date(2000, each, 1)} if terms.anchor else {} for each in asked]
        assert end == max(told(terms.instant(at, zone, anchors=each)) for each in anchors)


@given(many(), many(), many(), zones)
def test_days_that_come_later_or_earlier_than_those_known_are_asked_too(first, second, third, zone):
    ends = Ends(expiry("12 months, to the end of the month"), zone)
    for starts in (first, second, third):
        assert ends.of(instants(starts)).tolist() == [told(ends.terms.instant(at, zone)) for at in starts]


@given(many(), st.sampled_from(IDLE), zones)
def test_all_goes_when_the_life_without_activity_is_over(active, text, zone):
    terms = expiry(text)
    found = Lives(terms, zone).quiet(instants(active)).tolist()
    assert found == [told(terms.inactive.instant(at, zone)) for at in active]
    assert Lives(terms.aged, zone).quiet(instants(active)).tolist() == [NEVER] * len(active)


@given(many(), st.sampled_from(["1 days", "2 hours", "1 months", "30 minutes", "2 weeks"]), zones)
def test_points_that_wait_start_when_the_wait_is_over(moments, text, zone):
    at = instants(moments)
    expected = [micros(duration(text).after(each, zone)) for each in moments]
    assert Lives(expiry("never"), zone, waiting(text)).starts(at).tolist() == expected
    assert Lives(expiry("never"), zone, waiting(f"until confirmed, at most {text}")).starts(at).tolist() == expected


def test_what_nobody_confirms_never_starts_and_never_ends():
    lives = Lives(expiry("2 days"), ZoneInfo("UTC"), waiting("until confirmed"))
    at = instants([EPOCH])
    assert lives.starts(at).tolist() == [micros(UNCONFIRMED)]
    assert lives.ends(at).tolist() == [NEVER]
    assert Lives(expiry("2 days"), ZoneInfo("UTC")).starts(at) is at


def test_the_life_of_the_birth_month_is_the_published_one():
    """Earned in June 2007, three years, to the end of the birth month, August: good through 31 August 2010."""
    lives = Lives(expiry("3 years, to the end of the birth month"), ZoneInfo("UTC"))
    june = instants([datetime(2007, 6, 15, tzinfo=UTC)])
    assert lives.anchor == "birth"
    assert lives.ends(june, np.array([8], np.int8)).tolist() == [micros(datetime(2010, 9, 1, tzinfo=UTC))]
    # Whose birthday is not known has the longest of the twelve.
    assert lives.ends(june).tolist() == [micros(datetime(2011, 6, 1, tzinfo=UTC))]


@given(many(), zones)
def test_months_are_those_on_the_wall(moments, zone):
    months = Months(zone)
    for some in (moments, moments[::-1], moments[:1]):
        days = [local_date(at, zone) for at in some]
        assert months.of(instants(some)).tolist() == [12 * (day.year - 1970) + day.month - 1 for day in days]
    assert months.of(np.empty(0, np.int64)).tolist() == []
