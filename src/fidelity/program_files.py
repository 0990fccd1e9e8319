"""Program files: the one place that opens and writes them."""

from __future__ import annotations

from pathlib import Path

from fidelity.errors import Problem, ProgramError
from fidelity.rules.program import Program
from fidelity.rules.spelling.files import MAX_FILE, program_from_text, text_of_program

__all__ = ["load", "save"]


def load(path: str | Path) -> Program:
    """
    The program that a file holds: TOML, JSON, or YAML with the extra ``yaml``.

    Raises:
        ProgramError: With every problem of the file, each with its path and remedy.
        OSError: If the file cannot be opened.
    """
    file = Path(path)
    with file.open("rb") as source:
        # One byte more than allowed tells that there are more, without reading them.
        raw = source.read(MAX_FILE + 1)
    if len(raw) > MAX_FILE:
        message = f"{file.name} has more than {MAX_FILE:,} bytes"
        raise ProgramError([Problem("", message, "split the program", code="too large")])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"{file.name} is not UTF-8 text (byte {error.start})"
        raise ProgramError([Problem("", message, "save it as UTF-8")]) from None
    return program_from_text(text, file.suffix)


def save(program: Program, path: str | Path) -> None:
    """
    Write *program* to a file, for people to read and change: TOML, JSON, or YAML with the extra ``yaml``.

    Raises:
        ProgramError: If the suffix of the file is no format of programs.
        OSError: If the file cannot be written.
    """
    file = Path(path)
    text = text_of_program(program, file.suffix)
    file.write_text(text, encoding="utf-8")
