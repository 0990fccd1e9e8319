"""The journal over Django's ORM passes the suite that hosts are given, whole, on SQLite and on PostgreSQL."""

from __future__ import annotations

import shutil
import uuid

import pytest

from tests.examples.needs import needs

needs("django")

from tests.examples import django_rooms as rooms  # isort: skip  (it wakes Django)

from django.db import connections

from books.journal import DjangoJournal
from fidelity.testing import JournalSuite
from fidelity.testing.suite import CAPABILITIES, checks


class Django:
    """A database that outlives whoever opens it. Its tables are taken away to break it."""

    capabilities = frozenset(CAPABILITIES)

    def make(self):
        self.place = self.new()
        return self.reopen(None)

    def reopen(self, _journal):
        self.aliases = [*getattr(self, "aliases", []), rooms.named(f"books_{uuid.uuid4().hex[:8]}", self.place)]
        return DjangoJournal(self.aliases[-1])

    def damage(self, journal):
        with connections[journal._alias].cursor() as cursor:
            for table in ("line", "stream", "key"):
                cursor.execute(f"DROP TABLE books_{table}")

    def over(self):
        for alias in self.aliases:
            rooms.forget(alias)


@pytest.fixture(scope="class")
def migrated_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("shop") / "shop.sqlite3"
    rooms.migrated(rooms.sqlite(path))
    return path


class TestSqlite(Django, JournalSuite):
    @pytest.fixture(autouse=True)
    def _file(self, migrated_file, tmp_path, _declared):
        self.file, self.folder = migrated_file, tmp_path

    def new(self):
        shutil.copy(self.file, self.folder / "shop.sqlite3")
        return rooms.sqlite(self.folder / "shop.sqlite3")


@pytest.fixture(scope="class")
def migrated_database(postgres_server):
    name = rooms.created(postgres_server)
    rooms.migrated(rooms.postgres(postgres_server, name))
    yield name
    rooms.dropped(postgres_server, name)


class TestPostgreSQL(Django, JournalSuite):
    @pytest.fixture(autouse=True)
    def _database(self, migrated_database, postgres_server, _declared):
        self.server, self.template, self.made = postgres_server, migrated_database, []
        yield
        for name in self.made:
            rooms.dropped(self.server, name)

    def new(self):
        self.made.append(rooms.created(self.server, self.template))
        return rooms.postgres(self.server, self.made[-1])


@pytest.mark.parametrize("suite", [TestSqlite, TestPostgreSQL])
def test_no_check_is_spared(suite):
    assert [name for name, check in checks().items() if suite().missing(check)] == []
