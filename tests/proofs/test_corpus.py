"""The corpus of labelled programs that stands beside this project: asked as it is meant, and judged right throughout."""

from __future__ import annotations

import importlib
import json
import random
import sys
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from fidelity.language.interpret import interpret
from fidelity.language.kinds import Choice
from fidelity.language.resolve import resolve_condition, resolve_number
from fidelity.language.schema import Schema
from fidelity.proofs.engines.deciding import decide
from fidelity.proofs.finding import PROPERTIES
from fidelity.proofs.obligation import Obligation
from tests.proofs.corpus import judged, main, obligations, read
from tests.proofs.loading import loaded
from tests.proofs.neutral import Translator, kind_of

#: Programs of our own, in the same form.
OWN = read(Path(__file__).with_name("programs.json"))
CORPUS = Path(__file__).resolve().parents[3] / "shared" / "cases" / "proofs"
#: The days from 1970-01-01, from which the library counts, to 2000-01-01, from which the corpus does.
EPOCHS_APART = 10_957


@pytest.fixture(scope="module")
def entries() -> list[dict[str, Any]]:
    if not CORPUS.exists():
        pytest.skip("outside: the corpus of labelled programs is not beside this project")
    return read(CORPUS / "programs.json")


@pytest.fixture(scope="module")
def reference() -> Iterator[tuple[ModuleType, ModuleType]]:
    """The definitions of expressions and of properties."""
    if not CORPUS.exists():
        pytest.skip("outside: the corpus of labelled programs is not beside this project")
    written, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    sys.path.insert(0, str(CORPUS))
    yield importlib.import_module("reference_lang"), importlib.import_module("reference_props")
    sys.path.remove(str(CORPUS))
    sys.dont_write_bytecode = written


@pytest.mark.parametrize("scale", [1, 100_000])
def test_no_label_is_missed_without_a_solver(entries: list[dict[str, Any]], scale: int) -> None:
    asked = partial(decide, engines=("structure", "regions"))

    found = [each for entry in entries for each in judged(entry, asked, scale)]

    assert [each for each in found if each.outcome == "wrong"] == []
    unknown = [each for each in found if each.outcome == "unknown"]
    assert len(unknown) <= len(found) * (0.05 if scale == 1 else 0.12)


@pytest.mark.parametrize("scale", [1, 100_000])
@pytest.mark.parametrize("program", OWN, ids=[each["id"] for each in OWN])
def test_no_label_of_our_own_programs_is_missed(program: dict[str, Any], scale: int) -> None:
    """Each was labelled by hand: floors of several denominators, caps, tiers, windows, pace, refunds, grace, doors."""
    asked = partial(decide, engines=("structure", "regions"))

    found = list(judged(program, asked, scale))

    assert [(each.about, each.verdict) for each in found if each.outcome != "right"] == []
    assert [each.about for each in found] == list(program["labels"])


def test_our_own_programs_hold_every_kind_of_promise() -> None:
    kinds = {label.partition(":")[0] for each in OWN for label in each["labels"]}
    refuted = {name.partition(":")[0] for each in OWN for name in each["fails"]}

    assert set(PROPERTIES) - kinds == {"P9.assume"}
    assert kinds == refuted


def test_the_command_prints_a_line_for_each_kind_and_says_whether_all_is_well(
    entries: list[dict[str, Any]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = entries[0] | {"labels": {"P5.base": {"holds": False}, "P2.open": {"holds": True}}}
    (tmp_path / "wrong.json").write_text(json.dumps([wrong]), encoding="utf-8")
    (tmp_path / "right.json").write_text(
        json.dumps([wrong | {"labels": {"P2.open": {"holds": True}}}]), encoding="utf-8"
    )

    assert main([str(tmp_path / "wrong.json"), "--without-z3", "--verbose"]) == 1
    told = capsys.readouterr().out
    assert main([str(tmp_path / "right.json"), "--without-z3"]) == 0

    assert [line.split() for line in told.splitlines() if line.startswith("P")] == [
        ["P2.open", "1", "0", "0"],
        ["P5.base", "0", "1", "0"],
    ]
    assert "wrong: c01 P5.base: proved" in told


def test_every_question_is_the_one_that_the_definitions_ask(
    entries: list[dict[str, Any]], reference: tuple[ModuleType, ModuleType]
) -> None:
    language, properties = reference
    for entry in entries:
        made, program = properties.Prog(entry["programme"]), loaded(entry)
        meant = {each.prop: each for each in properties.vcs(made)}
        if entry.get("v2"):
            meant["P8.equiv"] = properties.diff_vc(made, properties.Prog(entry["v2"]))
        asked = {each.id: each for each in obligations(program)}
        paths = {name: path for path, name in program.names.items()}

        assert set(asked) == set(meant)
        for name, each in meant.items():
            assert (each.sat == "ok") == (asked[name].wants == "some")
            _same(language, each, asked[name], paths)


def _same(language: ModuleType, meant: Any, asked: Obligation, paths: Mapping[str, str]) -> None:
    chance = random.Random(asked.id)  # noqa: S311 -- samples, not secrets
    for _ in range(25):
        known = {name: _some(field, chance) for name, field in meant.F.items()}
        values = {_path(name, paths): value for name, value in known.items()}
        for name, field in meant.F.items():
            if field["type"] == "date":
                values[_path(name, paths)] = known[name] + EPOCHS_APART
        assert interpret(asked.query, values) == language.ref(meant.query, known, meant.F), (asked.id, known)
        for shown, term in meant.show.items():
            assert interpret(asked.shows[shown], values) == language.ref(term, known, meant.F), (asked.id, shown, known)


def _path(name: str, paths: Mapping[str, str]) -> str:
    """The path of a field of the definitions, where a second copy ends in ``2`` or in ``_b``."""
    return paths[name] if name in paths else f"{paths[name.removesuffix('2').removesuffix('_b')]}'"


def _some(field: Mapping[str, Any], chance: random.Random) -> Any:
    match field["type"]:
        case "enum":
            return chance.choice(field["values"])
        case "bool":
            return chance.random() < 1 / 2
        case "set":
            return frozenset(each for each in field["values"] if chance.random() < 1 / 2)
    return chance.choice((field["lo"], field["hi"], chance.randint(field["lo"], field["hi"])))


#: Fields of every type, for expressions that the corpus itself does not have.
FIELDS: dict[str, dict[str, Any]] = {
    "a": {"type": "int", "min": -20, "max": 50},
    "t": {"type": "enum", "values": ["x", "y", "z"]},
    "u": {"type": "enum", "values": ["x", "y", "z"]},
    "f": {"type": "bool"},
    "d": {"type": "date", "min": "2025-11-15", "max": "2026-03-20"},
    "e": {"type": "date", "min": "2026-01-01", "max": "2026-02-28"},
    "s": {"type": "set", "values": ["p", "q"]},
}
EXPRESSIONS: list[Any] = [
    ["+", "$a", ["q", 1, 3], 2], ["-", "$d", ["d", "2026-01-10"]], ["-", "$d", "$e"], ["neg", "$a"],
    ["*", ["q", 1, 10], ["table", "$t", {"x": 1, "y": ["q", 5, 4], "z": 2}], "$a"], ["/", "$a", ["q", 2, 3]],
    ["min", "$a", 10, ["neg", "$a"]], ["max", "$a"], ["floor", ["/", "$a", 7]], ["ceil", ["/", "$a", 7]],
    ["round", ["/", "$a", 2]], ["abs", ["-", "$a", 3]], ["mod", "$a", 7], ["mod", "$d", 5], ["count", "$s"],
    ["weekday", "$d"], ["month", "$d"], ["dom", "$e"], ["case", ["$f", 1], [["<", "$a", 0], 2], 3],
    ["table", "$t", {"x": "$a", "y": 0, "z": 1}], True, "$f", ["not", "$f"], ["and"], ["or"], ["and", "$f", True],
    ["or", ["=", "$t", "y"], ["<", "$t", "z"]], ["=>", "$f", [">", "$a", 0]], [">=", "x", "$u"], ["!=", "$t", "$u"],
    ["<", "$t", "$u"], ["<=", "$t", "z"], ["<", "$t", "x"], ["<=", ["d", "2026-01-05"], "$d"], ["<", "$d", "$e"],
    ["=", "$d", ["d", "2026-01-05"]], ["between", "$d", ["d", "2026-01-01"], ["d", "2026-01-31"]],
    ["between", "$a", 0, ["count", "$s"]], ["in", "$t", ["x", "z"]], ["in", "$a", [1, 2, 3]], ["=", "$f", False],
    ["!=", "$f", ["has", "$s", "p"]], ["case", ["$f", ["has", "$s", "q"]], False], ["<", 1, 2],
    ["=", ["weekday", "$d"], 5], ["in", ["month", "$d"], [1, 2]], ["table", "$t", {"x": True, "y": False, "z": "$f"}],
]  # fmt: skip


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=json.dumps)
def test_an_expression_says_the_same_in_the_rule_language(
    expression: Any, reference: tuple[ModuleType, ModuleType]
) -> None:
    language, _ = reference
    if isinstance(expression, list) and expression[0] == "case" and isinstance(expression[1][0], str):
        expression = ["case", [expression[1][0], expression[1][1]], *expression[2:]]
    paths = {name: f"sale.{name}" for name in FIELDS}
    kinds = {paths[name]: kind_of(field) for name, field in FIELDS.items()}
    assert isinstance(kinds["sale.t"], Choice)
    core, spelled = Translator(FIELDS, paths, core=True).read(expression), Translator(FIELDS, paths).read(expression)
    schema, condition = Schema("EUR", kinds), Translator(FIELDS, paths)._is_condition(expression)
    resolved = resolve_condition(spelled, schema) if condition else resolve_number(spelled, schema).node
    fields, chance = language.norm_fields(FIELDS), random.Random(1)  # noqa: S311 -- samples, not secrets

    for _ in range(60):
        known = {name: _some(field, chance) for name, field in fields.items()}
        values = {
            paths[name]: value + EPOCHS_APART if fields[name]["type"] == "date" else value
            for name, value in known.items()
        }
        meant = language.ref(language.tup(expression), known, fields)
        assert interpret(core, values) == meant
        assert interpret(resolved, values) == meant
