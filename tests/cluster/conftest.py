"""A real Spark on this machine: FIDELITY_SPARK=1 says that it must be there."""

import os
import shutil
import sys

import pytest


@pytest.fixture(scope="session")
def spark():
    """A session on two cores, whose zone is not the programs', and which tries each task up to three times."""
    if os.environ.get("FIDELITY_SPARK") != "1":
        pytest.importorskip("pyspark", reason="outside: Spark is missing: pip install 'fidelity-loyalty[spark]'")
        if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
            pytest.skip("outside: Spark needs Java: apt-get install default-jre-headless")
    from pyspark.sql import SparkSession

    told = {
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.executorEnv.PYTHONPATH": os.pathsep.join(sys.path),
        "spark.log.level": "OFF",
        "spark.pyspark.python": sys.executable,
        "spark.sql.session.timeZone": "America/New_York",
        "spark.sql.shuffle.partitions": "2",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    session = SparkSession.builder.master("local[2, 3]").config(map=told).getOrCreate()
    yield session
    session.stop()
