import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity.journey import Impact, Journey, JourneyError, Touchpoint, impact_from_counts
from fidelity.journey.drawing.shapes import Mark
from fidelity.metrics import MetricError
from tests.scenarios import scenario

STATED = {"T1": 4, "T2": 3, "T3": 5, "T4": 2, "T5": 5, "T6": 3}
STAYED = {"T1": (80, 79), "T2": (84, 77), "T3": (83, 78), "T4": (86, 68), "T5": (85, 70), "T6": (82, 70)}


def telecom(stated=STATED):
    return Journey("telecom", [Touchpoint(name=name, stage="use", loyalty=each) for name, each in stated.items()])


def measured():
    return impact_from_counts({name: (kept, 100, lost, 100) for name, (kept, lost) in STAYED.items()})


def test_care_31_moments_of_truth_as_felt_and_as_behaved():
    expected = scenario("CARE-31")

    found = telecom().moments_of_truth(measured())

    assert {name: each.impact for name, each in found.of_measured.items()} == expected["measured"]
    assert {name: each.value for name, each in found.of_measured.items()} == expected["difference_points"]
    assert {"stated": [*found.stated], "measured": [*found.measured], "both": [*found.both]} == expected[
        "moments_of_truth"
    ]
    assert found.overrated == expected["overrated"]
    assert found.underrated == expected["underrated"]
    assert [*found.agree] == expected["agree"]
    assert expected["measured_is_called"] in found.notes
    assert [*found.of_stated] == expected["chart"]["order"]
    cards = [group for group in telecom().draw(measured=measured()).picture.groups if group.about]
    assert [each.about.split()[1] for each in cards] == expected["chart"]["order"]
    scales = [{shape.role for shape in each.shapes if isinstance(shape, Mark)} - {"star"} for each in cards]
    assert all(each == {"loyalty", "measured"} for each in scales) is expected["chart"]["shows_both_scales"]


def test_without_measurement_only_what_was_stated_is_told():
    found = telecom().moments_of_truth()

    assert dict(found) == {"T1": 4, "T3": 5, "T5": 5}
    assert found.measured == ()
    assert found.notes == ()


def test_either_scale_makes_a_moment_of_truth_unless_one_is_asked_for():
    path = Journey("x", [Touchpoint(name="a", stage="use", loyalty=2, experience=5)])

    assert [*path.moments_of_truth()] == ["a"]
    assert [*path.moments_of_truth(by="loyalty")] == []


def test_the_interval_is_that_of_newcombe():
    # Newcombe 1998, table II, case (a): 56/70 − 48/80, method 10.
    found = impact_from_counts({"a": (56, 70, 48, 80)})["a"]

    assert (round(found.interval.low, 2), round(found.interval.high, 2)) == (5.24, 33.39)
    assert found.possible == (3, 5)


def test_few_answers_are_called_so():
    assert "small sample" in impact_from_counts({"a": (9, 10, 5, 10)})["a"].notes


@given(st.integers(0, 60), st.integers(0, 40))
def test_the_difference_lies_in_its_interval_and_the_impact_between_the_possible(kept, lost):
    found = impact_from_counts({"a": (kept, 60, lost, 40)})["a"]

    assert found.interval.low - 1e-9 <= found.value <= found.interval.high + 1e-9
    assert found.possible[0] <= found.impact <= found.possible[1]


def test_it_shows_itself_in_a_notebook():
    found = telecom().moments_of_truth(measured())

    assert "association, not cause" in found._repr_html_()
    assert repr(found) == "<moments of truth: T1, T3, T4, T5, T6>"
    assert found.to_dict()["of_measured"]["T4"]["impact"] == 5


@pytest.mark.parametrize(
    ("make", "kind", "said"),
    [
        (lambda: impact_from_counts({"a": (5, 4, 1, 4)}), MetricError, "is 5; give a whole number from 0 to 4"),
        (lambda: impact_from_counts({"a": (0, 0, 1, 4)}), MetricError, "is 0; give a whole number from 1"),
        (lambda: impact_from_counts([1]), JourneyError, "counts: is list; give {touchpoint"),
        (lambda: impact_from_counts({"a": (1, 2)}), JourneyError, r"give \(stayed, satisfied, stayed, dissatisfied\)"),
        (lambda: impact_from_counts({"a": (1, 2, 1, 2)}, bands=(5, 2, 10, 15)), JourneyError, "four rising thresholds"),
        (lambda: impact_from_counts({"a": (1, 2, 1, 2)}, level=95), MetricError, "between 0 and 1"),
        (lambda: telecom().moments_of_truth(by="loyal"), JourneyError, 'did you mean "loyalty"'),
        (lambda: telecom().moments_of_truth({"T7": Impact(1.0, 2)}), JourneyError, "has no touchpoint 'T7'"),
        (lambda: telecom().moments_of_truth({"T1": 4}), JourneyError, "give what measured_impact"),
    ],
)
def test_what_cannot_be_is_one_typed_error_with_what_to_write_instead(make, kind, said):
    with pytest.raises(kind, match=said):
        make()
