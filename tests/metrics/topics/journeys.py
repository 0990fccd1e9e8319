"""Journeys: attribution to channels, peak and end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reference import Case

from fidelity import journey


def paths_of(case: Case) -> journey.ChannelPaths:
    given = case.given
    if "paths" in given:
        if any(isinstance(each, str) for each in given["paths"]):
            won = case.first("conversions", "total_conversions")
            return journey.channel_paths(given["paths"], won, case.first("nulls", "failures", "total_null"))
        path, won, *lost = zip(*given["paths"], strict=True)
        return journey.channel_paths(list(path), won, lost[0] if lost else None)
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
    moments = case.first("moments", "ratings", "scores")
    options = {name: case.given[name] for name in ("peak", "neutral") if name in case.given}
    found = journey.peak_end(
        moments, **{name: each for name, each in options.items() if each in PEAKS or name != "peak"}
    )
    return {"peak_end": found.value, "mean": found.mean, "peak": found.peak, "end": found.end}


PEAKS = ("highest", "lowest", "farthest")
NAMES = {"case:concept:name": "concept:name", "user_id": "event", "case_id": "activity", "case": "activity"}
TIMES = ("time:timestamp", "timestamp", "time")


def graph(case: Case) -> Mapping[str, Any]:
    """What follows what; the columns are those that the case names, or those that such logs usually have."""
    given = case.given
    if "traces" in given or "log" in given:
        rows = given.get("log") or [[number, each] for number, trace in enumerate(given["traces"]) for each in trace]
        names = ("case", "activity", "time")[: len(rows[0])]
        table = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    else:
        table = case.table()
    person = given.get("path") or given.get("case") or next(name for name in NAMES if name in table)
    activity = given.get("activity") or NAMES.get(person) or next(name for name in NAMES.values() if name in table)
    time = given.get("time") or next((name for name in TIMES if name in table), None)
    log = journey.event_log(table[person], table[activity], None if time is None else table[time])
    found = journey.directly_follows(log)
    top = len(case.expected.get("top", ()))
    return {
        "edges": len(found.edges),
        "total": int(found.counts.sum()),
        "top": [list(each[:3]) for each in found.edges[:top]],
        "cases": found.cases,
        "users": found.cases,
        "events": found.events,
        "event_types": len(found.activities),
        "starts": {name: int(n) for name, n in zip(found.activities, found.starts, strict=True) if n},
        "ends": {name: int(n) for name, n in zip(found.activities, found.ends, strict=True) if n},
    }


TOPICS = {
    "journey.dfg": graph, "journey.transition": graph, "attribution.markov": markov, "attribution.heuristic": rules, "attribution.shapley": shapley,
    "cx.peakend": remembered,
}  # fmt: skip
