import re
from itertools import combinations
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fidelity.journey import Feedback, Impact, Journey, JourneyError, Touchpoint
from fidelity.journey.drawing.lettering import broken, width_of
from fidelity.journey.drawing.shapes import THEMES, Label, Mark
from fidelity.metrics import Estimate
from fidelity.wording.phrasebook import WordingError
from tests.journey.pictures import CASES, drawn, forty, two

SVG = "{http://www.w3.org/2000/svg}"


def crossing(picture):
    """Pairs of labels that meet."""
    boxes = [(label.text, label.bounds) for label in picture.labels]
    return [
        (one, other)
        for (one, a), (other, b) in combinations(boxes, 2)
        if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
    ]


def outside(picture):
    """Labels that leave the canvas."""
    return [
        label.text
        for label in picture.labels
        if label.bounds[0] < 0
        or label.bounds[1] < 0
        or label.bounds[2] > picture.width
        or label.bounds[3] > picture.height
    ]


def beyond_their_cards(picture):
    """Labels and signs that leave the card that they stand on."""
    cards = [(group.shapes[0], group.shapes[1:]) for group in picture.groups if group.about]
    found = []
    for card, shapes in cards:
        for each in shapes:
            reach = each.radius * 1.12 if isinstance(each, Mark) else 0
            box = (each.x - reach, each.y - reach, each.x + reach, each.y + reach) if reach else each.bounds
            if box[0] < card.x or box[1] < card.y or box[2] > card.x + card.width or box[3] > card.y + card.height:
                found.append(each)
    return found


@pytest.mark.parametrize("case", CASES)
def test_no_two_labels_meet_and_none_leaves_the_canvas_or_its_card(case):
    picture = drawn(case).picture

    assert crossing(picture) == []
    assert outside(picture) == []
    assert beyond_their_cards(picture) == []


@pytest.mark.parametrize("case", CASES)
def test_cards_and_signs_do_not_meet(case):
    picture = drawn(case).picture
    cards = [group.shapes[0] for group in picture.groups if group.about]

    for one, other in combinations(cards, 2):
        apart = one.x + one.width <= other.x or other.x + other.width <= one.x
        assert apart or one.y + one.height <= other.y or other.y + other.height <= one.y
    for group in picture.groups:
        stars = [each for each in group.shapes if isinstance(each, Mark) and each.kind == "star"]
        for star, label in ((star, each) for star in stars for each in group.shapes if isinstance(each, Label)):
            left, top, right, bottom = label.bounds
            apart = right <= star.x - star.radius or star.x + star.radius <= left
            assert apart or bottom <= star.y - star.radius or star.y + star.radius <= top, label.text
        signs = [each for each in group.shapes if isinstance(each, Mark) and group.about]
        for one, other in combinations(signs, 2):
            assert (one.x - other.x) ** 2 + (one.y - other.y) ** 2 >= (one.radius + other.radius) ** 2


@pytest.mark.parametrize("case", CASES)
def test_the_svg_is_well_formed_accessible_and_the_same_each_time(case):
    chart = drawn(case)

    root = ET.fromstring(chart.svg)  # noqa: S314 -- written here

    assert chart.svg == drawn(case).svg == chart._repr_svg_()
    assert root.get("role") == "img"
    assert [root.find(SVG + "title").get("id"), root.find(SVG + "desc").get("id")] == root.get(
        "aria-labelledby"
    ).split()
    assert root.find(SVG + "title").text == chart.picture.title
    assert "http" not in re.sub(r'xmlns="[^"]*"', "", chart.svg), "nothing is fetched from anywhere"


names = st.text(min_size=1, max_size=60).filter(lambda text: text.strip())


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(names, names, names, st.integers(0, 4), st.integers(1, 5)), max_size=8, unique_by=lambda each: each[0]
    ),
    st.integers(240, 2000),
    st.sampled_from(["en", "es", "es-MX"]),
)
def test_whatever_things_are_called_nothing_meets_and_the_svg_is_well_formed(given_rows, width, language):
    stages = ("a", "b", "c", "d", "e")
    journey = Journey(
        "x",
        [
            Touchpoint(name=name, channel=channel, area=area, stage=stages[stage], loyalty=impact)
            for name, channel, area, stage, impact in given_rows
        ],
        stages=stages,
    )

    chart = journey.draw(width=width, language=language)

    assert crossing(chart.picture) == []
    assert outside(chart.picture) == []
    ET.fromstring(chart.svg)  # noqa: S314 -- written here
    assert journey.to_mermaid().count('"') % 2 == 0


def luminance(color):
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", THEMES)
def test_letters_stand_out_from_their_ground(theme):
    paint = THEMES[theme]
    pairs = [(ink, ground) for ink in ("ink", "faint") for ground in ("ground", "head", "lane", "card")]
    pairs += [("on mark", mark) for mark in ("loyalty", "experience", "measured")]

    for one, other in pairs:
        low, high = sorted((luminance(paint[one]), luminance(paint[other])))
        assert (high + 0.05) / (low + 0.05) >= 4.5, (one, other)


def test_a_moment_of_truth_is_told_without_color():
    chart = two().draw()
    truth, other = (group for group in chart.picture.groups if group.about)

    assert [each.kind for each in truth.shapes if isinstance(each, Mark)] == ["star", "circle", "square"]
    assert [each.kind for each in other.shapes if isinstance(each, Mark)] == ["circle", "square"]
    assert truth.shapes[0].line > other.shapes[0].line
    assert truth.about == (
        "1. visit (purchase, shop, sales), impact on loyalty 5, impact on the experience 4, moment of truth"
    )


def test_the_area_of_a_sign_grows_with_the_impact():
    chart = two().draw()
    radii = [
        each.radius for group in chart.picture.groups if group.about for each in group.shapes if isinstance(each, Mark)
    ]

    assert radii[1] ** 2 / radii[3] ** 2 == pytest.approx(5 / 2)


def test_a_touchpoint_without_answers_leaves_a_gap_and_no_answers_at_all_are_said():
    said = Feedback(["visit"] * 3, [4, 5, 3])

    assert sum(label.text == "No feedback yet" for label in two().draw().picture.labels) == 1
    assert "Todavía no hay opiniones" in two().draw(language="es").svg
    assert "satisfaction 4.0" in two().draw(said).picture.description


def test_a_chart_is_as_wide_as_asked_where_its_columns_allow():
    assert two().draw(width=1200).picture.width == 1200
    assert two().draw(width=240).picture.width > 240


def test_a_notebook_shows_a_journey_by_itself():
    assert two()._repr_svg_() == two().draw().svg
    assert repr(two().draw()).startswith("<chart of 'Journey: Coffee', 960 ×")


def test_matplotlib_draws_the_same_labels_and_they_fit():
    pyplot = pytest.importorskip("matplotlib.pyplot", reason="outside: matplotlib, which the group test brings")
    chart = drawn("spanish")

    ax = chart.plot()
    renderer = ax.figure.canvas.get_renderer()
    boxes = [text.get_window_extent(renderer) for text in ax.texts]

    assert [text.get_text() for text in ax.texts] == [label.text for label in chart.picture.labels]
    for box, label in zip(boxes, chart.picture.labels, strict=True):
        assert box.width <= label.bounds[2] - label.bounds[0] + 1.5, label.text
    pyplot.close(ax.figure)
    figure, own = pyplot.subplots()
    assert chart.plot(own) is own
    pyplot.close(figure)


def test_mermaid_has_a_frame_for_each_stage_and_six_corners_for_a_moment_of_truth():
    assert two().to_mermaid() == (
        "flowchart LR\n"
        "  accTitle: Journey: Coffee\n"
        '  subgraph s3["purchase"]\n'
        '    t1{{"★ 1. visit<br/>shop · sales<br/>impact on loyalty 5<br/>impact on the experience 4"}}\n'
        "  end\n"
        '  subgraph s4["use"]\n'
        '    t2["2. bill<br/>mail · service<br/>impact on loyalty 2<br/>impact on the experience 1"]\n'
        "  end\n"
        "  t1 --> t2\n"
    )


def test_mermaid_cannot_be_broken_by_a_name():
    odd = Journey("x", [Touchpoint(name='a "b" <c> [d]; end\n#1', stage="use")])

    assert 't1["1. a #34;b#34; #60;c#62; #91;d#93;; end #35;1"]' in odd.to_mermaid()


@given(st.text(max_size=80), st.floats(20, 300))
def test_lines_fit_and_no_letter_is_lost(text, room):
    lines = broken(text, room, 10)

    assert all(width_of(line, 10) <= room or len(line) == 1 for line in lines)
    assert "".join("".join(lines).split()).replace("-", "") == "".join(text.split()).replace("-", "")


@pytest.mark.parametrize(
    ("make", "kind", "said"),
    [
        (lambda: two().draw(theme="neon"), JourneyError, "has no theme 'neon'; name one of light, dark, print"),
        (lambda: two().draw(width=100), JourneyError, "is 100; give 240 or more"),
        (lambda: two().draw(width=1e9), JourneyError, "give 20,000 or less"),
        (lambda: two().draw("happy"), JourneyError, "feedback: is str; give Feedback"),
        (lambda: two().draw(Feedback(["bil"], [3])), JourneyError, 'feedback: has no touchpoint .bil.; did you mean "bill"'),
        (lambda: two().draw(measured={"bill": Estimate(1.0, 2)}), JourneyError, "give what measured_impact"),
        (lambda: two().draw(measured={"bell": Impact(1.0, 2)}), JourneyError, "measured: has no touchpoint 'bell'"),
        (lambda: forty().to_mermaid({"bell": Impact(1.0, 2)}), JourneyError, "measured: has no touchpoint 'bell'"),
        (lambda: two().draw(language="fr"), WordingError, "there are no phrases in 'fr'"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_one_typed_error_with_what_to_write_instead(make, kind, said):
    with pytest.raises(kind, match=said):
        make()
