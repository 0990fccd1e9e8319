"""The books in a database: what a journal is asked, as questions of a cursor, and the rows read back as lines.

Knows what the rows mean. Does not know where connections come from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from functools import partial
from math import inf
from typing import TYPE_CHECKING, Any

from attrs import evolve

from fidelity.entries.codec import read_json
from fidelity.errors import JournalError
from fidelity.journals.lines import Lines, line_of
from fidelity.journals.port import Applied, Batch, Recorded, Snapshot, Stream, key_taken, stale
from fidelity.journals.rows import Unwritten, rows_of, storable

if TYPE_CHECKING:
    from fidelity.journals.connections import Database
    from fidelity.journals.rows import Cursor, Rows

__all__ = ["Books"]

#: So many lines are read at once where more of them are read one by one.
_FEW = 256


class Books:
    """A journal on *database*, whose tables are there already."""

    def __init__(self, database: Database, name: str) -> None:
        self._database = database
        self._dialect = database.dialect
        self._name = name

    def __repr__(self) -> str:
        return f"<{type(self).__name__} on {self._name}>"

    @property
    def inside(self) -> bool:
        """Whether whoever asks has a transaction under way."""
        return self._database.inside

    # What a journal does

    def load(
        self,
        program: str,
        streams: Sequence[str],
        *,
        after: Mapping[str, int] | None = None,
        lock: bool = False,
    ) -> Mapping[str, Stream]:
        """Each of the *streams*; one that does not exist has version 0 and no lines."""
        storable(program)
        known = after or {}
        wanted = [(storable(name), known.get(name, 0)) for name in sorted(set(streams))]
        if not wanted:
            return {}
        database = self._database
        lock = lock and database.inside
        rows = database.ask(partial(self._dialect.tails, program=program, wanted=wanted, lock=lock))
        found = _streams(program, wanted, rows)
        return {name: found[name] for name in streams}

    def append(self, batch: Batch) -> None:
        """Append everything in *batch*, or nothing of it."""
        rows = rows_of(batch)
        if not batch.writes and not batch.applied:
            return
        database = self._database
        try:
            with database.transaction():
                database.ask(partial(self._append, rows=rows))
        except Unwritten as error:
            raise database.ask_after_failure(partial(self._reason, batch=batch, error=error)) from error.__cause__

    def find(self, program: str, keys: Sequence[str]) -> Mapping[str, Applied]:
        """The commands applied under *keys*; keys that are free are left out."""
        storable(program)
        asked = [storable(key) for key in keys]
        if not asked:
            return {}
        rows = self._database.ask(partial(self._dialect.keys, program=program, keys=asked))
        return {key: Applied(key, digest, read_json(receipt)) for key, digest, receipt in rows}

    def read(self, program: str | None = None, *, after: int = 0, limit: int = 1000) -> Sequence[Recorded]:
        """Up to *limit* lines in the order of the journal, with a sequence above *after*."""
        if program is not None:
            storable(program)
        database = self._database
        more = database.ask(self._dialect.unnumbered)
        while more:
            with database.transaction():
                more = database.ask(self._dialect.number)
        rows = database.ask(partial(self._dialect.read, program=program, after=after, limit=limit))
        return tuple(
            Recorded(program, stream, version, sequence, line_of(program, stream, version, body, link))
            for program, stream, version, sequence, body, link in rows
        )

    def streams(self, program: str, *, prefix: str = "", after: str = "", limit: int = 1000) -> Sequence[str]:
        """Up to *limit* names of streams that begin with *prefix*, in the order of their code points, past *after*."""
        asked = {"program": storable(program), "prefix": storable(prefix), "after": storable(after), "limit": limit}
        rows = self._database.ask(partial(self._dialect.streams, **asked))  # type: ignore[arg-type]  # as named there
        return tuple(name for (name,) in rows)

    def transaction(self) -> AbstractContextManager[None]:
        """All that this thread does inside happens at once, or, if an error leaves it, not at all."""
        return self._database.transaction()

    # Snapshots

    def snapshot(self, program: str, stream: str) -> Snapshot | None:
        """The snapshot of *stream*, if there is one."""
        row = self._database.ask(partial(self._dialect.snapshot, program=storable(program), stream=storable(stream)))
        return None if row is None else Snapshot(stream, *row)

    def resume(
        self, program: str, streams: Sequence[str], *, after: Mapping[str, int], lock: bool = False
    ) -> Mapping[str, Stream]:
        """
        As `load`; a stream that *after* does not name goes on from its snapshot, which comes with it.

        The lines of a long one are read when they are looked at, and only then refused if they cannot be read.
        """
        storable(program)
        wanted = [(storable(name), after.get(name)) for name in sorted(set(streams))]
        if not wanted:
            return {}
        database = self._database
        lock = lock and database.inside
        kept, rows = database.ask(partial(self._dialect.resumed, program=program, wanted=wanted, lock=lock))
        known = [(name, kept[name][0] if name in kept else version or 0) for name, version in wanted]
        found = _streams(program, known, rows, at_once=_FEW)
        found |= {name: evolve(found[name], snapshot=Snapshot(name, *each)) for name, each in kept.items()}
        return {name: found[name] for name in streams}

    def keep(self, program: str, snapshot: Snapshot) -> None:
        """Keep *snapshot* in place of an older one."""
        row = (storable(program), storable(snapshot.stream), snapshot.version, snapshot.link, storable(snapshot.body))
        with self._database.transaction():
            self._database.ask(partial(self._dialect.keep, row=row))

    def _append(self, cursor: Cursor, *, rows: Rows) -> None:
        if not self._dialect.append(cursor, rows):
            raise Unwritten

    def _reason(self, cursor: Cursor, *, batch: Batch, error: Unwritten) -> JournalError:
        """Why nothing of *batch* was written: asked afterwards, of what stands in the journal."""
        program = batch.program
        if batch.applied:
            keys = [each.key for each in batch.applied]
            taken = {row[0] for row in self._dialect.keys(cursor, program, keys)}
            for key in keys:
                if key in taken:
                    return key_taken(program, key)
        found = self._dialect.versions(cursor, program, [write.stream for write in batch.writes])
        for write in batch.writes:
            version = found.get(write.stream, 0)
            if version != write.expected:
                return stale(program, write, version)
        message = f"the database refused the entries: {error.message}"
        return JournalError(message, program=program)


def _streams(
    program: str, wanted: Sequence[tuple[str, int]], rows: Sequence[tuple[Any, ...]], at_once: float = inf
) -> dict[str, Stream]:
    """The streams that *rows* tell of; where there are more lines than *at_once*, they are read when looked at."""
    after = dict(wanted)
    heads = {}
    lines: dict[str, list[tuple[str, str]]] = {}
    for stream, head, version, body, link in rows:
        heads[stream] = head
        if version is None:
            continue
        mine = lines.setdefault(stream, [])
        expected = after[stream] + len(mine) + 1
        if version != expected:
            message = f"the journal lacks version {expected} of {stream!r} and has {version}"
            raise JournalError(message, program=program, stream=stream, version=expected)
        mine.append((body, link))
    found = {}
    for stream, version in wanted:
        head, mine = heads.get(stream, 0), lines.get(stream, [])
        if head > version + len(mine):
            message = f"the journal lacks version {version + len(mine) + 1} of {stream!r}, which has {head}"
            raise JournalError(message, program=program, stream=stream, version=version + len(mine) + 1)
        if mine and head < version + len(mine):
            message = f"version {head + 1} of {stream!r} stands in the journal, but the stream has {head}"
            raise JournalError(message, program=program, stream=stream, version=head + 1)
        unread = Lines(program, stream, version + 1, mine)
        found[stream] = Stream(stream, head, tuple(unread) if len(mine) <= at_once else unread)
    return found
