"""Retention: cohorts of ten million purchases, curves of a million members."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from benchmarks.metrics import Contest
from fidelity import metrics

PURCHASES, CUSTOMERS = 10_000_000, 1_000_000


def purchases() -> tuple[np.ndarray, np.ndarray]:
    """Who bought and when, over three years, in the order of time."""
    random = np.random.default_rng(2)
    who = random.integers(0, CUSTOMERS, PURCHASES)
    seconds = np.sort(random.integers(0, 3 * 365 * 86_400, PURCHASES))
    return who, np.datetime64("2023-01-01", "us") + (seconds * 1_000_000).astype("timedelta64[us]")


def by_polars(who: np.ndarray, at: np.ndarray) -> Callable[[], Any] | None:
    """The table of cohorts, as lazy group-bys."""
    try:
        import polars as pl
    except ImportError:
        return None
    frame = pl.DataFrame({"who": who, "at": at})

    def run() -> dict[tuple[int, int], int]:
        month = pl.col("at").dt.year().cast(pl.Int32) * 12 + pl.col("at").dt.month().cast(pl.Int32)
        active = frame.lazy().select("who", month.alias("month")).unique()
        first = active.group_by("who").agg(pl.col("month").min().alias("first"))
        age = (pl.col("month") - pl.col("first")).alias("age")
        table = active.join(first, on="who").group_by("first", age).len().collect()
        return {(first, age): count for first, age, count in table.rows()}

    return run


def by_duckdb(who: np.ndarray, at: np.ndarray) -> Callable[[], Any] | None:
    """The same as SQL."""
    try:
        import duckdb
        import pyarrow as pa
    except ImportError:
        return None
    connection = duckdb.connect()
    connection.execute("SET threads = 2")
    connection.register("arrow", pa.table({"who": who, "at": at}))
    connection.execute("CREATE TABLE purchases AS SELECT * FROM arrow")
    query = """
        WITH active AS (SELECT DISTINCT who, year("at") * 12 + month("at") AS m FROM purchases),
             began AS (SELECT who, min(m) AS f FROM active GROUP BY who)
        SELECT f, m - f AS age, count(*) FROM active JOIN began USING (who) GROUP BY f, age
    """
    return lambda: {(first, age): count for first, age, count in connection.execute(query).fetchall()}


def cohort_tables() -> Iterable[Contest]:
    """Months of three years: dense ids, ids that are not dense, whose coding is part of the time, and no order."""
    who, at = purchases()

    def ours(ids: np.ndarray) -> dict[tuple[int, int], int]:
        found = metrics.cohorts(ids, at)
        months = found.starts.astype("datetime64[M]").astype(int) + 1970 * 12 + 1
        cells = np.argwhere(np.nan_to_num(found.active) > 0)
        return {(int(months[row]), int(age)): int(found.active[row, age]) for row, age in cells}

    for name, ids in (("dense ids", who), ("ids that are not dense", who * 1_000_003)):
        yield Contest(
            f"cohorts of 10M purchases, {name}",
            lambda ids=ids: ours(ids),
            {"Polars": by_polars(ids, at), "DuckDB": by_duckdb(ids, at)},
            same=lambda one, two: one == two,
            times={"Polars": 4, "DuckDB": 4},
        )
    order = np.random.default_rng(6).permutation(len(who))
    who, at = who[order], at[order]
    yield Contest(
        "cohorts of 10M purchases, in no order",
        lambda: ours(who),
        {"Polars": by_polars(who, at), "DuckDB": by_duckdb(who, at)},
        same=lambda one, two: one == two,
    )


def curves() -> Iterable[Contest]:
    """Kaplan and Meier of a million, in whole days and in fractions."""
    random = np.random.default_rng(3)
    lasted, left = random.exponential(300, 1_000_000), random.random(1_000_000) < 0.6
    times = np.arange(0, 900, 30.0)
    try:
        import lifelines
    except ImportError:
        lifelines = None
    for name, durations in (("whole days", np.ceil(lasted)), ("fractions", lasted)):
        peer = None
        if lifelines is not None:
            peer = lambda durations=durations: (  # noqa: E731 -- as short as the others
                lifelines.KaplanMeierFitter().fit(durations, left).survival_function_at_times(times).to_numpy()
            )
        yield Contest(
            f"Kaplan–Meier of 1M, {name}",
            lambda durations=durations: metrics.survival(durations, left).at(times),
            {"lifelines": peer},
            same=lambda one, two: bool(np.allclose(one, two, atol=1e-9)),
            times={"lifelines": 10},
        )


PARTS = (cohort_tables, curves)
