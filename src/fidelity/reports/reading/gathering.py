"""Gathering: members, purchases, redemptions, returns and answers of spreadsheets, as what a report takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import define, field, frozen

from fidelity.language.kinds import Amount, Choice, Day, Flag, Instant, Kind, Tags, Whole
from fidelity.replays.commands import read_of
from fidelity.replays.fields import has_default
from fidelity.reports.answers import SCALES
from fidelity.reports.reading.cells import Cells, told
from fidelity.reports.reading.names import KNOWN, Columns, called
from fidelity.reports.reading.sheets import Problems, Sheet, opened
from fidelity.reports.saying import Saying
from fidelity.values.zones import local_date

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["Gathered", "Sources", "gather"]

_CALENDAR = ("weekday", "date", "month", "day", "hour", "at")
_MONTHS = 12
#: What no column tells of these is nothing.
_PARTS = ("discount", "paid_with_points")


@frozen(kw_only=True)
class Sources:
    """The files; None where there is none."""

    purchases: Path | None = None
    members: Path | None = None
    redemptions: Path | None = None
    returns: Path | None = None
    feedback: Path | None = None


@frozen(kw_only=True)
class Gathered:
    """
    What files tell, as the arguments of `fidelity.report`.

    Attributes:
        log, lines, members, feedback: As it takes them; None where no file told.
        data: What readers should know of the data.
    """

    log: Mapping[str, Any] | None
    lines: Mapping[str, Any] | None
    members: Mapping[str, Any] | None
    feedback: Mapping[str, Any] | None
    data: tuple[str, ...]


@define
class _Rows:
    """The rows of a log, as they are found."""

    columns: dict[str, list[Any]] = field(factory=dict)
    rows: int = 0

    def add(self, kind: str, member: str, at: datetime, name: str, **fields: Any) -> None:  # noqa: ANN401 -- of any kind
        """One row; what it does not tell is empty."""
        row = {
            "kind": kind,
            "member": member,
            "at": at,
            "id": name,
            **{f"{kind}.{key}": v for key, v in fields.items()},
        }
        for key in row:
            if key not in self.columns:
                self.columns[key] = [None] * self.rows
        for key, held in self.columns.items():
            held.append(row.get(key))
        self.rows += 1


class _Gatherer:
    def __init__(self, program: Program, language: str) -> None:
        self.program = program
        self.language = language
        self.say = Saying(program, language)
        self.rows = _Rows()
        self.lines: dict[str, list[Any]] = {"row": [], "amount": [], "quantity": [], "category": []}
        self.repeated = self.empty = self.anonymous = 0
        self.first: dict[str, date] = {}
        self.read, _ = read_of(program, "purchase")
        self.reads_lines = any(each.startswith("line.") for each in self.read)

    def opened(self, path: Path) -> tuple[Sheet, Problems, Cells]:
        sheet = opened(path, self.language)
        self.empty += sheet.empty
        problems = Problems(sheet)
        return sheet, problems, Cells(problems, self.program.currency, self.program.zone)

    def own(self, owner: str) -> dict[str, Kind]:
        """The fields that a row of *owner* may tell."""
        declared = self.program.declared
        found = declared.own.get("member", {}) if owner == "member" else declared.events[owner]
        return {name: each for name, each in found.items() if name not in _CALENDAR and name != "basis"}

    def needed(self, owner: str, columns: Columns) -> None:
        """Refuse a sheet without a column that the program cannot do without, as a replay does."""
        mine = self.program.declared.own.get(owner, {})
        for name, kind in self.own(owner).items():
            read = f"{owner}.{name}" in self.read and name not in (*_PARTS, "amount")
            if (not has_default(kind)) if name in mine else read:
                columns.need(name, self.label(name, kind), called(name, kind), declared=True)

    def label(self, name: str, kind: Kind) -> str:
        return kind.label.get(self.say.where.book) or name.replace("_", " ")

    def fields(self, owner: str, columns: Columns, cells: Cells, row: int, held: Sequence[object]) -> dict[str, Any]:
        """What a row tells in the fields of *owner*."""
        found: dict[str, Any] = {}
        for name, kind in self.own(owner).items():
            if name in columns and name != "amount":
                cell = columns.cell(name, held)
                if told(cell) or not has_default(kind):
                    found[name] = self.value(kind, cells, row, columns.head(name), cell)
                else:
                    found[name] = [] if isinstance(kind, Tags) else kind.default
        return found

    def value(self, kind: Kind, cells: Cells, row: int, column: str, cell: object) -> Any:  # noqa: ANN401
        """What a cell says, as the field that it is for."""
        match kind:
            case Amount():
                return cells.amount(row, column, cell)
            case Whole():
                return cells.whole(row, column, cell)
            case Flag():
                return cells.flag(row, column, cell)
            case Day():
                return cells.day(row, column, cell)
            case Instant():
                return cells.instant(row, column, cell)
            case Tags():
                return [each.strip() for each in told(cell).replace(",", ";").split(";") if each.strip()]
        found = cells.text(row, column, cell)
        if isinstance(kind, Choice) and kind.values is not None and found and found not in kind.values:
            choices = cells.problems.sheet.listed(list(kind.values))
            cells.problems.add(row, column, "choice", value=found, choices=choices)
        return found

    # The files.

    def purchases(self, path: Path) -> None:
        sheet, problems, cells = self.opened(path)
        own = {name: called(name, kind) for name, kind in self.own("purchase").items() if name != "amount"}
        more = {name: KNOWN[name] for name in ("member", "date", "time", "amount", "id", "quantity", "category")}
        columns = Columns.of(sheet, {**more, **own})
        for name in ("member", "date", "amount"):
            columns.need(name, sheet.say(name), KNOWN[name])
        self.needed("purchase", columns)
        seen: dict[str, tuple[int, tuple[object, ...]]] = {}
        for row, held in sheet.rows:
            member = cells.text(row, columns.head("member"), columns.cell("member", held))
            at = self.instant(columns, cells, row, held)
            amount = cells.amount(row, columns.head("amount"), columns.cell("amount", held))
            name = told(columns.cell("id", held))
            fields = self.fields("purchase", columns, cells, row, held)
            quantity = 1
            if "quantity" in columns and told(columns.cell("quantity", held)):
                quantity = cells.whole(row, columns.head("quantity"), columns.cell("quantity", held)) or 0
            same = (member, at, amount, quantity, tuple(map(str, fields.items())))
            if name and name in seen:
                if seen[name][1] == same:
                    self.repeated += 1
                else:
                    problems.add(row, columns.head("id"), "twice", value=name, other=seen[name][0])
                continue
            if name:
                seen[name] = row, same
            if member and at is not None and amount is not None:
                self.purchase(member, at, amount, name or f"{path.name} {row}", fields, quantity)
        problems.refuse()

    def purchase(  # noqa: PLR0917 -- what a row of a sheet tells
        self, member: str, at: datetime, amount: int, name: str, fields: dict[str, Any], quantity: int
    ) -> None:
        day = local_date(at, self.program.zone)
        self.first[member] = min(day, self.first.get(member, day))
        if self.reads_lines:
            line = {
                "row": self.rows.rows,
                "amount": amount,
                "quantity": quantity,
                "category": fields.get("category", ""),
            }
            for key, each in line.items():
                self.lines[key].append(each)
        self.rows.add("purchase", member, at, name, amount=amount, **fields)

    def instant(self, columns: Columns, cells: Cells, row: int, held: Sequence[object]) -> datetime | None:
        clock = columns.cell("time", held)
        where = columns.head("time") if "time" in columns else ""
        return cells.instant(row, columns.head("date"), columns.cell("date", held), clock, where)

    def redemptions(self, path: Path) -> None:
        sheet, problems, cells = self.opened(path)
        columns = Columns.of(sheet, {name: KNOWN[name] for name in ("member", "date", "time", "reward", "id")})
        for name, what in (("member", "member"), ("date", "date"), ("reward", "reward.column")):
            columns.need(name, sheet.say(what), KNOWN[name])
        known = {self.say.name(each.name).casefold(): each.name for each in self.program.rewards}
        known |= {each.name.casefold(): each.name for each in self.program.rewards}
        for row, held in sheet.rows:
            member = cells.text(row, columns.head("member"), columns.cell("member", held))
            at = self.instant(columns, cells, row, held)
            wish = cells.text(row, columns.head("reward"), columns.cell("reward", held))
            if wish and wish.casefold() not in known:
                rewards = sheet.listed([self.say.name(each.name) for each in self.program.rewards])
                problems.add(row, columns.head("reward"), "reward", value=wish, rewards=rewards)
            elif member and at is not None and wish:
                name = told(columns.cell("id", held)) or f"{path.name} {row}"
                self.rows.add("redemption", member, at, name, reward=known[wish.casefold()])
        problems.refuse()

    def returns(self, path: Path) -> None:
        sheet, problems, cells = self.opened(path)
        wanted = {name: KNOWN[name] for name in ("member", "date", "time", "purchase", "amount")}
        columns = Columns.of(sheet, wanted)
        for name in ("member", "date", "purchase"):
            columns.need(name, sheet.say(name), KNOWN[name])
        for row, held in sheet.rows:
            member = cells.text(row, columns.head("member"), columns.cell("member", held))
            at = self.instant(columns, cells, row, held)
            purchase = cells.text(row, columns.head("purchase"), columns.cell("purchase", held))
            amount = None
            if "amount" in columns and told(columns.cell("amount", held)):
                amount = cells.amount(row, columns.head("amount"), columns.cell("amount", held))
            if member and at is not None and purchase:
                self.rows.add("return", member, at, f"{path.name} {row}", purchase=purchase, amount=amount)
        problems.refuse()

    def feedback(self, path: Path) -> dict[str, Any]:
        sheet, problems, cells = self.opened(path)
        columns = Columns.of(sheet, {name: KNOWN[name] for name in (*SCALES, "member", "date", "time", "contact")})
        asked = [name for name in SCALES if name in columns]
        if not asked:
            raise sheet.refused("no score", found=sheet.listed([each for each in sheet.heads if each]))
        rewarded = "feedback" in {rule.on for rule in self.program.rules}
        found: dict[str, list[Any]] = {name: [] for name in (*asked, "contact", "at")}
        for row, held in sheet.rows:
            for name in asked:
                found[name].append(cells.score(row, columns.head(name), columns.cell(name, held), SCALES[name]))
            found["contact"].append(told(columns.cell("contact", held)))
            at = None
            if "date" in columns and told(columns.cell("date", held)):
                at = self.instant(columns, cells, row, held)
            found["at"].append(None if at is None else at.replace(tzinfo=None))
            member = told(columns.cell("member", held))
            if not member:
                self.anonymous += 1
            elif rewarded and at is not None:
                self.rows.add("feedback", member, at, f"{path.name} {row}")
        problems.refuse()
        columns_found: dict[str, Any] = {
            name: np.array([np.nan if each is None else each for each in found[name]], np.float64) for name in asked
        }
        if "contact" in columns:
            columns_found["contact"] = found["contact"]
        if "date" in columns:
            columns_found["at"] = np.array(["NaT" if each is None else each for each in found["at"]], "M8[us]")
        # A score that nobody answered was not asked.
        return {name: each for name, each in columns_found.items() if name not in SCALES or not np.isnan(each).all()}

    def members(self, path: Path) -> dict[str, list[Any]]:
        sheet, problems, cells = self.opened(path)
        own = {name: called(name, kind) for name, kind in self.own("member").items()}
        wanted = {name: KNOWN[name] for name in ("customer_since", "birth_month")}
        # In a list of members an id is whose row it is.
        wanted["member"] = (*KNOWN["member"], "id")
        columns = Columns.of(sheet, {**wanted, **own})
        columns.need("member", sheet.say("member"), KNOWN["member"])
        self.needed("member", columns)
        found: dict[str, list[Any]] = {"member": []}
        seen: dict[str, tuple[int, str]] = {}
        for row, held in sheet.rows:
            member = cells.text(row, columns.head("member"), columns.cell("member", held))
            told_row: dict[str, Any] = {"member": member}
            if "customer_since" in columns:
                told_row["customer_since"] = self.since(columns, cells, row, held, member)
            if "birth_month" in columns:
                told_row["birth_month"] = _month(columns, cells, row, held)
            for name, kind in self.own("member").items():
                if name in columns:
                    cell = columns.cell(name, held)
                    there = told(cell) or not has_default(kind)
                    told_row[name] = self.value(kind, cells, row, columns.head(name), cell) if there else None
            if member in seen:
                if seen[member][1] == str(told_row):
                    self.repeated += 1
                else:
                    problems.add(row, columns.head("member"), "twice", value=member, other=seen[member][0])
                continue
            seen[member] = row, str(told_row)
            for name, each in told_row.items():
                found.setdefault(name, []).append(each)
        problems.refuse()
        return {name: each for name, each in found.items() if name == "member" or any(v is not None for v in each)}

    def since(self, columns: Columns, cells: Cells, row: int, held: Sequence[object], member: str) -> date | None:
        """Since when somebody is a customer; not later than their first purchase."""
        cell = columns.cell("customer_since", held)
        if not told(cell):
            return None
        found = cells.day(row, columns.head("customer_since"), cell)
        first = self.first.get(member)
        if found is not None and first is not None and found > first:
            cells.problems.add(
                row, columns.head("customer_since"), "after", value=told(cell), first=self.say.day(first)
            )
        return found

    def notes(self, members: Mapping[str, Sequence[Any]] | None) -> tuple[str, ...]:
        """What readers should know of the data."""
        counts = {"repeated": self.repeated, "empty": self.empty, "anonymous": self.anonymous}
        if members is not None:
            counts = {"strangers": len(set(self.first) - set(members["member"])), **counts}
        return tuple(self.say.count(f"data.{name}", many) for name, many in counts.items() if many)


def _month(columns: Columns, cells: Cells, row: int, held: Sequence[object]) -> int | None:
    cell = columns.cell("birth_month", held)
    if not told(cell):
        return None
    found = cells.whole(row, columns.head("birth_month"), cell, "month")
    if found is not None and not 1 <= found <= _MONTHS:
        cells.problems.add(
            row, columns.head("birth_month"), "wrong", value=told(cell), expected=cells.expected("month")
        )
        return None
    return found


def gather(program: Program, sources: Sources, language: str) -> Gathered:
    """
    What the files tell.

    Args:
        program: Whose fields they have.
        sources: The files.
        language: In which language days and amounts are read where they may mean two things, and errors speak.

    Raises:
        MissingExtra: If openpyxl is not installed and a file is an .xlsx.
        SpreadsheetError: If a file cannot be read: it names file, sheet, row, column and what was expected.
    """
    work = _Gatherer(program, language)
    if sources.purchases is not None:
        work.purchases(sources.purchases)
    if sources.redemptions is not None:
        work.redemptions(sources.redemptions)
    if sources.returns is not None:
        work.returns(sources.returns)
    feedback = None if sources.feedback is None else work.feedback(sources.feedback)
    members = None if sources.members is None else work.members(sources.members)
    log: dict[str, Any] | None = None
    if work.rows.rows and sources.purchases is not None:
        log = dict(work.rows.columns)
        log["at"] = np.array([each.replace(tzinfo=None) for each in log["at"]], "M8[us]")
    lines = work.lines if work.reads_lines and work.lines["row"] else None
    told_members = members if log is not None else None
    return Gathered(
        log=log, lines=lines, members=told_members, feedback=feedback, data=work.notes(members)
    )  # fmt: skip
