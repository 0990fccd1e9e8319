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


#: What other programs call our methods.
OTHERS = {
    "betasq": "squared coefficients", "rw": "johnson", "relative weights": "johnson", "dominance": "lmg",
    "general dominance": "lmg",
}  # fmt: skip


def importance(case: Case) -> Mapping[str, Any]:
    """
    The contributions by the method that the case names.

    Most cases do not name it: then the methods are tried, as they are and as shares of their sum, and the one that
    comes nearest is compared. What is expected chooses among our answers and never makes one.
    """
    table, given = case.table(), case.given
    asked = str(case.first("method", "type", "metric", default="")).lower()
    target = case.first("y", "outcome")
    names = case.first("X", "x", "drivers")
    if names is None:
        names = [name for name in table if name not in {target, "rownames", ""}]
    weights = case.listed("weights")
    found = []
    for method in [OTHERS.get(asked, asked)] if asked else sorted(set(NAMES.values())):
        result = metrics.relative_importance(
            outcome(table, target), columns(table, names), method=method, areas=given.get("groups"),
            weights=None if weights is None else [float(each) for each in weights], resamples=0,
        )  # fmt: skip
        one = {name: each.value for name, each in result.items()}
        total = sum(one.values())
        for scale in (1, 1 / total, 100 / total):
            beside = {f"area {name}": scale * each.value for name, each in result.areas.items()}
            told = {name: scale * each for name, each in one.items()} | beside
            found.append(told | {"R2": result.r_squared.value, "adjusted_R2": result.adjusted, "n": result.n})
        if given.get("groups"):
            break
    if bool(given.get("rela")) or bool(given.get("normalized")):
        found = found[1::3]
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
    if "penalty" in given:
        return {"IA": metrics.impact_asymmetry(np.atleast_1d(given["penalty"]), np.atleast_1d(given["reward"]))}
    table = case.table()
    options = {name: given[name] for name in ("low", "high", "scale", "errors") if name in given}
    found = metrics.penalty_reward(outcome(table, given["y"]), columns(table, given["X"]), **options)
    return {
        "IA": {name: each.asymmetry for name, each in found.items()},
        "penalty": {name: each.penalty.value for name, each in found.items()},
        "reward": {name: each.reward.value for name, each in found.items()},
        "kano": {name: each.kano for name, each in found.items()},
        "R2": found.r_squared,
    }


TOPICS = {"drivers.relimp": importance, "drivers.prca": contrast}
