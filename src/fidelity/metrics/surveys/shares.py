"""Shares: promoters, passives and detractors, and how far their difference is to be trusted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import sqrt

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from fidelity.metrics.arguments import Array
from fidelity.metrics.grouping import effective
from fidelity.metrics.quantiles import two_sided

__all__ = ["DETRACTOR", "INTERVALS", "PASSIVE", "PROMOTER", "Shares", "counts_of", "shares_of", "stratified"]

DETRACTOR, PASSIVE, PROMOTER = 0, 1, 2
#: What the adjusted interval adds: three answers, in the shares of a score about which nothing is known.
_ADDED = (0.75, 1.5, 0.75)
_HALVINGS = 200


@frozen
class Shares:
    """
    How answers are shared out.

    Attributes:
        promoters, passives, detractors: How many there are of each, or how much they weigh.
        n: How many answers.
        worth: How many equally likely and equally weighted answers they are worth.
    """

    promoters: float
    passives: float
    detractors: float
    n: int
    worth: float

    @property
    def total(self) -> float:
        """All of them together."""
        return self.promoters + self.passives + self.detractors

    @property
    def score(self) -> float:
        """The share of promoters less that of detractors, −1 to 1."""
        return (self.promoters - self.detractors) / self.total

    @property
    def percent(self) -> tuple[float, float, float, float]:
        """The score and the shares of promoters, passives and detractors, in percent."""
        parts = (self.promoters - self.detractors, self.promoters, self.passives, self.detractors)
        return tuple(100 * part / self.total for part in parts)  # type: ignore[return-value]

    @property
    def spread(self) -> float:
        """The variance of one answer that counts +1, 0 or −1."""
        return max((self.promoters + self.detractors) / self.total - self.score**2, 0.0)

    @property
    def error(self) -> float:
        """The standard error of the score."""
        return sqrt(self.spread / self.worth)

    def adjusted(self) -> Shares:
        """With three answers more: ¾ promoter, 1½ passive, ¾ detractor."""
        scale = self.worth / self.total
        given = (self.promoters, self.passives, self.detractors)
        high, middle, low = (part * scale + more for part, more in zip(given, _ADDED, strict=True))
        return Shares(high, middle, low, self.n, self.worth + sum(_ADDED))


def counts_of(codes: NDArray[np.int8]) -> tuple[int, int, int]:
    """How many detractors, passives and promoters there are."""
    # Comparing bytes is ten times as fast as `bincount`, which makes them wide first.
    low, high = int(np.count_nonzero(codes == DETRACTOR)), int(np.count_nonzero(codes == PROMOTER))
    return low, len(codes) - low - high, high


def shares_of(codes: NDArray[np.int8], weights: Array | None) -> Shares:
    """
    The shares of answers, whose worth comes from the linearized variance where they are weighted.

    Args:
        codes: `DETRACTOR`, `PASSIVE` or `PROMOTER`, answer by answer.
        weights: The weight of each.
    """
    n = len(codes)
    if weights is None:
        low, middle, high = counts_of(codes)
        return Shares(high, middle, low, n, float(n))
    low, middle, high = np.bincount(codes, weights, minlength=3).tolist()
    found = Shares(high, middle, low, n, effective(weights))
    variance = float((weights**2 * (codes - 1.0 - found.score) ** 2).sum() / weights.sum() ** 2)
    return Shares(high, middle, low, n, found.spread / variance if variance > 0 else found.worth)


def stratified(strata: list[Shares], sizes: Array) -> Shares:
    """The shares of a population whose strata have these *sizes*, each estimated by itself."""
    sizes = sizes / sizes.sum()
    # Of few answers the spread that is seen is too small by n / (n − 1), which adds up over many strata.
    variance = sum(
        size**2 * each.error**2 * each.n / (each.n - 1) for size, each in zip(sizes.tolist(), strata, strict=True)
    )
    amounts = np.array([[each.promoters, each.passives, each.detractors] for each in strata])
    high, middle, low = (sizes @ (amounts / amounts.sum(axis=1, keepdims=True))).tolist()
    n = sum(each.n for each in strata)
    found = Shares(high, middle, low, n, float(n))
    # Where nobody within a stratum differs, nothing is known of how they would: as if there were no strata.
    return Shares(high, middle, low, n, found.spread / variance if variance > 0 else float(n))


def _wald(shares: Shares, level: float) -> tuple[float, float]:
    reach = two_sided(level) * shares.error
    return shares.score - reach, shares.score + reach


def _adjusted_wald(shares: Shares, level: float) -> tuple[float, float]:
    return _wald(shares.adjusted(), level)


def _score(shares: Shares, level: float) -> tuple[float, float]:
    """Every difference that a score test would not reject: the interval of Tango for a difference of two shares."""
    z, n = two_sided(level), shares.worth
    more, less = n * shares.promoters / shares.total, n * shares.detractors / shares.total

    def distance(difference: float) -> float:
        # The likeliest share of detractors where the difference is this one.
        b = -more - less + (2 * n - more + less) * difference
        c = -less * difference * (1 - difference)
        detractors = (sqrt(max(b * b - 8 * n * c, 0.0)) - b) / (4 * n)
        variance = n * (2 * detractors + difference * (1 - difference))
        return (more - less - n * difference) / sqrt(variance) if variance > 0 else 0.0

    def end(beyond: float, sign: float) -> float:
        near, far = shares.score, beyond
        for _ in range(_HALVINGS):
            middle = (near + far) / 2
            near, far = (middle, far) if sign * distance(middle) < z else (near, middle)
        return near

    return end(-1.0, 1.0), end(1.0, -1.0)


INTERVALS: Mapping[str, Callable[[Shares, float], tuple[float, float]]] = {
    "adjusted wald": _adjusted_wald,
    "score": _score,
    "wald": _wald,
}
