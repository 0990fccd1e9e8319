import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity.journey import EffortWeights, JourneyError, Process, compare_effort
from fidelity.metrics import MetricError
from tests.scenarios import scenario


def sim_card():
    today = Process(
        name="today", steps=9, contacts=3, repeats=2, switches=1, waiting_minutes=22, points=50, answers=[3, 2, 4, 3, 3]
    )
    new = Process(name="new", steps=6, contacts=1, switches=1, waiting_minutes=12, answers=[6, 5, 6, 7, 6])
    return today, new


def test_care_21_two_designs_of_replacing_a_sim_card():
    expected = scenario("CARE-21")
    today, new = sim_card()

    found = compare_effort(today, new)

    told = {"today": found.before, "new": found.after, "reduction": found.reduction}
    assert told | {"reduction_percent": round(found.reduction_percent, 1)} == expected["effort"]
    assert today.parts() == expected["parts_today"]
    assert new.parts() == expected["parts_new"]
    assert [*found.savings] == expected["largest_savings_in_order"]
    assert found.savings == expected["savings"]
    assert round(found.ces_before.value, 1) == expected["ces"]["today"]
    assert round(found.ces_after.value, 1) == expected["ces"]["new"]
    assert (found.ces_before.n, found.ces_after.n) == (expected["ces"]["n_each"],) * 2
    assert ("small sample" in found.ces_before.notes) is expected["ces"]["small_sample"]
    assert found.preferred == expected["preferred"]
    without = compare_effort(attrs.evolve(today, points=0), new)
    assert ((without.before, without.preferred) != (found.before, found.preferred)) is expected[
        "points_changed_the_comparison"
    ]


def test_points_for_the_trouble_change_nothing():
    one, other = (Process(name=name, steps=4, contacts=1, points=points) for name, points in [("a", 0), ("b", 900)])

    found = compare_effort(one, other)

    assert found.preferred is None
    assert found.notes == ("points are given for the trouble of 'b'; they lower no effort",)


def test_a_block_of_waiting_counts_from_its_first_moment():
    asked = [Process(name="a", steps=0, contacts=0, waiting_minutes=each).effort() for each in (0, 0.1, 5, 5.1)]

    assert asked == [0, 1, 1, 2]


def test_counts_of_numpy_are_counts():
    assert Process(name="a", steps=np.int64(4), contacts=1).effort() == 7


counts = st.integers(0, 50)


@given(st.tuples(counts, counts, counts, counts, counts), st.tuples(counts, counts, counts, counts, counts))
def test_the_savings_of_the_parts_are_the_saving_of_the_whole(one, other):
    names = ("steps", "contacts", "repeats", "switches", "waiting_minutes")
    found = compare_effort(
        Process(name="a", **dict(zip(names, one, strict=True))),
        Process(name="b", **dict(zip(names, other, strict=True))),
    )

    assert sum(found.savings.values()) == found.reduction
    assert [*found.savings.values()] == sorted(found.savings.values(), reverse=True)


def test_it_shows_itself():
    found = compare_effort(*sim_card())

    assert repr(found) == "<effort 36 to 17: new preferred>"
    assert "they lower no effort" in found._repr_html_()


@pytest.mark.parametrize(
    ("make", "kind", "said"),
    [
        (lambda: Process(name="", steps=1, contacts=1), JourneyError, "process.name: is ''"),
        (lambda: Process(name="a", steps=-1, contacts=1), JourneyError, "steps: is -1; give a whole number, 0 or more"),
        (lambda: Process(name="a", steps=1, contacts=1.5), JourneyError, "contacts: is 1.5; give a whole number"),
        (lambda: Process(name="a", steps=1, contacts=1, waiting_minutes=-2), JourneyError, "is -2; give 0 or more"),
        (lambda: Process(name="a", steps=True, contacts=1), JourneyError, "steps: is True; give a whole number"),
        (lambda: EffortWeights(steps=-1), JourneyError, "weights.steps: is -1"),
        (lambda: EffortWeights(block_minutes=0), JourneyError, "weights.block_minutes: is 0; give more than 0"),
        (lambda: compare_effort(sim_card()[0], "new"), JourneyError, "after: is str; give a Process"),
        (lambda: compare_effort(*sim_card(), weights=3), JourneyError, "weights: is int; give EffortWeights"),
        (lambda: Process(name="a", steps=1, contacts=1, answers=[8]).ces(), MetricError, "is more than 7 in row 0"),
    ],
)
def test_what_cannot_be_is_one_typed_error_with_what_to_write_instead(make, kind, said):
    with pytest.raises(kind, match=said):
        make()
