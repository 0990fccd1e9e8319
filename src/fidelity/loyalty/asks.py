"""What the shell asks of a journal, as values: so the same work serves a journal that waits and one that is awaited.

A piece of work is a generator: it yields what it asks and is sent the answer. It never touches the journal itself.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import Any, TypeAlias, TypeVar

from attrs import field, frozen

from fidelity.journals.port import Applied, Batch, Journal, Stream

__all__ = ["Append", "Ask", "Find", "Load", "Work", "carry_out"]

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
        return journal.append(self.batch)


Ask: TypeAlias = "Find | Load | Append"
Work: TypeAlias = "Generator[Ask, Any, T]"


def carry_out(work: Work[T], journal: Journal, program: str) -> T:
    """What *work* comes to, with *journal* answering what it asks."""
    answer: Any = None
    while True:
        try:
            ask = work.send(answer)
        except StopIteration as stop:
            result: T = stop.value
            return result
        answer = ask.of(journal, program)
