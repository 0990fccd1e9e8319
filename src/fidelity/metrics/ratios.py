"""Ratios: one sum over another, with the error that comes of both being sums over the same members."""

from __future__ import annotations

from math import inf, sqrt

import numpy as np

from fidelity.metrics.arguments import Array, Whole
from fidelity.metrics.quantiles import t_quantile
from fidelity.metrics.results import Estimate, Interval

__all__ = ["ratio_estimate", "ratio_with_error"]


def ratio_with_error(
    above: Array, below: Array, *, clusters: Whole | None = None
) -> tuple[float, float | None, int]:  # fmt: skip
    """
    Σ y / Σ x, its standard error (None for a single observation), and how many observations it rests on.

    √(n / (n − 1) Σ (y − r x)²) / Σ x; rows of one cluster are added up first.

    Source:
        W. G. Cochran, Sampling Techniques (3rd ed. 1977), equation 6.9.
    """
    if clusters is not None:
        some = np.bincount(clusters) > 0
        above = np.asarray(np.bincount(clusters, above)[some], np.float64)
        below = np.asarray(np.bincount(clusters, below)[some], np.float64)
    n = len(below)
    total = float(below.sum())
    ratio = float(above.sum()) / total
    if n < 2:  # noqa: PLR2004 -- one tells nothing of others
        return ratio, None, n
    apart = above - ratio * below
    return ratio, sqrt(float(apart @ apart) * n / (n - 1)) / total, n


def ratio_estimate(
    above: Array,
    below: Array,
    *,
    level: float,
    name: str,
    unit: str = "%",
    clusters: Whole | None = None,
    most: float = inf,
) -> Estimate:
    """A ratio as an `Estimate` with a t interval, in percent where *unit* says so; it lies from 0 to *most*."""
    ratio, error, n = ratio_with_error(above, below, clusters=clusters)
    scale = 100.0 if unit == "%" else 1.0
    ends = None
    if error is not None:
        reach = t_quantile((1 + level) / 2, n - 1) * error
        ends = Interval(scale * max(ratio - reach, 0.0), scale * min(ratio + reach, most), level)
    return Estimate(
        scale * ratio, n, None if error is None else scale * error, ends, "t, of a ratio of sums", name, unit
    )  # fmt: skip
