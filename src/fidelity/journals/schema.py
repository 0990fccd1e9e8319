"""The tables of a journal in a database, and their version.

Needs SQLAlchemy, so only `fidelity.journals.sql` imports it, late. The same tables serve every database;
what differs stands in `fidelity.journals.dialects`.
"""

from __future__ import annotations

import sqlalchemy as sa

from fidelity.errors import SchemaError

__all__ = ["SCHEMA_VERSION", "applied", "entries", "heads", "journal", "prepare_schema"]

#: The version of these tables. A store with a higher one was made by a later release.
SCHEMA_VERSION = 1

_metadata = sa.MetaData()
# STRICT tables of SQLite know INTEGER and TEXT alone; elsewhere versions and sequences need 64 bits.
_Whole = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

#: One row: the schema's version, and the sequence of the last entry.
journal = sa.Table(
    "fidelity_journal",
    _metadata,
    sa.Column("id", _Whole, sa.CheckConstraint("id = 1"), primary_key=True, autoincrement=False),
    sa.Column("schema_version", _Whole, nullable=False),
    sa.Column("sequence", _Whole, nullable=False),
    sqlite_strict=True,
)

#: One row a stream: its version, and what a writer locks.
heads = sa.Table(
    "fidelity_heads",
    _metadata,
    sa.Column("program", sa.Text, primary_key=True),
    sa.Column("stream", sa.Text, primary_key=True),
    sa.Column("version", _Whole, sa.CheckConstraint("version > 0"), nullable=False),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

#: One row an entry, never changed. `body` is its canonical text.
entries = sa.Table(
    "fidelity_entries",
    _metadata,
    sa.Column("sequence", _Whole, primary_key=True, autoincrement=False),
    sa.Column("program", sa.Text, nullable=False),
    sa.Column("stream", sa.Text, nullable=False),
    sa.Column("version", _Whole, sa.CheckConstraint("version > 0"), nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.UniqueConstraint("program", "stream", "version"),
    sa.ForeignKeyConstraint(["program", "stream"], ["fidelity_heads.program", "fidelity_heads.stream"]),
    sqlite_strict=True,
)

#: One row a command that was applied: its key can never be used again.
applied = sa.Table(
    "fidelity_applied",
    _metadata,
    sa.Column("program", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("receipt", sa.Text, nullable=False),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)


def prepare_schema(connection: sa.Connection) -> None:
    """
    Create the tables if they are missing. Call it in a transaction that keeps other writers away.

    Raises:
        SchemaError: If a later release made them, or they are not a journal's.
    """
    if not sa.inspect(connection).has_table(journal.name):
        _metadata.create_all(connection)
        connection.execute(journal.insert(), {"id": 1, "schema_version": SCHEMA_VERSION, "sequence": 0})
        return
    version = connection.execute(sa.select(journal.c.schema_version)).scalar()
    if version is None:
        message = f"the table {journal.name} is empty; this is no journal, or a damaged one"
        raise SchemaError(message, found=None, known=SCHEMA_VERSION)
    if version > SCHEMA_VERSION:
        message = f"the journal has schema {version}, this release knows {SCHEMA_VERSION}; install a later release"
        raise SchemaError(message, found=version, known=SCHEMA_VERSION)
