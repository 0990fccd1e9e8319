"""The same checks for a journal that is awaited.

Each thread of a check has a task of its own in one event loop, so "this thread" of a journal is "this task" of an
awaited one, and no check is written twice.
"""

from __future__ import annotations

import asyncio
import inspect
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeAlias, TypeVar

from fidelity.journals.port import Applied, AsyncJournal, Batch, Journal, Recorded, Snapshot, Stream
from fidelity.testing.suite import JournalSuite

__all__ = ["AsyncJournalSuite", "Awaited"]

T = TypeVar("T")
Asked: TypeAlias = "tuple[Callable[[], Awaitable[Any]], Future[Any]]"


class Loop:
    """An event loop in a thread of its own, with a task for each thread that asks something of it."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._mine = threading.local()
        self._tasks: list[asyncio.Task[None]] = []
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def wait(self, ask: Callable[[], Awaitable[T]]) -> T:
        """What *ask* comes to, awaited by this thread's task."""
        line: asyncio.Queue[Asked] | None = getattr(self._mine, "line", None)
        if line is None:
            line = self._mine.line = asyncio.run_coroutine_threadsafe(self._open(), self._loop).result()
        answer: Future[T] = Future()
        self._loop.call_soon_threadsafe(line.put_nowait, (ask, answer))
        return answer.result()

    async def _open(self) -> asyncio.Queue[Asked]:
        line: asyncio.Queue[Asked] = asyncio.Queue()
        self._tasks.append(asyncio.create_task(self._serve(line)))  # the loop itself would let go of it
        return line

    async def _serve(self, line: asyncio.Queue[Asked]) -> None:
        while True:
            ask, answer = await line.get()
            try:
                answer.set_result(await ask())
            except asyncio.CancelledError:
                answer.cancel()
                raise
            except BaseException as error:  # noqa: BLE001  # raised again where it was asked
                answer.set_exception(error)

    async def _finish(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._loop.shutdown_asyncgens()

    def close(self) -> None:
        """End all tasks and the thread."""
        asyncio.run_coroutine_threadsafe(self._finish(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class Awaited:
    """An `AsyncJournal` as a `Journal`: each method waits in *loop* for the method of the same name."""

    def __init__(self, journal: AsyncJournal, loop: Loop) -> None:
        self.journal = journal
        self.loop = loop

    def __repr__(self) -> str:
        return f"<Awaited: {self.journal!r}>"

    def load(
        self,
        program: str,
        streams: Sequence[str],
        *,
        after: Mapping[str, int] | None = None,
        lock: bool = False,
    ) -> Mapping[str, Stream]:
        """As `AsyncJournal.load`."""
        return self.loop.wait(partial(self.journal.load, program, streams, after=after, lock=lock))

    def append(self, batch: Batch) -> None:
        """As `AsyncJournal.append`."""
        self.loop.wait(partial(self.journal.append, batch))

    def find(self, program: str, keys: Sequence[str]) -> Mapping[str, Applied]:
        """As `AsyncJournal.find`."""
        return self.loop.wait(partial(self.journal.find, program, keys))

    def read(self, program: str | None = None, *, after: int = 0, limit: int = 1000) -> Sequence[Recorded]:
        """As `AsyncJournal.read`."""
        return self.loop.wait(partial(self.journal.read, program, after=after, limit=limit))

    def streams(self, program: str, *, prefix: str = "", after: str = "", limit: int = 1000) -> Sequence[str]:
        """As `AsyncJournal.streams`."""
        return self.loop.wait(partial(self.journal.streams, program, prefix=prefix, after=after, limit=limit))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """As `AsyncJournal.transaction`, in this thread's task."""
        inside = self.loop.wait(self._entered)
        try:
            yield
        except BaseException as error:
            if not self.loop.wait(partial(inside.__aexit__, type(error), error, error.__traceback__)):
                raise
        else:
            self.loop.wait(partial(inside.__aexit__, None, None, None))

    async def _entered(self) -> Any:
        inside = self.journal.transaction()
        await inside.__aenter__()
        return inside

    def snapshot(self, program: str, stream: str) -> Snapshot | None:
        """The snapshot of *stream*, if the journal keeps them."""
        found: Snapshot | None = self.loop.wait(partial(self._shelf.snapshot, program, stream))
        return found

    def keep(self, program: str, snapshot: Snapshot) -> None:
        """Keep *snapshot*, if the journal keeps them."""
        self.loop.wait(partial(self._shelf.keep, program, snapshot))

    @property
    def _shelf(self) -> Any:
        return self.journal


class AsyncJournalSuite(JournalSuite):
    """
    The checks of `JournalSuite` for an `AsyncJournal`.

    The hooks are given the host's own journal, and each may be ``async def``: they run in the journal's event loop.
    ``"threads"`` means tasks here: several of them use one journal at once.
    """

    _loop: Loop

    def opened(self) -> Journal:
        """A new journal, in a new event loop."""
        self._loop = Loop()
        return Awaited(self._called(self.make), self._loop)

    def again(self, journal: Any) -> Journal:
        """A second journal on the same data, in the same loop."""
        return Awaited(self._called(self.reopen, journal.journal), self._loop)

    def broken(self, journal: Any) -> None:
        """Make the store fail."""
        self._called(self.damage, journal.journal)

    def closed(self, journal: Any) -> None:
        """Let go of *journal*."""
        self._called(self.close, journal.journal)

    def close(self, journal: Any) -> Any:
        """Give back what *journal* holds; its own ``close()``, if it has one."""
        close = getattr(journal, "close", None)
        return None if close is None else close()

    def over(self) -> None:
        """End the event loop."""
        self._loop.close()

    def _called(self, hook: Callable[..., Any], *given: Any) -> Any:
        async def call() -> Any:
            answer = hook(*given)
            return await answer if inspect.isawaitable(answer) else answer

        return self._loop.wait(call)
