"""Members in a database: people and what they said, in tables of their own, so that whoever is erased is gone.

SQLAlchemy is imported when the first `SqlMembers` is made, never before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from fidelity._optional import require
from fidelity.entries.codec import canonical, fields_from_plain, fields_to_plain, read_json
from fidelity.errors import SchemaError
from fidelity.journals.rows import storable
from fidelity.members import Member

if TYPE_CHECKING:
    import sqlalchemy as sa
    from sqlalchemy.ext.asyncio import AsyncEngine

    from fidelity.journals.connections import Database
    from fidelity.journals.rows import Cursor

__all__ = ["AsyncSqlMembers", "SqlMembers"]

T = TypeVar("T")

#: The version of these tables.
_SCHEMA = 1

_TABLES = {
    "fidelity_members_schema": "id {whole} NOT NULL PRIMARY KEY CHECK (id = 1), version {whole} NOT NULL",
    "fidelity_members": """\
member {text} NOT NULL PRIMARY KEY, name {text} NOT NULL, language {text} NOT NULL, birth_date {text},
fields {text} NOT NULL""",
    "fidelity_payloads": """\
member {text} NOT NULL, name {text} NOT NULL, payload {text} NOT NULL, PRIMARY KEY (member, name)""",
}

_GET = "SELECT name, language, birth_date, fields FROM fidelity_members WHERE member = ?"
_SAVE = """\
INSERT INTO fidelity_members (member, name, language, birth_date, fields) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (member) DO UPDATE SET name = excluded.name, language = excluded.language,
    birth_date = excluded.birth_date, fields = excluded.fields"""
_KEEP = """\
INSERT INTO fidelity_payloads (member, name, payload) VALUES (?, ?, ?)
ON CONFLICT (member, name) DO UPDATE SET payload = excluded.payload"""
_FORGET = "DELETE FROM fidelity_payloads WHERE member = ? AND name = ?"
_PAYLOADS = "SELECT name, payload FROM fidelity_payloads WHERE member = ? ORDER BY name"
_ERASE = ("DELETE FROM fidelity_members WHERE member = ?", "DELETE FROM fidelity_payloads WHERE member = ?")


class People:
    """People in *database*, whose tables are there already."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._dialect = database.dialect

    def get(self, member: str) -> Member | None:
        """The person behind the opaque id *member*, or None."""
        row = self._database.ask(partial(self._rows, statement=_GET, values=(storable(member),)))
        if not row:
            return None
        ((name, language, born, fields),) = row
        return Member(
            member,
            name=name,
            language=language,
            birth_date=None if born is None else date.fromisoformat(born),
            fields=fields_from_plain(read_json(fields)),
        )

    def save(self, member: Member) -> None:
        """Keep *member*, in place of what was known."""
        born = None if member.birth_date is None else member.birth_date.isoformat()
        fields = canonical(fields_to_plain(member.fields)).decode()
        row = (storable(member.id), storable(member.name), storable(member.language), born, fields)
        self._write((_SAVE, row))

    def keep(self, member: str, name: str, payload: Mapping[str, Any]) -> None:
        """Keep words of *member* under *name*, in place of what stood there."""
        self._write((_KEEP, (storable(member), storable(name), canonical(dict(payload)).decode())))

    def forget(self, member: str, name: str) -> None:
        """Let go of what is kept of *member* under *name*, if anything is."""
        self._write((_FORGET, (storable(member), storable(name))))
        self._database.ask(self._dialect.scrub)

    def payloads(self, member: str) -> Mapping[str, Mapping[str, Any]]:
        """All that is kept of *member* beside the person, by name."""
        rows = self._database.ask(partial(self._rows, statement=_PAYLOADS, values=(storable(member),)))
        return {name: read_json(payload) for name, payload in rows}

    def erase(self, member: str) -> None:
        """Forget the person and all payloads; the books stay as they are."""
        self._write(*((statement, (storable(member),)) for statement in _ERASE))
        self._database.ask(self._dialect.scrub)

    def _rows(self, cursor: Cursor, *, statement: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        cursor.execute(self._dialect.spelled(statement), values)
        return list(cursor.fetchall())

    def _write(self, *changes: tuple[str, tuple[Any, ...]]) -> None:
        with self._database.transaction():
            self._database.ask(partial(self._change, changes=changes))

    def _change(self, cursor: Cursor, *, changes: tuple[tuple[str, tuple[Any, ...]], ...]) -> None:
        self._dialect.overwrite(cursor)
        for statement, values in changes:
            cursor.execute(self._dialect.spelled(statement), values)


class SqlMembers(People):
    """
    People in the database *database*: that of the journal, or better another one, with its own access and backups.

    The tables are made on first use. What is erased is overwritten on SQLite; PostgreSQL does so at its next vacuum.
    Backups and logs of the database are the host's to let go.

    Args:
        database: An SQLAlchemy URL, such as ``"sqlite:///people.db"`` or ``"postgresql://user@host/people"``,
            or an engine.

    Raises:
        MissingExtra: If SQLAlchemy or the driver is not installed.
        SchemaError: If a later release made the tables, or they are not ours.
        JournalError: If the database cannot be reached or is not supported.
    """

    def __init__(self, database: str | sa.URL | sa.Engine) -> None:
        require("sqlalchemy", extra="sql", purpose="SqlMembers")
        from fidelity.journals import connections, dialects  # they need SQLAlchemy

        engine = dialects.engine_of(database)
        self._engine = engine if engine is not database else None
        self._name = engine.url.render_as_string(hide_password=True)
        super().__init__(connections.Own(engine, connections.InThreads()))
        try:
            prepare(self._database)
        except BaseException:
            self.close()
            raise

    def __repr__(self) -> str:
        return f"<SqlMembers on {self._name}>"

    def close(self) -> None:
        """Close the connections, if they were opened here."""
        if self._engine is not None:
            self._engine.dispose()


class AsyncSqlMembers:
    """
    People in the database *database*, awaited; see `SqlMembers`.

    Args:
        database: An SQLAlchemy URL, such as ``"sqlite:///people.db"``, or an async engine.
    """

    def __init__(self, database: str | sa.URL | AsyncEngine) -> None:
        for module in ("sqlalchemy", "greenlet"):
            require(module, extra="sql", purpose="AsyncSqlMembers")
        from fidelity.journals import waiting  # it needs SQLAlchemy

        self._waiting, engine = waiting.waiting_on(database, prepare)
        self._engine = engine if engine is not database else None
        self._name = engine.url.render_as_string(hide_password=True)
        self._people = People(self._waiting.database)

    def __repr__(self) -> str:
        return f"<AsyncSqlMembers on {self._name}>"

    async def close(self) -> None:
        """Close the connections, if they were opened here."""
        if self._engine is not None:
            await self._engine.dispose()

    async def get(self, member: str) -> Member | None:
        """The person behind the opaque id *member*, or None."""
        return await self._waiting.ask(partial(self._people.get, member))

    async def save(self, member: Member) -> None:
        """Keep *member*, in place of what was known."""
        await self._write(partial(self._people.save, member))

    async def keep(self, member: str, name: str, payload: Mapping[str, Any]) -> None:
        """Keep words of *member* under *name*, in place of what stood there."""
        await self._write(partial(self._people.keep, member, name, payload))

    async def forget(self, member: str, name: str) -> None:
        """Let go of what is kept of *member* under *name*, if anything is."""
        await self._write(partial(self._people.forget, member, name))

    async def payloads(self, member: str) -> Mapping[str, Mapping[str, Any]]:
        """All that is kept of *member* beside the person, by name."""
        return await self._waiting.ask(partial(self._people.payloads, member))

    async def erase(self, member: str) -> None:
        """Forget the person and all payloads; the books stay as they are."""
        await self._write(partial(self._people.erase, member))

    async def _write(self, change: Callable[[], None]) -> None:
        await self._waiting.ask(change, writes=True)


def prepare(database: Database) -> None:
    """
    Make the tables of people, if they are missing.

    Raises:
        SchemaError: If a later release made them, or they are not ours.
    """
    with database.transaction():
        database.ask(partial(_prepare, database=database))


def _prepare(cursor: Cursor, *, database: Database) -> None:
    dialect = database.dialect
    dialect.lock_schema(cursor)
    found = dialect.found(cursor) & _TABLES.keys()
    if not found:
        for table, columns in _TABLES.items():
            cursor.execute(dialect.table(table, columns))
        cursor.execute(f"INSERT INTO fidelity_members_schema (id, version) VALUES (1, {_SCHEMA})")
        return
    missing = sorted(_TABLES.keys() - found)
    if missing:
        message = (
            f"{', '.join(missing)} is missing beside {', '.join(sorted(found))}; these are not our tables of people"
        )
        raise SchemaError(message, missing=missing)
    cursor.execute("SELECT * FROM fidelity_members_schema")
    rows = cursor.fetchall()
    version = rows[0][1] if len(rows) == 1 and len(rows[0]) > 1 else None
    if version != _SCHEMA:
        message = f"the tables of people have schema {version}, this release knows {_SCHEMA}; install a later release"
        raise SchemaError(message, found=version, known=_SCHEMA)
