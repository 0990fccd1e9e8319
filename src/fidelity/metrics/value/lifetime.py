"""Lifetime value: what customers will be worth, with what the errors of the models do to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import attrs
import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from fidelity.errors import FitError
from fidelity.metrics.arguments import Array, Column, Whole, fraction, one_each, one_of, real, whole
from fidelity.metrics.columns import cited, refusal
from fidelity.metrics.quantiles import two_sided
from fidelity.metrics.results import Estimate, Interval, Result
from fidelity.metrics.value.discounting import discounted
from fidelity.metrics.value.dropout import BetaGeometric, ModifiedBetaGeometric
from fidelity.metrics.value.fitting import Model
from fidelity.metrics.value.histories import PurchaseHistory
from fidelity.metrics.value.pareto import Pareto
from fidelity.metrics.value.spend import GammaGamma

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["LifetimeValue", "PurchaseModel", "lifetime_value"]

METHODS = ("delta", "bootstrap")
_FEWEST = 50
#: Units of time that are looked ahead, one by one where money later is worth less; and by how much at most.
_SHORTEST, _LONGEST, _STEEPEST = 1e-9, 1e5, 100.0


class PurchaseModel(Protocol):
    """A model of purchases: `BetaGeometric`, `ModifiedBetaGeometric`, `Pareto`, `BetaGeometricBetaBinomial`."""

    def conditional_expected_purchases(self, horizon: Column, frequency: Column, recency: Column, age: Column) -> Array:
        """How many purchases each customer will make in the next units of time."""

    def probability_alive(self, frequency: Column, recency: Column, age: Column) -> Array:
        """How likely each customer is still to be one."""


@frozen(eq=False, repr=False)
class LifetimeValue(Result):
    """
    What each customer will be worth.

    Attributes:
        customers: Who; shape (n,), like all arrays.
        value: What each will bring within the horizon, in money.
        low, high: Where that mean lies, as the parameters are known: not what one customer may do.
        purchases: How many purchases each will make.
        spend: What each spends at one.
        alive: How likely each is still to be a customer.
        total: Of all of them.
        horizon: Over how many units of time.
        method: How intervals were made.
        level: How sure they are.
    """

    customers: NDArray[np.generic]
    value: Array
    low: Array
    high: Array
    purchases: Array
    spend: Array
    alive: Array
    total: Estimate
    horizon: float
    method: str
    level: float

    @property
    def n(self) -> int:
        """How many customers."""
        return len(self.value)

    def _heads(self) -> Sequence[str]:
        return "customer", "purchases", "spend", "still one", "value", "interval"

    def _rows(self) -> Iterable[Sequence[object]]:
        total = self.total
        yield "all", float(self.purchases.sum()), None, None, total.value, str(total.interval or "–")
        for place in np.argsort(-self.value)[:20].tolist():
            ends = str(Interval(float(self.low[place]), float(self.high[place]), self.level))
            share = f"{100 * self.alive[place]:.0f} %"
            yield self.customers[place], self.purchases[place], self.spend[place], share, self.value[place], ends

    def _title(self) -> str:
        return f"Value of {self.n:,} customers over {self.horizon:g} units of time"

    def _draw(self, ax: Axes) -> None:
        shares = np.cumsum(np.sort(self.value)[::-1]) / max(float(self.value.sum()), 1e-300)
        ax.plot(100 * np.arange(1, self.n + 1) / self.n, 100 * shares, color="#1f3b6e")
        ax.plot([0, 100], [0, 100], color="grey", lw=0.8, ls="--")
        ax.set_xlabel("% of customers, the most valuable first")
        ax.set_ylabel("% of value")
        ax.set_title(self._title())


def lifetime_value(
    model: PurchaseModel,
    spend: GammaGamma | float | Column,
    history: PurchaseHistory,
    *,
    horizon: float,
    discount: float = 0.0,
    margin: float = 1.0,
    method: str = "delta",
    resamples: int = 200,
    seed: int = 0,
    level: float = 0.95,
) -> LifetimeValue:
    """
    What each customer will be worth over the next *horizon* units of time, and all of them together.

    Σ (E[purchases until t] − E[purchases until t − 1]) / (1 + d)ᵗ over the units t, × what they spend × margin.

    Args:
        model: Of purchases, fitted to *history*.
        spend: A `GammaGamma` model; or what customers spend at a purchase, one number or one each.
        history: What is known of the customers.
        horizon: For how many units of time: of `history.unit` days.
        discount: By how much money one unit later is worth less: 0.002 for a fifth of a percent a week.
        margin: Which share of what they spend is left.
        method: ``"delta"``, or ``"bootstrap"``: the customers drawn again, both models fitted anew.
        resamples: How often, for the bootstrap.
        seed: What its random numbers begin with.
        level: How sure the intervals are to cover what the true parameters would give.

    Returns:
        A `LifetimeValue`. Without intervals where the parameters of *model* were given, not fitted.

    Raises:
        MetricError: If the horizon is not above 0, an option is unknown, or columns differ in length.
        FitError: If too few of the drawn samples could be fitted.

    Note:
        The intervals say how well the mean of such customers is known. What one customer will do varies far more. It
        misleads as a budget for keeping them: what a measure changes is another question (`program`).

    Source:
        P. S. Fader, B. G. S. Hardie, K. L. Lee, RFM and CLV, Journal of Marketing Research 42 (2005) 415–430. Delta: G.
        W. Oehlert, The American Statistician 46 (1992) 27–29. Bootstrap: B. Efron, Annals of Statistics 7 (1979) 1–26.

    >>> from fidelity.metrics import BetaGeometric, purchase_history
    >>> history = purchase_history(
    ...     ["ann", "ann", "bob"], ["2026-01-01", "2026-01-15", "2026-01-08"], until="2026-03-01"
    ... )
    >>> found = lifetime_value(
    ...     BetaGeometric(0.243, 4.414, 0.793, 2.426), 20.0, history, horizon=52, margin=0.3
    ... )
    >>> found.value.round(2).tolist()
    [10.55, 4.37]
    """
    one_of("method", method, METHODS)
    level = fraction("level", level)
    if not isinstance(history, PurchaseHistory):
        raise refusal("history", f"is {cited(history)}", "give what purchase_history() makes")
    if not hasattr(model, "conditional_expected_purchases"):
        raise refusal("model", f"is {cited(model)}", "give a fitted model of purchases, such as BetaGeometric")
    horizon = real("horizon", horizon, low=_SHORTEST, high=_LONGEST)
    discount, margin = real("discount", discount, low=0, high=_STEEPEST), real("margin", margin, low=0)
    told = None if isinstance(spend, GammaGamma) else one_each("spend", spend, history.n)

    money = spend if isinstance(spend, GammaGamma) else None
    worth = _Worth(history, horizon, discount, margin, told, *_alike(history))
    if method == "bootstrap":
        total, low, high = _drawn(model, money, worth, (whole("resamples", resamples, low=2), seed, level))
    else:
        with np.errstate(invalid="ignore", over="ignore"):
            total, low, high = _delta(model, money, worth, level)
    value = worth.of(model, money)
    if np.isinf(value).any():
        said = f"{int(np.isinf(value).sum()):,} customers of whom no repeat purchase is known have no finite value"
        total = attrs.evolve(total, standard_error=None, interval=None, notes=[*money.notes, said] if money else [said])
    purchases = worth.bought(model, 0.0)
    return LifetimeValue(
        history.customers, value, low, high, purchases, worth.spent(money),
        model.probability_alive(*history.purchases), total, horizon, method, level,
    )  # fmt: skip


@frozen(eq=False)
class _Worth:
    """What customers are worth, as the models have it."""

    history: PurchaseHistory
    horizon: float
    discount: float
    margin: float
    told: Array | None
    first: Whole
    alike: Whole

    def of(self, model: PurchaseModel, money: GammaGamma | None) -> Array:
        """In money."""
        return self.margin * self.bought(model, self.discount) * self.spent(money)

    def bought(self, model: PurchaseModel, discount: float) -> Array:
        """How many purchases each makes within the horizon, those later counting for less."""
        # Customers of whom the same is known are worked out once.
        seen = tuple(each[self.first] for each in self.history.purchases)

        def until(end: float) -> Array:
            return model.conditional_expected_purchases(end, *seen)

        found = until(self.horizon) if discount == 0 else discounted(until, self.horizon, discount, self._near(model))
        return found[self.alike]

    def _near(self, model: PurchaseModel) -> float | None:
        """How long before now what *model* expects has its first singular point; None if it counts rounds."""
        youngest = float(self.history.age.min())
        if isinstance(model, BetaGeometric | ModifiedBetaGeometric):
            return model.alpha + youngest
        return model.beta + youngest if isinstance(model, Pareto) else None

    def spent(self, money: GammaGamma | None) -> Array:
        """What each spends at a purchase."""
        if money is None:
            return np.zeros(self.history.n) if self.told is None else self.told
        known = self.history.spend > 0
        return money.expected_spend(np.where(known, self.history.frequency, 0), self.history.spend)


def _alike(history: PurchaseHistory) -> tuple[Whole, Whole]:
    """The first of all customers of whom the same is known, and which of these each customer is like."""
    order = np.lexsort(history.purchases)
    new = np.ones(len(order), bool)
    new[1:] = False
    for each in history.purchases:
        new[1:] |= each[order[1:]] != each[order[:-1]]
    alike = np.empty(len(order), np.int64)
    alike[order] = np.cumsum(new) - 1
    return order[new], alike


def _total(value: Array, error: float | None, ends: tuple[float, float] | None, method: str, level: float) -> Estimate:
    interval = None if ends is None else Interval(*ends, level)
    return Estimate(float(value.sum()), len(value), error, interval, method, "total value")


def _delta(
    model: Any,  # noqa: ANN401 -- any model of purchases
    money: GammaGamma | None,
    worth: _Worth,
    level: float,
) -> tuple[Estimate, Array, Array]:
    """Errors of parameters as errors of values; the two models are independent."""
    value = worth.of(model, money)
    known = isinstance(model, Model) and model.covariance is not None
    if not known:
        nothing = np.full(len(value), np.nan)
        return _total(value, None, None, "none: the parameters were given", level), nothing, nothing
    variance, of_total = np.zeros(len(value)), 0.0
    parts: list[tuple[Array, Array]] = [(model.slopes(lambda other: worth.of(other, money)), model.covariance)]
    if money is not None and money.covariance is not None:
        bought = worth.margin * worth.bought(model, worth.discount)
        parts.append((money.slopes(lambda other: bought * worth.spent(other)), money.covariance))
    for slopes, covariance in parts:
        variance += ((covariance @ slopes) * slopes).sum(axis=0)
        sums = slopes.sum(axis=1)
        of_total += float(sums @ covariance @ sums)
    z = two_sided(level)
    reach = np.exp(z * np.sqrt(variance) / np.maximum(value, 1e-300))
    error, whole_value = of_total**0.5, float(value.sum())
    factor = float(np.exp(z * error / max(whole_value, 1e-300)))
    return (
        _total(value, error, (whole_value / factor, whole_value * factor), "delta", level),
        value / reach,
        value * reach,
    )


def _drawn(
    model: Any,  # noqa: ANN401 -- any model of purchases
    money: GammaGamma | None,
    worth: _Worth,
    how: tuple[int, int, float],
) -> tuple[Estimate, Array, Array]:
    """The same for customers drawn again; samples that determine no model are counted and left out."""
    resamples, seed, level = how
    history = worth.history
    random = np.random.default_rng(seed)
    some = (history.frequency > 0) & (history.spend > 0)
    found: list[Array] = []
    for _ in range(resamples):
        counts = random.multinomial(history.n, np.full(history.n, 1 / history.n)).astype(np.float64)
        rows = counts > 0
        try:
            other = type(model).fit(*(each[rows] for each in history.purchases), weights=counts[rows])
            again = None
            if money is not None:
                spent = rows & some
                again = GammaGamma.fit(history.frequency[spent], history.spend[spent], weights=counts[spent])
        except FitError:
            continue
        found.append(worth.of(other, again))
    if len(found) < min(_FEWEST, resamples):
        message = f"history: only {len(found)} of {resamples} drawn samples determine a model; use method='delta'"
        raise FitError(message, argument="history", rows=np.empty(0, np.int64))
    drawn, tail = np.array(found), (1 - level) / 2
    low, high = np.quantile(drawn, [tail, 1 - tail], axis=0)
    sums = drawn.sum(axis=1)
    ends = np.quantile(sums, [tail, 1 - tail]).tolist()
    method = "bootstrap" if len(found) == resamples else f"bootstrap, {len(found)} of {resamples} samples fitted"
    return _total(worth.of(model, money), float(sums.std(ddof=1)), (ends[0], ends[1]), method, level), low, high
