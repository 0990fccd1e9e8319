"""What every fault starts from: a journal that passes all on to a sound one, and one that writes only at the end.

A fault overrides what it breaks, and leaves the rest sound.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from attrs import evolve, frozen

from fidelity.entries.codec import canonical, to_plain
from fidelity.errors import DuplicateKey, JournalError
from fidelity.journals.port import (
    Applied,
    Batch,
    Line,
    Recorded,
    Snapshot,
    Stream,
    Write,
    key_taken,
    stale,
    whole_batch,
)

__all__ = [
    "EVERYTHING",
    "FAULTS",
    "Fault",
    "Late",
    "Passing",
    "Remembering",
    "between",
    "fault",
    "reread",
    "without_keys",
]

#: Long enough for another thread to come between.
BETWEEN_SECONDS = 0.002
EVERYTHING = 10**9


class Passing:
    """A journal that passes everything on to *inner*."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner
        self._thread = threading.local()

    def load(
        self,
        program: str,
        streams: Sequence[str],
        *,
        after: Mapping[str, int] | None = None,
        lock: bool = False,
    ) -> Mapping[str, Stream]:
        """As the inner journal."""
        loaded: Mapping[str, Stream] = self.inner.load(program, streams, after=after, lock=lock)
        return loaded

    def append(self, batch: Batch) -> None:
        """As the inner journal."""
        self.inner.append(batch)

    def find(self, program: str, keys: Sequence[str]) -> Mapping[str, Applied]:
        """As the inner journal."""
        found: Mapping[str, Applied] = self.inner.find(program, keys)
        return found

    def read(self, program: str | None = None, *, after: int = 0, limit: int = 1000) -> Sequence[Recorded]:
        """As the inner journal."""
        page: Sequence[Recorded] = self.inner.read(program, after=after, limit=limit)
        return page

    def streams(self, program: str, *, prefix: str = "", after: str = "", limit: int = 1000) -> Sequence[str]:
        """As the inner journal."""
        names: Sequence[str] = self.inner.streams(program, prefix=prefix, after=after, limit=limit)
        return names

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """As the inner journal, counted."""
        self._thread.depth = self.depth + 1
        try:
            with self.inner.transaction():
                yield
        finally:
            self._thread.depth -= 1

    def snapshot(self, program: str, stream: str) -> Snapshot | None:
        """As the inner journal."""
        found: Snapshot | None = self.inner.snapshot(program, stream)
        return found

    def keep(self, program: str, snapshot: Snapshot) -> None:
        """As the inner journal."""
        self.inner.keep(program, snapshot)

    def close(self) -> None:
        """As the inner journal, if it can be closed."""
        if hasattr(self.inner, "close"):
            self.inner.close()

    @property
    def depth(self) -> int:
        """In how many transactions this thread is."""
        depth: int = getattr(self._thread, "depth", 0)
        return depth

    def version(self, program: str, stream: str) -> int:
        """The true version of *stream*."""
        return Passing.load(self, program, [stream])[stream].version

    def moved(self, batch: Batch, when: Callable[[int, int], bool]) -> Batch:
        """The *batch* with the true version in each write whose expected and true version are as *when* says."""
        return evolve(batch, writes=tuple(self._moved(batch.program, write, when) for write in batch.writes))

    def _moved(self, program: str, write: Write, when: Callable[[int, int], bool]) -> Write:
        true = self.version(program, write.stream)
        return evolve(write, expected=true) if when(write.expected, true) else write


class Late(Passing):
    """
    A sound journal that keeps what a transaction does to itself until it ends, and locks streams one by one.

    Memory lets one transaction run at a time; in this one several threads can be in the middle of theirs.
    """

    def __init__(self, inner: Any) -> None:
        super().__init__(inner)
        self._guard = threading.Lock()
        self._locks: dict[tuple[str, str], threading.Lock] = {}

    @property
    def mine(self) -> list[Batch]:
        """What this thread's transaction has appended so far."""
        found: list[Batch] = getattr(self._thread, "mine", [])
        return found

    def load(
        self,
        program: str,
        streams: Sequence[str],
        *,
        after: Mapping[str, int] | None = None,
        lock: bool = False,
    ) -> Mapping[str, Stream]:
        """What is written, and what this thread is going to write."""
        if lock and self.depth:
            self.lock(program, streams)
        known = after or {}
        found = dict(super().load(program, streams, after=after))
        for batch in self.mine:
            for write in batch.writes if batch.program == program else ():
                if write.stream in found:
                    before = found[write.stream]
                    version = write.expected + len(write.lines)
                    new = write.lines[max(known.get(write.stream, 0) - write.expected, 0) :]
                    found[write.stream] = Stream(write.stream, version, (*before.lines, *new))
        return found

    def find(self, program: str, keys: Sequence[str]) -> Mapping[str, Applied]:
        """What is written, and what this thread is going to write."""
        here = {each.key: each for batch in self.mine if batch.program == program for each in batch.applied}
        return {**super().find(program, keys), **{key: here[key] for key in keys if key in here}}

    def append(self, batch: Batch) -> None:
        """Written at once outside of a transaction, at its end inside of one."""
        whole_batch(batch)
        if not self.depth:
            self.commit([batch])
            return
        try:
            loaded = self.load(batch.program, [write.stream for write in batch.writes])
            for write in batch.writes:
                if loaded[write.stream].version != write.expected:
                    raise stale(batch.program, write, loaded[write.stream].version)
            taken = self.find(batch.program, [each.key for each in batch.applied])
            if taken:
                raise key_taken(batch.program, next(iter(taken)))
        except JournalError:
            self._thread.doomed = True
            raise
        self.mine.append(batch)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All at its end, or nothing."""
        outermost = not self.depth
        if outermost:
            self._thread.mine, self._thread.doomed, self._thread.held = [], False, []
        self._thread.depth = self.depth + 1
        try:
            yield
            if outermost:
                self._refuse_if_doomed()
                self.commit(self.mine)
        except BaseException:
            self._thread.doomed = True
            raise
        finally:
            self._thread.depth -= 1
            if outermost:
                for held in self._thread.held:
                    held.release()
                self._thread.mine = []

    def _refuse_if_doomed(self) -> None:
        if self._thread.doomed:
            message = "something inside this transaction failed, so nothing of it is written"
            raise JournalError(message)

    def commit(self, batches: Sequence[Batch]) -> None:
        """Write *batches* at once."""
        with self.inner.transaction():
            for batch in batches:
                self.inner.append(batch)

    def lock(self, program: str, streams: Sequence[str]) -> None:
        """Keep others away from *streams*, in sorted order."""
        for stream in sorted(streams):
            self.lock_one(program, stream)

    def lock_one(self, program: str, stream: str) -> None:
        """Keep others away from one stream until the transaction ends."""
        with self._guard:
            lock = self._locks.setdefault((program, stream), threading.Lock())
        if lock not in self._thread.held:
            if not lock.acquire(timeout=0.5):
                message = f"two writers wait for each other at {stream!r}"
                raise JournalError(message)
            self._thread.held.append(lock)


def between() -> None:
    """Let other threads come between."""
    time.sleep(BETWEEN_SECONDS)


def reread(stream: Stream, change: Callable[[Any], Any]) -> Stream:
    """The *stream* with each line's plain data changed by *change*."""
    return evolve(stream, lines=tuple(_changed(line, change) for line in stream.lines))


def _changed(line: Line, change: Callable[[Any], Any]) -> Line:
    plain = to_plain(line.entry)
    body = canonical(change(plain)).decode()
    return line if body == line.body else Line.read(body, line.link)


def without_keys(inner: Any, batch: Batch) -> None:
    """Append *batch*, leaving out the keys that are taken."""
    try:
        inner.append(batch)
    except DuplicateKey:
        inner.append(evolve(batch, applied=()))


@frozen
class Fault:
    """
    One way in which a journal can be broken.

    Attributes:
        name: What it does, in a few words.
        check: The number of the check that looks for it.
        make: Makes the broken journal around a sound one.
    """

    name: str
    check: int
    make: Callable[[Any], Passing]


Kind = TypeVar("Kind", bound=type[Passing])

#: Every fault by its name.
FAULTS: dict[str, Fault] = {}


def fault(check: int, name: str) -> Callable[[Kind], Kind]:
    """Add the class below to `FAULTS`."""

    def add(kind: Kind) -> Kind:
        assert name not in FAULTS, name  # noqa: S101  # two faults of one name would hide one
        FAULTS[name] = Fault(name, check, kind)
        return kind

    return add


class Remembering(Passing):
    """A journal that remembers which programs it was given."""

    def __init__(self, inner: Any) -> None:
        super().__init__(inner)
        self.programs: list[str] = []

    def append(self, batch: Batch) -> None:
        """As the inner journal, remembered."""
        if batch.program not in self.programs:
            self.programs.append(batch.program)
        super().append(batch)
