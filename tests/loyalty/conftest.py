"""Café Aurora at work, over every kind of journal."""

from __future__ import annotations

import pytest

from fidelity.journals import JournalInMemory, SqlJournal
from fidelity.loyalty import Loyalty
from tests.loyalty.aurora import aurora


@pytest.fixture(params=["memory", "sqlite"])
def journal(request, tmp_path):
    if request.param == "memory":
        yield JournalInMemory()
        return
    made = SqlJournal(f"sqlite:///{tmp_path}/cafe.db")
    yield made
    made.close()


@pytest.fixture
def loyalty(journal):
    return Loyalty(aurora(), journal=journal)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path):
    """The URL of an empty database, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/cafe.db"
    return request.getfixturevalue("postgres_url")
