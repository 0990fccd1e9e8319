"""`fidelity demo`: the run and what is shown of it, at a glance."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from fidelity.cli.showing import Page
from fidelity.cli.words import says
from fidelity.datasets import cdnow
from fidelity.demo import History, Replay, cared_for, close, history, riverside
from fidelity.journals import SqlJournal
from fidelity.loyalty import Loyalty
from fidelity.wording.dates import month
from fidelity.wording.numbers import number

if TYPE_CHECKING:
    from rich.console import Console

    from fidelity.cli.words import Say

__all__ = ["run"]

#: How many of the best-known members are shown.
_BEST = 3


def run(console: Console, *, db: Path | None, limit: int | None, language: str) -> bool:
    """
    Live the shop's history, show its books, and tell whether every point is where it should be.

    Args:
        console: Where to print.
        db: A new file for the journal; a temporary one if None.
        limit: Only the first so many customers.
        language: ``en`` or ``es``.
    """
    say, began = says(language), time.monotonic()
    past = history(cdnow(), riverside.zone, limit=limit)
    page = Page(console, say, language)
    page.title(past)
    with _file(db) as path:
        journal = SqlJournal(f"sqlite:///{path}")
        try:
            replay = Replay(Loyalty(riverside, journal), past)
            _live(console, say, replay, language)
            # A second host, as it were: it has the file alone.
            with console.status(say("closing")), _uncollected():
                books = close(riverside, journal, list(past.purchases), past.closing, replay.promised)
                reader = Loyalty(riverside, journal)
                best = sorted(past.purchases, key=lambda member: (-past.purchases[member], member))[:_BEST]
                stories = [reader.statement(member, at=past.closing, language=language) for member in best]
            page.points(books, replay.rewards)
            page.tiers(books)
            page.statements(stories, past)
            page.receipt(replay.fullest, past)
            page.audit(riverside.audit())
            page.conservation(books)
            with console.status(say("caring")), _uncollected():
                people = cared_for(reader, past.closing)
            page.people(people)
            size = sum(each.stat().st_size for each in path.parent.glob(f"{path.name}*"))
        finally:
            journal.close()
    page.end(past, seconds=time.monotonic() - began, size=size, path=db)
    return books.conserved


@contextmanager
def _file(db: Path | None) -> Iterator[Path]:
    if db is not None:
        yield db.resolve()
        return
    with TemporaryDirectory(prefix="fidelity-demo-", ignore_cleanup_errors=True) as folder:
        yield Path(folder) / "riverside.db"


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without garbage collections: accounts read one after the other go by themselves, and the rest is not garbage."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _live(console: Console, say: Say, replay: Replay, language: str) -> None:
    """Run the weeks with a bar, or, where nobody watches, with a line a quarter."""
    past: History = replay.past
    purchases = len(past.sales)
    what = say("replaying", purchases=number(language, purchases))
    if console.is_terminal:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=console, transient=True) as progress:
            task = progress.add_task(what, total=purchases)
            for week in replay.weeks():
                progress.advance(task, len(week.sales))
        return
    console.print()
    console.print(what)
    done, shown = 0, None
    for week in replay.weeks():
        done += len(week.sales)
        day = week.sales[-1].day
        quarter = (day.year, (day.month - 1) // 3)
        if quarter != shown or done == purchases:
            shown = quarter
            name = f"{month(language, day.month)} {day.year}"
            console.print(say("line", month=name, done=number(language, done), purchases=number(language, purchases)))
