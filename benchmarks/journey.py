"""How long journeys take beside their peers: graphs of a million events, attribution of ten thousand paths.

    python benchmarks/journey.py [--events 1000000] [--rounds 5] [--json journey.json] [--plot journey.png]

Peers come with ``pip install pm4py retentioneering polars`` (retentioneering asks for Python 3.10 or later); those
that are absent are named and left out. First every contestant must give the same graph, count by count, or the run
ends. Then rounds are interleaved: each times every contestant once, starting with another one each time. A ratio is the
median over the rounds of the ratio within a round. A graph is timed from a dataframe of texts and instants, as it comes
out of a warehouse, in the order of time and so with the cases mixed; with cases that are numbers, which pm4py does not
take and is given as texts; and, where a peer can keep it, from what was read.
On a busy machine the time of the processor tells more than the clock on the wall, so both ratios are shown; the bars
are held against the wall.
"""

from __future__ import annotations

import os

os.environ.setdefault("POLARS_MAX_THREADS", "2")  # read when Polars is imported
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when numpy is imported: small matrices only wait for threads
os.environ.setdefault("RETENTIONEERING_NO_TRACK", "1")  # a benchmark tells nobody that it runs

import argparse
import csv
import gzip
import json
import platform
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import attrs
import numpy as np

if __package__ in (None, ""):  # run as a script: the folder above, and not this one, whose names would hide packages
    sys.path[:1] = [str(Path(__file__).resolve().parents[1] / "src"), str(Path(__file__).resolve().parents[1])]

from benchmarks.metrics import Contest, Timing, drawn, timed
from fidelity import journey

PATHS = Path(__file__).resolve().parents[2] / "shared" / "data" / "mta__data.csv.gz"
STEPS = 19
CASE, WHAT, WHEN = "case:concept:name", "concept:name", "time:timestamp"
Graph = dict[tuple[str, str], int]


def walks(events: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A log of people who go from step to step of a shop, ten events a case: case, activity and moment of each."""
    random = np.random.default_rng(8)
    odds = random.dirichlet(np.full(STEPS, 0.4), STEPS).cumsum(axis=1)
    cases = max(1, events // 10)
    case = np.sort(random.integers(0, cases, events))
    draws, codes = random.random(events), np.zeros(events, np.int64)
    first = np.concatenate([[True], case[1:] != case[:-1]])
    place = np.arange(events) - np.maximum.accumulate(np.where(first, np.arange(events), 0))
    for step in range(int(place.max()) + 1):
        here = np.flatnonzero(place == step)
        before = codes[here - 1] if step else np.zeros(len(here), np.int64)
        codes[here] = np.minimum((odds[before] < draws[here, None]).sum(axis=1), STEPS - 1)
    begun = random.integers(0, 10**7, cases)
    at = begun[case] * 1_000 + place * 60_000
    order = np.argsort(at, kind="stable")
    moment = np.sort(at + np.arange(events) % 997)  # no two events of a case at one moment
    return case[order], codes[order], moment.astype("datetime64[ms]")


def frame_of(events: int) -> Any:  # noqa: ANN401 -- a dataframe
    import pandas as pd

    case, codes, at = walks(events)
    names = np.array([f"step {place:02d}" for place in range(STEPS)], object)
    who = np.array([f"c{number}" for number in range(case.max() + 1)], object)
    return pd.DataFrame({CASE: who[case], WHAT: names[codes], WHEN: pd.to_datetime(at, utc=True)})


def read(frame: Any) -> journey.EventLog:  # noqa: ANN401 -- a dataframe
    return journey.event_log(frame[CASE], frame[WHAT], frame[WHEN])


def as_graph(found: journey.DirectlyFollows) -> Graph:
    return {each[:2]: each.times for each in found.edges}


def by_pm4py(frame: Any) -> Callable[[], Graph] | None:  # noqa: ANN401 -- a dataframe
    """`discover_dfg` of the frame as it is."""
    try:
        import pm4py
    except ImportError:
        return None
    return lambda: {pair: int(count) for pair, count in pm4py.discover_dfg(frame)[0].items()}


def by_retentioneering(frame: Any, *, whole: bool) -> Callable[[], Graph] | None:  # noqa: ANN401 -- a dataframe
    """Its matrix of transitions in counts: from the dataframe, or of what it has read already."""
    try:
        from retentioneering.eventstream.eventstream import Eventstream
        from retentioneering.tools.transition_matrix import TransitionMatrix
    except ImportError:
        return None
    own = frame.rename(columns={CASE: "user_id", WHAT: "event", WHEN: "timestamp"})
    own["timestamp"] = own["timestamp"].dt.tz_localize(None)
    schema = {"path_cols": ["user_id"], "event_col": "event", "timestamp_col": "timestamp"}
    made = Eventstream(own.copy(), schema)

    def graph(stream: Any) -> Graph:  # noqa: ANN401 -- theirs
        table = TransitionMatrix(stream).fit("count")
        steps = [name for name in table.index if name.startswith("step")]
        counts = table.reindex(index=steps, columns=steps, fill_value=0).to_numpy()
        return {(steps[one], steps[two]): int(counts[one, two]) for one, two in zip(*np.nonzero(counts), strict=True)}

    return (lambda: graph(Eventstream(own.copy(), schema))) if whole else (lambda: graph(made))


def by_pandas(frame: Any) -> Callable[[], Graph]:  # noqa: ANN401 -- a dataframe
    """The same by hand: sorted, shifted within each case, counted."""

    def run() -> Graph:
        ordered = frame.sort_values([CASE, WHEN], kind="stable")
        after = ordered.groupby(CASE, sort=False)[WHAT].shift(-1)
        there = after.notna()
        return {
            pair: int(count)
            for pair, count in after[there].groupby([ordered[WHAT][there], after[there]]).size().items()
        }

    return run


def by_polars(frame: Any) -> Callable[[], Graph] | None:  # noqa: ANN401 -- a dataframe
    """The same in Polars, on two threads, from its own kind of frame."""
    try:
        import polars as pl
    except ImportError:
        return None
    own = pl.DataFrame(
        {each: frame[each].tolist() for each in (CASE, WHAT)} | {WHEN: frame[WHEN].to_numpy("datetime64[ms]")}
    )

    def run() -> Graph:
        pairs = (
            own.lazy()
            .sort(CASE, WHEN)
            .select(pl.col(WHAT), pl.col(WHAT).shift(-1).over(CASE).alias("after"))
            .drop_nulls()
            .group_by(WHAT, "after")
            .len()
            .collect()
        )
        return {(one, two): count for one, two, count in pairs.rows()}

    return run


def graphs(events: int) -> Iterator[Contest]:
    """The directly-follows graph, from a dataframe and from what was read."""
    frame = frame_of(events)
    log = read(frame)
    size = f"{events / 1e6:g}M events"
    yield Contest(
        f"graph of {size}, from a dataframe",
        lambda: as_graph(journey.directly_follows(read(frame))),
        {
            "pm4py": by_pm4py(frame),
            "retentioneering": by_retentioneering(frame, whole=True),
            "pandas by hand": by_pandas(frame),
            "Polars by hand": by_polars(frame),
        },
        same=lambda one, two: one == two,
        times={"pm4py": 8, "retentioneering": 1.5},
    )
    numbered = frame.assign(**{CASE: frame[CASE].str.slice(1).astype("int64")})
    yield Contest(
        f"graph of {size}, cases are numbers",
        lambda: as_graph(journey.directly_follows(read(numbered))),
        {"pm4py": by_pm4py(frame), "retentioneering": by_retentioneering(numbered, whole=True)},
        same=lambda one, two: one == two,
        times={"pm4py": 8, "retentioneering": 1.5},
        note="pm4py asks for texts, and has them",
    )
    yield Contest(
        f"graph of {size}, read already",
        lambda: as_graph(journey.directly_follows(log)),
        {"retentioneering": by_retentioneering(frame, whole=False)},
        same=lambda one, two: one == two,
        times={"retentioneering": 1.5},
    )


def removed_one_by_one(rows: list[list[str]], won: list[float], lost: list[float]) -> dict[str, float]:
    """Removal effects as the paper says them: for each channel the chain without it, solved anew."""
    names = sorted({each for row in rows for each in row})
    place = {name: number + 1 for number, name in enumerate(names)}
    many = len(names) + 1
    moves, hits, ends = np.zeros((many, many)), np.zeros(many), np.zeros(many)
    for row, good, bad in zip(rows, won, lost, strict=True):
        way = [0, *(place[each] for each in row)]
        for one, two in pairwise(way):
            moves[one, two] += good + bad
        hits[way[-1]] += good
        ends[way[-1]] += good + bad
    total = moves.sum(axis=1) + ends
    moves, hits = moves / total[:, None], hits / total

    def chance(without: int | None) -> float:
        kept = [each for each in range(many) if each != without]
        return float(np.linalg.solve(np.eye(len(kept)) - moves[np.ix_(kept, kept)], hits[kept])[0])

    whole = chance(None)
    effects = {name: 1 - chance(place[name]) / whole for name in names}
    return {name: sum(won) * each / sum(effects.values()) for name, each in effects.items()}


def attributions() -> Iterator[Contest]:
    """Exact attribution of the 10,000 paths of the package mta, reading the texts included."""
    if not PATHS.exists():
        print(f"no paths at {PATHS}: attribution is left out")
        return
    with gzip.open(PATHS, "rt") as file:
        rows = list(csv.DictReader(file))
    texts = [row["path"] for row in rows]
    won, lost = ([float(row[name]) for row in rows] for name in ("total_conversions", "total_null"))

    def near(one: dict[str, float], two: dict[str, float]) -> bool:
        return set(one) == set(two) and all(abs(one[name] - two[name]) <= 1e-9 * sum(won) for name in one)

    def paths() -> journey.ChannelPaths:
        return journey.channel_paths(texts, won, lost)

    def values(found: journey.Attribution) -> dict[str, float]:
        return {name: each.value for name, each in found.items()}

    def by_sets() -> dict[str, float]:
        given = dict.fromkeys(sorted({each for text in texts for each in text.split(" > ")}), 0.0)
        for text, good in zip(texts, won, strict=True):
            different = set(text.split(" > "))
            for each in different:
                given[each] += good / len(different)
        return given

    yield Contest(
        f"Markov attribution of {len(rows):,} paths",
        lambda: values(journey.markov_attribution(paths())),
        {"removed one by one": lambda: removed_one_by_one([text.split(" > ") for text in texts], won, lost)},
        same=near,
        most_ms=50,
    )
    yield Contest(
        f"Shapley attribution of {len(rows):,} paths",
        lambda: values(journey.shapley_attribution(paths())),
        {"path by path": by_sets},
        same=near,
        most_ms=50,
    )
    yield Contest(
        f"Shapley by rate of {len(rows):,} paths",
        lambda: values(journey.shapley_attribution(paths(), worth="rate")),
        most_ms=50,
    )
    yield Contest(
        f"Markov of order 2 of {len(rows):,} paths", lambda: values(journey.markov_attribution(paths(), order=2))
    )


def told(each: Timing, ours: Timing) -> str:
    """A line of the table; *ours* is this library's in the same contest."""
    ratio = "" if each.ratio is None else f"{each.ratio:.1f}"
    cpu = "" if each.ratio is None else f"{each.cpu_ms / ours.cpu_ms:.1f}"
    bar = "" if each.bar is None else f"{each.bar:g}"
    said = {None: "", True: "met", False: "missed"}[each.met]
    line = f"{each.contest:38} {each.contestant:20} {each.wall_ms:9.1f} {each.cpu_ms:9.1f} {ratio:>8} {cpu:>8}"
    return f"{line} {bar:>6} {said}"


def main() -> int:
    """Check, race, print, write, draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path, help="where to write the figures")
    parser.add_argument("--plot", type=Path, help="where to write the picture")
    options = parser.parse_args()
    timings: list[Timing] = []
    print(f"{'contest':38} {'contestant':20} {'wall ms':>9} {'cpu ms':>9} {'× wall':>8} {'× cpu':>8} {'bar':>6}")
    for part in (graphs(options.events), attributions()):
        for contest in part:
            for absent in (name for name, each in contest.peers.items() if each is None):
                print(f"{contest.name:38} {absent:20} not installed")
            found = timed(contest, options.rounds)
            timings += found
            for each in found:
                print(told(each, found[0]), flush=True)
    if options.json is not None:
        about = {"python": platform.python_version(), "machine": platform.machine(), "load": os.getloadavg()}
        report = {"about": about, "timings": [attrs.asdict(each) for each in timings]}
        options.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    if options.plot is not None:
        drawn(timings, options.plot)
    return 0


if __name__ == "__main__":
    sys.exit(main())
