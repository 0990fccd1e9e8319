"""The face: `replay`, which checks a log, chooses the way, and puts the books together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from fidelity.errors import TableError, ValueRefused
from fidelity.ledger import MAIN_WALLET
from fidelity.ledger.terms import terms_of
from fidelity.replays.books import Books, as_given, column_as_given
from fidelity.replays.choosing import WAYS, Options, Span, Told, replayed
from fidelity.replays.commands import Rows
from fidelity.replays.fields import instants_of
from fidelity.replays.files import LogFile, as_table
from fidelity.replays.flows import PERIODS, Flows, Periods
from fidelity.replays.log import Log, log_of
from fidelity.replays.people import known_members
from fidelity.replays.streaming import Buckets, memory_of
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
    way: Literal["auto", "columns", "exact"] = "auto",
    memory: str | int | None = None,
    threads: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Books:
    """
    The books of a whole purchase history: what `Loyalty` would have, fed one event at a time.

    Args:
        program: The rules.
        table: The log, one event a row, in any order: a dict of columns, a dataframe, or the path of a file
            ``.parquet`` or ``.csv``. See the reference for its columns; ``member`` and ``at`` must be there.
        lines: The lines of purchases: a second table, whose column ``row`` has the place of the purchase.
        members: What is known of members: ``member``, ``customer_since``, ``birth_month`` and the host's own fields.
            Who is not told of is enrolled with the first event, and nothing is known of them.
        until: Up to when the clocks run; the last row unless told.
        liability: How long the periods are by which the liability is told: ``"day"``, ``"month"``, ``"quarter"`` or
            ``"year"``.
        explain: Whether to tell what each rule gave.
        on_error: ``"raise"`` refuses a log with rows that say what cannot be; ``"report"`` sets them aside.
        way: ``"exact"`` decides one event at a time, ``"columns"`` one of each member at once, where columns know all
            that is said; ``"auto"`` takes columns where they do. The figures are the same.
        memory: Of a file: how much memory it may take while it is replayed, such as ``"512 MB"``, beside the books
            themselves; it is streamed bucket by bucket of members. None reads it whole.
        threads: How many may work on it at once, where it goes by columns. The figures are the same.
        progress: What is told from time to time how many rows are done, and of how many.

    Returns:
        The books, as tables of the kind that *table* is; of a file as tables of pyarrow.

    Raises:
        MissingExtra: If it takes a package that is not installed: pyarrow for files, narwhals for dataframes.
        NotColumnar: If columns, or buckets of members, are asked for and cannot be; names the clause.
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
    _check_options(program, liability, on_error, way)
    _check_working(explain, threads, progress)
    options = Options(way, explain, progress, threads)
    if isinstance(table, str | Path):
        bounded = None if memory is None else memory_of(memory)
        file = LogFile(table, program)
        if bounded is not None:
            return _streamed(program, file, lines, members, until, liability, options, on_error, bounded)
        whole = file.whole()
        columns: Mapping[str, Any] = file.table(whole)
        like: Mapping[str, Any] = as_table(whole)
    else:
        columns = like = opened(table)
        if memory is not None:
            message = "what is in memory already cannot be streamed; give the path of a file, or leave memory= out"
            raise ValueRefused(message, value=memory)
    within = None if lines is None else opened(lines)
    people = None if members is None else opened(members)
    told, bad = admitted(program, columns, within, people, report=on_error == "report")
    span = span_of(told.log, until)
    flows = Flows(Periods(liability, span.first, span.until, program.zone), tuple(terms_of(program).wallets))
    part = joined([replayed(program, told, flows, span, options)], rows_of(columns))
    return books_of(program, like, part, flows, span, rows=told.log.rows, bad=bad)


def _streamed(  # noqa: PLR0917  (as `replay`)
    program: Program,
    file: LogFile,
    lines: object,
    members: object,
    until: datetime | None,
    liability: str,
    options: Options,
    on_error: str,
    memory: int,
) -> Books:
    """The books of a log that is larger than memory."""
    within, people = (None if each is None else opened(each) for each in (lines, members))
    buckets = Buckets(program, file, within, people, memory, on_error == "report")
    buckets.refuse_what_is_shared()

    def begin(first: datetime, last: datetime) -> tuple[Flows, Span]:
        span = span_between(first, last, until)
        return Flows(Periods(liability, span.first, span.until, program.zone), tuple(terms_of(program).wallets)), span

    parts, flows, span, rows, good, bad = buckets.run(begin, options)
    if not parts:
        nothing = log_of(program, file.table(file.whole().slice(0, 0)))
        parts = [replayed(program, Told(nothing, {}), flows, span, options)]
    like = as_table(file.arrow.table({"member": []}))
    return books_of(program, like, joined(parts, rows), flows, span, rows=good, bad=bad)


def _check_working(explain: object, threads: object, progress: object) -> None:
    if not isinstance(explain, bool):
        message = f"explain is True or False, not {explain!r}"
        raise ValueRefused(message, value=explain)
    if isinstance(threads, bool) or not isinstance(threads, int) or threads < 1:
        message = f"threads is a whole number from 1 on, not {threads!r}"
        raise ValueRefused(message, value=threads)
    if progress is not None and not callable(progress):
        message = f"progress is a function of how many rows are done and of how many, not {progress!r}"
        raise ValueRefused(message, value=progress)


def _check_options(program: object, liability: str, on_error: str, way: str) -> None:
    if not hasattr(program, "declared"):
        message = f"a log is replayed under a Program, not {type(program).__name__}; read one with fidelity.load(path)"
        raise ValueRefused(message, value=program)
    for name, value, known in (("on_error", on_error, ("raise", "report")), ("way", way, WAYS)):
        if value not in known:
            message = f"{name} is {', '.join(known)}, not {value!r}; {suggest(str(value), known)}"
            raise ValueRefused(message.rstrip("; "), value=value)
    if liability not in PERIODS:
        message = f"liability is told by {', '.join(PERIODS)}, not {liability!r}; {suggest(str(liability), PERIODS)}"
        raise ValueRefused(message.rstrip("; "), value=liability)


def admitted(
    program: Program,
    table: Mapping[str, Any],
    lines: Mapping[str, Any] | None,
    members: Mapping[str, Any] | None,
    *,
    report: bool,
) -> tuple[Told, tuple[Bad, ...]]:
    """
    What *table* tells; and the rows that say what cannot be, if these are to be reported.

    Raises:
        TableError: If there are any and they are not: what is told of single events is found by whoever reads them.
    """
    if not report:
        log = log_of(program, table)
        return Told(log, known_members(program, log, members), lines), ()
    good: NDArray[np.int64] | None = None
    bad: list[Bad] = []
    while True:
        here = table if good is None else table_of(table, good)
        within = lines if lines is None or good is None else lines_within(lines, good)
        try:
            log = log_of(program, here, places=good)
            known = known_members(program, log, members)
            return Told(log, known, within, Rows(program, log, known, within)), tuple(bad)
        except TableError as error:
            mask = error.facts.get("mask")
            places = np.arange(rows_of(table)) if good is None else good
            if not isinstance(mask, np.ndarray) or len(mask) != len(places):
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
    if not log.rows and until is not None:
        begins = ends = utc(until, what="until")
    return span_between(begins, ends, until)


def span_between(first: datetime, last: datetime, until: datetime | None) -> Span:
    """The span from *first* to *last*, and on to *until*; see `span_of`."""
    if until is None:
        return Span(first, last)
    until = utc(until, what="until")
    if until < last:
        message = f"until is {until.isoformat()}, before the last row, {last.isoformat()}; leave later rows out"
        raise ValueRefused(message, value=until)
    return Span(first, until)


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
        because=part.because,
        bad=bad,
        tables=tables,
        by_wallet=points,
    )
