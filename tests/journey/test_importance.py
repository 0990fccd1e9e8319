import numpy as np
import pytest

from fidelity.journey import Feedback, Journey, JourneyError, Touchpoint, drivers, measured_impact
from fidelity.metrics import MetricError
from tests.scenarios import scenario

GUESTS = [(5, 3, 9), (5, 3, 9), (5, 1, 7), (5, 1, 7), (4, 3, 5), (4, 3, 5), (4, 1, 3), (4, 1, 3)]
FELT = {"welcome": ["expected"] * 2 + ["valued"] * 6, "shower": ["irritated", "calm"] * 4}


def baths():
    people = [f"g{place}" for place in range(8)]
    return Feedback(
        ["welcome"] * 8 + ["shower"] * 8,
        [each[0] for each in GUESTS] + [each[1] for each in GUESTS],
        respondents=people * 2,
        emotions=FELT["welcome"] + FELT["shower"],
        feelings={"valued": 1, "calm": 1, "expected": 0, "irritated": -1},
        words=[["queue"]] * 3 + [None] * 5 + [["cold", "queue"]] * 8,
    ), dict(zip(people, (each[2] for each in GUESTS), strict=True))


def test_care_43_what_matters_most_is_already_good():
    expected = scenario("CARE-43")

    said, overall = baths()
    found = drivers(said, overall)

    assert {name: round(each, 9) for name, each in found.importance.items()} == expected["importance"]
    assert {name: each.value for name, each in found.performance.items()} == expected["performance"]
    assert sum(overall.values()) / 8 == expected["overall_mean"]
    assert {name: round(each, 9) for name, each in found.priority.items()} == expected["priority"]
    assert found.improve_first == expected["improve_first"]
    assert [*found.keep_it_up] == expected["keep_it_up"]
    assert [*found.ranking] == expected["ranking_by_importance_alone"]
    felt = {
        name: {word: each.value / 100 for word, each in said.emotions_of(name).items() if each.value}
        for name in said.names
    }
    assert felt == expected["emotions"]
    assert ("small sample" in found.notes) is expected["small_sample"]
    assert found.n == expected["n"]
    assert expected["called"] in found.notes


def made(seed=1, n=600):
    """Answers in which the bill decides, support helps and the advertisement does not matter."""
    random = np.random.default_rng(seed)
    names = ["ad", "bill", "support"]
    latent = random.normal(size=(n, 3))
    said = np.clip(np.rint(3 + latent), 1, 5)
    loyal = 1.0 * latent[:, 1] + 0.5 * latent[:, 2] + random.normal(size=n)
    people = [f"p{place}" for place in range(n)]
    answers = Feedback(np.repeat(names, n), said.T.ravel(), respondents=people * 3)
    return answers, dict(zip(people, loyal.tolist(), strict=True))


def test_planted_drivers_are_found_and_areas_have_their_part():
    said, loyal = made()

    found = drivers(said, loyal, areas={"service": ["bill", "support"]}, resamples=200)

    assert found.ranking == ("bill", "support", "ad")
    assert found.importance["bill"] == pytest.approx(0.8, abs=0.06)
    assert found.by_area["service"] == pytest.approx(0.99, abs=0.02)
    assert found.contributions.certainty("bill", "support") > 0.99


def test_planted_impact_is_found():
    said, loyal = made()

    found = measured_impact(said, {who: each > 0 for who, each in loyal.items()})

    assert (found["bill"].impact, found["support"].impact, found["ad"].impact) == (5, 5, 1)
    assert 0 in found["ad"].interval


def test_measured_impact_makes_moments_of_truth_of_a_journey():
    said, loyal = made()
    path = Journey("x", [Touchpoint(name=name, stage="use", loyalty=3) for name in said.names])

    found = path.moments_of_truth(measured_impact(said, {who: each > 0 for who, each in loyal.items()}))

    assert found.measured == ("bill", "support")


def test_a_touchpoint_that_pleased_all_is_named_not_dropped():
    said = Feedback(["a", "a", "b", "b", "c"], [5, 4, 1, np.nan, np.nan], respondents=["x", "y", "x", "y", "x"])

    found = measured_impact(said, {"x": 1, "y": 0})

    assert dict(found) == {}
    assert found.unmeasured == {"a": "nobody was dissatisfied", "b": "nobody was satisfied", "c": "no answers"}


def test_several_answers_of_one_person_count_as_their_mean():
    said = Feedback(["a", "a", "b"], [5, 2, 3], respondents=["x", "x", "y"])

    people, names, table = said.by_respondent()

    assert (people, names) == (("x", "y"), ("a", "b"))
    np.testing.assert_array_equal(table, [[3.5, np.nan], [np.nan, 3]])


def test_who_did_not_rate_everything_is_refused_or_dropped_with_a_note():
    said, loyal = made(n=40)
    holes = said.satisfaction.copy()
    holes[:3] = np.nan
    lacking = Feedback(said.touchpoints, holes, respondents=said.respondents)

    with pytest.raises(
        MetricError, match=r"3 respondents did not rate every touchpoint \('p0' not 'ad'\); pass missing"
    ):
        drivers(lacking, loyal)
    assert "3 of 40 respondents are left out: answers are missing" in drivers(lacking, loyal, missing="drop").notes


def test_what_is_known_of_nobody_is_refused_or_told():
    said, loyal = made(n=40)
    stayed = {who: each > 0 for who, each in loyal.items() if who != "p7"}

    with pytest.raises(
        MetricError, match="stayed: lacks 1 respondents, the first 'p7'; add them, or pass missing='drop'"
    ):
        measured_impact(said, stayed)
    assert "1 of 40 respondents are left out: nothing is known" in measured_impact(said, stayed, missing="drop").notes


def test_feedback_tells_of_each_touchpoint():
    said, _ = baths()

    assert said.satisfaction_of("shower").value == 2
    assert said.effort_of("shower") is None
    assert next(iter(said.themes_of("shower"))) in {"cold", "queue"}
    assert said.themes_of("welcome")["queue"].value == pytest.approx(37.5)
    assert said.emotions_of("shower").net.value == 0


@pytest.mark.parametrize(
    ("make", "kind", "said"),
    [
        (lambda: Feedback(["a"], [6]), MetricError, "satisfaction: is more than 5 in row 0"),
        (lambda: Feedback(["a"], [True]), MetricError, "satisfaction: is yes or no in row 0; give the answers on their scale"),
        (lambda: Feedback(["a"], [1, 2]), MetricError, "give one value for each row of both"),
        (lambda: Feedback([None], [1]), MetricError, "touchpoints: is missing in row 0"),
        (lambda: Feedback(["a"], [1], effort=[8]), MetricError, "effort: is more than 7"),
        (lambda: Feedback(["a"], [1], emotions=["calm"]), MetricError, "feelings: is missing"),
        (lambda: Feedback(["a"], [1], emotions=["odd"], feelings=["calm"]).emotions_of("a"), MetricError, "'odd' in row 0 is not declared"),
        (lambda: Feedback(["a"], [1]).satisfaction_of("b"), JourneyError, "has no touchpoint 'b'"),
        (lambda: measured_impact(made()[0], [1]), MetricError, "stayed: is list; give a dict"),
        (lambda: measured_impact(*made()), MetricError, "stayed: is neither true nor false"),
        (lambda: measured_impact(*made(), missing="skip"), MetricError, "missing: is 'skip'"),
        (lambda: drivers(*baths(), missing="skip"), MetricError, "missing: is 'skip'"),
        (lambda: drivers(Feedback(["a", "b"], [1, 2]), {"0": 1, "1": 2}, missing="drop"), JourneyError, "nobody who rated every"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_one_typed_error_with_what_to_write_instead(make, kind, said):
    with pytest.raises(kind, match=said):
        make()
