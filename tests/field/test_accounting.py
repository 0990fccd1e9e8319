"""What a sale with points earns, and when: the published examples of accounting, through `fidelity.metrics`."""

from __future__ import annotations

import pytest

from fidelity import metrics
from tests.field.cases import case


@case("ACC-01")
def test_the_price_of_a_sale_is_shared_between_goods_and_points():
    rounded = metrics.allocate_price(100_000, 10_000, redemption=0.97, decimals=2)
    assert rounded.standalone_points == 9_700
    assert (rounded.goods, rounded.points) == (91_000, 9_000)
    exact = metrics.allocate_price(100_000, 10_000, redemption=0.97)
    assert exact.points == pytest.approx(8_842.30, abs=0.005)


@case("ACC-03")
def test_a_higher_estimate_earns_less_of_what_was_deferred():
    earned = metrics.points_revenue(9_000, [4_500, 4_000], [9_700, 9_900])
    assert round(earned.revenue[1]) == 3_552


@case("ACC-05")
def test_revenue_year_by_year():
    sold = metrics.allocate_price(7_200_000, 10_000, value=100, redemption=0.8)
    assert (sold.goods, sold.points) == pytest.approx((6_480_000, 720_000))
    earned = metrics.points_revenue(sold.points, [4_000, 4_100, 900], [8_000, 9_000, 9_000])
    assert earned.revenue == pytest.approx([360_000, 288_000, 72_000])
    assert earned.liability[-1] == pytest.approx(0)


@case("ACC-06")
def test_revenue_goes_by_points_expected_not_by_points_awarded():
    sold = metrics.allocate_price(2_000, 2_000, value=0.10, redemption=0.85)
    assert sold.goods == pytest.approx(1_843.32, abs=0.005)
    assert sold.points == pytest.approx(156.68, abs=0.005)
    earned = metrics.points_revenue(sold.points, [1_000], sold.expected)
    assert earned.revenue[0] == pytest.approx(92.17, abs=0.005)
