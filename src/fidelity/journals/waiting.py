"""Waiting: how what is written for connections that block is run on connections that are awaited.

SQLAlchemy lets its async drivers wait inside of ordinary code, so the work itself is not written twice.
Here tasks take turns where a database wants it, and the tables are made when something is first asked.
"""

from __future__ import annotations

from asyncio import Lock, timeout
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession

from fidelity.errors import JournalError
from fidelity.journals.connections import Database, Hosted, InTasks, Own
from fidelity.journals.dialects import async_engine_of

__all__ = ["Waiting", "waiting_on"]

T = TypeVar("T")


class Waiting:
    """
    A *database* whose connections can wait, for tasks.

    Args:
        database: What is asked.
        prepare: What makes its tables.
        turns: Whether tasks take turns here where the database wants it.
    """

    def __init__(self, database: Database, prepare: Callable[[Database], None] | None, *, turns: bool) -> None:
        self.database = database
        self._prepare = prepare
        self._readers_wait = turns and database.dialect.shared
        self._writers_wait = turns and (database.dialect.shared or database.dialect.one_writer)
        self._turn, self._preparing = Lock(), Lock()
        # Never connected: it is SQLAlchemy's public way to run code that waits.
        self._bridge = AsyncSession()

    async def ask(self, question: Callable[[], T], *, writes: bool = False) -> T:
        """The answer to *question*, which asks the database."""
        if not self.database.inside and (self._readers_wait or (writes and self._writers_wait)):
            async with self._my_turn():
                return await self._run(question)
        return await self._run(question)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        """All that this task asks inside happens at once, or, if an error leaves it, not at all."""
        if self._writers_wait and not self.database.inside:
            async with self._my_turn(), self._unit():
                yield
            return
        async with self._unit():
            yield

    def joined(self, session: AsyncSession | AsyncConnection) -> Waiting:
        """The same in the transaction that the host has open on *session*."""
        host = session.sync_session if isinstance(session, AsyncSession) else session.sync_connection
        if host is None:
            message = "the connection is not open yet; write: async with engine.connect() as connection"
            raise JournalError(message)
        return Waiting(Hosted(host, self.database, InTasks()), None, turns=False)

    @asynccontextmanager
    async def _my_turn(self) -> AsyncIterator[None]:
        try:
            async with timeout(self.database.dialect.patience_ms / 1000):
                await self._turn.acquire()
        except TimeoutError as error:
            message = "the journal's database is locked by another task"
            raise JournalError(message) from error
        try:
            yield
        finally:
            self._turn.release()

    @asynccontextmanager
    async def _unit(self) -> AsyncIterator[None]:
        unit = self.database.transaction()
        await self._run(unit.__enter__)
        try:
            yield
        except BaseException as error:
            await self._run(partial(unit.__exit__, type(error), error, error.__traceback__))
            raise
        await self._run(partial(unit.__exit__, None, None, None))

    async def _run(self, question: Callable[[], T]) -> T:
        if self._prepare is not None:
            async with self._preparing:
                if self._prepare is not None:
                    await self._bridge.run_sync(lambda _: self._make())
                    self._prepare = None
        return await self._bridge.run_sync(lambda _: question())

    def _make(self) -> None:
        if self._prepare is not None:
            self._prepare(self.database)


def waiting_on(
    database: str | sa.URL | AsyncEngine, prepare: Callable[[Database], None]
) -> tuple[Waiting, AsyncEngine]:
    """What waits on *database*, and its engine."""
    engine = async_engine_of(database)
    own = Own(engine.sync_engine, InTasks(), turns=False)
    return Waiting(own, prepare, turns=True), engine
