"""Faults 55–65: transactions that are not whole."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from fidelity.errors import JournalError
from fidelity.journals.port import Batch, Stream, key_taken, stale
from fidelity.testing.broken.passing import Late, Passing, fault
from fidelity.testing.broken.showing import Showing

__all__: list[str] = []


class _Undo(Exception):
    """Never seen outside."""


@fault(55, "forgets what a transaction wrote")
class _Forgets(Passing):
    @contextmanager
    def transaction(self) -> Iterator[None]:
        with suppress(_Undo), super().transaction():
            yield
            if self.depth == 1:
                raise _Undo


@fault(56, "keeps what an error undid")
class _KeepsUndone(Passing):
    @contextmanager
    def transaction(self) -> Iterator[None]:
        caught: BaseException | None = None
        with super().transaction():
            try:
                yield
            except BaseException as error:  # noqa: BLE001  # raised below
                caught = error
        if caught is not None:
            raise caught


@fault(57, "remembers keys that were undone")
class _RemembersKeys(Passing):
    def __init__(self, inner: Any) -> None:
        super().__init__(inner)
        self._taken: set[tuple[str, str]] = set()

    def append(self, batch: Batch) -> None:
        for each in batch.applied:
            if (batch.program, each.key) in self._taken:
                raise key_taken(batch.program, each.key)
        super().append(batch)
        self._taken |= {(batch.program, each.key) for each in batch.applied}


@fault(58, "does not see its own writes")
class _BlindToOwn(Late):
    def load(self, program: str, streams: Sequence[str], **how: Any) -> Mapping[str, Stream]:
        return Passing.load(self, program, streams, **how)

    def append(self, batch: Batch) -> None:
        if self.depth:
            self.mine.append(batch)
        else:
            super().append(batch)


@fault(59, "ends the outer transaction with the inner one")
class _EndsOuter(Passing):
    @contextmanager
    def transaction(self) -> Iterator[None]:
        outermost = not self.depth
        if not outermost:
            with super().transaction():
                yield
            return
        self._thread.depth = 1
        self._thread.outer = None
        try:
            yield
        except BaseException as error:
            if self._thread.outer is not None:
                self._thread.outer.__exit__(type(error), error, error.__traceback__)
            raise
        else:
            if self._thread.outer is not None:
                self._thread.outer.__exit__(None, None, None)
        finally:
            self._thread.depth = 0

    def append(self, batch: Batch) -> None:
        # The outer one begins with its own first write.
        if self.depth == 1 and self._thread.outer is None:
            self._thread.outer = self.inner.transaction()
            self._thread.outer.__enter__()
        super().append(batch)


@fault(60, "keeps what an error undid inside")
class _KeepsInside(Passing):
    @contextmanager
    def transaction(self) -> Iterator[None]:
        if self.depth:
            yield
            return
        with super().transaction():
            yield


@fault(61, "goes on after a stale append")
class _GoesOnStale(Passing):
    def append(self, batch: Batch) -> None:
        for write in batch.writes:
            true = self.version(batch.program, write.stream)
            if true != write.expected:
                raise stale(batch.program, write, true)
        super().append(batch)


@fault(62, "goes on after a taken key")
class _GoesOnTaken(Passing):
    def append(self, batch: Batch) -> None:
        taken = self.find(batch.program, [each.key for each in batch.applied])
        if taken:
            raise key_taken(batch.program, next(iter(taken)))
        super().append(batch)


@fault(63, "puts errors into errors of its own")
class _Wraps(Passing):
    @contextmanager
    def transaction(self) -> Iterator[None]:
        try:
            with super().transaction():
                yield
        except Exception as error:
            message = f"the transaction failed: {error!r}"
            raise JournalError(message) from error


@fault(64, "is stuck after a transaction that failed")
class _StuckAfterFailure(Passing):
    stuck = False

    @contextmanager
    def transaction(self) -> Iterator[None]:
        if self.stuck:
            message = "the last transaction is not over"
            raise JournalError(message)
        try:
            with super().transaction():
                yield
        except BaseException:
            self.stuck = True
            raise


@fault(65, "shows other threads what is not written yet")
class _ShowsThreads(Showing):
    def me(self) -> object:
        return threading.get_ident()
