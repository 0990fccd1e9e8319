"""Items: the lines of purchases, from a second table or from lists within the log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from fidelity.errors import TableError
from fidelity.events import MOST_LINES, Line
from fidelity.language.kinds import Kind
from fidelity.language.schema import LINE
from fidelity.replays.fields import UNTOLD, found_in, has_default, missing, values_of, where_told
from fidelity.rules.admitting import Array, bad_rows
from fidelity.rules.row_columns import rows_of

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["lines_of"]


def lines_of(
    program: Program, table: Mapping[str, Any], rows: int, places: NDArray[np.int64] | None
) -> list[tuple[Line, ...]]:
    """
    For each of *rows* purchases its lines.

    Args:
        program: Whose currency and fields they have.
        table: The columns of the lines; ``row`` is the place of the purchase.
        rows: How many purchases there are.
        places: Where the purchases stand in the log, whose rows the lines point at; None: they point at purchases.

    Raises:
        TableError: If a column is missing, points nowhere, or holds what it cannot.
    """
    row = _rows(table, rows, places)
    own = program.declared.own.get("line", {})
    every = np.arange(rows_of(table))
    built = _columns(program, table, {name: kind for name, kind in LINE.items() if name != "basis"}, every)
    told = _columns(program, table, own, every)
    asked = ["amount", *(name for name, kind in own.items() if not has_default(kind))]
    for name in asked:
        if name not in built and name not in told:
            raise missing(table, f"line.{name}")
    found: list[list[Line]] = [[] for _ in range(rows)]
    for line, place in enumerate(row.tolist()):
        found[place].append(Line(fields=_of(told, line), **_of(built, line)))
    return [tuple(each) for each in found]


def _of(columns: Mapping[str, list[Any]], line: int) -> dict[str, Any]:
    return {name: each[line] for name, each in columns.items() if each[line] is not UNTOLD}


def _columns(
    program: Program, table: Mapping[str, Any], kinds: Mapping[str, Kind], every: Array
) -> dict[str, list[Any]]:
    """What the columns of *kinds* hold, line by line."""
    found: dict[str, list[Any]] = {}
    for name, kind in kinds.items():
        column = found_in(table, f"line.{name}")
        if column and has_default(kind):
            found[name] = where_told(program, table, column, kind, len(every), UNTOLD)[0].at(every)
        elif column:
            found[name] = values_of(program, table, column, kind, gaps=False).at(every)
    return found


def _rows(table: Mapping[str, Any], rows: int, places: NDArray[np.int64] | None) -> Array:
    """For each line the place of its purchase among the purchases."""
    if "row" not in table:
        message = 'lines need a column "row": the place of their purchase in the table, from 0'
        raise TableError(message, column="row")
    row = np.asarray(table["row"])
    if row.dtype.kind not in "iu" and len(row):
        message = f'column "row" of the lines holds {row.dtype}, not places in the table'
        raise TableError(message, column="row")
    row = row.astype(np.int64)
    if places is not None:
        found = np.searchsorted(places, row)
        known = places[np.minimum(found, max(len(places) - 1, 0))] if len(places) else np.full(len(row), -1)
        wrong = known != row
        if wrong.any():
            raise _nowhere(row, wrong)
        row = found
    elif len(row) and (int(row.min()) < 0 or int(row.max()) >= rows):
        raise _nowhere(row, (row < 0) | (row >= rows))
    if len(row) and int(np.bincount(row).max()) > MOST_LINES:
        message = f'column "row" of the lines gives a purchase more than {MOST_LINES:,} lines; tell it in several'
        raise TableError(message, column="row")
    return row


def _nowhere(row: Array, wrong: Array) -> TableError:
    error = bad_rows("row", wrong, row, "of the lines points at rows that are no purchases", "mend these lines")
    # These are rows of the lines: nothing of the log could be left out for them.
    return TableError(error.message, column="row", rows=error.facts["rows"])
