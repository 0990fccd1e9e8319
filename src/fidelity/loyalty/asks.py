"""What the shell asks of a journal, as values: so the same work serves a journal that waits and one that is awaited.

A piece of work is a generator: it yields what it asks and is sent the answer, or the error. It never touches the
journal itself.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import suppress
from typing import Any, TypeAlias, TypeVar

from attrs import field, frozen

from fidelity.errors import JournalError
from fidelity.journals.port import (
    Applied,
    Batch,
    Journal,
    Recorded,
    Resuming,
    Snapshot,
    Snapshots,
    Stream,
)

__all__ = ["Append", "Ask", "Find", "Keep", "Load", "Names", "Read", "Recall", "Resume", "Within", "Work", "carry_out"]

T = TypeVar("T")


@frozen
class Find:
    """The commands applied under *keys*."""

    keys: tuple[str, ...]

    def of(self, journal: Journal, program: str) -> Mapping[str, Applied]:
        """The answer of *journal*."""
        return journal.find(program, self.keys)


@frozen
class Load:
    """The *streams*, each after the version that is known already; locked until the transaction ends."""

    streams: tuple[str, ...]
    after: Mapping[str, int] = field(factory=dict)
    lock: bool = False

    def of(self, journal: Journal, program: str) -> Mapping[str, Stream]:
        """The answer of *journal*."""
        return journal.load(program, self.streams, after=self.after, lock=self.lock)


@frozen
class Append:
    """Everything in *batch*, or nothing."""

    batch: Batch

    def of(self, journal: Journal, program: str) -> object:  # noqa: ARG002  # the batch names it
        """The answer of *journal*."""
        return journal.append(self.batch)  # type: ignore[func-returns-value]  # to be awaited, where it is


@frozen
class Read:
    """Up to *limit* lines of the program, or of all of them, in the order of the journal."""

    after: int
    limit: int
    everything: bool = False

    def of(self, journal: Journal, program: str) -> Sequence[Recorded]:
        """The answer of *journal*."""
        return journal.read(None if self.everything else program, after=self.after, limit=self.limit)


@frozen
class Names:
    """Up to *limit* names of streams that begin with *prefix*, past *after*."""

    prefix: str
    after: str
    limit: int

    def of(self, journal: Journal, program: str) -> Sequence[str]:
        """The answer of *journal*."""
        return journal.streams(program, prefix=self.prefix, after=self.after, limit=self.limit)


@frozen
class Recall:
    """The snapshot of *stream*, if this journal keeps any."""

    stream: str

    def of(self, journal: Journal, program: str) -> Snapshot | None:
        """The answer of *journal*."""
        return journal.snapshot(program, self.stream) if isinstance(journal, Snapshots) else None


@frozen
class Resume:
    """The *streams*, each after the version that is known or else its snapshot; None if this journal cannot do both."""

    streams: tuple[str, ...]
    after: Mapping[str, int]
    lock: bool = False

    def of(self, journal: Journal, program: str) -> Mapping[str, Stream] | None:
        """The answer of *journal*."""
        if not isinstance(journal, Resuming):
            return None
        return journal.resume(program, self.streams, after=self.after, lock=self.lock)


@frozen
class Keep:
    """Keep *snapshot*, if this journal keeps any. Nothing depends on it, so that it fails is no failure."""

    snapshot: Snapshot

    def of(self, journal: Journal, program: str) -> object:
        """The answer of *journal*."""
        if not isinstance(journal, Snapshots):
            return None
        with suppress(JournalError):
            return journal.keep(program, self.snapshot)  # type: ignore[func-returns-value]  # see Append
        return None


@frozen
class Within:
    """What the work that *begin* gives comes to, done at once or not at all."""

    begin: Callable[[], Work[Any]]

    def of(self, journal: Journal, program: str) -> Any:  # noqa: ANN401  # whatever the work comes to
        """The answer of *journal*."""
        with journal.transaction():
            return carry_out(self.begin(), journal, program)


Ask: TypeAlias = Find | Load | Append | Read | Names | Recall | Resume | Keep | Within
Work: TypeAlias = Generator[Ask, Any, T]


def carry_out(work: Work[T], journal: Journal, program: str) -> T:
    """What *work* comes to, with *journal* answering what it asks."""
    try:
        ask = work.send(None)
        while True:
            try:
                answer = ask.of(journal, program)
            except Exception as error:  # noqa: BLE001  # the work decides what it means
                ask = work.throw(error)
            else:
                ask = work.send(answer)
    except StopIteration as stop:
        result: T = stop.value
        return result
