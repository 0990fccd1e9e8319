"""Two maps of one journey: the practitioner's case, counts by hand, intervals, what cannot be."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity.journey import Journey, JourneyError, Review, Touchpoint, compare_maps, event_log
from fidelity.metrics import MetricError
from tests.scenarios import scenario

FIRST = {"office": 400, "phone": 300, "web": 250, "fax": 50}
SECOND = {"office": 380, "phone": 120, "site": 300, "chatbot": 176, "fax": 5, "WhatsApp": 19}


def electricity(*more):
    named = ("office", "phone", "site", "fax")
    return Journey(
        "electricity",
        [*(Touchpoint(name=name, stage="use", loyalty=3, owners="Iker") for name in named), *more],
        owner="Julia",
        review=Review("quarter", last=date(2026, 4, 1)),
    )


def test_care_35_what_changed_on_the_map_between_two_quarters():
    expected = scenario("CARE-35")

    found = electricity().compare(FIRST, SECOND, on=date(2026, 7, 1), renamed={"web": "site"})

    assert found.totals == tuple(expected["totals"].values())
    assert [*found.appeared] == expected["appeared"]
    assert [*found.vanished] == expected["vanished"]
    assert found.renamed == expected["renamed"]
    assert found.below == expected["below_the_threshold"]
    assert {name: round(each.share.value, 1) for name, each in found.items()} == expected["share_change_points"]
    assert [*found.reported] == expected["changes_reported"]
    assert {name: [*each] for name, each in found.to_do.items()} == expected["to_do"]
    assert found.told == expected["told"]
    assert str(found.next_review) == expected["next_review"]


def test_what_the_journey_knows_already_of_a_new_touchpoint_is_not_asked_again():
    chat = Touchpoint(name="chatbot", stage="use", loyalty=3)

    assert electricity(chat).compare(FIRST, SECOND, renamed={"web": "site"}).to_do == {"chatbot": ("owner",)}
    assert electricity(chat).compare(FIRST, SECOND, renamed={"web": "site"}).next_review == date(2026, 7, 1)


def test_without_a_recorded_rename_one_vanished_and_one_appeared():
    found = compare_maps(FIRST, SECOND)

    assert found.appeared == ("site", "chatbot")
    assert found.vanished == ("web", "fax")
    assert found["web"].share.value == -25


def test_two_that_became_one_are_counted_together():
    found = compare_maps(
        {"web": 30, "app": 50, "shop": 20}, {"site": 90, "shop": 10}, renamed={"web": "site", "app": "site"}
    )

    assert found.totals == (100, 100)
    assert (found["site"].before, found["site"].share.value) == (80, 10)


def test_logs_are_counted_by_their_events():
    old = event_log(["ana", "ana", "ben"], ["call", "call", "visit"])
    new = event_log(["ana", "ben"], ["visit", "chat"])

    found = compare_maps(old, new, least=1)

    assert found.totals == (3, 2)
    assert (found.appeared, found.vanished) == (("chat",), ("call",))
    assert (found["visit"].before, found["visit"].after) == (1, 1)
    assert found["call"].share.value == pytest.approx(-200 / 3)


def test_the_interval_is_that_of_newcombe():
    # R. G. Newcombe, Statistics in Medicine 17 (1998) 873–890, table II, case (a): 56/70 against 48/80.
    found = compare_maps({"a": 48, "b": 32}, {"a": 56, "b": 14}, least=1)["a"]

    assert found.share.interval[:2] == pytest.approx((5.24, 33.39), abs=0.006)
    assert found.kind == "grew"


counts = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 60), min_size=1).filter(
    lambda each: any(each.values())
)


@given(counts, counts, st.integers(1, 30), st.integers(0, 40))
def test_each_touchpoint_is_of_one_kind_and_shares_add_up(one, other, least, report):
    found = compare_maps(one, other, least=least, report=report)

    assert set(found) == set(one) | set(other)
    assert sum(each.share.value for each in found.values()) == pytest.approx(0, abs=1e-9)
    assert sum(each.before for each in found.values()) == found.totals[0]
    for name, each in found.items():
        assert each.share.interval.low - 1e-9 <= each.share.value <= each.share.interval.high + 1e-9
        was, is_ = one.get(name, 0) >= least, other.get(name, 0) >= least
        assert (each.kind == "appeared") is (is_ and not was)
        assert (each.kind == "vanished") is (was and not is_)
        assert (each.kind == "too rare") is (not was and not is_)
        assert (name in found.reported) is ((was or is_) and abs(each.share.value) >= report)
        assert (name in found.below) is (0 < other.get(name, 0) < least)


def test_it_shows_and_draws_itself():
    pyplot = pytest.importorskip("matplotlib.pyplot", reason="outside: matplotlib draws")
    found = electricity().compare(FIRST, SECOND, renamed={"web": "site"})

    assert repr(found) == "<map: appeared chatbot; vanished fax; changed phone, chatbot, site>"
    assert "was web" in found._repr_html_()
    assert found.plot().get_yticklabels()[0].get_text() == "office"
    assert found["fax"].plot().get_title() == "fax (vanished)"
    assert found.to_dict()["of"]["fax"]["kind"] == "vanished"
    pyplot.close("all")


@pytest.mark.parametrize(
    ("make", "kind", "said"),
    [
        (lambda: compare_maps({}, SECOND), JourneyError, "before: has no contact"),
        (lambda: compare_maps(FIRST, {"a": 0}), JourneyError, "after: has no contact"),
        (lambda: compare_maps(FIRST, [1]), JourneyError, "after: is list; give a log"),
        (lambda: compare_maps({"a": -1}, SECOND), JourneyError, r"before\['a'\]: is -1; give how many"),
        (lambda: compare_maps({"a": 1.5}, SECOND), JourneyError, "is 1.5"),
        (lambda: compare_maps({"": 1}, SECOND), JourneyError, "before: is ''"),
        (lambda: compare_maps(FIRST, SECOND, renamed=["web"]), JourneyError, "renamed: is list; give {old name: new name}"),
        (lambda: compare_maps(FIRST, SECOND, renamed={"wap": "site"}), JourneyError, "has 'wap', which was not on the map"),
        (lambda: compare_maps(FIRST, SECOND, renamed={"phone": "site"}), JourneyError, "both were met in one period"),
        (lambda: compare_maps(FIRST, SECOND, report=-1), JourneyError, "report: is -1"),
        (lambda: compare_maps(FIRST, SECOND, least=0), MetricError, "least: is 0"),
        (lambda: compare_maps(FIRST, SECOND, level=95), MetricError, "level: is 95"),
        (lambda: Journey("x", [], review="monthly"), JourneyError, "journey.review: is str; give a Review"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_one_typed_error_with_what_to_write_instead(make, kind, said):
    with pytest.raises(kind, match=said):
        make()


def test_counts_of_numpy_are_counts():
    assert compare_maps({"a": np.int64(30)}, {"a": np.int64(20)})["a"].before == 30
