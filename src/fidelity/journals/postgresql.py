"""A journal's statements on PostgreSQL: writers of one stream wait for each other, writers of others never do.

Knows connections, transactions and rows. Does not know entries.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, ClassVar

from fidelity.errors import JournalError
from fidelity.journals import postgresql_tables
from fidelity.journals.rows import Cursor, Driver, Kept, Resumed, Rows, past_prefix, resumed

__all__ = ["Postgresql"]

# Lists go as binary (%b): as text, the driver would look for quotes in every line, which takes longer than to store it.
# The lock is a statement of its own: what is read after it sees what the writer before had committed.
_LOCK = """\
SELECT stream, version FROM fidelity_heads
WHERE program = %s AND stream = %s FOR NO KEY UPDATE"""
_LOCKS = """\
SELECT stream, version FROM fidelity_heads
WHERE program = %s AND stream = ANY (%b::text[]) ORDER BY stream FOR NO KEY UPDATE"""

_TAIL = """\
SELECT h.stream, h.version, e.version, e.body, e.link
FROM fidelity_heads h
LEFT JOIN fidelity_entries e ON e.program = h.program AND e.stream = h.stream AND e.version > %s::bigint
WHERE h.program = %s AND h.stream = %s
ORDER BY e.version"""

# OFFSET 0 keeps the lines a question of their own: joined, without statistics, the planner reads the whole stream.
_TAILS = """\
SELECT h.stream, h.version, e.version, e.body, e.link
FROM unnest(%b::text[], %b::bigint[]) AS w (stream, after)
JOIN fidelity_heads h ON h.program = %s AND h.stream = w.stream
LEFT JOIN LATERAL (
    SELECT e.version, e.body, e.link FROM fidelity_entries e
    WHERE e.program = h.program AND e.stream = h.stream AND e.version > w.after OFFSET 0
) e ON true
ORDER BY h.stream, e.version"""

# The snapshot comes once, with the line that follows it: each row of a long tail would bring its text again.
_RESUMED = """\
SELECT h.stream, h.version, e.version, e.body, e.link, s.version,
  CASE WHEN coalesce(e.version, s.version + 1) = s.version + 1 THEN s.link END,
  CASE WHEN coalesce(e.version, s.version + 1) = s.version + 1 THEN s.body END
FROM unnest(%b::text[], %b::bigint[]) AS w (stream, after)
JOIN fidelity_heads h ON h.program = %s AND h.stream = w.stream
LEFT JOIN fidelity_snapshots s ON w.after IS NULL AND s.program = h.program AND s.stream = h.stream
LEFT JOIN LATERAL (
    SELECT e.version, e.body, e.link FROM fidelity_entries e
    WHERE e.program = h.program AND e.stream = h.stream AND e.version > coalesce(w.after, s.version, 0) OFFSET 0
) e ON true
ORDER BY h.stream, e.version"""
_LOCK_RESUMED = """\
SELECT h.stream, h.version, s.version, s.link, s.body
FROM fidelity_heads h
LEFT JOIN fidelity_snapshots s ON s.program = h.program AND s.stream = h.stream AND s.stream = ANY (%b::text[])
WHERE h.program = %s AND h.stream = ANY (%b::text[]) ORDER BY h.stream FOR NO KEY UPDATE OF h"""

_VERSIONS = "SELECT stream, version FROM fidelity_heads WHERE program = %s AND stream = ANY (%b::text[])"

_KEY = "SELECT key, digest, receipt FROM fidelity_applied WHERE program = %s AND key = %s"
_KEYS = "SELECT key, digest, receipt FROM fidelity_applied WHERE program = %s AND key = ANY (%b::text[])"

# A large batch has one text, whatever its size: its rows come as columns.
_APPEND_MANY = """\
WITH w AS (
    SELECT * FROM unnest(%b::text[], %b::bigint[], %b::bigint[], %b::text[]) AS w (stream, expected, version, link)
), moved AS (
    UPDATE fidelity_heads h SET version = w.version, link = w.link FROM w
    WHERE h.program = %s AND h.stream = w.stream AND h.version = w.expected
    RETURNING 1
), made AS (
    INSERT INTO fidelity_heads (program, stream, version, link)
    SELECT %s, w.stream, w.version, w.link FROM w WHERE w.expected = 0
    RETURNING 1
), written AS (
    INSERT INTO fidelity_entries (program, stream, version, kind, body, link)
    SELECT %s, e.stream, e.version, e.kind, e.body, e.link
    FROM unnest(%b::text[], %b::bigint[], %b::text[], %b::text[], %b::text[]) WITH ORDINALITY
        AS e (stream, version, kind, body, link, place)
    ORDER BY e.place
    RETURNING place
), queued AS (
    INSERT INTO fidelity_unnumbered (place) SELECT place FROM written
), taken AS (
    INSERT INTO fidelity_applied (program, key, digest, receipt)
    SELECT %s, k.key, k.digest, k.receipt FROM unnest(%b::text[], %b::text[], %b::text[]) AS k (key, digest, receipt)
)
SELECT (SELECT count(*) FROM moved) + (SELECT count(*) FROM made)"""

#: Up to how many rows a batch has a text of its own, which the server takes in a third of the time.
_FEW = 16

_UNNUMBERED = "SELECT 1 FROM fidelity_unnumbered LIMIT 1"
_NUMBERING = f"SELECT pg_advisory_xact_lock({postgresql_tables.NUMBERING})"
_AT_ONCE = 10_000
# In the order of their places: a later version of a stream has a later place, because the head was locked.
_NUMBER = f"""\
WITH due AS (
    DELETE FROM fidelity_unnumbered
    WHERE place IN (SELECT place FROM fidelity_unnumbered ORDER BY place LIMIT {_AT_ONCE})
    RETURNING place
)
INSERT INTO fidelity_numbers (sequence, place)
SELECT last.sequence + row_number() OVER (ORDER BY due.place), due.place
FROM due, (SELECT coalesce(max(sequence), 0) AS sequence FROM fidelity_numbers) AS last"""

_READ = """\
SELECT e.program, e.stream, e.version, n.sequence, e.body, e.link
FROM fidelity_numbers n JOIN fidelity_entries e USING (place)
WHERE n.sequence > %s::bigint ORDER BY n.sequence LIMIT %s::bigint"""
_READ_PROGRAM = _READ.replace("ORDER BY", "AND e.program = %s ORDER BY")

_STREAMS = "SELECT stream FROM fidelity_heads WHERE program = %s AND stream > %s ORDER BY stream LIMIT %s::bigint"
_STREAMS_FROM = _STREAMS.replace("stream > %s", "stream > %s AND stream >= %s")
_STREAMS_UNTIL = _STREAMS.replace("stream > %s", "stream > %s AND stream >= %s AND stream < %s")

_SNAPSHOT = "SELECT version, link, body FROM fidelity_snapshots WHERE program = %s AND stream = %s"
_KEEP = """\
INSERT INTO fidelity_snapshots AS kept (program, stream, version, link, body) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (program, stream) DO UPDATE SET version = excluded.version, link = excluded.link, body = excluded.body
WHERE excluded.version > kept.version"""

_FOUND = """\
SELECT relname FROM pg_class
WHERE relkind IN ('r', 'p', 'v') AND relname LIKE 'fidelity\\_%' AND pg_table_is_visible(oid)
UNION SELECT t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE t.tgname LIKE 'fidelity\\_%' AND t.tgenabled <> 'D' AND pg_table_is_visible(c.oid)
UNION SELECT proname FROM pg_proc WHERE proname LIKE 'fidelity\\_%' AND pg_function_is_visible(oid)"""

#: A deadlock that the server broke; a row that changed under a stricter isolation than ours.
_RETRYABLE = frozenset({"40P01", "40001"})


class Postgresql:
    """What a journal needs of PostgreSQL."""

    name: ClassVar[str] = "postgresql"
    tables = postgresql_tables.TABLES
    shared: ClassVar[bool] = False
    one_writer: ClassVar[bool] = False
    patience_ms: ClassVar[int] = 60_000

    # Connections

    def prepare(self, driver: Driver) -> None:
        """Nothing to do: the server knows how to keep what it acknowledged."""

    def begin(self, driver: Driver, cursor: Cursor) -> None:
        """Begin a transaction, if the driver does not begin it itself."""
        if driver.driver_connection.autocommit:
            cursor.execute("BEGIN ISOLATION LEVEL READ COMMITTED")

    def join(self, driver: Driver, cursor: Cursor) -> None:  # noqa: ARG002  (the driver begins by itself)
        """Make sure that there is a transaction of the host's to join."""
        if driver.driver_connection.autocommit:
            message = "the connection writes each statement at once; join it within a transaction"
            raise JournalError(message)

    def refused(self, error: Exception) -> bool:
        """Whether a constraint stood in the way."""
        return (getattr(error, "sqlstate", None) or "").startswith("23")

    def retryable(self, error: Exception) -> bool:
        """Whether another writer was in the way, so that it is worth trying again."""
        return getattr(error, "sqlstate", None) in _RETRYABLE

    def broken(self, driver: Driver) -> bool:
        """Whether the connection is of no use any more."""
        connection = driver.driver_connection
        return connection is None or connection.closed or connection.broken

    # Streams

    def tails(
        self, cursor: Cursor, program: str, wanted: Sequence[tuple[str, int]], *, lock: bool
    ) -> Sequence[tuple[Any, ...]]:
        """
        For each stream that exists its name and version, with version, body and link of each line after the one given.

        A stream without such lines is one row, the rest of it None. With *lock* other writers of these streams wait
        until the transaction ends.
        """
        if lock:
            heads = self._lock(cursor, program, [stream for stream, _ in wanted])
            return self._beyond(cursor, program, wanted, heads)
        return self._tails(cursor, program, wanted)

    def resumed(self, cursor: Cursor, program: str, wanted: Sequence[tuple[str, int | None]], *, lock: bool) -> Resumed:
        """The snapshot of each stream whose version is None, and as `tails` what comes after that."""
        if not lock:
            names, afters = zip(*wanted, strict=True)
            cursor.execute(_RESUMED, (list(names), list(afters), program))
            return resumed(cursor.fetchall())
        fresh = [name for name, after in wanted if after is None]
        cursor.execute(_LOCK_RESUMED, (fresh, program, [name for name, _ in wanted]))
        heads: dict[str, int] = {}
        kept: dict[str, Kept] = {}
        for name, heads[name], version, link, body in cursor.fetchall():
            if version is not None:
                kept[name] = version, link, body
        known = [(name, kept[name][0] if name in kept else after or 0) for name, after in wanted]
        return kept, self._beyond(cursor, program, known, heads)

    def _beyond(
        self, cursor: Cursor, program: str, wanted: Sequence[tuple[str, int]], heads: Mapping[str, int]
    ) -> Sequence[tuple[Any, ...]]:
        """As `tails`, of streams that are locked: who has no further lines need not be asked."""
        still = [(name, heads[name], None, None, None) for name, after in wanted if 0 < heads.get(name, 0) <= after]
        wanted = [(name, after) for name, after in wanted if heads.get(name, 0) > after]
        return [*still, *self._tails(cursor, program, wanted)] if wanted else still

    def _tails(self, cursor: Cursor, program: str, wanted: Sequence[tuple[str, int]]) -> Sequence[tuple[Any, ...]]:
        if len(wanted) == 1:
            ((stream, after),) = wanted
            cursor.execute(_TAIL, (after, program, stream))
        else:
            names, afters = zip(*wanted, strict=True)
            cursor.execute(_TAILS, (list(names), list(afters), program))
        return cursor.fetchall()

    def _lock(self, cursor: Cursor, program: str, streams: Sequence[str]) -> dict[str, int]:
        if len(streams) == 1:
            cursor.execute(_LOCK, (program, streams[0]))
        else:
            cursor.execute(_LOCKS, (program, list(streams)))
        return dict(cursor.fetchall())

    def versions(self, cursor: Cursor, program: str, streams: Sequence[str]) -> dict[str, int]:
        """The versions of those *streams* that exist."""
        cursor.execute(_VERSIONS, (program, list(streams)))
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
        """Write *rows*; False if a stream has another version, and then nothing of it may be kept."""
        program, moves, entries, keys = rows.program, rows.moves, rows.entries, rows.keys
        if len(moves) + len(entries) + len(keys) <= _FEW:
            old = [(version, link, program, stream, at) for stream, at, version, link in moves if at]
            new = [(program, stream, version, link) for stream, at, version, link in moves if not at]
            added = [(program, *row) for row in (*entries, *keys)]
            text = _append_few(len(old), len(new), len(entries), len(keys))
            cursor.execute(text, [value for row in (*old, *new, *added) for value in row])
        else:
            values = [*_columns(moves, 4), program, program, program]
            values += [*_columns(entries, 5), program, *_columns(keys, 3)]
            cursor.execute(_APPEND_MANY, values)
        (moved,) = cursor.fetchone()
        return bool(moved == len(moves))

    # Keys

    def keys(self, cursor: Cursor, program: str, keys: Sequence[str]) -> Sequence[tuple[str, str, str]]:
        """Key, digest and receipt of each of *keys* that is taken."""
        if len(keys) == 1:
            cursor.execute(_KEY, (program, keys[0]))
        else:
            cursor.execute(_KEYS, (program, list(keys)))
        return cursor.fetchall()

    # The order of the journal

    def unnumbered(self, cursor: Cursor) -> bool:
        """Whether there are entries that have no place in the order yet."""
        cursor.execute(_UNNUMBERED)
        return cursor.fetchone() is not None

    def number(self, cursor: Cursor) -> bool:
        """
        Give numbers to what is committed and has none, some thousands at a time; one reader at a time does so.

        Whether there may be more: what others commit meanwhile is for the next reader, or this one would never end.
        """
        cursor.execute(_NUMBERING)
        cursor.execute(_NUMBER)
        return cursor.rowcount == _AT_ONCE

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
        """Keep others away who would make the same tables at the same time."""
        cursor.execute(f"SELECT pg_advisory_xact_lock({postgresql_tables.MAKING})")
        cursor.execute("SHOW server_encoding")
        (encoding,) = cursor.fetchone()
        if encoding != "UTF8":
            message = f"the database keeps texts as {encoding}; a journal needs one made with ENCODING 'UTF8'"
            raise JournalError(message, found=encoding)

    def found(self, cursor: Cursor) -> set[str]:
        """The names of our tables, triggers and functions that exist."""
        cursor.execute(_FOUND)
        return {name for (name,) in cursor.fetchall()}

    def table(self, name: str, columns: str) -> str:
        """The statement that makes the table *name*; its columns are {text} or {whole}."""
        columns = columns.format(text='text COLLATE "C"', whole="bigint")
        return f"CREATE TABLE {name} ({columns})"

    def spelled(self, statement: str) -> str:
        """The *statement*, whose values are marked with ?, as the driver wants it."""
        return statement.replace("?", "%s")

    # Erasing

    def overwrite(self, cursor: Cursor) -> None:
        """Nothing to do: the server reclaims the rows at its next vacuum."""

    def scrub(self, cursor: Cursor) -> None:
        """Nothing to do: the log of the server is its host's to keep or to let go."""


@lru_cache
def _append_few(old: int, new: int, entries: int, keys: int) -> str:
    parts = [
        f"moved_{n} AS (UPDATE fidelity_heads SET version = %s, link = %s"
        " WHERE program = %s AND stream = %s AND version = %s RETURNING 1)"
        for n in range(old)
    ]
    counts = [f"(SELECT count(*) FROM moved_{n})" for n in range(old)]
    if new:
        parts.append(f"made AS ({_insert('fidelity_heads (program, stream, version, link)', 4, new)})")
        counts.append(str(new))
    if entries:
        added = _insert("fidelity_entries (program, stream, version, kind, body, link)", 6, entries)
        parts.append(f"written AS ({added} RETURNING place)")
        parts.append("queued AS (INSERT INTO fidelity_unnumbered (place) SELECT place FROM written)")
    if keys:
        parts.append(f"taken AS ({_insert('fidelity_applied (program, key, digest, receipt)', 4, keys)})")
    return f"WITH {', '.join(parts)} SELECT {' + '.join(counts) or '0'}"


def _insert(table: str, columns: int, rows: int) -> str:
    row = f"({', '.join(['%s'] * columns)})"
    return f"INSERT INTO {table} VALUES {', '.join([row] * rows)}"


def _columns(rows: Sequence[tuple[Any, ...]], count: int) -> list[list[Any]]:
    if not rows:
        return [[] for _ in range(count)]
    return [list(column) for column in zip(*rows, strict=True)]
