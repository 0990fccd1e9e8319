"""Connections and transactions: what is asked of a database at once, and what of it stays.

Knows how a question reaches a cursor. Does not know what is asked.
"""

from __future__ import annotations

import asyncio
import os
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any, Protocol, TypeVar
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fidelity.errors import FidelityError, JournalError, StaleStream, ValueRefused
from fidelity.journals.dialects import Dialect, dialect_of
from fidelity.journals.rows import Cursor, Driver, Unwritten

__all__ = ["Database", "Hosted", "InTasks", "InThreads", "Own", "UnderWay", "Work"]

T = TypeVar("T")

_DOOMED = "something inside this transaction failed, so nothing of it is written; leave it and begin again"


class Work:
    """A transaction that is under way."""

    __slots__ = ("cursor", "doomed", "driver", "undone")

    def __init__(self, driver: Driver, cursor: Cursor) -> None:
        self.driver = driver
        self.cursor = cursor
        #: Something inside failed, so nothing of it may be kept.
        self.doomed = False
        #: Nothing of it is there any more.
        self.undone = False


class UnderWay(Protocol):
    """Where the transaction that belongs to whoever asks is remembered."""

    work: Work | None


class InThreads(threading.local):
    """Each thread has a transaction of its own."""

    work: Work | None = None


class InTasks:
    """Each task has a transaction of its own; a task that another one starts does not inherit it."""

    def __init__(self) -> None:
        self._works: WeakKeyDictionary[Any, Work] = WeakKeyDictionary()

    @property
    def work(self) -> Work | None:
        """What the current task has under way."""
        return self._works.get(asyncio.current_task())

    @work.setter
    def work(self, work: Work | None) -> None:
        if work is None:
            self._works.pop(asyncio.current_task(), None)
        else:
            self._works[asyncio.current_task()] = work


class Faults:
    """A context in which whatever the driver raises becomes an error of ours, with its cause."""

    def __init__(self, dialect: Dialect, driver_error: type[Exception]) -> None:
        self._dialect = dialect
        self._kinds = (driver_error, sa.exc.SQLAlchemyError, UnicodeEncodeError)

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, self._kinds):
            raise self._told(error) from error

    def _told(self, error: Exception) -> FidelityError:
        # SQLAlchemy wraps what the driver says when a connection is made.
        said = getattr(error, "orig", None) or error
        if isinstance(said, UnicodeEncodeError):
            message = f"a text holds half a character, which cannot be stored: {said.object!r:.80}"
            return ValueRefused(message, value=said.object)
        if self._dialect.refused(said):
            return Unwritten(str(said))
        text = str(said).strip()
        if self._dialect.retryable(said):
            return StaleStream(f"another writer was in the way; decide again: {text}")
        return JournalError(f"the journal's database failed: {text}")


class Database(ABC):
    """
    A database that takes questions: functions of a cursor.

    Attributes:
        dialect: What it differs in.
    """

    def __init__(self, dialect: Dialect, faults: Faults, under_way: UnderWay) -> None:
        self.dialect = dialect
        self.faults = faults
        self._under_way = under_way

    @property
    def inside(self) -> bool:
        """Whether whoever asks has a transaction under way."""
        return self._under_way.work is not None

    def ask(self, question: Callable[[Cursor], T]) -> T:
        """The answer to *question*, within the transaction under way if there is one."""
        work = self._under_way.work
        if work is None:
            return self._ask_alone(question)
        if work.doomed:
            raise JournalError(_DOOMED)
        try:
            with self.faults:
                return question(work.cursor)
        except BaseException:
            # PostgreSQL would answer the commit of what failed as if it had kept it.
            work.doomed = True
            raise

    def ask_after_failure(self, question: Callable[[Cursor], T]) -> T:
        """The answer to *question* when all that the transaction under way has written is undone, now and for good."""
        work = self._under_way.work
        if work is None:
            return self._ask_alone(question)
        if not work.undone:
            work.doomed = work.undone = True
            self._undo(work)
        with self.faults:
            return question(work.cursor)

    def transaction(self) -> AbstractContextManager[None]:
        """All that is asked inside happens at once, or, if an error leaves it, not at all."""
        return _Transaction(self, self._under_way)

    @abstractmethod
    def begin(self) -> Work:
        """A new transaction; whoever begins it ends it."""

    @abstractmethod
    def end(self, work: Work, *, keep: bool) -> None:
        """End *work* and keep it, or keep nothing of it."""

    @abstractmethod
    def _ask_alone(self, question: Callable[[Cursor], T]) -> T:
        """The answer to *question*, outside of any transaction of ours."""

    @abstractmethod
    def _undo(self, work: Work) -> None:
        """Undo what *work* has written; its cursor serves on."""


class _Transaction:
    """A transaction, or part of the one under way. Each posting has one, so it is a class: a generator costs more."""

    __slots__ = ("_database", "_part", "_under_way")

    def __init__(self, database: Database, under_way: UnderWay) -> None:
        self._database = database
        self._under_way = under_way
        self._part = False

    def __enter__(self) -> None:
        self._part = self._under_way.work is not None
        if not self._part:
            self._under_way.work = self._database.begin()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        work = self._under_way.work
        assert work is not None  # noqa: S101  (put there when it was entered)
        if self._part:
            work.doomed = work.doomed or kind is not None
            return
        self._under_way.work = None
        self._database.end(work, keep=kind is None and not work.doomed)
        if kind is None and work.doomed:
            raise JournalError(_DOOMED)


class Own(Database):
    """
    A database through connections of our own.

    Args:
        engine: Where they come from.
        under_way: Whose transactions are told apart, by thread or by task.
        turns: Whether writers take turns here; if not, whoever asks sees to it.
    """

    def __init__(self, engine: sa.Engine, under_way: UnderWay, *, turns: bool = True) -> None:
        dialect = dialect_of(engine)
        super().__init__(dialect, Faults(dialect, engine.dialect.loaded_dbapi.Error), under_way)
        self.engine = engine
        self._turns = turns
        self._after_fork()

    def _after_fork(self) -> None:
        # A child of a fork has the parent's connections and locks, and must use none of them.
        self._process = os.getpid()
        self._turn = threading.RLock()
        self._writers_wait = self._turns and (self.dialect.one_writer or self.dialect.shared)
        self._readers_wait = self._turns and self.dialect.shared

    def begin(self) -> Work:
        """A new transaction."""
        self._take_turn(self._writers_wait)
        driver = None
        try:
            driver = self._connect()
            with self.faults:
                work = Work(driver, driver.cursor())
                self.dialect.begin(driver, work.cursor)
        except BaseException:
            self._give_back(driver, self._writers_wait, failed=True)
            raise
        return work

    def end(self, work: Work, *, keep: bool) -> None:
        """End *work* and keep it, or keep nothing of it."""
        kept = False
        try:
            if keep:
                with self.faults:
                    work.driver.commit()
                kept = True
        finally:
            if not kept:
                self._undo(work)
            self._give_back(work.driver, self._writers_wait, failed=not kept)

    def _ask_alone(self, question: Callable[[Cursor], T]) -> T:
        self._take_turn(self._readers_wait)
        driver, answered = None, False
        try:
            driver = self._connect()
            with self.faults:
                answer = question(driver.cursor())
            answered = True
        finally:
            self._give_back(driver, self._readers_wait, failed=not answered)
        return answer

    def _undo(self, work: Work) -> None:
        # The error that led here is the one to tell; a connection that cannot even undo is thrown away.
        try:
            work.driver.rollback()
        except Exception:  # noqa: BLE001
            work.driver.invalidate()

    def _take_turn(self, waits: bool) -> None:  # noqa: FBT001
        if os.getpid() != self._process:
            # Not even closed here: they are the parent's.
            self._parents = self.engine.pool
            self.engine.dispose(close=False)
            self._after_fork()
        if waits and not self._turn.acquire(timeout=self.dialect.patience_ms / 1000):
            message = "the journal's database is locked by another thread of this process"
            raise JournalError(message)

    def _connect(self) -> Driver:
        with self.faults:
            driver: Any = self.engine.raw_connection()
        try:
            with self.faults:
                self.dialect.prepare(driver)
        except BaseException:
            driver.close()
            raise
        return driver  # type: ignore[no-any-return]  # SQLAlchemy's own type says less

    def _give_back(self, driver: Any, waits: bool, *, failed: bool) -> None:  # noqa: FBT001
        try:
            if driver is None:
                return
            if failed and driver.is_valid and self.dialect.broken(driver):
                driver.invalidate()
                # The server has hung up on the others too, most likely: they are made anew, not tried one by one.
                self.engine.dispose()
            # What is still open is undone by the pool.
            driver.close()
        finally:
            if waits:
                self._turn.release()


class Hosted(Database):
    """
    A database through the transaction that the host has open on *connection*: never begun and never ended here.

    What we write at once is a savepoint, so what fails leaves the host's own work as it was.
    """

    def __init__(self, host: sa.Connection | Session, database: Database, under_way: UnderWay) -> None:
        super().__init__(database.dialect, database.faults, under_way)
        self._host = host

    def _connection(self) -> sa.Connection:
        if isinstance(self._host, Session):
            return self._host.connection()
        if not self._host.in_transaction():
            # As its first statement would have done, had it come through SQLAlchemy.
            self._host.begin()
        return self._host

    def _driver(self) -> Driver:
        connection = self._connection()
        if connection.dialect.name != self.dialect.name:
            message = f"the session is on {connection.dialect.name}, the journal on {self.dialect.name}"
            raise JournalError(message)
        driver: Any = connection.connection
        self.dialect.join(driver, driver.cursor())
        return driver  # type: ignore[no-any-return]  # SQLAlchemy's own type says less

    def _ask_alone(self, question: Callable[[Cursor], T]) -> T:
        with self.faults:
            return question(self._driver().cursor())

    def begin(self) -> Work:
        """A savepoint."""
        with self.faults:
            driver = self._driver()
            work = Work(driver, driver.cursor())
            work.cursor.execute("SAVEPOINT fidelity")
        return work

    def end(self, work: Work, *, keep: bool) -> None:
        """Keep what was written since the savepoint, as long as the host does, or keep nothing of it."""
        if not keep:
            self._undo(work)
        with self.faults:
            work.cursor.execute("RELEASE SAVEPOINT fidelity")

    def _undo(self, work: Work) -> None:
        with self.faults:
            work.cursor.execute("ROLLBACK TO SAVEPOINT fidelity")
