"""Proportions: a share of so many, with the interval that the number of observations allows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import sqrt

import numpy as np

from fidelity.errors import MetricError
from fidelity.metrics.arguments import fraction, one_of, whole
from fidelity.metrics.quantiles import beta_quantile, two_sided
from fidelity.metrics.results import Estimate, Interval

__all__ = ["METHODS", "estimate_of_share", "interval_of_share", "proportion"]


def _wald(hits: float, n: float, level: float) -> tuple[float, float]:
    share = hits / n
    reach = two_sided(level) * sqrt(share * (1 - share) / n)
    return share - reach, share + reach


def _wilson(hits: float, n: float, level: float) -> tuple[float, float]:
    z = two_sided(level)
    middle = (hits + z * z / 2) / (n + z * z)
    reach = z / (n + z * z) * sqrt(hits * (n - hits) / n + z * z / 4)
    # The ends are exact where nobody or everybody is counted.
    return middle - reach if hits > 0 else 0.0, middle + reach if hits < n else 1.0


def _agresti_coull(hits: float, n: float, level: float) -> tuple[float, float]:
    z = two_sided(level)
    return _wald(hits + z * z / 2, n + z * z, level)


def _clopper_pearson(hits: float, n: float, level: float) -> tuple[float, float]:
    tail = (1 - level) / 2
    low = beta_quantile(hits, n - hits + 1, tail) if hits > 0 else 0.0
    high = beta_quantile(hits + 1, n - hits, 1 - tail) if hits < n else 1.0
    return low, high


def _jeffreys(hits: float, n: float, level: float) -> tuple[float, float]:
    tail = (1 - level) / 2
    low = beta_quantile(hits + 0.5, n - hits + 0.5, tail) if hits > 0 else 0.0
    high = beta_quantile(hits + 0.5, n - hits + 0.5, 1 - tail) if hits < n else 1.0
    return low, high


METHODS: Mapping[str, Callable[[float, float, float], tuple[float, float]]] = {
    "wilson": _wilson,
    "clopper-pearson": _clopper_pearson,
    "agresti-coull": _agresti_coull,
    "jeffreys": _jeffreys,
    "wald": _wald,
}


def interval_of_share(share: float, n: float, level: float = 0.95, method: str = "wilson") -> Interval:
    """
    Where a share lies that was seen in *n* observations, which need not be whole: an effective number.

    Args:
        share: What was seen, 0 to 1.
        n: Of how many.
        level: How sure the interval is to cover the truth.
        method: One of `METHODS`.
    """
    low, high = METHODS[method](share * n, n, level)
    return Interval(max(low, 0.0), min(high, 1.0), level)


def estimate_of_share(
    share: float, n: int, *, effective: float | None = None, level: float = 0.95, method: str = "wilson",
    name: str = "share", unit: str = "%",
) -> Estimate:  # fmt: skip
    """A share as an `Estimate`, in percent where *unit* says so; weighted answers are worth *effective* ones."""
    worth = float(n) if effective is None else effective
    found = interval_of_share(share, worth, level, method)
    scale = 100.0 if unit == "%" else 1.0
    return Estimate(
        value=scale * share,
        n=n,
        standard_error=scale * sqrt(max(share * (1 - share), 0.0) / worth),
        interval=Interval(scale * found.low, scale * found.high, level),
        method=method,
        name=name,
        unit=unit,
    )


def proportion(
    successes: int, n: int, *, method: str = "wilson", level: float = 0.95, name: str = "share", unit: str = "%"
) -> Estimate:
    """
    The share of *successes* among *n*, with an interval.

    With p = k / n and z the normal quantile, Wilson's interval is
    (k + z²/2 ± z √(k (n − k) / n + z²/4)) / (n + z²).

    Args:
        successes: How many, from 0 to *n*.
        n: Of how many, at least 1.
        method: ``"wilson"`` (Wilson 1927; about nominal coverage on average), ``"clopper-pearson"`` (1934; never
            below nominal, wider), ``"agresti-coull"`` (1998), ``"jeffreys"`` (Beta(½, ½) before), or ``"wald"``.
        level: How sure the interval is to cover the true share.
        name: What is counted.
        unit: ``"%"``, or ``""`` for a share of one.

    Returns:
        An `Estimate`; its standard error is that of Wald.

    Raises:
        MetricError: If the counts are no counts, or the method is unknown.

    Note:
        It misleads where observations are not independent (many answers of one member), and Wald's method where
        *n* is small or the share near 0 or 1: its coverage falls far below what it says. Least coverage of 95 %
        intervals of shares from .02 to .98, with 10 and with 30: Wilson 92.4 % and 93.0 %, Agresti–Coull 93.0 % and
        93.7 %, Jeffreys 86.9 % and 88.9 %, Wald 18 % and 45 %; Clopper–Pearson never below 95 %, 97 to 98 % on average
        (`benchmarks/coverage.py`).

    Source:
        L. D. Brown, T. T. Cai, A. DasGupta, Interval Estimation for a Binomial Proportion, Statistical Science
        16 (2001) 101–133, sections 3 and 4.

    >>> proportion(45, 50)
    <share 90%, 78.64 to 95.65 (95 %), n=50>
    """
    one_of("method", method, tuple(METHODS))
    level = fraction("level", level)
    n = whole("n", n, low=1)
    successes = whole("successes", successes)
    if successes > n:
        message = f"successes: is {successes:,} of {n:,}; give at most as many as there were"
        raise MetricError(message, argument="successes", rows=np.empty(0, np.int64))
    return estimate_of_share(successes / n, n, level=level, method=method, name=name, unit=unit)
