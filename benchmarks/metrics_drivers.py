"""Drivers and journeys: LMG of 12 to 22 drivers, the graph of a million events, the attribution of 10,000 paths."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.metrics import Contest
from fidelity import journey, metrics

if TYPE_CHECKING:
    import pandas as pd

PATHS = Path(__file__).resolve().parents[2] / "shared" / "data" / "mta__data.csv.gz"


def survey(p: int, n: int = 1000) -> tuple[np.ndarray, np.ndarray]:
    """Answers that go together, and what they make of the outcome."""
    random = np.random.default_rng(p)
    table = random.normal(size=(n, p)) + random.normal(size=(n, 1))
    return table @ random.uniform(0, 1, p) + 3 * random.normal(size=n), table


def by_pingouin(outcome: np.ndarray, table: np.ndarray) -> Callable[[], Any] | None:
    """The same contributions by pingouin."""
    try:
        import pingouin
    except ImportError:
        return None

    def run() -> list[float]:
        found = pingouin.linear_regression(table, outcome, relimp=True)
        return [float(each) for each in found["relimp"].to_numpy()[1:]]

    return run


def importance() -> Iterable[Contest]:
    """All subsets, without resamples: the peer makes none."""
    for p, times, most in ((12, {"pingouin": 200.0}, None), (20, {}, 150.0), (22, {}, None)):
        outcome, table = survey(p)

        def ours(outcome: np.ndarray = outcome, table: np.ndarray = table) -> list[float]:
            return [each.value for each in metrics.relative_importance(outcome, table, resamples=0).values()]

        yield Contest(
            f"LMG, {p} drivers", ours, {"pingouin": by_pingouin(outcome, table)} if times else {},
            same=lambda one, two: bool(np.allclose(one, two, atol=1e-9)), times=times, most_ms=most,
        )  # fmt: skip
    outcome, table = survey(9)
    yield Contest(
        "LMG, 9 drivers, 1,000 resamples", partial(metrics.relative_importance, outcome, table, resamples=1000)
    )


def by_pm4py(frame: pd.DataFrame) -> Callable[[], Any] | None:
    """The same graph by pm4py."""
    try:
        import pm4py
    except ImportError:
        return None

    def run() -> dict[tuple[str, str], int]:
        told = pm4py.format_dataframe(frame, case_id="case", activity_key="activity", timestamp_key="time")
        return {pair: int(n) for pair, n in pm4py.discover_dfg(told)[0].items()}

    return run


def by_pandas(frame: pd.DataFrame) -> Callable[[], Any]:
    """The same graph by pandas, as an analyst writes it."""

    def run() -> dict[tuple[str, str], int]:
        ordered = frame.sort_values(["case", "time"], kind="stable")
        after = ordered["activity"].shift(-1)[ordered["case"] == ordered["case"].shift(-1)]
        pairs = ordered.loc[after.index, "activity"].to_frame().assign(after=after)
        return {pair: int(n) for pair, n in pairs.groupby(["activity", "after"]).size().items()}

    return run


def graphs() -> Iterable[Contest]:
    """A million events of 100,000 people, in the order of time: ids as texts, whose coding is in the time."""
    try:
        import pandas as pd
    except ImportError:
        return
    random = np.random.default_rng(5)
    n = 1_000_000
    frame = pd.DataFrame({
        "case": np.char.add("member ", random.integers(0, 100_000, n).astype(str)).astype(object),
        "activity": np.array([f"step {each}" for each in range(20)], object)[random.integers(0, 20, n)],
        "time": pd.Timestamp("2026-01-01") + pd.to_timedelta(np.arange(n), unit="s"),
    })  # fmt: skip
    dense = frame.assign(case=frame["case"].str.slice(7).astype(int))

    def ours(frame: pd.DataFrame) -> dict[tuple[str, str], int]:
        log = journey.event_log(frame["case"], frame["activity"], frame["time"])
        return {(each.source, each.target): each.times for each in journey.directly_follows(log).edges}

    for name, given in (("ids as texts", frame), ("dense ids", dense)):
        yield Contest(
            f"directly-follows graph, 1M events, {name}", partial(ours, given),
            {"pm4py": by_pm4py(given.astype({"case": str})), "pandas": by_pandas(given)},
            same=lambda one, two: one == two, times={"pm4py": 8.0},
        )  # fmt: skip


def attribution() -> Iterable[Contest]:
    """10,000 paths over 12 channels, read from texts."""
    if not PATHS.exists():
        return
    with gzip.open(PATHS, "rt") as file:
        rows = list(csv.DictReader(file))
    texts = [row["path"] for row in rows]
    won, lost = ([float(row[name]) for row in rows] for name in ("total_conversions", "total_null"))
    for name, attribute in (
        ("Markov", journey.markov_attribution),
        ("Shapley", journey.shapley_attribution),
        ("Shapley by rate", partial(journey.shapley_attribution, worth="rate")),
    ):

        def ours(attribute: Callable[..., Any] = attribute) -> journey.Attribution:
            found: journey.Attribution = attribute(journey.channel_paths(texts, won, lost))
            return found

        yield Contest(f"attribution of 10,000 paths, {name}", ours, most_ms=50)


PARTS = (importance, graphs, attribution)
