"""Entries of upkeep: what a sweep writes down, and checkpoints over a whole program."""

from __future__ import annotations

from typing import ClassVar

from attrs import frozen

from fidelity.entries.base import Entry

__all__ = ["Checkpointed", "Settled"]


@frozen(kw_only=True)
class Settled(Entry):
    """
    What had followed from time alone since the last sweep, written down for whoever reads the journal.

    It changes nothing: books that were never swept come to the same.

    Attributes:
        facts: In the order in which they happened: ``(what, instant, wallet, lot or hold or tier, points)``, the
            first one of ``matured``, ``timed out``, ``expired``, ``settled``, ``rose``, ``fell``.
    """

    kind: ClassVar[str] = "settled"

    facts: tuple[tuple[str, str, str, str, int], ...]


@frozen(kw_only=True)
class Checkpointed(Entry):
    """
    Where every stream of a program stood: what it takes to see that lines were cut off at the end.

    Attributes:
        sequence: Up to which line of the journal.
        streams: How many streams there were.
        digest: The hash of the name, version and link of each, in the order of their names.
    """

    kind: ClassVar[str] = "checkpoint"

    sequence: int
    streams: int
    digest: str
