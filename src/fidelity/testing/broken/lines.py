"""Faults 1–29: lines that come back otherwise than they went, and versions that nobody minds."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from attrs import evolve

from fidelity.errors import JournalError, StaleStream
from fidelity.journals.port import Batch, Line, Stream, Write
from fidelity.testing.broken.passing import Passing, fault, reread

__all__: list[str] = []


class _Loading(Passing):
    """A fault in what is loaded: `changed` is given each stream and what was known of it."""

    def load(
        self,
        program: str,
        streams: Sequence[str],
        *,
        after: Mapping[str, int] | None = None,
        lock: bool = False,
    ) -> Mapping[str, Stream]:
        found = super().load(program, streams, after=after, lock=lock)
        known = after or {}
        return {name: self.changed(program, stream, known.get(name, 0)) for name, stream in found.items()}

    def changed(self, program: str, stream: Stream, known: int) -> Stream:
        raise NotImplementedError


@fault(1, "begins at version one")
class _BeginsAtOne(_Loading):
    def changed(self, program: str, stream: Stream, known: int) -> Stream:  # noqa: ARG002
        return evolve(stream, version=max(1, stream.version))


@fault(2, "loads backwards")
class _LoadsBackwards(_Loading):
    def changed(self, program: str, stream: Stream, known: int) -> Stream:  # noqa: ARG002
        return evolve(stream, lines=stream.lines[::-1])


@fault(3, "keeps the last append of a stream alone")
class _KeepsTheLast(_Loading):
    def __init__(self, inner: Any) -> None:
        super().__init__(inner)
        self._last: dict[tuple[str, str], int] = {}

    def append(self, batch: Batch) -> None:
        super().append(batch)
        self._last |= {(batch.program, write.stream): write.expected for write in batch.writes}

    def changed(self, program: str, stream: Stream, known: int) -> Stream:
        last = self._last.get((program, stream.name), 0)
        return evolve(stream, lines=stream.lines[max(last - known, 0) :])


@fault(4, "spells texts its own way")
class _Spells(_Loading):
    def changed(self, program: str, stream: Stream, known: int) -> Stream:  # noqa: ARG002
        lines = (Line.read(unicodedata.normalize("NFC", line.body), line.link) for line in stream.lines)
        return evolve(stream, lines=tuple(lines))


@fault(5, "leaves out what is empty")
class _LeavesOutEmpty(_Loading):
    def changed(self, program: str, stream: Stream, known: int) -> Stream:  # noqa: ARG002
        return reread(stream, lambda plain: plain | {"event": _filled(plain["event"])} if "event" in plain else plain)


def _filled(event: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in event.items() if value not in ("", None, [], {})}


@fault(6, "keeps numbers as floats")
class _Floats(_Loading):
    def changed(self, program: str, stream: Stream, known: int) -> Stream:  # noqa: ARG002
        return reread(stream, lambda plain: plain | {"event": _floated(plain["event"])} if "event" in plain else plain)


def _floated(event: Mapping[str, Any]) -> dict[str, Any]:
    return {name: int(float(value)) if type(value) is int else value for name, value in event.items()}


@fault(7, "makes links of its own")
class _OwnLinks(_Loading):
    def changed(self, program: str, stream: Stream, known: int) -> Stream:  # noqa: ARG002
        lines = (evolve(line, link=sha256(line.body.encode()).hexdigest()) for line in stream.lines)
        return evolve(stream, lines=tuple(lines))


@fault(8, "cuts long texts")
class _CutsTexts(_Loading):
    most = 65_535

    def changed(self, program: str, stream: Stream, known: int) -> Stream:  # noqa: ARG002
        return reread(stream, lambda plain: plain | {"hold": plain["hold"][: self.most]} if "hold" in plain else plain)


@fault(9, "keeps the first thousand lines of a write")
class _CutsWrites(Passing):
    def append(self, batch: Batch) -> None:
        super().append(evolve(batch, writes=tuple(evolve(each, lines=each.lines[:1_000]) for each in batch.writes)))


@fault(10, "loads the first thousand streams")
class _LoadsAThousand(Passing):
    def load(self, program: str, streams: Sequence[str], **how: Any) -> Mapping[str, Stream]:
        return super().load(program, streams[:1_000], **how)


@fault(11, "mixes up the streams of a batch")
class _MixesStreams(Passing):
    def append(self, batch: Batch) -> None:
        shifted = (*batch.writes[1:], *batch.writes[:1])
        writes = zip(batch.writes, shifted, strict=True)
        super().append(evolve(batch, writes=tuple(evolve(write, lines=other.lines) for write, other in writes)))


@fault(12, "leaves out streams that do not exist")
class _LeavesOutNew(Passing):
    def load(self, program: str, streams: Sequence[str], **how: Any) -> Mapping[str, Stream]:
        return {name: each for name, each in super().load(program, streams, **how).items() if each.version}


@fault(13, "loads what is known again")
class _IgnoresKnown(Passing):
    def load(
        self,
        program: str,
        streams: Sequence[str],
        *,
        after: Mapping[str, int] | None = None,  # noqa: ARG002
        lock: bool = False,
    ) -> Mapping[str, Stream]:
        return super().load(program, streams, lock=lock)


@fault(14, "forgets the version when nothing is new")
class _ForgetsVersion(_Loading):
    def changed(self, program: str, stream: Stream, known: int) -> Stream:  # noqa: ARG002
        return stream if stream.lines else Stream(stream.name)


@fault(15, "believes in a known version")
class _BelievesKnown(_Loading):
    def changed(self, program: str, stream: Stream, known: int) -> Stream:  # noqa: ARG002
        return evolve(stream, version=max(stream.version, known))


@fault(16, "loads the first hundred tails")
class _AHundredTails(Passing):
    def load(
        self,
        program: str,
        streams: Sequence[str],
        *,
        after: Mapping[str, int] | None = None,
        lock: bool = False,
    ) -> Mapping[str, Stream]:
        found = dict(super().load(program, streams, after=after, lock=lock))
        rest = list(after or {})[100:]
        return found | {name: Stream(name, (after or {})[name]) for name in rest if name in found}


@fault(17, "loads whatever is known")
class _LoadsKnown(Passing):
    def load(
        self,
        program: str,
        streams: Sequence[str],
        *,
        after: Mapping[str, int] | None = None,
        lock: bool = False,
    ) -> Mapping[str, Stream]:
        return super().load(program, list({**dict.fromkeys(streams), **(after or {})}), after=after, lock=lock)


@fault(18, "locks for ever outside of a transaction")
class _LocksForEver(Passing):
    def __init__(self, inner: Any) -> None:
        super().__init__(inner)
        self._locked: set[str] = set()

    def load(
        self,
        program: str,
        streams: Sequence[str],
        *,
        after: Mapping[str, int] | None = None,
        lock: bool = False,
    ) -> Mapping[str, Stream]:
        if lock and not self.depth:
            self._locked.update(streams)
        return super().load(program, streams, after=after, lock=lock)

    def append(self, batch: Batch) -> None:
        if any(write.stream in self._locked for write in batch.writes):
            message = "the stream is locked"
            raise JournalError(message)
        super().append(batch)


# --- Versions ---------------------------------------------------------------------------------------------------------


@fault(19, "takes a version behind the true one")
class _TakesBehind(Passing):
    def append(self, batch: Batch) -> None:
        super().append(self.moved(batch, lambda expected, true: 0 < expected < true))


@fault(20, "takes a version ahead of the true one")
class _TakesAhead(Passing):
    def append(self, batch: Batch) -> None:
        super().append(self.moved(batch, lambda expected, true: 0 < true < expected))


@fault(21, "takes any version of a new stream")
class _TakesNew(Passing):
    def append(self, batch: Batch) -> None:
        super().append(self.moved(batch, lambda expected, true: true == 0 < expected))


@fault(22, "takes each stream for new that is said to be")
class _TakesOld(Passing):
    def append(self, batch: Batch) -> None:
        super().append(self.moved(batch, lambda expected, true: expected == 0 < true))


@fault(23, "names the wrong stale stream")
class _NamesWrong(Passing):
    def append(self, batch: Batch) -> None:
        try:
            super().append(batch)
        except StaleStream as error:
            raise StaleStream(error.message, **error.facts | {"stream": batch.writes[0].stream}) from error


@fault(24, "writes one stream after the other")
class _OneByOne(Passing):
    def append(self, batch: Batch) -> None:
        if len({write.stream for write in batch.writes}) < len(batch.writes) or not all(w.lines for w in batch.writes):
            super().append(batch)
            return
        for write in batch.writes:
            super().append(evolve(batch, writes=(write,), applied=()))
        super().append(evolve(batch, writes=()))


@fault(25, "is stuck after a stale append")
class _StuckAfterStale(Passing):
    stuck = False

    def append(self, batch: Batch) -> None:
        if self.stuck:
            message = "the last append is not over"
            raise JournalError(message)
        try:
            super().append(batch)
        except StaleStream:
            self.stuck = True
            raise


@fault(26, "takes a stream twice in one batch")
class _StreamTwice(Passing):
    def append(self, batch: Batch) -> None:
        writes: dict[str, Write] = {}
        for write in batch.writes:
            before = writes.get(write.stream)
            writes[write.stream] = evolve(before, lines=before.lines + write.lines) if before else write
        super().append(evolve(batch, writes=tuple(writes.values())))


@fault(27, "takes a key twice in one batch")
class _KeyTwice(Passing):
    def append(self, batch: Batch) -> None:
        super().append(evolve(batch, applied=tuple({each.key: each for each in batch.applied}.values())))


@fault(28, "takes a write without lines")
class _NoLines(Passing):
    def append(self, batch: Batch) -> None:
        super().append(evolve(batch, writes=tuple(write for write in batch.writes if write.lines)))


@fault(29, "cannot write nothing")
class _CannotWriteNothing(Passing):
    def append(self, batch: Batch) -> None:
        if not batch.writes and not batch.applied:
            message = "there is nothing to write"
            raise JournalError(message)
        super().append(batch)
