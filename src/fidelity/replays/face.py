"""The face: `replay`, which checks a log, chooses the way, and puts the books together."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from fidelity.errors import TableError, ValueRefused
from fidelity.ledger import MAIN_WALLET
from fidelity.ledger.terms import terms_of
from fidelity.replays.books import Books, as_given, column_as_given
from fidelity.replays.choosing import Span, replayed
from fidelity.replays.commands import Rows
from fidelity.replays.fields import instants_of
from fidelity.replays.flows import PERIODS, Flows, Periods
from fidelity.replays.log import Log, log_of
from fidelity.replays.people import known_members
from fidelity.replays.tables import Part, joined, totals_of
from fidelity.replays.tables import liability as liability_of
from fidelity.rules.columnar import Bad, lines_within
from fidelity.rules.frames import FrameTable, opened
from fidelity.rules.row_columns import rows_of, table_of
from fidelity.values.spelling import suggest
from fidelity.values.zones import utc

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["replay"]


def replay(
    program: Program,
    table: object,
    *,
    lines: object = None,
    members: object = None,
    until: datetime | None = None,
    liability: str = "month",
    explain: bool = False,
    on_error: Literal["raise", "report"] = "raise",
) -> Books:
    """
    The books of a whole purchase history: what `Loyalty` would have, fed one event at a time.

    Args:
        program: The rules.
        table: The log, one event a row, in any order: a dict of columns or a dataframe. See the reference for its
            columns; ``member`` and ``at`` must be there.
        lines: The lines of purchases: a second table, whose column ``row`` has the place of the purchase.
        members: What is known of members: ``member``, ``customer_since``, ``birth_month`` and the host's own fields.
            Who is not told of is enrolled with the first event, and nothing is known of them.
        until: Up to when the clocks run; the last row unless told.
        liability: How long the periods are by which the liability is told: ``"day"``, ``"month"``, ``"quarter"`` or
            ``"year"``.
        explain: Whether to tell what each rule gave.
        on_error: ``"raise"`` refuses a log with rows that say what cannot be; ``"report"`` sets them aside.

    Returns:
        The books, as tables of the kind that *table* is.

    Raises:
        TableError: If a column is missing or holds what it cannot: it names the column, the first rows, and what to do.
        ValueRefused: If an option is none.

    >>> import fidelity as fd
    >>> program = fd.Program(
    ...     "Café Aurora",
    ...     version="1",
    ...     currency="EUR",
    ...     timezone="Europe/Madrid",
    ...     earn=[fd.EarnRule("a point a euro", fd.points(1, per="1 EUR"))],
    ... )
    >>> log = {
    ...     "member": ["ana", "ana"],
    ...     "at": np.array(["2026-01-10", "2026-02-10"], "M8[us]"),
    ...     "amount": [1250, 990],
    ... }
    >>> books = fd.replay(program, log)
    >>> books.points, int(books.balances["available"][0])
    (array([12,  9]), 21)
    """
    if on_error not in ("raise", "report"):
        message = f'on_error is "raise" or "report", not {on_error!r}'
        raise ValueRefused(message, value=on_error)
    if liability not in PERIODS:
        message = f"liability is told by {', '.join(PERIODS)}, not {liability!r}; {suggest(str(liability), PERIODS)}"
        raise ValueRefused(message.rstrip("; "), value=liability)
    columns = opened(table)
    within = None if lines is None else opened(lines)
    people = None if members is None else opened(members)
    rows, bad = admitted(program, columns, within, people, report=on_error == "report")
    log = rows.log
    span = span_of(log, until)
    flows = Flows(Periods(liability, span.first, span.until, program.zone), tuple(terms_of(program).wallets))
    part = joined([replayed(program, rows, flows, span, explain=explain)], rows_of(columns))
    return books_of(program, columns, part, flows, span, rows=log.rows, bad=bad)


def admitted(
    program: Program,
    table: Mapping[str, Any],
    lines: Mapping[str, Any] | None,
    members: Mapping[str, Any] | None,
    *,
    report: bool,
) -> tuple[Rows, tuple[Bad, ...]]:
    """
    The rows of *table*, checked; and those that say what cannot be, if these are to be reported.

    Raises:
        TableError: If there are any and they are not.
    """
    good: NDArray[np.int64] | None = None
    bad: list[Bad] = []
    while True:
        here = table if good is None else table_of(table, good)
        within = lines if lines is None or good is None else lines_within(lines, good)
        try:
            log = log_of(program, here, places=good)
            return Rows(program, log, known_members(program, log, members), within), tuple(bad)
        except TableError as error:
            mask = error.facts.get("mask")
            places = np.arange(rows_of(table)) if good is None else good
            if not report or not isinstance(mask, np.ndarray) or len(mask) != len(places):
                raise
            told = table.native_rows(places[mask]) if isinstance(table, FrameTable) else None
            bad.append(Bad(places[mask], str(error.facts["column"]), error.message, told))
            good = places[~mask]


def span_of(log: Log, until: datetime | None) -> Span:
    """
    When *log* was learned, and up to when the clocks run.

    Raises:
        ValueRefused: If its last row comes after *until*.
    """
    first, last = (int(log.now.min()), int(log.now.max())) if log.rows else (0, 0)
    begins, ends = instants_of(np.array([first, last]))
    if until is None:
        return Span(begins, ends)
    until = utc(until, what="until")
    if until < ends and log.rows:
        message = f"until is {until.isoformat()}, before the last row, {ends.isoformat()}; leave later rows out"
        raise ValueRefused(message, value=until)
    return Span(min(begins, until) if log.rows else until, until)


def books_of(
    program: Program,
    table: Mapping[str, Any],
    part: Part,
    flows: Flows,
    span: Span,
    *,
    rows: int,
    bad: tuple[Bad, ...] = (),
) -> Books:
    """The books that *part* and *flows* are, as tables of the kind that *table* is."""
    told = liability_of(flows)
    events = {"points" if name == MAIN_WALLET else name: each for name, each in part.points.items()}
    tables = {
        "balances": part.balances, "lots": part.lots, "liability": told, "tiers": part.tiers,
        "standing": part.standing, "refused": part.refused, "events": events,
    }  # fmt: skip
    native = {name: as_given(table, each) for name, each in tables.items()}
    points = {name: column_as_given(table, each) for name, each in part.points.items()}
    return Books(
        program=f"{program.name} {program.version}",
        until=span.until,
        points=points[MAIN_WALLET],
        by_rule=as_given(table, part.by_rule),
        **{name: native[name] for name in tables if name != "events"},
        totals=totals_of(part.balances, flows),
        members=part.members,
        rows=rows,
        way=part.way,
        bad=bad,
        tables=tables,
        by_wallet=points,
    )
