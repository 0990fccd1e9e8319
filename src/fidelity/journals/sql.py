"""A journal in a database, through SQLAlchemy: SQLite for one host.

SQLAlchemy is imported when the first `SqlJournal` is made, never before.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from fidelity._optional import require
from fidelity.entries.codec import canonical, from_plain, read_json, to_plain
from fidelity.errors import DuplicateKey, JournalError, StaleStream
from fidelity.journals.port import Applied, Batch, Recorded, Stream, whole_batch

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    import sqlalchemy as sa

__all__ = ["SqlJournal"]


_DOOMED = "something inside this transaction failed, so nothing of it is written; leave it and begin again"


class _Unwritten(JournalError):
    """A constraint stood in the way; which one is found out afterwards."""

    def __init__(self, message: str = "a stream moved") -> None:
        super().__init__(message)


class SqlJournal:
    """
    A journal in the database *database*.

    The tables are made on first use. Every append is on the disk before it returns.

    Args:
        database: An SQLAlchemy URL, such as ``"sqlite:///cafe.db"``, or an engine.

    Raises:
        MissingExtra: If SQLAlchemy is not installed.
        SchemaError: If a later release made the tables.
        JournalError: If the database cannot be reached or is not supported.
    """

    def __init__(self, database: str | sa.URL | sa.Engine) -> None:
        self._sa = require("sqlalchemy", extra="sql", purpose="SqlJournal")
        from fidelity.journals import dialects, schema, statements  # they need SQLAlchemy

        engine = dialects.engine_of(database)
        self._owns_engine = engine is not database
        self._dialect = dialects.dialect_of(engine)
        self._engine = self._dialect.engine(engine)
        self._turn: AbstractContextManager[Any] = threading.RLock() if self._dialect.shared else nullcontext()
        self._local = threading.local()
        self._statements = statements.Statements()
        with self.transaction(), self._connected() as connection:
            schema.prepare_schema(connection)

    def __repr__(self) -> str:
        return f"<SqlJournal on {self._engine.url.render_as_string(hide_password=True)}>"

    def close(self) -> None:
        """Close the connections, if the journal opened them itself."""
        if self._owns_engine:
            self._engine.dispose()

    def load(
        self,
        program: str,
        streams: Sequence[str],
        *,
        after: Mapping[str, int] | None = None,
        lock: bool = False,
    ) -> Mapping[str, Stream]:
        """Each of the *streams*; one that does not exist has version 0 and no entries."""
        known = {name: after[name] for name in streams if after.get(name)} if after else {}
        lines: dict[str, list[Recorded]] = {name: [] for name in sorted(streams)}
        fresh = [name for name in lines if name not in known]
        with self._connected() as connection:
            if lock:
                self._dialect.lock(connection, program, list(lines))
            for chunk in _chunks(fresh, self._dialect.chunk):
                self._collect(connection, self._statements.streams, {"program": program, "streams": chunk}, lines)
            moved = self._versions(connection, program, list(known))
            for names in _chunks([name for name in known if moved.get(name, 0) > known[name]], _TAILS):
                query = self._statements.tails([(name, known[name]) for name in names])
                self._collect(connection, query, {"program": program}, lines)
        found: dict[str, Stream] = {}
        for name in streams:
            version = known.get(name, 0)
            for line in lines[name]:
                version += 1
                if line.version != version:
                    message = f"the journal lacks version {version} of {name!r} and has {line.version}"
                    raise JournalError(message, program=program, stream=name, version=version)
            found[name] = Stream(name, version, tuple(lines[name]))
        return found

    def append(self, batch: Batch) -> tuple[Recorded, ...]:
        """Append everything in *batch*, or nothing of it."""
        whole_batch(batch)
        program = batch.program
        bodies = [
            (entry.kind, canonical(to_plain(entry)).decode()) for write in batch.writes for entry in write.entries
        ]
        keys = [
            {"program": program, "key": each.key, "digest": each.digest, "receipt": canonical(each.receipt).decode()}
            for each in batch.applied
        ]
        try:
            with self.transaction(), self._connected() as connection:
                self._advance(connection, program, batch)
                stored = self._add_entries(connection, batch, bodies)
                if keys:
                    connection.execute(self._statements.add_keys, keys)
        except _Unwritten as error:
            self._give_up()
            raise self._reason(batch) from error.__cause__
        return stored

    def find(self, program: str, keys: Sequence[str]) -> Mapping[str, Applied]:
        """The commands applied under *keys*; keys that are free are left out."""
        with self._connected() as connection:
            return self._find(connection, program, keys)

    def read(self, program: str | None = None, *, after: int = 0, limit: int = 1000) -> Sequence[Recorded]:
        """Up to *limit* entries in the order of the journal, with a sequence above *after*."""
        query = self._statements.all_after if program is None else self._statements.program_after
        asked = {"after": after, "limit": limit} | ({} if program is None else {"program": program})
        with self._connected() as connection:
            return tuple(_line(row) for row in connection.execute(query, asked))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that this thread does inside happens at once, or, if an error leaves it, not at all."""
        mine = self._local
        if getattr(mine, "connection", None) is not None:
            try:
                yield
            except BaseException:
                mine.doomed = True
                raise
            return
        with self._turn, self._connected() as connection, self._dialect.transaction(connection):
            mine.connection, mine.doomed = connection, False
            try:
                yield
                if mine.doomed:
                    raise JournalError(_DOOMED)
            finally:
                mine.connection = None

    def _give_up(self) -> None:
        """End this thread's transaction at once, so that what is asked next sees none of its writes."""
        mine = getattr(self._local, "connection", None)
        if mine is not None:
            self._local.doomed = True
            self._dialect.undo(mine)

    @contextmanager
    def _connected(self) -> Iterator[sa.Connection]:
        """The connection of this thread's transaction, or a new one."""
        mine = getattr(self._local, "connection", None)
        with self._faults():
            if mine is not None:
                if self._local.doomed:
                    raise JournalError(_DOOMED)
                yield mine
                return
            with self._turn, self._engine.connect() as connection:
                self._dialect.prepare(connection)
                yield connection

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except self._sa.exc.IntegrityError as error:
            raise _Unwritten(str(error.orig)) from error
        except self._sa.exc.SQLAlchemyError as error:
            message = f"the journal's database failed: {getattr(error, 'orig', None) or error}"
            raise JournalError(message) from error

    def _collect(
        self, connection: sa.Connection, query: sa.Executable, asked: dict[str, Any], lines: dict[str, list[Recorded]]
    ) -> None:
        for row in connection.execute(query, asked):
            lines[row[1]].append(_line(row))

    def _advance(self, connection: sa.Connection, program: str, batch: Batch) -> None:
        """Give each stream its new version, if it has the version expected."""
        moves = [
            {
                "p": program,
                "s": write.stream,
                "expected": write.expected,
                "version": write.expected + len(write.entries),
            }
            for write in sorted(batch.writes, key=attrgetter("stream"))
        ]
        new = [{"program": m["p"], "stream": m["s"], "version": m["version"]} for m in moves if not m["expected"]]
        old = [move for move in moves if move["expected"]]
        if old and connection.execute(self._statements.move_heads, old).rowcount != len(old):
            raise _Unwritten
        if new:
            connection.execute(self._statements.add_heads, new)

    def _add_entries(
        self, connection: sa.Connection, batch: Batch, bodies: Sequence[tuple[str, str]]
    ) -> tuple[Recorded, ...]:
        if not bodies:
            return ()
        last = connection.execute(self._statements.number, {"count": len(bodies)}).scalar_one()
        stored = recorded(batch, first=last - len(bodies) + 1)
        rows = [
            {
                "sequence": line.sequence,
                "program": line.program,
                "stream": line.stream,
                "version": line.version,
                "kind": kind,
                "body": body,
            }
            for line, (kind, body) in zip(stored, bodies, strict=True)
        ]
        connection.execute(self._statements.add_entries, rows)
        return stored

    def _reason(self, batch: Batch) -> JournalError:
        """Why nothing of *batch* was written: asked afterwards, from what stands in the journal."""
        program = batch.program
        with self._faults(), self._turn, self._engine.connect() as connection:
            self._dialect.prepare(connection)
            taken = self._find(connection, program, [each.key for each in batch.applied])
            found = self._versions(connection, program, [write.stream for write in batch.writes])
        for key in taken:
            message = f"the key {key!r} is taken already"
            return DuplicateKey(message, program=program, key=key)
        for write in batch.writes:
            version = found.get(write.stream, 0)
            if version != write.expected:
                message = f"{write.stream!r} has version {version}, not {write.expected}; load it and decide again"
                facts = {"stream": write.stream, "expected": write.expected, "found": version}
                return StaleStream(message, program=program, **facts)
        return JournalError("the database refused the entries", program=program)

    def _versions(self, connection: sa.Connection, program: str, streams: Sequence[str]) -> dict[str, int]:
        found: dict[str, int] = {}
        for chunk in _chunks(streams, self._dialect.chunk):
            asked = {"program": program, "streams": chunk}
            found.update((row[0], row[1]) for row in connection.execute(self._statements.versions, asked))
        return found

    def _find(self, connection: sa.Connection, program: str, keys: Sequence[str]) -> dict[str, Applied]:
        found: dict[str, Applied] = {}
        for chunk in _chunks(keys, self._dialect.chunk):
            for key, digest, receipt in connection.execute(
                self._statements.applied, {"program": program, "keys": chunk}
            ):
                found[key] = Applied(key, digest, read_json(receipt))
        return found


#: How many streams, each after its own version, one query asks for.
_TAILS = 50


def _chunks(names: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    for start in range(0, len(names), size):
        yield names[start : start + size]


def _line(row: Iterable[Any]) -> Recorded:
    program, stream, version, sequence, body = row
    try:
        return Recorded(program, stream, version, sequence, from_plain(read_json(body)))
    except JournalError as error:
        message = f"version {version} of {stream!r} cannot be read: {error.message}"
        raise type(error)(message, program=program, stream=stream, version=version) from error
