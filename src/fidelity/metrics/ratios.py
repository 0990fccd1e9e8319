"""Ratios: one sum over another, with the error that comes of both being sums over the same members."""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

import numpy as np

from fidelity.metrics.arguments import Array, Whole
from fidelity.metrics.quantiles import t_quantile
from fidelity.metrics.results import Estimate, Interval

__all__ = ["Ratio", "ratio_estimate", "ratio_with_error"]


class Ratio(NamedTuple):
    """
    A ratio of sums.

    Attributes:
        value: The ratio.
        error: Its standard error; None where one observation alone has anything below the line.
        n: How many observations it rests on.
        worth: How many they would be if all weighed alike.
    """

    value: float
    error: float | None
    n: int
    worth: float

    def quantile(self, level: float) -> float:
        """How many standard errors a two-sided interval reaches to either side."""
        return t_quantile((1 + level) / 2, max(self.worth - 1, 1.0))


def ratio_with_error(above: Array, below: Array, *, clusters: Whole | None = None) -> Ratio:
    """
    Σ y / Σ x with its standard error √(Σ (e / (1 − h))²) / Σ x, where e = y − r x and h = x / Σ x.

    Rows of one cluster are added up first.

    Source:
        W. G. Cochran, Sampling Techniques (3rd ed. 1977), equation 6.9; the division by 1 − h, which keeps the error
        from being too small where a few weigh much: J. G. MacKinnon, H. White, Journal of Econometrics 29 (1985)
        305–325 (HC3), of the ratio as least squares through the origin.
    """
    if clusters is not None:
        some = np.bincount(clusters) > 0
        above = np.asarray(np.bincount(clusters, above)[some], np.float64)
        below = np.asarray(np.bincount(clusters, below)[some], np.float64)
    total = float(below.sum())
    ratio = float(above.sum()) / total
    pull = below / total
    worth = 1 / float(pull @ pull)
    if worth < 1 + 1e-9:
        return Ratio(ratio, None, len(below), worth)
    apart = (above - ratio * below) / (1 - pull)
    return Ratio(ratio, sqrt(float(apart @ apart)) / total, len(below), worth)


def ratio_estimate(
    above: Array, below: Array, *, level: float, name: str, unit: str = "%", clusters: Whole | None = None
) -> Estimate:
    """
    A ratio as an `Estimate`, in percent where *unit* says so.

    Where no observation has more above than below the line, the ratio is a share: Wilson's interval, of as many answers
    as would have that standard error, with the quantile of Student's t. Else r ± t e, from 0 upwards.
    """
    found = ratio_with_error(above, below, clusters=clusters)
    ratio, error = found.value, found.error
    scale = 100.0 if unit == "%" else 1.0
    ends, method = None, "t, of a ratio"
    if error is not None:
        reach = found.quantile(level)
        low, high = max(ratio - reach * error, 0.0), ratio + reach * error
        if bool((above <= below).all()):
            method = "Wilson, of a ratio"
            low, high = _wilson(min(ratio, 1.0), error, found.worth, reach)
        ends = Interval(scale * low, scale * high, level)
    return Estimate(scale * ratio, found.n, None if error is None else scale * error, ends, method, name, unit)


def _wilson(share: float, error: float, worth: float, reach: float) -> tuple[float, float]:
    """Wilson's interval of a share with that standard error; where it has none, of as many answers as it is worth."""
    spread = share * (1 - share)
    answers = spread / error**2 if error > 1e-12 and spread > 0 else worth  # noqa: PLR2004 -- rounding
    square = reach * reach
    middle = (share + square / answers / 2) / (1 + square / answers)
    half = reach / (1 + square / answers) * sqrt(spread / answers + square / answers**2 / 4)
    return (max(middle - half, 0.0) if share > 0 else 0.0), (min(middle + half, 1.0) if share < 1 else 1.0)
