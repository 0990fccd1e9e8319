"""`fidelity prove` and `fidelity diff`, with the exit codes that a host's checks read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.text import Text

from fidelity.errors import EngineDisagreement, ProofError
from fidelity.proofs.finding import Standing
from fidelity.proofs.report import ProofReport
from fidelity.proving import diff, prove
from fidelity.rules.program import Program

__all__ = ["DISAGREE", "run_diff", "run_prove"]

#: What is answered where two engines, or an engine and the interpreter, do not agree.
DISAGREE = 3
_SIGNS = {"+": "green", "-": "bold red", "~": "yellow", "?": "yellow"}
_STYLES = {"✗": "bold red", "?": "yellow", "~": "magenta", "✓": "green", "!": "yellow"}


def run_prove(
    console: Console,
    program: Program,
    *,
    baseline: Path | None,
    fail_on: Sequence[Standing],
    engines: Sequence[str],
    seconds: float,
    html: Path | None,
    tests: tuple[Path, Path] | None,
    as_json: bool,
    language: str,
) -> int:
    """
    Prove *program*, show the report, write what is asked for, and give the exit code.

    Args:
        tests: The file of tests that is written, and the program file that they load.
    """
    try:
        report = prove(program, engines=engines, seconds=seconds, baseline=baseline)
    except EngineDisagreement as error:
        console.print(Text(str(error), style="bold red"))
        return DISAGREE
    try:
        if baseline is not None:
            baseline.write_text(report.to_json(), encoding="utf-8")
        if html is not None:
            html.write_text(report.to_html(language), encoding="utf-8")
        if tests is not None:
            written, file = tests
            report.as_tests(written, file=file)
    except OSError as error:
        message = f"{error.filename} cannot be written ({error.strerror})"
        raise ProofError(message) from error
    show(console, report, language, as_json=as_json)
    return report.exit_code([each for each in fail_on if each])


def show(console: Console, report: ProofReport, language: str, *, as_json: bool) -> None:
    """The report on the terminal."""
    if as_json:
        console.print(report.to_json(), markup=False, soft_wrap=True)
        return
    for line in report.explain(language).splitlines():
        console.print(Text(line, style=_STYLES.get(line[:1], "")), soft_wrap=True)


def run_diff(console: Console, old: Program, new: Program, *, seconds: float, as_json: bool, language: str) -> int:
    """Show what *new* gives otherwise than *old*, and give the exit code."""
    try:
        found = diff(old, new, seconds=seconds)
    except EngineDisagreement as error:
        console.print(Text(str(error), style="bold red"))
        return DISAGREE
    if as_json:
        console.print(found.to_json(), markup=False, soft_wrap=True)
        return found.exit_code
    for line in found.explain(language).splitlines():
        console.print(Text(line, style=_SIGNS.get(line[:1], "")), soft_wrap=True)
    return found.exit_code
