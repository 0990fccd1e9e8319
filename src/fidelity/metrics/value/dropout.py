"""Dropout after a purchase: the beta-geometric models of how often customers buy, and whether they still do."""

from __future__ import annotations

from math import log
from typing import ClassVar, Self, TypeVar

import numpy as np
from attrs import field, frozen

from fidelity.errors import FitError
from fidelity.metrics.arguments import Array, Column, numbers, one_each, real, weights_of
from fidelity.metrics.optimize import maximize, parameters_of
from fidelity.metrics.special import digamma, gammaln, hyp2f1, log_beta, trigamma
from fidelity.metrics.value.fitting import Model, Seen, positive, seen_of

__all__ = ["BetaGeometric", "ModifiedBetaGeometric"]

D = TypeVar("D", bound="_Dropout")
_PART = 20_000
_CHUNK = 32_768
_COUNTED, _FAR = 1_000_000, 1e12
_NEAR_ONE = 1e-5
_REMEDY = "try the other models of purchases, which leave in other ways; else watch the customers for longer"


@frozen(eq=False, repr=False)
class _Dropout(Model):
    """
    What both models are: purchases at a rate of one's own, and a chance of one's own to leave after each.

    They differ in whether a customer may leave at the very first purchase too: with b one larger, and a factor
    b / (a + b), the one becomes the other.
    """

    r: float = field(validator=positive)
    alpha: float = field(validator=positive)
    a: float = field(validator=positive)
    b: float = field(validator=positive)

    _first: ClassVar[int] = 0

    @classmethod
    def fit(cls, frequency: Column, recency: Column, age: Column, *, weights: Column = None) -> Self:
        """
        The likeliest model of customers who were watched from their first purchase on.

        Args:
            frequency: How many repeat purchases each made: the first is not counted; shape (n,).
            recency: When the last of them was, since the first purchase, in any unit; 0 where there was none.
            age: How long ago the first purchase was, in the same unit.
            weights: How many customers each row stands for.

        Returns:
            The fitted model.

        Raises:
            MetricError: If columns differ in length or hold what cannot be.
            FitError: If the data determine no such model, and what would do instead.

        Note:
            It misleads where purchases are regular (subscriptions: `ShiftedBetaGeometric`) or seasonal, and where the
            customers were chosen by how much they buy.
        """
        seen = seen_of(frequency, recency, age)
        heavy = None if weights is None else weights_of("weights", weights, len(seen.x))
        _refuse_silence(seen, heavy)
        # Purchases do not care for the unit of time: with a mean age of 1 the steps are alike for all data.
        unit = float(seen.age.mean())
        scaled = Seen(seen.x, seen.t_x / unit, seen.age / unit)
        whole = _Likelihood(scaled, heavy, cls._first)
        mean = max(float(np.average(seen.x, weights=heavy)), 0.05)
        start = np.array([1.0, 1.0 / mean, 1.0, 2.0])
        names, near = cls._fields(), False
        if len(seen.x) > 4 * _PART:
            # Most of the way is gone on some of the customers, evenly spaced, and the rest in a few steps on all.
            rows = np.linspace(0, len(seen.x) - 1, _PART).astype(np.int64)
            part = Seen(scaled.x[rows], scaled.t_x[rows], scaled.age[rows])
            some = _Likelihood(part, None if heavy is None else heavy[rows], cls._first)
            try:
                first = maximize(some.slope, start, names=names, remedy=_REMEDY, curvature=some.curve)
                start, near = first.parameters, True
            except FitError:
                near = False
        found = maximize(whole.slope, start, names=names, remedy=_REMEDY, curvature=whole.curve, near=near)
        found.parameters[1] *= unit
        total = float(seen.x.sum()) if heavy is None else float(heavy @ seen.x)
        n = len(seen.x) if heavy is None else round(float(heavy.sum()))
        return cls._made(found, n, found.log_likelihood - total * log(unit))

    def _odds_gone(self, seen: Seen) -> Array:
        """The odds that a customer has left: a / (b + x − 1) × ((α + T) / (α + t_x))^(r + x)."""
        left = self.b + self._first + seen.x - 1
        power = (self.r + seen.x) * np.log((self.alpha + seen.age) / (self.alpha + seen.t_x))
        ratio = np.divide(self.a, left, out=np.zeros(len(left)), where=seen.x + self._first > 0)
        return np.asarray(ratio * np.exp(np.minimum(power, 700.0)))

    def probability_alive(self, frequency: Column, recency: Column, age: Column) -> Array:
        """
        How likely each customer is still to be one.

        Args:
            frequency, recency, age: As `fit` has them, in the unit the model was fitted in.

        Returns:
            A probability for each; shape (n,).

        Raises:
            MetricError: If columns differ in length or hold what cannot be.
        """
        return np.asarray(1 / (1 + self._odds_gone(seen_of(frequency, recency, age))))

    def expected_purchases(self, t: Column) -> Array:
        """
        How many repeat purchases a new customer makes in *t* units of time; shape as *t*.

        Raises:
            MetricError: If a time is negative or missing.
        """
        times = numbers("t", t, low=0)
        a, b = self.a, self.b + self._first
        start = self.b / (self.a + self.b) if self._first else 1.0
        return np.asarray(start * _gained(a, b, self.r, times / (self.alpha + times)))

    def conditional_expected_purchases(self, horizon: Column, frequency: Column, recency: Column, age: Column) -> Array:
        """
        How many purchases each customer will make in the next *horizon* units of time.

        Args:
            horizon: For how long; one number, or one for each customer.
            frequency, recency, age: As `fit` has them, in the unit the model was fitted in.

        Returns:
            The mean for each; shape (n,).

        Raises:
            MetricError: If columns differ in length or hold what cannot be.
        """
        seen = seen_of(frequency, recency, age)
        ahead = one_each("horizon", horizon, len(seen.x))
        b = self.b + self._first + seen.x
        share = ahead / (self.alpha + seen.age + ahead)
        return np.asarray(_gained(self.a, b, self.r + seen.x, share) / (1 + self._odds_gone(seen)))

    def probability_of(self, purchases: Column, t: float) -> Array:
        """
        How likely a new customer is to make so many repeat purchases in *t* units of time.

        Args:
            purchases: How many, each 0 or more and whole.
            t: In how long.

        Returns:
            A probability for each number; shape as *purchases*.

        Raises:
            MetricError: If a number is no count, or the time negative.
        """
        counts = numbers("purchases", purchases, low=0, high=_COUNTED, whole=True).astype(np.int64)
        t = real("t", t, low=0, high=_FAR)
        x = np.arange(int(counts.max()) + 1, dtype=np.float64)
        a, b, r = self.a, self.b, self.r
        shift = self._first
        share = t / (self.alpha + t)
        if share == 0:
            poisson = (x == 0).astype(np.float64)
        else:
            logs = gammaln(r + x) - gammaln(np.full(1, r)) - gammaln(x + 1)
            poisson = np.exp(logs + r * np.log1p(-share) + x * np.log(share))
        base = float(log_beta(a, b))
        stayed = np.exp(log_beta(a, b + shift + x) - base)
        gone = np.zeros(len(x))
        some = x + shift > 0
        gone[some] = np.exp(log_beta(a + 1, b + shift + x[some] - 1) - base)
        reached = 1 - np.append(0.0, np.cumsum(poisson)[:-1])
        return np.asarray((stayed * poisson + gone * reached)[counts])


@frozen(eq=False, repr=False)
class BetaGeometric(_Dropout):
    """
    The BG/NBD model: customers buy at a rate of their own and may leave after each repeat purchase.

    L = Γ(r + x) αʳ / Γ(r) × B(a, b + x) / B(a, b) × [(α + T)^−(r + x) + δ(x > 0) a / (b + x − 1) (α + t_x)^−(r + x)].

    Attributes:
        r, alpha: Of the gamma law of the rates: shape, and rate in units of time.
        a, b: Of the beta law of the chance to leave.
        n, log_likelihood, covariance, rounds: As `Model` has them.

    Source:
        P. S. Fader, B. G. S. Hardie, K. L. Lee, “Counting Your Customers” the Easy Way, Marketing Science 24 (2005)
        275–284, equations 6, 9 and 10; the published fit to CDNOW is r .243, α 4.414, a .793, b 2.426.

    >>> model = BetaGeometric(0.243, 4.414, 0.793, 2.426)
    >>> model.conditional_expected_purchases(39, [2], [30.43], [38.86]).round(3).tolist()
    [1.226]
    """


@frozen(eq=False, repr=False)
class ModifiedBetaGeometric(_Dropout):
    """
    The MBG/NBD model: as `BetaGeometric`, but a customer may leave at the very first purchase too.

    L = Γ(r + x) αʳ / Γ(r) × B(a, b + x + 1) / B(a, b) × [(α + T)^−(r + x) + a / (b + x) (α + t_x)^−(r + x)].

    Attributes:
        r, alpha: Of the gamma law of the rates: shape, and rate in units of time.
        a, b: Of the beta law of the chance to leave.
        n, log_likelihood, covariance, rounds: As `Model` has them.

    Source:
        E. P. Batislam, M. Denizel, A. Filiztekin, International Journal of Research in Marketing 24 (2007) 201–209,
        equation 4. U. Wagner, D. Hoppe, Erratum on the MBG/NBD model, the same 25 (2008)
        225–226.

    >>> model = ModifiedBetaGeometric(0.525, 6.183, 0.891, 1.614)
    >>> model.probability_alive([2], [30.43], [38.86]).round(3).tolist()
    [0.706]
    """

    _first: ClassVar[int] = 1


def _refuse_silence(seen: Seen, weights: Array | None) -> None:
    """Refuse data in which nobody bought again."""
    buying = seen.x if weights is None else seen.x * weights
    if not buying.any():
        message = f"frequency: nobody bought again, which says nothing of how often they would; {_REMEDY}"
        raise FitError(message, argument="frequency", rows=np.empty(0, np.int64))


def _gained(a: float, b: Array | float, power: Array | float, share: Array) -> Array:
    """
    (a + b − 1) / (a − 1) × [1 − (1 − z)^p ₂F₁(p, b; a + b − 1; z)], with z = t / (α + T + t).

    By Euler's transformation (1 − z)^p ₂F₁(p, b; a + b − 1; z) = (1 − z)^(a − 1) ₂F₁(a + b − 1 − p, a − 1; …), whose
    parameters do not grow with the purchases. At a = 1 both brackets vanish: the mean of the two sides takes its place.
    """
    if abs(a - 1) < _NEAR_ONE:
        sides = [_gained(1 + side, b, power, share) for side in (-2 * _NEAR_ONE, 2 * _NEAR_ONE)]
        return (sides[0] + sides[1]) / 2
    top = a + b - 1
    inner = hyp2f1(top - power, a - 1, top, share)
    return np.asarray(top / (a - 1) * (1 - np.exp((a - 1) * np.log1p(-share)) * inner))


def _counted(x: Array, weights: Array) -> tuple[Array, Array]:
    """The different counts, and how many customers have each."""
    most = float(x.max())
    if most < _COUNTED:
        many = np.bincount(x.astype(np.int64), weights).astype(np.float64)
        places = np.flatnonzero(many)
        return places.astype(np.float64), many[places]
    counts, codes = np.unique(x, return_inverse=True)
    return counts, np.bincount(codes, weights, minlength=len(counts)).astype(np.float64)


class _Likelihood:
    """The log-likelihood of the data, with its derivatives, as a function of the logarithms of the parameters."""

    def __init__(self, seen: Seen, weights: Array | None, first: int) -> None:
        # Who never came back (of whom x and t_x are 0) needs one logarithm; all others need two.
        self._first = first
        heavy = np.ones(len(seen.x)) if weights is None else weights
        self._x, self._of_x = _counted(seen.x, heavy)
        silent = (seen.x == 0) if not first else np.zeros(len(seen.x), bool)
        self._silent_age = seen.age[silent]
        self._silent_weight = None if weights is None else heavy[silent]
        some = ~silent
        self._n, self._t_x, self._age = seen.x[some], seen.t_x[some], seen.age[some]
        self._weight = None if weights is None else heavy[some]
        self._total, self._purchases = float(heavy.sum()), float(heavy @ seen.x)

    def slope(self, logs: Array) -> tuple[float, Array]:
        """The value and the gradient."""
        value, slope, _ = self._worked(logs, bent=False)
        return value, slope

    def curve(self, logs: Array) -> tuple[float, Array, Array]:
        """The value, the gradient and the second derivatives."""
        return self._worked(logs, bent=True)

    def _worked(self, logs: Array, *, bent: bool) -> tuple[float, Array, Array]:
        scale = parameters_of(logs)
        if scale is None:
            return -np.inf, np.zeros(4), np.zeros((4, 4))
        r, alpha, a, b = scale.tolist()
        value, slope, curve = self._of_counts((r, alpha, a, b), bent=bent)
        self._of_silent(r, alpha, value, slope, curve)
        for first in range(0, len(self._n), _CHUNK):
            self._of_buyers((r, alpha, a, b), slice(first, first + _CHUNK), (value, slope, curve), bent=bent)
        curve = curve + np.triu(curve, 1).T
        return float(value[0]), scale * slope, np.outer(scale, scale) * curve + np.diag(scale * slope)

    def _of_counts(self, parameters: tuple[float, float, float, float], *, bent: bool) -> tuple[Array, Array, Array]:
        """The part that knows of a customer no more than how often they came back."""
        r, alpha, a, b = parameters
        total, k = self._total, len(self._x)
        high = b + self._first + self._x
        # All arguments in one call: those of customers at r + x, b + x and a + b + x, and r, b, a + b themselves.
        arguments = np.concatenate([r + self._x, high, a + high, [r, b, a + b]])
        weight = np.concatenate([self._of_x, self._of_x, -self._of_x, [-total, -total, total]])
        parts = (slice(k), slice(k, 2 * k), slice(2 * k, 3 * k))

        def summed(values: Array) -> tuple[float, float, float, float, float, float]:
            weighed = weight * values
            each = [float(weighed[part].sum()) for part in parts]
            return each[0], each[1], each[2], *weighed[3 * k :].tolist()

        value = float(weight @ gammaln(arguments)) + total * r * log(alpha)
        of_r, of_b, of_all, at_r, at_b, at_ab = summed(digamma(arguments))
        slope = np.array(
            [of_r + at_r + total * log(alpha), total * r / alpha, of_all + at_ab, of_all + at_ab + of_b + at_b]
        )
        curve = np.zeros((4, 4))
        if bent:
            of_r, of_b, of_all, at_r, at_b, at_ab = summed(trigamma(arguments))
            curve[0, 0], curve[0, 1] = of_r + at_r, total / alpha
            curve[1, 1] = -total * r / alpha**2
            curve[2, 2] = curve[2, 3] = of_all + at_ab
            curve[3, 3] = of_all + at_ab + of_b + at_b
        return np.array([value]), slope, curve

    def _of_silent(self, r: float, alpha: float, value: Array, slope: Array, curve: Array) -> None:
        """Those who never came back, where they cannot have left at once: (α + T)^−r."""
        if not len(self._silent_age):
            return
        age = alpha + self._silent_age
        heavy = self._silent_weight
        logs, over = np.log(age), 1 / age
        summed = (logs.sum(), over.sum(), (over * over).sum()) if heavy is None else (
            heavy @ logs, heavy @ over, heavy @ (over * over)
        )  # fmt: skip
        value[0] -= r * summed[0]
        slope[0] -= summed[0]
        slope[1] -= r * summed[1]
        curve[0, 1] -= summed[1]
        curve[1, 1] += r * summed[2]

    def _of_buyers(
        self,
        parameters: tuple[float, float, float, float],
        part: slice,
        into: tuple[Array, Array, Array],
        *,
        bent: bool,
    ) -> None:
        """Those who came back: the logarithm of (α + T)^−(r + x) + a / (b + x − 1) (α + t_x)^−(r + x)."""
        r, alpha, a, b = parameters
        value, slope, curve = into
        x = self._n[part]
        power = r + x
        stay, go = alpha + self._age[part], alpha + self._t_x[part]
        log_stay, log_go = np.log(stay), np.log(go)
        left = b + self._first + x - 1
        # w is the chance to have left; what is larger of the two is taken out first.
        apart = log(a) - np.log(left) + power * (log_stay - log_go)
        w = 1 / (1 + np.exp(-apart))
        value_of = -power * log_stay + np.logaddexp(0.0, apart)
        over_stay, over_go, over_left = 1 / stay, 1 / go, 1 / left
        mixed = log_stay + w * (log_go - log_stay)
        rate = over_stay + w * (over_go - over_stay)
        heavy = None if self._weight is None else self._weight[part]

        def summed(values: Array) -> float:
            return float(values.sum() if heavy is None else heavy @ values)

        value[0] += summed(value_of)
        slope -= [summed(mixed), summed(power * rate), -summed(w) / a, summed(w * over_left)]
        if not bent:
            return
        # The difference of the two logarithms moves by `turn` with each parameter, and w by w (1 − w) times that.
        spread = w * (1 - w)
        turn = (log_stay - log_go, power * (over_stay - over_go), np.full(len(x), 1 / a), -over_left)
        squares = over_stay * over_stay
        second = {
            (0, 1): -rate,
            (1, 1): power * (squares + w * (over_go * over_go - squares)),
            (2, 2): -w / a**2,
            (3, 3): w * over_left * over_left,
        }
        for row in range(4):
            for column in range(row, 4):
                bend = spread * turn[row] * turn[column]
                if (row, column) in second:
                    bend = bend + second[row, column]
                curve[row, column] += summed(bend)
