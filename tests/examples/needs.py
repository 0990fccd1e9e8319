"""What the examples are made of is not installed everywhere. Where it was asked for, nothing is skipped."""

import os

import pytest


def needs(*packages):
    """Skip the file that says so where one of *packages* is missing; with FIDELITY_EXAMPLES=1 the gate calls it a failure."""
    outside = "" if os.environ.get("FIDELITY_EXAMPLES") == "1" else "outside: "
    for package in packages:
        pytest.importorskip(package, reason=f"{outside}{package} is no part of the tests; see the group examples")
