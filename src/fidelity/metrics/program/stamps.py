"""Stamps: how members hasten as a reward comes near (the goal gradient), measured and played."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

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
    real,
    same_length,
    whole,
)
from fidelity.metrics.means import mean_with_error
from fidelity.metrics.ratios import ratio_with_error
from fidelity.metrics.results import Estimate, Interval, Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["GoalGradient", "GoalGradientEstimate", "goal_gradient"]

_DAY = np.timedelta64(1, "D") / np.timedelta64(1, "us")
_LEAST = 3
#: Stamps, days without hastening, hastening from the first gap to the last, days with it.
_STUDIES: Mapping[str, tuple[int, float, float, float]] = {"10-stamp cafe card": (10, 29.4, 0.20, 24.6)}


@frozen(repr=False)
class GoalGradient(Result):
    """
    Gaps between stamps that grow shorter as the reward comes near.

    Gap j of J is first × (1 − acceleration × ((j − 1) / (J − 1))^shape).

    Attributes:
        stamps: How many a card takes; J = stamps − 1 gaps lie between them.
        first: The first gap, in days.
        acceleration: By how much the last gap is shorter, 0 to 1.
        shape: 1: evenly from stamp to stamp; above, late; below, soon after the beginning.
    """

    stamps: int
    first: float
    acceleration: float
    shape: float = 1.0

    def __attrs_post_init__(self) -> None:
        whole("stamps", self.stamps, low=_LEAST)
        real("first", self.first, above=0)
        real("shape", self.shape, above=0)
        if real("acceleration", self.acceleration, low=0, high=1) == 1:
            message = "acceleration: is 1, so that the last gap is nothing; give a share from 0 to below 1"
            raise MetricError(message, argument="acceleration", rows=np.empty(0, np.int64))

    @classmethod
    def of_total(cls, stamps: int, first: float, acceleration: float, total: float) -> GoalGradient:
        """
        The one whose cards take *total* days: only the shape is left to find.

        Raises:
            MetricError: If no shape gives that.
        """
        made = cls(stamps, first, acceleration)
        total = real("total", total, above=0)
        low, high = 1e-6, 1e3
        least, most = (cls(stamps, first, acceleration, shape).days for shape in (low, high))
        if not least * (1 - 1e-12) <= total <= most * (1 + 1e-12):
            message = f"total: is {total!r}; give days from {least:.4g} to {most:.4g}, or another acceleration"
            raise MetricError(message, argument="total", rows=np.empty(0, np.int64))
        for _ in range(200):
            middle = sqrt(low * high)
            made = cls(stamps, first, acceleration, middle)
            low, high = (middle, high) if made.days < total else (low, middle)
        return made

    @classmethod
    def published(cls, study: str) -> GoalGradient:
        """
        The one that gives what a study published.

        ``"10-stamp cafe card"``: 20 % from the first gap to the last; 24.6 days for a card and not 29.4. The shape is
        what makes these agree; the study does not state it.

        Raises:
            MetricError: If the study is unknown.

        Source:
            R. Kivetz, O. Urminsky, Y. Zheng, Journal of Marketing Research 43 (2006) 39–58, page 43.

        >>> found = GoalGradient.published("10-stamp cafe card")
        >>> round(found.days, 1), round(found.days_without, 1), round(100 * found.saving)
        (24.6, 29.4, 16)
        """
        one_of("study", study, tuple(_STUDIES))
        stamps, without, acceleration, total = _STUDIES[study]
        return cls.of_total(stamps, without / (stamps - 1), acceleration, total)

    @property
    def gaps(self) -> Array:
        """The mean gap from each stamp to the next, in days; shape (stamps − 1,)."""
        share = np.linspace(0.0, 1.0, self.stamps - 1)
        return np.asarray(self.first * (1 - self.acceleration * share**self.shape))

    @property
    def days(self) -> float:
        """How long a card takes from its first stamp to its last."""
        return float(self.gaps.sum())

    @property
    def days_without(self) -> float:
        """How long it would take if nobody hastened."""
        return self.first * (self.stamps - 1)

    @property
    def saving(self) -> float:
        """By how much the card takes less, 0 to 1."""
        return max(1 - self.days / self.days_without, 0.0)

    def simulate(self, cards: int, *, seed: int, regularity: float = 1.0) -> Array:
        """
        The days at which each card got its stamps, the first at 0; shape (cards, stamps).

        Args:
            cards: How many.
            seed: What the random numbers begin with.
            regularity: The shape of the gamma law of the gaps: 1 as if by chance, above more even.
        """
        count = whole("cards", cards, low=1)
        even = real("regularity", regularity, low=1e-6)
        random = np.random.default_rng(whole("seed", seed))
        gaps = random.gamma(even, self.gaps / even, size=(count, self.stamps - 1))
        return np.concatenate([np.zeros((count, 1)), gaps.cumsum(axis=1)], axis=1)

    def _rows(self) -> Iterable[Sequence[object]]:
        yield "days a card takes", self.days
        yield "without hastening", self.days_without
        yield "saving, %", 100 * self.saving
        yield "hastening from first to last, %", 100 * self.acceleration

    def _title(self) -> str:
        return f"Goal gradient, {self.stamps} stamps"

    def _draw(self, ax: Axes) -> None:
        ax.plot(np.arange(1, self.stamps), self.gaps, "o-", color="#1f3b6e")
        ax.set_ylim(0, 1.1 * float(self.gaps.max()))
        ax.set_xlabel("gap")
        ax.set_ylabel("days")
        ax.set_title(self._title())


@frozen(eq=False, repr=False)
class GoalGradientEstimate(Result):
    """
    How members hastened.

    Attributes:
        gaps: The mean gap from each stamp to the next, in days; shape (stamps − 1,).
        acceleration: By how much the last gap is shorter than the first, in percent.
        slope: By how many days a gap is longer than the one before: below 0 they hasten.
        days: How long a card took, in days.
        days_without: How long it would have taken at the pace of the first gap.
        cards: How many complete cards there are.
        left_out: How many were not complete.
    """

    gaps: Array
    acceleration: Estimate
    slope: Estimate
    days: Estimate
    days_without: float
    cards: int
    left_out: int

    @property
    def saving(self) -> float:
        """By how much cards took less than at the pace of the first gap, 0 to 1."""
        return 1 - self.days.value / self.days_without

    def _rows(self) -> Iterable[Sequence[object]]:
        yield "hastening from first to last", f"{self.acceleration.value:.4g} % ({self.acceleration.interval or '–'})"
        yield "a gap to the next", f"{self.slope.value:.4g} days ({self.slope.interval or '–'})"
        yield "days a card took", f"{self.days.value:.4g} ({self.days.interval or '–'})"
        yield "at the pace of the first gap", self.days_without
        yield "cards", self.cards
        yield "not complete, left out", self.left_out

    def _title(self) -> str:
        return "Goal gradient"

    def _draw(self, ax: Axes) -> None:
        places = np.arange(1, len(self.gaps) + 1)
        ax.plot(places, self.gaps, "o", color="#4c72b0", label="mean gap")
        line = self.gaps.mean() + self.slope.value * (places - places.mean())
        ax.plot(places, line, color="#1f3b6e", label=f"{self.slope.value:.3g} days a gap")
        ax.set_ylim(0, 1.3 * float(max(self.gaps.max(), line.max())))
        ax.set_xlabel("gap")
        ax.set_ylabel("days")
        ax.legend()
        ax.set_title(self._title())


def goal_gradient(
    cards: Column, at: Column, stamps: int, *, members: Column = None, level: float = 0.95
) -> GoalGradientEstimate:
    """
    How members hasten as a reward comes near, from the stamps of their cards.

    Slope: of each complete card the least-squares slope of its gaps, then the mean over cards, so that quick and slow
    members do not mix. Acceleration: 1 − Σ last gaps / Σ first gaps.

    Args:
        cards: The card of each stamp; one row a stamp, in any order.
        at: When it was given; or the number of the day.
        stamps: How many a card takes. Cards with fewer are left out, those with more are an error.
        members: Whose card it is: the intervals then count members, not cards.
        level: How sure they are to cover the truth.

    Returns:
        A `GoalGradientEstimate`.

    Raises:
        MetricError: If no card is complete, one has more stamps, columns differ in length, or all first gaps are 0.

    Note:
        Complete cards are those of the quick, so the *days* mislead about all; the slope within cards does not. At the
        end of a campaign everybody hastens: look at cards that were begun at different times.

    Source:
        R. Kivetz, O. Urminsky, Y. Zheng, Journal of Marketing Research 43 (2006) 39–58; the ratio: W. G. Cochran,
        Sampling Techniques (3rd ed. 1977), equation 6.9.

    >>> found = goal_gradient(["a"] * 4 + ["b"] * 4, [0, 4, 7, 9, 0, 5, 9, 12], 4)
    >>> found.gaps.tolist(), round(found.acceleration.value, 1), found.slope.value
    ([4.5, 3.5, 2.5], 44.4, -1.0)
    """
    level = fraction("level", level)
    size = whole("stamps", stamps, low=_LEAST)
    _, codes = coded("cards", column("cards", cards))
    when = _moments(at)
    same_length(cards=codes, at=when)
    counts = np.bincount(codes)
    if (counts > size).any():
        rows = np.flatnonzero((counts > size)[codes])
        message = f"cards: has more than {size} stamps in row {rows[0]}; give each card a name of its own"
        raise MetricError(message, argument="cards", rows=rows)
    complete = counts == size
    if not complete.any():
        message = f"cards: none has {size} stamps; give complete cards, or a smaller stamps="
        raise MetricError(message, argument="cards", rows=np.empty(0, np.int64))
    kept = np.flatnonzero(complete[codes])
    order = kept[np.lexsort((when[kept], codes[kept]))]
    gaps = np.diff(when[order].reshape(-1, size), axis=1)
    if not gaps[:, 0].sum() > 0:
        message = "at: all first gaps are 0; give times, or merge stamps of one purchase"
        raise MetricError(message, argument="at", rows=np.empty(0, np.int64))
    clusters = np.arange(len(gaps))
    if members is not None:
        who = coded("members", column("members", members))[1]
        same_length(cards=codes, members=who)
        clusters = np.unique(who[order].reshape(-1, size)[:, 0], return_inverse=True)[1]
    away = np.arange(size - 1.0) - (size - 2) / 2
    ones = np.ones(len(gaps))

    def figure(above: Array, below: Array, name: str, unit: str) -> Estimate:
        ratio = ratio_with_error(above, below, clusters=clusters)
        value, error, reach = ratio.value, ratio.error, ratio.quantile(level)
        if members is None and below is ones:  # a plain mean, with Student's own error
            error = mean_with_error(above)[1]
        ends = None if error is None else Interval(value - reach * error, value + reach * error, level)
        return Estimate(value, len(gaps), error, ends, "t, by member" if members is not None else "t", name, unit)

    quicker = figure(gaps[:, 0] - gaps[:, -1], gaps[:, 0], "acceleration", "%")
    scaled = (
        None if quicker.interval is None else Interval(100 * quicker.interval.low, 100 * quicker.interval.high, level)
    )
    error = None if quicker.standard_error is None else 100 * quicker.standard_error
    return GoalGradientEstimate(
        gaps.mean(axis=0),
        Estimate(100 * quicker.value, quicker.n, error, scaled, quicker.method, quicker.name, "%"),
        figure(gaps @ away / float(away @ away), ones, "slope", "days"),
        figure(gaps.sum(axis=1), ones, "days of a card", "days"),
        float(gaps[:, 0].mean()) * (size - 1), len(gaps), int((~complete & (counts > 0)).sum()),
    )  # fmt: skip


def _moments(at: Column) -> Array:
    """Times in days: numbers as they are, dates from their own."""
    found = column("at", at)
    if found.dtype.kind in "biuf":
        return numbers("at", found)
    return np.asarray(days("at", found).astype("datetime64[us]").astype(np.int64) / _DAY)
