"""Deciding between two programs: rightly where the truth is far enough, and honestly where it is not."""

from __future__ import annotations

import numpy as np
import pytest

from fidelity.simulation.assumptions import Effects
from fidelity.simulation.doubt import Doubt
from fidelity.simulation.economics import Economics
from fidelity.simulation.measures import MEASURES, ONLY_WITH_ONE, figure
from fidelity.simulation.study import Study
from tests.simulation.made import crowd, nothing, outcome, play

COUNT, SPREAD = 2_000, 4_000.0
ALL_OF_IT = Economics(margin=1.0, worth=0)


def played(seed, errors):
    """A study whose true gap is so many standard errors, of programs that share the luck of their customers."""
    chance = np.random.default_rng(seed)
    base = 100_000 + chance.normal(0, 20_000, COUNT)
    gap = errors * SPREAD * np.sqrt(2 / COUNT)
    none = np.zeros(COUNT, np.int64)
    made = {
        name: outcome(
            name, revenue=np.rint(base + more + chance.normal(0, SPREAD, COUNT)).astype(np.int64), issued=none,
            redeemed=none, expired=none,
        )
        for name, more in (("today", 0.0), ("candidate", gap))
    }  # fmt: skip
    return Study(made, nothing(revenue=np.rint(base).astype(np.int64)), ALL_OF_IT, seed=seed)


def drawn(made):
    """A study with draws of what is assumed and estimated."""
    told, effects = Economics(margin=0.5), Effects.published()
    doubt = Doubt.of(play, effects=effects, economics=told, seed=3, draws=4, tornado=False)
    return Study(made, crowd(None, count=200), told, effects, doubt)


@pytest.mark.parametrize(("errors", "better"), [(3.1, "candidate"), (-3.1, "today")])
def test_a_gap_of_three_errors_is_decided_rightly_in_nineteen_of_twenty_seeds(errors, better):
    found = [played(seed, errors).compare() for seed in range(20)]

    assert sum(each.better == better for each in found) >= 19


def test_without_any_gap_one_study_in_five_is_decided_by_luck():
    found = [played(seed, 0.0).compare() for seed in range(200)]

    # Of 200 a fifth, give or take three standard errors; and as often one as the other.
    assert 24 <= sum(each.decided for each in found) <= 56
    share = sum(each.better == "today" for each in found) / sum(each.decided for each in found)
    assert 0.25 < share < 0.75


def test_it_cannot_tell_only_below_three_errors():
    found = [played(seed, 1.0).compare() for seed in range(20)]

    undecided = [each for each in found if not each.decided]
    assert undecided
    assert all(abs(each.gap.value) < 3 * each.gap.standard_error for each in undecided)


def test_two_equal_programs_are_told_to_be_the_same():
    today = outcome("today")
    found = Study({"today": today, "twin": outcome("twin")}, nothing(), Economics(margin=0.3)).compare()

    assert (found.same, found.better, found.ahead, found.chance) == (True, None, None, 0.5)


def test_what_shares_its_luck_is_compared_customer_by_customer():
    study = played(1, 3.1)
    found = study.compare(measure="sales")

    # What they share, who buys much and who little, is five times what they do not.
    apart = [study.bands(name, "sales").process for name in study.names]
    apart = [(each.high - each.middle) / 1.645 for each in apart]
    assert found.gap.standard_error < np.hypot(*apart) / 3


def test_costs_alone_decide_for_certain():
    told = Economics(margin=0.3, fixed={"dear": 100})
    found = Study({"cheap": outcome("cheap"), "dear": outcome("dear")}, nothing(), told).compare()

    assert (found.better, found.chance, found.same) == ("cheap", 1.0, False)


def test_of_what_costs_the_smaller_figure_is_the_better_one():
    less = outcome("less", issued=(10, 20, 0), redeemed=(0, 0, 0), expired=(0, 0, 0))
    study = Study({"more": outcome("more"), "less": less}, nothing(), Economics(margin=0.3))

    for measure in ("rewards", "expired", "liability", "outstanding", "never enjoyed"):
        assert study.compare(measure=measure).ahead == "less"


def test_one_program_alone_is_compared_with_none():
    found = Study({"today": outcome()}, nothing(), Economics(margin=0.9)).compare()

    assert (found.first, found.second) == ("no program", "today")


@pytest.mark.parametrize("measure", ["return", "rewarded", "never enjoyed"])
def test_what_no_program_has_no_figure_of_decides_nothing(measure):
    study = drawn({"today": crowd("today", count=200)})
    assert np.isfinite(study.bands("today", measure).value)

    for pair in (("no program", "today"), ("today", "no program")):
        found = study.compare(*pair, measure=measure)

        assert np.isnan(found.gap.value)
        assert (found.better, found.ahead, found.decided, found.chance, found.holds) == (None, None, False, 0.5, None)


def test_draws_tell_of_no_program_only_what_is_nothing_without_one():
    study = drawn({"today": crowd("today", count=200)})

    # Sales without a program are not 0: that they are more than 0 in each draw says nothing.
    assert study.compare(measure="sales").holds is None
    assert study.compare(measure="active").holds is None
    assert study.compare(measure="more sales").holds == 1.0
    assert study.compare(measure="issued").holds == 1.0


@pytest.mark.parametrize("measure", MEASURES)
def test_of_no_program_nothing_else_is_said_to_be_0(measure):
    without = crowd(None, count=50)
    found = figure(measure, without, without, Economics(margin=0.3, fixed=5)).value

    assert (found == 0) == (measure in ONLY_WITH_ONE)


@pytest.mark.parametrize("asked", [{"first": "yesterday"}, {"measure": "luck"}])
def test_what_nobody_played_is_refused(asked):
    with pytest.raises(ValueError, match=r"today|sales"):
        Study({"today": outcome()}, nothing(), Economics(margin=0.9)).compare(**asked)
