"""Every statement of a journal in a database, made once, so that SQLAlchemy compiles each once.

Needs SQLAlchemy, so only `fidelity.journals.sql` imports it, late.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from fidelity.journals import schema

__all__ = ["Statements"]


class Statements:
    """
    What is asked of the tables and written into them.

    Attributes:
        streams: The entries of ``streams`` of ``program``, in order.
        all_after, program_after: Up to ``limit`` entries with a sequence above ``after``.
        versions: The versions of ``streams`` of ``program``.
        applied: The commands under ``keys`` of ``program``.
        move_heads: From version ``expected`` to ``version``, for stream ``s`` of program ``p``.
        number: The sequence of the last of ``count`` entries to come; other writers wait until these are written.
    """

    def __init__(self) -> None:
        lines, heads, taken = schema.entries.c, schema.heads.c, schema.applied.c
        program: sa.BindParameter[str] = sa.bindparam("program")
        several: sa.BindParameter[Any] = sa.bindparam("streams", expanding=True)
        every = sa.select(lines.program, lines.stream, lines.version, lines.sequence, lines.body)
        self._mine = every.where(lines.program == program)
        self.streams = self._mine.where(lines.stream.in_(several)).order_by(lines.stream, lines.version)
        after: sa.BindParameter[int] = sa.bindparam("after")
        limit: sa.BindParameter[int] = sa.bindparam("limit")
        self.all_after = every.where(lines.sequence > after).order_by(lines.sequence).limit(limit)
        self.program_after = self.all_after.where(lines.program == program)
        self.versions = sa.select(heads.stream, heads.version).where(
            heads.program == program, heads.stream.in_(several)
        )
        self.applied = sa.select(taken.key, taken.digest, taken.receipt).where(
            taken.program == program, taken.key.in_(sa.bindparam("keys", expanding=True))
        )
        self.move_heads = (
            schema.heads.update()
            .where(
                heads.program == sa.bindparam("p"),
                heads.stream == sa.bindparam("s"),
                heads.version == sa.bindparam("expected"),
            )
            .values(version=sa.bindparam("version"))
        )
        self.number = (
            schema.journal.update()
            .values(sequence=schema.journal.c.sequence + sa.bindparam("count"))
            .returning(schema.journal.c.sequence)
        )
        self.add_heads = schema.heads.insert()
        self.add_entries = schema.entries.insert()
        self.add_keys = schema.applied.insert()

    def tails(self, known: Sequence[tuple[str, int]]) -> sa.Select[Any]:
        """The entries of some streams of ``program``, each after its own version."""
        lines = schema.entries.c
        later = [sa.and_(lines.stream == name, lines.version > version) for name, version in known]
        return self._mine.where(sa.or_(*later)).order_by(lines.stream, lines.version)
