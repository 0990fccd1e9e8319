"""The lines of a table of purchases: a second table, each line with the row of its purchase, summed up row by row."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from fidelity.errors import TableError
from fidelity.language.columns import Columns
from fidelity.language.tree import Case, Literal, Node, OverLines
from fidelity.rules.basis import paid_parts
from fidelity.rules.frames import FrameTable
from fidelity.rules.plan import KindPlan
from fidelity.rules.row_columns import RowTable, table_of

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["LineTable"]

_INT = np.dtype(np.int64)
_MOST = np.iinfo(_INT).max


class LineTable:
    """
    Lines, each with the row of its purchase.

    Args:
        lines: The columns by name, ``"row"`` among them: the place of the purchase in the table.
    """

    def __init__(self, program: Program, plan: KindPlan, rows: RowTable, lines: Mapping[str, Any] | None) -> None:
        if lines is None:
            message = 'the program reads the lines of a purchase; give them as a second table: lines={"row": …, …}'
            raise TableError(message)
        if "row" not in lines:
            message = 'lines need a column "row": the place of their purchase in the table, from 0'
            raise TableError(message, column="row")
        row = np.asarray(lines["row"])
        if row.dtype.kind not in "iu" and len(row):
            message = f'column "row" of the lines holds {row.dtype}, not places in the table'
            raise TableError(message, column="row")
        row = row.astype(_INT)
        if len(row) and (int(row.min()) < 0 or int(row.max()) >= len(rows)):
            message = f'column "row" of the lines points outside the table, which has {len(rows):,} rows'
            raise TableError(message, column="row")
        if np.any(row[1:] < row[:-1]):
            order = np.argsort(row, kind="stable")
            row, lines = row[order], table_of(lines, order)
        self._program = program
        self._rows = rows
        self._row: NDArray[np.int64] = row
        self._own = RowTable(program, plan, _as_lines(lines))
        self._plan = plan

    @cached_property
    def _ends(self) -> NDArray[np.int64]:
        """For each row where its lines end."""
        return np.cumsum(np.bincount(self._row, minlength=len(self._rows)), dtype=_INT)

    def sum(self, node: OverLines, over: int) -> NDArray[np.int64]:
        """What *node* adds up for each row, times *over*."""
        each = node.value if node.when is None else Case(((node.when, node.value),), Literal(0))
        values = self._worked_out(each, over)
        return self._summed(values)

    def _summed(self, values: NDArray[np.int64]) -> NDArray[np.int64]:
        running = np.concatenate(([0], np.cumsum(values, dtype=_INT)))
        ends = self._ends
        found: NDArray[np.int64] = running[ends] - running[np.concatenate(([0], ends[:-1]))]
        return found

    def _worked_out(self, node: Node, over: int) -> NDArray[np.int64]:
        kinds = self._plan.schema.kinds
        asked = Columns([(node, over)], kinds)
        coded = {path: self._codes(path, own) for path, own in asked.codes.items()}
        columns = Columns([(node, over)], kinds, coded)
        given = {name: self._column(name, columns) for name in columns.types}
        found = np.empty(len(self._row), _INT)
        wrong = columns.kernel.run(given, len(self._row), [found])
        if wrong:
            raise self._of(wrong).outside(wrong, given[wrong], columns.kernel.columns[wrong])
        return found

    def _of(self, path: str) -> RowTable:
        return self._own if path.startswith("line.") else self._rows

    def _codes(self, path: str, asked: tuple[str, ...]) -> tuple[str, ...]:
        return self._of(path).codes(path, asked)

    def _column(self, name: str, columns: Columns) -> Any:  # noqa: ANN401 -- an array of any type
        if name == "line.basis":
            return self._basis
        path = columns.masks[name][0] if name in columns.masks else columns.counts.get(name, name)
        found = self._of(path).whole(name, columns)
        # What is known of the purchase holds for each of its lines.
        return found if path.startswith("line.") else found[self._row]

    @cached_property
    def _basis(self) -> NDArray[np.int64]:
        """What earns of each line: its amount less its share of what comes off all of them."""
        left = self._own.number("line.amount").astype(_INT)
        for name in paid_parts(self._program):
            part = self._rows.number(f"purchase.{name}").astype(_INT)
            if part.any():
                whole = self._rows.number("purchase.amount") if name == "paid_with_points" else self._summed(left)
                left = left - self._shares(np.minimum(part, whole), left, whole.astype(_INT))
        return left

    def _shares(
        self, total: NDArray[np.int64], parts: NDArray[np.int64], whole: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """As `fidelity.values.shares`, row by row."""
        running = np.cumsum(parts, dtype=_INT)
        before = np.concatenate(([0], running))[np.concatenate(([0], self._ends[:-1]))]
        seen = running - before[self._row]
        here, there = total[self._row], whole[self._row]
        if len(seen) and int(here.max()) * int(seen.max()) > _MOST:
            # Beyond 64 bits the product is worked out with whole numbers of any size.
            found = np.array(
                [t * s // w if w else 0 for t, s, w in zip(here.tolist(), seen.tolist(), there.tolist(), strict=True)],
                _INT,
            )
        else:
            found = here * seen // np.maximum(there, 1)
            found[there == 0] = 0
        first = np.concatenate(([True], self._row[1:] != self._row[:-1])) if len(found) else np.empty(0, bool)
        previous = np.where(first, 0, np.concatenate(([0], found[:-1])))
        return found - previous


def _as_lines(lines: Mapping[str, Any]) -> Mapping[str, Any]:
    """The columns of *lines* by the paths of their fields."""
    if isinstance(lines, FrameTable):
        return lines.called("line.", leaving="row")
    return {f"line.{name}": each for name, each in lines.items() if name != "row"}
