"""The journal that is awaited: the same books, and a transaction for each task."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from fidelity.errors import DuplicateKey, JournalError, SchemaError, StaleStream
from fidelity.journals import AsyncJournal, AsyncSqlJournal, Snapshot, Snapshots, SqlJournal
from tests.journals.lines import CAFE, batch, everything, names, write


@pytest.fixture(params=["sqlite file", "sqlite memory", "postgresql"])
def url(request, tmp_path):
    urls = {"sqlite file": f"sqlite:///{tmp_path}/shop.db", "sqlite memory": "sqlite://"}
    return urls.get(request.param) or request.getfixturevalue("postgres_url")


@asynccontextmanager
async def opened(url):
    journal = AsyncSqlJournal(url)
    try:
        yield journal
    finally:
        await journal.close()


async def ana(journal, **asked):
    return (await journal.load(CAFE, ["points/ana"], **asked))["points/ana"]


async def everything_of(journal):
    return [(each.stream, each.version, each.entry.hold) for each in await journal.read(limit=10_000)]


def test_it_is_a_journal_that_is_awaited(url):
    async def work():
        async with opened(url) as journal:
            assert isinstance(journal, AsyncJournal)
            await journal.append(batch(write("points/ana", 0, "a", "b"), keys=["k"]))
            assert names(await ana(journal)) == ["a", "b"]
            assert (await ana(journal, after={"points/ana": 1})).version == 2
            assert list(await journal.find(CAFE, ["k", "l"])) == ["k"]
            assert await journal.streams(CAFE, prefix="points/") == ("points/ana",)
            assert await everything_of(journal) == [("points/ana", 1, "a"), ("points/ana", 2, "b")]
            with pytest.raises(StaleStream) as stale:
                await journal.append(batch(write("points/ana", 1, "c")))
            assert (stale.value.expected, stale.value.found) == (1, 2)
            with pytest.raises(DuplicateKey):
                await journal.append(batch(write("points/ana", 2, "c"), keys=["k"]))
            await journal.keep(CAFE, Snapshot("points/ana", 2, "l", "b"))
            await journal.keep(CAFE, Snapshot("points/ana", 1, "l", "b"))
            assert (await journal.snapshot(CAFE, "points/ana")).version == 2
            assert await journal.snapshot(CAFE, "points/eva") is None
            assert isinstance(journal, Snapshots)
            await journal.append(batch(*(write(f"points/{n}", 0, *"abcde") for n in range(300))))
            assert len(await journal.read(limit=10_000)) == 1_502

    asyncio.run(work())


def test_both_faces_read_and_write_the_same_tables(database):
    async def work():
        async with opened(database) as journal:
            await journal.append(batch(write("points/ana", 0, "a"), keys=["k"]))

    asyncio.run(work())
    blocking = SqlJournal(database)
    blocking.append(batch(write("points/ana", 1, "b")))

    async def look():
        async with opened(database) as journal:
            return await everything_of(journal)

    assert asyncio.run(look()) == [("points/ana", 1, "a"), ("points/ana", 2, "b")]
    assert len(everything(blocking)) == 2
    blocking.close()


def test_an_error_undoes_the_whole_transaction(url):
    async def work():
        async with opened(url) as journal:
            await journal.append(batch(write("points/ana", 0, "a")))
            with pytest.raises(ZeroDivisionError):  # noqa: PT012  # a transaction is several lines
                async with journal.transaction(), journal.transaction():
                    await journal.append(batch(write("points/ana", 1, "b"), keys=["k"]))
                    assert (await ana(journal, lock=True)).version == 2
                    raise ZeroDivisionError
            with pytest.raises(JournalError, match="nothing of it"):  # noqa: PT012  # see above
                async with journal.transaction():
                    await journal.append(batch(write("points/eva", 0, "e")))
                    with pytest.raises(StaleStream):
                        await journal.append(batch(write("points/ana", 7, "b")))
            assert await everything_of(journal) == [("points/ana", 1, "a")]
            async with journal.transaction():
                await journal.append(batch(write("points/ana", 1, "b"), keys=["k"]))
            assert (await ana(journal)).version == 2

    asyncio.run(work())


def test_tasks_that_append_to_one_stream_lose_nothing(url):
    async def work():
        async with opened(url) as journal:

            async def write_some(name):
                done = 0
                while done < 15:
                    try:
                        async with journal.transaction():
                            held = await ana(journal, lock=True)
                            await asyncio.sleep(0)
                            await journal.append(
                                batch(write("points/ana", held.version, f"{name}{done}"), keys=[f"{name}{done}"])
                            )
                    except StaleStream:
                        # Only where nobody can lock a stream that is not there yet.
                        assert not held.version
                        continue
                    done += 1

            await asyncio.gather(*(write_some(name) for name in "abcdef"))
            return await everything_of(journal)

    found = asyncio.run(work())
    assert [version for _, version, _ in found] == list(range(1, 91))
    assert len({name for *_, name in found}) == 90


def test_a_task_does_not_inherit_the_transaction_of_the_one_that_started_it(database):
    async def work():
        async with opened(database) as journal:
            await journal.append(batch(write("points/ana", 0, "a")))
            with pytest.raises(ZeroDivisionError):  # noqa: PT012  # a transaction is several lines
                async with journal.transaction():
                    await journal.append(batch(write("points/ana", 1, "b")))
                    other = await asyncio.create_task(ana(journal))
                    assert other.version == 1
                    assert (await ana(journal)).version == 2
                    raise ZeroDivisionError
            return (await ana(journal)).version

    assert asyncio.run(work()) == 1


def test_a_task_that_is_cancelled_leaves_no_trace_and_nobody_waiting(url):
    async def work():
        async with opened(url) as journal:
            await journal.append(batch(write("points/ana", 0, "a")))
            inside = asyncio.Event()

            async def stuck():
                async with journal.transaction():
                    await journal.append(batch(write("points/ana", 1, "lost"), keys=["k"]))
                    inside.set()
                    await asyncio.sleep(60)

            async def at_any_step():
                async with journal.transaction():
                    held = await ana(journal, lock=True)
                    await journal.append(
                        batch(write("points/ana", held.version, "lost"), write("points/zoe", 0, "lost"))
                    )
                    await asyncio.sleep(60)

            task = asyncio.create_task(stuck())
            await inside.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            for n in range(25):
                task = asyncio.create_task(at_any_step())
                await asyncio.sleep(n / 4_000)
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
            await asyncio.wait_for(journal.append(batch(write("points/ana", 1, "b"), keys=["k"])), 30)
            return await everything_of(journal)

    assert asyncio.run(work()) == [("points/ana", 1, "a"), ("points/ana", 2, "b")]


def test_many_tasks_that_open_a_new_database_at_once_make_its_tables_once(url):
    async def work():
        async with opened(url) as journal:
            await asyncio.gather(*(journal.append(batch(write(f"points/{n}", 0, "a"))) for n in range(12)))
            return len(await journal.read())

    assert asyncio.run(work()) == 12


def test_a_database_that_cannot_serve_is_a_fault_of_the_store(tmp_path):
    async def ask(url):
        async with opened(url) as journal:
            await ana(journal)

    with pytest.raises(JournalError) as caught:
        asyncio.run(ask("postgresql://ana:hunter2@127.0.0.1:1/shop?connect_timeout=2"))
    assert "hunter2" not in str(caught.value)
    with pytest.raises(JournalError, match="not supported"):
        AsyncSqlJournal("postgresql+psycopg2://host/shop")

    raw = SqlJournal(f"sqlite:///{tmp_path}/late.db")
    with raw.transaction():
        raw._database.ask(lambda cursor: cursor.execute("UPDATE fidelity_journal SET schema_version = 99"))
    raw.close()
    with pytest.raises(SchemaError, match="schema 99"):
        asyncio.run(ask(f"sqlite:///{tmp_path}/late.db"))


def test_it_never_shows_its_password():
    assert "hunter2" not in repr(AsyncSqlJournal("postgresql://ana:hunter2@host/shop"))


def test_a_hosts_own_engine_is_used_and_left_open(database):
    plain = database.replace("sqlite:", "sqlite+aiosqlite:")

    async def work():
        engine = create_async_engine(plain)
        journal = AsyncSqlJournal(engine)
        await journal.append(batch(write("points/ana", 0, "a")))
        await journal.close()
        assert (await ana(journal)).version == 1
        await engine.dispose()

    asyncio.run(work())
