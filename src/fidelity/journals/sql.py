"""A journal in a database: SQLite for one host, PostgreSQL for many.

SQLAlchemy is imported when the first `SqlJournal` is made, never before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fidelity._optional import require
from fidelity.journals.books import Books

if TYPE_CHECKING:
    import sqlalchemy as sa
    from sqlalchemy.orm import Session

__all__ = ["SqlJournal"]


class SqlJournal(Books):
    """
    A journal in the database *database*, with a place for snapshots.

    The tables are made on first use, and those of an earlier release brought up to date. Every append is on the disk
    before it returns. Threads, processes and forks may share one database; a journal may be used from many threads.

    Args:
        database: An SQLAlchemy URL, such as ``"sqlite:///cafe.db"`` or ``"postgresql://user@host/cafe"``, or an engine.

    Raises:
        MissingExtra: If SQLAlchemy or the driver is not installed.
        SchemaError: If a later release made the tables, or they are not a journal's.
        JournalError: If the database cannot be reached or is not supported.
    """

    def __init__(self, database: str | sa.URL | sa.Engine) -> None:
        require("sqlalchemy", extra="sql", purpose="SqlJournal")
        from fidelity.journals import connections, dialects, schema  # they need SQLAlchemy

        engine = dialects.engine_of(database)
        self._engine = engine if engine is not database else None
        own = connections.Own(engine, connections.InThreads())
        super().__init__(own, engine.url.render_as_string(hide_password=True))
        try:
            schema.prepare_schema(own)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the connections, if the journal opened them itself."""
        if self._engine is not None:
            self._engine.dispose()

    def joined(self, session: Session | sa.Connection) -> Books:
        """
        The journal inside the transaction that the host has open on *session*: what the host rolls back never was.

        Nothing is begun or ended: each `transaction` is a savepoint. The session's database must be the journal's,
        and one thread at a time may use it. On SQLite, a transaction that has read before another writer wrote
        may not write any more; begin it IMMEDIATE.
        """
        from fidelity.journals import connections

        hosted = connections.Hosted(session, self._database, connections.InThreads())
        return Books(hosted, f"{self._name}, joined to a transaction of the host")
