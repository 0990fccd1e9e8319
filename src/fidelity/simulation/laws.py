"""Laws: from numbers between 0 and 1 to rates, chances and spending, so that near parameters meet near customers.

The same number gives a slightly higher rate under a slightly higher mean: luck does not hide what a parameter changes.
What comes out is rounded to 24 bits, since logarithms differ in their last bit from machine to machine.
"""

from __future__ import annotations

from functools import lru_cache
from math import lgamma, log, sqrt
from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

from fidelity.simulation.draws import unit_waits

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fidelity.simulation.draws import Draws

    Reals = NDArray[np.float64]
    Places = NDArray[np.int64]

__all__ = ["Law", "beta", "gamma", "gammas"]

#: Parts into which a law is cut, and the last of them once more; and where its density is worked out.
_CELLS, _POINTS = 4096, 1 << 15
#: What lies outside of where the density is worked out.
_OUTSIDE = 1e-12
_ATTEMPTS = 64


@frozen(eq=False)
class Law:
    """
    A law by its quantiles, between which it is a straight line.

    Attributes:
        quantiles: At 0, 1/4096, …; the last part is read from *top* instead.
        top: Within the last part: at 0, 1/4096, … of it.
    """

    quantiles: Reals
    top: Reals

    def at(self, uniform: Reals) -> Reals:
        """The values at numbers between 0 and 1; *uniform* is used up."""
        uniform *= _CELLS
        cell = uniform.astype(np.int64)
        uniform -= cell
        low = self.quantiles.take(cell)
        found: Reals = self.quantiles.take(cell + 1)
        found -= low
        found *= uniform
        found += low
        last = np.flatnonzero(cell == _CELLS - 1)
        if last.size:
            place = uniform.take(last) * _CELLS
            cell = place.astype(np.int64)
            low = self.top.take(cell)
            found[last] = low + (place - cell) * (self.top.take(cell + 1) - low)
        return found


def _law(grid: Reals, density: Reals, values: Reals) -> Law:
    """The law of *values* whose density over the even *grid* is *density*, up to a factor."""
    parts = np.append(0.0, (density[1:] + density[:-1]) * (grid[1] - grid[0]))
    below, above = np.cumsum(parts), np.append(np.cumsum(parts[:0:-1])[::-1], 0.0)
    below, above = below / below[-1], above / above[0]
    quantiles = np.interp(np.arange(_CELLS + 1) / _CELLS, below, values)
    # The far end has no end: half of what is left lies beyond the last knot.
    left = (1 - np.arange(_CELLS + 1) / _CELLS) / _CELLS
    left[-1] = left[-2] / 2
    top = np.interp(-left, -above, values)
    quantiles[-1] = top[-1]
    return Law(quantiles.astype(np.float32).astype(np.float64), top.astype(np.float32).astype(np.float64))


@lru_cache(maxsize=64)
def gamma(shape: float) -> Law:
    """The gamma law with a rate of 1."""
    low = max((log(_OUTSIDE) + lgamma(shape + 1)) / shape, -700.0)
    grid = np.linspace(low, log(shape + 45 + 9 * sqrt(shape)), _POINTS)
    values = np.exp(grid)
    return _law(grid, np.exp(shape * grid - values - lgamma(shape)), values)


@lru_cache(maxsize=64)
def beta(a: float, b: float) -> Law:
    """The beta law."""
    edge = log(_OUTSIDE)
    grid = np.linspace(max(edge / a, -700.0), min(-edge / b, 700.0), _POINTS)
    logs = -np.logaddexp(0, -grid), -np.logaddexp(0, grid)
    whole = lgamma(a) + lgamma(b) - lgamma(a + b)
    return _law(grid, np.exp(a * logs[0] + b * logs[1] - whole), np.exp(logs[0]))


def gammas(shape: Reals, draws: Draws, who: Places, purpose: int) -> Reals:
    """
    A gamma variable with a rate of 1 for each of *who*, of a *shape* of its own each.

    Args:
        shape: Above 0.
        draws: Their luck; *purpose* and the three after it are taken.
        who: Places among them.
        purpose: What for.

    Source:
        G. Marsaglia, W. W. Tsang, A simple method for generating gamma variables, ACM Transactions on Mathematical
        Software 26 (2000) 363–372; below a shape of 1 by their boost.
    """
    small = shape < 1
    third = np.where(small, shape + 1, shape) - 1 / 3
    scale = 1 / np.sqrt(9 * third)
    found, open_ = np.ones(len(shape)), np.arange(len(shape))
    for attempt in range(_ATTEMPTS):
        here = who[open_]
        radius = np.sqrt(2 * unit_waits(draws.uniform(here, attempt, purpose)))
        normal = radius * np.cos(2 * np.pi * draws.uniform(here, attempt, purpose + 1))
        d = third[open_]
        cube = (1 + scale[open_] * normal) ** 3
        wait = unit_waits(draws.uniform(here, attempt, purpose + 2))
        with np.errstate(divide="ignore", invalid="ignore"):
            # ln(u) < …, with the waiting time −ln(u).
            taken = (cube > 0) & (-wait < normal**2 / 2 + d - d * cube + d * np.log(cube))
        found[open_[taken]] = d[taken] * cube[taken]
        open_ = open_[~taken]
        if not open_.size:
            break
    boost = unit_waits(draws.uniform(who[small], 0, purpose + 3))
    found[small] *= np.exp(-boost / shape[small])
    return found.astype(np.float32).astype(np.float64)
