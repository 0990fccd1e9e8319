"""The JSON Schema of program files: it takes what the codec takes, and says where it does not."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from fidelity.errors import FidelityError
from fidelity.rules.program import Program
from fidelity.rules.spelling.files import FORMATS, read_toml
from fidelity.rules.spelling.parts import PROGRAM
from fidelity.rules.spelling.shapes import REQUIRED, Inexact
from fidelity.testing import examples
from tests.rules.programs import plain

ROOT = Path(__file__).parents[2]
SCHEMA = Program.json_schema()
VALIDATOR = Draft202012Validator(SCHEMA)
PRESETS = [made for name in examples.__all__ if not isinstance(made := getattr(examples, name), type)]


def written(value):
    """*value* as JSON has it: days are texts, and a decimal number is one."""
    if isinstance(value, dict):
        return {key: written(each) for key, each in value.items()}
    if isinstance(value, list):
        return [written(each) for each in value]
    if isinstance(value, Inexact):
        return float(value.text)
    return value.isoformat() if isinstance(value, date) else value


def found(data):
    """What is wrong, each with its path as `fidelity check` writes it."""
    return sorted(
        (each.json_path.removeprefix("$").removeprefix("."), each.message) for each in VALIDATOR.iter_errors(data)
    )


def program_files():
    """Every whole program in a file of this repository or on a page of its docs, unless it is wrong on purpose."""
    for name, suffix, text in spelled():
        try:
            data = FORMATS[suffix](text)
            Program.from_dict(data)
        except FidelityError:
            continue
        yield pytest.param(data, id=name)


def spelled():
    for path in sorted(
        [*ROOT.glob("tests/**/*.toml"), *ROOT.glob("docs/**/*.toml"), *ROOT.glob("benchmarks/**/*.json")]
    ):
        yield path.name, path.suffix, path.read_text()
    for path in sorted([*ROOT.glob("docs/**/*.md"), ROOT / "README.md"]):
        for suffix, text in re.findall(r"```(toml|yaml|json)\n(.*?)```", path.read_text(), re.DOTALL):
            yield f"{path.name}.{suffix}", f".{suffix}", text


def test_the_schema_is_one_of_draft_2020_12():
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA


@pytest.mark.parametrize("make", PRESETS, ids=lambda make: make.__name__)
def test_every_example_is_valid(make):
    assert found(make().to_dict()) == []


@pytest.mark.parametrize("data", list(program_files()))
def test_every_program_file_of_tests_and_docs_is_valid(data):
    assert found(written(data)) == []


def test_every_key_is_in_the_schema_with_a_sentence_on_it():
    def keys(part, path):
        for name, schema in part["properties"].items():
            yield f"{path}.{name}", schema

    told = [*keys(SCHEMA, "program")]
    for name, part in SCHEMA["$defs"].items():
        told += keys(part, name) if "properties" in part else []

    assert {key.name for key in PROGRAM.keys} <= SCHEMA["properties"].keys()
    assert [path for path, schema in told if not schema.get("description")] == []


def test_what_is_required_is_what_the_codec_requires():
    assert set(SCHEMA["required"]) == {key.name for key in PROGRAM.keys if key.default is REQUIRED}


@pytest.mark.parametrize(
    ("parts", "path"),
    [
        ({"expirry": "12 months"}, ""),
        ({"version": 1}, "version"),
        ({"format": 2}, "format"),
        ({"rounding": "flor"}, "rounding"),
        ({"basis_without": "tax"}, "basis_without"),
        ({"excludes": "line.category == 'x'"}, "excludes"),
        ({"membership_fee": "10 EUR"}, "membership_fee"),
        ({"earn": {"name": "base", "points": 1}}, "earn"),
        ({"earn": ["base"]}, "earn[0]"),
        ({"earn": [{"points": 1}]}, "earn[0]"),
        ({"earn": [{"name": "base", "pionts": 1}]}, "earn[0]"),
        ({"earn": [{"name": "base", "points": 1, "when": 3}]}, "earn[0].when"),
        ({"earn": [{"name": "base", "points": 1, "when": {"adn": []}}]}, "earn[0].when"),
        ({"earn": [{"name": "base", "points": 1, "during": ["2026-02-01"]}]}, "earn[0].during"),
        ({"earn": [{"name": "base", "points": 1.5}]}, "earn[0].points"),
        ({"earn": [{"group": "g", "rules": [{"name": "a", "points": 1, "on": 5}]}]}, "earn[0].rules[0].on"),
        ({"earn": [{"group": "g"}]}, "earn[0]"),
        ({"rewards": [{"name": "x"}]}, "rewards[0]"),
        ({"rewards": [{"name": "x", "cost": 5, "worth": 5}]}, "rewards[0].worth"),
        ({"rewards": [{"name": "x", "cost": 5, "legal": [{"kind": "age"}]}]}, "rewards[0].legal[0]"),
        ({"tiers": {"tiers": [{"name": "A"}], "counts": "visits", "falls": 1}}, "tiers.falls"),
        ({"tiers": {"counts": "visits"}}, "tiers"),
        ({"wallets": [{"name": "s", "clawback": "all"}]}, "wallets[0].clawback"),
        ({"measures": [{"name": "m", "total": "purchase.amount"}]}, "measures[0]"),
        ({"events": {"flight": {"miles": {"type": "hole"}}}}, "events.flight.miles.type"),
        ({"words": {"fr": {}}}, "words"),
        ({"limits": {"splits": 3}}, "limits"),
        ({"waivers": [{"property": "P4"}]}, "waivers[0]"),
    ],
)
def test_what_the_codec_refuses_for_its_shape_is_refused_where_it_stands(parts, path):
    data = {**plain(), **parts}

    with pytest.raises(FidelityError):
        Program.from_dict(data)
    assert path in [place for place, _ in found(data)]


@pytest.mark.parametrize("missing", ["name", "version", "currency", "timezone", "earn"])
def test_what_is_missing_is_named(missing):
    data = plain()
    del data[missing]

    assert found(data) == [("", f"'{missing}' is a required property")]


def test_a_file_may_name_its_schema_for_the_editor():
    data = {"$schema": "./program.schema.json", **plain()}

    assert found(data) == []
    assert Program.from_dict(data) == Program.from_dict(plain())


def test_a_charge_of_nothing_is_no_mistake():
    assert found({**plain(), "membership_fee": 0}) == []


def test_a_condition_is_a_text_of_bounded_length_or_a_tree():
    rule = {"name": "base", "points": 1}
    tree = {"==": [{"field": "purchase.channel"}, "app"]}

    assert found(plain(earn=[{**rule, "when": tree}])) == []
    assert found(plain(earn=[{**rule, "when": "purchase.channel == 'app'"}])) == []
    assert found(plain(earn=[{**rule, "when": " "}])) != []
    assert found(plain(earn=[{**rule, "when": "x" * 5_000}])) != []


def test_toml_has_the_same_shape():
    text = (ROOT / "docs" / "how-to" / "write-a-program-file.md").read_text()
    spelled = re.search(r"```toml\n(.*?)```", text, re.DOTALL)

    assert spelled is not None
    assert found(written(read_toml(spelled[1]))) == []
