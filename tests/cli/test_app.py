"""The command itself: its version, a program file checked, and what it says when its packages are missing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import fidelity
from fidelity.cli.app import app
from fidelity.testing import examples

SRC = Path(__file__).parents[2] / "src"

CAFE = """
name = "Café Aurora"
version = "2026-01"
currency = "EUR"
timezone = "Europe/Madrid"
expiry = "12 months"

[[earn]]
name = "base"
gives = "points(1, per='1 EUR')"

[[rewards]]
name = "free coffee"
cost = 120
"""


def test_it_tells_its_version():
    result = CliRunner().invoke(app, ["--version"])

    assert result.output == f"fidelity, version {fidelity.__version__}\n"


def test_a_sound_program_shows_its_audit_and_class(tmp_path):
    file = tmp_path / "cafe.json"
    file.write_text(fidelity.Program("Café Aurora", version="1", currency="EUR", timezone="Europe/Madrid", earn=[
        fidelity.EarnRule("base", fidelity.points(1, per="1 EUR")),
    ]).to_json(), encoding="utf-8")  # fmt: skip

    result = CliRunner().invoke(app, ["check", str(file)])

    assert result.exit_code == 0, result.output
    assert "✓ cafe.json: Café Aurora, version 1" in result.output
    assert "class A" in result.output


def test_every_problem_of_a_program_is_told_at_once(tmp_path):
    file = tmp_path / "cafe.toml"
    file.write_text(CAFE.replace("Europe/Madrid", "Europe/Madird").replace("cost = 120", "cost = -1"), encoding="utf-8")

    result = CliRunner().invoke(app, ["check", str(file)])

    assert result.exit_code == 1
    assert "Europe/Madrid" in result.output
    assert "rewards[0]" in result.output
    assert "✗ cafe.toml" in result.output


@pytest.mark.parametrize("language", ["es-MX", "es-ES"])
def test_problems_and_remedies_are_told_in_spanish(tmp_path, language):
    file = tmp_path / "cafe.toml"
    file.write_text(CAFE.replace("Europe/Madrid", "Europe/Madird").replace("cost = 120", "cost = -1"), encoding="utf-8")

    result = CliRunner().invoke(app, ["check", str(file), "--language", language])

    assert result.exit_code == 1
    assert '¿quisiste decir "Europe/Madrid"?' in result.output
    assert "✗ cafe.toml: 3 problemas" in result.output
    assert "did you mean" not in result.output


def test_a_sound_program_is_audited_in_spanish(tmp_path):
    file = tmp_path / "cafe.json"
    file.write_text(examples.stamp_card().to_json(), encoding="utf-8")

    result = CliRunner().invoke(app, ["check", str(file), "--language", "es-MX"])

    assert result.exit_code == 0
    assert "✓ cafe.json: Ten coffees, versión 2026" in result.output
    assert "clase A (fila: el evento y los datos dados)" in result.output


@pytest.mark.parametrize("suffix", [".toml", ".yaml", ".json"])
def test_a_program_is_written_in_another_format(tmp_path, suffix):
    file, target = tmp_path / "cafe.json", tmp_path / f"new{suffix}"
    file.write_text(examples.aurora().to_json(), encoding="utf-8")

    first = CliRunner().invoke(app, ["convert", str(file), str(target)])
    again = CliRunner().invoke(app, ["convert", str(file), str(target)])

    assert first.exit_code == 0, first.output
    assert fidelity.load(target) == examples.aurora()
    assert again.exit_code == 2
    assert "is there already" in again.output


def test_the_schema_of_program_files_is_printed_for_editors():
    result = CliRunner().invoke(app, ["schema"])

    assert result.exit_code == 0
    assert json.loads(result.output) == fidelity.Program.json_schema()


def test_a_file_that_is_not_there_is_named():
    result = CliRunner().invoke(app, ["check", "nowhere.toml"])

    assert result.exit_code == 2
    assert "nowhere.toml" in result.output


@pytest.mark.parametrize("package", ["click", "rich"])
def test_without_the_extra_it_says_the_pip_command(package):
    code = f"import sys; sys.modules[{package!r}] = None; from fidelity.cli import main; main()"

    run = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(SRC)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 1
    assert run.stderr.strip() == f"the fidelity command needs {package}: pip install 'fidelity-loyalty[cli]'"
