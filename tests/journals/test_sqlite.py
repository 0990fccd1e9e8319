"""SQLite: what is acknowledged is on the disk, writers take turns, and the tables themselves refuse what would harm."""

from __future__ import annotations

import sqlite3
import time

import pytest
import sqlalchemy as sa

from fidelity.errors import JournalError, Refused, SchemaError
from fidelity.journals import SqlJournal
from tests.journals.lines import CAFE, ana, batch, names, sequences, write
from tests.journals.writers import start


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


def without_triggers(raw):
    """What somebody does who can write the file and wants to."""
    for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        raw.execute(f"DROP TRIGGER {name}")


def test_what_was_written_is_there_when_the_file_is_opened_again(path, journal):
    journal.append(batch(write("points/ana", 0, "a", "b"), keys=["k"]))
    journal.close()

    again = SqlJournal(f"sqlite:///{path}")

    assert names(ana(again)) == ["a", "b"]
    assert list(again.find(CAFE, ["k"])) == ["k"]
    again.append(batch(write("points/ana", 2, "c")))
    assert sequences(again) == [1, 2, 3]
    again.close()


def test_a_hosts_own_engine_is_used_and_left_open(path):
    engine = sa.create_engine(f"sqlite:///{path}")

    journal = SqlJournal(engine)
    journal.append(batch(write("points/ana", 0, "a")))
    journal.close()

    with engine.begin() as connection:
        assert connection.execute(sa.text("select count(*) from fidelity_entries")).scalar() == 1
    engine.dispose()


def test_every_commit_waits_for_the_disk(journal):
    def settings(cursor):
        for name in ("journal_mode", "synchronous", "foreign_keys"):
            cursor.execute(f"PRAGMA {name}")
            yield cursor.fetchone()[0]

    assert journal._database.ask(lambda cursor: list(settings(cursor))) == ["wal", 2, 1]


# --- The tables -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "update fidelity_heads set version = '12abc'",
        "insert into fidelity_entries values (2, 'café', 'points/eva', '12abc', 'k', 'b', 'l')",
        "insert into fidelity_entries values (2.5, 'café', 'points/eva', 1, 'k', 'b', 'l')",
        "insert into fidelity_heads values ('café', 'points/eva', 0, 'l')",
        "insert into fidelity_applied values ('café', 'l', 'd', x'00ff')",
        "insert into fidelity_applied values ('café', 'l', 'd', null)",
        "insert into fidelity_journal values (2, 1)",
    ],
)
def test_the_tables_refuse_what_is_not_theirs(raw, journal, statement):
    journal.append(batch(write("points/ana", 0, "a"), keys=["k"]))

    with pytest.raises(sqlite3.IntegrityError):
        raw.execute(statement)


ENTRY = "into fidelity_entries (sequence, program, stream, version, kind, body, link) values"


@pytest.mark.parametrize(
    "statement",
    [
        "update fidelity_entries set body = '{}' where version = 1",
        "delete from fidelity_entries",
        "update fidelity_applied set receipt = '{}'",
        "delete from fidelity_applied where key = 'k'",
        "insert or replace into fidelity_applied values ('café', 'k', 'other', '{}')",
        "delete from fidelity_heads",
        "update fidelity_heads set version = 1",
        "update fidelity_heads set version = 9",
        "update fidelity_heads set stream = 'points/eva'",
        f"insert or replace {ENTRY} (2, 'café', 'points/ana', 2, 'k', 'b', 'l')",
        f"insert or replace {ENTRY} (2, 'café', 'points/ana', 3, 'k', 'b', 'l')",
        f"insert or ignore {ENTRY} (3, 'café', 'points/ana', 4, 'k', 'b', 'l')",
        f"insert {ENTRY} (null, 'café', 'points/ana', 4, 'k', 'b', 'l')",
        f"insert {ENTRY} (null, 'café', 'points/ana', 2, 'k', 'b', 'l')",
        f"insert {ENTRY} (null, 'café', 'points/eva', 2, 'k', 'b', 'l')",
        f"insert {ENTRY} (9, 'café', 'points/ana', 3, 'k', 'b', 'l')",
        f"insert {ENTRY} (-1, 'café', 'points/ana', 3, 'k', 'b', 'l')",
    ],
)
def test_by_hand_too_no_line_changes_and_no_stream_is_torn(raw, journal, statement):
    journal.append(batch(write("points/ana", 0, "a", "b"), keys=["k"]))
    before = list(raw.iterdump())

    with pytest.raises(sqlite3.IntegrityError):
        raw.execute(statement)

    assert list(raw.iterdump()) == before


def test_a_line_written_by_hand_moves_the_head_of_its_stream(raw, journal):
    journal.append(batch(write("points/ana", 0, "a")))
    (body,) = raw.execute("select body from fidelity_entries").fetchone()

    raw.execute(f"insert {ENTRY} (null, 'café', 'points/ana', 2, 'released', ?, 'l')", (body,))

    assert ana(journal).version == 2
    assert raw.execute("select version, link from fidelity_heads").fetchall() == [(2, "l")]
    journal.append(batch(write("points/ana", 2, "c")))


@pytest.mark.parametrize(
    "body", ["", "{", "[]", '{"kind":"released"}', '{"kind":"released","at":1.5}', '{"kind":"later"}']
)
def test_a_damaged_entry_is_named_and_not_guessed(raw, journal, body):
    journal.append(batch(write("points/ana", 0, "a", "b")))
    without_triggers(raw)
    raw.execute("update fidelity_entries set body = ? where version = 2", (body,))

    with pytest.raises(JournalError, match="version 2 of 'points/ana'"):
        ana(journal)
    with pytest.raises(JournalError, match="version 2 of 'points/ana'"):
        journal.read()


@pytest.mark.parametrize("lost", [1, 2, 3])
def test_a_missing_entry_is_named(raw, journal, lost):
    journal.append(batch(write("points/ana", 0, "a", "b", "c")))
    without_triggers(raw)
    raw.execute("delete from fidelity_entries where version = ?", (lost,))

    with pytest.raises(JournalError, match=f"lacks version {lost} of 'points/ana'") as caught:
        ana(journal)

    assert (caught.value.stream, caught.value.version) == ("points/ana", lost)


def test_a_head_that_was_set_back_is_noticed(raw, journal):
    journal.append(batch(write("points/ana", 0, "a", "b", "c")))
    without_triggers(raw)
    raw.execute("update fidelity_heads set version = 2")

    with pytest.raises(JournalError, match="version 3 of 'points/ana' stands in the journal"):
        ana(journal)


# --- What is no journal -----------------------------------------------------------------------------------------------


def test_a_schema_of_a_later_release_is_refused(path, raw):
    raw.execute("update fidelity_journal set schema_version = 99")

    with pytest.raises(SchemaError, match="schema 99"):
        SqlJournal(f"sqlite:///{path}")


def test_an_emptied_schema_table_is_refused(path, raw):
    raw.execute("delete from fidelity_journal")

    with pytest.raises(SchemaError, match="empty"):
        SqlJournal(f"sqlite:///{path}")


@pytest.mark.parametrize("lost", ["table fidelity_applied", "trigger fidelity_entries_next"])
def test_a_half_made_journal_is_refused(path, raw, lost):
    raw.execute(f"drop {lost}")

    with pytest.raises(SchemaError, match=lost.partition(" ")[2]):
        SqlJournal(f"sqlite:///{path}")


@pytest.mark.parametrize(
    "table", ["fidelity_journal (page integer)", "fidelity_journal (id text, said text)", "fidelity_entries (a text)"]
)
def test_tables_of_somebody_else_are_left_alone(tmp_path, table):
    file = tmp_path / "theirs.db"
    with sqlite3.connect(file) as theirs:
        theirs.execute(f"create table {table}")
        if "said" in table:
            theirs.execute("insert into fidelity_journal values ('1', 'hello')")
    theirs.close()

    with pytest.raises(SchemaError):
        SqlJournal(f"sqlite:///{file}")

    with sqlite3.connect(file) as theirs:
        assert theirs.execute("select count(*) from sqlite_master").fetchone() == (1,)
    theirs.close()


def test_a_file_that_is_no_database_is_a_fault_of_the_store(path):
    path.write_bytes(b"this is a photograph, not a database, and it is long enough" * 100)

    with pytest.raises(JournalError) as caught:
        SqlJournal(f"sqlite:///{path}")

    assert isinstance(caught.value.__cause__, sqlite3.DatabaseError)


@pytest.mark.parametrize(
    "url", ["nonsense", "sqlite:////no/such/folder/shop.db", "mysterydb://host/shop", "oracle://", "mysql://host/shop"]
)
def test_a_place_that_cannot_be_opened_is_a_fault_of_the_store(url):
    with pytest.raises((JournalError, ImportError)):
        SqlJournal(url)


def test_a_password_in_a_broken_url_is_not_repeated():
    with pytest.raises(JournalError) as caught:
        SqlJournal("postgres//ana:secret@host")

    assert "secret" not in str(caught.value)


# --- Waiting ----------------------------------------------------------------------------------------------------------


def test_a_database_that_fails_is_never_a_refusal(raw, journal):
    raw.execute("alter table fidelity_applied rename to gone")

    with pytest.raises(JournalError) as caught:
        journal.append(batch(write("points/ana", 0, "a"), keys=["k"]))

    assert not isinstance(caught.value, Refused)
    assert isinstance(caught.value.__cause__, sqlite3.OperationalError)
    assert journal.read() == ()


def test_a_writer_that_must_wait_too_long_is_told(raw, journal):
    raw.execute("BEGIN IMMEDIATE")
    journal._database.ask(lambda cursor: cursor.execute("PRAGMA busy_timeout = 50"))

    with pytest.raises(JournalError, match="locked"):
        journal.append(batch(write("points/ana", 0, "a")))

    raw.execute("ROLLBACK")
    journal.append(batch(write("points/ana", 0, "a")))


def test_a_reader_does_not_wait_for_a_writer(raw, journal):
    journal.append(batch(write("points/ana", 0, "a")))
    raw.execute("BEGIN IMMEDIATE")

    assert ana(journal).version == 1

    raw.execute("ROLLBACK")


# --- Processes --------------------------------------------------------------------------------------------------------


def test_a_process_killed_while_it_appends_leaves_whole_batches_and_all_it_acknowledged(path):
    SqlJournal(f"sqlite:///{path}").close()
    acknowledged, kills = [], 0
    for n in range(8):
        writer = start(f"sqlite:///{path}", f"w{n}x", 100_000)
        acknowledged.append(writer.stdout.readline().strip())
        time.sleep(0.01 + 0.003 * n)
        writer.kill()
        acknowledged += writer.stdout.read().split()
        kills += writer.wait() == -9

    journal = SqlJournal(f"sqlite:///{path}")

    assert kills == 8
    streams = journal.load(CAFE, ["points/ana", "points/eva"])
    for stream in streams.values():
        batches = [name.partition("/")[0] for name in names(stream)]
        assert batches[::5] == batches[4::5]
        assert set(acknowledged) <= set(batches)
        assert set(journal.find(CAFE, batches)) == set(batches)
    version = streams["points/ana"].version
    assert version == streams["points/eva"].version
    assert sequences(journal) == list(range(1, 2 * version + 1))
    journal.append(batch(write("points/ana", version, "after")))
    journal.close()
