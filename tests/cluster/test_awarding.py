"""Points on Spark and in DuckDB are those of single events; a frame comes in and one of its kind goes out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from fidelity import EarnRule, Program, line, lines, points, purchase, times
from fidelity.cluster import award
from fidelity.errors import NotColumnar, TableError

SHOP = Program(
    "Shop",
    version="1",
    currency="EUR",
    timezone="Europe/Madrid",
    earn=[
        EarnRule("base", points(1, per="1 EUR")),
        EarnRule("weekend {doubles}", times(2, of="base"), when=purchase.weekday.is_in("saturday", "sunday")),
    ],
)
ABSENT = {"paid_with_points": None}
FRIDAY = datetime(2026, 1, 9, 22, 59, 59, tzinfo=UTC)
ROWS = [("T-1", 1250, FRIDAY), ("T-2", 1250, FRIDAY + timedelta(seconds=1)), ("T-3", None, FRIDAY)]
POINTS = {"T-1": 12, "T-2": 24, "T-3": None}


@pytest.fixture
def duck():
    duckdb = pytest.importorskip("duckdb")
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'America/New_York'")
        connection.execute('CREATE TABLE bought (id TEXT, amount BIGINT, "at" TIMESTAMPTZ)')
        connection.executemany("INSERT INTO bought VALUES (?, ?, ?)", ROWS)
        yield connection


def test_a_relation_of_duckdb_gives_a_relation(duck):
    found = award(duck.table("bought"), SHOP, columns=ABSENT)

    assert type(found).__name__ == "DuckDBPyRelation"
    assert dict(found.fetchall()) == POINTS


def test_parquet_larger_than_memory_is_awarded_within_it(duck, tmp_path):
    place = str(tmp_path / "bought.parquet")
    made = duck.sql(
        "SELECT i AS id, i % 5000 AS amount, TIMESTAMPTZ '2026-01-05 12:00:00+00' AS \"at\", repeat('x', 500) || i AS note "
        "FROM range(400_000) AS t (i)"
    )
    made.to_parquet(place, compression="uncompressed")
    duck.execute("SET memory_limit = '100MB'")

    assert (tmp_path / "bought.parquet").stat().st_size > 200_000_000
    total = award(duck.from_parquet(place), SHOP, columns=ABSENT).sum("points").fetchall()
    assert total == [(sum(i % 5000 // 100 for i in range(400_000)),)]


def test_lines_are_a_second_relation(duck):
    roast = Program(
        "Roast",
        version="1",
        currency="EUR",
        timezone="UTC",
        earn=[EarnRule("coffee", points(1, per="1 EUR", of=lines(line.category == "coffee").amount))],
    )
    within = duck.sql("SELECT 'T-1' AS purchase, 0 AS position, 900 AS amount, 'coffee' AS category")
    columns = {"paid_with_points": None, "discount": None}

    found = award(duck.table("bought"), roast, lines=within, columns=columns)
    other = award(duck.table("bought"), roast, lines=within.filter("amount > 900"), columns=columns)

    assert dict(found.fetchall())["T-1"] == 9
    assert dict(other.fetchall())["T-1"] == 0
    assert duck.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall() == []


WRONG = {
    "no column": ("id, amount", 'table has no column "at", which the query reads; it has id, amount'),
    "misspelt": ('id, amount AS amonut, "at"', 'no column "amount".*did you mean "amonut"'),
    "euros": ('id, amount / 100 AS amount, "at"', '"amount" of table holds double, not whole minor units'),
    "texts": ('id, CAST(amount AS VARCHAR) AS amount, "at"', "holds (varchar|string), not whole minor units"),
    "a day": ('id, amount, CAST("at" AS DATE) AS "at"', "holds date, not instants; say in which zone"),
    "no zone": ('id, amount, CAST("at" AS {naive}) AS "at"', "holds timestamp(_ntz)?, not instants; say in which zone"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_column_that_is_not_as_it_is_read_is_named_before_anything_runs(duck, name):
    columns, why = WRONG[name]
    with pytest.raises(TableError, match=why):
        award(duck.table("bought").project(columns.format(naive="TIMESTAMP")), SHOP, columns=ABSENT)


@pytest.mark.parametrize("name", WRONG)
def test_a_column_of_spark_that_is_not_as_it_is_read_is_named_before_anything_runs(spark, name):
    columns, why = WRONG[name]
    chosen = columns.format(naive="TIMESTAMP_NTZ").replace("VARCHAR", "STRING").replace('"', "`").split(", ")
    table = spark.createDataFrame(ROWS, "id STRING, amount BIGINT, at TIMESTAMP").selectExpr(*chosen)
    with pytest.raises(TableError, match=why):
        award(table, SHOP, columns=ABSENT)


def test_a_part_that_the_table_lacks_is_told_with_the_words_that_leave_it_out(duck):
    with pytest.raises(TableError, match=r'columns=\{"paid_with_points": None\}'):
        award(duck.table("bought"), SHOP)


def test_whole_numbers_of_every_width_and_names_of_any_case_are_taken(duck):
    for kind in ("INTEGER", "UBIGINT", "DECIMAL(18, 0)", "HUGEINT"):
        table = duck.table("bought").project(f'id, CAST(amount AS {kind}) AS AMOUNT, "at" AS "AT"')
        assert dict(award(table, SHOP, columns=ABSENT).fetchall()) == POINTS


@pytest.mark.parametrize("table", [{"amount": [1]}, 7])
def test_tables_in_memory_are_not_for_clusters(table):
    with pytest.raises(TableError, match=r"program\.points_for"):
        award(table, SHOP)


def test_what_rows_cannot_tell_names_the_clause(duck):
    once = Program(
        "Shop", version="1", currency="EUR", timezone="UTC", earn=[EarnRule("hello", points(10), limit="once a day")]
    )

    with pytest.raises(NotColumnar, match='limit of "hello"'):
        award(duck.table("bought"), once)


def test_a_frame_of_spark_gives_a_frame_and_leaves_no_view_behind(spark):
    table = spark.createDataFrame(ROWS, "id STRING, amount BIGINT, at TIMESTAMP")

    found = award(table, SHOP, columns=ABSENT, explain=True)

    assert found.columns == ["id", "points", "base", "weekend {doubles}"]
    assert {row["id"]: row["points"] for row in found.collect()} == POINTS
    assert not spark.catalog.listTables()


def test_lines_are_of_the_same_engine(spark, duck):
    table = spark.createDataFrame(ROWS, "id STRING, amount BIGINT, at TIMESTAMP")

    with pytest.raises(TableError, match="lines are a frame of another kind"):
        award(table, SHOP, lines=duck.table("bought"))
