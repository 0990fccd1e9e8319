"""
Nothing that is true of a person stays in the books: a canary is searched in every byte that is stored.

It stands in every place where somebody says something, in names, birth dates, likes and prospects, through one story
that asks everything of `Loyalty` and of `Care` that writes. Before erasure only the store of people holds it; after it,
nothing does.
"""

from __future__ import annotations

import io
import pickle
import sqlite3
from contextlib import suppress
from datetime import date
from pathlib import Path

import attrs
import psycopg
import pytest
import sqlalchemy as sa

from fidelity import Care, Loyalty, Member
from fidelity.care import CareCommand
from fidelity.errors import Refused, ValueRefused
from fidelity.journals import JournalInMemory, SqlJournal, SqlMembers
from fidelity.members import MembersInMemory
from fidelity.prospects import Prospect
from tests.care.whole_story import NOON, POLICY, after, story
from tests.loyalty.aurora import aurora
from tests.loyalty.test_awaited import SHARED, STORY

CANARY = "Zxqcanario"
BORN = date(1931, 8, 23)
#: What would show it in whatever form it is kept.
TRACES = [CANARY, CANARY.lower(), CANARY.upper(), CANARY[::-1], str(BORN), f"{BORN:%d.%m.%Y}", f"{BORN:%Y%m%d}"]
PEOPLE = ["m-1", "m-2", "m-3", "x-1", "x-2", "x-3"]


class Heard(Care):
    """Care, which tells what kinds of commands it was asked."""

    def __init__(self, *given, **more):
        super().__init__(*given, **more)
        self.kinds, self.commands = set(), []

    def execute(self, command):
        self.kinds.add(type(command))
        self.commands.append(command)
        return super().execute(command)


def kinds_of_care(kind=CareCommand):
    for each in kind.__subclasses__():
        # attrs makes a second class with slots; tests have commands of their own.
        if "__attrs_attrs__" in each.__dict__ and each.__module__.startswith("fidelity.care"):
            yield each
        yield from kinds_of_care(each)


def lived(journal, members, kind=Heard):
    """A desk of care, after the whole story of both sides."""
    loyalty = Loyalty(aurora(**SHARED), journal, members=members)
    care = kind(loyalty, POLICY)
    for each in PEOPLE[:3]:
        loyalty.enroll(each, now=NOON)
    for each in ("m-1", "m-2", "m-3", "u-7", "ana", "eva", "old", "leo", "ivo"):
        members.save(Member(each, name=f"{CANARY} of Madrid", birth_date=BORN))
    loyalty.keep_prospect(
        Prospect("p-9", source="fair", name=CANARY, needs=[CANARY], consent={"contact": date(2026, 1, 2)})
    )
    for name, given, more in story(f"{CANARY} said so"):
        getattr(care, name)(*given, **more)
    loyalty.merge("m-2", into="m-1", key="merged", now=after(201))
    for name, given, more in STORY:
        told = [attrs.evolve(each, name=CANARY) if isinstance(each, Prospect) else each for each in given]
        getattr(loyalty, name)(*told, **more)
    return care


def found_in(stored):
    return sorted({each for each in TRACES if each.encode() in stored})


def memory_bytes(journal):
    """Everything that the journal holds but its locks."""
    return b"".join(pickle.dumps(each) for each in vars(journal).values() if "lock" not in type(each).__name__.lower())


def sqlite_bytes(path):
    """Every byte of the database, of its log and of its journal."""
    return b"".join(each.read_bytes() for each in sorted(path.parent.glob(f"{path.name}*")))


def postgresql_bytes(url):
    """Every row of every table, as text and as the server sends it."""
    plain, stored = sa.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False), io.BytesIO()
    with psycopg.connect(plain) as server:
        tables = server.execute(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
            " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()
        assert len(tables) >= 4
        for (table,) in tables:
            for form in ("text", "binary"):
                with server.cursor().copy(f"COPY {table} TO STDOUT (FORMAT {form})") as rows:
                    for row in rows:
                        stored.write(bytes(row))
    return stored.getvalue()


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def kept(request, tmp_path):
    """A journal, and what reads every byte that it stores."""
    if request.param == "memory":
        journal = JournalInMemory()
        yield journal, lambda: memory_bytes(journal)
        return
    path = Path(tmp_path) / "care.db"
    url = f"sqlite:///{path}" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    journal = SqlJournal(url)
    yield journal, lambda: sqlite_bytes(path) if request.param == "sqlite" else postgresql_bytes(url)
    journal.close()


def test_what_is_true_of_a_person_is_in_no_stored_byte_of_ours(kept):
    journal, stored = kept
    members = MembersInMemory()
    care = lived(journal, members)
    assert care.kinds == set(kinds_of_care())

    before = stored()
    assert b"cold soup" in before  # what is searched is what is stored
    assert b"promise stated" in before
    assert found_in(before) == []
    people = repr([members.get(each) for each in PEOPLE] + [members.payloads(each) for each in PEOPLE])
    assert CANARY in people
    # A retry keeps nothing more, and its answers hold nothing either.
    for command in care.commands[:40]:
        assert CANARY not in repr(care.loyalty.journal.find(care.loyalty.program.name, [f"key/{command.key}"]))
        assert CANARY not in repr(command)

    for each in [*PEOPLE, "p-9", "u-7", "staff/u-7", "staff/u-8", "organization", "ana", "eva", "old", "leo", "ivo"]:
        care.loyalty.erase(each)
    assert found_in(stored()) == []
    assert CANARY not in repr(members.__dict__)
    assert care.loyalty.verify().breaches == ()


def test_people_who_are_kept_in_a_database_of_ours_leave_no_byte_once_they_are_erased(tmp_path):
    path = Path(tmp_path) / "people.db"
    members = SqlMembers(f"sqlite:///{path}")
    care = lived(JournalInMemory(), members)
    assert CANARY in found_in(sqlite_bytes(path))
    with sqlite3.connect(path) as found:
        owners = {
            owner
            for (owner,) in found.execute(
                "SELECT member FROM fidelity_payloads UNION SELECT member FROM fidelity_members"
            )
        }
    for each in owners:
        care.loyalty.erase(each)
    assert found_in(sqlite_bytes(path)) == []
    members.close()


#: What the host names by ids of its own: they stay opaque, as `Members` says.
IDS = {"member", "prospect", "employee", "by", "payment", "key", "words"}
SENTENCE = f"she told us that {CANARY} has moved"


def swapped(command):
    """*command* with a sentence in the place of one of its texts, once for each of them."""
    for each in attrs.fields(type(command)):
        value = getattr(command, each.name)
        if each.name in IDS:
            continue
        if isinstance(value, str):
            yield each.name, SENTENCE
        elif isinstance(value, tuple) and all(isinstance(one, str) for one in value):
            yield each.name, (SENTENCE,)
        elif isinstance(value, dict):
            yield each.name, {SENTENCE: next(iter(value.values()), "5 EUR")}


class Tempted(Heard):
    """Care, which is told a sentence in the place of each text, right before the command as it should be."""

    tried, taken = 0, ()

    def execute(self, command):
        for name, text in swapped(command):
            self.tried += 1
            with suppress(Refused, ValueRefused):
                super().execute(attrs.evolve(command, key=f"{command.key} {name}", **{name: text}))
                self.taken += (f"{command.name}: {name}",)
        return super().execute(command)


def test_no_text_of_a_command_takes_a_sentence():
    journal = JournalInMemory()
    care = lived(journal, MembersInMemory(), Tempted)
    assert care.tried > 100
    assert care.taken == ()
    assert found_in(memory_bytes(journal)) == []
