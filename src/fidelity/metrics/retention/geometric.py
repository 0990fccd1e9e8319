"""The shifted beta-geometric model: who stays under contract, where some are likelier to leave than others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
import numpy as np
from attrs import field, frozen

from fidelity.errors import FitError, MetricError
from fidelity.metrics.arguments import Array, Column, flags, fraction, numbers, real, refuse_rows, weights_of, whole
from fidelity.metrics.models import Model, positive
from fidelity.metrics.optimize import maximize
from fidelity.metrics.quantiles import two_sided
from fidelity.metrics.results import Interval

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["ShiftedBetaGeometric"]

_LEAST_DISCOUNT = 1e-5
_MOST_TERMS, _CHUNK = 40_000_000, 65_536
_SMALL = 1e-15


@frozen(eq=False, repr=False)
class ShiftedBetaGeometric(Model):
    """
    At each renewal a member leaves with a chance of their own; the chances of all follow a beta law.

    P(T = t) = B(α + 1, β + t − 1) / B(α, β), S(t) = B(α, β + t) / B(α, β), and the retention rate
    r(t) = (β + t − 1) / (α + β + t − 1) rises with t: those who leave easily have left.

    Attributes:
        alpha, beta: The parameters of the beta law of the chance to leave.
        n, log_likelihood, covariance, rounds: As `Model` has them; n counts members.

    Source:
        P. S. Fader, B. G. S. Hardie, How to project customer retention, Journal of Interactive Marketing 21 (2007)
        76–90, equations 5–8; the same, Customer-Base Valuation in a Contractual Setting, Marketing Science 29 (2010)
        85–93, equation 5.

    >>> model = ShiftedBetaGeometric.fit([1000, 869, 743, 653, 593, 551, 517, 491])
    >>> round(model.alpha, 3), round(model.beta, 3)
    (0.668, 3.806)
    """

    alpha: float = field(validator=positive)
    beta: float = field(validator=positive)
    _survivors: Array | None = field(default=None, kw_only=True)

    @classmethod
    def fit(cls, survivors: Column) -> ShiftedBetaGeometric:
        """
        The likeliest model of a cohort that is followed renewal by renewal.

        Args:
            survivors: How many were members at first, and after each renewal; it may not rise.

        Returns:
            The fitted model.

        Raises:
            MetricError: If there are fewer than two counts, or one rises.
            FitError: If the data determine no such model: nobody left, everybody left at once, or all have the same
                chance, which is a geometric law.
        """
        counts = numbers("survivors", survivors, low=0, whole=False)
        if len(counts) < 2:  # noqa: PLR2004 -- one renewal at least
            message = "survivors: has one count; give the members at first and after each renewal"
            raise MetricError(message, argument="survivors", rows=np.empty(0, np.int64))
        refuse_rows("survivors", np.diff(counts, prepend=counts[0]) > 0, "rises", "follow one cohort alone")
        lost, kept = counts[:-1] - counts[1:], np.zeros(len(counts) - 1)
        kept[-1] = counts[-1]
        return cls._of(lost, kept, counts)

    @classmethod
    def fit_durations(cls, renewals: Column, left: Column, *, weights: Column = None) -> ShiftedBetaGeometric:
        """
        The likeliest model of members who joined at different times.

        Args:
            renewals: How often each came to a renewal: 1 or more, whole.
            left: Whether the member left at the last of these; otherwise they are members still.
            weights: How many members each row stands for.

        Returns:
            The fitted model.

        Raises:
            MetricError: If columns differ in length, or a number of renewals is no such number.
            FitError: As `fit`.
        """
        times = numbers("renewals", renewals, low=1, whole=True)
        gone = flags("left", left, len(times))
        heavy = weights_of("weights", weights, len(times))
        codes, most = times.astype(np.int64) - 1, int(times.max())
        lost, kept = (np.bincount(codes[part], heavy[part], minlength=most) for part in (gone, ~gone))
        return cls._of(lost.astype(np.float64), kept.astype(np.float64), None)

    @classmethod
    def _of(cls, lost: Array, kept: Array, survivors: Array | None) -> ShiftedBetaGeometric:
        """From how many left at each renewal, and how many were last seen as members after each."""
        total = float(lost.sum() + kept.sum())
        if not total > 0:
            message = "survivors: nobody was a member; give a cohort"
            raise MetricError(message, argument="survivors", rows=np.empty(0, np.int64))
        lost_at = np.flatnonzero(lost)
        if not len(lost_at) or lost[0] == total:
            what = "nobody left" if not len(lost_at) else "everybody left at the first renewal"
            message = f"survivors: {what}, which says nothing of how chances differ; follow the cohort for longer"
            raise FitError(message, argument="survivors", rows=np.empty(0, np.int64))
        # Who came to a renewal, and who stayed: r(t) and 1 − r(t) are each a ratio of linear terms.
        at_risk = np.cumsum((lost + kept)[::-1])[::-1]
        stayed = at_risk - lost
        steps = np.arange(len(lost), dtype=np.float64)

        def likelihood(logs: Array) -> tuple[float, Array]:
            alpha, beta = np.exp(logs)
            both = alpha + beta + steps
            value = float(lost.sum() * np.log(alpha) + stayed @ np.log(beta + steps) - at_risk @ np.log(both))
            shared = float((at_risk / both).sum())
            slopes = (lost.sum() / alpha - shared, float((stayed / (beta + steps)).sum()) - shared)
            return value, np.array([alpha * slopes[0], beta * slopes[1]])

        rate = min(max(float(lost.sum() / at_risk.sum()), 1e-6), 1 - 1e-6)
        remedy = "a constant chance to leave (`churn`) describes such data, or follow the cohort for more renewals"
        found = maximize(likelihood, np.array([2 * rate, 2 * (1 - rate)]), names=("alpha", "beta"), remedy=remedy)
        return attrs.evolve(cls._made(found, round(total)), survivors=survivors)

    def survival(self, renewals: Column) -> Array:
        """
        The share that stays through so many renewals: S(t).

        >>> ShiftedBetaGeometric(0.668, 3.806).survival([0, 1, 4]).round(4).tolist()
        [1.0, 0.8507, 0.61]
        """
        times = numbers("renewals", renewals, low=0, high=_MOST_TERMS, whole=True).astype(np.int64)
        steps = np.arange(int(times.max()), dtype=np.float64)
        curve = np.append(1.0, np.cumprod((self.beta + steps) / (self.alpha + self.beta + steps)))
        return np.asarray(curve[times])

    def retention(self, renewals: Column) -> Array:
        """
        The share of those who came to each renewal that stays: r(t).

        >>> ShiftedBetaGeometric(0.668, 3.806).retention([1, 10]).round(4).tolist()
        [0.8507, 0.9504]
        """
        times = numbers("renewals", renewals, low=1, whole=True)
        return np.asarray((self.beta + times - 1) / (self.alpha + self.beta + times - 1))

    def survival_interval(self, renewals: int, *, level: float = 0.95) -> Interval:
        """
        Where S(t) lies, by the delta method on its complementary log-log scale.

        Raises:
            MetricError: If the model was given its parameters, so that nothing is known of their errors.
        """
        if self.covariance is None:
            message = "parameters: were given, not fitted; fit the model to have intervals"
            raise MetricError(message, argument="parameters", rows=np.empty(0, np.int64))
        z = two_sided(fraction("level", level))
        renewals = whole("renewals", renewals)
        steps = np.arange(renewals, dtype=np.float64)
        both = self.alpha + self.beta + steps
        total = float(np.log((self.beta + steps) / both).sum())
        if not renewals:
            return Interval(1.0, 1.0, level)
        slope = np.array([-self.alpha * (1 / both).sum(), self.beta * (1 / (self.beta + steps) - 1 / both).sum()])
        error = float(np.sqrt(slope @ self.covariance @ slope)) / abs(total)
        ends = sorted(float(np.exp(-np.exp(np.log(-total) + sign * z * error))) for sign in (-1, 1))
        return Interval(ends[0], ends[1], level)

    def expected_renewals(self, *, discount: float = 0.0, after: int = 0) -> float:
        """
        How often a member who renewed *after* times will renew in all time to come, the renewal now due counted whole.

        Σ S(after + 1 + t) / S(after) / (1 + d)ᵗ from t = 0; where d is 0, (β + after) / (α − 1), infinite if α ≤ 1.

        Args:
            discount: The rate by which a renewal one period later is worth less: 0.1 for a tenth; 0, or from 0.00001.
            after: How often the member has renewed.

        Returns:
            The discounted expected residual lifetime, in renewals. A payment that is certain comes on top.

        Raises:
            MetricError: If the discount is negative or tiny, or *after* is no count.

        Source:
            P. S. Fader, B. G. S. Hardie, Customer-Base Valuation in a Contractual Setting, Marketing Science 29 (2010)
            85–93, equation 5.

        >>> round(ShiftedBetaGeometric(0.668, 3.806).expected_renewals(discount=0.1), 2)
        5.41
        """
        after = whole("after", after)
        discount = real("discount", discount, low=0)
        if 0 < discount < _LEAST_DISCOUNT:
            message = f"discount: is {discount!r}; give 0, or a rate from {_LEAST_DISCOUNT:g}"
            raise MetricError(message, argument="discount", rows=np.empty(0, np.int64))
        start = self.beta + after
        if discount == 0:
            return start / (self.alpha - 1) if self.alpha > 1 else float("inf")
        total, last = 0.0, 1.0
        for first in range(0, _MOST_TERMS, _CHUNK):
            steps = np.arange(first, first + _CHUNK, dtype=np.float64)
            stays = (start + steps) / (self.alpha + start + steps)
            stays[1:] /= 1 + discount
            stays[0] /= 1 if not first else 1 + discount
            terms = last * np.cumprod(stays)
            total += float(terms.sum())
            last = float(terms[-1])
            if last * (1 + discount) / discount <= _SMALL * total:
                break
        return total

    def _title(self) -> str:
        return "Shifted beta-geometric model"

    def _draw(self, ax: Axes) -> None:
        seen = self._survivors
        most = 12 if seen is None else 2 * len(seen)
        ax.plot(range(most + 1), 100 * self.survival(range(most + 1)), color="#4c72b0", label="model")
        if seen is not None:
            ax.plot(range(len(seen)), 100 * seen / seen[0], "o", color="#1f3b6e", label="seen")
            ax.legend()
        ax.set_xlabel("renewals")
        ax.set_ylabel("% still members")
        ax.set_ylim(0, 105)
        ax.set_title(self._title())
