"""Results: they print, turn into plain data and plot."""

from __future__ import annotations

import json

import numpy as np
import pytest
from attrs import frozen

from fidelity import metrics
from fidelity.errors import MetricError
from fidelity.metrics import Estimate, Estimates, Interval
from fidelity.metrics.results import Result, plain, shown

NPS = Estimate(33.0, 100, 7.49, Interval(17.56, 46.52), "adjusted Wald", "NPS", "points", ("some were rewarded",))


def test_an_estimate_says_what_it_is_worth():
    assert repr(NPS) == "<NPS 33 points, 17.56 to 46.52 (95 %), n=100>"
    assert repr(Estimate(33.0, 100, name="share", unit="%")) == "<share 33%, n=100>"
    assert repr(Estimate(33.0, 100)) == "<33, n=100>"
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
    [
        (0.123456, "0.1235"),
        (12345.6, "12,346"),
        (7, "7"),
        (None, "–"),
        (float("inf"), "∞"),
        (True, "yes"),
        (9999.4, "9999"),
        (9999.7, "10,000"),
        (1e90, "1e+90"),
        (-9999.7, "-10,000"),
        (np.datetime64("2026-01-01", "ns"), "2026-01-01"),
    ],
)
def test_figures_are_shown_short(value, told):
    assert shown(value) == told


@frozen(eq=False, repr=False)
class Sheet(Result):
    """A result with all that a line of a notebook must not be flooded with."""

    n: int
    times: np.ndarray
    share: Estimate
    about: str = "a long text " * 20
    nothing: float | None = None
    _private: int = 3


def test_a_result_is_one_line_of_what_it_knows():
    told = repr(Sheet(300, np.zeros(300), Estimate(33.0, 300, unit="%")))

    assert told.startswith("<Sheet: n 300, share 33%, about a long text")
    assert len(told) < 120
    assert not any(each in told for each in ("array", "nothing", "private", "\n"))


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: metrics.survival([*range(1, 301)], [1] * 300), "<Survival of all, n = 300: level 0.95"),
        (
            lambda: metrics.rfm([1, 2, 2], ["2026-01-01"] * 3, [1, 2, 3]),
            "<Recency, frequency, monetary value of 2 cust",
        ),
        (lambda: metrics.BetaGeometric(0.5, 4, 0.8, 2.5), "<BetaGeometric: r 0.5, alpha 4, a 0.8, b 2.5>"),
        (
            lambda: metrics.purchase_history([1, 2], ["2026-01-01"] * 2, until="2026-02-01"),
            "<Purchases of 2 customers until",
        ),
        (lambda: metrics.value_of_staying([10, 2], rival=5), "<Value of staying: stay 50%"),
    ],
)
def test_results_with_columns_are_one_line(make, told):
    found = repr(make())

    assert found.startswith(told)
    assert len(found.splitlines()) == 1
    assert len(found) < 200


def test_instants_to_the_nanosecond_are_iso_texts():
    at = np.array(["2026-01-01T10:00", "NaT"], "datetime64[ns]")

    assert plain(at) == ["2026-01-01T10:00:00", None]
    assert plain(at[0]) == "2026-01-01T10:00:00"
    assert plain(np.array(["2026-01-01"], "datetime64[D]")) == ["2026-01-01"]


def test_models_draw_their_parameters_with_intervals():
    pytest.importorskip("matplotlib", reason="outside: plots need matplotlib").use("Agg")
    from matplotlib import pyplot as plt

    given = metrics.BetaGeometric(0.5, 4, 0.8, 2.5)
    fitted = metrics.BetaGeometric(0.5, 4, 0.8, 2.5, n=100, covariance=np.diag([0.01, 0.04, 0.09, 1e6]))

    ax = fitted.plot()
    assert (ax.get_xscale(), [each.get_text() for each in ax.get_yticklabels()]) == ("log", ["r", "alpha", "a", "b"])
    assert ax.lines[0].get_xdata() == pytest.approx(0.5 * np.exp([-0.196, 0.196]), rel=1e-3)
    assert len(ax.lines) == 2 * len(given.plot().lines)
    ax.figure.canvas.draw()
    plt.close("all")


def test_a_result_without_a_picture_says_so_and_opens_none():
    plt = pytest.importorskip("matplotlib.pyplot", reason="outside: plots need matplotlib")

    with pytest.raises(MetricError, match=r"^Sheet: has no picture; .*to_dict"):
        Sheet(1, np.zeros(1), NPS).plot()

    assert not plt.get_fignums()


def test_groups_too_small_are_told_in_print_and_picture():
    pytest.importorskip("matplotlib", reason="outside: plots need matplotlib").use("Agg")
    from matplotlib import pyplot as plt

    felt = ["calm", "angry"] * 30
    some = metrics.emotions(felt, ["calm", "angry"], by=["a"] * 53 + ["tiny"] * 3 + ["small"] * 4, minimum=5)
    none = metrics.emotions(felt, ["calm", "angry"], by=["a", "b"] * 30, minimum=40)

    assert "too few to show" in some._repr_html_()
    assert "tiny" in some._repr_html_()
    assert repr(some).endswith("of 1 groups, 2 too few to show>")
    assert "tiny" in some.plot().get_legend().get_title().get_text()
    assert [each.get_text() for each in none.plot().texts] == ["every group is too small to show"]
    plt.close("all")
