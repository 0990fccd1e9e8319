import numpy as np
import pytest

from fidelity.journey import (
    Action,
    Feedback,
    Improvement,
    Journey,
    JourneyError,
    Need,
    Plan,
    Touchpoint,
    impact_from_counts,
    measured_impact,
    profit_from_figures,
    profitability,
)


def journey():
    return Journey(
        "shop",
        [
            Touchpoint(name="bill", stage="use", area="service", loyalty=2, metric="mistakes", target="1 %"),
            Touchpoint(name="help", stage="use", area="service", loyalty=5, owners="Ana", metric="solved", target=0.9, kind="complaint"),
            Touchpoint(name="visit", stage="purchase", area="sales", experience=3),
        ],
    )  # fmt: skip


def said():
    return Feedback(
        ["bill", "bill", "help", "visit"],
        [2, 4, 5, np.nan],
        effort=[3, 5, 7, np.nan],
        emotions=["angry", "calm", "calm", None],
        feelings={"angry": -1, "calm": 1},
        words=["late", ["late", "dear"], None, None],
    )


def test_a_scorecard_has_everything_beside_one_another():
    plan = Plan("p", [Action(name="A1", touchpoint="bill")], capacity={})

    found = journey().scorecard(
        said(),
        measured=impact_from_counts({"bill": (90, 100, 60, 100)}),
        profits=profit_from_figures({"bill": (10, 2, 1, 1, 5)}),
        plan=plan,
    )

    line = found["bill"]
    assert [*found] == ["visit", "bill", "help"]
    assert (line.satisfaction.value, line.effort.value, line.feeling.value, line.about) == (3, 4, 0, "late")
    assert (line.loyalty, line.measured.impact, line.moment_of_truth) == (2, 5, True)
    assert (line.profit.net, line.actions, line.missing) == (9, ("A1",), ("owner", "cost to serve"))
    assert found["visit"].satisfaction is None
    assert found.by_area["service"].value == pytest.approx(11 / 3)
    assert "sales" not in found.by_area
    assert found.unattended == ("help",)
    assert "mistakes" in found._repr_html_()
    assert repr(found) == "<scorecard of 3 touchpoints, 2 moments of truth>"


def test_without_anything_measured_it_tells_what_was_stated():
    found = journey().scorecard()

    assert found["help"].moment_of_truth
    assert found["help"].satisfaction is None
    assert found.notes == ()


def test_what_a_project_leaves_open_its_touchpoint_says():
    found = journey().allocate(
        100,
        [Improvement(name="bill", cost=10), Improvement(name="training", touchpoint="help", cost=20, profitability=50)],
        measured=impact_from_counts({"bill": (90, 100, 60, 100)}),
        profits=profit_from_figures({"bill": (10, 2, 1, 1, 5)}),
        resamples=200,
    )

    bill, training = found.improvements["bill"], found.improvements["training"]
    assert (bill.impact, bill.profitability, bill.metric, bill.target) == (5, 45, "mistakes", "1 %")
    assert bill.profitability_error == pytest.approx(5 * 2 / 1.959964, rel=1e-5)
    assert (training.impact, training.metric, training.target) == (5, "solved", 0.9)
    assert found.certainty == {"bill": 1, "training": 1}


def test_an_impact_that_could_be_another_is_drawn_again_as_such():
    measured = impact_from_counts({"bill": (80, 100, 70, 100)})
    found = journey().allocate(
        100, [Improvement(name="bill", cost=10, profitability=9)], measured=measured, resamples=200
    )

    assert measured["bill"].possible == (1, 5)
    assert found.improvements["bill"].impact_error == pytest.approx(2 / 1.959964, rel=1e-5)
    assert found.sampled_worth.interval.low < 36 < found.sampled_worth.interval.high


def test_complaints_are_served_first_because_of_what_the_touchpoint_is():
    needs = [Need(name="bill", satisfaction=2, cost=60, impact=5), Need(name="help", satisfaction=2, cost=60, impact=1)]

    assert journey().allocate(100, [], needs=needs, standard=3).served == {"help": 60}


def made(seed, n=400):
    """Plain tables with planted truth: everybody likes the advertisement, which matters nothing; the bill decides."""
    random = np.random.default_rng(seed)
    people = np.array([f"c{place}" for place in range(n)])
    said = {
        "advertisement": random.choice([3, 4, 5], n, p=[0.1, 0.4, 0.5]),
        "bill": random.choice([1, 2, 3, 4, 5], n),
        "support": random.choice([2, 3, 4, 5], n),
    }
    stays = random.random(n) < 0.5 + 0.3 * (said["bill"] >= 4) + 0.06 * (said["support"] >= 4)
    margin = random.normal(100, 30, n) + 40 * (said["bill"] >= 4) + 10 * (said["support"] >= 4)
    contacts = {
        "customer": np.tile(people, 3),
        "touchpoint": np.repeat([*said], n),
        "satisfaction": np.concatenate([*said.values()]).astype(float),
    }
    return contacts, dict(zip(people.tolist(), stays.tolist(), strict=True)), {"customer": people, "margin": margin}


def test_plain_tables_go_in_and_the_planted_truth_comes_out():
    contacts, stays, bought = made(12)
    path = Journey(
        "power",
        [
            Touchpoint(name=name, stage="use", loyalty=stated, metric="satisfaction", target=4.5, cost_to_serve=1)
            for name, stated in [("advertisement", 5), ("bill", 2), ("support", 3)]
        ],
    )
    heard = Feedback(contacts["touchpoint"], contacts["satisfaction"], respondents=contacts["customer"])

    measured = measured_impact(heard, stays)
    profits = profitability(contacts, bought, {each.name: each.cost_to_serve for each in path})
    found = path.allocate(
        100, [Improvement(name=each.name, cost=60) for each in path], measured=measured, profits=profits, resamples=300
    )

    truths = path.moments_of_truth(measured)
    assert truths.underrated["bill"] == 3
    assert "advertisement" in truths.overrated
    assert 30 in measured["bill"].interval
    assert 39 in profits["bill"].interval
    assert [*found.funded] == ["bill"]
    assert found.certainty["bill"] > 0.99


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: journey().scorecard(Feedback(["bil"], [3])), 'feedback: has no touchpoint .bil.; did you mean "bill"'),
        (lambda: journey().scorecard("good"), "feedback: is str"),
        (lambda: journey().scorecard(plan="good"), "plan: is str"),
        (lambda: journey().scorecard(profits=profit_from_figures({"x": (1, 1, 1, 1, 1)})), "profits: has no touchpoint 'x'"),
        (lambda: journey().scorecard(measured={"x": 1}), "measured: has no touchpoint 'x'"),
        (lambda: journey().allocate(1, [Improvement(name="x", cost=1)]), "journey: has no touchpoint 'x'"),
        (lambda: journey().allocate(1, [Improvement(name="bill", cost=1)]), "has no profitability"),
        (lambda: journey().allocate(1, [Improvement(name="visit", cost=1, profitability=1)]), "has no metric"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_one_typed_error_with_what_to_write_instead(make, said):
    with pytest.raises(JourneyError, match=said):
        make()
