"""The reference cases through the public functions, by the script that a reader runs, and the script's own judgement."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parent / "reference.py"
SHARED = Path(__file__).resolve().parents[3] / "shared"
CASES = SHARED / "cases" / "metrics.json"


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def answered(topic: str) -> bool:
    return any(f'"{topic}"' in path.read_text() for path in (SCRIPT.parent / "topics").glob("*.py"))


@pytest.mark.skipif(not CASES.exists(), reason="outside: the file of reference cases is not beside the project")
def test_every_case_that_a_room_answers_passes(tmp_path: Path) -> None:
    cases = [case for case in json.loads(CASES.read_text()) if answered(case["topic"])]
    assert cases
    (tmp_path / "cases.json").write_text(json.dumps(cases))
    found = run(tmp_path / "cases.json", "--data", SHARED)
    assert found.returncode == 0, found.stdout + found.stderr


def test_cases_of_other_forms_pass_too() -> None:
    """Recomputed with SciPy, statsmodels and lifelines, or by hand: inputs in the case itself, lists, other levels."""
    found = run(SCRIPT.parent / "cases.json")
    assert found.returncode == 0, found.stdout + found.stderr


def case(expected: dict[str, object], **more: object) -> dict[str, object]:
    given = {"promoters": 50, "passives": 33, "detractors": 17}
    return {"id": "one", "topic": "nps", "input": given, "expected": expected, "tolerance": {"abs": 1e-6}, **more}


@pytest.mark.parametrize(
    ("cases", "said", "code"),
    [
        ([case({"nps": 33.0, "wald": [18.31857451, 47.68142549]})], "passed", 0),
        ([case({"nps": 33.1})], "nps: 33.0, not 33.1", 1),
        ([case({"nps": 33.0, "wald": [18.31857451]})], "has 2 values, not 1", 1),
        ([case({"nps": 33.0, "median": 8})], "median: is missing", 1),
        ([case({}, topic="nothing.known")], "no room answers this topic", 1),
        ([case({}, input={"promoters": -1, "passives": 0, "detractors": 1})], "MetricError", 1),
        ([], "all", 1),
    ],
)
def test_the_script_tells_right_from_wrong(
    tmp_path: Path, cases: list[dict[str, object]], said: str, code: int
) -> None:
    (tmp_path / "cases.json").write_text(json.dumps(cases))
    found = run(tmp_path / "cases.json")
    assert found.returncode == code, found.stdout + found.stderr
    assert said in found.stdout
