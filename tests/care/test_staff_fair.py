"""Small teams are compared fairly: drawn toward the mean of all, and hidden below a least number (principle O5)."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity.care.staff import fair_means, fair_rates
from fidelity.errors import ExactnessError, ValueRefused

ratings = st.dictionaries(
    st.sampled_from("abcdef"), st.lists(st.integers(1, 5), min_size=2, max_size=20), min_size=2, max_size=6
)
teams = st.dictionaries(st.sampled_from("abcdef"), st.tuples(st.integers(1, 200), st.integers(0, 200)), min_size=2)


def test_two_means_by_hand():
    """Means 5 and 9, within (4 + 9) / 2, between (4 + 4) - 6.5 / 3, credibility 3 / (3 + 6.5 / 5.8333)."""
    found = fair_means({"ana": [3, 5, 7], "ivo": [6, 12, 9]}, minimum=3)
    assert (found.within, round(found.between, 4)) == (6.5, 5.8333)
    assert list(found) == ["ivo", "ana"]
    assert [round(each.fair, 4) for each in found.values()] == [8.4583, 5.5417]
    assert {round(each.credibility, 4) for each in found.values()} == {0.7292}


def test_three_rates_by_hand():
    """35 of 505: 0.0693; spread 0.0016916 less 0.0004117 by chance."""
    found = fair_rates({"ana": 30, "ivo": 4, "eva": 1}, {"ana": 300, "ivo": 200, "eva": 5}, minimum=30)
    assert round(found.mean, 6) == 0.069307
    assert round(found.between, 6) == 0.00128
    assert {name: round(each.fair, 3) for name, each in found.items()} == {"ana": 0.095, "ivo": 0.031}
    assert found.hidden == ("eva",)


def test_one_lucky_answer_does_not_come_first():
    given_ = {"nadia": [5, 5, 5, 5, 5, 2, 5, 5, 4, 4] * 4, "oscar": [5, 3, 4, 5, 4] * 8, "luis": [5, 5]}
    found = fair_means(given_, minimum=2)
    assert found["luis"].raw > found["nadia"].raw
    assert found["luis"].credibility < found["nadia"].credibility
    assert found.first() == fair_means(given_).first() == ("nadia",)
    assert fair_means(given_).hidden == ("luis",)


def test_where_chance_explains_all_nobody_is_first():
    found = fair_means({"a": [1, 5, 1, 5, 3], "b": [5, 1, 5, 1, 3], "c": [3, 1, 5, 3, 3]})
    assert (found.between, found.first()) == (0.0, ())
    assert {each.fair for each in found.values()} == {found.mean}
    assert fair_rates({}, {"a": 50, "b": 50}).first() == ()


@given(ratings)
def test_a_fair_mean_lies_between_its_own_and_that_of_all(given_):
    found = fair_means(given_, minimum=1)
    assert set(found) == set(given_)
    for each in found.values():
        assert 0 <= each.credibility <= 1
        low, high = sorted((each.raw, found.mean))
        assert low - 1e-9 <= each.fair <= high + 1e-9
    fair = [each.fair for each in found.values()]
    assert fair == sorted(fair, reverse=True)
    first = found.first(3)
    assert len(first) <= max(1, len(found) // 2) or math.isclose(found[first[-1]].fair, found[first[-2]].fair)


@given(ratings, st.integers(1, 25))
def test_whoever_has_few_answers_is_not_shown(given_, minimum):
    found = fair_means(given_, minimum=minimum)
    assert set(found.hidden) == {name for name, each in given_.items() if len(each) < minimum}
    assert set(found) == set(given_) - set(found.hidden)


@given(teams)
def test_a_fair_rate_lies_between_its_own_and_that_of_all(given_):
    served = {name: n for name, (n, _) in given_.items()}
    found = fair_rates({name: many for name, (_, many) in given_.items()}, served, minimum=1)
    for each in found.values():
        low, high = sorted((each.raw, found.mean))
        assert low - 1e-9 <= each.fair <= high + 1e-9


@pytest.mark.parametrize(
    ("asked", "error", "says"),
    [
        (lambda: fair_means({"a": [1, 2]}), ValueRefused, "two names"),
        (lambda: fair_means({"a": [1], "b": [2]}), ValueRefused, "one of them with two"),
        (lambda: fair_means({"a": [1, 2], "b": []}), ValueRefused, "two names"),
        (lambda: fair_means({"a": [1, math.nan], "b": [2, 3]}), ValueRefused, "not given are left out"),
        (lambda: fair_means({"a": [1, True], "b": [2, 3]}), ValueRefused, "ratings are numbers"),
        (lambda: fair_means({"a": "12", "b": [2, 3]}), ValueRefused, "ratings are numbers"),
        (lambda: fair_means([1, 2]), ValueRefused, "told by name"),
        (lambda: fair_means({"a": [1, 2], "b": [2, 3]}, minimum=0), ExactnessError, "minimum"),
        (lambda: fair_rates({"a": 1}, {"a": 5}), ValueRefused, "two names"),
        (lambda: fair_rates({"c": 1}, {"a": 5, "b": 5}), ValueRefused, "nothing of c"),
        (lambda: fair_rates({"a": -1}, {"a": 5, "b": 5}), ExactnessError, "at least 0"),
        (lambda: fair_rates({"a": 1}, {"a": 0, "b": 5}), ExactnessError, "at least 1"),
        (lambda: fair_rates({"a": 1}, [5, 5]), ValueRefused, "told by name"),
    ],
)
def test_what_cannot_be_compared(asked, error, says):
    with pytest.raises(error, match=says):
        asked()
