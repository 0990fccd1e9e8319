"""Databases that crashes happen on."""

from __future__ import annotations

import pytest

from fidelity.journals import SqlJournal
from tests.crashes.nursery import Nursery


@pytest.fixture(scope="session")
def nursery():
    made = Nursery()
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
