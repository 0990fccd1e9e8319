"""Tracking: what a model said would come, beside what came."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import sqrt
from typing import TYPE_CHECKING, Protocol

import attrs
import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from fidelity.errors import MetricError
from fidelity.metrics.arguments import Array, Column, Whole, column, days, end_of, fraction, same_length
from fidelity.metrics.columns import absent, cited, refusal, refuse_rows
from fidelity.metrics.periods import period_numbers
from fidelity.metrics.quantiles import two_sided
from fidelity.metrics.results import Estimate, Interval, Result
from fidelity.metrics.value.histories import PurchaseHistory
from fidelity.metrics.value.lifetime import PurchaseModel
from fidelity.metrics.value.rounds import PurchaseRounds

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["HoldoutTracking", "holdout_tracking"]

_BINS = 7


class _Cumulative(PurchaseModel, Protocol):
    def expected_purchases(self, t: Column) -> Array:
        """How many repeat purchases a new customer makes in some time."""


@frozen(eq=False, repr=False)
class HoldoutTracking(Result):
    """
    What came after the model was fitted, beside what it said.

    Attributes:
        actual: How many purchases each customer made afterwards; shape (n,).
        expected: How many the model said; shape (n,).
        ratio: Expected over actual, of all customers together: 1 is right.
        mean_error: The mean absolute difference, a customer.
        correlation: Of the two, over customers; NaN where one of them does not vary.
        bins: How often customers had bought again before: 0 to 6, and 7 for all who did more often.
        customers_by_bin, actual_by_bin, expected_by_bin: How many there are in each, and the means of the two.
        times: Units of time, or rounds, since the first customer came.
        actual_total, expected_total: All repeat purchases of these customers until then.
        fitted_until: Where along *times* the data ended that the model had seen.
    """

    actual: Array
    expected: Array
    ratio: Estimate
    mean_error: float
    correlation: float
    bins: Whole
    customers_by_bin: Whole
    actual_by_bin: Array
    expected_by_bin: Array
    times: Array
    actual_total: Array
    expected_total: Array
    fitted_until: float

    def _heads(self) -> Sequence[str]:
        return "repeat purchases before", "customers", "came after", "expected"

    def _rows(self) -> Iterable[Sequence[object]]:
        table = (self.bins, self.customers_by_bin, self.actual_by_bin, self.expected_by_bin)
        for place, count, came, said in zip(*(each.tolist() for each in table), strict=True):
            yield f"{place}" if place < _BINS else f"{place}+", count, came, said
        yield "all", len(self.actual), self.actual.mean(), self.expected.mean()
        yield "expected ÷ actual", "", self.ratio.value, str(self.ratio.interval or "–")

    def _title(self) -> str:
        return "Holdout tracking"

    def _draw(self, ax: Axes) -> None:
        ax.plot(self.times, self.actual_total, color="#1f3b6e", label="came")
        ax.plot(self.times, self.expected_total, color="#c44e52", ls="--", label="expected")
        ax.axvline(self.fitted_until, color="grey", lw=0.8)
        ax.set_xlabel("units of time; right of the line the model had not seen")
        ax.set_ylabel("repeat purchases so far")
        ax.legend()
        ax.set_title(self._title())


def holdout_tracking(
    model: _Cumulative, history: PurchaseHistory, customers: Column, at: Column, *, until: str | np.datetime64,
    level: float = 0.95,
) -> HoldoutTracking:  # fmt: skip
    """
    How a fitted model fares on what came after the data it was fitted to.

    Args:
        model: Of purchases, fitted to *history*.
        history: What the model knew; where that are rounds, purchases are counted in rounds, and *until* is the last
            day of one.
        customers, at: All purchases, those before too; one row a purchase, in any order.
        until: The last day to compare, included whole.
        level: How sure the interval of the ratio is to cover the truth.

    Returns:
        A `HoldoutTracking`.

    Raises:
        MetricError: If *until* does not lie after the history, or columns differ in length.

    Note:
        A total that is right may hide that both ends are wrong: look at the bins.

    Source:
        P. S. Fader, B. G. S. Hardie, K. L. Lee, Marketing Science 24 (2005) 275–284, figures 2 to 4.

    >>> from fidelity.metrics import BetaGeometric, purchase_history
    >>> history = purchase_history(
    ...     ["ann", "ann", "bob"], ["2026-01-01", "2026-01-15", "2026-01-08"], until="2026-03-01"
    ... )
    >>> found = holdout_tracking(
    ...     BetaGeometric(0.243, 4.414, 0.793, 2.426),
    ...     history,
    ...     ["ann", "ann", "bob", "ann"],
    ...     ["2026-01-01", "2026-01-15", "2026-01-08", "2026-03-09"],
    ...     until="2026-05-01",
    ... )
    >>> found.actual.tolist(), found.expected.round(2).tolist()
    ([1.0, 0.0], [0.42, 0.16])
    """
    level = fraction("level", level)
    if not isinstance(history, PurchaseHistory):
        raise refusal("history", f"is {cited(history)}", "give what purchase_history() makes")
    if not hasattr(model, "conditional_expected_purchases"):
        raise refusal("model", f"is {cited(model)}", "give a fitted model of purchases, such as BetaGeometric")
    end = end_of("until", until).last.astype("datetime64[D]")
    who, day = column("customers", customers), days("at", at).astype("datetime64[D]")
    if isinstance(history, PurchaseRounds):
        history, day, end = _in_rounds(history, day, end)
    ahead = float((end - history.until) / np.timedelta64(1, "D")) / history.unit
    if not ahead > 0:
        message = f"until: {until} does not lie after what the history knows; give a later day"
        raise MetricError(message, argument="until", rows=np.empty(0, np.int64))
    same_length(customers=who, at=day)
    place = _places(history, who)
    if (place < 0).all():
        message = "customers: nobody of the history is among them; give the same ids, of the same type"
        raise MetricError(message, argument="customers", rows=np.empty(0, np.int64))
    known = (place >= 0) & (day <= end)
    place, number = place[known], day[known].astype(np.int64)
    low = int(number.min()) if len(number) else 0
    span = int(end.astype(np.int64)) - low + 1
    keys = np.unique(place * span + (number - low))
    place, number = keys // span, keys % span + low
    later = number > int(history.until.astype(np.int64))
    actual = np.bincount(place[later], minlength=history.n).astype(np.float64)
    expected = model.conditional_expected_purchases(ahead, *history.purchases)
    bins = np.minimum(history.frequency, _BINS).astype(np.int64)
    counts = np.bincount(bins, minlength=_BINS + 1)
    shown = np.flatnonzero(counts)
    means = [np.bincount(bins, each, minlength=_BINS + 1)[shown] / counts[shown] for each in (actual, expected)]
    varied = len(actual) > 1 and actual.std() > 0 and expected.std() > 0
    times, came, said = _cumulative(model, history, place, number, end)
    return HoldoutTracking(
        actual, expected, _ratio(actual, expected, level), float(np.abs(actual - expected).mean()),
        float(np.corrcoef(actual, expected)[0, 1]) if varied else float("nan"),
        shown, counts[shown], means[0], means[1], times, came, said,
        float((history.until - history.first.min()) / np.timedelta64(1, "D")) / history.unit,
    )  # fmt: skip


def _in_rounds(
    history: PurchaseRounds, day: NDArray[np.datetime64], end: np.datetime64
) -> tuple[PurchaseRounds, NDArray[np.datetime64], np.datetime64]:
    """Rounds as if each were a day, so that all purchases of one are one."""

    def told(instants: NDArray[np.datetime64]) -> NDArray[np.datetime64]:
        return period_numbers(instants, history.period).astype("datetime64[D]")

    both = told(np.array([history.until, end]))
    return attrs.evolve(history, first=told(history.first), until=both[0], unit=1.0), told(day), both[1]


def _places(history: PurchaseHistory, who: np.ndarray[tuple[int], np.dtype[np.generic]]) -> Whole:
    """The place of each row's customer in the history; −1 for others."""
    refuse_rows("customers", absent(who), "is missing", "name one in every row")
    names = history.customers
    kinds = {names.dtype.kind, who.dtype.kind}
    if kinds <= {*"OUS"}:
        who, names = who.astype(str), names.astype(str)
    elif len(kinds) > 1 and not kinds <= {*"iuf"}:
        return np.full(len(who), -1)
    order = np.argsort(names)
    names = names[order]
    found = np.minimum(np.searchsorted(names, who), len(names) - 1)
    return np.where(names[found] == who, order[found], -1)


def _ratio(actual: Array, expected: Array, level: float) -> Estimate:
    total = float(actual.sum())
    if not total:
        return Estimate(float("inf"), len(actual), None, None, "", "expected over actual")
    value = float(expected.sum()) / total
    # The error of a ratio of sums over customers.
    apart = expected - value * actual
    error = sqrt(float(apart @ apart)) / total
    z = two_sided(level)
    factor = float(np.exp(z * error / value)) if value else 1.0
    ends = Interval(value / factor, value * factor, level)
    return Estimate(value, len(actual), error, ends, "ratio of sums", "expected over actual")


def _cumulative(
    model: _Cumulative, history: PurchaseHistory, place: Whole, number: Whole, end: np.datetime64
) -> tuple[Array, Array, Array]:
    """All repeat purchases so far, unit by unit: those that came, and those that the model says."""
    first = history.first.astype(np.int64)
    start = int(first.min())
    length = float(int(end.astype(np.int64)) - start) / history.unit
    times = np.arange(1, int(np.floor(length + 1e-9)) + 1, dtype=np.float64)
    repeat = number > first[place]
    when = np.sort((number[repeat] - start) / history.unit)
    came = np.searchsorted(when, times, "right").astype(np.float64)
    joined, many = np.unique(first, return_counts=True)
    since = times[:, None] - (joined - start) / history.unit
    ages, inverse = np.unique(np.maximum(since, 0.0), return_inverse=True)
    said = model.expected_purchases(ages)[inverse].reshape(since.shape) @ many
    return times, came, said
