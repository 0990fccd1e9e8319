"""Lines as a database has them: texts, each read when it is looked at, and where it stands if it cannot be read.

A stream of thousands is folded line by line: to keep its entries until the last one is read takes longer than to fold.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import overload

from fidelity.entries.base import Entry
from fidelity.entries.chain import Line
from fidelity.entries.codec import entry_of
from fidelity.errors import JournalError

__all__ = ["Lines", "line_of"]


def line_of(program: str, stream: str, version: int, body: str, link: str) -> Line:
    """
    The line kept as *body* and *link*.

    Raises:
        JournalError: If it cannot be read; a SchemaError if a later release wrote it.
    """
    try:
        return Line.read(body, link)
    except JournalError as error:
        raise _placed(error, program, stream, version) from error


def _placed(error: JournalError, program: str, stream: str, version: int) -> JournalError:
    message = f"version {version} of {stream!r} cannot be read: {error.message}"
    return type(error)(message, program=program, stream=stream, version=version)


class Lines(Sequence[Line]):
    """
    Lines of one stream, each read when it is looked at, and again when it is looked at again.

    Args:
        program: Whose stream it is.
        stream: Its name.
        first: The version of the first line.
        rows: Body and link of each.
    """

    __slots__ = ("_first", "_program", "_rows", "_stream")

    def __init__(self, program: str, stream: str, first: int, rows: Sequence[tuple[str, str]]) -> None:
        self._program = program
        self._stream = stream
        self._first = first
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Line]:
        program, stream = self._program, self._stream
        for version, (body, link) in enumerate(self._rows, self._first):
            yield line_of(program, stream, version, body, link)

    def entries(self) -> Iterator[Entry]:
        """The entries, for whoever wants nothing but to fold them."""
        version = self._first
        try:
            for body, _ in self._rows:
                yield entry_of(body)
                version += 1
        except JournalError as error:
            raise _placed(error, self._program, self._stream, version) from error

    @overload
    def __getitem__(self, place: int) -> Line: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Line]: ...
    def __getitem__(self, place: int | slice) -> Line | Sequence[Line]:
        versions = range(self._first, self._first + len(self._rows))
        if isinstance(place, slice):
            return tuple(self[each - self._first] for each in versions[place])
        return line_of(self._program, self._stream, versions[place], *self._rows[place])

    def __eq__(self, other: object) -> bool:
        return tuple(self) == tuple(other) if isinstance(other, Sequence) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return f"<{len(self)} lines of {self._stream}>"
