"""Journeys: attribution to channels, peak and end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reference import Case

from fidelity import journey


def paths_of(case: Case) -> journey.ChannelPaths:
    given = case.given
    if "paths" in given:
        path, won, lost = zip(*given["paths"], strict=True)
        return journey.channel_paths(list(path), won, lost)
    table = case.table()
    numbers = {name: [float(each) for each in table[name]] for name in table if name.startswith("total_")}
    return journey.channel_paths(
        table["path"], numbers["total_conversions"], numbers.get("total_null"),
        values=numbers.get("total_conversion_value"),
    )  # fmt: skip


def credited(found: journey.Attribution) -> dict[str, float]:
    return {name: each.value for name, each in found.items()}


def markov(case: Case) -> Mapping[str, Any]:
    found = journey.markov_attribution(paths_of(case), order=case.given.get("order", 1))
    return {"P_conv": found.probability, "removal": found.removal, "conversions": credited(found)}


def rules(case: Case) -> Mapping[str, Any]:
    paths = paths_of(case)
    options = {name: case.given[name] for name in ("ends", "half_life") if name in case.given}
    return {
        rule: credited(journey.attribute_by_rule(paths, rule, **options))
        for rule in ("first", "last", "linear", "position", "decay")
    }


def shapley(case: Case) -> Mapping[str, Any]:
    return {
        "conversions": credited(
            journey.shapley_attribution(paths_of(case), worth=case.given.get("worth", "conversions"))
        )
    }


def remembered(case: Case) -> Mapping[str, Any]:
    found = journey.peak_end(case.given["moments"])
    return {"peak_end": found.value, "mean": found.mean, "peak": found.peak, "end": found.end}


TOPICS = {
    "attribution.markov": markov, "attribution.heuristic": rules, "attribution.shapley": shapley,
    "cx.peakend": remembered,
}  # fmt: skip
