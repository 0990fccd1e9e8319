"""How many statements each kind of command sends to a database, as the drivers see them go."""

# ruff: noqa: ANN401 -- journals of every kind, and drivers, are handled alike

from __future__ import annotations

import re
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.ledger_memory import closing
from benchmarks.ledger_shop import MINUTE, NOON, WORD, Postgres, cafe
from benchmarks.ledger_timing import Line
from fidelity import Loyalty, Program, Purchase, Return, SqlJournal

__all__ = ["statements"]

_ENDS = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


def statements(where: Path, server: Postgres | None) -> Iterator[Line]:
    """How many statements each command sends, without those that begin and end its transaction."""
    import sqlalchemy as sa

    engine = sa.create_engine(f"sqlite:///{where}/statements.db", connect_args={"factory": _Told})
    yield from _counted("SQLite", SqlJournal(engine), _sqlite_sent)
    if server is not None:
        journal = SqlJournal(server.database())
        with tempfile.NamedTemporaryFile() as read:
            wire = _Wire(_driver(journal), read)
            yield from _counted("PostgreSQL", journal, wire.sent_to)


class _Told(sqlite3.Connection):
    """A connection that remembers what it is sent."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.sent: list[str] = []

    def cursor(self, factory: Any = None) -> Any:  # noqa: ARG002  (as sqlite3 has it)
        return super().cursor(_ToldCursor)

    def commit(self) -> None:
        self.sent.append("COMMIT")
        super().commit()


class _ToldCursor(sqlite3.Cursor):
    def execute(self, text: str, *values: Any) -> Any:
        self.connection.sent.append(text)
        return super().execute(text, *values)


@contextmanager
def _sqlite_sent(journal: SqlJournal) -> Iterator[list[str]]:
    """The statements that are sent to SQLite inside; what its triggers do is not sent."""
    sent: list[str] = []
    driver = _driver(journal)
    driver.sent = sent
    try:
        yield sent
    finally:
        driver.sent = []


class _Wire:
    """What a connection to PostgreSQL sends, as its own trace has it from the beginning."""

    _TOLD = re.compile(r'\tF\t\d+\t(Parse|Bind|Execute|Query)\t ?(?:"([^"]*)")?(?: "([^"]*))?')

    def __init__(self, driver: Any, file: Any) -> None:
        # Opened again: the driver writes where the file ends, and reading must not move that.
        self._file = Path(file.name).open("rb")  # noqa: SIM115  (as long as the wire)
        self._texts: dict[str, str] = {}
        driver.pgconn.trace(file.fileno())

    @contextmanager
    def sent_to(self, _: SqlJournal) -> Iterator[list[str]]:
        """The statements that reach the server inside."""
        self._read()
        sent: list[str] = []
        yield sent
        sent += self._read()

    def _read(self) -> list[str]:
        found, bound = [], ""
        for row in self._file.read().decode(errors="replace").splitlines():
            if told := self._TOLD.search(row):
                what, one, other = told.groups(default="")
                match what:
                    case "Parse":
                        self._texts[one] = other
                    case "Bind":
                        bound = other
                    case "Execute":
                        found.append(self._texts[bound])
                    case _:
                        found.append(one)
        return found


def _driver(journal: SqlJournal) -> Any:
    """The one connection that a single thread gets again and again from the pool of *journal*."""
    connection = journal._database.engine.raw_connection()  # noqa: SLF001  (what is sent is asked of the driver)
    try:
        return connection.driver_connection
    finally:
        connection.close()


def _counted(name: str, journal: SqlJournal, sent_to: Callable[[SqlJournal], Any]) -> Iterator[Line]:
    program = cafe()
    with closing(journal):
        for how in ("known", "unknown to the shell", "first of a process"):
            found: dict[str, list[str]] = {}
            # Often enough that drivers have prepared what they prepare.
            for number in range(7 if how == "known" else 2):
                found = _every_kind(program, journal, f"{how}-{number}", sent_to, how)
            for kind, sent in found.items():
                ends = [text.split()[0].upper() for text in sent if text.upper().startswith(_ENDS)]
                bar = 4 if kind not in _SHARED and how != "first of a process" else None
                what = f"{name}, {kind}, {'member known' if how == 'known' else how}"
                yield Line("statements", what, len(sent) - len(ends), "", bar, most=True, note=f"and {', '.join(ends)}")


#: On several accounts: each is opened and written.
_SHARED = ("transfer", "pooled redemption", "merge")


def _every_kind(
    program: Program, journal: SqlJournal, name: str, sent_to: Callable[[SqlJournal], Any], how: str
) -> dict[str, list[str]]:
    """What each kind of command sends, by a shell that knows the accounts, or not these, or nothing at all."""
    shell = Loyalty(program, journal, clock=lambda: NOON)
    ana, ben, old = (f"{who}-{name}" for who in ("ana", "ben", "old"))
    for each in (ana, ben, old):
        shell.enroll(each, now=NOON - MINUTE)
        shell.goodwill(each, points=200, reason="welcome", key=f"g-{each}", now=NOON)
    shell.join_household(ana, f"home-{name}", key=f"j1-{name}", now=NOON)
    shell.join_household(ben, f"home-{name}", key=f"j2-{name}", now=NOON)
    bought = Purchase(f"T-{name}", member=ana, amount="12.00 EUR", at=NOON)
    back = Return(f"R-{name}", purchase=f"T-{name}", at=NOON)
    kinds: dict[str, Callable[[Loyalty], Any]] = {
        "record": lambda on: on.record(bought, now=NOON),
        "redeem": lambda on: on.redeem(ana, WORD, key=f"r-{name}", now=NOON),
        "hold": lambda on: on.hold(ana, points=5, key=f"h-{name}", now=NOON),
        "capture": lambda on: on.capture(f"hold/h-{name}", key=f"c-{name}", now=NOON),
        "second hold": lambda on: on.hold(ana, points=5, key=f"i-{name}", now=NOON),
        "release": lambda on: on.release(f"hold/i-{name}", key=f"l-{name}", now=NOON),
        "return": lambda on: on.record(back, now=NOON),
        "undo": lambda on: on.undo(f"redemption/r-{name}", key=f"u-{name}", now=NOON),
        "goodwill": lambda on: on.goodwill(ana, points=5, reason="late", key=f"w-{name}", now=NOON),
        "transfer": lambda on: on.transfer(ana, to=ben, points=5, key=f"t-{name}", now=NOON),
        "pooled redemption": lambda on: on.redeem(ana, WORD, key=f"p-{name}", pooled=True, now=NOON),
        "merge": lambda on: on.merge(old, into=ben, key=f"m-{name}", now=NOON),
    }
    found = {}
    for kind, ask in kinds.items():
        on = Loyalty(program, journal, clock=lambda: NOON) if how == "first of a process" else shell
        if how == "unknown to the shell":
            on._office.cache.clear()  # noqa: SLF001  (as a process that has served many others since)
        with sent_to(journal) as sent:
            ask(on)
        if kind != "second hold":
            found[kind] = sent
    return found
