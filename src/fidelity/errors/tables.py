"""What can be wrong with a table of events, and with a program that no column can decide."""

from __future__ import annotations

from fidelity.errors.base import FidelityError

__all__ = ["NotColumnar", "SpreadsheetError", "TableError"]


class TableError(FidelityError, ValueError):
    """A table that does not hold what it must: names the column, the first rows and what to do."""

    code = "table"


class NotColumnar(FidelityError, ValueError):
    """A program, or a part of it, that the columns of a table cannot decide; names the clause."""

    code = "not columnar"


class SpreadsheetError(FidelityError, ValueError):
    """
    A spreadsheet that cannot be read: names the file, the sheet, the row, the column, and what was expected.

    `file` and `sheet` always; `row` and `column` of the first cell that is wrong, where it is a cell.
    """

    code = "spreadsheet"
