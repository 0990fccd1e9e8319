"""Models: how often customers come, when they leave and what they spend, fitted to a history, with notes."""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np
from attrs import frozen

from fidelity.errors import FitError
from fidelity.metrics.arguments import Array, Whole, one_of
from fidelity.metrics.optimize import maximize
from fidelity.metrics.special import digamma, trigamma
from fidelity.metrics.value import BetaGeometric, GammaGamma, ModifiedBetaGeometric, PurchaseHistory, dropout
from fidelity.metrics.value.fitting import Seen

__all__ = ["MODELS", "Choice", "Purchasing", "Tried", "by_logarithms", "correlation", "fitted", "prior", "spending"]

Purchasing: TypeAlias = BetaGeometric | ModifiedBetaGeometric
Choice: TypeAlias = Literal["best", "BG/NBD", "MBG/NBD"]
MODELS: dict[str, type[BetaGeometric | ModifiedBetaGeometric]] = {
    "BG/NBD": BetaGeometric, "MBG/NBD": ModifiedBetaGeometric,
}  # fmt: skip
_NAMES = ("r", "alpha", "a", "b")
#: Around what the prior holds r, a and b, and how firmly: two in logarithms is a standard deviation.
_MIDDLE, _HOLDS = np.log([1.0, 1.0, 1.0, 4.0]), np.array([0.5, 0.0, 0.5, 0.5])
#: The parameter of a law that varies by one part in a hundred, for shops where everybody spends the same.
_NARROW = 10_000.0
_BROAD = 0.05
#: From so far apart spend and frequency go together more than the models suppose.
_TOGETHER = 0.1


@frozen
class Tried:
    """
    How likely each model of purchases made the history; None where it could not be fitted.

    Attributes:
        log_likelihoods: By model.
        chosen: Which was taken.
        held: Whether a weak prior holds it, since no parameters are likeliest.
    """

    log_likelihoods: dict[str, float | None]
    chosen: str
    held: bool = False


def fitted(history: PurchaseHistory, model: Choice = "best") -> tuple[Purchasing, Tried, list[str]]:
    """
    The model of purchases, what was tried, and notes.

    Raises:
        FitError: If the history determines none.
        MetricError: If there is no such model.
    """
    one_of("model", model, ("best", *MODELS))
    names = [*MODELS] if model == "best" else [model]
    found: dict[str, Purchasing] = {}
    failed: dict[str, FitError] = {}
    for name in names:
        try:
            found[name] = MODELS[name].fit(*history.purchases)
        except FitError as error:
            failed[name] = error
    if not found:
        if not history.frequency.any():
            raise next(iter(failed.values()))
        name, why = next(iter(failed.items()))
        said = f"{why.message.partition(';')[0]}: a weak prior holds how differently customers come and leave"
        return _held(history, MODELS[name]), Tried(dict.fromkeys(names), name, held=True), [f"{name}: {said}"]
    likely = {name: found[name].log_likelihood if name in found else None for name in names}
    chosen = max(found, key=lambda name: found[name].log_likelihood or -np.inf)
    notes = [f"{name} could not be fitted: {error.message}" for name, error in failed.items()]
    if len(found) > 1:
        other = next(name for name in found if name != chosen)
        more = (found[chosen].log_likelihood or 0.0) - (found[other].log_likelihood or 0.0)
        notes.append(f"{chosen} is likelier than {other}, by {more:.2f} in log-likelihood with as many parameters")
    return found[chosen], Tried(likely, chosen), notes


def prior(logs: Array) -> tuple[float, Array]:
    """
    A weak prior of r, α, a and b, with its slope in their logarithms: r 1, a 1 and b 4, each within a factor of 50.

    Where customers hardly differ in how often they come, or in how soon they leave, the likeliest parameters are
    infinite: the prior says how much they may be alike, and nothing where the data say more. α is free.
    """
    apart = (logs[:4] - _MIDDLE) * _HOLDS
    return -float(apart @ apart) / 2, np.append(-apart * _HOLDS, np.zeros(len(logs) - 4))


def _held(history: PurchaseHistory, kind: type[Purchasing]) -> Purchasing:
    """The model that the prior and the history determine together."""
    unit, mean = float(history.age.mean()), float(history.frequency.mean())
    seen = Seen(history.frequency, history.recency / unit, history.age / unit)
    likelihood = dropout._Likelihood(seen, None, int(kind is ModifiedBetaGeometric))  # noqa: SLF001 -- theirs, with a prior

    def slope(logs: Array) -> tuple[float, Array]:
        (value, steep), (beside, hold) = likelihood.slope(logs), prior(logs)
        return value + beside, steep + hold

    found = maximize(slope, np.array([1.0, 1 / mean, 1.0, 4.0]), names=_NAMES, remedy="give a longer history")
    r, alpha, a, b = found.parameters.tolist()
    value = likelihood.slope(np.log(found.parameters))[0] - float(history.frequency.sum()) * float(np.log(unit))
    return kind(r, alpha * unit, a, b, n=history.n, log_likelihood=value, covariance=found.covariance)


def spending(history: PurchaseHistory, member: Whole, spent: Array) -> tuple[GammaGamma, list[str]]:
    """
    The model of what is spent at a visit, and notes.

    Args:
        history: What is known of each customer.
        member, spent: The visits one by one: whose, and what each came to in major units.

    Raises:
        FitError: If nobody who bought again paid anything.
    """
    frequency, spend = history.spending
    again = int((history.frequency > 0).sum())
    notes = []
    if history.n > again:
        share = 100 * (1 - again / history.n)
        notes.append(f"{share:.1f} % of customers bought once: spend is fitted to the repeat purchases of the others")
    if again > len(spend):
        notes.append(f"{again - len(spend):,} customers whose repeat purchases all cost nothing tell nothing of spend")
    if not len(spend):
        message = "spend: nobody who bought again paid anything; give amounts above 0"
        raise FitError(message, argument="spend", rows=np.empty(0, np.int64))
    try:
        found = GammaGamma.fit(frequency, spend)
    except FitError as error:
        notes.append(f"spend is fitted by the moments of its logarithms, not by likelihood: {error.message}")
        found = by_logarithms(member[spent > 0], spent[spent > 0])
    notes += [f"spend: {each}" for each in found.notes]
    return found, notes


def by_logarithms(member: Whole, spent: Array) -> GammaGamma:
    """
    The law whose logarithms have the mean, and the variances within and among members, of the data.

    The logarithm of a gamma variable with shape p has the mean ψ(p) and the variance ψ′(p). Where nothing varies, a law
    that varies by one part in a hundred stands for that.
    """
    logs, counts = np.log(spent), np.bincount(member)
    means = np.bincount(member, logs)[counts > 0] / counts[counts > 0]
    places = np.cumsum(counts > 0) - 1
    apart, counts = logs - means[places[member]], counts[counts > 0]
    free = float((counts - 1).sum())
    within = float(apart @ apart) / free if free else 0.0
    # The mean of few visits varies by chance as well.
    among = float(means.var(ddof=1)) - within * float((1 / counts).mean()) if len(means) > 1 else 0.0
    p, q = _shape_of(within), _shape_of(among)
    middle = float(means.mean()) - float(digamma(np.array([p]))[0] - digamma(np.array([q]))[0])
    return GammaGamma(p, q, float(np.exp(middle)))


def _shape_of(variance: float) -> float:
    """The shape of the gamma law whose logarithm has this *variance*."""
    low, high = _BROAD, _NARROW
    for _ in range(60):
        middle = float(np.sqrt(low * high))
        low, high = (middle, high) if float(trigamma(np.array([middle]))[0]) > variance else (low, middle)
    return float(np.sqrt(low * high))


def correlation(history: PurchaseHistory) -> tuple[float, list[str]]:
    """How spend goes with frequency among those who bought again; NaN where one of them does not vary."""
    frequency, spend = (np.asarray(each, np.float64) for each in history.spending)
    if not _varies(frequency) or not _varies(spend):
        return float("nan"), []
    found = float(np.corrcoef(frequency, spend)[0, 1])
    if abs(found) * np.sqrt(len(spend)) < 2 or abs(found) < _TOGETHER:  # noqa: PLR2004 -- two standard errors
        return found, []
    more = "more" if found > 0 else "less"
    said = "the models suppose that the two have nothing to do with each other, so revenue is off"
    return found, [f"who comes more often spends {more} (correlation {found:.2f}): {said}"]


def _varies(values: Array) -> bool:
    return len(values) > 1 and float(np.ptp(values)) > 0
