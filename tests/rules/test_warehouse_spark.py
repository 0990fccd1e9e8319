"""What holds on DuckDB and PostgreSQL holds on Spark, in a session whose zone is not the programs'."""

from __future__ import annotations

import os
import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fidelity.testing.strategies import deciding, happenings
from tests.rules import test_warehouse as rows
from tests.rules.warehouse_rows import by_rows
from tests.warehouses import SparkFilled


@pytest.fixture(scope="module")
def spark():
    """A session of Spark on two cores; FIDELITY_SPARK=1 says that it must be there."""
    if os.environ.get("FIDELITY_SPARK") != "1":
        pytest.importorskip("pyspark", reason="outside: Spark is missing: pip install 'fidelity-loyalty[spark]'")
        if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
            pytest.skip("outside: Spark needs Java: apt-get install default-jre-headless")
    from pyspark.sql import SparkSession

    told = {
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.log.level": "ERROR",
        "spark.sql.session.timeZone": "America/New_York",
        "spark.sql.shuffle.partitions": "2",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    session = SparkSession.builder.master("local[2]").config(map=told).getOrCreate()
    yield {"spark": SparkFilled(session)}
    session.stop()


@settings(max_examples=max(5, settings().max_examples // 10))
@given(data=st.data())
def test_a_query_gives_what_events_give_one_by_one(spark, data):
    program = by_rows(data.draw(deciding()))

    rows.agree(spark, program, data.draw(st.lists(happenings(program), min_size=2, max_size=6)))


@pytest.mark.parametrize("zone", ["Europe/Madrid", "Asia/Kathmandu"])
def test_nights_when_clocks_change_and_leap_days_are_those_of_the_program(spark, zone):
    rows.test_nights_when_clocks_change_and_leap_days_are_those_of_the_program(spark, zone)


@pytest.mark.parametrize(
    "law",
    [
        rows.test_bounds_and_what_lies_below_zero_are_exact,
        rows.test_shares_beyond_64_bits_are_exact,
        rows.test_a_row_without_a_value_or_with_one_that_cannot_be_has_no_points,
        rows.test_a_line_that_cannot_be_leaves_its_purchase_without_points,
        rows.test_hostile_names_and_codes_are_only_names_and_codes,
        rows.test_columns_may_have_other_names_and_tags_a_column_each,
        rows.test_events_of_a_host_and_other_wallets_are_queries_too,
    ],
    ids=lambda law: law.__name__.removeprefix("test_"),
)
def test_what_holds_elsewhere_holds_on_spark(spark, law):
    law(spark)
