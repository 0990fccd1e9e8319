"""Value: fits of a million customers and of CDNOW's, ranks of ten million purchases."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.metrics import Contest
from benchmarks.metrics_retention import purchases
from fidelity import metrics

CDNOW = Path(__file__).resolve().parents[2] / "shared" / "data" / "BTYD__cdnowSummary_cbs.csv"


def customers(n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Frequency, recency and age as the BG/NBD model of CDNOW makes them, in weeks."""
    random = np.random.default_rng(4)
    rate, leave, age = random.gamma(0.243, 1 / 4.414, n), random.beta(0.793, 2.426, n), random.uniform(27, 39, n)
    x, last, now, alive = np.zeros(n), np.zeros(n), np.zeros(n), np.ones(n, bool)
    while alive.any():
        now[alive] += random.exponential(1, int(alive.sum())) / rate[alive]
        alive &= now <= age
        x[alive] += 1
        last[alive] = now[alive]
        alive[alive] = random.random(int(alive.sum())) > leave[alive]
    return x, last, age


def by_lifetimes(data: tuple[np.ndarray, ...]) -> Callable[[], Any] | None:
    """The same fit by lifetimes."""
    try:
        import lifetimes
    except ImportError:
        return None

    def run() -> list[float]:
        fitted = lifetimes.BetaGeoFitter().fit(*data)
        return [float(fitted.params_[name]) for name in ("r", "alpha", "a", "b")]

    return run


def fits() -> Iterable[Contest]:
    """BG/NBD: a million customers, and CDNOW's 2,357."""
    sets = [("1M customers", customers(1_000_000), 30.0, 250.0)]
    if CDNOW.exists():
        heads, *rows = [line.replace('"', "").split(",") for line in CDNOW.read_text().splitlines()]
        columns = (np.array([float(row[heads.index(name)]) for row in rows]) for name in ("x", "t.x", "T.cal"))
        sets.append(("CDNOW", tuple(columns), 2.5, None))
    for name, data, times, most in sets:
        yield Contest(
            f"BG/NBD fit, {name}",
            lambda data=data: [*metrics.BetaGeometric.fit(*data).parameters.values()],
            {"lifetimes": by_lifetimes(data)},
            same=lambda one, two: bool(np.allclose(one, two, rtol=5e-3)),
            times={"lifetimes": times},
            most_ms=most,
        )


def worths() -> Iterable[Contest]:
    """The discounted value of 50,000 customers over a year and over five, with intervals: no peer makes these."""
    x, last, age = customers(50_000)
    model = metrics.BetaGeometric.fit(x, last, age)
    until = np.datetime64("2026-01-01")
    nothing = np.zeros(len(x))
    history = metrics.PurchaseHistory(np.arange(len(x)), x, last, age, nothing, np.full(len(x), until), until, 7.0)
    for weeks in (52, 260):
        yield Contest(
            f"lifetime value of 50,000, {weeks} weeks",
            lambda weeks=weeks: metrics.lifetime_value(model, 20.0, history, horizon=weeks, discount=0.002).total,
        )


def ranks() -> Iterable[Contest]:
    """Recency, frequency and monetary value of ten million purchases of a million customers."""
    who, at = purchases()
    spent = np.random.default_rng(5).gamma(2, 20, len(who)).round(2)
    for name, ids in (("dense ids", who), ("ids that are not dense", who * 1_000_003)):
        yield Contest(
            f"RFM of 10M purchases, {name}",
            lambda ids=ids: _ours(ids, at, spent),
            {"Polars": _polars(ids, at, spent), "DuckDB": _duckdb(ids, at, spent)},
            same=lambda one, two: bool(np.allclose(one, two, rtol=1e-9)),
            times={"Polars": 5, "DuckDB": 5},
        )


def _sums(frequency: np.ndarray, monetary: np.ndarray, last: np.ndarray) -> list[float]:
    """What all contestants must agree on: sums over customers."""
    return [float(frequency.sum()), float(monetary.sum()), float(last.sum()), float((frequency * monetary).sum())]


def _ours(ids: np.ndarray, at: np.ndarray, spent: np.ndarray) -> list[float]:
    found = metrics.rfm(ids, at, spent)
    return _sums(found.frequency, found.monetary, found.recency)


def _polars(ids: np.ndarray, at: np.ndarray, spent: np.ndarray) -> Callable[[], Any] | None:
    try:
        import polars as pl
    except ImportError:
        return None
    frame = pl.DataFrame({"who": ids, "at": at, "spent": spent})

    def run() -> list[float]:
        table = (
            frame.lazy()
            .group_by("who")
            .agg(pl.col("at").max().alias("last"), pl.len().alias("many"), pl.col("spent").sum())
            .collect()
        )
        newest = frame["at"].max()
        days = (pl.lit(newest) - pl.col("last")).dt.total_microseconds() / 86_400e6
        return _sums(table["many"].to_numpy(), table["spent"].to_numpy(), table.select(days)["literal"].to_numpy())

    return run


def _duckdb(ids: np.ndarray, at: np.ndarray, spent: np.ndarray) -> Callable[[], Any] | None:
    try:
        import duckdb
        import pyarrow as pa
    except ImportError:
        return None
    connection = duckdb.connect()
    connection.execute("SET threads = 2")
    connection.register("arrow", pa.table({"who": ids, "at": at, "spent": spent}))
    connection.execute("CREATE TABLE purchases AS SELECT * FROM arrow")
    query = """
        SELECT count(*) AS many, sum(spent) AS spent,
               epoch_us((SELECT max("at") FROM purchases)) - epoch_us(max("at")) AS late
        FROM purchases GROUP BY who
    """

    def run() -> list[float]:
        table = connection.execute(query).fetchnumpy()
        return _sums(table["many"], table["spent"], table["late"] / 86_400e6)

    return run


PARTS = (fits, worths, ranks)
