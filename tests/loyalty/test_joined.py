"""The earn commits with the host's order, or neither does."""

from __future__ import annotations

import asyncio

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import Session

from fidelity.errors import IdempotencyConflict, NotEnoughPoints
from fidelity.events import Return
from fidelity.journals import AsyncSqlJournal, SqlJournal
from fidelity.loyalty import AsyncLoyalty, Loyalty
from tests.loyalty.aurora import DAY, NOON, aurora, joined, sale

orders = sa.Table("orders", sa.MetaData(), sa.Column("id", sa.Text, primary_key=True))


@pytest.fixture
def engine(database):
    made = sa.create_engine(database)
    orders.metadata.create_all(made)
    yield made
    made.dispose()


@pytest.fixture
def desk(engine):
    journal = SqlJournal(engine)
    made = Loyalty(aurora(), journal)
    made.execute(joined("ana"))
    yield made
    journal.close()


def ordered(engine):
    with engine.connect() as connection:
        return [row[0] for row in connection.execute(sa.select(orders.c.id))]


def order(session, name="O-1"):
    session.execute(orders.insert(), {"id": name})


def test_both_are_committed_together(engine, desk):
    with Session(engine) as session:
        order(session)
        receipt = desk.joined(session).record(sale("T-1", "100 EUR"), now=NOON)
        session.commit()

    assert receipt.points == 100
    assert (ordered(engine), desk.balance("ana", at=NOON).available) == (["O-1"], 100)


def test_neither_is_written_when_the_host_rolls_back(engine, desk):
    with Session(engine) as session:
        order(session)
        desk.joined(session).record(sale("T-1", "100 EUR"), now=NOON)
        session.rollback()

    assert (ordered(engine), desk.balance("ana", at=NOON).available) == ([], 0)
    # The key was never used.
    assert not desk.record(sale("T-1", "100 EUR"), now=NOON).repeated
    assert desk.verify().sound


def test_a_core_connection_joins_as_well(engine, desk):
    with engine.begin() as connection:
        connection.execute(orders.insert(), {"id": "O-1"})
        desk.joined(connection).record(sale("T-1", "100 EUR"), now=NOON)

    assert desk.balance("ana", at=NOON).available == 100


def test_the_desk_learns_nothing_before_the_commit(engine, desk):
    """Neither accounts nor program versions that a host may still take back."""
    changed = Loyalty(aurora(version="2"), desk.journal)
    with Session(engine) as session:
        changed.joined(session).record(sale("T-1", "100 EUR"), now=NOON)
        session.rollback()
    changed.record(sale("T-2", "50 EUR"), now=NOON)

    kinds = [line.entry.kind for line in desk.journal.read() if line.stream.startswith("program/")]
    assert kinds == ["program", "program"]
    assert (changed.balance("ana", at=NOON).available, changed.verify().sound) == (50, True)


def test_a_refusal_leaves_the_hosts_transaction_usable(engine, desk):
    with Session(engine) as session:
        books = desk.joined(session)
        order(session)
        with pytest.raises(NotEnoughPoints):
            books.redeem("ana", "free coffee", key="k", now=NOON)
        books.record(sale("T-1", "200 EUR"), now=NOON)
        books.redeem("ana", "free coffee", key="k", now=NOON)
        with pytest.raises(IdempotencyConflict):
            books.record(sale("T-1", "201 EUR"), now=NOON)
        order(session, "O-2")
        session.commit()

    assert (ordered(engine), desk.balance("ana", at=NOON).available) == (["O-1", "O-2"], 80)


def test_several_commands_and_readings_see_each_other(engine, desk):
    with Session(engine) as session:
        books = desk.joined(session)
        books.execute(joined("eva"))
        books.record(sale("T-1", "100 EUR"), now=NOON)
        books.transfer("ana", to="eva", points=30, key="g", now=NOON)
        assert [books.balance(who, at=NOON).available for who in ("ana", "eva")] == [70, 30]
        again = books.record(sale("T-1", "100 EUR"), now=NOON + DAY)
        assert again.repeated
        session.commit()

    assert [desk.balance(who, at=NOON).available for who in ("ana", "eva")] == [70, 30]
    assert desk.verify().sound


def test_what_was_committed_is_known_afterwards(engine, desk):
    with Session(engine) as session:
        desk.joined(session).record(sale("T-1", "100 EUR"), now=NOON)
        session.commit()

    assert desk.record(sale("T-1", "100 EUR"), now=NOON).repeated
    desk.record(sale("T-2", "10 EUR"), now=NOON)
    assert desk.account("ana", at=NOON).posted == 5


def test_an_async_session_joins_too(request, database):
    driver = database.replace("sqlite://", "sqlite+aiosqlite://")

    async def whole():
        engine = create_async_engine(driver)
        async with engine.begin() as connection:
            await connection.run_sync(orders.metadata.create_all)
        journal = AsyncSqlJournal(engine)
        desk = AsyncLoyalty(aurora(), journal)
        await desk.execute(joined("ana"))
        async with AsyncSession(engine) as session:
            await session.execute(orders.insert(), {"id": "O-1"})
            await desk.joined(session).record(sale("T-1", "100 EUR"), now=NOON)
            await session.rollback()
        between = (await desk.balance("ana", at=NOON)).available
        async with AsyncSession(engine) as session:
            await session.execute(orders.insert(), {"id": "O-1"})
            await desk.joined(session).record(sale("T-1", "100 EUR"), now=NOON)
            await session.commit()
        after = (await desk.balance("ana", at=NOON)).available
        await journal.close()
        await engine.dispose()
        return between, after

    assert asyncio.run(whole()) == (0, 100)


def test_a_joined_desk_that_is_used_again_after_a_rollback_forgets_what_never_happened(engine, desk):
    """The version is published anew, and the books are read anew: both had been taken back."""
    changed = Loyalty(aurora(version="2"), desk.journal)
    with Session(engine) as session:
        books = changed.joined(session)
        books.record(sale("T-1", "100 EUR"), now=NOON)
        session.rollback()
        desk.record(sale("T-0", "7 EUR"), now=NOON)
        books.record(sale("T-2", "50 EUR"), now=NOON)
        session.commit()

    published = [line.entry.version for line in desk.journal.read() if line.entry.kind == "program"]
    assert published == ["2026-01", "2"]
    assert (desk.balance("ana", at=NOON).available, desk.verify().sound) == (57, True)
    third = Loyalty(aurora(version="3"), desk.journal)
    assert third.record(Return("R-1", purchase="T-2", at=NOON), now=NOON).points == 50


def test_a_host_that_keeps_its_transaction_open_keeps_no_other_member_waiting(request, tmp_path):
    """Also not who opens the program for the first time, nor after a checkpoint or a sweep."""
    url = request.getfixturevalue("postgres_url")
    engine = sa.create_engine(url)
    journal = SqlJournal(engine)
    Loyalty(aurora(), journal).execute(joined("ana", "eva"))
    impatient = sa.create_engine(url, connect_args={"options": "-c lock_timeout=500"})
    others = SqlJournal(impatient)
    with engine.connect() as connection, connection.begin():
        Loyalty(aurora(), journal).joined(connection).record(sale("T-1", "100 EUR"), now=NOON)

        fresh = Loyalty(aurora(), others)
        assert fresh.record(sale("T-2", "50 EUR", member="eva"), now=NOON).points == 50
        fresh.checkpoint(NOON)
        assert fresh.record(sale("T-3", "50 EUR", member="eva"), now=NOON).points == 50
    for each in (engine, impatient):
        each.dispose()
