"""A clerk who resolves complaints is killed with SIGKILL in the middle of a command, again and again, on each database.

The grant, what it uses of the authority, and the points are written together or not at all; the day is never exceeded.
"""

from __future__ import annotations

import random
from collections import Counter

from fidelity.care import CarePolicy
from fidelity.care.command import staff_stream
from fidelity.care.staff import Authority, Complain, Complaints, Resolve, StaffPolicy
from fidelity.care_desk import Care
from fidelity.commands import Enroll
from fidelity.entries import GoodwillGiven
from fidelity.entries.staff import AuthorityUsed
from fidelity.loyalty import Loyalty
from tests.concurrency.jobs import cafe
from tests.loyalty.aurora import NOON

MEMBERS = ("ana", "eva", "ivo", "leo")
KILLS = 40
AIMS = ("find", "", "load", "", "append", "", "commit", "", "after", "")
DAY = 60_00
POLICY = CarePolicy(
    staff=StaffPolicy(
        authorities=[Authority("waiter", case="3 EUR", day="60 EUR", escalates_to="lead"), Authority("lead")],
        point_worth="0.01 EUR",
    )
)


def workload(seed, many):
    """Complaints, each about something else, and an attempt to end each with points, none of which is ever refused."""
    turns = random.Random(seed)  # noqa: S311  (a seeded day is no secret)
    commands = []
    for n in range(many // 2):
        member, key = turns.choice(MEMBERS), f"{seed}-{n}"
        told = {"member": member, "now": NOON}
        commands.append(Complain(code="long wait", touchpoint=key, key=f"C-{key}", **told))
        told |= {"complaint": f"C-{key}", "by": "beto", "resolution": "made good"}
        commands.append(Resolve(points=turns.randint(1, 330), key=f"R-{key}", **told))
    return commands


def test_a_clerk_who_is_killed_never_grants_half_and_never_beyond_the_day(nursery, database, journal, record_property):
    program = "Café Aurora"
    desk = Loyalty(cafe(tiers=None), journal=journal)
    desk.execute([Enroll(member=member, now=NOON) for member in MEMBERS])
    Care(desk, POLICY).appoint("beto", "waiter", key="beto", now=NOON)
    phases, told, turn = Counter(), Counter(), 0
    while phases.total() < KILLS:
        turn += 1
        commands = workload(turn, 60)
        end = nursery.killed(database, turn, commands, AIMS[turn % len(AIMS)], POLICY)
        phases[end["phase"]] += end["killed"]
        assert turn <= 2 * KILLS
        assert [outcome for _, outcome in end["acknowledged"]] == ["done"] * len(end["acknowledged"])

        # Nothing acknowledged is lost.
        acknowledged = commands[: len(end["acknowledged"])]
        keys = [f"key/{command.key}" for command in acknowledged]
        assert set(journal.find(program, keys)) == set(keys)

        # What nobody knows the end of is tried again, by somebody else: it happens once.
        care = Care(Loyalty(cafe(tiers=None), journal=journal), POLICY)
        unknown = commands[len(acknowledged) : end["began"]]
        assert len(unknown) <= 1
        for command in unknown:
            first, again = care.execute(command), care.execute(command)
            assert again.repeated
            assert first == again
            told["written, not acknowledged" if first.repeated else "not written"] += 1
        assert not journal.find(program, [f"key/{command.key}" for command in commands[end["began"] :]])
        the_books_agree(care)

    assert desk.verify().breaches == ()
    landed = KILLS - phases["between"]
    record_property("kills", dict(phases))
    record_property("tried again", dict(told))
    print(f"{KILLS} kills, {landed} inside of a command: {dict(phases)}; of these {dict(told)}")  # noqa: T201
    assert landed >= 0.8 * KILLS


def the_books_agree(care):
    """What was granted is the same with the members, with the employee, and in the books of points."""
    journal, program = care.loyalty.journal, "Café Aurora"
    loaded = journal.load(
        program, [staff_stream("beto"), *(f"{of}/{each}" for of in ("care", "points") for each in MEMBERS)]
    )
    used = Counter()
    for each in loaded[staff_stream("beto")].entries:
        if isinstance(each, AuthorityUsed):
            used[each.member] += each.minor
    given = Counter()
    for member in MEMBERS:
        complaints = Complaints(member, loaded[f"care/{member}"].entries).values()
        granted = sum(one.points for each in complaints for one in each.grants)
        assert all(bool(each.grants) == bool(each.resolutions) for each in complaints)
        points = sum(each.points for each in loaded[f"points/{member}"].entries if isinstance(each, GoodwillGiven))
        assert granted == points == used[member]
        given[member] = granted
    assert given.total() <= DAY
