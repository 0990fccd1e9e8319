"""Returning: who leaves, who comes back, and how long they take."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import inf, sqrt
from typing import TYPE_CHECKING, TypedDict, Unpack, overload

import attrs
import numpy as np
from attrs import frozen

from fidelity.errors import MetricError
from fidelity.metrics.arguments import (
    Array,
    Column,
    Whole,
    column,
    days,
    end_of,
    flags,
    fraction,
    numbers,
    one_of,
    real,
    same_length,
    weights_of,
    whole_days,
)  # fmt: skip
from fidelity.metrics.grouping import SMALLEST, figures, part_of_weights, share_of
from fidelity.metrics.proportions import METHODS, estimate_of_share, proportion
from fidelity.metrics.quantiles import chi2_quantile, t_quantile
from fidelity.metrics.results import Estimate, Estimates, Interval, Result
from fidelity.metrics.retention.cohort_table import dense_codes
from fidelity.metrics.retention.curves import SurvivalCurve, survival

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["InterpurchaseTimes", "churn", "interpurchase_times", "repeat_rate"]

_DAY = np.timedelta64(1, "D") / np.timedelta64(1, "us")


class Options(TypedDict, total=False):
    """What `churn` takes beside who left and the groups."""

    exposure: Column
    weights: Column
    method: str
    level: float
    minimum: int


@overload
def churn(left: Column, *, by: None = None, **options: Unpack[Options]) -> Estimate: ...
@overload
def churn(left: Column, *, by: Column, **options: Unpack[Options]) -> Estimates: ...


def churn(
    left: Column,
    *,
    exposure: Column = None,
    weights: Column = None,
    by: Column = None,
    method: str = "wilson",
    level: float = 0.95,
    minimum: int = SMALLEST,
) -> Estimate | Estimates:
    """
    The share of members who left, in percent; or, with *exposure*, how many left per unit of time.

    Args:
        left: Whether each member left (bool).
        exposure: How long each was watched: the rate is then the number who left over all that time, with the exact
            interval of a Poisson count.
        weights: How much each member counts; not beside *exposure*.
        by: A column that names a group for each member: one figure a group.
        method: The interval of the share, as `proportion` has it.
        level: How sure the interval is to cover the truth.
        minimum: Groups with fewer members are not shown.

    Returns:
        An `Estimate`, or `Estimates` where *by* is given.

    Raises:
        MetricError: If columns differ in length, nobody was watched at all, or an option is unknown.

    Note:
        A share of members watched for different times misleads: give *exposure*, or use `survival`. Where nobody signs
        off, "left" is a guess: `value` models say how likely it is.

    Source:
        Share: as `proportion`. Rate: F. Garwood, Biometrika 28 (1936) 437–442.

    >>> churn([True, False, False, False, True], exposure=[2, 12, 12, 12, 5])
    <churn 0.04651, 0.005633 to 0.168 (95 %), n=5>
    """
    one_of("method", method, tuple(METHODS))
    level = fraction("level", level)
    rows = len(column("left", left))
    gone = flags("left", left, rows).astype(np.float64)
    if exposure is not None and weights is not None:
        message = "weights: cannot stand beside exposure=; multiply the exposure instead"
        raise MetricError(message, argument="weights", rows=np.empty(0, np.int64))
    heavy = None if weights is None else weights_of("weights", weights, rows)
    watched = None if exposure is None else numbers("exposure", exposure, low=0)
    same_length(left=gone, exposure=watched)

    def one(part: Whole | slice) -> Estimate:
        hits = gone[part]
        if watched is not None:
            return _rate(float(hits.sum()), float(watched[part].sum()), len(hits), level)
        share, worth = share_of(hits, part_of_weights(heavy, part))
        return estimate_of_share(share, len(hits), effective=worth, level=level, method=method, name="churn")

    return figures(one, rows, name="churn", by=by, rewarded=None, minimum=minimum)


def _rate(count: float, time: float, n: int, level: float) -> Estimate:
    if not time > 0:
        message = "exposure: is zero in every row; say how long each was watched"
        raise MetricError(message, argument="exposure", rows=np.empty(0, np.int64))
    tail = (1 - level) / 2
    low = chi2_quantile(tail, 2 * count) / 2 if count else 0.0
    high = chi2_quantile(1 - tail, 2 * count + 2) / 2
    ends = Interval(low / time, high / time, level)
    return Estimate(count / time, n, sqrt(count) / time, ends, "exact Poisson", "churn")


def repeat_rate(customers: Column, *, method: str = "wilson", level: float = 0.95) -> Estimate:
    """
    The share of customers who bought more than once, in percent.

    Args:
        customers: Who bought; one row a purchase, in any order.
        method: As `proportion` has it.
        level: How sure the interval is to cover the truth.

    Returns:
        An `Estimate` in percent; its n counts customers.

    Raises:
        MetricError: If a customer is missing, or an option is unknown.

    Note:
        It misleads where some have had more time than others: compare cohorts of one age.

    Source:
        Counting; the interval as `proportion`.

    >>> repeat_rate(["ann", "bob", "ann", "cy"])
    <repeat rate 33.33%, 6.149 to 79.23 (95 %), n=3>
    """
    codes, people, _ = dense_codes("customers", customers)
    counts = np.bincount(codes, minlength=people)
    return proportion(
        int((counts > 1).sum()), int((counts > 0).sum()), method=method, level=level, name="repeat rate"
    )  # fmt: skip


@frozen(eq=False, repr=False)
class InterpurchaseTimes(Result):
    """
    How long customers take until they buy again.

    Attributes:
        gaps: The days between a purchase and the next one of the same customer, customer by customer; shape (n,).
        mean: Their mean, in days; its error counts customers, not gaps, as the observations.
        median: Their median.
        customers: How many customers bought twice or more.
        curve: The share that has not bought again after so many days, with the gaps that are still open, without
            intervals; None where nobody said until when the data reach.
    """

    gaps: Array
    mean: Estimate
    median: float
    customers: int
    curve: SurvivalCurve | None = None

    @property
    def n(self) -> int:
        """How many gaps there are."""
        return len(self.gaps)

    def within(self, span: float) -> float:
        """
        The share of gaps of at most *span* days; of those still open too, where the curve is known.

        Raises:
            MetricError: If it is no number of 0 or more.
        """
        span = real("span", span, low=0)
        if self.curve is not None:
            return 1 - float(self.curve.at([span])[0])
        return float((self.gaps <= span).mean())

    def _rows(self) -> Iterable[Sequence[object]]:
        yield "mean", f"{self.mean.value:.4g} days, {self.mean.interval}"
        yield "median", f"{self.median:.4g} days"
        if self.curve is not None:
            yield "median with open gaps", f"{self.curve.median.value:.4g} days"
        yield "gaps", self.n
        yield "customers", self.customers

    def _title(self) -> str:
        return "Days between purchases"

    def _draw(self, ax: Axes) -> None:
        ax.hist(self.gaps, bins=60, color="#4c72b0", alpha=0.7)
        ax.axvline(self.median, color="#1f3b6e", label=f"median {self.median:.4g}")
        ax.legend()
        ax.set_xlabel("days until the next purchase")
        ax.set_title(self._title())


def interpurchase_times(
    customers: Column, at: Column, *, until: str | np.datetime64 | None = None, level: float = 0.95
) -> InterpurchaseTimes:
    """
    How many days customers take between a purchase and the next one.

    Args:
        customers: Who bought; one row a purchase, in any order.
        at: When. Two purchases at one instant have a gap of 0 days: merge them first if they are one.
        until: Up to when the data reach, included: a day to its end, or an instant. The gaps that are still open then
            enter the curve; where all purchases are told as days, so are these gaps.
        level: How sure the interval is to cover the truth.

    Returns:
        `InterpurchaseTimes`.

    Raises:
        MetricError: If nobody bought twice, columns differ in length, a time is missing, or lies after *until*.

    Note:
        The mean of the gaps that were closed misleads: long ones are still open. Give *until*, and read the curve. Who
        buys often has more gaps and weighs more.

    Source:
        Clustered error: W. G. Cochran, Sampling Techniques (3rd ed. 1977), equation 6.9, of a ratio. Curve: `survival`.

    >>> found = interpurchase_times(
    ...     ["ann", "ann", "bob", "bob", "bob"],
    ...     ["2026-01-01", "2026-01-11", "2026-01-01", "2026-01-05", "2026-01-25"],
    ... )
    >>> found.gaps.tolist(), round(found.mean.value, 2), found.median
    ([10.0, 4.0, 20.0], 11.33, 10.0)
    """
    level = fraction("level", level)
    codes, people, _ = dense_codes("customers", customers)
    instants = days("at", at).astype("datetime64[us]")
    same_length(customers=codes, at=instants)
    order = np.lexsort((instants, codes))
    codes, instants = codes[order], instants[order]
    same = codes[1:] == codes[:-1]
    gaps = np.diff(instants).astype(np.int64)[same] / _DAY
    if not len(gaps):
        message = "customers: nobody bought twice; give the purchases of a longer time"
        raise MetricError(message, argument="customers", rows=np.empty(0, np.int64))
    who = codes[1:][same]
    counts = np.bincount(who, minlength=people)
    sums = np.bincount(who, gaps, minlength=people)
    many = int((counts > 0).sum())
    mean = float(gaps.mean())
    error = None
    if many > 1:
        apart = (sums - mean * counts)[counts > 0]
        error = sqrt(float(apart @ apart) * many / (many - 1)) / len(gaps)
    ends = None if error is None else Interval(*_around(mean, error, many - 1, level), level)
    figure = Estimate(mean, len(gaps), error, ends, "t, by customer", "mean gap", "days")
    curve = None
    if until is not None:
        end = end_of("until", until)
        last = instants[np.append(~same, True)]
        if (last > end.last).any():
            message = f"until: {end} lies before some purchases; give a time at which the data end"
            raise MetricError(message, argument="until", rows=np.empty(0, np.int64))
        still = (end.last - last).astype(np.int64) / _DAY
        if end.day and whole_days(instants):
            still = np.floor(still)
        left = np.append(np.ones(len(gaps), bool), np.zeros(len(still), bool))
        curve = survival(np.append(gaps, still), left, level=level)
        # The gaps of one customer go together: intervals of independent gaps would be far too short.
        unknown = np.full(len(curve.times), np.nan)
        curve = attrs.evolve(
            curve, low=unknown, high=unknown, hazard_low=unknown, hazard_high=unknown,
            method="none: the gaps of one customer go together",
        )  # fmt: skip
    return InterpurchaseTimes(gaps, figure, float(np.median(gaps)), many, curve)


def _around(mean: float, error: float, freedom: int, level: float) -> tuple[float, float]:
    reach = t_quantile((1 + level) / 2, freedom) * error
    return max(mean - reach, 0.0), min(mean + reach, inf)
