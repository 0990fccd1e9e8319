"""Penalty and reward, importance and performance: classes by hand, oracles, a published index, bad input."""

import csv
from math import isnan
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fidelity import metrics
from fidelity.errors import MetricError

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"


def kinds() -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """1,200 guests: clean rooms can only disappoint, a gift can only delight, speed does both, the carpet neither."""
    random = np.random.default_rng(1)
    asked = {name: random.integers(1, 6, 1200) for name in ("clean", "gift", "speed", "carpet", "music")}
    felt = 6.0 + random.normal(size=1200)
    felt -= 2.0 * (asked["clean"] <= 2)
    felt += 1.5 * (asked["gift"] >= 4)
    felt += 1.0 * (asked["speed"] >= 4) - 1.0 * (asked["speed"] <= 2)
    felt += 1.0 * (asked["music"] <= 2)
    return felt, asked


def test_kano_classes_of_made_truth() -> None:
    found = metrics.penalty_reward(*kinds(), level=0.99)
    assert {name: each.kano for name, each in found.items()} == {
        "clean": "must-be", "gift": "attractive", "speed": "one-dimensional", "carpet": "indifferent",
        "music": "reverse",
    }  # fmt: skip
    assert -2.0 in found["clean"].penalty.interval
    assert 1.5 in found["gift"].reward.interval
    assert [each.name for each in (found["clean"].penalty, found["clean"].reward, found["music"].reward)] == [
        "penalty of clean", "reward of clean", "reward of music",
    ]  # fmt: skip
    assert found["clean"].kind == "frustrator"
    assert found["gift"].kind == "delighter"
    assert found["speed"].kind == "hybrid"
    assert found["speed"].impact == pytest.approx(found["speed"].reward.value - found["speed"].penalty.value)
    assert 6.0 in found.base.interval


def test_kano_classes_by_hand() -> None:
    # Six of each rating; who rates low feels 2, in between 6, high 7: means and errors fit on a napkin.
    rating = [1] * 6 + [3] * 6 + [5] * 6
    felt = [1, 2, 3, 1, 2, 3, 5, 6, 7, 5, 6, 7, 6, 7, 8, 6, 7, 8]
    found = metrics.penalty_reward(felt, {"clean": rating})["clean"]
    assert found.penalty.value == pytest.approx(-4)
    assert found.reward.value == pytest.approx(1)
    # Each of the three spreads sums to 4, of 15 degrees of freedom; a difference of two means of six.
    assert found.penalty.standard_error == pytest.approx((12 / 15 * 2 / 6) ** 0.5)
    assert (found.low, found.high) == (6, 6)
    assert found.kano == "must-be"
    assert metrics.penalty_reward(felt, {"clean": rating}, level=0.9)["clean"].kano == "one-dimensional"
    assert found.asymmetry == pytest.approx(-3 / 5)
    assert found.kind == "dissatisfier"
    assert found.impact == pytest.approx(5)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(["ordinary", "robust"]), st.booleans())
def test_penalties_are_those_of_statsmodels(seed: int, errors: str, weighted: bool) -> None:
    api = pytest.importorskip("statsmodels.api", reason="outside: statsmodels is the oracle")
    random = np.random.default_rng(seed)
    table = random.integers(1, 6, (80, 2))
    felt = table @ [1.0, 0.3] + random.normal(size=80)
    weights = random.uniform(0.5, 2, 80) if weighted else None
    found = metrics.penalty_reward(felt, table, weights=weights, errors=errors, level=0.9)
    marks = np.column_stack([table <= 2, table >= 4]).astype(float)
    fit = api.WLS(felt, api.add_constant(marks), weights=1.0 if weights is None else weights).fit()
    spread = fit.bse if errors == "ordinary" else fit.HC3_se
    figures = [found.base, found["x1"].penalty, found["x2"].penalty, found["x1"].reward, found["x2"].reward]
    assert [each.value for each in figures] == pytest.approx(list(fit.params), abs=1e-9)
    assert [each.standard_error for each in figures] == pytest.approx(list(spread), abs=1e-9)
    assert found.r_squared == pytest.approx(fit.rsquared, abs=1e-9)
    if errors == "ordinary":
        ends = fit.conf_int(0.1)
        assert [each.interval[:2] for each in figures] == [pytest.approx(tuple(row), abs=1e-9) for row in ends]


@given(st.lists(st.tuples(st.floats(-5, 0), st.floats(0, 5)), min_size=1, max_size=6))
def test_asymmetry_lies_between_disappointing_and_delighting(pairs: list[tuple[float, float]]) -> None:
    down, up = zip(*pairs, strict=True)
    for found, penalty, reward in zip(metrics.impact_asymmetry(down, up), down, up, strict=True):
        if penalty == reward == 0:
            assert isnan(found)
        else:
            assert -1 <= found <= 1
            assert (found > 0) == (reward > -penalty) or found == pytest.approx(0, abs=1e-12)
    turned = metrics.impact_asymmetry(-np.array(up), -np.array(down))
    assert turned == pytest.approx(-metrics.impact_asymmetry(down, up), nan_ok=True)


def test_groups_of_ratings_are_those_of_the_groups_alone() -> None:
    felt, asked = kinds()
    segment = np.repeat(["new", "old", "few"], [700, 495, 5])
    found = metrics.penalty_reward(felt, asked, by=segment, errors="robust")
    here = segment == "new"
    alone = metrics.penalty_reward(felt[here], {name: each[here] for name, each in asked.items()}, errors="robust")
    assert found["new"]["clean"].penalty == alone["clean"].penalty
    assert found.overall["clean"].penalty == metrics.penalty_reward(felt, asked, errors="robust")["clean"].penalty
    # One small group alone could be had by subtraction.
    assert (list(found), found.hidden) == (["new"], ("few", "old"))
    assert "too few to show" in found._repr_html_()
    assert "must-be" in found._repr_html_()
    with pytest.raises(MetricError, match=r"by: in the group 'new', outcome: is the same in every row; give"):
        metrics.penalty_reward(np.where(here, 5, felt), asked, by=segment)


def test_nobody_rated_low() -> None:
    random = np.random.default_rng(2)
    rating = random.integers(3, 6, 60)
    found = metrics.penalty_reward(rating + random.normal(size=60), {"kind": rating})
    assert found["kind"].kano == "unknown"
    assert found["kind"].kind == "unknown"
    assert isnan(found["kind"].penalty.value)
    assert found["kind"].reward.interval is not None
    assert found.notes == ("nobody or everybody rated kind low, so that its class is unknown",)
    assert found.to_dict()["of"]["kind"]["penalty"]["value"] is None


def test_other_scales() -> None:
    random = np.random.default_rng(3)
    rating = random.integers(0, 11, 200)
    felt = rating + random.normal(size=200)
    found = metrics.penalty_reward(felt, {"kind": rating}, scale=(0, 10))["kind"]
    assert (found.low, found.high) == (int((rating <= 2).sum()), int((rating >= 8).sum()))
    other = metrics.penalty_reward(felt, {"kind": rating}, scale=(0, 10), low=4, high=9)["kind"]
    assert (other.low, other.high) == (int((rating <= 4).sum()), int((rating >= 9).sum()))


R = [1, 2, 3, 4, 5, 3, 3, 1]
F = [1, 2, 3, 4, 5, 6, 7, 8]


@pytest.mark.parametrize(
    ("felt", "ratings", "options", "said"),
    [
        (
            F,
            {"a": [1, 2, 3, 4, 5, 6, 3, 1]},
            {},
            "drivers['a']: is beyond the scale in row 5; give ratings from 1 to 5",
        ),
        (F, {"a": R, "b": R}, {}, "drivers: have low and high ratings that determine one another"),
        (F, {"a": [3] * 8}, {}, "drivers: have no low and no high ratings"),
        (F[:3], {"a": [1, 3, 5]}, {}, "drivers: need 3 figures from 3 rows; give at least 4"),
        ([2] * 8, {"a": R}, {}, "outcome: is the same in every row"),
        (
            F,
            {"a": R},
            {"low": 4, "high": 2},
            "low: leaves low up to 4 and high from 2; let low ratings end below high ones",
        ),
        (F, {"a": R}, {"low": 0}, "low: is less than 1"),
        (F, {"a": R}, {"high": 9}, "high: is more than 5"),
        (F, {"a": R}, {"scale": (5, 1)}, "scale: is (5, 1); give the lowest and then the highest"),
        (F, {"a": R}, {"errors": "none"}, "errors: is 'none'"),
        (F, {"a": R}, {"level": 0}, "level: is 0"),
        (F, {"a": [1, 2, None, 4, 5, 3, 3, 1]}, {}, "drivers['a']: is missing in row 2"),
        (F[:7], {"a": R}, {}, "outcome: has 7 rows and drivers have 8"),
    ],
)
def test_bad_ratings(felt: object, ratings: object, options: dict[str, object], said: str) -> None:
    with pytest.raises(MetricError) as error:
        metrics.penalty_reward(felt, ratings, **options)  # type: ignore[arg-type]
    assert said in str(error.value)


def test_bad_penalties() -> None:
    with pytest.raises(MetricError, match="reward: has 2 rows and penalty has 1"):
        metrics.impact_asymmetry([-1], [1, 2])
    with pytest.raises(MetricError, match="penalty: is missing in row 0"):
        metrics.impact_asymmetry([None], [1])


def test_the_welcome_matters_most_and_is_good_already() -> None:
    # Eight guests of a bath, whose two ratings are uncorrelated: each share is a squared correlation.
    welcome, shower = [5, 5, 5, 5, 4, 4, 4, 4], [3, 3, 1, 1, 3, 3, 1, 1]
    ratings = {"welcome": welcome, "shower": shower}
    drivers = metrics.relative_importance([9, 9, 7, 7, 5, 5, 3, 3], ratings, resamples=0)
    assert [each.value for each in drivers.values()] == pytest.approx([0.8, 0.2])
    found = metrics.importance_performance(drivers, ratings, lines=(0.5, 4.0))
    assert found["welcome"].quadrant == "keep it up"
    assert found["shower"].quadrant == "low priority"
    assert {name: each.performance.value for name, each in found.items()} == {"shower": 2.0, "welcome": 4.5}
    assert [each.priority for each in found.values()] == pytest.approx([0.6, 0.4])
    assert found.notes == ("small sample: 8 ratings",)
    assert [each.gap for each in found.values()] == pytest.approx([0, 0])


def test_four_quadrants() -> None:
    random = np.random.default_rng(4)
    middle = {"slow": 2.0, "kind": 4.2, "parking": 2.2, "music": 4.3}
    ratings = {name: np.clip(np.round(random.normal(each, 0.5, 200)), 1, 5) for name, each in middle.items()}
    stated = {"slow": 4.8, "kind": 4.6, "parking": 1.2, "music": 1.5}
    found = metrics.importance_performance(stated, ratings)
    expected = {"slow": "improve first", "kind": "keep it up", "parking": "low priority", "music": "possible overkill"}
    assert {name: each.quadrant for name, each in found.items()} == expected
    assert next(iter(found)) == "slow"
    assert all(each.sure for each in found.values())
    assert found.importance_line == pytest.approx(np.mean(list(stated.values())))
    assert sum(each.gap for each in found.values()) == pytest.approx(0, abs=1e-12)
    assert found["slow"].gap > 0 > found["music"].gap
    median = metrics.importance_performance(stated, ratings, lines="median")
    assert median.performance_line == pytest.approx(np.median([np.mean(each) for each in ratings.values()]))
    near = metrics.importance_performance(stated, ratings, lines=(3, float(np.mean(ratings["slow"]))))
    assert near["slow"].quadrant == "keep it up"
    assert near["slow"].sure is False


@pytest.mark.skipif(not DATA.exists(), reason="outside: the published data are not beside the project")
def test_a_real_survey_with_its_intervals() -> None:
    with (DATA / "bayesm__customerSat.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    ratings = {f"q{number}": [float(row[f"q{number}"]) for row in rows] for number in range(2, 8)}
    drivers = metrics.relative_importance([float(row["q1"]) for row in rows], ratings, resamples=200)
    found = metrics.importance_performance(drivers, ratings, scale=(1, 10))
    assert sum(each.importance.value for each in found.values()) == pytest.approx(1)
    for each in found.values():
        assert each.importance.value in each.importance.interval
        assert each.performance.value in each.performance.interval


def test_weights_and_missing_ratings_of_performance() -> None:
    ratings = {"a": [1, 5, np.nan], "b": [2, 2, 4]}
    found = metrics.importance_performance({"a": 1, "b": 2}, ratings, weights=[3, 1, 1], missing="drop")
    assert found["a"].performance.value == pytest.approx(2)
    assert found["a"].performance.n == 2
    assert found["b"].performance.value == pytest.approx(2.4)
    one = metrics.importance_performance({"a": 1}, {"a": [4]})
    assert one["a"].sure is None


@pytest.mark.parametrize(
    ("importance", "ratings", "options", "said"),
    [
        ({"a": 1}, {"b": [1, 2]}, {}, "importance: is of a, and the ratings are of b; name the same ones"),
        (3, {"b": [1, 2]}, {}, "importance: is of 3, and the ratings are of b"),
        ({"a": None}, {"a": [1, 2]}, {}, "importance: is missing in row 0"),
        ({"a": 1}, {"a": [1, 7]}, {}, "ratings['a']: is beyond the scale in row 1"),
        ({"a": 1}, {"a": [1, None]}, {}, "ratings['a']: is missing in row 1"),
        ({"a": 1}, {"a": [1, None]}, {"missing": "drop", "weights": [0, 1]}, "ratings['a']: has no rating that counts"),
        ({"a": 1}, {"a": [1, 2]}, {"lines": "mode"}, "lines: is 'mode'"),
        ({"a": 1}, {"a": [1, 2]}, {"lines": (1, 2, 3)}, "lines: is (1, 2, 3); give the limits"),
        ({"a": 1}, {"a": [1, 2]}, {"missing": "guess"}, "missing: is 'guess'"),
        ({"a": 1}, {"a": [1, 2]}, {"weights": [1]}, "weights: has 1 rows, not 2"),
        ({"a": 1}, {"a": [1, 2]}, {"level": 2}, "level: is 2"),
    ],
)
def test_bad_matrix(importance: object, ratings: object, options: dict[str, object], said: str) -> None:
    with pytest.raises(MetricError) as error:
        metrics.importance_performance(importance, ratings, **options)  # type: ignore[arg-type]
    assert said in str(error.value)


def test_show_and_plot() -> None:
    pyplot = pytest.importorskip("matplotlib.pyplot", reason="outside: matplotlib draws")
    found = metrics.penalty_reward(*kinds())
    assert "must-be" in found._repr_html_()
    assert len(found.plot().get_yticks()) == 5
    matrix = metrics.importance_performance({name: each.impact for name, each in found.items()}, kinds()[1])
    assert "improve first" in repr(matrix)
    assert "improve first" in [each.get_text() for each in matrix.plot().texts]
    assert "quadrant" in matrix._repr_html_()
    pyplot.close("all")
