"""Versions of a program side by side: each decides what happened while it held, whenever that is told."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest
from attrs import evolve

from fidelity import AsyncLoyalty, Loyalty, Program, Purchase, SqlJournal
from fidelity.errors import OutOfTime, ProgramError, ValueRefused
from fidelity.journals import AsyncSqlJournal, JournalInMemory
from fidelity.rules.earning.amounts import points
from fidelity.rules.earning.limits import Cap
from fidelity.rules.earning.rules import EarnRule
from fidelity.rules.rewards.reward import Reward

MAY, JUNE = datetime(2026, 5, 20, 12, tzinfo=UTC), datetime(2026, 6, 10, 12, tzinfo=UTC)
#: Midnight of 1 June in Madrid.
START = datetime(2026, 5, 31, 22, tzinfo=UTC)


def version(name, number, **more):
    earn = more.pop("earn", [EarnRule("base", points(number, per="1 EUR"))])
    return Program("Café Aurora", version=name, currency="EUR", timezone="Europe/Madrid", earn=earn, **more)


OLD = version("1", 1, expiry="12 months", rewards=[Reward("coffee", cost=100)])
NEW = version("2", 3, expiry="6 months", rewards=[Reward("coffee", cost=150)], effective="2026-06-01")


def sale(name, at, money="10 EUR"):
    return Purchase(name, member="ana", at=at, amount=money)


def cafe(*programs, journal=None, now=MAY):
    loyalty = Loyalty(programs or (OLD, NEW), journal, clock=lambda: now)
    if journal is None:
        loyalty.enroll("ana", now=MAY - timedelta(days=30))
    return loyalty


def test_a_version_is_given_ahead_and_holds_from_its_day():
    loyalty = cafe()

    before = loyalty.record(sale("T-1", START - timedelta(seconds=1)), now=START - timedelta(seconds=1))
    after = loyalty.record(sale("T-2", START), now=START)

    assert (before.points, after.points) == (10, 30)
    assert (before.program, after.program) == ("1", "2")


def test_what_happened_before_is_decided_by_the_version_that_held_then():
    loyalty = cafe()
    loyalty.record(sale("T-1", JUNE), now=JUNE)

    late = loyalty.record(sale("T-2", MAY), now=JUNE)

    assert (late.points, late.program) == (10, "1")
    # Its life too is that of the version under which it was earned.
    assert [lot.expires for lot in loyalty.account("ana", at=JUNE).lots()] == [
        datetime(2026, 12, 10, 23, tzinfo=UTC),
        datetime(2027, 5, 20, 22, tzinfo=UTC),
    ]


def test_an_old_event_meets_the_caps_of_its_own_version():
    capped = [EarnRule("base", points(1, per="1 EUR"), cap=Cap(15, per="calendar month"))]
    loyalty = cafe(evolve(OLD, earn=capped), NEW)
    loyalty.record(sale("T-1", MAY), now=MAY)
    loyalty.record(sale("T-2", JUNE), now=JUNE)

    late = [loyalty.record(sale(f"T-{each}", MAY + timedelta(hours=each)), now=JUNE).points for each in (3, 4)]

    assert late == [5, 0]


def test_old_events_of_one_batch_know_each_other():
    capped = [EarnRule("base", points(1, per="1 EUR"), cap=Cap(15, per="calendar month"))]
    loyalty = cafe(evolve(OLD, earn=capped), NEW, now=JUNE)
    from fidelity.commands import Record

    told = loyalty.execute([Record(event=sale(f"T-{each}", MAY + timedelta(hours=each))) for each in range(3)])

    assert [each.points for each in told] == [10, 5, 0]


def test_a_return_goes_by_the_version_of_its_purchase():
    from fidelity import Return

    loyalty = cafe()
    loyalty.record(sale("T-1", MAY), now=MAY)

    loyalty.record(Return("R-1", member="ana", at=JUNE, purchase="T-1", amount="5 EUR"), now=JUNE)

    assert loyalty.balance("ana", at=JUNE).available == 5


def test_a_batch_over_the_day_goes_from_one_version_to_the_next():
    from fidelity.commands import Record

    loyalty = cafe()
    told = loyalty.execute([Record(event=sale("T-1", MAY), now=MAY), Record(event=sale("T-2", JUNE), now=JUNE)])

    assert [(each.points, each.program) for each in told] == [(10, "1"), (30, "2")]


def test_every_version_stands_in_the_journal_before_it_decides(tmp_path):
    journal = SqlJournal(f"sqlite:///{tmp_path}/cafe.db")
    loyalty = Loyalty([NEW, OLD], journal, clock=lambda: JUNE)
    loyalty.enroll("ana", now=JUNE)
    loyalty.record(sale("T-1", JUNE))

    again = Loyalty([OLD, NEW], journal, clock=lambda: JUNE)

    assert again.balance("ana").available == 30
    assert [program.version for program, _ in again._office.clerk.versions.history()] == ["1", "2"]
    assert again.verify().sound
    journal.close()


def test_a_host_that_begins_later_finds_what_the_first_one_did():
    journal = JournalInMemory()
    first = Loyalty([OLD, NEW], journal, clock=lambda: JUNE)
    first.enroll("ana", now=MAY)
    first.record(sale("T-1", MAY), now=MAY)
    first.record(sale("T-2", JUNE))

    second = Loyalty([OLD, NEW], journal, clock=lambda: JUNE)

    assert second.record(sale("T-3", MAY)).points == 10
    assert second.balance("ana").available == first.balance("ana").available == 50


def test_what_a_reward_costs_goes_by_the_day():
    loyalty = cafe()
    loyalty.record(sale("T-1", MAY, "100 EUR"), now=MAY)

    assert loyalty.quote("ana", "coffee", at=MAY).cost == 100
    # Points earned under the old cost keep it for a while.
    assert loyalty.quote("ana", "coffee", at=JUNE).cost == 100
    loyalty.enroll("ben", now=JUNE)
    assert loyalty.quote("ben", "coffee", at=JUNE).cost == 150


def test_the_program_is_the_one_that_holds_now():
    now = [MAY]
    loyalty = Loyalty([OLD, NEW], clock=lambda: now[0])

    assert loyalty.program is OLD
    now[0] = START
    assert loyalty.program is NEW


def test_awaited_books_do_the_same(tmp_path):
    async def told():
        journal = AsyncSqlJournal(f"sqlite+aiosqlite:///{tmp_path}/cafe.db")
        desk = AsyncLoyalty([OLD, NEW], journal, clock=lambda: JUNE)
        await desk.enroll("ana", now=MAY)
        found = [
            (await desk.record(sale("T-1", MAY), now=MAY)).points,
            (await desk.record(sale("T-2", JUNE))).points,
            (await desk.record(sale("T-3", MAY))).points,
        ]
        await journal.close()
        return found

    assert asyncio.run(told()) == [10, 30, 10]


def test_a_version_alone_decides_nothing_that_came_before_it():
    loyalty = cafe(NEW)

    with pytest.raises(
        OutOfTime, match=r"holds from 2026-06-01; give the version before it too: Loyalty\(\[old, new\]\)"
    ):
        loyalty.record(sale("T-1", MAY), now=JUNE)
    assert loyalty.record(sale("T-2", JUNE), now=JUNE).points == 30


@pytest.mark.parametrize(
    ("programs", "path", "why"),
    [
        ((OLD, version("2", 3)), "version 2.effective", "it is not said from which day it holds"),
        ((NEW, evolve(NEW, version="3")), "version 3.effective", "version 2 holds from 2026-06-01 too"),
        ((OLD, evolve(NEW, version="1")), "version 1.version", "another program has the same version"),
        ((OLD, evolve(NEW, name="Bar Aurora")), "version 2.name", "is another name than"),
        ((OLD, evolve(NEW, timezone="UTC")), "version 2.timezone", "is another timezone than"),
    ],
)
def test_versions_that_cannot_stand_side_by_side_are_refused(programs, path, why):
    with pytest.raises(ProgramError, match=why) as caught:
        Loyalty(programs)

    assert [each.path for each in caught.value.problems] == [path]
    assert caught.value.problems[0].remedy


@pytest.mark.parametrize("wrong", [[], "1", [OLD, "2"], None, 3])
def test_what_is_no_program_is_refused(wrong):
    with pytest.raises(ValueRefused, match="is no program"):
        Loyalty(wrong)


def test_the_day_is_told_in_the_terms_and_in_the_file():
    assert "Version 2, in force from 1 June 2026" in NEW.explain("en")
    assert "Versión 2, vigente desde el 1 de junio de 2026" in NEW.explain("es-MX")
    assert NEW.to_dict()["effective"] == "2026-06-01"
    assert Program.from_dict(NEW.to_dict()) == NEW
    assert NEW.effective == date(2026, 6, 1)
    assert "effective" not in OLD.to_dict()


def test_a_whole_list_over_the_day_is_one(tmp_path):
    from fidelity.commands import Record

    journal = SqlJournal(f"sqlite:///{tmp_path}/cafe.db")
    loyalty = Loyalty([OLD, NEW], journal, clock=lambda: JUNE)
    loyalty.enroll("ana", now=MAY)
    told = loyalty.execute(
        [Record(event=sale("T-1", MAY), now=MAY), Record(event=sale("T-2", JUNE), now=JUNE)], atomic=True
    )

    assert [each.points for each in told] == [10, 30]
    assert loyalty.balance("ana").available == 40
    journal.close()


def test_books_as_of_before_are_those_of_the_version_before():
    loyalty = cafe()
    loyalty.record(sale("T-1", MAY, "100 EUR"), now=MAY)
    then = loyalty.balance("ana", at=MAY)
    loyalty.record(sale("T-2", JUNE), now=JUNE)

    assert loyalty.balance("ana", at=MAY) == then
    assert loyalty.quote("ana", "coffee", at=MAY).cost == 100


def test_a_host_whose_clock_is_behind_brings_no_old_version_back():
    journal = JournalInMemory()
    ahead = Loyalty([OLD, NEW], journal, clock=lambda: START)
    ahead.enroll("ana", now=MAY)
    ahead.record(sale("T-1", START))
    behind = Loyalty([OLD, NEW], journal, clock=lambda: START - timedelta(minutes=2))

    behind.enroll("ben")

    fresh = Loyalty([OLD, NEW], journal, clock=lambda: START)
    fresh.balance("ben")
    assert fresh._office.clerk.versions.version == 2  # two lines: each version stands there once
    assert [program.version for program, _ in ahead._office.clerk.versions.history()] == ["1", "2"]
    assert behind.record(sale("T-2", START - timedelta(minutes=5)), now=START).points == 10
    assert ahead.balance("ana", at=START).available == 40
