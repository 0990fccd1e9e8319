"""Samples: answers that were checked, with their weights and the strata they were drawn from."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from fidelity.errors import MetricError
from fidelity.metrics.arguments import Array, Column, Whole, column, groups_of, numbers, weights_of
from fidelity.metrics.grouping import part_of_weights, refuse_flags
from fidelity.metrics.surveys.shares import Shares, counts_of, shares_of, stratified

__all__ = ["Counted", "Cuts", "Sample", "sample_of"]

_CELLS_AT_ONCE = 4_000_000
_TELLING = 2
#: Of answers that share a weight with fewer others than this, each is drawn by itself.
_TELLING_MANY = 24
#: So many draws take a second; beyond, what is drawn is their sum, where so little of the third moments is left.
_MOST_DRAWN, _SKEWED = 200_000_000, 0.02
_ROWS_AT_ONCE = 1 << 17


@frozen
class Cuts:
    """
    Where promoters begin and detractors end.

    Raises:
        MetricError: If these are no cuts of the scale.
    """

    scale: tuple[float, float] = (0, 10)
    promoters: float = 9
    detractors: float = 6

    def __attrs_post_init__(self) -> None:
        low, high = self.scale
        if not low <= self.detractors < self.promoters <= high:
            message = (
                f"promoters: from {self.promoters:g} with detractors up to {self.detractors:g} are no cuts of a "
                f"scale from {low:g} to {high:g}; give lowest ≤ detractors < promoters ≤ highest"
            )
            raise MetricError(message, argument="promoters", rows=np.empty(0, np.int64))

    def classes(self, argument: str, scores: Column) -> NDArray[np.int8]:
        """
        What each answer is: 0 a detractor, 1 a passive, 2 a promoter.

        Raises:
            MetricError: If an answer is missing or beyond the scale.
        """
        low, high = self.scale
        found = column(argument, scores)
        refuse_flags(argument, found)
        if found.dtype.kind not in "iu" or found.min() < low or found.max() > high:
            found = numbers(argument, found, low=low, high=high)
        made: NDArray[np.int8] = (found > self.detractors).view(np.int8) + (found >= self.promoters).view(np.int8)
        return made


@frozen(eq=False)
class Sample:
    """
    Answers, and what stands beside them.

    Attributes:
        codes: What each is: 0 a detractor, 1 a passive, 2 a promoter.
        weights: How much each counts; None: all the same.
        layers: The stratum of each; None: there are none.
        sizes: How large each stratum is in the population.
    """

    codes: NDArray[np.int8]
    weights: Array | None = None
    layers: Whole | None = None
    sizes: Array | None = None

    def __len__(self) -> int:
        return len(self.codes)

    def part(self, rows: Whole | slice) -> Sample:
        """Some of the answers, of the same strata."""
        weights = part_of_weights(self.weights, rows)
        layers = None if self.layers is None else self.layers[rows]
        return Sample(self.codes[rows], weights, layers, self.sizes)

    def strata(self) -> list[Sample]:
        """
        The answers of each stratum.

        Raises:
            MetricError: If fewer than two answered in one of them.
        """
        if self.layers is None or self.sizes is None:
            return [self]
        rows = [np.flatnonzero(self.layers == place) for place in range(len(self.sizes))]
        few = sum(len(each) < _TELLING for each in rows)
        if few:
            message = f"strata: {few} of {len(rows)} have fewer than two answers, which tells no spread; merge strata"
            raise MetricError(message, argument="strata", rows=np.empty(0, np.int64))
        plain = Sample(self.codes, self.weights)
        return [plain.part(each) for each in rows]

    def shares(self) -> Shares:
        """The shares of the population."""
        if self.sizes is None:
            return shares_of(self.codes, self.weights)
        return stratified([shares_of(each.codes, each.weights) for each in self.strata()], self.sizes)

    def resampled(self, resamples: int, seed: int) -> Array:
        """
        The scores of samples drawn again from the answers, each stratum by itself.

        What matters of an answer is its class and its weight: a sample is one multinomial draw over these, however
        many answers there are.
        """
        random = np.random.default_rng(seed)
        shares = np.ones(1) if self.sizes is None else self.sizes / self.sizes.sum()
        drawn = [each._drawn(resamples, random) for each in self.strata()]  # noqa: SLF001 -- parts of this one
        return np.asarray(shares @ np.array(drawn))

    def _drawn(self, resamples: int, random: np.random.Generator) -> Array:
        if self.weights is None:
            return drawn_again(
                np.array(counts_of(self.codes)), np.array([-1.0, 0.0, 1.0]), np.ones(3), resamples, random
            )
        signs = self.codes.astype(np.float64) - 1
        heavy, places = np.unique(self.weights, return_inverse=True)
        if len(heavy) * _TELLING_MANY > len(self.codes):
            return _drawn_one_by_one(self.weights, signs, resamples, random)
        counts = np.bincount(self.codes.astype(np.int64) * len(heavy) + places)
        cells = np.flatnonzero(counts)
        sides = (cells // len(heavy)).astype(np.float64) - 1
        return drawn_again(counts[cells], sides, heavy[cells % len(heavy)], resamples, random)


@frozen
class Counted:
    """Answers that were counted already: how many detractors, passives and promoters."""

    counts: tuple[int, int, int]

    def shares(self) -> Shares:
        """The shares of the population."""
        low, middle, high = self.counts
        return Shares(high, middle, low, sum(self.counts), float(sum(self.counts)))

    def resampled(self, resamples: int, seed: int) -> Array:
        """The scores of samples drawn again."""
        signs = np.array([-1.0, 0.0, 1.0])
        return drawn_again(np.array(self.counts), signs, np.ones(3), resamples, np.random.default_rng(seed))


def drawn_again(
    counts: Whole, signs: Array, heavy: Array, resamples: int, random: np.random.Generator
) -> Array:  # fmt: skip
    """The scores of samples drawn again from cells of answers that count alike and weigh alike."""
    chances = counts / counts.sum()
    found = np.zeros(resamples)
    step = max(1, _CELLS_AT_ONCE // len(counts))
    for first in range(0, resamples, step):
        drawn = random.multinomial(int(counts.sum()), chances, size=min(step, resamples - first))
        total = drawn @ heavy
        np.divide(drawn @ (heavy * signs), total, out=found[first : first + step], where=total > 0)
    return found


def _drawn_one_by_one(weights: Array, signs: Array, resamples: int, random: np.random.Generator) -> Array:
    """
    The scores of samples drawn again from answers of which hardly any two weigh alike.

    Of very many of them the sums are drawn from the normal law, unless a few answers weigh so much that they do not
    follow it: by Berry and Esseen the error is of the order of Σ|u|³ / (Σu²)^1.5, with u = w (sign − score).
    """
    rows, weighed = len(weights), weights * signs
    total, score = weights.sum(), weighed.sum() / weights.sum()
    if rows * resamples > _MOST_DRAWN:
        pull = np.abs(weighed - score * weights)
        if (pull**3).sum() < _SKEWED * (pull**2).sum() ** 1.5:
            sums = random.multivariate_normal(
                [total, weighed.sum()], rows * np.cov(weights, weighed, ddof=0), size=resamples
            )
            return np.asarray(sums[:, 1] / sums[:, 0])
    # One number for both, so that each answer is looked up once.
    both = weights + 1j * weighed
    found = np.zeros(resamples)
    step = max(1, _ROWS_AT_ONCE // rows)
    for first in range(0, resamples, step):
        some = min(step, resamples - first)
        drawn = both.take(random.integers(0, rows, size=(some, rows), dtype=np.uint32)).sum(axis=1)
        np.divide(drawn.imag, drawn.real, out=found[first : first + some], where=drawn.real > 0)
    return found


def sample_of(
    codes: NDArray[np.int8],
    weights: Column = None,
    strata: Column = None,
    population: Mapping[str, float] | None = None,
) -> Sample:
    """
    A sample of checked answers with the columns beside them.

    Raises:
        MetricError: If a column differs in length, or strata and population do not name the same.
    """
    rows = len(codes)
    weighed = None if weights is None else weights_of("weights", weights, rows)
    if strata is None:
        if population is not None:
            message = "population: is told without strata=; name the stratum of each answer"
            raise MetricError(message, argument="population", rows=np.empty(0, np.int64))
        return Sample(codes, weighed)
    groups = groups_of("strata", strata, rows)
    if population is None:
        seen = np.bincount(groups.codes, weighed, minlength=len(groups.names))
        return Sample(codes, weighed, groups.codes, seen.astype(np.float64))
    told = {str(name): size for name, size in population.items()}
    apart = sorted({*groups.names} ^ told.keys())
    if apart:
        message = f"population: and strata do not name the same strata, such as {apart[0]!r}; merge or name them"
        raise MetricError(message, argument="population", rows=np.empty(0, np.int64))
    return Sample(codes, weighed, groups.codes, numbers("population", [told[name] for name in groups.names], above=0))
