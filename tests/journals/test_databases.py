"""What holds on SQLite and on PostgreSQL alike, where a database could make a difference."""

from __future__ import annotations

import multiprocessing
import threading

import pytest
import sqlalchemy as sa

from fidelity.errors import DuplicateKey, JournalError, StaleStream, ValueRefused
from fidelity.journals import Applied, Batch, Snapshot, SqlJournal, Write
from tests.journals.lines import CAFE, ana, batch, entry, everything, lines, names, sequences, write
from tests.journals.writers import start

# --- Names ------------------------------------------------------------------------------------------------------------

HOSTILE = [
    "points/o'brien",
    'points/"; drop table fidelity_entries; --',
    "points/100%",
    "points/%s%(name)s",
    "points/:name ?1 $1",
    "points/back\\slash\\",
    "points/_under%score",
    "points/ ",
    "points/ana\n",
    "points/José",
    "points/Jose\N{COMBINING ACUTE ACCENT}",
    "points/日本🎉",
]


def test_no_name_is_too_odd(stored):
    for name in HOSTILE:
        stored.append(batch(write(name, 0, f"of {name!r}"), keys=[name], program=name))
        stored.append(batch(write(name, 0, f"of {name!r}"), keys=[name]))

    for name in HOSTILE:
        assert names(stored.load(name, [name])[name]) == [f"of {name!r}"]
        assert [each.stream for each in stored.read(name)] == [name]
        assert stored.streams(name) == (name,)
        assert list(stored.find(name, [name])) == [name]
    assert {key: names(stream) for key, stream in stored.load(CAFE, HOSTILE).items()} == {
        name: [f"of {name!r}"] for name in HOSTILE
    }
    assert set(stored.find(CAFE, HOSTILE)) == set(HOSTILE)
    assert stored.streams(CAFE) == tuple(sorted(HOSTILE))


@pytest.mark.parametrize("name", ["points/an\0a", "\0", "points/\ud800"])
def test_a_name_that_no_database_can_keep_is_refused_before_it_comes_there(stored, name):
    for ask in (
        lambda: stored.append(batch(write(name, 0, "a"))),
        lambda: stored.append(batch(write("points/ana", 0, "a"), keys=[name])),
        lambda: stored.append(batch(write("points/ana", 0, "a"), program=name)),
        lambda: stored.load(CAFE, [name]),
        lambda: stored.load(name, ["points/ana"]),
        lambda: stored.find(CAFE, [name]),
        lambda: stored.read(name),
        lambda: stored.streams(CAFE, prefix=name),
        lambda: stored.keep(CAFE, Snapshot(name, 1, "l", "b")),
    ):
        with pytest.raises(ValueRefused, match="cannot be stored"):
            ask()

    assert everything(stored) == []


def test_streams_are_named_in_the_order_of_code_points_with_a_prefix_taken_as_it_is(stored):
    found = [
        "Points/x",
        "points/%",
        "points/Z",
        "points/a",
        "points/a/b",
        "points/aa",
        "points/é",
        "points/🎉",
        "points0",
    ]
    stored.append(batch(*(write(name, 0, "a") for name in found)))

    assert stored.streams(CAFE) == tuple(sorted(found))
    assert stored.streams(CAFE, prefix="points/") == tuple(sorted(found)[1:-1])
    assert stored.streams(CAFE, prefix="points/%") == ("points/%",)
    assert stored.streams(CAFE, prefix="points/a") == ("points/a", "points/a/b", "points/aa")
    assert stored.streams(CAFE, prefix="points/a", after="points/a", limit=1) == ("points/a/b",)
    assert stored.streams(CAFE, prefix="points/🎉") == ("points/🎉",)
    assert stored.streams(CAFE, prefix="\U0010ffff") == ()
    assert stored.streams("books") == ()


@pytest.mark.parametrize("last", ["\ud7ff", "a\U0010ffff", "\U0010ffff"])
def test_a_prefix_at_the_edge_of_the_code_points_finds_what_begins_with_it(stored, last):
    found = [last, last + "x", last + "\U0010ffff", "b"]
    stored.append(batch(*(write(name, 0, "a") for name in found)))

    assert stored.streams(CAFE, prefix=last) == (last, last + "x", last + "\U0010ffff")


# --- Sizes ------------------------------------------------------------------------------------------------------------


def test_five_hundred_streams_are_loaded_at_once_each_after_its_own_version(stored):
    asked = [f"points/{n}" for n in range(500)]
    stored.append(batch(*(write(name, 0, "a", "b", "c") for name in asked)))

    with stored.transaction():
        found = stored.load(CAFE, [*asked, "points/none"], after={asked[0]: 3, asked[1]: 2, asked[2]: 9}, lock=True)

    assert [names(found[name]) for name in asked[:4]] == [[], ["c"], [], ["a", "b", "c"]]
    assert {found[name].version for name in asked} == {3}
    assert found["points/none"].version == 0


def test_a_line_of_a_megabyte_comes_back_as_it_went(stored):
    long = lines("🎉'\"\\%\n" * 150_000)

    stored.append(Batch(CAFE, (Write("points/ana", 0, long),), (Applied("k", "d", {"said": "é" * 1_000_000}),)))

    assert len(long[0].body) > 1_000_000
    assert ana(stored).lines == long
    assert stored.find(CAFE, ["k"])["k"].receipt == {"said": "é" * 1_000_000}


def test_a_large_batch_is_written_at_once_in_its_own_order(stored):
    writes = [write(f"points/{n}", 0, *(f"{n}/{each}" for each in range(5))) for n in range(1_000)]
    keys = [f"k{n}" for n in range(1_500)]

    stored.append(batch(*reversed(writes), keys=keys))

    assert [name for *_, name in everything(stored)] == [
        f"{n}/{each}" for n in reversed(range(1_000)) for each in range(5)
    ]
    assert set(stored.find(CAFE, keys)) == set(keys)


@pytest.mark.parametrize("size", [2, 1_000])
def test_a_batch_with_one_stale_stream_leaves_nothing_however_large_it_is(stored, size):
    stored.append(batch(write("points/7", 0, "first"), write("points/x", 0, "first")))
    writes = [write("points/7" if n == 7 else f"eva/{n}", 0, "late") for n in range(6, 6 + size)]

    with pytest.raises(StaleStream) as caught:
        stored.append(batch(*writes, write("points/x", 1, "late"), keys=["k"]))

    assert (caught.value.stream, caught.value.expected, caught.value.found) == ("points/7", 0, 1)
    assert len(everything(stored)) == 2
    assert stored.find(CAFE, ["k"]) == {}


@pytest.mark.parametrize("expected", [1, 3, 2**40])
def test_a_large_batch_that_expects_too_much_of_one_stream_leaves_nothing(stored, expected):
    stored.append(batch(write("points/ana", 0, "first", "second")))

    with pytest.raises(StaleStream) as caught:
        stored.append(batch(*(write(f"eva/{n}", 0, "a") for n in range(50)), write("points/ana", expected, "late")))

    assert (caught.value.expected, caught.value.found) == (expected, 2)
    assert len(everything(stored)) == 2


@pytest.mark.parametrize("size", [1, 100])
def test_a_batch_with_one_key_taken_leaves_nothing(stored, size):
    stored.append(batch(write("points/ana", 0, "a"), keys=["k7"]))

    with pytest.raises(DuplicateKey) as caught:
        stored.append(batch(write("points/ana", 1, "b"), keys=[f"k{n}" for n in range(7, 7 + size)]))

    assert caught.value.key == "k7"
    assert len(everything(stored)) == 1


# --- What is known already --------------------------------------------------------------------------------------------


def test_who_knows_more_than_there_is_is_told_the_true_version(stored):
    stored.append(batch(write("points/ana", 0, "a", "b")))

    for lock in (False, True):
        with stored.transaction():
            found = stored.load(CAFE, ["points/ana", "points/eva"], after={"points/ana": 5, "points/eva": 2}, lock=lock)
            assert (found["points/ana"].version, found["points/ana"].lines) == (2, ())
            assert (found["points/eva"].version, found["points/eva"].lines) == (0, ())
            assert ana(stored, after={"points/ana": 5}, lock=lock).version == 2


def test_nothing_asked_is_nothing_found(stored):
    assert stored.load(CAFE, []) == {}
    assert stored.find(CAFE, []) == {}
    assert stored.read(limit=0) == ()
    stored.append(Batch(CAFE))


# --- Snapshots --------------------------------------------------------------------------------------------------------


def test_a_newer_snapshot_takes_the_place_of_an_older_one_and_never_the_other_way(stored):
    assert stored.snapshot(CAFE, "points/ana") is None

    for version in (3, 7, 5):
        stored.keep(CAFE, Snapshot("points/ana", version, f"link {version}", f"body {version}"))
    with stored.transaction():
        stored.keep("books", Snapshot("points/ana", 1, "l", "b"))

    assert stored.snapshot(CAFE, "points/ana") == Snapshot("points/ana", 7, "link 7", "body 7")
    assert stored.snapshot("books", "points/ana") == Snapshot("points/ana", 1, "l", "b")


def test_a_stream_that_is_resumed_brings_its_snapshot_and_what_follows(stored):
    stored.append(batch(*(write(name, 0, "a", "b", "c") for name in ("points/ana", "points/eva", "points/leo"))))
    stored.keep(CAFE, Snapshot("points/ana", 1, "link", "body"))
    stored.keep(CAFE, Snapshot("points/eva", 3, "link", "body"))
    stored.keep(CAFE, Snapshot("points/leo", 1, "link", "body"))

    for lock in (False, True):
        with stored.transaction():
            asked = ["points/ana", "points/leo", "points/eva", "points/none"]
            found = stored.resume(CAFE, asked, after={"points/leo": 2}, lock=lock)
            known = stored.resume(CAFE, ["points/ana"], after={"points/ana": 2}, lock=lock)
            assert stored.resume(CAFE, [], after={}, lock=lock) == {}

        assert list(found) == asked
        assert [(each.version, names(each)) for each in found.values()] == [
            (3, ["b", "c"]),
            (3, ["c"]),
            (3, []),
            (0, []),
        ]
        assert [each.snapshot and each.snapshot.version for each in found.values()] == [1, None, 3, None]
        assert found["points/ana"].snapshot == stored.snapshot(CAFE, "points/ana")
        assert known == stored.load(CAFE, ["points/ana"], after={"points/ana": 2})


def test_a_stream_without_a_snapshot_is_resumed_from_its_beginning(stored):
    stored.append(batch(write("points/ana", 0, "a", "b", "c")))

    for lock in (False, True):
        with stored.transaction():
            found = stored.resume(CAFE, ["points/ana"], after={}, lock=lock)["points/ana"]

        assert found == ana(stored)


def test_a_snapshot_of_lines_that_were_taken_back_is_told_as_it_is(stored):
    stored.append(batch(write("points/ana", 0, "a", "b")))
    stored.keep(CAFE, Snapshot("points/ana", 5, "link", "body"))

    for lock in (False, True):
        with stored.transaction():
            found = stored.resume(CAFE, ["points/ana"], after={}, lock=lock)["points/ana"]

        assert (found.version, found.lines, found.snapshot.version) == (2, (), 5)


# --- How it is made ---------------------------------------------------------------------------------------------------


def test_it_never_shows_its_password(database):
    url = sa.make_url(database)
    if url.get_backend_name() == "postgresql":
        url = url.set(password="hunter2")  # noqa: S106

    journal = SqlJournal(url)

    assert "hunter2" not in repr(journal)
    assert repr(journal).startswith("<SqlJournal on ")
    journal.close()


def test_it_opens_again_after_it_was_closed(stored):
    stored.append(batch(write("points/ana", 0, "a")))
    stored.close()

    assert ana(stored).version == 1


def test_those_who_open_a_new_database_at_once_make_its_tables_once(database):
    opened = []
    threads = [threading.Thread(target=lambda: opened.append(SqlJournal(database))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(opened) == 8
    for n, journal in enumerate(opened):
        journal.append(batch(write("points/ana", n, f"h{n}")))
        journal.close()


def test_a_transaction_in_which_something_failed_cannot_be_kept(stored):
    """PostgreSQL would answer the commit as if it had kept what it has thrown away."""
    with pytest.raises(JournalError, match="nothing of it is written"), stored.transaction():  # noqa: PT012
        stored.append(batch(write("points/ana", 0, "a")))
        with pytest.raises(JournalError):
            stored._database.ask(lambda cursor: cursor.execute("SELECT no_such_column FROM fidelity_heads"))

    assert everything(stored) == []


# --- Statements -------------------------------------------------------------------------------------------------------


class Counting:
    """A cursor that remembers what was executed."""

    def __init__(self, cursor, said):
        self._cursor, self._said = cursor, said

    def execute(self, statement, *values):
        self._said.append(statement.split()[0])
        return self._cursor.execute(statement, *values)

    def __getattr__(self, name):
        return getattr(self._cursor, name)


@pytest.fixture
def statements(stored):
    said = []
    connect = stored._database.engine.raw_connection

    class Connection:
        def __init__(self):
            self._connection = connect()

        def cursor(self):
            return Counting(self._connection.cursor(), said)

        def commit(self):
            said.append("COMMIT")
            self._connection.commit()

        def __getattr__(self, name):
            return getattr(self._connection, name)

    stored._database.engine.raw_connection = Connection
    return said


@pytest.mark.parametrize("streams", [("points/ana",), ("points/ana", "points/eva")], ids=["one member", "two members"])
@pytest.mark.parametrize("known", [0, 1, 2])
def test_a_command_takes_at_most_four_statements_beside_its_transaction(stored, statements, streams, known):
    stored.append(batch(*(write(name, 0, "a", "b") for name in streams)))
    statements.clear()

    with stored.transaction():
        assert stored.find(CAFE, ["k"]) == {}
        found = stored.load(CAFE, streams, after=dict.fromkeys(streams, known), lock=True)
        stored.append(batch(*(write(name, found[name].version, "c", "d") for name in streams), keys=["k"]))

    assert statements[0] == "BEGIN"
    assert statements[-1] == "COMMIT"
    assert len(statements) <= 6


@pytest.mark.parametrize("stale", [False, True], ids=["new snapshot", "old snapshot"])
def test_so_does_a_command_on_an_account_that_only_a_snapshot_knows(stored, statements, stale):
    stored.append(batch(write("points/ana", 0, "a", "b")))
    stored.keep(CAFE, Snapshot("points/ana", 1 if stale else 2, "link", "body"))
    statements.clear()

    with stored.transaction():
        assert stored.find(CAFE, ["k"]) == {}
        found = stored.resume(CAFE, ["points/ana"], after={}, lock=True)["points/ana"]
        stored.append(batch(write("points/ana", found.version, "c", "d"), keys=["k"]))

    assert found.snapshot.body == "body"
    assert len(statements) <= 6


def test_what_is_asked_outside_of_a_transaction_is_one_statement(stored, statements):
    stored.append(batch(write("points/ana", 0, "a", "b")))
    statements.clear()

    ana(stored)
    stored.load(CAFE, ["points/ana", "points/eva"])
    stored.find(CAFE, ["k"])
    stored.streams(CAFE)
    stored.resume(CAFE, ["points/ana", "points/eva"], after={})

    assert statements == ["SELECT"] * 5


# --- Threads and processes --------------------------------------------------------------------------------------------


def test_two_processes_that_append_at_once_lose_nothing(database, opened):
    """Both open the new database at the same time, too."""
    writers = [start(database, name, 60) for name in "ab"]
    said = [writer.communicate(timeout=120)[0].split() for writer in writers]

    journal = opened()

    assert [len(each) for each in said] == [60, 60]
    assert ana(journal).version == 600
    assert len(set(names(ana(journal)))) == 600
    assert sequences(journal) == list(range(1, 1_201))


def test_stale_writers_in_another_process_are_told(database, stored):
    stored.append(batch(write("points/ana", 0, "a")))
    start(database, "b", 1).communicate(timeout=60)

    with pytest.raises(StaleStream):
        stored.append(batch(write("points/ana", 1, "c")))


def counted(url, name, count):
    journal = SqlJournal(url)
    for n in range(count):
        with journal.transaction():
            held = ana(journal, lock=True)
            journal.append(batch(write("points/ana", held.version, f"{name}{n}"), keys=[f"{name}{n}"]))
    journal.close()


def test_writers_that_lock_first_never_find_the_stream_stale(database, stored):
    """Whoever has the lock reads what the one before had written, in whatever process."""
    stored.append(batch(write("points/ana", 0, "first")))
    spawn = multiprocessing.get_context("spawn")
    processes = [spawn.Process(target=counted, args=(database, name, 40)) for name in "abc"]
    for process in processes:
        process.start()
    for process in processes:
        process.join(timeout=120)

    assert [process.exitcode for process in processes] == [0, 0, 0]
    assert ana(stored).version == 121
    assert len(set(names(ana(stored)))) == 121


def test_a_forked_child_has_connections_of_its_own(stored):
    """Two processes on one connection read each other's answers."""
    stored.append(batch(write("points/ana", 0, "a")))
    fork = multiprocessing.get_context("fork")

    def connection():
        return stored._database.ask(lambda cursor: id(cursor.connection))

    def child(parents):
        assert connection() != parents
        stored.append(batch(write("points/ana", ana(stored).version, "child")))

    process = fork.Process(target=child, args=(connection(),))
    process.start()
    process.join(timeout=60)

    assert process.exitcode == 0
    stored.append(batch(write("points/ana", 2, "parent")))
    assert names(ana(stored)) == ["a", "child", "parent"]


def test_entries_are_decoded_as_they_were_written(stored):
    stored.append(batch(write("points/ana", 0, "a")))

    assert ana(stored).entries == (entry("a"),)
    assert stored.read()[0].entry == entry("a")
