"""The journal port: what the shells ask of a store, and the values that pass.

A host wires its own store by writing a class with these methods; there is nothing to inherit.
A journal knows streams, versions and keys. It does not know what the entries mean.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol, runtime_checkable

from attrs import field, frozen

from fidelity.entries.base import Entry
from fidelity.errors import JournalError

__all__ = ["Applied", "Batch", "Journal", "Recorded", "Stream", "Write", "recorded", "whole_batch"]


@frozen
class Recorded:
    """
    One entry as it stands in the journal.

    Attributes:
        program: The program that it belongs to.
        stream: The stream, such as ``"points/ana"``.
        version: Its place in the stream, from 1, without gaps.
        sequence: Its place in the journal, from 1, rising.
        entry: What is remembered.
    """

    program: str
    stream: str
    version: int
    sequence: int
    entry: Entry


@frozen
class Stream:
    """
    What was loaded of one stream.

    Attributes:
        name: Its name.
        version: The version of its last entry; 0 if it has none.
        entries: The entries asked for, in order.
    """

    name: str
    version: int = 0
    entries: tuple[Recorded, ...] = ()


@frozen
class Write:
    """
    Entries to append to one stream.

    Attributes:
        stream: Its name.
        expected: The version that the stream must have now; 0 if it must not exist yet.
        entries: What to append, at least one.
    """

    stream: str
    expected: int
    entries: tuple[Entry, ...]


@frozen
class Applied:
    """
    A command that was applied, kept for ever under its key.

    Attributes:
        key: Unique within the program.
        digest: The hash of what was asked, to tell a retry from a conflict.
        receipt: What a retry gets back, as plain data.
    """

    key: str
    digest: str
    receipt: Mapping[str, Any]


@frozen
class Batch:
    """
    What is appended at once: all of it or nothing.

    Attributes:
        program: The program that everything here belongs to.
        writes: One for each stream.
        applied: The commands that the entries come from.
    """

    program: str
    writes: tuple[Write, ...] = ()
    applied: tuple[Applied, ...] = field(default=())


@runtime_checkable
class Journal(Protocol):
    """
    What a store of entries can do.

    Whatever goes wrong with the store itself is a `JournalError` with its cause, never a `Refused`.
    """

    def load(
        self,
        program: str,
        streams: Sequence[str],
        *,
        after: Mapping[str, int] | None = None,
        lock: bool = False,
    ) -> Mapping[str, Stream]:
        """
        Each of the *streams*; one that does not exist has version 0 and no entries.

        Args:
            program: Whose streams; other programs' streams of the same name are never seen.
            streams: Their names.
            after: For some streams, the version that is known already: only later entries are read.
            lock: Keep other writers away from these streams until the transaction ends. Taken in sorted order,
                so that two writers never wait for each other. Outside a transaction it does nothing.
        """

    def append(self, batch: Batch) -> tuple[Recorded, ...]:
        """
        Append everything in *batch*, or nothing of it, and give it back as it stands now, in order.

        Raises:
            StaleStream: If a stream has another version than expected.
            DuplicateKey: If a key is taken already.
        """

    def find(self, program: str, keys: Sequence[str]) -> Mapping[str, Applied]:
        """The commands applied under *keys*; keys that are free are left out."""

    def read(self, program: str | None = None, *, after: int = 0, limit: int = 1000) -> Sequence[Recorded]:
        """Up to *limit* entries in the order of the journal, with a sequence above *after*; of all programs if None."""

    def transaction(self) -> AbstractContextManager[None]:
        """
        All that this thread does inside happens at once, or, if an error leaves it, not at all.

        One inside another is part of it. An append that fails dooms the whole transaction: leave it and begin again.
        """


def whole_batch(batch: Batch) -> Batch:
    """
    The *batch* itself, if a journal may append it.

    Raises:
        JournalError: If a stream or a key stands in it twice, or a write has no entries.
    """
    streams = [write.stream for write in batch.writes]
    keys = [each.key for each in batch.applied]
    for names in (streams, keys):
        if len(set(names)) != len(names):
            twice = next(name for name in names if names.count(name) > 1)
            message = f"{twice!r} stands twice in one batch; put what belongs together into one"
            raise JournalError(message, program=batch.program, name=twice)
    for write in batch.writes:
        if not write.entries:
            message = f"the write to {write.stream!r} has no entries"
            raise JournalError(message, program=batch.program, stream=write.stream)
    return batch


def recorded(batch: Batch, *, first: int) -> tuple[Recorded, ...]:
    """The entries of *batch* as they stand once appended, *first* being the sequence of the first one."""
    found: list[Recorded] = []
    for write in batch.writes:
        for version, entry in enumerate(write.entries, write.expected + 1):
            found.append(Recorded(batch.program, write.stream, version, first + len(found), entry))
    return tuple(found)
