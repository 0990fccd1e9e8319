"""Faults 74–84: what the next process misses, what another one must not see, and errors in the wrong words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from attrs import evolve

from fidelity.errors import DuplicateKey, JournalError, StaleStream
from fidelity.journals.port import Applied, Batch, Recorded, Snapshot, Stream, stale
from fidelity.testing.broken.passing import EVERYTHING, Passing, fault
from fidelity.testing.broken.showing import Showing

__all__: list[str] = []


class _Own(Passing):
    """A fault of a journal that knows only what it wrote itself."""

    def __init__(self, inner: Any) -> None:
        super().__init__(inner)
        self.versions: dict[tuple[str, str], int] = {}
        self.keys: set[tuple[str, str]] = set()

    def append(self, batch: Batch) -> None:
        super().append(batch)
        self.versions |= {(batch.program, each.stream): each.expected + len(each.lines) for each in batch.writes}
        self.keys |= {(batch.program, each.key) for each in batch.applied}


@fault(74, "loses its lines when it is closed")
class _LosesLines(_Own):
    def load(self, program: str, streams: Sequence[str], **how: Any) -> Mapping[str, Stream]:
        found = super().load(program, streams, **how)
        return {name: each if (program, name) in self.versions else Stream(name) for name, each in found.items()}


@fault(75, "loses its keys when it is closed")
class _LosesKeys(_Own):
    def find(self, program: str, keys: Sequence[str]) -> Mapping[str, Applied]:
        return super().find(program, [key for key in keys if (program, key) in self.keys])


@fault(76, "numbers lines anew when it is opened")
class _NumbersAnew(Passing):
    def __init__(self, inner: Any) -> None:
        super().__init__(inner)
        self._before = bool(inner.read(limit=1))

    def read(self, program: str | None = None, *, after: int = 0, limit: int = 1000) -> Sequence[Recorded]:
        if not self._before:
            return super().read(program, after=after, limit=limit)
        lines = sorted(super().read(limit=EVERYTHING), key=lambda each: (each.program, each.stream, each.version))
        found = (evolve(each, sequence=number) for number, each in enumerate(lines, 1))
        return [each for each in found if program in (None, each.program) and each.sequence > after][:limit]


@fault(77, "writes what was undone when it is closed")
class _WritesUndone(Passing):
    def __init__(self, inner: Any) -> None:
        super().__init__(inner)
        self._undone: list[Batch] = []
        self._inside: list[Batch] = []

    def append(self, batch: Batch) -> None:
        super().append(batch)
        if self.depth:
            self._inside.append(batch)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        try:
            with super().transaction():
                yield
        except BaseException:
            self._undone += self._inside
            raise
        finally:
            self._inside = []

    def close(self) -> None:
        for batch in self._undone:
            with suppress(JournalError):
                self.inner.append(batch)
        self._undone = []
        super().close()


@fault(78, "sees what another one wrote too late")
class _SeesLate(_Own):
    def __init__(self, inner: Any) -> None:
        super().__init__(inner)
        self._seen: dict[tuple[str, str], int] = {}

    def load(self, program: str, streams: Sequence[str], **how: Any) -> Mapping[str, Stream]:
        found = dict(super().load(program, streams, **how))
        for name, stream in found.items():
            seen = max(self._seen.setdefault((program, name), stream.version), self.versions.get((program, name), 0))
            lost = max(stream.version - seen, 0)
            found[name] = Stream(name, stream.version - lost, stream.lines[: len(stream.lines) - lost])
        return found


@fault(79, "does not hear that it is late")
class _DoesNotHear(_Own):
    def append(self, batch: Batch) -> None:
        own = {write.expected for write in batch.writes
               if write.expected == self.versions.get((batch.program, write.stream), 0)}  # fmt: skip
        super().append(self.moved(batch, lambda expected, true: expected in own and expected < true))


@fault(80, "shows another one what is not written yet")
class _ShowsAnother(Showing):
    def me(self) -> object:
        return id(self)


@fault(81, "has one snapshot for all programs")
class _OneSnapshot(Passing):
    def snapshot(self, program: str, stream: str) -> Snapshot | None:  # noqa: ARG002
        return super().snapshot("", stream)

    def keep(self, program: str, snapshot: Snapshot) -> None:  # noqa: ARG002
        super().keep("", snapshot)


@fault(82, "keeps the last snapshot that it is given")
class _LastSnapshot(Passing):
    def __init__(self, inner: Any) -> None:
        super().__init__(inner)
        self._kept: dict[tuple[str, str], Snapshot] = {}

    def snapshot(self, program: str, stream: str) -> Snapshot | None:
        return self._kept.get((program, stream))

    def keep(self, program: str, snapshot: Snapshot) -> None:
        self._kept[program, snapshot.stream] = snapshot


@contextmanager
def _let_out() -> Iterator[None]:
    try:
        yield
    except (StaleStream, DuplicateKey):
        raise
    except JournalError as error:
        message = f"the disk is gone: {error}"
        raise OSError(message) from error


@fault(83, "lets errors of the store out when it reads")
class _LetsOutReading(Passing):
    def load(self, program: str, streams: Sequence[str], **how: Any) -> Mapping[str, Stream]:
        with _let_out():
            return super().load(program, streams, **how)

    def find(self, program: str, keys: Sequence[str]) -> Mapping[str, Applied]:
        with _let_out():
            return super().find(program, keys)


@fault(84, "tells a fault of the store as another writer")
class _TellsAnother(Passing):
    def append(self, batch: Batch) -> None:
        try:
            super().append(batch)
        except (StaleStream, DuplicateKey):
            raise
        except JournalError as error:
            if not batch.writes:
                raise
            raise stale(batch.program, batch.writes[0], 0) from error
