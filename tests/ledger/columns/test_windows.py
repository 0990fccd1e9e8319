"""The windows of many members count what the tally of each one counts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity.errors import NotColumnar
from fidelity.ledger.columns.calendar import NEVER
from fidelity.ledger.columns.windows import counting
from fidelity.ledger.tally import Tally
from fidelity.values.periods import window

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
START = datetime(2026, 1, 28, 22, 30, tzinfo=UTC)
TEXTS = (
    "ever", "day", "calendar week", "calendar month", "calendar year", "membership year", "in any 30 days",
    "in any 1 months", "in any 5 hours", "in any 12 months",
)  # fmt: skip
ANCHORS = (date(2020, 2, 29), date(2025, 3, 29), date(2026, 1, 28))
GAPS = st.sampled_from([0, 1, 30, 60, 600, 24 * 60, 28 * 24 * 60, 31 * 24 * 60, 200 * 24 * 60])


def micros(at: datetime) -> int:
    return (at - EPOCH) // timedelta(microseconds=1)


@st.composite
def histories(draw):
    """For some members what comes in, and what of it goes back later; in rounds of one each."""
    rounds = []
    clocks = [START] * 3
    came = [[], [], []]
    for _ in range(draw(st.integers(1, 25))):
        who = sorted(draw(st.sets(st.integers(0, 2), min_size=1)))
        told = []
        for each in who:
            clocks[each] += timedelta(minutes=draw(GAPS))
            at, since, amount = clocks[each], clocks[each], draw(st.integers(0, 9))
            if came[each] and draw(st.booleans()):
                since, amount = draw(st.sampled_from(came[each])), -draw(st.integers(1, 9))
            else:
                came[each].append(at)
            told.append((each, at, since, amount))
        rounds.append(told)
    return rounds


@given(histories(), st.sampled_from(TEXTS), st.sampled_from(["UTC", "Europe/Madrid", "America/Havana"]))
def test_many_members_count_as_each_one_does(rounds, text, name):
    over, zone = window(text), ZoneInfo(name)
    anchors = np.array([(each - EPOCH.date()).days for each in ANCHORS])
    counted, tallies = counting(3, over, zone, anchors), [Tally(), Tally(), Tally()]
    for told in rounds:
        who = np.array([each for each, *_ in told])
        at = np.array([micros(when) for _, when, *_ in told])
        before = counted.value(who, at).tolist()
        assert before == [tallies[each].value(when) for each, when, *_ in told]
        counted.add(who, at, np.array([amount for *_, amount in told]), np.array([micros(s) for _, _, s, _ in told]))
        for each, when, since, amount in told:
            tallies[each].add(when, amount, over.leaves(since, zone, ANCHORS[each]))
        after = counted.value(who, at).tolist()
        assert after == [tallies[each].value(when) for each, when, *_ in told]
    last = START + timedelta(days=6_000)
    leaving = counted.leaving(slice(0, 3))
    for place, tally in enumerate(tallies):
        at = EPOCH + timedelta(microseconds=int(leaving[place])) if leaving[place] != NEVER else last
        # Until it leaves, nothing changes by itself.
        clock = max((when for told in rounds for each, when, *_ in told if each == place), default=START)
        if at > clock:
            assert tally.value(at - timedelta(microseconds=1)) == tally.value(clock)
    at = np.full(3, micros(last))
    assert counted.value(slice(0, 3), at).tolist() == [each.value(last) for each in tallies]


def test_a_prefix_is_read_as_the_places_that_it_stands_for():
    over, zone = window("in any 30 days"), ZoneInfo("UTC")
    one, other = counting(5, over, zone), counting(5, over, zone)
    at = np.full(3, micros(START))
    one.add(slice(0, 3), at, np.array([1, 2, 3]))
    other.add(np.arange(3), at, np.array([1, 2, 3]))
    assert one.value(slice(0, 5), np.full(5, micros(START))).tolist() == [1, 2, 3, 0, 0]
    assert other.value(np.arange(5), np.full(5, micros(START))).tolist() == [1, 2, 3, 0, 0]


def test_the_pool_grows_with_what_counts_and_not_with_what_left():
    counted = counting(100, window("in any 2 days"), ZoneInfo("UTC"))
    for day in range(1_000):
        at = np.full(100, micros(START + timedelta(days=day)))
        counted.add(slice(0, 100), at, np.full(100, day))
        assert counted.value(slice(0, 100), at).tolist() == [day + max(day - 1, 0)] * 100
    assert counted._here._pool.room < 5_000


def test_a_value_that_is_asked_for_stays_as_it_was():
    for text in ("ever", "in any 2 days"):
        counted = counting(1, window(text), ZoneInfo("UTC"))
        at = np.array([micros(START)])
        counted.add(slice(0, 1), at, np.array([5]))
        before = counted.value(slice(0, 1), at)
        counted.add(slice(0, 1), at, np.array([5]))
        assert before.tolist() == [5]


def test_rows_of_periods():
    from fidelity.values.periods import Window

    counted, zone = counting(2, Window("streak", "month"), ZoneInfo("UTC")), UTC
    months = [datetime(2026, month, 10, tzinfo=zone) for month in (1, 2, 3, 5)]
    found = []
    for when in months:
        at = np.array([micros(when)] * 2)
        found.append(counted.value(slice(0, 2), at).tolist())
        counted.add(slice(0, 2), at, np.array([1, when.month % 2]))
    assert found == [[0, 0], [1, 1], [2, 0], [0, 0]]
    with pytest.raises(NotColumnar, match="a streak does not remember"):
        counted.add(slice(0, 1), at[:1], np.array([-1]), at[:1] - 1)
