"""Means: of answers with their weights, with the t interval that the number of answers allows."""

from __future__ import annotations

from math import sqrt

from fidelity.metrics.arguments import Array
from fidelity.metrics.grouping import effective
from fidelity.metrics.quantiles import t_quantile
from fidelity.metrics.results import Interval

__all__ = ["mean_with_error", "t_interval"]


def mean_with_error(values: Array, weights: Array | None = None) -> tuple[float, float | None, float]:
    """
    The mean, its standard error (None for a single value), and how many equal values they are worth.

    Unweighted: s / √n. Weighted: √(Σ w² (x − m)² / (Σ w)²), enlarged by n / (n − 1) of the effective number n.
    """
    if weights is None:
        n = float(len(values))
        mean = float(values.mean())
        return mean, float(values.std(ddof=1)) / sqrt(n) if n > 1 else None, n
    n = effective(weights)
    total = float(weights.sum())
    mean = float(weights @ values) / total
    if n <= 1 + 1e-12:
        return mean, None, n
    spread = float((weights**2 * (values - mean) ** 2).sum()) / total**2
    return mean, sqrt(spread * n / (n - 1)), n


def t_interval(mean: float, error: float | None, worth: float, level: float) -> Interval | None:
    """The t interval of a mean; None where it has no error."""
    if error is None:
        return None
    reach = t_quantile((1 + level) / 2, worth - 1) * error
    return Interval(mean - reach, mean + reach, level)
