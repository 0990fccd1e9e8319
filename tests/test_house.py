"""The house rules that no linter knows."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HOUSE = ROOT / "src" / "fidelity"
ROOMS = sorted(path.relative_to(HOUSE).as_posix() for path in HOUSE.rglob("*.py"))

LONGEST = 400

# Generated code is compiled here and nowhere else; what goes in is a checked tree, never a text from outside.
GENERATORS = {"language/scalar.py"}
DYNAMIC = {"eval", "exec", "compile", "__import__"}

# Floor 5 and the top: shells, which may meet the world.
SHELLS = {
    "journals",
    "loyalty",
    "care_desk",
    "simulation",
    "cluster",
    "reports",
    "plots",
    "datasets",
    "testing",
    "cli",
    "proving",
}
WORLD_CALLS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("os", "environ"),
    ("os", "getenv"),
}
WORLD_MODULES = {"time", "locale"}


def tree(room):
    return ast.parse((HOUSE / room).read_text(encoding="utf-8"), filename=room)


def shell(room):
    return room.partition("/")[0].removesuffix(".py") in SHELLS


def dynamic_code(code):
    """Lines that run code made at run time. `re.compile` and methods of that name are something else."""
    for node in ast.walk(code):
        if isinstance(node, ast.Call):
            match node.func:
                case ast.Name(id=name) if name in DYNAMIC:
                    yield node.lineno, name
                case ast.Attribute(value=ast.Name(id="builtins"), attr=name) if name in DYNAMIC:
                    yield node.lineno, name


def named(node):
    """What *node* names outside of itself: (owner, name) for an attribute, (module, name) for each import."""
    match node:
        case ast.Attribute(value=ast.Name(id=owner) | ast.Attribute(attr=owner), attr=name):
            return [(owner, name)]
        case ast.Import(names=names):
            return [(alias.name, "") for alias in names]
        case ast.ImportFrom(module=module, names=names, level=0):
            return [(module, alias.name) for alias in names]
    return []


def world(code):
    """Lines that look at a clock, the environment or a locale."""
    for node in ast.walk(code):
        imports = isinstance(node, ast.Import | ast.ImportFrom)
        for owner, name in named(node):
            if (owner, name) in WORLD_CALLS or (imports and owner in WORLD_MODULES):
                yield node.lineno, f"{owner}.{name}".strip(".")


def test_the_house_has_rooms():
    assert "__init__.py" in ROOMS


def test_no_room_is_called_utils():
    nameless = re.compile(r"(^|/|_)(utils?|helpers?|misc|common)(\.py|/|_|$)")

    assert [room for room in ROOMS if nameless.search(room)] == []


def test_a_room_reads_in_one_sitting():
    lengths = {room: len((HOUSE / room).read_text(encoding="utf-8").splitlines()) for room in ROOMS}

    assert {room: length for room, length in lengths.items() if length > LONGEST} == {}


def test_every_folder_of_the_house_is_a_package():
    folders = {(HOUSE / room).parent for room in ROOMS}

    assert [folder.name for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


def test_only_the_generator_runs_generated_code():
    found = {room: list(dynamic_code(tree(room))) for room in ROOMS if room not in GENERATORS}

    assert {room: lines for room, lines in found.items() if lines} == {}


def test_below_the_shells_nothing_reads_a_clock_an_environment_or_a_locale():
    found = {room: list(world(tree(room))) for room in ROOMS if not shell(room)}

    assert {room: lines for room, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    ("line", "seen"),
    [
        ("datetime.now(tz)", True),
        ("datetime.datetime.now(tz)", True),
        ("date.today()", True),
        ("import time", True),
        ("from time import monotonic", True),
        ("os.environ['TZ']", True),
        ("from os import environ", True),
        ("import locale", True),
        ("datetime.combine(day, noon)", False),
        ("from datetime import time", False),
        ("period.now", False),
    ],
)
def test_a_look_at_the_world_is_seen(line, seen):
    assert bool(list(world(ast.parse(line)))) is seen


@pytest.mark.parametrize(
    ("line", "seen"),
    [
        ("eval(text)", True),
        ("builtins.exec(text)", True),
        ("compile(text, name, 'exec')", True),
        ("re.compile(text)", False),
    ],
)
def test_a_run_of_made_code_is_seen(line, seen):
    assert bool(list(dynamic_code(ast.parse(line)))) is seen


def test_the_test_extra_and_the_test_group_ask_for_the_same():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"]["optional-dependencies"]

    def opened(requirement):
        match = re.fullmatch(r"fidelity-loyalty\[([\w,-]+)\]", requirement)
        if match is None:
            return {requirement}
        return {inner for extra in match[1].split(",") for each in extras[extra] for inner in opened(each)}

    assert set().union(*map(opened, extras["dev-test"])) == set(project["dependency-groups"]["test"])


def test_every_python_block_of_the_docs_is_one_that_runs():
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    other_names = re.compile(r"^\s*(?:`{3,}|~{3,}|:{3,})\s*\{?(py|py3|python3|pycon|ipython3?)\b", re.MULTILINE)

    assert [page.name for page in pages if other_names.search(page.read_text(encoding="utf-8"))] == []
