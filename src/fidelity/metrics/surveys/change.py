"""Change: the difference between two scores, and how many answers it takes to see one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil, sqrt

import numpy as np
from attrs import frozen

from fidelity.errors import MetricError
from fidelity.metrics.arguments import Column, fraction, numbers, one_of, same_length, whole
from fidelity.metrics.quantiles import normal_quantile, normal_tail, two_sided
from fidelity.metrics.results import Estimate, Interval, Result
from fidelity.metrics.surveys.promoters import NetPromoterScore
from fidelity.metrics.surveys.sample import Cuts, Sample
from fidelity.metrics.surveys.shares import Shares

__all__ = ["NPSDifference", "SampleSize", "nps_difference", "nps_sample_size"]


@frozen(repr=False)
class NPSDifference(Estimate):
    """
    How much one score lies above another.

    Attributes:
        before, after: The two scores.
        z: The difference in standard errors.
        p_value: How often chance alone would give as large a difference, two-sided.
    """

    before: float = 0.0
    after: float = 0.0
    z: float = 0.0
    p_value: float = 1.0

    def _rows(self) -> Iterable[Sequence[object]]:
        yield "before", self.before
        yield "after", self.after
        yield from super()._rows()
        yield "z", self.z
        yield "p-value", self.p_value


def nps_difference(
    before: Column,
    after: Column,
    *,
    paired: bool = False,
    method: str = "adjusted wald",
    level: float = 0.95,
    scale: tuple[float, float] = (0, 10),
    promoters: float = 9,
    detractors: float = 6,
) -> NPSDifference:
    """
    How much the Net Promoter Score *after* lies above the one *before*.

    Independent samples: the variances of the two scores add up. Paired samples, the same people asked twice: the
    standard error of the mean of each person's change.

    Args:
        before, after: Answers, one a row, or results of `nps`.
        paired: Whether row by row the same person answered; takes answers.
        method: ``"adjusted wald"`` (three answers more in each sample, in interval and test), or ``"wald"``.
        level: How sure the interval is to cover the true difference.
        scale, promoters, detractors: As `nps` has them.

    Returns:
        An `NPSDifference` in points of the score, −200 to 200.

    Raises:
        MetricError: If an answer is missing or beyond the scale, paired samples differ in length, or an option is
            unknown.

    Note:
        It misleads where the second sample was asked in another way, and where many pairs are compared and only the
        largest is told.

    Source:
        B. Rocks, The American Statistician 70 (2016) 365–372; paired: the standard error of a mean of differences.

    >>> from fidelity.metrics import nps_from_counts
    >>> nps_difference(nps_from_counts(324, 180, 496), nps_from_counts(350, 180, 470), method="wald")
    <NPS difference 5.2, -2.63 to 13.03 (95 %), n=2,000>
    """
    one_of("method", method, ("adjusted wald", "wald"))
    level = fraction("level", level)
    cuts = Cuts(scale, promoters, detractors)
    if paired:
        return _paired(before, after, method, level, cuts)
    first, second = (
        each.shares if isinstance(each, NetPromoterScore) else Sample(cuts.classes(name, each)).shares()
        for name, each in (("before", before), ("after", after))
    )
    if method == "wald":
        shift, error = second.score - first.score, sqrt(first.error**2 + second.error**2)
    else:
        one, two = first.adjusted(), second.adjusted()
        shift, error = two.score - one.score, sqrt(one.error**2 + two.error**2)
    return _difference((first.score, second.score), first.n + second.n, shift, error, (method, level))


def _paired(before: Column, after: Column, method: str, level: float, cuts: Cuts) -> NPSDifference:
    if isinstance(before, NetPromoterScore) or isinstance(after, NetPromoterScore):
        message = "paired: needs the answers themselves; give before and after as columns"
        raise MetricError(message, argument="paired", rows=np.empty(0, np.int64))
    one, two = cuts.classes("before", before), cuts.classes("after", after)
    n = same_length(before=one, after=two)
    change = two.astype(np.int64) - one
    counts = np.bincount(change + 2, minlength=5).astype(np.float64)
    if method == "adjusted wald":
        # Three people more of whom nothing is known: any answer before, any after.
        counts += 3 * np.array([1, 4, 6, 4, 1]) / 16
    total, steps = counts.sum(), np.arange(-2, 3)
    shift = float(counts @ steps / total)
    error = sqrt(max(float(counts @ steps**2 / total) - shift**2, 0.0) / total)
    scores = (float(one.mean()) - 1, float(two.mean()) - 1)
    return _difference(scores, n, shift, error, (f"paired {method}", level))


def _difference(
    scores: tuple[float, float], n: int, shift: float, error: float, how: tuple[str, float]
) -> NPSDifference:
    method, level = how
    reach = two_sided(level) * error
    z = shift / error if error else (0.0 if not shift else float(np.copysign(np.inf, shift)))
    before, after = scores
    return NPSDifference(
        value=100 * (after - before), n=n, standard_error=100 * error,
        interval=_holding(100 * (after - before), 100 * (shift - reach), 100 * (shift + reach), level), method=method,
        name="NPS difference", before=100 * before, after=100 * after, z=z, p_value=normal_tail(z),
    )  # fmt: skip


def _holding(value: float, low: float, high: float, level: float) -> Interval:
    """The interval, which holds the value itself and ends where differences do."""
    return Interval(max(min(low, value), -200.0), min(max(high, value), 200.0), level)


@frozen(repr=False)
class SampleSize(Result):
    """
    How many answers it takes.

    Attributes:
        n: Answers to collect, of each sample where two are compared.
        margin: Half the width of the interval that they give, or the difference that is to be seen, in points.
        level: How sure the interval is.
        power: How sure such a difference is to be seen; None where one score is estimated.
        variance: What one answer was taken to vary by: at most 1.
    """

    n: int
    margin: float
    level: float
    power: float | None
    variance: float

    def __int__(self) -> int:
        return self.n

    def _title(self) -> str:
        return "Answers needed"


def nps_sample_size(
    margin: float,
    *,
    level: float = 0.95,
    shares: tuple[float, float, float] | None = None,
    population: int | None = None,
    power: float | None = None,
) -> SampleSize:
    """
    How many answers give an interval of ± *margin* points, or show a difference of *margin* points.

    n = z² v / m², with v = p + d − (p − d)² and m = *margin* / 100; with a finite population n / (1 + (n − 1) / N).
    With *power*, for each of two samples: n = 2 v (z₁₋α⁄₂ + z_power)² / m².

    Args:
        margin: In points of the score, above 0 and below 100.
        level: How sure the interval is to cover the truth.
        shares: The shares of promoters, passives and detractors that are expected (of one, of a hundred, or counts);
            unless told, the worst: half promoters, half detractors.
        population: How many people there are to ask at all.
        power: How sure a true difference of *margin* between two samples is to be seen.

    Returns:
        A `SampleSize`; `int(...)` of it is n.

    Raises:
        MetricError: If a number is out of its range.

    Note:
        It says answers, not invitations: divide by the response rate that is expected.

    Source:
        W. G. Cochran, Sampling Techniques (3rd ed. 1977), equations 4.1–4.2, with the variance of `nps`.

    >>> nps_sample_size(10, shares=(40, 40, 20)).n
    216
    """
    margin = fraction("margin", margin, high=100.0)
    level = fraction("level", level)
    variance = 1.0
    if shares is not None:
        told = numbers("shares", shares, low=0)
        if len(told) != 3 or not told.sum() > 0:  # noqa: PLR2004 -- three parts
            message = "shares: give three, of promoters, passives and detractors, not all zero"
            raise MetricError(message, argument="shares", rows=np.empty(0, np.int64))
        high, middle, low = told.tolist()
        variance = Shares(high, middle, low, 1, 1.0).spread
    part = margin / 100
    if power is None:
        needed = two_sided(level) ** 2 * variance / part**2
    else:
        reach = two_sided(level) + normal_quantile(fraction("power", power))
        needed = 2 * variance * reach**2 / part**2
    if population is not None:
        size = whole("population", population, low=1)
        needed /= 1 + max(needed - 1, 0.0) / size
    # A hair under a whole number is that number: rounding is not worth one more answer.
    return SampleSize(max(ceil(needed - 1e-9), 1), margin, level, power, variance)
