"""The journals that tests serve: in memory, on SQLite in a file and in memory, on PostgreSQL."""

from __future__ import annotations

import pytest

from fidelity.journals import JournalInMemory, SqlJournal

DATABASES = ["sqlite", "postgresql"]


@pytest.fixture(params=DATABASES)
def database(request, tmp_path):
    """The URL of an empty database, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/shop.db"
    return request.getfixturevalue("postgres_url")


@pytest.fixture
def opened(database):
    """A function that opens one more journal on the database; all are closed at the end."""
    made = []

    def open_one():
        made.append(SqlJournal(database))
        return made[-1]

    yield open_one
    for each in made:
        each.close()


@pytest.fixture
def stored(opened):
    """A journal on the database."""
    return opened()


@pytest.fixture(params=["memory", "sqlite file", "sqlite memory", "postgresql"])
def journal(request, tmp_path):
    """Any journal."""
    if request.param == "memory":
        yield JournalInMemory()
        return
    urls = {"sqlite file": f"sqlite:///{tmp_path}/shop.db", "sqlite memory": "sqlite://"}
    made = SqlJournal(urls.get(request.param) or request.getfixturevalue("postgres_url"))
    yield made
    made.close()
