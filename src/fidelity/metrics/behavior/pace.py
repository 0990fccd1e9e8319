"""Pace: how evenly members buy, and where a figure is going."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import inf, sqrt
from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from fidelity.errors import MetricError
from fidelity.metrics.arguments import (
    Array,
    Column,
    coded,
    column,
    days,
    fraction,
    numbers,
    one_of,
    refuse_rows,
    same_length,
)
from fidelity.metrics.quantiles import normal_tail, t_quantile, t_tail, two_sided
from fidelity.metrics.results import Estimate, Interval

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Trend", "regularity", "trend"]

_DAY = np.timedelta64(1, "D") / np.timedelta64(1, "us")
_CORRELATED = 0.3
_FEW_PERIODS = 3
#: Periods that lie closer are one.
_NEAREST = 1e-100


def regularity(customers: Column, at: Column, *, level: float = 0.95) -> Estimate:
    """
    How evenly members buy: 1 as if by chance, above 1 evenly, below 1 in clumps.

    Of two gaps after each other of one member, m = first / (both). Where gaps are gamma distributed with shape k, m has
    the variance 1 / (4 (2 k + 1)), so that k = (1 − 4 v) / (8 v) with v the mean of (m − ½)².

    Args:
        customers: Who bought; one row a purchase, in any order.
        at: When; purchases at one instant count as one.
        level: How sure the interval is to cover the truth.

    Returns:
        An `Estimate` of k, with the interval of v turned into that of k; its n counts pairs of gaps.

    Raises:
        MetricError: If nobody bought three times, or columns differ in length.

    Note:
        It misleads where a member's pace changes with time, and where times are told in whole days and gaps are short.

    Source:
        R. D. Wheat, D. G. Morrison, Journal of Marketing Research 27 (1990) 87–93; M. Platzer, T. Reutterer, Marketing
        Science 35 (2016) 779–799.

    >>> found = regularity(
    ...     ["ann"] * 5, ["2026-01-01", "2026-01-08", "2026-01-15", "2026-01-21", "2026-01-29"]
    ... )
    >>> round(found.value, 2)
    48.5
    """
    level = fraction("level", level)
    when = days("at", at).astype("datetime64[us]")
    _, codes = coded("customers", column("customers", customers))
    same_length(customers=codes, at=when)
    order = np.lexsort((when, codes))
    codes, when = codes[order], when[order]
    fresh = np.append(True, (codes[1:] != codes[:-1]) | (when[1:] != when[:-1]))
    codes, when = codes[fresh], when[fresh]
    same = codes[1:] == codes[:-1]
    who, gaps = codes[1:][same], np.diff(when).astype(np.int64)[same] / _DAY
    # Pairs that share no gap: the first and second of a member, the third and fourth, and so on.
    begins = np.append(0, np.flatnonzero(np.diff(who)) + 1) if len(who) else np.zeros(0, np.int64)
    place = np.arange(len(who)) - np.repeat(begins, np.diff(np.append(begins, len(who))))
    first = np.flatnonzero((place[:-1] % 2 == 0) & (who[1:] == who[:-1])) if len(who) else begins
    if not len(first):
        message = "customers: nobody bought three times; give the purchases of a longer time"
        raise MetricError(message, argument="customers", rows=np.empty(0, np.int64))
    away = (gaps[first] / (gaps[first] + gaps[first + 1]) - 0.5) ** 2
    spread = float(away.mean())
    clusters = np.unique(who[first], return_inverse=True)[1]
    apart = np.bincount(clusters, away - spread)
    many = len(apart)
    value, error, ends = _evenness(spread), None, None
    if many > 1 and spread > 0:
        noise = sqrt(float(apart @ apart) * many / (many - 1)) / len(first)
        reach = t_quantile((1 + level) / 2, many - 1) * noise
        error = noise / (8 * spread**2)
        ends = Interval(_evenness(min(spread + reach, 0.25)), _evenness(max(spread - reach, 0.0)), level)
    return Estimate(value, len(first), error, ends, "Wheat–Morrison, by member", "regularity")


def _evenness(spread: float) -> float:
    return (1 - 4 * spread) / (8 * spread) if spread > 0 else inf


@frozen(repr=False)
class Trend(Estimate):
    """
    By how much a figure changes from one period to the next.

    Attributes:
        start: Where the line stands at the first period.
        p_value: How often chance alone would give as steep a line, two-sided.
        relative: The change in percent of the mean of the figures.
        autocorrelation: How much a period's stray resembles the one before, −1 to 1.
        times: The periods.
        values: The figures.
    """

    start: float = 0.0
    p_value: float = 1.0
    relative: float = 0.0
    autocorrelation: float = 0.0
    times: tuple[float, ...] = ()
    values: tuple[float, ...] = ()

    def _rows(self) -> Iterable[Sequence[object]]:
        yield from super()._rows()
        yield "a period, % of the mean", self.relative
        yield "p-value", self.p_value

    def _draw(self, ax: Axes) -> None:
        times = np.array(self.times)
        ax.plot(times, self.values, "o", color="#4c72b0")
        ax.plot(
            times, self.start + self.value * (times - times[0]), color="#1f3b6e", label=f"{self.value:.4g} a period"
        )
        ax.set_xlabel("period")
        ax.legend()
        ax.set_title("Trend")


def trend(
    values: Column, times: Column = None, *, method: str = "least squares", level: float = 0.95
) -> Trend:  # fmt: skip
    """
    By how much a figure changes from one period to the next, with an interval.

    Args:
        values: The figure of each period, in order of time.
        times: The numbers of the periods, rising; 0, 1, 2 … unless told.
        method: ``"least squares"``, with Student's interval, or ``"theil-sen"``, the median of the slopes between all
            pairs, with Kendall's: it does not mind a few wild periods.
        level: How sure the interval is to cover the truth.

    Returns:
        A `Trend`.

    Raises:
        MetricError: If there are fewer than three periods, they do not rise, or columns differ in length.

    Note:
        Periods that resemble the one before make both intervals too narrow: a note says so where their strays correlate
        above 0.3. A season looks like a trend in less than two years.

    Source:
        Student's interval of a slope; P. K. Sen, Journal of the American Statistical Association 63 (1968) 1379–1389.

    >>> trend([10, 12, 13, 15, 18])
    <trend 1.9, 1.291 to 2.509 (95 %), n=5>
    """
    one_of("method", method, ("least squares", "theil-sen"))
    level = fraction("level", level)
    y = numbers("values", values)
    x = np.arange(float(len(y))) if times is None else numbers("times", times)
    n = same_length(values=y, times=x)
    if n < _FEW_PERIODS:
        message = f"values: has {n} periods; give at least three"
        raise MetricError(message, argument="values", rows=np.empty(0, np.int64))
    refuse_rows(
        "times", np.append(False, np.diff(x) < _NEAREST), "is not after the one before", "sort, each period once"
    )
    away = x - x.mean()
    square = float(away @ away)
    plain = float(away @ y) / square
    strays = y - y.mean() - plain * away
    noise = sqrt(float(strays @ strays) / (n - 2) / square)
    error: float | None = noise
    if method == "least squares":
        slope, start = plain, float(y.mean()) + plain * float(away[0])
        reach = t_quantile((1 + level) / 2, n - 2) * noise
        ends = Interval(slope - reach, slope + reach, level)
        p_value = t_tail(plain / noise, n - 2) if noise > 0 else float(plain == 0)
    else:
        slope, ends, p_value = _theil_sen(x, y, level)
        start, error = float(np.median(y - slope * (x - x[0]))), None
    total = float(strays @ strays)
    echo = float(strays[1:] @ strays[:-1]) / total if total > 0 else 0.0
    mean = float(y.mean())
    notes = [f"periods resemble the one before ({echo:.2f}): the interval is too narrow"] if echo > _CORRELATED else []
    return Trend(
        slope, n, error, ends, method, "trend", "", notes, start, p_value,
        100 * slope / mean if mean else float("nan"), echo, tuple(x.tolist()), tuple(y.tolist()),
    )  # fmt: skip


def _theil_sen(x: Array, y: Array, level: float) -> tuple[float, Interval, float]:
    """The median of all pairwise slopes, the interval of Sen, and the p-value of Kendall."""
    one, two = np.triu_indices(len(x), 1)
    slopes: NDArray[np.float64] = np.sort((y[two] - y[one]) / (x[two] - x[one]))
    n, count = len(x), len(slopes)
    ties = np.unique(y, return_counts=True)[1]
    variance = (n * (n - 1) * (2 * n + 5) - float((ties * (ties - 1) * (2 * ties + 5)).sum())) / 18
    reach = two_sided(level) * sqrt(variance)
    low = max(round((count - reach) / 2) - 1, 0)
    high = min(round((count + reach) / 2), count - 1)
    rising = float(np.sign(slopes).sum())
    z = (rising - np.sign(rising)) / sqrt(variance) if variance > 0 else 0.0
    return float(np.median(slopes)), Interval(float(slopes[low]), float(slopes[high]), level), normal_tail(z)
