"""What passes between a journal and the statements of its database: rows of plain values, and a cursor to ask on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol, TypeAlias

from attrs import frozen

from fidelity.entries.codec import canonical
from fidelity.errors import JournalError, ValueRefused
from fidelity.journals.port import Batch, whole_batch

__all__ = [
    "Cursor",
    "Driver",
    "Kept",
    "Move",
    "Resumed",
    "Rows",
    "Unwritten",
    "chunks",
    "past_prefix",
    "resumed",
    "rows_of",
    "storable",
]


class Cursor(Protocol):
    """What is used of a driver's cursor."""

    @property
    def rowcount(self) -> int:
        """How many rows the last statement wrote."""

    def execute(self, statement: str, values: Sequence[Any] = ..., /) -> Any:
        """Run one statement."""

    def fetchone(self) -> Any:
        """The next row, or None."""

    def fetchall(self) -> Sequence[Any]:
        """All rows that are left."""


class Driver(Protocol):
    """What is used of a connection from the pool."""

    @property
    def info(self) -> dict[Any, Any]:
        """What is remembered of this connection for as long as it lives."""

    @property
    def driver_connection(self) -> Any:
        """The driver's own connection."""

    def cursor(self) -> Cursor:
        """A cursor of its own."""

    def commit(self) -> None:
        """End the transaction and keep it."""

    def rollback(self) -> None:
        """End the transaction and keep nothing."""

    def close(self) -> None:
        """Give it back."""

    def invalidate(self) -> None:
        """Give it back to be thrown away."""


#: A stream, the version it must have, the version and the link it gets.
Move: TypeAlias = tuple[str, int, int, str]


@frozen
class Rows:
    """
    A batch as rows.

    Attributes:
        program: The program that they belong to.
        moves: One for each stream, sorted by name, so that two writers never wait for each other.
        entries: Stream, version, kind, body and link of each line, in the order of the batch.
        keys: Key, digest and receipt of each command.
    """

    program: str
    moves: Sequence[Move]
    entries: Sequence[tuple[str, int, str, str, str]]
    keys: Sequence[tuple[str, str, str]]


#: Of a stream that goes on from its snapshot: version, link and body of that.
Kept: TypeAlias = tuple[int, str, str]
#: Snapshots by stream, and the rows of `Dialect.tails` after them.
Resumed: TypeAlias = tuple[dict[str, Kept], Sequence[tuple[Any, ...]]]


def resumed(rows: Sequence[tuple[Any, ...]]) -> Resumed:
    """The *rows* of tails whose last three columns are the snapshot, which stands in the first of each stream."""
    kept: dict[str, Kept] = {}
    for row in rows:
        if row[5] is not None:
            kept.setdefault(row[0], row[5:])
    return kept, [row[:5] for row in rows]


class Unwritten(JournalError):
    """A constraint stood in the way; which one is found out afterwards."""

    def __init__(self, message: str = "a stream moved") -> None:
        super().__init__(message)


def rows_of(batch: Batch) -> Rows:
    """
    The rows of *batch*.

    Raises:
        JournalError: If it contradicts itself.
        ValueRefused: If a name in it cannot be stored.
    """
    whole_batch(batch)
    storable(batch.program)
    moves, entries = [], []
    for write in batch.writes:
        storable(write.stream)
        version = write.expected
        for line in write.lines:
            version += 1
            entries.append((write.stream, version, line.entry.kind, line.body, line.link))
        moves.append((write.stream, write.expected, version, write.lines[-1].link))
    moves.sort()
    keys = [(storable(each.key), each.digest, canonical(each.receipt).decode()) for each in batch.applied]
    return Rows(batch.program, moves, entries, keys)


def storable(name: str) -> str:
    """
    The *name* itself, if every database can keep it.

    Raises:
        ValueRefused: If it holds the character NUL, or half a character.
    """
    if not name.isascii():
        try:
            name.encode()
        except UnicodeEncodeError as error:
            message = f"{name!r:.80} holds half a character, which cannot be stored"
            raise ValueRefused(message, value=name) from error
    if "\0" in name:
        message = f"{name!r:.80} holds the character NUL, which cannot be stored"
        raise ValueRefused(message, value=name)
    return name


def past_prefix(prefix: str) -> str | None:
    """
    The first text after all that begin with *prefix*, in the order of code points; None if there is none.

    >>> past_prefix("points/")
    'points0'
    """
    for end in range(len(prefix) - 1, -1, -1):
        following = ord(prefix[end]) + 1
        if following in _HALVES:
            following = _HALVES.stop
        if following <= _LAST:
            return prefix[:end] + chr(following)
    return None


_HALVES = range(0xD800, 0xE000)
_LAST = 0x10FFFF


def chunks(rows: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    """The *rows*, at most *size* at a time."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
