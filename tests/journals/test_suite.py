"""Our own journals pass the suite that hosts are given, with all that each of them has."""

from __future__ import annotations

import uuid

import psycopg
import pytest
import sqlalchemy as sa

from fidelity.journals import AsyncSqlJournal, JournalInMemory, SqlJournal
from fidelity.testing import AsyncJournalSuite, JournalSuite
from fidelity.testing.suite import CAPABILITIES, checks


class Memory(JournalSuite):
    """Gone with the process, and it never fails."""

    capabilities = frozenset(CAPABILITIES) - {"durable", "shared", "breakable"}

    def make(self):
        return JournalInMemory()


class SqliteMemory(Memory):
    def make(self):
        return SqlJournal("sqlite://")


class Database:
    """A database that outlives whoever opens it. Its tables are taken away to break it."""

    capabilities = frozenset(CAPABILITIES)
    kind = SqlJournal
    driver = ""

    def url(self):
        return f"sqlite{self.driver}:///{self.folder}/shop.db"

    def make(self):
        return self.kind(self.url())

    def reopen(self, _journal):
        return self.kind(self.url())

    def damage(self, _journal):
        engine = sa.create_engine(self.url().replace(self.driver, "") if self.driver else self.url())
        with engine.begin() as connection:
            for table in sa.inspect(connection).get_table_names():
                connection.execute(sa.text(f"DROP TABLE {table}" + (" CASCADE" if "postgresql" in self.url() else "")))
        engine.dispose()


@pytest.fixture(scope="class")
def postgres_database(postgres_server):
    """A database for all the checks of a class, each of which has a schema of its own."""
    name = f"fidelity_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(postgres_server, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        yield sa.make_url(postgres_server).set(drivername="postgresql+psycopg", database=name)
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


class PostgreSQL(Database):
    #: A lock is on the stream's row, which a new one does not have; whoever is second to write it is told.
    capabilities = Database.capabilities - {"locks new streams"}

    @pytest.fixture(autouse=True)
    def _schema(self, postgres_database, _declared):
        schema = f"shop_{uuid.uuid4().hex[:12]}"
        engine = sa.create_engine(postgres_database, poolclass=sa.NullPool)
        with engine.begin() as connection:
            connection.execute(sa.text(f"CREATE SCHEMA {schema}"))
        self.place = postgres_database.update_query_dict({"options": f"-csearch_path={schema}"})

    def url(self):
        return self.place.render_as_string(hide_password=False)


class TestMemory(Memory):
    pass


class TestSqliteMemory(SqliteMemory):
    pass


class TestSqlite(Database, JournalSuite):
    pass


class TestPostgreSQL(PostgreSQL, JournalSuite):
    pass


class TestAwaitedSqlite(Database, AsyncJournalSuite):
    kind = AsyncSqlJournal
    driver = "+aiosqlite"


class TestAwaitedPostgreSQL(PostgreSQL, AsyncJournalSuite):
    kind = AsyncSqlJournal


OUTLIVES = [74, 75, 76, 77, 78, 79, 80, 83, 84]


@pytest.mark.parametrize(
    ("suite", "spared"),
    [
        (TestMemory, OUTLIVES),
        (TestSqliteMemory, OUTLIVES),
        (TestSqlite, []),
        (TestPostgreSQL, [71]),
        (TestAwaitedSqlite, []),
        (TestAwaitedPostgreSQL, [71]),
    ],
)
def test_no_journal_is_spared_more_than_it_must(suite, spared):
    assert [int(name.split("_")[1]) for name, check in checks().items() if suite().missing(check)] == spared
