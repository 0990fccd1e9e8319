"""The journal port: what the shells ask of a store, and the values that pass.

A host wires its own store by writing a class with these methods; there is nothing to inherit.
A journal knows streams, versions and keys. It does not know what the entries mean.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from typing import Any, Protocol, runtime_checkable

from attrs import field, frozen

from fidelity.entries.base import Entry
from fidelity.entries.chain import Line
from fidelity.errors import DuplicateKey, JournalError, StaleStream
from fidelity.journals.lines import Lines

__all__ = [
    "Applied",
    "AsyncJoinable",
    "AsyncJournal",
    "Batch",
    "Joinable",
    "Journal",
    "Line",
    "Recorded",
    "Resuming",
    "Snapshot",
    "Snapshots",
    "Stream",
    "Write",
    "key_taken",
    "stale",
    "whole_batch",
]


@frozen
class Recorded:
    """
    One line as it stands in the order of the journal.

    Attributes:
        program: The program that it belongs to.
        stream: The stream, such as ``"points/ana"``.
        version: Its place in the stream, from 1, without gaps.
        sequence: Its place in the journal, from 1, without gaps.
        line: The entry, its text and its link.
    """

    program: str
    stream: str
    version: int
    sequence: int
    line: Line

    @property
    def entry(self) -> Entry:
        """What is remembered."""
        return self.line.entry


@frozen
class Stream:
    """
    What was loaded of one stream.

    Attributes:
        name: Its name.
        version: The version of its last line; 0 if it has none.
        lines: The lines asked for, in order.
        snapshot: What these lines go on from, if that was asked for and there is one.
    """

    name: str
    version: int = 0
    lines: Sequence[Line] = ()
    snapshot: Snapshot | None = None

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The entries asked for, in order."""
        return tuple(self.one_by_one())

    def one_by_one(self) -> Iterator[Entry]:
        """The entries asked for, in order: those of a long stream need not lie in memory together."""
        lines = self.lines
        return lines.entries() if isinstance(lines, Lines) else (line.entry for line in lines)

    @property
    def link(self) -> str:
        """The link of the last line read; empty if none was read."""
        return self.lines[-1].link if self.lines else ""


@frozen
class Write:
    """
    Lines to append to one stream.

    Attributes:
        stream: Its name.
        expected: The version that the stream must have now; 0 if it must not exist yet.
        lines: What to append, at least one.
    """

    stream: str
    expected: int
    lines: tuple[Line, ...]


def _told(receipt: Mapping[str, Any] | Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
    return receipt() if callable(receipt) else receipt


@frozen
class Applied:
    """
    A command that was applied, kept for ever under its key.

    Attributes:
        key: Unique within the program.
        digest: The hash of what was asked, to tell a retry from a conflict.
        receipt: What a retry gets back, as plain data, or what makes it: few journals look at it at once.
    """

    key: str
    digest: str
    _receipt: Mapping[str, Any] | Callable[[], Mapping[str, Any]] = field(alias="receipt", eq=_told)

    @property
    def receipt(self) -> Mapping[str, Any]:
        """What a retry gets back, as plain data; made when it is first asked for, if it was given as what makes it."""
        found = self._receipt
        if callable(found):
            found = found()
            object.__setattr__(self, "_receipt", found)
        return found


@frozen
class Batch:
    """
    What is appended at once: all of it or nothing.

    Attributes:
        program: The program that everything here belongs to.
        writes: One for each stream.
        applied: The commands that the lines come from.
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
        Each of the *streams*; one that does not exist has version 0 and no lines.

        Args:
            program: Whose streams; other programs' streams of the same name are never seen.
            streams: Their names.
            after: For some streams, the version that is known already: only later lines are read.
            lock: Keep other writers away from these streams until the transaction ends. Taken in sorted order,
                so that two writers never wait for each other. Outside a transaction it does nothing.
        """

    def append(self, batch: Batch) -> None:
        """
        Append everything in *batch*, or nothing of it.

        Raises:
            StaleStream: If a stream has another version than expected.
            DuplicateKey: If a key is taken already.
        """

    def find(self, program: str, keys: Sequence[str]) -> Mapping[str, Applied]:
        """The commands applied under *keys*; keys that are free are left out."""

    def read(self, program: str | None = None, *, after: int = 0, limit: int = 1000) -> Sequence[Recorded]:
        """
        Up to *limit* lines in the order of the journal, with a sequence above *after*; of all programs if None.

        The order never changes: whoever goes on after the last sequence seen misses no line and sees none twice.
        """

    def streams(self, program: str, *, prefix: str = "", after: str = "", limit: int = 1000) -> Sequence[str]:
        """Up to *limit* names of streams that begin with *prefix*, in the order of their code points, past *after*."""

    def transaction(self) -> AbstractContextManager[None]:
        """
        All that this thread does inside happens at once, or, if an error leaves it, not at all.

        One inside another is part of it. An append that fails dooms the whole transaction: leave it and begin again.
        """


@runtime_checkable
class AsyncJournal(Protocol):
    """What a store can do that is awaited: the methods of `Journal`, each with the same meaning."""

    async def load(
        self,
        program: str,
        streams: Sequence[str],
        *,
        after: Mapping[str, int] | None = None,
        lock: bool = False,
    ) -> Mapping[str, Stream]:
        """As `Journal.load`."""

    async def append(self, batch: Batch) -> None:
        """As `Journal.append`."""

    async def find(self, program: str, keys: Sequence[str]) -> Mapping[str, Applied]:
        """As `Journal.find`."""

    async def read(self, program: str | None = None, *, after: int = 0, limit: int = 1000) -> Sequence[Recorded]:
        """As `Journal.read`."""

    async def streams(self, program: str, *, prefix: str = "", after: str = "", limit: int = 1000) -> Sequence[str]:
        """As `Journal.streams`."""

    def transaction(self) -> AbstractAsyncContextManager[None]:
        """As `Journal.transaction`, for this task."""


@frozen
class Snapshot:
    """
    What an account came to at a version of its stream: a cache, to be thrown away at will.

    Attributes:
        stream: Whose.
        version: Up to which version of the stream.
        link: The link of that version's line.
        body: The account as text; who reads it checks what release and what rules it was made by.
    """

    stream: str
    version: int
    link: str
    body: str


@runtime_checkable
class Snapshots(Protocol):
    """What a store of snapshots can do. Nothing depends on it but speed."""

    def snapshot(self, program: str, stream: str) -> Snapshot | None:
        """The snapshot of *stream*, if there is one."""

    def keep(self, program: str, snapshot: Snapshot) -> None:
        """Keep *snapshot* in place of an older one."""


@runtime_checkable
class Resuming(Protocol):
    """A store of snapshots that brings them with the lines that follow: one question instead of two."""

    def resume(
        self, program: str, streams: Sequence[str], *, after: Mapping[str, int], lock: bool = False
    ) -> Mapping[str, Stream]:
        """
        As `Journal.load`; a stream that *after* does not name goes on from its snapshot, which comes with it.

        Lines may be read when they are looked at, and then be refused.
        """


@runtime_checkable
class Joinable(Protocol):
    """A journal that can work inside a transaction of its host."""

    def joined(self, session: object) -> Journal:
        """
        The same journal inside the open transaction of *session*: it never begins nor commits one.

        Raises:
            JournalError: If *session* is nothing that it can join.
        """


@runtime_checkable
class AsyncJoinable(Protocol):
    """A journal that is awaited and can work inside a transaction of its host."""

    def joined(self, session: object) -> AsyncJournal:
        """As `Joinable.joined`."""


def whole_batch(batch: Batch) -> Batch:
    """
    The *batch* itself, if a journal may append it.

    Raises:
        JournalError: If a stream or a key stands in it twice, or a write has no lines.
    """
    streams = [write.stream for write in batch.writes]
    keys = [each.key for each in batch.applied]
    for names in (streams, keys):
        if len(set(names)) != len(names):
            twice = next(name for name in names if names.count(name) > 1)
            message = f"{twice!r} stands twice in one batch; put what belongs together into one"
            raise JournalError(message, program=batch.program, name=twice)
    for write in batch.writes:
        if not write.lines:
            message = f"the write to {write.stream!r} has no lines"
            raise JournalError(message, program=batch.program, stream=write.stream)
    return batch


def stale(program: str, write: Write, found: int) -> StaleStream:
    """What `append` raises when the stream of *write* has the version *found*."""
    message = f"{write.stream!r} has version {found}, not {write.expected}; load it and decide again"
    return StaleStream(message, program=program, stream=write.stream, expected=write.expected, found=found)


def key_taken(program: str, key: str) -> DuplicateKey:
    """What `append` raises when *key* is taken already."""
    return DuplicateKey(f"the key {key!r} is taken already", program=program, key=key)
