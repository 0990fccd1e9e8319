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
    level = case.level
    if "promoters" in given:
        counts = [given.get(name, 0) for name in ("promoters", "passives", "detractors")]
        wald, adjusted = (
            metrics.nps_from_counts(*counts, method=method, level=level) for method in ("wald", "adjusted wald")
        )
    else:
        cuts = {"promoters": given.get("promoter_min", 9), "detractors": given.get("detractor_max", 6)}
        scores = [float(each) for each in case.listed("scores", "ratings", "values", "column") or ()]
        scale = tuple(given.get("scale", (0, 10)))
        wald, adjusted = (
            metrics.nps(scores, method=method, level=level, scale=scale, weights=case.listed("weights"), **cuts)
            for method in ("wald", "adjusted wald")
        )
    return {
        "nps": wald.value,
        "n": wald.n,
        "se": wald.standard_error,
        "wald": wald.interval[:2],
        "adjusted_wald": adjusted.interval[:2],
    }


def csat(case: Case) -> Mapping[str, Any]:
    given = case.given
    level = case.level
    hits = case.first("top_box", "successes", "satisfied")
    scores = case.listed("scores", "ratings", "values", "column")
    if hits is not None and "n" in given:

        def one(method: str) -> metrics.Estimate:
            return metrics.csat_from_counts(hits, given["n"], method=method, level=level)
    elif scores is not None:
        scale = tuple(given.get("scale", (1, 5)))

        def one(method: str) -> metrics.Estimate:
            return metrics.csat(
                [float(each) for each in scores], satisfied=case.first("top_min", "satisfied"), scale=scale,
                method=method, level=level, weights=case.listed("weights"),
            )  # fmt: skip
    else:
        raise Unsupported("neither counts nor a column")
    names = {"wilson": "wilson", "clopper_pearson": "clopper-pearson", "agresti_coull": "agresti-coull",
             "wald": "wald", "jeffreys": "jeffreys"}  # fmt: skip
    intervals = {name: one(method).interval[:2] for name, method in names.items()}
    share = one("wilson").value
    return {"csat_pct": share, "csat": share / 100, "n": one("wilson").n, **intervals}


def alpha(case: Case) -> Mapping[str, Any]:
    rows = case.first("items", "rows", "matrix")
    if rows is not None:
        columns = (
            rows
            if isinstance(rows, Mapping)
            else {f"x{place}": each for place, each in enumerate(zip(*rows, strict=True))}
        )
    else:
        table = case.table()
        columns = {name: table[name] for name in case.first("columns", "items", default=[*table])}
    items = {name: [float(each) for each in column] for name, column in columns.items()}
    found = metrics.cronbach_alpha(items, level=case.level)
    ends = found.interval[:2]
    return {
        "alpha": found.value, "standardized": found.standardized, "n": found.n,
        **dict.fromkeys(("ci95_feldt", "ci90_feldt", "ci99_feldt", "ci_feldt", "feldt", "ci95", "ci"), ends),
    }  # fmt: skip


TOPICS = {"nps": nps, "csat": csat, "reliability.alpha": alpha}
