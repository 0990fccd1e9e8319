"""Satisfaction and effort: the share that is satisfied, and how easy it was."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypedDict, Unpack, overload

import numpy as np
from attrs import frozen

from fidelity.errors import MetricError
from fidelity.metrics.arguments import Array, Column, Whole, column, fraction, numbers, one_of, weights_of
from fidelity.metrics.grouping import SMALLEST, figures, part_of_weights, refuse_flags, share_of
from fidelity.metrics.means import mean_with_error, t_interval
from fidelity.metrics.proportions import METHODS, estimate_of_share, proportion
from fidelity.metrics.results import Estimate, Estimates

__all__ = ["EffortScore", "ces", "csat", "csat_from_counts"]


def _on_scale(scores: Column, scale: tuple[float, float], argument: str, cut: float) -> Array:
    low, high = scale
    if not low < cut <= high:
        message = f"{argument}: {cut:g} is no cut of a scale from {low:g} to {high:g}; give one above {low:g}"
        raise MetricError(message, argument=argument, rows=np.empty(0, np.int64))
    found = column("scores", scores)
    refuse_flags("scores", found)
    return numbers("scores", found, low=low, high=high)


class CsatOptions(TypedDict, total=False):
    """What `csat` takes beside the answers and their groups."""

    satisfied: float | None
    weights: Column
    rewarded: Column
    method: str
    level: float
    scale: tuple[float, float]
    minimum: int


class CesOptions(TypedDict, total=False):
    """What `ces` takes beside the answers and their groups."""

    agree: float
    weights: Column
    rewarded: Column
    method: str
    level: float
    scale: tuple[float, float]
    minimum: int


@overload
def csat(scores: Column, *, by: None = None, **options: Unpack[CsatOptions]) -> Estimate: ...
@overload
def csat(scores: Column, *, by: Column, **options: Unpack[CsatOptions]) -> Estimates: ...


def csat(
    scores: Column,
    *,
    satisfied: float | None = None,
    weights: Column = None,
    by: Column = None,
    rewarded: Column = None,
    method: str = "wilson",
    level: float = 0.95,
    scale: tuple[float, float] = (1, 5),
    minimum: int = SMALLEST,
) -> Estimate | Estimates:
    """
    Customer satisfaction: the share of answers in the top of the scale, in percent, with an interval.

    Args:
        scores: One answer a row, on *scale*.
        satisfied: Answers from here on are satisfied; unless told, the two highest of the scale.
        weights: How much each answer counts; the interval then rests on the effective number of answers.
        by: A column that names a group for each row: one figure a group.
        rewarded: Which answers were rewarded (bool): the result says how many and what the others give.
        method: As `proportion` has it.
        level: How sure the interval is to cover the true share.
        scale: The lowest and the highest possible answer.
        minimum: Groups with fewer answers are not shown.

    Returns:
        An `Estimate` in percent, or `Estimates` where *by* is given.

    Raises:
        MetricError: If an answer is missing or beyond the scale, columns differ in length, or an option is unknown.

    Note:
        It misleads as a forecast of loyalty: satisfied customers leave too. Ask what determined it (`drivers`).

    Source:
        The intervals: as `proportion`. Weighted: E. L. Korn, B. I. Graubard, Survey Methodology 24 (1998) 193–201.

    >>> csat([5] * 30 + [4] * 15 + [2] * 5)
    <CSAT 90%, 78.64 to 95.65 (95 %), n=50>
    """
    one_of("method", method, tuple(METHODS))
    level = fraction("level", level)
    cut = scale[1] - 1 if satisfied is None else satisfied
    hits = (_on_scale(scores, scale, "satisfied", cut) >= cut).astype(np.float64)
    weighed = None if weights is None else weights_of("weights", weights, len(hits))

    def one(part: Whole | slice) -> Estimate:
        seen, worth = share_of(hits[part], part_of_weights(weighed, part))
        return estimate_of_share(seen, len(hits[part]), effective=worth, level=level, method=method, name="CSAT")

    return figures(one, len(hits), name="CSAT", by=by, rewarded=rewarded, minimum=minimum)


def csat_from_counts(satisfied: int, n: int, *, method: str = "wilson", level: float = 0.95) -> Estimate:
    """
    Customer satisfaction of answers that were counted already: *satisfied* of *n*, in percent.

    Args:
        satisfied: How many were satisfied.
        n: How many answered.
        method: As `proportion` has it.
        level: How sure the interval is to cover the true share.

    Returns:
        An `Estimate` in percent.

    Raises:
        MetricError: If the counts are no counts.

    Note:
        It misleads as `csat` does.

    Source:
        As `proportion`.

    >>> csat_from_counts(0, 20, method="clopper-pearson")
    <CSAT 0%, 0 to 16.84 (95 %), n=20>
    """
    return proportion(satisfied, n, method=method, level=level, name="CSAT")


@frozen(repr=False)
class EffortScore(Estimate):
    """
    How easy it was.

    Attributes:
        agreeing: The share that agreed that it was easy, in percent.
    """

    agreeing: Estimate | None = None

    def _rows(self) -> Iterable[Sequence[object]]:
        yield from super()._rows()
        if self.agreeing is not None:
            yield "agreeing", f"{self.agreeing.value:.1f} % ({self.agreeing.interval})"


@overload
def ces(scores: Column, *, by: None = None, **options: Unpack[CesOptions]) -> EffortScore: ...
@overload
def ces(scores: Column, *, by: Column, **options: Unpack[CesOptions]) -> Estimates: ...


def ces(
    scores: Column,
    *,
    agree: float = 5,
    weights: Column = None,
    by: Column = None,
    rewarded: Column = None,
    method: str = "wilson",
    level: float = 0.95,
    scale: tuple[float, float] = (1, 7),
    minimum: int = SMALLEST,
) -> EffortScore | Estimates:
    """
    Customer Effort Score: the mean agreement that it was easy, with a t interval, and the share that agreed.

    The mean x̄ with x̄ ± t(n − 1) s / √n; the share from *agree* on with the interval of *method*.

    Args:
        scores: One answer a row, on *scale*: the higher, the easier.
        agree: Answers from here on agree.
        weights: How much each answer counts.
        by: A column that names a group for each row: one figure a group.
        rewarded: Which answers were rewarded (bool): the result says how many and what the others give.
        method: The interval of the share, as `proportion` has it.
        level: How sure the intervals are to cover the truth.
        scale: The lowest and the highest possible answer.
        minimum: Groups with fewer answers are not shown.

    Returns:
        An `EffortScore`, or `Estimates` where *by* is given. A single answer has no interval.

    Raises:
        MetricError: If an answer is missing or beyond the scale, columns differ in length, or an option is unknown.

    Note:
        It misleads where the question asks for effort (high is bad): turn the scale round first. Only those who got
        to the end are asked; measure also what the process itself demands. Where nearly everybody agrees, the t
        interval covers less than it says: 92 % instead of 95 with 30 answers, 88 % with 10 (`benchmarks/coverage.py`).

    Source:
        M. Dixon, N. Toman, R. DeLisi, The Effortless Experience (2013), appendix: “made it easy”, 1 to 7, and the
        share of 5 and more. The interval: Student, Biometrika 6 (1908) 1–25.

    >>> ces([7, 6, 5, 4, 7, 2]).agreeing
    <agreeing 66.67%, 30 to 90.32 (95 %), n=6>
    """
    one_of("method", method, tuple(METHODS))
    level = fraction("level", level)
    values = _on_scale(scores, scale, "agree", agree)
    weighed = None if weights is None else weights_of("weights", weights, len(values))

    def one(part: Whole | slice) -> EffortScore:
        here, heavy = values[part], part_of_weights(weighed, part)
        mean, error, worth = mean_with_error(here, heavy)
        share, ground = share_of((here >= agree).astype(np.float64), heavy)
        return EffortScore(
            value=mean, n=len(here), standard_error=error, interval=t_interval(mean, error, worth, level),
            method="t", name="CES", notes=[] if error is not None else ["a single answer has no interval"],
            agreeing=estimate_of_share(share, len(here), effective=ground, level=level, method=method, name="agreeing"),
        )  # fmt: skip

    return figures(one, len(values), name="CES", by=by, rewarded=rewarded, minimum=minimum)
