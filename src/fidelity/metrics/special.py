"""Special functions of whole arrays, to about the last digit of a float."""

from __future__ import annotations

from functools import lru_cache
from math import log, pi

import numpy as np
from numpy.typing import NDArray

from fidelity.errors import MetricError
from fidelity.metrics.arguments import Array

__all__ = ["digamma", "gammaln", "hyp2f1", "legendre", "log_beta", "trigamma"]

_FROM = 12.0
_MOST_TERMS = 100_000
_NOTHING = 1e-16
#: So many rows at a time stay in the processor's cache; after so many terms each is asked whether it is finished.
_AT_ONCE, _LOOKED = 4096, 8
#: Bernoulli's numbers over 2k, and Bernoulli's numbers, from k = 1: the coefficients of the asymptotic series.
_DIGAMMA = (1 / 12, -1 / 120, 1 / 252, -1 / 240, 1 / 132, -691 / 32760, 1 / 12)
_GAMMA = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156)
_TRIGAMMA = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6)


def _raised(values: Array, power: int) -> tuple[Array, Array]:
    """The arguments moved up to where the series holds, and the sum of 1 / xᵖ on the way there."""
    x = np.array(values, np.float64)
    passed = np.zeros_like(x)
    low = x < _FROM
    while low.any():
        passed[low] += 1 / x[low] ** power
        x[low] += 1
        low = x < _FROM
    return x, passed


def digamma(values: Array) -> Array:
    """
    The derivative of the logarithm of gamma, of numbers above 0.

    Source:
        NIST Digital Library of Mathematical Functions, 5.5.2 and 5.11.2.
    """
    x, passed = _raised(values, 1)
    square = 1 / (x * x)
    series = np.zeros_like(x)
    for coefficient in reversed(_DIGAMMA):
        series = (series + coefficient) * square
    return np.asarray(np.log(x) - 0.5 / x - series - passed)


def trigamma(values: Array) -> Array:
    """
    The second derivative of the logarithm of gamma, of numbers above 0.

    Source:
        NIST Digital Library of Mathematical Functions, 5.15.5 and 5.15.8.
    """
    x, passed = _raised(values, 2)
    square = 1 / (x * x)
    series = np.zeros_like(x)
    for coefficient in reversed(_TRIGAMMA):
        series = (series + coefficient) * square
    return np.asarray(1 / x + square / 2 + series / x + passed)


def gammaln(values: Array) -> Array:
    """
    The logarithm of gamma, of numbers above 0.

    Source:
        NIST Digital Library of Mathematical Functions, 5.5.1 and 5.11.1.
    """
    x = np.array(values, np.float64)
    passed = np.ones_like(x)
    low = x < _FROM
    while low.any():
        passed[low] *= x[low]
        x[low] += 1
        low = x < _FROM
    square = 1 / (x * x)
    series = np.zeros_like(x)
    for coefficient in reversed(_GAMMA):
        series = series * square + coefficient
    return np.asarray((x - 0.5) * np.log(x) - x + 0.5 * log(2 * pi) + series / x - np.log(passed))


def log_beta(a: Array | float, b: Array | float) -> Array:
    """The logarithm of the beta function, of numbers above 0."""
    one, two = np.broadcast_arrays(np.asarray(a, np.float64), np.asarray(b, np.float64))
    return np.asarray(gammaln(one) + gammaln(two) - gammaln(one + two))


def hyp2f1(a: Array | float, b: Array | float, c: Array | float, z: Array | float) -> Array:
    """
    Gauss's hypergeometric function by its series, for 0 ≤ z < 1 and c above 0.

    It converges as zᵏ does: choose among the equal forms the one of small a and b.

    Raises:
        MetricError: If 100,000 terms are not enough, which is where z is within 10⁻⁴ of 1.

    Source:
        NIST Digital Library of Mathematical Functions, 15.2.1.
    """
    given = np.broadcast_arrays(*(np.asarray(each, np.float64) for each in (a, b, c, z)))
    # Where a and b are the same for all, what they give is worked out once.
    same = [np.ravel(each)[:1] if np.ndim(each) == 0 or np.size(each) == 1 else None for each in (a, b)]
    rows = [np.ravel(each) for each in given]
    found = np.empty(given[0].size)
    # What stands together needs about as many terms.
    order = np.argsort(rows[3])
    for start in range(0, len(found), _AT_ONCE):
        part = order[start : start + _AT_ONCE]
        one, two = (each[part] if alike is None else alike for alike, each in zip(same, rows[:2], strict=True))
        found[part] = _series(one, two, rows[2][part], rows[3][part], part)
    return found.reshape(given[0].shape)


def _series(a: Array, b: Array, c: Array, z: Array, rows: NDArray[np.intp]) -> Array:
    """The sums of some *rows*; where some are finished before others, a few terms more are added to them."""
    found, term, total, places = np.empty(z.size), np.ones(z.size), np.ones(z.size), np.arange(z.size)
    slowest = float(np.max(np.abs(a) + np.abs(b), initial=0.0))
    for k in range(_MOST_TERMS):
        term *= (a + k) * (b + k) / (k + 1)
        term /= c + k
        term *= z
        total += term
        if (k + 1) % _LOOKED:
            continue
        # Beyond k = |a| + |b| terms fall by a factor that comes near z: what is left is at most term · z / (1 − z).
        done = np.abs(term) * z <= _NOTHING * np.abs(total) * (1 - z)
        done &= (k > slowest) or (k > np.abs(a) + np.abs(b))
        done |= term == 0
        finished = int(done.sum())
        if finished == done.size:
            found[places] = total
            return found
        if 4 * finished >= done.size:
            found[places[done]] = total[done]
            more = ~done
            a, b = (each if each.size == 1 else each[more] for each in (a, b))
            c, z, term, total = (each[more] for each in (c, z, term, total))
            places = places[more]
    message = f"horizon: is too long beside the parameters for {_MOST_TERMS:,} terms; give a shorter one"
    raise MetricError(message, argument="horizon", rows=np.sort(rows[places]))


@lru_cache(maxsize=4)
def legendre(count: int) -> tuple[Array, Array]:
    """The nodes and weights of Gauss and Legendre on 0 to 1."""
    nodes, weights = np.polynomial.legendre.leggauss(count)
    return (nodes + 1) / 2, weights / 2
