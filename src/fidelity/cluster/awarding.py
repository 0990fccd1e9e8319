"""Awarding: the points of purchases that lie in a cluster or on a disk, as one more step of a query."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from fidelity.cluster.doors import refuse_columns
from fidelity.cluster.frames import LINES, TABLE, asked, engine
from fidelity.errors import TableError
from fidelity.rules.earning.rules import MAIN_WALLET
from fidelity.rules.warehouse import query_of

if TYPE_CHECKING:
    from fidelity.rules.program import Program
    from fidelity.rules.warehouse_columns import Told

__all__ = ["award"]


def award(
    table: Any,  # noqa: ANN401 -- a frame of either kind
    program: Program,
    *,
    lines: Any = None,  # noqa: ANN401 -- as *table*
    explain: bool = False,
    columns: Mapping[str, Told] | None = None,
    on: str = "purchase",
    wallet: str = MAIN_WALLET,
) -> Any:  # noqa: ANN401 -- a frame of the same kind
    """
    The whole points of each row of *table*, as `Program.points_of` gives event by event; nothing runs yet.

    It is one query, `Program.to_sql`: quicker on Spark than batches of Arrow handed to Python, and out of core in
    DuckDB.

    Args:
        table: A Spark DataFrame, or a relation of DuckDB, which may read files larger than memory; one row an event.
        program: The rules; of class A, as for `Program.to_sql`.
        lines: The lines of purchases, a frame of the same kind.
        explain: Add a column for each rule.
        columns: Where fields stand, as for `Program.to_sql`.
        on: The kind of event.
        wallet: Which points.

    Returns:
        A frame of the same kind: the id and the points, one row an event, in no order. A row that lacks a value, or
        holds one that the program does not declare, has NULL.

    Raises:
        NotColumnar: If rows alone cannot tell; names the clause.
        TableError: If *table* is neither kind of frame, or *lines* are of another; if a column that is read is missing,
            or of a type that its field cannot have.
        ValueRefused: If there is no such field.
        MissingExtra: If sqlglot is not installed.
    """
    kind = engine(table)
    if lines is not None and engine(lines, "lines") != kind:
        message = "lines are a frame of another kind than the purchases; read both with one engine"
        raise TableError(message)
    within = None if lines is None else LINES
    query, reads = query_of(program, kind, TABLE, lines=within, explain=explain, columns=columns, on=on, wallet=wallet)
    refuse_columns(table, reads.get(TABLE, {}), "table")
    if lines is not None:
        refuse_columns(lines, reads.get(LINES, {}), "lines")
    return asked(query, table, lines)
