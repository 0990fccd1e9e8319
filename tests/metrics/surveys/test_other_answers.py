"""Satisfaction, effort, emotions, themes, reliability and response: oracles, laws, bad input."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fidelity import metrics
from fidelity.errors import FitError, MetricError

ORACLE = {"wilson": "wilson", "clopper-pearson": "beta", "agresti-coull": "agresti_coull", "jeffreys": "jeffreys"}


@given(st.integers(1, 3000), st.data(), st.sampled_from(sorted(ORACLE)), st.floats(0.5, 0.999))
def test_proportions_are_those_of_statsmodels(n: int, data: st.DataObject, method: str, level: float) -> None:
    oracle = pytest.importorskip("statsmodels.stats.proportion", reason="outside: statsmodels is the oracle")
    hits = data.draw(st.integers(0, n))
    found = metrics.proportion(hits, n, method=method, level=level, unit="")
    low, high = oracle.proportion_confint(hits, n, alpha=1 - level, method=ORACLE[method])
    if method == "jeffreys":
        low, high = (0.0 if hits == 0 else low), (1.0 if hits == n else high)
    assert found.interval is not None
    assert found.interval[:2] == pytest.approx((max(low, 0), min(high, 1)), abs=1e-9)
    assert found.value == pytest.approx(hits / n)


@pytest.mark.parametrize(
    ("hits", "n", "options", "said"),
    [
        (3, 2, {}, "successes: is 3 of 2"),
        (-1, 2, {}, "successes: is -1"),
        (1.5, 2, {}, "successes: is 1.5"),
        (0, 0, {}, "n: is 0"),
        (1, 2, {"method": "exact"}, "choose 'wilson'"),
        (1, 2, {"level": 1}, "level: is 1"),
    ],
)
def test_bad_counts(hits: int, n: int, options: dict[str, object], said: str) -> None:
    with pytest.raises(MetricError) as error:
        metrics.proportion(hits, n, **options)  # type: ignore[arg-type]
    assert said in str(error.value)


@given(st.lists(st.integers(1, 5), min_size=1, max_size=50))
def test_satisfied_are_the_two_highest(answers: list[int]) -> None:
    hits = sum(each >= 4 for each in answers)
    assert metrics.csat(answers) == metrics.csat_from_counts(hits, len(answers))


@given(st.lists(st.integers(1, 7), min_size=2, max_size=50), st.floats(0.5, 0.999))
def test_effort_has_the_t_interval(answers: list[int], level: float) -> None:
    stats = pytest.importorskip("scipy.stats", reason="outside: scipy is the oracle")
    found = metrics.ces(answers, level=level)
    values = np.array(answers, float)
    assert found.value == pytest.approx(values.mean())
    assert found.interval is not None
    if values.std() > 0:
        expected = stats.t.interval(level, len(values) - 1, values.mean(), stats.sem(values))
        assert found.interval[:2] == pytest.approx(expected, rel=1e-9)
    assert found.agreeing is not None
    assert found.agreeing.value == pytest.approx(100 * np.mean(values >= 5))


def test_a_single_answer_has_no_interval() -> None:
    found = metrics.ces([6])
    assert found.interval is None
    assert found.notes == ("a single answer has no interval",)


@given(st.lists(st.integers(1, 7), min_size=2, max_size=30), st.floats(0.1, 9))
def test_equal_weights_change_nothing(answers: list[int], weight: float) -> None:
    weights = [weight] * len(answers)
    one, two = metrics.ces(answers), metrics.ces(answers, weights=weights)
    assert two.value == pytest.approx(one.value)
    assert two.standard_error == pytest.approx(one.standard_error, abs=1e-9)
    high, low = metrics.csat(answers, scale=(1, 7)), metrics.csat(answers, scale=(1, 7), weights=weights)
    assert low.interval == pytest.approx(high.interval, abs=1e-9)


def test_groups_and_rewards_of_satisfaction_and_effort() -> None:
    answers, by = [5, 5, 1, 4, 2, 5, 5, 5, 5, 1], ["a", "b"] * 5
    assert metrics.csat(answers, by=by)["a"].value == 60
    assert metrics.ces(answers, by=by, scale=(1, 5), agree=4)["b"].value == 4
    weights = np.array([10.0] * 5 + [1.0] * 5)
    told = metrics.csat([5] * 5 + [1] * 5, weights=weights)
    share = 50 / 55
    variance = float((weights**2 * (np.array([1.0] * 5 + [0.0] * 5) - share) ** 2).sum()) / 55**2
    assert told.standard_error == pytest.approx(100 * variance**0.5)
    flagged = metrics.csat(answers, rewarded=[True] + [False] * 9)
    assert flagged.notes == ("1 of 10 answers were rewarded; the others give 66.67",)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: metrics.csat([6]), "scores: is more than 5"),
        (lambda: metrics.ces([True]), "scores: holds true and false"),
        (lambda: metrics.csat([3], satisfied=1), "satisfied: 1 is no cut"),
        (lambda: metrics.csat([3], weights=[1, 1]), "weights: has 2 rows"),
        (lambda: metrics.ces([0]), "scores: is less than 1"),
        (lambda: metrics.ces([5], agree=9), "agree: 9 is no cut"),
        (lambda: metrics.ces([]), "scores: is empty"),
        (lambda: metrics.emotions([["joy"]], ["calm"]), "answers: 'joy' in row 0 is not declared; add it to among"),
        (lambda: metrics.emotions("joy", ["joy"]), "answers: is str"),
        (lambda: metrics.emotions([], ["joy"]), "answers: is empty"),
        (lambda: metrics.emotions([3], ["joy"]), "answers: is no text in row 0"),
        (lambda: metrics.emotions(["joy"], {"joy": 3}), "among: says how pleasant"),
        (lambda: metrics.themes([None]), "coded: has no word"),
        (lambda: metrics.themes(["a"], codebook=["b"]), "add it to codebook"),
        (lambda: metrics.themes(["a"], method="x"), "method: is 'x'"),
        (lambda: metrics.themes(["a"], by=["x", "y"]), "by: has 2 rows"),
        (lambda: metrics.cronbach_alpha({"a": [1, 2, 3]}), "items: has 1 questions"),
        (lambda: metrics.cronbach_alpha({"a": [1, 2], "b": [1, 2]}), "items: has 2 questions and 2 whole answers"),
        (lambda: metrics.cronbach_alpha({"a": [1, 2, 3], "b": [3, 2, 1]}), "everybody's sum is the same"),
        (lambda: metrics.cronbach_alpha({"a": [1, 2, None], "b": [3, 2, 1]}), "items: is missing in row 2"),
        (lambda: metrics.cronbach_alpha({"a": [1, 2], "b": [3]}), "rows and items['a']"),
        (lambda: metrics.cronbach_alpha([1, 2, 3]), "items: has 1 dimensions"),
        (lambda: metrics.cronbach_alpha([["x"]]), "no table of numbers"),
        (lambda: metrics.response_rate([0, 2]), "answered: is neither true nor false in row 1"),
        (lambda: metrics.response_rate([]), "answered: is empty"),
        (lambda: metrics.nonresponse_weights(["a"], {"a": 1, "b": 1}), "nobody of 'b' answered"),
        (lambda: metrics.nonresponse_weights(["a", "b"], {"a": 1}), "does not say how large 'b' is"),
        (lambda: metrics.nonresponse_weights(["a"], {"a": 0}), "population: is not more than 0"),
        (lambda: metrics.nonresponse_weights({"x": ["a"]}, {"y": {"a": 1}}), "do not name the same margins"),
        (lambda: metrics.nonresponse_weights({"x": ["a"]}, {"x": 1}), "give the size of each of its groups"),
    ],
)
def test_bad_input_is_one_clear_error(call: Callable[[], object], said: str) -> None:
    with pytest.raises(MetricError) as error:
        call()
    assert said in str(error.value)
    assert error.value.argument


def test_emotions_by_hand() -> None:
    felt = [["calm", "calm", "grateful"], "angry", None, [], ["calm", "angry"], ("grateful",)]
    found = metrics.emotions(felt, {"calm": 1, "angry": -1, "grateful": 0.5, "bored": -0.5})
    assert found.counts == {"calm": 2, "angry": 2, "grateful": 2, "bored": 0}
    assert (found.n, found.silent) == (6, 2)
    assert found["calm"].value == pytest.approx(100 / 3)
    assert found["bored"].value == 0
    assert found.net is not None
    assert found.net.value == pytest.approx((0.75 - 1 + 0 + 0.5) / 4)
    assert metrics.emotions(felt, ["calm", "angry", "grateful"]).net is None


@given(
    st.lists(st.tuples(st.frozensets(st.sampled_from("abcd")), st.sampled_from("xy")), min_size=1, max_size=40).filter(
        lambda rows: any(words for words, _ in rows)
    )
)
def test_profiles_count_every_answer_once(rows: list[tuple[frozenset[str], str]]) -> None:
    coded, by = [sorted(words) for words, _ in rows], [group for _, group in rows]
    found = metrics.themes(coded, by=by, minimum=1)
    for word, each in found.overall.items():
        count = sum(word in words for words in coded)
        assert found.overall.counts[word] == count
        assert each.value == pytest.approx(100 * count / len(rows))
        assert count == sum(profile.counts[word] for profile in found.values())
    assert [*found.overall] == sorted(found.overall, key=lambda word: (-found.overall.counts[word], word))
    assert found.overall.silent == sum(not words for words in coded)
    weighted = metrics.themes(coded, weights=[2.5] * len(coded))
    assert weighted.counts == found.overall.counts
    for word, each in weighted.items():
        assert each.interval == pytest.approx(found.overall[word].interval)


@given(st.integers(2, 6), st.integers(3, 30), st.integers(0, 2**32 - 1))
def test_alpha_is_that_of_pingouin(k: int, n: int, seed: int) -> None:
    pingouin = pytest.importorskip("pingouin", reason="outside: pingouin is the oracle")
    pandas = pytest.importorskip("pandas", reason="outside: pingouin reads pandas")
    random = np.random.default_rng(seed)
    table = random.integers(1, 8, (n, k)) + random.integers(0, 5, (n, 1))
    assume(table.sum(axis=1).std() > 0)
    frame = pandas.DataFrame(table, columns=[f"q{place}" for place in range(k)])
    found = metrics.cronbach_alpha(frame)
    alpha, interval = pingouin.cronbach_alpha(data=frame)
    assert found.value == pytest.approx(alpha, abs=1e-9)
    assert found.interval is not None
    assert found.interval[:2] == pytest.approx(tuple(interval), abs=6e-4)
    assert found.value == metrics.cronbach_alpha(table).value
    rest = np.corrcoef(table[:, 0], table[:, 1:].sum(axis=1))[0, 1]
    if np.isfinite(rest):
        assert found.item_rest["q0"] == pytest.approx(rest, abs=1e-9)


def test_answers_that_are_missing_may_be_left_out() -> None:
    items = {"a": [1, 2, 3, 4, np.nan], "b": [1, 2, 4, 4, 1]}
    assert metrics.cronbach_alpha(items, missing="drop").n == 4


def test_questions_that_answer_alike_are_wholly_reliable() -> None:
    found = metrics.cronbach_alpha(np.repeat(np.arange(5.0)[:, None], 3, axis=1))
    assert found.value == pytest.approx(1)
    assert found.standardized == pytest.approx(1)
    assert found.without == {"0": pytest.approx(1), "1": pytest.approx(1), "2": pytest.approx(1)}


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xyz")), min_size=8, max_size=60), st.data())
def test_raking_holds_every_margin_or_says_why_not(rows: list[tuple[str, str]], data: st.DataObject) -> None:
    sizes = st.floats(0.2, 5)
    groups = {"age": [one for one, _ in rows], "shop": [two for _, two in rows]}
    population = {name: {each: data.draw(sizes) for each in sorted(set(column))} for name, column in groups.items()}
    try:
        found = metrics.nonresponse_weights(groups, population)
    except FitError:
        # Such as everybody old in one shop: then no weights hold both margins.
        assume(False)
        raise
    assert found.weights.mean() == pytest.approx(1)
    assert (found.weights > 0).all()
    assert found.effective <= found.n * (1 + 1e-9)
    for name, column in groups.items():
        total = sum(population[name].values())
        for each, size in population[name].items():
            share = found.weights[np.array(column) == each].sum() / len(rows)
            assert share == pytest.approx(size / total, rel=1e-6)


def test_groups_that_exclude_each_other_have_no_weights() -> None:
    groups = {"age": ["old", "young"], "shop": ["web", "kiosk"]}
    with pytest.raises(FitError, match="exclude each other"):
        metrics.nonresponse_weights(groups, {"age": {"old": 1, "young": 3}, "shop": {"web": 3, "kiosk": 1}})


def test_response_rates() -> None:
    found = metrics.response_rate([1, 0, 1, 0, 0, 1], by=["a", "a", "a", "b", "b", "b"], minimum=1)
    assert found["a"].value == pytest.approx(200 / 3)
    assert found.overall is not None
    assert found.overall.value == 50
    assert metrics.response_rate([True, False], weights=[3, 1]).value == 75


def test_pictures_are_drawn() -> None:
    pytest.importorskip("matplotlib", reason="outside: pictures need matplotlib")
    felt = [["calm"], ["angry"], None, ["calm"]] * 5
    assert metrics.emotions(felt, {"calm": 1, "angry": -1}).plot().get_xlabel() == "% of answers"
    assert "by group" in metrics.emotions(felt, ["calm", "angry"], by=["a", "b", "a", "b"] * 5).plot().get_title()
    assert "net" in metrics.emotions(felt, {"calm": 1, "angry": -1})._repr_html_()
