"""A journal of the first release is brought up to date on opening: every line, key and sequence, and links as well."""

from __future__ import annotations

import sqlite3
import threading

import pytest

from fidelity.entries.chain import genesis, link, seal
from fidelity.entries.codec import canonical, to_plain
from fidelity.errors import SchemaError
from fidelity.journals import Applied, SqlJournal
from tests.journals.lines import CAFE, ana, batch, entry, everything, names, write

#: The tables as release 0.1 made them.
FIRST = """
CREATE TABLE fidelity_journal (
    id INTEGER NOT NULL CHECK (id = 1),
    schema_version INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE TABLE fidelity_heads (
    program TEXT NOT NULL,
    stream TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    PRIMARY KEY (program, stream)
) WITHOUT ROWID, STRICT;
CREATE TABLE fidelity_entries (
    sequence INTEGER NOT NULL,
    program TEXT NOT NULL,
    stream TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (sequence),
    UNIQUE (program, stream, version),
    FOREIGN KEY(program, stream) REFERENCES fidelity_heads (program, stream)
) STRICT;
CREATE TABLE fidelity_applied (
    program TEXT NOT NULL,
    "key" TEXT NOT NULL,
    digest TEXT NOT NULL,
    receipt TEXT NOT NULL,
    PRIMARY KEY (program, "key")
) WITHOUT ROWID, STRICT;
INSERT INTO fidelity_journal VALUES (1, 1, 5);
INSERT INTO fidelity_heads VALUES ('café', 'points/ana', 3), ('café', 'points/eva', 1), ('books', 'points/ana', 1);
INSERT INTO fidelity_applied VALUES ('café', 'k', 'd', '{"points":3}');
"""

LINES = [
    ("café", "points/ana", 1, "a1"),
    ("café", "points/eva", 1, "e1"),
    ("books", "points/ana", 1, "b1"),
    ("café", "points/ana", 2, "a2"),
    ("café", "points/ana", 3, "a3"),
]


@pytest.fixture
def first(tmp_path):
    """A file of release 0.1, as an open connection."""
    raw = sqlite3.connect(tmp_path / "shop.db", isolation_level=None)
    raw.executescript(FIRST)
    for sequence, (program, stream, version, name) in enumerate(LINES, 1):
        body = canonical(to_plain(entry(name))).decode()
        row = (sequence, program, stream, version, "released", body)
        raw.execute("INSERT INTO fidelity_entries VALUES (?, ?, ?, ?, ?, ?)", row)
    yield raw
    raw.close()


def opened(tmp_path):
    return SqlJournal(f"sqlite:///{tmp_path}/shop.db")


def test_every_line_and_key_keeps_its_place(first, tmp_path):
    journal = opened(tmp_path)

    assert everything(journal) == LINES
    assert [each.sequence for each in journal.read()] == [1, 2, 3, 4, 5]
    assert journal.find(CAFE, ["k"]) == {"k": Applied("k", "d", {"points": 3})}
    assert first.execute("SELECT name FROM sqlite_master WHERE name GLOB 'fidelity_*_1'").fetchall() == []
    journal.close()


def test_the_chain_is_the_one_that_a_writer_of_today_would_have_made(first, tmp_path):
    journal = opened(tmp_path)

    expected = seal([entry("a1"), entry("a2"), entry("a3")], genesis(CAFE, "points/ana"))
    assert ana(journal).lines == expected
    assert ana(journal, program="books").link == link(
        genesis("books", "points/ana"), expected[0].body.replace("a1", "b1")
    )
    assert first.execute("SELECT link FROM fidelity_heads WHERE version = 3").fetchall() == [(expected[-1].link,)]
    journal.close()


def test_it_goes_on_from_there_and_is_moved_once(first, tmp_path):
    journal = opened(tmp_path)
    journal.append(batch(write("points/ana", 3, "a4")))
    journal.close()

    again = opened(tmp_path)

    assert names(ana(again)) == ["a1", "a2", "a3", "a4"]
    assert again.read()[-1].sequence == 6
    again.close()


def test_those_who_open_it_at_once_move_it_once(first, tmp_path):
    found = []

    def look():
        journal = opened(tmp_path)
        found.append(everything(journal))
        journal.close()

    threads = [threading.Thread(target=look) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == [LINES] * 6


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM fidelity_entries WHERE sequence = 2",
        "DELETE FROM fidelity_entries WHERE sequence = 5",
        "DELETE FROM fidelity_entries WHERE sequence = 1",
        "UPDATE fidelity_heads SET version = 4 WHERE version = 3",
        "UPDATE fidelity_journal SET sequence = 6",
        "DROP TABLE fidelity_applied",
    ],
)
def test_a_damaged_one_is_refused_and_left_as_it_was(first, tmp_path, damage):
    first.execute(damage)
    before = list(first.iterdump())

    with pytest.raises(SchemaError):
        opened(tmp_path)

    assert list(first.iterdump()) == before


def test_keys_of_old_commands_are_still_theirs(first, tmp_path):
    """What was applied before stays applied: one key serves one command now, whatever its kind."""
    kinds = ("redeem", "hold", "capture", "release")
    keys = [*(f"{kind}/k{n}" for n, kind in enumerate(kinds)), "enroll/ana", "record/purchase/T-1", "release/k0"]
    first.executemany("INSERT INTO fidelity_applied VALUES ('café', ?, 'd', '{}')", [(key,) for key in keys])

    journal = SqlJournal(f"sqlite:///{tmp_path}/shop.db")

    now = [*(f"key/k{n}" for n in range(4)), "enroll/ana", "record/purchase/T-1", "k"]
    assert sorted(journal.find("café", now)) == sorted(now)
    journal.close()
