"""Special functions of whole arrays, to about the last digit of a float."""

from __future__ import annotations

import numpy as np

from fidelity.metrics.arguments import Array

__all__ = ["digamma", "trigamma"]

_FROM = 12.0
#: Bernoulli's numbers over 2k, and Bernoulli's numbers, from k = 1: the coefficients of the asymptotic series.
_DIGAMMA = (1 / 12, -1 / 120, 1 / 252, -1 / 240, 1 / 132, -691 / 32760, 1 / 12)
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
