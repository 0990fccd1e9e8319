"""PostgreSQL: writers of different members never wait for each other, readers miss nothing, and no line changes."""

from __future__ import annotations

import threading
import time

import psycopg
import pytest
import sqlalchemy as sa

from fidelity.errors import JournalError, Refused, SchemaError, StaleStream
from fidelity.journals import SqlJournal
from tests.journals.lines import CAFE, ana, batch, everything, lines, names, sequences, write
from tests.journals.writers import start


@pytest.fixture
def journal(postgres_url):
    made = SqlJournal(postgres_url)
    yield made
    made.close()


@pytest.fixture
def raw(postgres_url, journal):
    with psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as connection:
        yield connection


class Writer(threading.Thread):
    """A writer in a thread of its own that stops before it commits, and after."""

    def __init__(self, journal, *writes, lock=(), fails=False):
        super().__init__()
        self.journal, self.writes, self.lock, self.fails = journal, writes, lock, fails
        self.written, self.go = threading.Event(), threading.Event()
        self.error = None
        self.start()

    def run(self):
        try:
            with self.journal.transaction():
                if self.lock:
                    self.journal.load(CAFE, self.lock, lock=True)
                self.journal.append(batch(*self.writes))
                self.written.set()
                self.go.wait(30)
                assert not self.fails
        except Exception as error:  # noqa: BLE001  # told by the test
            self.error = error

    def finish(self):
        self.go.set()
        self.join(30)


# --- The order of the journal -----------------------------------------------------------------------------------------


def test_a_reader_misses_no_entry_that_is_committed_late_and_no_number_ever_changes(journal):
    journal.append(batch(write("points/eva", 0, "e1")))
    late = Writer(journal, write("points/ana", 0, "a1", "a2"))
    assert late.written.wait(30)

    journal.append(batch(write("points/eva", 1, "e2")))
    first = journal.read()
    late.finish()
    second = journal.read(after=first[-1].sequence)

    assert [each.entry.hold for each in first] == ["e1", "e2"]
    assert [each.entry.hold for each in second] == ["a1", "a2"]
    assert sequences(journal) == [1, 2, 3, 4]
    assert tuple(journal.read()) == (*first, *second)


def test_writers_of_different_members_do_not_wait_for_each_other(journal):
    open_ones = [Writer(journal, write(f"points/{n}", 0, f"h{n}")) for n in range(6)]

    assert all(writer.written.wait(30) for writer in open_ones)
    assert journal.read() == ()

    for writer in reversed(open_ones):
        writer.finish()
    assert sequences(journal) == [1, 2, 3, 4, 5, 6]


def test_what_is_rolled_back_leaves_no_gap(journal):
    lost = Writer(journal, write("points/ana", 0, "lost"), fails=True)
    assert lost.written.wait(30)
    journal.append(batch(write("points/eva", 0, "e1")))
    lost.finish()
    journal.append(batch(write("points/eva", 1, "e2")))

    assert isinstance(lost.error, AssertionError)
    assert [(each.sequence, each.entry.hold) for each in journal.read()] == [(1, "e1"), (2, "e2")]


def test_readers_at_once_see_one_order_while_writers_write(postgres_url, journal):
    stop, seen, failed = threading.Event(), {}, []

    def read(name):
        try:
            mine, after = [], 0
            while not (stop.is_set() and not (page := journal.read(after=after, limit=7))):
                page = journal.read(after=after, limit=7)
                mine += [(each.sequence, each.stream, each.version) for each in page]
                after = page[-1].sequence if page else after
            seen[name] = mine
        except Exception as error:  # noqa: BLE001  # told below
            failed.append(error)

    readers = [threading.Thread(target=read, args=(n,)) for n in range(3)]
    for reader in readers:
        reader.start()
    writers = [start(postgres_url, name, 25) for name in "abc"]
    for writer in writers:
        writer.communicate(timeout=120)
    stop.set()
    for reader in readers:
        reader.join(60)

    assert failed == []
    assert [writer.returncode for writer in writers] == [0, 0, 0]
    assert seen[0] == seen[1] == seen[2]
    assert [sequence for sequence, *_ in seen[0]] == list(range(1, 751))
    for stream in ("points/ana", "points/eva"):
        assert [version for _, name, version in seen[0] if name == stream] == list(range(1, 376))


def test_a_reader_waits_for_one_who_is_giving_numbers(journal):
    journal.append(batch(write("points/ana", 0, "a1")))
    found = []
    reader = threading.Thread(target=lambda: found.append(journal.read()))

    with journal.transaction():
        assert sequences(journal) == [1]
        late = Writer(journal, write("points/eva", 0, "e1"))
        late.finish()
        reader.start()
        time.sleep(0.3)
        assert found == []
    reader.join(30)

    assert [(each.sequence, each.entry.hold) for each in found[0]] == [(1, "a1"), (2, "e1")]


def test_more_than_one_page_of_numbers_is_given(journal):
    for n in range(3):
        journal.append(batch(*(write(f"points/{n}/{each}", 0, *"abcde") for each in range(1_000))))

    assert len(journal.read(after=14_995)) == 5
    assert journal._database.ask(journal._dialect.unnumbered) is False


def test_a_transaction_sees_the_order_of_what_it_has_written_and_takes_it_back_with_it(journal):
    journal.append(batch(write("points/eva", 0, "e1")))

    with pytest.raises(ZeroDivisionError), journal.transaction():  # noqa: PT012
        journal.append(batch(write("points/ana", 0, "a1")))
        assert sequences(journal) == [1, 2]
        raise ZeroDivisionError

    journal.append(batch(write("points/zoe", 0, "z1")))
    assert [each.entry.hold for each in journal.read()] == ["e1", "z1"]
    assert sequences(journal) == [1, 2]


# --- Locks ------------------------------------------------------------------------------------------------------------


def test_who_locks_a_stream_waits_for_its_writer_and_reads_what_that_one_wrote(journal):
    journal.append(batch(write("points/ana", 0, "a1"), write("points/eva", 0, "e1")))
    first = Writer(journal, write("points/ana", 1, "a2"), lock=["points/ana"])
    assert first.written.wait(30)
    found = []

    def second():
        with journal.transaction():
            held = ana(journal, lock=True)
            journal.append(batch(write("points/ana", held.version, "a3")))
            found.append(held.version)

    waiting = threading.Thread(target=second)
    waiting.start()
    time.sleep(0.2)
    assert found == []
    with journal.transaction():
        assert journal.load(CAFE, ["points/eva"], lock=True)["points/eva"].version == 1
    assert ana(journal).version == 1

    first.finish()
    waiting.join(30)
    assert found == [2]
    assert names(ana(journal)) == ["a1", "a2", "a3"]


def test_two_first_writers_of_a_stream_meet_at_the_table(journal):
    first = Writer(journal, write("points/ana", 0, "a1"), lock=["points/ana"])
    assert first.written.wait(30)
    second = Writer(journal, write("points/ana", 0, "a1 too"), lock=["points/ana"])
    time.sleep(0.2)

    first.finish()
    second.finish()

    assert first.error is None
    assert isinstance(second.error, StaleStream)
    assert (second.error.expected, second.error.found) == (0, 1)
    assert names(ana(journal)) == ["a1"]


def test_a_deadlock_makes_one_of_the_two_decide_again(journal):
    """Ours come in sorted order, so this takes somebody who holds one transaction open over two appends."""
    journal.append(batch(write("points/ana", 0, "a1"), write("points/eva", 0, "e1")))
    errors = []
    both = threading.Barrier(2)

    def work(first, second):
        try:
            with journal.transaction():
                journal.append(batch(write(first, 1, "mine")))
                both.wait(30)
                journal.append(batch(write(second, 1, "mine")))
        except Exception as error:  # noqa: BLE001  # told below
            errors.append(error)

    threads = [
        threading.Thread(target=work, args=pair)
        for pair in [("points/ana", "points/eva"), ("points/eva", "points/ana")]
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert len(errors) == 2 or [type(error) for error in errors] == [StaleStream]
    assert all(isinstance(error, StaleStream) for error in errors)
    assert len(everything(journal)) == 4


def test_a_stricter_isolation_of_the_hosts_engine_makes_writers_decide_again(postgres_url, journal):
    journal.append(batch(write("points/ana", 0, "a1")))
    engine = sa.create_engine(postgres_url, isolation_level="SERIALIZABLE")
    strict = SqlJournal(engine)

    with pytest.raises(StaleStream), strict.transaction():  # noqa: PT012
        strict.find(CAFE, ["k"])
        journal.append(batch(write("points/ana", 1, "a2")))
        ana(strict, lock=True)

    with strict.transaction():
        strict.append(batch(write("points/ana", ana(strict, lock=True).version, "a3")))
    assert names(ana(journal)) == ["a1", "a2", "a3"]
    engine.dispose()


def test_a_lock_that_is_not_to_be_had_is_a_fault_of_the_store(journal):
    journal.append(batch(write("points/ana", 0, "a1")))
    first = Writer(journal, write("points/ana", 1, "a2"))
    assert first.written.wait(30)

    with pytest.raises(JournalError, match="lock timeout") as caught, journal.transaction():  # noqa: PT012
        journal._database.ask(lambda cursor: cursor.execute("SET LOCAL lock_timeout = '100ms'"))
        ana(journal, lock=True)

    assert not isinstance(caught.value, StaleStream | Refused)
    assert isinstance(caught.value.__cause__, psycopg.errors.LockNotAvailable)
    first.finish()


# --- The tables -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "update fidelity_entries set body = '{}' where version = 1",
        "delete from fidelity_entries",
        "truncate fidelity_entries cascade",
        "update fidelity_applied set receipt = '{}'",
        "delete from fidelity_applied",
        "truncate fidelity_applied",
        "insert into fidelity_applied values ('café', 'k', 'd', '{}') on conflict (program, key) do update set digest = 'x'",
        "update fidelity_numbers set sequence = sequence + 10",
        "delete from fidelity_numbers",
        "truncate fidelity_numbers",
        "delete from fidelity_heads",
        "truncate fidelity_heads cascade",
        "update fidelity_heads set version = 1",
        "update fidelity_heads set stream = 'points/eva', version = 9",
        "insert into fidelity_entries (program, stream, version, kind, body, link) values ('café', 'points/ana', 2, 'k', 'b', 'l')",
        "insert into fidelity_entries (program, stream, version, kind, body, link) values ('café', 'points/eva', 1, 'k', 'b', 'l')",
        "insert into fidelity_entries (program, stream, version, kind, body, link) values ('café', 'points/ana', 4, 'k', 'b', 'l')",
        "insert into fidelity_entries (program, stream, version, kind, body, link) values ('café', 'points/ana', 3, 'k', 'b', 'l')",
        "insert into fidelity_numbers values (9, 99)",
        "insert into fidelity_journal values (2, 2)",
    ],
)
def test_by_hand_too_no_line_changes(raw, journal, statement):
    journal.append(batch(write("points/ana", 0, "a", "b"), keys=["k"]))
    before = journal.read(), journal.find(CAFE, ["k"])

    with pytest.raises((psycopg.errors.IntegrityError, psycopg.errors.GeneratedAlways)):
        raw.execute(statement)

    assert (journal.read(), journal.find(CAFE, ["k"])) == before
    journal.append(batch(write("points/ana", 2, "c")))


def test_a_head_moved_by_hand_makes_no_room_for_a_gap(raw, journal):
    journal.append(batch(write("points/ana", 0, "a", "b")))

    with pytest.raises(psycopg.errors.IntegrityError), raw.transaction():  # noqa: PT012
        raw.execute("update fidelity_heads set version = 4")
        raw.execute(
            "insert into fidelity_entries (program, stream, version, kind, body, link) values ('café', 'points/ana', 4, 'k', 'b', 'l')"
        )

    assert ana(journal).version == 2


def test_names_compare_by_code_point_whatever_the_locale_of_the_database(raw):
    found = raw.execute("""
        SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        JOIN pg_collation l ON l.oid = a.attcollation
        WHERE c.relkind = 'r' AND c.relname LIKE 'fidelity%' AND a.attname IN ('program', 'stream', 'key')
        AND l.collname <> 'C'
    """).fetchall()

    assert found == []


def test_a_database_in_another_encoding_is_refused(postgres_server, postgres_url):
    name = sa.make_url(postgres_url).database + "_latin"
    with psycopg.connect(postgres_server, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'")
        try:
            with pytest.raises(JournalError, match=r"LATIN1.*ENCODING 'UTF8'"):
                SqlJournal(sa.make_url(postgres_url).set(database=name))
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("UPDATE fidelity_journal SET schema_version = 99", "schema 99"),
        ("DELETE FROM fidelity_journal", "empty"),
        ("DROP TABLE fidelity_snapshots", "fidelity_snapshots"),
        ("DROP TABLE fidelity_journal", "fidelity_journal"),
        ("DROP TRIGGER fidelity_entries_no_update ON fidelity_entries", "fidelity_entries_no_update"),
        ("ALTER TABLE fidelity_entries DISABLE TRIGGER fidelity_entries_no_delete", "fidelity_entries_no_delete"),
    ],
)
def test_a_journal_that_is_not_as_it_should_be_is_refused(postgres_url, raw, damage, said):
    raw.execute(damage)

    with pytest.raises(SchemaError, match=said):
        SqlJournal(postgres_url)


def test_a_missing_entry_is_named(raw, journal):
    journal.append(batch(write("points/ana", 0, "a", "b", "c")))
    raw.execute("ALTER TABLE fidelity_entries DISABLE TRIGGER ALL")
    raw.execute("DELETE FROM fidelity_entries WHERE version = 3")

    with pytest.raises(JournalError, match="lacks version 3 of 'points/ana'"):
        ana(journal)
    with journal.transaction(), pytest.raises(JournalError, match="lacks version 3 of 'points/ana'"):
        ana(journal, lock=True)


# --- Connections ------------------------------------------------------------------------------------------------------


def test_a_connection_that_is_lost_is_a_fault_of_the_store_and_the_next_one_is_new(raw, journal):
    journal.append(batch(write("points/ana", 0, "a")))

    with pytest.raises(JournalError) as caught, journal.transaction():  # noqa: PT012
        journal.append(batch(write("points/ana", 1, "b"), keys=["k"]))
        raw.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"
        )
        ana(journal)

    assert not isinstance(caught.value, StaleStream | Refused)
    assert isinstance(caught.value.__cause__, psycopg.OperationalError)
    assert names(ana(journal)) == ["a"]
    assert journal.find(CAFE, ["k"]) == {}


def test_the_connections_of_a_server_that_started_again_are_replaced_after_one_failure(raw, journal):
    writers = [Writer(journal, write(f"points/{n}", 0, "a")) for n in range(4)]
    assert all(writer.written.wait(30) for writer in writers)
    for writer in writers:
        writer.finish()
    raw.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"
    )

    with pytest.raises(JournalError):
        ana(journal)

    for _ in range(5):
        assert ana(journal).version == 0


def test_a_server_that_is_not_there_is_a_fault_of_the_store():
    with pytest.raises(JournalError) as caught:
        SqlJournal("postgresql://ana:hunter2@127.0.0.1:1/shop?connect_timeout=2")

    assert "hunter2" not in str(caught.value)


def test_another_driver_is_refused_with_the_one_to_use(monkeypatch):
    engine = sa.create_engine("sqlite://")
    monkeypatch.setattr(engine.dialect, "name", "postgresql")
    monkeypatch.setattr(engine.dialect, "driver", "psycopg2")

    with pytest.raises(JournalError, match=r"postgresql\+psycopg"):
        SqlJournal(engine)


def test_a_hosts_engine_serves_whether_it_writes_at_once_or_not(postgres_url):
    for n, level in enumerate(["AUTOCOMMIT", "READ COMMITTED", "REPEATABLE READ"]):
        engine = sa.create_engine(postgres_url, isolation_level=level)
        journal = SqlJournal(engine)
        with journal.transaction():
            journal.append(batch(write("points/ana", ana(journal, lock=True).version, f"h{n}")))
        with pytest.raises(ZeroDivisionError), journal.transaction():  # noqa: PT012
            journal.append(batch(write("points/ana", n + 1, "lost")))
            raise ZeroDivisionError
        assert ana(journal).version == n + 1
        assert len(journal.read()) == n + 1
        engine.dispose()


def test_the_tables_live_in_the_schema_that_the_connection_chose(postgres_url, raw, journal):
    """Two journals in one database do not see each other."""
    raw.execute("CREATE SCHEMA other")
    url = sa.make_url(postgres_url).update_query_dict({"options": "-csearch_path=other"})

    other = SqlJournal(url)
    other.append(batch(write("points/ana", 0, "elsewhere")))

    assert journal.read() == ()
    assert raw.execute("SELECT count(*) FROM other.fidelity_entries").fetchone() == (1,)
    assert lines("elsewhere")[0].entry == other.read()[0].entry
    other.close()
