from fractions import Fraction
from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity.journey import Improvement, JourneyError, Need, allocate
from fidelity.journey.budget.knapsack import most_valuable
from fidelity.metrics import MetricError
from tests.scenarios import scenario


def improvement(name="app", impact=4, profitability=180_000, cost=60_000, *judged, **more):
    metric, target = judged or ("requests by app", "40 %")
    told = {"metric": metric, "target": target} | more
    return Improvement(name=name, impact=impact, profitability=profitability, cost=cost, **told)


def hotel(budget=500_000, **options):
    projects = [
        improvement("check-in", 5, 280_000, 140_000, "minutes to the key", 4),
        improvement("breakfast", 4, 300_000, 100_000, "satisfaction", 4.4),
        improvement(),
        improvement("lounge", 3, 500_000, 200_000, "Oro retention", "90 %"),
    ]
    needs = [
        Need(name="complaint desk", satisfaction=2.9, cost=120_000, kind="complaint"),
        Need(name="cleaning", satisfaction=3.8),
        Need(name="wifi", satisfaction=3.1, cost=80_000),
        Need(name="breakfast", satisfaction=3.5),
    ]
    return allocate(budget, projects, needs=needs, standard=3.5, **options)


def test_care_33_the_minimum_standard_comes_first():
    expected = scenario("CARE-33")

    found = hotel()

    told = {**found.served, "total": sum(found.served.values()), "not_needed": [*found.not_needed]}
    assert told == expected["minimum_standard"]
    assert found.ratios == expected["ratios"]
    assert [*found.order] == expected["order"]
    assert found.funded == expected["funded"]
    assert [*found.not_funded] == expected["not_funded"]
    assert found.left == expected["left_mxn"]
    without = found.without_standard
    assert without.allowed is expected["without_minimum"]["allowed"]
    assert without.reason == expected["without_minimum"]["reason"]
    assert [*without.would_fund] == expected["without_minimum"]["would_fund"]
    assert [*without.would_leave_below_standard] == expected["without_minimum"]["would_leave_below_standard"]
    for name in found.funded:
        assert all(getattr(found.improvements[name], each) for each in expected["each_funded_item_shows"])


def test_complaints_and_hardship_are_served_before_the_rest_and_then_nothing_is_improved():
    found = hotel(150_000)

    assert found.served == {"complaint desk": 120_000}
    assert found.unserved == ("wifi",)
    assert found.funded == {}
    assert found.left == 30_000
    assert "nothing is improved until it is" in found.notes[0]


def test_money_that_complaints_cannot_use_does_not_pass_them_by():
    found = hotel(100_000)

    assert found.served == {}
    assert found.unserved == ("complaint desk", "wifi")


def test_what_brings_nothing_is_never_funded():
    assert (
        allocate(100, [improvement(profitability=-5, cost=1), improvement("b", profitability=0, cost=1)]).funded == {}
    )


def test_the_whole_knapsack_beats_the_order():
    # The small one has the better ratio and would leave no room for the large one.
    found = allocate(10, [improvement("small", 2, 10, 4), improvement("large", 2, 20, 10)])

    assert found.funded == {"large": 10}
    assert (found.worth, found.worth_in_order) == (40, 20)


def test_of_choices_worth_the_same_the_cheapest_is_taken():
    found = allocate(10, [improvement("dear", 2, 20, 9), improvement("cheap", 2, 20, 7)])

    assert found.funded == {"cheap": 7}
    assert most_valuable([6, 5, 1], [7, 6, 4], 10, order=[0, 1, 2]) == [0]


def test_by_the_piece_the_last_one_is_given_what_is_left():
    found = allocate(7, [improvement("small", 2, 10, 4), improvement("large", 2, 20, 10)], whole=False)

    assert found.funded == {"small": 4, "large": 3}
    assert found.worth == 20 + 12


def test_floats_are_read_as_they_print():
    found = allocate(0.3, [improvement("a", cost=0.1), improvement("b", cost=0.2)])

    assert found.left == 0
    assert set(found.funded) == {"a", "b"}


projects = st.lists(st.tuples(st.integers(1, 5), st.integers(-20, 60), st.integers(1, 30)), max_size=9)


def listed(of):
    return [improvement(f"p{place}", *each) for place, each in enumerate(of)]


@given(projects, st.integers(0, 120))
def test_the_choice_is_the_best_of_all_choices_and_of_those_the_cheapest(of, budget):
    sets = chain.from_iterable(combinations(of, size) for size in range(len(of) + 1))
    fitting = [each for each in sets if sum(cost for _, _, cost in each) <= budget]
    best = max((sum(i * p for i, p, _ in each), -sum(cost for _, _, cost in each)) for each in fitting)

    found = allocate(budget, listed(of))

    assert (found.worth, -sum(found.funded.values())) == best
    assert found.left == budget - sum(found.funded.values())


@given(projects, st.integers(0, 120))
def test_no_split_beats_it_neither_in_order_nor_in_proportion(of, budget):
    found, pieces = allocate(budget, listed(of)), allocate(budget, listed(of), whole=False)
    good = [each for each in of if each[1] > 0]
    total = sum(Fraction(i * p, c) for i, p, c in good)
    parts = [(Fraction(i * p, c), min(Fraction(c), budget * Fraction(i * p, c) / total)) for i, p, c in good]

    assert found.worth >= found.worth_in_order
    assert pieces.worth >= sum(ratio * part for ratio, part in parts)
    assert pieces.worth >= found.worth


@given(projects, st.integers(0, 120), st.integers(1, 50))
def test_more_money_never_does_less(of, budget, more):
    assert allocate(budget + more, listed(of)).worth >= allocate(budget, listed(of)).worth


@given(projects.filter(len), st.integers(1, 120), st.data())
def test_the_decision_turns_where_it_is_said_to_turn(of, budget, data):
    found = allocate(budget, listed(of))
    each = found.thresholds[data.draw(st.integers(0, len(of) - 1))]
    if each.profitability is None:
        assert of[int(each.name[1:])][2] > budget
        return

    def funded(profit):
        changed = [improvement(p.name, p.impact, profit, p.cost) if p.name == each.name else p for p in listed(of)]
        return each.name in allocate(budget, changed).funded

    small = Fraction(1, 1000)
    assert funded(max(each.profitability, Fraction(0)) + small)
    assert not funded(each.profitability - small)


def test_what_would_change_the_order_is_told():
    switch = hotel().switches[1]

    assert (switch.above, switch.below) == ("breakfast", "check-in")
    # 12 × 140,000 ÷ 280,000; 12 × 140,000 ÷ 5; 1,400,000 ÷ 12
    assert (switch.impact, switch.profitability, switch.cost) == (None, 336_000, Fraction(350_000, 3))


def test_doubt_is_told_and_the_same_seed_gives_the_same():
    unsure = [
        improvement("sure", 4, 100, 10, profitability_error=1),
        improvement("likely", 3, 100, 10, profitability_error=10, impact_error=0.5),
        improvement("unlikely", 2, 100, 10, profitability_error=10, impact_error=0.5),
    ]

    found, again = (allocate(20, unsure, resamples=400, seed=7) for _ in range(2))

    assert found.certainty == again.certainty
    assert found.certainty["sure"] == pytest.approx(1, abs=0.03)
    assert found.certainty["unlikely"] < 0.2
    assert found.certainty["likely"] > 0.8
    assert float(found.worth) in found.sampled_worth.interval
    assert found.rank_shares.sum(axis=1) == pytest.approx(1)
    assert 0.8 < found.switches[1].certainty < 1
    assert allocate(20, unsure, resamples=0).certainty == {}


def test_sixty_projects_are_decided_exactly():
    of = [((place * 37) % 91 + 1, 1000 + (place * 53_299) % 97_001) for place in range(60)]

    chosen = most_valuable([value for value, _ in of], [cost for _, cost in of], 900_000)

    assert sum(of[place][1] for place in chosen) <= 900_000


def test_it_shows_itself():
    assert repr(hotel()) == "<allocation of 500,000: complaint desk, wifi, app, breakfast, check-in; 0 left>"
    assert "minutes to the key" in hotel()._repr_html_()


@pytest.mark.parametrize(
    ("make", "kind", "said"),
    [
        (lambda: improvement(impact=6), JourneyError, "impact: is 6; give a number from 1"),
        (lambda: improvement(cost=0), JourneyError, "cost: is 0; give more than 0"),
        (lambda: improvement(cost=None), JourneyError, "cost: is None; give a number"),
        (lambda: improvement(profitability="much"), JourneyError, "profitability: is 'much'"),
        (lambda: improvement(metric=3), JourneyError, "metric: is 3"),
        (lambda: improvement(impact_error=-1), JourneyError, "impact_error: is -1"),
        (lambda: Need(name="a", satisfaction=0.5), JourneyError, "satisfaction: is 0.5"),
        (lambda: Need(name="a", satisfaction=3, kind="vip"), JourneyError, "has no kind 'vip'"),
        (lambda: allocate(-1, []), JourneyError, "budget: is -1"),
        (lambda: allocate(1, improvement()), JourneyError, "improvements: is Improvement; give a list"),
        (lambda: allocate(1, ["app"]), JourneyError, r"improvements\[0\]: is str"),
        (lambda: allocate(1, [improvement(metric="")]), JourneyError, "has no metric; give its metric"),
        (lambda: allocate(1, [improvement(target=None)]), JourneyError, "has no target"),
        (lambda: allocate(1, [improvement(impact=None)]), JourneyError, "has no impact; give its impact from 1 to 5"),
        (lambda: allocate(1, [improvement(), improvement()]), JourneyError, "has 'app' twice"),
        (lambda: allocate(1, [], needs=["a"], standard=3), JourneyError, r"needs\[0\]: is str"),
        (lambda: allocate(1, [], needs=[Need(name="a", satisfaction=2)]), JourneyError, "standard: is missing"),
        (lambda: allocate(1, [], needs=[Need(name="a", satisfaction=2)], standard=3), JourneyError, "has no cost"),
        (lambda: allocate(1, [], standard=7), JourneyError, "standard: is 7"),
        (lambda: allocate(1, [], resamples=3), MetricError, "resamples: is 3"),
        (lambda: allocate(1, [], level=2), MetricError, "level: is 2"),
    ],
)
def test_what_cannot_be_is_one_typed_error_with_what_to_write_instead(make, kind, said):
    with pytest.raises(kind, match=said):
        make()
