"""The server ends the session in the middle of a command: an error of the journal, no refusal, and nothing half."""

from __future__ import annotations

import random
import threading
from collections import Counter
from contextlib import contextmanager

import psycopg
import pytest
import sqlalchemy as sa

from fidelity.errors import JournalError, Refused
from fidelity.journals import SqlJournal
from fidelity.loyalty import Loyalty
from tests.concurrency.jobs import cafe
from tests.crashes.workload import MEMBERS, Model, found_in, key_of, opening, workload, written_by
from tests.loyalty.aurora import NOON

BLOWS = 48
END = "SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"


class Severed:
    """A journal whose session the server ends right before one of its calls, when it is told to."""

    def __init__(self, journal, sever):
        self._journal, self._sever = journal, sever
        self.next = ""

    def __getattr__(self, name):
        asked = getattr(self._journal, name)

        def severed(*words, **named):
            self._strike(name)
            return asked(*words, **named)

        return severed

    @contextmanager
    def transaction(self):
        self._strike("transaction")
        with self._journal.transaction():
            yield
            self._strike("commit")

    def _strike(self, name):
        if name == self.next:
            self.next = ""
            self._sever()


def test_a_session_that_the_server_ends_is_no_refusal_and_the_next_command_has_a_new_one(postgres_url):
    url = sa.make_url(postgres_url)
    journal = SqlJournal(postgres_url)
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    model, told, turns = Model(), Counter(), random.Random(3)  # noqa: S311  (a seeded blow is no secret)
    applied = list(opening())
    with psycopg.connect(plain, autocommit=True) as other:
        severed = Severed(journal, lambda: other.execute(END, [url.database]))
        desk = Loyalty(cafe(tiers=None), journal=severed)
        desk.execute(applied)

        todo = workload(1, 600)
        for blow in range(BLOWS):
            where = ("transaction", "find", "load", "append", "commit", "")[blow % 6]
            severed.next = where
            late = threading.Timer(turns.uniform(0.001, 0.03), other.execute, (END, [url.database]))
            if not where:
                late.start()
            failed = False
            while not failed and todo:
                command = todo.pop(0)
                try:
                    desk.execute([command])
                except JournalError as error:
                    failed = True
                    assert not isinstance(error, Refused)  # noqa: PT017  (whether it fails is not known)
                    late.join() if not where else None
                    # The very next command has a connection that works, and it happens once.
                    receipt = desk.execute([command])[0]
                    told[where or "any", "written" if receipt.repeated else "not written"] += 1
                    assert desk.execute([command])[0].repeated
                applied.append(command)
            assert failed

    for command in applied:
        model.apply(command)
    assert found_in(journal.read(limit=100_000)) == sum(map(written_by, applied), Counter())
    assert set(journal.find("Café Aurora", list(map(key_of, applied)))) == set(map(key_of, applied))
    fresh = Loyalty(cafe(tiers=None), journal=journal)
    assert fresh.verify().sound
    for member in MEMBERS:
        account = fresh.account(member, at=NOON)
        account.check()
        assert account.balance(NOON).available == model.available[member]
    journal.close()
    print(f"{BLOWS} sessions ended: {dict(told)}")  # noqa: T201
    assert sum(told.values()) == BLOWS
    for where in ("find", "load", "append", "commit"):
        assert told[where, "not written"] == BLOWS // 6


@pytest.mark.parametrize("what", ["balance", "checkpoint", "settle"])
def test_who_reads_while_the_session_ends_reads_again(postgres_url, what):
    url = sa.make_url(postgres_url)
    journal = SqlJournal(postgres_url)
    desk = Loyalty(cafe(tiers=None), journal=journal)
    desk.execute(opening())
    ask = {
        "balance": lambda: desk.balance("ana", at=NOON).available,
        "checkpoint": lambda: desk.checkpoint(NOON).streams,
        "settle": lambda: desk.settle(NOON).accounts,
    }[what]
    before = ask()
    with psycopg.connect(
        url.set(drivername="postgresql").render_as_string(hide_password=False), autocommit=True
    ) as other:
        other.execute(END, [url.database])

        with pytest.raises(JournalError):
            ask()

    assert ask() == before
    journal.close()
