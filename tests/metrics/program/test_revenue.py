"""IFRS 15: the price shared between goods and points, earned as points are redeemed; worked examples, laws."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity import metrics
from fidelity.errors import MetricError


def test_illustrative_example_52() -> None:
    # IFRS 15, IE267–IE270: 10,000 points of 1 with a sale of 100,000, 9,500 and later 9,700 to be redeemed.
    found = metrics.allocate_price(100_000, 10_000, redemption=0.95)
    assert found.standalone_points == 9_500
    assert (round(found.goods), round(found.points)) == (91_324, 8_676)
    earned = metrics.points_revenue(found.points, [4_500, 4_000], [9_500, 9_700])
    assert earned.revenue.round().tolist() == [4_110, 3_493]
    assert earned.liability.round().tolist() == [4_566, 1_073]


def test_the_handbook_s_example_with_a_rounded_ratio_and_two_estimates() -> None:
    # KPMG, Revenue: IFRS 15 handbook, examples 10A and 10B: 91 % and 9 %.
    found = metrics.allocate_price(100_000, 10_000, redemption=0.97, decimals=2)
    assert (found.goods, found.points) == (91_000, 9_000)
    more = metrics.points_revenue(found.points, [4_500, 4_000], [9_700, 9_900])
    assert more.revenue.round().tolist() == [4_175, 3_552]
    less = metrics.points_revenue(found.points, [4_500, 4_000], [9_700, 9_200])
    assert less.revenue.round().tolist() == [4_175, 4_140]
    # Fewer points share the same money: those redeemed before are worth more.
    assert more.catch_up[1] < 0 < less.catch_up[1]


def test_what_is_never_redeemed_is_earned_when_it_expires() -> None:
    earned = metrics.points_revenue(1_000, [300, 200, 0], [900, 900, 500])
    assert earned.revenue.sum() == pytest.approx(1_000)
    assert earned.liability[-1] == 0


money = st.floats(0.01, 1e6)


@given(money, st.lists(st.tuples(st.floats(0, 1000), st.floats(0, 1000)), min_size=1, max_size=12))
def test_what_is_earned_and_what_is_owed_add_up(deferred: float, periods: list[tuple[float, float]]) -> None:
    redeemed = [each for each, _ in periods]
    expected = [sum(redeemed[: place + 1]) + more + 1 for place, (_, more) in enumerate(periods)]
    found = metrics.points_revenue(deferred, redeemed, expected)
    assert found.revenue.cumsum() + found.liability == pytest.approx([deferred] * len(periods), rel=1e-9)
    assert (found.liability >= 0).all()
    # Without a change of the estimate, each point redeemed earns the same.
    steady = metrics.points_revenue(deferred, redeemed, expected[-1])
    assert steady.catch_up.tolist() == [0.0] * len(periods)
    assert steady.revenue == pytest.approx([deferred * each / expected[-1] for each in redeemed], abs=1e-9 * deferred)
    now = found.revenue - found.catch_up
    assert now == pytest.approx(deferred * found.redeemed / found.expected, abs=1e-9 * deferred)


@given(money, st.floats(0, 1e5), st.floats(0, 100), st.floats(0, 1))
def test_the_price_is_shared_by_what_each_would_cost_alone(
    sales: float, points: float, value: float, redemption: float
) -> None:
    found = metrics.allocate_price(sales, points, value=value, redemption=redemption)
    assert found.goods + found.points == pytest.approx(sales)
    assert found.points * found.standalone_goods == pytest.approx(found.goods * found.standalone_points, rel=1e-9)
    bundle = metrics.allocate_price(sales, points, value=value, redemption=redemption, standalone=2 * sales)
    assert bundle.points <= found.points


@pytest.mark.parametrize(
    ("call", "argument", "rows"),
    [
        (lambda: metrics.allocate_price(0, 10), "sales", []),
        (lambda: metrics.allocate_price("100", 10), "sales", []),
        (lambda: metrics.allocate_price(float("nan"), 10), "sales", []),
        (lambda: metrics.allocate_price(100, -10), "points", []),
        (lambda: metrics.allocate_price(100, 10, value=-1), "value", []),
        (lambda: metrics.allocate_price(100, 10, redemption=95), "redemption", []),
        (lambda: metrics.allocate_price(100, 10, standalone=0), "standalone", []),
        (lambda: metrics.allocate_price(100, 10, decimals=-1), "decimals", []),
        (lambda: metrics.points_revenue(-1, [1], [2]), "deferred", []),
        (lambda: metrics.points_revenue(1, [1, -1], [2, 2]), "redeemed", [1]),
        (lambda: metrics.points_revenue(1, [], [2]), "redeemed", []),
        (lambda: metrics.points_revenue(1, [1, 2], [2, 2]), "expected", [1]),
        (lambda: metrics.points_revenue(1, [1, 2], [4]), "expected", []),
        (lambda: metrics.points_revenue(1, [0, 0], 0), "expected", [0]),
        (lambda: metrics.points_revenue(1, [1, None], 9), "redeemed", [1]),
    ],
)  # fmt: skip
def test_bad_input_names_the_argument_the_rows_and_the_remedy(
    call: Callable[[], object], argument: str, rows: list[int]
) -> None:
    with pytest.raises(MetricError) as caught:
        call()
    assert caught.value.argument == argument
    assert caught.value.rows.tolist() == rows
    assert ";" in str(caught.value)
