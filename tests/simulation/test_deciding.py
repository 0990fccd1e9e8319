"""Whole studies, played by the engine: rightly decided, with errors that are true, and nothing gained by points that die."""

from __future__ import annotations

from datetime import date

import attrs
import numpy as np
import pytest

import fidelity as fd
from fidelity.metrics.value import BetaGeometric, GammaGamma
from fidelity.simulation import Assumption, Effects, Population, simulate
from tests.simulation.made import CAFE

MODELS = BetaGeometric(0.8, 20.0, 0.8, 3.0), GammaGamma(6.0, 4.0, 20.0)
MOVED = Effects(
    goal_gradient=0.2, post_reward_reset=0.0, points_pressure=0.1, redemption=0.6, never=0.1, enrolment=0.6
)  # fmt: skip
#: A reward that is farther away and worth as much a point: fewer come near enough to be drawn on.
FARTHER = attrs.evolve(CAFE, version="2", rewards=[fd.Reward("four coffees", cost=80, worth="8 EUR")])
FIRST = date(2026, 1, 1)


def compared(customers, seed):
    study = simulate(
        Population(customers, *MODELS), {"today": CAFE, "candidate": FARTHER}, years=1, seed=seed, margin=0.6, cost=0.4,
        effects=MOVED, begins=FIRST, draws=0,
    )  # fmt: skip
    return study.compare()


@pytest.fixture(scope="module")
def found():
    return [compared(2_400, seed) for seed in range(20)]


def test_a_true_gap_of_three_errors_is_decided_rightly_in_nineteen_of_twenty_seeds(found):
    # The truth, from thirty times as many customers as one of the studies has.
    large = compared(72_000, 1_000)
    true, error = large.gap.value / 30, np.mean([each.gap.standard_error for each in found])

    assert abs(large.gap.value) > 10 * large.gap.standard_error
    assert abs(true) > 3 * error
    assert sum(each.better == large.better for each in found) >= 19


def test_the_error_that_is_told_is_that_of_studies_with_other_luck(found):
    gaps = [each.gap.value for each in found]

    # Twenty gaps tell their spread to a sixth.
    assert np.std(gaps, ddof=1) == pytest.approx(np.mean([each.gap.standard_error for each in found]), rel=0.45)


def lives(effects, seed, customers=300):
    """The café whose points live for 12 months, 3 and 1."""
    programs = {
        each: attrs.evolve(CAFE, version=each, expiry=each) for each in ("12 months", "3 months", "1 month")
    }  # fmt: skip
    return simulate(
        Population(customers, *MODELS), programs, years=2, seed=seed, margin=0.6, cost=0.4, effects=effects,
        begins=FIRST, draws=0,
    )  # fmt: skip


def test_points_that_live_shorter_leave_no_more():
    study = lives(Effects.off(), 5)
    dead, left = ({name: study.bands(name, each).value for name in study.names} for each in ("never enjoyed", "margin"))

    assert dead["1 month"] > dead["3 months"] > dead["12 months"]
    assert left["1 month"] == left["3 months"] == left["12 months"]
    assert study.compare("12 months", "1 month").better is None


@pytest.mark.parametrize(
    "effects",
    [
        Effects.published(),
        attrs.evolve(Effects.published(), post_reward_reset=Assumption.fixed(0.2), goal_gradient=Assumption.fixed(0.0)),
        attrs.evolve(
            Effects.published(), post_reward_reset=Assumption.fixed(0.0), goal_gradient=Assumption.fixed(0.25)
        ),
        attrs.evolve(Effects.published(), points_pressure=Assumption.fixed(0.2)),
    ],
    ids=["published", "slump alone", "hastening alone", "pressed"],
)
def test_what_dies_spurs_nobody_on(effects):
    """Whatever is assumed of people: a slump that dead points spare, or a reward that stays near for ever, helps none."""
    for seed in range(3):
        study = lives(effects, seed, 2_000)
        sales = {name: study.bands(name, "sales").value for name in study.names}
        assert sales["12 months"] > sales["3 months"] > sales["1 month"]
        assert study.compare("12 months", "1 month", "sales").better == "12 months"
