"""What two faults have in common: they show somebody what is in the middle of a transaction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

from fidelity.journals.port import Applied, Batch, Stream
from fidelity.testing.broken.passing import Passing

__all__ = ["Showing"]


class Showing(Passing):
    """A fault that shows somebody what is in the middle of a transaction. `me` says who is who."""

    #: By store: who is in a transaction, and what was appended in it.
    open: ClassVar[dict[int, tuple[object, list[Batch]]]] = {}

    def me(self) -> object:
        """Who asks: a thread, or a journal."""
        raise NotImplementedError

    def append(self, batch: Batch) -> None:
        """As the inner journal; what a transaction appends is noted."""
        super().append(batch)
        if self.depth:
            self.open.setdefault(id(self.inner), (self.me(), []))[1].append(batch)

    def seen(self) -> list[Batch]:
        """What somebody else's transaction has appended so far."""
        owner, batches = self.open.get(id(self.inner), (self.me(), []))
        return [] if owner == self.me() else batches

    def load(self, program: str, streams: Sequence[str], **how: Any) -> Mapping[str, Stream]:
        """What is not written yet, if there is any."""
        for batch in self.seen():
            return {each.stream: Stream(each.stream, len(each.lines), each.lines) for each in batch.writes}
        return super().load(program, streams, **how)

    def find(self, program: str, keys: Sequence[str]) -> Mapping[str, Applied]:
        """What is not written yet, if there is any."""
        for batch in self.seen():
            return {each.key: each for each in batch.applied}
        return super().find(program, keys)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """As the inner journal; what was noted is forgotten at its end."""
        try:
            with super().transaction():
                yield
        finally:
            if not self.depth:
                self.open.pop(id(self.inner), None)
