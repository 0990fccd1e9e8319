"""`fidelity replay`: a log replayed with a bar that tells how far it is, and what came of it at a glance."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from fidelity.cli.places import refuse_place
from fidelity.cli.words import says
from fidelity.replays import replay
from fidelity.wording.numbers import number

if TYPE_CHECKING:
    from rich.console import Console

    from fidelity.replays import Books
    from fidelity.rules.program import Program

__all__ = ["run"]

_SHOWN = ("issued", "redeemed", "expired", "reversed", "settled", "available", "pending", "held", "debt")
#: How many rows that changed nothing are shown.
_FIRST = 5


def run(
    console: Console,
    program: Program,
    log: Path,
    *,
    out: Path | None,
    memory: str | None,
    language: str,
) -> Books:
    """
    Replay *log*, show what came of it, and write the books to *out*.

    Args:
        console: Where to print.
        program: The rules.
        log: A file .parquet or .csv.
        out: Where the books go; nowhere if None.
        memory: How much of it the log may take; None reads it whole.
        language: ``en`` or ``es``.

    Raises:
        ValueRefused: If *out* is no file .parquet in a folder that there is.
    """
    say = says(language)
    if out is not None:
        refuse_place(out, "the books", "books are written as Parquet", ".parquet")
    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console,
        transient=True,
    ) as bar:  # fmt: skip
        task = bar.add_task(say("replay.running", log=escape(log.name)), total=None)

        def progress(done: int, rows: int) -> None:
            bar.update(task, completed=done, total=rows)

        books = replay(program, log, memory=memory, progress=progress)
    _show(console, books, language)
    if out is not None:
        files = books.save(out)
        console.print(say("replay.saved", files=escape(", ".join(str(each) for each in files))))
    return books


def _show(console: Console, books: Books, language: str) -> None:
    say = says(language)
    rows, members = number(language, books.rows), number(language, books.members)
    console.print(say("replay.done", program=escape(books.program), rows=rows, members=members))
    # A line a figure: a narrow terminal has room for the names of the figures, and programs have few wallets.
    table = Table(say("replay.wallet"))
    for wallet in books.totals:
        table.add_column(escape(wallet), justify="right")
    for name in _SHOWN:
        table.add_row(say(f"replay.{name}"), *(number(language, each[name]) for each in books.totals.values()))
    console.print(table)
    refused = list(books.refusals())
    if refused:
        console.print(say("replay.refused", rows=number(language, len(refused))))
    for row, code, reason in refused[:_FIRST]:
        console.print(f"  {row}: [bold]{escape(code)}[/], {escape(reason)}")
    if len(refused) > _FIRST:
        console.print(say("replay.more", rows=number(language, len(refused) - _FIRST)))
