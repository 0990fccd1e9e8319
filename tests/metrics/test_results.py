"""Results: they print, turn into plain data and plot."""

from __future__ import annotations

import json

import pytest

from fidelity.metrics import Estimate, Estimates, Interval
from fidelity.metrics.results import shown

NPS = Estimate(33.0, 100, 7.49, Interval(17.56, 46.52), "adjusted Wald", "NPS", "points", ("some were rewarded",))


def test_an_estimate_says_what_it_is_worth():
    assert repr(NPS) == "<NPS 33points, 17.56 to 46.52 (95 %), n=100>"
    assert float(NPS) == 33
    assert 20 in NPS.interval
    assert 50 not in NPS.interval


def test_a_result_is_plain_data():
    told = json.loads(json.dumps(NPS.to_dict(), allow_nan=False))

    assert told["interval"] == {"low": 17.56, "high": 46.52, "level": 0.95}
    assert told["notes"] == ["some were rewarded"]
    assert Estimate(float("nan"), 0).to_dict()["value"] is None


def test_a_result_shows_itself_in_a_notebook_and_escapes_what_it_was_told():
    html = Estimates({"<b>": NPS}, "NPS by <area>", hidden=("tiny",))._repr_html_()

    assert "&lt;b&gt;" in html
    assert "<b>" not in html
    assert "too few to show" in html
    assert "17.56 to 46.52 (95 %)" in NPS._repr_html_()


def test_groups_are_a_mapping():
    found = Estimates({"a": NPS, "b": NPS}, "NPS", overall=NPS)

    assert list(found) == ["a", "b"]
    assert (found["a"], len(found)) == (NPS, 2)
    assert found.to_dict()["overall"]["value"] == 33


def test_results_plot_on_axes_of_their_own_or_on_those_given():
    pytest.importorskip("matplotlib", reason="outside: plots need matplotlib").use("Agg")
    from matplotlib import pyplot as plt

    mine = plt.figure().subplots()

    assert NPS.plot(mine) is mine
    assert NPS.plot().get_title() == "NPS"
    assert [each.get_text() for each in Estimates({"a": NPS}, overall=NPS).plot().get_yticklabels()] == ["a", "all"]
    plt.close("all")


@pytest.mark.parametrize(
    ("value", "told"),
    [(0.123456, "0.1235"), (12345.6, "12,346"), (7, "7"), (None, "–"), (float("inf"), "∞"), (True, "yes")],
)
def test_figures_are_shown_short(value, told):
    assert shown(value) == told
