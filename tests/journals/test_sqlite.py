"""SQLite: what is acknowledged is on the disk, processes take turns, and the tables refuse what is not theirs."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

import fidelity.errors
from fidelity.entries import HoldReleased
from fidelity.errors import JournalError, Refused, SchemaError, StaleStream
from fidelity.journals import Applied, Batch, SqlJournal, Write

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
HOUSE = str(Path(fidelity.errors.__file__).parents[1])


def batch(stream, expected, *names, key=None):
    entries = tuple(HoldReleased(at=NOON, now=NOON, hold=name) for name in names)
    return Batch("café", (Write(stream, expected, entries),), (Applied(key, "d", {}),) if key else ())


@pytest.fixture
def path(tmp_path):
    return tmp_path / "shop.db"


@pytest.fixture
def journal(path):
    made = SqlJournal(f"sqlite:///{path}")
    yield made
    made.close()


@pytest.fixture
def raw(path, journal):
    connection = sqlite3.connect(path, isolation_level=None)
    yield connection
    connection.close()


def test_what_was_written_is_there_when_the_file_is_opened_again(path, journal):
    journal.append(batch("points/ana", 0, "a", "b", key="k"))
    journal.close()

    again = SqlJournal(f"sqlite:///{path}")

    assert [line.entry.hold for line in again.load("café", ["points/ana"])["points/ana"].entries] == ["a", "b"]
    assert list(again.find("café", ["k"])) == ["k"]
    assert again.append(batch("points/ana", 2, "c"))[0].sequence == 3
    again.close()


def test_a_hosts_own_engine_is_used_and_left_open(path):
    engine = sa.create_engine(f"sqlite:///{path}")

    journal = SqlJournal(engine)
    journal.append(batch("points/ana", 0, "a"))
    journal.close()

    with engine.begin() as connection:
        assert connection.execute(sa.text("select count(*) from fidelity_entries")).scalar() == 1
    engine.dispose()


def test_every_commit_waits_for_the_disk(journal):
    with journal._connected() as connection:
        found = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]

    assert found == ["wal", 2, 1]


@pytest.mark.parametrize(
    "statement",
    [
        "update fidelity_heads set version = '12abc'",
        "update fidelity_entries set version = '12abc'",
        "update fidelity_entries set sequence = 1.5",
        "update fidelity_heads set version = 0",
        "update fidelity_entries set stream = 'points/nobody'",
        "insert into fidelity_applied values ('café', 'k', 'd', x'00ff')",
        "insert into fidelity_applied values ('café', 'k', 'd', null)",
        "insert into fidelity_journal values (2, 1, 0)",
    ],
)
def test_the_tables_refuse_what_is_not_theirs(raw, journal, statement):
    journal.append(batch("points/ana", 0, "a", key="k"))
    raw.execute("PRAGMA foreign_keys = ON")

    with pytest.raises(sqlite3.IntegrityError):
        raw.execute(statement)


@pytest.mark.parametrize(
    "body", ["", "{", "[]", '{"kind":"released"}', '{"kind":"released","at":1.5}', '{"kind":"later"}']
)
def test_a_damaged_entry_is_named_and_not_guessed(raw, journal, body):
    journal.append(batch("points/ana", 0, "a", "b"))
    raw.execute("update fidelity_entries set body = ? where version = 2", (body,))

    with pytest.raises(JournalError, match="version 2 of 'points/ana'"):
        journal.load("café", ["points/ana"])
    with pytest.raises(JournalError, match="version 2 of 'points/ana'"):
        journal.read()


def test_a_missing_entry_is_named(raw, journal):
    journal.append(batch("points/ana", 0, "a", "b", "c"))
    raw.execute("delete from fidelity_entries where version = 2")

    with pytest.raises(JournalError, match="lacks version 2"):
        journal.load("café", ["points/ana"])


def test_a_schema_of_a_later_release_is_refused(path, raw):
    raw.execute("update fidelity_journal set schema_version = 99")

    with pytest.raises(SchemaError, match="schema 99"):
        SqlJournal(f"sqlite:///{path}")


def test_an_emptied_schema_table_is_refused(path, raw):
    raw.execute("delete from fidelity_journal")

    with pytest.raises(SchemaError, match="empty"):
        SqlJournal(f"sqlite:///{path}")


def test_a_file_that_is_no_database_is_a_fault_of_the_store(path):
    path.write_bytes(b"this is a photograph, not a database, and it is long enough" * 100)

    with pytest.raises(JournalError) as caught:
        SqlJournal(f"sqlite:///{path}")

    assert isinstance(caught.value.__cause__, sa.exc.DatabaseError)


@pytest.mark.parametrize("url", ["nonsense", "sqlite:////no/such/folder/shop.db", "mysterydb://host/shop", "oracle://"])
def test_a_place_that_cannot_be_opened_is_a_fault_of_the_store(url):
    with pytest.raises((JournalError, ImportError)):
        SqlJournal(url)


def test_a_password_in_a_broken_url_is_not_repeated():
    with pytest.raises(JournalError) as caught:
        SqlJournal("postgres//ana:secret@host")

    assert "secret" not in str(caught.value)


def test_a_database_that_fails_is_never_a_refusal(raw, journal):
    raw.execute("alter table fidelity_applied rename to gone")

    with pytest.raises(JournalError) as caught:
        journal.append(batch("points/ana", 0, "a", key="k"))

    assert not isinstance(caught.value, Refused)
    assert isinstance(caught.value.__cause__, sa.exc.OperationalError)
    assert journal.read() == ()


def test_a_writer_that_must_wait_too_long_is_told(path, raw, journal):
    raw.execute("BEGIN IMMEDIATE")
    with journal._connected() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout = 50")

    with pytest.raises(JournalError, match="locked"):
        journal.append(batch("points/ana", 0, "a"))

    raw.execute("ROLLBACK")
    journal.append(batch("points/ana", 0, "a"))


def test_a_reader_does_not_wait_for_a_writer(raw, journal):
    journal.append(batch("points/ana", 0, "a"))
    raw.execute("BEGIN IMMEDIATE")

    assert journal.load("café", ["points/ana"])["points/ana"].version == 1

    raw.execute("ROLLBACK")


def test_a_reader_outside_sees_nothing_of_an_open_transaction(path, journal):
    other = SqlJournal(f"sqlite:///{path}")

    with journal.transaction():
        journal.append(batch("points/ana", 0, "a"))
        assert other.read() == ()

    assert len(other.read()) == 1
    other.close()


# ── processes ──────────────────────────────────────────────────────────────────────────────────────────────────

WRITER = """
import sys
from datetime import UTC, datetime
from fidelity.entries import HoldReleased
from fidelity.errors import StaleStream
from fidelity.journals import Applied, Batch, SqlJournal, Write

path, name, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
noon = datetime(2026, 1, 5, 12, tzinfo=UTC)
journal = SqlJournal(f"sqlite:///{path}")
done = 0
while done < count:
    streams = journal.load("café", ["points/ana", "points/eva"])
    lines = [HoldReleased(at=noon, now=noon, hold=f"{name}{done}/{n}") for n in range(5)]
    writes = tuple(Write(each.name, each.version, tuple(lines)) for each in streams.values())
    try:
        journal.append(Batch("café", writes, (Applied(f"{name}{done}", "d", {}),)))
    except StaleStream:
        continue
    print(f"{name}{done}", flush=True)
    done += 1
"""


def start(path, name, count):
    words = [sys.executable, "-c", WRITER, str(path), name, str(count)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": HOUSE})


def test_two_processes_that_append_at_once_lose_nothing(path):
    """Both open the new file at the same time, too."""
    writers = [start(path, name, 60) for name in "ab"]
    said = [writer.communicate(timeout=60)[0].split() for writer in writers]

    journal = SqlJournal(f"sqlite:///{path}")

    assert [len(names) for names in said] == [60, 60]
    ana = journal.load("café", ["points/ana"])["points/ana"]
    assert ana.version == 600
    assert len({line.entry.hold for line in ana.entries}) == 600
    assert [line.sequence for line in journal.read(limit=2_000)] == list(range(1, 1_201))
    journal.close()


def test_a_process_killed_while_it_appends_leaves_whole_batches_and_all_it_acknowledged(path):
    SqlJournal(f"sqlite:///{path}").close()
    acknowledged, kills = [], 0
    for n in range(8):
        writer = start(path, f"w{n}x", 100_000)
        acknowledged.append(writer.stdout.readline().strip())
        time.sleep(0.01 + 0.003 * n)
        writer.kill()
        acknowledged += writer.stdout.read().split()
        kills += writer.wait() == -9

    journal = SqlJournal(f"sqlite:///{path}")

    assert kills == 8
    streams = journal.load("café", ["points/ana", "points/eva"])
    for stream in streams.values():
        batches = [line.entry.hold.partition("/")[0] for line in stream.entries]
        assert batches[::5] == batches[4::5]
        assert set(acknowledged) <= set(batches)
        assert set(journal.find("café", batches)) == set(batches)
    assert streams["points/ana"].version == streams["points/eva"].version
    assert [line.sequence for line in journal.read(limit=10**6)] == list(
        range(1, 2 * streams["points/ana"].version + 1)
    )
    journal.append(batch("points/ana", streams["points/ana"].version, "after"))
    journal.close()


def test_stale_writers_in_another_process_are_told(path, journal):
    journal.append(batch("points/ana", 0, "a"))
    start(path, "b", 1).communicate(timeout=30)

    with pytest.raises(StaleStream):
        journal.append(batch("points/ana", 1, "c"))
