"""A journal in a database that is awaited: the one of `fidelity.journals.books`, on SQLAlchemy's async engines.

The work itself is not written twice: SQLAlchemy runs it so that its drivers can wait.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from fidelity._optional import require
from fidelity.errors import JournalError
from fidelity.journals.books import Books
from fidelity.journals.port import Applied, Batch, Recorded, Snapshot, Stream

if TYPE_CHECKING:
    from asyncio import Lock

    import sqlalchemy as sa
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession

__all__ = ["AsyncBooks", "AsyncSqlJournal"]

T = TypeVar("T")


def _lock() -> Lock:
    # Whoever keeps a journal without asyncio need not wait for it to be imported.
    from asyncio import Lock

    return Lock()


class AsyncBooks:
    """
    The *books*, awaited.

    Args:
        books: A journal whose connections can wait.
        bridge: A session that is never connected: SQLAlchemy's public way to let waiting code run.
        one_writer: Whether writers take turns.
        shared: Whether readers do, too.
    """

    def __init__(self, books: Books, bridge: AsyncSession, *, one_writer: bool = False, shared: bool = False) -> None:
        self._books = books
        self._bridge = bridge
        self._writers_wait = one_writer or shared
        self._readers_wait = shared
        self._turn = _lock()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} on {self._books!r}>"

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
        return await self._ask(partial(self._books.load, program, streams, after=after, lock=lock))

    async def append(self, batch: Batch) -> None:
        """Append everything in *batch*, or nothing of it."""
        await self._ask(partial(self._books.append, batch), writes=True)

    async def find(self, program: str, keys: Sequence[str]) -> Mapping[str, Applied]:
        """The commands applied under *keys*; keys that are free are left out."""
        return await self._ask(partial(self._books.find, program, keys))

    async def read(self, program: str | None = None, *, after: int = 0, limit: int = 1000) -> Sequence[Recorded]:
        """Up to *limit* lines in the order of the journal, with a sequence above *after*."""
        return await self._ask(partial(self._books.read, program, after=after, limit=limit))

    async def streams(self, program: str, *, prefix: str = "", after: str = "", limit: int = 1000) -> Sequence[str]:
        """Up to *limit* names of streams that begin with *prefix*, in the order of their code points, past *after*."""
        return await self._ask(partial(self._books.streams, program, prefix=prefix, after=after, limit=limit))

    def transaction(self) -> AbstractAsyncContextManager[None]:
        """All that this task does inside happens at once, or, if an error leaves it, not at all."""
        return self._transaction()

    # Snapshots

    async def snapshot(self, program: str, stream: str) -> Snapshot | None:
        """The snapshot of *stream*, if there is one."""
        return await self._ask(partial(self._books.snapshot, program, stream))

    async def keep(self, program: str, snapshot: Snapshot) -> None:
        """Keep *snapshot* in place of an older one."""
        await self._ask(partial(self._books.keep, program, snapshot), writes=True)

    # How it waits

    async def _ask(self, question: Callable[[], T], *, writes: bool = False) -> T:
        if not self._books.inside and (self._readers_wait or (writes and self._writers_wait)):
            async with self._turn:
                return await self._run(question)
        return await self._run(question)

    async def _run(self, question: Callable[[], T]) -> T:
        return await self._bridge.run_sync(lambda _: question())

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[None]:
        if self._writers_wait and not self._books.inside:
            async with self._turn, self._unit():
                yield
            return
        async with self._unit():
            yield

    @asynccontextmanager
    async def _unit(self) -> AsyncIterator[None]:
        unit = self._books.transaction()
        await self._run(unit.__enter__)
        try:
            yield
        except BaseException as error:
            await self._run(partial(unit.__exit__, type(error), error, error.__traceback__))
            raise
        await self._run(partial(unit.__exit__, None, None, None))


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
        from sqlalchemy.ext.asyncio import AsyncSession

        from fidelity.journals import connections, dialects  # they need SQLAlchemy

        engine = dialects.async_engine_of(database)
        self._engine = engine if engine is not database else None
        self._name = engine.url.render_as_string(hide_password=True)
        self._database = connections.Own(engine.sync_engine, connections.InTasks(), turns=False)
        dialect = self._database.dialect
        books = Books(self._database, self._name)
        super().__init__(books, AsyncSession(), one_writer=dialect.one_writer, shared=dialect.shared)
        self._made, self._making = False, _lock()

    def __repr__(self) -> str:
        return f"<AsyncSqlJournal on {self._name}>"

    async def close(self) -> None:
        """Close the connections, if the journal opened them itself."""
        if self._engine is not None:
            await self._engine.dispose()

    def joined(self, session: AsyncSession | AsyncConnection) -> AsyncBooks:
        """The journal inside the transaction that the host has open on *session*; see `SqlJournal.joined`."""
        from sqlalchemy.ext.asyncio import AsyncSession

        from fidelity.journals import connections

        host = session.sync_session if isinstance(session, AsyncSession) else session.sync_connection
        if host is None:
            message = "the connection is not open yet; write: async with engine.connect() as connection"
            raise JournalError(message)
        hosted = connections.Hosted(host, self._database, connections.InTasks())
        return AsyncBooks(Books(hosted, f"{self._name}, joined to a transaction of the host"), self._bridge)

    async def _run(self, question: Callable[[], T]) -> T:
        if not self._made:
            from fidelity.journals import schema

            async with self._making:
                if not self._made:
                    await super()._run(partial(schema.prepare_schema, self._database))
                    self._made = True
        return await super()._run(question)
