"""A store that fails at any call, before it or after it: nothing half, no refusal, and whoever tries again counts once."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter

import pytest

import fidelity.commands
import fidelity.commands_of_all
import fidelity.commands_of_status
from fidelity.commands import Command
from fidelity.errors import JournalError, Refused
from fidelity.journals import JournalInMemory, SqlJournal
from fidelity.journals.aio import AsyncSqlJournal
from fidelity.ledger.receipts import to_plain
from fidelity.loyalty import Loyalty
from fidelity.loyalty.awaited import AsyncLoyalty
from fidelity.loyalty.office import batches
from tests.loyalty.aurora import NOON
from tests.loyalty.faults import CALLS, LATER, SCENES, AsyncFaulty, Awaited, Faulty, Plan, opening, shop

#: On databases a fault costs files and servers, so there a scene of each shape stands for its like.
SHAPES = [
    "the first command of all",
    "record after an anniversary",
    "redeem together",
    "capture",
    "transfer",
    "several at once",
]
FEW = ["transfer", "several at once"]
FACES = ["memory", "memory awaited", "sqlite", "sqlite awaited", "postgresql", "postgresql awaited"]
#: Numbers for programs, so that each fault has books of its own in one database.
NUMBERS = itertools.count()


class Face:
    """`Loyalty` or `AsyncLoyalty` on a journal that may fail, asked alike; and the journal itself."""

    def __init__(self, journal, awaited=None, runner=None):
        self.journal, self._awaited, self._runner = journal, awaited, runner

    def desk(self, program, plan):
        if self._awaited is None:
            return Loyalty(program, journal=Faulty(self.journal, plan))
        return AsyncLoyalty(program, AsyncFaulty(self._awaited, plan))

    def run(self, answer):
        return answer if self._runner is None else self._runner.run(answer)


@pytest.fixture
def face(request, tmp_path, monkeypatch):
    # Snapshots of everything, so that they are asked for and kept in each scene.
    for room in ("books", "reading"):
        monkeypatch.setattr(f"fidelity.loyalty.{room}.MANY_LINES", 1)
    where, _, awaited = request.param.partition(" ")
    with asyncio.Runner() as runner:
        if where == "memory":
            journal = JournalInMemory()
            yield Face(journal, Awaited(journal), runner) if awaited else Face(journal)
            return
        url = f"sqlite:///{tmp_path}/shop.db" if where == "sqlite" else request.getfixturevalue("postgres_url")
        journal = SqlJournal(url)
        other = AsyncSqlJournal(url) if awaited else None
        yield Face(journal, other, runner) if awaited else Face(journal)
        journal.close()
        if other is not None:
            runner.run(other.close())


def standing(journal, program):
    """How many lines each stream of *program* has."""
    names = journal.streams(program.name, limit=10_000)
    return {
        name.replace(program.name, "shop"): each.version for name, each in journal.load(program.name, names).items()
    }


def scene(face, name):
    """A new program whose books are where the scene begins."""
    program = shop(f"shop {next(NUMBERS)}")
    before, _ = SCENES.get(name, ((), ()))
    if before is not None:
        Loyalty(program, journal=face.journal).execute([*opening(), *before])
    return program


def without_a_fault(face, name, ask):
    """What is asked of the journal, what stands there after each transaction, and the answer."""
    program = scene(face, name)
    plan, stands = Plan(), [standing(face.journal, program)]
    plan.committed = lambda: stands.append(standing(face.journal, program))
    answer = face.run(ask(face.desk(program, plan)))
    return plan.calls, stands, answer


def faults(calls):
    return [(place, when) for place in range(len(calls)) for when in ("before", "after")]


PAIRS = [
    pytest.param(where, name, id=f"{where}-{name}")
    for where in FACES
    for name in (SCENES if where.startswith("memory") else FEW if where.endswith("awaited") else SHAPES)
]


@pytest.mark.parametrize(("face", "name"), PAIRS, indirect=["face"])
def test_a_command_is_whole_or_not_there_wherever_the_store_fails(face, name):
    _, commands = SCENES[name]

    def ask(desk):
        return desk.execute(commands)

    calls, stands, first = without_a_fault(face, name, ask)
    parts = [0, *itertools.accumulate(len(part) for part in batches(commands))]
    assert len(stands) == len(parts)
    landed = Counter()
    for place, when in faults(calls):
        program, plan = scene(face, name), Plan(place, when)
        desk = face.desk(program, plan)

        failure = told(face, ask, desk)

        # What is kept beside the journal is nobody's failure; anything else is told, and is no refusal.
        assert failure is (None if calls[place] == "keep" else plan.error)
        assert plan.hit == calls[place]
        landed[plan.hit, when] += 1
        done = plan.commits
        assert standing(face.journal, program) == stands[done]
        again = face.run(ask(desk))
        assert sum(each.repeated for each in again) == parts[done]
        assert [to_plain(each) for each in again] == [to_plain(each) for each in first]
        assert all(each.repeated for each in face.run(ask(desk)))
        assert standing(face.journal, program) == stands[-1]
        same_as_fresh(face, desk, program)
    assert landed == Counter((call, when) for call in calls for when in ("before", "after"))


@pytest.mark.parametrize("face", ["memory", "memory awaited"], indirect=True)
@pytest.mark.parametrize("name", SCENES)
def test_what_was_never_written_is_not_remembered_in_place_of_what_others_wrote(face, name):
    """Others bring each account to the very version that it would have had."""
    _, commands = SCENES[name]

    def ask(desk):
        return desk.execute(commands)

    calls, stands, _ = without_a_fault(face, name, ask)
    would_have = {stream: version - stands[0].get(stream, 0) for stream, version in stands[1].items()}
    for place, when in faults(calls):
        program, plan = scene(face, name), Plan(place, when)
        desk = face.desk(program, plan)
        told(face, ask, desk)
        if plan.commits:
            continue

        other = Loyalty(program, journal=face.journal)
        for account in list(other.accounts(at=LATER)):
            for n in range(would_have[f"points/{account.member}"] * (account.closed_at is None)):
                other.goodwill(account.member, points=1, reason="kind", key=f"{account.member}/{n}", now=LATER)

        same_as_fresh(face, desk, program)


def told(face, ask, desk):
    """What the caller is told: the error of the store, or nothing."""
    try:
        face.run(ask(desk))
    except JournalError as error:
        assert not isinstance(error, Refused)  # noqa: PT017  (whether it fails is asked elsewhere)
        return error
    return None


def same_as_fresh(face, desk, program):
    """Whoever knows the books by heart and whoever reads them for the first time say the same."""
    fresh = Loyalty(program, journal=face.journal)
    for account in fresh.accounts(at=LATER):
        account.check()
        member = account.member
        assert face.run(desk.account(member, at=LATER)) == fresh.account(member, at=LATER)
        assert face.run(desk.balance(member, at=LATER)) == fresh.balance(member, at=LATER)
        assert face.run(desk.export(member, at=LATER)) == fresh.export(member, at=LATER)
    assert fresh.verify().sound


#: What is asked of a whole journal, or only read: it has no key.
UPKEEP = {
    "settle": lambda desk: desk.settle(LATER),
    "checkpoint": lambda desk: desk.checkpoint(NOON),
    "account": lambda desk: desk.account("ana", at=NOON),
    "balance": lambda desk: desk.balance("ana", at=NOON),
    "quote": lambda desk: desk.quote("ana", "sugar", at=NOON),
    "statement": lambda desk: desk.statement("ana", at=NOON),
    "household": lambda desk: desk.household("h"),
    "export": lambda desk: desk.export("ana", at=NOON),
}


@pytest.mark.parametrize("name", UPKEEP)
@pytest.mark.parametrize("face", FACES[:2], indirect=True)
def test_whoever_sweeps_or_reads_while_the_store_fails_begins_again(face, name):
    ask = UPKEEP[name]
    calls, stands, first = without_a_fault(face, name, ask)
    for place, when in faults(calls):
        program, plan = scene(face, name), Plan(place, when)
        desk = face.desk(program, plan)

        failure = told(face, ask, desk)

        assert failure is (None if calls[place] == "keep" else plan.error)
        assert plan.hit == calls[place]
        assert standing(face.journal, program) == stands[plan.commits]
        again = face.run(ask(desk))
        if name in ("balance", "quote", "household"):
            assert again == first
        if name != "checkpoint":
            assert standing(face.journal, program) == stands[-1]
        same_as_fresh(face, desk, program)


@pytest.mark.parametrize("face", ["memory"], indirect=True)
def test_every_command_has_a_scene_and_every_call_is_made_to_fail(face):
    asked = {type(command) for _, commands in SCENES.values() for command in commands}
    assert asked == {
        each
        for room in (fidelity.commands, fidelity.commands_of_all, fidelity.commands_of_status)
        for each in vars(room).values()
        if isinstance(each, type) and issubclass(each, Command) and each is not Command
    }

    calls = Counter()
    for name, (_, commands) in SCENES.items():
        calls.update(without_a_fault(face, name, lambda desk, commands=commands: desk.execute(commands))[0])
    for name, ask in UPKEEP.items():
        calls.update(without_a_fault(face, name, ask)[0])

    assert set(calls) == set(CALLS)


@pytest.mark.parametrize("face", ["memory", "sqlite"], indirect=True)
@pytest.mark.parametrize("name", FEW)
def test_whoever_is_interrupted_leaves_a_whole_command_or_nothing(face, name):
    """Ctrl-C is no error of the store, and nobody may swallow it."""
    _, commands = SCENES[name]
    calls, stands, _ = without_a_fault(face, name, lambda desk: desk.execute(commands))
    for place, when in faults(calls):
        program, plan = scene(face, name), Plan(place, when, KeyboardInterrupt())
        desk = face.desk(program, plan)

        with pytest.raises(KeyboardInterrupt):
            desk.execute(commands)

        assert standing(face.journal, program) == stands[plan.commits]
        desk.execute(commands)
        assert standing(face.journal, program) == stands[-1]
        same_as_fresh(face, desk, program)


@pytest.mark.parametrize("face", ["memory", "postgresql"], indirect=True)
@pytest.mark.parametrize("name", ["record", "transfer", "redeem together"])
def test_of_two_programs_in_one_journal_neither_sees_the_other_even_when_one_fails(face, name):
    _, commands = SCENES[name]
    calls, _, first = without_a_fault(face, name, lambda desk: desk.execute(commands))
    theirs = scene(face, name)
    other = Loyalty(theirs, journal=face.journal)
    told_before = {account.member: other.export(account.member, at=LATER) for account in other.accounts(at=LATER)}
    for place, when in faults(calls):
        ours, plan = scene(face, name), Plan(place, when)
        desk = face.desk(ours, plan)

        told(face, lambda desk: desk.execute(commands), desk)
        desk.execute(commands)

        seen = {member: other.export(member, at=LATER) for member in told_before}
        assert seen == told_before
    # The same keys and the same members, and still nobody has been there before.
    again = other.execute(commands)
    assert not any(each.repeated for each in again)
    assert [to_plain(each) for each in again] == [to_plain(each) for each in first]
