"""Databases, crowds, and what must be true of the books however many have written in them."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from fidelity.journals import SqlJournal
from fidelity.loyalty import Loyalty
from tests.concurrency.crowd import Crowd
from tests.concurrency.jobs import cafe
from tests.loyalty.aurora import NOON


@pytest.fixture(scope="session")
def crowd():
    """Eight processes."""
    made = Crowd(8)
    yield made
    made.leave()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path):
    """The URL of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/cafe.db"
    return request.getfixturevalue("postgres_url")


@pytest.fixture
def journal(database):
    made = SqlJournal(database)
    yield made
    made.close()


@pytest.fixture
def loyalty(journal):
    return Loyalty(cafe(), journal=journal)


@pytest.fixture
def rows(database):
    """How many lines each stream has: as its head says, as they are counted, and as the last of them says."""

    def counted():
        engine = sa.create_engine(database)
        with engine.connect() as connection:
            heads = dict(connection.execute(sa.text("SELECT stream, version FROM fidelity_heads")).fetchall())
            found = connection.execute(
                sa.text("SELECT stream, count(*), max(version) FROM fidelity_entries GROUP BY stream")
            )
            entries = {stream: (count, last) for stream, count, last in found}
            keys = connection.execute(sa.text("SELECT count(*) FROM fidelity_applied")).scalar_one()
        engine.dispose()
        assert entries == {stream: (version, version) for stream, version in heads.items()}
        return heads, keys

    return counted


@pytest.fixture
def sound(journal, rows):
    """A function that looks at everything with fresh eyes: heads, rows, chain, and that each account adds up."""

    def looked(**changed):
        desk = Loyalty(cafe(**changed), journal=journal)
        assert desk.verify().breaches == ()
        accounts = {account.member: account for account in desk.accounts(at=NOON)}
        for account in accounts.values():
            account.check()
        heads, keys = rows()
        assert sum(heads.values()) == len(journal.read(limit=1_000_000))
        return accounts, heads, keys

    return looked
