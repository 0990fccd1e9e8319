"""Faults 30–54: keys that are lost, names that are mistaken for others, and an order that changes."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping, Sequence
from typing import Any

from attrs import evolve

from fidelity.errors import DuplicateKey
from fidelity.journals.port import Applied, Batch, Recorded, Stream
from fidelity.testing.broken.passing import EVERYTHING, Late, Passing, Remembering, fault

__all__: list[str] = []


@fault(30, "forgets receipts")
class _ForgetsReceipts(Passing):
    def find(self, program: str, keys: Sequence[str]) -> Mapping[str, Applied]:
        return {key: evolve(each, receipt={}) for key, each in super().find(program, keys).items()}


@fault(31, "leaves out what is null in receipts")
class _NoNull(Passing):
    def find(self, program: str, keys: Sequence[str]) -> Mapping[str, Applied]:
        found = super().find(program, keys)
        return {
            key: evolve(each, receipt={name: value for name, value in each.receipt.items() if value is not None})
            for key, each in found.items()
        }


@fault(32, "finds free keys too")
class _FindsFree(Passing):
    def find(self, program: str, keys: Sequence[str]) -> Mapping[str, Applied]:
        return {key: Applied(key, "", {}) for key in keys} | dict(super().find(program, keys))


@fault(33, "names the wrong key")
class _NamesWrongKey(Passing):
    def append(self, batch: Batch) -> None:
        try:
            super().append(batch)
        except DuplicateKey as error:
            raise DuplicateKey(error.message, **error.facts | {"key": batch.applied[0].key}) from error


@fault(34, "keeps the lines of a command whose key is taken")
class _KeepsLines(Passing):
    def append(self, batch: Batch) -> None:
        try:
            super().append(batch)
        except DuplicateKey:
            super().append(evolve(batch, applied=()))
            raise


@fault(35, "forgets commands without lines")
class _ForgetsWithoutLines(Passing):
    def append(self, batch: Batch) -> None:
        super().append(batch if batch.writes else evolve(batch, applied=()))


@fault(36, "finds the first five hundred keys")
class _FindsFew(Passing):
    def find(self, program: str, keys: Sequence[str]) -> Mapping[str, Applied]:
        return super().find(program, keys[:500])


@fault(37, "takes no notice of case in keys")
class _KeyCase(Passing):
    def append(self, batch: Batch) -> None:
        super().append(evolve(batch, applied=tuple(evolve(each, key=each.key.casefold()) for each in batch.applied)))

    def find(self, program: str, keys: Sequence[str]) -> Mapping[str, Applied]:
        found = super().find(program, [key.casefold() for key in keys])
        return {key: evolve(found[key.casefold()], key=key) for key in keys if key.casefold() in found}


# --- Programs and streams apart ---------------------------------------------------------------------------------------


@fault(38, "shows one program another's streams")
class _OthersStreams(Remembering):
    def load(self, program: str, streams: Sequence[str], **how: Any) -> Mapping[str, Stream]:
        found = dict(super().load(program, streams, **how))
        for other in self.programs:
            new = [name for name in streams if not found[name].version]
            found |= super().load(other, new, **how)
        return found


@fault(39, "finds another program's keys")
class _OthersKeys(Remembering):
    def find(self, program: str, keys: Sequence[str]) -> Mapping[str, Applied]:
        found: dict[str, Applied] = {}
        for other in (*self.programs, program):
            found |= super().find(other, keys)
        return found


@fault(40, "takes no notice of case in programs")
class _ProgramCase(Passing):
    def load(self, program: str, streams: Sequence[str], **how: Any) -> Mapping[str, Stream]:
        return super().load(program.casefold(), streams, **how)

    def append(self, batch: Batch) -> None:
        super().append(evolve(batch, program=batch.program.casefold()))

    def find(self, program: str, keys: Sequence[str]) -> Mapping[str, Applied]:
        return super().find(program.casefold(), keys)

    def streams(self, program: str, *, prefix: str = "", after: str = "", limit: int = 1000) -> Sequence[str]:
        return super().streams(program.casefold(), prefix=prefix, after=after, limit=limit)


@fault(41, "takes no notice of blanks after streams")
class _StreamBlanks(Passing):
    def load(self, program: str, streams: Sequence[str], **how: Any) -> Mapping[str, Stream]:
        found = super().load(program, [name.rstrip() for name in streams], **how)
        return {name: evolve(found[name.rstrip()], name=name) for name in streams}

    def append(self, batch: Batch) -> None:
        super().append(evolve(batch, writes=tuple(evolve(each, stream=each.stream.rstrip()) for each in batch.writes)))


# --- The order of the journal -----------------------------------------------------------------------------------------


class _Numbering(Passing):
    """A fault in how lines are numbered: `numbered` is given all of them."""

    def read(self, program: str | None = None, *, after: int = 0, limit: int = 1000) -> Sequence[Recorded]:
        found = self.numbered(super().read(limit=EVERYTHING))
        mine = (each for each in found if program in (None, each.program) and each.sequence > after)
        return sorted(mine, key=lambda each: each.sequence)[:limit]

    def numbered(self, lines: Sequence[Recorded]) -> Sequence[Recorded]:
        raise NotImplementedError


def _counted(lines: Sequence[Recorded]) -> Sequence[Recorded]:
    return [evolve(each, sequence=number) for number, each in enumerate(lines, 1)]


@fault(42, "reads the first program for all")
class _FirstForAll(Passing):
    def read(self, program: str | None = None, *, after: int = 0, limit: int = 1000) -> Sequence[Recorded]:
        if program is None:
            program = next((each.program for each in super().read(limit=1)), None)
        return super().read(program, after=after, limit=limit)


@fault(43, "orders each page by stream")
class _PagesByStream(Passing):
    def read(self, program: str | None = None, *, after: int = 0, limit: int = 1000) -> Sequence[Recorded]:
        return sorted(super().read(program, after=after, limit=limit), key=lambda each: each.stream)


@fault(44, "sends more than was asked for")
class _SendsMore(Passing):
    def read(self, program: str | None = None, *, after: int = 0, limit: int = 1000) -> Sequence[Recorded]:
        return super().read(program, after=after, limit=limit + 1)


@fault(45, "begins again after the end")
class _BeginsAgain(Passing):
    def read(self, program: str | None = None, *, after: int = 0, limit: int = 1000) -> Sequence[Recorded]:
        return super().read(program, after=after, limit=limit) or super().read(program, limit=limit)


@fault(46, "numbers each program on its own")
class _OwnNumbers(Passing):
    def read(self, program: str | None = None, *, after: int = 0, limit: int = 1000) -> Sequence[Recorded]:
        if program is None:
            return super().read(after=after, limit=limit)
        return _counted(super().read(program, limit=EVERYTHING))[after : after + limit]


@fault(47, "numbers lines in pairs")
class _InPairs(_Numbering):
    def numbered(self, lines: Sequence[Recorded]) -> Sequence[Recorded]:
        whole = len(lines) // 2 * 2
        return [evolve(each, sequence=number + 1 if number % 2 else number - 1) if number <= whole else each
                for number, each in enumerate(lines, 1)]  # fmt: skip


@fault(48, "numbers lines by stream")
class _ByStream(_Numbering):
    def numbered(self, lines: Sequence[Recorded]) -> Sequence[Recorded]:
        return _counted(sorted(lines, key=lambda each: (each.program, each.stream, each.version)))


@fault(49, "leaves gaps between numbers")
class _LeavesGaps(_Numbering):
    def numbered(self, lines: Sequence[Recorded]) -> Sequence[Recorded]:
        return [evolve(each, sequence=2 * each.sequence) for each in lines]


@fault(50, "numbers lines before they are written")
class _NumbersEarly(Late):
    def __init__(self, inner: Any) -> None:
        super().__init__(inner)
        self._given: dict[tuple[str, str, int], int] = {}
        self._counting = threading.Lock()

    def append(self, batch: Batch) -> None:
        with self._counting:
            for write in batch.writes:
                for place in range(len(write.lines)):
                    self._given[batch.program, write.stream, write.expected + place + 1] = len(self._given) + 1
        super().append(batch)

    def read(self, program: str | None = None, *, after: int = 0, limit: int = 1000) -> Sequence[Recorded]:
        lines = super().read(program, limit=EVERYTHING)
        given = [evolve(each, sequence=self._given[each.program, each.stream, each.version]) for each in lines]
        return sorted((each for each in given if each.sequence > after), key=lambda each: each.sequence)[:limit]


# --- The names of streams ---------------------------------------------------------------------------------------------


@fault(51, "tells streams as a dictionary does")
class _Dictionary(Passing):
    def streams(self, program: str, *, prefix: str = "", after: str = "", limit: int = 1000) -> Sequence[str]:
        return sorted(super().streams(program, prefix=prefix, after=after, limit=limit), key=str.casefold)


@fault(52, "takes a prefix for a pattern")
class _Pattern(Passing):
    def streams(self, program: str, *, prefix: str = "", after: str = "", limit: int = 1000) -> Sequence[str]:
        pattern = re.compile(re.escape(prefix).replace("_", ".").replace("%", ".*"), re.DOTALL)
        every = super().streams(program, after=after, limit=EVERYTHING)
        return [name for name in every if pattern.match(name)][:limit]


@fault(53, "skips a stream between pages")
class _SkipsBetween(Passing):
    def streams(self, program: str, *, prefix: str = "", after: str = "", limit: int = 1000) -> Sequence[str]:
        found = super().streams(program, prefix=prefix, after=after, limit=limit + 1)
        return found[1:] if after else found[:limit]


@fault(54, "tells streams that were only asked for")
class _TellsAsked(Passing):
    def __init__(self, inner: Any) -> None:
        super().__init__(inner)
        self._asked: set[str] = set()

    def load(self, program: str, streams: Sequence[str], **how: Any) -> Mapping[str, Stream]:
        self._asked.update(streams)
        return super().load(program, streams, **how)

    def streams(self, program: str, *, prefix: str = "", after: str = "", limit: int = 1000) -> Sequence[str]:
        asked = {name for name in self._asked if name.startswith(prefix) and name > after}
        found = super().streams(program, prefix=prefix, after=after, limit=limit)
        return sorted(asked.union(found))[:limit]
