"""Columns: the program decides a whole table at once, with the same points as event by event.

Class A only: each row by itself, with the member's tier, tenure and measures as columns of the table. What a member
had before (limits, caps over a time) is counted by `replay`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from fidelity.errors import NotColumnar, TableError, ValueRefused
from fidelity.language.columns import Columns
from fidelity.language.printing import as_text
from fidelity.language.quantities import denominator
from fidelity.language.tree import Case, Literal, Node, Opaque, OverLines, fields_of, walk
from fidelity.rules.assuming import broken
from fidelity.rules.earning.rules import MAIN_WALLET
from fidelity.rules.frames import FrameTable, opened
from fidelity.rules.line_columns import LineTable, places_of
from fidelity.rules.plan import KindPlan
from fidelity.rules.row_columns import Kinds, RowTable, rows_of, table_of
from fidelity.values.spelling import suggest

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = [
    "Bad",
    "Decided",
    "decide_table",
    "lines_within",
    "nodes_of",
    "plan_of",
    "refuse_other_wallets",
    "refuse_what_is_kept",
    "told",
]

_ZERO = Literal(0)
#: Counters that the books keep for a member, and what asks for them.
_KEPT = {
    "limit": "the limit of {name} counts how often the member had it",
    "cap": "the cap of {name} counts what the member had in its time",
    "budget": "the budget of {name} counts what all members had",
    "suspended": "whether {name} is suspended stands in the books",
    "tiers": "the tiers count what the member reached before",
}


@frozen(eq=False)
class Bad:
    """
    Rows of a table that could not be decided.

    Attributes:
        rows: Which ones, by their places.
        column: The column that is wrong there.
        why: What is wrong, with the first of them, and what to do.
        table: Of a dataframe, these rows as they came.
    """

    rows: NDArray[np.int64]
    column: str
    why: str
    table: Any = None


@frozen(eq=False)
class Decided:
    """
    What a program gives for the rows of a table.

    Attributes:
        points: Whole points, one for each row; 0 for rows that could not be decided.
        by_rule: With ``explain=True`` what each rule gives, exactly, before caps and the one rounding: whole numbers,
            or floats where a rule gives fractions.
        bad: With ``on_error="report"`` the rows that could not be decided.

    Of a dataframe, *points* is a column and *by_rule* a frame of the same kind.
    """

    points: Any
    by_rule: Any
    bad: tuple[Bad, ...] = ()


@frozen(eq=False)
class _Reading:
    """A program's rules for one kind of event as a kernel, for columns that are coded in one way."""

    columns: Columns
    rules: tuple[str, ...]
    overs: tuple[int, ...]


def decide_table(
    program: Program,
    table: object,
    *,
    on: str = "purchase",
    wallet: str = MAIN_WALLET,
    lines: object = None,
    explain: bool = False,
    on_error: str = "raise",
) -> Decided:
    """What *program* gives for each row of *table*; see `Program.points_for`."""
    if on_error not in ("raise", "report"):
        message = f'on_error is "raise" or "report", not {on_error!r}'
        raise ValueRefused(message, value=on_error)
    plan = plan_of(program, on)
    columns, within = opened(table), None if lines is None else opened(lines)
    refuse_other_wallets(program, wallet)
    nodes = nodes_of(plan, wallet, explain=explain)
    trees = [node for node, _ in nodes.values()]
    refuse_what_is_kept(program, plan, trees)
    if within is None and isinstance(columns, FrameTable) and _reads_lines([*trees, broken(plan)]):
        within = columns.lines()
    if on_error == "raise":
        return _decide(program, plan, nodes, RowTable(program, plan, columns), within, explain=explain)
    return _report(program, plan, nodes, columns, within, explain=explain)


def told(table: object, found: Decided, *, explain: bool, report: bool) -> Any:  # noqa: ANN401 -- as the table is
    """What was *found*, as the kind of table that was given."""
    if isinstance(table, Mapping):
        if report:
            return found
        return {"points": found.points, **found.by_rule} if explain else found.points
    frame = opened(table)
    assert isinstance(frame, FrameTable)  # noqa: S101 -- it was decided
    if report:
        by_rule = frame.native_frame(found.by_rule) if explain else {}
        return Decided(frame.native(found.points), by_rule, found.bad)
    return frame.native_frame({"points": found.points, **found.by_rule}) if explain else frame.native(found.points)


def plan_of(program: Program, on: str) -> KindPlan:
    """
    What *program* says about the events *on*.

    Raises:
        NotColumnar: If it knows none of that kind.
    """
    if on not in program.declared.events:
        hint = suggest(on, program.declared.events) or "declare it: Program(…, events=[…])"
        message = f'{program.name} knows no event "{on}"; {hint}'
        raise NotColumnar(message, kind=on)
    return program.plan(on)


def refuse_other_wallets(program: Program, wallet: str) -> None:
    """
    Refuse a *wallet* that *program* does not have.

    Raises:
        ValueRefused: If it has none of that name.
    """
    known = tuple(dict.fromkeys((MAIN_WALLET, *(each.name for each in program.wallets))))
    if wallet not in known:
        hint = suggest(str(wallet), known) or f"it has {', '.join(known)}"
        message = f"{program.name} has no wallet {wallet!r}; {hint}"
        raise ValueRefused(message, value=wallet)


def nodes_of(plan: KindPlan, wallet: str, *, explain: bool) -> dict[str, tuple[Node, int]]:
    """The trees to work out, each with its denominator; the sum stands first, under no name."""
    found: dict[str, tuple[Node, int]] = {"": (plan.totals.get(wallet, _ZERO), 1)}
    if explain:
        for each in plan.rules:
            node = Case(((each.fires, each.value),), _ZERO) if each.clauses else each.value
            if plan.excluded is not None:
                node = Case(((plan.excluded, _ZERO),), node)
            found[each.rule.name] = (node, denominator(node))
    return found


def refuse_what_is_kept(program: Program, plan: KindPlan, nodes: Sequence[Node]) -> None:
    """
    Refuse what no single row can tell.

    Raises:
        NotColumnar: If a clause counts what was before, or is a Python function.
    """
    for node in nodes:
        paths, opaque = _looked_through(node)
        for path in paths:
            owner, _, name = path.partition(".")
            if owner in _KEPT:
                clause = _KEPT[owner].format(name=f'"{name}"')
                message = f"{program.name} cannot be decided row by row: {clause}; record the events with Loyalty"
                raise NotColumnar(message, clause=path, kind=plan.kind)
        if opaque:
            message = f'"{opaque}" is a Python function, which decides events one by one; write it as a condition'
            raise NotColumnar(message, clause=opaque, kind=plan.kind)


@lru_cache(maxsize=256)
def _looked_through(node: Node) -> tuple[tuple[str, ...], str]:
    """The paths that *node* reads, in order, and the first Python function in it; a tree of many rules is long."""
    return tuple(sorted(fields_of(node))), next((each.name for each in walk(node) if isinstance(each, Opaque)), "")


def _reads_lines(nodes: Sequence[Node]) -> bool:
    return any(_over_lines(node) for node in nodes)


@lru_cache(maxsize=256)
def _over_lines(node: Node) -> bool:
    return any(isinstance(each, OverLines) for each in walk(node))


@lru_cache(maxsize=64)
def _reading(
    nodes: tuple[tuple[str, Node, int], ...],
    schema: Kinds,
    codes: tuple[tuple[str, tuple[str, ...]], ...],
    clock: frozenset[str],
) -> _Reading:
    columns = Columns([(node, over) for _, node, over in nodes], schema.kinds, dict(codes), clock)
    names = tuple(name for name, _, _ in nodes[1:])
    return _Reading(columns, names, tuple(over for _, _, over in nodes[1:]))


def _decide(
    program: Program,
    plan: KindPlan,
    nodes: Mapping[str, tuple[Node, int]],
    rows: RowTable,
    lines: Mapping[str, Any] | None,
    *,
    explain: bool,
) -> Decided:
    if plan.assumed and "" in nodes:
        _refuse_unassumed(program, plan, rows, lines)
    listed = tuple((name, node, over) for name, (node, over) in nodes.items())
    # Which codes a column holds decides what the kernel compares with.
    asked = _reading(listed, Kinds(plan), (), rows.clock).columns
    coded = tuple((path, rows.codes(path, own)) for path, own in asked.codes.items())
    reading = _reading(listed, Kinds(plan), coded, rows.clock)
    columns = reading.columns
    given = {name: rows.column(name, columns) for name in columns.types if name not in columns.sums}
    if columns.sums:
        within = LineTable(program, plan, rows, lines)
        given |= {name: within.sum(node, int(name.rpartition(":")[2])) for name, node in columns.sums.items()}
    points = np.empty(len(rows), np.int64)
    parts = [np.empty(len(rows), np.int64) for _ in reading.rules]
    wrong = columns.kernel.run(given, len(rows), [points, *parts])
    if wrong:
        raise rows.outside(wrong, given[wrong][: len(rows)], columns.kernel.columns[wrong])
    by_rule = {
        name: part if over == 1 else part / over
        for name, part, over in zip(reading.rules, parts, reading.overs, strict=True)
    }
    return Decided(points, by_rule if explain else {})


def _refuse_unassumed(program: Program, plan: KindPlan, rows: RowTable, lines: Mapping[str, Any] | None) -> None:
    """Refuse rows that are otherwise than *program* assumes of every event."""
    found = _decide(program, plan, {"assume": (broken(plan), 1)}, rows, lines, explain=False).points
    if not found.any():
        return
    first = int(np.flatnonzero(found)[0])
    clause = plan.assumed[int(found[first]) - 1]
    wrong, spelled = found == found[first], as_text(clause.spelled)
    path = next(iter(fields_of(clause.core)), "")
    column = rows.name_of(path) if not path.startswith("line.") else path
    count = int(np.count_nonzero(wrong))
    message = (
        f'{count:,} rows are not as {program.name} assumes of every event, "{spelled}", the first of them row {first}; '
        "correct the rows, or what is assumed"
    )
    raise TableError(message, column=column, rows=(first,), count=count, mask=wrong)


def _report(
    program: Program,
    plan: KindPlan,
    nodes: Mapping[str, tuple[Node, int]],
    table: Mapping[str, Any],
    lines: Mapping[str, Any] | None,
    *,
    explain: bool,
) -> Decided:
    """Decide what can be decided: rows that are wrong are set aside, column by column."""
    rows = rows_of(table)
    if lines is not None:
        places_of(lines, rows)
    good = np.arange(rows)
    bad: list[Bad] = []
    found: Decided | None = None
    while found is None:
        here = table_of(table, good) if bad else table
        within = None if lines is None else lines_within(lines, good)
        try:
            found = _decide(program, plan, nodes, RowTable(program, plan, here), within, explain=explain)
        except TableError as error:
            mask = error.facts.get("mask")
            if not isinstance(mask, np.ndarray) or len(mask) != len(good) or not mask.any():
                raise
            wrong = good[mask]
            told = table.native_rows(wrong) if isinstance(table, FrameTable) else None
            bad.append(Bad(wrong, str(error.facts["column"]), error.message, told))
            good = good[~mask]
    points = np.zeros(rows, np.int64)
    points[good] = found.points
    by_rule: dict[str, NDArray[Any]] = {}
    for name, part in found.by_rule.items():
        by_rule[name] = np.zeros(rows, part.dtype)
        by_rule[name][good] = part
    return Decided(points, by_rule, tuple(bad))


def lines_within(lines: Mapping[str, Any], good: NDArray[np.int64]) -> Mapping[str, Any]:
    """The lines of the rows *good*, with the places that these have among themselves."""
    row = np.asarray(lines["row"])
    place = np.searchsorted(good, row)
    kept = (
        (place < len(good)) & (good[np.minimum(place, len(good) - 1)] == row) if len(good) else np.zeros(len(row), bool)
    )
    if isinstance(lines, FrameTable):
        return lines.taken(np.flatnonzero(kept), row=place[kept])
    return {**table_of(lines, np.flatnonzero(kept)), "row": place[kept]}
