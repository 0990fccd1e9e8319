"""A program in TOML, YAML and JSON is the same program, and a person can read each of them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given

from fidelity.errors import ProgramError
from fidelity.program_files import load, save
from fidelity.rules.program import Program
from fidelity.rules.spelling.files import FORMATS, program_from_text, text_of_program
from fidelity.rules.spelling.json_schema import json_schema
from fidelity.rules.spelling.parts import PROGRAM
from fidelity.rules.spelling.toml_text import toml_text
from fidelity.testing import examples
from fidelity.testing.strategies import programs
from tests.rules.everything import everything

EVERY = [everything, *(made for name in examples.__all__ if not isinstance(made := getattr(examples, name), type))]


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("make", EVERY, ids=lambda make: make.__name__)
def test_every_form_gives_the_same_program_back(make, suffix, tmp_path):
    program, file = make(), tmp_path / f"program{suffix}"

    save(program, file)

    assert load(file) == program
    assert load(file).digest == program.digest


@given(programs())
def test_every_program_there_is_goes_through_every_form(program):
    for suffix in (".toml", ".json", ".yaml"):
        assert program_from_text(text_of_program(program, suffix), suffix).digest == program.digest


def test_everything_that_can_be_said_is_said_in_one_program():
    """When a key is added to a program, `everything` says it too."""
    assert {key.name for key in PROGRAM.keys} - everything().to_dict().keys() == set()


def test_everything_is_valid_and_explains_itself():
    jsonschema = pytest.importorskip("jsonschema", reason="outside: jsonschema is not installed")
    program = everything()

    jsonschema.Draft202012Validator(json_schema()).validate(json.loads(program.to_json()))
    for language in ("en", "es-MX", "es-ES"):
        assert program.explain(language)


def test_a_condition_in_toml_needs_no_backslash():
    text = text_of_program(examples.supermarket(), ".toml")

    assert """'line.category in ("tobacco", "gift card")'""" in text
    assert "\\" not in text


@pytest.mark.parametrize(
    "plain",
    [
        {"a": 'it\'s "both"', "b": "tab\there", "c": "é", "d": "\x7f", "e": "line\nbreak"},
        {"x y": {"z.w": 1, '"': [1, "two", True]}, "": 5},
        {"list": [{"a": {"b": {"c": 1}}}, {"a": {}}], "empty": [], "none": {}},
        {"long": ["x" * 60, "y" * 60, "z" * 60]},
        {"one": {"two": [{"three": "x" * 150}]}},
    ],
)
def test_toml_keeps_every_value_as_it_is(plain):
    assert FORMATS[".toml"](toml_text(plain)) == plain


def test_a_suffix_that_is_no_format_is_refused():
    with pytest.raises(ProgramError, match="no format of programs"):
        text_of_program(examples.aurora(), ".ini")
    with pytest.raises(ProgramError, match="no format of programs"):
        Program.from_dict(program_from_text("", ".ini"))
