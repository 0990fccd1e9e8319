"""What differs from one database to the next: how a connection is prepared, a transaction begun, a stream locked.

Needs SQLAlchemy, so only `fidelity.journals.sql` imports it, late. A further database is one more class here.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, ClassVar, Protocol

import sqlalchemy as sa
from sqlalchemy.pool import StaticPool

from fidelity._optional import require
from fidelity.errors import JournalError

__all__ = ["Dialect", "Sqlite", "dialect_of", "engine_of"]


class Dialect(Protocol):
    """What a journal must know of its database."""

    #: How many names go into one IN list.
    chunk: int
    #: Whether every connection is the same one, so that threads must take turns.
    shared: bool

    def engine(self, engine: sa.Engine) -> sa.Engine:
        """The *engine* with what this journal needs of each connection."""

    def prepare(self, connection: sa.Connection) -> None:
        """Set what a new connection must have; called at each check-out, so it must be quick the second time."""

    def transaction(self, connection: sa.Connection) -> AbstractContextManager[None]:
        """A context: what happens inside is written at once or not at all."""

    def undo(self, connection: sa.Connection) -> None:
        """End the transaction, if there is one, and keep nothing of it."""

    def lock(self, connection: sa.Connection, program: str, streams: Sequence[str]) -> None:
        """Keep other writers away from *streams* until the transaction ends."""


class Sqlite:
    """
    SQLite in WAL mode, every commit on the disk before it is acknowledged.

    The driver's own transactions begin too late (at the first write, after the reads that the write rests on),
    so connections run in autocommit and the transactions are begun here: IMMEDIATE, one writer at a time.
    """

    #: How long a writer waits for the one before it.
    patience_ms: ClassVar[int] = 60_000

    def __init__(self, *, shared: bool = False) -> None:
        self.chunk = 500
        self.shared = shared

    def engine(self, engine: sa.Engine) -> sa.Engine:
        """The *engine* in autocommit: transactions are begun here."""
        return engine.execution_options(isolation_level="AUTOCOMMIT")

    def prepare(self, connection: sa.Connection) -> None:
        """WAL, full synchronization, foreign keys."""
        if connection.info.get("fidelity"):
            return
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {self.patience_ms}")
        connection.exec_driver_sql("PRAGMA foreign_keys = ON")
        connection.exec_driver_sql("PRAGMA synchronous = FULL")
        if not self.shared:
            self._write_ahead(connection)
        connection.info["fidelity"] = True

    def _write_ahead(self, connection: sa.Connection) -> None:
        # Two processes that open a new file at once: the switch does not wait, so it is tried again.
        deadline = time.monotonic() + self.patience_ms / 1000
        while True:
            try:
                mode = connection.exec_driver_sql("PRAGMA journal_mode = WAL").scalar()
            except sa.exc.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.01)
                continue
            if mode != "wal":
                message = f"SQLite keeps its log as {mode!r} here, not write-ahead; use a local file"
                raise JournalError(message, found=mode)
            return

    @contextmanager
    def transaction(self, connection: sa.Connection) -> Iterator[None]:
        """One writer at a time, from the first read on."""
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        try:
            yield
            connection.exec_driver_sql("COMMIT")
        except BaseException:
            self.undo(connection)
            raise

    def undo(self, connection: sa.Connection) -> None:
        """Undo what is not committed; a full disk or a lost lock may have done so already."""
        driver: Any = connection.connection.dbapi_connection
        if driver.in_transaction:
            connection.exec_driver_sql("ROLLBACK")

    def lock(self, connection: sa.Connection, program: str, streams: Sequence[str]) -> None:
        """Nothing more to do: the transaction is the only writer."""


def engine_of(database: str | sa.URL | sa.Engine) -> sa.Engine:
    """The engine for *database*; a SQLite database in memory is one connection that all threads share."""
    if isinstance(database, sa.Engine):
        return database
    try:
        url = sa.make_url(database)
    except sa.exc.ArgumentError as error:
        # Not repeated here: a malformed URL may hold a password.
        message = "this is no database URL; write it like sqlite:///shop.db"
        raise JournalError(message) from error
    if url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:"):
        return sa.create_engine(url, poolclass=StaticPool, connect_args={"check_same_thread": False})
    try:
        return sa.create_engine(url)
    except sa.exc.NoSuchModuleError as error:
        message = f"SQLAlchemy knows no database {url.drivername!r}; write it like sqlite:///shop.db"
        raise JournalError(message, driver=url.drivername) from error
    except ImportError:
        require(_DRIVERS.get(url.get_backend_name(), url.get_driver_name()), extra="sql", purpose="SqlJournal")
        raise


_DRIVERS = {"postgresql": "psycopg"}


def dialect_of(engine: sa.Engine) -> Dialect:
    """What *engine* differs in."""
    if engine.dialect.name == "sqlite":
        return Sqlite(shared=isinstance(engine.pool, StaticPool))
    message = f"a journal on {engine.dialect.name!r} is not supported; use sqlite"
    raise JournalError(message, dialect=engine.dialect.name)
