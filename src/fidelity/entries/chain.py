"""The chain: each entry of a stream is hashed together with the one before it, so that no line can change unseen.

A store keeps the text and the link of each line as they are given; it never needs to know how they are made.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import Self

from attrs import frozen

from fidelity.entries.base import Entry
from fidelity.entries.codec import entry_of, text_of

__all__ = ["Line", "genesis", "link", "seal"]


@frozen
class Line:
    """
    One entry as a journal keeps it.

    Attributes:
        entry: What is remembered.
        body: Its canonical text.
        link: The hash of the line before and of this text, 64 hexadecimal digits.
    """

    entry: Entry
    body: str
    link: str

    @classmethod
    def read(cls, body: str, link: str) -> Self:
        """
        The line that a store had kept as *body* and *link*.

        Raises:
            SchemaError: If a later release wrote it.
            JournalError: If it is no entry at all.
        """
        return cls(entry_of(body), body, link)


def genesis(program: str, stream: str) -> str:
    """The link before the first line of *stream*: it binds the chain to its place."""
    return sha256(f"{program}\n{stream}".encode()).hexdigest()


def link(previous: str, body: str) -> str:
    """
    The link of a line: the hash of the link before it and of its own text.

    Source:
        SEMANTICS D20.
    """
    return sha256((previous + body).encode()).hexdigest()


def seal(entries: Iterable[Entry], previous: str) -> tuple[Line, ...]:
    """The *entries* as lines that continue the chain after *previous*."""
    lines: list[Line] = []
    for entry in entries:
        body = text_of(entry)
        previous = sha256((previous + body).encode()).hexdigest()
        lines.append(Line(entry, body, previous))
    return tuple(lines)
