"""Levels: which tier a score reaches or keeps, for many members at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from fidelity.ledger.columns.calendar import FAR, NEVER
from fidelity.ledger.tier_kinds import credited

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fidelity.ledger.rulebook import Count, TierTerms

__all__ = ["Levels"]

#: Up to so many thresholds are compared with one after the other, which is quicker than searching.
_FEW = 12


class Levels:
    """
    The thresholds of a program's tiers.

    Args:
        terms: The tiers.
    """

    def __init__(self, terms: TierTerms) -> None:
        keeps = terms.keep or terms.thresholds
        self.thresholds = np.array(terms.thresholds, np.int64)
        self.keeps = np.array(keeps, np.int64)
        self._alike = keeps == terms.thresholds
        #: Within these a tier stays without a second look: from the low one up to before the high one.
        self.lows = np.array((FAR, *keeps[1:]), np.int64)
        self.highs = np.array((*terms.thresholds[1:], NEVER), np.int64)
        self._either = terms.either
        weights = {each.counter: 1 for each in terms.either} or dict(terms.score)
        #: What makes the score, as the books count it: one column of sums for each of several counts, else one for all.
        self.counters: tuple[str, ...] = tuple(weights)
        #: How the columns of sums are called.
        self.names = self.counters if terms.either else self.counters[:1] or ("tiers.score",)
        self._credits = tuple(credited(each.name) for each in terms.either) if terms.either else (credited(),)
        self._weights = tuple(weights.values())

    def amounts(self, told: NDArray[np.int64] | Mapping[str, NDArray[np.int64]], count: int) -> list[NDArray[np.int64]]:
        """What *told*, the score itself or what is counted by counter, adds to each column of sums."""
        if not isinstance(told, Mapping):
            return [told]
        nothing = np.zeros(count, np.int64)
        if self._either:
            return [
                told.get(counter, nothing) + told[name] if name in told else told.get(counter, nothing)
                for counter, name in zip(self.counters, self._credits, strict=True)
            ]
        total = told.get(self._credits[0], nothing)
        for name, weight in zip(self.counters, self._weights, strict=True):
            if name in told:
                total = total + weight * told[name]
        return [total]

    def level(self, sums: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
        """The score of these *sums*; of several counts their common rank."""
        if not self._either:
            return sums[0]
        found = np.zeros(len(sums[0]), np.int64)
        for each, total in zip(self._either, sums, strict=True):
            _rank(each, total, found)
        return found

    def earned(self, level: NDArray[np.int64]) -> NDArray[np.int64]:
        """The highest tier whose threshold *level* reaches; the first one is everybody's."""
        return _reached(self.thresholds, level)

    def held(self, level: NDArray[np.int64], tier: NDArray[np.int64]) -> NDArray[np.int64]:
        """The highest tier that *level* reaches, or keeps for who has *tier*."""
        earned = self.earned(level)
        if self._alike:
            return earned
        return np.maximum(earned, np.minimum(_reached(self.keeps, level), tier))


def _reached(thresholds: NDArray[np.int64], level: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many *thresholds* after the first one *level* reaches."""
    if len(thresholds) > _FEW:
        return np.searchsorted(thresholds[1:], level, "right")
    found = np.zeros(len(level), np.int64)
    for each in thresholds[1:].tolist():
        found += level >= each
    return found


def _rank(count: Count, total: NDArray[np.int64], found: NDArray[np.int64]) -> None:
    """Twice the number of the highest tier that *total* reaches, one less for one that it keeps, if more than found."""
    for tier in range(1, len(count.thresholds)):
        at, keep = count.thresholds[tier], count.keep[tier]
        if keep is not None:
            np.maximum(found, np.where(total >= keep, 2 * tier - 1, 0), out=found)
        if at is not None:
            np.maximum(found, np.where(total >= at, 2 * tier, 0), out=found)
