"""Quantiles and tails of the distributions that intervals are made from: normal, t, F, chi-square, beta.

Continued fractions and series for the incomplete beta and gamma functions (NIST Digital Library of Mathematical
Functions, 8.7.1, 8.9.2 and 8.17.22), inverted by Newton steps that a bracket keeps in hand.
"""

from __future__ import annotations

from collections.abc import Callable
from math import erfc, exp, inf, lgamma, log, log1p, pi, sqrt
from statistics import NormalDist

__all__ = [
    "beta_quantile", "beta_tail", "chi2_quantile", "chi2_tail", "f_quantile", "f_tail", "normal_cdf",
    "normal_quantile", "normal_tail", "t_quantile", "t_tail", "two_sided",
]  # fmt: skip

_TINY = 1e-300
_EPSILON = 1e-16
_MOST_TERMS = 100_000
_MOST_STEPS = 400
#: Degrees of freedom from which on expansions have all digits, and series too many terms.
_MANY, _VERY_MANY = 1e7, 1e8
_SERIES_FROM = 10.0


def normal_quantile(p: float) -> float:
    """
    The number that a standard normal variable falls below with probability *p*.

    >>> round(normal_quantile(0.975), 6)
    1.959964
    """
    return NormalDist().inv_cdf(p)


def two_sided(level: float) -> float:
    """How many standard errors a two-sided normal interval of *level* reaches to either side."""
    return -normal_quantile((1 - level) / 2)


def normal_cdf(z: float) -> float:
    """The probability that a standard normal variable is at most *z*."""
    return erfc(-z / sqrt(2)) / 2


def normal_tail(z: float) -> float:
    """The probability that a standard normal variable is farther from zero than *z*: a two-sided p-value."""
    return erfc(abs(z) / sqrt(2))


def _stirling(a: float) -> float:
    """What Stirling's formula lacks of the logarithm of gamma at *a*."""
    if a < _SERIES_FROM:
        return lgamma(a) - ((a - 0.5) * log(a) - a + 0.5 * log(2 * pi))
    square = a * a
    return (
        1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - (1 / 1188 - 691 / 360360 / square) / square) / square) / square)
        / square
    ) / a  # fmt: skip


def _log_ratio(x: float, mean: float) -> float:
    """The logarithm of x / mean, to its last digits where the two are near."""
    away = (x - mean) / mean
    return log1p(away) if abs(away) < 0.5 else log(x / mean)  # noqa: PLR2004 -- beyond, nothing cancels


def _beta_weight(a: float, b: float, x: float) -> float:
    """x^a (1 − x)^b / B(a, b), from how far *x* is from the mean, so that nothing large cancels."""
    total = a + b
    power = a * _log_ratio(x, a / total) + b * _log_ratio(1 - x, b / total)
    return exp(power + _stirling(total) - _stirling(a) - _stirling(b)) * sqrt(a * b / (2 * pi * total))


def _beta_fraction(a: float, b: float, x: float) -> float:
    """The continued fraction of the incomplete beta function, by the modified method of Lentz."""
    c, d = 1.0, 1 / ((1 - (a + b) * x / (a + 1)) or _TINY)
    found = d
    for m in range(1, _MOST_TERMS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 / ((1 + term * d) or _TINY)
            c = (1 + term / c) or _TINY
            found *= c * d
        if abs(c * d - 1) < _EPSILON * 8:
            break
    return found


def _beta(a: float, b: float, x: float) -> tuple[float, float]:
    """The probabilities that a beta variable is at most *x*, and that it is more."""
    if x <= 0:
        return 0.0, 1.0
    if x >= 1:
        return 1.0, 0.0
    weight = _beta_weight(a, b, x)
    if x < (a + 1) / (a + b + 2):
        below = weight * _beta_fraction(a, b, x) / a
        return below, 1 - below
    above = weight * _beta_fraction(b, a, 1 - x) / b
    return 1 - above, above


def beta_tail(a: float, b: float, x: float) -> float:
    """The probability that a beta variable of parameters *a* and *b* is more than *x*."""
    return _beta(a, b, x)[1]


def beta_quantile(a: float, b: float, p: float) -> float:
    """The number that a beta variable of parameters *a* and *b* falls below with probability *p*."""
    if p <= 0:
        return 0.0
    if p >= 1:
        return 1.0
    return _inverse(
        lambda x: (*_beta(a, b, x), _beta_weight(a, b, x) / (x * (1 - x)) if 0 < x < 1 else inf),
        p, a / (a + b), (0.0, 1.0),
    )  # fmt: skip


def _inverse(
    law: Callable[[float], tuple[float, float, float]], p: float, start: float, bounds: tuple[float, float]
) -> float:
    """Where the share below is *p*: *law* gives the share below, the share above, and the density."""
    low, high = bounds
    x = start
    for _ in range(_MOST_STEPS):
        below, above, density = law(x)
        # Beyond the middle the share above has the digits.
        wrong = below - p if p < 0.5 else (1 - p) - above  # noqa: PLR2004 -- a half
        if wrong == 0:
            return x
        low, high = (low, x) if wrong > 0 else (x, high)
        step = wrong / density if density > 0 else inf
        near = x - step
        if not low < near < high:
            near = (low + high) / 2 if high < inf else 2 * x + 1
        if abs(near - x) <= 4 * _EPSILON * abs(near):
            return near
        x = near
    return x


def t_tail(t: float, freedom: float) -> float:
    """The probability that a t variable is farther from zero than *t*: a two-sided p-value."""
    return f_tail(t * t, 1, freedom) if abs(t) < inf else 0.0


def t_quantile(p: float, freedom: float) -> float:
    """
    The number that a t variable of *freedom* degrees of freedom falls below with probability *p*.

    >>> round(t_quantile(0.975, 9), 6)
    2.262157
    """
    if p < 0.5:  # noqa: PLR2004 -- a half: the law is symmetric
        return -t_quantile(1 - p, freedom)
    p = min(p, 1 - 2.0**-53)
    if freedom > _MANY:
        # Fisher's expansion, whose next term is beyond the last digit; the series below would not come to its end.
        z = normal_quantile(p)
        return z + (z**3 + z) / (4 * freedom)
    share = beta_quantile(0.5, freedom / 2, 2 * p - 1)
    if share > 0.5:  # noqa: PLR2004 -- what is left has the digits there
        rest = beta_quantile(freedom / 2, 0.5, 2 * (1 - p))
        return sqrt(freedom * (1 - rest) / rest)
    return sqrt(freedom * share / (1 - share))


def f_tail(f: float, upper: float, lower: float) -> float:
    """The probability that an F variable of *upper* and *lower* degrees of freedom is more than *f*."""
    total = lower + upper * f
    if upper * f < lower:  # the smaller share has the digits
        return _beta(upper / 2, lower / 2, upper * f / total)[1]
    return _beta(lower / 2, upper / 2, lower / total)[0]


def f_quantile(p: float, upper: float, lower: float) -> float:
    """
    The number that an F variable of *upper* and *lower* degrees of freedom falls below with probability *p*.

    >>> round(f_quantile(0.95, 4, 10), 6)
    3.47805
    """
    share = beta_quantile(upper / 2, lower / 2, p)
    if share > 0.5:  # noqa: PLR2004 -- what is left has the digits there
        rest = beta_quantile(lower / 2, upper / 2, 1 - p)
        return lower * (1 - rest) / (upper * rest) if rest > 0 else inf
    return lower * share / (upper * (1 - share))


def _gamma_weight(a: float, x: float) -> float:
    """x^a e^(−x) / Γ(a), from how far *x* is from *a*."""
    return exp(a * _log_ratio(x, a) - (x - a) - _stirling(a)) * sqrt(a / (2 * pi))


def _gamma(a: float, x: float) -> tuple[float, float]:
    """The probabilities that a gamma variable of shape *a* is at most *x*, and that it is more."""
    if x <= 0:
        return 0.0, 1.0
    weight = _gamma_weight(a, x)
    if x < a + 1:
        term = total = 1 / a
        for n in range(1, _MOST_TERMS):
            term *= x / (a + n)
            total += term
            if term < total * _EPSILON:
                break
        return weight * total, 1 - weight * total
    b = x + 1 - a
    c, d = 1 / _TINY, 1 / b
    found = d
    for n in range(1, _MOST_TERMS):
        term = -n * (n - a)
        b += 2
        d = 1 / ((term * d + b) or _TINY)
        c = (b + term / c) or _TINY
        found *= c * d
        if abs(c * d - 1) < _EPSILON * 8:
            break
    return 1 - weight * found, weight * found


def chi2_tail(x: float, freedom: float) -> float:
    """The probability that a chi-square variable of *freedom* degrees of freedom is more than *x*: a p-value."""
    return _gamma(freedom / 2, x / 2)[1]


def chi2_quantile(p: float, freedom: float) -> float:
    """
    The number that a chi-square variable of *freedom* degrees of freedom falls below with probability *p*.

    >>> round(chi2_quantile(0.95, 2), 6)
    5.991465
    """
    shape = freedom / 2
    if freedom > _VERY_MANY:  # Wilson and Hilferty's root is then exact but for the last digits
        return freedom * (1 - 2 / (9 * freedom) + normal_quantile(p) * sqrt(2 / (9 * freedom))) ** 3
    return 2 * _inverse(
        lambda x: (*_gamma(shape, x), _gamma_weight(shape, x) / x if x > 0 else inf), p, shape, (0.0, inf)
    )
