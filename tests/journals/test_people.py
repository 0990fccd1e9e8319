"""People: kept beside the books, and gone when they are erased, from the file as well."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from fidelity.errors import ExactnessError, JournalError, SchemaError, ValueRefused
from fidelity.journals import AsyncSqlMembers, SqlJournal, SqlMembers
from fidelity.members import AsyncMembers, Member, Members, MembersInMemory
from fidelity.values.money import money
from tests.journals.lines import ana, batch, write

ANA = Member(
    "m-1",
    name="Ana María Ñúñez",
    language="es-MX",
    birth_date=date(1990, 2, 29 - 1),
    fields={
        "vip": True,
        "shoe": 38,
        "spent": money("12.50 EUR"),
        "since": date(2020, 1, 2),
        "seen": datetime(2026, 1, 5, 12, tzinfo=UTC),
        "likes": frozenset({"jazz", "soul"}),
        "note": "'; drop table fidelity_members; --",
    },
)


class Blocking:
    """The awaited store, called as the other ones are."""

    def __init__(self, database):
        self._database = database

    def __getattr__(self, name):
        async def ask(*values):
            members = AsyncSqlMembers(self._database)
            try:
                return await getattr(members, name)(*values)
            finally:
                await members.close()

        return lambda *values: asyncio.run(ask(*values))


@pytest.fixture(params=["memory", "sqlite", "postgresql", "awaited sqlite", "awaited postgresql"])
def members(request, tmp_path):
    if request.param == "memory":
        yield MembersInMemory()
        return
    url = (
        request.getfixturevalue("postgres_url") if "postgresql" in request.param else f"sqlite:///{tmp_path}/people.db"
    )
    if "awaited" in request.param:
        yield Blocking(url)
        return
    made = SqlMembers(url)
    yield made
    made.close()


def test_a_person_comes_back_as_saved_and_the_last_save_counts(members):
    assert members.get("m-1") is None

    members.save(Member("m-1", name="somebody"))
    members.save(Member("m-2"))
    members.save(ANA)

    assert members.get("m-1") == ANA
    assert members.get("m-2") == Member("m-2")
    assert members.get("M-1") is None


def test_payloads_are_kept_by_name_for_known_and_unknown_people(members):
    said = {"words": "Très bon! 'quoted' %s", "stars": 5, "lines": [{"of": None}, True]}

    members.keep("m-1", "feedback/2", {"words": "first"})
    members.keep("m-1", "feedback/2", said)
    members.keep("m-1", "feedback/1", {})
    members.keep("m-2", "feedback/2", {"words": "not hers"})
    said["words"] = "changed by the caller"

    assert list(members.payloads("m-1")) == ["feedback/1", "feedback/2"]
    assert members.payloads("m-1")["feedback/2"]["words"] == "Très bon! 'quoted' %s"
    assert members.payloads("nobody") == {}


def test_one_payload_is_forgotten_and_the_others_stay(members):
    members.keep("ana", "reasons/c-1", {"words": "a lost job"})
    members.keep("ana", "reasons/c-2", {"words": "a move"})
    members.keep("eva", "reasons/c-1", {"words": "an illness"})
    members.forget("ana", "reasons/c-1")
    members.forget("ana", "reasons/c-1")
    members.forget("nobody", "reasons/c-1")
    assert dict(members.payloads("ana")) == {"reasons/c-2": {"words": "a move"}}
    assert dict(members.payloads("eva")) == {"reasons/c-1": {"words": "an illness"}}


def test_who_is_erased_is_gone_with_all_payloads_and_nobody_else_is(members):
    members.save(ANA)
    members.save(Member("m-2", name="Eva"))
    members.keep("m-1", "feedback/1", {"words": "secret"})
    members.keep("m-2", "feedback/1", {"words": "hers"})

    members.erase("m-1")
    members.erase("m-1")
    members.erase("nobody")

    assert members.get("m-1") is None
    assert members.payloads("m-1") == {}
    assert members.get("m-2") == Member("m-2", name="Eva")
    assert members.payloads("m-2") == {"feedback/1": {"words": "hers"}}
    members.save(ANA)
    assert members.payloads("m-1") == {}


@pytest.mark.parametrize("payload", [{"a": 1.5}, {"a": {1: 2}}, {"a": object()}, {"a": "\ud800"}])
def test_what_is_not_plain_is_refused(members, payload):
    with pytest.raises((ValueRefused, ExactnessError)):
        members.keep("m-1", "feedback/1", payload)

    assert members.payloads("m-1") == {}


def test_they_are_stores_of_people(database):
    stored = SqlMembers(database)

    assert isinstance(stored, Members)
    assert isinstance(MembersInMemory(), Members)
    assert isinstance(AsyncSqlMembers(database), AsyncMembers)
    stored.close()


@pytest.mark.parametrize("name", ["a\0b", "\ud800"])
def test_what_no_database_can_keep_is_refused_before_it_comes_there(database, name):
    stored = SqlMembers(database)

    for ask in (
        lambda: stored.get(name),
        lambda: stored.save(Member(name)),
        lambda: stored.save(Member("m", name=name)),
        lambda: stored.keep(name, "n", {}),
        lambda: stored.keep("m", name, {}),
        lambda: stored.payloads(name),
        lambda: stored.erase(name),
    ):
        with pytest.raises(ValueRefused, match="cannot be stored"):
            ask()
    stored.close()


def test_people_and_books_live_in_one_database_and_the_books_survive_an_erasure(database):
    people, journal = SqlMembers(database), SqlJournal(database)
    people.save(ANA)
    journal.append(batch(write("points/m-1", 0, "a"), write("points/ana", 0, "b")))

    people.erase("m-1")

    assert ana(journal).version == 1
    SqlJournal(database).close()
    SqlMembers(database).close()
    people.close()
    journal.close()


def test_nothing_legible_is_left_in_the_files_of_sqlite(tmp_path):
    """Not of what was erased, nor of what was saved over, nor in the write-ahead log."""
    people = SqlMembers(f"sqlite:///{tmp_path}/people.db")
    people.save(Member("m-1", name="Anastasia Firstname"))
    for n in range(200):
        people.save(Member(f"x-{n}", name=f"Somebody Else {n}", fields={"words": "lorem ipsum " * 20}))
    people.save(Member("m-1", name="Anastasia Secondname", fields={"note": "Anastasia likes jazz"}))
    people.keep("m-1", "feedback/1", {"words": "Anastasia was here " * 300})

    people.erase("m-1")

    left = b"".join(file.read_bytes() for file in Path(tmp_path).iterdir())
    assert b"Somebody Else 7" in left
    assert b"Anastasia" not in left
    people.close()


def test_nothing_is_left_in_the_tables_of_postgresql(postgres_url):
    people = SqlMembers(postgres_url)
    people.save(ANA)
    people.keep("m-1", "feedback/1", {"words": "secret"})

    people.erase("m-1")

    with psycopg.connect(postgres_url.replace("+psycopg", "")) as raw:
        assert raw.execute("SELECT count(*) FROM fidelity_members").fetchone() == (0,)
        assert raw.execute("SELECT count(*) FROM fidelity_payloads").fetchone() == (0,)
    people.close()


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE fidelity_members_schema SET version = 9",
        "DELETE FROM fidelity_members_schema",
        "DROP TABLE fidelity_payloads",
    ],
)
def test_tables_that_are_not_as_they_should_be_are_refused(database, damage):
    SqlMembers(database).close()
    engine = sa.create_engine(database)
    with engine.begin() as connection:
        connection.execute(sa.text(damage))
    engine.dispose()

    with pytest.raises(SchemaError):
        SqlMembers(database)


def test_a_store_that_cannot_be_reached_is_a_fault_of_the_store():
    with pytest.raises(JournalError):
        SqlMembers("sqlite:////no/such/folder/people.db")
    assert "hunter2" not in repr(AsyncSqlMembers("postgresql://ana:hunter2@host/shop"))
