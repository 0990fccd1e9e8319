"""Chain ladder, Bornhuetter–Ferguson, ultimate redemption: published results, oracles, laws, bad input."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fidelity import metrics
from fidelity.errors import FitError, MetricError

# The Reinsurance Association of America's triangle and that of Taylor and Ashe, as T. Mack has them (1994 and 1993).
RAA = [
    [5012, 8269, 10907, 11805, 13539, 16181, 18009, 18608, 18662, 18834],
    [106, 4285, 5396, 10666, 13782, 15599, 15496, 16169, 16704],
    [3410, 8992, 13873, 16141, 18735, 22214, 22863, 23466],
    [5655, 11555, 15766, 21266, 23425, 26083, 27067],
    [1092, 9565, 15836, 22169, 25955, 26180],
    [1513, 6445, 11702, 12935, 15852],
    [557, 4020, 10946, 12314],
    [1351, 6947, 13112],
    [3133, 5395],
    [2063],
]
TAYLOR_ASHE = [
    [357848, 1124788, 1735330, 2218270, 2745596, 3319994, 3466336, 3606286, 3833515, 3901463],
    [352118, 1236139, 2170033, 3353322, 3799067, 4120063, 4647867, 4914039, 5339085],
    [290507, 1292306, 2218525, 3235179, 3985995, 4132918, 4628910, 4909315],
    [310608, 1418858, 2195047, 3757447, 4029929, 4381982, 4588268],
    [443160, 1136350, 2128333, 2897821, 3402672, 3873311],
    [396132, 1333217, 2180715, 2985752, 3691712],
    [440832, 1288463, 2419861, 3483130],
    [359480, 1421128, 2864498],
    [376686, 1363294],
    [344014],
]
# M. V. Wüthrich, M. Merz, Stochastic Claims Reserving Methods in Insurance (Wiley, 2008), table 2.2, and what was
# expected beforehand, example 2.11.
WUTHRICH_MERZ = [
    [5946975, 9668212, 10563929, 10771690, 10978394, 11040518, 11106331, 11121181, 11132310, 11148124],
    [6346756, 9593162, 10316383, 10468180, 10536004, 10572608, 10625360, 10636546, 10648192],
    [6269090, 9245313, 10092366, 10355134, 10507837, 10573282, 10626827, 10635751],
    [5863015, 8546239, 9268771, 9459424, 9592399, 9680740, 9724068],
    [5778885, 8524114, 9178009, 9451404, 9681692, 9786916],
    [6184793, 9013132, 9585897, 9830796, 9935753],
    [5600184, 8493391, 9056505, 9282022],
    [5288066, 7728169, 8256211],
    [5290793, 7648729],
    [5675568],
]
BEFOREHAND = [11653101, 11367306, 10962965, 10616762, 11044881, 11480700, 11413572, 11126527, 10986548, 11618437]


def test_mack_1994_on_the_raa_triangle() -> None:
    found = metrics.chain_ladder(RAA)
    assert found.reserve.round().tolist() == [0, 154, 617, 1636, 2747, 3649, 5435, 10907, 10650, 16339]
    assert found.standard_errors.round().tolist() == [0, 206, 623, 747, 1469, 2002, 2209, 5358, 6333, 24566]
    assert round(found.total.value) == 52135
    assert found.total.standard_error == pytest.approx(26909.01, abs=0.005)
    # The other rule, as the package ChainLadder for R has it.
    other = metrics.chain_ladder(RAA, sigma="log-linear")
    assert other.total.standard_error == pytest.approx(26880.74, abs=0.005)
    assert other.ultimate.tolist() == found.ultimate.tolist()


def test_mack_1993_on_the_triangle_of_taylor_and_ashe() -> None:
    found = metrics.chain_ladder(TAYLOR_ASHE)
    assert (found.reserve / 1000).round().tolist() == [0, 95, 470, 710, 985, 1419, 2178, 3920, 4279, 4626]
    share = 100 * found.standard_errors[1:] / found.reserve[1:]
    assert share.round().tolist() == [80, 26, 19, 27, 29, 26, 22, 23, 29]
    assert round(found.total.value / 1000) == 18681
    assert found.total.standard_error == pytest.approx(2_447_095, abs=1)
    other = metrics.chain_ladder(TAYLOR_ASHE, sigma="log-linear")
    assert other.total.standard_error == pytest.approx(2_441_364, abs=1)


def test_wuthrich_and_merz_2008() -> None:
    found = metrics.chain_ladder(WUTHRICH_MERZ)
    assert found.reserve.sum() == pytest.approx(6_047_061, abs=5)
    assert found.total.standard_error == pytest.approx(462_960, abs=1)
    prior = metrics.bornhuetter_ferguson(WUTHRICH_MERZ, BEFOREHAND)
    printed = [0, 16124, 26998, 37575, 95434, 178024, 341305, 574089, 1318646, 4768384]
    assert prior.reserve == pytest.approx(printed, abs=2)
    assert prior.reserve.sum() == pytest.approx(7_356_580, abs=5)


triangles = st.integers(3, 7).flatmap(
    lambda size: st.tuples(
        st.lists(st.floats(1, 1000), min_size=size, max_size=size),
        st.lists(st.lists(st.floats(0.8, 3), min_size=size - 1, max_size=size - 1), min_size=size, max_size=size),
    )
)


def made(parts: tuple[list[float], list[list[float]]]) -> list[list[float]]:
    first, factors = parts
    size = len(first)
    return [
        [float(start * np.prod(grown[:age])) for age in range(size - row)]
        for row, (start, grown) in enumerate(zip(first, factors, strict=True))
    ]


@given(triangles)
def test_mack_s_own_formula_gives_the_same_as_the_recursion(parts: tuple[list[float], list[list[float]]]) -> None:
    rows = made(parts)
    size = len(rows)
    found = metrics.chain_ladder(rows)
    f, s = found.factors, found.sigma
    sums = [sum(rows[row][age] for row in range(size - age - 1)) for age in range(size - 1)]
    total = 0.0
    for row in range(1, size):
        c = found.completed[row]
        ages = range(size - 1 - row, size - 1)
        # Equation (7) of Mack 1993, and the one for the total that follows it.
        mse = c[-1] ** 2 * sum(s[age] ** 2 / f[age] ** 2 * (1 / c[age] + 1 / sums[age]) for age in ages)
        assert found.standard_errors[row] == pytest.approx(np.sqrt(mse), rel=1e-9, abs=1e-9)
        later = found.completed[row + 1 :, -1].sum()
        total += mse + c[-1] * later * sum(2 * s[age] ** 2 / f[age] ** 2 / sums[age] for age in ages)
    assert found.total.standard_error == pytest.approx(np.sqrt(total), rel=1e-9, abs=1e-9)


@given(triangles, st.sampled_from(["volume", "simple", "regression"]))
def test_factors_are_those_of_weighted_least_squares(
    parts: tuple[list[float], list[list[float]]], average: str
) -> None:
    api = pytest.importorskip("statsmodels.api", reason="outside: statsmodels is the oracle of the factors")
    rows = made(parts)
    found = metrics.chain_ladder(rows, average=average)
    for age in range(len(rows) - 2):
        before = np.array([row[age] for row in rows if len(row) > age + 1])
        after = np.array([row[age + 1] for row in rows if len(row) > age + 1])
        power = {"volume": -1, "simple": -2, "regression": 0}[average]
        fitted = api.WLS(after, before, weights=before**power).fit()
        assert found.factors[age] == pytest.approx(fitted.params[0], rel=1e-9)
        assert found.factor_errors[age] == pytest.approx(fitted.bse[0], rel=1e-6, abs=1e-9)
        assert found.sigma[age] ** 2 == pytest.approx(fitted.mse_resid, rel=1e-6, abs=1e-12)


@given(triangles, st.floats(0.01, 100), st.sampled_from(["volume", "simple", "regression"]), st.booleans())
def test_another_unit_changes_nothing_but_the_unit(
    parts: tuple[list[float], list[list[float]]], unit: float, average: str, line: bool
) -> None:
    sigma = "log-linear" if line else "mack"
    one = metrics.chain_ladder(made(parts), average=average, sigma=sigma)
    other = metrics.chain_ladder(
        [[unit * each for each in row] for row in made(parts)], average=average, sigma=sigma
    )  # fmt: skip
    assert other.ultimate == pytest.approx(unit * one.ultimate, rel=1e-9)
    # Factors that agree but for rounding have a sigma of rounding.
    assume((one.sigma > 1e-6 * one.factors).all())
    assert other.standard_errors == pytest.approx(unit * one.standard_errors, rel=1e-6, abs=1e-6 * unit)


def test_a_triangle_that_follows_its_factors_has_no_error() -> None:
    rows = [[100, 150, 165], [200, 300], [80]]
    found = metrics.chain_ladder(rows)
    assert found.ultimate.tolist() == pytest.approx([165, 330, 132])
    assert found.standard_errors.tolist() == pytest.approx([0, 0, 0], abs=1e-9)
    grown = metrics.chain_ladder(rows, tail=1.1)
    assert grown.ultimate == pytest.approx(1.1 * found.ultimate)
    assert grown.cumulative_factors == pytest.approx([1.815, 1.21, 1.1])


def test_every_form_of_table_is_one() -> None:
    pandas, polars = pytest.importorskip("pandas"), pytest.importorskip("polars")
    ragged = metrics.chain_ladder([[1, 2, 3], [2, 3], [2]])
    filled = [[1.0, 2.0, 3.0], [2.0, 3.0, np.nan], [2.0, np.nan, np.nan]]
    for table in (np.array(filled), pandas.DataFrame(filled), polars.DataFrame(filled, orient="row"),
                  [[1, 2, 3, None], [2, 3, None, None], [2, None, None, None]]):  # fmt: skip
        assert metrics.chain_ladder(table).ultimate.tolist() == ragged.ultimate.tolist()
    assert metrics.chain_ladder(filled, names=["a", "b", "c"]).names == ("a", "b", "c")


def test_bornhuetter_ferguson_between_what_was_expected_and_the_chain_ladder() -> None:
    ladder = metrics.chain_ladder(RAA)
    far = metrics.bornhuetter_ferguson(RAA, 25_000, rounds=500)
    assert far.ultimate[:9] == pytest.approx(ladder.ultimate[:9], rel=1e-9)
    once = metrics.bornhuetter_ferguson(RAA, ladder.ultimate)
    assert once.ultimate == pytest.approx(ladder.ultimate)
    assert metrics.bornhuetter_ferguson(RAA, 0).ultimate.tolist() == ladder.latest.tolist()
    # Benktander: the credibility mixture of Mack (2000).
    two = metrics.bornhuetter_ferguson(RAA, 25_000, rounds=2)
    first = metrics.bornhuetter_ferguson(RAA, 25_000)
    mixed = first.developed * ladder.ultimate + (1 - first.developed) * first.ultimate
    assert two.ultimate == pytest.approx(mixed)


def test_ultimate_redemption_and_breakage() -> None:
    rows = [[100, 150, 165], [110, 170], [120]]
    found = metrics.ultimate_redemption([200, 220, 240], rows)
    ladder = metrics.chain_ladder(rows)
    assert found.rate.value == pytest.approx(100 * ladder.ultimate.sum() / 660)
    assert found.rate.value + found.breakage.value == pytest.approx(100)
    assert found.to_come.value == pytest.approx(ladder.total.value)
    assert found.outstanding == 660 - 455
    assert found.rate.interval is not None
    assert found.breakage.interval is not None
    assert found.rate.interval.low == pytest.approx(100 - found.breakage.interval.high)
    assert 100 * 455 / 660 <= found.rate.interval.low <= found.rate.value <= found.rate.interval.high <= 100
    prior = metrics.ultimate_redemption(
        [200, 220, 240], rows, method="bornhuetter-ferguson", expected=[0.8, 0.8, 0.9]
    )  # fmt: skip
    by_hand = metrics.bornhuetter_ferguson(rows, [160, 176, 216])
    assert prior.ultimate == pytest.approx(by_hand.ultimate)
    assert prior.rate.interval is None
    assert prior.rate.standard_error is None
    assert metrics.ultimate_redemption([200, 220, 240], rows, names=["a", "b", "c"]).names == ("a", "b", "c")
    held = metrics.ultimate_redemption([165, 170, 150], rows)
    assert (held.rates <= 1).all()
    assert "2 cohorts would redeem more than was issued, the first 2: held" in held.rate.notes


def test_a_triangle_of_redemptions() -> None:
    rows = [("2026-01-05", "2026-01-30", 40), ("2026-01-20", "2026-03-02", 25), ("2026-02-03", "2026-03-09", 10)]
    earned, redeemed, points = zip(*rows, strict=True)
    found = metrics.redemption_triangle(earned, redeemed, points)
    assert found.latest.tolist() == [65, 10, 0]
    longer = metrics.redemption_triangle(earned, redeemed, points, until="2026-04-30")
    assert longer.names == ("2026-01", "2026-02", "2026-03", "2026-04")
    assert longer.values[0].tolist() == [40, 40, 65, 65]
    quarters = metrics.redemption_triangle(earned, redeemed, points, period="quarter", until="2026-06-30")
    assert quarters.names == ("2026-Q1", "2026-Q2")
    assert quarters.latest.tolist() == [75, 0]
    weeks = metrics.redemption_triangle(
        ["2026-01-04", "2026-01-05"], ["2026-01-04", "2026-01-11"], [1, 2], period="week"
    )
    assert weeks.names == ("2025-12-29", "2026-01-05")
    assert weeks.values[0].tolist() == [1, 1]
    assert weeks.latest.tolist() == [1, 2]


@pytest.mark.parametrize(
    ("call", "argument", "rows", "said"),
    [
        (lambda: metrics.chain_ladder([]), "triangle", [], "is no table"),
        (lambda: metrics.chain_ladder([1, 2]), "triangle", [], "is no table"),
        (lambda: metrics.chain_ladder("text"), "triangle", [], "is no table"),
        (lambda: metrics.chain_ladder([[1, 2], [None, 3]]), "triangle", [1], "has no first amount"),
        (lambda: metrics.chain_ladder([[1, None, 3], [1, 2, 3]]), "triangle", [0], "has a gap"),
        (lambda: metrics.chain_ladder([[1, -2], [1]]), "triangle", [0], "is negative"),
        (lambda: metrics.chain_ladder([[1, "x"], [1]]), "triangle", [0], "is no row of finite numbers"),
        (lambda: metrics.chain_ladder([[1], [2]]), "triangle", [], "has one age"),
        (lambda: metrics.chain_ladder([[0, 2], [1]]), "triangle", [0], "grows from zero at age 1"),
        (lambda: metrics.chain_ladder([[0, 0], [1]]), "triangle", [], "no cohort has anything at age 1"),
        (lambda: metrics.chain_ladder([[1, 2], [1]], average="mean"), "average", [], "choose 'volume'"),
        (lambda: metrics.chain_ladder([[1, 2], [1]], sigma="none"), "sigma", [], "choose 'mack'"),
        (lambda: metrics.chain_ladder([[1, 2], [1]], tail=0), "tail", [], "give a finite number from 1e-06"),
        (lambda: metrics.chain_ladder([[1, 2], [1]], level=95), "level", [], "between 0 and 1"),
        (lambda: metrics.chain_ladder([[1, 2], [1]], names=["a"]), "names", [], "name each cohort"),
        (lambda: metrics.bornhuetter_ferguson([[1, 2], [1]], [1]), "expected", [], "has 1 rows, not 2"),
        (lambda: metrics.bornhuetter_ferguson([[1, 2], [1]], -1), "expected", [0], "is less than 0"),
        (lambda: metrics.bornhuetter_ferguson([[1, 2], [1]], 1, rounds=0), "rounds", [], "whole number from 1"),
        (lambda: metrics.ultimate_redemption([1, 2], [[1, 2], [1]]), "issued", [0], "less than what was redeemed"),
        (lambda: metrics.ultimate_redemption([3], [[1, 2], [1]]), "triangle", [], "has 2 rows and issued has 1"),
        (lambda: metrics.ultimate_redemption([3, 3], [[1, 2], [1]], method="x"), "method", [], "chain ladder"),
        (lambda: metrics.ultimate_redemption([3, 3], [[1, 2], [1]], method="bornhuetter-ferguson"), "expected", [],
         "is missing"),
        (lambda: metrics.ultimate_redemption([3, 3], [[1, 2], [1]], method="bornhuetter-ferguson", expected=80),
         "expected", [0, 1], "is more than 1"),
        (lambda: metrics.redemption_triangle(["2026-01-02"], ["2026-01-01"], [1]), "redeemed", [0], "before"),
        (lambda: metrics.redemption_triangle(["2026-01-02"], ["2026-01-03"], [1], until="2026-01-02"), "redeemed", [0],
         "after until"),
        (lambda: metrics.redemption_triangle(["2026-01-02"], ["2026-01-03"], [-1]), "points", [0], "less than 0"),
        (lambda: metrics.redemption_triangle(["2026-01-02"], ["2026-01-03"], [1], period="era"), "period", [], "choose"),
        (lambda: metrics.redemption_triangle(["1000-01-02"], ["2026-01-03"], [1], period="day"), "period", [], "stray"),
    ],
)  # fmt: skip
def test_bad_input_names_the_argument_the_rows_and_the_remedy(
    call: Callable[[], object], argument: str, rows: list[int], said: str
) -> None:
    with pytest.raises(MetricError, match=said) as caught:
        call()
    assert caught.value.argument == argument
    assert caught.value.rows.tolist() == rows
    assert ";" in str(caught.value)


def test_what_determines_no_ladder_is_a_failed_fit() -> None:
    with pytest.raises(FitError, match="take longer periods"):
        metrics.chain_ladder([[0, 2], [1]])


def test_what_only_one_cohort_saw_is_said() -> None:
    found = metrics.chain_ladder([[1, 2], [1]])
    assert found.total.notes == ("each age was passed by one cohort alone: no error can be told",)
    nothing = metrics.chain_ladder([[1, 2, 3], [2, 3], [0]])
    assert "3 has nothing so far" in nothing.notes[-1]
    flat = metrics.chain_ladder([[2, 4, 5], [3, 6], [1]], sigma="log-linear")
    assert "fewer than two ages have a sigma" in flat.notes[0]


@given(st.lists(st.lists(st.one_of(st.none(), st.floats(-5, 1e6)), max_size=6), max_size=6))
def test_any_table_gives_a_result_or_an_error_with_a_reason(rows: list[list[float | None]]) -> None:
    try:
        found = metrics.chain_ladder(rows)
    except MetricError:
        return
    assert np.isfinite(found.ultimate).all()
    assert np.isfinite(found.standard_errors).all()
    assert found.to_dict()["total"]["value"] == pytest.approx(found.reserve.sum())
