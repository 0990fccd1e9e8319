"""Tables in DuckDB, PostgreSQL and Spark, filled and asked alike."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

__all__ = ["Filled", "SparkFilled", "quoted"]


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


class Filled:
    """A database with tables of its own; what it answers comes as dicts."""

    def __init__(self, connection, mark):
        self.connection = connection
        self.mark = mark

    def fill(self, table, columns, rows):
        """Make *table* anew, with columns of these types and these rows."""
        kinds = ", ".join(f"{quoted(name)} {kind}" for name, kind in columns.items())
        self.connection.execute(f"DROP TABLE IF EXISTS {quoted(table)}")
        self.connection.execute(f"CREATE TEMPORARY TABLE {quoted(table)} ({kinds})")
        if rows:
            one = f"({', '.join([self.mark] * len(columns))})"
            told = [row.get(name) for row in rows for name in columns]
            self.connection.execute(f"INSERT INTO {quoted(table)} VALUES {', '.join([one] * len(rows))}", told)  # noqa: S608 -- made here

    def ask(self, query):
        """Each row of the answer as a dict."""
        cursor = self.connection.execute(query)
        names = [each[0] for each in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def answers(self, query):
        """The rows in the order of their ids."""
        return sorted(self.ask(query), key=lambda row: row["id"])


class SparkFilled:
    """The same in a session of Spark."""

    TYPES: ClassVar = {"TEXT": "STRING", "TEXT[]": "ARRAY<STRING>", "TIMESTAMPTZ": "TIMESTAMP"}

    def __init__(self, session):
        self.session = session

    def fill(self, table, columns, rows):
        """Make *table* anew, with columns of these types and these rows."""
        from pyspark.sql import types

        def kind(name):
            # Names as odd as they may be: no text of a schema is parsed.
            return types._parse_datatype_string(self.TYPES.get(name, name))

        fields = [types.StructField(name, kind(each)) for name, each in columns.items()]
        told = [tuple(_as(columns[name], row.get(name)) for name in columns) for row in rows]
        frame = self.session.createDataFrame(told, types.StructType(fields))
        frame.createOrReplaceTempView(f"`{table}`")

    def ask(self, query):
        """Each row of the answer as a dict."""
        found = self.session.sql(query)
        return [dict(zip(found.columns, row, strict=True)) for row in found.collect()]

    def answers(self, query):
        """The rows in the order of their ids."""
        return sorted(self.ask(query), key=lambda row: row["id"])


def _as(kind, value):
    return Decimal(value) if kind.startswith("DECIMAL") and value is not None else value
