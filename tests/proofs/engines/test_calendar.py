"""What the calendar derives of a date belongs to one date in every witness."""

from __future__ import annotations

from datetime import date

import pytest

from fidelity.language.kinds import Choice, Day, Instant, Whole
from fidelity.language.quantities import EPOCH_DAY
from fidelity.language.schema import WEEKDAYS
from fidelity.language.tree import AllOf, Compare, Field, IsIn, Literal, Not, Sum, Table
from fidelity.proofs.engines import decide
from fidelity.proofs.obligation import Obligation

DATE, WEEKDAY, MONTH, DAY = (Field(f"purchase.{each}") for each in ("date", "weekday", "month", "day"))


def kinds(low="1900-01-01", high="2199-12-31"):
    return {
        "purchase.date": Day(date.fromisoformat(low), date.fromisoformat(high)),
        "purchase.weekday": Choice(WEEKDAYS),
        "purchase.month": Whole(1, 12),
        "purchase.day": Whole(1, 31),
        "purchase.at": Instant(),
    }


def on(day):
    return Literal(date.fromisoformat(day).toordinal() - EPOCH_DAY)


def first_day(*conditions, engines=("structure", "regions", "z3"), **bounds):
    obligation = Obligation(id="P9.dead", kinds=kinds(**bounds), query=AllOf(conditions), wants="some")
    return decide(obligation, engines=engines, seconds=5)


FRIDAY_13 = (IsIn(WEEKDAY, (Literal("friday"),)), Compare("==", DAY, Literal(13)))


@pytest.mark.parametrize("engine", ["regions", "z3"])
def test_a_friday_the_thirteenth_of_a_year_is_found_and_one_of_a_short_season_is_not(engine):
    year = {"low": "2026-01-01", "high": "2026-12-31"}
    found = first_day(*FRIDAY_13, engines=(engine,), **year)

    assert found.witness == {"purchase.weekday": "friday", "purchase.day": 13}
    assert first_day(*FRIDAY_13, Compare(">", MONTH, Literal(11)), engines=(engine,), **year).status == "refuted"


def test_all_parts_of_a_witness_are_of_its_date():
    found = first_day(
        *FRIDAY_13,
        Compare(">=", MONTH, Literal(6)),
        Compare(">=", DATE, on("2026-01-01")),
        Compare("<", DATE, on("2030-01-01")),
    )

    day = date.fromordinal(found.witness["purchase.date"] + EPOCH_DAY)
    assert day == date(2026, 11, 13)
    assert found.smallest
    assert found.witness["purchase.month"] == 11
    assert found.witness["purchase.weekday"] == "friday"


def test_a_leap_day_falls_on_every_weekday_but_never_on_the_thirtieth():
    february = Compare("==", MONTH, Literal(2))

    for name in WEEKDAYS:
        assert first_day(february, Compare("==", DAY, Literal(29)), IsIn(WEEKDAY, (Literal(name),))).status == "proved"
    assert first_day(february, Compare("==", DAY, Literal(30))).status == "refuted"


def test_a_weekday_chooses_an_amount_and_a_month_is_reckoned_with():
    points = Sum((Table(WEEKDAY, (("sunday", Literal(5)),), Literal(1)), MONTH))
    more = Compare(">=", points, Literal(17))
    sundays = first_day(more, Compare(">=", DATE, on("2026-03-01")), Compare("<=", DATE, on("2026-12-31")))
    none = first_day(more, Compare(">=", DATE, on("2026-12-21")), Compare("<=", DATE, on("2026-12-26")))

    assert sundays.witness["purchase.date"] == on("2026-12-06").value
    assert none.status == "refuted"


def test_not_a_weekday_is_every_other_day():
    weekend = IsIn(WEEKDAY, (Literal("saturday"), Literal("sunday")))
    week = (Compare(">=", DATE, on("2026-11-21")), Compare("<=", DATE, on("2026-11-22")))

    assert first_day(Not(weekend), *week).status == "refuted"
    assert first_day(Compare("!=", WEEKDAY, Literal("saturday")), *week).witness["purchase.weekday"] == "sunday"


def test_a_moment_beside_a_local_date_is_not_guessed_at():
    verdict = first_day(*FRIDAY_13, Compare(">", Field("purchase.at"), Literal(0)))

    assert verdict.status == "unknown"
    assert "no engine knows the place" in verdict.why
