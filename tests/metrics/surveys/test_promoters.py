"""Net Promoter Score: laws, oracles, worked examples, bad input."""

from math import sqrt

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fidelity import metrics
from fidelity.errors import MetricError
from fidelity.metrics.surveys import sample
from fidelity.metrics.surveys.shares import INTERVALS, Shares

scores = st.lists(st.integers(0, 10), min_size=2, max_size=60)
counts = st.tuples(st.integers(0, 200), st.integers(0, 200), st.integers(0, 200)).filter(any)


@given(scores)
def test_the_score_is_the_mean_of_signs_and_its_error_that_of_a_mean(answers: list[int]) -> None:
    signs = np.array([1 if each >= 9 else -1 if each <= 6 else 0 for each in answers])
    found = metrics.nps(answers, method="wald")
    assert found.value == pytest.approx(100 * signs.mean(), abs=1e-9)
    assert found.standard_error == pytest.approx(100 * signs.std() / sqrt(len(signs)), abs=1e-9)
    assert found.promoters + found.passives + found.detractors == pytest.approx(100)


@given(counts, st.sampled_from(sorted(INTERVALS)), st.floats(0.5, 0.999))
def test_turning_the_scale_turns_the_interval(parts: tuple[int, int, int], method: str, level: float) -> None:
    one = metrics.nps_from_counts(*parts, method=method, level=level)
    two = metrics.nps_from_counts(*parts[::-1], method=method, level=level)
    assert one.value == pytest.approx(-two.value, abs=1e-9)
    assert one.interval is not None
    assert two.interval is not None
    assert one.interval.low == pytest.approx(-two.interval.high, abs=1e-6)


@given(counts, st.floats(0.5, 0.999))
def test_the_score_interval_holds_what_a_score_test_does_not_reject(parts: tuple[int, int, int], level: float) -> None:
    stats = pytest.importorskip("scipy.stats", reason="outside: scipy is the oracle of the score interval")
    optimize = pytest.importorskip("scipy.optimize", reason="outside: scipy is the oracle of the score interval")
    more, _, less = parts
    n, z = sum(parts), stats.norm.ppf((1 + level) / 2)
    found = metrics.nps_from_counts(*parts, method="score", level=level)
    assert found.interval is not None
    low, high = (each / 100 for each in found.interval[:2])
    assert -1 <= low <= found.value / 100 <= high <= 1
    for end in (low, high):
        if not -0.999 < end < 0.999:
            continue
        # The likeliest shares with this difference, by brute maximization.
        least = max(0.0, -end)

        def unlikely(q: float, end: float = end) -> float:
            shares = [q + end, 1 - 2 * q - end, q]
            pairs = zip(parts, shares, strict=True)
            return -sum(count * np.log(max(share, 1e-300)) for count, share in pairs if count)

        best = optimize.minimize_scalar(
            unlikely, bounds=(least, (1 - end) / 2), method="bounded", options={"xatol": 1e-12}
        )
        variance = n * (2 * best.x + end - end**2)
        assume(variance > 1e-4)
        assert abs(more - less - n * end) / sqrt(variance) == pytest.approx(z, rel=2e-3, abs=2e-3)


def test_published_figures() -> None:
    # B. Rocks, The American Statistician 70 (2016): three answers more, ¾, 1½ and ¾.
    found = metrics.nps_from_counts(50, 33, 17)
    assert found.interval == pytest.approx((17.55605019, 46.52161971, 0.95), abs=1e-6)
    assert metrics.nps_from_counts(10, 0, 0).interval == pytest.approx((47.50355154, 106.3426023, 0.95), abs=1e-6)


@given(st.lists(st.tuples(st.integers(0, 10), st.integers(0, 4)), min_size=2, max_size=40))
def test_whole_weights_give_the_score_of_repeated_answers(pairs: list[tuple[int, int]]) -> None:
    assume(sum(weight for _, weight in pairs) > 0)
    answers, weights = zip(*pairs, strict=True)
    repeated = [answer for answer, weight in pairs for _ in range(weight)]
    weighted = metrics.nps(answers, weights=weights)
    assert weighted.value == pytest.approx(metrics.nps(repeated).value, abs=1e-9)


@given(scores, st.floats(0.1, 50))
def test_equal_weights_change_nothing(answers: list[int], weight: float) -> None:
    one, two = metrics.nps(answers), metrics.nps(answers, weights=[weight] * len(answers))
    assert two.interval is not None
    assert two.interval == pytest.approx(one.interval, abs=1e-7)


@given(st.lists(st.tuples(st.integers(0, 10), st.sampled_from("abc")), min_size=1, max_size=60))
def test_strata_as_large_as_in_the_sample_give_its_score(pairs: list[tuple[int, str]]) -> None:
    doubled = pairs * 2
    answers, strata = zip(*doubled, strict=True)
    found = metrics.nps(answers, strata=strata)
    assert found.value == pytest.approx(metrics.nps(answers).value, abs=1e-9)
    variance = 0.0
    for stratum in set(strata):
        signs = np.array([1 if a >= 9 else -1 if a <= 6 else 0 for a, s in doubled if s == stratum])
        variance += (len(signs) / len(answers)) ** 2 * signs.var(ddof=1) / len(signs)
    if variance > 0:
        assert found.standard_error == pytest.approx(100 * sqrt(variance), abs=1e-9)


def test_strata_weigh_as_the_population_says() -> None:
    answers, strata = [10, 10, 10, 0, 0], ["shop", "shop", "shop", "web", "web"]
    found = metrics.nps(answers, strata=strata, population={"shop": 1, "web": 3})
    assert found.value == pytest.approx(25 - 75)
    # Where nobody within a stratum differs, nothing is known of how they would: as if there were no strata.
    assert found.standard_error == pytest.approx(100 * sqrt((1 - 0.25) / 5))


@pytest.mark.parametrize("extra", [{}, {"weights": "w"}, {"strata": "s"}])
def test_the_bootstrap_agrees_with_the_formula(extra: dict[str, str]) -> None:
    random = np.random.default_rng(7)
    answers = random.integers(0, 11, 4_000)
    beside = {"w": random.choice([0.5, 1.0, 2.0], 4_000), "s": random.choice(["a", "b"], 4_000)}
    options = {name: beside[key] for name, key in extra.items()}
    formula = metrics.nps(answers, method="wald", **options)
    drawn = metrics.nps(answers, method="bootstrap", resamples=20_000, seed=1, **options)
    assert formula.interval is not None
    assert drawn.interval is not None
    assert drawn.standard_error == pytest.approx(formula.standard_error, rel=0.03)
    assert drawn.interval[:2] == pytest.approx(formula.interval[:2], abs=0.25)
    again = metrics.nps(answers, method="bootstrap", resamples=20_000, seed=1, **options)
    assert drawn.interval == again.interval


def test_groups_and_those_too_small_to_show() -> None:
    answers = [10] * 6 + [0] * 6 + [5] * 2
    found = metrics.nps(answers, by=["web"] * 6 + ["shop"] * 6 + ["kiosk"] * 2)
    # Two answers alone could be had by subtraction, so that the next smallest group hides them.
    assert found.hidden in (("kiosk", "shop"), ("kiosk", "web"))
    assert found.overall is not None
    assert found.overall.n == 14
    every = metrics.nps(answers, by=["web"] * 6 + ["shop"] * 6 + ["kiosk"] * 2, minimum=1)
    assert {name: each.value for name, each in every.items()} == {"kiosk": -100, "shop": -100, "web": 100}


def test_rewarded_answers_are_told() -> None:
    found = metrics.nps([10, 10, 10, 0, 0, 10, 8], rewarded=[True, True] + [False] * 5, method="score")
    assert found.notes == ("2 of 7 answers were rewarded; the others give 0",)
    # One other answer would tell what one person said.
    assert metrics.nps([10, 10, 0], rewarded=[1, 1, 0], method="score").notes == (
        "2 of 3 answers were rewarded; 1 were not",
    )
    assert not metrics.nps([10] * 40, rewarded=[False] * 40).notes


def test_few_employees_are_not_shown() -> None:
    with pytest.raises(MetricError, match="3 answers are too few to show"):
        metrics.enps([9, 10, 2])
    by_team = metrics.enps([9] * 9, by=["a"] * 6 + ["b"] * 3)
    assert by_team.hidden == ("a", "b")


@pytest.mark.parametrize(
    ("answers", "options", "said"),
    [
        ([], {}, "scores: is empty"),
        ([11, 5], {}, "scores: is more than 10 in row 0"),
        ([5, -1], {}, "scores: is less than 0 in row 1"),
        ([5, float("nan")], {}, "scores: is missing in row 1"),
        ([5, None], {}, "scores: is missing in row 1"),
        (["nine"], {}, "scores: is not a number in row 0"),
        ("99", {}, "scores: is str"),
        ([True, False], {}, "scores: holds true and false"),
        ([[1, 2], [3, 4]], {}, "scores: has 2 dimensions"),
        ([5, 6], {"weights": [1]}, "weights: has 1 rows, not 2"),
        ([5, 6], {"weights": [0, 0]}, "weights: is zero in every row"),
        ([5, 6], {"weights": [1, -1]}, "weights: is less than 0 in row 1"),
        ([5, 6], {"by": ["a"]}, "by: has 1 rows"),
        ([5, 6], {"by": ["a", None]}, "by: is missing in row 1"),
        ([5, 6], {"strata": ["a", "b"], "population": {"a": 1}}, "do not name the same strata, such as 'b'"),
        ([5, 6], {"strata": ["a", "b"], "population": {"a": 1, "b": 0}}, "population: is not more than 0"),
        ([5, 6], {"population": {"a": 1}}, "without strata="),
        ([5, 6], {"rewarded": [2, 0]}, "rewarded: is neither true nor false in row 0"),
        ([5, 6], {"method": "walt"}, "choose 'adjusted wald'"),
        ([5, 6], {"level": 95}, "level: is 95; give a number between 0 and 1"),
        ([5, 6], {"promoters": 6}, "no cuts of a scale"),
        ([5, 6], {"scale": (1, 5)}, "no cuts of a scale"),
        ([5, 6], {"resamples": 3}, "resamples: is 3"),
        ([5, 6], {"by": ["a", "a"], "minimum": 0}, "minimum: is 0"),
    ],
)
def test_bad_input_is_one_clear_error(answers: object, options: dict[str, object], said: str) -> None:
    with pytest.raises(MetricError) as error:
        metrics.nps(answers, **options)  # type: ignore[call-overload]
    assert said in str(error.value)
    assert error.value.argument


def test_strata_without_answers_within_a_group_are_refused() -> None:
    with pytest.raises(MetricError, match="strata: 1 of 2 have fewer than two answers"):
        metrics.nps([9, 9, 2, 2], by=["x", "x", "y", "y"], strata=["a", "a", "b", "b"], minimum=1)
    with pytest.raises(MetricError, match="strata: 1 of 2 have fewer than two answers"):
        metrics.nps([9, 9, 2], strata=["a", "a", "b"])


def test_groups_that_weigh_nothing_are_refused() -> None:
    with pytest.raises(MetricError, match="weights: are all zero in one group"):
        metrics.nps([9, 2] * 10, by=["a", "b"] * 10, weights=[1, 0] * 10)
    with pytest.raises(MetricError, match="weights: are all zero in one group"):
        metrics.csat([5, 2] * 10, by=["a", "b"] * 10, weights=[1, 0] * 10)


def test_nothing_hidden_is_found_by_subtraction() -> None:
    by = ["a"] * 2 + ["b"] * 2 + ["c"] * 6 + ["d"] * 50
    found = metrics.nps([9] * 60, by=by)
    assert found.hidden == ("a", "b", "c")
    alone = metrics.nps([10, 9, 3], by=["a"] * 3)
    assert alone.hidden == ("a",)
    assert alone.overall is None


def test_an_interval_holds_its_value() -> None:
    for parts in ((1, 0, 0), (0, 0, 1), (2, 0, 0)):
        found = metrics.nps_from_counts(*parts)
        assert found.interval is not None
        assert found.value in found.interval
    change = metrics.nps_difference([10], [0])
    assert change.interval is not None
    assert change.value in change.interval
    assert change.interval.low >= -200


def test_a_difference_adds_variances() -> None:
    before, after = metrics.nps_from_counts(324, 180, 496), metrics.nps_from_counts(350, 180, 470)
    found = metrics.nps_difference(before, after, method="wald")
    assert (found.value, found.z, found.p_value) == pytest.approx((5.2, 1.3016215288, 0.1930457965), rel=1e-8)
    assert found.standard_error == pytest.approx(
        sqrt(sum(each.standard_error**2 for each in (before, after) if each.standard_error))
    )


@given(st.lists(st.tuples(st.integers(0, 10), st.integers(0, 10)), min_size=2, max_size=60))
def test_paired_differences_are_means_of_changes(pairs: list[tuple[int, int]]) -> None:
    def sign(score: int) -> int:
        return 1 if score >= 9 else -1 if score <= 6 else 0

    before, after = zip(*pairs, strict=True)
    changes = np.array([sign(two) - sign(one) for one, two in pairs])
    found = metrics.nps_difference(before, after, paired=True, method="wald")
    assert found.value == pytest.approx(100 * changes.mean(), abs=1e-9)
    assert found.standard_error == pytest.approx(100 * changes.std() / sqrt(len(changes)), abs=1e-9)
    adjusted = metrics.nps_difference(before, after, paired=True)
    assert adjusted.value == pytest.approx(found.value, abs=1e-9)
    assert adjusted.standard_error is not None
    assert adjusted.standard_error > 0


def test_paired_wants_the_answers() -> None:
    with pytest.raises(MetricError, match="paired: needs the answers themselves"):
        metrics.nps_difference(metrics.nps([9, 9]), metrics.nps([9, 9]), paired=True)
    with pytest.raises(MetricError, match="after: has 1 rows"):
        metrics.nps_difference([9, 9], [9], paired=True)


@given(st.floats(0.5, 40), st.floats(0.5, 0.99), counts)
def test_the_sample_size_gives_the_margin(margin: float, level: float, parts: tuple[int, int, int]) -> None:
    needed = metrics.nps_sample_size(margin, level=level, shares=parts)
    total = sum(parts)
    shares = Shares(*(each / total for each in parts), n=needed.n, worth=float(needed.n))
    low, high = INTERVALS["wald"](shares, level)
    assert 100 * (high - low) / 2 <= margin * (1 + 1e-9)
    if needed.n > 1:
        fewer = Shares(*(each / total for each in parts), n=needed.n - 1, worth=float(needed.n - 1))
        low, high = INTERVALS["wald"](fewer, level)
        assert 100 * (high - low) / 2 > margin * (1 - 1e-6)


def test_sample_sizes() -> None:
    assert metrics.nps_sample_size(10).n == 385
    assert metrics.nps_sample_size(10, population=500).n == 218
    assert metrics.nps_sample_size(10, power=0.8).n > 2 * 385
    assert int(metrics.nps_sample_size(99, population=1)) == 1
    for bad in ({"margin": 0}, {"margin": 10, "shares": (1, 2)}, {"margin": 10, "population": 0}):
        with pytest.raises(MetricError):
            metrics.nps_sample_size(**bad)  # type: ignore[arg-type]


def test_a_result_is_data_a_table_and_a_picture() -> None:
    pytest.importorskip("matplotlib", reason="outside: pictures need matplotlib")
    found = metrics.nps([10, 9, 8, 3] * 10, by=["a", "b", "a", "b"] * 10)
    assert found["a"].to_dict()["promoters"] == 50
    assert "<table>" in found._repr_html_()
    assert found.plot().get_title() == "NPS"
    assert "promoters" in found["a"]._repr_html_()


@pytest.mark.parametrize(("kind", "far"), [("few", 0.04), ("many", 0.04), ("heavy", 0.08)])
def test_every_way_to_draw_weighted_answers_again_gives_the_same_spread(
    monkeypatch: pytest.MonkeyPatch, kind: str, far: float
) -> None:
    random = np.random.default_rng(7)
    scores = random.integers(0, 11, 900)
    weights = {
        "few": lambda: random.choice([0.0, 0.5, 1.0, 2.0], 900),
        "many": lambda: random.gamma(3, 1, 900),
        "heavy": lambda: random.pareto(2.5, 900) + 0.05,
    }[kind]()

    def spread() -> tuple[float, float, float]:
        found = metrics.nps(scores, weights=weights, method="bootstrap", resamples=20_000)
        assert found.interval is not None
        return found.standard_error, found.value - found.interval.low, found.interval.high - found.value

    usual = spread()
    for ways in ({"_TELLING_MANY": 0}, {"_TELLING_MANY": 1000}, {"_MOST_DRAWN": 0, "_SKEWED": 1.0}):
        for name, value in ways.items():
            monkeypatch.setattr(sample, name, value)
        assert spread() == pytest.approx(usual, rel=far)
    monkeypatch.setattr(sample, "_SKEWED", 0.0)
    assert spread() == pytest.approx(usual, rel=far)
