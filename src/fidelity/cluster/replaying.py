"""Replaying: the books of a purchase history that lies in a cluster, bucket of members by bucket of members."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from fidelity._optional import require
from fidelity.cluster.buckets import TABLES, Bucket, refuse_what_is_shared, unpacked
from fidelity.cluster.frames import columns_of, engine
from fidelity.errors import TableError, ValueRefused
from fidelity.replays import replay as replay_here
from fidelity.values.zones import utc

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from fidelity.replays import Books
    from fidelity.rules.program import Program

__all__ = ["ClusterBooks", "replay", "spread"]

#: How many rows a bucket has unless told: one event at a time they take 6 kB each of a worker's memory.
_ROWS = 250_000
_NUMBERS = ("byte", "short", "integer", "long")
_FLOWS = ("issued", "redeemed", "expired", "reversed", "settled")
_BUCKET, _MICRO = "fidelity_bucket", 1_000_000


def replay(
    table: Any,  # noqa: ANN401 -- a frame of either kind
    program: Program,
    *,
    members: Any = None,  # noqa: ANN401 -- as *table*
    until: datetime | None = None,
    liability: str = "month",
    buckets: int | None = None,
    memory: str | int = "1 GB",
) -> ClusterBooks | Books:
    """
    The books of a whole purchase history, as `fidelity.replay` gives them of a table in memory.

    On Spark each bucket of members is replayed by the library within one task; a task that fails and is tried again
    gives what it would have given. In DuckDB the log goes through a file of its own, and is replayed within *memory*.

    Args:
        table: The log, a Spark DataFrame or a relation of DuckDB, with the columns of `fidelity.replay`. On Spark it
            has an ``id``, which tells its rows apart. Rows of one member that were learned at one instant come in the
            order of ``sequence``; without it, in an order that their ids decide and that is always the same.
        program: The rules; members share nothing (classes A to C).
        members: What is known of members, a frame of the same kind.
        until: Up to when the clocks run; the last row unless told.
        liability: How long the periods are by which the liability is told: ``"day"``, ``"month"``, ``"quarter"`` or
            ``"year"``.
        buckets: Into how many buckets members fall on Spark; one for each 250,000 rows unless told.
        memory: How much the replay may take in DuckDB.

    Returns:
        On Spark `ClusterBooks`, whose tables are frames; nothing but the count of rows has run. Else the same as
        `fidelity.replay`.

    Raises:
        NotColumnar: If members share something: a budget, a stock, referrals; names the clause.
        TableError: If *table* is neither kind of frame, or has no column that it must have.
        ValueRefused: If *until* comes before the last row, or *buckets* is no number above zero.
    """
    refuse_what_is_shared(program)
    if buckets is not None and (not isinstance(buckets, int) or isinstance(buckets, bool) or buckets < 1):
        message = f"buckets is a whole number from 1 on, not {buckets!r}"
        raise ValueRefused(message, value=buckets)
    if members is not None and engine(members, "members") != engine(table):
        message = "members are a frame of another kind than the log; read both with one engine"
        raise TableError(message)
    if engine(table) == "duckdb":
        return _in_duckdb(table, program, members, until=until, liability=liability, memory=memory)
    return spread(table, program, members=members, until=until, liability=liability, buckets=buckets)


def _in_duckdb(
    table: Any,  # noqa: ANN401 -- of DuckDB
    program: Program,
    members: Any,  # noqa: ANN401 -- of DuckDB
    *,
    until: datetime | None,
    liability: str,
    memory: str | int,
) -> Books:
    known = None if members is None else members.to_arrow_table()
    with TemporaryDirectory(prefix="fidelity-log-", ignore_cleanup_errors=True) as folder:
        log = Path(folder) / "log.parquet"
        table.to_parquet(str(log))
        return replay_here(program, log, members=known, until=until, liability=liability, memory=memory)


@frozen(slots=False, eq=False, repr=False)
class ClusterBooks:
    """
    Books on Spark: each table a DataFrame.

    Attributes:
        rows: How many rows the log has.
        until: Up to when the clocks ran.
        buckets: Into how many buckets members fell.
    """

    rows: int
    until: datetime
    buckets: int
    _tables: Any = field(kw_only=True)
    _own: Mapping[str, Any] = field(kw_only=True)
    _granted: Callable[[], Any] = field(kw_only=True)

    def _table(self, name: str) -> Any:  # noqa: ANN401 -- a DataFrame
        found = self._tables.where(_functions().col("table") == name).select("data")
        return found.mapInArrow(unpacked, _schema_of(name, self._own))

    @property
    def balances(self) -> Any:  # noqa: ANN401 -- a DataFrame
        """For each member and wallet what is ``available``, ``pending``, ``held``, and owed, ``debt``."""
        return self._table("balances")

    @property
    def lots(self) -> Any:  # noqa: ANN401 -- a DataFrame
        """The lots that are open, as in `fidelity.replays.Books`."""
        return self._table("lots")

    @property
    def liability(self) -> Any:  # noqa: ANN401 -- a DataFrame
        """For each period and wallet, all members together, what was issued and so on, and what was outstanding."""
        functions = _functions()
        window = require("pyspark.sql.window", extra="spark", purpose="replay on Spark").Window
        sums = [functions.sum(each).alias(each) for each in _FLOWS]
        found = self._table("liability").groupBy("month", "wallet").agg(*sums)
        change = functions.col("issued")
        for each in _FLOWS[1:]:
            change -= functions.col(each)
        running = functions.sum(change).over(window.partitionBy("wallet").orderBy("month"))
        return found.withColumn("outstanding", running)

    @property
    def tiers(self) -> Any:  # noqa: ANN401 -- a DataFrame
        """One row each time the tier of a member changes."""
        return self._table("tiers")

    @property
    def standing(self) -> Any:  # noqa: ANN401 -- a DataFrame
        """The tier of each member, and ``until`` when they have it if nothing more happens."""
        return self._table("standing")

    @property
    def refused(self) -> Any:  # noqa: ANN401 -- a DataFrame
        """The rows that changed nothing: their ``id``, a ``code``, and the ``reason``."""
        return self._table("refused")

    @cached_property
    def events(self) -> Any:  # noqa: ANN401 -- a DataFrame
        """
        What each row granted: its ``id``, the ``wallet``, and the ``points``.

        Of wallets beside the main one only rows that granted any. Worked out apart from the other tables, by a replay
        of its own.
        """
        return self._granted()

    def unpersist(self) -> None:
        """Let go of what Spark keeps of the tables."""
        self._tables.unpersist()

    def __repr__(self) -> str:
        return (
            f"<ClusterBooks: {self.rows:,} rows in {self.buckets:,} buckets of members until {self.until.isoformat()}>"
        )


def spread(
    table: Any,  # noqa: ANN401 -- a DataFrame
    program: Program,
    *,
    members: Any = None,  # noqa: ANN401 -- a DataFrame
    until: datetime | None = None,
    liability: str = "month",
    buckets: int | None = None,
    around: Callable[[Callable[..., Any]], Callable[..., Any]] = lambda each: each,
) -> ClusterBooks:
    """
    The books of a log on Spark; see `replay`.

    Args:
        around: What goes round the replay of a bucket on the worker, such as a measurement of it.
    """
    functions, names = _functions(), columns_of(table)
    _check(table, names, members)
    now = functions.unix_micros(functions.max("now" if "now" in names else "at"))
    rows, last = table.agg(functions.count("*"), now).first()
    latest = datetime.fromtimestamp(0, UTC) if last is None else _instant(last)
    ends = latest if until is None else utc(until, what="until")
    if last is not None and ends < latest:
        message = f"until is {ends.isoformat()}, before the last row, {latest.isoformat()}; leave later rows out"
        raise ValueRefused(message, value=until)
    least = table.sparkSession.sparkContext.defaultParallelism
    count = buckets or max(least, -(-rows // _ROWS))
    bucket = Bucket(program, ends, liability)
    return ClusterBooks(
        rows,
        ends,
        count,
        tables=_applied(table, members, count, around(bucket.tables), _packed_schema()).persist(),
        own={name: table.schema[name].dataType for name in ("member", "id")},
        granted=lambda: _applied(table, members, count, around(bucket.events), _schema_of_events(table)),
    )


def _check(table: Any, names: list[str], members: Any) -> None:  # noqa: ANN401 -- DataFrames
    for name, what in (("member", "whose each event is"), ("at", "when it happened"), ("id", "what tells rows apart")):
        if name not in names:
            message = f'the log has no column "{name}", {what}; it has {", ".join(names)}'
            raise TableError(message, column=name)
    for name in ("at", "now"):
        kind = table.schema[name].dataType.typeName() if name in names else "timestamp"
        if kind != "timestamp":
            remedy = "say in which zone: to_utc_timestamp(…)" if kind == "timestamp_ntz" else "write timestamps"
            message = f'column "{name}" holds {kind}, not instants; {remedy}'
            raise TableError(message, column=name)
    if members is not None and (engine(members, "members") != "spark" or "member" not in columns_of(members)):
        message = 'members are a Spark DataFrame with a column "member"'
        raise TableError(message, column="member")


def _sequenced(table: Any) -> Any:  # noqa: ANN401 -- DataFrames
    """*table* with what puts rows of one instant in order, whichever way they come to a task, unless its ids do."""
    if "sequence" in columns_of(table) or table.schema["id"].dataType.typeName() in _NUMBERS:
        return table
    return table.withColumn("sequence", _functions().xxhash64("id"))


def _bucketed(table: Any, count: int) -> Any:  # noqa: ANN401 -- DataFrames
    functions = _functions()
    return table.withColumn(_BUCKET, functions.pmod(functions.xxhash64("member"), functions.lit(count)))


def _applied(log: Any, members: Any, count: int, work: Callable[..., Any], schema: Any) -> Any:  # noqa: ANN401 -- of Spark
    # Functions, not objects that can be called: Spark counts what they take.
    def alone(batches: Iterable[Any]) -> Iterator[Any]:  # of pyarrow
        arrow = require("pyarrow", extra="spark", purpose="replay on a cluster")
        found = list(batches)
        if found:
            yield from work(arrow.Table.from_batches(found)).to_batches()

    def together(log: Any, members: Any) -> Any:  # noqa: ANN401 -- tables of pyarrow
        return work(log.drop_columns([_BUCKET]), members.drop_columns([_BUCKET]))

    if members is None:
        # A bucket is a part of the log, and its rows come as they are: to group them Spark would sort them first.
        return _sequenced(log.repartition(count, "member")).mapInArrow(alone, schema)
    groups = _bucketed(_sequenced(log), count).groupBy(_BUCKET)
    return groups.cogroup(_bucketed(members, count).groupBy(_BUCKET)).applyInArrow(together, schema)


def _packed_schema() -> Any:  # noqa: ANN401 -- of Spark
    types = _types()
    fields = [types.StructField("table", types.StringType()), types.StructField("data", types.BinaryType())]
    return types.StructType(fields)


def _schema_of(name: str, own: Mapping[str, Any]) -> Any:  # noqa: ANN401 -- of Spark
    types = _types()
    kinds = {
        "string": types.StringType(), "bigint": types.LongType(), "date": types.DateType(),
        "timestamp": types.TimestampType(), **own,
    }  # fmt: skip
    return types.StructType([types.StructField(column, kinds[kind]) for column, kind in TABLES[name].items()])


def _schema_of_events(table: Any) -> Any:  # noqa: ANN401 -- of Spark
    types = _types()
    own = types.StructField("id", table.schema["id"].dataType)
    return types.StructType(
        [own, types.StructField("wallet", types.StringType()), types.StructField("points", types.LongType())]
    )


def _instant(micros: int) -> datetime:
    seconds, rest = divmod(micros, _MICRO)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest)


def _functions() -> Any:  # noqa: ANN401 -- a module
    return require("pyspark.sql.functions", extra="spark", purpose="replay on Spark")


def _types() -> Any:  # noqa: ANN401 -- a module
    return require("pyspark.sql.types", extra="spark", purpose="replay on Spark")
