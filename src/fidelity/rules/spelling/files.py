"""Reading program text: JSON, TOML, YAML. Size and depth are checked before any of it is parsed.

Text in, program out: who reads the file itself is the shell's business (`fidelity.load`).
"""

from __future__ import annotations

import json
import re
import tomllib
from functools import cache
from typing import TYPE_CHECKING, Any, NoReturn

from fidelity._optional import require
from fidelity.errors import Problem, ProgramError
from fidelity.rules.spelling.codec import from_dict
from fidelity.rules.spelling.shapes import Inexact
from fidelity.rules.spelling.toml_text import toml_text
from fidelity.values.spelling import shown

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = [
    "FORMATS", "MAX_FILE", "MAX_WRITTEN", "program_from_text", "read_json", "read_toml", "read_yaml", "text_of_program",
]  # fmt: skip

#: Bytes of a program file.
MAX_FILE = 1_000_000
#: Characters of a file in a format that people write by hand; their readers are a hundred times slower than JSON's.
MAX_WRITTEN = 64_000
#: Levels of nesting; a program needs 40 at most.
MAX_LEVELS = 100
#: Parts of a dotted key.
MAX_DOTS = 16
#: Long numbers in any spelling: digits, with _ between them, in other bases, in base 60.
_LONG_NUMBER = re.compile(r"(?<![\w:.])[0-9][0-9_:]{59}|(?<!\w)0[xobXOB][0-9A-Fa-f_]{60}")
_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*+(?:"|\Z)', re.DOTALL)
_ALL_BUT_BRACKETS = re.compile(r"[^][{}]+")
_RUN = re.compile(r"[\[{]+|[\]}]+")


def _refuse(message: str, remedy: str = "", *, code: str = "file") -> NoReturn:
    raise ProgramError([Problem("", message, remedy, code=code)])


def _check(text: str, most: int, remedy: str) -> None:
    if len(text) > most:
        _refuse(f"the file has {len(text):,} characters where {most:,} are allowed", remedy, code="too large")
    if _LONG_NUMBER.search(text):
        _refuse("a number of 60 digits or more", "numbers have 18 digits at most", code="too large")


def _check_levels(text: str) -> None:
    """Refuse JSON that is nested too deeply, whether its brackets match or not."""
    brackets = _ALL_BUT_BRACKETS.sub("", _STRING.sub("", text))
    # Tables of plain values close at once and need no counting; the rest is counted run by run.
    depth = 0
    for run in _RUN.finditer(brackets.replace("{}", "").replace("[]", "")):
        opened = run.group()
        depth += len(opened) if opened[0] in "[{" else -len(opened)
        if depth > MAX_LEVELS:
            _refuse(f"more than {MAX_LEVELS} levels of brackets", "write it flatter", code="too large")


def _no_constant(name: str) -> NoReturn:
    _refuse(f"{name} is not a number that can be counted exactly", "write an exact number")


def _inexact(text: str) -> Inexact:
    return Inexact(text[:40])


def _no_repeat(pairs: list[tuple[Any, Any]]) -> dict[Any, Any]:
    held = dict(pairs)
    if len(held) != len(pairs):
        seen: set[object] = set()
        for key, _ in pairs:
            if key in seen:
                _refuse(f"the key {shown(key)} stands twice in one table", "keep one of them")
            seen.add(key)
    return held


def read_json(text: str) -> dict[str, Any]:
    """The table that JSON *text* spells; floats, NaN, infinities and repeated keys are refused."""
    _check(text, MAX_FILE, "split the program")
    _check_levels(text)
    try:
        plain = json.loads(text, parse_constant=_no_constant, parse_float=_inexact, object_pairs_hook=_no_repeat)
    except (ValueError, RecursionError) as error:
        _refuse(f"this is not JSON: {error}")
    return _table(plain)


def read_toml(text: str) -> dict[str, Any]:
    """The table that TOML *text* spells; floats are refused."""
    _check(text, MAX_WRITTEN, "write a program of this size as JSON")
    # A dotted key nests by dots.
    keys = (line.partition("=")[0] for line in text.splitlines() if not line.lstrip().startswith("#"))
    if any(key.count(".") > MAX_DOTS and key.count(" ") < MAX_DOTS for key in keys):
        _refuse(f"a key with more than {MAX_DOTS} dots", "write it flatter", code="too large")
    try:
        plain = tomllib.loads(text, parse_float=_inexact)
    except ProgramError:
        raise
    except (ValueError, RecursionError) as error:
        _refuse(f"this is not TOML: {str(error)[:200]}")
    return _table(plain)


def read_yaml(text: str) -> dict[str, Any]:
    """
    The table that YAML *text* spells; aliases, tags, floats and repeated keys are refused.

    Only ``true`` and ``false`` are flags: ``on:`` is the key of a rule, and ``no`` a text.
    """
    _check(text, MAX_WRITTEN, "write a program of this size as JSON")
    yaml = require("yaml", extra="yaml", purpose="reading YAML")
    loader = _yaml_loader()
    try:
        _check_yaml(text, yaml, loader)
        plain = yaml.load(text, Loader=loader)
    except ProgramError:
        raise
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        _refuse(f"this is not YAML: {str(error)[:200]}")
    return _table(plain)


def _check_yaml(text: str, yaml: Any, loader: Any) -> None:
    levels = 0
    for event in yaml.parse(text, Loader=loader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            _refuse("YAML anchors and aliases can make a small file huge", "write the value out", code="too large")
        if getattr(event, "tag", None) and isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent):
            _refuse(f"the YAML tag {event.tag!r:.40} is not read", "write plain values")
        levels += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if levels > MAX_LEVELS:
            _refuse(f"more than {MAX_LEVELS} levels", "write it flatter", code="too large")


@cache
def _yaml_loader() -> Any:
    """A safe loader that reads plain values only: texts, whole numbers, days, true and false, nothing."""
    yaml = require("yaml", extra="yaml", purpose="reading YAML")
    base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    prefix = "tag:yaml.org,2002:"

    class Loader(base):  # type: ignore[misc]  # an optional package has no types here
        yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 -- yaml's own class attribute

    def whole(loader: Any, node: Any) -> int:
        text = loader.construct_scalar(node)
        if re.fullmatch(r"[-+]?(?:0|[1-9][0-9]*)", text) is None:
            _refuse(
                f"{text[:40]} is not a whole number as it is written here", "write plain digits, or quotes around it"
            )
        return int(text)

    def decimal(loader: Any, node: Any) -> Inexact:
        return _inexact(loader.construct_scalar(node))

    def table(loader: Any, node: Any) -> dict[Any, Any]:
        pairs = loader.construct_pairs(node, deep=True)
        for key, _ in pairs:
            if isinstance(key, list | dict):
                _refuse("a key of a table is a list or a table", "a key is a text")
        return _no_repeat(pairs)

    known = {"int": "-+0123456789", "float": "-+0123456789.", "null": "~nN\0", "timestamp": "0123456789"}
    inherited: dict[str, list[Any]] = base.yaml_implicit_resolvers
    for name, firsts in known.items():
        patterns = {pattern for rows in inherited.values() for tag, pattern in rows if tag == prefix + name}
        for pattern in patterns:
            Loader.add_implicit_resolver(prefix + name, pattern, ["" if each == "\0" else each for each in firsts])
    Loader.add_implicit_resolver(prefix + "bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF"))
    Loader.add_constructor(prefix + "int", whole)
    Loader.add_constructor(prefix + "float", decimal)
    Loader.add_constructor(prefix + "map", table)
    return Loader


def _table(plain: object) -> dict[str, Any]:
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


def text_of_program(program: Program, suffix: str) -> str:
    """
    *program* as a person would write it in the format of *suffix*; `program_from_text` reads the same program back.

    Raises:
        ProgramError: If the suffix is no format of programs.
        MissingExtra: For YAML without the extra ``yaml``.
    """
    # Through the canonical text: every part is a plain value of its own.
    plain = json.loads(program.to_json())
    plain = {key: plain[key] for key in program.to_dict() if key != "format"}
    match suffix.lower():
        case ".toml":
            return toml_text(plain)
        case ".json":
            return json.dumps(plain, indent=2, ensure_ascii=False) + "\n"
        case ".yaml" | ".yml":
            yaml = require("yaml", extra="yaml", purpose="writing YAML")
            text: str = yaml.safe_dump(plain, sort_keys=False, allow_unicode=True, width=120)
            return text
    _refuse(f"{suffix or 'no suffix'} is no format of programs", f"use {', '.join(FORMATS)}")
