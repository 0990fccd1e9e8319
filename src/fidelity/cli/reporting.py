"""`fidelity report`: spreadsheets in, one page out. For people who write no Python."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from fidelity.cli.words import says
from fidelity.errors import ValueRefused
from fidelity.program_files import load
from fidelity.reports import report
from fidelity.reports.demo import demonstration
from fidelity.reports.reading import Sources, gather, journey_of
from fidelity.wording.numbers import number

if TYPE_CHECKING:
    from rich.console import Console

    from fidelity.care_desk import Care
    from fidelity.reports import Report
    from fidelity.rules.program import Program

__all__ = ["Asked", "run"]


@frozen(kw_only=True)
class Asked:
    """What was asked for on the command line; see `fidelity report --help`."""

    out: Path
    staff_out: Path | None = None
    program: Path | None = None
    before: Path | None = None
    sources: Sources
    journey: Path | None = None
    journal: Path | None = None
    language: str = "en"


def run(console: Console, asked: Asked) -> Report:
    """
    Write the report that was asked for, and say where it is.

    Raises:
        FidelityError: If something cannot be read or written.
    """
    say = says(asked.language)
    with console.status(say("report.running")):
        found = demonstration(asked.language) if asked.program is None else _made(asked, load(asked.program))
    files = found.save(asked.out, staff=asked.staff_out)
    size = sum(each.stat().st_size for each in files)
    names = ", ".join(str(each) for each in files)
    console.print(
        say("report.done", files=names, size=number(asked.language, max(1, size // 1000))), markup=False, soft_wrap=True
    )
    return found


def _made(asked: Asked, program: Program) -> Report:
    language = asked.language
    told = gather(program, asked.sources, language)
    journey = None if asked.journey is None else journey_of(asked.journey, program.name, language)
    return report(
        program,
        told.log,
        lines=told.lines,
        members=told.members,
        feedback=told.feedback,
        data=told.data,
        before=None if asked.before is None else load(asked.before),
        journey=journey,
        care=None if asked.journal is None else _care(asked.journal, program),
        language=language,
    )


def _care(path: Path, program: Program) -> Care:
    """The desk over the journal in the SQLite file at *path*, which is only read."""
    from fidelity.care_desk import Care
    from fidelity.journals import SqlJournal
    from fidelity.loyalty import Loyalty

    if not path.read_bytes()[:16].startswith(b"SQLite format 3"):
        message = f"{path.name} is no journal; give the SQLite file that SqlJournal writes"
        raise ValueRefused(message, value=str(path))
    return Care(Loyalty(program, SqlJournal(f"sqlite:///{path.resolve()}")))
