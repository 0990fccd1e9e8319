"""Playing a study again and again: what each kind of doubt moves, and that all of it comes again with the seed."""

from __future__ import annotations

import numpy as np
import pytest

from fidelity.errors import MetricError
from fidelity.simulation.assumptions import Assumption, Effects
from fidelity.simulation.doubt import KINDS, Doubt, by_chance, of_runs
from fidelity.simulation.economics import Economics
from fidelity.simulation.study import Study
from tests.simulation.made import play

TOLD = Economics(margin=0.5, cost=0.3)
EFFECTS = Effects(
    goal_gradient=Assumption(0.0, 0.1, 0.3, "assumed, no source"), post_reward_reset=0.0, points_pressure=0.0,
    redemption=0.5, never=Assumption(0.0, 0.1, 0.2, "assumed, no source"), enrolment=0.5,
)  # fmt: skip


@pytest.fixture(scope="module")
def doubt():
    return Doubt.of(play, effects=EFFECTS, economics=TOLD, seed=7, draws=12)


@pytest.fixture(scope="module")
def study(doubt):
    made, nothing = play(EFFECTS.values(), None, 7)
    return Study(made, nothing, TOLD, EFFECTS, doubt, 7)


def test_each_kind_of_doubt_has_a_band_around_the_figure(study):
    found = study.bands("today")

    assert [kind for kind, _ in found.kinds()] == list(KINDS)
    assert all(band.low <= band.middle <= band.high for _, band in found.kinds())
    assert found.value in found.process
    assert found.value in found.total


def test_what_moves_little_has_a_narrow_band(study):
    found = study.bands("today")
    width = {kind: band.high - band.low for kind, band in found.kinds()}

    assert width["parameters"] < width["assumptions"] / 5
    assert width["total"] > width["parameters"]
    assert width["total"] > width["process"]


def test_what_is_assumed_stays_between_the_ends_of_its_ranges(study):
    swing = next(each for each in study.doubt.swings["today"] if each.effect == "goal_gradient")
    found = study.bands("today", "sales").assumptions

    assert swing.at_low["sales"] < found.low < found.high < swing.at_high["sales"]


def test_the_widest_swing_stands_first_and_what_is_known_is_not_tried(study):
    found = study.tornado("today")

    assert found.effects == ("goal_gradient", "never")
    assert found.at_low[0] < found.base < found.at_high[0]


def test_points_that_die_move_nothing_that_is_left(study):
    never = next(each for each in study.doubt.swings["today"] if each.effect == "never")

    assert never.at_high["expired"] > never.at_low["expired"]
    assert never.at_high["margin"] == never.at_low["margin"]


def test_the_same_seed_gives_the_same_doubt(doubt):
    again = Doubt.of(play, effects=EFFECTS, economics=TOLD, seed=7, draws=12)
    other = Doubt.of(play, effects=EFFECTS, economics=TOLD, seed=8, draws=12)

    for runs in ("parameters", "assumptions", "total"):
        assert np.array_equal(getattr(again, runs)["today"]["margin"], getattr(doubt, runs)["today"]["margin"])
    assert not np.array_equal(other.assumptions["today"]["margin"], doubt.assumptions["today"]["margin"])


def test_the_ranks_are_known_on_every_machine():
    """Written down once: they are whole numbers mixed, and no law of numpy."""
    seen = []

    def watched(effects, fitted, seed):
        seen.append(round(effects["goal_gradient"], 12))
        return play(effects, fitted, seed, count=3)

    Doubt.of(watched, effects=EFFECTS, economics=TOLD, seed=7, draws=2, fitted=False, tornado=False)
    assert seen[:2] == [0.233769978684, 0.071878506118]


def test_progress_is_told_after_each_run():
    told = []
    Doubt.of(
        lambda effects, fitted, seed: play(effects, fitted, seed, count=3), effects=EFFECTS, economics=TOLD, seed=1,
        draws=2, progress=lambda done, runs: told.append((done, runs)),
    )  # fmt: skip

    assert told == [(done, 10) for done in range(1, 11)]


def test_without_parameters_and_assumptions_luck_alone_is_left():
    known = Effects(**{name: each.likely for name, each in EFFECTS.items()})
    doubt = Doubt.of(
        lambda effects, fitted, seed: play(effects, fitted, seed, count=50), effects=known, economics=TOLD, seed=1,
        draws=3, fitted=False,
    )  # fmt: skip
    made, nothing = play(known.values(), None, 1, count=50)
    study = Study(made, nothing, TOLD, known, doubt, 1)

    assert [kind for kind, _ in study.bands("today").kinds()] == ["process", "total"]
    assert study.tornado("today") is None
    assert np.ptp(doubt.total["today"]["margin"]) > 0


def test_one_draw_is_no_band():
    with pytest.raises(MetricError, match="draws"):
        Doubt.of(play, effects=EFFECTS, economics=TOLD, seed=1, draws=1)


def test_the_comparison_says_whether_it_holds_with_other_assumptions(study):
    found = study.compare()

    assert found.holds is not None
    assert 0 <= found.holds <= 1


def test_a_band_of_few_runs_holds_the_figure_itself():
    found = of_runs(np.array([3.0, 4.0, 5.0]), 2.0)

    assert (found.low, found.middle, found.high) == (2.0, 4.0, 5.0)
    assert of_runs(np.array([np.nan]), 2.0) is None


def test_a_band_by_chance_is_that_of_the_normal_law():
    found = by_chance(10.0, 1.0)

    assert (round(found.low, 3), round(found.high, 3)) == (8.355, 11.645)
