"""The version of a journal's tables: they are made, brought up to date, or refused.

What is made stands in the tables of each database; how older ones are moved, in `fidelity.journals.moving`.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from fidelity.errors import SchemaError
from fidelity.journals import moving

if TYPE_CHECKING:
    from fidelity.journals.connections import Database
    from fidelity.journals.dialects import Dialect
    from fidelity.journals.rows import Cursor

__all__ = ["SCHEMA_VERSION", "prepare_schema"]

#: The version of these tables. A store with a higher one was made by a later release.
SCHEMA_VERSION = 2


def prepare_schema(database: Database) -> None:
    """
    Make the tables if they are missing, and bring older ones up to date: all of it, or nothing.

    Raises:
        SchemaError: If a later release made them, or they are not a journal's, or not all there.
    """
    with database.transaction():
        database.ask(partial(_prepare, dialect=database.dialect))


def _prepare(cursor: Cursor, *, dialect: Dialect) -> None:
    dialect.lock_schema(cursor)
    found = dialect.found(cursor)
    if not found & dialect.tables.keys():
        _make(cursor, dialect)
        return
    version = _version(cursor, found)
    if version > SCHEMA_VERSION:
        message = f"the journal has schema {version}, this release knows {SCHEMA_VERSION}; install a later release"
        raise SchemaError(message, found=version, known=SCHEMA_VERSION)
    if version < SCHEMA_VERSION:
        moving.set_aside(cursor, version, found)
        _make(cursor, dialect)
        moving.bring_over(cursor)
        return
    missing = sorted(dialect.tables.keys() - found)
    if missing:
        message = f"the journal lacks {', '.join(missing)}; it is half-made or damaged, so restore it from a copy"
        raise SchemaError(message, found=version, known=SCHEMA_VERSION, missing=missing)


def _make(cursor: Cursor, dialect: Dialect) -> None:
    for statement in dialect.tables.values():
        cursor.execute(statement)
    cursor.execute(f"INSERT INTO fidelity_journal (id, schema_version) VALUES (1, {SCHEMA_VERSION})")


def _version(cursor: Cursor, found: set[str]) -> int:
    if "fidelity_journal" not in found:
        message = f"the table fidelity_journal is missing beside {', '.join(sorted(found))}; this is no journal of ours"
        raise SchemaError(message, found=None, known=SCHEMA_VERSION)
    cursor.execute("SELECT * FROM fidelity_journal")
    rows = cursor.fetchall()
    if not rows:
        message = "the table fidelity_journal is empty; this is no journal, or a damaged one"
        raise SchemaError(message, found=None, known=SCHEMA_VERSION)
    # The second column, whatever else a later release has put beside it.
    version = rows[0][1] if len(rows) == 1 and len(rows[0]) > 1 else None
    if type(version) is not int or version < 1:
        message = "the table fidelity_journal is not ours; keep the journal in a database or schema of its own"
        raise SchemaError(message, found=version, known=SCHEMA_VERSION)
    return version
