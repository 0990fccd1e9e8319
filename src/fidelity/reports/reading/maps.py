"""Maps: the contacts of a journey, one a row of a spreadsheet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fidelity.journey import STAGES, Journey, Touchpoint
from fidelity.reports.reading.cells import Cells, told
from fidelity.reports.reading.names import KNOWN, Columns
from fidelity.reports.reading.sheets import Problems, opened

__all__ = ["journey_of"]

_COLUMNS = ("name", "stage", "channel", "area", "owners", "loyalty", "experience", "metric", "target")
_IMPACT = (1, 5)


def journey_of(path: Path, name: str, language: str) -> Journey:
    """
    The journey in the file at *path*: a row a contact, with its name, stage, area, and impacts from 1 to 5.

    Raises:
        SpreadsheetError: If it cannot be read, or a contact stands twice.
    """
    sheet = opened(path, language)
    problems = Problems(sheet)
    cells = Cells(problems, "EUR", None)
    columns = Columns.of(sheet, {each: KNOWN[each] for each in _COLUMNS})
    for each in ("name", "stage"):
        columns.need(each, sheet.say(f"{each}.column"), KNOWN[each])
    found: dict[str, dict[str, Any]] = {}
    rows: dict[str, int] = {}
    for row, held in sheet.rows:
        said = {each: told(columns.cell(each, held)) for each in _COLUMNS if each in columns}
        for each in ("name", "stage"):
            cells.text(row, columns.head(each), columns.cell(each, held))
        values: dict[str, Any] = {each: text for each, text in said.items() if text}
        for each in ("loyalty", "experience"):
            if each in values:
                impact = cells.score(row, columns.head(each), columns.cell(each, held), _IMPACT)
                values[each] = None if impact is None else round(impact)
        if said["name"] in found:
            problems.add(row, columns.head("name"), "twice", value=said["name"], other=rows[said["name"]])
        found[said["name"]], rows[said["name"]] = values, row
    problems.refuse()
    stages = list(dict.fromkeys(each["stage"] for each in found.values()))
    known = STAGES if set(stages) <= set(STAGES) else stages
    return Journey(name, [Touchpoint(**each) for each in found.values()], stages=known)
