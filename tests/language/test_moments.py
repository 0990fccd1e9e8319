"""What the clock decides of a whole column is what it shows at each instant."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity.language import moments as room
from fidelity.language.clock import PARTS
from fidelity.language.columns import Columns
from fidelity.language.kernel import CHUNK
from fidelity.language.kinds import Flag, Instant
from fidelity.language.moments import FEW, Moments, is_shown
from fidelity.language.schema import calendar
from fidelity.language.tree import AllOf, AnyOf, Compare, Field, IsIn, Literal, Not

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ZONES = ("UTC", "Europe/Madrid", "America/Mexico_City", "Asia/Kathmandu", "Australia/Lord_Howe", "America/New_York")
CLOCK = frozenset(f"sale.{each}" for each in PARTS)


def never():
    raise AssertionError("every row has an instant")


@pytest.fixture(autouse=True)
def _tables_from_the_first_row(monkeypatch):
    monkeypatch.setattr(room, "FEW", 0)


@given(
    st.sampled_from(ZONES),
    st.lists(st.datetimes(datetime(1971, 1, 1), datetime(2037, 1, 1)), min_size=1, max_size=20),  # noqa: DTZ001 -- UTC
    st.sampled_from(("s", "ms", "us", "ns", "m", "15m")),
    st.integers(1, 7),
)
def test_what_is_looked_up_is_what_the_clock_shows(zone, instants, unit, size):
    at = np.array(instants, "M8[us]").astype(f"M8[{unit}]")
    found = Moments(at, ZoneInfo(zone), never)
    local = [
        (EPOCH + timedelta(microseconds=int(each))).astimezone(ZoneInfo(zone))
        for each in at.astype("M8[us]").astype(np.int64)
    ]
    shown = {"weekday": datetime.weekday, "month": lambda it: it.month, "day": lambda it: it.day}
    shown |= {"hour": lambda it: it.hour, "date": lambda it: (it.date() - EPOCH.date()).days}

    # In slices of any size, so that tables grow while they are used.
    for name, each in shown.items():
        column = found.part(name)
        said = [int(one) for start in range(0, len(at), size) for one in column[slice(start, start + size)]]
        assert said == [each(it) for it in local]


def test_a_year_that_is_not_in_the_tables_yet_makes_them_longer():
    at = np.array(["2026-01-10T12", "1990-07-01T00", "2030-12-31T23:59"], "M8[s]")
    hours = Moments(at, ZoneInfo("Europe/Madrid"), never).part("hour")

    assert [int(hours[slice(row, row + 1)][0]) for row in (0, 1, 0, 2, 1)] == [13, 2, 13, 0, 2]


def test_a_row_without_an_instant_is_told():
    def missing():
        raise LookupError

    for at in (np.array(["NaT", "2026-01-10"], "M8[s]"), np.array(["2026-01-10", "NaT"], "M8[D]")):
        with pytest.raises(LookupError):
            Moments(at, ZoneInfo("UTC"), missing).part("hour")[slice(0, 2)]


QUARTER = 900_000_000
HOUR, AT = Field("sale.hour"), Field("sale.at")


@pytest.mark.parametrize(
    ("node", "said"),
    [
        (Compare(">=", HOUR, Literal(14)), True),
        (IsIn(Field("sale.weekday"), (Literal("monday"),)), True),
        (AllOf((Compare(">=", HOUR, Literal(14)), Not(Compare("==", Field("sale.month"), Literal(2))))), True),
        (AnyOf((Compare(">=", AT, Literal(QUARTER)), Compare("<=", AT, Literal(QUARTER - 1)))), True),
        (Compare(">=", AT, Literal(QUARTER + 1)), False),
        (Compare("==", AT, Literal(QUARTER)), False),
        (Compare(">=", HOUR, Field("sale.count")), False),
        (AllOf((Compare(">=", HOUR, Literal(14)), Field("sale.first"))), False),
        (Compare("==", Literal(1), Literal(1)), False),
    ],
)
def test_the_clock_decides_what_is_the_same_for_a_whole_quarter(node, said):
    assert is_shown(node, "sale", CLOCK) is said


def test_more_than_eight_conditions_take_another_column():
    kinds = {f"sale.{name}": kind for name, kind in calendar().items()} | {"sale.at": Instant(), "sale.first": Flag()}
    tests = [AllOf((Field("sale.first"), Compare("==", HOUR, Literal(each)))) for each in range(11)]

    columns = Columns([(each, 0) for each in tests], kinds, clock=CLOCK)

    assert [len(each) for each in columns.moments.values()] == [8, 3]
    assert set(columns.types) == {"sale.first", "clock:0", "clock:1"}
    assert FEW < CHUNK
