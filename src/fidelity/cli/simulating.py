"""`fidelity simulate`: programs played to the customers of a history, and what came of it in plain words."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from fidelity.cli.places import refuse_place
from fidelity.datasets import cdnow
from fidelity.demo.riverside import ALBUM, SINGLE, riverside
from fidelity.errors import ValueRefused
from fidelity.program_files import load
from fidelity.replays.files import LogFile
from fidelity.simulation import calibrate, simulate
from fidelity.wording.phrasebook import phrase

if TYPE_CHECKING:
    from rich.console import Console

    from fidelity.rules.program import Program
    from fidelity.simulation import Study

__all__ = ["Asked", "demo_programs", "named_programs", "run"]

#: How many customers of the packaged data a demonstration is played to, so that it takes seconds.
_FEW = 1_000
_JOINING = 30
_DRAWS = 4
#: What reads lines, which the packaged purchases do not have.
_LINES = "an armful of music"


@frozen
class Asked:
    """What the command line says of a study; None where it says nothing."""

    years: int
    seed: int
    margin: float | None
    cost: float
    fixed: float
    worth: float | None
    joining: int
    draws: int
    threads: int


def named_programs(told: Sequence[str]) -> dict[str, Program]:
    """
    Programs by name: of ``NAME=FILE``, or of a file, which is called as it is.

    Raises:
        ValueRefused: If there is no such file, or two programs are called alike.
        ProgramError: If one cannot stand.
    """
    found: dict[str, Program] = {}
    for each in told:
        name, mark, file = each.partition("=")
        path = Path(file if mark else each)
        called = name.strip() if mark else path.stem
        if not path.is_file():
            message = f"there is no program file {str(path)!r}; look at its name"
            raise ValueRefused(message, value=str(path))
        if not called or called in found:
            message = f"two programs are called {called!r}; name them, such as today={path}"
            raise ValueRefused(message, value=called)
        found[called] = load(path)
    return found


def demo_programs() -> dict[str, Program]:
    """The record shop's program, and the same with points that live twice as long and a smaller first reward."""
    today = evolve(riverside, earn=[each for each in riverside.earn if each.name != _LINES])
    smaller = evolve(SINGLE, cost=80, worth="4 USD")
    return {
        "today": today,
        "candidate": evolve(
            today, version="1997-02", expiry="24 months, to the end of the month", rewards=[smaller, ALBUM]
        ),
    }


def run(
    console: Console,
    programs: Mapping[str, Program] | None,
    purchases: Path | None,
    asked: Asked,
    *,
    out: Path | None,
    language: str,
) -> Study:
    """
    Play *programs* to the customers of *purchases*, say what came of it, and write all of it to *out*.

    Args:
        console: Where to print.
        programs: By name; None plays those of the demonstration.
        purchases: A file .parquet or .csv as `fidelity replay` takes it; None takes the packaged data.
        asked: The rest of the command line.
        out: Where the figures go as JSON; nowhere if None.
        language: In whose words.

    Raises:
        ValueRefused: If *out* is no new file .json in a folder that there is.
    """
    if out is not None:
        refuse_place(out, "the study", "a study is written as JSON", ".json")
    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console,
        transient=True,
    ) as bar:  # fmt: skip
        task = bar.add_task(phrase(language, "study.playing"), total=None)

        def progress(done: int, runs: int) -> None:
            bar.update(task, completed=done, total=runs)

        found = _study(programs, purchases, asked, progress)
    _show(console, found, language)
    if out is not None:
        text = json.dumps(found.to_dict(), ensure_ascii=False, indent=2, allow_nan=False)
        out.write_text(f"{text}\n", encoding="utf-8")
        console.print(Text(phrase(language, "study.saved", file=str(out))))
    return found


def _study(programs: Mapping[str, Program] | None, purchases: Path | None, asked: Asked, progress: Any) -> Study:  # noqa: ANN401 -- a callable
    played = demo_programs() if programs is None else programs
    first = next(iter(played.values()))
    draws, joining = asked.draws, asked.joining
    if purchases is None:
        history: object = _packaged()
        draws, joining = min(draws, _DRAWS), joining or _JOINING
        customers = calibrate(history, currency=first.currency)
    else:
        file = LogFile(purchases, first)
        # The first program is the one that held: what its rewards changed can be told of it.
        customers = calibrate(file.table(file.whole()), program=first, currency=first.currency)
    return simulate(
        customers, played, years=asked.years, seed=asked.seed, margin=asked.margin, cost=asked.cost, fixed=asked.fixed,
        worth=asked.worth, joining=joining, draws=draws, threads=asked.threads, progress=progress,
    )  # fmt: skip


def _packaged() -> dict[str, Any]:
    log = cdnow()
    mine = log.customer < log.customer.min() + _FEW
    many = int(mine.sum())
    return {
        "customer": log.customer[mine], "day": log.day[mine], "cents": log.cents[mine],
        "currency": [log.currency] * many,
    }  # fmt: skip


def _show(console: Console, study: Study, language: str) -> None:
    for place, block in enumerate(study.explain(language).split("\n\n")):
        head, _, rest = block.partition("\n")
        if rest and "\n- " not in block:
            console.print(Text(head, style="bold cyan"))
            for line in rest.splitlines():
                console.print(Text(line))
        else:
            # The first block says which program is better.
            console.print(Text(block, style="" if place else "bold"))
        console.print()
    if study.notes:
        console.print(Text(phrase(language, "study.notes"), style="dim"))
        for each in study.notes:
            console.print(Text(f"- {each}", style="dim"))
