"""A journal in a database that is awaited: the one of `fidelity.journals.books`, on SQLAlchemy's async engines.

SQLAlchemy is imported when the first `AsyncSqlJournal` is made, never before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import TYPE_CHECKING

from fidelity._optional import require
from fidelity.journals.books import Books
from fidelity.journals.port import Applied, Batch, Recorded, Snapshot, Stream

if TYPE_CHECKING:
    import sqlalchemy as sa
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession

    from fidelity.journals.waiting import Waiting

__all__ = ["AsyncBooks", "AsyncSqlJournal"]


class AsyncBooks:
    """A journal on what is *waiting* for a database, whose tables are there already, or made when it is asked."""

    def __init__(self, waiting: Waiting, name: str) -> None:
        self._waiting = waiting
        self._books = Books(waiting.database, name)
        self._name = name

    def __repr__(self) -> str:
        return f"<{type(self).__name__} on {self._name}>"

    # What a journal does

    async def load(
        self,
        program: str,
        streams: Sequence[str],
        *,
        after: Mapping[str, int] | None = None,
        lock: bool = False,
    ) -> Mapping[str, Stream]:
        """Each of the *streams*; one that does not exist has version 0 and no lines."""
        return await self._waiting.ask(partial(self._books.load, program, streams, after=after, lock=lock))

    async def append(self, batch: Batch) -> None:
        """Append everything in *batch*, or nothing of it."""
        await self._waiting.ask(partial(self._books.append, batch), writes=True)

    async def find(self, program: str, keys: Sequence[str]) -> Mapping[str, Applied]:
        """The commands applied under *keys*; keys that are free are left out."""
        return await self._waiting.ask(partial(self._books.find, program, keys))

    async def read(self, program: str | None = None, *, after: int = 0, limit: int = 1000) -> Sequence[Recorded]:
        """Up to *limit* lines in the order of the journal, with a sequence above *after*."""
        return await self._waiting.ask(partial(self._books.read, program, after=after, limit=limit))

    async def streams(self, program: str, *, prefix: str = "", after: str = "", limit: int = 1000) -> Sequence[str]:
        """Up to *limit* names of streams that begin with *prefix*, in the order of their code points, past *after*."""
        return await self._waiting.ask(partial(self._books.streams, program, prefix=prefix, after=after, limit=limit))

    def transaction(self) -> AbstractAsyncContextManager[None]:
        """All that this task does inside happens at once, or, if an error leaves it, not at all."""
        return self._waiting.transaction()

    # Snapshots

    async def snapshot(self, program: str, stream: str) -> Snapshot | None:
        """The snapshot of *stream*, if there is one."""
        return await self._waiting.ask(partial(self._books.snapshot, program, stream))

    async def resume(
        self, program: str, streams: Sequence[str], *, after: Mapping[str, int], lock: bool = False
    ) -> Mapping[str, Stream]:
        """As `load`; a stream that *after* does not name goes on from its snapshot, which comes with it."""
        return await self._waiting.ask(partial(self._books.resume, program, streams, after=after, lock=lock))

    async def keep(self, program: str, snapshot: Snapshot) -> None:
        """Keep *snapshot* in place of an older one."""
        await self._waiting.ask(partial(self._books.keep, program, snapshot), writes=True)


class AsyncSqlJournal(AsyncBooks):
    """
    A journal in the database *database* for asyncio, with a place for snapshots.

    The tables are made, or brought up to date, when it is first asked something. A journal belongs to one event loop;
    transactions belong to the task that opened them.

    Args:
        database: An SQLAlchemy URL, such as ``"sqlite:///cafe.db"`` or ``"postgresql://user@host/cafe"``,
            or an async engine.

    Raises:
        MissingExtra: If SQLAlchemy or the driver is not installed.
        SchemaError: If a later release made the tables, or they are not a journal's.
        JournalError: If the database cannot be reached or is not supported.
    """

    def __init__(self, database: str | sa.URL | AsyncEngine) -> None:
        for module in ("sqlalchemy", "greenlet"):
            require(module, extra="sql", purpose="AsyncSqlJournal")
        from fidelity.journals import schema, waiting  # they need SQLAlchemy

        waits, engine = waiting.waiting_on(database, schema.prepare_schema)
        self._engine = engine if engine is not database else None
        super().__init__(waits, engine.url.render_as_string(hide_password=True))

    async def close(self) -> None:
        """Close the connections, if the journal opened them itself."""
        if self._engine is not None:
            await self._engine.dispose()

    def joined(self, session: AsyncSession | AsyncConnection) -> AsyncBooks:
        """The journal inside the transaction that the host has open on *session*; see `SqlJournal.joined`."""
        return AsyncBooks(self._waiting.joined(session), f"{self._name}, joined to a transaction of the host")
