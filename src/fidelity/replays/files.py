"""Files: logs as Parquet and CSV, whole or some rows at a time. Texts of a CSV are read as they are declared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from fidelity._optional import require
from fidelity.errors import TableError, ValueRefused
from fidelity.language.kinds import Day, Flag, Instant, Kind, Tags, Whole
from fidelity.language.schema import BUILT_IN, LINE
from fidelity.rules.admitting import bad_rows
from fidelity.rules.frames import FrameTable, opened

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["FORMATS", "LogFile", "as_table"]

#: What the name of a log ends with.
FORMATS = (".parquet", ".csv")
_ROWS = 262_144
_NUMBERS = ("sequence", "points", "quantity", "birth_month", "row", "years")
_INSTANTS = ("at", "now")
_DAYS = ("customer_since",)
_SPELLED = {
    "number": "write whole numbers",
    "truth": "write true or false",
    "day": "write days as 2026-01-31",
    "instant": "write instants with their zone: 2026-01-31T09:30:00+01:00, or …Z in UTC",
}
_TRUTH = {"true": True, "false": False, "True": True, "False": False, "1": True, "0": False}


class LogFile:
    """
    A log in a file.

    Args:
        path: Where; it ends with ``.parquet`` or ``.csv``.
        program: Whose fields it has.

    Raises:
        MissingExtra: If pyarrow is not installed.
        TableError: If it cannot be read.
        ValueRefused: If its name ends with something else.
    """

    def __init__(self, path: str | Path, program: Program) -> None:
        self.path = Path(path)
        self._program = program
        if self.path.suffix.lower() not in FORMATS:
            message = f"a log is a file .parquet or .csv, not {self.path.name!r}; write it as one of these"
            raise ValueRefused(message, value=self.path.name)
        self.is_text = self.path.suffix.lower() == ".csv"
        self.arrow = require("pyarrow", extra="parquet", purpose="a log in a file")
        if not self.path.is_file():
            message = f"there is no log {str(self.path)!r}; look at its name"
            raise TableError(message)

    @property
    def rows(self) -> int | None:
        """How many rows there are, if the file tells."""
        if self.is_text:
            return None
        parquet = require("pyarrow.parquet", extra="parquet", purpose="a log in a file")
        found: int = parquet.read_metadata(self.path).num_rows
        return found

    def whole(self) -> Any:  # noqa: ANN401 -- a table of pyarrow
        """All of it."""
        return self.arrow.Table.from_batches(list(self.batches()), self._schema)

    def batches(self) -> Iterator[Any]:
        """Some rows after the other, as they stand."""
        try:
            if self.is_text:
                yield from self._texts()
                return
            parquet = require("pyarrow.parquet", extra="parquet", purpose="a log in a file")
            with parquet.ParquetFile(self.path) as file:
                self._schema = file.schema_arrow
                yield from file.iter_batches(_ROWS)
        except self.arrow.ArrowInvalid as error:
            message = f"{self.path.name} cannot be read: {error}; write it anew"
            raise TableError(message) from error

    def _texts(self) -> Iterator[Any]:
        csv = require("pyarrow.csv", extra="parquet", purpose="a log in a file")
        with self.path.open(encoding="utf-8") as file:
            names = [each.strip().strip('"') for each in file.readline().strip().split(",")]
        convert = csv.ConvertOptions(
            column_types={name: self.arrow.string() for name in names}, strings_can_be_null=True
        )
        with csv.open_csv(self.path, convert_options=convert) as reader:
            self._schema = reader.schema
            yield from reader

    def table(self, some: Any) -> Mapping[str, Any]:  # noqa: ANN401 -- a table or a batch of pyarrow
        """*some* rows as columns that `replay` takes."""
        if not hasattr(some, "to_reader"):
            some = self.arrow.Table.from_batches([some])
        return _said(self._program, some) if self.is_text else opened(some)


def as_table(table: object) -> FrameTable:
    """A table of pyarrow as columns: books come back as that."""
    found = opened(table)
    assert isinstance(found, FrameTable)  # noqa: S101 -- it is a dataframe
    return found


def _said(program: Program, table: Any) -> dict[str, Any]:  # noqa: ANN401 -- of pyarrow
    """What the texts of *table* say."""
    found: dict[str, Any] = {}
    for name in table.column_names:
        told = table.column(name).to_pylist()
        kind = _kind(program, name)
        if name in _NUMBERS or isinstance(kind, Whole):
            found[name] = _each(name, told, int, "number")
        elif name in _INSTANTS or isinstance(kind, Instant):
            instants = _each(name, told, _instant, "instant")
            found[name] = instants if None in instants else np.array([_utc(each) for each in instants], "M8[us]")
        elif name in _DAYS or isinstance(kind, Day):
            found[name] = _each(name, told, date.fromisoformat, "day")
        elif isinstance(kind, Flag):
            found[name] = _each(name, told, _TRUTH.__getitem__, "truth")
        elif isinstance(kind, Tags):
            found[name] = [[] if each is None else [tag.strip() for tag in each.split(";")] for each in told]
        else:
            found[name] = _codes(program, name, told)
    return found


def _codes(program: Program, name: str, told: list[str | None]) -> list[Any]:
    """Texts; where a code is simply empty, that is what it is."""
    kind = _kind(program, name)
    empty = "" if kind is not None and getattr(kind, "default", None) == "" else None
    return [empty if each is None else each for each in told]


def _kind(program: Program, name: str) -> Kind | None:
    """What the field of the column *name* is declared as, if any event or member has one."""
    owner, _, field = name.rpartition(".")
    declared = program.declared
    known: list[Mapping[str, Kind]] = [*declared.events.values(), declared.redeemed, declared.line, declared.member]
    if owner:
        known = [declared.events.get(owner, {}), *(declared.own.get(each, {}) for each in (owner,))]
        known += [BUILT_IN.get(owner, {}), LINE if owner == "line" else {}]
    return next((each[field] for each in known if field in each), None)


def _each(name: str, told: list[str | None], read: Any, what: str) -> list[Any]:  # noqa: ANN401 -- of any kind
    """What each text says; None where there is none."""
    found: list[Any] = [None] * len(told)
    wrong = np.zeros(len(told), bool)
    for row, each in enumerate(told):
        if each is not None and each != "":
            try:
                found[row] = read(each.strip())
            except (KeyError, ValueError):
                wrong[row] = True
    if wrong.any():
        raise bad_rows(name, wrong, told, "holds what cannot be read", _SPELLED[what])
    return found


def _instant(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError
    return found


def _utc(at: datetime) -> np.datetime64:
    return np.datetime64(at.astimezone(UTC).replace(tzinfo=None), "us")
