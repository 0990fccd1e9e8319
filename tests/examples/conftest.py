"""Databases for the examples."""

from __future__ import annotations

import sys
import uuid
from contextlib import contextmanager
from pathlib import Path

import pytest

# An example is a folder to be copied, not a package of ours.
sys.path += [str(Path(__file__).parents[2] / "examples" / name) for name in ("fastapi_service", "django_host")]


@contextmanager
def _database(server):
    import psycopg
    import sqlalchemy as sa

    name = f"fidelity_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as other:
        other.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        yield sa.make_url(server).set(drivername="postgresql+psycopg", database=name).render_as_string(False)
        other.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def postgres_module_url(postgres_server):
    """A database that the tests of a file share."""
    with _database(postgres_server) as url:
        yield url
