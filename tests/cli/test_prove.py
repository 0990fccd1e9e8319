"""`fidelity prove`: the report on the terminal, the baseline file, and the exit codes that a host's checks read."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from fidelity import EarnRule, Program, Reward, member, points
from fidelity.cli import proving as commands
from fidelity.cli.app import app
from fidelity.errors import EngineDisagreement
from fidelity.program_files import save

QUICK = ["--engines", "structure,regions"]


@pytest.fixture
def file(tmp_path):
    """A program file whose welcome gift wrongs who has been there for long."""
    return _saved(tmp_path / "cafe.toml", EarnRule("welcome", points(100), when=member.tenure_days <= 30))


@pytest.fixture
def fair(tmp_path):
    """A program file that keeps its promises."""
    return _saved(tmp_path / "fair.toml", EarnRule("base", points(1, per="1 EUR")))


def _saved(file, *rules):
    rewards = [Reward("tea", cost=10)]
    save(Program("Café", version="1", currency="EUR", timezone="Europe/Madrid", earn=rules, rewards=rewards), file)
    return file


def prove(*told):
    """The command with these arguments."""
    return CliRunner().invoke(app, ["prove", *map(str, told)])


def test_what_holds_answers_0(fair):
    result = prove(fair, *QUICK)

    assert result.exit_code == 0, result.output
    assert "✓ Proved: P1.membership. Nobody pays to be a member." in result.output


def test_what_is_refuted_answers_1_and_shows_who_loses(file):
    result = prove(file, *QUICK)

    assert result.exit_code == 1
    assert "Who loses: the member of longer standing. Here it is 100 points." in result.output


def test_spanish(file):
    assert "Quién pierde: el miembro más antiguo." in prove(file, *QUICK, "--language", "es").output


def test_what_makes_it_fail_is_chosen(file):
    assert prove(file, *QUICK, "--fail-on", "unknown").exit_code == 0
    assert prove(file, *QUICK, "--fail-on", "").exit_code == 0
    assert "none of" in prove(file, "--fail-on", "waived").output


def test_what_nobody_knows_answers_2(fair, monkeypatch):
    real = commands.prove
    monkeypatch.setattr(commands, "prove", lambda program, **told: real(program, **{**told, "engines": ()}))

    assert prove(fair).exit_code == 2


def test_engines_that_disagree_answer_3(fair, monkeypatch):
    def disagrees(*_, **__):
        message = "P4.amount: z3 found values that the interpreter does not confirm"
        raise EngineDisagreement(message)

    monkeypatch.setattr(commands, "prove", disagrees)
    result = prove(fair)

    assert result.exit_code == 3
    assert "does not confirm" in result.output


def test_a_baseline_is_written_and_read(file, tmp_path):
    kept = tmp_path / "proofs.json"

    prove(file, *QUICK, "--baseline", kept)
    again = prove(file, *QUICK, "--baseline", kept, "--json")

    assert again.exit_code == 1
    assert all(each["kept"] for each in json.loads(again.output)["findings"])
    assert json.loads(kept.read_text(encoding="utf-8"))["format"] == "fidelity proofs 1"


def test_a_baseline_that_is_something_else_is_refused(file, tmp_path):
    other = tmp_path / "proofs.json"
    other.write_text("[]", encoding="utf-8")

    result = prove(file, "--baseline", other)

    assert result.exit_code == 1
    assert "no report of proofs" in result.output
    assert other.read_text(encoding="utf-8") == "[]"


def test_the_page_is_written(file, tmp_path):
    page = tmp_path / "proofs.html"

    prove(file, *QUICK, "--html", page)

    assert "P4.tenure" in page.read_text(encoding="utf-8")


def test_an_engine_that_does_not_exist_is_refused(file):
    result = prove(file, "--engines", "guess")

    assert result.exit_code == 2
    assert "'guess' is none of structure, regions, z3" in result.output


def diff(*told):
    """The command with these arguments."""
    return CliRunner().invoke(app, ["diff", *map(str, told)])


def test_the_difference_of_two_files_reads_like_a_plan(file, fair):
    result = diff(fair, file)

    assert result.exit_code == 1
    assert "- Somebody earns less for the same (purchase)." in result.output
    assert "+ Somebody earns more for the same (purchase)." in result.output
    assert json.loads(diff(fair, file, "--json").output)["status"] == "different"
    assert "Alguien gana menos" in diff(fair, file, "--language", "es").output


def test_equal_files_answer_0(fair):
    result = diff(fair, fair)

    assert result.exit_code == 0
    assert "Nothing changes for anybody" in result.output


def test_differences_that_nobody_knows_answer_2_and_those_in_dispute_3(fair, file, monkeypatch):
    real = commands.diff
    monkeypatch.setattr(commands, "diff", lambda old, new, **_: real(old, new, engines=()))
    assert diff(fair, file).exit_code == 2

    def disagrees(*_, **__):
        message = "points: z3 found values that the interpreter does not confirm"
        raise EngineDisagreement(message)

    monkeypatch.setattr(commands, "diff", disagrees)
    assert diff(fair, file).exit_code == 3


def test_the_witnesses_are_written_as_tests_of_the_program_file(file, tmp_path):
    tests = tmp_path / "test_promises.py"

    prove(file, *QUICK, "--tests", tests)

    text = tests.read_text(encoding="utf-8")
    assert "def test_p4_tenure():" in text
    assert f"load({str(file)!r})" in text


@pytest.mark.parametrize("option", ["--baseline", "--html", "--tests"])
def test_a_file_that_cannot_be_written_is_told_and_no_trace_is_shown(fair, tmp_path, option):
    result = prove(fair, "--engines", "structure", option, tmp_path / "no" / "x")

    assert result.exit_code == 1
    assert "cannot be written" in result.output
    assert not isinstance(result.exception, OSError)
