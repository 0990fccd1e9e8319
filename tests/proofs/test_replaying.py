"""Witnesses become tests: what was refuted fails until the program is mended, what was signed for is expected."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from fidelity import EarnRule, Program, Reward, member, points
from fidelity.errors import ProofError
from fidelity.program_files import save
from fidelity.proofs.finding import PROPERTIES
from fidelity.proofs.proving import proved
from fidelity.proofs.replaying import keeps, written
from fidelity.rules import Waiver
from fidelity.testing.examples import airline, aurora, bank_card, hotel, stamp_card, subscription, supermarket, supplier
from fidelity.wording.phrasebook import phrase

BASE = EarnRule("base", points(1, per="1 EUR"))
WELCOME = EarnRule("welcome", points(100), when=member.tenure_days <= 30)
SIGNED = Waiver("P4.tenure", reason='A "first" hello.', signed="M. Sanz", on=date(2026, 1, 7))

pytest_plugins = ("pytester",)


def cafe(*rules: EarnRule, **more: object) -> Program:
    """A café with these rules."""
    told: dict[str, object] = {"version": "1", "currency": "EUR", "timezone": "Europe/Madrid", "earn": rules, "rewards": [Reward("coffee", cost=10)]}  # fmt: skip
    return Program('Café "Sol"', **{**told, **more})  # type: ignore[arg-type]  # parts of a program


def report(program: Program):
    """What is known without a solver."""
    return proved(program, engines=("structure", "regions"))


def test_a_case_is_asked_of_a_program_again() -> None:
    found = report(cafe(BASE, WELCOME))["P4.tenure"]
    assert found.witness is not None

    assert not keeps(cafe(BASE, WELCOME), "P4.tenure", found.witness)
    gift = EarnRule("welcome", points(100), when=member.tenure_days <= 90)
    assert keeps(cafe(BASE, gift), "P4.tenure", found.witness)


def test_a_promise_that_is_not_made_is_refused_by_name() -> None:
    with pytest.raises(ProofError, match=r"P4\.amount"):
        keeps(cafe(BASE), "P4.amout", {})


@pytest.mark.parametrize(
    "make",
    [aurora, stamp_card, supermarket, airline, hotel, subscription, bank_card, supplier],
    ids=lambda make: make.__name__,
)
def test_every_witness_replays(make) -> None:
    program = make()
    for each in report(program).findings:
        if each.witness is not None and each.digest:
            assert keeps(program, each.id, each.witness) == (each.status == "proved")


@pytest.fixture(autouse=True)
def _found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests that are written find the library."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2] / "src"))


def run(pytester: pytest.Pytester, program: Program, **more: str) -> dict[str, int]:
    """What pytest says of the file of tests."""
    file = Path(pytester.path) / "test_promises.py"
    report(program).as_tests(file, **more)
    return pytester.runpytest_subprocess("-q", "-p", "no:cacheprovider", str(file)).parseoutcomes()


def test_the_file_fails_where_a_promise_is_broken_and_expects_what_was_signed_for(pytester: pytest.Pytester) -> None:
    assert run(pytester, cafe(BASE, WELCOME)) == {"failed": 1, "passed": 3}
    assert run(pytester, cafe(BASE, WELCOME, waivers=[SIGNED])) == {"xfailed": 1, "passed": 3}


def test_the_file_passes_once_the_program_file_is_mended(pytester: pytest.Pytester) -> None:
    file, tests = Path(pytester.path) / "cafe.toml", Path(pytester.path) / "test_promises.py"
    report(cafe(BASE, WELCOME)).as_tests(tests, file=file)
    save(cafe(BASE, EarnRule("welcome", points(100))), file)

    assert pytester.runpytest_subprocess("-q", "-p", "no:cacheprovider", str(tests)).parseoutcomes() == {"passed": 4}


def test_no_two_tests_are_called_alike_and_names_are_escaped() -> None:
    rules = [EarnRule(name, points(1)) for name in ("a b", "a-b", "q\"uo'te\\")]
    text = written(cafe(*rules), report(cafe(*rules)).findings)

    compile(text, "test_promises.py", "exec")
    assert text.count("def test_p9_dead_a_b(") == 1
    assert "def test_p9_dead_a_b_2(" in text


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("kind", PROPERTIES)
def test_every_kind_of_promise_has_its_words(kind: str, language: str) -> None:
    for part in ("", ".loses", ".do"):
        assert phrase(language, f"proof.{kind}{part}", about="x", property="y", least="€0.01")
