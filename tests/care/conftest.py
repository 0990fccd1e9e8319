"""A program at work with the human side beside it, over every kind of journal."""

import pytest

from fidelity import Care, Loyalty
from fidelity.journals import JournalInMemory, SqlJournal
from tests.care.shop import NOON, shop


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def journal(request, tmp_path):
    if request.param == "memory":
        yield JournalInMemory()
        return
    url = f"sqlite:///{tmp_path}/care.db" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    made = SqlJournal(url)
    yield made
    made.close()


@pytest.fixture
def loyalty(journal):
    """With Ana, a member."""
    made = Loyalty(shop(), journal=journal)
    made.enroll("ana", now=NOON)
    return made


@pytest.fixture
def care(loyalty):
    return Care(loyalty)
