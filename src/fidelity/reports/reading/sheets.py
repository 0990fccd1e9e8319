"""Sheets: the rows of an .xlsx or .csv file with their numbers, so that an error can name the very cell."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from attrs import define, field

from fidelity._optional import require
from fidelity.errors import SpreadsheetError
from fidelity.reports.reading.words import EN, ES
from fidelity.wording.phrasebook import listing, place, quoted

__all__ = ["Problems", "Sheet", "opened", "plain_name"]

_MARKS = (";", ",", "\t")
#: So many problems are told at once.
_MOST = 6
_LONGEST = 60


def plain_name(name: object) -> str:
    """A name as it is compared: without accents, case and what stands between words."""
    spelled = unicodedata.normalize("NFKD", str(name)).encode("ascii", "ignore").decode().casefold()
    return " ".join("".join(each if each.isalnum() else " " for each in spelled).split())


@define
class Sheet:
    """
    A table of a file.

    Attributes:
        file: Its name; and `sheet`, which sheet of it, empty for text.
        heads: The names of its columns.
        rows: Each row with its number in the file, as whoever opens it sees it.
        empty: How many empty rows stood between them.
        language: In which language errors speak.
    """

    file: str
    sheet: str
    heads: tuple[str, ...]
    rows: list[tuple[int, Sequence[Any]]]
    empty: int
    language: str

    def say(self, key: str, **parts: object) -> str:
        """The phrase *key* in the language of the reader."""
        return (EN if place(self.language).book == "en" else ES)[key].format(**parts)

    def refused(self, key: str, **parts: object) -> SpreadsheetError:
        """The error about the file as a whole."""
        return SpreadsheetError(self.say(key, file=self.file, **parts), file=self.file, sheet=self.sheet)

    def listed(self, names: Sequence[str], how: str = "and") -> str:
        """*names* in quotation marks, as a list."""
        return listing(self.language, [quoted(self.language, each) for each in names], how) if names else "–"


@define
class Problems:
    """Everything that is wrong with the cells of a sheet, so that all of it can be mended at once."""

    sheet: Sheet
    found: list[tuple[int, str, str]] = field(factory=list)

    def add(self, row: int, column: str, key: str, **parts: object) -> None:
        """Something is wrong in a cell."""
        if "value" in parts:
            told = " ".join(str(parts["value"]).split())
            parts["value"] = told if len(told) <= _LONGEST else f"{told[:_LONGEST]}…"
        self.found.append((row, column, self.sheet.say(key, **parts)))

    def refuse(self) -> None:
        """
        Refuse the sheet if anything is wrong.

        Raises:
            SpreadsheetError: Which names file, sheet, row, column and what was expected.
        """
        if not self.found:
            return
        self.found.sort()
        sheet, key = self.sheet, "place.sheet" if self.sheet.sheet else "place"
        lines = [
            sheet.say(key, file=sheet.file, sheet=sheet.sheet, row=row, column=column, what=what)
            for row, column, what in self.found[:_MOST]
        ]
        if len(self.found) > _MOST:
            lines.append(sheet.say("more", n=len(self.found) - _MOST))
        row, column, _ = self.found[0]
        raise SpreadsheetError("\n".join(lines), file=sheet.file, sheet=sheet.sheet, row=row, column=column)


def opened(path: str | Path, language: str) -> Sheet:
    """
    The table in the file at *path*: the first sheet of an .xlsx, or a .csv with commas, semicolons or tabs.

    Raises:
        MissingExtra: If openpyxl is not installed and the file is an .xlsx.
        SpreadsheetError: If there is no such file, it is of another kind, cannot be read, or has no rows.
    """
    file = Path(path)
    sheet = Sheet(file.name, "", (), [], 0, language)
    kind = file.suffix.lower()
    if file.is_dir():
        raise sheet.refused("no folder")
    if not file.is_file():
        raise sheet.refused("no file")
    if kind == ".xls":
        raise sheet.refused("old")
    if kind not in {".xlsx", ".csv", ".tsv", ".txt"}:
        raise sheet.refused("format")
    rows = _of_workbook(file, sheet) if kind == ".xlsx" else _of_text(file, sheet)
    full = [(number, cells) for number, cells in enumerate(rows, 1) if any(not _nothing(each) for each in cells)]
    if len(full) <= 1:
        raise sheet.refused("empty")
    head = full[0][1]
    last = max((place for place, each in enumerate(head) if not _nothing(each)), default=-1) + 1
    sheet.heads = tuple("" if _nothing(each) else str(each).strip() for each in head[:last])
    named = sum(1 for each in sheet.heads if each)
    for number, cells in full[1:]:
        many = max((place for place, each in enumerate(cells) if not _nothing(each)), default=-1) + 1
        if many > named == 1:
            raise sheet.refused("title", value=sheet.heads[last - 1])
        # In a text, what is cut off may be the end of an amount: 1,234.50 is two cells where commas part them.
        if kind != ".xlsx" and many > last:
            raise sheet.refused("long", row=number, cells=many, heads=last)
    # Rows differ in length in texts, and spreadsheets have columns that were once touched.
    sheet.rows = [(number, [*cells[:last], *[None] * (last - len(cells))]) for number, cells in full[1:]]
    sheet.empty = full[-1][0] - full[0][0] + 1 - len(full)
    return sheet


def _nothing(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _of_workbook(file: Path, sheet: Sheet) -> list[Sequence[Any]]:
    openpyxl = require("openpyxl", extra="report", purpose="a report from an .xlsx")
    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
    except (BadZipFile, KeyError, ValueError, OSError, openpyxl.utils.exceptions.InvalidFileException) as error:
        raise sheet.refused("broken") from error
    try:
        found = book.worksheets[0]
        sheet.sheet = str(found.title)
        # What a file says of its own size may be wrong.
        found.reset_dimensions()
        return [list(row) for row in found.iter_rows(values_only=True)]
    finally:
        book.close()


def _of_text(file: Path, sheet: Sheet) -> list[Sequence[Any]]:
    raw = file.read_bytes()
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = raw.decode("utf-16", "replace")
    else:
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            # What spreadsheets on Windows write unless told otherwise.
            text = raw.decode("cp1252", "replace")
    if "\0" in text:
        raise sheet.refused("broken")
    head = next((line for line in text.splitlines() if line.strip()), "")
    mark = max(_MARKS, key=head.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))
    except csv.Error as error:
        raise sheet.refused("broken") from error
