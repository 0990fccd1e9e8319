"""Spend: the Gamma–Gamma model of what customers spend at a purchase."""

from __future__ import annotations

from math import log

import numpy as np
from attrs import field, frozen

from fidelity.errors import FitError
from fidelity.metrics.arguments import Array, Column, numbers, same_length, weights_of
from fidelity.metrics.optimize import maximize, parameters_of
from fidelity.metrics.special import digamma, gammaln
from fidelity.metrics.value.fitting import Model, positive

__all__ = ["GammaGamma"]

_REMEDY = "take the mean of all purchases, or give customers with more purchases"


@frozen(eq=False, repr=False)
class GammaGamma(Model):
    """
    The Gamma–Gamma model: each purchase varies around a mean of the customer's own, whatever their frequency.

    f(z) = Γ(p x + q) / (Γ(p x) Γ(q)) × z^(p x − 1) x^(p x) v^q / (x z + v)^(p x + q), and the mean of a customer is
    p (v + x z) / (p x + q − 1).

    Attributes:
        p: Of the gamma law of single purchases: shape.
        q, v: Of the gamma law of its rate among customers: shape, and rate in money.
        n, log_likelihood, covariance, rounds: As `Model` has them.

    Source:
        P. S. Fader, B. G. S. Hardie, The Gamma-Gamma Model of Monetary Value (2013), equations 1a and 5; the published
        fit to CDNOW is p 6.25, q 3.74, v 15.44.

    >>> GammaGamma(6.25, 3.74, 15.44).expected_spend([3], [30]).round(4).tolist()
    [30.6654]
    """

    p: float = field(validator=positive)
    q: float = field(validator=positive)
    v: float = field(validator=positive)

    @property
    def notes(self) -> tuple[str, ...]:
        """That the mean over customers is infinite, where it is."""
        if self.q > 1:
            return ()
        said = "what customers of whom nothing is known spend has no finite mean; give lifetime_value a number for them"
        return (f"q is {self.q:.3g}, not above 1: {said}",)

    @classmethod
    def fit(cls, frequency: Column, spend: Column, *, weights: Column = None) -> GammaGamma:
        """
        The likeliest model of customers who bought again.

        Args:
            frequency: How many purchases each made that *spend* is the mean of, at least 1 and whole; customers
                without repeat purchases are left out before.
            spend: What each spent at these on average, above 0; shape (n,).
            weights: How many customers each row stands for.

        Returns:
            The fitted model.

        Raises:
            MetricError: If columns differ in length, a frequency is no count or a spend not above 0.
            FitError: If the data determine no such model, such as where everybody spends the same.

        Note:
            It supposes that what is spent does not go with how often: look at the correlation of the two first. With a
            q of 1 or less the mean over customers is infinite, and `notes` says so.
        """
        x = numbers("frequency", frequency, low=1, whole=True)
        z = numbers("spend", spend, above=0)
        same_length(frequency=x, spend=z)
        heavy = weights_of("weights", weights, len(x))
        unit = float(np.average(z, weights=heavy))
        if float(z.max() - z.min()) <= 1e-12 * unit:
            message = f"spend: is the same for everybody, so that nothing varies; {_REMEDY}"
            raise FitError(message, argument="spend", rows=np.empty(0, np.int64))
        money = z / unit
        counts, codes = np.unique(x, return_inverse=True)
        many = np.bincount(codes, heavy)
        total = float(heavy.sum())
        logs_of = np.log(x * money)
        fixed = -float(heavy @ np.log(money))

        def likelihood(logs: Array) -> tuple[float, Array]:
            parameters = parameters_of(logs)
            if parameters is None:
                return -np.inf, np.zeros(3)
            p, q, v = parameters.tolist()
            sums = p * counts + q
            both = x * money + v
            log_both = np.log(both)
            one = np.ones(1)
            value = float(
                many @ (gammaln(sums) - gammaln(p * counts)) - total * float(gammaln(q * one)[0]) + total * q * log(v)
                + heavy @ (p * x * logs_of - (p * x + q) * log_both)
            ) + fixed  # fmt: skip
            high, low = digamma(sums), digamma(p * counts)
            slopes = np.array([
                float((many * counts) @ (high - low) + heavy @ (x * (logs_of - log_both))),
                float(many @ high - total * digamma(q * one)[0] + total * log(v) - heavy @ log_both),
                float(total * q / v - heavy @ ((p * x + q) / both)),
            ])  # fmt: skip
            return value, parameters * slopes

        found = maximize(likelihood, np.array([2.0, 3.0, 2.0]), names=cls._fields(), remedy=_REMEDY)
        found.parameters[2] *= unit
        return cls._made(found, round(total), found.log_likelihood - total * log(unit))

    def expected_spend(self, frequency: Column, spend: Column) -> Array:
        """
        What each customer spends at a purchase on average, between what they spent and what all spend.

        Args:
            frequency: How many purchases *spend* is the mean of; 0 where nothing is known.
            spend: The mean of these; read as nothing where the frequency is 0.

        Returns:
            The mean for each, in money; shape (n,). Infinite where q ≤ 1 and nothing is known.

        Raises:
            MetricError: If columns differ in length, or a number is missing or negative.
        """
        x = numbers("frequency", frequency, low=0, whole=True)
        z = numbers("spend", spend, low=0)
        same_length(frequency=x, spend=z)
        below = self.p * x + self.q - 1
        top = self.p * (self.v + x * np.where(x > 0, z, 0.0))
        return np.asarray(np.divide(top, below, out=np.full(len(x), np.inf), where=below > 0))

    @property
    def mean(self) -> float:
        """What a new customer spends at a purchase on average: p v / (q − 1); infinite where q ≤ 1."""
        return self.p * self.v / (self.q - 1) if self.q > 1 else float("inf")
