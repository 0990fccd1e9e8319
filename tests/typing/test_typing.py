"""Mistakes that must stay mistakes, and good lines that must stay good, for a user's mypy."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]

MARK = re.compile(r"#\s*error:\s*(?P<codes>[a-z-]+(?:\s*,\s*[a-z-]+)*)\s*$")
REPORT = re.compile(r"^(?P<file>.+?):(?P<line>\d+): error: .*\[(?P<code>[a-z-]+)\]$")

pytestmark = pytest.mark.skipif(importlib.util.find_spec("mypy") is None, reason="mypy is not installed")


def marked(path):
    """The mistakes that *path* announces: {(line, code)}."""
    return {
        (number, code.strip())
        for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if (mark := MARK.search(text))
        for code in mark["codes"].split(",")
    }


def refused(path, *options):
    """The mistakes that mypy finds in *path*: {(line, code)}, and all that it said."""
    words = ["--no-error-summary", "--no-pretty", "--no-color-output", "--show-error-codes", "--hide-error-context"]
    run = subprocess.run(
        [sys.executable, "-m", "mypy", *words, *options, str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    said = run.stdout + run.stderr
    assert run.returncode in {0, 1}, said
    found = {
        (int(report["line"]), report["code"])
        for text in run.stdout.splitlines()
        if (report := REPORT.match(text)) and (ROOT / report["file"]).resolve() == path
    }
    return found, said


@pytest.mark.parametrize("name", ["good.py", "bad.py"])
def test_mypy_refuses_the_marked_lines_and_no_other(name):
    path = HERE / name

    found, said = refused(path)

    assert found == marked(path), said


def test_a_mistake_is_seen(tmp_path):
    path = tmp_path / "mistake.py"
    path.write_text('count: int = "one"  # error: assignment\nright: int = 1\n', encoding="utf-8")

    # A cache would answer for a file of the same text in the folder of an earlier run.
    found, said = refused(path, f"--cache-dir={tmp_path / 'cache'}")

    assert found == marked(path) == {(1, "assignment")}, said
