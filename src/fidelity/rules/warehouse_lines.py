"""The lines of purchases in a query: a second table, joined by the purchase, shared out, summed up. Needs sqlglot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from attrs import frozen
from sqlglot import exp

from fidelity.language.bounds import bounds
from fidelity.language.kinds import Amount
from fidelity.language.limits import MAX_LINES
from fidelity.language.quantities import denominator
from fidelity.language.sql import SqlWriter, fresh
from fidelity.language.sql_numbers import Number
from fidelity.language.sql_steps import fields_read
from fidelity.language.tree import Case, Literal, Node, OverLines
from fidelity.language.warehouses import cast, number
from fidelity.rules.warehouse_admitting import admitted, present
from fidelity.rules.warehouse_query import Admission, Query, selected

if TYPE_CHECKING:
    from sqlglot.expressions import Expression

__all__ = ["LineQuery"]

_BASIS, _AMOUNT = "line.basis", "line.amount"
_ZERO = Literal(0)


class LineQuery:
    """
    The steps for the lines of a query.

    Args:
        off: Parts of the purchase that come off its lines, each by its share, before they earn.
    """

    def __init__(self, query: Query, table: exp.Table, off: Sequence[str]) -> None:
        self._query = query
        self._table = table
        self._off = off
        self._keys = [query.new(each) for each in query.where.ids_of_lines()]
        self._position = ""
        self._columns: dict[str, str] = {}

    def summed(
        self, before: str, sums: Sequence[OverLines], asked: Mapping[str, Sequence[str]]
    ) -> tuple[str, SqlWriter]:
        """The steps after the one *before* that add up *sums* for each purchase, and what writes with them."""
        query = self._query
        nodes = [each.value if each.when is None else Case(((each.when, each.value),), _ZERO) for each in sums]
        read = fields_read(nodes)
        shared = _BASIS in read and bool(self._off)
        here = self._told(read, asked, shared=shared)
        of_purchase = [path for path in read if not path.startswith("line.")]
        if shared:
            of_purchase += [
                f"purchase.{name}" for name in ("amount", *self._off) if f"purchase.{name}" in query.columns
            ]
        here = self._joined(here, before, of_purchase)
        if shared:
            here = self._shared(here)
        elif _BASIS in read:
            self._columns[_BASIS] = self._columns[_AMOUNT]
        here, writer = query.worked_out(here, nodes, query.writer(self._columns))
        return self._added(before, here, sums, nodes, writer)

    def _told(self, read: Sequence[str], asked: Mapping[str, Sequence[str]], *, shared: bool) -> str:
        query, own = self._query, {}
        for new, name in zip(self._keys, query.where.ids_of_lines(), strict=True):
            own[new] = query.source(name, self._table)
        admission = Admission()
        paths = [path for path in read if path.startswith("line.") and path != _BASIS]
        if _BASIS in read and _AMOUNT not in paths:
            paths.append(_AMOUNT)
        kept, complete = dict(query.columns), query.complete
        for path in paths:
            own |= query.field(self._table, path, admission, paths, asked)
            if path in query.columns:
                self._columns[path] = query.columns[path]
        query.columns = kept
        if shared:
            self._position = query.new("position")
            own[self._position] = query.source(query.where.position(), self._table)
            admission.whole.append(present(own[self._position]))
        here = query.checked("line_told", self._table, own, admission)
        self._complete, query.complete = query.complete, complete
        names = [*self._keys, self._complete, *([self._position] if shared else [])]
        more: dict[str, Expression] = {each: fresh(each) for each in names}
        more |= {name: admitted(query.warehouse, name, kind, self._complete) for name, kind in admission.kinds.items()}
        return query.only("line_complete", here, more)

    def _joined(self, here: str, before: str, paths: Sequence[str]) -> str:
        """The lines with what is known of their purchase."""
        query = self._query
        names = dict.fromkeys(name for path in paths for name in query.columns_of(path))
        if not names:
            return here
        parts: list[Expression] = [exp.Column(this=exp.Star(), table=exp.to_identifier("l", quoted=True))]
        parts += [exp.column(name, table="p", quoted=True) for name in names]
        return query.step(
            "line_joined", _join(parts, _Side(here, "l", self._keys), _Side(before, "p", query.ids), "INNER")
        )

    def _shared(self, here: str) -> str:
        """What earns of each line: its amount less its share of what comes off all of them."""
        query, left = self._query, self._columns[_AMOUNT]
        purchase = query.columns
        for name in self._off:
            whole, seen = query.new("all lines"), query.new("lines so far")
            sums = {
                seen: cast(self._over(left, running=True), "BIGINT"),
                whole: cast(self._over(left, running=False), "BIGINT"),
            }
            if name == "paid_with_points":
                del sums[whole]
                whole = purchase["purchase.amount"]
            here = query.onward("line_shares", here, sums)
            part = fresh(purchase[f"purchase.{name}"])
            total = exp.Anonymous(this="LEAST", expressions=[part, fresh(whole)])
            rest = query.new("left")
            until = self._share(total, fresh(seen), whole)
            behind = self._share(total.copy(), exp.Sub(this=fresh(seen), expression=fresh(left)), whole)
            share = exp.Paren(this=exp.Sub(this=until, expression=behind))
            here = query.onward("line_left", here, {rest: exp.Sub(this=fresh(left), expression=share)})
            left = rest
        self._columns[_BASIS] = left
        return here

    def _over(self, name: str, *, running: bool) -> exp.Window:
        window = exp.Window(this=exp.Sum(this=fresh(name)), partition_by=[fresh(each) for each in self._keys])
        if running:
            first = self._query.warehouse.nulls_first
            ordered = exp.Ordered(this=fresh(self._position), nulls_first=first)
            window.set("order", exp.Order(expressions=[ordered]))
            sides = {"start": "UNBOUNDED", "start_side": "PRECEDING", "end": "CURRENT ROW"}
            window.set("spec", exp.WindowSpec(kind="ROWS", **sides))
        return window

    def _share(self, total: Expression, seen: Expression, whole: str) -> Expression:
        """What the lines so far have of *total*, rounded down; see `fidelity.values.shares`."""
        warehouse = self._query.warehouse
        most = MAX_LINES * Amount().high
        product = exp.Mul(this=warehouse.widened(total), expression=exp.Paren(this=seen))
        by = exp.Nullif(this=fresh(whole), expression=number(0))
        share = cast(warehouse.quotient(product, by, wide=True, most=most), "BIGINT")
        return exp.Coalesce(this=share, expressions=[number(0)])

    def _added(
        self, before: str, here: str, sums: Sequence[OverLines], nodes: Sequence[Node], writer: SqlWriter
    ) -> tuple[str, SqlWriter]:
        query = self._query
        few = exp.LTE(this=exp.Count(this=exp.Star()), expression=number(MAX_LINES))
        flag = exp.Case(ifs=[exp.If(this=fresh(self._complete), true=number(1))], default=number(0))
        all_whole = exp.EQ(this=exp.Min(this=flag), expression=number(1))
        own: dict[str, Expression] = {each: fresh(each) for each in self._keys}
        ready = query.new("lines_complete")
        own[ready] = exp.And(this=few.copy(), expression=all_whole)
        known: dict[Node, Number] = {}
        found: dict[str, Expression] = {}
        for each, node in zip(sums, nodes, strict=True):
            over = denominator(each)
            limits = bounds(each, query.plan.schema.kinds)
            name = query.new("lines")
            value = writer.number(node, over)
            total = cast(exp.Sum(this=value.sql), "BIGINT")
            own[name] = exp.Case(ifs=[exp.If(this=few.copy(), true=total)])
            found[query.new(name)] = exp.Coalesce(
                this=exp.column(name, table="s", quoted=True), expressions=[number(0)]
            )
            known[each] = Number(fresh(list(found)[-1]), int(limits.low * over), int(limits.high * over))
        source = exp.Table(this=exp.to_identifier(here, quoted=True))
        select = exp.select(*selected(own), copy=False).from_(source, copy=False)
        added = query.step("line_sums", select.group_by(*[fresh(each) for each in self._keys], copy=False))
        complete, query.complete = query.complete, query.new("complete")
        none = exp.Coalesce(this=exp.column(ready, table="s", quoted=True), expressions=[exp.true()])
        found[query.complete] = exp.And(this=exp.column(complete, table="e", quoted=True), expression=none)
        parts: list[Expression] = [exp.Column(this=exp.Star(), table=exp.to_identifier("e", quoted=True))]
        joined = _join([*parts, *selected(found)], _Side(before, "e", query.ids), _Side(added, "s", self._keys), "LEFT")
        return query.step("with_lines", joined), query.writer().knowing(known)


@frozen
class _Side:
    """One side of a join: a step, what it is called there, and the columns that must be the same."""

    step: str
    short: str
    keys: Sequence[str]


def _join(parts: Sequence[Expression], left: _Side, right: _Side, how: str) -> exp.Select:
    def table(name: str, alias: str) -> exp.Table:
        named = exp.TableAlias(this=exp.to_identifier(alias, quoted=True))
        return exp.Table(this=exp.to_identifier(name, quoted=True), alias=named)

    same = [
        exp.EQ(
            this=exp.column(one, table=left.short, quoted=True),
            expression=exp.column(two, table=right.short, quoted=True),
        )
        for one, two in zip(left.keys, right.keys, strict=True)
    ]
    on: Expression = same[0]
    for each in same[1:]:
        on = exp.And(this=on, expression=each)
    return (
        exp.select(*parts, copy=False)
        .from_(table(left.step, left.short), copy=False)
        .join(table(right.step, right.short), on=on, join_type=how, copy=False)
    )
