"""Attribution: published examples, brute force in fractions, rules by hand, a real log, bad input."""

import csv
import gzip
from fractions import Fraction
from itertools import pairwise, permutations
from math import factorial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fidelity import journey
from fidelity.errors import MetricError

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
Ways = list[tuple[list[str], int, int]]
ways = st.lists(
    st.tuples(st.lists(st.sampled_from("abcd"), min_size=1, max_size=6), st.integers(0, 5), st.integers(0, 5)),
    min_size=1,
    max_size=8,
).filter(lambda found: sum(won for _, won, _ in found) > 0)


def made(found: Ways) -> journey.ChannelPaths:
    path, won, lost = zip(*found, strict=True)
    return journey.channel_paths(list(path), won, lost)


def chance(found: Ways, order: int, without: str | None) -> Fraction:
    """How likely the chain converts, by Gauss in fractions."""
    steps: dict[tuple[str, ...], dict[object, int]] = {}
    for path, won, lost in found:
        states = [(), *(tuple(path[max(0, place - order + 1) : place + 1]) for place in range(len(path)))]
        for one, two in pairwise(states):
            steps.setdefault(one, {}).setdefault(two, 0)
            steps[one][two] += won + lost
        steps.setdefault(states[-1], {}).setdefault("won", 0)
        steps[states[-1]]["won"] += won
        steps[states[-1]]["lost"] = steps[states[-1]].get("lost", 0) + lost
    kept = [each for each in steps if sum(steps[each].values()) and without not in each]
    rows = [
        [Fraction(one == two) - Fraction(steps[one].get(two, 0), sum(steps[one].values())) for two in kept]
        + [Fraction(steps[one].get("won", 0), sum(steps[one].values()))]
        for one in kept
    ]
    size = len(kept)
    for column in range(size):
        pivot = next(row for row in range(column, size) if rows[row][column])
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows[column] = [each / rows[column][column] for each in rows[column]]
        for row in range(size):
            if row != column and rows[row][column]:
                rows[row] = [a - rows[row][column] * b for a, b in zip(rows[row], rows[column], strict=True)]
    return rows[kept.index(())][-1]


@settings(max_examples=80, deadline=None)
@given(ways, st.integers(1, 3))
def test_the_chain_is_exact(found: Ways, order: int) -> None:
    result = journey.markov_attribution(made(found), order=order)
    whole = chance(found, order, None)
    assert result.probability == pytest.approx(float(whole), abs=1e-12)
    lost = {name: 1 - chance(found, order, name) / whole for name in result}
    assert result.removal == pytest.approx({name: float(each) for name, each in lost.items()}, abs=1e-12)
    total = sum(won for _, won, _ in found)
    expected = {name: float(total * each / sum(lost.values())) for name, each in lost.items()}
    assert {name: each.value for name, each in result.items()} == pytest.approx(expected, rel=1e-12, abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(ways, st.sampled_from(["conversions", "rate"]))
def test_shapley_is_exact(found: Ways, worth: str) -> None:
    result = journey.shapley_attribution(made(found), worth=worth)
    names = list(result)

    def value(members: frozenset[str]) -> Fraction:
        inside = [(won, won + lost) for path, won, lost in found if set(path) <= members]
        won, went = sum(each[0] for each in inside), sum(each[1] for each in inside)
        return Fraction(won) if worth == "conversions" else Fraction(won, went) if went else Fraction(0)

    scale = 1 if worth == "conversions" else sum(won + lost for _, won, lost in found)
    for name in names:
        credit = Fraction(0)
        for order in permutations(names):
            before = frozenset(order[: order.index(name)])
            credit += value(before | {name}) - value(before)
        expected = float(scale * credit / factorial(len(names)))
        assert result[name].value == pytest.approx(expected, abs=1e-12 * max(scale, 1))
    assert sum(each.value for each in result.values()) == pytest.approx(result.conversions, abs=1e-9)


def test_the_example_of_puzyrov() -> None:
    # serhiipuzyrov.com (2019), "Markov chain attribution": exact; ChannelAttribution's walks give 2.4059 and 1.5941.
    paths = journey.channel_paths(["google", "mailing", "google > mailing", "google"], [2, 1, 1, 0], [0, 0, 0, 1])
    found = journey.markov_attribution(paths)
    assert found.probability == pytest.approx(0.8, abs=1e-15)
    assert found.removal == pytest.approx({"google": 0.75, "mailing": 0.5}, abs=1e-15)
    assert {name: each.value for name, each in found.items()} == pytest.approx({"google": 2.4, "mailing": 1.6})
    assert found.shares == pytest.approx({"google": 0.6, "mailing": 0.4})


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("first", {"a": 7, "b": 4, "c": 0}),
        ("last", {"a": 1, "b": 4, "c": 6}),
        ("linear", {"a": 6 / 4 * 2 + 1, "b": 6 / 4 + 4, "c": 6 / 4}),
        ("position", {"a": 0.4 * 6 + 0.1 * 6 + 1, "b": 0.1 * 6 + 4, "c": 0.4 * 6}),
        ("decay", {"a": 6 * (1 + 2) / 15 + 1, "b": 6 * 4 / 15 + 4, "c": 6 * 8 / 15}),
    ],
)
def test_rules_by_hand(rule: str, expected: dict[str, float]) -> None:
    paths = journey.channel_paths(["a > a > b > c", "a", "b > b"], [6, 1, 4], values=[60, 5, 80])
    found = journey.attribute_by_rule(paths, rule)
    assert {name: each.value for name, each in found.items()} == pytest.approx(expected)
    assert sum(found.money.values()) == pytest.approx(145)


@pytest.mark.parametrize("many", [3, 400])
def test_each_channel_of_a_path_counts_once_however_many_channels_there_are(many: int) -> None:
    found = journey.shapley_attribution(
        journey.channel_paths([[f"c{place}", "all", f"c{place}"] for place in range(many)])
    )
    assert found["all"].value == pytest.approx(many / 2)
    assert [found[f"c{place}"].value for place in range(many)] == pytest.approx([0.5] * many)


def test_rules_have_options() -> None:
    paths = journey.channel_paths(["a > b > c"], [1])
    assert journey.attribute_by_rule(paths, "position", ends=0.5)["b"].value == pytest.approx(0)
    assert journey.attribute_by_rule(paths, "decay", half_life=2)["a"].value == pytest.approx(
        0.5 / (0.5 + 0.5**0.5 + 1)
    )
    assert journey.attribute_by_rule(journey.channel_paths(["a > b"]), "position")["a"].value == 0.5


def test_channels_that_only_fail_are_owed_nothing() -> None:
    paths = journey.channel_paths(["a", "b"], [3, 0], [1, 5])
    for found in (
        journey.markov_attribution(paths),
        journey.shapley_attribution(paths),
        journey.attribute_by_rule(paths),
    ):
        assert found["b"].value == pytest.approx(0)
        assert found["a"].value == pytest.approx(3)


def test_repeats_do_not_move_a_chain_of_one() -> None:
    plain = journey.channel_paths(["a > b", "b > a > c", "c"], [3, 1, 1], [2, 2, 7])
    twice = journey.channel_paths(["a > a > b", "b > a > a > a > c > c", "c > c"], [3, 1, 1], [2, 2, 7])
    one, two = journey.markov_attribution(plain), journey.markov_attribution(twice)
    assert one.removal == pytest.approx(two.removal, abs=1e-12)


def test_intervals_come_from_people_drawn_again() -> None:
    paths = journey.channel_paths(["a > b", "b", "a"], [40, 30, 20], [100, 80, 120])
    for attribute in (journey.markov_attribution, journey.shapley_attribution, journey.attribute_by_rule):
        found = attribute(paths, resamples=300, seed=3)
        for each in found.values():
            assert each.interval is not None
            assert each.value in each.interval
            assert each.n == 390
        assert attribute(paths, resamples=300, seed=3)["a"] == found["a"]
    # By the last contact, credit is a count: its spread is that of a share.
    last = journey.attribute_by_rule(paths, "last", resamples=2000)
    assert last["b"].standard_error == pytest.approx((390 * 70 / 390 * 320 / 390) ** 0.5, rel=0.06)


@pytest.mark.skipif(not DATA.exists(), reason="outside: the published data are not beside the project")
def test_ten_thousand_paths() -> None:
    with gzip.open(DATA / "mta__data.csv.gz", "rt") as file:
        rows = list(csv.DictReader(file))
    won = [float(row["total_conversions"]) for row in rows]
    paths = journey.channel_paths([row["path"] for row in rows], won, [float(row["total_null"]) for row in rows])
    chain = journey.markov_attribution(paths)
    # Independently, in fractions: the chain without each channel, solved anew.
    ways = [
        (row["path"].split(" > "), int(good), int(float(row["total_null"])))
        for row, good in zip(rows, won, strict=True)
    ]
    whole = chance(ways, 1, None)
    lost = {name: 1 - chance(ways, 1, name) / whole for name in paths.channels}
    assert chain.probability == pytest.approx(float(whole), rel=1e-12)
    assert chain.removal == pytest.approx({name: float(each) for name, each in lost.items()}, rel=1e-12)
    owed = {name: float(int(sum(won)) * each / sum(lost.values())) for name, each in lost.items()}
    assert {name: each.value for name, each in chain.items()} == pytest.approx(owed, rel=1e-12)
    assert sum(each.value for each in chain.values()) == pytest.approx(sum(won))
    # Shapley of conversions against the sets themselves.
    worth: dict[frozenset[str], float] = {}
    for row, good in zip(rows, won, strict=True):
        members = frozenset(row["path"].split(" > "))
        worth[members] = worth.get(members, 0) + good
    shapley = journey.shapley_attribution(paths)
    for name in paths.channels:
        expected = sum(good / len(members) for members, good in worth.items() if name in members)
        assert shapley[name].value == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"paths": []}, "paths: is empty"),
        ({"paths": ["a", ""]}, "paths: has a channel without a name in row 1"),
        ({"paths": [["a"], []]}, "paths: is empty in row 1; leave out who met no channel"),
        ({"paths": ["a", 3]}, "paths: is no path in row 1"),
        ({"paths": [["a", None]]}, "paths: has a channel without a name in row 0"),
        ({"paths": ["a", "b"], "conversions": [1]}, "conversions: has 1 rows, and there are 2 paths"),
        ({"paths": ["a", "b"], "conversions": [1, -1]}, "conversions: is negative in row 1"),
        ({"paths": ["a", "b"], "conversions": [1, None]}, "conversions: is missing in row 1"),
        ({"paths": ["a"], "conversions": [0]}, "conversions: are zero in every row, and failures too"),
        ({"paths": ["a"], "failures": [-2]}, "failures: is negative in row 0"),
        ({"paths": ["a"], "values": ["x"]}, "values: "),
    ],
)
def test_bad_paths(options: dict[str, object], said: str) -> None:
    with pytest.raises(MetricError) as error:
        journey.channel_paths(**options)  # type: ignore[arg-type]
    assert said in str(error.value)


def test_bad_options() -> None:
    paths = journey.channel_paths(["a"], [True])
    with pytest.raises(MetricError, match="order: is 0"):
        journey.markov_attribution(paths, order=0)
    with pytest.raises(MetricError, match="rule: is 'best'"):
        journey.attribute_by_rule(paths, "best")
    with pytest.raises(MetricError, match=r"ends: is 0\.6"):
        journey.attribute_by_rule(paths, "position", ends=0.6)
    with pytest.raises(MetricError, match="half_life: is not more than 0"):
        journey.attribute_by_rule(paths, "decay", half_life=0)
    with pytest.raises(MetricError, match="worth: is 'value'"):
        journey.shapley_attribution(paths, worth="value")
    with pytest.raises(MetricError, match="resamples: is 5"):
        journey.shapley_attribution(paths, resamples=5)
    with pytest.raises(MetricError, match="level: is 95"):
        journey.shapley_attribution(paths, level=95)
    with pytest.raises(MetricError, match="paths: ended in no conversion"):
        journey.markov_attribution(journey.channel_paths(["a"], [0], [4]))
    with pytest.raises(MetricError, match="paths: is list; make them with channel_paths"):
        journey.markov_attribution(["a"])  # type: ignore[arg-type]
    many = journey.channel_paths([[f"c{place}" for place in range(23)]])
    with pytest.raises(MetricError, match="paths: have 23 channels, more than 22; choose worth='conversions'"):
        journey.shapley_attribution(many, worth="rate")


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, (9, 7, 8.0)), ({"peak": "lowest"}, (3, 7, 5.0)), ({"peak": "farthest", "neutral": 8}, (3, 7, 5.0)),
        ({"peak": "farthest", "neutral": 6}, (9, 7, 8.0)),
    ],
)  # fmt: skip
def test_peak_and_end_by_hand(options: dict[str, object], expected: tuple[float, float, float]) -> None:
    found = journey.peak_end([3, 5, 9, 6, 7], **options)  # type: ignore[call-overload]
    assert (found.peak, found.end, found.value) == expected
    assert found.mean == 6


def test_peak_and_end_of_several_people() -> None:
    found = journey.peak_end([3, 9, 1, 2, 5], by=["Ana", "Ben", "Ana", "Ben", "Ana"])
    assert {name: each.value for name, each in found.items()} == {"Ana": 5.0, "Ben": 5.5}
    assert found.overall.value == 5.25
    assert found.overall.n == 2
    assert 5.25 in found.overall.interval
    with pytest.raises(MetricError, match="moments: is missing in row 1"):
        journey.peak_end([1, None])
    with pytest.raises(MetricError, match="peak: is 'top'"):
        journey.peak_end([1], peak="top")
    with pytest.raises(MetricError, match="by: has 1 rows, not 2"):
        journey.peak_end([1, 2], by=["a"])


def test_shows_itself() -> None:
    found = journey.markov_attribution(journey.channel_paths(["a > b", "b"], [3, 1], [4, 5]), resamples=100)
    assert "Conversions by channel" in found._repr_html_()
    assert set(found.to_dict()) == {"of", "money", "method", "conversions", "probability", "removal"}
    assert repr(found).startswith("<Markov chain of order 1: a ")
    assert "peak" in journey.peak_end([1, 2])._repr_html_()


def test_channels_are_drawn_the_one_with_most_first() -> None:
    plt = pytest.importorskip("matplotlib.pyplot", reason="outside: plots need matplotlib")
    ax = journey.attribute_by_rule(journey.channel_paths(["a", "b"], [1, 3], [4, 5]), "last").plot()
    assert [each.get_text() for each in ax.get_yticklabels()] == ["b", "a"]
    plt.close("all")
