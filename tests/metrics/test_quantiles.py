"""Quantiles and tails against scipy, from tiny to huge parameters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity.metrics import quantiles

stats = pytest.importorskip("scipy.stats", reason="outside: scipy is the oracle of quantiles")

shares = st.floats(1e-6, 1 - 1e-6)
#: From a few answers to a million of them.
sizes = st.floats(-1, 6).map(lambda power: 10.0**power)


def near(found: float, expected: float, tolerance: float = 1e-10) -> bool:
    return found == pytest.approx(expected, rel=tolerance, abs=1e-300)


@given(shares)
def test_normal(p: float) -> None:
    z = quantiles.normal_quantile(p)
    assert near(z, stats.norm.ppf(p), 1e-12) or abs(z) < 1e-12
    assert near(quantiles.normal_tail(z), 2 * stats.norm.sf(abs(z)), 1e-12)
    assert near(quantiles.normal_cdf(z), stats.norm.cdf(z), 1e-12)


@given(shares, sizes)
def test_t(p: float, freedom: float) -> None:
    found = quantiles.t_quantile(p, freedom)
    # The law itself is the judge where the oracle's own inverse has few digits.
    assert near(stats.t.cdf(found, freedom), p, 1e-9)
    assert near(quantiles.t_tail(found, freedom), 2 * stats.t.sf(abs(found), freedom), 1e-9)


@given(shares, sizes, sizes)
def test_beta(p: float, a: float, b: float) -> None:
    found = quantiles.beta_quantile(a, b, p)
    expected = stats.beta.ppf(p, a, b)
    assert near(found, expected, 1e-9) or near(stats.beta.cdf(found, a, b), p, 1e-8) or found < 1e-250
    assert quantiles.beta_tail(a, b, expected) == pytest.approx(stats.beta.sf(expected, a, b), rel=1e-9, abs=1e-15)


@given(shares, sizes)
def test_chi_square(p: float, freedom: float) -> None:
    found = quantiles.chi2_quantile(p, freedom)
    assert near(found, stats.chi2.ppf(p, freedom), 1e-9) or found < 1e-250
    assert near(quantiles.chi2_tail(found, freedom), stats.chi2.sf(found, freedom), 1e-9)


@given(shares, st.floats(0, 6).map(lambda power: 10.0**power), st.floats(0, 6).map(lambda power: 10.0**power))
def test_f(p: float, upper: float, lower: float) -> None:
    found = quantiles.f_quantile(p, upper, lower)
    assert near(found, stats.f.ppf(p, upper, lower), 1e-8)
    assert near(quantiles.f_tail(found, upper, lower), stats.f.sf(found, upper, lower), 1e-8)


def test_published_tables() -> None:
    assert quantiles.two_sided(0.95) == pytest.approx(1.959963984540054, abs=1e-15)
    assert quantiles.t_quantile(0.995, 1) == pytest.approx(63.656741162871544, rel=1e-13)
    assert quantiles.chi2_quantile(0.99, 10) == pytest.approx(23.209251158954356, rel=1e-13)
    assert quantiles.f_quantile(0.975, 6, 20) == pytest.approx(3.128339961897092, rel=1e-12)
    assert quantiles.beta_quantile(2, 3, 0.0) == 0.0
    assert quantiles.beta_quantile(2, 3, 1.0) == 1.0


@pytest.mark.parametrize("freedom", [1.2e7, 1e9, 1e12])
def test_of_very_many_degrees_of_freedom_the_expansions_have_all_digits(freedom: float) -> None:
    for p in (0.01, 0.3, 0.5, 0.975, 0.9999):
        assert quantiles.t_quantile(p, freedom) == pytest.approx(stats.t.ppf(p, freedom), rel=1e-12, abs=1e-15)
        many = 10 * freedom
        assert quantiles.chi2_quantile(p, many) == pytest.approx(stats.chi2.ppf(p, many), rel=1e-12)


def test_the_surest_level_that_floats_know_has_a_quantile() -> None:
    level = 1 - 2.0**-53
    assert (1 + level) / 2 == 1
    assert 8.2 < quantiles.t_quantile((1 + level) / 2, 1e8) < quantiles.t_quantile((1 + level) / 2, 10) < 101
