"""Reading program text: JSON, TOML, YAML. Size and depth are checked before any of it is parsed.

Text in, program out: who reads the file itself is the shell's business (`fidelity.load`).
"""

from __future__ import annotations

import json
import re
import tomllib
from typing import TYPE_CHECKING, Any, NoReturn

from fidelity._optional import require
from fidelity.errors import Problem, ProgramError
from fidelity.rules.codec import from_dict

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["FORMATS", "MAX_FILE", "program_from_text", "read_json", "read_toml", "read_yaml"]

#: Bytes of a program file.
MAX_FILE = 1_000_000
#: Levels of nesting; a program needs 40 at most.
MAX_LEVELS = 100
#: Digits in a row outside texts; numbers of a program have 18 at most.
_LONG_NUMBER = re.compile(r"[0-9]{400}")
#: How far `_levels` looks: brackets outside quotes.
_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]')


def _refuse(message: str, remedy: str = "", *, code: str = "file") -> NoReturn:
    raise ProgramError([Problem("", message, remedy, code=code)])


def _check(text: str) -> None:
    size = len(text)
    if size > MAX_FILE:
        _refuse(
            f"the file has {size:,} characters where {MAX_FILE:,} are allowed", "split the program", code="too large"
        )
    depth = deepest = 0
    for match in _BRACKETS.finditer(text):
        bracket = match.group()
        if bracket in "[{":
            depth += 1
            deepest = max(deepest, depth)
            if deepest > MAX_LEVELS:
                _refuse(f"more than {MAX_LEVELS} levels of brackets", "write it flatter", code="too large")
        elif bracket in "]}":
            depth -= 1
    if _LONG_NUMBER.search(text):
        _refuse("a number with hundreds of digits", "numbers have 18 digits at most", code="too large")


def _no_constant(name: str) -> NoReturn:
    _refuse(f"{name} is not a number that can be counted exactly", "write an exact number")


def _no_float(text: str) -> NoReturn:
    _refuse(f"{text[:40]} is not exact here", f'write it as text: "{text[:40]}"')


def _no_repeat(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    held = dict(pairs)
    if len(held) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        _refuse(f"the key {twice!r:.60} stands twice in one table", "keep one of them")
    return held


def read_json(text: str) -> dict[str, Any]:
    """The table that JSON *text* spells; floats, NaN, infinities and repeated keys are refused."""
    _check(text)
    try:
        plain = json.loads(text, parse_constant=_no_constant, parse_float=_no_float, object_pairs_hook=_no_repeat)
    except (json.JSONDecodeError, RecursionError) as error:
        _refuse(f"this is not JSON: {error}")
    return _table(plain)


def read_toml(text: str) -> dict[str, Any]:
    """The table that TOML *text* spells; floats are refused."""
    _check(text)
    # A dotted key nests by dots, which no bracket shows.
    if any(line.count(".") > MAX_LEVELS for line in text.splitlines() if '"' not in line.partition("=")[0]):
        if any(line.partition("=")[0].count(".") > MAX_LEVELS for line in text.splitlines()):
            _refuse(f"a key with more than {MAX_LEVELS} dots", "write it flatter", code="too large")
    try:
        plain = tomllib.loads(text, parse_float=_no_float)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        _refuse(f"this is not TOML: {error}")
    return _table(plain)


def read_yaml(text: str) -> dict[str, Any]:
    """The table that YAML *text* spells; aliases, tags and floats are refused."""
    _check(text)
    yaml = require("yaml", extra="yaml", purpose="reading YAML")
    loader = yaml.SafeLoader
    levels = 0
    try:
        for event in yaml.parse(text, Loader=loader):
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                _refuse("YAML anchors and aliases can make a small file huge", "write the value out", code="too large")
            if getattr(event, "tag", None) and isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent):
                _refuse(f"the YAML tag {event.tag!r:.40} is not read", "write plain values")
            levels += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if levels > MAX_LEVELS:
                _refuse(f"more than {MAX_LEVELS} levels", "write it flatter", code="too large")
        plain = yaml.load(text, Loader=loader)  # noqa: S506 -- the safe loader, on text without tags or aliases
    except yaml.YAMLError as error:
        _refuse(f"this is not YAML: {str(error)[:200]}")
    except (ValueError, RecursionError) as error:
        _refuse(f"this is not YAML: {str(error)[:200]}")
    return _table(plain)


def _table(plain: Any) -> dict[str, Any]:
    if not isinstance(plain, dict):
        _refuse(f"a program is a table of named values, not {type(plain).__name__}")
    return plain


FORMATS = {".json": read_json, ".toml": read_toml, ".yaml": read_yaml, ".yml": read_yaml}


def program_from_text(text: str, suffix: str) -> Program:
    """
    The program that *text* spells in the format of *suffix*: ``".toml"``, ``".json"`` or ``".yaml"``.

    Raises:
        ProgramError: With every problem of the text, each with its path and remedy.
        MissingExtra: For YAML without the extra ``yaml``.
    """
    read = FORMATS.get(suffix.lower())
    if read is None:
        _refuse(f"{suffix or 'no suffix'} is no format of programs", f"use {', '.join(FORMATS)}")
    found: Program = from_dict(read(text))
    return found
