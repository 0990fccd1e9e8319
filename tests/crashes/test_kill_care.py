"""A clerk of the human side is killed with SIGKILL in the middle of a command, again and again, on each database.

What care remembers of hard times and what the books of points know of them are written together or not at all.
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import date

from fidelity.care.command import care_stream
from fidelity.care.dignity import CloseHardship, MissPayment, OpenHardship, ReceivePayment
from fidelity.care_desk import Care
from fidelity.commands import Enroll
from fidelity.entries.hardship import ProtectionEnded, ProtectionStarted
from fidelity.loyalty import Loyalty
from tests.concurrency.jobs import cafe
from tests.loyalty.aurora import NOON

MEMBERS = ("ana", "eva", "ivo", "leo")
KILLS = 40
#: Half of the blows are aimed at one of the calls that a command asks of its journal, the others fall when they fall.
AIMS = ("find", "", "load", "", "append", "", "commit", "", "after", "")
DUE = date(2026, 1, 2)


def workload(seed, many, open_now):
    """What is told of hard times, none of which is ever refused; each payment and case has an id of its own."""
    turns = random.Random(seed)  # noqa: S311  (a seeded day is no secret)
    missed, cases = ({name: list(each[part]) for name, each in open_now.items()} for part in (0, 1))
    commands = []
    for n in range(many):
        member, key = turns.choice(MEMBERS), f"{seed}-{n}"
        kinds = ["miss", *["pay"] * 2 * bool(missed[member]), "close" if cases[member] else "open"]
        match turns.choice(kinds):
            case "miss":
                missed[member].append(f"P-{key}")
                commands.append(
                    MissPayment(member=member, payment=f"P-{key}", due=DUE, amount="5 EUR", key=key, now=NOON)
                )
            case "pay":
                payment = missed[member].pop(turns.randrange(len(missed[member])))
                commands.append(ReceivePayment(member=member, payment=payment, key=key, now=NOON))
            case "open":
                cases[member].append(key)
                commands.append(OpenHardship(member=member, key=key, now=NOON))
            case "close":
                missed[member].clear()
                commands.append(
                    CloseHardship(member=member, case=cases[member].pop(), outcome="solved", key=key, now=NOON)
                )
    return commands


def standing(care):
    """What is open of each member: the payments and the cases."""
    found = {}
    for member in MEMBERS:
        known = care.hard_times(member, at=NOON)
        found[member] = ([each.id for each in known.open_payments], [known.case.id] if known.case else [])
    return found


def test_a_clerk_of_care_who_is_killed_leaves_whole_commands_in_both_books(nursery, database, journal, record_property):
    program = "Café Aurora"
    desk = Loyalty(cafe(tiers=None), journal=journal)
    desk.execute([Enroll(member=member, now=NOON) for member in MEMBERS])
    phases, told, applied, turn = Counter(), Counter(), 0, 0
    while phases.total() < KILLS:
        turn += 1
        care = Care(Loyalty(cafe(tiers=None), journal=journal))
        commands = workload(turn, 60, standing(care))
        end = nursery.killed(database, turn, commands, AIMS[turn % len(AIMS)])
        phases[end["phase"]] += end["killed"]
        assert turn <= 2 * KILLS
        assert [outcome for _, outcome in end["acknowledged"]] == ["done"] * len(end["acknowledged"])

        # Nothing acknowledged is lost.
        acknowledged = commands[: len(end["acknowledged"])]
        keys = [f"key/{command.key}" for command in acknowledged]
        assert set(journal.find(program, keys)) == set(keys)

        # What nobody knows the end of is tried again, by somebody else: it happens once.
        care = Care(Loyalty(cafe(tiers=None), journal=journal))
        unknown = commands[len(acknowledged) : end["began"]]
        assert len(unknown) <= 1
        for command in unknown:
            first, again = care.execute(command), care.execute(command)
            assert again.repeated
            assert first == again
            told["written, not acknowledged" if first.repeated else "not written"] += 1
        applied += len(acknowledged) + len(unknown)
        assert not journal.find(program, [f"key/{command.key}" for command in commands[end["began"] :]])
        the_books_agree(care)

    assert desk.verify().breaches == ()
    told_of = journal.load(program, [care_stream(member) for member in MEMBERS]).values()
    firsts = ("payment missed", "payment received", "hardship opened", "hardship closed")
    assert sum(each.kind in firsts for stream in told_of for each in stream.entries) == applied
    landed = KILLS - phases["between"]
    record_property("kills", dict(phases))
    record_property("tried again", dict(told))
    print(f"{KILLS} kills, {landed} inside of a command: {dict(phases)}; of these {dict(told)}")  # noqa: T201
    assert landed >= 0.8 * KILLS


def the_books_agree(care):
    """What is protected is the same in both streams of each member, entry by entry."""
    journal, program = care.loyalty.journal, "Café Aurora"
    for member in MEMBERS:
        names = (care_stream(member), f"points/{member}")
        loaded = journal.load(program, names)
        here, there = (
            [
                (type(each), each.protection)
                for each in loaded[name].entries
                if isinstance(each, ProtectionStarted | ProtectionEnded)
            ]
            for name in names
        )
        assert Counter(here) == Counter(there)
        known = care.hard_times(member, at=NOON)
        assert care.loyalty.account(member, at=NOON).protected == known.lasting
