"""A clerk is killed with SIGKILL in the middle of a command, a hundred times on each database.

Nothing is torn, nothing that was acknowledged is lost, and whoever tries again counts once.
"""

from __future__ import annotations

from collections import Counter

from fidelity.loyalty import Loyalty
from tests.concurrency.jobs import cafe
from tests.crashes.workload import MEMBERS, Model, found_in, key_of, opening, workload, written_by
from tests.loyalty.aurora import NOON

KILLS = 100
#: Half of the blows are aimed at one of the calls that a command asks of its journal, the others fall when they fall.
AIMS = ("find", "", "load", "", "append", "", "commit", "", "after", "")


def test_a_clerk_who_is_killed_leaves_whole_commands_loses_none_and_doubles_none(
    nursery, database, journal, record_property
):
    program = "Café Aurora"
    model, phases, told = Model(), Counter(), Counter()
    desk = Loyalty(cafe(tiers=None), journal=journal)
    applied = list(opening())
    desk.execute(applied)
    for command in applied:
        model.apply(command)
    written = sum(map(written_by, applied), Counter())
    found, last = Counter(), 0

    turn = 0
    while phases.total() < KILLS:
        turn += 1
        commands = workload(turn, 120)
        end = nursery.killed(database, turn, commands, AIMS[turn % len(AIMS)])
        # Whoever was done before the blow counts as nothing but work.
        phases[end["phase"]] += end["killed"]
        assert turn <= 2 * KILLS
        assert [outcome for _, outcome in end["acknowledged"]] == ["done"] * len(end["acknowledged"])

        # Nothing acknowledged is lost.
        acknowledged = commands[: len(end["acknowledged"])]
        keys = [key_of(command) for command in acknowledged]
        assert set(journal.find(program, keys)) == set(keys)

        # What nobody knows the end of is tried again, by somebody else: it happens once.
        unknown = commands[len(acknowledged) : end["began"]]
        assert len(unknown) <= 1
        for command in unknown:
            first, again = desk.execute([command]) + desk.execute([command])
            assert again.repeated
            assert first == again
            told["written, not acknowledged" if first.repeated else "not written"] += 1

        # Nothing is torn: each command that was applied has all of its entries, and there are no others.
        done = [*acknowledged, *unknown]
        lines = journal.read(program, after=last, limit=100_000)
        last = lines[-1].sequence
        found += found_in(lines)
        for command in done:
            written += written_by(command)
            model.apply(command)
        assert found == written
        assert not journal.find(program, [key_of(command) for command in commands[end["began"] :]])
        if turn % 10 == 0:
            books_are_sound(journal, model)

    books_are_sound(journal, model)
    landed = KILLS - phases["between"]
    record_property("kills", dict(phases))
    record_property("tried again", dict(told))
    print(f"{KILLS} kills, {landed} inside of a command: {dict(phases)}; of these {dict(told)}")  # noqa: T201
    assert landed >= 0.9 * KILLS
    assert min(phases[phase] for phase in ("find", "load", "append", "commit", "after")) >= 1
    assert min(told["written, not acknowledged"], told["not written"]) >= 1


def books_are_sound(journal, model):
    desk = Loyalty(cafe(tiers=None), journal=journal)
    assert desk.verify().breaches == ()
    accounts = {member: desk.account(member, at=NOON) for member in MEMBERS}
    for account in accounts.values():
        account.check()
    balances = {member: account.balance(NOON) for member, account in accounts.items()}
    assert {member: each.available for member, each in balances.items()} == dict(model.available)
    assert {member: each.held for member, each in balances.items() if each.held} == +model.held
