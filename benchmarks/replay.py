"""How long a whole purchase history takes over columns: 20 rules, tiers and lots of a million members.

    python benchmarks/replay.py [--events 10000000] [--check 5000] [--rounds 3] [--json replay.json] [--plot replay.png]

The plot comes with ``pip install matplotlib``. The log is that of `benchmarks/workload.py`, a member for every ten
events, over two years; tier and tenure are those that the books know: four tiers by the points of any 12 months, a fall
after a grace of 3 months, points that end after 12 months. First a log of the same kind is told to `Loyalty` event by
event, and every figure of the books must be the same, or the run ends. Then rounds are interleaved: each times every
contestant once, starting with another one each time. What is timed begins with the columns as they came and ends with
what each event gave, and with balances, lots and tiers at the end; a log that is not in order is sorted in that time.
Processor time stands beside time on the wall, which other work on the machine lengthens. What lots cost by themselves,
beside Polars, is told by `benchmarks/replay_lots.py`.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

if __package__ in (None, ""):  # run as a script: the folder above makes `benchmarks` importable
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import workload as w
from benchmarks.columns import table_of
from benchmarks.ledger_timing import Runner, Times, race
from benchmarks.programs import Sale, twenty_rules
from fidelity.ledger.columns.living import Log, live
from fidelity.loyalty import Loyalty

if TYPE_CHECKING:
    from collections.abc import Callable

    from fidelity.ledger.columns.living import Lived

Told = TypeVar("Told")
#: How many events a second there should be.
BAR = 5e6
SORTED, SHUFFLED = "in order of time", "in no order, sorted here"
#: What the books know, and the workload only pretends to.
_KNOWN = ("tier", "tenure_days")
_SECOND = 1_000_000
_UNTIL = w.START + 730 * 86_400
_FIRST = np.datetime64("2024-01-01", "D")


def history(count: int, *, ordered: bool) -> tuple[w.Columns, dict[str, Any]]:
    """*count* purchases, in the order of time or as they are drawn; and since when each member is a customer."""
    columns = w.events(count)
    if ordered:
        order = np.argsort(columns["ts"], kind="stable")
        columns = {name: each[order] for name, each in columns.items()}
    members = max(1, count // 10)
    since = _FIRST - np.random.default_rng(3).integers(0, 3_000, members)
    return columns, {"customer_since": since}


def columns_of(columns: w.Columns) -> dict[str, Any]:
    """The workload as a step takes it."""
    table = {name: each for name, each in table_of(columns).items() if name not in _KNOWN}
    # Nobody reads them, and no event is without.
    return table | {"at": (columns["ts"] * _SECOND).view("datetime64[us]")}


def run(
    columns: w.Columns, table: dict[str, Any], facts: dict[str, Any], threads: int, then: Callable[[Lived], Told]
) -> list[Told]:
    """Live through the history; what is told of each block of members."""
    at = table["at"].view(np.int64)
    when = None if bool((at[1:] >= at[:-1]).all()) else at
    log = Log(columns["member_id"], len(facts["customer_since"]), {"sale": table}, when=when)
    return list(live(PROGRAM, log, then, until=_UNTIL * _SECOND, facts=facts, threads=threads))


PROGRAM = twenty_rules(clock=True, books=True)


def check(count: int) -> str:
    """What `Loyalty` says of a small log, which the columns must say too; else the run ends."""
    columns, facts = history(count, ordered=True)
    found = run(columns, columns_of(columns), facts, 2, lambda lived: lived)
    shop, points = Loyalty(PROGRAM), np.zeros(count, np.int64)
    enrolled: set[int] = set()
    for row, each in enumerate(w.rows(columns)):
        member, at = int(each["member_id"]), datetime.fromtimestamp(each["ts"], UTC)
        if member not in enrolled:
            since: date = facts["customer_since"][member].astype(object)
            shop.enroll(str(member), customer_since=since, now=at)
            enrolled.add(member)
        told = {name: each[name] for name in Sale.declared}
        points[row] = shop.record(Sale(f"S-{row}", member=str(member), at=at, **told), now=at).points
    end = datetime.fromtimestamp(_UNTIL, UTC)
    tiers: Counter[str] = Counter()
    for block in found:
        have, lots = block.balance("points")["available"], block.open_lots("points")
        assert block.state.tiers is not None
        size = len(block.block.members)
        codes = block.state.tiers.at(slice(0, size), np.full(size, block.until))
        if not np.array_equal(block.points["points"], points[block.block.rows]):
            raise SystemExit("columns give other points than the books")
        for place, member in enumerate(block.block.members.tolist()):
            if member not in enrolled:
                continue
            balance, standing = shop.balance(str(member), at=end), shop.status(str(member), at=end)
            assert standing is not None
            tiers[standing.tier] += 1
            mine = lots["member"] == place
            ends = sorted(zip(lots["expires"][mine].tolist(), lots["points"][mine].tolist(), strict=True))
            wanted = sorted(
                ((each.expires - _EPOCH) // _TICK, each.available)
                for each in shop.account(str(member), at=end).lots()
                if each.expires is not None
            )
            if (balance.available, standing.tier, wanted) != (have[place], PROGRAM.tiers.names[codes[place]], ends):  # type: ignore[union-attr]  # it has tiers
                raise SystemExit(f"columns tell other books of member {member} than Loyalty")
    shares = ", ".join(f"{name} {many:,}" for name, many in tiers.most_common())
    return f"{count:,} events told to Loyalty one by one: the same points, balances, lots and tiers ({shares})"


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)


def contest(count: int, rounds: int) -> tuple[dict[str, Times], dict[str, int]]:
    """Seconds an event of each contestant, and what the books hold in the end."""
    runners: list[Runner] = []
    totals: dict[str, int] = {}
    for name, ordered in ((SORTED, True), (SHUFFLED, False)):
        columns, facts = history(count, ordered=ordered)

        def timed(
            threads: int, told: tuple[Any, Any, Any] = (columns, columns_of(columns), facts)
        ) -> Callable[[], Any]:
            def once() -> int:
                sums = Counter[str]()
                for each in run(*told, threads, summed):
                    sums.update(each)
                totals.update(sums)
                return count

            return lambda: once

        runners += [Runner(f"{name}, {threads} thread{'s' * (threads > 1)}", timed(threads)) for threads in (1, 2)]
    return race(runners, rounds), totals


def summed(lived: Lived) -> dict[str, int]:
    """What is looked at of each block: what its events gave, what its members have, their lots and tiers."""
    assert lived.state.tiers is not None
    everybody, end = slice(0, len(lived.block.members)), np.full(len(lived.block.members), lived.until)
    return {
        "points": int(lived.points["points"].sum()),
        "available": int(lived.balance("points")["available"].sum()),
        "open lots": len(lived.open_lots("points")["member"]),
        "above the first tier": int(np.count_nonzero(lived.state.tiers.at(everybody, end))),
    }


def lines_of(times: dict[str, Times]) -> list[dict[str, Any]]:
    """The figures, one line a contestant."""
    return [
        {
            "name": name,
            "wall_ns": each.each() * 1e9,
            "least_ns": min(each.wall) * 1e9,
            "cpu_ns": each.each("cpu") * 1e9,
            "events_a_second": each.rate(),
            "seconds": each.wall,
            "cpu_seconds": each.cpu,
        }
        for name, each in times.items()
    ]


def told(lines: list[dict[str, Any]], count: int) -> str:
    """The figures as a table."""
    found = [
        f"20 rules, tiers and lots: {count:,} events of {count // 10:,} members (bar {BAR / 1e6:.0f} million a second)",
        f"{'the log':<36}{'million/s':>10}{'wall ns':>10}{'least ns':>10}{'cpu ns':>10}",
    ]
    found += [
        f"{each['name']:<36}{each['events_a_second'] / 1e6:>10.2f}{each['wall_ns']:>10.1f}{each['least_ns']:>10.1f}"
        f"{each['cpu_ns']:>10.1f}"
        for each in lines
    ]
    return "\n".join(found)


def drawn(lines: list[dict[str, Any]], path: Path) -> None:
    """The figures as a plot."""
    import matplotlib as mpl

    mpl.use("agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(8, 3), layout="constrained")
    names = [each["name"] for each in lines][::-1]
    axes.barh(names, [each["events_a_second"] / 1e6 for each in lines][::-1], color="#4477aa")
    axes.axvline(BAR / 1e6, color="#ee6677")
    axes.set(xlabel="million events a second", title="a whole history: 20 rules, tiers and lots")
    figure.savefig(path, dpi=130)


def main() -> None:
    """Check, race, print, write, draw."""
    arguments = argparse.ArgumentParser(description="Time a whole history over columns.")
    arguments.add_argument("--events", type=int, default=10_000_000)
    arguments.add_argument("--check", type=int, default=5_000, help="how many events are told to Loyalty as well")
    arguments.add_argument("--rounds", type=int, default=3, help="interleaved rounds")
    arguments.add_argument("--json", type=Path, help="where to write the figures")
    arguments.add_argument("--plot", type=Path, help="where to write the picture")
    given = arguments.parse_args()
    if min(given.events, given.check, given.rounds) < 1:
        arguments.error("--events, --check and --rounds start at 1")

    print(check(given.check))
    times, totals = contest(given.events, given.rounds)
    lines = lines_of(times)
    print(told(lines, given.events))
    print(f"in the end: {', '.join(f'{name} {many:,}' for name, many in totals.items())}")
    if given.json:
        report = {
            "benchmark": "replay",
            "events": given.events,
            "rounds": given.rounds,
            "python": platform.python_version(),
            "numpy": np.__version__,
            "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
            "bar_events_a_second": BAR,
            "results": lines,
            "totals": totals,
        }
        given.json.write_text(json.dumps(report, indent=2) + "\n", "utf-8")
    if given.plot:
        drawn(lines, given.plot)


if __name__ == "__main__":
    main()
