"""Percent: a share of cases with its interval."""

from __future__ import annotations

from math import sqrt

from fidelity.metrics.proportions import interval_of_share
from fidelity.metrics.results import Estimate, Interval

__all__ = ["percent"]


def percent(name: str, hits: int, n: int, level: float, *notes: str) -> Estimate:
    """The share of *n* cases in percent, with Wilson's interval; NaN of no cases."""
    if not n:
        return Estimate(float("nan"), 0, None, None, "wilson", name, "%", notes)
    share = hits / n
    low, high, _ = interval_of_share(share, n, level, "wilson")
    error = 100 * sqrt(share * (1 - share) / n)
    return Estimate(100 * share, n, error, Interval(100 * low, 100 * high, level), "wilson", name, "%", notes)
