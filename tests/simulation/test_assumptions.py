"""Ranges with their sources: what is drawn from them, and what is refused."""

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from fidelity.errors import MetricError
from fidelity.simulation.assumptions import Assumption, Effects

finite = st.floats(-100, 100, allow_nan=False).map(lambda each: round(each, 3))
ranks = st.floats(1e-9, 1 - 1e-9)
NO_ERROR = st.none()


@st.composite
def ranges(draw, error=NO_ERROR):
    low, likely, high = sorted(draw(st.tuples(finite, finite, finite)))
    return Assumption(low, likely, high, "assumed, no source", draw(error))


either = ranges(st.none() | st.floats(0.001, 50))


@given(either, ranks, ranks)
def test_a_higher_rank_never_gives_less_and_all_lies_within_the_range(range_, one, other):
    less, more = (range_.at(each) for each in sorted((one, other)))

    assert range_.low <= less <= more <= range_.high


@given(ranges(), ranks)
def test_a_range_without_an_error_is_triangular(range_, u):
    width = range_.high - range_.low
    if width == 0:
        assert range_.at(u) == range_.likely
        return
    oracle = stats.triang((range_.likely - range_.low) / width, range_.low, width)

    assert range_.at(u) == pytest.approx(oracle.ppf(u), abs=1e-9 * width)


@given(ranges(st.floats(0.05, 50)), st.floats(0.001, 0.999))
def test_a_range_with_an_error_is_normal_between_its_ends(range_, u):
    if range_.low == range_.high:
        return
    ends = [(end - range_.likely) / range_.error for end in (range_.low, range_.high)]
    if ends[1] - ends[0] < 1e-3:
        return
    oracle = stats.truncnorm(*ends, range_.likely, range_.error)

    assert range_.at(u) == pytest.approx(oracle.ppf(u), abs=1e-6 * (range_.high - range_.low))


def test_draws_have_the_mean_and_the_spread_of_the_range():
    plain, estimated = Assumption(0, 0.2, 1, "assumed"), Assumption(-3, 0.2, 3, "measured", error=0.1)
    even = (np.arange(10_000) + 0.5) / 10_000

    for each, spread in ((plain, np.sqrt((0 + 0.04 + 1 - 0 - 0 - 0.2) / 18)), (estimated, 0.1)):
        drawn = np.array([each.at(float(u)) for u in even])
        assert drawn.mean() == pytest.approx(each.mean, abs=1e-4)
        assert drawn.std() == pytest.approx(spread, rel=2e-3)


def test_what_was_measured_exactly_has_one_value():
    assert Assumption(0, 0.2, 1, "counted", error=0).at(0.9) == 0.2
    assert Assumption.fixed(0.3).at(0.001) == 0.3


def test_a_range_prints_its_source():
    assert str(Assumption(0, 0.1, 0.25, "Kivetz 2006")) == "0.1 (0 to 0.25): Kivetz 2006"
    assert str(Assumption(0, 0.1, 1, "this log", 0.02)) == "0.1 (0 to 1, standard error 0.02): this log"
    assert "Kivetz" in repr(Effects.published()["goal_gradient"])


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ((0, 2, 1, "x"), "likely: is 2 and not between low 0 and high 1"),
        ((0, float("nan"), 1, "x"), "likely: is nan"),
        ((0, 0.5, 1, " "), "source: is ' '"),
        ((0, 0.5, 1, "x", -1), "error: is -1"),
        (("0", 0.5, 1, "x"), "low: is '0'"),
    ],
)
def test_a_range_that_is_none_is_refused(told, said):
    with pytest.raises(MetricError, match=said):
        Assumption(*told)


@pytest.mark.parametrize("u", [0, 1, -0.1, 2, float("nan"), "half"])
def test_a_rank_lies_between_0_and_1(u):
    with pytest.raises(MetricError, match=r"^u: "):
        Assumption(0, 0.5, 1, "x").at(u)


# -- effects


def test_every_published_effect_names_its_source_or_says_that_there_is_none():
    effects = Effects.published()
    for each in (effects[name] for name in effects):
        assert "assumed, no source" in each.source
        assert each.low < each.likely < each.high


def test_the_goal_gradient_goes_up_to_what_kivetz_urminsky_and_zheng_found():
    """Gaps that are 20 % shorter are a rate 1 / 0.8 = 1.25 times as high."""
    from fidelity.metrics import GoalGradient

    gaps = GoalGradient.published("10-stamp cafe card").gaps

    assert Effects.published().goal_gradient.high == pytest.approx(gaps[0] / gaps[-1] - 1)


def test_switched_off_a_program_changes_neither_visits_nor_spend():
    off = Effects.off()

    assert {name: off.values()[name] for name in ("goal_gradient", "post_reward_reset", "points_pressure")} == {
        "goal_gradient": 0.0, "post_reward_reset": 0.0, "points_pressure": 0.0,
    }  # fmt: skip
    assert off.redemption == Effects.published().redemption


def test_values_takes_ranks_by_name_and_the_likely_value_otherwise():
    effects = attrs.evolve(Effects.published(), redemption=Assumption(0.2, 0.4, 0.6, "measured"), never=0)

    assert effects.values({"redemption": 0.5}) == {
        "goal_gradient": 0.1, "post_reward_reset": 0.05, "points_pressure": 0.05,
        "redemption": pytest.approx(0.4), "never": 0.0, "enrolment": 0.55,
    }  # fmt: skip
    assert effects.values() == effects.values({})


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"goal_gradient": -1}, "goal_gradient: lies between -1 and -1; give what lies within more than -1"),
        (
            {"post_reward_reset": 1},
            "post_reward_reset: lies between 1 and 1; give what lies within from -inf to below 1",
        ),
        ({"never": 1.5}, "never: lies between 1.5 and 1.5; give what lies within from 0 to 1"),
        ({"enrolment": "all"}, "effect: is 'all'; give a number, or an Assumption"),
        ({"redemption": True}, "effect: is True"),
        ({"points_pressure": float("nan")}, "effect: is nan"),
    ],
)
def test_effects_that_cannot_be_are_refused(told, said):
    with pytest.raises(MetricError) as caught:
        Effects(**told)
    assert said in str(caught.value)


def test_an_effect_that_nobody_knows_is_refused_with_the_nearest_name():
    with pytest.raises(MetricError, match="effects: have no 'redemtion'; did you mean \"redemption\""):
        Effects.published().values({"redemtion": 0.5})
    with pytest.raises(MetricError, match="there are goal_gradient, "):
        Effects.published()["xyz"]


def test_effects_show_themselves_with_their_sources():
    effects = Effects.published()

    assert "Kivetz" in effects._repr_html_()
    assert len(str(effects).splitlines()) == 6
    assert effects.to_dict()["never"]["low"] == 0.05
    assert list(effects) == list(Effects.names())
