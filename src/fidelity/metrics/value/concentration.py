"""Concentration: how unequally purchases, spend or value are spread over customers."""

from __future__ import annotations

from math import sqrt
from typing import TypedDict, Unpack, overload

import numpy as np

from fidelity.errors import MetricError
from fidelity.metrics.arguments import Array, Column, fraction, numbers
from fidelity.metrics.grouping import SMALLEST, figures
from fidelity.metrics.quantiles import t_quantile
from fidelity.metrics.results import Estimate, Estimates, Interval

__all__ = ["gini", "top_share"]

#: Of fewer values an interval would tell nothing.
_TELLING = 5


def _sorted(values: Array) -> Array:
    found = np.sort(values)
    if not found[-1] > 0:
        message = "values: are all zero, so that there is nothing to share out; give at least one above 0"
        raise MetricError(message, argument="values", rows=np.empty(0, np.int64))
    return found


def _around(value: float, error: float | None, n: int, level: float, *, method: str, name: str) -> Estimate:
    ends = None
    if error is not None:
        reach = t_quantile((1 + level) / 2, n - 1) * error
        ends = Interval(max(value - reach, 0.0), min(value + reach, 1.0), level)
    return Estimate(value, n, error, ends, method, name)


class Options(TypedDict, total=False):
    """What `gini` takes beside the values and the groups."""

    level: float
    minimum: int


@overload
def gini(values: Column, *, by: None = None, **options: Unpack[Options]) -> Estimate: ...
@overload
def gini(values: Column, *, by: Column, **options: Unpack[Options]) -> Estimates: ...


def gini(
    values: Column, *, by: Column = None, level: float = 0.95, minimum: int = SMALLEST
) -> Estimate | Estimates:  # fmt: skip
    """
    The Gini coefficient: 0 where all have the same, near 1 where one has all.

    G = Σ (2 i − n − 1) xᵢ / (n Σ xᵢ) of the sorted values; its error by the jackknife, in closed form.

    Args:
        values: What each customer bought, spent or is worth, 0 or more.
        by: A column that names a group for each customer: one figure a group.
        level: How sure the interval is to cover the truth.
        minimum: Groups with fewer customers are not shown.

    Returns:
        An `Estimate` from 0 to 1, or `Estimates` where *by* is given; fewer than 5 customers have no interval.

    Raises:
        MetricError: If a value is missing or negative, or all are zero.

    Note:
        It misleads between groups of unlike size: small ones seem more equal. Of heavy tails the interval is too short:
        of exponential values 95 % intervals cover 94 % with 50 customers, of log-normal ones (σ = 1) 87 %, with 500
        of these 92 % (`benchmarks/coverage.py`).

    Source:
        C. Gini (1912). Jackknife: T. Ogwang, Oxford Bulletin of Economics and Statistics 62 (2000) 123–129.

    >>> round(gini([1, 2, 3, 4]).value, 4)
    0.25
    """
    level = fraction("level", level)
    given = numbers("values", values, low=0)
    return figures(
        lambda part: _gini(given[part], level), len(given), name="Gini", by=by, rewarded=None, minimum=minimum
    )  # fmt: skip


def _gini(given: Array, level: float) -> Estimate:
    x = _sorted(given)
    n = len(x)
    ranks = np.arange(1, n + 1)
    total = float(x.sum())
    value = float((2 * ranks - n - 1) @ x) / (n * total)
    error = None
    if n >= _TELLING and total - float(x[-1]) > 0:
        above = total - np.cumsum(x)
        without = ((2 * ranks - n) @ x - (2 * ranks - n) * x - 2 * above) / ((n - 1) * (total - x))
        error = sqrt((n - 1) / n * float(((without - without.mean()) ** 2).sum()))
    return _around(value, error, n, level, method="jackknife", name="Gini")


class ShareOptions(Options, total=False):
    """What `top_share` takes beside the values and the groups."""

    share: float


@overload
def top_share(values: Column, *, by: None = None, **options: Unpack[ShareOptions]) -> Estimate: ...
@overload
def top_share(values: Column, *, by: Column, **options: Unpack[ShareOptions]) -> Estimates: ...


def top_share(
    values: Column, *, share: float = 0.2, by: Column = None, level: float = 0.95, minimum: int = SMALLEST
) -> Estimate | Estimates:
    """
    Which part of all comes from the top *share* of customers: “80/20” as a figure.

    One less the Lorenz curve at 1 − *share*, the customer at the border counted in part; its error from the influence
    of each value, ((x − q)₊ + share · q − T x) / mean, with q the value at the border.

    Args:
        values: What each customer bought, spent or is worth, 0 or more.
        share: Which share of customers is the top.
        by: A column that names a group for each customer: the top of each group.
        level: How sure the interval is to cover the truth.
        minimum: Groups with fewer customers are not shown.

    Returns:
        An `Estimate` from 0 to 1, or `Estimates` where *by* is given.

    Raises:
        MetricError: If a value is missing or negative, or all are zero.

    Note:
        It misleads over a short time: who bought once by chance looks faithful. Look at `lifetime_value` beside it. Of
        few customers and of heavy tails the interval is too short: with 50 customers 95 % intervals cover 92 % of
        exponential values and 87 % of log-normal ones (σ = 1), with 500 of these 93 % (`benchmarks/coverage.py`).

    Source:
        C. M. Beach, R. Davidson, Review of Economic Studies 50 (1983) 723–735.

    >>> round(top_share([1, 1, 1, 1, 6], share=0.2).value, 4)
    0.6
    """
    share, level = fraction("share", share), fraction("level", level)
    given = numbers("values", values, low=0)
    return figures(
        lambda part: _top_share(given[part], share, level),
        len(given), name=f"share of the top {100 * share:g} %", by=by, rewarded=None, minimum=minimum,
    )  # fmt: skip


def _top_share(given: Array, share: float, level: float) -> Estimate:
    x = _sorted(given)
    n = len(x)
    many = share * n
    full = int(np.floor(many + 1e-9))
    part = max(many - full, 0.0)
    border = float(x[max(n - full - 1, 0)])
    total = float(x.sum())
    value = (float(x[n - full :].sum()) + part * border) / total
    influence = (np.maximum(x - border, 0.0) + share * border - value * x) / (total / n)
    error = float(influence.std()) / sqrt(n) if n >= _TELLING else None
    return _around(value, error, n, level, method="influence", name=f"share of the top {100 * share:g} %")
