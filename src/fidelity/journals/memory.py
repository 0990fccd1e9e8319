"""A journal in memory: for tests, notebooks and simulations.

Thread-safe and atomic like any other, and gone with the process.
"""

from __future__ import annotations

import threading
from bisect import bisect_left, insort
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice

from attrs import evolve

from fidelity.entries.chain import Line
from fidelity.errors import JournalError
from fidelity.journals.port import (
    Applied,
    Batch,
    Recorded,
    Snapshot,
    Stream,
    key_taken,
    stale,
    whole_batch,
)

__all__ = ["JournalInMemory"]


class JournalInMemory:
    """A journal that lives as long as the process."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        #: Where each line stands: program, stream, version. The lines themselves stand in their streams.
        self._order: list[tuple[str, str, int]] = []
        self._streams: dict[tuple[str, str], list[Line]] = {}
        self._names: dict[str, list[str]] = {}
        self._applied: dict[tuple[str, str], Applied] = {}
        self._kept: dict[tuple[str, str], Snapshot] = {}
        self._appended: list[Batch] = []  # within a transaction: what to undo
        self._open = False
        self._doomed = False

    def __repr__(self) -> str:
        return f"<JournalInMemory: {len(self._order):,} entries in {len(self._streams):,} streams>"

    def load(
        self,
        program: str,
        streams: Sequence[str],
        *,
        after: Mapping[str, int] | None = None,
        lock: bool = False,  # noqa: ARG002  # a transaction holds the one lock there is
    ) -> Mapping[str, Stream]:
        """Each of the *streams*; one that does not exist has version 0 and no lines."""
        known = after or {}
        found: dict[str, Stream] = {}
        with self._lock:
            for name in streams:
                lines = self._streams.get((program, name), [])
                found[name] = Stream(name, len(lines), tuple(lines[known.get(name, 0) :]))
        return found

    def append(self, batch: Batch) -> None:
        """Append everything in *batch*, or nothing of it."""
        whole_batch(batch)
        program = batch.program
        with self.transaction():
            for write in batch.writes:
                version = len(self._streams.get((program, write.stream), ()))
                if version != write.expected:
                    raise stale(program, write, version)
            for each in batch.applied:
                if (program, each.key) in self._applied:
                    raise key_taken(program, each.key)
            for write in batch.writes:
                stream = write.stream
                if not write.expected:
                    self._streams[program, stream] = []
                    insort(self._names.setdefault(program, []), stream)
                self._streams[program, stream] += write.lines
                first = write.expected + 1
                self._order += [(program, stream, version) for version in range(first, first + len(write.lines))]
            for each in batch.applied:
                self._applied[program, each.key] = each
            self._appended.append(batch)

    def find(self, program: str, keys: Sequence[str]) -> Mapping[str, Applied]:
        """The commands applied under *keys*; keys that are free are left out."""
        with self._lock:
            return {key: self._applied[program, key] for key in keys if (program, key) in self._applied}

    def read(self, program: str | None = None, *, after: int = 0, limit: int = 1000) -> Sequence[Recorded]:
        """Up to *limit* lines in the order of the journal, with a sequence above *after*."""
        found: list[Recorded] = []
        with self._lock:
            for index in range(after, len(self._order)):
                if len(found) == limit:
                    break
                owner, stream, version = self._order[index]
                if program in (None, owner):
                    line = self._streams[owner, stream][version - 1]
                    found.append(Recorded(owner, stream, version, index + 1, line))
        return tuple(found)

    def streams(self, program: str, *, prefix: str = "", after: str = "", limit: int = 1000) -> Sequence[str]:
        """Up to *limit* names of streams that begin with *prefix*, in the order of their code points, past *after*."""
        with self._lock:
            names = self._names.get(program, [])
            start = max(bisect_left(names, prefix), bisect_left(names, after + "\0") if after else 0)
            found: list[str] = []
            for name in islice(names, start, None):
                if len(found) == limit or not name.startswith(prefix):
                    break
                found.append(name)
            return tuple(found)

    def snapshot(self, program: str, stream: str) -> Snapshot | None:
        """The snapshot of *stream*, if there is one."""
        with self._lock:
            return self._kept.get((program, stream))

    def resume(
        self, program: str, streams: Sequence[str], *, after: Mapping[str, int], lock: bool = False
    ) -> Mapping[str, Stream]:
        """As `load`; a stream that *after* does not name goes on from its snapshot, which comes with it."""
        with self._lock:
            kept = {name: self._kept.get((program, name)) for name in streams if name not in after}
            known = {name: each.version for name, each in kept.items() if each is not None}
            found = self.load(program, streams, after={**after, **known}, lock=lock)
        return {name: evolve(each, snapshot=kept.get(name)) for name, each in found.items()}

    def keep(self, program: str, snapshot: Snapshot) -> None:
        """Keep *snapshot* in place of an older one."""
        with self._lock:
            before = self._kept.get((program, snapshot.stream))
            if before is None or before.version < snapshot.version:
                self._kept[program, snapshot.stream] = snapshot

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that this thread does inside happens at once, or, if an error leaves it, not at all."""
        with self._lock:
            if self._open:
                try:
                    yield
                except BaseException:
                    self._doomed = True
                    raise
                return
            self._appended, self._open, self._doomed = [], True, False
            try:
                yield
                self._refuse_if_doomed()
            except BaseException:
                for batch in reversed(self._appended):
                    self._undo(batch)
                raise
            finally:
                self._appended, self._open = [], False

    def _refuse_if_doomed(self) -> None:
        if self._doomed:
            message = "something inside this transaction failed, so nothing of it is written; begin again"
            raise JournalError(message)

    def _undo(self, batch: Batch) -> None:
        program = batch.program
        for write in reversed(batch.writes):
            del self._order[-len(write.lines) :]
            del self._streams[program, write.stream][write.expected :]
            if not write.expected:
                del self._streams[program, write.stream]
                self._names[program].remove(write.stream)
        for each in batch.applied:
            del self._applied[program, each.key]
