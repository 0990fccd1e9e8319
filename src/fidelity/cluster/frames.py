"""Frames: the two kinds of table that wait to be worked out, and how a query is put to each.

Knows Spark and DuckDB by the name of their packages; imports neither.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from fidelity.errors import TableError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["asked", "columns_of", "engine"]


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


def asked(query: str, tables: Mapping[str, Any]) -> Any:  # noqa: ANN401 -- frames of either kind
    """
    What *query* gives, not worked out yet.

    Args:
        query: It reads tables by the names in *tables*, quoted.
        tables: A frame by each name, all of one kind.
    """
    first = next(iter(tables.values()))
    if engine(first) == "duckdb":
        main, *others = tables
        for name in others:
            # A relation can be asked by one name; asking it anything leaves that name behind for the next query.
            # A relation is asked by one name only; what stands beside it goes by a view, which is made anew each time.
            tables[name].create_view(name, replace=True)
        return first.query(main, query)
    query = query.replace("{", "{{").replace("}", "}}")
    for name in tables:
        query = query.replace(f"`{name}`", f"{{{name}}}")
    # Spark gives the frames names of its own for as long as it reads the query.
    return first.sparkSession.sql(query, **tables)
