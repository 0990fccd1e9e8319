"""Behavior: who is active, how often they buy, how evenly, and where it is going."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import inf, sqrt
from typing import TYPE_CHECKING, TypedDict, Unpack, overload

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from fidelity.errors import MetricError
from fidelity.metrics.arguments import (
    Array,
    Column,
    Whole,
    coded,
    column,
    days,
    fraction,
    numbers,
    one_of,
    refuse_rows,
    same_length,
    weights_of,
)
from fidelity.metrics.grouping import SMALLEST, effective, figures
from fidelity.metrics.means import mean_with_error, t_interval
from fidelity.metrics.proportions import METHODS, estimate_of_share
from fidelity.metrics.quantiles import normal_tail, t_quantile, t_tail, two_sided
from fidelity.metrics.results import Estimate, Estimates, Interval

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Trend", "active_rate", "frequency", "regularity", "trend"]

_DAY = np.timedelta64(1, "D") / np.timedelta64(1, "us")
#: Days of a unit of time; a year of the Gregorian calendar.
_UNITS = {"day": 1.0, "week": 7.0, "month": 365.2425 / 12, "quarter": 365.2425 / 4, "year": 365.2425}
_CORRELATED = 0.3
_FEW_PERIODS = 3


class ActiveOptions(TypedDict, total=False):
    """What `active_rate` takes beside members, purchases and groups."""

    until: str | np.datetime64
    within: float
    weights: Column
    method: str
    level: float
    minimum: int


@overload
def active_rate(
    members: Column, customers: Column, at: Column, *, by: None = None, **options: Unpack[ActiveOptions]
) -> Estimate: ...
@overload
def active_rate(
    members: Column, customers: Column, at: Column, *, by: Column, **options: Unpack[ActiveOptions]
) -> Estimates: ...


def active_rate(
    members: Column,
    customers: Column,
    at: Column,
    *,
    until: str | np.datetime64 | None = None,
    within: float = 365,
    weights: Column = None,
    by: Column = None,
    method: str = "wilson",
    level: float = 0.95,
    minimum: int = SMALLEST,
) -> Estimate | Estimates:
    """
    The share of members who did something in the last so many days, in percent.

    Args:
        members: All members, each once.
        customers: Who did something (a purchase, a visit); one row each time, in any order. Others are ignored.
        at: When.
        until: The end of the time looked at; the last row unless told. What came later is ignored.
        within: How many days before that it begins.
        weights: How much each member counts.
        by: A column that names a group for each member: one rate a group.
        method: As `proportion` has it.
        level: How sure the interval is to cover the truth.
        minimum: Groups with fewer members are not shown.

    Returns:
        An `Estimate` in percent, or `Estimates` where *by* is given.

    Raises:
        MetricError: If a member stands twice, columns differ in length, or an option is unknown.

    Note:
        It misleads where members joined within the time, and between trades: who buys sofas is not active each year.
        How likely somebody is still there: the models of `value`.

    Source:
        Counting; the interval as `proportion`.

    >>> active_rate(["ann", "bob", "cy"], ["ann", "bob"], ["2026-03-01", "2025-01-01"], until="2026-06-30")
    <active 33.33%, 6.149 to 79.23 (95 %), n=3>
    """
    one_of("method", method, tuple(METHODS))
    level = fraction("level", level)
    if not 0 < within < inf:
        message = f"within: is {within!r}; give a number of days above 0"
        raise MetricError(message, argument="within", rows=np.empty(0, np.int64))
    who, when = column("customers", customers), days("at", at).astype("datetime64[us]")
    same_length(customers=who, at=when)
    listed = column("members", members)
    names, codes = coded("members", listed)
    if len(names) < len(listed):
        rows = np.setdiff1d(np.arange(len(listed)), np.unique(codes, return_index=True)[1])
        message = f"members: stands twice in row {rows[0]}; name each member once"
        raise MetricError(message, argument="members", rows=rows)
    end = when.max() if until is None else days("until", [until])[0].astype("datetime64[us]")
    inside = (when <= end) & (when > end - np.timedelta64(round(within * _DAY), "us"))
    seen, _ = coded("customers", who)
    seen = np.unique(who[inside].astype(seen.dtype)) if inside.any() else seen[:0]
    if seen.dtype.kind != names.dtype.kind:
        seen, names = seen.astype(str), names.astype(str)
    hits = np.isin(names, seen)[codes].astype(np.float64)
    heavy = weights_of("weights", weights, len(hits))

    def one(part: Whole | slice) -> Estimate:
        mine = heavy[part]
        share = min(float(mine @ hits[part] / mine.sum()), 1.0)
        return estimate_of_share(
            share, len(mine), effective=effective(mine), level=level, method=method, name="active"
        )  # fmt: skip

    return figures(one, len(hits), name="active", by=by, rewarded=None, minimum=minimum)


def frequency(
    customers: Column,
    at: Column,
    *,
    members: Column = None,
    start: str | np.datetime64 | None = None,
    until: str | np.datetime64 | None = None,
    per: str | None = None,
    level: float = 0.95,
) -> Estimate:
    """
    How often a member buys: purchases a member, or a member and unit of time.

    Args:
        customers: Who bought; one row a purchase, in any order.
        at: When.
        members: All members, where those who bought nothing count too; those of *customers* unless told.
        start, until: From when to when, both included; the first and the last purchase unless told. Purchases beyond
            are ignored.
        per: ``"day"``, ``"week"``, ``"month"``, ``"quarter"`` or ``"year"``; None: in the whole time.
        level: How sure the interval is to cover the mean of members like these.

    Returns:
        An `Estimate` with a t interval; its n counts members.

    Raises:
        MetricError: If a customer is no member, the time has no length, columns differ in length, or *per* is unknown.

    Note:
        Members who joined within the time had less of it. A few who buy much carry the mean: see `top_share`.

    Source:
        The mean of counts with Student's interval.

    >>> frequency(["ann", "ann", "bob"], ["2026-01-01", "2026-02-01", "2026-03-01"])
    <purchases a member 1.5, -4.853 to 7.853 (95 %), n=2>
    """
    level = fraction("level", level)
    when = days("at", at).astype("datetime64[us]")
    who = column("customers", customers)
    same_length(customers=who, at=when)
    begin = when.min() if start is None else days("start", [start])[0].astype("datetime64[us]")
    end = when.max() if until is None else days("until", [until])[0].astype("datetime64[us]")
    time = 1.0
    if per is not None:
        one_of("per", per, tuple(_UNITS))
        time = float((end - begin).astype(np.int64)) / _DAY / _UNITS[per]
    if end < begin or not time > 0:
        message = f"until: {end} is not after start {begin}; give a time with some length"
        raise MetricError(message, argument="until", rows=np.empty(0, np.int64))
    inside = (when >= begin) & (when <= end)
    names, codes = coded("customers", who)
    counts = np.bincount(codes[inside], minlength=len(names)).astype(np.float64)
    if members is not None:
        everybody = set(coded("members", column("members", members))[0].astype(str).tolist())
        strange = np.array([str(name) not in everybody for name in names.tolist()], bool)
        refuse_rows("customers", strange[codes], "is no member", "add them to members, or leave those rows out")
        counts = np.append(counts, np.zeros(len(everybody) - len(names)))
    mean, error, worth = mean_with_error(counts / time)
    unit = "" if per is None else f" a {per}"
    return Estimate(
        mean, len(counts), error, t_interval(mean, error, worth, level), "t, by member", "purchases a member", unit
    )  # fmt: skip


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
    refuse_rows("times", np.append(False, np.diff(x) <= 0), "is not after the one before", "sort, each period once")
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
