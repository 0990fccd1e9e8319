"""Streaks: how many whole periods in a row something happened, up to the one before the present one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import fidelity as fd
from fidelity.errors import LanguageError, OperandError, ProgramError, TimeError
from fidelity.journals import JournalInMemory
from fidelity.language.fields import purchase, visit
from fidelity.rules.earning.amounts import points
from fidelity.rules.earning.measures import Measure, count, streak
from fidelity.rules.earning.milestones import Milestone
from fidelity.rules.earning.rules import EarnRule
from fidelity.rules.program import Program
from fidelity.rules.tiers.tier_set import Tier, TierSet
from tests.rules.programs import program

MONDAY = datetime(2026, 1, 5, 9, tzinfo=UTC)
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
WEEKS = Measure("weeks", streak(visit, each="calendar week"))
BADGE = EarnRule("four weeks", points(50), when=WEEKS >= 3, on="visit", limit="once")


def books(*rules, measures=(WEEKS,), journal=None, **parts):
    loyalty = fd.Loyalty(program(*(rules or (BADGE,)), measures=measures, **parts), journal=journal)
    loyalty.enroll("ana", now=MONDAY - WEEK)
    return loyalty


def come(loyalty, *weeks, now=None, member="ana"):
    """Visit on the Monday of each of these weeks, and say what the last one earned."""
    receipt = None
    for week in weeks:
        at = MONDAY + week * WEEK
        receipt = loyalty.record(fd.Visit(f"{member} {week}", member=member, at=at), now=now or at)
    return None if receipt is None else receipt.points


def row(loyalty, week, member="ana", name="weeks"):
    """What the measure is in that week."""
    at = MONDAY + week * WEEK
    return loyalty.account(member, at=at).facts(at).counters[f"measure.{name}"]


def test_the_fourth_week_in_a_row_earns_the_badge_once():
    loyalty = books()

    assert [come(loyalty, week) for week in range(6)] == [0, 0, 0, 50, 0, 0]
    assert [row(books_of(range(6)), week) for week in (6, 7, 8)] == [6, 0, 0]


def books_of(weeks):
    loyalty = books()
    come(loyalty, *weeks)
    return loyalty


def test_a_week_without_ends_the_row_and_many_visits_are_one():
    loyalty = books_of([0, 1, 3, 4])
    loyalty.record(fd.Visit("again", member="ana", at=MONDAY + 4 * WEEK + DAY), now=MONDAY + 4 * WEEK + DAY)

    assert [row(loyalty, week) for week in (5, 6)] == [2, 0]


def test_what_is_learned_late_counts_where_it_happened():
    loyalty = books_of([0, 2])
    come(loyalty, 1, now=MONDAY + 3 * WEEK)

    assert row(loyalty, 3) == 3


def test_a_week_begins_on_the_clocks_of_the_program():
    loyalty = books()
    sunday_night = MONDAY + WEEK - timedelta(hours=9, minutes=30)  # 23:30 UTC is 00:30 on Monday in Madrid
    loyalty.record(fd.Visit("late", member="ana", at=sunday_night), now=sunday_night)

    assert [row(loyalty, week) for week in (1, 2)] == [0, 1]


def test_a_purchase_that_comes_back_was_never_there():
    weekly = Measure("weeks", streak(purchase, each="calendar week", when=purchase.amount >= 5))
    loyalty = books(EarnRule("base", points(1, per="1 EUR")), measures=[weekly])
    for week in range(3):
        at = MONDAY + week * WEEK
        loyalty.record(fd.Purchase(f"T-{week}", member="ana", at=at, amount="9 EUR"), now=at)
    assert row(loyalty, 3) == 3
    at = MONDAY + 2 * WEEK + DAY
    loyalty.record(fd.Return("R-1", purchase="T-1", amount="3 EUR", at=at), now=at)
    assert row(loyalty, 3) == 3
    loyalty.record(fd.Return("R-2", purchase="T-1", amount="2 EUR", at=at), now=at)
    assert row(loyalty, 3) == 1
    small = MONDAY + 3 * WEEK
    loyalty.record(fd.Purchase("T-3", member="ana", at=small, amount="4 EUR"), now=small)
    assert row(loyalty, 4) == 0


@pytest.mark.parametrize("pause", ["protect", "freeze"])
def test_a_pause_neither_counts_nor_ends_the_row(pause):
    loyalty = books_of([0, 1])
    start, end = MONDAY + 2 * WEEK + DAY, MONDAY + 5 * WEEK + DAY
    if pause == "protect":
        loyalty.protect("ana", cause="payment/P-1", key="p", now=start)
    else:
        loyalty.freeze("ana", reason="check", key="p", now=start)
    assert row(loyalty, 4) == 2
    if pause == "protect":
        loyalty.end_protection("ana", "protection/p", key="q", now=end)
    else:
        loyalty.unfreeze("ana", key="q", now=end)
    come(loyalty, 6)

    assert [row(loyalty, week) for week in (6, 7, 8)] == [2, 3, 0]


def test_a_duplicate_brings_its_weeks_along():
    loyalty = books()
    loyalty.enroll("old", now=MONDAY - WEEK)
    come(loyalty, *range(0, 40, 2), member="old")
    come(loyalty, *range(1, 40, 2))
    loyalty.merge("old", into="ana", key="m", now=MONDAY + 39 * WEEK + DAY)

    assert row(loyalty, 40) == 40


def test_a_snapshot_knows_the_whole_row(monkeypatch):
    for room in ("books", "reading"):
        monkeypatch.setattr(f"fidelity.loyalty.{room}.MANY_LINES", 10)
    journal = JournalInMemory()
    long = EarnRule("long", points(5), when=WEEKS >= 40, on="visit")
    come(books(long, journal=journal), *range(40))
    other = fd.Loyalty(program(long, measures=[WEEKS]), journal=journal)
    other.balance("ana", at=MONDAY + 39 * WEEK + DAY)
    assert journal.snapshot("Café Aurora", "points/ana") is not None
    third = fd.Loyalty(program(long, measures=[WEEKS]), journal=journal)

    # What is decided starts from the snapshot; what is asked for folds the whole.
    assert come(third, 40) == 5
    assert row(third, 41) == 41


@pytest.mark.parametrize("keep", [False, True])
def test_a_version_that_adds_a_streak_counts_from_then_on(keep, monkeypatch):
    for room in ("books", "reading"):
        monkeypatch.setattr(f"fidelity.loyalty.{room}.MANY_LINES", 10)
    journal = JournalInMemory()
    first = books(EarnRule("x", points(1), on="visit"), measures=[], journal=journal)
    come(first, *range(20))
    if keep:
        fd.Loyalty(first.program, journal=journal).balance("ana", at=MONDAY + 19 * WEEK + DAY)
    second = Program(
        "Café Aurora", version="2", currency="EUR", timezone="Europe/Madrid", earn=[BADGE], measures=[WEEKS]
    )
    later = fd.Loyalty(second, journal=journal)
    come(later, 20, 21)

    assert row(later, 22) == 2
    assert row(fd.Loyalty(second, journal=journal), 22) == 2


@given(st.sets(st.integers(0, 20)), st.integers(0, 21), st.sampled_from(("calendar day", "calendar month")))
def test_a_row_is_what_a_count_of_periods_gives(came, asked, each):
    """Against plain Python: walk back from the period before, as long as something happened in it."""
    days = Measure("days", streak(visit, each=each))
    loyalty = books(EarnRule("x", points(1), on="visit"), measures=[days])
    start = datetime(2026, 1, 15, 12, tzinfo=UTC)

    def at(place):
        month = 1 + place
        return (
            start + place * DAY
            if each == "calendar day"
            else start.replace(year=2026 + (month - 1) // 12, month=(month - 1) % 12 + 1)
        )

    for place in sorted(came):
        loyalty.record(fd.Visit(f"V-{place}", member="ana", at=at(place)), now=at(place))
    expected = 0
    while asked - expected - 1 in came:
        expected += 1

    when = max(at(asked), at(max(came, default=0)))
    if when == at(asked):
        assert loyalty.account("ana", at=when).facts(when).counters["measure.days"] == expected


def test_books_without_streaks_keep_nothing_for_them():
    plain = fd.Loyalty(program())
    plain.enroll("ana", now=MONDAY)

    assert "rests" not in plain.account("ana", at=MONDAY).tallies


# -- spelling


def test_it_is_written_read_and_said():
    made = program(BADGE, measures=[WEEKS])

    assert Program.from_dict(made.to_dict()) == made
    assert made.to_dict()["measures"] == [{"name": "weeks", "streak": "visit", "each": "calendar week"}]
    assert "Your total of “weeks” counts each calendar week in a row with visits" in made.explain()
    assert "cuántas veces seguidas la semana natural tuvo visitas, sin contar el periodo en curso" in made.explain("es")
    assert made.audit().evaluation_class == "B"
    shop = Measure("shop", streak(visit, each="calendar month", when=visit.store == "Sol"))
    assert Program.from_dict(program(BADGE, measures=[WEEKS, shop]).to_dict()).measure_terms[1] == shop.terms


@pytest.mark.parametrize("each", ["in any 7 days", "ever", "membership year"])
def test_a_row_is_of_calendar_periods(each):
    with pytest.raises(OperandError, match="a row is of calendar periods"):
        streak(visit, each=each)
    with pytest.raises(TimeError):
        streak(visit, each="week")


def test_a_streak_has_no_other_time_and_everything_else_has():
    with pytest.raises(LanguageError, match="leave over= out"):
        Measure("weeks", streak(visit, each="calendar week"), over="ever")
    with pytest.raises(LanguageError, match="needs the time that counts"):
        Measure("visits", count(visit))


@pytest.mark.parametrize(
    "measure",
    [
        {"streak": "visit"},
        {"streak": "visit", "each": "calendar week", "over": "ever"},
        {"count": "visit", "each": "calendar week", "over": "ever"},
        {"count": "visit"},
    ],
)
def test_so_it_is_in_files(measure):
    plain = program(BADGE, measures=[WEEKS]).to_dict() | {"measures": [{"name": "weeks", **measure}]}

    with pytest.raises(ProgramError, match="a streak says its periods"):
        Program.from_dict(plain)


def test_no_event_brings_a_streak_on_and_no_tier_counts_it():
    with pytest.raises(ProgramError, match=r"nothing here adds to measure\.weeks"):
        program(EarnRule("x", points(1), on="visit", when=WEEKS.reaches(3)), measures=[WEEKS])
    with pytest.raises(ProgramError, match="is a streak, which grows when a period is over"):
        program(measures=[WEEKS], milestones=[Milestone("x", at=3, of=WEEKS, message="x")])
    with pytest.raises(ProgramError, match="a streak decides no tier"):
        program(measures=[WEEKS], tiers=TierSet([Tier("One"), Tier("Two", at=3)], counts=WEEKS, of="base"))
