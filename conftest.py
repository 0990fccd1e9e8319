"""The examples of README, docs and docstrings run as tests, and a skip is a failure in the gate.

Knows pytest and Sybil. Does not know the library.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import chdir
from doctest import ELLIPSIS, NORMALIZE_WHITESPACE

import pytest
from sybil import Sybil
from sybil.parsers.myst import PythonCodeBlockParser
from sybil.parsers.rest import DocTestParser
from sybil.sybil import SybilCollection

STRICT = os.environ.get("FIDELITY_CI") == "1"
OUTSIDE = "outside: "
FLAGS = ELLIPSIS | NORMALIZE_WHITESPACE


# --- Examples ---------------------------------------------------------------------------------------------------------


def _enter_empty_folder(namespace):
    # A page may write cafe.db: it does so in a folder of its own.
    folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
    inside = chdir(folder.name)
    inside.__enter__()
    namespace["_leave"] = (inside, folder)


def _leave_folder(namespace):
    inside, folder = namespace.pop("_leave")
    inside.__exit__(None, None, None)
    folder.cleanup()


def _pages(path, **where):
    return Sybil(
        # No parser for skips: a block that cannot run is not Python, or not needed.
        parsers=[PythonCodeBlockParser(doctest_optionflags=FLAGS)],
        path=path,
        setup=_enter_empty_folder,
        teardown=_leave_folder,
        **where,
    )


_readme = _pages(".", patterns=["README.md", "README.es.md"], excludes=["*/README.md", "*/README.es.md"])
_docs = _pages("docs", patterns=["*.md"], excludes=["_build/*", "_build/**/*"])
_docstrings = Sybil(parsers=[DocTestParser(FLAGS)], path="src/fidelity", patterns=["*.py"])

pytest_collect_file = SybilCollection([_readme, _docs, _docstrings]).pytest()


# --- Skips ------------------------------------------------------------------------------------------------------------


def _refuse_skip(report):
    """Turn a skip into a failure when the gate runs, unless its reason lies outside of this repository."""
    if not STRICT or not report.skipped or hasattr(report, "wasxfail"):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    reason = reason.removeprefix("Skipped: ")
    if not reason.startswith(OUTSIDE):
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may be skipped: {reason or 'no reason given'}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    report = yield
    _refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report():
    report = yield
    _refuse_skip(report)
    return report
