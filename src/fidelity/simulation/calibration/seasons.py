"""Seasons: weeks, months or quarters in which everybody comes more or less often, told apart from leaving."""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING, Literal, TypeAlias

import attrs
import numpy as np
from attrs import frozen

from fidelity.errors import FitError
from fidelity.metrics.arguments import Array
from fidelity.metrics.optimize import maximize, parameters_of
from fidelity.metrics.special import digamma, gammaln, log_beta
from fidelity.metrics.value import BetaGeometric, ModifiedBetaGeometric, PurchaseHistory
from fidelity.simulation.calibration.models import prior

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]

__all__ = ["PERIODS", "Period", "Seasons", "seasons"]

Period: TypeAlias = Literal["week", "month", "quarter"]
PERIODS: tuple[Period, ...] = ("week", "month", "quarter")
_REMEDY = "calibrate without calendar=, or give customers who came for the first time in several periods"
_NAMES = ("r", "alpha", "a", "b")


@frozen(eq=False)
class Seasons:
    """
    How often everybody came in each period, beside an average day.

    Attributes:
        period: How long they are.
        starts: The first day of each.
        rates: How much more often customers came than on an average day of the history: 1 is as often.
        purchases: The model of purchases on average days, with its covariance, the doubt about the rates within it.
        customers: What each did, in average days.
    """

    period: Period
    starts: NDArray[np.datetime64]
    rates: Array
    purchases: BetaGeometric | ModifiedBetaGeometric
    customers: PurchaseHistory


def seasons(
    member: Numbers,
    day: Numbers,
    customers: PurchaseHistory,
    places: Numbers,
    *,
    period: Period,
    start: BetaGeometric | ModifiedBetaGeometric,
    held: bool = False,
) -> Seasons:
    """
    The likeliest rates of periods together with the model of purchases.

    A day of a period counts as many days as its rate says; in days that are counted so, the likelihood is that of the
    model, times the rate at each repeat purchase. Who leaves is told from a slack season because customers began at
    different times: at one age they are in different periods.

    Args:
        member, day: The visits: whose, and on which day since 1970-01-01; in the order of time.
        customers: What each did, by the calendar.
        places: The member of each of them.
        period: How long rates stay.
        start: The model without periods, where the search starts.
        held: Whether the weak `prior` holds it.

    Raises:
        FitError: If the history does not tell them apart, as where all began in one period.

    Source:
        Rates that go with time for all customers alike are those of P. Bachmann, M. Meierer, J. Näf, The role of
        time-varying contextual factors in latent attrition models, Marketing Science 40 (2021) 783–809, here for
        models that leave after a purchase.
    """
    likelihood = _Likelihood(member, day, customers, places, period, int(isinstance(start, ModifiedBetaGeometric)))
    if likelihood.count < 2:  # noqa: PLR2004 -- one period is no season
        message = f"calendar: all purchases lie in one {period}; give a longer history, or shorter periods"
        raise FitError(message, argument="calendar", rows=np.empty(0, np.int64))
    begin = np.append(np.exp(start.logs), np.ones(likelihood.count - 1))
    names = (*_NAMES, *(f"rate of the {period} of {each}" for each in likelihood.starts[1:]))

    def slope(logs: Array) -> tuple[float, Array]:
        (value, steep), (beside, hold) = likelihood.slope(logs), prior(logs)
        return (value + beside, steep + hold) if held else (value, steep)

    found = maximize(slope, begin, names=names, remedy=_REMEDY)
    # The first rate was held at 1; now the average day is, and α counts average days.
    rates = np.append(1.0, found.parameters[4:])
    share = likelihood.days_of * rates / float(likelihood.days_of @ rates)
    mean = float(likelihood.days_of @ rates / likelihood.days_of.sum())
    turn = np.eye(4, len(found.parameters))
    turn[1, 4:] -= share[1:]
    told = dict(zip(_NAMES, found.parameters[:4].tolist(), strict=True))
    told["alpha"] /= mean
    model = type(start)(
        n=customers.n, log_likelihood=found.log_likelihood, covariance=turn @ found.covariance @ turn.T,
        rounds=found.rounds, **told,
    )  # fmt: skip
    recency, age = (each / mean for each in likelihood.weighed(rates))
    return Seasons(
        period, likelihood.starts, rates / mean, model, attrs.evolve(customers, recency=recency, age=age)
    )  # fmt: skip


class _Likelihood:
    """The log-likelihood as a function of the logarithms of r, α, a, b and of all rates but the first."""

    def __init__(  # noqa: PLR0917 -- what is known
        self, member: Numbers, day: Numbers, customers: PurchaseHistory, places: Numbers, period: Period, leaves: int
    ) -> None:
        begins = customers.first.astype("datetime64[D]").astype(np.int64)
        low, end = int(begins.min()), int(customers.until.astype("datetime64[D]").astype(np.int64))
        self._begins, self._lasts = begins - low, begins - low + customers.recency.astype(np.int64)
        self._end = end - low
        # A day lies at its end: what comes on it, and the day before it, belong to the period of that day.
        days = np.arange(low + 1, end + 1)
        code = _period_of(days, period)
        self.periods, first = np.unique(code, return_index=True)
        self.starts = days[first].astype("datetime64[D]")
        self.count = len(self.periods)
        self._of_day = np.searchsorted(self.periods, code)
        self.days_of = np.bincount(self._of_day).astype(np.float64)
        place = np.full(int(max(member.max(initial=0), places.max(initial=0))) + 1, -1)
        place[places] = np.arange(customers.n)
        rows = place[member]
        # One purchase a day, and the first of each customer is none.
        keys = np.unique(rows[rows >= 0] * (end - low + 1) + (day[rows >= 0] - low))
        when, who = keys % (end - low + 1), keys // (end - low + 1)
        again = when > self._begins[who]
        self._came = np.bincount(self._of_day[when[again] - 1], minlength=self.count).astype(np.float64)
        self._n = customers.frequency
        self._counts, self._code = np.unique(self._n, return_inverse=True)
        self._first = leaves

    def weighed(self, rates: Array) -> tuple[Array, Array]:
        """Days from the first to the last purchase, and to the end, each counted as its rate says."""
        total = np.append(0.0, np.cumsum(rates[self._of_day]))
        return total[self._lasts] - total[self._begins], total[self._end] - total[self._begins]

    def _exposed(self, weight: Array, stops: Numbers | int) -> Array:
        """For each period the days that customers lived in it until *stops*, each with the *weight* of the customer."""
        size = self._end + 1
        ends = np.full(len(weight), stops) if isinstance(stops, int) else stops
        alive = np.bincount(self._begins, weight, minlength=size) - np.bincount(ends, weight, minlength=size)
        lived = np.cumsum(alive)[: self._end]
        return np.bincount(self._of_day, lived, minlength=self.count).astype(np.float64)

    def slope(self, logs: Array) -> tuple[float, Array]:
        """The log-likelihood and its gradient."""
        scale = parameters_of(logs)
        if scale is None:
            return -np.inf, np.zeros(len(logs))
        r, alpha, a, b = scale[:4].tolist()
        rates, n, f = np.append(1.0, scale[4:]), self._counts, self._first
        whole, age = self.weighed(rates)
        go, stay, power = alpha + whole, alpha + age, r + self._n
        left = np.full(len(n), -np.inf)
        some = n + f > 0
        base = float(log_beta(a, b))
        left[some] = np.asarray(log_beta(a + 1, b + n[some] + f - 1)) - base
        kept = (np.asarray(log_beta(a, b + n + f)) - base)[self._code]
        log_stay, log_go = np.log(stay), np.log(go)
        one, two = kept - power * log_stay, left[self._code] - power * log_go
        both = np.logaddexp(one, two)
        w = np.exp(two - both)
        many = np.bincount(self._code)
        value = float(both.sum() + many @ gammaln(r + n)) + len(power) * (
            r * log(alpha) - float(gammaln(np.array([r]))[0])
        )
        value += float(self._came @ np.log(rates))
        psi = [float(digamma(np.array([each]))[0]) for each in (r, b, a + b)]
        over = np.where(self._n + f > 0, 1 / (b + np.maximum(self._n + f, 1) - 1), 0.0)
        to_stay, to_go = power * (1 - w) / stay, power * w / go
        psi_all, psi_b = digamma(a + b + n + f), digamma(b + n + f)
        slopes = np.array([
            float(many @ digamma(r + n)) + len(power) * (log(alpha) - psi[0])
            - float(((1 - w) * log_stay + w * log_go).sum()),
            len(power) * r / alpha - float((to_stay + to_go).sum()),
            float(w.sum()) / a - float(many @ psi_all) + len(power) * psi[2],
            float(many @ (psi_b - psi_all)) + len(power) * (psi[2] - psi[1]) - float((w * over).sum()),
        ])  # fmt: skip
        lived = self._exposed(to_stay, self._end) + self._exposed(to_go, self._lasts)
        return value, np.concatenate([slopes * scale[:4], (self._came - rates * lived)[1:]])


def _period_of(days: Numbers, period: Period) -> Numbers:
    """The number of the period of each day; weeks begin on Monday."""
    if period == "week":
        return (days + 3) // 7
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return months if period == "month" else months // 3
