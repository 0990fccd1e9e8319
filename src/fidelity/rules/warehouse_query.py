"""The query of a program, step by step: what the table tells, what follows from it, what the rules give.

Each step is a part of a WITH that reads the one before. Needs sqlglot.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import TYPE_CHECKING

from attrs import define, field
from sqlglot import exp

from fidelity.errors import ValueRefused
from fidelity.errors.tables import TableError
from fidelity.language.kinds import Choice, Day, Flag, Instant, Kind
from fidelity.language.quantities import denominator
from fidelity.language.schema import calendar
from fidelity.language.sql import SqlWriter, fresh
from fidelity.language.sql_numbers import LONG, Number
from fidelity.language.sql_steps import everything, steps
from fidelity.language.tree import Has, Node
from fidelity.language.warehouses import WAREHOUSES, Names, Warehouse, cast, number, text
from fidelity.rules.warehouse_admitting import (
    admitted,
    checks,
    local_parts,
    nothing,
    numbered,
    present,
    tenure,
)
from fidelity.rules.warehouse_columns import TENURE, Columns

if TYPE_CHECKING:
    from fidelity.rules.plan import KindPlan
    from fidelity.rules.program import Program

__all__ = ["Admission", "Query", "asked_tags", "selected", "shortly", "table_of"]

#: Parts of the clock that follow from the date.
_OF_DATE = ("weekday", "month", "day")
_SHORT = "t"


def table_of(warehouse: Warehouse, parts: Sequence[str], what: str) -> exp.Table:
    """The table of this name."""
    if len(parts) > 3:  # noqa: PLR2004 -- catalog, schema, table
        message = f"{what} has {len(parts)} parts, and a database knows three: catalog, schema, table"
        raise ValueRefused(message, value=tuple(parts))
    named = [exp.to_identifier(warehouse.told(each), quoted=True) for each in reversed(parts)]
    return exp.Table(**dict(zip(("this", "db", "catalog"), named, strict=False)))


def shortly(table: exp.Table) -> exp.Table:
    """*table* by a short name: a column of it is told apart from one that the query makes."""
    found = table.copy()
    found.set("alias", exp.TableAlias(this=exp.to_identifier(_SHORT, quoted=True)))
    return found


def selected(columns: Mapping[str, exp.Expression]) -> list[exp.Expression]:
    """The parts of a SELECT: each expression under its name."""
    found: list[exp.Expression] = []
    for name, each in columns.items():
        same = isinstance(each, exp.Column) and each.name == name and not each.table
        found.append(each if same else exp.alias_(each, name, quoted=True))
    return found


@define
class Admission:
    """
    What must hold of the rows of a table.

    Attributes:
        kinds: What its columns hold that are read on.
        once: What those hold that only one step reads.
        whole: What must hold beside that.
        numbered: Which of its columns hold numbers instead of codes.
    """

    kinds: dict[str, Kind] = field(factory=dict)
    once: dict[str, Kind] = field(factory=dict)
    whole: list[exp.Expression] = field(factory=list)
    numbered: set[str] = field(factory=set)


class Query:
    """
    A query while it is written.

    Args:
        dialect: The name of the warehouse.
        where: Which columns the tables have.
        names: The rules whose points are told beside the sum, in order.
        hints: What parts of the trees are called, where they are worked out by themselves.
        tables: What no step may be called.
        apart: The codes that are asked for, by path, in groups.
    """

    def __init__(
        self,
        program: Program,
        plan: KindPlan,
        dialect: str,
        *,
        where: Columns,
        names: Sequence[str],
        hints: Mapping[Node, str],
        tables: Sequence[str],
        apart: Mapping[str, Sequence[Sequence[str]]],
    ) -> None:
        self.program = program
        self.plan = plan
        self.where = where
        self.warehouse = WAREHOUSES[dialect]
        self.named = Names(self.warehouse)
        self.ids = [self.named.new(each) for each in where.ids()]
        self.points = self.named.new("points")
        self.rules = [self.named.new(each) for each in names]
        #: By path the column of a step that holds a field.
        self.columns: dict[str, str] = {}
        self.tagged: dict[str, dict[str, str]] = {}
        #: By path the numbers of codes, where a column of a step holds those.
        self.coded: dict[str, dict[str, int]] = {}
        self.complete = ""
        self._hints = hints
        self._apart = apart
        self._parts: list[tuple[str, exp.Select]] = []
        self._steps = Names(self.warehouse)
        for each in tables:
            # A step of the name of a table would hide it.
            self._steps.new(each)
        self.reads: dict[str, dict[str, Kind | None]] = {}

    # -- steps

    def step(self, name: str, select: exp.Select) -> str:
        """One more step; its name."""
        name = self._steps.new(name)
        if self.warehouse.fenced:
            select = select.offset(0, copy=False)
        self._parts.append((name, select))
        return name

    def onward(self, name: str, before: str, more: Mapping[str, exp.Expression]) -> str:
        """A step that has all that the one *before* has, and *more*."""
        source = exp.Table(this=exp.to_identifier(before, quoted=True))
        return self.step(name, exp.select(exp.Star(), *selected(more), copy=False).from_(source, copy=False))

    def only(self, name: str, before: str, columns: Mapping[str, exp.Expression]) -> str:
        """A step that has *columns* of the one *before*, and nothing else."""
        source = exp.Table(this=exp.to_identifier(before, quoted=True))
        return self.step(name, exp.select(*selected(columns), copy=False).from_(source, copy=False))

    def checked(self, name: str, table: exp.Table, columns: Mapping[str, exp.Expression], admission: Admission) -> str:
        """A step that has *columns* of a table that there is, and whether the row is whole."""
        kinds = {**admission.kinds, **admission.once}
        self.complete = self.new("complete")
        if self.warehouse.settles:
            return self._settled(name, table, columns, kinds, admission)
        inside = [each for place, kind in kinds.items() for each in checks(self.warehouse, columns[place], kind)]
        told = {**columns, self.complete: self.all_of([*inside, *admission.whole])}
        return self.step(name, exp.select(*selected(told), copy=False).from_(shortly(table), copy=False))

    def _settled(
        self,
        name: str,
        table: exp.Table,
        columns: Mapping[str, exp.Expression],
        kinds: Mapping[str, Kind],
        admission: Admission,
    ) -> str:
        """As `checked`, in two steps: nulls are set aside in the first, and nothing after it can be null."""
        told, no = dict(columns), exp.false()
        rest = {place: kind for place, kind in kinds.items() if place not in admission.numbered}
        there = [present(columns[place]) for place in rest]
        there += [exp.Coalesce(this=each, expressions=[no.copy()]) for each in admission.whole]
        for place, kind in rest.items():
            instead = nothing(self.warehouse, kind)
            if instead is not None:
                told[place] = exp.Coalesce(this=columns[place].copy(), expressions=[instead])
        present_ = self.new("present")
        told[present_] = self.all_of(there)
        select = exp.select(*selected(told), copy=False).from_(shortly(table), copy=False)
        inside: list[exp.Expression] = [exp.GTE(this=fresh(each), expression=number(0)) for each in admission.numbered]
        inside += [each for place, kind in rest.items() for each in checks(self.warehouse, fresh(place), kind)]
        asked = [fresh(present_), *(each for each in inside if not isinstance(each, exp.Is))]
        return self.onward("checked", self.step(name, select), {self.complete: self.all_of(asked)})

    def new(self, wanted: str) -> str:
        """A new name for a column."""
        return self.named.new(wanted)

    def source(self, name: str, table: exp.Table, kind: Kind | None = None) -> exp.Expression:
        """The column *name* of a table that there is; it holds a *kind* of field, if any."""
        self.reads.setdefault(".".join(each.name for each in table.parts), {})[name] = kind
        return exp.column(self.warehouse.told(name), table=_SHORT, quoted=True)

    def writer(self, more: Mapping[str, str] | None = None) -> SqlWriter:
        """What writes trees with the columns that there are, and *more*."""
        weekdays = frozenset(path for path in self.columns if self.from_clock(path) == "weekday")
        columns = {**self.columns, **(more or {})}
        return SqlWriter(self.warehouse, self.plan.schema.kinds, columns, self.tagged, weekdays, self.coded)

    def columns_of(self, path: str) -> list[str]:
        """The columns of steps that hold the field at *path*: one, or one for each tag."""
        return list(self.tagged[path].values()) if path in self.tagged else [self.columns[path]]

    @staticmethod
    def all_of(conditions: Sequence[exp.Expression]) -> exp.Expression:
        """All of *conditions*."""
        if not conditions:
            return exp.true()
        return reduce(lambda one, two: exp.And(this=one, expression=two), conditions)

    def from_clock(self, path: str) -> str:
        """Which part of the clock the field at *path* is; empty if it is none."""
        owner, _, name = path.partition(".")
        known = owner == self.plan.kind and name != "at" and name in calendar()
        return name if known and self.plan.schema.kinds.get(path) is calendar()[name] else ""

    # -- what the table tells

    def told(  # noqa: C901 -- one branch a kind of column
        self, table: exp.Table, paths: Sequence[str], asked: Mapping[str, Sequence[str]]
    ) -> str:
        """
        The steps for the fields at *paths*: what the table tells of them, then what follows from that.

        Args:
            asked: The tags that are asked for, by path.
        """
        read = [each for each in paths if not self.from_clock(each)]
        clock = {self.from_clock(each): each for each in paths if self.from_clock(each)}
        since = [
            each for each in read if each.startswith("member.") and each[7:] in TENURE and not self.where.has(each)
        ]
        first = {new: self.source(own, table) for new, own in zip(self.ids, self.where.ids(), strict=True)}
        admission = Admission()
        for path in read:
            if path not in since:
                first |= self.field(table, path, admission, paths, asked)
        paid, amount = (self.columns.get(f"{self.plan.kind}.{each}") for each in ("paid_with_points", "amount"))
        if self.plan.kind == "purchase" and paid in first and amount in first:
            admission.whole.append(exp.LTE(this=first[paid].copy(), expression=first[amount].copy()))
        own = self.where.currency()
        if own is not None:
            admission.whole.append(
                exp.EQ(this=self.source(own, table, Choice()), expression=text(self.program.currency))
            )
        at = begun = ""
        if clock or since:
            path = f"{self.plan.kind}.at"
            at = self.columns.get(path) or self.new("moment")
            if path not in self.columns:
                first[at] = self.source(self.where.name(path, paths), table, Instant())
                admission.once[at] = Instant()
        if since:
            begun = self.new("customer_since")
            admission.kinds[begun] = Day()
            first[begun] = self.source(self.where.since(), table, Day())
        before = self.checked("told", table, first, admission)
        more: dict[str, exp.Expression] = {each: fresh(each) for each in [*self.ids, self.complete]}
        more |= {name: admitted(self.warehouse, name, kind, self.complete) for name, kind in admission.kinds.items()}
        local = self.new("local") if at else ""
        if at:
            more[local] = local_parts(self.warehouse, at, self.program.timezone, self.complete)
        before = self.only("complete", before, more)
        timed: dict[str, exp.Expression] = {}
        date = self._named_of("date", clock) if at else ""
        if at:
            timed[date] = self.warehouse.date(fresh(local))
        if "hour" in clock:
            hour = self.warehouse.settled(self.warehouse.hour(fresh(local)), number(0))
            timed[self._named_of("hour", clock)] = cast(hour, "BIGINT")
        before = self.onward("timed", before, timed) if timed else before
        later = {self._named_of(name, clock): self._of_date(name, date) for name in _OF_DATE if name in clock}
        for path in since:
            self.columns[path] = self.new(path[7:])
            later[self.columns[path]] = tenure(self.warehouse, begun, date, path[7:])
        return self.onward("dated", before, later) if later else before

    def _named_of(self, name: str, clock: Mapping[str, str]) -> str:
        """The column of a part of the clock, under the path that reads it if any does."""
        found = self.new(name)
        if name in clock:
            self.columns[clock[name]] = found
        return found

    def _of_date(self, name: str, date: str) -> exp.Expression:
        if name != "weekday":
            return cast((self.warehouse.month if name == "month" else self.warehouse.day)(fresh(date)), "BIGINT")
        # 1970-01-01 was a Thursday; whole weeks on top keep what comes before it above zero.
        since = exp.Add(this=self.warehouse.days(fresh(date)), expression=number(3 + 7 * 5_000))
        return self.warehouse.settled(self.warehouse.rest(since, number(7)), number(0))

    def field(
        self,
        table: exp.Table,
        path: str,
        admission: Admission,
        paths: Sequence[str],
        asked: Mapping[str, Sequence[str]],
    ) -> dict[str, exp.Expression]:
        """The columns for the field at *path*; in *admission* what must hold of them, and what they hold."""
        kind, part = self.plan.schema.kind(path), path.partition(".")[2]
        by_tag = self.where.tags(path)
        if by_tag is not None:
            return self._by_tag(table, path, by_tag, asked.get(path, ()), admission)
        name = self.columns[path] = self.new(part)
        admission.kinds[name] = kind
        column = self.source(self.where.name(path, paths), table, kind)
        groups = self._apart.get(path, ())
        if isinstance(kind, Choice) and len(groups) < self.warehouse.coded:
            column, self.coded[path] = numbered(column, kind, groups)
            admission.numbered.add(name)
        return {name: column}

    def _by_tag(
        self,
        table: exp.Table,
        path: str,
        by_tag: Mapping[str, str],
        tags: Sequence[str],
        admission: Admission,
    ) -> dict[str, exp.Expression]:
        found: dict[str, exp.Expression] = {}
        for tag in tags:
            if tag not in by_tag:
                message = f'columns say of {path} where each tag stands, and not where "{tag}" does; add it'
                raise TableError(message, column=path)
            name = self.tagged.setdefault(path, {})[tag] = self.new(f"{path.partition('.')[2]} {tag}")
            found[name] = self.source(by_tag[tag], table, Flag())
            admission.kinds[name] = Flag()
        return found

    # -- what the rules give

    def worked_out(self, before: str, nodes: Sequence[Node], writer: SqlWriter) -> tuple[str, SqlWriter]:
        """The steps for what occurs more than once in *nodes*, and what writes them afterwards."""
        for layer in steps(nodes, short=self.warehouse.short):
            more: dict[str, exp.Expression] = {}
            known: dict[Node, Number] = {}
            for node in layer:
                if writer.is_condition(node):
                    name = self.new(self._hints.get(node, "holds"))
                    more[name] = self.warehouse.settled(writer.truth(node), exp.false())
                    known[node] = Number(fresh(name), 0, 1)
                    continue
                found = writer.number(node, denominator(node))
                if found.constant is None:
                    name = self.new(self._hints.get(node, "part"))
                    more[name] = self.warehouse.settled(found.sql, number(0))
                    found = Number(fresh(name), found.low, found.high, found.bits)
                known[node] = found
            if more:
                before = self.onward("step", before, more)
            writer = writer.knowing(known)
        return before, writer

    def finished(self, before: str, nodes: Sequence[tuple[Node, int]], writer: SqlWriter) -> exp.Select:
        """The last step: the ids and the points."""
        before, writer = self.worked_out(before, [node for node, _ in nodes], writer)
        found: dict[str, exp.Expression] = {each: fresh(each) for each in self.ids}
        for name, (node, over) in zip([self.points, *self.rules], nodes, strict=True):
            given = writer.number(node, over)
            sql = (
                given.sql if given.bits == LONG and over == 1 else cast(given.sql, "BIGINT" if over == 1 else "DOUBLE")
            )
            if over > 1:
                sql = exp.Div(this=sql, expression=number(over), typed=True, safe=False)
            found[name] = exp.Case(ifs=[exp.If(this=fresh(self.complete), true=sql)])
        source = exp.Table(this=exp.to_identifier(before, quoted=True))
        return exp.select(*selected(found), copy=False).from_(source, copy=False)

    def text(self, last: exp.Select, wallet: str) -> str:
        """The whole query, with a header that says whose it is and what it reads."""
        for name, select in self._parts:
            alias = exp.TableAlias(this=exp.to_identifier(name, quoted=True))
            last.with_(alias, as_=select, copy=False)
        head = [
            f"{self.program.name}, version {self.program.version}: what each {self.plan.kind} gives in {wallet}.",
            *(f"Reads of {table}: {', '.join(names)}." for table, names in self.reads.items()),
            f"Amounts are whole minor units of {self.program.currency}; dates are those of {self.program.timezone}.",
            "NULL instead of points: a value is missing, or is none that the program declares.",
        ]
        said = "\n".join("-- " + "".join(each if each.isprintable() else " " for each in one) for one in head)
        return f"{said}\n{last.sql(dialect=self.warehouse.dialect, pretty=True)}\n"


def asked_tags(nodes: Sequence[Node]) -> dict[str, list[str]]:
    """The tags that *nodes* ask for, by path."""
    found: dict[str, list[str]] = {}
    for each in everything(nodes):
        if isinstance(each, Has) and each.tag not in found.setdefault(each.tags.path, []):
            found[each.tags.path].append(each.tag)
    return found
