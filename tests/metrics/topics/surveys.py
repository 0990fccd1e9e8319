"""Surveys: scores with intervals, satisfaction, reliability."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reference import Case, Unsupported

from fidelity import metrics


def nps(case: Case) -> Mapping[str, Any]:
    given = case.given
    if "wave1" in given:
        first, second = (metrics.nps_from_counts(*given[wave]) for wave in ("wave1", "wave2"))
        found = metrics.nps_difference(first, second, method="wald")
        return {"diff": found.value, "se_diff": found.standard_error, "z": found.z, "p_two_sided": found.p_value}
    level = given.get("conf", 0.95)
    if "promoters" in given:
        counts = [given[name] for name in ("promoters", "passives", "detractors")]
        wald, adjusted = (
            metrics.nps_from_counts(*counts, method=method, level=level) for method in ("wald", "adjusted wald")
        )
    else:
        cuts = {"promoters": given.get("promoter_min", 9), "detractors": given.get("detractor_max", 6)}
        scores = case.column(given["column"])
        scale = tuple(given.get("scale", (0, 10)))
        wald, adjusted = (
            metrics.nps(scores, method=method, level=level, scale=scale, **cuts) for method in ("wald", "adjusted wald")
        )
    return {
        "nps": wald.value,
        "se": wald.standard_error,
        "wald": wald.interval[:2],
        "adjusted_wald": adjusted.interval[:2],
    }


def csat(case: Case) -> Mapping[str, Any]:
    given = case.given
    level = given.get("conf", 0.95)
    if "top_box" in given:

        def one(method: str) -> metrics.Estimate:
            return metrics.csat_from_counts(given["top_box"], given["n"], method=method, level=level)
    elif "column" in given:
        scores = case.column(given["column"])
        scale = tuple(given.get("scale", (1, 5)))

        def one(method: str) -> metrics.Estimate:
            return metrics.csat(scores, satisfied=given.get("top_min"), scale=scale, method=method, level=level)
    else:
        raise Unsupported("neither counts nor a column")
    names = {"wilson": "wilson", "clopper_pearson": "clopper-pearson", "agresti_coull": "agresti-coull",
             "wald": "wald", "jeffreys": "jeffreys"}  # fmt: skip
    intervals = {name: one(method).interval[:2] for name, method in names.items()}
    return {"csat_pct": one("wilson").value, **intervals}


def alpha(case: Case) -> Mapping[str, Any]:
    table = case.table()
    items = {name: [float(each) for each in table[name]] for name in case.given["columns"]}
    found = metrics.cronbach_alpha(items, level=case.given.get("conf", 0.95))
    return {"alpha": found.value, "ci95_feldt": found.interval[:2], "standardized": found.standardized}


TOPICS = {"nps": nps, "csat": csat, "reliability.alpha": alpha}
