"""Coverage of the intervals of retention: curves, restricted means, rates, gaps, contracts."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from coverage_frame import Row

from fidelity import metrics
from fidelity.errors import FitError

LEVEL = 0.95


def told(metric: str, method: str, setting: str, inside: list[bool]) -> Row:
    """A row, with its own standard error."""
    share = float(np.mean(inside))
    return Row(metric, method, setting, LEVEL, share, (share * (1 - share) / len(inside)) ** 0.5)


def curves(work: float) -> Iterable[Row]:
    """Exponential durations of mean 10, a third censored: the share after 5 and 15, the mean of the first 15."""
    random = np.random.default_rng(21)
    for n in (30, 200):
        inside: dict[tuple[str, str], list[bool]] = {}
        for _ in range(round(3_000 * work)):
            lasts, seen = random.exponential(10, n), random.exponential(20, n)
            durations, left = np.minimum(lasts, seen), lasts <= seen
            for method in ("log-log", "log", "plain"):
                curve = metrics.survival(durations, left, method=method)
                for time in (5.0, 15.0):
                    if time > curve.longest:
                        continue
                    low, high = curve.interval_at([time])
                    inside.setdefault((f"survival at {time:g}", method), []).append(
                        bool(low[0] <= np.exp(-time / 10) <= high[0])
                    )
            if curve.longest >= 15:
                mean = curve.restricted_mean(15).interval
                inside.setdefault(("restricted mean", "normal"), []).append(10 * (1 - np.exp(-1.5)) in (mean or ()))
            low, high = curve.hazard_low, curve.hazard_high
            place = np.searchsorted(curve.times, 5.0, "right") - 1
            inside.setdefault(("cumulative hazard at 5", "log"), []).append(bool(low[place] <= 0.5 <= high[place]))
        for (metric, method), each in inside.items():
            yield told(metric, method, f"n = {n}", each)


def rates(work: float) -> Iterable[Row]:
    """Churn per month watched."""
    random = np.random.default_rng(22)
    for n in (30, 300):
        inside = []
        for _ in range(round(3_000 * work)):
            lasts, seen = random.exponential(20, n), random.uniform(1, 12, n)
            found = metrics.churn(lasts <= seen, exposure=np.minimum(lasts, seen))
            inside.append(0.05 in (found.interval or ()))
        yield told("churn per time", "exact Poisson", f"n = {n}", inside)


def contracts(work: float) -> Iterable[Row]:
    """The share that stays through eight renewals, from four."""
    random = np.random.default_rng(23)
    truth = metrics.ShiftedBetaGeometric(0.8, 2.0)
    later = float(truth.survival([8])[0])
    for n in (300, 2_000):
        inside, lost = [], 0
        for _ in range(round(2_000 * work)):
            chance = random.beta(0.8, 2.0, n)
            last = random.geometric(np.maximum(chance, 1e-12))
            survivors = [n, *(int((last > renewal).sum()) for renewal in range(1, 5))]
            try:
                model = metrics.ShiftedBetaGeometric.fit(survivors)
            except FitError:
                lost += 1
                continue
            inside.append(later in model.survival_interval(8))
        yield told("sBG, S(8)", "delta", f"n = {n}, {lost} fits refused", inside)


PARTS = (curves, rates, contracts)
