"""Whole studies, played by the engine: rightly decided, with errors that are true, and nothing gained by points that die."""

from __future__ import annotations

from datetime import date

import attrs
import numpy as np
import pytest

import fidelity as fd
from fidelity.metrics.value import BetaGeometric, GammaGamma
from fidelity.simulation import Effects, Population, simulate
from tests.simulation.made import CAFE

MODELS = BetaGeometric(0.8, 20.0, 0.8, 3.0), GammaGamma(6.0, 4.0, 20.0)
MOVED = Effects(
    goal_gradient=0.2, post_reward_reset=0.0, points_pressure=0.1, redemption=0.6, never=0.1, enrolment=0.6
)  # fmt: skip
#: A reward that is farther away and worth as much a point: it draws people on for longer.
FARTHER = attrs.evolve(CAFE, version="2", rewards=[fd.Reward("two coffees", cost=40, worth="4 EUR")])
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

    assert large.gap.value > 10 * large.gap.standard_error
    assert true > 3 * error
    assert sum(each.better == "candidate" for each in found) >= 19


def test_the_error_that_is_told_is_that_of_studies_with_other_luck(found):
    gaps = [each.gap.value for each in found]

    # Twenty gaps tell their spread to a sixth.
    assert np.std(gaps, ddof=1) == pytest.approx(np.mean([each.gap.standard_error for each in found]), rel=0.45)


def test_points_that_live_shorter_leave_no_more():
    shorter = attrs.evolve(CAFE, version="2", expiry="2 months")
    study = simulate(
        Population(300, *MODELS), {"today": CAFE, "shorter": shorter}, years=2, seed=5, margin=0.6, cost=0.4,
        effects=Effects.off(), begins=FIRST, draws=0,
    )  # fmt: skip
    dead, left = ({name: study.bands(name, each).value for name in study.names} for each in ("never enjoyed", "margin"))

    assert dead["shorter"] > dead["today"]
    assert left["shorter"] == left["today"]
    assert study.compare().better is None
