"""The workload of the benchmarks is the agreed one."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from benchmarks import workload

AGREED = Path(__file__).resolve().parents[3] / "shared" / "bench" / "workload.py"


def test_the_same_seed_gives_the_same_events_and_points():
    rows = workload.rows(workload.events(1_000))

    assert rows == workload.rows(workload.events(1_000))
    assert len(workload.rows(workload.events(1_000), 10)) == 10
    assert sum(map(workload.points, rows)) == 156937


def test_events_and_points_are_those_of_the_agreed_workload():
    if not AGREED.exists():
        pytest.skip("outside: the agreed workload is not beside this project")
    spec = importlib.util.spec_from_file_location("agreed_workload", AGREED)
    agreed = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(agreed)

    ours, theirs = workload.events(20_000), agreed.events(20_000)

    assert list(ours) == list(theirs)
    assert all(np.array_equal(ours[name], theirs[name]) and ours[name].dtype == theirs[name].dtype for name in ours)
    rows = workload.rows(ours)
    assert rows == agreed.rows(theirs)
    assert list(map(workload.points, rows)) == list(map(agreed.reference, rows))
