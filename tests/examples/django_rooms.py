"""Databases for the Django host: new ones under names of their own, or in place of its default."""

import os
import tempfile
import uuid
from pathlib import Path

import psycopg
import sqlalchemy as sa

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "host.settings")
os.environ.setdefault("SHOP_SQLITE", str(Path(tempfile.gettempdir(), "fidelity-no-such-shop.sqlite3")))

import django

django.setup()

from django.core.management import call_command
from django.db import connections


def named(alias, settings):
    """The database of *settings* under the name *alias*."""
    forget(alias)
    connections.databases[alias] = {**connections.databases["default"], **settings}
    return alias


def forget(alias):
    if alias in connections.databases:
        connections[alias].close()
        del connections[alias]
    if alias != "default":
        connections.databases.pop(alias, None)


def migrated(settings):
    """The database of *settings* with its tables."""
    alias = named(f"made_{uuid.uuid4().hex[:8]}", settings)
    call_command("migrate", database=alias, verbosity=0)
    forget(alias)
    return settings


def sqlite(path):
    return {"NAME": str(path)}


def postgres(server, name):
    """What Django is told of the database *name* of the *server* that a URL names."""
    url = sa.make_url(server)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "HOST": url.host or url.query.get("host", ""),
        "PORT": str(url.port or ""),
        "USER": url.username or "",
        "PASSWORD": url.password or "",
        "OPTIONS": {},
    }


def created(server, template="template0"):
    """The name of a new database of *server*."""
    name = f"fidelity_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as other:
        other.execute(f"CREATE DATABASE {name} TEMPLATE {template} ENCODING 'UTF8'")
    return name


def dropped(server, name):
    with psycopg.connect(server, autocommit=True) as other:
        other.execute(f"DROP DATABASE {name} WITH (FORCE)")
