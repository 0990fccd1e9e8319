"""What the books cost in memory: commands, a long history, opening an account, a bulk import."""
# ruff: noqa: ANN401 -- journals of every kind, and drivers, are handled alike

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks.ledger_shop import (
    MINUTE,
    NOON,
    WORD,
    Postgres,
    Shop,
    cafe,
    call,
    decided,
    members,
    sales,
    twenty,
)
from benchmarks.ledger_timing import Line, Runner, Times, race, ratio
from fidelity import Program, SqlJournal
from fidelity.commands import Command, Enroll, Record, Redeem
from fidelity.entries.chain import Line as Kept
from fidelity.events import Purchase
from fidelity.journals import Batch, JournalInMemory, Stream, Write
from fidelity.journals.lines import Lines
from fidelity.loyalty import Loyalty

__all__ = ["bulk", "commands", "constant", "opening"]

Run = Callable[[], int]
_MADRID, _SATURDAY = ZoneInfo("Europe/Madrid"), 5


def in_batches(shop: Shop, what: list[Command]) -> Run:
    """All of them through the batch door."""

    def run() -> int:
        shop.loyalty.execute(what)
        return len(what)

    return run


def one_by_one(shop: Shop, what: list[Command]) -> Run:
    """Each of them as a call of its own."""

    def run() -> int:
        loyalty = shop.loyalty
        for command in what:
            call(loyalty, command)
        return len(what)

    return run


# Commands


def commands(rounds: int, count: int) -> Iterator[Line]:
    """Full commands: key, hash of what is asked, decision, posting, chain, append."""
    part = "in memory"
    programs: dict[str, tuple[Callable[[], Program], Callable[..., list[Command]]]] = {
        "points already decided": (cafe, lambda shop: decided(count, shop.who)),
        "6 rules and tiers": (cafe, lambda shop: sales(shop.loyalty.program, count, shop.who, NOON)),
        "20 rules": (twenty, lambda shop: sales(shop.loyalty.program, count, shop.who, NOON)),
    }
    made = {name: make() for name, (make, _) in programs.items()}
    for name, (_, what) in programs.items():
        _same_either_way(made[name], what)

    def prepare(name: str, way: Callable[[Shop, list[Command]], Run]) -> Run:
        shop = Shop.open(made[name])
        return way(shop, programs[name][1](shop))

    ways = {"batches": in_batches, "single calls": one_by_one}
    runners = [Runner(f"{name}, {way}", partial(prepare, name, ways[way])) for name in programs for way in ways]
    times = race(runners, rounds)
    for each in times.values():
        bar = None if "single" in each.name else 40_000 if "decided" in each.name else 20_000
        note = f"by processor time {each.rate('cpu'):,.0f}"
        yield Line(part, f"{each.name}", each.rate(), "commands/s", bar, note=note)


def _same_either_way(program: Program, what: Callable[..., list[Command]]) -> None:
    one, other = Shop.open(program), Shop.open(program)
    in_batches(one, what(one))()
    one_by_one(other, what(other))()
    last = NOON + timedelta(days=60)
    expect(one.balances(last), other.balances(last), f"batches and single calls of {program.name}")


def expect(found: object, wanted: object, what: str) -> None:
    """End the run if *found* is not what it must be: figures of something wrong say nothing."""
    if found != wanted:
        message = f"{what}: {found!r:.200} is not {wanted!r:.200}; no figures of what is wrong"
        raise SystemExit(message)


# A long history


def history(entries: int, *, member: str = "ana", lots: int = 30, step: timedelta) -> list[Command]:
    """
    What gives *member* about so many *entries*: purchases of ten points and more, redemptions of what is oldest.

    Three entries for each pair; a few dozen lots stay open.
    """
    since = NOON - entries // 3 * step
    found: list[Command] = [Enroll(member=member, now=since)]
    for number in range(entries // 3):
        now = since + number * step
        sale = Purchase(f"H-{number}", member=member, at=now, amount="10.50 EUR", channel="store", store="S-1")
        found.append(Record(event=sale, now=now))
        if number >= lots:
            before = (since + (number - lots) * step).astimezone(_MADRID)
            # On weekends it had earned twice as much.
            reward = "big cup" if before.weekday() >= _SATURDAY else WORD
            found.append(Redeem(member=member, reward=reward, key=f"H-{number}", now=now))
    return found


def constant(rounds: int, count: int) -> Iterator[Line]:
    """What a command costs after 100 and after 100,000 entries of the same member."""
    program = cafe(plain=True)
    shops: dict[int, Shop] = {}
    for size in (100, 100_000):
        loyalty = Loyalty(program, clock=lambda: NOON)
        loyalty.execute(history(size, step=MINUTE * 30, lots=20))
        shops[size] = Shop(loyalty, ["ana"])
    kinds = {"points already decided": partial(decided, who=["ana"]), "purchases and redemptions": _pairs}
    first = dict.fromkeys(shops, 0)

    def prepare(make: Callable[..., list[Command]], size: int) -> Run:
        first[size] += count
        return in_batches(shops[size], make(count, first=first[size]))

    runners = [Runner(f"{kind} {size}", partial(prepare, make, size)) for kind, make in kinds.items() for size in shops]
    times = race(runners, rounds)
    for kind in kinds:
        many, few = times[f"{kind} 100000"], times[f"{kind} 100"]
        note = f"{few.each('cpu') * 1e6:.1f} and {many.each('cpu') * 1e6:.1f} µs of processor time"
        yield Line(
            "long history",
            f"{kind}: at 100,000 entries / at 100",
            ratio(many, few, "cpu"),
            "×",
            1.2,
            most=True,
            note=note,
        )


def _pairs(count: int, first: int) -> list[Command]:
    """Purchases of ten points, each followed by a redemption of as many."""
    found: list[Command] = []
    for number in range(first, first + count, 2):
        now = NOON + number * MINUTE
        sale = Purchase(f"P-{number}", member="ana", at=now, amount="10.50 EUR", channel="store", store="S-1")
        found += [Record(event=sale, now=now), Redeem(member="ana", reward=WORD, key=f"P-{number}", now=now)]
    return found


def copied(source: Any, target: Any, program: str) -> Any:
    """*target* with all lines of *source*."""
    for stream in source.streams(program, limit=10_000):
        lines = source.load(program, (stream,))[stream].lines
        for start in range(0, len(lines), 5_000):
            target.append(Batch(program, (Write(stream, start, lines[start : start + 5_000]),)))
    return target


# Opening an account


class Texts:
    """A journal without snapshots; one in memory gives lines as a database does, from their texts."""

    def __init__(self, journal: Any, *, decode: bool) -> None:
        self._journal = journal
        self._decode = decode

    def load(self, program: str, streams: Any, *, after: Any = None, lock: bool = False) -> dict[str, Stream]:
        """As the journal, the lines read anew."""
        found = self._journal.load(program, streams, after=after, lock=lock)
        if not self._decode:
            return dict(found)
        return {
            name: Stream(name, each.version, tuple(Kept.read(line.body, line.link) for line in each.lines))
            for name, each in found.items()
        }

    def resume(self, program: str, streams: Any, *, after: Any, lock: bool = False) -> dict[str, Stream]:
        """As the journal without any snapshots: every stream from its beginning."""
        known = dict.fromkeys(streams, 0) | after
        found = self._journal.resume(program, streams, after=known, lock=lock)
        if not self._decode:
            return dict(found)
        texts = {name: [(line.body, line.link) for line in each.lines] for name, each in found.items()}
        return {
            name: Stream(name, each.version, Lines(program, name, known[name] + 1, texts[name]))
            for name, each in found.items()
        }

    def __getattr__(self, name: str) -> Any:
        if name in ("snapshot", "keep"):
            raise AttributeError(name)
        return getattr(self._journal, name)


def opening(rounds: int, server: Postgres | None, where: Any) -> Iterator[Line]:
    """A member of 10,000 entries opened by a shell that knows nothing yet."""
    program = cafe(plain=True)
    first = Loyalty(program, clock=lambda: NOON)
    first.execute(history(10_000, step=timedelta(hours=26), lots=30))
    wanted = first.balance("ana", at=NOON)
    entries, lots = first.account("ana", at=NOON).posted, len(first.account("ana", at=NOON).lots())
    journals: dict[str, Any] = {"in memory": first.journal}
    journals["SQLite"] = copied(first.journal, SqlJournal(f"sqlite:///{where}/opening.db"), program.name)
    if server is not None:
        journals["PostgreSQL"] = copied(first.journal, SqlJournal(server.database()), program.name)

    def prepare(journal: Any) -> Run:
        loyalty = Loyalty(program, journal, clock=lambda: NOON)

        def run() -> int:
            loyalty.balance("ana")
            return 1

        return run

    runners = []
    for name, journal in journals.items():
        # The first shell to fold so many lines leaves a snapshot.
        expect(Loyalty(program, journal, clock=lambda: NOON).balance("ana"), wanted, f"the balance from {name}")
        plain = Texts(journal, decode=name == "in memory")
        runners += [
            Runner(f"{name}, from a snapshot", partial(prepare, journal)),
            Runner(f"{name}, without one", partial(prepare, plain)),
        ]
        for each in (journal, plain):
            expect(Loyalty(program, each, clock=lambda: NOON).balance("ana"), wanted, f"the balance from {name}")
    for name, each in race(runners, rounds).items():
        bar = 2.0 if "snapshot" in name else 50.0
        note = f"{entries:,} entries, {lots} lots open; {each.each('cpu') * 1e3:.2f} ms of processor time"
        yield Line("cold member", name, each.each() * 1e3, "ms", bar, most=True, note=note)
    for journal in journals.values():
        if isinstance(journal, SqlJournal):
            journal.close()


# Bulk


@contextmanager
def closing(journal: Any) -> Iterator[Any]:
    """*journal*, closed afterwards if it can be."""
    try:
        yield journal
    finally:
        if isinstance(journal, SqlJournal):
            journal.close()


def bulk(rounds: int, count: int, server: Postgres | None, where: Any) -> Iterator[Line]:
    """Purchases of many members imported in batches, each with all that a single one is checked for."""
    program, number = cafe(), iter(range(1_000))
    who = members(1_000)
    shops: list[Shop] = []
    places: dict[str, Callable[[], Any]] = {
        "in memory": JournalInMemory,
        "SQLite": lambda: SqlJournal(f"sqlite:///{where}/bulk-{next(number)}.db"),
    }
    if server is not None:
        places["PostgreSQL"] = lambda: SqlJournal(server.database())
    what = sales(program, count, who, NOON)

    def prepare(make: Callable[[], Any]) -> Run:
        shop = Shop(Loyalty(program, make(), clock=lambda: NOON), who)
        shop.loyalty.execute([Enroll(member=each, now=NOON - MINUTE) for each in who])
        shops.append(shop)
        return in_batches(shop, what)

    times: dict[str, Times] = race([Runner(name, partial(prepare, make)) for name, make in places.items()], rounds)
    last = NOON + timedelta(days=60)
    wanted = shops[0].balances(last)
    for shop in shops[1 : len(places)]:
        expect(shop.balances(last), wanted, f"the balances in {shop.loyalty.journal!r}")
    for shop in shops:
        with closing(shop.loyalty.journal):
            pass
    for name, each in times.items():
        note = f"by processor time {each.rate('cpu'):,.0f}"
        yield Line(
            "bulk import", f"{name}, {count:,} purchases of 1,000 members", each.rate(), "events/s", 20_000, note=note
        )
