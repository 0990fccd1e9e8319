"""The commands and their options; what they print stands in rooms of their own."""

from __future__ import annotations

import json
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape

import fidelity
from fidelity.errors import FidelityError, ProgramError
from fidelity.program_files import load, save
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
