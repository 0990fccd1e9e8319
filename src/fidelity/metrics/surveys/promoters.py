"""Net Promoter Score: of members and of employees, from answers or from counts, with what it is worth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypedDict, Unpack, overload

import numpy as np
from attrs import frozen

from fidelity.errors import MetricError
from fidelity.metrics.arguments import Column, Whole, fraction, one_of, whole
from fidelity.metrics.grouping import FEW, SMALLEST, figures
from fidelity.metrics.results import Estimate, Estimates, Interval
from fidelity.metrics.surveys.sample import Counted, Cuts, Sample, sample_of
from fidelity.metrics.surveys.shares import INTERVALS, Shares

__all__ = ["NetPromoterScore", "Options", "enps", "nps", "nps_from_counts"]

METHODS = (*INTERVALS, "bootstrap")


@frozen(repr=False)
class NetPromoterScore(Estimate):
    """
    A Net Promoter Score with its parts.

    Attributes:
        promoters, passives, detractors: Their shares in percent.
        worth: How many equally weighted answers these are worth.
    """

    promoters: float = 0.0
    passives: float = 0.0
    detractors: float = 0.0
    worth: float = 0.0

    @property
    def shares(self) -> Shares:
        """The parts, for further computing."""
        return Shares(self.promoters, self.passives, self.detractors, self.n, self.worth)

    def _rows(self) -> Iterable[Sequence[object]]:
        yield from super()._rows()
        for name in ("promoters", "passives", "detractors"):
            yield name, f"{getattr(self, name):.1f} %"


class Options(TypedDict, total=False):
    """What `nps` takes beside the answers and their groups."""

    weights: Column
    strata: Column
    population: Mapping[str, float] | None
    rewarded: Column
    method: str
    level: float
    scale: tuple[float, float]
    promoters: float
    detractors: float
    minimum: int
    resamples: int
    seed: int


class TeamOptions(TypedDict, total=False):
    """What `enps` takes beside the answers and their teams."""

    method: str
    level: float
    scale: tuple[float, float]
    minimum: int


@overload
def nps(scores: Column, *, by: None = None, **options: Unpack[Options]) -> NetPromoterScore: ...
@overload
def nps(scores: Column, *, by: Column, **options: Unpack[Options]) -> Estimates: ...


def nps(
    scores: Column,
    *,
    weights: Column = None,
    by: Column = None,
    strata: Column = None,
    population: Mapping[str, float] | None = None,
    rewarded: Column = None,
    method: str = "adjusted wald",
    level: float = 0.95,
    scale: tuple[float, float] = (0, 10),
    promoters: float = 9,
    detractors: float = 6,
    minimum: int = SMALLEST,
    resamples: int = 10_000,
    seed: int = 0,
) -> NetPromoterScore | Estimates:
    """
    The Net Promoter Score: 100 × (share of promoters − share of detractors), with an interval.

    An answer counts +1, 0 or −1, so that the standard error is √((p + d − (p − d)²) / n). The adjusted Wald interval
    adds three answers (¾, 1½, ¾) to the counts, in the interval only. Weighted and stratified answers enter it as the
    number of equal answers that they are worth, from the linearized variance.

    Args:
        scores: One answer a row, on *scale*.
        weights: How much each answer counts.
        by: A column that names a group for each row: one figure a group.
        strata: A column that names the stratum each answer was drawn from.
        population: How large each stratum is in the population; unless told, as in the sample.
        rewarded: Which answers were rewarded (bool): the result says how many and what the others give.
        method: ``"adjusted wald"`` (default), ``"score"`` (Tango's; the one to use below 30 answers or with few
            detractors: it never leaves −100 to 100), ``"wald"``, ``"bootstrap"`` (percentiles of multinomial draws;
            where these would be more than 200 million single answers that all weigh unlike, of the normal law that
            their sums follow, unless a few of them outweigh the rest).
        level: How sure the interval is to cover the true score.
        scale: The lowest and the highest possible answer.
        promoters: Answers from here on are promoters.
        detractors: Answers up to here are detractors.
        minimum: Groups with fewer answers are not shown.
        resamples: How many draws the bootstrap makes.
        seed: What its random numbers begin with.

    Returns:
        A `NetPromoterScore` from −100 to 100, or `Estimates` where *by* is given.

    Raises:
        MetricError: If an answer is missing or beyond the scale, columns differ in length, or an option is unknown.

    Note:
        Least coverage of 95 % intervals where each of the three shares is at least .05: adjusted 93.2 % with 10
        answers, 94.4 % with 30; score 94.5 % and 94.1 %; Wald 64.9 % and 88.3 %. Of every number of answers from 30 to
        100 and all shares in steps of .05 the adjusted one has no less than 93.7 %, and never 0.2 points less than
        Wald's. Of 10 strata with 2 answers each it covers 92.8 %, with 5 answers 94.5 % (`benchmarks/coverage.py`).

        It misleads where answers were rewarded or chosen, where a change is smaller than its interval, and as a
        figure for one person. With few answers an end of the adjusted interval may lie beyond ±100.

    Source:
        F. F. Reichheld, Harvard Business Review 81 (2003) 12, 46–54. B. Rocks, Interval Estimation for the “Net
        Promoter Score”, The American Statistician 70 (2016) 365–372, section 3. T. Tango, Statistics in Medicine
        17 (1998) 891–908, equations 7 and 14.

    >>> nps([10] * 50 + [8] * 33 + [3] * 17)
    <NPS 33, 17.56 to 46.52 (95 %), n=100>
    """
    sample = sample_of(Cuts(scale, promoters, detractors).classes("scores", scores), weights, strata, population)
    how = _how(method, level, resamples, seed)

    def one(rows: Whole | slice) -> NetPromoterScore:
        return _figure(sample.part(rows), how, "NPS")

    return figures(one, len(sample), name="NPS", by=by, rewarded=rewarded, minimum=minimum)


def nps_from_counts(
    promoters: int, passives: int, detractors: int, *, method: str = "adjusted wald", level: float = 0.95,
    resamples: int = 10_000, seed: int = 0,
) -> NetPromoterScore:  # fmt: skip
    """
    The Net Promoter Score of answers that were counted already.

    Args:
        promoters, passives, detractors: How many there were of each.
        method: How the interval is made, as `nps` has it.
        level: How sure it is to cover the true score.
        resamples: How many draws the bootstrap makes.
        seed: What its random numbers begin with.

    Returns:
        A `NetPromoterScore`.

    Raises:
        MetricError: If the counts are no counts or all zero, or an option is unknown.

    Note:
        It misleads as `nps` does.

    Source:
        As `nps`.

    >>> nps_from_counts(19, 9, 8, method="wald")
    <NPS 30.56, 4.085 to 57.03 (95 %), n=36>
    """
    counts = (whole("detractors", detractors), whole("passives", passives), whole("promoters", promoters))
    if not sum(counts):
        message = "promoters: nobody answered; give at least one answer"
        raise MetricError(message, argument="promoters", rows=np.empty(0, np.int64))
    return _figure(Counted(counts), _how(method, level, resamples, seed), "NPS")


@overload
def enps(scores: Column, *, by: None = None, **options: Unpack[TeamOptions]) -> NetPromoterScore: ...
@overload
def enps(scores: Column, *, by: Column, **options: Unpack[TeamOptions]) -> Estimates: ...


def enps(
    scores: Column,
    *,
    by: Column = None,
    method: str = "adjusted wald",
    level: float = 0.95,
    scale: tuple[float, float] = (0, 10),
    minimum: int = SMALLEST,
) -> NetPromoterScore | Estimates:
    """
    The Net Promoter Score of employees, whose anonymity it keeps: fewer answers than *minimum* are not shown.

    Args:
        scores: One answer a row, on *scale*.
        by: A column that names a team for each row: one figure a team.
        method: How the interval is made, as `nps` has it.
        level: How sure it is to cover the true score.
        scale: The lowest and the highest possible answer.
        minimum: The fewest answers that are shown, of a team and of all.

    Returns:
        A `NetPromoterScore`, or `Estimates` where *by* is given; small teams are in its `hidden`.

    Raises:
        MetricError: If there are too few answers to show, or as `nps`.

    Note:
        It misleads between small teams: their intervals overlap more than their figures differ.

    Source:
        As `nps`; the least number of answers is a custom of employee surveys, not a law.

    >>> enps([9, 10, 7, 6, 8, 10])
    <eNPS 33.33, -26.74 to 71.19 (95 %), n=6>
    """
    minimum = whole("minimum", minimum, low=1)
    sample = Sample(Cuts(scale, scale[1] - 1, scale[1] - 4).classes("scores", scores))
    if len(sample) < minimum:
        message = f"scores: {len(sample)} answers are too few to show; wait for {minimum}, or lower minimum="
        raise MetricError(message, argument="scores", rows=np.empty(0, np.int64))
    how = _how(method, level, 10_000, 0)

    def one(rows: Whole | slice) -> NetPromoterScore:
        return _figure(sample.part(rows), how, "eNPS")

    return figures(one, len(sample), name="eNPS", by=by, rewarded=None, minimum=minimum)


@frozen
class _How:
    """How an interval is made."""

    method: str
    level: float
    resamples: int
    seed: int


def _how(method: str, level: float, resamples: int, seed: int) -> _How:
    one_of("method", method, METHODS)
    return _How(method, fraction("level", level), whole("resamples", resamples, low=100), whole("seed", seed))


def _figure(sample: Sample | Counted, how: _How, name: str) -> NetPromoterScore:
    shares = sample.shares()
    if how.method == "bootstrap":
        drawn, tail = sample.resampled(how.resamples, how.seed), (1 - how.level) / 2
        low, high = np.quantile(drawn, [tail, 1 - tail]).tolist()
        error = float(drawn.std(ddof=1))
    else:
        low, high = INTERVALS[how.method](shares, how.level)
        error = shares.error
    # Three answers more may move an interval of very few past the figure itself.
    low, high = min(low, shares.score), max(high, shares.score)
    few = shares.n < FEW and how.method != "score"
    score, promoters, passives, detractors = shares.percent
    return NetPromoterScore(
        value=score, n=shares.n, standard_error=100 * error,
        interval=Interval(100 * low, 100 * high, how.level), method=how.method, name=name,
        notes=[f"fewer than {FEW} answers: method='score' covers better"] if few else [],
        promoters=promoters, passives=passives, detractors=detractors, worth=shares.worth,
    )  # fmt: skip
