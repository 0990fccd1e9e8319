"""Discounting: what later purchases count for less, from a few looks ahead rather than one for each unit of time."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, hypot, log, log1p, pi

import numpy as np

from fidelity.metrics.arguments import Array

__all__ = ["discounted"]

#: e^−32 is what is left of the error.
_DIGITS = 32.0
_CLOSE = 1e-9


def discounted(until: Callable[[float], Array], horizon: float, discount: float, nearest: float | None) -> Array:
    """
    Σ (E(t) − E(t − 1)) / (1 + d)ᵗ over the units t up to the horizon, the last of which may be a part of one.

    The sum is linear in E. Where E is smooth beyond −*nearest*, it is looked at in the points of Chebyshev of log(1 + t
    / nearest), and what stands between them is worked out; it is tried in one more point, and summed if that fails.

    Args:
        until: E: how many purchases each customer makes until a time ahead.
        horizon: How far ahead.
        discount: By how much what comes one unit later counts for less.
        nearest: How long before now the first singular point of E lies; None where E is not smooth.

    Returns:
        The sum for each customer.

    Source:
        L. N. Trefethen, Approximation Theory and Approximation Practice (2013), theorem 8.2; barycentric weights: J.-P.
        Berrut, L. N. Trefethen, SIAM Review 46 (2004) 501–517, equation 5.4.
    """
    ends = np.append(np.arange(1.0, ceil(horizon)), horizon)
    worth = (1 + discount) ** -ends
    # What E(t) counts for in the end: its own worth less that of the next.
    counts = worth - np.append(worth[1:], 0.0)
    if nearest is not None and horizon > 0:
        length = log1p(horizon / nearest)
        # The singular points lie at ± πi or farther, on the scale of the logarithm: so large an ellipse stays clear.
        reach = 2 * pi / length
        several = ceil(_DIGITS / log(reach + hypot(1, reach))) + 2
        if several + 1 < len(ends):
            found = _interpolated(until, (ends, counts), (nearest, length), several)
            if found is not None:
                return found
    total: Array = counts[0] * until(float(ends[0]))
    for end, count in zip(ends[1:].tolist(), counts[1:].tolist(), strict=True):
        total += count * until(end)
    return total


def _interpolated(
    until: Callable[[float], Array], sum_of: tuple[Array, Array], scale: tuple[float, float], several: int
) -> Array | None:
    """The sum by the polynomial through so many points; None where that misses in a point between them."""
    ends, counts = sum_of
    nearest, length = scale
    angles = (np.arange(several) + 0.5) * pi / several
    points, weights = (1 - np.cos(angles)) / 2, np.sin(angles) * (-1.0) ** np.arange(several)
    tried = (points[several // 2] + points[several // 2 - 1]) / 2

    def shares(asked: Array) -> Array:
        """How much each point has in what is read at each of the times that are asked for."""
        gaps = (np.log1p(asked / nearest) / length)[:, None] - points
        met = gaps == 0
        parts = np.where(met.any(axis=1, keepdims=True), met, weights / np.where(met, 1.0, gaps))
        return np.asarray(parts / parts.sum(axis=1, keepdims=True))

    between = nearest * np.expm1(length * tried)
    totals, betweens = counts @ shares(ends), shares(np.array([between]))[0]
    found: Array = np.zeros(1)
    read: Array = np.zeros(1)
    for time, total, here in zip(nearest * np.expm1(length * points), totals, betweens, strict=True):
        known = until(float(time))
        found, read = found + total * known, read + here * known
    true = until(float(between))
    return found if (np.abs(read - true) <= _CLOSE * np.abs(true)).all() else None
