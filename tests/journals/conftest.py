"""The journals that one suite serves: memory, SQLite in a file, SQLite in memory."""

from __future__ import annotations

import pytest

from fidelity.journals import JournalInMemory, SqlJournal


@pytest.fixture(params=["memory", "sqlite file", "sqlite memory"])
def journal(request, tmp_path):
    if request.param == "memory":
        yield JournalInMemory()
        return
    made = SqlJournal("sqlite://" if request.param == "sqlite memory" else f"sqlite:///{tmp_path}/shop.db")
    yield made
    made.close()
