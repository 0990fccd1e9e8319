"""`import fidelity.testing` needs nothing; what needs an optional package says the command that installs it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import fidelity.testing
from fidelity.testing import examples

HERE = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2] / "src")}

WITHOUT = """
import sys
sys.modules[{package!r}] = None
import fidelity.testing
from fidelity.errors import MissingExtra
try:
    fidelity.testing.{name}
except MissingExtra as error:
    print(error)
"""


def said_by(code):
    return subprocess.run([sys.executable, "-c", code], env=HERE, capture_output=True, text=True, check=True)


@pytest.mark.parametrize(
    ("package", "name"),
    [("pytest", "JournalSuite"), ("pytest", "AsyncJournalSuite"), ("hypothesis", "strategies")],
)
def test_without_the_package_the_command_is_told(package, name):
    run = said_by(WITHOUT.format(package=package, name=name))

    assert name in run.stdout
    assert run.stdout.endswith(f" {package}: pip install 'fidelity-loyalty[testing]'\n")


def test_strategies_asked_for_by_their_own_name_say_the_same():
    code = "import sys; sys.modules['hypothesis'] = None; import fidelity.testing.strategies"
    run = subprocess.run([sys.executable, "-c", code], env=HERE, capture_output=True, text=True, check=False)

    assert run.stderr.endswith("fidelity.testing.strategies need hypothesis: pip install 'fidelity-loyalty[testing]'\n")


def test_broken_journals_need_no_package():
    code = "import sys; sys.modules['pytest'] = None; from fidelity.testing import BrokenJournal, FAULTS; print(len(FAULTS))"
    run = said_by(code)

    assert int(run.stdout) == len(fidelity.testing.FAULTS)


def test_every_name_is_there():
    assert all(hasattr(fidelity.testing, name) for name in fidelity.testing.__all__)
    assert set(fidelity.testing.__all__) <= set(dir(fidelity.testing))
    assert examples.aurora().name == "Café Aurora"


def test_a_name_that_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError, match="JournalSweet"):
        fidelity.testing.JournalSweet  # noqa: B018  # that it is asked for is the test
