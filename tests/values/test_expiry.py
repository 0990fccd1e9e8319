"""Expiry: the published meanings of "when points expire", each with its published example."""

from __future__ import annotations

import pickle
import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity.errors import FactsError, TimeError
from fidelity.values import Duration, Expiry, expiry, local_date

MADRID = ZoneInfo("Europe/Madrid")
ZONES = [
    ZoneInfo(name) for name in ("Europe/Madrid", "America/Sao_Paulo", "Asia/Beirut", "America/Havana", "Pacific/Apia")
]

lives = st.builds(Duration, st.integers(0, 60), st.sampled_from(["days", "weeks", "months", "years"]))
calendar = st.sampled_from(["week", "month", "quarter", "half-year", "year"])
months = st.sampled_from(["birth month", "joining month"])
terms = (
    st.just(Expiry())
    | st.builds(Expiry, life=lives, after=st.just("") | calendar, until=st.just("") | calendar | months)
    | st.builds(Expiry, until=calendar, following=st.booleans())
    | st.builds(Expiry, until=months)
)
instants = st.integers(631_152_000, 2_871_676_800).map(lambda second: datetime.fromtimestamp(second, UTC))
anchors = st.fixed_dictionaries({"birth": st.dates(), "joining": st.dates()})


def gone(text, earned, zone=MADRID, **anchors):
    """The local day on which points earned at noon of a day are gone, at its very start."""
    day = datetime.fromisoformat(earned).replace(hour=12, tzinfo=zone)
    found = expiry(text).instant(
        day.astimezone(UTC), zone, anchors={name: date.fromisoformat(value) for name, value in anchors.items()}
    )
    if found is None:
        return None
    assert found.tzinfo is UTC
    assert found.astimezone(zone).time() == datetime.min.time()
    return local_date(found, zone).isoformat()


@pytest.mark.parametrize(
    ("text", "earned", "first_day_without"),
    [
        # N months after the calendar month of earning: TERM-01.
        ("6 months after the end of the month", "2020-12-15", "2021-07-01"),
        # To the end of the month: DOC-15, and vouchers of February 2022 and 2021: TERM-03.
        ("12 months, to the end of the month", "2020-07-06", "2021-08-01"),
        ("2 years, to the end of the month", "2022-02-10", "2024-03-01"),
        ("2 years, to the end of the month", "2021-02-10", "2023-03-01"),
        # N months from the day, clamped, through the whole last day: DOC-01.
        ("1 month", "2026-01-25", "2026-02-26"),
        ("0 months", "2026-01-01", "2026-01-02"),
        ("1 month", "2026-01-31", "2026-03-01"),
        ("1 month", "2024-01-31", "2024-03-01"),
        ("12 months", "2024-02-29", "2025-03-01"),
        # Rounded to the end of a calendar unit.
        ("12 months, to the end of the quarter", "2025-02-10", "2026-04-01"),
        ("12 months, to the end of the half-year", "2025-02-10", "2026-07-01"),
        ("12 months, to the end of the year", "2025-02-10", "2027-01-01"),
        ("10 days, to the end of the week", "2026-06-01", "2026-06-15"),
        ("to the end of the year", "2026-06-01", "2027-01-01"),
        ("to the end of the next calendar year", "2026-01-01", "2028-01-01"),
        ("to the end of the next month", "2026-01-31", "2026-03-01"),
        ("1 year after the end of the year", "2026-06-01", "2028-01-01"),
        ("30 days after the end of the quarter, to the end of the week", "2026-01-15", "2026-05-04"),
        # Days.
        ("365 days", "2026-01-01", "2027-01-02"),
        ("365 days", "2024-01-01", "2025-01-01"),
        ("2 weeks", "2026-01-01", "2026-01-16"),
        ("never", "2026-01-01", None),
    ],
)
def test_points_expire_as_published(text, earned, first_day_without):
    assert gone(text, earned) == first_day_without


@pytest.mark.parametrize(
    ("text", "earned", "anchor", "day", "first_day_without"),
    [
        # 3 years, then the end of the birth month.
        ("3 years, to the end of the birth month", "2007-06-10", "birth", "1970-08-20", "2010-09-01"),
        ("3 years, to the end of the birth month", "2007-08-31", "birth", "1970-08-20", "2010-09-01"),
        ("3 years, to the end of the birth month", "2007-09-01", "birth", "1970-08-20", "2011-09-01"),
        # 2 years, then the joining month: TERM-15.
        ("2 years, to the end of the joining month", "2017-06-10", "joining", "2016-08-03", "2019-09-01"),
        ("2 years, to the end of the joining month", "2016-10-10", "joining", "2016-05-03", "2019-06-01"),
        ("to the end of the birth month", "2026-02-10", "birth", "2000-02-29", "2026-03-01"),
    ],
)
def test_points_expire_with_a_month_of_the_member(text, earned, anchor, day, first_day_without):
    assert gone(text, earned, **{anchor: day}) == first_day_without


def test_a_month_of_the_member_must_be_known():
    terms = expiry("3 years, to the end of the birth month")

    assert terms.anchor == "birth"
    for known in (None, {}, {"joining": date(2020, 1, 1)}):
        with pytest.raises(FactsError, match="birth"):
            terms.instant(datetime(2026, 1, 1, tzinfo=UTC), MADRID, anchors=known)


@pytest.mark.parametrize(
    ("place", "earned", "gone_at"),
    [
        # Midnight was skipped: the first instant there is.
        ("America/Sao_Paulo", "2018-11-02", "2018-11-04 03:00"),
        ("Asia/Beirut", "2023-03-24", "2023-03-25 22:00"),
        # Midnight comes twice: the later, never an hour less for the member.
        ("America/Havana", "2026-10-30", "2026-11-01 05:00"),
        # The day after the last one never was.
        ("Pacific/Apia", "2011-12-28", "2011-12-30 10:00"),
    ],
)
def test_points_last_through_the_whole_last_day_on_odd_nights(place, earned, gone_at):
    zone = ZoneInfo(place)
    noon = datetime.fromisoformat(earned).replace(hour=12, tzinfo=zone).astimezone(UTC)

    assert expiry("1 day").instant(noon, zone) == datetime.fromisoformat(gone_at).replace(tzinfo=UTC)


@given(terms)
def test_an_expiry_comes_back_from_its_text(each):
    assert expiry(str(each)) == each


@given(terms)
def test_an_expiry_survives_pickling(each):
    assert pickle.loads(pickle.dumps(each)) == each  # noqa: S301  # our own bytes


@given(terms, instants, anchors, st.sampled_from(ZONES))
def test_points_live_through_the_day_they_were_earned(each, instant, known, zone):
    gone_at = each.instant(instant, zone, anchors=known)

    assert each.never == (gone_at is None)
    assert gone_at is None or gone_at > instant


@given(terms, instants, anchors, st.sampled_from(ZONES))
def test_the_last_day_is_the_last_on_which_points_can_be_used(each, instant, known, zone):
    last = each.last_day(local_date(instant, zone), anchors=known)
    gone_at = each.instant(instant, zone, anchors=known)

    if last is not None:
        assert local_date(gone_at, zone) > last
        assert local_date(gone_at - timedelta(microseconds=1), zone) <= last


@given(terms, instants, st.integers(0, 400), anchors)
def test_points_earned_later_never_expire_earlier(each, instant, days, known):
    """What a member may rely on: the older points are always the ones that go first."""
    first = each.instant(instant, MADRID, anchors=known)
    later = each.instant(instant + timedelta(days=days), MADRID, anchors=known)

    assert first is None or first <= later


@given(lives, calendar, instants)
def test_rounding_only_ever_adds_life(life, unit, instant):
    plain = Expiry(life).instant(instant, MADRID)

    assert Expiry(life, until=unit).instant(instant, MADRID) >= plain


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("12 month to end", 'did you mean "12 months"?'),
        ("12 moths", 'did you mean "months"?'),
        ("24 hours", 'write "1 day"'),
        ("12 months, to the end of the next month", 'say "next"'),
        ("to the end of the next birth month", 'say "next"'),
        ("12 months, to the end of the decade", "is not an expiry"),
        ("1.5 years", "is not an expiry"),
        ("１２ months", "is not an expiry"),
        ("-1 months", "is not an expiry"),
        ("", "write it like"),
        ("12 months " * 100_000, 'such as "12 months"'),
        (None, 'such as "12 months"'),
        (12, 'such as "12 months"'),
        (float("nan"), 'such as "12 months"'),
    ],
)
def test_what_is_no_expiry_is_refused_at_once(text, remedy):
    start = time.perf_counter()
    with pytest.raises(TimeError) as caught:
        expiry(text)

    assert time.perf_counter() - start < 0.1
    assert remedy in str(caught.value)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    "parts",
    [{"after": "month"}, {"until": "decade"}, {"until": "day"}, {"after": "birth month"}, {"following": True}],
)
def test_an_expiry_of_parts_that_do_not_fit_is_refused(parts):
    with pytest.raises(TimeError):
        Expiry(**parts)


def test_a_life_beyond_the_calendar_is_refused():
    with pytest.raises(TimeError, match="calendar"):
        expiry("1000 years").instant(datetime(9500, 1, 1, tzinfo=UTC), MADRID)
