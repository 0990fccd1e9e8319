"""The lines of a table of purchases: a second table, each line with the row of its purchase, summed up row by row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from fidelity.errors import TableError
from fidelity.events import MOST_LINES
from fidelity.language.columns import Columns
from fidelity.language.tree import Case, Literal, Node, OverLines
from fidelity.rules.admitting import bad_rows, column_of
from fidelity.rules.basis import paid_parts
from fidelity.rules.frames import FrameTable
from fidelity.rules.plan import KindPlan
from fidelity.rules.row_columns import RowTable, rows_of

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["LineTable", "places_of"]

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
            message = (
                'the program reads the lines of a purchase; give them as a second table, lines={"row": …, …}, or in a '
                'dataframe as a column "lines", a list of structs in each row'
            )
            raise TableError(message)
        self._program = program
        self._rows = rows
        self._row: NDArray[np.int64] = places_of(lines, len(rows))
        # Lines stay as they came, so that errors name them by their places; what they sum up to is put in order.
        self._order = np.argsort(self._row, kind="stable") if np.any(self._row[1:] < self._row[:-1]) else None
        self._own = RowTable(program, plan, _as_lines(lines))
        self._plan = plan
        self._refuse_too_many()

    def _refuse_too_many(self) -> None:
        wrong = self._counts > MOST_LINES
        if wrong.any():
            why, remedy = f"has rows with more than {MOST_LINES:,} lines", "tell such a purchase in several"
            raise bad_rows("lines", wrong, self._counts, why, remedy)

    @cached_property
    def _counts(self) -> NDArray[np.int64]:
        """How many lines each row has."""
        return np.bincount(self._row, minlength=len(self._rows)).astype(_INT, copy=False)

    @cached_property
    def _ends(self) -> NDArray[np.int64]:
        """For each row where its lines end."""
        return np.cumsum(self._counts, dtype=_INT)

    def sum(self, node: OverLines, over: int) -> NDArray[np.int64]:
        """What *node* adds up for each row, times *over*."""
        each = node.value if node.when is None else Case(((node.when, node.value),), Literal(0))
        values = self._worked_out(each, over)
        return self._summed(values)

    def _summed(self, values: NDArray[np.int64]) -> NDArray[np.int64]:
        if self._order is not None:
            values = values[self._order]
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
            with self._of_purchases():
                raise self._of(wrong).outside(wrong, given[wrong], columns.kernel.columns[wrong])
        return found

    def _of(self, path: str) -> RowTable:
        return self._own if path.startswith("line.") else self._rows

    @contextmanager
    def _of_purchases(self) -> Iterator[None]:
        """Tell of the lines that are wrong in which purchases they are, which are set aside with them."""
        try:
            yield
        except TableError as error:
            mask = error.facts.get("mask")
            if isinstance(mask, np.ndarray):
                wrong = np.zeros(len(self._rows), bool)
                wrong[self._row[mask]] = True
                raise TableError(error.message, **{**error.facts, "mask": wrong}) from None
            raise

    def _codes(self, path: str, asked: tuple[str, ...]) -> tuple[str, ...]:
        if not path.startswith("line."):
            return self._rows.codes(path, asked)
        with self._of_purchases():
            return self._own.codes(path, asked)

    def _column(self, name: str, columns: Columns) -> Any:  # noqa: ANN401 -- an array of any type
        if name == "line.basis":
            return self._basis
        path = columns.masks[name][0] if name in columns.masks else columns.counts.get(name, name)
        if not path.startswith("line."):
            # What is known of the purchase holds for each of its lines.
            return self._rows.whole(name, columns)[self._row]
        with self._of_purchases():
            return self._own.whole(name, columns)

    @cached_property
    def _basis(self) -> NDArray[np.int64]:
        """What earns of each line: its amount less its share of what comes off all of them."""
        with self._of_purchases():
            left = self._own.bounded("line.amount").astype(_INT)
        for name in paid_parts(self._program):
            part = self._rows.bounded(f"purchase.{name}").astype(_INT)
            if part.any():
                whole = self._rows.bounded("purchase.amount") if name == "paid_with_points" else self._summed(left)
                left = left - self._shares(np.minimum(part, whole), left, whole.astype(_INT))
        return left

    def _shares(
        self, total: NDArray[np.int64], parts: NDArray[np.int64], whole: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """As `fidelity.values.shares`, row by row."""
        if self._order is not None:
            found = np.empty(len(parts), _INT)
            found[self._order] = self._shares_of(total, parts[self._order], whole, self._row[self._order])
            return found
        return self._shares_of(total, parts, whole, self._row)

    def _shares_of(
        self,
        total: NDArray[np.int64],
        parts: NDArray[np.int64],
        whole: NDArray[np.int64],
        row: NDArray[np.int64],
    ) -> NDArray[np.int64]:
        running = np.cumsum(parts, dtype=_INT)
        before = np.concatenate(([0], running))[np.concatenate(([0], self._ends[:-1]))]
        seen = running - before[row]
        here, there = total[row], whole[row]
        if len(seen) and int(here.max()) * int(seen.max()) > _MOST:
            # Beyond 64 bits the product is worked out with whole numbers of any size.
            found = np.array(
                [t * s // w if w else 0 for t, s, w in zip(here.tolist(), seen.tolist(), there.tolist(), strict=True)],
                _INT,
            )
        else:
            found = here * seen // np.maximum(there, 1)
            found[there == 0] = 0
        first = np.concatenate(([True], row[1:] != row[:-1])) if len(found) else np.empty(0, bool)
        previous = np.where(first, 0, np.concatenate(([0], found[:-1])))
        return found - previous


def places_of(lines: Mapping[str, Any], rows: int) -> NDArray[np.int64]:
    """
    For each of *lines* the place of its purchase in a table of so many *rows*.

    Raises:
        TableError: If they do not tell, or point outside of it.
    """
    if "row" not in lines:
        message = 'lines need a column "row": the place of their purchase in the table, from 0'
        raise TableError(message, column="row")
    count, row = rows_of(lines), column_of("row", lines["row"])
    if row.dtype.kind not in "iu" and count:
        message = f'column "row" of the lines holds {row.dtype}, not places in the table'
        raise TableError(message, column="row")
    row = row.astype(_INT)
    if count and (int(row.min()) < 0 or int(row.max()) >= rows):
        message = f'column "row" of the lines points outside the table, which has {rows:,} rows'
        raise TableError(message, column="row")
    return row


def _as_lines(lines: Mapping[str, Any]) -> Mapping[str, Any]:
    """The columns of *lines* by the paths of their fields."""
    if isinstance(lines, FrameTable):
        return lines.called("line.", leaving="row")
    return {f"line.{name}": each for name, each in lines.items() if name != "row"}
