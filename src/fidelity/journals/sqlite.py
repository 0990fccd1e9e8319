"""A journal's statements on SQLite: WAL, every commit on the disk before it is acknowledged, one writer at a time.

Knows connections, transactions and rows. Does not know entries.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, ClassVar

from fidelity.errors import JournalError
from fidelity.journals import sqlite_tables
from fidelity.journals.rows import Cursor, Driver, Resumed, Rows, chunks, past_prefix, resumed

__all__ = ["Sqlite"]

#: How many rows one INSERT brings. More is no faster, and every host's SQLite has room for the values.
_ROWS = 100

_TAIL = """\
SELECT h.stream, h.version, e.version, e.body, e.link
FROM fidelity_heads h
LEFT JOIN fidelity_entries e ON e.program = h.program AND e.stream = h.stream AND e.version > ?
WHERE h.program = ? AND h.stream = ?
ORDER BY e.version"""

_TAILS = """\
SELECT h.stream, h.version, e.version, e.body, e.link
FROM json_each(?) w
CROSS JOIN fidelity_heads h ON h.program = ? AND h.stream = json_extract(w.value, '$[0]')
LEFT JOIN fidelity_entries e
  ON e.program = h.program AND e.stream = h.stream AND e.version > json_extract(w.value, '$[1]')
ORDER BY w.key, e.version"""

# The snapshot comes once, with the line that follows it: each row of a long tail would bring its text again.
# Not ordered here, for the database would copy every line to sort what comes in order anyway.
_RESUMED = """\
SELECT h.stream, h.version, e.version, e.body, e.link, s.version,
  iif(coalesce(e.version, s.version + 1) = s.version + 1, s.link, NULL),
  iif(coalesce(e.version, s.version + 1) = s.version + 1, s.body, NULL)
FROM (SELECT json_extract(value, '$[0]') AS stream, json_extract(value, '$[1]') AS after FROM json_each(?)) w
CROSS JOIN fidelity_heads h ON h.program = ? AND h.stream = w.stream
LEFT JOIN fidelity_snapshots s ON w.after IS NULL AND s.program = h.program AND s.stream = h.stream
LEFT JOIN fidelity_entries e
  ON e.program = h.program AND e.stream = h.stream AND e.version > coalesce(w.after, s.version, 0)"""

_VERSIONS = """\
SELECT stream, version FROM fidelity_heads
WHERE program = ? AND stream IN (SELECT value FROM json_each(?))"""

_KEY = "SELECT key, digest, receipt FROM fidelity_applied WHERE program = ? AND key = ?"
_KEYS = (
    "SELECT key, digest, receipt FROM fidelity_applied WHERE program = ? AND key IN (SELECT value FROM json_each(?))"
)

_READ = """\
SELECT program, stream, version, sequence, body, link FROM fidelity_entries
WHERE sequence > ? ORDER BY sequence LIMIT ?"""
_READ_PROGRAM = _READ.replace("sequence > ?", "sequence > ? AND program = ?")

_STREAMS = "SELECT stream FROM fidelity_heads WHERE program = ? AND stream > ? ORDER BY stream LIMIT ?"
_STREAMS_FROM = _STREAMS.replace("stream > ?", "stream > ? AND stream >= ?")
_STREAMS_UNTIL = _STREAMS.replace("stream > ?", "stream > ? AND stream >= ? AND stream < ?")

_SNAPSHOT = "SELECT version, link, body FROM fidelity_snapshots WHERE program = ? AND stream = ?"
_KEEP = """\
INSERT INTO fidelity_snapshots (program, stream, version, link, body) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (program, stream) DO UPDATE SET version = excluded.version, link = excluded.link, body = excluded.body
WHERE excluded.version > version"""


class Sqlite:
    """
    What a journal needs of SQLite.

    Args:
        shared: Every connection is the same one, as that of a database in memory.
    """

    name: ClassVar[str] = "sqlite"
    tables = sqlite_tables.TABLES
    #: Writers of one process take turns before they ask the database, which would let them sleep and try again.
    one_writer: ClassVar[bool] = True
    #: How long a writer waits for the one before it.
    patience_ms: ClassVar[int] = 60_000

    def __init__(self, *, shared: bool = False) -> None:
        self.shared = shared

    # Connections

    def prepare(self, driver: Driver) -> None:
        """WAL, full synchronization, foreign keys; at once after the first time."""
        if "fidelity" in driver.info:
            return
        cursor = driver.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {self.patience_ms}")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA synchronous = FULL")
        if not self.shared:
            self._write_ahead(cursor)
        driver.info["fidelity"] = True

    def _write_ahead(self, cursor: Cursor) -> None:
        # Two processes that open a new file at once: the switch does not wait, so it is tried again.
        deadline = time.monotonic() + self.patience_ms / 1000
        while True:
            try:
                cursor.execute("PRAGMA journal_mode = WAL")
                (mode,) = cursor.fetchone()
            except sqlite3.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.01)
                continue
            if mode != "wal":
                message = f"SQLite keeps its log as {mode!r} here, not write-ahead; use a local file"
                raise JournalError(message, found=mode)
            return

    def begin(self, driver: Driver, cursor: Cursor) -> None:
        """
        Begin a transaction that may write, one at a time, from its first read on.

        The driver's own transactions begin too late: at the first write, after the reads that the write rests on.
        """
        if driver.driver_connection.in_transaction:
            driver.rollback()
        cursor.execute("BEGIN IMMEDIATE")

    def join(self, driver: Driver, cursor: Cursor) -> None:
        """Make sure that the host's transaction has begun: its driver waits for a write, a savepoint must not."""
        connection = driver.driver_connection
        if connection.in_transaction:
            return
        if connection.isolation_level is None:
            message = "the connection writes each statement at once; join it within a transaction"
            raise JournalError(message)
        cursor.execute("BEGIN IMMEDIATE")

    def refused(self, error: Exception) -> bool:
        """Whether a constraint or a trigger stood in the way."""
        return isinstance(error, sqlite3.IntegrityError)

    def retryable(self, error: Exception) -> bool:  # noqa: ARG002  (writers take turns, so none is ever in the way)
        """Whether another writer was in the way, so that it is worth trying again."""
        return False

    def broken(self, driver: Driver) -> bool:  # noqa: ARG002  (a file does not hang up)
        """Whether the connection is of no use any more."""
        return False

    # Streams

    def tails(
        self, cursor: Cursor, program: str, wanted: Sequence[tuple[str, int]], *, lock: bool
    ) -> Sequence[tuple[Any, ...]]:
        """
        For each stream that exists its name and version, with version, body and link of each line after the one given.

        A stream without such lines is one row, the rest of it None. The transaction is the only writer,
        so *lock* adds nothing.
        """
        del lock
        if len(wanted) == 1:
            ((stream, after),) = wanted
            cursor.execute(_TAIL, (after, program, stream))
        else:
            cursor.execute(_TAILS, (json.dumps(wanted), program))
        return cursor.fetchall()

    def resumed(self, cursor: Cursor, program: str, wanted: Sequence[tuple[str, int | None]], *, lock: bool) -> Resumed:
        """The snapshot of each stream whose version is None, and as `tails` what comes after that."""
        del lock
        cursor.execute(_RESUMED, (json.dumps(wanted), program))
        return resumed(sorted(cursor.fetchall(), key=_stream_and_version))

    def versions(self, cursor: Cursor, program: str, streams: Sequence[str]) -> dict[str, int]:
        """The versions of those *streams* that exist."""
        cursor.execute(_VERSIONS, (program, json.dumps(streams)))
        return dict(cursor.fetchall())

    def streams(self, cursor: Cursor, program: str, prefix: str, after: str, limit: int) -> Sequence[tuple[str]]:
        """Up to *limit* names in the order of their code points."""
        end = past_prefix(prefix)
        if not prefix:
            cursor.execute(_STREAMS, (program, after, limit))
        elif end is None:
            cursor.execute(_STREAMS_FROM, (program, after, prefix, limit))
        else:
            cursor.execute(_STREAMS_UNTIL, (program, after, prefix, end, limit))
        return cursor.fetchall()

    # What is written

    def append(self, cursor: Cursor, rows: Rows) -> bool:
        """Write *rows*; triggers keep the heads and refuse any version but the next."""
        program = rows.program
        for chunk in chunks(rows.entries, _ROWS):
            cursor.execute(_add_entries(len(chunk)), [value for row in chunk for value in (program, *row)])
        for chunk in chunks(rows.keys, _ROWS):
            cursor.execute(_add_keys(len(chunk)), [value for row in chunk for value in (program, *row)])
        return True

    # Keys

    def keys(self, cursor: Cursor, program: str, keys: Sequence[str]) -> Sequence[tuple[str, str, str]]:
        """Key, digest and receipt of each of *keys* that is taken."""
        if len(keys) == 1:
            cursor.execute(_KEY, (program, keys[0]))
        else:
            cursor.execute(_KEYS, (program, json.dumps(keys)))
        return cursor.fetchall()

    # The order of the journal

    def unnumbered(self, cursor: Cursor) -> bool:  # noqa: ARG002  (one writer at a time: the row's number is its place)
        """Whether there are entries that have no place in the order yet."""
        return False

    def number(self, cursor: Cursor) -> bool:  # noqa: ARG002  (see `unnumbered`)
        """Nothing to do."""
        return False

    def read(self, cursor: Cursor, program: str | None, after: int, limit: int) -> Sequence[tuple[Any, ...]]:
        """Program, stream, version, sequence, body and link of each line."""
        if program is None:
            cursor.execute(_READ, (after, limit))
        else:
            cursor.execute(_READ_PROGRAM, (after, program, limit))
        return cursor.fetchall()

    # Snapshots

    def snapshot(self, cursor: Cursor, program: str, stream: str) -> tuple[int, str, str] | None:
        """Version, link and body of the snapshot of *stream*."""
        cursor.execute(_SNAPSHOT, (program, stream))
        found: tuple[int, str, str] | None = cursor.fetchone()
        return found

    def keep(self, cursor: Cursor, row: tuple[str, str, int, str, str]) -> None:
        """Keep a snapshot in place of an older one."""
        cursor.execute(_KEEP, row)

    # Tables

    def lock_schema(self, cursor: Cursor) -> None:
        """Nothing to do: the transaction is the only writer."""

    def found(self, cursor: Cursor) -> set[str]:
        """The names of our tables and triggers that exist."""
        cursor.execute("SELECT name FROM sqlite_master WHERE name LIKE 'fidelity!_%' ESCAPE '!'")
        return {name for (name,) in cursor.fetchall()}

    def table(self, name: str, columns: str) -> str:
        """The statement that makes the table *name*; its columns are {text} or {whole}."""
        return f"CREATE TABLE {name} ({columns.format(text='TEXT', whole='INTEGER')}) STRICT"

    def spelled(self, statement: str) -> str:
        """The *statement* itself."""
        return statement

    # Erasing

    def overwrite(self, cursor: Cursor) -> None:
        """Let nothing legible be left of what this transaction deletes."""
        cursor.execute("PRAGMA secure_delete = ON")
        cursor.fetchall()

    def scrub(self, cursor: Cursor) -> None:
        """Move the log into the file and empty it, unless a reader is at it for longer than a moment."""
        cursor.execute("PRAGMA busy_timeout = 1000")
        cursor.fetchall()
        try:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.fetchall()
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {self.patience_ms}")


def _stream_and_version(row: Sequence[Any]) -> tuple[str, int]:
    return row[0], row[2] or 0


@lru_cache
def _add_entries(count: int) -> str:
    return "INSERT INTO fidelity_entries (program, stream, version, kind, body, link) VALUES " + ", ".join(
        ["(?, ?, ?, ?, ?, ?)"] * count
    )


@lru_cache
def _add_keys(count: int) -> str:
    return "INSERT INTO fidelity_applied (program, key, digest, receipt) VALUES " + ", ".join(["(?, ?, ?, ?)"] * count)
