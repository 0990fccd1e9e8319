"""How long one event takes under 20 rules: this library, three rule engines and hand-written Python, in one run.

    python benchmarks/scalar.py [--events 20000] [--rounds 9] [--json scalar.json]

Peers come with ``pip install datalogic-py zen-engine rule-engine``; those that are absent are named and left out.
First every contestant must equal the reference on every event of its sample, or the run ends. Then rounds are
interleaved: each round times every contestant once, starting with another one each time, so that a slow minute of
a shared machine hits all alike. A ratio is the median over the rounds of the ratio within a round. Absolute times
on a shared machine say little; ratios count. What a peer reads prepared is prepared before the clock runs.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import sys
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from time import perf_counter_ns
from typing import TYPE_CHECKING, Any

if __package__ in (None, ""):  # run as a script: the folder above makes `benchmarks` importable
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import workload as w
from benchmarks.contestants import CONTESTANTS, DATALOGIC, HAND_WRITTEN, Contestant

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

BUILDS = 7
SLOW_SHARE = 10


@dataclass
class Entrant:
    """A contestant that is ready to run: built, its events prepared, equal to the reference."""

    contestant: Contestant
    points: Callable[[Any], Any]
    inputs: Sequence[Any]
    builds_ms: list[float]
    nanoseconds: list[float] = field(default_factory=list)  # per event, one figure a round

    @property
    def name(self) -> str:
        """What the table calls it."""
        return self.contestant.name


def enter(contestant: Contestant, rows: list[w.Row], expected: list[int]) -> Entrant | None:
    """Build *contestant* and hold it against the reference; None when it is not installed."""
    builds_ms: list[float] = []
    points: Callable[[Any], Any] | None = None
    for _ in range(BUILDS):
        start = perf_counter_ns()
        try:
            points = contestant.build()
        except ModuleNotFoundError as error:
            if (error.name or "").startswith("fidelity"):
                raise  # a broken library is no absent peer
            return None
        builds_ms.append((perf_counter_ns() - start) / 1e6)
    if points is None:
        return None
    sample = rows[: max(1, len(rows) // SLOW_SHARE)] if contestant.slow else rows
    inputs = [contestant.prepare(row) for row in sample]
    for number, event in enumerate(inputs):
        given = points(event)
        if given != expected[number]:
            raise SystemExit(
                f"{contestant.name} gives {given} points to event {number}, the reference {expected[number]}: "
                f"{rows[number]}"
            )
    return Entrant(contestant, points, inputs, builds_ms)


def race(entrants: list[Entrant], rounds: int) -> None:
    """Time every entrant once a round, each round starting with the next one."""
    gc.collect()
    gc.disable()
    try:
        for number in range(rounds):
            turn = number % len(entrants)
            for entrant in entrants[turn:] + entrants[:turn]:
                entrant.nanoseconds.append(_nanoseconds(entrant.points, entrant.inputs))
    finally:
        gc.enable()


def _nanoseconds(points: Callable[[Any], Any], inputs: Sequence[Any]) -> float:
    start = perf_counter_ns()
    for event in inputs:
        points(event)
    return (perf_counter_ns() - start) / len(inputs)


def result(entrant: Entrant, hand: Entrant, datalogic: Entrant | None) -> dict[str, Any]:
    """The figures of one entrant, ready for JSON."""
    return {
        "name": entrant.name,
        "version": _version(entrant.contestant.distribution),
        "events": len(entrant.inputs),
        "ns_median": round(median(entrant.nanoseconds), 1),
        "ns_min": round(min(entrant.nanoseconds), 1),
        "ratio_to_hand_written": _ratio(entrant, hand),
        "ratio_to_hand_written_min": round(min(entrant.nanoseconds) / min(hand.nanoseconds), 3),
        "ratio_to_datalogic": _ratio(entrant, datalogic) if datalogic else None,
        "compile_ms_median": round(median(entrant.builds_ms), 3),
        "compile_ms_first": round(entrant.builds_ms[0], 3),  # with the import of the package
        "ns_rounds": [round(each, 1) for each in entrant.nanoseconds],
    }


def _ratio(one: Entrant, other: Entrant) -> float:
    return round(median(a / b for a, b in zip(one.nanoseconds, other.nanoseconds, strict=True)), 3)


def _version(distribution: str | None) -> str:
    if distribution is None:
        return platform.python_version()
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "source"


def table(results: list[dict[str, Any]]) -> str:
    """The figures, one contestant a line."""
    widths = (32, -9, -8, -10, -10, -8, -12, -11)
    head = ("contestant", "version", "events", "median", "min", "×hand", "×datalogic", "compile")
    units = ("", "", "", "ns/event", "ns/event", "", "", "ms")
    lines = [_line(head, widths), _line(units, widths)]
    for each in results:
        to_datalogic = each["ratio_to_datalogic"]
        cells = (
            each["name"],
            each["version"],
            f"{each['events']:,}",
            f"{each['ns_median']:,.0f}",
            f"{each['ns_min']:,.0f}",
            f"{each['ratio_to_hand_written']:.2f}",
            "–" if to_datalogic is None else f"{to_datalogic:.2f}",
            f"{each['compile_ms_median']:.2f}",
        )
        lines.append(_line(cells, widths))
    return "\n".join(lines)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    # A negative width sets the cell to the right, as numbers stand.
    return "".join(
        cell.rjust(-width) if width < 0 else cell.ljust(width) for cell, width in zip(cells, widths, strict=True)
    )


def main() -> None:
    """Check, race, print, write."""
    arguments = argparse.ArgumentParser(description="Time one event under 20 rules.")
    arguments.add_argument("--events", type=int, default=20_000, help="events in the sample (a tenth for slow peers)")
    arguments.add_argument("--rounds", type=int, default=9, help="interleaved rounds")
    arguments.add_argument("--json", type=Path, help="where to write the figures")
    given = arguments.parse_args()
    if given.events < 1 or given.rounds < 1:
        arguments.error("--events and --rounds start at 1")

    rows = w.rows(w.events(given.events))
    expected = [w.points(row) for row in rows]
    entered = {each.name: enter(each, rows, expected) for each in CONTESTANTS}
    entrants = [each for each in entered.values() if each is not None]
    absent = [name for name, each in entered.items() if each is None]
    race(entrants, given.rounds)

    hand = entered[HAND_WRITTEN.name]
    assert hand is not None
    results = [result(each, hand, entered[DATALOGIC.name]) for each in entrants]
    print(f"20 rules, {given.events:,} events, {given.rounds} rounds, {sum(expected):,} points; equal on each event\n")
    print(table(results))
    if absent:
        print(f"\nnot available: {'; '.join(absent)}")
    if given.json:
        report = {
            "benchmark": "scalar",
            "events": given.events,
            "rounds": given.rounds,
            "points": sum(expected),
            "python": platform.python_version(),
            "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
            "results": results,
            "absent": absent,
        }
        given.json.write_text(json.dumps(report, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
