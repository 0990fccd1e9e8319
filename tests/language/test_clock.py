"""Columns of instants show what the clock on the wall showed, on the nights when it changes above all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity.language.clock import PARTS, local_parts

ZONES = [
    "Europe/Madrid",
    "UTC",
    "America/Mexico_City",
    "Asia/Kathmandu",  # 45 minutes
    "Australia/Lord_Howe",  # changes by half an hour
    "Africa/Casablanca",
    "America/Sao_Paulo",  # changed at midnight: a missing one
    "Pacific/Apia",  # lost a whole day
    "Africa/Monrovia",  # 44 minutes and 30 seconds until 1972
]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def shown(at, zone):
    """What `datetime` says."""
    local = at.astimezone(zone)
    return {
        "weekday": local.weekday(),
        "date": (local.date() - EPOCH.date()).days,
        "month": local.month,
        "day": local.day,
        "hour": local.hour,
    }


def agree(zone, instants):
    micros = np.array([(each - EPOCH) // timedelta(microseconds=1) for each in instants], np.int64)
    found = local_parts(micros, zone, PARTS)
    for place, each in enumerate(instants):
        assert {name: int(found[name][place]) for name in PARTS} == shown(each, zone), each


@pytest.mark.parametrize("name", ZONES)
@given(
    st.lists(st.integers(-315_619_200 * 10**6, 4_102_444_799 * 10**6), min_size=1, max_size=9).map(
        lambda micros: [EPOCH + timedelta(microseconds=each) for each in micros]
    )
)
def test_every_instant_is_shown_as_on_the_wall(name, instants):
    agree(ZoneInfo(name), instants)


@pytest.mark.parametrize("name", ZONES)
@pytest.mark.parametrize("year", [1971, 2011, 2018, 2026])
def test_the_nights_when_clocks_change(name, year):
    zone, found = ZoneInfo(name), []
    start = datetime(year, 1, 1, tzinfo=UTC)
    hours = [start + timedelta(hours=each) for each in range(366 * 24)]
    offsets = [each.astimezone(zone).utcoffset() for each in hours]
    for place, (before, after) in enumerate(pairwise(offsets)):
        if before != after:
            found += [hours[place] + timedelta(seconds=each) for each in range(-60, 3700, 59)]
            found += [hours[place + 1] + timedelta(microseconds=each) for each in (-1, 0, 1)]
    agree(
        zone,
        [*found, start, datetime(year, 2, 28, 23, 59, 59, 999_999, tzinfo=UTC), datetime(year, 12, 31, 23, tzinfo=UTC)],
    )


def test_a_range_of_centuries_is_shown_too():
    zone = ZoneInfo("Europe/Madrid")
    agree(
        zone,
        [datetime(1901, 1, 1, tzinfo=UTC), datetime(2199, 12, 31, 23, tzinfo=UTC), datetime(1890, 5, 5, tzinfo=UTC)],
    )
    assert local_parts(np.empty(0, np.int64), zone, ("hour",))["hour"].size == 0
