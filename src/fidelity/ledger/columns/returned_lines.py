"""Returned lines: what the lines of purchases add up to when part of the amount came back.

Every line takes the same share, to the cent, as `loyalty.returns` says of one purchase.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from fidelity.language.tree import fields_of
from fidelity.rules.admitting import admit
from fidelity.rules.line_columns import LineTable
from fidelity.rules.row_columns import RowTable, rows_of, table_of, taken

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fidelity.language.columns import Columns
    from fidelity.ledger.columns.deciding import Array
    from fidelity.rules.plan import KindPlan
    from fidelity.rules.program import Program

__all__ = ["LineSource", "ReturnedLines"]

#: What shrinks with a purchase: `fidelity.loyalty.returns`.
_SHRINKS = ("amount", "discount", "paid_with_points", "tax", "shipping", "tip")
_AMOUNTS = {"line.amount", *(f"purchase.{each}" for each in _SHRINKS)}


class LineSource:
    """
    Purchases and their lines, as they were told.

    Args:
        program: Whose rules read them.
        plan: What they read of purchases.
        reading: The kernel that reads what lines add up to.
        table: The purchases, by column.
        lines: Their lines, by column.
    """

    def __init__(
        self, program: Program, plan: KindPlan, reading: Columns, table: Mapping[str, Any], lines: Mapping[str, Any]
    ) -> None:
        self.program, self.plan = program, plan
        self.sums = reading.sums
        read = {path for node in self.sums.values() for path in fields_of(node)} | _AMOUNTS
        self.table = {name: table[name] for name in table if {name, f"purchase.{name}"} & read}
        self._told = {name: lines[name] for name in lines if {name, f"line.{name}"} & read}
        self._row = lines["row"]
        self.name = next(each for each in ("line.amount", "amount") if each in self._told)

    @cached_property
    def _order(self) -> NDArray[np.int64]:
        return np.argsort(np.asarray(self._row), kind="stable")

    @cached_property
    def starts(self) -> NDArray[np.int64]:
        """Where the lines of each purchase begin, and where all end."""
        row = np.asarray(self._row).astype(np.int64)[self._order]
        return np.searchsorted(row, np.arange(rows_of(self.table) + 1))

    @cached_property
    def lines(self) -> dict[str, Any]:
        """The lines, those of one purchase side by side."""
        return {name: taken(each, self._order) for name, each in self._told.items()}

    @cached_property
    def amounts(self) -> NDArray[np.int64]:
        """What each line cost, in minor units."""
        kind = self.plan.schema.kind("line.amount")
        return admit(self.name, self.lines[self.name], kind, self.program.currency).astype(np.int64)


class ReturnedLines:
    """
    What remains of the lines of some purchases.

    Args:
        source: The lines as they were.
    """

    def __init__(self, source: LineSource) -> None:
        self._source = source
        #: By the row of a purchase of which part came back: what remains of its lines.
        self._left: dict[int, list[int]] = {}

    def _amounts(self, row: int) -> list[int]:
        found = self._left.get(row)
        if found is None:
            starts = self._source.starts
            found = self._source.amounts[starts[row] : starts[row + 1]].tolist()
        return found

    def shrink(self, row: int, whole: int, left: int) -> None:
        """Let the lines of the purchase in *row*, which cost *whole*, have their share of what is *left*."""
        amounts = self._amounts(row)
        cut = [divmod(each * left, whole) for each in amounts]
        spare = sum(amounts) * left // whole - sum(units for units, _ in cut)
        first = set(sorted(range(len(cut)), key=lambda place: (-cut[place][1], place))[:spare])
        self._left[row] = [units + (place in first) for place, (units, _) in enumerate(cut)]

    def sums(self, rows: NDArray[np.int64], told: Mapping[str, NDArray[np.int64]]) -> dict[str, Array]:
        """
        What the kernel takes of the lines of the purchases in *rows*, by name.

        Args:
            rows: Which purchases.
            told: What remains of each of their amounts, by field.
        """
        source, starts = self._source, self._source.starts
        table = dict(table_of(source.table, rows))
        for name, values in told.items():
            table[f"purchase.{name}" if f"purchase.{name}" in table else name] = values
        counts = starts[rows + 1] - starts[rows]
        where = np.repeat(starts[rows] - np.cumsum(counts) + counts, counts) + np.arange(int(counts.sum()))
        lines = {name: taken(each, where) for name, each in source.lines.items()}
        amounts = [each for row in rows.tolist() for each in self._amounts(row)]
        lines |= {source.name: np.array(amounts, np.int64), "row": np.repeat(np.arange(len(rows)), counts)}
        within = LineTable(source.program, source.plan, RowTable(source.program, source.plan, table), lines)
        return {name: within.sum(node, int(name.rpartition(":")[2])) for name, node in source.sums.items()}
