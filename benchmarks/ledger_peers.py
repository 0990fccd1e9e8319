"""The journal beside the package eventsourcing: appending and loading the same texts, in memory and on SQLite."""
# ruff: noqa: ANN401 -- journals of every kind, and drivers, are handled alike

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from benchmarks.ledger_memory import Run, closing, expect
from benchmarks.ledger_shop import Missing, Shop, cafe, sales
from benchmarks.ledger_timing import Line, Runner, race, ratio
from fidelity import SqlJournal
from fidelity.entries.chain import Line as Kept
from fidelity.entries.chain import genesis, link
from fidelity.journals import Applied, Batch, JournalInMemory, Write

__all__ = ["peers"]

_STREAMS = 50


def peers(rounds: int, count: int, where: Path) -> Iterator[Line]:
    """One purchase at a time appended with its points, and whole streams loaded, by their recorders and by ours."""
    try:
        from eventsourcing.persistence import StoredEvent
        from eventsourcing.popo import POPOApplicationRecorder
        from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteDatastore
    except ModuleNotFoundError as error:
        message = "eventsourcing is missing: pip install eventsourcing"
        raise Missing(message) from error

    def on_sqlite() -> Any:
        made = SQLiteApplicationRecorder(SQLiteDatastore(f"{where}/theirs-{next(number)}.db"))
        made.create_table()
        return made

    def stored(batch: Batch) -> list[Any]:
        (write,) = batch.writes
        return [
            StoredEvent(_uuid(write.stream), write.expected + place, line.entry.kind, line.body.encode())
            for place, line in enumerate(write.lines, 1)
        ]

    number = iter(range(10_000))
    batches = _batches(_lines(), count)
    events = [stored(each) for each in batches]
    for place, ours, theirs in (
        ("in memory", JournalInMemory, POPOApplicationRecorder),
        ("SQLite", lambda: SqlJournal(f"sqlite:///{where}/ours-{next(number)}.db"), on_sqlite),
    ):
        mine, other = _Ours(ours, batches), _Theirs(theirs, events)
        appended = race([Runner("ours", mine.append), Runner("theirs", other.append)], rounds)
        for name in _names():
            expect(mine.bodies(name), other.bodies(name), f"stream {name} {place}")
        loaded = race([Runner("ours", mine.load), Runner("theirs", other.load)], rounds)
        mine.close()
        for what, times, unit, ours_does in (
            ("append", appended, "purchases", "ours takes a key and a receipt with them"),
            ("load", loaded, "lines", "theirs gives texts, ours entries"),
        ):
            one, two = times["ours"], times["theirs"]
            note = f"{one.rate():,.0f} and {two.rate():,.0f} {unit} a second; more is better; {ours_does}"
            yield Line("eventsourcing", f"{place}, {what}: our speed / theirs", ratio(two, one), "×", note=note)


class _Ours:
    """Our journal: appends with a chain, a key and a receipt."""

    def __init__(self, make: Callable[[], Any], batches: list[Batch]) -> None:
        self._make, self._batches = make, batches
        self._journal: Any = None

    def append(self) -> Run:
        self.close()
        journal = self._journal = self._make()

        def run() -> int:
            for each in self._batches:
                journal.append(each)
            return len(self._batches)

        return run

    def load(self) -> Run:
        return lambda: sum(len(self._journal.load("bench", (name,))[name].lines) for name in _names())

    def bodies(self, name: str) -> list[str]:
        return [line.body for line in self._journal.load("bench", (name,))[name].lines]

    def close(self) -> None:
        with closing(self._journal):
            pass


class _Theirs:
    """One of their recorders: keeps the texts as they are."""

    def __init__(self, make: Callable[[], Any], events: list[list[Any]]) -> None:
        self._make, self._events = make, events
        self._recorder: Any = None

    def append(self) -> Run:
        recorder = self._recorder = self._make()

        def run() -> int:
            for each in self._events:
                recorder.insert_events(each)
            return len(self._events)

        return run

    def load(self) -> Run:
        ids = [_uuid(name) for name in _names()]
        return lambda: sum(len(self._recorder.select_events(each)) for each in ids)

    def bodies(self, name: str) -> list[str]:
        return [each.state.decode() for each in self._recorder.select_events(_uuid(name))]


def _lines() -> list[tuple[Kept, ...]]:
    """What some purchases come to: the lines of each, of which two are alike in nothing but length."""
    shop = Shop.open(cafe(), count=10)
    shop.loyalty.execute(sales(shop.loyalty.program, 200, shop.who, shop.loyalty._office.clock()))  # noqa: SLF001
    found = []
    for name in (f"points/{each}" for each in shop.who):
        kept = shop.loyalty.journal.load(shop.loyalty.program.name, (name,))[name].lines
        for first, second in pairwise(kept):
            if (first.entry.kind, second.entry.kind) == ("event", "earned"):
                found.append((first, second))
    return found


def _names() -> list[str]:
    return [f"points/{number}" for number in range(_STREAMS)]


def _uuid(name: str) -> UUID:
    return uuid5(NAMESPACE_URL, name)


def _batches(lines: list[tuple[Kept, ...]], count: int) -> list[Batch]:
    """*count* purchases, appended to the streams in turn; with a chain and a key, which the peer has not."""
    versions = dict.fromkeys(_names(), 0)
    links = {name: genesis("bench", name) for name in versions}
    found = []
    for number in range(count):
        name, made = f"points/{number % _STREAMS}", []
        for line in lines[number % len(lines)]:
            links[name] = link(links[name], line.body)
            made.append(Kept(line.entry, line.body, links[name]))
        applied = Applied(f"record/{number}", "0" * 64, {"receipt": "earn", "points": 12})
        found.append(Batch("bench", (Write(name, versions[name], tuple(made)),), (applied,)))
        versions[name] += len(made)
    return found
