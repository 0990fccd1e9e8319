"""The commands and their options; what they print stands in rooms of their own."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape

import fidelity
from fidelity.errors import FidelityError, ProgramError
from fidelity.program_files import load, save
from fidelity.proofs.engines import ENGINES
from fidelity.rules.program import Program
from fidelity.wording.numbers import number
from fidelity.wording.phrasebook import LANGUAGES, phrase
from fidelity.wording.problems import explain_error, told_problem

__all__ = ["app"]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(fidelity.__version__, prog_name="fidelity")
def app() -> None:
    """Customer loyalty: write a program once, run it everywhere, prove it fair."""


@app.command(short_help="Live a record shop's eighteen months and show its books.")
@click.option(
    "--db",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Keep the journal in this new SQLite file instead of a temporary one.",
)
@click.option("--limit", type=click.IntRange(min=1), help="Only the first so many customers.")
@click.option("--language", type=click.Choice(["en", "es"]), default="en", show_default=True)
def demo(db: Path | None, limit: int | None, language: str) -> None:
    """Run a record shop's program over 69,659 real purchases of 23,570 people, and show its books."""
    from fidelity.cli.demo import run

    if db is not None and db.exists():
        message = f"{db} is there already; name a new file"
        raise click.BadParameter(message, param_hint="--db")
    try:
        conserved = run(Console(highlight=False), db=db, limit=limit, language=language)
    except FidelityError as error:
        raise click.ClickException(str(error)) from error
    if not conserved:
        raise SystemExit(1)


@app.command(short_help="Replay a log of purchases and show the books.")
@click.argument("program", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("log", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the books here, as Parquet.")
@click.option("--memory", help='How much memory the log may take, such as "512 MB"; all of it unless told.')
@click.option("--language", type=click.Choice(["en", "es"]), default="en", show_default=True)
def replay(program: Path, log: Path, out: Path | None, memory: str | None, language: str) -> None:
    """Replay LOG, a .parquet or .csv with one event a row, under the program file PROGRAM, and show the books."""
    from fidelity.cli.replaying import run

    if out is not None and out.exists():
        message = f"{out} is there already; name a new file"
        raise click.BadParameter(message, param_hint="--out")
    try:
        run(Console(highlight=False), load(program), log, out=out, memory=memory, language=language)
    except FidelityError as error:
        raise click.ClickException(explain_error(error, language)) from error


@app.command(short_help="Say all that is wrong with a program file, or audit it.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True)
def check(file: Path, language: str) -> None:
    """Say everything that is wrong with the program in FILE; or, if nothing is, what its audit finds."""
    console = Console(highlight=False, soft_wrap=True)
    try:
        program = load(file)
    except ProgramError as error:
        many = len(error.problems)
        told = phrase(language, "check.problems", one=many == 1, n=number(language, many))
        console.print(f"[bold red]✗[/] {escape(file.name)}: {told}")
        for each in error.problems:
            place = f"[bold]{escape(each.path)}[/]: " if each.path else ""
            # Both in one language: what the catalogue lacks stays English from end to end.
            said, hint = told_problem(each, language)
            remedy = f"; [green]{escape(hint)}[/]" if hint else ""
            console.print(f"  {place}{escape(said)}{remedy}")
        raise SystemExit(1) from None
    except FidelityError as error:
        raise click.ClickException(explain_error(error, language)) from error
    told = phrase(language, "check.sound", program=program.name, version=program.version)
    console.print(f"[bold green]✓[/] {escape(file.name)}: {escape(told)}")
    console.print(escape(program.audit().explain(language)))


@app.command(short_help="Prove what a program promises, or show who would be wronged.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--baseline",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Keep what was decided in this JSON file: what has not changed is not proved again.",
)
@click.option(
    "--fail-on",
    default="refuted,unknown",
    show_default=True,
    help="What makes the exit code 1 (refuted) or 2 (unknown).",
)
@click.option("--engines", default="structure,regions,z3", show_default=True, help="Which engines are asked, in order.")
@click.option("--seconds", type=click.FloatRange(min=0.1), default=10.0, show_default=True, help="For each promise.")
@click.option("--html", type=click.Path(dir_okay=False, path_type=Path), help="Write the report here, as a page.")
@click.option("--tests", type=click.Path(dir_okay=False, path_type=Path), help="Write the witnesses here, as pytest.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True)
def prove(  # noqa: PLR0917 -- options of the command line
    file: Path,
    baseline: Path | None,
    fail_on: str,
    engines: str,
    seconds: float,
    html: Path | None,
    tests: Path | None,
    as_json: bool,  # noqa: FBT001 -- a flag of the command line
    language: str,
) -> None:
    """
    Prove what the program in FILE promises.

    The exit code is 0 if all holds, 1 if a promise is refuted, 2 if one is unknown, 3 if engines disagree.
    """
    from fidelity.cli.proving import run_prove

    fails, asked = _listed(fail_on, ("refuted", "unknown", ""), "--fail-on"), _listed(engines, ENGINES, "--engines")
    try:
        code = run_prove(
            Console(highlight=False),
            load(file),
            baseline=baseline,
            fail_on=fails,  # type: ignore[arg-type]  # two of the standings
            engines=asked,
            seconds=seconds,
            html=html,
            tests=None if tests is None else (tests, file),
            as_json=as_json,
            language=language,
        )
    except FidelityError as error:
        raise click.ClickException(explain_error(error, language)) from error
    raise SystemExit(code)


@app.command(short_help="Show what a new version of a program changes, and for whom.")
@click.argument("old", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("new", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--seconds", type=click.FloatRange(min=0.1), default=10.0, show_default=True, help="For each question.")
@click.option("--json", "as_json", is_flag=True, help="Print the difference as JSON.")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True)
def diff(old: Path, new: Path, seconds: float, as_json: bool, language: str) -> None:  # noqa: FBT001 -- a flag of the command line
    """
    Show what the program in NEW gives otherwise than that in OLD: who loses, who gains, and by which rule.

    The exit code is 0 if nothing changes, 1 if something does, 2 if nobody knows, 3 if engines disagree.
    """
    from fidelity.cli.proving import run_diff

    try:
        code = run_diff(
            Console(highlight=False), load(old), load(new), seconds=seconds, as_json=as_json, language=language
        )
    except FidelityError as error:
        raise click.ClickException(explain_error(error, language)) from error
    raise SystemExit(code)


@app.command(short_help="Play programs to your customers: what they would cost and bring.")
@click.option("--program", "programs", multiple=True, metavar="FILE", help="A program file, or NAME=FILE; repeat it.")
@click.option(
    "--purchases",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What was bought, one purchase a row: .parquet or .csv.",
)
@click.option("--demo", "demonstration", is_flag=True, help="Play to 1,000 real customers of the packaged data.")
@click.option("--years", type=click.IntRange(1, 30), default=3, show_default=True)
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="The luck.")
@click.option("--margin", type=click.FloatRange(0, 1, min_open=True), help="The share of sales kept before rewards.")
@click.option("--cost", type=click.FloatRange(min=0), default=1.0, show_default=True, help="Of a reward, of its worth.")
@click.option("--fixed", type=click.FloatRange(min=0), default=0.0, show_default=True, help="Money a year to run it.")
@click.option("--worth", type=click.FloatRange(min=0), help="Of a point; what the rewards say unless told.")
@click.option("--joining", type=click.IntRange(min=0), default=0, show_default=True, help="New customers a month.")
@click.option("--draws", type=click.IntRange(min=0), default=20, show_default=True, help="Plays to tell the doubt.")
@click.option("--threads", type=click.IntRange(min=1), default=1, show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write all figures here, as JSON.")
@click.option("--lang", "--language", "language", type=click.Choice(LANGUAGES), default="en", show_default=True)
def simulate(  # noqa: PLR0917 -- options of the command line
    programs: tuple[str, ...],
    purchases: Path | None,
    demonstration: bool,  # noqa: FBT001 -- a flag of the command line
    years: int,
    seed: int,
    margin: float | None,
    cost: float,
    fixed: float,
    worth: float | None,
    joining: int,
    draws: int,
    threads: int,
    out: Path | None,
    language: str,
) -> None:
    """Play programs to the customers of a history, all under the same luck, and say what came of it in plain words."""
    from fidelity.cli.simulating import Asked, named_programs, run

    if demonstration == bool(programs or purchases):
        message = "name --program and --purchases, or --demo alone"
        raise click.UsageError(message)
    if not demonstration and not (programs and purchases):
        message = f"--{'purchases' if programs else 'program'} is missing; a study takes both"
        raise click.UsageError(message)
    if out is not None and out.exists():
        message = f"{out} is there already; name a new file"
        raise click.BadParameter(message, param_hint="--out")
    if draws == 1:
        message = "1 is too few to tell a spread; give 2 or more, or 0 for none"
        raise click.BadParameter(message, param_hint="--draws")
    asked = Asked(years, seed, margin, cost, fixed, worth, joining, draws, threads)
    try:
        played = None if demonstration else named_programs(programs)
        run(Console(highlight=False), played, purchases, asked, out=out, language=language)
    except FidelityError as error:
        raise click.ClickException(explain_error(error, language)) from error


def _listed(told: str, known: Sequence[str], option: str) -> tuple[str, ...]:
    """What an option lists, all of it known."""
    found = tuple(each.strip() for each in told.split(","))
    wrong = [each for each in found if each not in known]
    if wrong:
        message = f"{wrong[0]!r} is none of {', '.join(each for each in known if each)}"
        raise click.BadParameter(message, param_hint=option)
    return found


_FILE = click.Path(path_type=Path)
_PAGE = click.Path(dir_okay=False, path_type=Path)
_THERE = click.Path(exists=True, dir_okay=False, path_type=Path)


@app.command(short_help="Write one page for managers, and one for all staff.")
@click.option("--program", type=_THERE, help="The program file that holds now.")
@click.option("--members", type=_FILE, help="Who is a member: .xlsx or .csv.")
@click.option("--purchases", type=_FILE, help="Who bought when, and for how much: .xlsx or .csv.")
@click.option("--redemptions", type=_FILE, help="Who took which reward when: .xlsx or .csv.")
@click.option("--returns", type=_FILE, help="Which purchases came back: .xlsx or .csv.")
@click.option("--feedback", type=_FILE, help="What people answered (nps, csat, ces): .xlsx or .csv.")
@click.option("--journey", type=_FILE, help="The map of contacts, one a row: .xlsx or .csv.")
@click.option("--journal", type=_THERE, help="The SQLite file with promises, hard times, complaints and thanks.")
@click.option("--before", type=_THERE, help="The program file that held before: the page tells what changed.")
@click.option("--demo", "as_demo", is_flag=True, help="A demonstration, on the data that come with fidelity.")
@click.option("--out", type=_PAGE, required=True, help="Where the page for managers goes, such as report.html.")
@click.option("--staff-out", type=_PAGE, help="Where the page for all staff goes.")
@click.option(
    "--lang",
    "--language",
    "language",
    type=click.Choice(LANGUAGES, case_sensitive=False),
    default="en",
    show_default=True,
)
def report(  # noqa: PLR0917 -- options of the command line
    program: Path | None,
    members: Path | None,
    purchases: Path | None,
    redemptions: Path | None,
    returns: Path | None,
    feedback: Path | None,
    journey: Path | None,
    journal: Path | None,
    before: Path | None,
    as_demo: bool,  # noqa: FBT001 -- a flag of the command line
    out: Path,
    staff_out: Path | None,
    language: str,
) -> None:
    """
    Write one page that managers read in two minutes, and one for all staff.

    Spreadsheets are .xlsx or .csv; columns are found by their names, in English or Spanish: member, date, amount;
    cliente, fecha, importe. What is not given is left out, and the page says what would fill it.

    \b
    fidelity report --demo --out report.html
    fidelity report --program p.toml --purchases p.csv --members m.xlsx --feedback f.xlsx --out report.html
    """  # noqa: D301 -- \b is what click takes for lines that stay as they are
    from fidelity.cli.reporting import Asked, run
    from fidelity.reports.reading import Sources

    sources = Sources(
        purchases=purchases, members=members, redemptions=redemptions, returns=returns, feedback=feedback
    )  # fmt: skip
    given = [
        each for each in (program, members, purchases, redemptions, returns, feedback, journey, journal, before) if each
    ]
    if as_demo and given:
        message = f"it brings its own data; leave {given[0].name} out, or leave --demo out"
        raise click.BadParameter(message, param_hint="--demo")
    if not as_demo and program is None:
        message = "name a program file, or write --demo"
        raise click.BadParameter(message, param_hint="--program")
    for option, page in (("--out", out), ("--staff-out", staff_out)):
        if page is not None and page.suffix.lower() not in {".html", ".htm"}:
            message = f"{page.name} is no page; name it {page.stem}.html"
            raise click.BadParameter(message, param_hint=option)
    asked = Asked(
        out=out, staff_out=staff_out, program=program, before=before, sources=sources, journey=journey, journal=journal,
        language=language,
    )  # fmt: skip
    try:
        run(Console(highlight=False), asked)
    except FidelityError as error:
        raise click.ClickException(explain_error(error, language)) from error


@app.command(short_help="Write a program file in another format.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("target", type=click.Path(exists=False, path_type=Path))
def convert(file: Path, target: Path) -> None:
    """Write the program in FILE to TARGET, which is new: .toml, .yaml or .json. Comments do not come along."""
    if target.exists():
        message = f"{target} is there already; name a new file"
        raise click.BadParameter(message, param_hint="TARGET")
    try:
        save(load(file), target)
    except FidelityError as error:
        raise click.ClickException(str(error)) from error


@app.command(short_help="Print the JSON Schema of program files, for editors.")
def schema() -> None:
    """Print the JSON Schema of program files: with it an editor checks a program while it is written."""
    click.echo(json.dumps(Program.json_schema(), indent=2, ensure_ascii=False))
