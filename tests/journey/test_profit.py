import numpy as np
import pandas as pd
import pytest

from fidelity.journey import JourneyError, profit_from_figures, profitability
from fidelity.metrics import MetricError
from tests.scenarios import scenario

BANK = {
    "Home visit": (1300, 600, 2, 700, 30),
    "Branch": (900, 500, 3, 110, 50),
    "Phone": (620, 150, 4, 45, 120),
    "App": (480, 100, 12, 2, 400),
}


def test_care_45_the_home_visit_pays_best_until_its_cost_is_counted():
    expected = scenario("CARE-45")

    found = profit_from_figures(BANK)

    assert [*found.ranking_before_cost] == expected["ranking_before_cost"]
    assert {name: each.net for name, each in found.items()} == expected["net_a_customer_mxn"]
    assert [*found.ranking] == expected["ranking_net"]
    assert {name: [*each.interval[:2]] for name, each in found.items()} == expected["net_intervals_mxn"]
    for pair, told in expected["separated_from_each_other"].items():
        assert found.separated(*pair.split(" and ")) is told
    assert {name: each.potential for name, each in found.items()} == expected["potential_mxn"]
    assert [*found.ranking_by_potential] == expected["ranking_by_potential"]
    assert set(found.certainly_profitable) == set(expected["certainly_profitable"])
    assert expected["called"] in found.notes


def tables(seed=0, n=300, gap=40.0):
    random = np.random.default_rng(seed)
    people = np.array([f"c{place}" for place in range(n)])
    said = random.integers(1, 6, n)
    contacts = {
        "customer": np.r_[people, people[:100]],
        "touchpoint": ["app"] * (n + 100),
        "satisfaction": np.r_[said, said[:100]].astype(float),
    }
    margin = random.normal(100, 20, n) + gap * (said >= 4)
    return contacts, {"customer": np.r_[people, people], "margin": np.r_[margin / 2, margin / 2]}


@pytest.mark.parametrize("made", [dict, pd.DataFrame])
def test_plain_tables_give_the_net_with_its_interval(made):
    contacts, transactions = tables()

    found = profitability(made(contacts), made(transactions), {"app": 3})["app"]

    said = np.array(contacts["satisfaction"][:300])
    margin = 2 * np.array(transactions["margin"][:300])
    assert found.difference == pytest.approx(margin[said >= 4].mean() - margin[said < 4].mean())
    assert found.contacts == pytest.approx(400 / 300)
    assert found.net == pytest.approx(found.difference - 4)
    assert found.dissatisfied == (said < 4).sum()
    assert 36 in found.interval
    scipy = pytest.importorskip("scipy.stats", reason="outside: scipy, which the group test brings")
    welch = scipy.ttest_ind(margin[said >= 4], margin[said < 4], equal_var=False).confidence_interval(0.95)
    assert (found.interval.low + 4, found.interval.high + 4) == pytest.approx((welch.low, welch.high))


def test_the_interval_covers_the_planted_effect_as_often_as_it_says():
    free = {"app": 0}
    covered = sum(40 in profitability(*tables(seed, n=120), free)["app"].interval for seed in range(500))

    assert 0.93 <= covered / 500 <= 0.97


def test_figures_of_two_years_are_told_by_the_year():
    contacts, transactions = tables()

    one, two = (profitability(contacts, transactions, {"app": 3}, years=years)["app"] for years in (1, 2))

    assert two.difference == pytest.approx(one.difference / 2)
    assert two.contacts == pytest.approx(one.contacts / 2)
    assert two.net == pytest.approx(one.net / 2)
    assert two.standard_error == pytest.approx(one.standard_error / 2)


def test_who_bought_nothing_brought_nothing():
    contacts = {"customer": list("abcd"), "touchpoint": ["x"] * 4, "satisfaction": [5, 5, 1, 1]}

    found = profitability(contacts, {"customer": ["a"], "margin": [10]}, {"x": 0})

    assert found["x"].difference == 5
    assert "small sample" in found.notes


def test_a_touchpoint_that_cannot_be_measured_is_named():
    contacts = {"customer": list("abc"), "touchpoint": ["x"] * 3, "satisfaction": [5, 5, np.nan]}

    assert profitability(contacts, {"customer": ["a", "z"], "margin": [1, 2]}, {"x": 0}).unmeasured == {
        "x": "fewer than two customers were dissatisfied"
    }


def test_transactions_of_strangers_are_told_or_refused():
    contacts = {"customer": list("abcd"), "touchpoint": ["x"] * 4, "satisfaction": [5, 5, 1, 1]}
    bought = {"customer": ["a", "z"], "margin": [10, 5]}

    assert "1 transactions are of customers without a contact" in profitability(contacts, bought, {"x": 0}).notes[1]
    with pytest.raises(MetricError, match="transactions: has 'z', who is no customer, in row 1; add them"):
        profitability(contacts, bought, {"x": 0}, customers=list("abcde"))


@pytest.mark.parametrize(
    ("make", "kind", "said"),
    [
        (lambda: profit_from_figures([1]), JourneyError, "figures: is list; give {touchpoint: five figures}"),
        (lambda: profitability(*tables(), [3]), JourneyError, "costs: is list; give {touchpoint: what one contact costs}"),
        (lambda: profit_from_figures({"a": (1, 2)}), JourneyError, r"give \(difference, half-width"),
        (lambda: profit_from_figures({"a": (1, -2, 1, 1, 1)}), JourneyError, r"\[1\]: is -2; give 0 or more"),
        (lambda: profit_from_figures({"a": (1, 2, 1, 1, 1.5)}), JourneyError, "give how many are dissatisfied"),
        (lambda: profit_from_figures(BANK).separated("App", "Fax"), JourneyError, "has no touchpoint 'Fax'"),
        (lambda: profitability(*tables(), {}), JourneyError, "costs: has no cost of 'app'; add what one contact costs"),
        (lambda: profitability(*tables(), {"app": None}), JourneyError, r"costs\['app'\]: is None"),
        (lambda: profitability({}, {}, {}), MetricError, "contacts: has no column 'customer'"),
        (lambda: profitability(tables()[0], {"customer": ["a"], "margin": [None]}, {"app": 0}), MetricError, "margin: is missing"),
        (lambda: profitability(*tables(), {"app": 0}, years=0), JourneyError, "years: is 0; give more than 0"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_one_typed_error_with_what_to_write_instead(make, kind, said):
    with pytest.raises(kind, match=said):
        make()
