"""The page of principles has each row once, with an example that a reader takes in at a glance."""

import re
from pathlib import Path

import numpy as np

import fidelity as fd
from fidelity.testing.examples import aurora

PAGE = Path(__file__).parents[1] / "docs" / "principles.md"
ROWS = [f"X{n}" for n in range(1, 7)] + [f"R{n}" for n in range(1, 10)]
ROWS += [f"E{n}" for n in range(1, 7)] + [f"O{n}" for n in range(1, 10)]
LONGEST = 15


def sections():
    return re.split(r"^### ", PAGE.read_text("utf-8"), flags=re.MULTILINE)[1:]


def test_each_row_stands_there_once_and_in_order():
    assert [each.split()[0] for each in sections()] == ROWS


def test_each_row_has_an_example_of_at_most_fifteen_lines():
    for each in sections():
        (block,) = re.findall(r"```python\n(.*?)```", each, flags=re.DOTALL)
        lines = [line for line in block.splitlines() if line.strip()]
        assert len(lines) <= LONGEST, each.split("\n")[0]
        assert "assert" in block, each.split("\n")[0]


def test_o9_one_page_for_managers_and_one_for_all_staff_in_figures_charts_and_plain_words():
    for language, manager, staff in (("en", "Points and what is owed", "How we are judged"),
                                     ("es-MX", "Los puntos y lo que se debe", "Cómo se nos valora")):  # fmt: skip
        log = {"member": ["ana"] * 3, "at": np.array(["2026-01-05", "2026-02-05", "2026-03-05"], "M8[us]"),
               "amount": [1_000, 2_000, 3_000], "channel": ["app"] * 3, "tags": [[]] * 3}  # fmt: skip
        made = fd.report(aurora(), log, language=language)
        assert manager in made.html
        assert staff in made.staff
        assert made.html.count("<svg") >= 4
        assert made.figures["points.outstanding"] == fd.replay(aurora(), log).totals["points"]["available"]
