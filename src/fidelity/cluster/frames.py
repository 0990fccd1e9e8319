"""Frames: the two kinds of table that wait to be worked out, and how a query is put to each.

Knows Spark and DuckDB by the name of their packages; imports neither.
"""

from __future__ import annotations

from typing import Any, Literal

from fidelity.errors import TableError

__all__ = ["LINES", "TABLE", "asked", "columns_of", "engine", "types_of"]

#: What a query calls the purchases and their lines.
TABLE, LINES = "fidelity_purchases", "fidelity_lines"


def engine(table: object, what: str = "table") -> Literal["spark", "duckdb"]:
    """
    Whose *table* is.

    Raises:
        TableError: If it is neither a Spark DataFrame nor a relation of DuckDB.
    """
    kind = type(table)
    package = kind.__module__.partition(".")[0]
    if package == "pyspark" and kind.__name__ == "DataFrame":
        return "spark"
    if package in ("duckdb", "_duckdb") and kind.__name__ == "DuckDBPyRelation":
        return "duckdb"
    message = (
        f"{what} is a Spark DataFrame or a relation of DuckDB, not {kind.__name__}; a table in memory is for "
        "program.points_for and fidelity.replay"
    )
    raise TableError(message)


def columns_of(table: Any) -> list[str]:  # noqa: ANN401 -- a frame of either kind
    """The names of the columns."""
    return [str(each) for each in table.columns]


def types_of(table: Any) -> dict[str, str]:  # noqa: ANN401 -- a frame of either kind
    """The type of each column in small letters, as its engine calls it."""
    kinds = table.types if engine(table) == "duckdb" else [each.dataType.simpleString() for each in table.schema]
    return {name: str(kind).lower() for name, kind in zip(columns_of(table), kinds, strict=True)}


def asked(query: str, table: Any, lines: Any = None) -> Any:  # noqa: ANN401 -- frames of either kind
    """
    What *query* gives, not worked out yet; nothing is left behind in the database.

    Args:
        query: It reads the tables `TABLE` and `LINES`, quoted.
        table: The frame that `TABLE` is.
        lines: The frame that `LINES` is, if the query reads it; of the same kind.
    """
    if engine(table) == "duckdb":
        # DuckDB finds a relation under the name of a variable of whoever asks it, and keeps it in what it gives.
        fidelity_lines = lines  # noqa: F841
        return table.query(TABLE, query)
    query = query.replace("{", "{{").replace("}", "}}")
    tables = {TABLE: table} if lines is None else {TABLE: table, LINES: lines}
    for name in tables:
        query = query.replace(f"`{name}`", f"{{{name}}}")
    # Spark gives the frames names of its own for as long as it reads the query.
    return table.sparkSession.sql(query, **tables)
