"""What the books cost on a database: a posting beside what the database does alone, one hot member."""

from __future__ import annotations

import re
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from threading import Barrier, Thread
from time import perf_counter
from typing import Any

from benchmarks.ledger_memory import Run, closing, expect, one_by_one
from benchmarks.ledger_shop import MINUTE, NOON, POINTS, WORD, Missing, Postgres, Shop, cafe, call, decided
from benchmarks.ledger_timing import Line, Runner, Times, race, ratio
from fidelity import Loyalty, SqlJournal
from fidelity.commands import Goodwill, Redeem
from fidelity.entries.chain import link
from fidelity.entries.codec import canonical
from fidelity.journals import Applied, Batch, JournalInMemory, Write
from fidelity.journals.port import Line as Kept
from fidelity.ledger.receipts import to_plain

__all__ = ["hot", "postgresql", "sqlite"]


_REPEATED = "a redemption to be repeated"


def no_server(server: Postgres | None) -> Postgres:
    """The server, if there is one."""
    if server is None:
        raise Missing("no PostgreSQL")
    return server


# A posting beside what the database does alone


def posted(loyalty: Loyalty, count: int) -> list[Batch]:
    """
    *count* batches of one redemption each, to be appended to a stream of their own: what the journal does alone.

    As large as those of *loyalty*, of which they repeat one under other keys.
    """
    program = loyalty.program.name
    receipt = loyalty.redeem("member-0000", WORD, key=_REPEATED, now=NOON - MINUTE)
    line = loyalty.journal.load(program, ("points/member-0000",))["points/member-0000"].lines[-1]
    found, last = [], "0" * 64
    for number in range(count):
        last = link(last, line.body)
        write = Write("points/alone", number, (Kept(line.entry, line.body, last),))
        found.append(Batch(program, (write,), (Applied(f"alone/{number}", line.link, to_plain(receipt)),)))
    return found


def _size(batch: Batch) -> int:
    """How many bytes a batch is about."""
    (write,), (applied,) = batch.writes, batch.applied
    texts = (write.stream, write.lines[0].body, write.lines[0].link, applied.key, applied.digest)
    return sum(map(len, texts)) + len(canonical(applied.receipt))


def _postings(journal: SqlJournal, count: int, rounds: int) -> tuple[Shop, Runner, Runner, int]:
    """A shop on *journal*, what makes single redemptions and gifts in it, what appends as much alone, and how much."""
    shop = Shop.open(cafe(), journal)
    turn = iter(range(1, 1_000))
    alone = posted(shop.loyalty, count * (rounds + 1))
    size = _size(alone[0])
    rest = iter(alone)
    program = shop.loyalty.program.name

    def through() -> Run:
        return one_by_one(shop, _gifts_and_redemptions(shop, next(turn), count))

    def by_itself() -> Run:
        mine = [next(rest) for _ in range(count)]

        def run() -> int:
            for batch in mine:
                with journal.transaction():
                    (write,) = batch.writes
                    journal.find(program, (batch.applied[0].key,))
                    journal.load(program, (write.stream,), after={write.stream: write.expected}, lock=True)
                    journal.append(batch)
            return len(mine)

        return run

    return shop, Runner("a command", through), Runner("the journal alone", by_itself), size


def _gifts_and_redemptions(shop: Shop, turn: int, count: int) -> list[Any]:
    found: list[Any] = []
    for number in range(count):
        member, now, key = shop.who[number % len(shop.who)], NOON + turn * timedelta(hours=1), f"{turn}/{number}"
        if number // len(shop.who) % 2 != turn % 2:
            found.append(Goodwill(member=member, points=POINTS, reason="late", key=key, now=now))
        else:
            found.append(Redeem(member=member, reward=WORD, key=key, now=now))
    return found


def sqlite(rounds: int, count: int, where: Path) -> Iterator[Line]:
    """A single command, durable when it returns, beside the commit of one row of the same size by sqlite3 itself."""
    with closing(SqlJournal(f"sqlite:///{where}/posting.db")) as journal:
        shop, through, alone, size = _postings(journal, count, rounds)
        raw = sqlite3.connect(where / "raw.db", isolation_level=None)
        (mode,) = raw.execute("PRAGMA journal_mode = WAL").fetchone()
        expect(mode, "wal", "the log of the raw file")
        raw.execute("PRAGMA synchronous = FULL")
        raw.execute("CREATE TABLE kept (number INTEGER PRIMARY KEY, body TEXT) STRICT")
        row = "x" * size

        def commits() -> Run:
            def run() -> int:
                for _ in range(count):
                    raw.execute("BEGIN IMMEDIATE")
                    raw.execute("INSERT INTO kept (body) VALUES (?)", (row,))
                    raw.execute("COMMIT")
                return count

            return run

        times = race([Runner("raw", commits), through, alone], rounds)
        raw.close()
        _as_in_memory(shop, rounds, count)
    yield from _beside("SQLite", times, "raw", f"a raw sqlite3 commit of one row of {size} bytes", 0.6)


def _as_in_memory(shop: Shop, rounds: int, count: int) -> None:
    """The same commands in memory come to the same balances."""
    other = Shop.open(cafe(), JournalInMemory())
    other.loyalty.redeem("member-0000", WORD, key=_REPEATED, now=NOON - MINUTE)
    for turn in range(1, rounds + 2):
        one_by_one(other, _gifts_and_redemptions(other, turn, count))()
    last = NOON + timedelta(days=60)
    expect(shop.balances(last), other.balances(last), f"balances in {shop.loyalty.journal!r}")


def _beside(name: str, times: dict[str, Times], base: str, what: str, aim: float) -> Iterator[Line]:
    raw = times[base]
    yield Line(f"{name} posting", what, raw.rate(), "commits/s", note=f"{raw.each() * 1e6:.0f} µs")
    for each in ("a command", "the journal alone"):
        found = times[each]
        told = f"{found.rate():,.0f}/s, {found.each() * 1e6:.0f} µs, of which {found.each('cpu') * 1e6:.0f} here"
        bar = 0.35 if each == "a command" else None
        note = f"{told}; aim {aim}" if bar else told
        yield Line(f"{name} posting", f"{each}, share of that speed", ratio(raw, found), "", bar, note=note)


_TPCB = (
    "UPDATE pgbench_accounts SET abalance = abalance + %s WHERE aid = %s",
    "SELECT abalance FROM pgbench_accounts WHERE aid = %s",
    "UPDATE pgbench_tellers SET tbalance = tbalance + %s WHERE tid = %s",
    "UPDATE pgbench_branches SET bbalance = bbalance + %s WHERE bid = %s",
    "INSERT INTO pgbench_history (tid, bid, aid, delta, mtime) VALUES (%s, %s, %s, %s, CURRENT_TIMESTAMP)",
)


def postgresql(rounds: int, count: int, server: Postgres | None) -> Iterator[Line]:
    """A single command beside the transaction of pgbench (TPC-B-like, one client, scale 1)."""
    import psycopg
    import sqlalchemy as sa

    server = no_server(server)
    plain = sa.make_url(server.database()).set(drivername="postgresql").render_as_string(hide_password=False)
    runners = []
    if server.pgbench is not None:
        _pgbench(server.pgbench, plain, "-i", "-q")
        runners.append(Runner("pgbench", lambda: partial(_transactions, server.pgbench, plain, count)))
    else:
        with psycopg.connect(plain, autocommit=True) as made:
            made.execute("CREATE TABLE pgbench_accounts (aid int PRIMARY KEY, bid int, abalance int, filler char(84))")
            made.execute("INSERT INTO pgbench_accounts SELECT n, 1, 0, '' FROM generate_series(1, 100000) n")
            made.execute("CREATE TABLE pgbench_tellers (tid int PRIMARY KEY, bid int, tbalance int, filler char(84))")
            made.execute("INSERT INTO pgbench_tellers SELECT n, 1, 0, '' FROM generate_series(1, 10) n")
            made.execute("CREATE TABLE pgbench_branches (bid int PRIMARY KEY, bbalance int, filler char(88))")
            made.execute("INSERT INTO pgbench_branches VALUES (1, 0, '')")
            made.execute(
                "CREATE TABLE pgbench_history (tid int, bid int, aid int, delta int, mtime timestamp, filler char(22))"
            )
    with psycopg.connect(plain) as five, closing(SqlJournal(server.database())) as journal:

        def by_driver() -> Run:
            def run() -> int:
                for number in range(count):
                    account, teller = 1 + number * 7919 % 100_000, 1 + number % 10
                    given = (
                        (number, account),
                        (account,),
                        (number, teller),
                        (number, 1),
                        (teller, 1, account, number),
                    )
                    for text, values in zip(_TPCB, given, strict=True):
                        five.execute(text, values)
                    five.commit()
                return count

            return run

        shop, through, alone, _ = _postings(journal, count, rounds)
        times = race([*runners, Runner("psycopg", by_driver), through, alone], rounds)
        _as_in_memory(shop, rounds, count)
    by_psycopg = times["psycopg"]
    if server.pgbench is None:
        yield from _beside(
            "PostgreSQL", times, "psycopg", "the five statements of TPC-B through psycopg (no pgbench)", 0.5
        )
        return
    yield from _beside("PostgreSQL", times, "pgbench", "pgbench, TPC-B-like, one client", 0.5)
    note = f"{by_psycopg.rate():,.0f}/s; the same five statements through psycopg"
    yield Line(
        "PostgreSQL posting",
        "TPC-B through psycopg, share of that speed",
        ratio(times["pgbench"], by_psycopg),
        "",
        note=note,
    )


def _pgbench(program: str, url: str, *options: str) -> str:
    done = subprocess.run([program, *options, url], check=True, capture_output=True, text=True)
    return done.stdout


def _transactions(program: str, url: str, count: int) -> float:
    """Run *count* transactions; how many there would have been in the whole time had it not to start and connect."""
    begun = perf_counter()
    told = _pgbench(program, url, "-n", "-c", "1", "-t", str(count))
    wall = perf_counter() - begun
    (rate,) = re.findall(r"tps = ([0-9.]+) \(without", told)
    return wall * float(rate)


# One hot member


def hot(rounds: int, count: int, where: Path, server: Postgres | None) -> Iterator[Line]:
    """One member asked by eight threads at once, beside one thread that goes from member to member."""
    places: dict[str, Callable[[], Any]] = {
        "in memory": JournalInMemory,
        "SQLite": lambda: SqlJournal(f"sqlite:///{where}/hot.db"),
    }
    if server is not None:
        places["PostgreSQL"] = lambda: SqlJournal(server.database())
    for name, make in places.items():
        with closing(make()) as journal:
            shop = Shop.open(cafe(), journal)
            many = count * (10 if name == "in memory" else 1)
            times = race(_crowds(shop, many), rounds)
            for each in shop.who:
                shop.loyalty.account(each, at=NOON + timedelta(days=60)).check()
        spread, crowd = times["spread"], times["hot"]
        note = f"{crowd.rate():,.0f}/s and {spread.rate():,.0f}/s"
        bar = None if name == "SQLite" else 0.8
        yield Line(
            "hot member", f"{name}, 8 threads on one / 1 thread over 100", ratio(spread, crowd), "", bar, note=note
        )


def _crowds(shop: Shop, count: int) -> list[Runner]:
    turn = iter(range(1, 1_000))

    def spread() -> Run:
        return one_by_one(shop, decided(count // 600 * 600 or 600, shop.who, next(turn) * 10_000))

    def crowd() -> Run:
        first = next(turn) * 10_000
        # Each thread has gifts and redemptions of its own; they share the member and the clock.
        now = NOON + first * MINUTE
        gifts = partial(Goodwill, member="member-0000", points=POINTS, reason="late", now=now)
        rewards = partial(Redeem, member="member-0000", reward=WORD, now=now)
        parts = [
            [(rewards if n % 2 else gifts)(key=f"{first}/{thread}/{n}") for n in range(count // 8)]
            for thread in range(8)
        ]
        return partial(_together, shop.loyalty, parts)

    return [Runner("spread", spread), Runner("hot", crowd)]


def _together(loyalty: Loyalty, parts: list[list[Any]]) -> int:
    errors: list[BaseException] = []
    start = Barrier(len(parts))

    def work(mine: list[Any]) -> None:
        start.wait()
        try:
            for command in mine:
                call(loyalty, command)
        except BaseException as error:  # noqa: BLE001  (told by the thread that waits)
            errors.append(error)

    threads = [Thread(target=work, args=(mine,)) for mine in parts]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    if errors:
        raise errors[0]
    return sum(map(len, parts))
