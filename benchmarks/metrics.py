"""How long metrics take beside their peers, in one run: fits, drivers, bootstraps, ranks, cohorts, curves.

    python benchmarks/metrics.py [--only value,retention] [--rounds 5] [--json metrics.json] [--plot metrics.png]

Peers come with ``pip install lifetimes lifelines pingouin polars duckdb``; those that are absent are named and left
out. Each room has its part in `benchmarks/metrics_<room>.py` with `PARTS`: functions that give contests. Before it is
timed every contest shows that all contestants have the same answer. Rounds are interleaved: each times every contestant
once, starting with another one each time. A ratio is the median over the rounds of the ratio within a round: of the
time on the wall, by which bars are judged, and of the processor's time, which a busy machine disturbs less. This
library uses one thread, and two where it ranks purchases, counts whole durations or hashes ids (`metrics/together.py`);
Polars and DuckDB have two.
"""

from __future__ import annotations

import os

os.environ.setdefault("POLARS_MAX_THREADS", "2")  # read when Polars is imported
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when numpy is imported: small matrices only wait for threads

import argparse
import gc
import json
import platform
import sys
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

import attrs
from attrs import field, frozen

HERE = Path(__file__).resolve().parent
if __package__ in (None, ""):  # run as a script: the folder above, and not this one, whose names would hide packages
    sys.path[0] = str(HERE.parent)

OURS = "fidelity"


@frozen
class Contest:
    """
    One question put to several contestants.

    Attributes:
        name: What is asked.
        ours: This library's answer.
        peers: Those of others, by name; None where a peer is not installed.
        same: Says whether two answers are the same.
        times: How many times as long a peer should take at least, by name; the bar.
        most_ms: How long this library may take at most.
        note: What a reader should know.
    """

    name: str
    ours: Callable[[], Any]
    peers: Mapping[str, Callable[[], Any] | None] = {}
    same: Callable[[Any, Any], bool] | None = None
    times: Mapping[str, float] = {}
    most_ms: float | None = None
    note: str = ""


@frozen
class Timing:
    """What a contest gave: milliseconds on the wall and of the processor, medians over the rounds."""

    contest: str
    contestant: str
    wall_ms: float
    cpu_ms: float
    ratio: float | None = None
    cpu_ratio: float | None = None
    bar: float | None = None
    note: str = ""
    met: bool | None = field(default=None)


def timed(contest: Contest, rounds: int) -> list[Timing]:
    """The contest, round by round."""
    contestants = {OURS: contest.ours} | {name: each for name, each in contest.peers.items() if each is not None}
    answers = {name: each() for name, each in contestants.items()}
    if contest.same is not None:
        for name, answer in answers.items():
            if not contest.same(answers[OURS], answer):
                message = f"{contest.name}: {name} gives another answer"
                raise SystemExit(message)
    del answers
    names = [*contestants]
    wall: dict[str, list[float]] = {name: [] for name in names}
    cpu: dict[str, list[float]] = {name: [] for name in names}
    for turn in range(rounds):
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            gc.collect()
            start, began = perf_counter(), process_time()
            contestants[name]()
            cpu[name].append(1e3 * (process_time() - began))
            wall[name].append(1e3 * (perf_counter() - start))
    found = []
    for name in names:
        ratio = None if name == OURS else median(b / a for a, b in zip(wall[OURS], wall[name], strict=True))
        busy = None if name == OURS else median(b / max(a, 1e-6) for a, b in zip(cpu[OURS], cpu[name], strict=True))
        bar = contest.most_ms if name == OURS else contest.times.get(name)
        took = median(wall[name])
        met = None if bar is None else (took <= bar if name == OURS else (ratio or 0) >= bar)
        found.append(Timing(contest.name, name, took, median(cpu[name]), ratio, busy, bar, contest.note, met))
    return found


def drawn(timings: Iterable[Timing], path: Path) -> None:
    """How many times as long each peer takes, on a logarithmic scale, with the bars."""
    import matplotlib.pyplot as plt

    rows = [each for each in timings if each.ratio is not None]
    figure, ax = plt.subplots(figsize=(9, 0.4 * len(rows) + 1.5), layout="constrained")
    for place, each in enumerate(rows):
        ax.barh(place, each.ratio or 0, color="#4c72b0")
        if each.bar is not None:
            ax.plot([each.bar, each.bar], [place - 0.4, place + 0.4], color="#c44e52", lw=2)
    ax.set_yticks(range(len(rows)), [f"{each.contest}: {each.contestant}" for each in rows])
    ax.invert_yaxis()
    ax.set_xscale("log")
    ax.axvline(1, color="black", lw=0.8)
    ax.set_xlabel("times as long as fidelity (red: the bar)")
    figure.savefig(path, dpi=110)


def main() -> int:
    """Time everything, print a table, write JSON and a plot."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="rooms, with commas between")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--plot", type=Path)
    options = parser.parse_args()
    wanted = {each for each in options.only.split(",") if each}
    timings: list[Timing] = []
    print(f"{'contest':44} {'contestant':14} {'wall ms':>10} {'cpu ms':>10} {'× wall':>8} {'× cpu':>8} {'bar':>8}")
    for path in sorted(HERE.glob("metrics_*.py")):
        if wanted and path.stem.removeprefix("metrics_") not in wanted:
            continue
        for part in import_module(f"benchmarks.{path.stem}").PARTS:
            for contest in part():
                for absent in (name for name, each in contest.peers.items() if each is None):
                    print(f"{contest.name:44} {absent:14} not installed")
                for each in timed(contest, options.rounds):
                    timings.append(each)
                    ratio = "" if each.ratio is None else f"{each.ratio:.1f}"
                    busy = "" if each.cpu_ratio is None else f"{each.cpu_ratio:.1f}"
                    bar = "" if each.bar is None else f"{each.bar:g}"
                    said = {None: "", True: "met", False: "missed"}[each.met]
                    line = f"{each.contest:44} {each.contestant:14} {each.wall_ms:10.1f} {each.cpu_ms:10.1f}"
                    print(f"{line} {ratio:>8} {busy:>8} {bar:>8} {said}", flush=True)
    if options.json is not None:
        about = {"python": platform.python_version(), "machine": platform.machine(), "load": os.getloadavg()}
        told = {"about": about, "timings": [attrs.asdict(each) for each in timings]}
        options.json.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    if options.plot is not None:
        drawn(timings, options.plot)
    return 0


if __name__ == "__main__":
    sys.modules["benchmarks.metrics"] = sys.modules["__main__"]
    sys.exit(main())
