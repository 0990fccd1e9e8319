"""Older tables are brought up to date in the transaction that opens the journal: all of it, or nothing.

Schema 1 was kept by SQLite alone, without links. The links are computed from the texts that stand there.
"""

from __future__ import annotations

from fidelity.entries import chain
from fidelity.errors import SchemaError
from fidelity.journals.rows import Cursor

__all__ = ["bring_over", "set_aside"]

_TABLES = ("fidelity_journal", "fidelity_heads", "fidelity_entries", "fidelity_applied")
_PAGE = 10_000

_ADD = """\
INSERT INTO fidelity_entries (sequence, program, stream, version, kind, body, link) VALUES (?, ?, ?, ?, ?, ?, ?)"""


# Each kind of command had keys of its own; now a key serves one command, whatever its kind. Where two kinds had the
# same one, the first keeps it: a retry of the other is told that the key is taken, and never applies twice.
_KEYS = """\
INSERT INTO fidelity_applied (program, key, digest, receipt)
SELECT program, present, digest, receipt FROM (
    SELECT *, row_number() OVER (PARTITION BY program, present ORDER BY key) AS place FROM (
        SELECT *, CASE WHEN substr(key, 1, instr(key, '/') - 1) IN ('redeem', 'hold', 'capture', 'release')
            THEN 'key' || substr(key, instr(key, '/')) ELSE key END AS present
        FROM fidelity_applied_1
    )
) WHERE place = 1"""


def set_aside(cursor: Cursor, version: int, found: set[str]) -> None:
    """Give the tables of schema *version* other names, to make room."""
    missing = sorted(set(_TABLES) - found)
    if missing:
        message = f"the journal of schema {version} lacks {', '.join(missing)}; restore it from a copy"
        raise SchemaError(message, found=version, missing=missing)
    for table in _TABLES:
        cursor.execute(f"ALTER TABLE {table} RENAME TO {table}_1")


def bring_over(cursor: Cursor) -> None:
    """
    Fill the new tables from those set aside, and drop these.

    Raises:
        SchemaError: If a line is missing there, or a head says otherwise.
    """
    links: dict[tuple[str, str], tuple[int, str]] = {}
    last = 0
    while page := _page(cursor, last):
        rows = []
        for sequence, program, stream, version, kind, body in page:
            before, link = links.get((program, stream)) or (0, chain.genesis(program, stream))
            if (sequence, version) != (last + 1, before + 1):
                message = f"the journal of schema 1 lacks sequence {last + 1}, or version {before + 1} of {stream!r}"
                raise SchemaError(message, program=program, stream=stream, version=version, sequence=sequence)
            last, link = sequence, chain.link(link, body)
            links[program, stream] = version, link
            rows.append((sequence, program, stream, version, kind, body, link))
        for row in rows:
            cursor.execute(_ADD, row)
    _agree(cursor, last)
    cursor.execute(_KEYS)
    for table in ("fidelity_entries_1", "fidelity_heads_1", "fidelity_applied_1", "fidelity_journal_1"):
        cursor.execute(f"DROP TABLE {table}")


def _page(cursor: Cursor, after: int) -> list[tuple[int, str, str, int, str, str]]:
    cursor.execute(
        "SELECT sequence, program, stream, version, kind, body FROM fidelity_entries_1 "
        f"WHERE sequence > ? ORDER BY sequence LIMIT {_PAGE}",
        (after,),
    )
    return list(cursor.fetchall())


def _agree(cursor: Cursor, last: int) -> None:
    cursor.execute("SELECT sequence FROM fidelity_journal_1")
    (said,) = cursor.fetchone()
    cursor.execute("""\
SELECT program, stream FROM fidelity_heads_1 LEFT JOIN fidelity_heads USING (program, stream)
WHERE fidelity_heads.version IS NOT fidelity_heads_1.version LIMIT 1""")
    torn = cursor.fetchone()
    if said != last or torn:
        where = f"stream {torn[1]!r} of {torn[0]!r}" if torn else "the journal"
        message = f"the last entries of {where} are missing; restore the journal from a copy"
        raise SchemaError(message, found=last, known=said)
