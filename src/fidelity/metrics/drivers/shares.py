"""Shares: how each method divides what drivers explain together; from triangular factors, many samples at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from fidelity.metrics.arguments import Array
from fidelity.metrics.drivers.subsets import MOST_PLAYERS, losses, shapley, sizes_of, weights_by_size

__all__ = ["METHODS", "by_method", "coefficients", "explained", "factor", "inflation", "owen", "resampled_factors"]

#: Variance inflation from which on rotations are used.
_CLOSE = 1e3


def factor(drivers: Array, outcome: Array, weights: Array) -> Array:
    """
    The upper triangular factor of the centered columns of length one, the outcome last; shape (p + 1, p + 1).

    Its columns have the correlations of the data as their products.
    """
    table = np.concatenate([drivers.T, outcome[None]]).T
    centered = table - weights @ table / weights.sum()
    if (weights != 1).any():
        centered *= np.sqrt(weights)[:, None]
    centered /= np.sqrt(np.einsum("ij,ij->j", centered, centered))
    return _triangular(centered)


def _triangular(tables: Array) -> Array:
    """The upper triangular factors of tables."""
    return np.asarray(np.linalg.qr(tables, mode="r"), np.float64)


def resampled_factors(drivers: Array, outcome: Array, weights: Array, resamples: int, seed: int) -> Array:
    """
    The factors of samples of as many rows, drawn with replacement; shape (samples, p + 1, p + 1).

    Samples in which a column is constant or the columns are collinear have no factor and are left out.
    """
    random = np.random.default_rng(seed)
    table = np.column_stack([drivers, outcome])
    # What is common to all samples goes first, so that the products below keep their digits.
    table = (table - table.mean(axis=0)) / table.std(axis=0)
    n, k = table.shape
    upper, lower = np.triu_indices(k)
    products = np.column_stack([table[:, upper] * table[:, lower], table, np.ones(n)])
    found = []
    for start in range(0, resamples, max(1, 4_000_000 // n)):
        several = min(resamples - start, max(1, 4_000_000 // n))
        counts = random.multinomial(n, np.full(n, 1 / n), size=several) * weights
        sums = counts @ products
        total, means = sums[:, -1], sums[:, -1 - k : -1] / sums[:, -1:]
        gram = np.empty((several, k, k))
        gram[:, upper, lower] = gram[:, lower, upper] = (
            sums[:, : len(upper)] / total[:, None] - means[:, upper] * means[:, lower]
        )
        found.append(_cholesky(gram))
    return np.concatenate(found)


def _cholesky(gram: Array) -> Array:
    spread = np.sqrt(np.clip(np.diagonal(gram, axis1=1, axis2=2), 0, None))
    gram = gram[(spread > 1e-7).all(axis=1)]  # noqa: PLR2004 -- of columns with spread one
    spread = np.sqrt(np.diagonal(gram, axis1=1, axis2=2))
    gram = gram / (spread[:, :, None] * spread[:, None, :])
    values = np.linalg.eigvalsh(gram[:, :-1, :-1])
    gram = gram[values[:, 0] > 1e-10]  # noqa: PLR2004 -- of columns of length one
    # An outcome that is explained without rest would have no factor in floats.
    gram[:, -1, -1] += 1e-13
    return np.asarray(np.linalg.cholesky(gram).transpose(0, 2, 1), np.float64)


def explained(factors: Array) -> Array:
    """The share of the outcome that all drivers explain together; shape (samples,)."""
    whole: Array = (factors[:, :, -1] ** 2).sum(axis=1)
    return np.asarray(1 - factors[:, -1, -1] ** 2 / whole, np.float64)


def coefficients(factors: Array) -> Array:
    """Standardized coefficients; shape (samples, p)."""
    return np.asarray(np.linalg.solve(factors[:, :-1, :-1], factors[:, :-1, -1:])[:, :, 0], np.float64)


def inflation(factors: Array) -> Array:
    """Variance inflation: how much less is known of each coefficient since the drivers go together; (samples, p)."""
    inverse = np.linalg.inv(factors[:, :-1, :-1])
    return np.asarray((inverse**2).sum(axis=2), np.float64)


def _correlations(factors: Array) -> Array:
    found: Array = (factors[:, :-1, :-1] * factors[:, :-1, -1:]).sum(axis=1)
    return found


def _lmg(factors: Array) -> Array:
    players = factors.shape[2] - 1
    found = np.empty((len(factors), players))
    close = _close(factors)
    for some in _portions(len(factors), players):
        rows = np.ascontiguousarray(factors[some].transpose(1, 2, 0))
        found[some] = -shapley(losses(rows, [1] * players, close=close)).T
    return found


def _close(factors: Array) -> bool:
    """Whether cross products would lose more than four of sixteen digits."""
    return bool(inflation(factors).max() > _CLOSE)


def _portions(samples: int, players: int) -> Iterator[slice]:
    """So many samples at a time that the sets of all of them fit into memory."""
    several = max(1, (1 << MOST_PLAYERS) >> players)
    for start in range(0, samples, several):
        yield slice(start, min(start + several, samples))


def _first(factors: Array) -> Array:
    return _correlations(factors) ** 2


def _last(factors: Array) -> Array:
    return coefficients(factors) ** 2 / inflation(factors)


def _pratt(factors: Array) -> Array:
    return coefficients(factors) * _correlations(factors)


def _squared(factors: Array) -> Array:
    return coefficients(factors) ** 2


def _johnson(factors: Array) -> Array:
    left, lengths, right = np.linalg.svd(factors[:, :-1, :-1])
    away = (left.transpose(0, 2, 1) @ factors[:, :-1, -1:]).transpose(0, 2, 1) @ right
    root = right.transpose(0, 2, 1) @ (lengths[:, :, None] * right)
    found: Array = (root**2 @ away.transpose(0, 2, 1) ** 2)[:, :, 0]
    return found


def _car(factors: Array) -> Array:
    left, _, right = np.linalg.svd(factors[:, :-1, :-1])
    away = (left.transpose(0, 2, 1) @ factors[:, :-1, -1:]).transpose(0, 2, 1) @ right
    found: Array = away[:, 0] ** 2
    return found


METHODS: Mapping[str, Callable[[Array], Array]] = {
    "lmg": _lmg, "johnson": _johnson, "car": _car, "first": _first, "last": _last, "pratt": _pratt,
    "squared coefficients": _squared,
}  # fmt: skip


def by_method(method: str, factors: Array) -> Array:
    """What each driver is given; shape (samples, p)."""
    return METHODS[method](factors)


def owen(factors: Array, groups: Sequence[Sequence[int]]) -> tuple[Array, Array]:
    """
    Owen's value of each driver, whose groups come whole, and Shapley's value of each group.

    For one group the others are players of one piece each. Averaged over who of them came before, what its members add
    is a game of its own, and Shapley's value of that game is Owen's of the whole.

    Args:
        factors: As elsewhere here.
        groups: The places of the drivers of each group.

    Returns:
        Shapes (samples, p) and (samples, groups).

    Source:
        G. Owen, Values of games with a priori unions, in: Mathematical Economics and Game Theory (1977), equation 5.
    """
    of_each = np.empty((len(factors), sum(len(group) for group in groups)))
    of_group = np.empty((len(factors), len(groups)))
    chances = weights_by_size(len(groups) - 1)[sizes_of(len(groups) - 1)]
    close = _close(factors)
    for place, group in enumerate(groups):
        others = [each for number, each in enumerate(groups) if number != place]
        order = [*(column for other in others for column in other), *group, factors.shape[2] - 1]
        turned = _triangular(factors[:, :, order]).transpose(1, 2, 0)
        players = [*(len(other) for other in others), *[1] * len(group)]
        for some in _portions(len(factors), len(players)):
            lost = losses(np.ascontiguousarray(turned[:, :, some]), players, close=close)
            game = np.einsum("h,thb->tb", chances, lost.reshape(1 << len(group), 1 << len(others), -1))
            of_each[some, list(group)] = -shapley(game).T
            of_group[some, place] = game[0] - game[-1]
    return of_each, of_group
