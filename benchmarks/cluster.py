"""How long Spark takes for the points and the books of a workload: generated SQL, SQL by hand, and Arrow.

    python benchmarks/cluster.py [--events 3000000] [--log 2000000] [--rounds 7] [--json cluster.json] [--plot x.png]

Needs ``pip install 'fidelity-loyalty[spark]'`` and a Java. One session on two local cores; figures are without its
start. Both queries read one Parquet file, texts as texts, and write to Spark's sink for measurements (``noop``).

The query by hand is what an expert would write of the 20 rules: one pass, each value worked out once, days and hours by
Spark's own functions in a session whose zone is the program's, and no look at whether rows are complete; the generated
one looks at every value and gives NULL for what cannot be. Both must give one total before the clock runs. Rounds are
interleaved, each begins with another contestant, the first two do not count (Java compiles meanwhile). A ratio is the
median over the rounds of the ratio within a round. Beside them the plain reading of the columns, which all of them do,
and how large the method is that Java compiles of each query: beyond 8,000 bytes it compiles none.

The books are those of a log of the same workload: 20 rules, tiers, points that expire; a member has ten rows.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

if __package__ in (None, ""):  # run as a script: the folder above makes `benchmarks` importable
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import workload as w
from benchmarks.programs import twenty_rules
from fidelity.cluster import award, replay

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

OURS, HAND, ARROW, READING = "generated SQL", "SQL by hand", "Arrow to points_for", "reading the columns"
MOST_TO_HAND, MOST_US = 1.1, 1.0
_WARM = 2


def _instant(seconds: int) -> str:
    return f"timestamp'{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S}'"


def _listed(values: Any) -> str:  # noqa: ANN401 - numbers
    return ", ".join(map(str, sorted(values)))


BY_HAND = f"""
with events as (select *, amount div 100 as base from sales)
select id, case when channel in ('giftcard', 'staff') then 0 else least({w.MOST_POINTS}, greatest(0,
    base
    + case when category in ('grocery', 'pharmacy', 'fuel') then 2 * base else 0 end
    + case when amount >= 10000 and weekday(at) = 1 then 50 else 0 end
    + base * (case tier when 'silver' then 25 when 'gold' then 50 when 'platinum' then 100 else 0 end) div 100
    + least(tenure_days div 365, 10) * 5
    + case when is_first then 500 else 0 end
    + case when category = 'electronics' and at >= {_instant(w.ELECTRONICS_FROM)}
        and at < {_instant(w.ELECTRONICS_UNTIL)} then base else 0 end
    + case when is_weekend and basket_size >= 5 then 25 else 0 end
    + case when at < {_instant(w.NEW_STORES_UNTIL)} and store_id in ({_listed(w.NEW_STORES)}) then 100 else 0 end
    + case when sku in ({_listed(w.PROMOTED_SKUS)}) then 75 else 0 end
    + case when hour(at) in (14, 15) then base div 2 else 0 end
    + amount * (case currency when 'EUR' then 9 when 'GBP' then 17 when 'CHF' then 4 else 0 end) div 10000
    + case when amount >= 25000 then 200 else 0 end
    + case when channel = 'app' then least(base div 10, 30) else 0 end
    + case when category = 'travel' and tier in ('gold', 'platinum') then least(2 * base, 2000) else 0 end
    - case when category in ('alcohol', 'tobacco') then 3 * base else 0 end
    + case when tier <> 'bronze' and month(at) >= 11 then base * 15 div 100 else 0 end
    + case when tier = 'silver' and tenure_days >= 730 then 20 else 0 end
    + case when channel = 'online' and basket_size between 2 and 4 and not is_weekend then 10 else 0 end
    + greatest(case when store_id % 10 = 3 then base div 5 else 0 end, case when category = 'toys' then 15 else 0 end)
)) end as points
from events
"""  # noqa: S608 - made of our own numbers


def session() -> Any:  # noqa: ANN401 - of Spark
    """A session on two cores, in the zone of the program."""
    from pyspark.sql import SparkSession

    os.environ["PYTHONPATH"] = os.pathsep.join(each for each in sys.path if each)
    told = {
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.memory": "4g",
        "spark.log.level": "ERROR",
        "spark.pyspark.python": sys.executable,
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "2",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    return SparkSession.builder.master("local[2]").config(map=told).getOrCreate()


def table_of(columns: w.Columns) -> pa.Table:
    """The workload as a warehouse would have it: texts, instants."""
    found: dict[str, Any] = {"id": np.arange(len(columns["ts"]))}
    for name, column in columns.items():
        if name in w.CHOICES:
            words = pa.array(w.CHOICES[name])
            found[name] = pa.DictionaryArray.from_arrays(pa.array(column), words).cast(pa.string())
        elif name == "ts":
            found["at"] = pa.array(column * 1_000_000, pa.timestamp("us", "UTC"))
        else:
            found["member" if name == "member_id" else name] = pa.array(column)
    return pa.table(found)


def through_arrow(program: Any, batches: Iterator[Any]) -> Iterator[Any]:  # noqa: ANN401 - a program
    """What a worker does with batches of Arrow."""
    for batch in batches:
        points = program.points_for(pa.Table.from_batches([batch]), on="sale")
        yield pa.RecordBatch.from_arrays([batch.column("id"), points.combine_chunks()], ["id", "points"])


def written(make: Callable[[], Any]) -> float:
    """Seconds to work a frame out and to throw it away."""
    start = perf_counter()
    make().write.format("noop").mode("overwrite").save()
    return perf_counter() - start


def method_bytes(spark: Any, frame: Any) -> int:  # noqa: ANN401 - of Spark
    """The size of the largest method that Java is given for a query."""
    debug = getattr(spark._jvm.org.apache.spark.sql.execution.debug, "package$")  # noqa: SLF001
    stages = getattr(debug, "MODULE$").codegenStringSeq(frame._jdf.queryExecution().executedPlan())  # noqa: SLF001
    return max((stages.apply(place)._3().maxMethodCodeSize() for place in range(stages.size())), default=0)  # noqa: SLF001


def raced(runs: dict[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """Seconds of each in every round that counts."""
    found: dict[str, list[float]] = {name: [] for name in runs}
    listed = list(runs.items())
    for number in range(-_WARM, rounds):
        turn = number % len(listed)
        for name, run in listed[turn:] + listed[:turn]:
            took = run()
            if number >= 0:
                found[name].append(took)
    return found


def ratio(one: list[float], other: list[float]) -> float:
    """How many of *other* go into one of *one*: the median of the ratios within the rounds."""
    return median(a / b for a, b in zip(one, other, strict=True))


def awarded(spark: Any, place: Path, count: int, rounds: int) -> list[dict[str, Any]]:  # noqa: ANN401 - of Spark
    """The 20 rules over *count* events: a line for each contestant."""
    pq.write_table(table_of(w.events(count)), place, row_group_size=500_000)
    program, sales = twenty_rules(clock=True), spark.read.parquet(str(place))
    sales.createOrReplaceTempView("sales")
    asked = [
        "id",
        "amount",
        "at",
        *w.CHOICES,
        "store_id",
        "sku",
        "tenure_days",
        "is_weekend",
        "basket_size",
        "is_first",
    ]
    frames = {
        OURS: lambda: award(sales, program, on="sale"),
        HAND: lambda: spark.sql(BY_HAND),
        ARROW: lambda: sales.select(asked).mapInArrow(partial(through_arrow, program), "id bigint, points bigint"),
        READING: lambda: sales.select(asked),
    }
    totals = {name: frames[name]().agg({"points": "sum"}).first()[0] for name in (OURS, HAND, ARROW)}
    if len(set(totals.values())) > 1:
        raise SystemExit(f"totals differ: {totals}")
    times = raced({name: partial(written, make) for name, make in frames.items()}, rounds)
    return [
        {
            "name": name,
            "events": count,
            "ns_median": median(each) / count * 1e9,
            "ns_min": min(each) / count * 1e9,
            "ours_to_it": ratio(times[OURS], each),
            "bar": MOST_TO_HAND if name == HAND else None,
            "method_bytes": method_bytes(spark, frames[name]()) if name in (OURS, HAND) else None,
            "points": totals.get(name),
            "seconds": each,
        }
        for name, each in times.items()
    ]


def ledger() -> Any:  # noqa: ANN401 - a program
    """The program of the log: 20 rules would be for events of the workload; purchases have their own fields."""
    from fidelity import Cap, EarnRule, Program, Reward, Tier, TierSet, points, purchase, times

    return Program(
        "Ledger",
        version="1",
        currency="EUR",
        timezone="Europe/Madrid",
        earn=[
            EarnRule("base", points(1, per="1 EUR")),
            EarnRule("weekend", times(2, of="base"), when=purchase.weekday.is_in("saturday", "sunday")),
            EarnRule("app", points(10), when=purchase.channel == "app", cap=Cap(100, per="calendar month")),
            EarnRule("large", points(50), when=purchase.amount >= "100 EUR"),
        ],
        tiers=TierSet([Tier("Bronze"), Tier("Gold", at="500 EUR", earns="5/4")], counts="spend", over="12 months"),
        rewards=[Reward("ten euros", cost=1_000, worth="10 EUR")],
        expiry="12 months",
    )


def replayed(spark: Any, place: Path, count: int, rounds: int) -> dict[str, Any]:  # noqa: ANN401 - of Spark
    """The books of a log of *count* rows."""
    columns = w.events(count)
    told = table_of(columns).select(["id", "member", "at", "amount", "channel"])
    pq.write_table(told, place, row_group_size=500_000)
    program, log = ledger(), spark.read.parquet(str(place))

    def books() -> float:
        start = perf_counter()
        found = replay(log, program, buckets=2 * max(1, count // 1_000_000))
        lines = found.balances.count()
        took = perf_counter() - start
        assert lines == len(np.unique(columns["member_id"])), lines
        found.unpersist()
        return took

    times = [books() for _ in range(rounds + 1)][1:]
    return {
        "rows": count,
        "us_median": median(times) / count * 1e6,
        "us_min": min(times) / count * 1e6,
        "bar_us": MOST_US,
        "seconds": times,
    }


def told(lines: list[dict[str, Any]], books: dict[str, Any]) -> str:
    """The figures, one contestant a line."""
    title = f"20 rules, {lines[0]['events']:,} events, 2 cores"
    found = [f"{title:<44}{'median':>9}{'min':>8}{'ours ÷ it':>11}{'bar':>6}{'method':>9}"]
    found.append(f"{'':<44}{'ns':>9}{'ns':>8}{'':>17}{'bytes':>9}")
    for each in lines:
        bar = "" if each["bar"] is None else f"{each['bar']:.2f}"
        size = "" if each["method_bytes"] is None else f"{each['method_bytes']:,}"
        found.append(
            f"{each['name']:<44}{each['ns_median']:>9.0f}{each['ns_min']:>8.0f}{each['ours_to_it']:>11.2f}{bar:>6}"
            f"{size:>9}"
        )
    found.append(
        f"books of {books['rows']:,} rows: {books['us_median']:.2f} µs a row, at best {books['us_min']:.2f} "
        f"(bar {books['bar_us']:.2f})"
    )
    return "\n".join(found)


def drawn(lines: list[dict[str, Any]], path: Path) -> None:
    """The figures as a plot."""
    import matplotlib as mpl

    mpl.use("agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(7, 3), layout="constrained")
    axes.barh([each["name"] for each in lines][::-1], [each["ns_median"] for each in lines][::-1], color="#4477aa")
    axes.set(xlabel="ns an event", title=f"20 rules on Spark, {lines[0]['events']:,} events")
    figure.savefig(path, dpi=130)


def main() -> None:
    """Check, race, print, write, draw."""
    arguments = argparse.ArgumentParser(description="Time points and books on Spark.")
    arguments.add_argument("--events", type=int, default=3_000_000)
    arguments.add_argument("--log", type=int, default=2_000_000, help="rows of the log that is replayed")
    arguments.add_argument("--rounds", type=int, default=7, help="interleaved rounds")
    arguments.add_argument("--json", type=Path, help="where to write the figures")
    arguments.add_argument("--plot", type=Path, help="where to write the picture")
    given = arguments.parse_args()
    if min(given.events, given.log, given.rounds) < 1:
        arguments.error("--events, --log and --rounds start at 1")
    spark = session()
    with tempfile.TemporaryDirectory() as folder:
        lines = awarded(spark, Path(folder) / "sales.parquet", given.events, given.rounds)
        books = replayed(spark, Path(folder) / "log.parquet", given.log, max(1, given.rounds // 2))
    print(told(lines, books))
    if given.json:
        report = {
            "benchmark": "cluster",
            "rounds": given.rounds,
            "python": platform.python_version(),
            "spark": spark.version,
            "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
            "results": lines,
            "books": books,
        }
        given.json.write_text(json.dumps(report, indent=2) + "\n", "utf-8")
    if given.plot:
        drawn(lines, given.plot)
    spark.stop()


if __name__ == "__main__":
    main()
