"""Inside the host's own transaction: its order and our entries are written together, or not at all."""

from __future__ import annotations

import asyncio

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from fidelity.errors import DuplicateKey, JournalError, StaleStream
from fidelity.journals import AsyncJournal, AsyncSqlJournal, Journal, SqlJournal
from tests.journals.lines import CAFE, ana, batch, everything, names, write


class Base(DeclarativeBase):
    pass


class Order(Base):
    __tablename__ = "orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    total: Mapped[str]


@pytest.fixture
def engine(database):
    made = sa.create_engine(database)
    Base.metadata.create_all(made)
    yield made
    made.dispose()


@pytest.fixture(params=["session", "connection", "begun connection"])
def host(request, engine):
    """A function that gives the host's unit of work, and says how to put an order into it."""
    kind = request.param

    def put(unit, number):
        unit.execute(sa.insert(Order).values(id=number, total="12.00"))

    def open_one():
        if kind == "session":
            return Session(engine)
        connection = engine.connect()
        if kind == "begun connection":
            connection.begin()
        return connection

    return open_one, put


def orders(engine):
    with engine.connect() as connection:
        return list(connection.execute(sa.select(Order.id).order_by(Order.id)).scalars())


@pytest.mark.parametrize("first", ["order", "entries"])
def test_the_hosts_row_and_our_entries_are_kept_together(stored, engine, host, first):
    open_one, put = host
    with open_one() as unit:
        joined = stored.joined(unit)
        assert isinstance(joined, Journal)
        if first == "order":
            put(unit, 1)
        with joined.transaction():
            assert ana(joined, lock=True).version == 0
            joined.append(batch(write("points/ana", 0, "a"), keys=["k"]))
        if first == "entries":
            put(unit, 1)
        assert everything(joined) == [(CAFE, "points/ana", 1, "a")]
        assert ana(stored).version == 0
        assert orders(engine) == []
        unit.commit()

    assert names(ana(stored)) == ["a"]
    assert list(stored.find(CAFE, ["k"])) == ["k"]
    assert orders(engine) == [1]


@pytest.mark.parametrize("first", ["order", "entries"])
def test_what_the_host_rolls_back_never_was(stored, engine, host, first):
    open_one, put = host
    with open_one() as unit:
        if first == "order":
            put(unit, 1)
        stored.joined(unit).append(batch(write("points/ana", 0, "a"), keys=["k"]))
        if first == "entries":
            put(unit, 1)
        unit.rollback()
    with open_one() as unit:
        stored.joined(unit).append(batch(write("points/ana", 0, "b"), keys=["k"]))

    assert everything(stored) == []
    assert stored.find(CAFE, ["k"]) == {}
    assert orders(engine) == []
    stored.append(batch(write("points/ana", 0, "c"), keys=["k"]))
    assert [each.sequence for each in stored.read()] == [1]


def test_a_failed_append_leaves_the_hosts_transaction_as_it_was(stored, engine, host):
    stored.append(batch(write("points/ana", 0, "a"), keys=["k"]))
    open_one, put = host
    with open_one() as unit:
        joined = stored.joined(unit)
        put(unit, 1)
        joined.append(batch(write("points/zoe", 0, "z")))
        with pytest.raises(StaleStream) as stale:
            joined.append(batch(write("points/eva", 0, "e"), write("points/ana", 0, "b")))
        with pytest.raises(DuplicateKey), joined.transaction():  # noqa: PT012
            joined.append(batch(write("points/eva", 0, "e")))
            joined.append(batch(write("points/ana", 1, "b"), keys=["k"]))
        with pytest.raises(ZeroDivisionError), joined.transaction():  # noqa: PT012
            joined.append(batch(write("points/eva", 0, "e")))
            raise ZeroDivisionError
        put(unit, 2)
        joined.append(batch(write("points/ana", 1, "b")))
        unit.commit()

    assert stale.value.found == 1
    assert orders(engine) == [1, 2]
    assert [(stream, name) for _, stream, _, name in everything(stored)] == [
        ("points/ana", "a"),
        ("points/zoe", "z"),
        ("points/ana", "b"),
    ]


def test_a_failure_of_the_database_inside_leaves_the_hosts_transaction_usable(stored, engine, host):
    open_one, put = host
    with open_one() as unit:
        joined = stored.joined(unit)
        put(unit, 1)
        with pytest.raises(JournalError), joined.transaction():
            joined._database.ask(lambda cursor: cursor.execute("SELECT nothing FROM nowhere"))
        unit.commit()

    assert orders(engine) == [1]


def test_an_orm_object_and_our_entries_are_kept_together(stored, engine):
    with Session(engine) as session, session.begin():
        session.add(Order(id=7, total="12.00"))
        stored.joined(session).append(batch(write("points/ana", 0, "a")))

    assert orders(engine) == [7]
    assert ana(stored).version == 1


def test_a_savepoint_of_the_hosts_takes_our_entries_with_it(stored, engine):
    with Session(engine) as session, session.begin():
        session.add(Order(id=1, total="1.00"))
        stored.joined(session).append(batch(write("points/ana", 0, "a")))
        with pytest.raises(ZeroDivisionError), session.begin_nested():  # noqa: PT012
            session.add(Order(id=2, total="1.00"))
            stored.joined(session).append(batch(write("points/ana", 1, "b")))
            raise ZeroDivisionError

    assert orders(engine) == [1]
    assert names(ana(stored)) == ["a"]


def test_a_host_that_writes_each_statement_at_once_has_nothing_to_join(stored, engine):
    at_once = engine.execution_options(isolation_level="AUTOCOMMIT")
    with at_once.connect() as connection, pytest.raises(JournalError, match="join it within a transaction"):
        stored.joined(connection).append(batch(write("points/ana", 0, "a")))

    assert everything(stored) == []


def test_a_session_on_another_kind_of_database_is_refused(tmp_path, postgres_url):
    journal = SqlJournal(postgres_url)
    engine = sa.create_engine(f"sqlite:///{tmp_path}/host.db")

    with engine.connect() as connection, pytest.raises(JournalError, match=r"sqlite.*postgresql"):
        ana(journal.joined(connection))

    engine.dispose()
    journal.close()


# --- Awaited ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["session", "connection"])
def test_an_awaited_host_and_our_entries_are_kept_or_undone_together(database, engine, kind):
    async def work():
        host = create_async_engine(database.replace("sqlite:", "sqlite+aiosqlite:"))
        journal = AsyncSqlJournal(database)
        await journal.append(batch(write("points/eva", 0, "e")))

        async def buy(number, version, *, fails):
            async with AsyncSession(host) if kind == "session" else host.connect() as unit:
                joined = journal.joined(unit)
                assert isinstance(joined, AsyncJournal)
                await unit.execute(sa.insert(Order).values(id=number, total="1.00"))
                with pytest.raises(StaleStream):
                    await joined.append(batch(write("points/ana", 9, "late")))
                async with joined.transaction():
                    await joined.load(CAFE, ["points/ana"], lock=True)
                    await joined.append(batch(write("points/ana", version, f"a{number}"), keys=[f"k{number}"]))
                assert len(await joined.find(CAFE, [f"k{number}"])) == 1
                await (unit.rollback() if fails else unit.commit())

        await buy(1, 0, fails=True)
        await buy(2, 0, fails=False)
        await buy(3, 1, fails=True)
        await buy(4, 1, fails=False)
        found = names((await journal.load(CAFE, ["points/ana"]))["points/ana"])
        await journal.close()
        await host.dispose()
        return found

    assert asyncio.run(work()) == ["a2", "a4"]
    assert orders(engine) == [2, 4]


def test_a_connection_that_is_not_open_cannot_be_joined(tmp_path):
    engine = create_async_engine(f"sqlite+aiosqlite:///{tmp_path}/shop.db")

    with pytest.raises(JournalError, match="not open yet"):
        AsyncSqlJournal(engine).joined(engine.connect())
