"""How long whole columns take under 20 rules, and under 10 to 10,000: this library and its peers in one run.

    python benchmarks/columns.py [--events 1000000 10000000] [--rounds 5] [--json columns.json] [--plot columns.png]

Peers come with ``pip install polars duckdb pyarrow numba clipspy zen-engine``, the plot with ``pip install
matplotlib``; those that are absent are named and left out. First every contestant must give the reference's points for
each of the first 20,000 rows, and all of them one total, or the run ends. Then rounds are interleaved: each times every
contestant once, starting with another one each time. A ratio is the median over the rounds of the ratio within a round.
Beside them, in the same rounds, a copy of a long column tells how many bytes a second this machine moves. This library
runs on one thread; Polars and DuckDB have two. Under many rules CLIPS and zen-engine decide one event at a time beside
it, fewer events, since they take longer.
"""

from __future__ import annotations

import os

os.environ.setdefault("POLARS_MAX_THREADS", "2")  # read when Polars is imported

import argparse
import gc
import json
import platform
import sys
import tracemalloc
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any

import numpy as np

if __package__ in (None, ""):  # run as a script: the folder above, and not this one, whose names would hide packages
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from benchmarks import workload as w
from benchmarks.column_peers import DUCKDB, NUMBA, PEERS, POLARS
from benchmarks.growth_peers import FIELDS, GROWTH_PEERS
from benchmarks.programs import CampaignTerms, campaign_rules, campaign_terms, twenty_rules
from fidelity.rules.admitting import Coded

if TYPE_CHECKING:
    from collections.abc import Callable

OURS = "fidelity, 1 thread"
COPY = "a copy of 8 bytes a row"
#: What the ratios of this library to a peer should be at most.
BARS = {NUMBA.name: 1.15, POLARS.name: 0.35, DUCKDB.name: 0.2}
MOST_NS, MOST_MB, MOST_GROWTH, MOST_ONE_US = 20, 100, 2.5, 2.0
CHECKED = 20_000
ONE_BY_ONE = 20_000
OF_PEERS = 500  # events, one by one
SIZES = (10, 100, 1_000, 10_000)


def table_of(columns: w.Columns) -> dict[str, Any]:
    """The workload as `points_for` takes it: coded texts, instants in seconds."""
    plain = {name: column for name, column in columns.items() if name not in ("ts", "member_id", *w.CHOICES)}
    coded = {name: Coded(columns[name], words) for name, words in w.CHOICES.items()}
    return plain | coded | {"at": columns["ts"].view("datetime64[s]")}


def race(
    runs: dict[str, Callable[[], Any]], rounds: int, clock: Callable[[], float] = perf_counter
) -> dict[str, list[float]]:
    """Seconds of each in every round, by *clock*; each round starts with the next one."""
    found: dict[str, list[float]] = {name: [] for name in runs}
    listed = list(runs.items())
    for number in range(-1, rounds):
        turn = number % len(listed)
        for name, run in listed[turn:] + listed[:turn]:
            gc.collect()
            start = clock()
            run()
            if number >= 0:  # the first does not count
                found[name].append(clock() - start)
    return found


def ratio(one: list[float], other: list[float]) -> float:
    """How many of *other* go into one of *one*: the median of the ratios within the rounds."""
    return median(a / b for a, b in zip(one, other, strict=True))


def twenty(count: int, rounds: int) -> tuple[list[dict[str, Any]], list[str]]:
    """The 20 rules over *count* events: a line for each contestant, and who is absent."""
    columns = w.events(count)
    program, table = twenty_rules(clock=True), table_of(columns)
    runs: dict[str, Callable[[], Any]] = {OURS: lambda: program.points_for(table, on="sale")}
    absent = []
    for peer in PEERS:
        try:
            runs[peer.name] = peer.make(columns)
        except ModuleNotFoundError as error:
            absent.append(f"{peer.name} ({error.name} is not installed)")
    expected = [w.points(row) for row in w.rows(columns, min(count, CHECKED))]
    total = int(runs[OURS]().sum())
    ordered = {each.name: each.points for each in PEERS}
    for name, run in runs.items():
        points = ordered.get(name, np.asarray)(run())
        if points[: len(expected)].tolist() != expected or int(points.sum()) != total:
            raise SystemExit(f"{name} gives other points than the reference: {int(points.sum()):,} and {total:,}")
    memory = _extra_memory(runs[OURS], count)
    source, target = np.zeros(count), np.zeros(count)
    runs[COPY] = lambda: np.copyto(target, source)

    times = race(runs, rounds)
    # On a busy machine the time of the processor tells more, of those who have one thread.
    alone = race({name: runs[name] for name in (OURS, NUMBA.name) if name in runs}, rounds, process_time)
    versions = {each.name: each.distribution for each in PEERS}
    lines = [
        {
            "name": name,
            "version": _version(versions.get(name)),
            "events": count,
            "ns_median": median(each) / count * 1e9,
            "ns_min": min(each) / count * 1e9,
            "ours_to_it": ratio(times[OURS], each),
            "bar": BARS.get(name),
            "seconds": each,
        }
        for name, each in times.items()
    ]
    lines[0] |= {"bar_ns": MOST_NS, "extra_mb": memory, "bar_mb": MOST_MB, "points": total}
    if NUMBA.name in alone:
        lines[0]["processor"] = {
            "ns_median": median(alone[OURS]) / count * 1e9,
            "numba_ns_median": median(alone[NUMBA.name]) / count * 1e9,
            "ours_to_numba": ratio(alone[OURS], alone[NUMBA.name]),
        }
    lines[-1]["gigabytes_a_second"] = 16 * count / median(times[COPY]) / 1e9
    return lines, absent


def _extra_memory(run: Callable[[], Any], count: int) -> float:
    """Megabytes that a run takes at most beside what it gives."""
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    run()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return (most - before - 8 * count) / 1e6


def growth(count: int, rounds: int) -> tuple[list[dict[str, Any]], list[str]]:
    """10 to 10,000 campaign rules: the cost of an event in columns and one by one, ours and of peers; who is absent."""
    columns = w.events(count)
    table, rows = table_of(columns), w.rows(columns, ONE_BY_ONE)
    runs: dict[str, Callable[[], Any]] = {}
    absent: dict[str, None] = {}
    for size in SIZES:
        program, campaigns = campaign_rules(size), campaign_terms(size)
        decide = program.decider("sale", rows=True)

        def in_columns(program: Any = program) -> Any:  # noqa: ANN401 - a program; its points
            return program.points_for(table, on="sale")

        runs |= {f"columns {size}": in_columns, f"one {size}": _one_by_one(decide, rows)}
        expected = runs[f"one {size}"]()
        assert in_columns()[: len(rows)].tolist() == expected, size
        for peer in GROWTH_PEERS:
            try:
                run = _one_by_one(peer.make(campaigns), [peer.prepare(row) for row in rows[:OF_PEERS]])
            except ModuleNotFoundError as error:
                absent[f"{peer.name} ({error.name} is not installed)"] = None
                continue
            assert run() == expected[:OF_PEERS], (peer.name, size)
            runs[f"{peer.name} {size}"] = run
    times = race(runs, rounds)
    ours = {name: run for name, run in runs.items() if name.startswith(("columns", "one"))}
    alone = race(ours, rounds, process_time)
    return [
        {
            "rules": size,
            "hits": _hits(columns, campaign_terms(size)),
            "columns_ns": median(times[f"columns {size}"]) / count * 1e9,
            "columns_growth": ratio(times[f"columns {size}"], times[f"columns {SIZES[0]}"]),
            "one_us": median(times[f"one {size}"]) / len(rows) * 1e6,
            "one_growth": ratio(times[f"one {size}"], times[f"one {SIZES[0]}"]),
            "columns_growth_processor": ratio(alone[f"columns {size}"], alone[f"columns {SIZES[0]}"]),
            "one_growth_processor": ratio(alone[f"one {size}"], alone[f"one {SIZES[0]}"]),
            "peers": {
                peer.name: {
                    "version": _version(peer.distribution),
                    "one_us": median(times[f"{peer.name} {size}"]) / min(OF_PEERS, len(rows)) * 1e6,
                    "growth": ratio(times[f"{peer.name} {size}"], times[f"{peer.name} {SIZES[0]}"]),
                }
                for peer in GROWTH_PEERS
                if f"{peer.name} {size}" in times
            },
        }
        for size in SIZES
    ], list(absent)


def _one_by_one(decide: Callable[[Any], Any], events: list[Any]) -> Callable[[], list[Any]]:
    return lambda: [decide(event) for event in events]


def _hits(columns: w.Columns, campaigns: dict[str, list[CampaignTerms]]) -> float:
    """How many campaigns give something to an event, on average over the first 1,000."""
    found = 0
    amount = columns["amount"][:1_000, None]
    for name in FIELDS:
        words = w.CHOICES.get(name)
        values = np.array([words.index(value) if words else value for value, _, _ in campaigns[name]])
        from_ = np.array([least for _, least, _ in campaigns[name]])
        found += int(((columns[name][:1_000, None] == values) & (amount >= from_)).sum())
    return found / len(amount)


def _version(distribution: str | None) -> str:
    if distribution is None:
        return ""
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "source"


def told(lines: list[dict[str, Any]]) -> str:
    """The figures of the contestants, one a line."""
    ours, copy = lines[0], lines[-1]
    title = f"20 rules, {ours['events']:,} events"
    found = [
        f"{title:<32}{'version':>9}{'median':>9}{'min':>8}{'ours ÷ it':>11}{'bar':>7}",
        f"{'':<41}{'ns':>9}{'ns':>8}",
    ]
    for each in lines:
        bar = "" if each["bar"] is None else f"{each['bar']:.2f}"
        found.append(
            f"{each['name']:<32}{each['version']:>9}{each['ns_median']:>9.1f}{each['ns_min']:>8.1f}"
            f"{each['ours_to_it']:>11.2f}{bar:>7}"
        )
    found.append(
        f"a copy moves {copy['gigabytes_a_second']:.0f} GB/s; ours takes {ours['extra_mb']:.0f} MB beside its points "
        f"(bar {MOST_MB}) and {ours['ns_median']:.1f} ns an event (bar {MOST_NS}); {ours['points']:,} points"
    )
    if "processor" in ours:
        of = ours["processor"]
        found.append(
            f"in time of the processor: ours {of['ns_median']:.1f} ns, numba {of['numba_ns_median']:.1f} ns, "
            f"ours ÷ it {of['ours_to_numba']:.2f}"
        )
    return "\n".join(found)


def told_growth(lines: list[dict[str, Any]]) -> str:
    """The figures of growth, one size a line."""
    peers = list(lines[0]["peers"])
    head = f"{'campaign rules':<16}{'hits':>6}{'columns':>10}{'× 10 rules':>12}{'one event':>12}{'× 10 rules':>12}"
    found = [head + "".join(f"{name:>14}{'× 10 rules':>12}" for name in peers)]
    for each in lines:
        line = (
            f"{each['rules']:<16,}{each['hits']:>6.2f}{each['columns_ns']:>7.1f} ns{each['columns_growth']:>12.2f}"
            f"{each['one_us']:>9.2f} µs{each['one_growth']:>12.2f}"
        )
        for name in peers:
            line += f"{each['peers'][name]['one_us']:>11.1f} µs{each['peers'][name]['growth']:>12.2f}"
        found.append(line)
    last = lines[-1]
    found.append(
        f"in time of the processor {last['rules']:,} rules cost {last['columns_growth_processor']:.2f} times what "
        f"{lines[0]['rules']} cost in columns and {last['one_growth_processor']:.2f} times one by one"
    )
    found.append(
        f"bars: growth {MOST_GROWTH}, one event {MOST_ONE_US:.0f} µs; hits: campaigns that give an event something"
    )
    return "\n".join(found)


def drawn(runs: list[list[dict[str, Any]]], grown: list[dict[str, Any]], path: Path) -> None:
    """The figures as a plot: contestants on the left, growth on the right."""
    import matplotlib as mpl

    mpl.use("agg")
    from matplotlib import pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(12, 4.5), layout="constrained")
    last = runs[-1]
    left.barh([each["name"] for each in last][::-1], [each["ns_median"] for each in last][::-1], color="#4477aa")
    left.set(xlabel="ns an event", title=f"20 rules, {last[0]['events']:,} events")
    sizes = [each["rules"] for each in grown]
    right.plot(sizes, [each["columns_ns"] for each in grown], "o-", label="columns, ns an event")
    right.plot(sizes, [each["one_us"] * 1_000 for each in grown], "s-", label="one by one, ns an event")
    for name in grown[0]["peers"]:
        right.plot(sizes, [each["peers"][name]["one_us"] * 1_000 for each in grown], "^--", label=f"{name}, one by one")
    right.set(xscale="log", yscale="log", xlabel="campaign rules", title="growth")
    right.legend()
    figure.savefig(path, dpi=130)


def main() -> None:
    """Check, race, print, write, draw."""
    arguments = argparse.ArgumentParser(description="Time whole columns under 20 rules, and under many.")
    arguments.add_argument("--events", type=int, nargs="+", default=[1_000_000, 10_000_000])
    arguments.add_argument("--rounds", type=int, default=5, help="interleaved rounds")
    arguments.add_argument("--json", type=Path, help="where to write the figures")
    arguments.add_argument("--plot", type=Path, help="where to write the picture")
    given = arguments.parse_args()
    if min(given.events) < 1 or given.rounds < 1:
        arguments.error("--events and --rounds start at 1")

    runs, absent = [], []
    for count in given.events:
        lines, absent = twenty(count, given.rounds)
        runs.append(lines)
        print(told(lines) + "\n")
    grown, more = growth(min(1_000_000, max(given.events)), given.rounds)
    print(told_growth(grown))
    absent += more
    if absent:
        print(f"\nnot available: {'; '.join(absent)}")
    if given.json:
        report = {
            "benchmark": "columns",
            "rounds": given.rounds,
            "python": platform.python_version(),
            "numpy": np.__version__,
            "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
            "results": runs,
            "growth": grown,
            "absent": absent,
        }
        given.json.write_text(json.dumps(report, indent=2) + "\n", "utf-8")
    if given.plot:
        drawn(runs, grown, given.plot)


if __name__ == "__main__":
    main()
