"""Dropout at any time: the Pareto/NBD model of how often customers buy, and whether they still do."""

from __future__ import annotations

from math import log

import numpy as np
from attrs import field, frozen

from fidelity.errors import FitError
from fidelity.metrics.arguments import Array, Column, numbers, one_each, real, weights_of
from fidelity.metrics.optimize import maximize, parameters_of
from fidelity.metrics.special import digamma, gammaln, legendre
from fidelity.metrics.value.fitting import Model, Seen, positive, seen_of

__all__ = ["Pareto"]

_NODES = 64
#: The most purchases and units of time that chances are told of.
_COUNTED, _FAR = 1_000_000, 1e12
_LEAST_DISCOUNT, _STEEPEST = 1e-9, 100.0
_ROWS = 4_096
_NEAR_ONE = 1e-7
#: Beyond this many units of decay nothing is left: e⁻⁴⁵ is 3 · 10⁻²⁰.
_GONE = 45.0
_REMEDY = "`BetaGeometric` needs less of the data; else watch the customers for longer"


@frozen(eq=False, repr=False)
class Pareto(Model):
    """
    The Pareto/NBD model: customers buy at a rate of their own, and leave at a rate of their own, at any time.

    L = Γ(r + x) / Γ(r) αʳ βˢ × [(α + T)^−(r + x) (β + T)^−s + s ∫ (α + y)^−(r + x) (β + y)^−(s + 1) dy], the integral
    from t_x to T: by Gauss and Legendre over the logarithm of time, to about 12 digits, where the hypergeometric
    functions of the paper would have to be told apart.

    Attributes:
        r, alpha: Of the gamma law of the rates of buying: shape, and rate in units of time.
        s, beta: Of the gamma law of the rates of leaving.
        n, log_likelihood, covariance, rounds: As `Model` has them.

    Source:
        D. C. Schmittlein, D. G. Morrison, R. Colombo, Management Science 33 (1987) 1–24. P. S. Fader, B. G. S. Hardie,
        A Note on Deriving the Pareto/NBD Model (2005), equations 17–19, 28 and 41; the published fit to CDNOW is
        r .553, α 10.578, s .606, β 11.669.

    >>> model = Pareto(0.5534, 10.578, 0.6061, 11.669)
    >>> model.conditional_expected_purchases(39, [7], [29.43], [38.86]).round(4).tolist()
    [3.7121]
    """

    r: float = field(validator=positive)
    alpha: float = field(validator=positive)
    s: float = field(validator=positive)
    beta: float = field(validator=positive)

    @classmethod
    def fit(cls, frequency: Column, recency: Column, age: Column, *, weights: Column = None) -> Pareto:
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
            Its likelihood is flatter than that of `BetaGeometric`: of small samples the parameters s and β often run
            away, which is an error here, not a result.
        """
        seen = seen_of(frequency, recency, age)
        heavy = np.ones(len(seen.x)) if weights is None else weights_of("weights", weights, len(seen.x))
        if not (heavy * seen.x).any():
            message = f"frequency: nobody bought again, which says nothing of how often they would; {_REMEDY}"
            raise FitError(message, argument="frequency", rows=np.empty(0, np.int64))
        unit = float(seen.age.mean())
        rows = np.stack([seen.x, seen.t_x / unit, seen.age / unit])
        alike, codes = np.unique(rows, axis=1, return_inverse=True)
        many = np.bincount(codes.ravel(), heavy)
        scaled = Seen(alike[0], alike[1], alike[2])

        def likelihood(logs: Array) -> tuple[float, Array]:
            parameters = parameters_of(logs)
            if parameters is None:
                return -np.inf, np.zeros(4)
            r, alpha, s, beta = parameters.tolist()
            values, slopes, _ = cls(r, alpha, s, beta)._parts(scaled)  # noqa: SLF001 -- its own
            return float(many @ values), parameters * (slopes @ many)

        mean = max(float(np.average(seen.x, weights=heavy)), 0.05)
        start = np.array([1.0, 1.0 / mean, 0.7, 0.5])
        found = maximize(likelihood, start, names=cls._fields(), remedy=_REMEDY)
        found.parameters[[1, 3]] *= unit
        likely = found.log_likelihood - float(heavy @ seen.x) * log(unit)
        return cls._made(found, round(float(heavy.sum())), likely)

    def _parts(self, seen: Seen) -> tuple[Array, Array, Array]:
        """The log-likelihood of each, its slopes (not of logarithms), and the probability to be still there."""
        values, slopes, alive = np.empty(len(seen.x)), np.empty((4, len(seen.x))), np.empty(len(seen.x))
        for first in range(0, len(seen.x), _ROWS):
            part = slice(first, first + _ROWS)
            some = Seen(seen.x[part], seen.t_x[part], seen.age[part])
            values[part], slopes[:, part], alive[part] = self._some(some)
        return values, slopes, alive

    def _some(self, seen: Seen) -> tuple[Array, Array, Array]:
        r, alpha, s, beta = self.r, self.alpha, self.s, self.beta
        x, t_x, age = seen.x, seen.t_x, seen.age
        power = r + x
        still = -power * np.log(alpha + age) - s * np.log(beta + age)
        # Over u = log((y + m) / (t_x + m)) the integrand is smooth, and falls by e^−(r + s + x) a unit at the end.
        least = min(alpha, beta)
        length = np.log((age + least) / (t_x + least))
        length = np.minimum(length, np.log1p(_GONE / power) + _GONE / (power + s))
        nodes, weights = legendre(_NODES)
        base = t_x + least
        grown = base[:, None] * np.exp(length[:, None] * nodes)
        y = grown - least
        to_buy, to_leave = alpha + y, beta + y
        logs_buy, logs_leave = np.log(to_buy), np.log(to_leave)
        inner = -power[:, None] * logs_buy - (s + 1) * logs_leave + np.log(grown)
        top = inner.max(axis=1)
        shares = np.exp(inner - top[:, None]) * weights
        whole = shares.sum(axis=1)
        left = np.full(len(x), -np.inf)
        some = (length > 0) & (whole > 0)
        left[some] = np.log(s * length[some] * whole[some]) + top[some]
        both = np.logaddexp(still, left)
        alive = np.exp(still - both)
        gone = 1 - alive
        shares /= np.where(whole > 0, whole, 1.0)[:, None]
        count = gammaln(power) - gammaln(np.full(1, r)) + r * log(alpha) + s * log(beta)
        slopes = np.stack([
            digamma(power) - digamma(np.full(1, r)) + log(alpha)
            - alive * np.log(alpha + age) - gone * (shares * logs_buy).sum(axis=1),
            r / alpha - power * (alive / (alpha + age) + gone * (shares / to_buy).sum(axis=1)),
            log(beta) - alive * np.log(beta + age) + gone * (1 / s - (shares * logs_leave).sum(axis=1)),
            s / beta - alive * s / (beta + age) - gone * (s + 1) * (shares / to_leave).sum(axis=1),
        ])  # fmt: skip
        return count + both, slopes, alive

    def log_likelihood_of(self, frequency: Column, recency: Column, age: Column) -> float:
        """
        How likely the model makes such customers: the logarithm, summed.

        Raises:
            MetricError: If columns differ in length or hold what cannot be.
        """
        return float(self._parts(seen_of(frequency, recency, age))[0].sum())

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
        return self._parts(seen_of(frequency, recency, age))[2]

    def _lasting(self, since: Array, t: Array) -> Array:
        """∫ ((β + T) / (β + T + y))^s dy from 0 to t: how long of *t* one who is there at *since* stays, on average."""
        base = self.beta + since
        if abs(self.s - 1) < _NEAR_ONE:
            return np.asarray(base * np.log1p(t / base))
        return np.asarray(base / (self.s - 1) * -np.expm1((1 - self.s) * np.log1p(t / base)))

    def expected_purchases(self, t: Column) -> Array:
        """
        How many repeat purchases a new customer makes in *t* units of time; shape as *t*.

        Raises:
            MetricError: If a time is negative or missing.
        """
        times = numbers("t", t, low=0)
        return np.asarray(self.r / self.alpha * self._lasting(np.zeros(len(times)), times))

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
        rate = (self.r + seen.x) / (self.alpha + seen.age)
        return np.asarray(rate * self._lasting(seen.age, ahead) * self._parts(seen)[2])

    def discounted_expected_purchases(self, discount: float, frequency: Column, recency: Column, age: Column) -> Array:
        """
        How many purchases each customer will make in all time to come, worth e^−δt each: the residual of DERT.

        Args:
            discount: δ, the continuous rate of discount in a unit of time: log(1 + d) / 52 of a yearly rate d in weeks.
            frequency, recency, age: As `fit` has them, in the unit the model was fitted in.

        Returns:
            The mean for each; shape (n,).

        Raises:
            MetricError: If the rate is not above 0, or columns hold what cannot be.

        Source:
            P. S. Fader, B. G. S. Hardie, K. L. Lee, RFM and CLV, Journal of Marketing Research 42 (2005) 415–430,
            equation 8.
        """
        discount = real("discount", discount, low=_LEAST_DISCOUNT, high=_STEEPEST)
        seen = seen_of(frequency, recency, age)
        base = self.beta + seen.age
        # ∫ (1 + t / B)^−s e^−δt dt, over u = log(1 + t / B), until e^−45 is left.
        length = np.log1p(_GONE / (discount * base))
        nodes, weights = legendre(_NODES)
        u = length[:, None] * nodes
        inner = np.exp((1 - self.s) * u - discount * base[:, None] * np.expm1(u))
        lasting = base * length * (inner @ weights)
        rate = (self.r + seen.x) / (self.alpha + seen.age)
        return np.asarray(rate * lasting * self._parts(seen)[2])

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
        x = numbers("purchases", purchases, low=0, high=_COUNTED, whole=True)
        t = real("t", t, low=0, high=_FAR)
        if t == 0:
            return np.asarray((x == 0).astype(np.float64))
        r, alpha, s, beta = self.r, self.alpha, self.s, self.beta
        ways = gammaln(r + x) - gammaln(np.full(1, r)) - gammaln(x + 1)

        def negative_binomial(y: Array) -> Array:
            share = y / (alpha + y)
            with np.errstate(divide="ignore", invalid="ignore"):
                powers = np.where(x[:, None] > 0, x[:, None] * np.log(share), 0.0)
            return np.asarray(np.exp(ways[:, None] + r * np.log1p(-share) + powers))

        least = min(alpha, beta)
        nodes, weights = legendre(4 * _NODES)
        length = log((t + least) / least)
        grown = least * np.exp(length * nodes)
        y = grown - least
        density = s / (beta + y) * (beta / (beta + y)) ** s
        left = negative_binomial(y) @ (weights * length * grown * density)
        stayed = negative_binomial(np.array([t]))[:, 0] * (beta / (beta + t)) ** s
        return np.asarray(stayed + left)
