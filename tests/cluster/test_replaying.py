"""Books on Spark and in DuckDB are those of one place, also when tasks fail; what members share is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pytest

import fidelity as fd
from fidelity.cluster import replay
from fidelity.cluster.replaying import spread
from fidelity.errors import NotColumnar, TableError, ValueRefused

START = datetime(2026, 1, 1, tzinfo=UTC)
UNTIL = datetime(2027, 6, 1, tzinfo=UTC)
SHOP = fd.Program(
    "Shop",
    version="1",
    currency="EUR",
    timezone="Europe/Madrid",
    earn=[
        fd.EarnRule("base", fd.points(1, per="1 EUR")),
        fd.EarnRule("first of the day", fd.points(5), limit="once a day"),
    ],
    tiers=fd.TierSet([fd.Tier("Bronze"), fd.Tier("Gold", at="650 EUR", earns="3/2")], counts="spend", over="12 months"),
    rewards=[fd.Reward("a coffee", cost=900, worth="30 EUR")],
    expiry="6 months",
)
TABLES = ("balances", "lots", "liability", "tiers", "standing")


class Person(fd.Fields, of="member"):
    city = fd.code()


def log(members=40, rows=600):
    """Purchases, redemptions and returns; many rows of one member are learned at one instant."""
    found = []
    for place in range(rows):
        member, at = f"m{place * 7 % members}", START + timedelta(days=place * 400 // rows // 5 * 5)
        row = {"id": f"T-{place:04}", "member": member, "at": at, "sequence": place, "kind": "purchase"}
        row |= {"amount": 1_000 + place * 37 % 9_000, "reward": None, "purchase": None}
        if place > 300 and place % 11 == 0:
            row |= {"kind": "redemption", "amount": None, "reward": "a coffee"}
        if place > 300 and place % 13 == 0:
            back = place - members
            row |= {"kind": "return", "amount": 500, "reward": None, "purchase": f"T-{back:04}"}
        found.append(row)
    return found


SCHEMA = pa.schema(
    {
        "id": pa.string(), "member": pa.string(), "at": pa.timestamp("us", "UTC"), "sequence": pa.int64(),
        "kind": pa.string(), "amount": pa.int64(), "reward": pa.string(), "purchase": pa.string(),
    }
)  # fmt: skip
LOG = pa.Table.from_pylist(log(), SCHEMA)


def plain(value):
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def rows_of(table):
    """The rows of a table of either kind, in one order."""
    listed = table.to_pylist() if isinstance(table, pa.Table) else [each.asDict() for each in table.collect()]
    return sorted(tuple(sorted((name, plain(value)) for name, value in each.items())) for each in listed)


def codes(refused):
    """The refused rows by their ids, and why; in which words depends on how many rows are replayed together."""
    if not isinstance(refused, pa.Table):
        return sorted((row["id"], row["code"]) for row in refused.collect() if row["reason"])
    ids = LOG.column("id").take(refused.column("row")).to_pylist()
    return sorted(zip(ids, refused.column("code").to_pylist(), strict=True))


@pytest.fixture(scope="module")
def here():
    books = fd.replay(SHOP, LOG, until=UNTIL)
    assert len(books.refused) > 3
    assert len(set(books.standing["tier"].to_pylist())) == 2
    return books


@pytest.fixture(scope="module")
def frame(spark):
    utc = [{**each, "at": each["at"].replace(tzinfo=UTC)} for each in LOG.to_pylist()]
    kinds = "id STRING, member STRING, at TIMESTAMP, sequence BIGINT, kind STRING, amount BIGINT, reward STRING"
    return spark.createDataFrame(utc, f"{kinds}, purchase STRING").repartition(3)


def agree(found, here):
    for name in TABLES:
        assert rows_of(getattr(found, name)) == rows_of(getattr(here, name)), name
    assert codes(found.refused) == codes(here.refused)
    expected = sorted(zip(LOG.column("id").to_pylist(), here.points.to_pylist(), strict=True))
    assert sorted((row["id"], row["points"]) for row in found.events.collect()) == expected


def test_books_on_spark_are_those_of_one_place(frame, here):
    found = replay(frame, SHOP, until=UNTIL, buckets=5)

    assert repr(found) == "<ClusterBooks: 600 rows in 5 buckets of members until 2027-06-01T00:00:00+00:00>"
    agree(found, here)
    found.unpersist()


class FailsOnce:
    """Fails the first time that a task comes to an end, after all its work."""

    def __init__(self, work):
        self.work = work

    def __call__(self, *tables):
        from pyspark import TaskContext

        found = self.work(*tables)
        if TaskContext.get().attemptNumber() == 0:
            message = "this task was made to fail"
            raise OSError(message)
        return found


def failing_once(batches):
    from pyspark import TaskContext

    for each in batches:
        yield each
        if TaskContext.get().attemptNumber() == 0:
            message = "this task was made to fail, with rows on their way"
            raise OSError(message)


def test_tasks_that_fail_and_are_tried_again_lose_and_double_no_row(frame, here):
    told = frame.mapInArrow(failing_once, frame.schema)

    found = spread(told, SHOP, until=UNTIL, buckets=4, around=FailsOnce)

    agree(found, here)
    found.unpersist()


def test_rows_of_one_instant_come_in_one_order_whichever_way_they_arrive(frame):
    told = frame.drop("sequence")

    one = replay(told, SHOP, until=UNTIL, buckets=2)
    other = replay(told.repartition(7).orderBy("amount"), SHOP, until=UNTIL, buckets=3)

    assert rows_of(one.lots) == rows_of(other.lots)
    assert rows_of(one.events) == rows_of(other.events)


def test_what_is_known_of_members_goes_to_their_buckets(spark, frame):
    at_home = fd.EarnRule("at home", fd.points(9), when=Person.city == "Madrid")
    local = fd.Program("Shop", version="1", currency="EUR", timezone="UTC", fields=[Person], earn=[at_home])
    bought = frame.where("kind = 'purchase'")
    people = spark.createDataFrame(
        [(f"m{i}", "Madrid" if i % 2 else "Vigo") for i in range(40)], "member STRING, city STRING"
    )

    found = replay(bought, local, members=people, buckets=3)

    paid = {row["id"]: row["points"] for row in found.events.collect()}
    assert paid == {row["id"]: 9 if int(row["member"][1:]) % 2 else 0 for row in bought.collect()}


def test_a_log_in_duckdb_is_replayed_out_of_core(here):
    duckdb = pytest.importorskip("duckdb")
    with duckdb.connect() as connection:
        told = LOG
        found = replay(connection.from_arrow(told), SHOP, until=UNTIL, memory="10 MB")

    for name in TABLES:
        assert rows_of(getattr(found, name)) == rows_of(getattr(here, name)), name
    assert codes(found.refused) == codes(here.refused)
    assert found.points.to_pylist() == here.points.to_pylist()


def test_what_members_share_cannot_be_replayed_apart():
    shared = fd.Program(
        "Shop",
        version="1",
        currency="EUR",
        timezone="UTC",
        earn=[fd.Campaign("autumn", [fd.EarnRule("ten", fd.points(10))], budget=fd.Cap(50, "points"))],
    )

    with pytest.raises(NotColumnar, match="members cannot be replayed apart from each other"):
        replay(LOG, shared)


def test_a_table_in_memory_is_not_for_a_cluster():
    with pytest.raises(TableError, match=r"fidelity\.replay"):
        replay(LOG, SHOP)


@pytest.mark.parametrize("name", ["member", "at", "id"])
def test_a_missing_column_is_named_before_any_work(frame, name):
    with pytest.raises(TableError, match=f'the log has no column "{name}"'):
        replay(frame.drop(name), SHOP)


def test_instants_without_a_zone_are_refused(frame):
    told = frame.withColumn("at", frame["at"].cast("timestamp_ntz"))

    with pytest.raises(TableError, match="timestamp_ntz, not instants; say in which zone"):
        replay(told, SHOP)


def test_options_that_cannot_be_are_refused(frame):
    with pytest.raises(ValueRefused, match="buckets is a whole number from 1 on, not 0"):
        replay(frame, SHOP, buckets=0)
    with pytest.raises(ValueRefused, match="before the last row"):
        replay(frame, SHOP, until=START)
