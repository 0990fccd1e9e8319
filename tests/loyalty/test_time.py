"""Two clocks: books read as of any instant, and anniversaries that need no job."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity.errors import OutOfTime, ValueRefused
from fidelity.journals import JournalInMemory
from fidelity.loyalty import Loyalty
from tests.loyalty.aurora import DAY, HOUR, NOON, aurora, bought, joined, lines, sale

#: The second of May in Madrid begins at ten in the evening, UTC.
SECOND_OF_MAY = datetime(2026, 5, 1, 22, tzinfo=UTC)
MIDSUMMER = datetime(2026, 6, 24, 12, tzinfo=UTC)


@pytest.fixture
def ana(loyalty):
    loyalty.enroll("ana", customer_since=date(2019, 5, 2), now=NOON)
    return "ana"


def test_an_anniversary_is_in_the_balance_from_the_first_second_of_the_day(loyalty, ana):
    """Tenure counts from the first business, and on the program's own clock."""
    assert loyalty.balance("ana", at=SECOND_OF_MAY - timedelta(seconds=1)).available == 0
    assert loyalty.balance("ana", at=SECOND_OF_MAY).available == 100


def test_reading_an_anniversary_writes_nothing(loyalty, journal, ana):
    before = lines(journal)

    loyalty.balance("ana", at=MIDSUMMER)
    loyalty.statement("ana", at=MIDSUMMER)

    assert lines(journal) == before


def test_the_next_command_writes_the_anniversaries_that_were_due(loyalty, journal, ana):
    as_read = loyalty.account("ana", at=MIDSUMMER)
    loyalty.record(sale(at=MIDSUMMER), now=MIDSUMMER)

    entries = [line.entry for line in journal.read("Café Aurora") if line.stream == "points/ana"]

    assert [entry.kind for entry in entries] == ["enrolled", "event", "earned", "event", "earned"]
    assert (entries[1].event_kind, entries[1].at, entries[1].now) == ("anniversary", SECOND_OF_MAY, SECOND_OF_MAY)
    assert entries[1].event["years"] == 7
    assert entries[1].effects == (("message", "anniversary", "a card"),)
    assert loyalty.account("ana", at=MIDSUMMER - HOUR) == as_read.advance(MIDSUMMER - HOUR)


def test_an_anniversary_is_spent_by_the_command_that_finds_it(loyalty, ana):
    loyalty.record(sale("T-1", "20.00 EUR"), now=NOON)

    assert loyalty.redeem("ana", "free coffee", key="k", now=MIDSUMMER).left == 0


def test_a_refused_command_writes_no_anniversary(loyalty, journal, ana):
    before = lines(journal)

    with pytest.raises(OutOfTime):
        loyalty.record(sale(at=MIDSUMMER + 2 * DAY), now=MIDSUMMER)

    assert lines(journal) == before
    assert loyalty.balance("ana", at=MIDSUMMER).available == 100


def test_each_year_has_its_own_anniversary_and_its_own_life(loyalty, journal, ana):
    later = datetime(2028, 6, 22, tzinfo=UTC)

    assert loyalty.balance("ana", at=later).available == 100  # 2026's and 2027's have expired
    loyalty.record(sale("T-1", "1.00 EUR", at=later), now=later)
    assert loyalty.balance("ana", at=later).available == 101
    kinds = [line.entry.event_kind for line in journal.read() if line.entry.kind == "event"]
    assert kinds == ["anniversary"] * 3 + ["purchase"]


def test_a_leap_day_has_its_anniversary_on_the_last_of_february(journal):
    loyalty = Loyalty(aurora(), journal=journal)
    loyalty.enroll("leo", customer_since=date(2024, 2, 29), now=NOON)

    midnight = datetime(2026, 2, 27, 23, tzinfo=UTC)

    assert loyalty.balance("leo", at=midnight - HOUR).available == 0
    assert loyalty.balance("leo", at=midnight).available == 100


def test_an_anniversary_before_enrolling_is_not_made_up_for(loyalty):
    loyalty.enroll("eva", customer_since=date(2019, 1, 2), now=NOON)

    assert loyalty.balance("eva", at=NOON + 300 * DAY).available == 0


def test_a_program_without_anniversaries_derives_none(journal):
    program = aurora()
    loyalty = Loyalty(aurora(earn=program.earn[:5]), journal=journal)
    loyalty.enroll("ana", customer_since=date(2019, 5, 2), now=NOON)

    assert loyalty.balance("ana", at=MIDSUMMER).available == 0


def test_books_of_the_past_never_change(loyalty, ana):
    """What was learned later is left out, also what happened before."""
    loyalty.execute([bought("T-1", "100.00 EUR", at=NOON), bought("T-2", "50.00 EUR", at=NOON + 2 * DAY)])
    before = loyalty.balance("ana", at=NOON + DAY)
    loyalty.record(sale("T-3", "30.00 EUR", at=NOON), now=NOON + 3 * DAY)

    assert before.available == 100
    assert loyalty.balance("ana", at=NOON + DAY) == before
    assert loyalty.balance("ana", at=NOON + 2 * DAY).available == 150
    assert loyalty.balance("ana", at=NOON + 3 * DAY).available == 180
    assert loyalty.status("ana", at=NOON + DAY).score == 100
    assert len(loyalty.statement("ana", at=NOON + DAY).lines) == 2


def test_a_clock_that_went_back_too_far_is_refused(loyalty, ana):
    loyalty.record(sale(at=NOON + DAY), now=NOON + DAY)

    with pytest.raises(OutOfTime):
        loyalty.record(sale("T-2", at=NOON), now=NOON)


@given(st.lists(st.tuples(st.integers(0, 900), st.integers(1, 300)), max_size=12), st.integers(0, 1_200))
def test_reads_say_the_same_with_or_without_commands_in_between(steps: list[tuple[int, int]], day: int):
    """A sweep, here a command that changes nothing of the points, only writes facts down."""
    quiet, busy = (Loyalty(aurora(), journal=JournalInMemory()) for _ in range(2))
    for loyalty in (quiet, busy):
        loyalty.execute(joined("ana"))
    for n, (when, amount) in enumerate(sorted(steps)):
        at = NOON + when * DAY + n * timedelta(minutes=1)
        for loyalty in (quiet, busy):
            loyalty.execute([bought(f"T-{n}", f"{amount}.00 EUR", at=at)])
        busy.execute([bought(f"N-{n}", "0.50 EUR", at=at)])

    at = NOON + day * DAY
    assert quiet.balance("ana", at=at) == busy.balance("ana", at=at)
    assert quiet.status("ana", at=at) == busy.status("ana", at=at)


def test_a_host_whose_clock_runs_far_ahead_is_kept_out(journal):
    """What is written stays: one command of a later year would close the books to the present."""
    loyalty = Loyalty(aurora(), journal, clock=lambda: NOON, ahead=5 * timedelta(minutes=1))
    loyalty.enroll("ana")
    before = lines(journal)

    for ask in (
        lambda: loyalty.record(sale(), now=NOON + HOUR),
        lambda: loyalty.settle(NOON + HOUR),
        lambda: loyalty.checkpoint(NOON + HOUR),
    ):
        with pytest.raises(OutOfTime, match="clock says"):
            ask()
    assert lines(journal) == before

    loyalty.record(sale(), now=NOON + timedelta(minutes=5))
    assert loyalty.balance("ana", at=NOON + 300 * DAY).available == 120


def test_how_far_ahead_is_a_length_of_time():
    with pytest.raises(ValueRefused, match="timedelta"):
        Loyalty(aurora(), ahead=300)
