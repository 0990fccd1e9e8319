"""`fd.simulate`: a history or a population, programs by name, and every wrong word of it refused before anything is played."""

from __future__ import annotations

from datetime import UTC, date, datetime

import attrs
import numpy as np
import pytest

import fidelity as fd
from fidelity.datasets import cdnow
from fidelity.errors import FitError, MetricError, SimulationError, TableError
from fidelity.simulation import Effects, Population, Visits, calibrate, simulate
from fidelity.simulation.study import NOTHING
from fidelity.testing.examples import airline
from tests.simulation.world import BUYING, SIMPLE, SPENDING, TIERED

MODELS = Population(300, BUYING, SPENDING)
QUICK = {"years": 1, "draws": 0, "begins": date(2026, 1, 1)}


def small(most=400, **changed):
    """Some of the customers of CDNOW."""
    log = cdnow()
    some = log.customer <= most
    return {
        "member": log.customer[some], "at": log.day[some], "amount": log.cents[some], **changed
    }  # fmt: skip


def test_the_first_program_is_the_one_to_compare_with():
    study = fd.simulate(MODELS, {"today": SIMPLE, "candidate": TIERED}, **QUICK, seed=3)
    assert study.names == ("today", "candidate")
    assert study.customers == 300
    assert (study.compare().first, study.compare().second) == ("today", "candidate")
    assert study.outcome(NOTHING).points == {}


def test_a_program_alone_is_compared_with_none():
    study = simulate(MODELS, SIMPLE, **QUICK)
    assert study.names == ("Simple",)
    assert study.compare().first == NOTHING


def test_a_history_goes_on_the_day_after_it_ends():
    study = simulate(small(), SIMPLE, years=2, draws=0)
    nothing = study.outcome(NOTHING)
    assert nothing.begins == int(datetime(1998, 7, 1, 4, tzinfo=UTC).timestamp()) * 1_000_000
    assert nothing.ends == int(datetime(2000, 7, 1, 4, tzinfo=UTC).timestamp()) * 1_000_000
    assert (nothing.arrived < nothing.begins).all()


def test_a_calibration_is_a_history_that_was_looked_at_before():
    found = calibrate(small(), currency="USD")
    one = simulate(found, SIMPLE, years=1, draws=0, seed=5)
    other = simulate(small(), SIMPLE, years=1, draws=0, seed=5)
    assert one.table() == other.table()


def test_books_are_full_unless_everybody_starts_without_points():
    lived = simulate(small(), SIMPLE, years=1, draws=0)
    empty = simulate(small(), SIMPLE, years=1, draws=0, opening="empty")
    assert lived.outcome("Simple").points["points"].opening.sum() > 0
    assert empty.outcome("Simple").points["points"].opening.sum() == 0


def test_who_joins_is_played_too():
    alone, more = (simulate(small(), SIMPLE, years=1, draws=0, joining=each) for each in (0, 20))
    assert more.customers == alone.customers + 240
    assert more.outcome(NOTHING).revenue[: alone.customers].tolist() == alone.outcome(NOTHING).revenue.tolist()


def test_facts_of_members_reach_the_rules():
    class Staff(fd.Fields, of="member"):
        staff = fd.flag()

    program = attrs.evolve(
        SIMPLE,
        fields=[Staff],
        earn=[fd.EarnRule("base", fd.points(1, per="1 USD")), fd.EarnRule("staff", fd.points(500), when=Staff.staff)],
    )
    facts = {"staff": np.arange(300) < 100}
    effects = attrs.evolve(Effects.off(), enrolment=1.0, never=1.0)
    found = simulate(MODELS, program, **QUICK, facts=facts, effects=effects).outcome("Simple")
    issued = found.points["points"].issued
    assert issued[:100].min() >= 500
    assert issued[100:].min() < 500


def test_the_study_is_played_again_and_tells_when():
    told = []
    study = simulate(
        small(), {"a": SIMPLE, "b": TIERED}, years=1, draws=2, seed=4, progress=lambda done, of: told.append((done, of))
    )
    assert [done for done, _ in told] == list(range(2, told[-1][1] + 1))
    assert len({of for _, of in told}) == 1
    bands = study.bands("a", "sales")
    assert bands.parameters is not None
    assert bands.assumptions is not None
    assert bands.parameters.low != bands.parameters.high


def test_the_same_seed_gives_the_same_study_whatever_the_threads():
    log = calibrate(small(), currency="USD")
    one, other = (simulate(log, TIERED, years=1, draws=2, seed=4, threads=each) for each in (1, 2))
    assert one.to_dict() == other.to_dict()
    assert one.table()["Tiered"] != simulate(log, TIERED, years=1, draws=0, seed=5).table()["Tiered"]


def test_what_is_not_played_is_said():
    waits = attrs.evolve(SIMPLE, rewards=[*SIMPLE.rewards, fd.Reward("grant", cost=50, worth="1 USD", stock=10)])
    study = simulate(MODELS, {"today": waits}, **QUICK)
    assert any('"grant"' in note and "stock" in note for note in study.notes)
    assert any("margin" in note for note in study.notes)
    assert not any("margin" in note for note in simulate(MODELS, SIMPLE, **QUICK, margin=0.4).notes)


WRONG = [
    ({"programs": {}}, "programs"),
    ({"programs": None}, "programs"),
    ({"programs": {"today": "cafe.toml"}}, "Program"),
    ({"programs": {NOTHING: SIMPLE}}, "no name"),
    ({"programs": {"": SIMPLE}}, "no name"),
    ({"programs": {"a": SIMPLE, "b": attrs.evolve(airline(), events=airline().events)}}, "one currency"),
    ({"years": 0}, "years"),
    ({"years": 31}, "years"),
    ({"years": 2.5}, "years"),
    ({"years": True}, "years"),
    ({"seed": -1}, "seed"),
    ({"seed": "seven"}, "seed"),
    ({"begins": None}, "begins"),
    ({"begins": "2026-01-01"}, "begins"),
    ({"begins": datetime(2026, 1, 1, tzinfo=UTC)}, "begins"),
    ({"opening": "full"}, "opening"),
    ({"joining": 5}, "joining"),
    ({"threads": 0}, "threads"),
    ({"margin": 0}, "margin"),
    ({"margin": 1.2}, "margin"),
    ({"margin": "a third"}, "margin"),
    ({"cost": -1}, "cost"),
    ({"draws": 1}, "draws"),
    ({"draws": -3}, "draws"),
    ({"draws": 2.5}, "draws"),
    ({"effects": {"goal_gradient": 1}}, "effects"),
    ({"visits": {"miles": [1]}}, "visits"),
    ({"facts": {"age": [1, 2]}}, "facts"),
    ({"facts": [1]}, "facts"),
    ({"fixed": {"tody": 100}}, "fixed"),
    ({"setup": {"tody": 100}}, "setup"),
    ({"worth": {"miles": 0.01}}, "worth"),
    ({"calendar": "week"}, "calendar"),
    ({"programs": attrs.evolve(SIMPLE, rewards=[fd.Reward("rare", cost=5, worth="1 USD", stock=1)])}, "stock"),
]


@pytest.mark.parametrize(
    ("changed", "named"), WRONG, ids=[f"{next(iter(each))} {number}" for number, (each, _) in enumerate(WRONG)]
)
def test_what_cannot_be_played_is_refused_before_anything_is(changed, named):
    asked = {"programs": SIMPLE, **QUICK, "draws": 0, **changed}
    programs = asked.pop("programs")
    with pytest.raises((SimulationError, MetricError), match=named):
        simulate(MODELS, programs, **asked)


def test_a_history_that_cannot_be_read_is_refused():
    with pytest.raises(TableError, match="amount"):
        simulate({"member": ["a"], "at": [np.datetime64("2026-01-01")]}, SIMPLE)
    with pytest.raises((SimulationError, TableError)):
        simulate(17, SIMPLE)
    with pytest.raises(SimulationError, match="EUR"):
        simulate(small(currency=["EUR"] * len(small()["member"])), SIMPLE)
    with pytest.raises(FitError):
        simulate(
            {"member": ["a", "b"], "at": np.array(["2026-01-01", "2026-02-01"], "M8[D]"), "amount": [1, 2]}, SIMPLE
        )
    with pytest.raises(SimulationError, match="begins"):
        simulate(small(), SIMPLE, begins=date(2026, 1, 1))


def test_visits_that_the_program_does_not_know_are_refused():
    with pytest.raises(TableError, match="miles"):
        simulate(MODELS, airline(), **QUICK, visits=Visits("flight", {"cabin": ["light"]}))
