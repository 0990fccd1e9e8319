"""The page of principles has each row once, with an example that a reader takes in at a glance."""

import re
from pathlib import Path

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
