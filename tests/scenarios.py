"""The practitioner's cases: by id, the facts that must come out, as they were written down."""

import json
from pathlib import Path

import pytest

__all__ = ["scenario"]

CASES = Path(__file__).parents[2] / "shared" / "cases" / "care.json"


def scenario(name):
    """What is expected of the case *name*."""
    if not CASES.exists():
        pytest.skip(f"outside: the practitioner's cases do not lie at {CASES}")
    return next(each for each in json.loads(CASES.read_text("utf-8")) if each["id"] == name)["expected"]
