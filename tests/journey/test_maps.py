import numpy as np
import pandas as pd
import polars as pl
import pytest

from fidelity.journey import STAGES, Journey, JourneyError, Touchpoint


def touchpoint(name="visit", stage="purchase", **more):
    return Touchpoint(name=name, stage=stage, **more)


def test_touchpoints_stand_in_the_order_of_their_stages():
    path = Journey("shop", [touchpoint("bill", "use"), touchpoint("ad", "discovery"), touchpoint("help", "use")])

    assert path.names == ("ad", "bill", "help")
    assert path.stages == STAGES


def test_areas_are_those_of_the_touchpoints_unless_told():
    path = Journey("shop", [touchpoint("a", area="sales"), touchpoint("b", area="service"), touchpoint("c")])

    assert path.areas == ("sales", "service")
    assert path.by_area == {"sales": ("a",), "service": ("b",)}


def test_what_nobody_has_said_is_to_do():
    chatbot = touchpoint("chatbot", metric="solved", target="80 %", cost_to_serve=0.1)

    assert Journey("power", [chatbot]).to_do == {"chatbot": ("impact", "owner")}


def test_whole_numbers_of_numpy_are_whole_numbers():
    assert type(touchpoint(loyalty=np.int64(5)).loyalty) is int


def test_owners_may_be_one_text():
    assert touchpoint(owners="Julia").owners == ("Julia",)


def test_a_change_is_a_new_journey():
    path = Journey("shop", [touchpoint()])

    assert path.replace("visit", loyalty=5)["visit"].loyalty == 5
    assert path["visit"].loyalty is None


ROWS = {
    "name": ["visit", "bill"],
    "stage": ["purchase", "use"],
    "owners": ["Ana; Luis", None],
    "loyalty": [5, None],
    "cost_to_serve": [1.1, 0.2],
}


@pytest.mark.parametrize("made", [dict, pd.DataFrame, pl.DataFrame, lambda rows: pl.DataFrame(rows).to_arrow()])
def test_a_table_of_any_kind_is_a_journey(made):
    path = Journey.from_table("shop", made(ROWS), currency="EUR")

    assert [each.loyalty for each in path] == [5, None]
    assert path["visit"].owners == ("Ana", "Luis")
    assert path["visit"].exact_cost * 10 == 11


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: touchpoint(loyalty=6), "touchpoint 'visit'.loyalty: is 6; give a whole number from 1"),
        (lambda: touchpoint(experience=0), "touchpoint 'visit'.experience: is 0; give a whole number from 1"),
        (lambda: touchpoint(loyalty=True), "is True; give a whole number"),
        (lambda: touchpoint(loyalty=4.5), "is 4.5; give a whole number"),
        (lambda: touchpoint(""), "touchpoint.name: is ''; give a text that names it"),
        (lambda: touchpoint(stage=None), "stage: is None; give a text"),
        (lambda: touchpoint(channel=3), "channel: is 3; give a text, or leave it out"),
        (lambda: touchpoint(owners=["Ana", "Ana"]), "has 'Ana' twice; name each once"),
        (lambda: touchpoint(owners=7), "is 7; give a text or a list of texts"),
        (lambda: touchpoint(cost_to_serve=-1), "cost_to_serve: is -1; give 0 or more"),
        (lambda: touchpoint(cost_to_serve=float("nan")), "is nan; give a finite number"),
        (lambda: touchpoint(target=[4]), r"target: is \[4\]; give a number"),
        (lambda: touchpoint(kind="complaints"), 'did you mean "complaint"\\? name one of complaint, hardship'),
        (lambda: Journey.from_table("x", {"name": "a", "stage": "use"}), r"table\['name'\]: is 'a'; give a column"),
        (lambda: Journey.from_table("x", {"name": ["a"], "stage": [None]}), "stage: is ''"),
        (lambda: Journey("x", [touchpoint()]).moments_of_truth([1]), "measured: is list; give what measured_impact"),
        (lambda: Journey("x", [touchpoint()]).scorecard(profits=[1]), "profits: is list"),
        (lambda: Journey("x", [touchpoint()]).draw(measured=[1]), "measured: is list"),
        (lambda: Journey("", []), "journey.name: is ''"),
        (lambda: Journey("x", touchpoint()), "touchpoints: is Touchpoint; give a list of Touchpoint"),
        (lambda: Journey("x", ["visit"]), r"touchpoints\[0\]: is str; give a Touchpoint"),
        (lambda: Journey("x", [touchpoint(), touchpoint()]), "touchpoints: has 'visit' twice"),
        (lambda: Journey("x", [touchpoint(stage="purchas")]), 'has no stage .purchas.; did you mean "purchase"'),
        (lambda: Journey("x", [touchpoint(area="sale")], areas=["sales"]), 'no area .sale.; did you mean "sales"'),
        (lambda: Journey("x", [], stages=[]), "stages: is empty; name at least one"),
        (lambda: Journey("x", [], persona=4), "journey.persona: is 4"),
        (lambda: Journey("x", [touchpoint()])["vist"], 'has no touchpoint .vist.; did you mean "visit"'),
        (lambda: Journey("x", [touchpoint()]).replace("visit", loyalty=9), "loyalty: is 9"),
        (lambda: Journey.from_table("x", "rows"), "table: is str; give a dict of columns or a dataframe"),
        (lambda: Journey.from_table("x", {"name": ["a"]}), "table: has no column 'stage'"),
        (lambda: Journey.from_table("x", {"name": ["a"], "stage": []}), "columns of unequal length"),
        (lambda: Journey.from_table("x", {"name": ["a"], "stage": ["use"], "impact": [3]}), "has no field 'impact'"),
        (lambda: Journey.from_table("x", {"name": [None], "stage": ["use"]}), "touchpoint.name: is ''"),
    ],
)
def test_what_cannot_be_is_one_typed_error_with_what_to_write_instead(make, said):
    with pytest.raises(JourneyError, match=said) as error:
        make()
    assert error.value.part
