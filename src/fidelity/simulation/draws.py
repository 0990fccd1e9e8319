"""Draws: chance as a function of who, at which visit and what for, and of nothing else.

Two programs that are played to the same customers meet the same luck, visit by visit, although in one of them somebody
comes more often: their difference is the programs', not chance's (common random numbers). Whole numbers are mixed, and
uniform numbers become waiting times by additions, products and divisions alone, which every machine rounds alike.

Source:
    S. Vigna, splitmix64; G. L. Steele, D. Lea, C. H. Flood, Fast splittable pseudorandom number generators, OOPSLA
    2014, for the mixing. P. L'Ecuyer on common random numbers, Handbook of Computational Statistics (2012), §3.
"""

from __future__ import annotations

from decimal import Decimal, localcontext
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Reals = NDArray[np.float64]
    Places = NDArray[np.int64]

__all__ = ["Draws", "unit_waits"]

_STEP = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
#: How many purposes there may be.
_PURPOSES = 64
_ALL = (1 << 64) - 1
_THIRTY, _REST, _LAST = np.uint64(30), np.uint64(27), np.uint64(31)
_SPARE = np.uint64(11)
_MANTISSA, _ONE = np.int64((1 << 52) - 1), np.int64(1023 << 52)
_CELLS = 128


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """*values*, mixed in place so that neighbours have nothing in common."""
    other = values >> _THIRTY
    values ^= other
    values *= _FIRST
    np.right_shift(values, _REST, out=other)
    values ^= other
    values *= _SECOND
    np.right_shift(values, _LAST, out=other)
    values ^= other
    return values


class Draws:
    """
    The luck of some customers.

    Args:
        seed: Whole and not negative; the same seed, the same luck.
        numbers: Which of all customers they are.

    >>> one, all_of_them = Draws(7, np.array([2])), Draws(7, np.arange(5))
    >>> bool(one.uniform(np.array([0]), 3, 1) == all_of_them.uniform(np.array([2]), 3, 1))
    True
    """

    def __init__(self, seed: int, numbers: Places) -> None:
        start = _mixed(np.array([seed & _ALL], np.uint64))
        self._own = _mixed((numbers.astype(np.uint64) + np.uint64(1)) * _STEP + start)

    def uniform(self, who: Places | slice, visit: int | NDArray[np.int64], purpose: int) -> Reals:
        """
        A number between 0 and 1, both left out, for each of *who*.

        Args:
            who: Places among these customers.
            visit: Which of their visits, one for all or one for each.
            purpose: What for: 0 to 63, each an independent stream.
        """
        if isinstance(visit, int):
            values = self._own[who] + np.uint64((visit * _PURPOSES + purpose) * int(_STEP) & _ALL)
        else:
            values = self._own[who] + (visit.astype(np.uint64) * np.uint64(_PURPOSES) + np.uint64(purpose)) * _STEP
        found: Reals = (_mixed(values) >> _SPARE).astype(np.float64)
        found += 0.5
        found *= 2.0**-53
        return found


@cache
def _logarithms() -> tuple[Reals, Reals, float]:
    """1 / c and ln c at the middles of 128 cells from 1 to 2, and ln 2: worked out in decimals, alike everywhere."""
    with localcontext() as context:
        context.prec = 40
        middles = [1 + Decimal(2 * cell + 1) / (2 * _CELLS) for cell in range(_CELLS)]
        inverse = np.array([float(1 / each) for each in middles])
        # Of the rounded inverse itself, so that the two belong together.
        logs = np.array([float(-Decimal(each).ln()) for each in inverse.tolist()])
        return inverse, logs, float(Decimal(2).ln())


def unit_waits(uniform: Reals) -> Reals:
    """
    Waiting times with mean 1: −ln of numbers between 0 and 1.

    Good to 1e-15 of its value or 2e-16, whichever is more; *uniform* is used up.

    >>> unit_waits(np.array([0.5, 0.125])).round(12).tolist()
    [0.69314718056, 2.07944154168]
    """
    inverse, logs, two = _logarithms()
    bits = uniform.view(np.int64)
    power = (bits >> 52) - 1023
    cell = (bits >> 45) & (_CELLS - 1)
    rest = ((bits & _MANTISSA) | _ONE).view(np.float64)
    rest *= inverse.take(cell)
    rest -= 1.0
    # ln(1 + r) for |r| < 2^-8: the next term is below 1e-17.
    found = rest * (1 / 7)
    for part in (-1 / 6, 1 / 5, -1 / 4, 1 / 3, -1 / 2, 1.0):
        found += part
        found *= rest
    found += logs.take(cell)
    found += power * two
    return np.negative(found, out=found)
