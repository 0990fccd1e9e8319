"""Which databases a journal knows, what it asks of each, and the engine for a URL.

SQLAlchemy serves URLs, connections and drivers, so it is needed here; the statements are each database's own texts.
A further database is one more class with the methods of `Dialect`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import StaticPool

from fidelity._optional import require
from fidelity.errors import JournalError
from fidelity.journals.postgresql import Postgresql
from fidelity.journals.rows import Cursor, Driver, Resumed, Rows
from fidelity.journals.sqlite import Sqlite

__all__ = ["Dialect", "async_engine_of", "dialect_of", "engine_of"]


class Dialect(Protocol):
    """What differs from one database to the next. Rows go in and come out; what they mean is not known here."""

    @property
    def name(self) -> str:
        """What SQLAlchemy calls it."""

    @property
    def tables(self) -> Mapping[str, str]:
        """The statements that make the tables, by the name of what they make."""

    @property
    def shared(self) -> bool:
        """Whether every connection is the same one, so that threads must take turns."""

    @property
    def one_writer(self) -> bool:
        """Whether the database lets one transaction write at a time."""

    @property
    def patience_ms(self) -> int:
        """How long a writer waits for the one before it."""

    def prepare(self, driver: Driver) -> None:
        """Set what a new connection must have; called at each check-out, so it must be quick the second time."""

    def begin(self, driver: Driver, cursor: Cursor) -> None:
        """Begin a transaction."""

    def join(self, driver: Driver, cursor: Cursor) -> None:
        """Make sure that there is a transaction of the host's to join."""

    def refused(self, error: Exception) -> bool:
        """Whether a constraint or a trigger stood in the way."""

    def retryable(self, error: Exception) -> bool:
        """Whether another writer was in the way, so that it is worth trying again."""

    def broken(self, driver: Driver) -> bool:
        """Whether the connection is of no use any more."""

    def tails(
        self, cursor: Cursor, program: str, wanted: Sequence[tuple[str, int]], *, lock: bool
    ) -> Sequence[tuple[Any, ...]]:
        """Each stream's name and version, with version, body and link of each line after the version given."""

    def resumed(self, cursor: Cursor, program: str, wanted: Sequence[tuple[str, int | None]], *, lock: bool) -> Resumed:
        """The snapshot of each stream whose version is None, and as `tails` what comes after that."""

    def versions(self, cursor: Cursor, program: str, streams: Sequence[str]) -> dict[str, int]:
        """The versions of those *streams* that exist."""

    def streams(self, cursor: Cursor, program: str, prefix: str, after: str, limit: int) -> Sequence[tuple[str]]:
        """Up to *limit* names in the order of their code points."""

    def append(self, cursor: Cursor, rows: Rows) -> bool:
        """Write *rows*; False if a stream has another version, and then nothing of it may be kept."""

    def keys(self, cursor: Cursor, program: str, keys: Sequence[str]) -> Sequence[tuple[str, str, str]]:
        """Key, digest and receipt of each of *keys* that is taken."""

    def unnumbered(self, cursor: Cursor) -> bool:
        """Whether there are entries that have no place in the order yet."""

    def number(self, cursor: Cursor) -> bool:
        """Give places in the order to entries that have none yet; whether there may be more of them."""

    def read(self, cursor: Cursor, program: str | None, after: int, limit: int) -> Sequence[tuple[Any, ...]]:
        """Program, stream, version, sequence, body and link of each line."""

    def snapshot(self, cursor: Cursor, program: str, stream: str) -> tuple[int, str, str] | None:
        """Version, link and body of the snapshot of *stream*."""

    def keep(self, cursor: Cursor, row: tuple[str, str, int, str, str]) -> None:
        """Keep a snapshot in place of an older one."""

    def lock_schema(self, cursor: Cursor) -> None:
        """Keep others away who would make the same tables at the same time."""

    def found(self, cursor: Cursor) -> set[str]:
        """The names of our tables and triggers that exist."""

    def table(self, name: str, columns: str) -> str:
        """The statement that makes the table *name*; its columns are {text} or {whole}."""

    def spelled(self, statement: str) -> str:
        """The *statement*, whose values are marked with ?, as the driver wants it."""

    # Erasing

    def overwrite(self, cursor: Cursor) -> None:
        """Let nothing legible be left of what this transaction deletes."""

    def scrub(self, cursor: Cursor) -> None:
        """Let nothing legible be left in the log of what was deleted before."""


def engine_of(database: str | sa.URL | sa.Engine) -> sa.Engine:
    """The engine for *database*; a SQLite database in memory is one connection that all threads share."""
    if isinstance(database, sa.Engine):
        return database
    engine: sa.Engine = _made(_url(database, _DRIVERS), sa.create_engine)
    return engine


def async_engine_of(database: str | sa.URL | AsyncEngine) -> AsyncEngine:
    """The engine for *database* that is awaited."""
    if isinstance(database, AsyncEngine):
        return database
    engine: AsyncEngine = _made(_url(database, _ASYNC_DRIVERS), create_async_engine)
    return engine


def dialect_of(engine: sa.Engine) -> Dialect:
    """What *engine* differs in."""
    name, driver = engine.dialect.name, engine.dialect.driver
    if name == "sqlite" and driver in ("pysqlite", "aiosqlite"):
        return Sqlite(shared=isinstance(engine.pool, StaticPool))
    if name == "postgresql" and driver in ("psycopg", "psycopg_async"):
        return Postgresql()
    message = f"a journal on {name}+{driver} is not supported; use sqlite or postgresql+psycopg"
    raise JournalError(message, dialect=name, driver=driver)


# Whichever driver of these a URL names, the one that fits is taken.
_DRIVERS = {
    "sqlite": "sqlite",
    "sqlite+pysqlite": "sqlite",
    "sqlite+aiosqlite": "sqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
    "postgresql+psycopg_async": "postgresql+psycopg",
}
_ASYNC_DRIVERS = {name: "sqlite+aiosqlite" if driver == "sqlite" else driver for name, driver in _DRIVERS.items()}


def _url(database: str | sa.URL, drivers: Mapping[str, str]) -> sa.URL:
    try:
        url = sa.make_url(database)
    except sa.exc.ArgumentError as error:
        # Not repeated here: a malformed URL may hold a password.
        message = "this is no database URL; write it like sqlite:///shop.db or postgresql://user@host/shop"
        raise JournalError(message) from error
    if url.drivername not in drivers:
        message = f"a journal on {url.drivername} is not supported; use sqlite or postgresql+psycopg"
        raise JournalError(message, driver=url.drivername)
    return url.set(drivername=drivers[url.drivername])


def _made(url: sa.URL, create: Any) -> Any:
    options: dict[str, Any] = {}
    if url.get_backend_name() == "postgresql":
        # What is asked outside of a transaction is one trip to the server, not three.
        options = {"isolation_level": "AUTOCOMMIT"}
    elif url.database in (None, "", ":memory:"):
        options = {"poolclass": StaticPool, "connect_args": {"check_same_thread": False}}
    try:
        return create(url, **options)
    except ImportError:
        require(url.get_driver_name().replace("pysqlite", "sqlite3"), extra="sql", purpose="SqlJournal")
        raise
