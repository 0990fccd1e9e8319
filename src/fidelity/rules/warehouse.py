"""The program as a query: the same points as event by event, worked out where the data already is.

Class A only, as columns are. What a row must have and has not (a null, a number outside its bounds, a code that is not
declared, another currency) gives null in the place of its points: no database refuses one row, and none may guess.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from fidelity._optional import require
from fidelity.errors import ValueRefused
from fidelity.errors.tables import TableError
from fidelity.language.quantities import denominator
from fidelity.language.sql_steps import fields_read, sums_over_lines, told_apart, without, written_out
from fidelity.language.tree import Case, Literal, Node
from fidelity.rules.assuming import refuse_assumptions
from fidelity.rules.basis import paid_parts
from fidelity.rules.columnar import nodes_of, plan_of, refuse_other_wallets, refuse_what_is_kept
from fidelity.rules.earning.rules import MAIN_WALLET
from fidelity.rules.warehouse_columns import Columns, Told, table_parts
from fidelity.values.spelling import shown, suggest

if TYPE_CHECKING:
    from fidelity.language.kinds import Kind
    from fidelity.rules.plan import KindPlan
    from fidelity.rules.program import Program

__all__ = ["DIALECTS", "query_of", "sql_of"]

DIALECTS = ("duckdb", "spark", "postgres", "bigquery", "snowflake")


def sql_of(
    program: Program,
    dialect: str,
    table: str | Sequence[str] = "purchases",
    *,
    lines: str | Sequence[str] | None = None,
    explain: bool = False,
    columns: Mapping[str, Told] | None = None,
    on: str = "purchase",
    wallet: str = MAIN_WALLET,
) -> str:
    """The query that gives what *program* gives for each row of *table*; see `Program.to_sql`."""
    return query_of(program, dialect, table, lines=lines, explain=explain, columns=columns, on=on, wallet=wallet)[0]


def query_of(
    program: Program,
    dialect: str,
    table: str | Sequence[str],
    *,
    lines: str | Sequence[str] | None,
    explain: bool,
    columns: Mapping[str, Told] | None,
    on: str,
    wallet: str,
) -> tuple[str, Mapping[str, Mapping[str, Kind | None]]]:
    """As `sql_of`, with the columns that the query reads of each table: what kind of field they hold, if any."""
    require("sqlglot", extra="warehouse", purpose="to_sql")
    if dialect not in DIALECTS:
        hint = suggest(str(dialect), DIALECTS) or f"there are {', '.join(DIALECTS)}"
        message = f"programs are printed for no warehouse {shown(dialect)}; {hint}"
        raise ValueRefused(message, value=dialect)
    plan = plan_of(program, on)
    refuse_assumptions(program, plan)
    refuse_other_wallets(program, wallet)
    wanted = nodes_of(plan, wallet, explain=explain)
    refuse_what_is_kept(program, plan, [node for node, _ in wanted.values()])
    where = Columns.of(program, plan, columns)
    hints = _hints(plan)
    made = written_out(without([*(node for node, _ in wanted.values()), *hints], where.absent()))
    trees = made[: len(wanted)]
    called = dict(zip(made[len(wanted) :], hints.values(), strict=True))

    from fidelity.rules.warehouse_lines import LineQuery  # these need sqlglot
    from fidelity.rules.warehouse_query import Query, asked_tags, table_of

    main = table_parts(table, "table")
    within = None if lines is None else table_parts(lines, "lines")
    taken = [main[-1], *([within[-1]] if within is not None else [])]
    query = Query(
        program,
        plan,
        dialect,
        where=where,
        names=tuple(wanted)[1:],
        hints=called,
        tables=taken,
        apart=told_apart(trees),
    )
    read, sums, asked = fields_read(trees), sums_over_lines(trees), asked_tags(trees)
    off = [name for name in paid_parts(program) if f"purchase.{name}" not in where.absent()]
    paths = [path for path in read if not path.startswith("line.")]
    if "line.basis" in read and off:
        # What points paid is a part of the whole purchase, a discount one of what the lines cost.
        more = ("amount", *off) if "paid_with_points" in off else off
        paths += [path for path in (f"purchase.{name}" for name in more) if path not in paths]
    before, writer = query.told(table_of(query.warehouse, main, "table"), paths, asked), query.writer()
    if sums:
        if within is None:
            message = 'the program reads the lines of a purchase; say where they are: lines="purchase_lines"'
            raise TableError(message)
        lined = LineQuery(query, table_of(query.warehouse, within, "lines"), off)
        before, writer = lined.summed(before, sums, asked)
    last = query.finished(before, [(each, denominator(each)) for each in trees], writer)
    return query.text(last, wallet), query.reads


def _hints(plan: KindPlan) -> dict[Node, str]:
    """What parts of the program are called where a query works them out by themselves."""
    found: dict[Node, str] = {}
    for rule in plan.rules:
        name = rule.rule.name
        found.setdefault(rule.fires, f"{name} applies")
        found.setdefault(Case(((rule.fires, rule.value),), Literal(0)), name)
        found.setdefault(rule.value, f"{name} gives")
    for group in plan.groups:
        found.setdefault(group.given, f"{group.name} given")
        found.setdefault(group.desired, f"{group.name} together")
        found.setdefault(group.base, f"{group.name} whole")
    if plan.excluded is not None:
        found.setdefault(plan.excluded, "excluded")
    return found
