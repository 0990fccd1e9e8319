"""Dropout in rounds: the BG/BB model of customers who may buy once in each round, as donors do in each year."""

from __future__ import annotations

import numpy as np
from attrs import field, frozen

from fidelity.errors import FitError
from fidelity.metrics.arguments import (
    Array,
    Column,
    numbers,
    one_each,
    real,
    refuse_rows,
    same_length,
    weights_of,
    whole,
)
from fidelity.metrics.optimize import maximize, parameters_of
from fidelity.metrics.special import digamma, gammaln, hyp2f1, log_beta
from fidelity.metrics.value.fitting import Model, Seen, positive

__all__ = ["BetaGeometricBetaBinomial"]

#: So many rounds are looked at one by one.
_MOST = 10_000
_REMEDY = "watch the customers for more rounds, or take the share that bought in each"


def _rounds_of(frequency: Column, recency: Column, age: Column) -> Seen:
    """
    Rounds, checked.

    Raises:
        MetricError: If columns differ in length, or hold what cannot be.
    """
    x = numbers("frequency", frequency, low=0, whole=True)
    t_x = numbers("recency", recency, low=0, whole=True)
    n = numbers("age", age, low=1, high=_MOST, whole=True)
    same_length(frequency=x, recency=t_x, age=n)
    refuse_rows("recency", t_x > n, "lies after the age", "count rounds from the one after the first purchase")
    refuse_rows("recency", t_x < x, "has fewer rounds than purchases", "count one purchase a round at most")
    refuse_rows("recency", (x == 0) & (t_x > 0), "is above 0 without purchases", "give 0 there")
    return Seen(x, t_x, n)


@frozen(eq=False, repr=False)
class BetaGeometricBetaBinomial(Model):
    """
    The BG/BB model: in each round a customer who is still one buys with a chance of their own, or leaves before it.

    L = B(α + x, β + n − x) B(γ, δ + n) / (B(α, β) B(γ, δ)) + Σ B(α + x, β + t − x) B(γ + 1, δ + t) / (B(α, β) B(γ, δ)),
    the sum over t from t_x to n − 1.

    Attributes:
        alpha, beta: Of the beta law of the chance to buy.
        gamma, delta: Of the beta law of the chance to leave.
        n, log_likelihood, covariance, rounds: As `Model` has them.

    Source:
        P. S. Fader, B. G. S. Hardie, J. Shang, Customer-Base Analysis in a Discrete-Time Noncontractual Setting,
        Marketing Science 29 (2010) 1086–1108, equations 5, 7, 11, 13 and 14; the published fit to the donors is
        α 1.204, β .750, γ .657, δ 2.783.

    >>> model = BetaGeometricBetaBinomial(1.204, 0.75, 0.657, 2.783)
    >>> model.conditional_expected_purchases(5, [3], [6], [6]).round(4).tolist()
    [2.1896]
    """

    alpha: float = field(validator=positive)
    beta: float = field(validator=positive)
    gamma: float = field(validator=positive)
    delta: float = field(validator=positive)

    @classmethod
    def fit(
        cls, frequency: Column, recency: Column, age: Column, *, weights: Column = None
    ) -> BetaGeometricBetaBinomial:
        """
        The likeliest model of customers who were watched round by round after their first purchase.

        Args:
            frequency: In how many of the rounds each bought; shape (n,).
            recency: The last round in which they did, from 1; 0 where there was none.
            age: How many rounds each was watched.
            weights: How many customers each row stands for: such data are few different rows.

        Returns:
            The fitted model.

        Raises:
            MetricError: If columns differ in length or hold what cannot be.
            FitError: If the data determine no such model, and what would do instead.
        """
        seen = _rounds_of(frequency, recency, age)
        heavy = weights_of("weights", weights, len(seen.x))
        if not (heavy * seen.x).any():
            message = f"frequency: nobody bought again, which says nothing of how often they would; {_REMEDY}"
            raise FitError(message, argument="frequency", rows=np.empty(0, np.int64))
        alike, codes = np.unique(np.stack([seen.x, seen.t_x, seen.age]), axis=1, return_inverse=True)
        many = np.bincount(codes.ravel(), heavy)
        cases = Seen(alike[0], alike[1], alike[2])

        def likelihood(logs: Array) -> tuple[float, Array]:
            parameters = parameters_of(logs)
            if parameters is None:
                return -np.inf, np.zeros(4)
            model = cls(*parameters.tolist())
            values, slopes = model._parts(cases)
            return float(many @ values), parameters * (slopes @ many)

        found = maximize(likelihood, np.ones(4), names=cls._fields(), remedy=_REMEDY)
        return cls._made(found, round(float(heavy.sum())))

    def _terms(self, seen: Seen) -> tuple[Array, Array, Array]:
        """The logarithm of each term of the likelihood, where it counts, and the rounds it stands for."""
        most = int(seen.age.max())
        steps = np.arange(most + 1, dtype=np.float64)
        x, t_x, n = seen.x[:, None], seen.t_x[:, None], seen.age[:, None]
        # Column t: left after round t; the column n: still there.
        there = steps == n
        counts = (steps >= t_x) & (steps <= n)
        t = np.where(counts, steps, n)
        base = log_beta(self.alpha, self.beta) + log_beta(self.gamma, self.delta)
        logs = log_beta(self.alpha + x, self.beta + t - x) + log_beta(self.gamma + 1 - there, self.delta + t) - base
        return np.where(counts, logs, -np.inf), t, there

    def _parts(self, seen: Seen) -> tuple[Array, Array]:
        """The log-likelihood of each, and its slopes."""
        logs, t, there = self._terms(seen)
        top = logs.max(axis=1)
        shares = np.exp(logs - top[:, None])
        whole = shares.sum(axis=1)
        shares /= whole[:, None]
        x = seen.x[:, None]
        one = np.ones(1)
        a, b, c, d = self.alpha, self.beta, self.gamma, self.delta
        both = digamma(a + b + t)
        last = digamma(c + d + 1 - there + t)
        slopes = np.stack([
            (shares * (digamma(a + x) - both)).sum(axis=1) - digamma(a * one) + digamma((a + b) * one),
            (shares * (digamma(b + t - x) - both)).sum(axis=1) - digamma(b * one) + digamma((a + b) * one),
            (shares * (digamma(c + 1 - there) - last)).sum(axis=1) - digamma(c * one) + digamma((c + d) * one),
            (shares * (digamma(d + t) - last)).sum(axis=1) - digamma(d * one) + digamma((c + d) * one),
        ])  # fmt: skip
        return np.log(whole) + top, slopes

    def probability_alive(self, frequency: Column, recency: Column, age: Column) -> Array:
        """
        How likely each customer is still to be one in the next round.

        Args:
            frequency, recency, age: As `fit` has them.

        Returns:
            A probability for each; shape (n,).

        Raises:
            MetricError: If columns differ in length or hold what cannot be.
        """
        seen = _rounds_of(frequency, recency, age)
        base = log_beta(self.alpha, self.beta) + log_beta(self.gamma, self.delta)
        bought = log_beta(self.alpha + seen.x, self.beta + seen.age - seen.x)
        stayed = log_beta(self.gamma, self.delta + seen.age + 1)
        return np.asarray(np.exp(bought + stayed - base - self._parts(seen)[0]))

    def _rate(self, seen: Seen) -> Array:
        """B(α + x + 1, β + n − x) / B(α, β) / L: how likely each buys in a round, if still there, over L."""
        bought = log_beta(self.alpha + seen.x + 1, self.beta + seen.age - seen.x) - log_beta(self.alpha, self.beta)
        return np.asarray(np.exp(bought - self._parts(seen)[0]))

    def conditional_expected_purchases(self, horizon: Column, frequency: Column, recency: Column, age: Column) -> Array:
        """
        In how many of the next *horizon* rounds each customer will buy.

        Args:
            horizon: How many rounds; one number, or one for each customer.
            frequency, recency, age: As `fit` has them.

        Returns:
            The mean for each; shape (n,).

        Raises:
            MetricError: If columns differ in length or hold what cannot be.
        """
        seen = _rounds_of(frequency, recency, age)
        ahead = one_each("horizon", horizon, len(seen.x))
        refuse_rows("horizon", ahead > _MOST, f"is more than {_MOST:,}", f"look ahead {_MOST:,} rounds at most")
        refuse_rows("horizon", ahead != np.floor(ahead), "is not whole", "give rounds")
        return np.asarray(self._rate(seen) * self._staying(seen.age, ahead))

    def _staying(self, n: Array, ahead: Array) -> Array:
        """Σ B(γ, δ + n + k) / B(γ, δ) over the next rounds k: how many of them one is there for."""
        most = int(ahead.max(initial=0))
        steps = np.arange(1, most + 1, dtype=np.float64)
        there = np.exp(log_beta(self.gamma, self.delta + n[:, None] + steps) - log_beta(self.gamma, self.delta))
        return np.asarray((there * (steps <= ahead[:, None])).sum(axis=1))

    def expected_purchases(self, rounds: Column) -> Array:
        """
        In how many of the first *rounds* a new customer buys; shape as *rounds*.

        Raises:
            MetricError: If a number is no count.
        """
        times = numbers("rounds", rounds, low=0, high=_MOST, whole=True)
        rate = self.alpha / (self.alpha + self.beta)
        return np.asarray(rate * self._staying(np.zeros(len(times)), times))

    def discounted_expected_purchases(self, discount: float, frequency: Column, recency: Column, age: Column) -> Array:
        """
        In how many rounds to come each customer will buy, each round worth 1 / (1 + d) of the one before: DERT.

        Args:
            discount: d, the rate of discount of a round, above 0.
            frequency, recency, age: As `fit` has them.

        Returns:
            The mean for each; shape (n,).

        Raises:
            MetricError: If the rate is not above 0, or columns hold what cannot be.
        """
        discount = real("discount", discount, above=0)
        seen = _rounds_of(frequency, recency, age)
        stay = log_beta(self.gamma, self.delta + seen.age + 1) - log_beta(self.gamma, self.delta)
        ahead = hyp2f1(1.0, self.delta + seen.age + 1, self.gamma + self.delta + seen.age + 1, 1 / (1 + discount))
        return np.asarray(self._rate(seen) * np.exp(stay) * ahead / (1 + discount))

    def probability_of(self, purchases: Column, rounds: int) -> Array:
        """
        How likely a new customer is to buy in so many of the first *rounds*.

        Args:
            purchases: How many, each 0 or more and whole.
            rounds: Of how many.

        Returns:
            A probability for each number; shape as *purchases*.

        Raises:
            MetricError: If a number is no count.
        """
        x = numbers("purchases", purchases, low=0, high=_MOST, whole=True)[:, None]
        n = float(whole("rounds", rounds, low=1, high=_MOST))
        t = np.arange(n + 1)
        there = t == n
        possible = (t >= x) & (x <= n)
        at = np.where(possible, t, np.maximum(x, n))
        ways = gammaln(at + 1) - gammaln(x + 1 + 0 * at) - gammaln(at - x + 1)
        base = log_beta(self.alpha, self.beta) + log_beta(self.gamma, self.delta)
        logs = ways + log_beta(self.alpha + x, self.beta + at - x) - base
        logs = logs + log_beta(self.gamma + 1 - there, self.delta + at)
        return np.asarray(np.where(possible, np.exp(logs), 0.0).sum(axis=1))
