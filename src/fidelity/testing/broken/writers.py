"""Faults 66–73: writers that overtake each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from attrs import evolve

from fidelity.errors import StaleStream
from fidelity.journals.port import Batch, Recorded, key_taken, stale
from fidelity.testing.broken.passing import EVERYTHING, Late, Passing, between, fault, without_keys

__all__: list[str] = []


class _Slow(Late):
    """A fault that shows when another thread comes between a transaction's last word and its end."""

    def commit(self, batches: Sequence[Batch]) -> None:
        between()
        super().commit(batches)


@fault(66, "drops what comes late")
class _DropsLate(_Slow):
    def commit(self, batches: Sequence[Batch]) -> None:
        try:
            super().commit(batches)
        except StaleStream:
            if not self.depth:
                raise


@fault(67, "looks at the version before it writes, not while")
class _LooksBefore(Passing):
    def append(self, batch: Batch) -> None:
        for write in batch.writes:
            true = self.version(batch.program, write.stream)
            if true != write.expected:
                raise stale(batch.program, write, true)
        between()
        with self.inner.transaction():
            super().append(self.moved(batch, lambda expected, true: expected < true))


@fault(68, "looks for keys before it writes, not while")
class _LooksForKeysBefore(Passing):
    def append(self, batch: Batch) -> None:
        taken = self.find(batch.program, [each.key for each in batch.applied])
        if taken:
            raise key_taken(batch.program, next(iter(taken)))
        between()
        without_keys(self.inner, batch)


@fault(69, "has one transaction for all threads")
class _OneForAll(Passing):
    def __init__(self, inner: Any) -> None:
        super().__init__(inner)
        self._all: list[Batch] = []

    def append(self, batch: Batch) -> None:
        if self.depth:
            self._all.append(batch)
        else:
            super().append(batch)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        self._thread.depth = self.depth + 1
        try:
            yield
            between()
            batches, self._all = self._all, []
            with self.inner.transaction():
                for batch in batches:
                    self.inner.append(batch)
        except BaseException:
            between()
            self._all = []
            raise
        finally:
            self._thread.depth -= 1


@fault(70, "locks nothing")
class _LocksNothing(_Slow):
    def lock(self, program: str, streams: Sequence[str]) -> None:
        """Nobody is kept away."""


@fault(71, "locks only what exists")
class _LocksOld(_Slow):
    def lock(self, program: str, streams: Sequence[str]) -> None:
        super().lock(program, [stream for stream in streams if self.version(program, stream)])


@fault(72, "locks in the order that it is asked in")
class _LocksAsAsked(Late):
    def lock(self, program: str, streams: Sequence[str]) -> None:
        for stream in streams:
            self.lock_one(program, stream)
            between()


@fault(73, "gives two writers the same numbers")
class _SameNumbers(Late):
    def __init__(self, inner: Any) -> None:
        super().__init__(inner)
        self._given: dict[tuple[str, str, int], int] = {}

    def commit(self, batches: Sequence[Batch]) -> None:
        last = max(self._given.values(), default=0)
        between()
        new = [
            (batch.program, write.stream, write.expected + place)
            for batch in batches
            for write in batch.writes
            for place in range(1, len(write.lines) + 1)
        ]
        self._given |= {line: last + place for place, line in enumerate(new, 1)}
        super().commit(batches)

    def read(self, program: str | None = None, *, after: int = 0, limit: int = 1000) -> Sequence[Recorded]:
        lines = super().read(program, limit=EVERYTHING)
        given = [evolve(each, sequence=self._given[each.program, each.stream, each.version]) for each in lines]
        return sorted((each for each in given if each.sequence > after), key=lambda each: each.sequence)[:limit]
