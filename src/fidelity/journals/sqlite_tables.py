"""The tables of a journal on SQLite, and the triggers that keep them: a stream cannot be torn, a line cannot change."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["TABLES"]


def _never(table: str, action: str) -> str:
    return f"""\
CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table} BEGIN
    SELECT RAISE(ABORT, '{table} is append-only: no {action}');
END"""


#: What is made, by name, in this order.
TABLES: Mapping[str, str] = {
    # One row: which tables these are.
    "fidelity_journal": """\
CREATE TABLE fidelity_journal (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    schema_version INTEGER NOT NULL
) STRICT""",
    # One row a stream: its version and the link of its last line.
    "fidelity_heads": """\
CREATE TABLE fidelity_heads (
    program TEXT NOT NULL,
    stream TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    link TEXT NOT NULL,
    PRIMARY KEY (program, stream)
) STRICT, WITHOUT ROWID""",
    # One row a line. `body` is its canonical text; the row's own number is its place in the journal.
    "fidelity_entries": """\
CREATE TABLE fidelity_entries (
    sequence INTEGER NOT NULL PRIMARY KEY,
    program TEXT NOT NULL,
    stream TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    link TEXT NOT NULL,
    UNIQUE (program, stream, version),
    FOREIGN KEY (program, stream) REFERENCES fidelity_heads (program, stream)
) STRICT""",
    # One row a command that was applied: its key can never be used again.
    "fidelity_applied": """\
CREATE TABLE fidelity_applied (
    program TEXT NOT NULL,
    key TEXT NOT NULL,
    digest TEXT NOT NULL,
    receipt TEXT NOT NULL,
    PRIMARY KEY (program, key)
) STRICT, WITHOUT ROWID""",
    # A cache: it may be emptied at any time.
    "fidelity_snapshots": """\
CREATE TABLE fidelity_snapshots (
    program TEXT NOT NULL,
    stream TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    link TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (program, stream)
) STRICT""",
    # INSERT OR REPLACE deletes without asking the triggers below, so what is there is looked for first.
    "fidelity_entries_next": """\
CREATE TRIGGER fidelity_entries_next BEFORE INSERT ON fidelity_entries BEGIN
    SELECT RAISE(ABORT, 'this is not the next version of its stream')
    WHERE NEW.version <> 1 + coalesce(
        (SELECT version FROM fidelity_heads WHERE program = NEW.program AND stream = NEW.stream), 0
    );
    SELECT RAISE(ABORT, 'fidelity_entries is append-only: no REPLACE')
    WHERE EXISTS (SELECT 1 FROM fidelity_entries WHERE sequence = NEW.sequence);
    INSERT INTO fidelity_heads (program, stream, version, link)
    VALUES (NEW.program, NEW.stream, NEW.version, NEW.link)
    ON CONFLICT (program, stream) DO UPDATE SET version = excluded.version, link = excluded.link;
END""",
    "fidelity_entries_last": """\
CREATE TRIGGER fidelity_entries_last AFTER INSERT ON fidelity_entries
WHEN NEW.sequence <> 1 + coalesce((SELECT max(sequence) FROM fidelity_entries WHERE sequence < NEW.sequence), 0)
    OR EXISTS (SELECT 1 FROM fidelity_entries WHERE sequence > NEW.sequence)
BEGIN
    SELECT RAISE(ABORT, 'this is not the next sequence of the journal');
END""",
    "fidelity_applied_once": """\
CREATE TRIGGER fidelity_applied_once BEFORE INSERT ON fidelity_applied
WHEN EXISTS (SELECT 1 FROM fidelity_applied WHERE program = NEW.program AND key = NEW.key)
BEGIN
    SELECT RAISE(ABORT, 'the key is taken already');
END""",
    "fidelity_heads_forward": """\
CREATE TRIGGER fidelity_heads_forward BEFORE UPDATE ON fidelity_heads
WHEN NEW.version <> OLD.version + 1 OR NEW.stream <> OLD.stream OR NEW.program <> OLD.program
BEGIN
    SELECT RAISE(ABORT, 'a head moves with its entries');
END""",
} | {
    f"{table}_no_{action.lower()}": _never(table, action)
    for table, action in [
        ("fidelity_entries", "UPDATE"),
        ("fidelity_entries", "DELETE"),
        ("fidelity_applied", "UPDATE"),
        ("fidelity_applied", "DELETE"),
        ("fidelity_heads", "DELETE"),
    ]
}
