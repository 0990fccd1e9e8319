"""A journal in memory: for tests, notebooks and simulations.

Thread-safe and atomic like any other, and gone with the process.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from fidelity.errors import DuplicateKey, JournalError, StaleStream
from fidelity.journals.port import Applied, Batch, Recorded, Stream, recorded, whole_batch

__all__ = ["JournalInMemory"]


class JournalInMemory:
    """A journal that lives as long as the process."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._log: list[Recorded] = []
        self._streams: dict[tuple[str, str], list[Recorded]] = {}
        self._applied: dict[tuple[str, str], Applied] = {}
        self._appended: list[Batch] = []  # within a transaction: what to undo
        self._open = False
        self._doomed = False

    def __repr__(self) -> str:
        return f"<JournalInMemory: {len(self._log):,} entries in {len(self._streams):,} streams>"

    def load(
        self,
        program: str,
        streams: Sequence[str],
        *,
        after: Mapping[str, int] | None = None,
        lock: bool = False,  # noqa: ARG002  # a transaction holds the one lock there is
    ) -> Mapping[str, Stream]:
        """Each of the *streams*; one that does not exist has version 0 and no entries."""
        known = after or {}
        found: dict[str, Stream] = {}
        with self._lock:
            for name in streams:
                entries = self._streams.get((program, name), [])
                found[name] = Stream(name, len(entries), tuple(entries[known.get(name, 0) :]))
        return found

    def append(self, batch: Batch) -> tuple[Recorded, ...]:
        """Append everything in *batch*, or nothing of it."""
        whole_batch(batch)
        program = batch.program
        with self.transaction():
            for write in batch.writes:
                version = len(self._streams.get((program, write.stream), ()))
                if version != write.expected:
                    message = f"{write.stream!r} has version {version}, not {write.expected}; load it and decide again"
                    facts = {"stream": write.stream, "expected": write.expected, "found": version}
                    raise StaleStream(message, program=program, **facts)
            for each in batch.applied:
                if (program, each.key) in self._applied:
                    message = f"the key {each.key!r} is taken already"
                    raise DuplicateKey(message, program=program, key=each.key)
            stored = recorded(batch, first=len(self._log) + 1)
            for line in stored:
                self._streams.setdefault((program, line.stream), []).append(line)
            self._log.extend(stored)
            for each in batch.applied:
                self._applied[program, each.key] = each
            self._appended.append(batch)
        return stored

    def find(self, program: str, keys: Sequence[str]) -> Mapping[str, Applied]:
        """The commands applied under *keys*; keys that are free are left out."""
        with self._lock:
            return {key: self._applied[program, key] for key in keys if (program, key) in self._applied}

    def read(self, program: str | None = None, *, after: int = 0, limit: int = 1000) -> Sequence[Recorded]:
        """Up to *limit* entries in the order of the journal, with a sequence above *after*."""
        with self._lock:
            if program is None:
                return tuple(self._log[after : after + limit])
            found: list[Recorded] = []
            for index in range(after, len(self._log)):
                if len(found) == limit:
                    break
                if self._log[index].program == program:
                    found.append(self._log[index])
            return tuple(found)

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
        for write in batch.writes:
            del self._log[-len(write.entries) :]
            del self._streams[batch.program, write.stream][write.expected :]
            if not write.expected:
                del self._streams[batch.program, write.stream]
        for each in batch.applied:
            del self._applied[batch.program, each.key]
