"""Entries of the program's own stream."""

from __future__ import annotations

from typing import ClassVar

from attrs import frozen

from fidelity.entries.base import Entry

__all__ = ["ProgramPublished"]


@frozen(kw_only=True)
class ProgramPublished(Entry):
    """
    A version of the program came into force.

    Attributes:
        program: Its name.
        version: Its version.
        digest: The hash of its canonical text.
        text: The whole canonical program as JSON, readable for ever.
    """

    kind: ClassVar[str] = "program"

    program: str
    version: str
    digest: str
    text: str
