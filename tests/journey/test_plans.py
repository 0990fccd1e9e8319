from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity.journey import Action, Effect, JourneyError, Observation, Plan, Review
from tests.scenarios import scenario


def week(number):
    return date(2026, 7, 6) + timedelta(7 * (number - 1))


def weeks(first, last):
    return {"start": week(first), "end": week(last) + timedelta(6)}


A1 = Action(name="A1", owner="Bárbara", **weeks(1, 4), hours=60, effect=Effect("no-shows", 12, 8, "%"))
A2 = Action(name="A2", owner="Bárbara", **weeks(3, 6), hours=64, effect=Effect("second calls", 30, 20, "%"))
A3 = Action(name="A3", owner="Iker", **weeks(1, 6), hours=60, effect=Effect("lost visitors", 9, 4, "a day"))
A4 = Action(name="A4", **weeks(1, 2), hours=5, effect=Effect("satisfaction", 3, 4), about="better coffee")
A5 = Action(
    name="A5", owner="Iker", start=date(2026, 8, 3), end=date(2026, 7, 20), hours=9, effect=Effect("beds", 1, 2)
)
A6 = Action(name="A6", owner="Bárbara", **weeks(5, 5), hours=0, about="improve everything")


def hospital(*actions):
    leave = {"Bárbara": {date(2026, 8, 17): 0}}
    return Plan("hospital", actions, capacity={"Bárbara": 20, "Iker": 10}, otherwise=leave)


def test_care_39_version_1_promises_more_than_there_is():
    expected = scenario("CARE-39")["version 1"]

    found = hospital(A1, A2, A3, A4, A5, A6).check()

    assert found.accepted is expected["accepted"]
    assert {name: why[0] for name, why in found.refused.items()} == expected["refused_actions"]
    over = expected["overcommitted"]["Bárbara"]
    assert {each.owner for each in found.overcommitted} == {"Bárbara"}
    assert [str(each.week) for each in found.overcommitted] == over["weeks"]
    assert {(each.hours, each.capacity, each.over) for each in found.overcommitted} == {
        (over["hours"], over["capacity"], over["over_each_week"])
    }
    assert set(found.hours["Iker"].values()) == {expected["Iker_hours_a_week"]}
    assert any(each.owner == "Iker" for each in found.overcommitted) is expected["Iker_overcommitted"]
    assert found.overcommitted[0].actions == ("A1", "A2")


def test_care_39_version_2_forgets_a_leave():
    expected = scenario("CARE-39")["version 2"]
    over = expected["overcommitted"]["Bárbara"]
    moved = Action(name="A2", owner="Bárbara", **weeks(5, 8), hours=64, effect=A2.effect)

    found = hospital(A1, A3, moved).check()

    assert found.accepted is expected["accepted"]
    assert found.refused == {}
    assert expected["reason"] == "overcommitted"
    assert {(each.capacity) for each in found.overcommitted} == {over["capacity"]}
    assert len(found.weeks["A2"]) == expected["weeks_with_capacity_for_A2"]
    assert [str(each.week) for each in found.overcommitted] == over["weeks"]
    assert {round(float(each.hours), 2) for each in found.overcommitted} == {over["hours"]}


def test_care_39_version_3_is_realistic():
    expected = scenario("CARE-39")["version 3"]
    moved = Action(name="A2", owner="Bárbara", **weeks(5, 9), hours=64, effect=A2.effect)
    plan = hospital(A1, A3, moved)

    found = plan.check()

    assert found.accepted is expected["accepted"]
    assert plan.start() is plan
    assert len(found.weeks["A2"]) == expected["weeks_with_capacity_for_A2"]
    hours = found.hours["Bárbara"]
    assert {hours[week(each)] for each in (1, 2, 3, 4)} == {expected["Bárbara_hours"]["weeks 1 to 4"]}
    assert {hours[week(each)] for each in (5, 6, 8, 9)} == {expected["Bárbara_hours"]["weeks 5, 6, 8, 9"]}
    assert hours.get(week(7), 0) == expected["Bárbara_hours"]["week 7"]
    assert str(found.weeks["A2"][-1]) == expected["end_of_A2_week_begins"]


def test_a_plan_that_is_not_realistic_does_not_start_and_says_all_that_is_wrong():
    with pytest.raises(
        JourneyError,
        match=r"(?s)A4: no owner.*Bárbara, week of 20 July 2026: 31 hours promised by A1 and A2; there are 20",
    ):
        hospital(A1, A2, A4).start()


def test_an_action_in_weeks_without_hours_is_refused():
    only = Action(name="A", owner="Bárbara", **weeks(7, 7), hours=4, effect=A1.effect)

    assert hospital(only).check().refused == {"A": ("its owner has no hours in its weeks",)}


def test_actual_stands_beside_expected():
    plan = hospital(A1, A3).observe("A1", Observation(week(3), 0.25, hours=20, value=11))

    found = plan.standing(week(3) - timedelta(1))["A1"]
    later = plan.standing(week(3))["A1"]

    assert (found.expected_done, found.done, found.state) == (Fraction(1, 2), 0, "behind")
    assert (later.done, later.hours, later.reached) == (Fraction(1, 4), 20, Fraction(1, 4))
    assert plan.standing(week(1) - timedelta(1))["A1"].state == "to come"
    assert plan.standing(week(5))["A1"].state == "overdue"
    assert plan.observe("A1", Observation(week(4), 1)).standing(week(5))["A1"].state == "done"


def test_an_action_that_has_done_what_was_expected_is_on_course():
    plan = hospital(A1).observe("A1", Observation(week(3) - timedelta(1), 0.5))

    assert plan.standing(week(3) - timedelta(1))["A1"].state == "on course"


def test_what_is_due_names_the_review_and_what_is_behind():
    plan = Plan("p", [A1], capacity={"Bárbara": 20}, review=Review("month", date(2026, 7, 1)))

    assert plan.due(date(2026, 7, 5)) == ()
    assert plan.due(date(2026, 8, 1)) == ("review", "A1")


def test_actions_for_a_touchpoint():
    bill = Action(name="B", touchpoint="bill")

    assert Plan("p", [bill], capacity={}).for_touchpoints(["bill", "visit"]) == {"bill": ("B",), "visit": ()}


@given(st.integers(1, 300), st.integers(1, 10), st.integers(0, 9), st.lists(st.integers(1, 12), max_size=5))
def test_no_hour_is_lost_and_none_falls_into_a_leave(hours, length, first, leave):
    action = Action(name="A", owner="Ana", **weeks(1 + first, first + length), hours=hours, effect=A1.effect)
    plan = Plan("p", [action], capacity={"Ana": 40}, otherwise={"Ana": {week(each): 0 for each in leave}})

    spread = plan.spread("A")

    assert not set(spread) & {week(each) for each in leave}
    assert sum(spread.values()) == (hours if spread else 0)
    assert len(set(spread.values())) <= 1


@given(st.integers(1, 6), st.integers(1, 6), st.integers(-10, 60))
def test_what_is_expected_never_falls(length, first, later):
    action = Action(name="A", owner="Ana", **weeks(first, first + length), hours=10, effect=A1.effect)
    plan = Plan("p", [action], capacity={"Ana": 40})
    day = week(1) + timedelta(later)

    one, other = (plan.standing(each)["A"].expected_done for each in (day, day + timedelta(1)))

    assert 0 <= one <= other <= 1


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Action(name=""), "action.name: is ''"),
        (lambda: Action(name="A", owner=3), "owner: is 3"),
        (lambda: Action(name="A", start="monday"), "start: is 'monday'; give a datetime.date"),
        (lambda: Action(name="A", hours=-1), "hours: is -1; give 0 or more"),
        (lambda: Action(name="A", effect="better"), "effect: is str; give an Effect"),
        (lambda: Action(name="A", observed=["yes"]), "give a list of Observation"),
        (lambda: Effect("x", 3, 3.0), "goes from 3 to 3.0; give a target that differs"),
        (lambda: Observation(week(1), 1.5), "observation.done: is 1.5; give a share from 0 to 1"),
        (lambda: Plan("p", A1, capacity={}), "plan.actions: is Action; give a list"),
        (lambda: Plan("p", [A1, A1], capacity={"Bárbara": 20}), "has 'A1' twice"),
        (lambda: Plan("p", [A1], capacity={"Barbara": 20}), 'has no owner .Bárbara.; did you mean "Barbara"'),
        (lambda: Plan("p", [], capacity=20), "plan.capacity: is int"),
        (lambda: Plan("p", [], capacity={"Ana": "full"}), r"plan.capacity\['Ana'\]: is 'full'; give a number"),
        (lambda: Plan("p", [], capacity={}, otherwise={"Ana": 0}), "give {owner"),
        (lambda: Plan("p", [], capacity={}, otherwise={"Ana": {}}), "has no owner 'Ana'"),
        (lambda: Plan("p", [], capacity={}, review="monthly"), "plan.review: is str; give a Review"),
        (lambda: hospital(A1)["A9"], "has no action 'A9'"),
        (lambda: hospital(A4).spread("A4"), "action 'A4': no owner; mend the action first"),
        (lambda: hospital(A1).standing("today"), "give a datetime.date"),
    ],
)
def test_what_cannot_be_is_one_typed_error_with_what_to_write_instead(make, said):
    with pytest.raises(JourneyError, match=said):
        make()
